/* packet.h - one packet as the capture holds it, and what its headers say: the narrow contract between bytes
 * and counting. */
#ifndef TEITEN_CAPTURE_PACKET_H
#define TEITEN_CAPTURE_PACKET_H

#include <pcap/dlt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "capture/byte_order.h"

/* How far a packet could be read. Anything but DECODED is the reason why it cannot be counted. */
enum packet_fate {
    PACKET_DECODED,
    PACKET_UNSUPPORTED_LINK, /* no decoder for its link type */
    PACKET_NOT_IP,
    PACKET_TRUNCATED, /* captured bytes end before what had to be read */
    PACKET_MALFORMED, /* a header contradicts itself or its RFC */
    PACKET_FRAGMENT,  /* IPv4 fragment offset or IPv6 Fragment header offset other than 0 */
};

/* As read from the archive. `data` is borrowed until the next packet is read. */
struct packet {
    int64_t seconds;        /* since 1970-01-01T00:00:00Z */
    uint32_t nanoseconds;   /* 0 to 999,999,999 */
    bool bad_time;          /* the time stamp's fraction or seconds cannot be right */
    int link_type;          /* DLT_* of libpcap */
    const uint8_t *data;    /* captured_size bytes */
    uint32_t captured_size; /* bytes in the capture: limits every read */
    uint32_t wire_size;     /* bytes on the wire; may be smaller than captured_size in broken captures */
};

/* An IP header (the outermost, or of packet_decode_innermost another) and what follows it. Everything is set
 * when the fate is DECODED. Otherwise ip_version is 0 when no IP header was read, and else addresses,
 * ip_version, ip_id and protocol are set (so a fragment can be told by its sensor), but no ports: -1. */
struct packet_headers {
    uint8_t ip_version;      /* 4 or 6 */
    uint8_t protocol;        /* IP protocol number after extension headers: 6 TCP, 17 UDP, ... */
    uint8_t source[16];      /* network byte order; IPv4 in the first four bytes */
    uint8_t destination[16]; /* likewise */
    uint16_t ip_id;          /* IPv4 identification, host byte order; 0 for IPv6 */
    bool is_fragment;        /* first fragment of several */
    int source_port;         /* -1 when the protocol has none */
    int destination_port;    /* host byte order; ICMP and ICMPv6: the type; -1 when the protocol has none */
    bool has_tcp_sequence;   /* bytes 4-7 of the TCP header were captured */
    bool has_tcp_flags;      /* byte 13 of the TCP header was captured */
    uint32_t tcp_sequence;   /* host byte order */
    uint8_t tcp_flags;       /* FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32 */
};

/* packet_decode without its short cut for what is usual: the rule that the short cut is held to. */
enum packet_fate packet_decode_any(const struct packet *packet, struct packet_headers *headers);

enum { PACKET_ICMP = 1, PACKET_TCP = 6, PACKET_UDP = 17, PACKET_ICMPV6 = 58 }; /* IP protocol numbers */

/* What the headers of a usual packet say. Numbers in host byte order. */
struct packet_usual {
    uint32_t source, destination;
    uint8_t protocol;      /* TCP, UDP or ICMP */
    uint8_t tcp_flags;     /* of TCP; else anything */
    uint16_t ip_id;        /* identification */
    uint32_t ports;        /* source, then destination port; of ICMP, the type in the uppermost byte */
    uint32_t tcp_sequence; /* of TCP; else anything */
};

/* Nearly all that sensors see, in one run: TCP, UDP or ICMP in IPv4 without options and fragments (RFC 791,
 * section 3.1), in Ethernet or alone, with the first bytes of its transport header whole. False, and `usual`
 * in any state, for everything else. Every packet takes this way: it is inline, reads whole words, and does
 * not branch on what differs from one packet to the next. */
