"""Builds a publication around real captures, publishes it, and compares its counts with tshark's reading of the same files.

Usage: real.py TEITEN DATA WORK LEFT_OUT

Which addresses are sensors: nobody knows, the captures come from anywhere. So there are two publications: in one every even destination
address is a sensor, in the other every odd one. Packets between addresses of one kind are excluded as sent by a sensor, all others are
counted in exactly one of the two. Days are those of Asia/Tokyo, every quarter in which a packet falls is counted.

Compared, for equality: packets per (day, protocol and port), packets per (day, source region), packets per (day, tool), distinct
sources per day and per quarter. Region lookup is done here anew from the registries' files, by the stated rule for overlaps.
"""

import bisect
import collections
import concurrent.futures
import csv
import datetime
import hashlib
import io
import ipaddress
import os
import pathlib
import shutil
import subprocess
import sys

TEITEN, DATA, WORK, LEFT_OUT = sys.argv[1], *map(pathlib.Path, sys.argv[2:5])
TOKYO = datetime.timezone(datetime.timedelta(hours=9))
FIELDS = (
    "frame.time_epoch frame.protocols ip.src ip.dst ip.proto ip.frag_offset ip.id ipv6.src ipv6.dst ipv6.fraghdr.offset "
    "tcp.dstport tcp.seq_raw tcp.flags udp.dstport udp.srcport sctp.dstport dccp.dstport icmp.type icmpv6.type ipv6.nxt "
    "ipv6.hopopts.nxt ipv6.routing.nxt ipv6.fraghdr.nxt ipv6.dstopts.nxt ah.next_header mip6.proto"
).split()
# IPv6 extension headers as tshark names them, and the field that says what follows each.
EXTENSIONS = {"ipv6.hopopts": "ipv6.hopopts.nxt", "ipv6.routing": "ipv6.routing.nxt", "ipv6.fraghdr": "ipv6.fraghdr.nxt",
              "ipv6.dstopts": "ipv6.dstopts.nxt", "ah": "ah.next_header", "mipv6": "mip6.proto", "hip": "", "shim6": ""}
PORT_FIELDS = {"tcp": "tcp.dstport", "udp": "udp.dstport", "udplite": "udp.dstport", "sctp": "sctp.dstport",
               "dccp": "dccp.dstport", "icmp": "icmp.type", "icmpv6": "icmpv6.type"}
NAMES = {6: "TCP", 17: "UDP", 136: "UDPLite", 132: "SCTP", 33: "DCCP", 1: "ICMP", 58: "ICMPv6"}
NUMBERS = {"tcp": 6, "udp": 17, "udplite": 136, "sctp": 132, "dccp": 33, "icmp": 1, "icmpv6": 58}

Fact = collections.namedtuple("Fact", "file day source destination key tool")


def captures():
    """Files to read: each content once, without those whose disagreement is explained in LEFT_OUT."""
    left_out = {line.split("\t")[0] for line in LEFT_OUT.read_text().splitlines() if line and not line.startswith("#")}
    seen, files = set(), []
    for folder in ("pcap-valid", "pcap-scan", "pcap-malformed"):
        for path in sorted((DATA / folder).rglob("*")):
            name = str(path.relative_to(DATA))
            digest = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else None
            if digest is None or digest in seen or name in left_out:
                continue
            seen.add(digest)
            files.append(path)
    return files


def tshark(path):
    command = ["tshark", "-n", "-r", str(path), "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o", "wlan.defragment:FALSE",
               "-o", "tcp.desegment_tcp_streams:FALSE", "-T", "fields", "-E", "occurrence=f"]
    for field in FIELDS:
        command += ["-e", field]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    return path, [dict(zip(FIELDS, line.split("\t"))) for line in result.stdout.splitlines()]


