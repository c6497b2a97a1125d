#include "aggregate/tool.h"

enum tool tool_classify(const struct packet_headers *headers)
{
    bool is_tcp = headers->protocol == PACKET_TCP;
    if (is_tcp && !(headers->has_tcp_flags && headers->has_tcp_sequence))
        return TOOL_OTHER;
    uint32_t port = (uint32_t)headers->destination_port;
    uint32_t ports = (uint32_t)headers->source_port << 16 | (port & 0xffff);
    if (headers->protocol == PACKET_ICMP)
        ports = port << 24;
    struct tool_clues clues = {
        .protocol = lanes_all(headers->protocol),
        .destination = lanes_all(load_be32(headers->destination)),
        .ip_id = lanes_all(headers->ip_id),
        .ports = lanes_all(ports),
        .tcp_sequence = lanes_all(headers->tcp_sequence),
        .tcp_flags = lanes_all(is_tcp ? headers->tcp_flags : 0),
        .has_signature = lanes_all(headers->ip_version == 4 ? UINT32_MAX : 0),
    };
    return (enum tool)tool_of(&clues)[0];
}
