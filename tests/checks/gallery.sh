#!/bin/bash
# Every kind of figure, drawn from the sample: README's pictures are just what is drawn (to the byte, by another time zone and number of
# threads), all are XML, those in English have no Japanese word, and PNG and PDF come out the same twice.
set -u
. "$TEITEN_SOURCE/tests/checks/lib.bash"
sample_copy quarterly
mkdir gallery
cp "$TEITEN_SOURCE/samples/gallery/publication.xml" gallery/
figure() { teiten -C gallery -q figure "$@" || { echo "FAILED: figure $*"; bad=1; }; }

kinds=$(grep -c '<figure ' gallery/publication.xml)
for id in $(sed -n 's/.*<figure id="\([^"]*\)".*/\1/p' gallery/publication.xml); do
    for language in ja en; do
        figure "$id" 2025q1 --lang $language -o "$id-$language.svg" --alt >"$id-$language.txt"
    done
done
expect "a figure in either language" $((2 * kinds)) "$(ls -- *.svg | wc -l)"
xmllint --noout --nonet ./*.svg || bad=1
python3 - -- *-en.svg *-en.txt <<'P' || bad=1
import re, sys
bad = 0
for path in sys.argv[2:]:
    text = open(path, encoding='utf-8').read().replace('Noto Sans CJK JP', '')
    found = re.findall('[\u3000-\u30ff\u3400-\u9fff\uff01-\uff5e]+', text)
    if found:
        print(f'FAILED: {path} is in English and holds {found[:5]}')
        bad = 1
    if re.search(r'[.,]\w', re.sub(r'\d[.,]\d', '', text)) and path.endswith('.txt'):
        print(f'FAILED: {path}: no blank behind a stop: {text}')
        bad = 1
sys.exit(bad)
P

for picture in "$TEITEN_SOURCE"/samples/gallery/*.svg; do
    name=$(basename "$picture" .svg)
    TZ=Asia/Kathmandu LC_ALL=tr_TR.UTF-8 teiten -C gallery -q figure "${name%-*}" 2025q1 --threads 1 --lang "${name##*-}" -o again.svg
    cmp again.svg "$picture" || { echo "FAILED: $name is not what is drawn now: look at it, then copy it from build/gallery (make gallery)"; bad=1; }
done
for suffix in png pdf; do
    figure daily-lines 2025q1 -o one.$suffix
    TZ=America/New_York LC_ALL=C teiten -C gallery -q figure daily-lines 2025q1 -o two.$suffix
    cmp one.$suffix two.$suffix || bad=1
done
exit $bad
