#!/usr/bin/env python3
"""Builds a publication around real captures, publishes it, and compares its counts with two other readings of the same files: one by
Python's standard library (captures.py, headers.py), one by tshark.

Usage: real.py TEITEN DATA WORK DISAGREEMENTS

1. The two readings agree file by file, packet by packet, but for those listed in DISAGREEMENTS with their reasons; so do the counts of
   EXPECTED.tsv beside the data, where they are there.
2. teiten agrees with the first reading on every file. (zstd, which that cannot read, it takes from tshark.)

Which addresses are sensors: nobody knows, the captures come from anywhere. So there are two publications: in one every even destination
address is a sensor, in the other every odd one. Packets between addresses of one kind are excluded as sent by a sensor, all others are
counted in exactly one of the two. Days are those of Asia/Tokyo, every quarter in which a packet falls is counted.

Compared, for equality: packets of each archive, packets in each bin, packets per (day, protocol and port), packets per (day, source
region), packets per (day, tool), distinct sources per day and per quarter. Region lookup is done here anew from the registries' files.
"""

import collections
import concurrent.futures
import csv
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys

import own
import tshark
from regions import Regions

TEITEN, DATA, WORK, DISAGREEMENTS = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])


def captures():
    """Files to read: each content once."""
    seen, files = set(), []
    for folder in ("pcap-valid", "pcap-scan", "pcap-malformed"):
        for path in sorted((DATA / folder).rglob("*")):
            digest = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else None
            if digest is not None and digest not in seen:
                seen.add(digest)
                files.append(path)
    return files


def name_of(path):
    return str(path.relative_to(DATA))


# ---- the readers, among themselves ----

def dated(facts):
    return collections.Counter(fact for fact in facts if fact.day is not None)


def tshark_differs(mine, theirs):
    return mine.packets != theirs.packets or dated(mine.facts) != dated(theirs.facts)


def expected_differences(mine, row, reader):
    """Columns of EXPECTED.tsv that say something else; an empty one was not measured."""
    for column, text in row.items():
        name = column.split("_", 1)[-1]
        if column.startswith(reader + "_") and text and name not in ("top_syn_ports", "rc", "t_first", "t_last"):
            if int(text) != mine.counts[name]:
                yield f"{column} {text}, not {mine.counts[name]}"


def readers_compare(readings):
    """readings: name -> (own, tshark). How many agree or differ as listed, and a text for each that does not."""
    listed = {tuple(line.split("\t")[:2]) for line in DISAGREEMENTS.read_text().splitlines() if line and not line.startswith("#")}
    found = {}
    for name, (mine, theirs) in readings.items():
        if tshark_differs(mine, theirs):
            odd = (dated(theirs.facts) - dated(mine.facts)) + (dated(mine.facts) - dated(theirs.facts))
            found[name, "tshark"] = f"{mine.packets} packets, tshark {theirs.packets} {theirs.trouble}; {[*map(str, odd)][:2]}"
    expected = DATA / "EXPECTED.tsv"
    if expected.exists():
        for row in csv.DictReader(io.StringIO(expected.read_text()), delimiter="\t"):
            for reader in ("py", "tshark") if row["path"] in readings else ():
                if lines := list(expected_differences(readings[row["path"]][0], row, reader)):
                    found[row["path"], "expected-" + reader] = "; ".join(lines)
    there = {key for key in listed if key[0] in readings and (key[1] == "tshark" or expected.exists())}
    troubles = [f"FAILED: {name}: {reader} reads it otherwise, and no reason is listed: {found[name, reader]}\n"
                for name, reader in sorted(set(found) - listed)]
    troubles += [f"FAILED: {name}: listed as read otherwise by {reader}, but they agree\n" for name, reader in sorted(there - set(found))]
    print(f"{len(readings)} captures, {sum(mine.packets for mine, _ in readings.values())} packets: the readers differ on {len(found)}, "
          f"{len(set(found) & listed)} of them explained")
    return len(readings) - len(troubles), troubles


# ---- the publications ----

PUBLICATION = """<?xml version="1.0" encoding="UTF-8"?>
<publication xmlns="urn:teiten:publication:1">
  <title xml:lang="ja">実データによる検査</title>
  <publisher xml:lang="ja">検査</publisher>
  <language>ja</language>
  <calendar time-zone="Asia/Tokyo" fiscal-year-starts="4"/>
  <captures path="captures" unreadable="skip"/>
  <sensors path="sensors.csv" home-region="JP"/>
  <names services="services.csv" iana="iana.csv" regions="regions.csv"/>
  <delegated path="rir/*"/>
  <prose path="editions/{edition}"/>
  <ranking limit="10" icmp="type"/>
  <measure id="ports" count="packets" by="port"/>
  <measure id="regions" count="packets" by="region"/>
  <measure id="tools" count="packets" by="tool"/>
  <measure id="sources" count="sources" by="nothing"/>
  <measure id="sources-by-tool" count="sources" by="tool"/>
  <table id="ports" measure="ports" top="5">
    <caption xml:lang="ja">宛先ポート</caption><key-heading xml:lang="ja">宛先ポート番号</key-heading>
    <column kind="rank"/><column kind="key"/><column kind="count"/><column kind="share"/><column kind="previous-rank"/>
  </table>
  <table id="regions" measure="regions" top="5">
    <caption xml:lang="ja">送信元地域</caption><key-heading xml:lang="ja">送信元地域</key-heading>
    <column kind="rank"/><column kind="key"/><column kind="count"/><column kind="previous-rank"/>
  </table>
  <figure id="ports-daily" kind="daily-lines" table="ports"><caption xml:lang="ja">宛先ポートの推移</caption></figure>
  <figure id="regions-daily" kind="daily-lines" table="regions"><caption xml:lang="ja">送信元地域の推移</caption></figure>
  <figure id="sources-daily" kind="daily-lines" measure="sources-by-tool"><caption xml:lang="ja">送信元の推移</caption>
    <series keys="mirai"><label xml:lang="ja">Miraiの特徴あり</label></series>
    <series not="mirai"><label xml:lang="ja">Miraiの特徴なし</label></series>
  </figure>
</publication>
"""


