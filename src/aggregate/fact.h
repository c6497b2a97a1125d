/* fact.h - what one counted packet says, in small numbers; and the one bin that any packet ends in.
 *
 * A packet is looked at in this order, and the first that applies is its bin:
 *
 *  1. its headers cannot be read: unsupported-link, not-ip, truncated, malformed, fragment
 *     (capture/packet.h);
 *  2. its time: bad-time, then outside-quarter;
 *  3. its source is a sensor in force on that local day: from-sensor, wherever it goes;
 *  4. its destination is no sensor in force on that day: not-to-sensor;
 *  5. counted.
 *
 * Facts are kept in columns (fact_batch.h): each step of counting reads the few that it needs.
 */
#ifndef TEITEN_AGGREGATE_FACT_H
#define TEITEN_AGGREGATE_FACT_H

#include <stdint.h>

#include "capture/packet.h"

/* What a packet asks of its destination, in one number: a port, or for ICMP and ICMPv6 the type. */
enum {
    FACT_TYPE_NONE = 256, /* in place of a type: none was read */
    FACT_TCP = 0,         /* from here on: ports of TCP, */
    FACT_UDP = 1 << 16,   /* of UDP, */
    FACT_PORT = 2 << 16,  /* and of all other protocols that have ports; */
    FACT_ICMP = 3 << 16,  /* types */
    FACT_ICMPV6 = FACT_ICMP + FACT_TYPE_NONE + 1,
    FACT_NOTHING = FACT_ICMPV6 + FACT_TYPE_NONE + 1, /* neither port nor type */
    FACT_TARGETS
};

/* `port`: destination port or type, -1 none, as in struct packet_headers. */
static inline uint32_t fact_target(uint8_t protocol, int port)
{
    uint32_t type = port >= 0 && port < FACT_TYPE_NONE ? (uint32_t)port : FACT_TYPE_NONE;
    if (protocol == PACKET_ICMP)
        return FACT_ICMP + type;
    if (protocol == PACKET_ICMPV6)
        return FACT_ICMPV6 + type;
    if (port < 0)
        return FACT_NOTHING;
    return (uint32_t)port + (protocol == PACKET_TCP   ? FACT_TCP
                             : protocol == PACKET_UDP ? FACT_UDP
                                                      : FACT_PORT);
}

/* The other way: destination port or type, or -1. */
static inline int fact_target_port(uint32_t target)
{
    if (target < FACT_ICMP)
        return (int)(target & 0xffff);
    uint32_t type = target < FACT_ICMPV6 ? target - FACT_ICMP : target - FACT_ICMPV6;
    return target < FACT_NOTHING && type < FACT_TYPE_NONE ? (int)type : -1;
}

/* TCP flags as a number: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ... */
enum { FACT_NO_FLAGS = 256, /* not TCP, or not captured */ FACT_FLAGS };

#endif
