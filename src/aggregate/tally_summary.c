#include "aggregate/tally_parts.h"

#include <stdlib.h>
#include <string.h>

#include "aggregate/address_set.h"
#include "summary/key.h"
#include "summary/summary_file.h"

/* Rows and cells of one measure in the making; cells arrive ascending by key number, then time. */
struct builder {
    const struct plan_measure *plan;
    const uint64_t *networks;  /* the IPv6 prefixes by rank */
    GArray *rows;              /* struct summary_row */
    GArray *cells;             /* struct summary_cell */
    uint64_t key;              /* of the last row */
    struct source_set *united; /* of the last row, where distinct things are counted in several cells */
};

static void row_finish(struct builder *builder)
{
    if (builder->rows->len == 0)
        return;
    struct summary_row *row = &g_array_index(builder->rows, struct summary_row, builder->rows->len - 1);
    row->cell_count = builder->cells->len - row->first_cell;
    if (builder->united != NULL)
        row->total = source_set_count(builder->united);
    g_clear_pointer(&builder->united, source_set_free);
}

static const char *dimension_text(const struct builder *builder, const struct plan_dimension *dimension,
                                  uint64_t number, char text[KEY_TEXT_SIZE])
{
    if (dimension->by == BY_PORT)
        return key_from_port((uint8_t)(number >> 17), (int)(number & 0x1ffff) - 1, text);
    if (dimension->by != BY_SOURCE_24)
        return dimension->keys[number];
    bool is_ipv6 = number >> 24 != 0;
    return key_from_source_24(is_ipv6, is_ipv6 ? builder->networks[number - (UINT64_C(1) << 24)] : number,
                              text);
}

static void row_start(struct builder *builder, uint64_t key)
{
    char text[KEY_TEXT_SIZE], second_text[KEY_TEXT_SIZE];
    const struct plan_measure *plan = builder->plan;
    struct summary_row row = {.first_cell = builder->cells->len};
    row_finish(builder);
    const char *first = dimension_text(builder, &plan->first, key >> plan->second.bits, text);
    if (plan->second.by == BY_NOTHING)
        row.key = g_strdup(first);
    else
        row.key =
            key_join(first, dimension_text(builder, &plan->second,
                                           key & ((UINT64_C(1) << plan->second.bits) - 1), second_text));
    g_array_append_val(builder->rows, row);
    builder->key = key;
}

/* Takes `sources` (NULL unless distinct things are counted) over. */
static void cell_add(struct builder *builder, uint64_t key, uint32_t time, uint64_t count,
                     struct source_set *sources)
{
    if (count == 0) { /* packets of no bytes */
        source_set_free(sources);
        return;
    }
    if (builder->rows->len == 0 || builder->key != key)
        row_start(builder, key);
    struct summary_row *row = &g_array_index(builder->rows, struct summary_row, builder->rows->len - 1);
    struct summary_cell cell = {.row = builder->rows->len - 1,
                                .day = (uint8_t)(time >> TIME_HOUR_BITS),
                                .hour = (uint8_t)(time & ((1U << TIME_HOUR_BITS) - 1)),
                                .count = count,
                                .sources = sources};
    g_array_append_val(builder->cells, cell);
    row->total += count; /* in the end, of what is distinct: of the first cell, or what is united */
    if (sources == NULL || builder->cells->len == row->first_cell + 1)
        return;
    if (builder->united == NULL)
        builder->united =
            source_set_copy(g_array_index(builder->cells, struct summary_cell, row->first_cell).sources);
    source_set_unite(builder->united, sources);
}

/* An archive mostly holds one or two days: only those that have pages are looked at. */
static void ports_add(struct builder *builder, const struct tally *tally, const struct port_counts *counts,
                      int udp)
{
    int days[EDITION_DAYS_MAX], page_days[EDITION_DAYS_MAX];
    const uint32_t *pages[EDITION_DAYS_MAX];
    int day_count = 0;
    for (int day = 0; day < tally->plan->edition->day_count; day++)
        if (counts->days[day] != NULL)
            days[day_count++] = day;
    uint8_t protocol = udp != 0 ? PROTOCOL_UDP : PROTOCOL_TCP;
    bool has_carries = counts->carries.count > 0;
    for (uint32_t page = 0; page < PORT_PAGE_COUNT; page++) {
        int page_count = 0;
        for (int i = 0; i < day_count; i++) {
            pages[page_count] = counts->days[days[i]]->pages[udp][page];
            page_days[page_count] = days[i];
            page_count += pages[page_count] != NULL ? 1 : 0;
        }
        for (uint32_t i = 0; page_count > 0 && i < PORT_PAGE_SIZE; i++) {
            uint32_t port = page * PORT_PAGE_SIZE + i;
            for (int j = 0; j < page_count; j++) {
                if (pages[j][i] == 0 && !has_carries)
                    continue;
                cell_add(builder, port_key_number(protocol, (int)port), time_number(page_days[j], 0),
                         port_counts_value(counts, page_days[j], udp, (uint16_t)port), NULL);
            }
        }
    }
}

