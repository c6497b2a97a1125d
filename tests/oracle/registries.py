#!/usr/bin/env python3
"""Real registries, file by file and together: the program's region of every address, by a table that is made and by one that is kept
(tests/fuzz/region_spans.c), against another reading of the same files (regions.py).

Usage: registries.py REGION_SPANS DATA WORK
"""

import pathlib
import subprocess
import sys

from regions import Regions

PROGRAM, DATA, WORK = (pathlib.Path(argument) for argument in sys.argv[1:4])


def joined(starts, codes):
    """(first address, code) of each span, where neighbours of one code are one, from address 0 on."""
    spans = [(0, "??")]
    for start, code in zip(starts, codes):
        if spans[-1][0] == start:
            spans.pop()
        if not spans or spans[-1][1] != code:
            spans.append((start, code))
    return spans


def theirs(paths):
    """The program's spans of IPv4 and IPv6 addresses, or None where it refuses the files."""
    run = subprocess.run([PROGRAM, WORK, *paths], capture_output=True, text=True)
    if run.returncode != 0:
        return None, run.stderr
    spans = {8: [], 32: []}
    for line in run.stdout.splitlines():
        digits, code = line.split()
        spans[len(digits)].append((int(digits, 16), code))
    return spans, ""


def main():
    passed = failed = 0
    folders = [sorted(folder.iterdir()) for folder in sorted((DATA / "rir").iterdir())]
    sets = folders + [[path] for paths in folders for path in paths]
    for paths in sets:
        name = ", ".join(path.name for path in paths)
        if any(path.suffix == ".html" for path in paths):
            continue
        spans, trouble = theirs(paths)
        if spans is None:
            print(f"registries: {name}: {trouble.strip()}")
            failed += 1
            continue
        own = Regions(paths).ranges
        for family, width, bits in ("ipv4", 8, 32), ("ipv6", 32, 128):
            expected = [span for span in joined(*own[family]) if span[0] < 1 << bits]
            if spans[width] == expected:
                passed += 1
                continue
            first = next((pair for pair in zip(spans[width], expected) if pair[0] != pair[1]), "more spans")
            print(f"registries: {name}: {family}: differ at {first}")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
