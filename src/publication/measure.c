#include "publication/measure.h"

#include <stdlib.h>
#include <string.h>

static const char *const tool_names[TOOL_COUNT] = {
    [TOOL_MIRAI] = "mirai",     [TOOL_ZMAP] = "zmap",
    [TOOL_MASSCAN] = "masscan", [TOOL_BACKSCATTER] = "backscatter",
    [TOOL_OTHER] = "other",
};

const char *tool_name(enum tool tool)
{
    g_assert((unsigned)tool < TOOL_COUNT);
    return tool_names[tool];
}

int tool_find(const char *name)
{
    for (int i = 0; i < TOOL_COUNT; i++)
        if (strcmp(tool_names[i], name) == 0)
            return i;
    return -1;
}

void measure_release(struct measure *measure)
{
    struct measure_filter *filter = &measure->filter;
    g_free(measure->id);
    g_strfreev(filter->sensors);
    g_strfreev(filter->sensor_groups);
    g_strfreev(filter->sensor_regions);
    g_strfreev(filter->source_regions);
    g_free(filter->protocols);
    g_free(filter->ports);
    g_free(filter->bpf);
    memset(measure, 0, sizeof *measure);
}

static int text_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int port_range_compare(const void *a, const void *b)
{
    const struct port_range *x = a;
    const struct port_range *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->last > y->last) - (x->last < y->last);
}

static void names_append(GString *out, const char *condition, char *const *names)
{
    size_t count = 0;
    while (names != NULL && names[count] != NULL)
        count++;
    if (count == 0)
        return;
    const char **sorted = g_new(const char *, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = names[i];
    qsort(sorted, count, sizeof *sorted, text_compare);
    g_string_append_printf(out, " %s=", condition);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0)
            g_string_append_printf(out, "%s%s", i == 0 ? "" : ",", sorted[i]);
    g_free(sorted);
}

static void protocols_append(GString *out, const struct measure_filter *filter)
{
    bool wanted[256] = {false};
    for (size_t i = 0; i < filter->protocol_count; i++)
        wanted[filter->protocols[i]] = true;
    const char *separator = " protocol=";
    for (int protocol = 0; protocol < 256; protocol++) {
        if (!wanted[protocol])
            continue;
        g_string_append_printf(out, "%s%d", separator, protocol);
        separator = ",";
    }
}

/* Ranges that overlap or touch become one: 23-25 and 24-30 and 31 read 23-31. */
static void ports_append(GString *out, const struct measure_filter *filter)
{
    if (filter->port_count == 0)
        return;
    struct port_range *sorted = g_memdup2(filter->ports, filter->port_count * sizeof *sorted);
    qsort(sorted, filter->port_count, sizeof *sorted, port_range_compare);
    const char *separator = " port=";
    for (size_t i = 0; i < filter->port_count;) {
        struct port_range joined = sorted[i];
        for (i++; i < filter->port_count && (int)sorted[i].first <= (int)joined.last + 1; i++)
            joined.last = MAX(joined.last, sorted[i].last);
        g_string_append_printf(out, "%s%u", separator, (unsigned)joined.first);
        if (joined.last > joined.first)
            g_string_append_printf(out, "-%u", (unsigned)joined.last);
        separator = ",";
    }
    g_free(sorted);
}

static void tools_append(GString *out, uint32_t tools)
{
    const uint32_t every = (1u << TOOL_COUNT) - 1;
    if ((tools & every) == 0 || (tools & every) == every)
        return;
    const char *separator = " tool=";
    for (int tool = 0; tool < TOOL_COUNT; tool++) {
        if ((tools & (1u << tool)) == 0)
            continue;
        g_string_append_printf(out, "%s%s", separator, tool_names[tool]);
        separator = ",";
    }
}

/* Runs of blanks become one: pcap-filter(7) has no strings in which they would count. */
static void bpf_append(GString *out, const char *bpf)
{
    const char *separator = " bpf=";
    if (bpf == NULL)
        return;
    for (const char *c = bpf; *c != '\0';) {
        size_t blank = strspn(c, " \t\r\n");
        size_t word = strcspn(c + blank, " \t\r\n");
        if (word > 0) {
            g_string_append(out, separator);
            g_string_append_len(out, c + blank, (gssize)word);
            separator = " ";
        }
        c += blank + word;
    }
}

char *measure_definition(const struct measure *measure)
{
    static const char *const by_names[] = {
        [BY_NOTHING] = "nothing", [BY_PORT] = "port", [BY_REGION] = "region",
        [BY_SENSOR] = "sensor",   [BY_TOOL] = "tool",
    };
    const struct measure_filter *filter = &measure->filter;
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "count=%s by=%s", measure->count == COUNT_SOURCES ? "sources" : "packets",
                           by_names[measure->by]);
    names_append(out, "sensor", filter->sensors);
    names_append(out, "sensor-group", filter->sensor_groups);
    names_append(out, "sensor-region", filter->sensor_regions);
    names_append(out, "source-region", filter->source_regions);
    protocols_append(out, filter);
    ports_append(out, filter);
    tools_append(out, filter->tools);
    bpf_append(out, filter->bpf); /* last: its text may contain anything */
    return g_string_free(out, FALSE);
}
