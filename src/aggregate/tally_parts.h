/* tally_parts.h - what a tally consists of, for tally.c and tally_measure.c (which count) and tally_summary.c
 * (which reads the counts out). */
#ifndef TEITEN_AGGREGATE_TALLY_PARTS_H
#define TEITEN_AGGREGATE_TALLY_PARTS_H

#include "aggregate/cell_runs.h"
#include "aggregate/count_map.h"
#include "aggregate/fact_batch.h"
#include "aggregate/port_counts.h"
#include "aggregate/tally.h"

/* A key as a number whose order is that of the keys: a port as protocol, then port (-1 first); a prefix of
 * IPv4 as its 24 bits, of IPv6 as 2^24 and its index in the tally's `networks` (in the order of keys only
 * after tally_summary.c has ranked them); all others by the number that the plan gave them. A pair as both,
 * the first in the upper bits. */
static inline uint64_t port_key_number(uint32_t protocol, int port)
{
    return (uint64_t)protocol << 17 | (uint64_t)(uint32_t)(port + 1);
}

/* A day and an hour in one number (0 for measures per day). */
enum { TIME_HOUR_BITS = 5 };
static inline uint32_t time_number(int day, int hour)
{
    return (uint32_t)day << TIME_HOUR_BITS | (uint32_t)hour;
}

/* Index into `dense`. */
static inline uint32_t dense_index(const struct plan_measure *plan, uint32_t time)
{
    return plan->definition->per == PER_HOUR ? time : time >> TIME_HOUR_BITS;
}

/* Key, day and hour in one number, in this order. */
static inline uint64_t cell_number(uint64_t key_number, uint32_t time)
{
    return key_number << PLAN_TIME_BITS | time;
}

struct tally_measure {
    const struct plan_measure *plan;
    int link_type;                     /* for which `program` was compiled */
    const struct bpf_program *program; /* NULL: not compiled yet, or no expression */
    struct port_counts ports;          /* STORE_PORTS: TCP and UDP; all others in `cells` */
    uint64_t *
        *dense; /* STORE_DENSE: [dense_index], each [first.key_count * second.key_count]; NULL: nothing */
    struct count_map cells; /* STORE_CELLS: the count; STORE_SETS: index into `sets`, or number of a cell */
    struct cell_runs runs;  /* STORE_CELLS: counts of cells that were in `cells` before */
    struct count_map pairs; /* of pairs: number of a cell, then sensor in 16 bits: index into `sets` */
    GPtrArray *sets;        /* struct source_set * */
    /* STORE_SETS: where keys (of pairs: with sensors) are few, the sets of one day or hour by key, as far as
     * they were asked for: [set_choice_count]. NULL: keys are not few. */
    struct source_set **set_choices;
    size_t set_choice_count;
    uint32_t set_choices_time; /* plus one; 0: none of them holds */
    uint32_t settled_time;     /* the latest such time whose sets were settled; 0: none */
    /* Nothing is counted here: the sets are made in the end of this one's. NULL: counted. */
    const struct tally_measure *united_of;
};

/* A table of so many cells is sorted and packed away (tally_absorb.c): it stays in the processor's cache. */
enum { TALLY_CELLS_MAX = 24000 };
void tally_cells_pack(struct tally_measure *measure);
/* To be called once in a while, at the latest after so many more packets. */
static inline void tally_cells_limit(struct tally_measure *measure)
{
    if (measure->cells.count > TALLY_CELLS_MAX && measure->plan->storage != STORE_SETS)
        tally_cells_pack(measure);
}

/* When the archive at hand brought packets to a sensor; first > last: not yet. */
struct tally_span {
    int64_t first, last;
};

/* Facts of a batch, as ascending indexes into it. */
struct tally_selection {
    size_t count;
    uint16_t at[FACT_BATCH_SIZE];
};

struct tally {
    const struct plan *plan;
    struct tally_selection everything; /* every fact that a batch may have */
    uint64_t packets_read;
    uint64_t bins[BIN_COUNT];
    uint64_t *sensor_packets; /* [day_count][sensor_count] */
    struct tally_measure *measures;
    uint64_t counted[FACT_FILTER_WORDS_MAX]; /* a bit for each measure that is counted */
    struct count_map networks; /* first 48 bits of an IPv6 address: its index in `network_list`, plus one */
    GArray *network_list;      /* uint64_t */
    struct tally_span *spans;  /* [sensor_count] */
    uint64_t backward_count;
    bool has_time;          /* the archive at hand had a packet with a time; */
    struct tally_span time; /* those of all of them, */
    int64_t last_seconds;   /* and that of the last one */
    uint32_t last_nanoseconds;
    struct fact_reader reader;
    struct fact_batch batch; /* at hand */
};

/* Frees what was counted; nothing can be counted any more. */
void tally_measure_release(const struct tally *tally, struct tally_measure *measure);

/* Counts the facts that a measure lets through. 0, or -1 and an error: its BPF expression cannot be used on a
 * packet's link type. */
int tally_measure_add(struct tally *tally, struct tally_measure *measure, const struct fact_batch *batch,
                      const struct tally_selection *admitted, struct error *err);

#endif
