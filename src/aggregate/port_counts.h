/* port_counts.h - packets, or bytes, per local day and destination port of TCP and UDP.
 *
 * A day is a list of the ports that were seen while they are few (port_few.h), as in most archives of a
 * quarter's thousands, and in a quarter of little traffic; from PORT_FEW on, a row of counters, one for each
 * port of each protocol. These are 16 bits wide: 256 KB a day, which fits the processor's cache, and of which
 * the system gives memory to those pages alone that something was counted in. What flows over is carried in a
 * map, so the sums have 64 bits. A quarter of 92 days with packets to every port of both protocols takes 24
 * MB.
 */
#ifndef TEITEN_AGGREGATE_PORT_COUNTS_H
#define TEITEN_AGGREGATE_PORT_COUNTS_H

#include <stdbool.h>

#include "aggregate/count_map.h"
#include "aggregate/port_few.h"
#include "publication/local_days.h"

/* A counter's place in its day: the port, behind those of TCP if it is of UDP (as FACT_TCP and FACT_UDP). */
enum { PORT_UDP = 65536, PORT_COUNTERS = 2 * 65536 };

/* All zeros is empty. */
struct port_counts {
    struct port_few *few[EDITION_DAYS_MAX]; /* while they are few, or NULL; NULL where there is a row */
    uint16_t *rows[EDITION_DAYS_MAX];       /* [PORT_COUNTERS] each, or NULL */
    struct count_map carries;               /* multiples of 2^16 of rows' counters, by port_counts_cell */
};

void port_counts_release(struct port_counts *counts);
/* Adds the counters of `from`, which is empty then. */
void port_counts_absorb(struct port_counts *counts, struct port_counts *from);
/* Gives back the memory of every row's counters before place `end`, which are never to be looked at again. */
void port_counts_discard(const struct port_counts *counts, uint32_t end);

/* A counter as a number, in the order of places, then days. */
static inline uint64_t port_counts_cell(int day, uint32_t place)
{
    return (uint64_t)place << 7 | (uint64_t)(uint32_t)day;
}
static inline int port_counts_cell_day(uint64_t cell)
{
    return (int)(cell & 0x7f);
}
static inline uint32_t port_counts_cell_place(uint64_t cell)
{
    return (uint32_t)(cell >> 7);
}

/* What a row's counter has carried. */
uint64_t port_counts_carried(const struct port_counts *counts, int day, uint32_t place);
/* The counters of all days that are few, [*count], ascending by port_counts_cell; g_free. */
struct count_entry *port_counts_few(const struct port_counts *counts, size_t *count);

/* Adds a multiple of 2^16. */
void port_counts_carry(struct port_counts *counts, int day, uint32_t place, uint64_t amount);
/* Adds to a counter, of a day that may have a row then. */
void port_counts_add_slowly(struct port_counts *counts, int day, uint32_t place, uint64_t amount);

/* Makes a row of a day that has none. */
void port_counts_row_begin(struct port_counts *counts, int day);

/* Adds to one of `row`, which is the day's. */
static inline void port_counts_raise(struct port_counts *counts, uint16_t *row, int day, uint32_t place,
                                     uint64_t amount)
{
    uint64_t sum = row[place] + amount;
    row[place] = (uint16_t)sum;
    if (__builtin_expect(sum > UINT16_MAX, 0))
        port_counts_carry(counts, day, place, sum - (uint16_t)sum);
}

/* Adds to a counter of a day that is likely to have no row. */
static inline void port_counts_add(struct port_counts *counts, int day, uint32_t place, uint64_t amount)
{
    struct port_few *few = counts->few[day];
    if (few != NULL && port_few_takes(few, amount))
        port_few_add(few, place, amount);
    else
        port_counts_add_slowly(counts, day, place, amount);
}

#endif
