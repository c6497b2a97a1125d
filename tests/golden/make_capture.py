"""Writes a classic pcap (Ethernet, microseconds) from lines on standard input: TIME SOURCE DESTINATION PROTOCOL PORT [KIND].

TIME is ISO 8601 with offset; PROTOCOL tcp, udp, icmp (PORT is the type) or arp; KIND of a tcp line: mirai, zmap, masscan or syn (default).
"""

import datetime
import ipaddress
import struct
import sys


def packet(source, destination, protocol, port, kind):
    if protocol == "arp":
        return b"\xff" * 6 + b"\x02" * 6 + b"\x08\x06" + bytes(28)
    source, destination = ipaddress.ip_address(source), ipaddress.ip_address(destination)
    sequence, ip_id = 0x01020304, 7
    if kind == "mirai":
        sequence = int(destination)
    if kind == "zmap":
        ip_id = 54321
    if kind == "masscan":
        ip_id = (int(destination) & 0xFFFF) ^ port ^ (sequence & 0xFFFF)
    if protocol == "tcp":
        number, payload = 6, struct.pack("!HHIIBBHHH", 40000, port, sequence, 0, 0x50, 0x02, 1024, 0, 0)
    elif protocol == "udp":
        number, payload = 17, struct.pack("!HHHH", 40000, port, 8, 0)
    else:
        number, payload = (1 if source.version == 4 else 58), struct.pack("!BBHI", port, 0, 0, 0)
    if source.version == 4:
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), ip_id, 0, 64, number, 0) + source.packed + destination.packed
        return b"\x02" * 12 + b"\x08\x00" + header + payload
    header = struct.pack("!IHBB", 6 << 28, len(payload), number, 64) + source.packed + destination.packed
    return b"\x02" * 12 + b"\x86\xdd" + header + payload


out = sys.stdout.buffer
out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
for line in sys.stdin:
    fields = line.split()
    if not fields or fields[0].startswith("#"):
        continue
    time = datetime.datetime.fromisoformat(fields[0])
    data = packet(fields[1], fields[2], fields[3], int(fields[4]), fields[5] if len(fields) > 5 else "syn")
    microseconds = round((time - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) / datetime.timedelta(microseconds=1))
    out.write(struct.pack("<IIII", microseconds // 1000000, microseconds % 1000000, len(data), len(data)) + data)
