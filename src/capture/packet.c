#include "capture/packet.h"

#include <pcap/dlt.h>
#include <string.h>

#include "capture/packet_parse.h"

bool packet_link_is_supported(int link_type)
{
    return packet_link_find(link_type) != NULL;
}

static const struct packet_headers no_headers = {.source_port = -1, .destination_port = -1};

static enum packet_fate outermost_decode(const struct packet *packet, struct packet_headers *headers,
                                         struct network *network, struct span *payload)
{
    *headers = no_headers;
    link_decoder *decode = packet_link_find(packet->link_type);
    if (!decode)
        return PACKET_UNSUPPORTED_LINK;
    enum packet_fate fate = decode((struct span){packet->data, packet->captured_size}, network);
    return fate == PACKET_DECODED ? packet_ip(network, headers, payload) : fate;
}

enum packet_fate packet_decode_any(const struct packet *packet, struct packet_headers *headers)
{
    struct network network = {0};
    struct span payload;
    return outermost_decode(packet, headers, &network, &payload);
}

enum packet_fate packet_decode_innermost(const struct packet *packet, unsigned int tunnels,
                                         struct packet_headers *headers)
{
    struct network network = {0};
    struct span payload;
    enum packet_fate fate = outermost_decode(packet, headers, &network, &payload);
    /* Every turn takes an IP header's 20 bytes or more, so the captured bytes bound it. */
    while (fate == PACKET_DECODED) {
        enum packet_fate inside = packet_tunnel(tunnels, headers, payload, &network);
        if (inside == PACKET_NOT_IP || inside == PACKET_UNSUPPORTED_LINK)
            break;
        *headers = no_headers;
        fate = inside == PACKET_DECODED ? packet_ip(&network, headers, &payload) : inside;
    }
    return fate;
}

/* Nearly all that sensors see, in one run: TCP, UDP or ICMP in IPv4 without options and fragments (RFC 791,
 * section 3.1), in Ethernet or alone, with the first bytes of its transport header whole. False, and headers
 * in any state, for everything else. */
static inline bool usual_decode(const struct packet *packet, struct packet_headers *headers)
{
    enum { ETHERNET_SIZE = 14, IPV4_SIZE = 20, TCP_SIZE = 14, SHORT_SIZE = 4, ICMP = 1, TCP = 6, UDP = 17 };
    const uint8_t *ip = packet->data;
    size_t size = packet->captured_size;
    if (packet->link_type == DLT_EN10MB) {
        if (size < ETHERNET_SIZE + IPV4_SIZE + SHORT_SIZE || load_be16(ip + 12) != 0x0800)
            return false;
        ip += ETHERNET_SIZE;
        size -= ETHERNET_SIZE;
    } else if (packet->link_type != DLT_RAW || size < IPV4_SIZE + SHORT_SIZE) {
        return false;
    }
    uint8_t protocol = ip[9];
    size_t total = load_be16(ip + 2);
    if (ip[0] != 0x45 || (load_be16(ip + 6) & 0x3fff) != 0 || total < IPV4_SIZE + SHORT_SIZE)
        return false;
    const uint8_t *transport = ip + IPV4_SIZE;
    headers->has_tcp_sequence = protocol == TCP;
    headers->has_tcp_flags = protocol == TCP;
    headers->tcp_sequence = 0;
    headers->tcp_flags = 0;
    if (protocol == TCP) {
        if (size < IPV4_SIZE + TCP_SIZE || total < IPV4_SIZE + TCP_SIZE)
            return false;
        headers->tcp_sequence = load_be32(transport + 4);
        headers->tcp_flags = transport[13];
    } else if (protocol != UDP && protocol != ICMP) {
        return false;
    }
    headers->ip_version = 4;
    headers->protocol = protocol;
    headers->ip_id = load_be16(ip + 4);
    headers->is_fragment = false;
    memset(headers->source + 4, 0, 12);
    memset(headers->destination + 4, 0, 12);
    memcpy(headers->source, ip + 12, 4);
    memcpy(headers->destination, ip + 16, 4);
    headers->source_port = protocol == ICMP ? -1 : load_be16(transport);
    headers->destination_port = protocol == ICMP ? transport[0] : load_be16(transport + 2);
    return true;
}

enum packet_fate packet_decode(const struct packet *packet, struct packet_headers *headers)
{
    return usual_decode(packet, headers) ? PACKET_DECODED : packet_decode_any(packet, headers);
}
