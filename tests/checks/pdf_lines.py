"""Measures the lines of a finished PDF, glyph by glyph: spacing, kinsoku, grid, last lines, widows, headings at a page's end.
Usage: pdf_lines.py REPORT.json LANGUAGE   (qpdf --json=2 --json-stream-data=inline --decode-level=generalized)

Where a glyph stands is read from the content streams (ISO 32000-1, 9.4), how wide it is from the font's /W, what it shows from its
/ToUnicode, and which element it belongs to from the structure tree: nothing is taken over from the program."""
import re
import sys
from collections import defaultdict

from pdf_objects import Objects

objects = Objects(sys.argv[1])
value, stream = objects.value, objects.stream
japanese = sys.argv[2] == "ja"
BODY, PITCH, LEFT, MEASURE = 10.5, 18, 87.6, 595.276 - 2 * 87.6  # templates/*/pages.xml
NOT_FIRST = set("、。，．）」』］】〉》・：；！？ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々〜％")
NOT_LAST = set("（「『［【〈《")
HALF = set("、。，．）」』］】〉》（「『［【〈《・：；")
problems = []


def expect(what, holds):
    if not holds:
        problems.append(what)


def widths_of(font):
    listed, widths, i = value(font.get("/W", [])), {}, 0
    while i < len(listed):
        if isinstance(value(listed[i + 1]), list):
            widths.update({listed[i] + k: w for k, w in enumerate(value(listed[i + 1]))})
            i += 2
        else:
            widths.update({k: listed[i + 2] for k in range(listed[i], listed[i + 1] + 1)})
            i += 3
    return widths


def characters_of(reference):
    text, shown = stream(reference), {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, to in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            shown[int(code, 16)] = bytes.fromhex(to).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, to in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for k in range(int(first, 16), int(last, 16) + 1):
                shown[k] = chr(int(to, 16) + k - int(first, 16))
    return shown


fonts = {}


def font(reference):
    if reference not in fonts:
        whole = value(reference)
        fonts[reference] = (widths_of(value(value(whole["/DescendantFonts"])[0])), characters_of(whole["/ToUnicode"]))
    return fonts[reference]


# ---- the tree: which block a piece of content belongs to ----

blocks = {}  # (page, MCID) -> (number, element's type)
BLOCKS = {"/P", "/H1", "/H2", "/H3", "/H4", "/LBody", "/Note", "/Caption", "/TOCI", "/TD", "/TH", "/Lbl", "/Figure"}


def walk(reference, block):
    element = value(reference)
    if element["/S"] in BLOCKS and not (block and block[1] in ("/Note",) and element["/S"] != "/Lbl"):
        block = (reference, element["/S"])
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid, int):
            blocks[(element["/Pg"], kid)] = block
        elif value(kid).get("/Type") == "/MCR":
            blocks[(value(kid)["/Pg"], value(kid)["/MCID"])] = block
        elif value(kid).get("/Type") != "/OBJR":
            walk(kid, block)


top = value(objects.catalogue["/StructTreeRoot"])["/K"]
for kid in top if isinstance(top, list) else [top]:
    walk(kid, None)

# ---- the pages: every glyph with its place ----

pages = objects.pages()
TOKEN = re.compile(r"<<.*?>>|<[0-9a-fA-F\s]*>|\[(?:<[^>]*>|[^\]])*\]|\((?:\\.|[^()\\])*\)|/[^\s<>\[\]()/]+|[^\s<>\[\]()/]+", re.S)
lines = defaultdict(list)  # (page number, baseline, block) -> glyphs (x, width, character, size), in points


def read(page, number):
    names = value(value(value(page)["/Resources"]).get("/Font", {}))
    operands, marks, current, size, x, y, line = [], [], None, 1, 0, 0, (0, 0)
    for token in TOKEN.findall(objects.content(page)):
        if re.match(r"[A-Za-z'\"*]", token) is None or token in ("true", "false"):
            operands.append(token)
            continue
        if token == "BDC":
            found = re.search(r"/MCID (\d+)", operands[-1])
            marks.append(blocks.get((page, int(found.group(1)))) if found else None)
        elif token == "BMC":
            marks.append(None)
        elif token == "EMC":
            marks.pop()
        elif token == "Tf":
            current = font(names[operands[-2]])
        elif token == "Tm":
            size, line = float(operands[-6]), (float(operands[-2]), float(operands[-1]))
            x, y = line
        elif token == "Td":
            line = (line[0] + float(operands[-2]) * size, line[1] - float(operands[-1]) * size)
            x, y = line
        elif token in ("Tj", "TJ"):
            widths, shown = current
            for part in re.findall(r"<([^>]*)>|([-\d.]+)", operands[-1]):
                if part[1]:
                    x -= float(part[1]) / 1000 * size
                    continue
                codes = bytes.fromhex(re.sub(r"\s", "", part[0]))
                for i in range(0, len(codes), 2):
                    code = codes[i] << 8 | codes[i + 1]
                    width = widths.get(code, 1000) / 1000 * size
                    if marks and marks[-1]:
                        lines[(number, round(y, 2), marks[-1])].append((x, width, shown.get(code, "?"), size))
                    x += width
        operands = []


