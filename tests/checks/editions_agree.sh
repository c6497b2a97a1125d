#!/bin/bash
# The Japanese and the English edition of one quarter say the same numbers in every table, figure and drafted sentence; and the check
# that says so sees a single digit that differs.
set -u
. "$TEITEN_SOURCE/tests/checks/lib.bash"
sample_copy one
rm -r one/editions # what people wrote is theirs to translate
sed -i "/<knowledge /d" one/publication.xml # its stub asks for the words of an analyst
teiten -C one -q report 2025q1 || exit 1
agree() {
    python3 "$TEITEN_SOURCE/tests/checks/editions_agree.py" one/out/2025q1/index.xhtml "$1"
}
agree one/out/2025q1/en/index.xhtml || bad=1
for name in ports-daily regions-daily telnet-sources-daily; do
    cmp <(tail -n +2 one/out/2025q1/data/$name.csv) <(tail -n +2 one/out/2025q1/en/data/$name.csv) || bad=1
done
# One number altered in each place: a table, a figure's data, a drafted sentence, an alternative text.
for edit in '0,/<td class="number">1,/s//<td class="number">2,/' '0,/<td class="number">\([0-9]*\)</s//<td class="number">\10</' \
    '/class="drafted"/s/4th place/5th place/' 's/alt="Line chart\(.*\)1,/alt="Line chart\12,/'; do
    sed "$edit" one/out/2025q1/en/index.xhtml >altered.xhtml
    cmp -s altered.xhtml one/out/2025q1/en/index.xhtml && { echo "FAILED: nothing to alter: $edit"; bad=1; }
    agree altered.xhtml >/dev/null && { echo "FAILED: not seen: $edit"; bad=1; }
done
# Without its drafted sentences a page agrees with nothing.
sed 's/class="drafted"/class="other"/g' one/out/2025q1/index.xhtml >first.xhtml
sed 's/class="drafted"/class="other"/g' one/out/2025q1/en/index.xhtml >second.xhtml
python3 "$TEITEN_SOURCE/tests/checks/editions_agree.py" first.xhtml second.xhtml >/dev/null && { echo "FAILED: nothing compared"; bad=1; }
# The program sees it too: a sentence with a number of its own, a warning or, as publication.xml wants, the end.
mkdir -p one/templates/en
sed 's/^rank-fell-lead,.*/rank-fell-lead,"{label} fell by 3 to {place}, and "/' "$TEITEN_SOURCE/templates/en/wording.csv" >one/templates/en/wording.csv
sed -i 's|<prose |<templates path="templates"/><prose |' one/publication.xml
expect "numbers that differ, as a warning" \
    'teiten: warning: text: drafted sentence (rank-fell places): 3 only in en: "8728/TCPは4番目に下がり、5番目はssh(22/TCP)でした。", "8728/TCP fell by 3 to 4th place, and next came ssh (22/TCP) in 5th place." (editions-differ)' \
    "$(teiten -C one report 2025q1 --output wrong 2>&1 >/dev/null)"
sed -i 's|<ranking|<lint><rule name="editions-differ" level="error"/></lint><ranking|' one/publication.xml
rm -r wrong
teiten -C one -q report 2025q1 --output wrong 2>/dev/null && { echo "FAILED: numbers that differ are published"; bad=1; }
[ ! -e wrong ] || { echo "FAILED: something of it is published"; bad=1; }
# Every kind of figure and of column, in words and units of either language: nothing differs. A sensor's name has its own numbers in each.
sample_copy three
rm -r three/editions
sed -i 's/,東日本1,/,東京大手町第一,/; s/East Japan 1/Tokyo Otemachi No. 1/' three/sensors.csv
python3 - three/publication.xml <<'PYTHON'
import sys
xml = open(sys.argv[1], encoding="utf-8").read()
caption = '<caption xml:lang="ja">4四半期の図</caption><caption xml:lang="en">The figure of four quarters</caption>'
figures = "".join(
    f'<figure id="agree-{i}" {attributes}>{caption}</figure>'
    for i, attributes in enumerate([
        'kind="rank-flow" table="ports" quarters="4"', 'kind="heat-map" table="ports" axis="log"',
        'kind="availability" measure="domestic-ports"', 'kind="dot-plot" table="regions" against="year-before"',
        'kind="monthly-bars" measure="domestic-ports-by-sensor" top="2"', 'kind="monthly-bars" measure="sides" top="2"',
        'kind="small-multiples" table="ports" axis="range"', 'kind="shares" table="ports"']))
columns = "".join(f'<column kind="{kind}"/>' for kind in ("count", "share", "per-sensor", "change", "listens"))
xml = xml.replace("</publication>", figures + "</publication>")
xml = xml.replace("  <table ", '  <measure id="sides" count="packets" by="group"/><table ', 1)
xml = xml.replace('<column kind="previous-rank"/>', '<column kind="previous-rank"/>' + columns, 1)
xml = xml.replace('<prose ', '<lint><rule name="open-marker" level="warning"/></lint><prose ')
open(sys.argv[1], "w", encoding="utf-8").write(xml)
PYTHON
expect "every kind of figure agrees" "" "$(teiten -C three report 2025q1 --draft 2>&1 >/dev/null | grep editions-differ)"
expect "a table's title in its language" "Source regions most often observed at sensors in Japan (top 5) (April to June 2025)" \
    "$(teiten -C three -q table regions 2025q1 --lang en 2>/dev/null | head -1)"
# What stands above a figure says what it shows: four kinds are not by day.
expect "the words above figures" "1 1 5" "$(for words in の順位が四半期ごとにどう移り変わったかを に挙げた項目の増減を に挙げた項目の日ごとの推移を; do
    grep -c "<p>.*$words" three/out/2025q1/index.xhtml; done | tr '\n' ' ' | sed 's/ $//')"
pair=$(teiten -C three -q figure --measure domestic-ports-by-region 2025q1 --lang en --alt 2>/dev/null)
[[ $pair == *"Telnet (23/TCP), United States: lowest"* ]] || { echo "FAILED: a label beside a line has no article: $pair"; bad=1; }
# What people wrote in the sample has no slips, in either language.
sample_copy two
expect "the sample's own text" "" "$(teiten -C two report 2025q1 2>&1 >/dev/null | grep "text:")"
# Links between the two, and no Japanese in the English page but the name of the language.
grep -q '<link rel="alternate" hreflang="en" href="en/index.xhtml"/>' one/out/2025q1/index.xhtml || { echo "FAILED: no link to English"; bad=1; }
grep -q '<link rel="alternate" hreflang="ja" href="../index.xhtml"/>' one/out/2025q1/en/index.xhtml || { echo "FAILED: no link to Japanese"; bad=1; }
left=$(LC_ALL=C.UTF-8 grep -oP '[\p{Han}\p{Hiragana}\p{Katakana}、。（）]+' one/out/2025q1/en/index.xhtml one/out/2025q1/en/img/*.svg one/out/2025q1/en/data/*.csv | grep -v ':日本語$')
[ -z "$left" ] || { echo "FAILED: Japanese in the English edition: $left"; bad=1; }
pdftotext one/out/2025q1/en/report.pdf - | LC_ALL=C.UTF-8 grep -P '[\p{Han}\p{Hiragana}\p{Katakana}]' && { echo "FAILED: Japanese in the English PDF"; bad=1; }
exit $bad
