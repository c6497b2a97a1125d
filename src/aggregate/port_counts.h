/* port_counts.h - packets, or bytes, per local day and destination port of TCP and UDP.
 *
 * A day that has any is a row of counters, one for each port of each protocol. They are 16 bits wide: 256 KB
 * a day, which fits the processor's cache, and of which the system gives memory to those pages alone that
 * something was counted in. What flows over is carried in a map, so the sums have 64 bits. A quarter of 92
 * days with packets to every port of both protocols takes 24 MB.
 */
#ifndef TEITEN_AGGREGATE_PORT_COUNTS_H
#define TEITEN_AGGREGATE_PORT_COUNTS_H

#include <stdbool.h>

#include "aggregate/count_map.h"
#include "publication/local_days.h"

/* A counter's place in its day: the port, behind those of TCP if it is of UDP (as FACT_TCP and FACT_UDP). */
enum { PORT_UDP = 65536, PORT_COUNTERS = 2 * 65536 };

/* Counters that are not 0 any more, while they are few: most archives of a quarter's thousands touch one
 * counter in a hundred of a day's. */
enum { PORT_TOUCHED_MAX = 16384, PORT_SPARES = 2 };

/* All zeros is empty. */
struct port_counts {
    uint16_t *days[EDITION_DAYS_MAX]; /* [PORT_COUNTERS] each; NULL: nothing counted */
    struct count_map carries;         /* multiples of 2^16, by port_counts_carry_key */
    uint8_t *carried;                 /* a bit for each counter's place that has any; NULL: none */
    uint32_t *touched;                /* [touched_count], by port_counts_cell, some of them twice */
    uint32_t touched_count;           /* PORT_TOUCHED_MAX: any may be */
    uint16_t *spares[PORT_SPARES];    /* days of which all counters are 0 */
};

void port_counts_release(struct port_counts *counts);
/* Adds the counters of `from`, which is empty then. */
void port_counts_absorb(struct port_counts *counts, struct port_counts *from);
/* A counter in the order of keys, then days. */
static inline uint32_t port_counts_cell(int day, uint32_t place)
{
    return place << 7 | (uint32_t)day;
}
static inline int port_counts_cell_day(uint32_t cell)
{
    return (int)(cell & 0x7f);
}
static inline uint32_t port_counts_cell_place(uint32_t cell)
{
    return cell >> 7;
}
/* Notes a counter that was 0. */
void port_counts_touch(struct port_counts *counts, int day, uint32_t place);
uint16_t *port_counts_day_new(struct port_counts *counts, int day);
/* Gives back the memory of every day's counters before place `end`, which are never to be looked at again. */
void port_counts_discard(const struct port_counts *counts, uint32_t end);
uint64_t port_counts_value(const struct port_counts *counts, int day, uint32_t place);

/* Adds a multiple of 2^16. */
void port_counts_carry(struct port_counts *counts, int day, uint32_t place, uint64_t amount);
/* Whether the counter is not all, on some day. */
static inline bool port_counts_is_carried(const struct port_counts *counts, uint32_t place)
{
    return counts->carried != NULL && (counts->carried[place / 8] >> place % 8 & 1) != 0;
}

static inline uint64_t port_counts_carry_key(int day, uint32_t place)
{
    return (uint64_t)day << 17 | place;
}

/* The counters of a day, made when they are missing. */
static inline uint16_t *port_counts_day(struct port_counts *counts, int day)
{
    return counts->days[day] != NULL ? counts->days[day] : port_counts_day_new(counts, day);
}

/* Adds to one of `counters`, which are the day's. */
static inline void port_counts_raise(struct port_counts *counts, uint16_t *counters, int day, uint32_t place,
                                     uint32_t amount)
{
    uint16_t before = counters[place];
    if (__builtin_expect(before == 0, 0))
        port_counts_touch(counts, day, place);
    uint64_t sum = (uint64_t)before + amount;
    counters[place] = (uint16_t)sum;
    if (__builtin_expect(sum > UINT16_MAX, 0))
        port_counts_carry(counts, day, place, sum - (uint16_t)sum);
}

#endif
