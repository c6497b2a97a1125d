/* Ethernet and what its EtherType leads to (IEEE 802.3, 802.1Q, 802.2). */
#include <pcap/dlt.h>

#include "capture/packet_parse.h"

enum {
    LENGTH_MAX = 0x05ff, /* IEEE 802.3, 3.2.6: smaller values are the length of an LLC frame */
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_VLAN_SERVICE = 0x88a8,
    TYPE_VLAN_OLD_1 = 0x9100, /* QinQ before IEEE 802.1ad, as several vendors tag */
    TYPE_VLAN_OLD_2 = 0x9200,
    TYPE_VLAN_OLD_3 = 0x9300,
    TYPE_PPP = 0x880b,
    TYPE_MPLS = 0x8847,
    TYPE_MPLS_UPSTREAM = 0x8848,
    TYPE_PPPOE_SESSION = 0x8864,
    TYPE_LLC_JUMBO = 0x8870,
    TYPE_CISCO_METADATA = 0x8909,
    TYPE_VN_TAG = 0x8926,
    TYPE_MACSEC = 0x88e5,
    TYPE_HSR = 0x892f,
    TYPE_NSH = 0x894f,
    TYPE_FABRIC_PATH = 0x8903,
    TYPE_E_TAG = 0x893f,
};

enum packet_fate packet_network_ip(struct span span, int version, struct network *network)
{
    network->version = version;
    network->ip = span;
    return PACKET_DECODED;
}

/* RFC 3032: 4 bytes a label, bit 8 of the last byte but one set on the last label. What follows has no type:
 * IP tells by its first four bits; a pseudowire starts with 0 or 1 (RFC 4385) or with somebody's MAC address.
 */
enum packet_fate packet_mpls(struct span span, struct network *network)
{
    bool last = false;
    while (!last) {
        if (span.size < 4)
            return PACKET_TRUNCATED;
        last = span.data[2] & 1;
        span_skip(&span, 4);
    }
    if (span.size < 1)
        return PACKET_TRUNCATED;
    int version = span.data[0] >> 4;
    if (version != 4 && version != 6)
        return PACKET_NOT_IP;
    return packet_network_ip(span, version, network);
}

/* RFC 2516, section 4: version and type, code, session, length, then PPP. */
enum packet_fate packet_pppoe(struct span span, struct network *network)
{
    if (span.size < 6)
        return PACKET_TRUNCATED;
    if (span.data[1] != 0) /* not the session stage */
        return PACKET_NOT_IP;
    span_skip(&span, 6);
    return packet_ppp(span, network);
}

/* Network service header (RFC 8300, section 2): its length in words in the lower 6 bits of byte 1, then what
 * follows. */
static enum packet_fate service_header(struct span span, struct network *network)
{
    if (span.size < 4)
        return PACKET_TRUNCATED;
    size_t size = (size_t)(span.data[1] & 0x3f) * 4;
    uint8_t next = span.data[3];
    if (size < 8)
        return PACKET_MALFORMED;
    if (!span_skip(&span, size))
        return PACKET_TRUNCATED;
    switch (next) {
    case 1:
        return packet_network_ip(span, 4, network);
    case 2:
        return packet_network_ip(span, 6, network);
    case 3:
        return packet_link_nested(DLT_EN10MB, span, network);
    default:
        return PACKET_NOT_IP;
    }
}

/* The size of a tag that stands in front of another EtherType, or 0. */
static size_t tag_size(uint16_t type, struct span span)
{
    switch (type) {
    case TYPE_VLAN:
    case TYPE_VLAN_SERVICE:
    case TYPE_VLAN_OLD_1:
    case TYPE_VLAN_OLD_2:
    case TYPE_VLAN_OLD_3:
        return 4;
    case TYPE_VN_TAG:
    case TYPE_HSR: /* IEC 62439-3: path and size, sequence number, type */
        return 6;
    case TYPE_CISCO_METADATA:
    case TYPE_E_TAG: /* IEEE 802.1BR, 7.5 */
        return 8;
    case TYPE_MACSEC: /* IEEE 802.1AE, 9.3: tag control, short length, packet number, an identifier when bit
                         0x20 is set */
        return span.size > 0 && span.data[0] & 0x20 ? 16 : 8;
    default:
        return 0;
    }
}

