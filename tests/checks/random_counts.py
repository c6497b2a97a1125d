#!/usr/bin/env python3
"""Random publications, counted by `teiten` and here. Usage: random_counts.py FIRST COUNT   (seeds, each one publication in ./SEED)

Captures, headers and registries are read by tests/oracle/; what is counted is written anew from the README: a packet is asked for every
measure, a set is a set of addresses. Prints each difference and keeps that publication's folder; status 1 then.
"""
import collections
import csv
import datetime
import gzip
import io
import ipaddress
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
import captures  # noqa: E402
import headers as packet_headers  # noqa: E402
from facts import NAMES, tool_of  # noqa: E402
from regions import Regions  # noqa: E402

UTC = datetime.timezone.utc
# Quarters of fiscal years that start in April, most of them with a day of 23, 25, 23.5 or 24.5 hours, or without a midnight.
CALENDARS = [("Asia/Tokyo", "2025q1"), ("America/New_York", "2024q4"), ("America/New_York", "2025q3"), ("Australia/Lord_Howe", "2025q1"),
             ("Australia/Lord_Howe", "2024q3"), ("America/Sao_Paulo", "2017q4"), ("Africa/Cairo", "2024q1"), ("America/Havana", "2024q3")]
PREFIXES = "192.0.2.0/28 192.0.2.16/29 192.0.2.24/32 198.51.100.0/24 2001:db8:5::/64 2001:db8:6::/48 2001:db8:7::1/128".split()
SENSORS = {"a": ("JP", "domestic"), "b": ("JP", "overseas"), "c": ("US", "overseas"), "d-4": ("US", "lab")}
SOURCES = [ipaddress.ip_address(a) for a in "0.0.0.0 10.1.0.1 10.1.0.2 10.1.0.128 10.1.1.1 10.2.0.7 10.2.3.255 172.16.0.1 255.255.255.255 "
           ":: ::ffff:10.1.0.1 2001:db8:10::1 2001:db8:10::2 2001:db8:11::1 2002:a01:1::1".split()]
PORTS, TYPES = [0, 3, 8, 22, 23, 53, 80, 2323, 8191, 8192, 65535], [0, 3, 5, 8, 11, 13, 128, 135, 255]
KEYS = "port protocol region sensor group tool source-24".split()
FLAGS = "fin syn rst psh ack urg ece cwr".split()
NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}


