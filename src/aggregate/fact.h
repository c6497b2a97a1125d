/* fact.h - what one counted packet says, in small numbers; and the one bin that any packet ends in.
 *
 * A packet is looked at in this order, and the first that applies is its bin:
 *
 *  1. its headers cannot be read: unsupported-link, not-ip, truncated, malformed, fragment
 * (capture/packet.h);
 *  2. its time: bad-time, then outside-quarter;
 *  3. its source is a sensor in force on that local day: from-sensor, wherever it goes;
 *  4. its destination is no sensor in force on that day: not-to-sensor;
 *  5. counted.
 */
#ifndef TEITEN_AGGREGATE_FACT_H
#define TEITEN_AGGREGATE_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"
#include "publication/measure.h"

/* The day and hour are those of its batch (fact_batch.h). Small: many at once stay in the processor's nearest
 * cache. */
struct fact {
    uint32_t sensor;      /* index into the publication's sensors */
    uint32_t source_ipv4; /* host byte order; 0 of IPv6 */
    uint32_t region;      /* of region_table.h; 0 where no measure asks for regions */
    uint32_t size;        /* bytes on the wire */
    int32_t port;         /* destination port; ICMP and ICMPv6: type; -1 none */
    int16_t tcp_flags;    /* of TCP whose flags were captured; else -1 */
    uint8_t protocol;     /* IP protocol number */
    uint8_t tool;         /* enum tool */
    bool is_ipv6;
    uint8_t source_ipv6[16]; /* network byte order; of IPv6 */
};

#endif
