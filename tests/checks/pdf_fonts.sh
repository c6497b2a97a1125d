#!/bin/bash
# Typefaces that a publication chooses in pages.xml: of Debian's packages, and of font files that it brings in its own folder.
set -u
. "$TEITEN_SOURCE/tests/checks/lib.bash"
sample_copy p
cp -r "$TEITEN_SOURCE/templates" p/templates
sed -i 's|<prose path|<templates path="templates"/><prose path|' p/publication.xml
use() { # use LANGUAGE ATTRIBUTES: publishes with them; says what went wrong
    sed -i "s|<fonts [^>]*/>|<fonts $2 language=\"$1\"/>|" p/templates/$1/pages.xml
    rm -rf out
    teiten -C p -q report 2025q1 --language $1 --output out 2>&1 | sed -E '/^teiten: warning: (registry|aggregate|unsupported link types):/d; s/^teiten: report: //'
}
embedded() { pdffonts out/report.pdf | awk 'NR > 2 { sub(/^[A-Z]+\+/, "", $1); print $1, $(NF-4) $(NF-3) $(NF-2) }' | sort -u; }

# The families of the charts and of code stay; those of text and of headings follow the page template.
expect "BIZ UD Gothic" "" "$(use ja 'text="BIZ UDGothic" code="mono"')"
expect "its fonts" "BIZUDGothic-Bold yesyesyes
BIZUDGothic-Regular yesyesyes
NotoSansCJKjp-Bold yesyesyes
NotoSansCJKjp-Regular yesyesyes
NotoSansMonoCJKjp-Regular yesyesyes" "$(embedded)"
qpdf --check out/report.pdf >qpdf.txt 2>&1 || { cat qpdf.txt; bad=1; }
qpdf --qdf out/report.pdf - | tr -d '\0' >plain.txt
expect "maps of TrueType glyphs" "$(grep -ac '/Subtype /CIDFontType2' plain.txt)" "$(grep -ac '/CIDToGIDMap /Identity' plain.txt)"
expect "Mincho with Gothic headings" "" "$(use ja 'text="serif" bold="sans" code="mono"')"
expect "its fonts" "NotoSansCJKjp-Bold yesyesyes
NotoSansCJKjp-Regular yesyesyes
NotoSansMonoCJKjp-Regular yesyesyes
NotoSerifCJKjp-Regular yesyesyes" "$(embedded)"

# A family that nobody installed is not replaced by another one.
expect "no such family" 'p/templates/en/pages.xml: <fonts>: text="DejaVu Sans": no font of the family DejaVu Sans, expected its files in p/fonts' \
    "$(use en 'text="DejaVu Sans" code="mono"')"
dejavu=/usr/share/fonts/truetype/dejavu
mkdir p/fonts
cp $dejavu/DejaVuSans.ttf p/fonts
expect "no bold face" 'p/templates/en/pages.xml: <fonts>: bold="DejaVu Sans": the family DejaVu Sans has no bold face, expected one that has, for headings and emphasis' \
    "$(use en 'text="DejaVu Sans" code="mono"')"
cp $dejavu/DejaVuSans-Bold.ttf p/fonts
expect "fonts of one's own" "" "$(use en 'text="DejaVu Sans" code="mono"')"
expect "its fonts" "DejaVuSans yesyesyes
DejaVuSans-Bold yesyesyes
NotoSansCJKjp-Bold yesyesyes
NotoSansCJKjp-Regular yesyesyes
NotoSansMonoCJKjp-Regular yesyesyes" "$(embedded)"
pdftotext out/report.pdf - | grep -q 'The most frequently' || { echo "FAILED: the text of fonts of one's own"; bad=1; }
use ja 'text="DejaVu Sans" code="mono"' | grep -qE '^p/[a-z0-9/.-]+: line [0-9]+: PDF: text ".+": no glyph for U\+[0-9A-F]{4} in DejaVu Sans, expected a character of that font$' || {
    echo "FAILED: a character without glyph"; bad=1; }

# fsType 2: "must not be embedded" (OpenType 1.9, OS/2).
python3 - p/fonts/DejaVuSans.ttf <<'P'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
for i in range(struct.unpack(">H", data[4:6])[0]):
    tag, _, offset, _ = struct.unpack(">4sIII", data[12 + 16 * i:28 + 16 * i])
    if tag == b"OS/2":
        data[offset + 8:offset + 10] = b"\0\2"
open(sys.argv[1], "wb").write(data)
P
expect "a licence that forbids embedding" 'p/templates/en/pages.xml: <fonts>: text="DejaVu Sans": '"$PWD"'/p/fonts/DejaVuSans.ttf: its licence forbids embedding (fsType), expected a font that may be embedded' \
    "$(use en 'text="DejaVu Sans" code="mono"')"
exit $bad