class Calendar:
    """A local day begins with the first second whose local date it is, or, where clocks jump over it, with the jump."""

    def __init__(self, zone, edition):
        self.zone, month = zoneinfo.ZoneInfo(zone), int(edition[:4]) * 12 + 3 * int(edition[5])
        first, end = (datetime.date(m // 12, m % 12 + 1, 1) for m in (month, month + 3))
        self.dates = [first + datetime.timedelta(i) for i in range((end - first).days)]
        self.starts = [self.begin(date) for date in self.dates + [end]]

    def local(self, second):
        return datetime.datetime.fromtimestamp(second, UTC).astimezone(self.zone)

    def begin(self, date):
        middle = int(datetime.datetime(date.year, date.month, date.day, tzinfo=UTC).timestamp())
        low, high = middle - 86400, middle + 86400
        while high - low > 1:
            half = (low + high) // 2
            low, high = (low, half) if self.local(half).date() >= date else (half, high)
        return high

    def find(self, second):
        return next((i for i in range(len(self.dates)) if self.starts[i] <= second < self.starts[i + 1]), None)

    def times(self, day, per):
        """The texts of a day, or of its hours."""
        if per == "day":
            return [str(self.dates[day])]
        start, end = self.starts[day:day + 2]
        return [local.strftime("%Y-%m-%dT%H" + (":%M" if local.minute else "") + ("" if end - start == 86400 else "%z"))
                for local in map(self.local, range(start, end, 3600))]


# ---- what is made ----

def packet(rng, lines):
    """Bytes from the IP header on, and its EtherType."""
    prefix = rng.choice(lines)[1]
    version = prefix.version
    source = rng.choice([a for a in SOURCES if a.version == version])
    target = prefix[rng.randrange(min(prefix.num_addresses, 300))] if rng.random() < 0.9 else ipaddress.ip_address(
        "192.0.2.255" if version == 4 else "2001:db8:9::1")
    source = prefix[0] if rng.random() < 0.04 else source
    protocol, port = rng.choice([6, 6, 6, 17, 1, 58, 47, 132]), rng.choice(PORTS)
    sequence, flags = rng.choice([int(target) & 0xFFFFFFFF, rng.getrandbits(32)]), rng.choice([2, 2, 2, 0x12, 4, 0x10, 3, 0xC2, 0])
    number = rng.choice([7, 54321, (int(target) ^ port ^ sequence) & 0xFFFF])
    body = {6: struct.pack("!HHIIBBHI", 40000, port, sequence, 0, 0x50, flags, 1024, 0),
            17: struct.pack("!HHI", rng.choice([53, 40000]), port, 8 << 16), 132: struct.pack("!HHQ", 40000, port, 0)}.get(
                protocol, bytes([rng.choice(TYPES)]) + bytes(7))
    if version == 4:
        options = b"\1" * rng.choice([0, 0, 0, 4, 40])
        fragment = rng.choice([0, 0, 0, 0, 0x4000, 0x2000, 1])
        header = struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(body), number, fragment, 64, protocol, 0)
        return 0x0800, header + source.packed + target.packed + options + body
    for kind in rng.choice([[], [], [60], [44], [0, 44]]):
        body = bytes([protocol, 0]) + struct.pack("!HI", rng.choice([0, 1, 8]) if kind == 44 else 0, 0) + body
        protocol = kind
    return 0x86DD, struct.pack("!IHBB", 6 << 28, len(body), protocol, 64) + source.packed + target.packed + body


def capture(rng, size, calendar, days, lines):
    """A classic pcap of Ethernet: some packets tagged, some no IP, some cut by the snap length; times at the edges of days and hours."""
    order, nano, snap = rng.choice("<>"), rng.random() < 0.5, rng.choice([65535, 65535, 60, 46])
    out = struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for _ in range(size):
        kind, data = packet(rng, lines) if rng.random() < 0.97 else (0x0806, bytes(28))
        data = bytes(12) + (b"\x81\0\0\5" if rng.random() < 0.1 else b"") + struct.pack("!H", kind) + data
        day = rng.choice(days)
        start, end = calendar.starts[day:day + 2]
        time = rng.choice([start, start - 1, start + 3599, start + 3600, end - 1, end - 3600, end, rng.randrange(start, end)])
        units = 10**9 if nano else 10**6
        fraction = rng.choice([0, units - 1, units if rng.random() < 0.1 else 7])
        wire_size = rng.choice([len(data), len(data), len(data), 0xFFFFFFFF, len(data) + 1])
        out += struct.pack(order + "IIII", time, fraction, min(snap, len(data)), wire_size) + data[:snap]
    return out


def some(rng, words):
    return " ".join(rng.sample(words, rng.randint(1, min(3, len(words)))))


def measure(rng, number, ids):
    ranges = " ".join(f"{a}-{min(255, a + rng.choice([0, 1, 50]))}" for a in rng.sample(TYPES, 2))
    values = {"sensor": some(rng, ids), "sensor-group": some(rng, sorted({SENSORS[i][1] for i in ids})),
              "sensor-region": some(rng, sorted({SENSORS[i][0] for i in ids})), "source-region": some(rng, ["JP", "US", "EU", "??"]),
              "tool": some(rng, "mirai zmap masscan backscatter other".split()),
              "protocol": some(rng, ["tcp", "udp", "icmp", "icmpv6", "47"]),
              "port": rng.choice([some(rng, [*map(str, PORTS)]), ranges]), "icmp-type": ranges,
              "source-prefix": some(rng, ["10.1.0.0/16", "10.1.0.0/25", "::/0", "2001:db8:10::/47", "0.0.0.0"]),
              "not-source-prefix": some(rng, ["10.1.0.0/24", "10.1.1.0/24", "128.0.0.0/1", "::ffff:0:0/96"]),
              "tcp-flags": some(rng, [rng.choice(["", "!"]) + flag for flag in FLAGS])}
    where = {name: text for name, text in values.items() if rng.random() < 0.12}
    if "icmp-type" in where:  # refused with these
        where = {name: text for name, text in where.items() if name not in ("port", "tcp-flags", "protocol")}
    if "tcp-flags" in where:
        where.pop("protocol", None)
    return {"id": f"m{number}", "count": rng.choice(["packets", "bytes", "sources", "source-sensors"]),
            "by": rng.choice(["nothing", rng.choice(KEYS), " ".join(rng.sample(KEYS, 2))]),
            "per": rng.choice(["day", "day", "hour"])}, where


def sensor_lines(rng, dates):
    """(id, prefix, since, until): always there, from or up to a day, or handed over to another sensor."""
    lines = []
    for prefix in rng.sample(PREFIXES, 5):
        one, other = rng.sample(sorted(SENSORS), 2)
        day = rng.choice(dates[1:])
        before = day - datetime.timedelta(1)
        periods = [[(one, "", "")], [(one, day, "")], [(one, "", day)], [(one, "", before), (other, day, "")]]
        lines += [(sensor, ipaddress.ip_network(prefix), since, until) for sensor, since, until in rng.choice(periods)]
    return lines


def registry(rng):
    ranges = rng.sample(["10.1.0.0|65536", "10.1.0.0|256", "10.1.0.1|1", "10.1.0.2|1000", "10.2.0.0|768", "0.0.0.0|5"], 4)
    prefixes = rng.sample(["2001:db8::|32", "2001:db8:10::|48", "2001:db8:10::2|128", "::|96"], 2)
    records = [f"apnic|{rng.choice(['JP', 'US', 'EU', 'ZZ', ''])}|{family}|{start}|{rng.choice(['20100101', '20200101', ''])}|"
               f"{rng.choice(['allocated', 'assigned', 'reserved'])}|x"
               for family, starts in (("ipv4", ranges), ("ipv6", prefixes)) for start in starts]
    rng.shuffle(records)
    head = ["2.3|apnic|1|6|19830705|20250630|+1000", "apnic|*|ipv4|*|4|summary", "apnic|*|ipv6|*|2|summary"]
    return "\n".join([*head, *records, ""])


def make(folder, rng, zone, edition):
    calendar = Calendar(zone, edition)
    odd = [i for i in range(len(calendar.dates)) if calendar.starts[i + 1] - calendar.starts[i] != 86400]
    days = [0, len(calendar.dates) - 1, *odd, *rng.sample(range(len(calendar.dates)), 2)]
    lines = sensor_lines(rng, [calendar.dates[i] for i in days])
    (folder / "captures").mkdir(parents=True)
    for name, size in ("a", 400), ("b", 200), ("c", 1):
        data = capture(rng, size, calendar, days, lines)
        (folder / "captures" / name).write_bytes(rng.choice([bytes, gzip.compress])(data))
    (folder / "delegated-x").write_text(registry(rng))
    (folder / "services.csv").write_text("port,protocol,name,use\n")
    (folder / "regions.csv").write_text("code,ja,en\nJP,JP,JP\nUS,US,US\nEU,EU,EU\n")
    with open(folder / "sensors.csv", "w") as out:
        out.write("id,prefix,region,group,label,since,until\n")
        for sensor, prefix, since, until in lines:
            out.write(f"{sensor},{prefix},{','.join(SENSORS[sensor])},{sensor},{since},{until}\n")
    icmp = rng.choice(["type", "type", "one"])
    measures = [measure(rng, number, sorted({line[0] for line in lines})) for number in range(16)]
    attributes = [[" ".join(f'{name}="{value}"' for name, value in part.items()) for part in one] for one in measures]
    (folder / "publication.xml").write_text(
        '<publication xmlns="urn:teiten:publication:1"><title xml:lang="en">x</title><publisher xml:lang="en">x</publisher>'
        f'<language>en</language><calendar time-zone="{zone}" fiscal-year-starts="4"/><captures path="captures"/>'
        '<sensors path="sensors.csv" home-region="JP"/><names services="services.csv" regions="regions.csv"/>'
        f'<delegated path="delegated-x"/><ranking icmp="{icmp}"/>\n'
        + "\n".join(f"<measure {one}><where {where}/></measure>" for one, where in attributes) + "</publication>")
    return calendar, lines, icmp, measures


# ---- what is counted ----

Fact = collections.namedtuple("Fact", "headers day hour sensor region tool size")


def facts(folder, calendar, lines):
    """What was counted, and the bins."""
    found, bins, regions = [], collections.Counter(), Regions([folder / "delegated-x"])

    def sensor_at(address, date):
        return next((sensor for sensor, prefix, since, until in lines if address in prefix and
                     (since or date) <= date <= (until or date)), None)

    for path in sorted((folder / "captures").iterdir()):
        for one in captures.packets(path.read_bytes()):
            try:
                headers = packet_headers.read(one.link, one.data)
            except packet_headers.Excluded as excluded:
                bins[str(excluded)] += 1
                continue
            day = calendar.find(one.seconds)
            target = day is not None and sensor_at(headers.destination, calendar.dates[day])
            if one.nanoseconds is None:
                bins["bad-time"] += 1
            elif day is None:
                bins["outside-quarter"] += 1
            elif sensor_at(headers.source, calendar.dates[day]):
                bins["from-sensor"] += 1
            elif not target:
                bins["not-to-sensor"] += 1
            else:
                bins["counted"] += 1
                hour = (one.seconds - calendar.starts[day]) // 3600
                found.append(Fact(headers, day, hour, target, regions.find(headers.source), tool_of(headers), one.wire_size))
    return found, bins


def within(value, ranges):
    bounds = [[*map(int, word.split("-"))] for word in ranges.split()]
    return any(bound[0] <= value <= bound[-1] for bound in bounds)


def is_in(address, prefixes):
    return any(address in ipaddress.ip_network(prefix) for prefix in prefixes.split())


def admits(where, fact):
    headers = fact.headers
    named = [NUMBERS.get(word) or int(word) for word in where.get("protocol", "").split()]
    is_type = headers.protocol in (1, 58)
    flags = headers.flags if headers.protocol == 6 else None
    tests = {
        "sensor": lambda text: fact.sensor in text.split(),
        "sensor-region": lambda text: SENSORS[fact.sensor][0] in text.split(),
        "sensor-group": lambda text: SENSORS[fact.sensor][1] in text.split(),
        "source-region": lambda text: fact.region in text.split(),
        "tool": lambda text: fact.tool in text.split(),
        "protocol": lambda text: headers.protocol in named,
        "port": lambda text: headers.protocol in NAMES and (not is_type or headers.protocol in named) and within(headers.port, text),
        "icmp-type": lambda text: headers.protocol == 1 and within(headers.port, text),
        "source-prefix": lambda text: is_in(headers.source, text),
        "not-source-prefix": lambda text: not is_in(headers.source, text),
        "tcp-flags": lambda text: flags is not None and all(bool(flags >> FLAGS.index(word.lstrip("!")) & 1) != (word[0] == "!")
                                                            for word in text.split()),
    }
    return all(tests[name](text) for name, text in where.items())


def key(by, fact, icmp):
    headers = fact.headers
    name = NAMES.get(headers.protocol)
    if by == "port" and name:
        return "ICMP" if icmp == "one" and name in ("ICMP", "ICMPv6") else f"{headers.port}/{name}"
    if by == "source-24":
        return str(ipaddress.ip_network((headers.source, 24 if headers.version == 4 else 48), strict=False))
    protocol = name or f"{headers.protocol}/IP"
    return {"nothing": "all", "port": protocol, "protocol": protocol, "region": fact.region, "sensor": fact.sensor,
            "group": SENSORS[fact.sensor][1], "tool": fact.tool}[by]


def value(count, some_facts):
    if count == "packets":
        return len(some_facts)
    if count == "bytes":
        return sum(fact.size for fact in some_facts)
    return len({(fact.headers.source, count == "source-sensors" and fact.sensor) for fact in some_facts})


def expected(calendar, found, icmp, one, where):
    """Lines of `teiten counts`: (date, key) -> count."""
    cells, lines = collections.defaultdict(list), {}
    for fact in found:
        if admits(where, fact):
            cells[tuple(key(by, fact, icmp) for by in one["by"].split())].append(fact)
    delivered = {(fact.sensor, fact.day) for fact in found}
    for keys, members in cells.items():
        part = dict(zip(one["by"].split(), keys))
        sensors = {sensor for sensor, (region, group) in SENSORS.items()
                   if sensor in where.get("sensor", sensor).split() and region in where.get("sensor-region", region).split()
                   and group in where.get("sensor-group", group).split()
                   and sensor == part.get("sensor", sensor) and group == part.get("group", group)}
        for day in sorted({day for sensor, day in delivered if sensor in sensors}):
            for hour, text in enumerate(calendar.times(day, one["per"])):
                lines[text, "+".join(keys)] = value(one["count"], [fact for fact in members if fact.day == day
                                                                   and (one["per"] == "day" or fact.hour == hour)])
        lines["total", "+".join(keys)] = value(one["count"], members)
    return lines


def teiten(folder, *arguments):
    result = subprocess.run(["teiten", "-C", str(folder), "-q", *arguments], capture_output=True, text=True,
                            env=os.environ | {"TZ": "Asia/Kabul"})
    if result.returncode != 0:
        sys.exit(f"FAILED: {folder}: teiten {' '.join(arguments)}: {result.stderr}")
    return result.stdout


def differences(folder, rng, zone, edition):
    calendar, lines, icmp, measures = make(folder, rng, zone, edition)
    found, bins = facts(folder, calendar, lines)
    counted = {name: count for name, count in json.loads(teiten(folder, "aggregate", edition, "--format", "json"))["bins"].items() if count}
    if counted != dict(bins):
        yield f"bins {counted}, expected {dict(bins)}"
    for one, where in measures:
        rows = [*csv.reader(io.StringIO(teiten(folder, "counts", one["id"], edition)))][1:]
        got, want = {(date, name): int(count) for date, name, count in rows}, expected(calendar, found, icmp, one, where)
        wrong = sorted(cell for cell in got.keys() | want.keys() if got.get(cell) != want.get(cell))
        if wrong or len(got) != len(rows):
            yield f"{one} {where}: {len(wrong)} of {len(want)} lines, as {[(cell, got.get(cell), want.get(cell)) for cell in wrong[:3]]}"
        compared.update(lines=len(want), seen=sum(count > 0 for count in want.values()))
    compared["packets"] += bins["counted"]


compared = collections.Counter()
failed = False
for seed in range(int(sys.argv[1]), int(sys.argv[1]) + int(sys.argv[2])):
    work = pathlib.Path(str(seed))
    problems = list(differences(work, random.Random(seed), *CALENDARS[seed % len(CALENDARS)]))
    print(*(f"FAILED: publication {seed}: {problem}" for problem in problems), sep="\n", end="")
    failed = failed or bool(problems)
    if not problems:
        shutil.rmtree(work)
if min(compared["packets"], compared["lines"] // 4, compared["seen"]) < 150 * int(sys.argv[2]):
    sys.exit(f"FAILED: hardly anything was compared: {dict(compared)}")
sys.exit(failed)
