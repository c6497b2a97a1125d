#include "publication/measure_filter.h"

#include <string.h>

#include "base/number.h"

/* IANA's protocol numbers for what is written by name. */
static const struct {
    const char *name;
    uint8_t number;
} protocol_names[] = {
    {"icmp", 1}, {"igmp", 2}, {"ipip", 4}, {"tcp", 6},     {"udp", 17},  {"dccp", 33},  {"ipv6", 41},
    {"gre", 47}, {"esp", 50}, {"ah", 51},  {"icmpv6", 58}, {"ospf", 89}, {"sctp", 132}, {"udplite", 136},
};

char **words_split(const char *text)
{
    GPtrArray *words = g_ptr_array_new();
    for (const char *c = text; *c != '\0';) {
        size_t blank = strspn(c, " \t\r\n");
        size_t length = strcspn(c + blank, " \t\r\n");
        if (length > 0)
            g_ptr_array_add(words, g_strndup(c + blank, length));
        c += blank + length;
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

static bool protocol_parse(const char *word, uint8_t *number)
{
    uint64_t value;
    for (size_t i = 0; i < G_N_ELEMENTS(protocol_names); i++) {
        if (g_ascii_strcasecmp(protocol_names[i].name, word) == 0) {
            *number = protocol_names[i].number;
            return true;
        }
    }
    if (!number_parse(word, 0, 255, &value))
        return false;
    *number = (uint8_t)value;
    return true;
}

static int protocols_set(struct measure_filter *filter, char *const *words, struct error *err)
{
    size_t count = g_strv_length((char **)words);
    filter->protocols = g_new0(uint8_t, count);
    for (size_t i = 0; i < count; i++)
        if (!protocol_parse(words[i], &filter->protocols[i]))
            return error_set(err, ERROR_INPUT,
                             "protocol \"%s\" is unknown, expected tcp, udp, icmp, icmpv6, sctp, dccp, "
                             "udplite, igmp, gre, esp, ah, ipip, ipv6, ospf or a number from 0 to 255",
                             words[i]);
    filter->protocol_count = count;
    return 0;
}

static bool port_range_parse(const char *word, struct port_range *range)
{
    char **ends = g_strsplit(word, "-", 2);
    uint64_t first = 0;
    uint64_t last = 0;
    bool valid = number_parse(ends[0], 0, UINT16_MAX, &first);
    last = first;
    if (valid && ends[1] != NULL)
        valid = number_parse(ends[1], first, UINT16_MAX, &last);
    range->first = (uint16_t)first;
    range->last = (uint16_t)last;
    g_strfreev(ends);
    return valid;
}

static int ports_set(struct measure_filter *filter, char *const *words, struct error *err)
{
    size_t count = g_strv_length((char **)words);
    filter->ports = g_new0(struct port_range, count);
    for (size_t i = 0; i < count; i++)
        if (!port_range_parse(words[i], &filter->ports[i]))
            return error_set(
                err, ERROR_INPUT,
                "port \"%s\" is not valid, expected a port or a range from low to high, up to 65535",
                words[i]);
    filter->port_count = count;
    return 0;
}

static int tools_set(struct measure_filter *filter, char *const *words, struct error *err)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        int tool = tool_find(words[i]);
        if (tool < 0)
            return error_set(err, ERROR_INPUT,
                             "tool \"%s\" is unknown, expected mirai, zmap, masscan, backscatter or other",
                             words[i]);
        filter->tools |= 1u << tool;
    }
    return 0;
}

int measure_filter_set(struct measure_filter *filter, const char *condition, const char *values,
                       struct error *err)
{
    static const char *const name_conditions[] = {"sensor", "sensor-group", "sensor-region", "source-region"};
    char ***const name_lists[] = {&filter->sensors, &filter->sensor_groups, &filter->sensor_regions,
                                  &filter->source_regions};
    char **words = words_split(values);
    int result = 0;
    if (words[0] == NULL) {
        /* An empty condition would let everything through, which nobody means by writing it. */
        result =
            error_set(err, ERROR_INPUT, "condition \"%s\" is empty, expected at least one value", condition);
        goto done;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(name_lists); i++) {
        if (strcmp(condition, name_conditions[i]) != 0)
            continue;
        g_assert(*name_lists[i] == NULL);
        *name_lists[i] = g_steal_pointer(&words);
        goto done;
    }
    if (strcmp(condition, "protocol") == 0) {
        result = protocols_set(filter, words, err);
    } else if (strcmp(condition, "port") == 0) {
        result = ports_set(filter, words, err);
    } else if (strcmp(condition, "tool") == 0) {
        result = tools_set(filter, words, err);
    } else {
        g_assert(strcmp(condition, "bpf") == 0);
        filter->bpf = g_strjoinv(" ", words);
    }
done:
    g_strfreev(words);
    return result;
}
