/* port_counts.h - packets, or bytes, per local day and destination port of TCP and UDP: dense where packets
 * came, nothing elsewhere.
 *
 * Counters are 16 bits wide, in pages of 128 ports made when first needed; what flows over is carried in a
 * map, so the sums have 64 bits. All ports of a day fit the processor's cache, and a quarter of 92 days with
 * packets to every port of both protocols takes 24 MB.
 */
#ifndef TEITEN_AGGREGATE_PORT_COUNTS_H
#define TEITEN_AGGREGATE_PORT_COUNTS_H

#include "aggregate/count_map.h"
#include <stdbool.h>
#include "publication/local_days.h"

enum { PORT_PAGE_SIZE = 128, PORT_PAGE_COUNT = 65536 / PORT_PAGE_SIZE };

struct port_day {
    uint16_t *pages[2][PORT_PAGE_COUNT]; /* TCP, UDP; [PORT_PAGE_SIZE] counters, NULL: all zero */
};

/* Counters that are not 0 any more, while they are few: most archives of a quarter's thousands touch one
 * counter in a hundred of a day's. */
enum { PORT_TOUCHED_MAX = 16384, PORT_SPARES = 2 };

/* All zeros is empty. */
struct port_counts {
    struct port_day *days[EDITION_DAYS_MAX];
    struct count_map carries;             /* multiples of 2^16, by port_counts_carry_key */
    uint8_t *carried;                     /* a bit for each port that has any, UDP behind TCP; NULL: none */
    uint32_t *touched;                    /* [touched_count], by port_counts_cell, some of them twice */
    uint32_t touched_count;               /* PORT_TOUCHED_MAX: any may be */
    struct port_day *spares[PORT_SPARES]; /* days of pages that are all zero */
};

void port_counts_release(struct port_counts *counts);
/* Adds the counters of `from`, which is empty then. */
void port_counts_absorb(struct port_counts *counts, struct port_counts *from);
/* A counter's place, in the order of keys, then days. */
static inline uint32_t port_counts_cell(int day, int udp, uint16_t port)
{
    return (uint32_t)udp << 23 | (uint32_t)port << 7 | (uint32_t)day;
}
/* Notes a counter that was 0. */
void port_counts_touch(struct port_counts *counts, int day, int udp, uint16_t port);
/* The page that holds the port, made when it is missing. */
uint16_t *port_counts_page(struct port_counts *counts, int day, int udp, uint16_t port);
uint64_t port_counts_value(const struct port_counts *counts, int day, int udp, uint16_t port);

/* Adds a multiple of 2^16. */
void port_counts_carry(struct port_counts *counts, int day, int udp, uint16_t port, uint64_t amount);
/* Whether the port's counter is not all, on some day. */
static inline bool port_counts_is_carried(const struct port_counts *counts, int udp, uint16_t port)
{
    return counts->carried != NULL && (counts->carried[udp * 8192 + port / 8] >> port % 8 & 1) != 0;
}

static inline uint64_t port_counts_carry_key(int day, int udp, uint16_t port)
{
    return (uint64_t)day << 17 | (uint64_t)udp << 16 | port;
}

/* The counter of a port, its page made when it is missing. */
static inline uint16_t *port_counts_counter(struct port_counts *counts, int day, int udp, uint16_t port)
{
    struct port_day *pages = counts->days[day];
    uint16_t *page = pages == NULL ? NULL : pages->pages[udp][port / PORT_PAGE_SIZE];
    if (page == NULL)
        page = port_counts_page(counts, day, udp, port);
    return &page[port % PORT_PAGE_SIZE];
}

/* Adds to that port's counter. */
static inline void port_counts_raise(struct port_counts *counts, uint16_t *counter, int day, int udp,
                                     uint16_t port, uint32_t amount)
{
    if (*counter == 0)
        port_counts_touch(counts, day, udp, port);
    uint64_t sum = (uint64_t)*counter + amount;
    *counter = (uint16_t)sum;
    if (sum > UINT16_MAX)
        port_counts_carry(counts, day, udp, port, sum - *counter);
}

static inline void port_counts_add(struct port_counts *counts, int day, int udp, uint16_t port,
                                   uint32_t amount)
{
    port_counts_raise(counts, port_counts_counter(counts, day, udp, port), day, udp, port, amount);
}

#endif
