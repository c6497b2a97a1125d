#!/bin/bash
# `teiten diff` fits a terminal of 80 columns, whatever ports are called; tells an event once, however many figures show it; and says
# which table a doubtful rank is of.
set -u
. "$TEITEN_SOURCE/tests/checks/lib.bash"
sample_copy one
sed -i 's/^23,TCP,Telnet,/23,TCP,機器の遠隔操作に使われる古いプロトコル（Telnet）,/; s/^443,TCP,https,/443,TCP,暗号化されたウェブの通信（https）,/' one/names/services.csv
sed -i 's/<ranking limit="10"/& concentration="1"/' one/publication.xml
sed -i 's|</publication>|<figure id="again" kind="heat-map" measure="domestic-ports" top="5"><caption xml:lang="ja">再び</caption><caption xml:lang="en">Again</caption></figure></publication>|' one/publication.xml
COLUMNS=80 CLICOLOR_FORCE=1 TERM=dumb teiten -C one -q diff 2025q1 --only numbers,events,stability 2>/dev/null >text
python3 - text <<'PYTHON' || bad=1
import sys, unicodedata
text = open(sys.argv[1], encoding="utf-8").read()
numbers, rest = text.split("\n目立った動き\n")
events, ranks = rest.split("\n順位の確かさ\n")
bad = 0
def check(good, what):
    global bad
    if not good:
        print("FAILED:", what)
        bad = 1
def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
tables = [line for line in numbers.split("\n") + events.split("\n") if not line.startswith(("    主な内訳", "≈", "僅差"))]
for line in tables:
    check(width(line) <= 80, f"wider than 80: {line}")
check(any("…(23/TCP)" in line for line in tables), "a name that is cut keeps its port")
check("（上位5件） [ports]" in events.split("\n")[3], "the table that events are about")
rows = [line for line in events.split("\n")[3:] if line and not line.startswith(" ")]
check(len(rows) >= 3 and len(set(rows)) == len(rows), f"an event is told twice: {rows}")
check(any(line.startswith("    主な内訳: ") for line in events.split("\n")), "what drove an event")
titles = [line.split("[")[-1] for line in ranks.split("\n") if line and not line.startswith("・")]
check(titles == ["ports]", "regions]"], f"the tables of doubtful ranks: {titles}")
sys.exit(bad)
PYTHON
teiten -C one -q diff 2025q1 --output review 2>/dev/null >paths
grep -q '<caption>.*（上位5件）：検出した動き</caption>' review/index.xhtml || { echo "FAILED: the table of the page that events are about"; bad=1; }
[ "$(grep -c '<h4>' review/index.xhtml)" = 2 ] || { echo "FAILED: the tables of doubtful ranks on the page"; bad=1; }
exit $bad
