#!/bin/bash
# A report of the size of a book keeps every rule of lines and pages; prose that no page was made for gives sound pages, or a clear error.
set -u
. "$TEITEN_SOURCE/tests/checks/lib.bash"
checks=$TEITEN_SOURCE/tests/checks
sample_copy p
prose=p/editions/2025q1
report() { rm -rf out; teiten -C p -q report 2025q1 --language ja --output out 2>&1 | grep -vE '^teiten: warning: (registry|aggregate|unsupported link types|text):'; }
sound() { # sound WHAT LEAST_PAGES
    qpdf --check out/report.pdf >qpdf.txt 2>&1 || { cat qpdf.txt; bad=1; }
    local pages
    pages=$(pdfinfo out/report.pdf | awk '/^Pages:/ { print $2 }')
    [ "$pages" -ge "$2" ] || { echo "FAILED: $1 has $pages pages"; bad=1; }
}

python3 "$checks/pdf_stress.py" $prose book
expect "a book" "" "$(report)"
sound "the book" 60
qpdf --json=2 --json-stream-data=inline --decode-level=generalized out/report.pdf >book.json
python3 "$checks/pdf_lines.py" book.json ja || bad=1
# Notes stand on the page of their mark.
pdftotext -raw out/report.pdf text.txt
python3 - text.txt <<'P' || bad=1
import re, sys
pages = open(sys.argv[1], encoding="utf-8").read().split("\f")
marks = {n: i for i, page in enumerate(pages) for n in re.findall(r"(?<!\n)注 ?(\d+)(?!\d)", page)}
notes = {n: i for i, page in enumerate(pages) for n in re.findall(r"^注 ?(\d+)(?!\d)", page, re.M)}
continued = [page for page in pages if "（続き）" in re.sub(r"\s", "", page)]
assert len(continued) >= 8 and all("項目1" in re.sub(r"\s", "", page) for page in continued), len(continued)  # their heads, too
assert len(notes) > 70 and all(marks[n] == notes[n] for n in notes), [(n, marks.get(n), notes[n]) for n in notes if marks.get(n) != notes[n]]
P
rm $prose/book-*

python3 "$checks/pdf_stress.py" $prose odd
expect "odd prose" "" "$(report)"
sound "odd prose" 15
# Nothing stands outside of the paper.
pdftotext -bbox out/report.pdf boxes.html
python3 - boxes.html <<'P' || bad=1
import re, sys
words = re.findall(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', open(sys.argv[1], encoding="utf-8").read())
outside = [w for w in words if float(w[0]) < 75 or float(w[2]) > 515 or float(w[1]) < 30 or float(w[3]) > 820]
assert len(words) > 1000 and not outside, outside[:5]
P
rm $prose/odd-*

fragment() { printf '<t:fragment xmlns="http://www.w3.org/1999/xhtml" xmlns:t="urn:teiten:template:1"><section id="z"><h2>章</h2>%s</section></t:fragment>' "$1" >$prose/z.xhtml; }
refuses() { # refuses FRAGMENT ERROR [PLACE]
    fragment "$1"
    expect "an error" "teiten: report: ${3:-}PDF: $2" "$(report)"
}
refuses '<p>祭り🎉です</p>' 'text "祭り🎉です": no glyph for U+1F389 in Noto Sans CJK JP, expected a character of that font' "$prose/z.xhtml: line 1: "
refuses '<p>שלום</p>' 'text "שלום": no glyph for U+05E9 in Noto Sans CJK JP, expected a character of that font' "$prose/z.xhtml: line 1: "
refuses "<table id=\"table-z\"><caption>表</caption><tbody><tr>$(printf '<td>%d</td>' {1..60})</tr></tbody></table>" \
    'table-z: 60 columns need 652 points in the smallest type, the text is 420 wide, expected fewer columns or a wider page (pages.xml)'
exit $bad
