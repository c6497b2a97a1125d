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

static int icmp_types_set(struct measure_filter *filter, char *const *words, struct error *err)
{
    size_t count = g_strv_length((char **)words);
    filter->icmp_types = g_new0(struct port_range, count);
    for (size_t i = 0; i < count; i++)
        if (!port_range_parse(words[i], &filter->icmp_types[i]) || filter->icmp_types[i].last > 255)
            return error_set(
                err, ERROR_INPUT,
                "icmp-type \"%s\" is not valid, expected a type or a range from low to high, up to 255",
                words[i]);
    filter->icmp_type_count = count;
    return 0;
}

/* "syn !ack": every flag named must be set, or clear where it is negated. */
static int tcp_flags_set(struct measure_filter *filter, char *const *words, struct error *err)
{
    for (; *words != NULL; words++) {
        bool is_negated = **words == '!';
        int bit = 0;
        while (bit < 8 && strcmp(tcp_flag_name(bit), *words + is_negated) != 0)
            bit++;
        if (bit == 8)
            return error_set(err, ERROR_INPUT,
                             "tcp-flags \"%s\" is unknown, expected fin, syn, rst, psh, ack, urg, ece, cwr, "
                             "or one of them after \"!\"",
                             *words);
        *(is_negated ? &filter->tcp_flags_clear : &filter->tcp_flags_set) |= (uint8_t)(1u << bit);
    }
    return 0;
}

static int prefixes_set(struct prefix_list *list, const char *condition, char *const *words,
                        const char *folder, struct error *err)
{
    for (; *words != NULL; words++) {
        if (!g_str_has_suffix(*words, ".csv") && !g_str_has_suffix(*words, ".json")) {
            if (prefix_list_add(list, *words, err) != 0)
                return error_prefix(err, "%s", condition);
            continue;
        }
        char *path = g_path_is_absolute(*words) ? g_strdup(*words) : g_build_filename(folder, *words, NULL);
        int result = prefix_list_load(list, path, err);
        g_free(path);
        if (result != 0)
            return error_prefix(err, "%s", condition);
    }
    prefix_list_finish(list);
    return 0;
}

static bool protocol_is_named(const struct measure_filter *filter, uint8_t protocol)
{
    for (size_t i = 0; i < filter->protocol_count; i++)
        if (filter->protocols[i] == protocol)
            return true;
    return false;
}

int measure_filter_check(const struct measure_filter *filter, struct error *err)
{
    enum { ICMP = 1, TCP = 6, ICMPV6 = 58 };
    bool has_flags = (filter->tcp_flags_set | filter->tcp_flags_clear) != 0;
    if ((filter->tcp_flags_set & filter->tcp_flags_clear) != 0)
        return error_set(err, ERROR_INPUT,
                         "tcp-flags wants a flag both set and clear, expected each flag once");
    if (has_flags && filter->protocol_count > 0 && !protocol_is_named(filter, TCP))
        return error_set(
            err, ERROR_INPUT,
            "tcp-flags and a protocol without tcp let nothing through, expected protocol=\"tcp\"");
    if (filter->icmp_type_count > 0 && filter->protocol_count > 0 && !protocol_is_named(filter, ICMP) &&
        !protocol_is_named(filter, ICMPV6))
        return error_set(err, ERROR_INPUT,
                         "icmp-type and a protocol without types let nothing through, expected "
                         "protocol=\"icmp\" or \"icmpv6\"");
    if (filter->icmp_type_count > 0 && (has_flags || filter->port_count > 0))
        return error_set(err, ERROR_INPUT, "icmp-type and %s let nothing through, expected one of them",
                         has_flags ? "tcp-flags" : "port");
    if (filter->source_prefixes.count > 0 &&
        prefix_list_covers(&filter->not_source_prefixes, &filter->source_prefixes))
        return error_set(
            err, ERROR_INPUT,
            "not-source-prefix leaves nothing of source-prefix, expected smaller prefixes there");
    return 0;
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

const char *measure_filter_condition(size_t n)
{
    static const char *const names[] = {
        "sensor", "sensor-group", "sensor-region", "source-region", "protocol",          "port",
        "tool",   "tcp-flags",    "icmp-type",     "source-prefix", "not-source-prefix", "bpf",
    };
    return n < G_N_ELEMENTS(names) ? names[n] : NULL;
}

int measure_filter_set(struct measure_filter *filter, const char *condition, const char *values,
                       const char *folder, struct error *err)
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
    } else if (strcmp(condition, "tcp-flags") == 0) {
        result = tcp_flags_set(filter, words, err);
    } else if (strcmp(condition, "icmp-type") == 0) {
        result = icmp_types_set(filter, words, err);
    } else if (strcmp(condition, "source-prefix") == 0) {
        result = prefixes_set(&filter->source_prefixes, condition, words, folder, err);
    } else if (strcmp(condition, "not-source-prefix") == 0) {
        result = prefixes_set(&filter->not_source_prefixes, condition, words, folder, err);
    } else {
        g_assert(strcmp(condition, "bpf") == 0);
        filter->bpf = g_strjoinv(" ", words);
    }
done:
    g_strfreev(words);
    return result;
}
