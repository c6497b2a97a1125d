"""Every block of a published page stands in its PDF, character by character, in the page's order; notes stand with their marks, and what
is for screens only is left out. Usage: pdf_text.py INDEX.xhtml TREE.txt DRAWN.txt (pdfinfo -struct-text, pdftotext)"""
import re
import sys
import xml.etree.ElementTree as ET

X = "{http://www.w3.org/1999/xhtml}"
LEFT_OUT = {"nav", "details", "script", "style", "head"}
BLOCKS = {"p", "h1", "h2", "h3", "h4", "li", "td", "th", "caption", "figcaption", "dt", "dd", "pre"}


def shown(element):
    words = set(element.get("class", "").split())
    return element.tag[len(X):] not in LEFT_OUT and not {"screen-only", "skip", "note-back"} & words and element.get("hidden") is None


# Of a word that is parted at a line's end, the hyphen is a soft one, but pdfinfo passes over ActualText: no hyphen is compared then.
parted = "\u00ad" in open(sys.argv[3], encoding="utf-8").read()


def dense(text):
    return re.sub("[\\s\u3000\u00ad-]+" if parted else "[\\s\u3000]+", "", text)


def text(element):
    if not shown(element):
        return ""
    return (element.text or "") + "".join(text(child) + (child.tail or "") for child in element)


def blocks(element, in_notes=False):
    """(text, whether it is a note's) of the innermost blocks."""
    if not shown(element):
        return []
    in_notes = in_notes or "notes" in element.get("class", "").split() or element.get("id") == "notes"
    inner = [block for child in element for block in blocks(child, in_notes)]
    if inner or element.tag[len(X):] not in BLOCKS or not dense(text(element)):
        return inner
    return [(dense(text(element)), in_notes)]


page = blocks(ET.parse(sys.argv[1]).getroot().find(X + "body"))
read = dense("".join(re.findall(r'^ *"(.*)"$', open(sys.argv[2], encoding="utf-8").read(), re.M)))
drawn = dense(open(sys.argv[3], encoding="utf-8").read())
problems = []
at = 0
for block, in_notes in page:
    if in_notes:
        if block not in read and block != "注":
            problems.append(f"the note {block!r} is not in the PDF")
        continue
    found = read.find(block, at)
    if found < 0:
        problems.append(f"{block!r} is not in the PDF behind {read[max(at - 20, 0):at]!r}")
    else:
        at = found + len(block)
# As drawn, other text may stand between the lines of a block: only those of a line are looked for.
problems += [f"{block!r} is not drawn" for block, in_notes in page if len(block) <= 30 and block not in drawn and block != "注"]
if len(page) < 80:
    problems.append(f"{len(page)} blocks, expected more: the check looks at nothing")
for problem in problems:
    print("FAILED:", problem)
sys.exit(bool(problems))
