/* Tunnels: what stands behind an IP header that carries another one.
 *
 * Assumptions: a tunnel is told by protocol and, in UDP, by its registered destination port. What a tunnel
 * carries and is no IP (a keepalive, ARP) leaves the packet to the header outside of it; so does a header of
 * the tunnel that is none, as anybody may send anything to a port. An IP header inside that is cut or
 * contradicts itself decides: the packet cannot be told by its innermost header then. */
#include <pcap/dlt.h>

#include "capture/packet_parse.h"

enum {
    PROTOCOL_IPV4 = 4,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_GRE = 47,
    PORT_VXLAN = 4789,
    PORT_GENEVE = 6081,
    UDP_HEADER_SIZE = 8,
    TYPE_TRANSPARENT_ETHERNET = 0x6558,
    TYPE_ERSPAN = 0x88be,
    TYPE_ERSPAN_3 = 0x22eb,
};

/* What GRE and Geneve name by an EtherType, which for Ethernet itself is one of its own. Lengths of LLC
 * frames are none. */
static enum packet_fate carried(uint16_t type, struct span span, struct network *network)
{
    if (type < 0x0600)
        return PACKET_NOT_IP;
    return type == TYPE_TRANSPARENT_ETHERNET ? packet_link_nested(DLT_EN10MB, span, network)
                                             : packet_ethertype(type, span, network);
}

/* Mirrored frames of switches: type I has no header of its own, type II (told by the sequence number) 8 bytes
 * (draft-foschiano-erspan, section 4); type III 12, and 8 more when the last bit is set. */
static enum packet_fate erspan(uint16_t type, bool has_sequence, struct span span, struct network *network)
{
    size_t size = type == TYPE_ERSPAN ? (has_sequence ? 8 : 0) : 12;
    if (span.size < size)
        return PACKET_TRUNCATED;
    if (size == 12 && span.data[11] & 1)
        size = 20;
    if (!span_skip(&span, size))
        return PACKET_TRUNCATED;
    return packet_link_nested(DLT_EN10MB, span, network);
}

/* RFC 2784 and 2890: flags, version, EtherType, then the fields that the flags announce. Version 1 carries
 * PPP (RFC 2637); source routing (RFC 1701) is not followed. */
static enum packet_fate gre(struct span span, struct network *network)
{
    enum { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ACKNOWLEDGE = 0x0080 };
    if (span.size < 4)
        return PACKET_TRUNCATED;
    uint16_t flags = load_be16(span.data);
    uint16_t type = load_be16(span.data + 2);
    unsigned int version = flags & 7;
    if (flags & ROUTING || version > 1)
        return PACKET_NOT_IP;
    size_t size = 4;
    size += flags & CHECKSUM ? 4 : 0;
    size += flags & KEY ? 4 : 0;
    size += flags & SEQUENCE ? 4 : 0;
    size += version == 1 && flags & ACKNOWLEDGE ? 4 : 0;
    /* Version 1 without data is an acknowledgement alone. */
    if (version == 1 && !(flags & SEQUENCE))
        return PACKET_NOT_IP;
    if (!span_skip(&span, size))
        return PACKET_TRUNCATED;
    if (version == 1)
        return packet_ppp_framed(span, network);
    if (type == TYPE_ERSPAN || type == TYPE_ERSPAN_3)
        return erspan(type, flags & SEQUENCE, span, network);
    return carried(type, span, network);
}

/* RFC 7348, section 5: the flag 0x08 says that there is a network identifier, which there must be. */
static enum packet_fate vxlan(struct span span, struct network *network)
{
    if (span.size < 8)
        return PACKET_TRUNCATED;
    if (!(span.data[0] & 0x08))
        return PACKET_NOT_IP;
    span_skip(&span, 8);
    return packet_link_nested(DLT_EN10MB, span, network);
}

/* RFC 8926, section 3.4: version (2 bits), length of the options in words (6 bits), flags, EtherType. */
static enum packet_fate geneve(struct span span, struct network *network)
{
    if (span.size < 8)
        return PACKET_TRUNCATED;
    if (span.data[0] >> 6 != 0)
        return PACKET_NOT_IP;
    size_t size = 8 + (size_t)(span.data[0] & 0x3f) * 4;
    uint16_t type = load_be16(span.data + 2);
    if (!span_skip(&span, size))
        return PACKET_TRUNCATED;
    return carried(type, span, network);
}

static enum packet_fate udp_tunnel(unsigned int tunnels, int port, struct span span, struct network *network)
{
    link_decoder *decode = port == PORT_VXLAN && tunnels & PACKET_TUNNEL_VXLAN     ? vxlan
                           : port == PORT_GENEVE && tunnels & PACKET_TUNNEL_GENEVE ? geneve
                                                                                   : NULL;
    if (!decode)
        return PACKET_NOT_IP;
    return span_skip(&span, UDP_HEADER_SIZE) ? decode(span, network) : PACKET_TRUNCATED;
}

enum packet_fate packet_tunnel(unsigned int tunnels, const struct packet_headers *headers,
                               struct span payload, struct network *network)
{
    switch (headers->protocol) {
    case PROTOCOL_IPV4:
        return tunnels & PACKET_TUNNEL_IP ? packet_network_ip(payload, 4, network) : PACKET_NOT_IP;
    case PROTOCOL_IPV6:
        return tunnels & PACKET_TUNNEL_IP ? packet_network_ip(payload, 6, network) : PACKET_NOT_IP;
    case PROTOCOL_GRE:
        return tunnels & PACKET_TUNNEL_GRE ? gre(payload, network) : PACKET_NOT_IP;
    case PACKET_UDP:
        return udp_tunnel(tunnels, headers->destination_port, payload, network);
    default:
        return PACKET_NOT_IP;
    }
}
