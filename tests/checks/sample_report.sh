#!/bin/bash
# The sample quarter: the two reference tables, every published file, the same numbers in all of them, and the same bytes from another
# time zone, locale, thread count and folder.
set -u
. "$TEITEN_SOURCE/tests/checks/lib.bash"
sample_copy one
sample_copy elsewhere/two
TZ=America/New_York LC_ALL=C teiten -C one -q report 2025q1 --threads 1 || exit 1
(cd elsewhere/two && TZ=Asia/Kathmandu LC_ALL=tr_TR.UTF-8 teiten -q report 2025q1 --threads 3) || exit 1

expect "the table of ports" "rank,key,label,previous_rank
1,23/TCP,Telnet(23/TCP),1
2,80/TCP,http(80/TCP),3
3,443/TCP,https(443/TCP),5
4,8728/TCP,8728/TCP,2
5,22/TCP,ssh(22/TCP),4" "$(teiten -C one -q table ports 2025q1 --format csv)"
expect "the table of regions" "rank,key,label,previous_rank
1,US,米国(US),1
2,BG,ブルガリア(BG),2
3,CN,中国(CN),3
4,NL,オランダ(NL),5
5,CA,カナダ(CA),9" "$(teiten -C one -q table regions 2025q1 --format csv)"

diff -r one/out/2025q1 elsewhere/two/out/2025q1 || { echo "FAILED: two runs differ"; bad=1; }
for quarter in 2025q1 2024q4 2024q1; do
    cmp one/summaries/$quarter.summary elsewhere/two/summaries/$quarter.summary || bad=1
done

out=one/out/2025q1
for file in index.xhtml style.css report.pdf manifest.json data/ports.csv data/regions.csv data/ports-daily.csv \
    data/regions-daily.csv data/telnet-sources-daily.csv img/2025q1_report_fig{1,2,3}.{svg,png}; do
    [ -s $out/$file ] || { echo "FAILED: $file is missing"; bad=1; }
done
expect "eight figures" 8 "$(ls $out/img | grep -o 'fig[0-9]*' | sort -u | wc -l)"
xmllint --noout --nonet $out/index.xhtml $out/img/*.svg || bad=1
qpdf --check $out/report.pdf >qpdf.txt 2>&1 || { cat qpdf.txt; bad=1; }
pdffonts $out/report.pdf | awk 'NR > 2 && ($(NF-4) != "yes" || $(NF-3) != "yes" || $(NF-2) != "yes" || / Type 3 /) { print "FAILED: font", $0; bad = 1 }
    END { if (NR < 4) { print "FAILED: fonts are missing"; bad = 1 } exit bad }' || bad=1

# The labels of both tables stand in the page and in the PDF, in their order (parentheses are full width in print).
pdftotext -layout $out/report.pdf report.txt
python3 - $out/index.xhtml report.txt <<'P' || bad=1
import re, sys, unicodedata
labels = ["Telnet(23/TCP)", "http(80/TCP)", "https(443/TCP)", "8728/TCP", "ssh(22/TCP)",
          "米国(US)", "ブルガリア(BG)", "中国(CN)", "オランダ(NL)", "カナダ(CA)"]
for name in sys.argv[1:]:
    text = re.sub(r"<[^>]*>", "|", open(name, encoding="utf-8").read())
    text = re.sub(r"[\s|]+", "", unicodedata.normalize("NFKC", text))
    for ranks in (labels[:5], labels[5:]):
        rows = "".join(".{0,40}?" + str(i + 1) + re.escape(label) for i, label in enumerate(ranks))
        assert re.search(rows, text), f"{name}: {ranks} are not there in this order"
P

# The manifest names every file with its digest.
python3 - $out <<'P' || bad=1
import hashlib, json, os, sys
out = sys.argv[1]
manifest = json.load(open(out + "/manifest.json"))
listed = {entry["name"]: entry for entry in manifest["files"]}
found = {os.path.relpath(os.path.join(folder, name), out) for folder, _, names in os.walk(out) for name in names} - {"manifest.json"}
assert set(listed) == found, (set(listed) ^ found)
for name, entry in listed.items():
    data = open(os.path.join(out, name), "rb").read()
    assert entry["sha256"] == hashlib.sha256(data).hexdigest() and entry["size"] == len(data), name
P

# Every daily number of the figure's CSV is the measure's.
teiten -C one -q counts domestic-ports 2025q1 >counts.csv
python3 - <<'P' || bad=1
import csv
counts = {(row["date"], row["key"]): row["count"] for row in csv.DictReader(open("counts.csv"))}
days = list(csv.DictReader(open("one/out/2025q1/data/ports-daily.csv")))
assert len(days) == 91, len(days)
missing = 0
for day in days:
    for key in ("23/TCP", "80/TCP", "443/TCP", "8728/TCP", "22/TCP"):
        assert day[key] == counts.get((day["date"], key), ""), (day["date"], key)
        missing += day[key] == ""
assert 0 < missing < 50, missing
P
exit $bad
