#!/bin/bash
# The sample's PDF by the rules of tagged PDF (ISO 32000-1, 14.8; PDF/UA-1 where a program can tell).
set -u
. "$TEITEN_SOURCE/tests/checks/lib.bash"
sample_copy sample
teiten -C sample -q report 2025q1 --output out || exit 1
qpdf --check out/report.pdf >qpdf.txt 2>&1 || { cat qpdf.txt; bad=1; }
qpdf --json=2 --json-stream-data=inline --decode-level=generalized out/report.pdf >report.json || bad=1
python3 "$TEITEN_SOURCE/tests/checks/pdf_rules.py" report.json ja || bad=1
python3 "$TEITEN_SOURCE/tests/checks/pdf_lines.py" report.json ja || bad=1
qpdf --json=2 --json-stream-data=inline --decode-level=generalized out/en/report.pdf >english.json || bad=1
python3 "$TEITEN_SOURCE/tests/checks/pdf_rules.py" english.json en || bad=1
python3 "$TEITEN_SOURCE/tests/checks/pdf_lines.py" english.json en || bad=1
# Without its pictures, the report has 300 KB at most.
pictures=$(pdfimages -list out/report.pdf | awk 'NR > 2 { size = $(NF-1); factor = size ~ /K$/ ? 1024 : size ~ /M$/ ? 1048576 : 1; sum += size * factor } END { printf "%d", sum }')
size=$(stat -c %s out/report.pdf)
[ "$pictures" -gt 10000 ] && [ $((size - pictures)) -le $((300 * 1024)) ] || { echo "FAILED: $size bytes, $pictures of them pictures"; bad=1; }

pdffonts out/report.pdf | awk 'NR > 2 && ($(NF-4) != "yes" || $(NF-3) != "yes" || $(NF-2) != "yes" || / Type 3 /) { print "FAILED: font", $0; bad = 1 }
    END { if (NR < 4) { print "FAILED: fonts are missing"; bad = 1 } exit bad }' || bad=1

# The text in the order of the tree: what stands around a link is one paragraph, and a note follows it.
pdfinfo -struct-text out/report.pdf >tree.txt
python3 - <<'P' || bad=1
import re
text = open("tree.txt").read()
blocks = re.split(r"\n  (?=\S)", text)
read = ["".join(re.findall(r'^ *"(.*)"$', block, re.M)) for block in blocks]
def find(part):
    places = [i for i, block in enumerate(read) if part in block]
    assert places, part + ": not in the tree"
    return places[0]
first, second = find("国内外から届くパケットを常時記録しています注1。センサーから"), find("このレポートはteitenに付属する見本です。")
assert blocks[first].startswith("P ") and blocks[second].startswith("Note <note-1>"), (blocks[first], blocks[second])
assert second == first + 1, (first, second)
assert find("概況") < find("表1 国内のセンサーで多く観測された宛先ポート番号") < find("図1 上位5件") < find("表2 国内")
P
pdftotext out/report.pdf text.txt
python3 - <<'P' || bad=1
import re
text = open("text.txt").read()
radicals = [c for c in text if 0x2E80 <= ord(c) <= 0x2FDF]
assert not radicals, f"radicals in the place of ideographs: {radicals}"
gaps = re.findall(r"[ぁ-ん一-龯、。] [ぁ-ん一-龯]", text)
pages = text.count("\f")
assert len(gaps) <= 5 * pages, f"{len(gaps)} blanks of the layout on {pages} pages: {gaps[:20]}"
# The colophon: period, sensors, registries with their dates, version, digest.
last = re.sub(r"\s", "", text.split("\f")[-2])
for part in ("データの期間2025年4月1日から2025年6月30日まで", "センサー13台", "APNIC2025-06-27", "作成teiten", "データの照合値"):
    assert part in last, f"{part} is not on the last page"
assert re.search(r"[0-9a-f]{32}（SHA-256", last), last
P
python3 "$TEITEN_SOURCE/tests/checks/pdf_text.py" out/index.xhtml tree.txt text.txt || bad=1
pdfinfo -struct-text out/en/report.pdf >english-tree.txt
pdftotext out/en/report.pdf english.txt
python3 "$TEITEN_SOURCE/tests/checks/pdf_text.py" out/en/index.xhtml english-tree.txt english.txt || bad=1
# PDF/A-1b (ISO 19005-1): what a program without a validator can tell.
teiten -C sample -q report 2025q1 --output archive --pdf-variant a-1b || exit 1
qpdf --check archive/report.pdf >qpdf.txt 2>&1 || { cat qpdf.txt; bad=1; }
expect "the version" "%PDF-1.4" "$(head -c 8 archive/report.pdf)"
qpdf --json=2 --json-stream-data=none archive/report.pdf >archive.json
python3 - <<'P' || bad=1
import json
data = open("archive/report.pdf", "rb").read()
assert b"<pdfaid:part>1</pdfaid:part>" in data and b"<pdfaid:conformance>B</pdfaid:conformance>" in data
objects = json.load(open("archive.json"))["qpdf"][1]
found = [o["stream"]["dict"] if "stream" in o else o["value"] for o in objects.values()]
found = [o for o in found if isinstance(o, dict)]
assert sum("/OutputIntents" in o for o in found) == 1
for o in found:
    assert "/SMask" not in o and o.get("/Group") is None and not o.get("/Interpolate"), o
    assert o.get("/Type") not in ("/ObjStm", "/XRef") and o.get("/CA", 1) == 1 and o.get("/ca", 1) == 1, o
    assert o.get("/Type") != "/FontDescriptor" or "/CIDSet" in o, o
P
exit $bad
