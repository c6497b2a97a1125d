"""A packet's headers, by Python's standard library alone: the second reader of the oracle (captures.py reads the files).

    headers = read(packet.link, packet.data)        # or Excluded, whose argument is the bin

A stack of small steps: each takes the bytes that are left and says what comes next, by name. Written from the documents named at each,
not from src/capture/.
"""

import collections
import contextlib
import ipaddress
import struct

# port: destination port, ICMP type, or None; flags, sequence: None where they were not captured; payload: what the IP header carries
Headers = collections.namedtuple("Headers", "version source destination protocol identification source_port port sequence flags payload",
                                 defaults=[b""])


class Excluded(Exception):
    """Its text is the bin; version and source are those of the IP header, when there was one."""

    version, source = 0, None


def need(data, size, reason="truncated"):
    if len(data) < size:
        raise Excluded(reason)
    return data


def number(data, offset, size):
    return int.from_bytes(need(data, offset + size)[offset:offset + size], "big")


# ---- links: the name of what comes next, and its bytes ----

def ether_type(value, data):
    """IEEE 802.3: below 0x600 a length, and LLC follows."""
    if value < 0x600:
        return "llc", data
    tags = {0x8100: 4, 0x88A8: 4, 0x9100: 4, 0x9200: 4, 0x9300: 4,  # IEEE 802.1Q, QinQ
            0x8926: 6, 0x892F: 6, 0x8909: 8, 0x893F: 8}  # VN-tag, HSR, Cisco metadata, 802.1BR: the next type is last
    if value in tags:
        return ether_type(number(data, tags[value] - 2, 2), data[tags[value]:])
    if value == 0x88E5:  # MACsec: readable when neither E nor C of its control byte are set
        # IEEE 802.1AE-2018, 9.3: 6 bytes, and 8 more when SC is set; then the protected type
        size = 14 if data[:1] and data[0] & 0x20 else 6
        inner = number(data, size, 2)
        if data[0] & 0x0C:
            raise Excluded("not-ip")
        return ether_type(inner, data[size + 2:])
    return {0x0800: "ipv4", 0x86DD: "ipv6", 0x8847: "mpls", 0x8848: "mpls", 0x8864: "pppoe", 0x880B: "ppp", 0x8870: "llc",
            0x894F: "nsh", 0x8903: "fabric path"}.get(value, "other"), data


def ethernet(data):
    return ether_type(number(data, 12, 2), data[14:])


def llc(data):
    """IEEE 802.2; SNAP (RFC 1042), ISO (RFC 2684), IP (RFC 948)."""
    need(data, 3)
    if data[2] != 3:
        return "other", b""
    points = data[:2]
    if points == b"\x06\x06":
        return "ip", data[3:]
    if points == b"\xfe\xfe":
        return "nlpid", data[3:]
    if points != b"\xaa\xaa":
        return "other", b""
    need(data, 8)
    organisation, kind, rest = data[3:6], number(data, 6, 2), data[8:]
    if organisation in (b"\0\0\0", b"\0\0\xf8"):
        return ("other", b"") if kind < 0x600 else ether_type(kind, rest)
    if organisation == b"\0\x80\xc2" and kind in (1, 7):
        return "ethernet", need(rest, 2)[2:]
    return "other", b""


def nlpid(data):
    """RFC 2427, section 4: padding, then an identifier."""
    data = need(data.lstrip(b"\0"), 1)
    if data[0] == 0x80:
        need(data, 6)
        organisation, kind, rest = data[1:4], number(data, 4, 2), data[6:]
        if organisation == b"\0\0\0":
            return ether_type(kind, rest)
        return ("ethernet", rest) if organisation == b"\0\x80\xc2" and kind in (1, 7) else ("other", b"")
    return {0xCC: "ipv4", 0x8E: "ipv6", 0xCF: "ppp"}.get(data[0], "other"), data[1:]


def ppp(data):
    """RFC 1661: a protocol of one byte is odd."""
    need(data, 1)
    size = 1 if data[0] & 1 else 2
    value = number(data, 0, size)
    return {0x21: "ipv4", 0x57: "ipv6", 0x281: "mpls", 0x283: "mpls"}.get(value, "other"), data[size:]


