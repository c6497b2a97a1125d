#include "capture/packet.h"

#include "capture/packet_parse.h"

bool packet_link_is_supported(int link_type)
{
    return packet_link_find(link_type) != NULL;
}

enum packet_fate packet_decode(const struct packet *packet, struct packet_headers *headers)
{
    *headers = (struct packet_headers){.source_port = -1, .destination_port = -1};
    link_decoder *decode = packet_link_find(packet->link_type);
    if (!decode)
        return PACKET_UNSUPPORTED_LINK;
    struct network network = {0};
    enum packet_fate fate = decode((struct span){packet->data, packet->captured_size}, &network);
    return fate == PACKET_DECODED ? packet_ip(&network, headers) : fate;
}
