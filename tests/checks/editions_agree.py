#!/usr/bin/env python3
"""Whether two editions of one report in two languages say the same numbers.

    editions_agree.py out/2025q1/index.xhtml out/2025q1/en/index.xhtml

Compares, place by place, every number of every table (those of the figures' data included), and of every drafted
sentence with the inputs that it rests on. Months are numbers in either language. Prints each difference; status 1 then.
"""
import re
import sys
import xml.etree.ElementTree as ET

XHTML = "{http://www.w3.org/1999/xhtml}"
MONTHS = "January February March April May June July August September October November December".split()
MONTH = re.compile(r"\b(" + "|".join(MONTHS) + r")\b")
NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


def numbers(text):
    """All numbers of a text, in no order: languages put them elsewhere."""
    text = text.replace("1台1日当たり", "").replace("1日当たり", "")  # per sensor, per day: no numbers in English
    text = MONTH.sub(lambda month: f" {MONTHS.index(month[1]) + 1} ", text)
    return sorted(NUMBER.findall(text))


def text_of(element):
    return "".join(element.itertext())


def facts(path):
    """(place, numbers) in the order of the page."""
    # The page has the entities of XML alone.
    root = ET.fromstring(open(path, encoding="utf-8").read().split("\n", 1)[1])
    found = []
    for t, table in enumerate(root.iter(XHTML + "table")):
        for r, row in enumerate(table.iter(XHTML + "tr")):
            for c, cell in enumerate(row):
                found.append((f"table {t + 1}, row {r + 1}, cell {c + 1}", numbers(text_of(cell))))
    for d, span in enumerate(span for span in root.iter(XHTML + "span") if span.get("class") == "drafted"):
        found.append((f"drafted sentence {d + 1} ({span.get('data-rule')})", numbers(text_of(span))))
        found.append((f"inputs of drafted sentence {d + 1}", [span.get("data-rule"), span.get("data-inputs", "")]))
    for f, figure in enumerate(root.iter(XHTML + "figure")):
        for image in figure.iter(XHTML + "img"):
            if image.get("src", "").endswith(".svg"):
                found.append((f"alternative text of figure {f + 1}", numbers(image.get("alt", ""))))
    return found


def main(first, second):
    a, b = facts(first), facts(second)
    problems = [f"{pa}: {na} and {nb}" for (pa, na), (pb, nb) in zip(a, b) if (pa, na) != (pb, nb)]
    if len(a) != len(b):
        problems.append(f"{len(a)} places in one, {len(b)} in the other")
    for problem in problems[:20]:
        print(problem)
    # Nothing to compare is no agreement: there must be numbers in cells, sentences and alternative texts.
    for kind in ("table ", "drafted sentence ", "inputs of drafted sentence ", "alternative text of figure "):
        if not any(place.startswith(kind) and found for place, found in a):
            problems.append(f"no numbers in any place of the kind '{kind}'")
            print(problems[-1])
    print(f"{len(a)} places, {len(problems)} differences")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
