"""What a packet counts as: its local day, addresses, port key and tool, by the rules that the README states. Whoever reads the headers
(tshark.py, or captures.py with headers.py) ends here."""

import collections
import datetime

TOKYO = datetime.timezone(datetime.timedelta(hours=9))
NAMES = {6: "TCP", 17: "UDP", 136: "UDPLite", 132: "SCTP", 33: "DCCP", 1: "ICMP", 58: "ICMPv6"}
BACKSCATTER_TYPES = (0, 3, 4, 5, 11, 12, 14, 16, 18)

Fact = collections.namedtuple("Fact", "day source destination key tool")

# Of one file by one reader. `bins`: packets that are no facts, by reason; `trouble`: why reading ended, or ""; `counts`: see EXPECTED.tsv.
Reading = collections.namedtuple("Reading", "facts packets bins trouble counts")


def day_of(seconds):
    """None beyond the years that have editions."""
    if not 40_000_000 < seconds < 32_000_000_000:
        return None
    return (datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).astimezone(TOKYO).date()


def is_syn(headers):
    return headers.protocol == 6 and headers.flags is not None and headers.flags & 0x17 == 0x02


def tool_of(headers):
    target = int(headers.destination)
    if headers.version == 4 and is_syn(headers):
        if headers.sequence == target:
            return "mirai"
        if headers.identification == 54321:
            return "zmap"
        if headers.identification == (target & 0xFFFF) ^ headers.port ^ (headers.sequence & 0xFFFF):
            return "masscan"
    if headers.protocol == 6 and headers.flags is not None and (headers.flags & 0x12 == 0x12 or headers.flags & 0x04):
        return "backscatter"
    if headers.protocol == 17 and headers.source_port == 53:
        return "backscatter"
    if headers.protocol == 1 and headers.port in BACKSCATTER_TYPES:
        return "backscatter"
    return "other"


def fact(seconds, headers):
    key = f"{headers.port}/{NAMES[headers.protocol]}" if headers.protocol in NAMES else f"{headers.protocol}/IP"
    return Fact(day_of(seconds), headers.source, headers.destination, key, tool_of(headers))
