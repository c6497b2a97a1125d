/* plan.h - what is to be counted in one edition, made ready: the part of counting that all threads share and
 * none changes.
 *
 *     struct plan *plan = plan_new(&publication, &edition, &inputs, log, err);     // NULL: err
 *     struct summary *summary = plan_summary(plan);       // its head: everything but what packets add
 *     plan_free(plan);
 *
 * Publication, edition and inputs are borrowed while the plan lives.
 */
#ifndef TEITEN_AGGREGATE_PLAN_H
#define TEITEN_AGGREGATE_PLAN_H

#include "aggregate/fact_filter.h"
#include "aggregate/inputs.h"
#include "aggregate/packet_filter.h"
#include "aggregate/region_table.h"
#include "aggregate/sensor_table.h"
#include "base/error.h"
#include "base/warning.h"
#include "publication/local_days.h"
#include "publication/publication.h"
#include "summary/summary.h"

/* One key that a measure groups by. Where there are few, they have numbers from 0 to key_count - 1 in the
 * order of key_compare; ports and prefixes have numbers of their own (tally_parts.h). */
enum { PLAN_PORT_BITS = 25, PLAN_SOURCE_24_BITS = 27, PLAN_TIME_BITS = 12 };

struct plan_dimension {
    enum measure_by by;
    unsigned bits;         /* every number lies below 1 << bits; BY_NOTHING: 0 */
    size_t key_count;      /* 0 for BY_PORT and BY_SOURCE_24 */
    char **keys;           /* [key_count], texts */
    uint32_t *key_numbers; /* key number of sensor, region, tool or protocol number i; a group's by sensor */
};

/* How a measure's counts are kept while packets are counted; plan_explanation.h says what each costs. */
enum plan_storage {
    STORE_PORTS, /* per day and TCP or UDP port: dense pages; other protocols as STORE_CELLS */
    STORE_DENSE, /* per day or hour: an array of counters, one for each key */
    STORE_CELLS, /* a hash table of counters by key and day or hour */
    STORE_SETS,  /* a hash table of address sets by key and day or hour; of pairs one more set for each sensor
                  */
};

struct plan_measure {
    const struct measure *definition;
    struct plan_dimension first, second; /* second: BY_NOTHING where there is no pair */
    enum plan_storage storage;
    struct packet_filter *bpf; /* NULL: none */
    /* STORE_SETS: a measure of the same conditions and finer keys or times, whose sets are to be united for
     * this one's, instead of sorting the same sources again; it has none itself. NULL: none */
    const struct plan_measure *united_of;
};

struct plan {
    const struct publication *publication;
    const struct edition *edition;
    const struct inputs *inputs;
    struct local_days days;
    struct sensor_table *sensors;
    struct region_table *regions;
    bool needs_regions, needs_hours;
    unsigned int tunnels;          /* enum packet_tunnels; 0: outermost headers count */
    struct plan_measure *measures; /* ascending by id */
    struct fact_filter filter;     /* of all measures, in this order */
    size_t measure_count;
};

/* Errors: a registry, the time zone, or a BPF expression that libpcap refuses ("publication.xml: line N:
 * ..."). */
struct plan *plan_new(const struct publication *publication, const struct edition *edition,
                      const struct inputs *inputs, struct warning_log *log, struct error *err);
void plan_free(struct plan *plan);
struct summary *plan_summary(const struct plan *plan);

#endif