def hdlc(data):
    """RFC 1662 framing, Cisco HDLC, or neither."""
    need(data, 2)
    if data[:2] == b"\xff\x03":
        return ppp(data[2:])
    if data[0] in (0x0F, 0x8F):
        return cisco_hdlc(data)
    return ppp(data)


def cisco_hdlc(data):
    value = number(data, 2, 2)
    return ether_type(value, data[4:]) if value >= 0x600 else ("other", b"")


def pppoe(data):
    """RFC 2516, section 4: session data have code 0."""
    need(data, 6)
    return ppp(data[6:]) if data[1] == 0 else ("other", b"")


def mpls(data):
    """RFC 3032: labels of 4 bytes until the one with the bottom bit; then the payload shows its version, or is no IP."""
    while not number(data, 0, 4) & 0x100:
        data = data[4:]
    data = need(data[4:], 1)
    return {4: "ipv4", 6: "ipv6"}.get(data[0] >> 4, "other"), data


def service_header(data):
    """RFC 8300, section 2.2."""
    need(data, 4)
    size = (data[1] & 63) * 4
    if size < 8:
        raise Excluded("malformed")
    return {1: "ipv4", 2: "ipv6", 3: "ethernet"}.get(data[3], "other"), need(data, size)[size:]


FAMILIES = {2: "ipv4", 10: "ipv6", 24: "ipv6", 26: "ipv6", 28: "ipv6", 30: "ipv6"}  # AF_INET, and AF_INET6 of all systems


def loopback(data):
    """LINKTYPE_NULL: the family in the order of the machine; LINKTYPE_LOOP: in network order. Some write PPP under it."""
    first, = struct.unpack(">I", need(data, 4)[:4])
    if data[:2] == b"\xff\x03":
        return hdlc(data)
    if data[:2] == b"\x0f\0" and first & 0xFFFF >= 0x600:
        return cisco_hdlc(data)
    return FAMILIES.get(min(first, int.from_bytes(data[:4], "little")), "other"), data[4:]


def cooked(value, data):
    """Linux: below 0x600 stand numbers of its own, of which 4 is LLC."""
    if value >= 0x600:
        return ether_type(value, data)
    return ("llc", data) if value == 4 else ("other", b"")


def frame_relay(data):
    """RFC 2427: an address whose last byte is odd."""
    size = next((i + 1 for i in range(min(4, len(data))) if data[i] & 1), None)
    if size is None:
        raise Excluded("truncated" if len(data) < 5 else "malformed")
    if size == 1:
        raise Excluded("malformed")
    rest = need(data[size:], 2)
    if rest[0] == 3:
        return nlpid(rest[1:])
    value = number(rest, 0, 2)
    return ether_type(value, rest[2:]) if value >= 0x600 else ("other", b"")


def slip(data):
    """libpcap's 16 bytes: direction, then the start of the header before Van Jacobson's compression took it away."""
    need(data, 16)
    return ("other", b"") if data[1] >> 4 >= 7 else ("ip", data[16:])


def wireless(data, padded=False):
    """IEEE 802.11-2020, 9.3.2: data frames; an encrypted body cannot be read."""
    need(data, 2)
    kind, subtype, flags = data[0] & 15, data[0] >> 4, data[1]
    if kind != 8 or subtype & 4 or flags & 0x40:
        return "other", b""
    size = 30 if flags & 3 == 3 else 24
    aggregate = False
    if subtype & 8:
        aggregate = bool(need(data, size + 2)[size] & 0x80)
        size += 6 if flags & 0x80 else 2
    if padded:
        size += -size % 4
    if len(data) > 22 and data[22] & 15:
        return "other", b""
    size += 14 if aggregate else 0
    return llc(need(data, size)[size:])