__attribute__((always_inline)) static inline bool packet_read_usual(const struct packet *packet,
                                                                    struct packet_usual *usual)
{
    enum { ETHERNET_SIZE = 14, SHORT_SIZE = 24, TCP_SIZE = 34 }; /* both with the IP header */
    const uint64_t fixed =
        UINT64_C(0xff00000000003fff); /* version and header length; more fragments, offset */
    const uint32_t known = 1U << PACKET_ICMP | 1U << PACKET_TCP | 1U << PACKET_UDP;
    static const uint8_t nothing[TCP_SIZE];
    const uint8_t *ip = packet->data;
    size_t size = packet->captured_size;
    if (packet->link_type == DLT_EN10MB) {
        if (size < ETHERNET_SIZE + SHORT_SIZE || load_be16(ip + 12) != 0x0800)
            return false;
        ip += ETHERNET_SIZE;
        size -= ETHERNET_SIZE;
    } else if (packet->link_type != DLT_RAW || size < SHORT_SIZE) {
        return false;
    }
    uint64_t first = load_be64(ip);
    unsigned protocol = ip[9];
    size_t total = first >> 32 & 0xffff;
    size_t needed = protocol == PACKET_TCP ? TCP_SIZE : SHORT_SIZE;
    if ((first & fixed) != UINT64_C(0x45) << 56 || protocol >= 32 || (known >> protocol & 1) == 0 ||
        total < needed || size < needed)
        return false;
    const uint8_t *whole = size >= TCP_SIZE ? ip : nothing;
    usual->source = load_be32(ip + 12);
    usual->destination = load_be32(ip + 16);
    usual->protocol = (uint8_t)protocol;
    usual->ip_id = (uint16_t)(first >> 16);
    usual->ports = load_be32(ip + 20);
    usual->tcp_sequence = load_be32(whole + 24);
    usual->tcp_flags = whole[33];
    return true;
}

/* The same in the form of every other packet. */
static inline bool packet_decode_usual(const struct packet *packet, struct packet_headers *headers)
{
    struct packet_usual usual;
    if (!packet_read_usual(packet, &usual))
        return false;
    bool is_icmp = usual.protocol == PACKET_ICMP;
    bool is_tcp = usual.protocol == PACKET_TCP;
    *headers = (struct packet_headers){
        .ip_version = 4,
        .protocol = usual.protocol,
        .ip_id = usual.ip_id,
        .source_port = is_icmp ? -1 : (int)(usual.ports >> 16),
        .destination_port = (int)(is_icmp ? usual.ports >> 24 : usual.ports & 0xffff),
        .has_tcp_sequence = is_tcp,
        .has_tcp_flags = is_tcp,
        .tcp_sequence = is_tcp ? usual.tcp_sequence : 0,
        .tcp_flags = is_tcp ? usual.tcp_flags : 0,
    };
    for (int i = 0; i < 4; i++) {
        headers->source[i] = (uint8_t)(usual.source >> (24 - 8 * i));
        headers->destination[i] = (uint8_t)(usual.destination >> (24 - 8 * i));
    }
    return true;
}

/* Reads link, IP and transport headers. Ports need the first four transport bytes, an ICMP type the first;
 * sequence and flags are optional (a capture's snap length may cut them). Never reads beyond captured_size.
 */
static inline enum packet_fate packet_decode(const struct packet *packet, struct packet_headers *headers)
{
    return packet_decode_usual(packet, headers) ? PACKET_DECODED : packet_decode_any(packet, headers);
}

/* Tunnels that packet_decode_innermost opens. */
enum packet_tunnels {
    PACKET_TUNNEL_IP = 1,     /* IPv4 or IPv6 as the payload of IPv4 or IPv6 (protocols 4 and 41) */
    PACKET_TUNNEL_GRE = 2,    /* protocol 47: IP, Ethernet, MPLS, PPP or mirrored frames (ERSPAN) */
    PACKET_TUNNEL_VXLAN = 4,  /* UDP port 4789 */
    PACKET_TUNNEL_GENEVE = 8, /* UDP port 6081 */
};

/* As packet_decode, of the innermost IP header in tunnels of these kinds (any of enum packet_tunnels; 0: as
 * packet_decode). A tunnel that carries no IP counts by the header outside of it. */
enum packet_fate packet_decode_innermost(const struct packet *packet, unsigned int tunnels,
                                         struct packet_headers *headers);

/* Whether packet_decode knows the link type. */
bool packet_link_is_supported(int link_type);

#endif
