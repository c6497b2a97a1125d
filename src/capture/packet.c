#include "capture/packet.h"

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
