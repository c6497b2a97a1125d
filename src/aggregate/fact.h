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

struct fact {
    int day;          /* 0 the first of the edition */
    int hour;         /* since the day began; 0 where no measure asks for hours */
    uint32_t size;    /* bytes on the wire */
    uint32_t sensor;  /* index into the publication's sensors */
    uint8_t protocol; /* IP protocol number */
    int port;         /* destination port; ICMP and ICMPv6: type; -1 none */
    bool is_ipv6;
    uint32_t source_ipv4;    /* host byte order */
    uint8_t source_ipv6[16]; /* network byte order */
    uint32_t region;         /* of region_table.h; 0 where no measure asks for regions */
    enum tool tool;
    int tcp_flags; /* of TCP whose flags were captured; else -1 */
};

#endif
