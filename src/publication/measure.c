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

const char *measure_count_name(enum measure_count count)
{
    static const char *const names[MEASURE_COUNTS] = {
        [COUNT_PACKETS] = "packets",
        [COUNT_SOURCES] = "sources",
        [COUNT_BYTES] = "bytes",
        [COUNT_SOURCE_SENSORS] = "source-sensors",
    };
    g_assert((unsigned)count < MEASURE_COUNTS);
    return names[count];
}

const char *measure_by_name(enum measure_by by)
{
    static const char *const names[MEASURE_BYS] = {
        [BY_NOTHING] = "nothing", [BY_PORT] = "port",           [BY_REGION] = "region",
        [BY_SENSOR] = "sensor",   [BY_TOOL] = "tool",           [BY_PROTOCOL] = "protocol",
        [BY_GROUP] = "group",     [BY_SOURCE_24] = "source-24",
    };
    g_assert((unsigned)by < MEASURE_BYS);
    return names[by];
}

const char *measure_per_name(enum measure_per per)
{
    g_assert((unsigned)per < MEASURE_PERS);
    return per == PER_HOUR ? "hour" : "day";
}

char *measure_grouping(enum measure_by by)
{
    enum measure_by second = measure_by_second(by);
    const char *first_name = measure_by_name(measure_by_first(by));
    if (second == BY_NOTHING)
        return g_strdup(first_name);
    return g_strdup_printf("%s+%s", first_name, measure_by_name(second));
}

bool measure_grouping_parse(const char *text, enum measure_by *by)
{
    enum measure_by bys[2] = {BY_NOTHING, BY_NOTHING};
    char **words = g_strsplit_set(text, " +,", -1);
    size_t count = 0;
    bool is_valid = true;
    for (char **word = words; *word != NULL && is_valid; word++) {
        if (**word == '\0')
            continue;
        is_valid = count < 2;
        while (is_valid && bys[count] < MEASURE_BYS && strcmp(measure_by_name(bys[count]), *word) != 0)
            bys[count]++;
        is_valid = is_valid && bys[count] < MEASURE_BYS;
        count++;
    }
    g_strfreev(words);
    bool is_pair = count == 2;
    if (!is_valid || count == 0 ||
        (is_pair && (bys[0] == BY_NOTHING || bys[1] == BY_NOTHING || bys[0] == bys[1])))
        return false;
    *by = measure_by_pair(bys[0], bys[1]);
    return true;
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
    g_free(filter->icmp_types);
    prefix_list_release(&filter->source_prefixes);
    prefix_list_release(&filter->not_source_prefixes);
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
static void ranges_append(GString *out, const char *condition, const struct port_range *ranges, size_t count)
{
    if (count == 0)
        return;
    struct port_range *sorted = g_memdup2(ranges, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, port_range_compare);
    const char *separator = condition;
    for (size_t i = 0; i < count;) {
        struct port_range joined = sorted[i];
        for (i++; i < count && (int)sorted[i].first <= (int)joined.last + 1; i++)
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

const char *tcp_flag_name(int bit)
{
    static const char *const names[8] = {"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};
    g_assert(bit >= 0 && bit < 8);
    return names[bit];
}

static void tcp_flags_append(GString *out, const struct measure_filter *filter)
{
    const char *separator = " tcp-flags=";
    for (int bit = 0; bit < 8; bit++) {
        bool is_set = (filter->tcp_flags_set >> bit & 1) != 0;
        if (!is_set && (filter->tcp_flags_clear >> bit & 1) == 0)
            continue;
        g_string_append_printf(out, "%s%s%s", separator, is_set ? "" : "!", tcp_flag_name(bit));
        separator = ",";
    }
}

/* Long lists, as files of them are, stand as a digest. */
static void prefixes_append(GString *out, const char *condition, const struct prefix_list *list)
{
    enum { LISTED_MAX = 16 };
    if (list->count == 0)
        return;
    char *text = prefix_list_text(list);
    if (list->count <= LISTED_MAX) {
        g_string_append_printf(out, " %s=%s", condition, text);
    } else {
        char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
        g_string_append_printf(out, " %s=%zu:sha256:%s", condition, list->count, digest);
        g_free(digest);
    }
    g_free(text);
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
    const struct measure_filter *filter = &measure->filter;
    GString *out = g_string_new(NULL);
    char *grouping = measure_grouping(measure->by);
    g_string_append_printf(out, "count=%s by=%s", measure_count_name(measure->count), grouping);
    g_free(grouping);
    if (measure->per == PER_HOUR)
        g_string_append(out, " per=hour");
    names_append(out, "sensor", filter->sensors);
    names_append(out, "sensor-group", filter->sensor_groups);
    names_append(out, "sensor-region", filter->sensor_regions);
    names_append(out, "source-region", filter->source_regions);
    protocols_append(out, filter);
    ranges_append(out, " port=", filter->ports, filter->port_count);
    tools_append(out, filter->tools);
    tcp_flags_append(out, filter);
    ranges_append(out, " icmp-type=", filter->icmp_types, filter->icmp_type_count);
    prefixes_append(out, "source-prefix", &filter->source_prefixes);
    prefixes_append(out, "not-source-prefix", &filter->not_source_prefixes);
    bpf_append(out, filter->bpf); /* last: its text may contain anything */
    return g_string_free(out, FALSE);
}