def tool_of(row, protocol, source, destination, version):
    flags = int(row["tcp.flags"], 16) if protocol == 6 and row["tcp.flags"] else None
    if flags is not None and version == 4 and flags & 0x17 == 0x02:
        sequence = int(row["tcp.seq_raw"])
        ip_id = int(row["ip.id"], 16)
        target = int(destination)
        if sequence == target:
            return "mirai"
        if ip_id == 54321:
            return "zmap"
        if ip_id == (target & 0xFFFF) ^ int(row["tcp.dstport"]) ^ (sequence & 0xFFFF):
            return "masscan"
    if flags is not None and (flags & 0x12 == 0x12 or flags & 0x04):
        return "backscatter"
    if protocol == 17 and row["udp.srcport"] == "53":
        return "backscatter"
    if protocol == 1 and row["icmp.type"] in ("0", "3", "4", "5", "11", "12", "14", "16", "18"):
        return "backscatter"
    return "other"


def fact_of(path, row):
    """One tshark line as a fact, or None when it is none: not IP, a later fragment, a header cut before the port."""
    protocols = row["frame.protocols"].split(":")
    first = next((i for i, name in enumerate(protocols) if name in ("ip", "ipv6")), None)
    if first is None or not row["frame.time_epoch"]:
        return None
    version = 4 if protocols[first] == "ip" else 6
    prefix = "ip" if version == 4 else "ipv6"
    if not row[prefix + ".src"] or not row[prefix + ".dst"]:
        return None
    source, destination = ipaddress.ip_address(row[prefix + ".src"]), ipaddress.ip_address(row[prefix + ".dst"])
    if version == 4:
        if row["ip.frag_offset"] not in ("", "0") or not row["ip.proto"]:
            return None
        after = first + 1
        protocol = int(row["ip.proto"])
    else:
        after = first + 1
        follows = row["ipv6.nxt"]
        while after < len(protocols) and protocols[after] in EXTENSIONS:
            if protocols[after] == "ipv6.fraghdr" and row["ipv6.fraghdr.offset"] not in ("", "0"):
                return None
            if protocols[after] == "mipv6" and follows != "135":  # tshark takes 62 for it as well, as an old draft did
                break
            follows = row.get(EXTENSIONS[protocols[after]], "")
            after += 1
        protocol = None
    name = protocols[after] if after < len(protocols) else ""
    if protocol is None:
        protocol = NUMBERS.get(name, int(follows) if follows else None)
    if protocol is None:
        return None
    if protocol in NAMES:
        port = row[PORT_FIELDS[name]] if name in PORT_FIELDS else ""
        if port == "":
            return None
        key = f"{int(port)}/{NAMES[protocol]}"
    else:
        key = f"{protocol}/IP"
    whole, _, fraction = row["frame.time_epoch"].partition(".")
    second = int(whole) - (1 if whole.startswith("-") and int(fraction or 0) else 0)
    if not 40_000_000 < second < 32_000_000_000:  # editions have names from 1971 to 2999
        return None
    day = (datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=second)).astimezone(TOKYO).date()
    return Fact(str(path.relative_to(DATA)), day, source, destination, key, tool_of(row, protocol, source, destination, version))


def registry_records(path):
    """(first, last, size, date, registry, code) of one delegated file, for both families."""
    for line in path.read_text(errors="replace").splitlines():
        fields = [field.strip() for field in line.split("|")]
        if line.startswith("#") or len(fields) < 7 or fields[2] not in ("ipv4", "ipv6") or fields[-1] == "summary":
            continue
        registry, code, family, start, value, date, status = fields[:7]
        if status not in ("allocated", "assigned") or not code or code == "ZZ" or code == "*":
            continue
        try:
            first = int(ipaddress.ip_address(start))
            size = int(value) if family == "ipv4" else 1 << (128 - int(value))
        except ValueError:
            continue
        yield family, first, first + size - 1, size, date, registry, code