enum packet_fate packet_ethertype(uint16_t type, struct span span, struct network *network)
{
    if (type == TYPE_IPV4)
        return packet_network_ip(span, 4, network);
    size_t size;
    while ((size = tag_size(type, span)) > 0) {
        if (span.size < size)
            return PACKET_TRUNCATED;
        if (type == TYPE_MACSEC && span.data[0] & 0x0c) /* encrypted or changed */
            return PACKET_NOT_IP;
        type = load_be16(span.data + size - 2);
        span_skip(&span, size);
    }
    if (type <= LENGTH_MAX)
        return packet_llc(span, network);
    switch (type) {
    case TYPE_IPV4:
        return packet_network_ip(span, 4, network);
    case TYPE_IPV6:
        return packet_network_ip(span, 6, network);
    case TYPE_MPLS:
    case TYPE_MPLS_UPSTREAM:
        return packet_mpls(span, network);
    case TYPE_PPPOE_SESSION:
        return packet_pppoe(span, network);
    case TYPE_PPP:
        return packet_ppp(span, network);
    case TYPE_LLC_JUMBO:
        return packet_llc(span, network);
    case TYPE_NSH:
        return service_header(span, network);
    case TYPE_FABRIC_PATH: /* two bytes of tree and lifetime, then the Ethernet frame that was carried */
        if (!span_skip(&span, 2))
            return PACKET_TRUNCATED;
        return packet_link_nested(DLT_EN10MB, span, network);
    default:
        return PACKET_NOT_IP;
    }
}

enum packet_fate packet_ethernet(struct span span, struct network *network)
{
    if (span.size < 14)
        return PACKET_TRUNCATED;
    uint16_t type = load_be16(span.data + 12);
    span_skip(&span, 14);
    return packet_ethertype(type, span, network);
}

/* Network layer protocol identifiers: RFC 2427, section 3 and 4. 0x80 is followed by a SNAP header. */
enum packet_fate packet_nlpid(struct span span, struct network *network)
{
    while (span.size > 0 && span.data[0] == 0) /* padding */
        span_skip(&span, 1);
    if (span.size < 1)
        return PACKET_TRUNCATED;
    uint8_t id = span.data[0];
    span_skip(&span, 1);
    switch (id) {
    case 0xcc:
        return packet_network_ip(span, 4, network);
    case 0x8e:
        return packet_network_ip(span, 6, network);
    case 0xcf:
        return packet_ppp(span, network);
    case 0x80: {
        if (span.size < 5)
            return PACKET_TRUNCATED;
        uint32_t organisation = load_be32(span.data) >> 8;
        uint16_t type = load_be16(span.data + 3);
        span_skip(&span, 5);
        if (organisation == 0)
            return packet_ethertype(type, span, network);
        return organisation == 0x0080c2 && (type == 1 || type == 7)
                   ? packet_link_nested(DLT_EN10MB, span, network)
                   : PACKET_NOT_IP;
    }
    default:
        return PACKET_NOT_IP;
    }
}

/* IEEE 802.2: destination and source service access point, control. Unnumbered information (3) only. */
enum packet_fate packet_llc(struct span span, struct network *network)
{
    if (span.size < 3)
        return PACKET_TRUNCATED;
    const uint8_t *llc = span.data;
    if (llc[2] != 3)
        return PACKET_NOT_IP;
    if (llc[0] == 0x06 && llc[1] == 0x06) { /* IP on its own access point (RFC 948) */
        span_skip(&span, 3);
        return packet_network_ip(span, 0, network);
    }
    if (llc[0] == 0xfe && llc[1] == 0xfe) { /* ISO protocols (RFC 2684, section 5.1) */
        span_skip(&span, 3);
        return packet_nlpid(span, network);
    }
    if (llc[0] != 0xaa || llc[1] != 0xaa)
        return PACKET_NOT_IP;
    if (span.size < 8)
        return PACKET_TRUNCATED;
    uint32_t organisation = load_be32(llc + 2) & 0xffffff;
    uint16_t type = load_be16(llc + 6);
    span_skip(&span, 8);
    /* SNAP (RFC 1042); 00-00-F8 is the same for protocols that bridges translated (IEEE 802.1H). */
    if (organisation == 0x000000 || organisation == 0x0000f8)
        return type <= LENGTH_MAX ? PACKET_NOT_IP : packet_ethertype(type, span, network);
    /* Bridged Ethernet with and without checksum (RFC 2684, section 5.2), padded by two bytes. */
    if (organisation == 0x0080c2 && (type == 1 || type == 7)) {
        if (!span_skip(&span, 2))
            return PACKET_TRUNCATED;
        return packet_link_nested(DLT_EN10MB, span, network);
    }
    return PACKET_NOT_IP;
}
