/* fact_filter.h - the conditions of all measures at once, compiled to look-ups that give sets of measures.
 *
 *     struct fact_filter filter;
 *     fact_filter_init(&filter, definitions, count, &sensors, regions);
 *     uint64_t admitted[FACT_BATCH_SIZE * FACT_FILTER_WORDS_MAX];
 *     uint64_t any[FACT_FILTER_WORDS_MAX], all[FACT_FILTER_WORDS_MAX];
 *     fact_filter_admit(&filter, &batch, admitted, any, all);  // bit i: measure i lets the fact through
 *     fact_filter_release(&filter);
 *
 * For each value that a fact can have (a sensor, a protocol, a tool, ...) there is the set of measures that
 * let it through; the sets of a fact's values are intersected. So a packet costs as many look-ups as there
 * are kinds of conditions in use, however many measures there are, and then what the measures that admit it
 * cost. Prefix lists come last: one is searched only while a measure that names it is still in play. BPF
 * expressions are not among them: packet_filter.h.
 *
 * A port condition is met by a packet whose destination port is in it. The type of an ICMP or ICMPv6 packet
 * is compared with the ports only where the measure names that protocol (protocol="icmp" port="8"): port="3"
 * alone never means "destination unreachable". An icmp-type condition is met by ICMP packets of such a type;
 * by ICMPv6 packets where the measure names icmpv6 (then by ICMP packets only where it names icmp as well). A
 * tcp-flags condition is met by TCP packets whose flags were captured. A condition on a code, sensor or group
 * that does not exist is met by nothing.
 */
#ifndef TEITEN_AGGREGATE_FACT_FILTER_H
#define TEITEN_AGGREGATE_FACT_FILTER_H

#include "aggregate/address_map.h"
#include "aggregate/fact.h"
#include "aggregate/region_table.h"
#include "publication/measure.h"
#include "publication/sensor.h"

struct fact_batch;

enum { FACT_FILTER_WORDS_MAX = MEASURES_MAX / 64 };

/* A prefix list that one or several measures name. */
struct fact_filter_list {
    const struct prefix_list *prefixes; /* of the definition that named it first */
    struct address_map *addresses;      /* 1: in the list */
    uint64_t *wanted, *unwanted; /* [word_count]: measures whose source-prefix, not-source-prefix it is */
};

enum { FACT_FILTER_BLOCK_SIZE = 256, FACT_FILTER_BLOCKS = FACT_TARGETS / FACT_FILTER_BLOCK_SIZE + 1 };

/* Sets of measures: word w of value v stands at [v * word_count + w]. NULL: no measure has such a condition.
 */
struct fact_filter {
    size_t word_count;
    uint64_t *sensors;   /* by sensor number, with groups and regions of sensors */
    uint64_t *protocols; /* by IP protocol number */
    uint64_t *regions;   /* by number of region_table.h */
    uint64_t *tools;     /* by enum tool */
    uint64_t *flags;     /* by flags; FACT_NO_FLAGS: none captured, or not TCP */
    /* By class of ports and types: those that the same measures let through. A target's class stands in
     * blocks[block_of[target / 256]][target % 256]; equal blocks are kept once, so that the whole stays close
     * to the processor. */
    uint64_t *targets;
    uint16_t (*blocks)[FACT_FILTER_BLOCK_SIZE];
    uint16_t block_of[FACT_FILTER_BLOCKS];
    struct fact_filter_list *lists;
    size_t list_count;
};

/* `definitions[count]` must outlive the filter; bit i stands for definitions[i]. */
void fact_filter_init(struct fact_filter *filter, const struct measure *const *definitions, size_t count,
                      const struct sensor_list *sensors, const struct region_table *regions);
void fact_filter_release(struct fact_filter *filter);

/* Whether a measure lets packets to a sensor through. */
bool fact_filter_admits_sensor(const struct fact_filter *filter, size_t measure, size_t sensor);

/* Sets admitted[batch->count][word_count], the measures that let each fact through; any[word_count], those
 * that let at least one; all[word_count], those that let every one. */
void fact_filter_admit(const struct fact_filter *filter, const struct fact_batch *batch, uint64_t *admitted,
                       uint64_t *any, uint64_t *all);

#endif
