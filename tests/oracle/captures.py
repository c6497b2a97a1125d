"""Capture files as packets, by Python's standard library alone: the second reader of the oracle.

Written from the format descriptions (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng, the LZ4 frame and block formats), not from
src/capture/, so that a mistake there is not repeated here. Slow, and meant to be.

    for packet in packets(path.read_bytes()): ...

Raises NotACapture before the first packet, Broken after the last sound one. zstd has no decoder in the standard library: Unreadable.
"""

import bz2
import collections
import lzma
import struct
import zlib

# seconds since 1970, nanoseconds (None: no time, or one that cannot be), LINKTYPE_ value, bytes captured, size on the wire
Packet = collections.namedtuple("Packet", "seconds nanoseconds link data wire_size")


class NotACapture(Exception):
    pass


class Broken(Exception):
    pass


class Unreadable(Exception):
    pass


# ---- compressions: all that can be decoded, and whether that was all ----

def members(blob, new, padding):
    """Concatenated members of gzip, xz or bzip2, by the library's streaming decoders."""
    out = bytearray()
    while blob:
        decoder = new()
        try:
            for start in range(0, len(blob), 512):  # in small steps, so that what comes before damage is kept
                out += decoder.decompress(blob[start:start + 512])
                if decoder.eof:
                    blob = decoder.unused_data + blob[start + 512:]
                    break
            else:
                return bytes(out), False
        except (zlib.error, lzma.LZMAError, OSError, EOFError):
            return bytes(out), False
        if padding:
            blob = blob.lstrip(b"\0")
    return bytes(out), True


def lz4_block(block, out):
    """Appends a block; copies may reach back into what is there already."""
    at = 0
    while at < len(block):
        token = block[at]
        at += 1
        literals = token >> 4
        if literals == 15:
            while True:
                literals += block[at]
                at += 1
                if block[at - 1] != 255:
                    break
        out += block[at:at + literals]
        at += literals
        if at >= len(block):
            return
        offset = block[at] | block[at + 1] << 8
        at += 2
        length = (token & 15) + 4
        if token & 15 == 15:
            while True:
                length += block[at]
                at += 1
                if block[at - 1] != 255:
                    break
        for _ in range(length):
            out.append(out[-offset])


def lz4(blob):
    """Frames without checking their checksums, which need xxHash."""
    out, at = bytearray(), 0
    try:
        while at < len(blob):
            magic, = struct.unpack_from("<I", blob, at)
            if magic & 0xFFFFFFF0 == 0x184D2A50:
                at += 8 + struct.unpack_from("<I", blob, at + 4)[0]
                continue
            if magic != 0x184D2204:
                return bytes(out), False
            flags = blob[at + 4]
            at += 7 + (8 if flags & 8 else 0) + (4 if flags & 1 else 0)
            while True:
                size, = struct.unpack_from("<I", blob, at)
                at += 4
                if size == 0:
                    break
                block = blob[at:at + (size & 0x7FFFFFFF)]
                at += (size & 0x7FFFFFFF) + (4 if flags & 16 else 0)
                if size >> 31:
                    out += block
                else:
                    lz4_block(block, out)
            at += 4 if flags & 4 else 0
    except (struct.error, IndexError):
        return bytes(out), False
    return bytes(out), True


def decoded(blob):
    if blob[:3] == b"\x1f\x8b\x08":
        return members(blob, lambda: zlib.decompressobj(31), True)
    if blob[:6] == b"\xfd7zXZ\0":
        return members(blob, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), True)
    if blob[:3] == b"BZh":
        return members(blob, bz2.BZ2Decompressor, False)
    if blob[:4] == b"\x04\x22\x4d\x18":
        return lz4(blob)
    if blob[:4] == b"\x28\xb5\x2f\xfd":
        raise Unreadable("zstd")
    return blob, True


# ---- classic pcap ----

# first bytes: byte order, nanoseconds per unit, size of a record's header. "Modified" is Kuznetsov's, with 8 more bytes.
CLASSIC = {
    b"\xa1\xb2\xc3\xd4": (">", 1000, 16), b"\xd4\xc3\xb2\xa1": ("<", 1000, 16),
    b"\xa1\xb2\x3c\x4d": (">", 1, 16), b"\x4d\x3c\xb2\xa1": ("<", 1, 16),
    b"\xa1\xb2\xcd\x34": (">", 1000, 24), b"\x34\xcd\xb2\xa1": ("<", 1000, 24),
}
LARGEST = 262144