/* Entries of a measure's `pairs`, ascending by cell. */
struct pair_entries {
    struct count_entry *entries;
    size_t count;
};

/* The sets of one cell's sensors as one set of pairs. */
static struct source_set *cell_pairs(const struct tally_measure *measure, const struct pair_entries *pairs,
                                     uint64_t cell_index)
{
    size_t low = 0;
    size_t high = pairs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pairs->entries[middle].key >> 16 < cell_index)
            low = middle + 1;
        else
            high = middle;
    }
    struct source_set *all = source_set_new();
    for (; low < pairs->count && pairs->entries[low].key >> 16 == cell_index; low++) {
        struct source_set *sources = address_set_sources(measure->sets->pdata[pairs->entries[low].value - 1]);
        source_set_add_pairs(all, (uint32_t)(pairs->entries[low].key & 0xffff), sources);
        source_set_free(sources);
    }
    return all;
}

/* The cells kept by number, up to (not including) a key; *at is moved on. */
static void entries_add(struct builder *builder, const struct tally_measure *measure,
                        const struct count_entry *entries, const struct pair_entries *pairs, size_t *at,
                        uint64_t key_end)
{
    for (; *at < measure->cells.count && entries[*at].key >> PLAN_TIME_BITS < key_end; (*at)++) {
        uint32_t time = (uint32_t)(entries[*at].key & ((1U << PLAN_TIME_BITS) - 1));
        uint64_t key = entries[*at].key >> PLAN_TIME_BITS;
        if (measure->plan->storage != STORE_SETS) {
            cell_add(builder, key, time, entries[*at].value, NULL);
            continue;
        }
        struct source_set *sources = measure->plan->definition->count == COUNT_SOURCES
                                         ? address_set_sources(measure->sets->pdata[entries[*at].value - 1])
                                         : cell_pairs(measure, pairs, entries[*at].value);
        cell_add(builder, key, time, source_set_count(sources), sources);
    }
}

static void dense_add(struct builder *builder, const struct tally *tally, const struct tally_measure *measure)
{
    const struct plan_measure *plan = measure->plan;
    size_t second_count = plan->second.key_count;
    GArray *times = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t step = plan->definition->per == PER_HOUR ? 1 : time_number(1, 0);
    for (uint32_t time = 0; time < time_number(tally->plan->edition->day_count, 0); time += step)
        if (measure->dense[dense_index(plan, time)] != NULL)
            g_array_append_val(times, time);
    for (size_t i = 0; i < plan->first.key_count * second_count; i++) {
        uint64_t key = (uint64_t)(i / second_count) << plan->second.bits | i % second_count;
        for (guint j = 0; j < times->len; j++) {
            uint32_t time = g_array_index(times, uint32_t, j);
            cell_add(builder, key, time, measure->dense[dense_index(plan, time)][i], NULL);
        }
    }
    g_array_unref(times);
}

/* The IPv6 prefixes of a tally in order, and the rank of each by its index. */
struct networks {
    uint64_t *sorted;
    uint32_t *ranks;
};

static int network_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void networks_init(struct networks *networks, const struct tally *tally)
{
    const GArray *list = tally->network_list;
    networks->sorted = g_new(uint64_t, list->len + 1);
    networks->ranks = g_new(uint32_t, list->len + 1);
    if (list->len > 0) /* without any, GLib has no array */
        memcpy(networks->sorted, list->data, list->len * sizeof(uint64_t));
    qsort(networks->sorted, list->len, sizeof(uint64_t), network_compare);
    for (guint i = 0; i < list->len; i++) {
        const uint64_t *found = bsearch(&g_array_index(list, uint64_t, i), networks->sorted, list->len,
                                        sizeof(uint64_t), network_compare);
        networks->ranks[i] = (uint32_t)(found - networks->sorted);
    }
}

