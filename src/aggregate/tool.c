#include "aggregate/tool.h"

enum {
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    /* RFC 9293 section 3.1 */
    FLAG_FIN = 1,
    FLAG_SYN = 2,
    FLAG_RST = 4,
    FLAG_ACK = 16,
    ZMAP_ID = 54321,
    PORT_DOMAIN = 53,
};

static enum tool syn_classify(const struct packet_headers *headers)
{
    if (headers->ip_version != 4)
        return TOOL_OTHER;
    const uint8_t *address = headers->destination;
    uint32_t destination = (uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 |
                           (uint32_t)address[2] << 8 | (uint32_t)address[3];
    if (headers->tcp_sequence == destination)
        return TOOL_MIRAI;
    if (headers->ip_id == ZMAP_ID)
        return TOOL_ZMAP;
    if (headers->ip_id ==
        ((destination ^ (uint32_t)headers->destination_port ^ headers->tcp_sequence) & 0xffff))
        return TOOL_MASSCAN;
    return TOOL_OTHER;
}

/* Answers to something that another host sent under our address: echo reply, unreachable, source quench,
 * redirect, time exceeded, parameter problem, and the replies to timestamp, information and mask requests
 * (RFC 792, RFC 950). */
static bool icmp_is_answer(int type)
{
    static const uint8_t answers[] = {0, 3, 4, 5, 11, 12, 14, 16, 18};
    for (size_t i = 0; i < sizeof answers; i++)
        if (answers[i] == type)
            return true;
    return false;
}

enum tool tool_classify(const struct packet_headers *headers)
{
    switch (headers->protocol) {
    case PROTOCOL_TCP:
        if (!headers->has_tcp_flags || !headers->has_tcp_sequence)
            return TOOL_OTHER;
        switch (headers->tcp_flags & (FLAG_FIN | FLAG_SYN | FLAG_RST | FLAG_ACK)) {
        case FLAG_SYN:
            return syn_classify(headers);
        case FLAG_SYN | FLAG_ACK:
        case FLAG_SYN | FLAG_ACK | FLAG_FIN:
            return TOOL_BACKSCATTER;
        default:
            return (headers->tcp_flags & FLAG_RST) != 0 ? TOOL_BACKSCATTER : TOOL_OTHER;
        }
    case PROTOCOL_UDP:
        return headers->source_port == PORT_DOMAIN ? TOOL_BACKSCATTER : TOOL_OTHER;
    case PROTOCOL_ICMP:
        return icmp_is_answer(headers->destination_port) ? TOOL_BACKSCATTER : TOOL_OTHER;
    default:
        return TOOL_OTHER;
    }
}