def radiotap(data):
    """radiotap.org: lengths are little-endian; field 0 (8 bytes, aligned) stands before field 1, the flags."""
    size, = struct.unpack("<H", need(data, 8)[2:4])
    if size < 8:
        raise Excluded("malformed")
    need(data, size)
    words = []
    while True:
        at = 4 + 4 * len(words)
        if at + 4 > size:
            raise Excluded("malformed")
        words += struct.unpack_from("<I", data, at)
        if not words[-1] & 1 << 31:
            break
    at = 4 + 4 * len(words)
    if words[0] & 1:
        at += -at % 8 + 8
    padded = words[0] & 2 and at < size and data[at] & 0x20
    return wireless(data[size:], bool(padded))


def fddi(data):
    need(data, 13)
    return llc(data[13:]) if data[0] & 0xF0 == 0x50 else ("other", b"")


def token_ring(data):
    """IEEE 802.5: frame control 01xxxxxx is LLC; a source address whose first bit is set has routing behind it."""
    need(data, 14)
    if data[1] >> 6 != 1:
        return "other", b""
    rest = data[14:]
    if data[8] & 0x80:
        size = need(rest, 2)[0] & 31
        if size < 2:
            raise Excluded("malformed")
        rest = need(rest, size)[size:]
    return llc(rest)


def arcnet_linux(data):
    """Source, destination, two bytes of offset, then RFC 1201 or RFC 1051; the kernel has joined the fragments."""
    kind = number(data, 4, 1)
    if kind == 240:
        return "ipv4", data[5:]
    if kind not in (212, 196):
        return "other", b""
    return "ipv4" if kind == 212 else "ipv6", need(data, 8)[8:]


def arcnet(data):
    """BSD's: without the offset; fragments stand alone, and 0xff in the flag announces three bytes and the flag again."""
    kind = number(data, 2, 1)
    if kind == 240:
        return "ipv4", data[3:]
    if kind not in (212, 196):
        return "other", b""
    at = 7 if need(data, 6)[3] == 0xFF else 3
    flag = need(data, at + 3)[at]
    if flag and not flag & 1:
        return "other", b""
    return "ipv4" if kind == 212 else "ipv6", data[at + 3:]


def netfilter(data):
    """Family, version 0, resource; then values with their length and type in the machine's order, the packet as type 9."""
    need(data, 4)
    if data[1]:
        raise Excluded("malformed")
    at = 4
    while at + 4 <= len(data):
        order = "<" if struct.unpack_from("<H", data, at + 2)[0] <= 0xFF else ">"
        size, kind = struct.unpack_from(order + "HH", data, at)
        if size < 4:
            raise Excluded("malformed")
        if kind & 0x7FFF == 9:
            return FAMILIES.get(data[0], "other"), data[at + 4:at + size]
        if at + (size + 3) // 4 * 4 > len(data):
            raise Excluded("truncated")
        at += (size + 3) // 4 * 4
    raise Excluded("truncated")


def juniper(data):
    """ "MGC", flags: 0x80 says that extensions follow, 0x02 that there is no Ethernet header."""
    need(data, 6)
    if data[:3] != b"MGC":
        raise Excluded("malformed")
    size = 6 + number(data, 4, 2) if data[3] & 0x80 else 4
    rest = need(data, size)[size:]
    return ("other", b"") if data[3] & 2 else ("ethernet", rest)


def packet_filter_log(data):
    """OpenBSD: length without padding, address family."""
    need(data, 2)
    size = data[0] + -data[0] % 4
    if size < 4:
        raise Excluded("malformed")
    return FAMILIES.get(data[1], "other"), need(data, size)[size:]


def encapsulating(data):
    need(data, 12)
    family = min(int.from_bytes(data[:4], "big"), int.from_bytes(data[:4], "little"))
    return FAMILIES.get(family, "other"), data[12:]


def per_packet_information(data):
    size, link = struct.unpack("<HI", need(data, 8)[2:8])
    if size < 8:
        raise Excluded("malformed")
    return ("link", link), need(data, size)[size:]


