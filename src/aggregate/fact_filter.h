/* fact_filter.h - a measure's conditions, compiled to look-ups. The BPF expression is not among them:
 * packet_filter.h.
 *
 * A port condition is met by a packet whose destination port is in it. The type of an ICMP or ICMPv6 packet
 * is compared with the ports only where the measure names that protocol (protocol="icmp" port="8"): port="3"
 * alone never means "destination unreachable". A condition on a code, sensor or group that does not exist is
 * met by nothing.
 */
#ifndef TEITEN_AGGREGATE_FACT_FILTER_H
#define TEITEN_AGGREGATE_FACT_FILTER_H

#include "aggregate/fact.h"
#include "aggregate/region_table.h"
#include "publication/measure.h"
#include "publication/sensor.h"

struct fact_filter {
    bool *sensors; /* [sensor_count] */
    bool *regions; /* [region_count], NULL: any */
    bool protocols[256];
    uint64_t *ports;          /* 65,536 bits, NULL: any */
    bool types_as_ports[256]; /* [protocol]: the protocol may meet a port condition */
    uint32_t tools;           /* bit (1 << tool) */
};

void fact_filter_init(struct fact_filter *filter, const struct measure_filter *definition,
                      const struct sensor_list *sensors, const struct region_table *regions);
void fact_filter_release(struct fact_filter *filter);

static inline bool fact_filter_admits(const struct fact_filter *filter, const struct fact *fact)
{
    if (!filter->sensors[fact->sensor] || !filter->protocols[fact->protocol] ||
        (filter->tools >> fact->tool & 1) == 0)
        return false;
    if (filter->regions != NULL && !filter->regions[fact->region])
        return false;
    if (filter->ports == NULL)
        return true;
    return fact->port >= 0 && filter->types_as_ports[fact->protocol] &&
           (filter->ports[fact->port >> 6] >> (fact->port & 63) & 1) != 0;
}

#endif