def classic(blob, order, unit, header_size):
    if len(blob) < 24:
        raise NotACapture("file header cut")
    major, minor, _, _, snap_length, link = struct.unpack_from(order + "HHIIII", blob, 4)
    if (major, minor) not in ((2, 0), (2, 1), (2, 2), (2, 3), (2, 4), (543, 0)):
        raise NotACapture("version")
    link &= 0xFFFF  # above: the length of the frame check sequence, and bits that NetBSD sets
    at = 24
    while at < len(blob):
        if len(blob) - at < header_size:
            raise Broken("record header cut")
        seconds, fraction, captured, wire = struct.unpack_from(order + "IIII", blob, at)
        if (major, minor) < (2, 3) or (minor == 3 and captured > wire):
            captured, wire = wire, captured  # the order was changed, and not by all at once
        at += header_size
        if captured > LARGEST:
            raise Broken("record too large")
        if len(blob) - at < captured:
            raise Broken("record cut")
        sound = fraction * unit < 10**9
        data = blob[at:at + captured]
        at += captured
        if 0 < snap_length < 2**31:
            data = data[:snap_length]
        yield Packet(seconds, fraction * unit if sound else None, link, data, wire)


# ---- pcapng ----

Interface = collections.namedtuple("Interface", "link snap_length ticks offset")


def options(blob, order):
    at = 0
    while at + 4 <= len(blob):
        code, size = struct.unpack_from(order + "HH", blob, at)
        if code == 0:
            return
        if at + 4 + (size + 3) // 4 * 4 > len(blob):
            raise Broken("option")
        yield code, blob[at + 4:at + 4 + size]
        at += 4 + (size + 3) // 4 * 4


def interface(body, order):
    if len(body) < 8:
        raise Broken("interface")
    link, _, snap_length = struct.unpack_from(order + "HHI", body)
    ticks, offset = 10**6, 0
    for code, value in options(body[8:], order):
        if code == 9:
            if len(value) != 1:
                raise Broken("if_tsresol")
            ticks = 2 ** (value[0] & 127) if value[0] & 128 else 10 ** value[0]
            if ticks >= 2**64:
                raise Broken("if_tsresol")
        elif code == 14:
            if len(value) != 8:
                raise Broken("if_tsoffset")
            offset, = struct.unpack(order + "q", value)
    return Interface(link, snap_length, ticks, offset)


def block_packet(kind, body, order, interfaces):
    """The packet of an enhanced (6), obsolete (2) or simple (3) packet block."""
    if len(body) < (4 if kind == 3 else 20):
        raise Broken("packet block")
    if kind == 3:
        number, start = 0, 4
        wire, = struct.unpack_from(order + "I", body)
        captured = wire
    else:
        number, = struct.unpack_from(order + ("I" if kind == 6 else "H"), body)
        high, low, captured, wire = struct.unpack_from(order + "IIII", body, 4)
        start = 20
    if number >= len(interfaces):
        raise Broken("interface number")
    described = interfaces[number]
    if kind == 3 and described.snap_length:
        captured = min(captured, described.snap_length)
    if captured > len(body) - start:
        raise Broken("packet longer than its block")
    data = body[start:start + captured]
    if kind == 3:
        return Packet(0, None, described.link, data, wire)
    ticks = high << 32 | low
    seconds = ticks // described.ticks + described.offset
    sound = 0 <= seconds <= 253402300799
    return Packet(seconds, ticks % described.ticks * 10**9 // described.ticks if sound else None, described.link, data, wire)


def next_generation(blob):
    at, order, interfaces, first = 0, "<", [], True
    while at < len(blob):
        trouble = NotACapture if first else Broken
        if blob[at:at + 4] == b"\n\r\r\n":
            magic = blob[at + 8:at + 12]
            if magic not in (b"\x1a\x2b\x3c\x4d", b"\x4d\x3c\x2b\x1a"):
                raise trouble("byte-order magic")
            order = ">" if magic[0] == 0x1A else "<"
        if len(blob) - at < 12:
            raise trouble("block cut")
        kind, size = struct.unpack_from(order + "II", blob, at)
        if size < 12 or size % 4 or at + size > len(blob):
            raise trouble("block length")
        if struct.unpack_from(order + "I", blob, at + size - 4)[0] != size:
            raise trouble("the two lengths differ")
        body = blob[at + 8:at + size - 4]
        at += size
        if kind == 0x0A0D0D0A:
            if len(body) < 16 or struct.unpack_from(order + "HH", body, 4) not in ((1, 0), (1, 2)):
                raise trouble("section header")
            interfaces = []
        elif kind == 1:
            interfaces.append(interface(body, order))
        elif kind in (2, 3, 6):
            yield block_packet(kind, body, order, interfaces)
        first = False


def packets(blob):
    blob, whole = decoded(blob)
    if blob[:4] in CLASSIC:
        yield from classic(blob, *CLASSIC[blob[:4]])
    elif blob[:4] == b"\n\r\r\n":
        yield from next_generation(blob)
    else:
        raise NotACapture("first bytes")
    if not whole:
        raise Broken("compression")
