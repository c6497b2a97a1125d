#include "aggregate/fact_filter.h"

#include <string.h>

#include "aggregate/fact_batch.h"

enum { PORTS = 65536, PROTOCOLS = 256 };

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
                    (protocol == PACKET_ICMP && !protocol_is_named(filter, PACKET_ICMPV6));
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
    return flags < FACT_NO_FLAGS && (flags & filter->tcp_flags_set) == filter->tcp_flags_set &&
           (flags & filter->tcp_flags_clear) == 0;
}

/* Whether any measure has a condition of some kind; what none has needs no table. */
struct kinds {
    bool sensors, protocols, regions, tools, flags, targets;
};

static struct kinds kinds_find(const struct measure *const *definitions, size_t count)
{
    struct kinds kinds = {false};
    for (size_t i = 0; i < count; i++) {
        const struct measure_filter *filter = &definitions[i]->filter;
        kinds.sensors = kinds.sensors || filter->sensors != NULL || filter->sensor_groups != NULL ||
                        filter->sensor_regions != NULL;
        kinds.protocols = kinds.protocols || filter->protocol_count > 0;
        kinds.regions = kinds.regions || filter->source_regions != NULL;
        kinds.tools = kinds.tools || filter->tools != 0;
        kinds.flags = kinds.flags || (filter->tcp_flags_set | filter->tcp_flags_clear) != 0;
        kinds.targets = kinds.targets || filter->port_count > 0 || filter->icmp_type_count > 0;
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

/* ---- ports and types ---- */

/* The condition on ports, types and protocol together says of a target (fact.h) the same as of its neighbours
 * but where a range begins or ends. */
static bool target_is_cut(uint32_t target, const bool *cuts)
{
    return target >= FACT_ICMP || target % PORTS == 0 || cuts[target % PORTS];
}

static bool target_is_admitted(const struct measure_filter *filter, uint32_t target)
{
    int port = fact_target_port(target);
    if (target >= FACT_ICMP && target < FACT_ICMPV6)
        return type_is_admitted(filter, PACKET_ICMP, port);
    if (target >= FACT_ICMPV6 && target < FACT_NOTHING)
        return type_is_admitted(filter, PACKET_ICMPV6, port);
    if (filter->icmp_type_count > 0)
        return false;
    return filter->port_count == 0 || (port >= 0 && range_holds(filter->ports, filter->port_count, port));
}

/* The class with this row, the last one, which is dropped when there was one like it. */
static uint16_t class_choose(struct fact_filter *filter, size_t *class_count)
{
    size_t words = filter->word_count;
    const uint64_t *row = filter->targets + *class_count * words;
    size_t class = 0;
    while (class < *class_count && memcmp(filter->targets + class * words, row, words * sizeof *row) != 0)
        class ++;
    *class_count += class == *class_count ? 1 : 0;
    return (uint16_t) class;
}

static bool *cuts_find(const struct measure *const *definitions, size_t count)
{
    bool *cuts = g_new0(bool, PORTS + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < definitions[i]->filter.port_count; j++) {
            cuts[definitions[i]->filter.ports[j].first] = true;
            cuts[definitions[i]->filter.ports[j].last + 1] = true;
        }
    return cuts;
}

/* Targets in blocks, of which equal ones are kept once. */
static void blocks_fill(struct fact_filter *filter, const uint16_t *classes)
{
    size_t count = 0;
    filter->blocks = g_malloc(sizeof *filter->blocks * FACT_FILTER_BLOCKS);
    for (size_t i = 0; i < FACT_FILTER_BLOCKS; i++) {
        const uint16_t *block = classes + i * FACT_FILTER_BLOCK_SIZE;
        size_t same = 0;
        while (same < count && memcmp(filter->blocks[same], block, sizeof filter->blocks[same]) != 0)
            same++;
        if (same == count)
            memcpy(filter->blocks[count++], block, sizeof filter->blocks[same]);
        filter->block_of[i] = (uint16_t)same;
    }
    filter->blocks = g_realloc(filter->blocks, count * sizeof *filter->blocks);
}

static void targets_compile(struct fact_filter *filter, const struct measure *const *definitions,
                            size_t count)
{
    bool *cuts = cuts_find(definitions, count);
    uint16_t *classes = g_new0(uint16_t, FACT_FILTER_BLOCKS * FACT_FILTER_BLOCK_SIZE);
    size_t class_count = 0;
    size_t capacity = 0;
    for (uint32_t target = 0; target < FACT_TARGETS; target++) {
        if (!target_is_cut(target, cuts)) {
            classes[target] = classes[target - 1];
            continue;
        }
        if (class_count + 1 >= capacity) {
            capacity = MAX(capacity * 2, 64);
            filter->targets = g_renew(uint64_t, filter->targets, capacity * filter->word_count);
        }
        memset(filter->targets + class_count * filter->word_count, 0, filter->word_count * sizeof(uint64_t));
        for (size_t i = 0; i < count; i++)
            table_set(filter, filter->targets, class_count, i,
                      target_is_admitted(&definitions[i]->filter, target));
        classes[target] = class_choose(filter, &class_count);
    }
    blocks_fill(filter, classes);
    g_free(classes);
    g_free(cuts);
}

/* ---- lists of prefixes ---- */

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

/* What is known of each value of a kind. */
static void tables_fill(struct fact_filter *filter, const struct kinds *kinds,
                        const struct measure *const *definitions, size_t count,
                        const struct sensor_list *sensors, const struct region_table *regions)
{
    for (size_t i = 0; i < count; i++) {
        const struct measure_filter *definition = &definitions[i]->filter;
        for (size_t j = 0; kinds->sensors && j < sensors->sensor_count; j++)
            table_set(filter, filter->sensors, j, i, sensor_is_admitted(definition, &sensors->sensors[j]));
        for (int j = 0; kinds->protocols && j < PROTOCOLS; j++)
            table_set(filter, filter->protocols, (size_t)j, i,
                      definition->protocol_count == 0 || protocol_is_named(definition, j));
        for (uint32_t j = 0; kinds->regions && j < region_table_count(regions); j++)
            table_set(filter, filter->regions, j, i,
                      text_is_listed(region_table_code(regions, j), definition->source_regions));
        for (size_t j = 0; kinds->tools && j < TOOL_COUNT; j++)
            table_set(filter, filter->tools, j, i,
                      definition->tools == 0 || (definition->tools >> j & 1) != 0);
        for (int j = 0; kinds->flags && j < FACT_FLAGS; j++)
            table_set(filter, filter->flags, (size_t)j, i, flags_are_admitted(definition, j));
    }
}

void fact_filter_init(struct fact_filter *filter, const struct measure *const *definitions, size_t count,
                      const struct sensor_list *sensors, const struct region_table *regions)
{
    struct kinds kinds = kinds_find(definitions, count);
    *filter = (struct fact_filter){.word_count = MAX((count + 63) / 64, 1)};
    g_assert(filter->word_count <= FACT_FILTER_WORDS_MAX);
    filter->sensors = kinds.sensors ? table_new(filter, sensors->sensor_count) : NULL;
    filter->protocols = kinds.protocols ? table_new(filter, PROTOCOLS) : NULL;
    filter->regions = kinds.regions ? table_new(filter, region_table_count(regions)) : NULL;
    filter->tools = kinds.tools ? table_new(filter, TOOL_COUNT) : NULL;
    filter->flags = kinds.flags ? table_new(filter, FACT_FLAGS) : NULL;
    tables_fill(filter, &kinds, definitions, count, sensors, regions);
    for (size_t i = 0; i < count; i++) {
        list_note(filter, &definitions[i]->filter.source_prefixes, i, false);
        list_note(filter, &definitions[i]->filter.not_source_prefixes, i, true);
    }
    if (kinds.targets)
        targets_compile(filter, definitions, count);
}

void fact_filter_release(struct fact_filter *filter)
{
    g_free(filter->sensors);
    g_free(filter->protocols);
    g_free(filter->regions);
    g_free(filter->tools);
    g_free(filter->flags);
    g_free(filter->targets);
    g_free(filter->blocks);
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
    return filter->sensors == NULL ||
           (filter->sensors[sensor * filter->word_count + measure / 64] >> (measure % 64) & 1) != 0;
}

/* ---- the packets of a batch ---- */

static inline size_t target_class(const struct fact_filter *filter, uint32_t target)
{
    return filter->blocks[filter->block_of[target / FACT_FILTER_BLOCK_SIZE]][target % FACT_FILTER_BLOCK_SIZE];
}

/* For 64 measures at most. One short loop for each kind of condition in use. */
static void word_admit(const struct fact_filter *filter, const struct fact_batch *batch, uint64_t *admitted)
{
    const struct fact_filter tables = *filter; /* of which no store can change anything */
    const size_t count = batch->count;
    for (size_t i = 0; i < count; i++)
        admitted[i] = UINT64_MAX;
    if (tables.sensors != NULL)
        for (size_t i = 0; i < count; i++)
            admitted[i] = tables.sensors[batch->sensor[i]];
    if (tables.protocols != NULL)
        for (size_t i = 0; i < count; i++)
            admitted[i] &= tables.protocols[batch->protocol[i]];
    if (tables.targets != NULL)
        for (size_t i = 0; i < count; i++)
            admitted[i] &= tables.targets[target_class(filter, batch->target[i])];
    if (tables.tools != NULL)
        for (size_t i = 0; i < count; i++)
            admitted[i] &= tables.tools[batch->tool[i]];
    if (tables.regions != NULL)
        for (size_t i = 0; i < count; i++)
            admitted[i] &= tables.regions[batch->region[i]];
    if (tables.flags != NULL)
        for (size_t i = 0; i < count; i++)
            admitted[i] &= tables.flags[batch->tcp_flags[i]];
}

/* The same for any number of them. */
static void words_admit(const struct fact_filter *filter, const struct fact_batch *batch, uint64_t *admitted)
{
    size_t words = filter->word_count;
    for (size_t i = 0; i < batch->count; i++) {
        const uint64_t *rows[6];
        size_t row_count = 0;
        if (filter->sensors != NULL)
            rows[row_count++] = filter->sensors + batch->sensor[i] * words;
        if (filter->protocols != NULL)
            rows[row_count++] = filter->protocols + batch->protocol[i] * words;
        if (filter->tools != NULL)
            rows[row_count++] = filter->tools + batch->tool[i] * words;
        if (filter->targets != NULL)
            rows[row_count++] = filter->targets + target_class(filter, batch->target[i]) * words;
        if (filter->regions != NULL)
            rows[row_count++] = filter->regions + batch->region[i] * words;
        if (filter->flags != NULL)
            rows[row_count++] = filter->flags + batch->tcp_flags[i] * words;
        for (size_t w = 0; w < words; w++) {
            admitted[i * words + w] = UINT64_MAX;
            for (size_t j = 0; j < row_count; j++)
                admitted[i * words + w] &= rows[j][w];
        }
    }
}

static void lists_apply(const struct fact_filter *filter, const struct fact_batch *batch, size_t fact,
                        uint64_t *admitted)
{
    for (size_t i = 0; i < filter->list_count; i++) {
        const struct fact_filter_list *list = &filter->lists[i];
        uint64_t concerned = 0;
        for (size_t w = 0; w < filter->word_count; w++)
            concerned |= admitted[w] & (list->wanted[w] | list->unwanted[w]);
        if (concerned == 0)
            continue;
        bool is_listed =
            (batch->is_ipv6[fact] ? address_map_find_ipv6(list->addresses, batch->source_ipv6[fact])
                                  : address_map_find_ipv4(list->addresses, batch->source[fact])) != 0;
        const uint64_t *refused = is_listed ? list->unwanted : list->wanted;
        for (size_t w = 0; w < filter->word_count; w++)
            admitted[w] &= ~refused[w];
    }
}

void fact_filter_admit(const struct fact_filter *filter, const struct fact_batch *batch, uint64_t *admitted,
                       uint64_t *any, uint64_t *all)
{
    size_t words = filter->word_count;
    if (words == 1)
        word_admit(filter, batch, admitted);
    else
        words_admit(filter, batch, admitted);
    for (size_t i = 0; filter->list_count > 0 && i < batch->count; i++)
        lists_apply(filter, batch, i, admitted + i * words);
    for (size_t w = 0; w < words; w++) {
        uint64_t some = 0;
        uint64_t every = UINT64_MAX;
        for (size_t i = 0; i < batch->count; i++) {
            some |= admitted[i * words + w];
            every &= admitted[i * words + w];
        }
        any[w] = some;
        all[w] = every;
    }
}
