#include "aggregate/fact_filter.h"

#include <string.h>

enum {
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_ICMPV6 = 58,
    PORTS = 65536,
    PORT_BLOCKS = 256,
    TYPES = 256,
    FLAGS = 256
};

static bool text_is_listed(const char *text, char *const *list)
{
    if (list == NULL)
        return true;
    for (; *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

static bool range_holds(const struct port_range *ranges, size_t count, int number)
{
    for (size_t i = 0; i < count; i++)
        if (number >= ranges[i].first && number <= ranges[i].last)
            return true;
    return false;
}

static bool protocol_is_named(const struct measure_filter *filter, int protocol)
{
    for (size_t i = 0; i < filter->protocol_count; i++)
        if (filter->protocols[i] == protocol)
            return true;
    return false;
}

/* The conditions on ports and types, for a packet of ICMP or ICMPv6 with this type (-1: none). */
static bool type_is_admitted(const struct measure_filter *filter, int protocol, int type)
{
    if (filter->port_count > 0 && (type < 0 || !protocol_is_named(filter, protocol) ||
                                   !range_holds(filter->ports, filter->port_count, type)))
        return false;
    if (filter->icmp_type_count == 0)
        return true;
    bool is_meant = protocol_is_named(filter, protocol) ||
                    (protocol == PROTOCOL_ICMP && !protocol_is_named(filter, PROTOCOL_ICMPV6));
    return is_meant && type >= 0 && range_holds(filter->icmp_types, filter->icmp_type_count, type);
}

static bool sensor_is_admitted(const struct measure_filter *filter, const struct sensor *sensor)
{
    return text_is_listed(sensor->id, filter->sensors) &&
           text_is_listed(sensor->group, filter->sensor_groups) &&
           text_is_listed(sensor->region, filter->sensor_regions);
}

static bool flags_are_admitted(const struct measure_filter *filter, int flags)
{
    if ((filter->tcp_flags_set | filter->tcp_flags_clear) == 0)
        return true;
    return flags < FLAGS && (flags & filter->tcp_flags_set) == filter->tcp_flags_set &&
           (flags & filter->tcp_flags_clear) == 0;
}

/* Whether any measure has a condition of some kind; what none has needs no table. */
struct kinds {
    bool regions, tools, flags, ports;
};

static struct kinds kinds_find(const struct measure *const *definitions, size_t count)
{
    struct kinds kinds = {false};
    for (size_t i = 0; i < count; i++) {
        const struct measure_filter *filter = &definitions[i]->filter;
        kinds.regions = kinds.regions || filter->source_regions != NULL;
        kinds.tools = kinds.tools || filter->tools != 0;
        kinds.flags = kinds.flags || (filter->tcp_flags_set | filter->tcp_flags_clear) != 0;
        kinds.ports = kinds.ports || filter->port_count > 0 || filter->icmp_type_count > 0;
    }
    return kinds;
}

static uint64_t *table_new(const struct fact_filter *filter, size_t values)
{
    return g_new0(uint64_t, values * filter->word_count + 1);
}

static void table_set(const struct fact_filter *filter, uint64_t *table, size_t value, size_t measure,
                      bool is_admitted)
{
    if (is_admitted)
        table[value * filter->word_count + measure / 64] |= UINT64_C(1) << (measure % 64);
}

static void blocks_fill(struct fact_filter *filter, const uint16_t *classes)
{
    size_t count = 0;
    filter->port_blocks = g_malloc(PORTS * sizeof **filter->port_blocks);
    for (size_t i = 0; i < PORT_BLOCKS; i++) {
        const uint16_t *block = classes + i * PORT_BLOCKS;
        size_t same = 0;
        while (same < count &&
               memcmp(filter->port_blocks[same], block, sizeof filter->port_blocks[same]) != 0)
            same++;
        if (same == count)
            memcpy(filter->port_blocks[count++], block, sizeof filter->port_blocks[same]);
        filter->port_block[i] = (uint16_t)same;
    }
    filter->port_blocks = g_realloc(filter->port_blocks, count * sizeof *filter->port_blocks);
}

/* Ports are cut where any measure's range begins or ends: between two cuts all ports are one class. */
static void ports_compile(struct fact_filter *filter, const struct measure *const *definitions, size_t count)
{
    bool *cuts = g_new0(bool, PORTS + 1);
    uint16_t *classes = g_new(uint16_t, PORTS);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < definitions[i]->filter.port_count; j++) {
            cuts[definitions[i]->filter.ports[j].first] = true;
            cuts[definitions[i]->filter.ports[j].last + 1] = true;
        }
    }
    size_t class_count = 0;
    for (size_t port = 0; port < PORTS; port++) {
        if (port == 0 || cuts[port])
            class_count++;
        classes[port] = (uint16_t)(class_count - 1);
    }
    filter->no_port_class = class_count;
    filter->ports = table_new(filter, class_count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct measure_filter *definition = &definitions[i]->filter;
        if (definition->icmp_type_count > 0)
            continue;
        table_set(filter, filter->ports, filter->no_port_class, i, definition->port_count == 0);
        for (size_t port = 0; port < PORTS; port++)
            if (port == 0 || cuts[port])
                table_set(filter, filter->ports, classes[port], i,
                          definition->port_count == 0 ||
                              range_holds(definition->ports, definition->port_count, (int)port));
    }
    blocks_fill(filter, classes);
    g_free(cuts);
    g_free(classes);
    filter->icmp = table_new(filter, TYPES + 1);
    filter->icmpv6 = table_new(filter, TYPES + 1);
    for (size_t i = 0; i < count; i++) {
        for (int type = 0; type <= TYPES; type++) {
            int number = type == TYPES ? -1 : type;
            table_set(filter, filter->icmp, (size_t)type, i,
                      type_is_admitted(&definitions[i]->filter, PROTOCOL_ICMP, number));
            table_set(filter, filter->icmpv6, (size_t)type, i,
                      type_is_admitted(&definitions[i]->filter, PROTOCOL_ICMPV6, number));
        }
    }
}

