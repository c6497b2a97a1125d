"""tshark's reading of a capture, as facts."""

import collections
import ipaddress
import subprocess

from facts import NAMES, Reading, fact
from headers import Headers

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
NUMBERS = {"tcp": 6, "udp": 17, "udplite": 136, "sctp": 132, "dccp": 33, "icmp": 1, "icmpv6": 58}


def rows(path):
    command = ["tshark", "-n", "-r", str(path), "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o", "wlan.defragment:FALSE",
               "-o", "tcp.desegment_tcp_streams:FALSE", "-T", "fields", "-E", "occurrence=f"]
    for field in FIELDS:
        command += ["-e", field]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    trouble = "" if result.returncode == 0 else result.stderr.strip().splitlines()[-1]
    return [dict(zip(FIELDS, line.split("\t"))) for line in result.stdout.splitlines()], trouble


def number(text, base=10):
    return int(text, base) if text else None


def follows_of(row, protocols, first):
    """The IPv6 protocol after all extension headers, and its name; None for a later fragment."""
    after, follows = first + 1, row["ipv6.nxt"]
    while after < len(protocols) and protocols[after] in EXTENSIONS:
        if protocols[after] == "ipv6.fraghdr" and row["ipv6.fraghdr.offset"] not in ("", "0"):
            return None, ""
        if protocols[after] == "mipv6" and follows != "135":  # tshark takes 62 for it as well, as an old draft did
            break
        follows = row.get(EXTENSIONS[protocols[after]], "")
        after += 1
    name = protocols[after] if after < len(protocols) else ""
    return NUMBERS.get(name, number(follows)), name


def fact_of(row):
    """One line as a fact, or None when it is none: not IP, a later fragment, a header cut before the port."""
    protocols = row["frame.protocols"].split(":")
    first = next((i for i, name in enumerate(protocols) if name in ("ip", "ipv6")), None)
    if first is None or not row["frame.time_epoch"]:
        return None
    family = protocols[first]
    if not row[family + ".src"] or not row[family + ".dst"]:
        return None
    if family == "ip":
        if row["ip.frag_offset"] not in ("", "0") or not row["ip.proto"]:
            return None
        protocol = int(row["ip.proto"])
        name = protocols[first + 1] if first + 1 < len(protocols) else ""
    else:
        protocol, name = follows_of(row, protocols, first)
    if protocol is None:
        return None
    port = None
    if protocol in NAMES:
        port = number(row[PORT_FIELDS[name]]) if name in PORT_FIELDS else None
        if port is None:
            return None
    is_tcp = protocol == 6
    whole, _, fraction = row["frame.time_epoch"].partition(".")
    seconds = int(whole) - (1 if whole.startswith("-") and int(fraction or 0) else 0)
    return fact(seconds, Headers(4 if family == "ip" else 6, ipaddress.ip_address(row[family + ".src"]),
                                 ipaddress.ip_address(row[family + ".dst"]), protocol, number(row["ip.id"], 16) or 0,
                                 number(row["udp.srcport"]), port, number(row["tcp.seq_raw"]) if is_tcp else None,
                                 number(row["tcp.flags"], 16) if is_tcp else None))


def read(path):
    frames, trouble = rows(path)
    facts = [found for row in frames if (found := fact_of(row)) is not None]
    return Reading(facts, len(frames), collections.Counter(), trouble, collections.Counter())