def flat(path):
    """Its name in the publication."""
    return "__".join(path.relative_to(DATA).parts)


def publication(folder, files, facts, parity, rir):
    folder.mkdir(parents=True)
    (folder / "publication.xml").write_text(PUBLICATION)
    (folder / "captures").mkdir()
    for path in files:
        shutil.copy(path, folder / "captures" / flat(path))
    (folder / "rir").mkdir()
    for path in rir:
        shutil.copy(path, folder / "rir" / path.name)
    shutil.copy(DATA / "iana/service-names-port-numbers-2025-11.csv", folder / "iana.csv")
    sample = pathlib.Path(__file__).resolve().parents[2] / "samples/quarterly/names"
    shutil.copy(sample / "services.csv", folder / "services.csv")
    shutil.copy(sample / "regions.csv", folder / "regions.csv")
    sensors = sorted({f.destination for f in facts if int(f.destination) % 2 == parity}, key=lambda a: (a.version, int(a)))
    with open(folder / "sensors.csv", "w") as out:
        out.write("id,prefix,region,group,label,since,until\n")
        for address in sensors:
            out.write(f"all,{address},JP,domestic,すべて,,\n")


def quarter_of(day):
    year = day.year if day.month >= 4 else day.year - 1
    return f"{year}q{(day.month - 4) % 12 // 3 + 1}"


def run(folder, *arguments):
    return subprocess.run([TEITEN, "-C", str(folder), *arguments], capture_output=True, text=True)


def counts(folder, measure, quarter):
    result = run(folder, "-q", "counts", measure, quarter)
    if result.returncode != 0:
        return None, result.stderr.strip()
    rows = {}
    for row in csv.DictReader(io.StringIO(result.stdout)):
        if int(row["count"]):
            rows[row["date"], row["key"]] = int(row["count"])
    return rows, ""


def expected_counts(facts, regions):
    tables = {name: collections.Counter() for name in ("ports", "regions", "tools")}
    sets = {name: collections.defaultdict(set) for name in ("sources", "sources-by-tool")}
    for fact in facts:
        for day in (fact.day.isoformat(), "total"):
            tables["ports"][day, fact.key] += 1
            tables["regions"][day, regions.find(fact.source)] += 1
            tables["tools"][day, fact.tool] += 1
            sets["sources"][day, "all"].add(fact.source)
            sets["sources-by-tool"][day, fact.tool].add(fact.source)
    return tables | {name: {cell: len(members) for cell, members in cells.items()} for name, cells in sets.items()}


def differences(expected, actual, by_day, name):
    lines = []
    for cell in sorted(set(expected) | set(actual)):
        if expected.get(cell, 0) == actual.get(cell, 0) or cell[0] == "total":
            continue
        files = sorted({file for file, fact in by_day[cell[0]] if name != "ports" or fact.key == cell[1]})
        lines.append(f"    {name} {cell}: expected {expected.get(cell, 0)}, teiten {actual.get(cell, 0)}; files of that day: {files[:4]}")
    return lines


def accounting_differences(folder, quarter, bins, packets):
    """The bins, and the packets of each archive, as `teiten aggregate --format json` has them."""
    result = run(folder, "-q", "aggregate", quarter, "--format", "json")
    if result.returncode != 0:
        return [f"    {result.stderr.strip()}"]
    actual = json.loads(result.stdout)
    lines = [f"    bin {name}: expected {bins[name]}, teiten {count}" for name, count in actual["bins"].items() if count != bins[name]]
    if sum(actual["bins"].values()) != actual["packets-read"]:
        lines.append("    the bins do not add up to the packets read")
    read = {archive["name"].removeprefix("captures/"): archive["packets"] for archive in actual["archives"]}
    return lines + [f"    {name}: expected {packets.get(name)} packets, teiten {read.get(name)}"
                    for name in sorted(set(read) | set(packets)) if read.get(name) != packets.get(name)]


