/* Loopback, PPP, HDLC, frame relay and SLIP: link layers that are little more than a protocol number. */
#include "capture/packet_parse.h"

enum {
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
    PPP_MPLS_UNICAST = 0x0281, /* RFC 3032, section 4 */
    PPP_MPLS_MULTICAST = 0x0283,
    FAMILY_INET = 2,
    FAMILY_INET6_LINUX = 10,
    FAMILY_INET6_BSD = 24, /* NetBSD, OpenBSD, BSD/OS */
    FAMILY_INET6_SOLARIS = 26,
    FAMILY_INET6_FREEBSD = 28,
    FAMILY_INET6_DARWIN = 30,
};

enum packet_fate packet_address_family(uint32_t family, struct span span, struct network *network)
{
    switch (family) {
    case FAMILY_INET:
        return packet_network_ip(span, 4, network);
    case FAMILY_INET6_LINUX:
    case FAMILY_INET6_BSD:
    case FAMILY_INET6_SOLARIS:
    case FAMILY_INET6_FREEBSD:
    case FAMILY_INET6_DARWIN:
        return packet_network_ip(span, 6, network);
    default:
        return PACKET_NOT_IP;
    }
}

enum packet_fate packet_ppp(struct span span, struct network *network)
{
    if (span.size < 1)
        return PACKET_TRUNCATED;
    /* RFC 1661, section 2: the last byte of a protocol number is odd and all others even, so a first byte
     * that is odd is the whole number, compressed. */
    size_t size = span.data[0] & 1 ? 1 : 2;
    if (span.size < size)
        return PACKET_TRUNCATED;
    uint16_t protocol = size == 1 ? span.data[0] : load_be16(span.data);
    span_skip(&span, size);
    switch (protocol) {
    case PPP_IPV4:
        return packet_network_ip(span, 4, network);
    case PPP_IPV6:
        return packet_network_ip(span, 6, network);
    case PPP_MPLS_UNICAST:
    case PPP_MPLS_MULTICAST:
        return packet_mpls(span, network);
    default:
        return PACKET_NOT_IP;
    }
}

/* Cisco HDLC: address (0x0f unicast, 0x8f multicast), control, EtherType. */
enum packet_fate packet_c_hdlc(struct span span, struct network *network)
{
    if (span.size < 4)
        return PACKET_TRUNCATED;
    uint16_t type = load_be16(span.data + 2);
    span_skip(&span, 4);
    return type <= 0x05ff ? PACKET_NOT_IP : packet_ethertype(type, span, network);
}

/* PPP, with the address and control bytes of HDLC framing (RFC 1662, section 3.1) or without; serial lines
 * that speak Cisco HDLC are captured under the same link types. */
enum packet_fate packet_ppp_framed(struct span span, struct network *network)
{
    if (span.size < 2)
        return PACKET_TRUNCATED;
    if (span.data[0] == 0xff && span.data[1] == 0x03)
        span_skip(&span, 2);
    else if (span.data[0] == 0x0f || span.data[0] == 0x8f)
        return packet_c_hdlc(span, network);
    return packet_ppp(span, network);
}

/* DLT_NULL: the family as 32 bits in the order of the machine that captured; DLT_LOOP: in network order. All
 * families are small, so that the order shows. Some systems put PPP or Cisco HDLC under the same link type.
 */
enum packet_fate packet_null(struct span span, struct network *network)
{
    if (span.size < 4)
        return PACKET_TRUNCATED;
    uint32_t family = load_be32(span.data);
    if (family >> 16 == 0xff03)
        return packet_ppp_framed(span, network);
    if (family >> 16 == 0x0f00 && load_be16(span.data + 2) > 0x05ff)
        return packet_c_hdlc(span, network);
    if (family > 0xffff)
        family = load_le32(span.data);
    span_skip(&span, 4);
    return packet_address_family(family, span, network);
}

/* A byte with the direction stands before the frame, or in the place of its address byte (pppd). */
enum packet_fate packet_ppp_direction(struct span span, struct network *network)
{
    if (!span_skip(&span, 1))
        return PACKET_TRUNCATED;
    if (span.size >= 1 && span.data[0] == 0x03)
        span_skip(&span, 1);
    return packet_ppp_framed(span, network);
}

/* RFC 2427, section 3: an address of 2 to 4 bytes whose last has bit 0 set, the control byte 0x03, NLPID.
 * Cisco's own encapsulation has an EtherType in their place. */
enum packet_fate packet_frame_relay(struct span span, struct network *network)
{
    size_t size = 0;
    do {
        if (span.size <= size)
            return PACKET_TRUNCATED;
        if (size == 4)
            return PACKET_MALFORMED;
    } while (!(span.data[size++] & 1));
    if (size < 2)
        return PACKET_MALFORMED;
    span_skip(&span, size);
    if (span.size < 2)
        return PACKET_TRUNCATED;
    if (span.data[0] == 0x03) {
        span_skip(&span, 1);
        return packet_nlpid(span, network);
    }
    uint16_t type = load_be16(span.data);
    span_skip(&span, 2);
    return type <= 0x05ff ? PACKET_NOT_IP : packet_ethertype(type, span, network);
}

enum packet_fate packet_frame_relay_direction(struct span span, struct network *network)
{
    if (!span_skip(&span, 1))
        return PACKET_TRUNCATED;
    return packet_frame_relay(span, network);
}

/* libpcap's header: direction, then 15 bytes of the Van Jacobson compression (RFC 1144) of which the first
 * four bits say whether a whole IP header follows: 4 it does, 7 and 8 it is compressed. */
enum packet_fate packet_slip(struct span span, struct network *network)
{
    if (span.size < 16)
        return PACKET_TRUNCATED;
    int compression = span.data[1] >> 4;
    span_skip(&span, 16);
    if (compression >= 7)
        return PACKET_NOT_IP;
    return packet_network_ip(span, 0, network);
}
