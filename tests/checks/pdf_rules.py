"""Reads `qpdf --json=2` of a PDF and asserts what must hold in its object graph. Usage: pdf_rules.py FILE.json LANGUAGE"""
import re
import sys

from pdf_objects import Objects

objects = Objects(sys.argv[1])
value, catalogue, pages = objects.value, objects.catalogue, objects.pages()
language = sys.argv[2]
problems = []


def expect(what, holds):
    if not holds:
        problems.append(what)


def text(thing):
    return thing[2:] if isinstance(thing, str) and thing[:2] in ("u:", "b:") else None


expect(f"language {language}", text(catalogue.get("/Lang")) == language)
expect("title in the window", value(catalogue.get("/ViewerPreferences", {})).get("/DisplayDocTitle") is True)
expect("marked", value(catalogue.get("/MarkInfo", {})).get("/Marked") is True)
expect("page labels", "/PageLabels" in catalogue)
expect("XMP", "/Metadata" in catalogue)

# ---- the structure tree ----
root = value(catalogue["/StructTreeRoot"])
elements = []      # (reference, dictionary)
owner = {}         # (page, MCID) or annotation -> element
CHILDREN = {
    "/TOC": {"/TOCI", "/TOC"}, "/Table": {"/TR", "/Caption"}, "/TR": {"/TH", "/TD"}, "/L": {"/LI", "/Caption"}, "/LI": {"/Lbl", "/LBody"},
}
KNOWN = set("/Document /H1 /H2 /H3 /H4 /P /L /LI /Lbl /LBody /Table /TR /TH /TD /Figure /Caption /Link /Note /BlockQuote /TOC /TOCI "
            "/Span /Ruby /RB /RT /Div".split())


def walk(reference, parent):
    element = value(reference)
    elements.append((reference, element))
    expect(f"{reference}: parent", element["/P"] == parent)
    expect(f"{reference}: known type {element['/S']}", element["/S"] in KNOWN)
    if parent != catalogue["/StructTreeRoot"]:
        above = value(parent)["/S"]
        expect(f"{element['/S']} in {above}", element["/S"] in CHILDREN.get(above, KNOWN))
        for kind, places in (("/TR", {"/Table"}), ("/LI", {"/L"}), ("/TH", {"/TR"}), ("/TD", {"/TR"})):
            expect(f"{kind} in {above}", element["/S"] != kind or above in places)
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    expect(f"{reference}: {element['/S']} is empty", kids or element["/S"] in ("/TD", "/TH"))
    for kid in kids:
        if isinstance(kid, int):
            key = (element["/Pg"], kid)
        elif value(kid).get("/Type") == "/MCR":
            key = (value(kid)["/Pg"], value(kid)["/MCID"])
        elif value(kid).get("/Type") == "/OBJR":
            key = value(kid)["/Obj"]
        else:
            walk(kid, reference)
            continue
        expect(f"{key}: belongs to two elements", key not in owner)
        owner[key] = reference


top = root["/K"] if isinstance(root["/K"], list) else [root["/K"]]
for reference in top:
    walk(reference, catalogue["/StructTreeRoot"])
kinds = [element["/S"] for _, element in elements]
expect("one Document on top", kinds.count("/Document") == 1 and len(top) == 1)

headings = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
expect("headings start with H1", headings[:1] == [1] and headings.count(1) == 1)
expect("headings skip no level", all(b <= a + 1 for a, b in zip(headings, headings[1:])))

figures = [element for _, element in elements if element["/S"] == "/Figure"]
expect("figures have an alternative text", figures and all(text(f.get("/Alt")) for f in figures))
expect("figures have a box", all("/BBox" in value(f.get("/A", {})) for f in figures))
heads = [element for _, element in elements if element["/S"] == "/TH"]
expect("header cells have a scope", heads and all(value(h.get("/A", {})).get("/Scope") in ("/Column", "/Row") for h in heads))
lists = [element for _, element in elements if element["/S"] == "/L"]
expect("lists name their numbering", lists and all("/ListNumbering" in value(l.get("/A", {})) for l in lists))
spans = [element for _, element in elements if element["/S"] == "/Span"]
expect("text in another language says so", (spans or language != "ja") and all(re.fullmatch("[a-z]{2}(-.*)?", text(s.get("/Lang")) or "") for s in spans))
expect("no element repeats the document's language", all(text(e.get("/Lang")) != language for _, e in elements))
for ruby in (element for _, element in elements if element["/S"] == "/Ruby"):
    expect("a Ruby is a base and a reading", [value(kid)["/S"] for kid in ruby["/K"]] == ["/RB", "/RT"])
