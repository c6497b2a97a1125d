#include "aggregate/plan_explanation.h"

#include <inttypes.h>

#include "base/number.h"

static void lookups_explain(const struct plan *plan, GString *out)
{
    const struct fact_filter *filter = &plan->filter;
    g_string_append(out, "Looked up for each packet: local day, sensor of source and destination, tool");
    if (plan->needs_regions)
        g_string_append(out, ", region of the source");
    if (plan->needs_hours)
        g_string_append(out, ", local hour");
    const char *separator = ".\nThe innermost IP header counts in tunnels of ";
    for (int i = 0; i < TUNNEL_KINDS; i++)
        if (plan->publication->opens[i]) {
            g_string_append_printf(out, "%s%s", separator, tunnel_kind_name((enum tunnel_kind)i));
            separator = ", ";
        }
    const struct {
        bool is_used;
        const char *name;
    } kinds[] = {
        {filter->sensors != NULL, "sensor"},
        {filter->protocols != NULL, "protocol"},
        {filter->targets != NULL, "port and ICMP type"},
        {filter->tools != NULL, "tool"},
        {filter->regions != NULL, "source region"},
        {filter->flags != NULL, "TCP flags"},
    };
    g_string_append(out, ".\nConditions, for all measures at once, in this order: ");
    separator = "";
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].is_used) {
            g_string_append_printf(out, "%s%s", separator, kinds[i].name);
            separator = ", ";
        }
    if (filter->list_count > 0) {
        g_string_append_printf(out, "%s%zu list%s of source prefixes", separator, filter->list_count,
                               filter->list_count == 1 ? "" : "s");
        separator = ", ";
    }
    g_string_append(out, *separator == '\0' ? "none" : "");
    for (size_t i = 0; i < plan->measure_count; i++)
        if (plan->measures[i].bpf != NULL) {
            g_string_append(out, "; then BPF, for each measure that has one and admits the packet so far");
            break;
        }
    g_string_append(out, ".\n");
}

static void keys_explain(const struct plan_measure *measure, GString *out)
{
    g_string_append(out, "    keeps    ");
    bool per_hour = measure->definition->per == PER_HOUR;
    const char *time = per_hour ? "hour" : "day";
    size_t key_count = measure->first.key_count * measure->second.key_count;
    switch (measure->storage) {
    case STORE_PORTS:
        g_string_append(out,
                        "for each day 8 to 32 bytes for each port seen, from 4,096 on 256 KB in all; 5 to 8 "
                        "bytes for each other protocol and type\n");
        break;
    case STORE_DENSE:
        g_string_append_printf(out, "an array for each %s: %zu key%s, 8 bytes each\n", time, key_count,
                               key_count == 1 ? "" : "s");
        break;
    case STORE_CELLS:
        g_string_append_printf(out, "5 to 8 bytes for each key seen in each %s, and a table of 512 KB\n",
                               time);
        break;
    case STORE_SETS:
        if (measure->united_of != NULL) {
            g_string_append_printf(out, "nothing: its sets are those of %s, united\n",
                                   measure->united_of->definition->id);
            break;
        }
        g_string_append_printf(
            out,
            "an exact set for each key seen in each %s%s: 4 to 8 bytes for each IPv4 source, 16 to "
            "64 for each IPv6 source\n",
            time, measure->definition->count == COUNT_SOURCE_SENSORS ? " and each sensor" : "");
        break;
    }
}

static void measure_explain(const struct plan *plan, size_t index, GString *out)
{
    const struct plan_measure *measure = &plan->measures[index];
    const struct sensor_list *sensors = &plan->publication->sensors;
    char *definition = measure_definition(measure->definition);
    size_t admitted = 0;
    for (size_t i = 0; i < sensors->sensor_count; i++)
        admitted += fact_filter_admits_sensor(&plan->filter, index, i);
    g_string_append_printf(out, "  %s (line %d)\n    measures %s\n    sensors  %zu of %zu\n",
                           measure->definition->id, measure->definition->line, definition, admitted,
                           sensors->sensor_count);
    keys_explain(measure, out);
    g_free(definition);
}

static void files_explain(const char *what, const GPtrArray *files, GString *out)
{
    uint64_t bytes = 0;
    for (guint i = 0; i < files->len; i++)
        bytes += ((const struct input *)files->pdata[i])->size;
    g_string_append_printf(out, "%u %s%s, ", files->len, what, files->len == 1 ? "" : "s");
    number_append_thousands(out, bytes);
    g_string_append(out, " bytes:\n");
    for (guint i = 0; i < files->len; i++) {
        const struct input *input = files->pdata[i];
        g_string_append(out, "  ");
        number_append_thousands(out, input->size);
        g_string_append_printf(out, "  %s\n", input->name);
    }
}

void plan_explain(const struct plan *plan, GString *out)
{
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE];
    g_string_append_printf(out, "%s: %s to %s, days of %s\n", plan->edition->name,
                           civil_date_format(plan->edition->first, first),
                           civil_date_format(plan->edition->last, last), plan->publication->time_zone);
    lookups_explain(plan, out);
    g_string_append_printf(out, "%zu measure%s:\n", plan->measure_count, plan->measure_count == 1 ? "" : "s");
    for (size_t i = 0; i < plan->measure_count; i++)
        measure_explain(plan, i, out);
    files_explain("archive", plan->inputs->archives, out);
    if (plan->needs_regions)
        files_explain("registry file", plan->inputs->registries, out);
}