for number, page in enumerate(pages):
    read(page, number)

# ---- what must hold ----


def is_japanese(character):
    return "\u3041" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff"


def is_western(character):
    return character.isascii() and character.isalnum()


added, latin, widest = [], [], 0
rows = defaultdict(list)  # block -> its lines from first to last: (page, baseline, text)
for (number, y, block), glyphs in sorted(lines.items(), key=lambda item: item[0][:2]):
    glyphs.sort()
    text = "".join(character for _, _, character, _ in glyphs)
    sized = {size for *_, size in glyphs}
    if max(sized) < 0.75 * BODY and block[1] in ("/P", "/LBody"):
        continue  # marks of notes, readings
    raised = [x for (n, other, b), small in lines.items() if n == number and b == block and 0 < y - other < BODY for x, *_ in small]
    rows[block].append((number, y, text))
    where = f"page {number + 1}: {text!r}"
    if block[1] not in ("/P", "/LBody", "/Note"):
        continue
    expect(f"{where} begins so", not text or text[0] not in NOT_FIRST)
    expect(f"{where} ends so", not text or text[-1] not in NOT_LAST)
    x, width, character, size = glyphs[-1]
    end = x + (width / 2 if character in HALF and width > 0.9 * size else width)
    expect(f"{where} ends at {end:.2f}", end <= LEFT + MEASURE + 0.05 * size)  # the last letter keeps its pair's kerning
    gaps = []
    for (x, width, a, size), (next_x, _, b, next_size) in zip(glyphs, glyphs[1:]):
        gap = (next_x - x - width) / size
        if size != next_size or any(x < mark < next_x for mark in raised):
            continue
        if is_japanese(a) and is_japanese(b):
            gaps.append(gap)
            expect(f"{where}: {gap:.3f} em between {a} and {b}", -0.003 <= gap <= 0.25)
        elif (is_japanese(a) and is_western(b)) or (is_western(a) and is_japanese(b)):
            latin.append(gap)
            expect(f"{where}: {gap:.3f} em between {a} and {b}", 0.086 <= gap <= 0.248)
    if gaps:
        added.append(max(gaps))

# Lines of the body stand on the grid, 18 pt apart, on every page.
phases = defaultdict(int)
for (number, y, block), glyphs in lines.items():
    if block[1] in ("/P", "/LBody") and max(size for *_, size in glyphs) == BODY:
        phases[round(y % PITCH, 1)] += 1
grid = max(phases.values()) if phases else 0
expect(f"lines off the grid: {dict(phases)}", sum(phases.values()) - grid <= 3)  # the title's block

ends = {}  # page -> (baseline, type) of its lowest line above the notes
for block, parts in rows.items():
    by_page = defaultdict(list)
    for number, y, text in parts:
        by_page[number].append((y, text))
        if block[1] != "/Note" and not (block[1] == "/Lbl" and y > 700):
            ends[number] = max(ends.get(number, (0, "")), (y, block[1]))
    if block[1] != "/P" or len(parts) < 2:
        continue
    for number in {parts[0][0], parts[-1][0]}:
        of_page = by_page[number]
        expect(f"page {number + 1}: {of_page[0][1]!r} stands alone", len(by_page) == 1 or len(of_page) >= 2)
    expect(f"last line {parts[-1][2]!r}", len(parts[-1][2].strip()) >= 3)
    for (*_, a), (*_, b) in zip(parts, parts[1:]):
        expect(f"{a[-8:]!r} and {b[:8]!r} are parted", not (re.search("([図表第注]|Figure|Table|Section)$", a.rstrip()) and re.match(r"\d", b)))
for number, (y, kind) in ends.items():
    expect(f"page {number + 1} ends with a heading", not kind.startswith("/H"))

added.sort()
for problem in problems:
    print("FAILED:", problem)
if japanese:
    typical = added[len(added) // 2]
    print(f"{len(added)} lines; widest gap of a line between Japanese characters: half <= {typical:.3f} em, all <= {added[-1]:.3f} em; "
          f"{len(latin)} gaps to Western ones, {min(latin):.3f} to {max(latin):.3f} em")
    if len(added) < 80 or len(latin) < 80 or typical > 0.10:
        problems.append("too few, or too wide")
print(f"{len(rows)} blocks on {len(pages)} pages, {grid} lines on the grid")
if len(rows) < 60 or grid < 40:
    problems.append("too few")
    print("FAILED: too few lines: the check looks at nothing")
sys.exit(bool(problems))