notes = [text(element.get("/ID")) for _, element in elements if element["/S"] == "/Note"]
expect("notes have an identifier of their own", notes and all(notes) and len(set(notes)) == len(notes))
named = value(root.get("/IDTree", {})).get("/Names", [])
expect("the tree of identifiers is sorted and whole", [text(n) for n in named[::2]] == sorted(notes))
for row in (element for _, element in elements if element["/S"] == "/Table"):
    widths = {sum(value(value(cell).get("/A", {})).get("/ColSpan", 1) for cell in value(kid)["/K"])
              for kid in row["/K"] if value(kid)["/S"] == "/TR"}
    expect(f"rows of a table are of one width {widths}", len(widths) == 1)

# ---- marked content: each is an element's or an artifact; nothing is drawn outside ----
tree = value(root["/ParentTree"])["/Nums"]
by_key = dict(zip(tree[::2], tree[1::2]))
expect("keys of the parent tree ascend", list(by_key) == sorted(by_key))
seen = set()
for page in pages:
    expect(f"{page}: order of tabs", value(page).get("/Tabs") == "/S" or not value(page).get("/Annots"))
    owners = value(by_key[value(page)["/StructParents"]])
    depth = 0
    for line in objects.content(page).split("\n"):
        mark = re.match(r"/(\w+) <<.*/MCID (\d+)", line)
        if mark:
            number = int(mark.group(2))
            expect(f"{page}: marked content {number} stands inside another", depth == 0 or mark.group(1) == "Artifact")
            expect(f"{page}: marked content {number} has no element", owner.get((page, number)) is not None)
            expect(f"{page}: marked content {number}: parent tree", owners[number] == owner.get((page, number)))
            seen.add((page, number))
        if line.endswith((" BDC", " BMC")):
            depth += 1
        if re.search(r"(Tj|TJ|\bDo|\bf\*?|\bS)$", line):
            expect(f"{page}: drawn outside of all marks: {line[:60]}", depth > 0)
        if line == "EMC":
            depth -= 1
    expect(f"{page}: marks are closed", depth == 0)
expect("every piece of content that an element names is there", {key for key in owner if isinstance(key, tuple)} == seen)

# ---- links ----
links = 0
names = {}
for holder in (value(value(catalogue.get("/Names", {})).get("/Dests", {})), value(catalogue.get("/Dests", {}))):
    def collect(node):
        listed = node.get("/Names", [])
        names.update({text(n): v for n, v in zip(listed[::2], listed[1::2])})
        for kid in node.get("/Kids", []):
            collect(value(kid))
    collect(holder)
for page in pages:
    for reference in value(page).get("/Annots", []):
        annotation = value(reference)
        links += 1
        element = owner.get(reference)
        expect(f"{reference}: a Link element", element is not None and value(element)["/S"] == "/Link")
        expect(f"{reference}: contents", bool(text(annotation.get("/Contents"))))
        expect(f"{reference}: parent tree", by_key.get(annotation.get("/StructParent")) == element)
        expect(f"{reference}: printed", annotation.get("/F", 0) & 4)
        if "/Dest" in annotation:
            expect(f"{reference}: {annotation['/Dest']} leads nowhere", text(annotation["/Dest"]) in names)
        else:
            uri = text(value(annotation["/A"])["/URI"])
            expect(f"{reference}: {uri}", re.fullmatch(r"(https?|mailto):[!-~]+", uri) is not None)
expect("there are links", links >= 10)
expect("destinations lead to pages", all((value(d)["/D"] if isinstance(value(d), dict) else value(d))[0] in pages for d in names.values()))

# ---- fonts ----
for name, thing in objects.by_name.items():
    dictionary = thing.get("value", thing.get("stream", {}).get("dict") if isinstance(thing.get("stream"), dict) else None)
    if isinstance(dictionary, dict) and dictionary.get("/Type") == "/Font":
        expect(f"{name}: font {dictionary.get('/BaseFont')}", dictionary.get("/Subtype") != "/Type3" and "CairoFont" not in str(dictionary))

for problem in problems:
    print("FAILED:", problem)
print(len(elements), "elements,", len(figures), "figures,", len(heads), "header cells,", links, "links,", len(seen), "pieces of content")
sys.exit(bool(problems))