class Regions:
    """The record of fewest addresses wins; then the later date; then the registry first by name."""

    def __init__(self, paths):
        records = {"ipv4": [], "ipv6": []}
        for path in paths:
            for family, *record in registry_records(path):
                records[family].append(tuple(record))
        self.ranges = {family: self.flatten(items) for family, items in records.items()}

    @staticmethod
    def flatten(records):
        # A sweep over all edges: the best of the open records holds until the next edge. Dates sort backwards, hence the negation.
        edges = sorted({edge for first, last, *_ in records for edge in (first, last + 1)})
        events = collections.defaultdict(list)
        for number, (first, last, *_rest) in enumerate(records):
            events[first].append((True, number))
            events[last + 1].append((False, number))
        rank = {}
        for number, (first, last, size, date, registry, code) in enumerate(records):
            rank[number] = (size, -int(date) if date.isdigit() else 0, registry, code)
        starts, codes, active = [], [], set()
        for edge in edges:
            for opens, number in events[edge]:
                (active.add if opens else active.discard)(number)
            starts.append(edge)
            codes.append(records[min(active, key=rank.get)][5] if active else "??")
        return starts, codes

    def find(self, address):
        starts, codes = self.ranges["ipv4" if address.version == 4 else "ipv6"]
        index = bisect.bisect_right(starts, int(address)) - 1
        return codes[index] if index >= 0 else "??"


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


def publication(folder, files, facts, parity, rir):
    folder.mkdir(parents=True)
    (folder / "publication.xml").write_text(PUBLICATION)
    (folder / "captures").mkdir()
    for path in files:
        shutil.copy(path, folder / "captures" / "__".join(path.relative_to(DATA).parts))
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


def differences(expected, actual, facts, name):
    lines = []
    for cell in sorted(set(expected) | set(actual)):
        if expected.get(cell, 0) == actual.get(cell, 0) or cell[0] == "total":
            continue
        files = sorted({f.file for f in facts if f.day.isoformat() == cell[0] and (name != "ports" or f.key == cell[1])})
        lines.append(f"    {name} {cell}: tshark {expected.get(cell, 0)}, teiten {actual.get(cell, 0)}; files of that day: {files[:4]}")
    return lines


def compare(folder, quarter, facts, regions):
    """How many measures agree, and a text for each that does not."""
    good, troubles = 0, []
    for name, cells in expected_counts(facts, regions).items():
        actual, trouble = counts(folder, name, quarter)
        lines = [f"    {trouble}"] if actual is None else differences(cells, actual, facts, name)
        if actual is not None and not lines and dict(cells) != actual:
            lines = ["    the quarter's totals differ although the days agree"]
        if lines:
            troubles.append("\n".join([f"FAILED: {folder.name}: {quarter}: {name}: {len(lines)} cells differ", *lines[:12], ""]))
        else:
            good += 1
    return good, troubles


def main():
    passed = failed = 0
    files = captures()
    # AFRINIC's file lies there in both forms; one is enough.
    rir = [path for path in sorted((DATA / "rir/2025-12-31").iterdir()) if path.name != "delegated-afrinic-latest"]
    regions = Regions(rir)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        readings = list(pool.map(tshark, files))
    facts = [fact for path, rows in readings for row in rows if (fact := fact_of(path, row)) is not None]
    print(f"tshark: {len(files)} captures, {sum(len(rows) for _, rows in readings)} frames, {len(facts)} facts")
    for parity in (0, 1):
        folder = WORK / ("odd" if parity else "even")
        publication(folder, files, facts, parity, rir)
        sensors = {f.destination for f in facts if int(f.destination) % 2 == parity}
        admitted = [f for f in facts if f.destination in sensors and f.source not in sensors]
        by_quarter = collections.defaultdict(list)
        for fact in admitted:
            by_quarter[quarter_of(fact.day)].append(fact)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            results = list(pool.map(lambda quarter: compare(folder, quarter, by_quarter[quarter], regions), sorted(by_quarter)))
        for good, troubles in results:
            passed, failed = passed + good, failed + len(troubles)
            print("".join(troubles), end="")
        busiest = sorted(by_quarter, key=lambda q: (-len(by_quarter[q]), q))[:3]
        for quarter in busiest:
            result = run(folder, "-q", "report", quarter)
            page = folder / "out" / quarter / "index.xhtml"
            fine = result.returncode == 0 and page.exists() and (page.parent / "report.pdf").stat().st_size > 10000
            passed, failed = passed + fine, failed + (not fine)
            print(f"{'published' if fine else 'FAILED: publishing'} {folder.name} {quarter}: {len(by_quarter[quarter])} packets"
                  + ("" if fine else "\n    " + result.stderr.strip()[-600:]))
        print(f"{folder.name}: {len(admitted)} packets in {len(by_quarter)} quarters compared")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
