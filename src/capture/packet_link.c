/* Every link type that can be read, in one table; here are also the decoders of those that need a few lines
 * only. The formats are those of libpcap's list of link types (pcap-linktype(7) and the page it names). */
#include <glib.h>
#include <pcap/dlt.h>

#include "capture/packet_parse.h"

enum { NESTING_MAX = 4 };

/* DLT_* that this libpcap's header does not name, or names differently on other systems. */
enum {
    LINK_RAW_OPENBSD = 14,
    LINK_DSA_TAG_DSA = 284,
    LINK_DSA_TAG_EDSA = 285,
    LINK_ETHERNET_MPACKET = 274,
    LINK_MPLS = 219,
};

static enum packet_fate raw(struct span span, struct network *network)
{
    return packet_network_ip(span, 0, network);
}

static enum packet_fate ipv4_only(struct span span, struct network *network)
{
    return packet_network_ip(span, 4, network);
}

static enum packet_fate ipv6_only(struct span span, struct network *network)
{
    return packet_network_ip(span, 6, network);
}

/* A header of fixed size before another link layer. */
static enum packet_fate skip_then(size_t size, link_decoder *next, struct span span, struct network *network)
{
    return span_skip(&span, size) ? next(span, network) : PACKET_TRUNCATED;
}

/* A header of fixed size that has an EtherType at an offset. */
static enum packet_fate typed(size_t size, size_t type_offset, struct span span, struct network *network)
{
    if (span.size < size)
        return PACKET_TRUNCATED;
    uint16_t type = load_be16(span.data + type_offset);
    span_skip(&span, size);
    return packet_ethertype(type, span, network);
}

/* Linux cooked: packet type, hardware type, address length, address (8 bytes), protocol. Protocols below
 * 0x0600 are Linux's own numbers, of which only 4 (802.2) has an LLC header. */
static enum packet_fate cooked(uint16_t protocol, struct span span, struct network *network)
{
    if (protocol >= 0x0600)
        return packet_ethertype(protocol, span, network);
    return protocol == 4 ? packet_llc(span, network) : PACKET_NOT_IP;
}

static enum packet_fate linux_sll(struct span span, struct network *network)
{
    if (span.size < 16)
        return PACKET_TRUNCATED;
    uint16_t protocol = load_be16(span.data + 14);
    span_skip(&span, 16);
    return cooked(protocol, span, network);
}

/* Version 2: the protocol comes first, then an interface index and the rest. */
static enum packet_fate linux_sll2(struct span span, struct network *network)
{
    if (span.size < 20)
        return PACKET_TRUNCATED;
    uint16_t protocol = load_be16(span.data);
    span_skip(&span, 20);
    return cooked(protocol, span, network);
}

/* IEEE 802.5: access control, frame control (01 in its upper bits: LLC), addresses; a source address with its
 * first bit set is followed by routing information whose first 5 bits of length count in bytes. */
static enum packet_fate token_ring(struct span span, struct network *network)
{
    if (span.size < 14)
        return PACKET_TRUNCATED;
    if ((span.data[1] & 0xc0) != 0x40)
        return PACKET_NOT_IP;
    bool routed = span.data[8] & 0x80;
    span_skip(&span, 14);
    if (routed) {
        if (span.size < 2)
            return PACKET_TRUNCATED;
        size_t size = span.data[0] & 0x1f;
        if (size < 2)
            return PACKET_MALFORMED;
        if (!span_skip(&span, size))
            return PACKET_TRUNCATED;
    }
    return packet_llc(span, network);
}

/* FDDI: frame control (0x5x: LLC), addresses. */
static enum packet_fate fddi(struct span span, struct network *network)
{
    if (span.size < 13)
        return PACKET_TRUNCATED;
    if ((span.data[0] & 0xf0) != 0x50)
        return PACKET_NOT_IP;
    return skip_then(13, packet_llc, span, network);
}

/* RFC 2225: LLC and SNAP, or IP alone. */
static enum packet_fate atm_clip(struct span span, struct network *network)
{
    if (span.size >= 1 && span.data[0] == 0xaa)
        return packet_llc(span, network);
    return raw(span, network);
}

/* SunATM: the lower 4 bits of the first byte are 2 for LLC. */
static enum packet_fate sunatm(struct span span, struct network *network)
{
    if (span.size < 4)
        return PACKET_TRUNCATED;
    return (span.data[0] & 0x0f) == 2 ? skip_then(4, packet_llc, span, network) : PACKET_NOT_IP;
}

/* RFC 1201 (type, flag, sequence number; 4 bytes before IP) and RFC 1051 (type alone). An odd or zero flag is
 * a whole packet or the first fragment; 0xff announces four more bytes. */