static int entry_compare(const void *a, const void *b)
{
    const struct count_entry *x = a;
    const struct count_entry *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* Puts ranks for indexes, so that numbers follow the order of keys. */
static void networks_rank(const struct networks *networks, const struct plan_measure *plan,
                          struct count_entry *entries, size_t count)
{
    const uint64_t first_ipv6 = UINT64_C(1) << 24;
    const uint64_t mask = (UINT64_C(1) << PLAN_SOURCE_24_BITS) - 1;
    bool is_first = plan->first.by == BY_SOURCE_24;
    unsigned shift = PLAN_TIME_BITS + (is_first ? plan->second.bits : 0);
    for (size_t i = 0; i < count; i++) {
        uint64_t number = entries[i].key >> shift & mask;
        if (number >= first_ipv6)
            entries[i].key += ((uint64_t)networks->ranks[number - first_ipv6] - (number - first_ipv6))
                              << shift;
    }
    qsort(entries, count, sizeof *entries, entry_compare);
}

/* At least as many as there will be: large arrays that grow are copied time and again. */
static guint cell_bound(const struct tally_measure *measure)
{
    size_t bound = measure->cells.count + measure->ports.carries.count;
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        for (size_t page = 0; measure->ports.days[day] != NULL && page < (size_t)2 * PORT_PAGE_COUNT;
             page++) {
            const uint32_t *counters =
                measure->ports.days[day]->pages[page / PORT_PAGE_COUNT][page % PORT_PAGE_COUNT];
            for (int i = 0; counters != NULL && i < PORT_PAGE_SIZE; i++)
                bound += counters[i] != 0;
        }
    }
    return (guint)MIN(bound, G_MAXUINT / 64);
}

static void measure_build(const struct tally *tally, const struct tally_measure *measure,
                          const struct networks *networks, struct measure_counts *counts)
{
    guint bound = cell_bound(measure);
    struct builder builder = {
        .plan = measure->plan,
        .networks = networks->sorted,
        .rows = g_array_sized_new(FALSE, FALSE, sizeof(struct summary_row), bound),
        .cells = g_array_sized_new(FALSE, FALSE, sizeof(struct summary_cell), bound),
    };
    struct count_entry *entries = count_map_sorted(&measure->cells);
    struct pair_entries pairs = {count_map_sorted(&measure->pairs), measure->pairs.count};
    size_t at = 0;
    if (tally->network_list->len > 0 && measure_by_holds(measure->plan->definition->by, BY_SOURCE_24))
        networks_rank(networks, measure->plan, entries, measure->cells.count);
    if (measure->plan->storage == STORE_PORTS) {
        entries_add(&builder, measure, entries, &pairs, &at, port_key_number(PROTOCOL_TCP, -1));
        ports_add(&builder, tally, &measure->ports, 0);
        entries_add(&builder, measure, entries, &pairs, &at, port_key_number(PROTOCOL_UDP, -1));
        ports_add(&builder, tally, &measure->ports, 1);
    }
    entries_add(&builder, measure, entries, &pairs, &at, UINT64_MAX);
    if (measure->plan->storage == STORE_DENSE)
        dense_add(&builder, tally, measure);
    row_finish(&builder);
    g_free(entries);
    g_free(pairs.entries);
    counts->row_count = builder.rows->len;
    counts->cell_count = builder.cells->len;
    counts->rows = (struct summary_row *)(void *)g_array_free(builder.rows, FALSE);
    counts->cells = (struct summary_cell *)(void *)g_array_free(builder.cells, FALSE);
}

void tally_read(const struct tally *tally, struct summary *summary)
{
    size_t day_count = (size_t)tally->plan->edition->day_count;
    summary->packets_read = tally->packets_read;
    memcpy(summary->bins, tally->bins, sizeof summary->bins);
    for (size_t i = 0; i < summary->sensor_count; i++)
        memcpy(summary->sensors[i].packets, tally->sensor_packets + i * day_count,
               day_count * sizeof(uint64_t));
    struct networks networks;
    networks_init(&networks, tally);
    for (size_t i = 0; i < summary->measure_count; i++) {
        measure_counts_clear(&summary->measures[i]);
        measure_build(tally, &tally->measures[i], &networks, &summary->measures[i]);
    }
    g_free(networks.sorted);
    g_free(networks.ranks);
}

struct summary *tally_summary(const struct tally *tally)
{
    struct summary *summary = plan_summary(tally->plan);
    tally_read(tally, summary);
    return summary;
}
