"""Regions of addresses, looked up anew in the registries' files by the stated rule for overlaps."""

import bisect
import collections
import ipaddress


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