static enum packet_fate arcnet_payload(bool fragments, struct span span, struct network *network)
{
    if (span.size < 1)
        return PACKET_TRUNCATED;
    uint8_t type = span.data[0];
    if (type == 0xf0)
        return skip_then(1, ipv4_only, span, network);
    if (type != 0xd4 && type != 0xc4)
        return PACKET_NOT_IP;
    if (span.size < 4)
        return PACKET_TRUNCATED;
    if (fragments && span.data[1] == 0xff && !span_skip(&span, 4))
        return PACKET_TRUNCATED;
    if (span.size < 4)
        return PACKET_TRUNCATED;
    if (fragments && span.data[1] != 0 && (span.data[1] & 1) == 0)
        return PACKET_NOT_IP;
    return skip_then(4, type == 0xd4 ? ipv4_only : ipv6_only, span, network);
}

static enum packet_fate arcnet(struct span span, struct network *network)
{
    return span_skip(&span, 2) ? arcnet_payload(true, span, network) : PACKET_TRUNCATED;
}

/* Linux puts two bytes of offset between the addresses and the type, and joins fragments before it captures.
 */
static enum packet_fate arcnet_linux(struct span span, struct network *network)
{
    return span_skip(&span, 4) ? arcnet_payload(false, span, network) : PACKET_TRUNCATED;
}

/* OpenBSD's packet filter log: length (without padding to 4), address family. */
static enum packet_fate pflog(struct span span, struct network *network)
{
    if (span.size < 2)
        return PACKET_TRUNCATED;
    size_t size = ((size_t)span.data[0] + 3) & ~(size_t)3;
    uint8_t family = span.data[1];
    if (size < 4)
        return PACKET_MALFORMED;
    if (!span_skip(&span, size))
        return PACKET_TRUNCATED;
    return packet_address_family(family, span, network);
}

/* OpenBSD's encapsulating interface: address family in host order, SPI, flags. */
static enum packet_fate enc(struct span span, struct network *network)
{
    if (span.size < 12)
        return PACKET_TRUNCATED;
    uint32_t family = load_be32(span.data);
    if (family > 0xffff)
        family = load_le32(span.data);
    span_skip(&span, 12);
    return packet_address_family(family, span, network);
}

/* Solaris' IP observability: version, family (2 or 26), 22 bytes of zones and interfaces. */
static enum packet_fate ipnet(struct span span, struct network *network)
{
    if (span.size < 24)
        return PACKET_TRUNCATED;
    uint8_t family = span.data[1];
    span_skip(&span, 24);
    return packet_address_family(family, span, network);
}

/* Linux netfilter log: family, version, resource; then values with length (its own 4 bytes included) and
 * type, both in the order of the machine that captured, padded to 4. Type 9 is the packet. */
static enum packet_fate nflog(struct span span, struct network *network)
{
    enum { NFLOG_PAYLOAD = 9 };
    if (span.size < 4)
        return PACKET_TRUNCATED;
    uint8_t family = span.data[0];
    if (span.data[1] != 0)
        return PACKET_MALFORMED;
    span_skip(&span, 4);
    while (span.size >= 4) {
        size_t size = load_le16(span.data);
        uint16_t type = load_le16(span.data + 2);
        if (type > 0xff) { /* types are small: the other byte order */
            size = load_be16(span.data);
            type = load_be16(span.data + 2);
        }
        type &= 0x7fff;
        if (size < 4)
            return PACKET_MALFORMED;
        if (type == NFLOG_PAYLOAD) {
            span.size = MIN(span.size, size);
            span_skip(&span, 4);
            return packet_address_family(family, span, network);
        }
        if (!span_skip(&span, (size + 3) & ~(size_t)3))
            return PACKET_TRUNCATED;
    }
    return PACKET_TRUNCATED;
}

/* Darwin: length, type (1: a packet follows), link type, in the order of the machine that captured, which is
 * little-endian. */
static enum packet_fate pktap(struct span span, struct network *network)
{
    if (span.size < 12)
        return PACKET_TRUNCATED;
    uint32_t size = load_le32(span.data);
    uint32_t type = load_le32(span.data + 4);
    uint32_t link_type = load_le32(span.data + 8);
    if (size < 12)
        return PACKET_MALFORMED;
    if (!span_skip(&span, size))
        return PACKET_TRUNCATED;
    if (type != 1)
        return PACKET_NOT_IP;
    return packet_link_nested(link_type > 0xffff ? -1 : (int)link_type, span, network);
}

/* IP over Fibre Channel (RFC 4338): two addresses of 8 bytes, LLC. */
static enum packet_fate ip_over_fc(struct span span, struct network *network)
{
    return skip_then(16, packet_llc, span, network);
}

/* Apple's IP over IEEE 1394: two addresses of 8 bytes, EtherType. */
static enum packet_fate ieee1394(struct span span, struct network *network)
{
    return typed(18, 16, span, network);
}

/* IP over InfiniBand: global routing header (40 bytes), EtherType, reserved (2). */
static enum packet_fate ipoib(struct span span, struct network *network)
{
    return typed(44, 40, span, network);
}

