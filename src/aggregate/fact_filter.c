#include "aggregate/fact_filter.h"

#include <string.h>

enum { PROTOCOL_ICMP = 1, PROTOCOL_ICMPV6 = 58, PORT_WORDS = 65536 / 64 };

static bool text_is_listed(const char *text, char *const *list)
{
    if (list == NULL)
        return true;
    for (; *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

static void ports_compile(struct fact_filter *filter, const struct measure_filter *definition)
{
    if (definition->port_count == 0)
        return;
    filter->ports = g_new0(uint64_t, PORT_WORDS);
    for (size_t i = 0; i < definition->port_count; i++)
        for (uint32_t port = definition->ports[i].first; port <= definition->ports[i].last; port++)
            filter->ports[port >> 6] |= UINT64_C(1) << (port & 63);
}

void fact_filter_init(struct fact_filter *filter, const struct measure_filter *definition,
                      const struct sensor_list *sensors, const struct region_table *regions)
{
    *filter = (struct fact_filter){.tools = definition->tools};
    if (filter->tools == 0)
        filter->tools = UINT32_MAX;
    filter->sensors = g_new0(bool, sensors->sensor_count + 1);
    for (size_t i = 0; i < sensors->sensor_count; i++) {
        const struct sensor *sensor = &sensors->sensors[i];
        filter->sensors[i] = text_is_listed(sensor->id, definition->sensors) &&
                             text_is_listed(sensor->group, definition->sensor_groups) &&
                             text_is_listed(sensor->region, definition->sensor_regions);
    }
    if (definition->source_regions != NULL) {
        filter->regions = g_new0(bool, region_table_count(regions));
        for (uint32_t i = 0; i < region_table_count(regions); i++)
            filter->regions[i] = text_is_listed(region_table_code(regions, i), definition->source_regions);
    }
    for (int protocol = 0; protocol < 256; protocol++) {
        filter->protocols[protocol] = definition->protocol_count == 0;
        filter->types_as_ports[protocol] = protocol != PROTOCOL_ICMP && protocol != PROTOCOL_ICMPV6;
    }
    for (size_t i = 0; i < definition->protocol_count; i++) {
        filter->protocols[definition->protocols[i]] = true;
        filter->types_as_ports[definition->protocols[i]] = true;
    }
    ports_compile(filter, definition);
}

void fact_filter_release(struct fact_filter *filter)
{
    g_clear_pointer(&filter->sensors, g_free);
    g_clear_pointer(&filter->regions, g_free);
    g_clear_pointer(&filter->ports, g_free);
}
