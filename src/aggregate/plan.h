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

/* One measure and, for groupings other than by port, its keys: numbers from 0 to key_count - 1 in the order
 * of key_compare. */
struct plan_measure {
    const struct measure *definition;
    struct fact_filter filter;
    struct packet_filter *bpf; /* NULL: none */
    size_t key_count;          /* 0 for BY_PORT */
    char **keys;               /* [key_count], texts */
    uint32_t *key_numbers;     /* key number of sensor, region or tool number i */
};

struct plan {
    const struct publication *publication;
    const struct edition *edition;
    const struct inputs *inputs;
    struct local_days days;
    struct sensor_table *sensors;
    struct region_table *regions;
    bool needs_regions;
    struct plan_measure *measures; /* ascending by id */
    size_t measure_count;
};

/* Errors: a registry, the time zone, or a BPF expression that libpcap refuses ("publication.xml: line N:
 * ..."). */
struct plan *plan_new(const struct publication *publication, const struct edition *edition,
                      const struct inputs *inputs, struct warning_log *log, struct error *err);
void plan_free(struct plan *plan);
struct summary *plan_summary(const struct plan *plan);

#endif