/* Tags of switches' CPU ports: DSA puts 4 bytes before the EtherType, EDSA an EtherType of its own, 2 bytes
 * and 4. */
static enum packet_fate dsa(struct span span, struct network *network)
{
    return typed(18, 16, span, network);
}

static enum packet_fate edsa(struct span span, struct network *network)
{
    return typed(22, 20, span, network);
}

/* netANALYZER: 4 bytes before the frame. With the preamble, and 802.3br's: 8 bytes more. */
static enum packet_fate netanalyzer(struct span span, struct network *network)
{
    return skip_then(4, packet_ethernet, span, network);
}

static enum packet_fate netanalyzer_transparent(struct span span, struct network *network)
{
    return skip_then(12, packet_ethernet, span, network);
}

static enum packet_fate mpacket(struct span span, struct network *network)
{
    return skip_then(8, packet_ethernet, span, network);
}

/* Juniper: "MGC", flags (0x80: extensions with their length follow, 0x02: no Ethernet header). */
static enum packet_fate juniper_ethernet(struct span span, struct network *network)
{
    if (span.size < 6)
        return PACKET_TRUNCATED;
    if (load_be32(span.data) >> 8 != 0x4d4743)
        return PACKET_MALFORMED;
    uint8_t flags = span.data[3];
    size_t size = flags & 0x80 ? 6 + (size_t)load_be16(span.data + 4) : 4;
    if (!span_skip(&span, size))
        return PACKET_TRUNCATED;
    /* Then a protocol number of Juniper's own stands in the Ethernet header's place. */
    if (flags & 0x02)
        return PACKET_NOT_IP;
    return packet_ethernet(span, network);
}

static link_decoder *const link_table[] = {
    [DLT_NULL] = packet_null,
    [DLT_EN10MB] = packet_ethernet,
    [DLT_IEEE802] = token_ring,
    [DLT_ARCNET] = arcnet,
    [DLT_SLIP] = packet_slip,
    [DLT_PPP] = packet_ppp_framed,
    [DLT_FDDI] = fddi,
    [DLT_ATM_RFC1483] = packet_llc,
    [DLT_RAW] = raw,
    [LINK_RAW_OPENBSD] = raw,
    [DLT_ATM_CLIP] = atm_clip,
    [DLT_PPP_SERIAL] = packet_ppp_framed,
    [DLT_PPP_ETHER] = packet_pppoe,
    [DLT_C_HDLC] = packet_c_hdlc,
    [DLT_IEEE802_11] = packet_ieee80211,
    [DLT_FRELAY] = packet_frame_relay,
    [DLT_LOOP] = packet_null,
    [DLT_ENC] = enc,
    [DLT_LINUX_SLL] = linux_sll,
    [DLT_PFLOG] = pflog,
    [DLT_PRISM_HEADER] = packet_prism,
    [DLT_IP_OVER_FC] = ip_over_fc,
    [DLT_SUNATM] = sunatm,
    [DLT_IEEE802_11_RADIO] = packet_radiotap,
    [DLT_ARCNET_LINUX] = arcnet_linux,
    [DLT_APPLE_IP_OVER_IEEE1394] = ieee1394,
    [DLT_IEEE802_11_RADIO_AVS] = packet_avs,
    [DLT_PPP_PPPD] = packet_ppp_direction,
    [DLT_JUNIPER_ETHER] = juniper_ethernet,
    [DLT_PPI] = packet_ppi,
    [DLT_PPP_WITH_DIR] = packet_ppp_direction,
    [DLT_FRELAY_WITH_DIR] = packet_frame_relay_direction,
    [LINK_MPLS] = packet_mpls,
    [DLT_IPNET] = ipnet,
    [DLT_IPV4] = ipv4_only,
    [DLT_IPV6] = ipv6_only,
    [DLT_NFLOG] = nflog,
    [DLT_NETANALYZER] = netanalyzer,
    [DLT_NETANALYZER_TRANSPARENT] = netanalyzer_transparent,
    [DLT_IPOIB] = ipoib,
    [DLT_PKTAP] = pktap,
    [LINK_ETHERNET_MPACKET] = mpacket,
    [DLT_LINUX_SLL2] = linux_sll2,
    [LINK_DSA_TAG_DSA] = dsa,
    [LINK_DSA_TAG_EDSA] = edsa,
};

link_decoder *packet_link_find(int link_type)
{
    return link_type >= 0 && (size_t)link_type < G_N_ELEMENTS(link_table) ? link_table[link_type] : NULL;
}

enum packet_fate packet_link_nested(int link_type, struct span span, struct network *network)
{
    link_decoder *decode = packet_link_find(link_type);
    if (!decode)
        return PACKET_UNSUPPORTED_LINK;
    if (++network->nesting > NESTING_MAX)
        return PACKET_MALFORMED;
    return decode(span, network);
}
