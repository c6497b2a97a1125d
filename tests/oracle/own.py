"""The reading of a capture by captures.py and headers.py, as facts; and the counts of EXPECTED.tsv."""

import collections

import captures
import headers as packet_headers
from facts import Reading, fact, is_syn


def counts_note(counts, sources, headers):
    """As EXPECTED.tsv has them: packets by outermost IPv4 header."""
    sources.add(headers.source)
    names = {6: "tcp4", 17: "udp4", 1: "icmp4"}
    if headers.protocol in names:
        counts[names[headers.protocol]] += 1
    if headers.protocol == 6:
        counts["syn4"] += is_syn(headers)
        same = headers.sequence == int(headers.destination)
        counts["seq_eq_dst"] += same
        counts["seq_eq_dst_syn"] += same and is_syn(headers)


def read(blob, tunnels=False):
    """By the outermost IP header, or the innermost in tunnels."""
    facts, bins, counts, sources, trouble = [], collections.Counter(), collections.Counter(), set(), ""
    try:
        for packet in captures.packets(blob):
            counts["pkts"] += 1
            try:
                headers = packet_headers.read(packet.link, packet.data)
                headers = packet_headers.innermost(headers) if tunnels else headers
            except packet_headers.Excluded as excluded:
                bins[str(excluded)] += 1
                counts[f"ip{excluded.version}"] += 1
                if excluded.version == 4:
                    sources.add(excluded.source)
                counts["frag4_nonfirst"] += excluded.version == 4 and str(excluded) == "fragment"
                continue
            counts[f"ip{headers.version}"] += 1
            if headers.version == 4:
                counts_note(counts, sources, headers)
            if packet.nanoseconds is None:
                bins["bad-time"] += 1
            else:
                facts.append(fact(packet.seconds, headers))
    except (captures.NotACapture, captures.Broken, captures.Unreadable) as error:
        trouble = f"{type(error).__name__}: {error}"
    counts["frames"], counts["src4"] = counts["pkts"], len(sources)
    return Reading(facts, counts["pkts"], bins, trouble, counts)