def compare(folder, quarter, facts, regions, bins, packets):
    """facts: (file, Fact). How many measures agree, and a text for each that does not."""
    good, troubles = 0, []
    by_day = collections.defaultdict(list)
    for file, fact in facts:
        by_day[fact.day.isoformat()].append((file, fact))
    outcomes = {"accounting": accounting_differences(folder, quarter, bins, packets)}
    for name, cells in expected_counts([fact for _, fact in facts], regions).items():
        actual, trouble = counts(folder, name, quarter)
        outcomes[name] = [f"    {trouble}"] if actual is None else differences(cells, actual, by_day, name)
        if actual is not None and not outcomes[name] and dict(cells) != actual:
            outcomes[name] = ["    the quarter's totals differ although the days agree"]
    for name, lines in outcomes.items():
        if lines:
            troubles.append("\n".join([f"FAILED: {folder.name}: {quarter}: {name}: {len(lines)} cells differ", *lines[:12], ""]))
        else:
            good += 1
    return good, troubles


def expected_bins(readings, sensors, quarter_facts):
    """The bins of each quarter: what is excluded whatever the quarter, then by the rules in their order (README, "How things are counted")."""
    fixed = collections.Counter()
    for reading in readings:
        fixed += reading.bins
    timed = sum(len(reading.facts) for reading in readings)
    for quarter, facts in quarter_facts.items():
        bins = fixed.copy()
        bins["outside-quarter"] = timed - len(facts)
        for _, fact in facts:
            source, destination = fact.source in sensors, fact.destination in sensors
            bins["from-sensor" if source else "counted" if destination else "not-to-sensor"] += 1
        yield quarter, bins


def publications_check(files, used, regions, rir, tunnels=False):
    """used: the reading of each file. Returns how many comparisons agree, and prints what does not."""
    passed = failed = 0
    facts = [(name_of(path), fact) for path, reading in zip(files, used) for fact in reading.facts if fact.day is not None]
    packets = {flat(path): reading.packets for path, reading in zip(files, used)}
    quarter_facts = collections.defaultdict(list)
    for file, fact in facts:
        quarter_facts[quarter_of(fact.day)].append((file, fact))
    for parity in (0, 1):
        folder = WORK / (("odd" if parity else "even") + ("-tunnels" if tunnels else ""))
        publication(folder, files, [fact for _, fact in facts], parity, rir)
        if tunnels:
            text = (folder / "publication.xml").read_text()
            (folder / "publication.xml").write_text(text.replace('unreadable="skip"', 'unreadable="skip" tunnels="ip gre vxlan geneve"'))
        sensors = {fact.destination for _, fact in facts if int(fact.destination) % 2 == parity}
        admitted = {quarter: [(file, f) for file, f in items if f.destination in sensors and f.source not in sensors]
                    for quarter, items in quarter_facts.items()}
        bins = dict(expected_bins(used, sensors, quarter_facts))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            results = list(pool.map(lambda q: compare(folder, q, admitted[q], regions, bins[q], packets), sorted(admitted)))
        for good, troubles in results:
            passed, failed = passed + good, failed + len(troubles)
            print("".join(troubles), end="")
        busiest = sorted(admitted, key=lambda q: (-len(admitted[q]), q))[:0 if tunnels else 2]
        for quarter in busiest:
            result = run(folder, "-q", "report", quarter)
            page = folder / "out" / quarter / "index.xhtml"
            fine = result.returncode == 0 and page.exists() and (page.parent / "report.pdf").stat().st_size > 10000
            passed, failed = passed + fine, failed + (not fine)
            print(f"{'published' if fine else 'FAILED: publishing'} {folder.name} {quarter}: {len(admitted[quarter])} packets"
                  + ("" if fine else "\n    " + result.stderr.strip()[-600:]))
        print(f"{folder.name}: {sum(map(len, admitted.values()))} packets in {len(admitted)} quarters compared")
    return passed, failed


def stand_in(theirs):
    """tshark's reading as the first reader would have it: packets without a time, which tshark dates 1970, are no facts."""
    facts = [fact for fact in theirs.facts if fact.day is not None]
    return theirs._replace(facts=facts, bins=theirs.bins + collections.Counter({"bad-time": theirs.packets - len(facts)}))


def main():
    files = captures()
    # AFRINIC's file lies there in both forms; one is enough.
    rir = [path for path in sorted((DATA / "rir/2025-12-31").iterdir()) if path.name != "delegated-afrinic-latest"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        theirs = list(pool.map(tshark.read, files))
    mine = [own.read(path.read_bytes()) for path in files]
    passed, troubles = readers_compare({name_of(path): pair for path, *pair in zip(files, mine, theirs)})
    print("".join(troubles), end="")
    used = [stand_in(b) if a.trouble.startswith("Unreadable") else a for a, b in zip(mine, theirs)]
    regions = Regions(rir)
    good, bad = publications_check(files, used, regions, rir)
    passed, failed = passed + good, len(troubles) + bad
    # The captures in which tunnels make a difference, by their innermost headers.
    inner = {path: own.read(path.read_bytes(), tunnels=True) for path in files}
    opened = [(path, inner[path]) for path, outer in zip(files, mine) if inner[path] != outer]
    good, bad = publications_check(*zip(*opened), regions, rir, tunnels=True)
    passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
