/* IPv4 (RFC 791), IPv6 with its extension headers (RFC 8200, RFC 7045) and the first bytes of what they
 * carry.
 *
 * Assumptions: one IP header is read; what it may carry (packet_tunnel.c) is left as payload. A length field
 * of 0 is what hosts with segmentation offload record for packets whose length the network card fills in, and
 * what a jumbogram has (RFC 2675): the captured bytes then end the packet. Bytes after the header's length
 * are the padding of the link layer and are never read. */
#include <string.h>

#include "capture/packet_parse.h"

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_DCCP = 33,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_AH = 51,
    PROTOCOL_DESTINATION_OPTIONS = 60,
    PROTOCOL_SCTP = 132,
    PROTOCOL_MOBILITY = 135,
    PROTOCOL_UDP_LITE = 136,
    PROTOCOL_HIP = 139,
    PROTOCOL_SHIM6 = 140,
};

/* Why bytes are missing: the IP header promised them and the capture lacks them, or the header itself says
 * they are not there. */
static enum packet_fate missing(bool cut_by_capture)
{
    return cut_by_capture ? PACKET_TRUNCATED : PACKET_MALFORMED;
}

static enum packet_fate transport(struct span span, bool cut_by_capture, struct packet_headers *headers)
{
    switch (headers->protocol) {
    case PACKET_TCP:
    case PACKET_UDP:
    case PROTOCOL_UDP_LITE:
    case PROTOCOL_DCCP:
    case PROTOCOL_SCTP:
        /* RFC 9293 3.1, RFC 768, RFC 3828, RFC 4340 5.1, RFC 9260 3.1: all begin with source and destination
         * port. */
        if (span.size < 4)
            return missing(cut_by_capture);
        headers->source_port = load_be16(span.data);
        headers->destination_port = load_be16(span.data + 2);
        break;
    case PACKET_ICMP:
    case PACKET_ICMPV6:
        /* RFC 792, RFC 4443 2.1: the type comes first. */
        if (span.size < 1)
            return missing(cut_by_capture);
        headers->destination_port = span.data[0];
        break;
    default:
        break;
    }
    /* RFC 9293 3.1. The data offset is not looked at: captures cut inside the options, and genuine scanners
     * get it wrong. */
    if (headers->protocol == PACKET_TCP) {
        headers->has_tcp_sequence = span.size >= 8;
        if (headers->has_tcp_sequence)
            headers->tcp_sequence = load_be32(span.data + 4);
        headers->has_tcp_flags = span.size >= 14;
        if (headers->has_tcp_flags)
            headers->tcp_flags = span.data[13];
    }
    return PACKET_DECODED;
}

/* RFC 791, section 3.1. */
static enum packet_fate ipv4(struct span span, struct packet_headers *headers, struct span *payload)
{
    if (span.size < 20)
        return PACKET_TRUNCATED;
    const uint8_t *header = span.data;
    size_t header_size = (size_t)(header[0] & 0x0f) * 4;
    size_t total = load_be16(header + 2);
    if (header[0] >> 4 != 4 || header_size < 20 || (total != 0 && total < header_size))
        return PACKET_MALFORMED;
    uint16_t fragment = load_be16(header + 6); /* flags (3 bits, more fragments 0x2000) and offset (13) */
    headers->ip_version = 4;
    headers->protocol = header[9];
    headers->ip_id = load_be16(header + 4);
    memcpy(headers->source, header + 12, 4);
    memcpy(headers->destination, header + 16, 4);
    bool cut = total == 0 || span.size < total;
    if (!cut)
        span.size = total;
    if (fragment & 0x1fff)
        return PACKET_FRAGMENT;
    headers->is_fragment = fragment & 0x2000;
    if (!span_skip(&span, header_size))
        return PACKET_TRUNCATED;
    *payload = span;
    return transport(span, cut, headers);
}

/* RFC 8200, section 3 and 4. */
static enum packet_fate ipv6(struct span span, struct packet_headers *headers, struct span *payload)
{
    if (span.size < 40)
        return PACKET_TRUNCATED;
    const uint8_t *header = span.data;
    if (header[0] >> 4 != 6)
        return PACKET_MALFORMED;
    headers->ip_version = 6;
    headers->protocol = header[6];
    memcpy(headers->source, header + 8, 16);
    memcpy(headers->destination, header + 24, 16);
    size_t payload_size = load_be16(header + 4);
    span_skip(&span, 40);
    bool cut = payload_size == 0 || span.size < payload_size;
    if (!cut)
        span.size = payload_size;
    for (;;) { /* every turn takes 8 bytes or more, so the captured bytes bound it */
        size_t size;
        switch (headers->protocol) {
        case PROTOCOL_HOP_BY_HOP:
        case PROTOCOL_ROUTING:
        case PROTOCOL_DESTINATION_OPTIONS:
        case PROTOCOL_MOBILITY: /* RFC 6275, 6.1.1 */
        case PROTOCOL_HIP:      /* RFC 7401, 5.1 */
        case PROTOCOL_SHIM6:    /* RFC 5533, 5.1 */
            if (span.size < 2)
                return missing(cut);
            size = ((size_t)span.data[1] + 1) * 8;
            break;
        case PROTOCOL_AH: /* RFC 4302, 2.2: in 32-bit words minus 2 */
            if (span.size < 2)
                return missing(cut);
            size = ((size_t)span.data[1] + 2) * 4;
            break;
        case PROTOCOL_FRAGMENT: { /* RFC 8200, 4.5: offset (13 bits), reserved (2), more fragments (1) */
            if (span.size < 8)
                return missing(cut);
            uint16_t fragment = load_be16(span.data + 2);
            if (fragment >> 3) {
                headers->protocol = span.data[0];
                return PACKET_FRAGMENT;
            }
            headers->is_fragment = fragment & 1;
            size = 8;
            break;
        }
        default: /* ESP (50) hides what follows and No Next Header (59) says that nothing does: both stand as
                    the protocol */
            *payload = span;
            return transport(span, cut, headers);
        }
        headers->protocol = span.data[0];
        if (!span_skip(&span, size))
            return missing(cut);
    }
}

enum packet_fate packet_ip(const struct network *network, struct packet_headers *headers,
                           struct span *payload)
{
    int version = network->version;
    if (version == 0) {
        if (network->ip.size == 0)
            return PACKET_TRUNCATED;
        version = network->ip.data[0] >> 4;
    }
    switch (version) {
    case 4:
        return ipv4(network->ip, headers, payload);
    case 6:
        return ipv6(network->ip, headers, payload);
    default:
        return PACKET_MALFORMED;
    }
}