# LINKTYPE_ values of the list of link-layer header types.
LINKS = {
    0: loopback, 1: ethernet, 6: token_ring, 7: arcnet, 8: slip, 9: hdlc, 10: fddi, 50: hdlc, 51: pppoe, 100: llc,
    12: lambda data: ("ip", data), 14: lambda data: ("ip", data), 101: lambda data: ("ip", data), 104: cisco_hdlc, 105: wireless,
    106: lambda data: llc(data) if data[:1] == b"\xaa" else ("ip", data), 107: frame_relay, 108: loopback, 109: encapsulating,
    113: lambda data: cooked(number(data, 14, 2), data[16:]), 117: packet_filter_log,
    122: lambda data: llc(need(data, 16)[16:]),
    123: lambda data: llc(data[4:]) if need(data, 4)[0] & 15 == 2 else ("other", b""),
    127: radiotap, 129: arcnet_linux, 138: lambda data: ether_type(number(data, 16, 2), data[18:]),
    178: juniper, 192: per_packet_information,
    219: mpls, 226: lambda data: (FAMILIES.get(need(data, 24)[1], "other"), data[24:]),
    228: lambda data: ("ipv4", data), 229: lambda data: ("ipv6", data), 239: netfilter,
    240: lambda data: ethernet(need(data, 4)[4:]), 242: lambda data: ether_type(number(need(data, 44), 40, 2), data[44:]),
    274: lambda data: ethernet(need(data, 8)[8:]), 276: lambda data: cooked(number(need(data, 20), 0, 2), data[20:]),
    284: lambda data: ether_type(number(data, 16, 2), data[18:]), 285: lambda data: ether_type(number(data, 20, 2), data[22:]),
}
STEPS = {"ethernet": ethernet, "llc": llc, "nlpid": nlpid, "ppp": ppp, "pppoe": pppoe, "mpls": mpls, "nsh": service_header,
         "fabric path": lambda data: ethernet(need(data, 2)[2:])}


# ---- IP ----

PORTS = (6, 17, 33, 132, 136)  # TCP, UDP, DCCP, SCTP, UDP-Lite
TYPES = (1, 58)  # ICMP, ICMPv6


def transport(data, promised, headers):
    """`promised`: the header's length says that there is more than was captured."""
    headers = headers._replace(payload=data)
    reason = "truncated" if promised else "malformed"
    if headers.protocol in PORTS:
        need(data, 4, reason)
        headers = headers._replace(source_port=number(data, 0, 2), port=number(data, 2, 2))
    elif headers.protocol in TYPES:
        headers = headers._replace(port=need(data, 1, reason)[0])
    if headers.protocol == 6:
        headers = headers._replace(sequence=number(data, 4, 4) if len(data) >= 8 else None,
                                   flags=data[13] if len(data) >= 14 else None)
    return headers


@contextlib.contextmanager
def addressed(headers):
    """What is excluded in here has an IP header."""
    try:
        yield
    except Excluded as excluded:
        excluded.version, excluded.source = headers.version, headers.source
        raise


def ipv4(data):
    """RFC 791, section 3.1. A total length of 0 is what segmentation offload leaves."""
    need(data, 20)
    size, total = (data[0] & 15) * 4, number(data, 2, 2)
    if data[0] >> 4 != 4 or size < 20 or 0 < total < size:
        raise Excluded("malformed")
    headers = Headers(4, ipaddress.IPv4Address(data[12:16]), ipaddress.IPv4Address(data[16:20]), data[9], number(data, 4, 2),
                      None, None, None, None)
    promised = total == 0 or len(data) < total
    body = data if total == 0 else data[:total]
    with addressed(headers):
        if number(data, 6, 2) & 0x1FFF:
            raise Excluded("fragment")
        return transport(need(body, size)[size:], promised, headers)


