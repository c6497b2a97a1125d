/* tally_parts.h - what a tally consists of, for tally.c (which counts) and tally_summary.c (which reads the
 * counts out). */
#ifndef TEITEN_AGGREGATE_TALLY_PARTS_H
#define TEITEN_AGGREGATE_TALLY_PARTS_H

#include "aggregate/count_map.h"
#include "aggregate/port_counts.h"
#include "aggregate/tally.h"

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMPV6 = 58 };

/* A key of one measure as a number whose order is that of the keys: by port protocol, then port (-1 first);
 * otherwise the number that the plan gave it. */
static inline uint64_t port_key_number(uint8_t protocol, int port)
{
    return (uint64_t)protocol << 17 | (uint64_t)(uint32_t)(port + 1);
}

/* Key and day in one number, ordered by key, then day. */
static inline uint64_t cell_number(uint64_t key_number, int day)
{
    return key_number << 7 | (uint64_t)day;
}

struct tally_measure {
    const struct plan_measure *plan;
    int link_type;                     /* for which `program` was compiled */
    const struct bpf_program *program; /* NULL: not compiled yet, or no expression */
    /* packets by port: TCP and UDP in `ports`, all others in `cells`; other packets: `days` */
    struct port_counts ports;
    uint64_t *days[EDITION_DAYS_MAX]; /* [key_count], NULL: nothing that day */
    /* packets by port of other protocols: the count; sources: index into `sets` plus one */
    struct count_map cells;
    GPtrArray *sets; /* struct address_set * */
};

struct tally {
    const struct plan *plan;
    uint64_t packets_read;
    uint64_t bins[BIN_COUNT];
    uint64_t *sensor_packets; /* [sensor_count][day_count] */
    struct tally_measure *measures;
    int day;                    /* the day of the last packet, */
    int64_t day_start, day_end; /* and its bounds: packets mostly come in order */
};

#endif