static bool lists_are_equal(const struct prefix_list *a, const struct prefix_list *b)
{
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++)
        equal = a->prefixes[i].is_ipv6 == b->prefixes[i].is_ipv6 &&
                a->prefixes[i].length == b->prefixes[i].length &&
                memcmp(a->prefixes[i].address, b->prefixes[i].address, 16) == 0;
    return equal;
}

/* A finished list is ascending and disjoint, IPv4 first: as address_map.h wants it. */
static struct address_map *addresses_compile(const struct prefix_list *list)
{
    struct address_map *map = address_map_new();
    for (size_t i = 0; i < list->count; i++) {
        const struct prefix *prefix = &list->prefixes[i];
        if (prefix->is_ipv6) {
            address_number first = address_number_from_ipv6(prefix->address);
            address_number hosts =
                prefix->length == 0 ? ~(address_number)0 : ((address_number)1 << (128 - prefix->length)) - 1;
            address_map_append_ipv6(map, first, first | hosts, 1);
        } else {
            const uint8_t *byte = prefix->address;
            uint32_t first =
                (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
            address_map_append_ipv4(map, first,
                                    first | (uint32_t)((UINT64_C(1) << (32 - prefix->length)) - 1), 1);
        }
    }
    address_map_finish(map);
    return map;
}

static void list_note(struct fact_filter *filter, const struct prefix_list *prefixes, size_t measure,
                      bool is_unwanted)
{
    if (prefixes->count == 0)
        return;
    size_t at = 0;
    while (at < filter->list_count && !lists_are_equal(filter->lists[at].prefixes, prefixes))
        at++;
    if (at == filter->list_count) {
        filter->lists = g_renew(struct fact_filter_list, filter->lists, at + 1);
        filter->lists[filter->list_count++] = (struct fact_filter_list){
            .prefixes = prefixes,
            .addresses = addresses_compile(prefixes),
            .wanted = table_new(filter, 1),
            .unwanted = table_new(filter, 1),
        };
    }
    struct fact_filter_list *list = &filter->lists[at];
    table_set(filter, is_unwanted ? list->unwanted : list->wanted, 0, measure, true);
}

void fact_filter_init(struct fact_filter *filter, const struct measure *const *definitions, size_t count,
                      const struct sensor_list *sensors, const struct region_table *regions)
{
    struct kinds kinds = kinds_find(definitions, count);
    size_t region_count = region_table_count(regions);
    *filter = (struct fact_filter){.word_count = MAX((count + 63) / 64, 1)};
    g_assert(filter->word_count <= FACT_FILTER_WORDS_MAX);
    filter->sensors = table_new(filter, sensors->sensor_count);
    filter->protocols = table_new(filter, 256);
    filter->regions = kinds.regions ? table_new(filter, region_count) : NULL;
    filter->tools = kinds.tools ? table_new(filter, TOOL_COUNT) : NULL;
    filter->flags = kinds.flags ? table_new(filter, FLAGS + 1) : NULL;
    for (size_t i = 0; i < count; i++) {
        const struct measure_filter *definition = &definitions[i]->filter;
        for (size_t j = 0; j < sensors->sensor_count; j++)
            table_set(filter, filter->sensors, j, i, sensor_is_admitted(definition, &sensors->sensors[j]));
        for (int j = 0; j < 256; j++)
            table_set(filter, filter->protocols, (size_t)j, i,
                      definition->protocol_count == 0 || protocol_is_named(definition, j));
        for (uint32_t j = 0; kinds.regions && j < region_count; j++)
            table_set(filter, filter->regions, j, i,
                      text_is_listed(region_table_code(regions, j), definition->source_regions));
        for (size_t j = 0; kinds.tools && j < TOOL_COUNT; j++)
            table_set(filter, filter->tools, j, i,
                      definition->tools == 0 || (definition->tools >> j & 1) != 0);
        for (int j = 0; kinds.flags && j <= FLAGS; j++)
            table_set(filter, filter->flags, (size_t)j, i, flags_are_admitted(definition, j));
        if (i < 64 && (definition->port_count > 0 || definition->icmp_type_count > 0))
            filter->first_numbered |= UINT64_C(1) << i;
        list_note(filter, &definition->source_prefixes, i, false);
        list_note(filter, &definition->not_source_prefixes, i, true);
    }
    if (kinds.ports)
        ports_compile(filter, definitions, count);
}

void fact_filter_release(struct fact_filter *filter)
{
    g_free(filter->sensors);
    g_free(filter->protocols);
    g_free(filter->regions);
    g_free(filter->tools);
    g_free(filter->flags);
    g_free(filter->port_blocks);
    g_free(filter->ports);
    g_free(filter->icmp);
    g_free(filter->icmpv6);
    for (size_t i = 0; i < filter->list_count; i++) {
        address_map_free(filter->lists[i].addresses);
        g_free(filter->lists[i].wanted);
        g_free(filter->lists[i].unwanted);
    }
    g_free(filter->lists);
    *filter = (struct fact_filter){.word_count = 0};
}

bool fact_filter_admits_sensor(const struct fact_filter *filter, size_t measure, size_t sensor)
{
    return (filter->sensors[sensor * filter->word_count + measure / 64] >> (measure % 64) & 1) != 0;
}

static inline const uint64_t *number_row(const struct fact_filter *filter, const struct fact *fact)
{
    size_t type = fact->port >= 0 && fact->port < TYPES ? (size_t)fact->port : TYPES;
    if (fact->protocol == PROTOCOL_ICMP)
        return filter->icmp + type * filter->word_count;
    if (fact->protocol == PROTOCOL_ICMPV6)
        return filter->icmpv6 + type * filter->word_count;
    size_t class = filter->no_port_class;
    if (fact->port >= 0)
        class = filter->port_blocks[filter->port_block[fact->port / PORT_BLOCKS]][fact->port % PORT_BLOCKS];
    return filter->ports + class * filter->word_count;
}

static void lists_apply(const struct fact_filter *filter, const struct fact *fact, uint64_t *admitted)
{
    for (size_t i = 0; i < filter->list_count; i++) {
        const struct fact_filter_list *list = &filter->lists[i];
        uint64_t concerned = 0;
        for (size_t w = 0; w < filter->word_count; w++)
            concerned |= admitted[w] & (list->wanted[w] | list->unwanted[w]);
        if (concerned == 0)
            continue;
        bool is_listed = (fact->is_ipv6 ? address_map_find_ipv6(list->addresses, fact->source_ipv6)
                                        : address_map_find_ipv4(list->addresses, fact->source_ipv4)) != 0;
        const uint64_t *refused = is_listed ? list->unwanted : list->wanted;
        for (size_t w = 0; w < filter->word_count; w++)
            admitted[w] &= ~refused[w];
    }
}

/* For 64 measures at most, and without prefix lists. */
static inline uint64_t word_admit(const struct fact_filter *filter, const struct fact *fact)
{
    uint64_t set = filter->sensors[fact->sensor] & filter->protocols[fact->protocol];
    if (filter->tools != NULL)
        set &= filter->tools[fact->tool];
    if (filter->regions != NULL)
        set &= filter->regions[fact->region];
    if (filter->flags != NULL)
        set &= filter->flags[fact->tcp_flags < 0 ? FLAGS : fact->tcp_flags];
    /* The table of ports is large: it is looked at for measures alone that have such a condition. */
    if ((set & filter->first_numbered) != 0)
        set &= *number_row(filter, fact);
    return set;
}

static void words_admit(const struct fact_filter *filter, const struct fact *fact, uint64_t *admitted)
{
    size_t words = filter->word_count;
    const uint64_t *rows[6];
    size_t row_count = 0;
    rows[row_count++] = filter->sensors + fact->sensor * words;
    rows[row_count++] = filter->protocols + fact->protocol * words;
    if (filter->tools != NULL)
        rows[row_count++] = filter->tools + (size_t)fact->tool * words;
    if (filter->ports != NULL)
        rows[row_count++] = number_row(filter, fact);
    if (filter->regions != NULL)
        rows[row_count++] = filter->regions + fact->region * words;
    if (filter->flags != NULL)
        rows[row_count++] = filter->flags + (size_t)(fact->tcp_flags < 0 ? FLAGS : fact->tcp_flags) * words;
    for (size_t w = 0; w < words; w++) {
        admitted[w] = rows[0][w];
        for (size_t i = 1; i < row_count; i++)
            admitted[w] &= rows[i][w];
    }
    lists_apply(filter, fact, admitted);
}

void fact_filter_admit(const struct fact_filter *filter, const struct fact *facts, size_t count,
                       uint64_t *admitted, uint64_t *any, uint64_t *all)
{
    size_t words = filter->word_count;
    memset(any, 0, words * sizeof *any);
    memset(all, 0xff, words * sizeof *all);
    if (words == 1 && filter->list_count == 0) {
        const struct fact_filter tables = *filter; /* of which no store can change anything */
        uint64_t some = 0;
        uint64_t every = UINT64_MAX;
        for (size_t i = 0; i < count; i++) {
            uint64_t set = word_admit(&tables, &facts[i]);
            admitted[i] = set;
            some |= set;
            every &= set;
        }
        any[0] = some;
        all[0] = every;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        words_admit(filter, &facts[i], admitted + i * words);
        for (size_t w = 0; w < words; w++) {
            any[w] |= admitted[i * words + w];
            all[w] &= admitted[i * words + w];
        }
    }
}