def ipv6(data):
    """RFC 8200, sections 3 and 4; extension headers are those of IANA's list, which ESP ends."""
    need(data, 40)
    if data[0] >> 4 != 6:
        raise Excluded("malformed")
    length, following = number(data, 4, 2), data[6]
    rest = data[40:]
    promised = length == 0 or len(rest) < length
    reason = "truncated" if promised else "malformed"
    if length:
        rest = rest[:length]
    headers = Headers(6, ipaddress.IPv6Address(data[8:24]), ipaddress.IPv6Address(data[24:40]), following, 0, None, None, None, None)
    with addressed(headers):
        while following in (0, 43, 44, 51, 60, 135, 139, 140):
            if following == 44:
                need(rest, 8, reason)
                if number(rest, 2, 2) & 0xFFF8:
                    raise Excluded("fragment")
                size = 8
            elif following == 51:
                size = need(rest, 2, reason)[1] * 4 + 8
            else:
                size = need(rest, 2, reason)[1] * 8 + 8
            following, rest = rest[0], need(rest, size, reason)[size:]
        return transport(rest, promised, headers._replace(protocol=following))


# ---- tunnels ----

def gre(data):
    """RFC 2784, RFC 2890; version 1 is PPTP's (RFC 2637). ERSPAN by its drafts: type II has a sequence number, type I has none."""
    flags, kind = number(data, 0, 2), number(data, 2, 2)
    version = flags & 7
    if flags & 0x4000 or version > 1 or (version == 1 and not flags & 0x1000):
        return None
    at = 4 + 4 * bin(flags & 0xB000).count("1") + (4 if version and flags & 0x80 else 0)
    rest = need(data, at)[at:]
    if version == 1:
        return hdlc(rest)
    if kind == 0x88BE:
        return "ethernet", need(rest, 8)[8:] if flags & 0x1000 else rest
    if kind == 0x22EB:
        at = 20 if need(rest, 12)[11] & 1 else 12
        return "ethernet", need(rest, at)[at:]
    return None if kind < 0x600 else ("ethernet", rest) if kind == 0x6558 else ether_type(kind, rest)


def geneve(data):
    """RFC 8926, section 3.4."""
    need(data, 8)
    if data[0] >> 6:
        return None
    at, kind = 8 + 4 * (data[0] & 63), number(data, 2, 2)
    rest = need(data, at)[at:]
    return None if kind < 0x600 else ("ethernet", rest) if kind == 0x6558 else ether_type(kind, rest)


def carried(headers):
    """The next step inside of a tunnel, or None where there is none."""
    data = headers.payload
    if headers.protocol in (4, 41):
        return "ipv4" if headers.protocol == 4 else "ipv6", data
    if headers.protocol == 47:
        return gre(data)
    if headers.protocol == 17 and headers.port == 4789:  # RFC 7348: the flag I must be set
        return ("ethernet", data[16:]) if need(data, 16)[8] & 8 else None
    if headers.protocol == 17 and headers.port == 6081:
        return geneve(need(data, 8)[8:])
    return None


def innermost(headers):
    """The innermost IP header of tunnels; that of the tunnel itself where it carries no IP."""
    depth = 0
    while True:
        try:
            inside = carried(headers)
            if inside is None:
                return headers
            found, depth = follow(*inside, depth)
        except Excluded as excluded:
            if str(excluded) in ("not-ip", "unsupported-link"):
                return headers
            raise
        headers = found


def read(link, data):
    """By the outermost IP header."""
    if link not in LINKS:
        raise Excluded("unsupported-link")
    return follow(*LINKS[link](data), 0)[0]


def follow(step, data, depth):
    """The IP header that a step leads to, and how many link layers lay inside another."""
    while True:
        if step == "other":
            raise Excluded("not-ip")
        if step == "ip":
            version = need(data, 1)[0] >> 4
            if version not in (4, 6):
                raise Excluded("malformed")
            step = "ipv4" if version == 4 else "ipv6"
        if step == "ipv4":
            return ipv4(data), depth
        if step == "ipv6":
            return ipv6(data), depth
        # One link layer inside another, no more than four times.
        if step == "ethernet" or isinstance(step, tuple):
            depth += 1
            if depth > 4:
                raise Excluded("malformed")
        if isinstance(step, tuple):
            if step[1] not in LINKS:
                raise Excluded("unsupported-link")
            step, data = LINKS[step[1]](data)
        else:
            step, data = STEPS[step](data)
