#include "aggregate/tally_parts.h"

#include <stdlib.h>
#include <string.h>

#include "summary/key.h"
#include "summary/section.h"

/* Rows of one measure in the making; cells arrive ascending by key number, then time. */
struct builder {
    const struct plan_measure *plan;
    const uint64_t *networks; /* the IPv6 prefixes by rank */
    struct section_writer writer;
    struct octets key;       /* of the last row, */
    uint64_t key_number_end; /* and its number plus one; 0: no row yet */
    bool is_taking;          /* sets are freed once they are written: they are large */
};

static void dimension_write(const struct builder *builder, const struct plan_dimension *dimension,
                            uint64_t number, struct octets *out)
{
    uint8_t bytes[7];
    size_t size = 0;
    switch (dimension->by) {
    case BY_NOTHING:
        return;
    case BY_PORT:
        for (; size < 4; size++)
            bytes[size] = (uint8_t)(number >> 8 * (3 - size));
        break;
    case BY_PROTOCOL:
        bytes[size++] = (uint8_t)number;
        break;
    case BY_SOURCE_24: {
        bool is_ipv6 = number >> 24 != 0;
        if (is_ipv6)
            number = builder->networks[number - (UINT64_C(1) << 24)];
        bytes[size++] = is_ipv6 ? KEY_IPV6 : KEY_IPV4;
        for (int shift = is_ipv6 ? 40 : 16; shift >= 0; shift -= 8)
            bytes[size++] = (uint8_t)(number >> shift);
        break;
    }
    case BY_REGION:
    case BY_SENSOR:
    case BY_TOOL:
    case BY_GROUP:
    case MEASURE_BYS:
        octets_append(out, dimension->keys[number], strlen(dimension->keys[number]) + 1);
        return;
    }
    octets_append(out, bytes, size);
}

/* Sees to it that the row at hand is the key's. */
static void row_choose(struct builder *builder, uint64_t key)
{
    const struct plan_measure *plan = builder->plan;
    if (builder->key_number_end == key + 1)
        return;
    builder->key.size = 0;
    dimension_write(builder, &plan->first, key >> plan->second.bits, &builder->key);
    dimension_write(builder, &plan->second, key & ((UINT64_C(1) << plan->second.bits) - 1), &builder->key);
    section_writer_row(&builder->writer, builder->key.data, builder->key.size);
    builder->key_number_end = key + 1;
}

/* As section.h counts time. */
static uint32_t section_time(const struct builder *builder, uint32_t time)
{
    uint32_t day = time >> TIME_HOUR_BITS;
    if (builder->plan->definition->per == PER_DAY)
        return day;
    return day * DAY_HOURS_MAX + (time & ((1U << TIME_HOUR_BITS) - 1));
}

static void cell_add(struct builder *builder, uint64_t key, uint32_t time, uint64_t count)
{
    if (count == 0) /* packets of no bytes */
        return;
    row_choose(builder, key);
    section_writer_count(&builder->writer, section_time(builder, time), count);
}

static void port_add(struct builder *builder, int day, uint32_t place, uint64_t count)
{
    uint8_t protocol = place < PORT_UDP ? PACKET_TCP : PACKET_UDP;
    cell_add(builder, port_key_number(protocol, (int)(place % PORT_UDP)), time_number(day, 0), count);
}

/* Counters of a measure on their way into the summary: those of days that are few, in order, and rows. */
struct port_cursor {
    const struct port_counts *counts;
    struct count_entry *few; /* [few_count], of which [at] is next */
    size_t few_count, at;
    int row_days[EDITION_DAYS_MAX]; /* [row_count], ascending */
    int row_count;
    bool *carried; /* [PORT_COUNTERS]: places whose counters are not all, on some day; NULL: none */
};

static void port_cursor_init(struct port_cursor *cursor, const struct port_counts *counts)
{
    *cursor = (struct port_cursor){.counts = counts};
    cursor->few = port_counts_few(counts, &cursor->few_count);
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        if (counts->rows[day] != NULL)
            cursor->row_days[cursor->row_count++] = day;
    if (counts->carries.count == 0)
        return;
    cursor->carried = g_new0(bool, PORT_COUNTERS);
    struct count_entry entry;
    for (size_t at = 0; count_map_next(&counts->carries, &at, &entry);)
        cursor->carried[port_counts_cell_place(entry.key)] = true;
}

static void port_cursor_release(struct port_cursor *cursor)
{
    g_free(cursor->few);
    g_free(cursor->carried);
}

/* Those that are few before a counter. */
static void few_add(struct builder *builder, struct port_cursor *cursor, uint64_t end)
{
    for (; cursor->at < cursor->few_count && cursor->few[cursor->at].key < end; cursor->at++) {
        const struct count_entry *entry = &cursor->few[cursor->at];
        port_add(builder, port_counts_cell_day(entry->key), port_counts_cell_place(entry->key), entry->value);
    }
}

/* Places are looked at in stretches of this many, most of which are empty in an archive. */
enum { STRETCH = 128, DISCARDED = 8192 };

static bool stretch_is_empty(const uint16_t *counters)
{
    static const uint16_t zeros[STRETCH];
    return memcmp(counters, zeros, sizeof zeros) == 0;
}

/* All counters in places from `start` on, in order. */
static void stretch_add(struct builder *builder, struct port_cursor *cursor, uint32_t start)
{
    const struct port_counts *counts = cursor->counts;
    int days[EDITION_DAYS_MAX];
    int day_count = 0;
    for (int i = 0; i < cursor->row_count; i++)
        if (cursor->carried != NULL || !stretch_is_empty(counts->rows[cursor->row_days[i]] + start))
            days[day_count++] = cursor->row_days[i];
    for (uint32_t place = start; day_count > 0 && place < start + STRETCH; place++) {
        bool is_carried = cursor->carried != NULL && cursor->carried[place];
        for (int i = 0; i < day_count; i++) {
            uint64_t count = counts->rows[days[i]][place];
            if (count == 0 && !is_carried)
                continue;
            if (is_carried)
                count += port_counts_carried(counts, days[i], place);
            few_add(builder, cursor, port_counts_cell(days[i], place));
            port_add(builder, days[i], place, count);
        }
    }
}

/* The ports of one protocol, which stand from `first` on. */
static void ports_add(struct builder *builder, struct port_cursor *cursor, uint32_t first)
{
    for (uint32_t start = first; cursor->row_count > 0 && start < first + PORT_UDP; start += STRETCH) {
        stretch_add(builder, cursor, start);
        if (builder->is_taking && (start + STRETCH) % DISCARDED == 0)
            port_counts_discard(cursor->counts, start + STRETCH);
    }
    few_add(builder, cursor, port_counts_cell(0, first + PORT_UDP));
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
    for (; low < pairs->count && pairs->entries[low].key >> 16 == cell_index; low++)
        source_set_add_pairs(all, (uint32_t)(pairs->entries[low].key & 0xffff),
                             measure->sets->pdata[pairs->entries[low].value - 1]);
    return all;
}

/* The cells of a stream, up to (not including) a key. */
static void cells_add(struct builder *builder, struct cell_stream *cells, uint64_t key_end)
{
    for (; cell_stream_has(cells) && cells->entry.key >> PLAN_TIME_BITS < key_end; cell_stream_next(cells))
        cell_add(builder, cells->entry.key >> PLAN_TIME_BITS,
                 (uint32_t)(cells->entry.key & ((1U << PLAN_TIME_BITS) - 1)), cells->entry.value);
}

/* entries[measure->cells.count]: cells, ascending, with the index of their sets. */
static void sets_add(struct builder *builder, const struct tally_measure *measure,
                     const struct count_entry *entries)
{
    struct pair_entries pairs = {count_map_sorted(&measure->pairs), measure->pairs.count};
    for (size_t i = 0; i < measure->cells.count; i++) {
        uint32_t time = (uint32_t)(entries[i].key & ((1U << PLAN_TIME_BITS) - 1));
        row_choose(builder, entries[i].key >> PLAN_TIME_BITS);
        if (measure->plan->definition->count == COUNT_SOURCES) {
            gpointer *set = &measure->sets->pdata[entries[i].value - 1];
            section_writer_sources(&builder->writer, section_time(builder, time), *set);
            if (builder->is_taking)
                source_set_free(g_steal_pointer(set));
            continue;
        }
        struct source_set *all = cell_pairs(measure, &pairs, entries[i].value);
        section_writer_sources(&builder->writer, section_time(builder, time), all);
        source_set_free(all);
    }
    g_free(pairs.entries);
}

/* The part of a finer measure's key that one grouping asks for. */
static uint64_t key_part(const struct plan_measure *finer, uint64_t key, enum measure_by by)
{
    if (by == BY_NOTHING)
        return 0;
    return by == finer->first.by ? key >> finer->second.bits
                                 : key & ((UINT64_C(1) << finer->second.bits) - 1);
}

/* The cell whose set a finer measure's cell is part of. */
static uint64_t coarse_cell(const struct plan_measure *plan, const struct plan_measure *finer, uint64_t cell)
{
    uint64_t key = cell >> PLAN_TIME_BITS;
    uint32_t time = (uint32_t)(cell & ((1U << PLAN_TIME_BITS) - 1));
    if (plan->definition->per == PER_DAY)
        time = time_number((int)(time >> TIME_HOUR_BITS), 0);
    return cell_number(key_part(finer, key, plan->first.by) << plan->second.bits |
                           key_part(finer, key, plan->second.by),
                       time);
}

/* As sets_add, of the sets of a finer measure and its entries. */
static void unions_add(struct builder *builder, const struct tally_measure *finer,
                       struct count_entry *entries)
{
    struct pair_entries pairs = {count_map_sorted(&finer->pairs), finer->pairs.count};
    bool are_pairs = finer->plan->definition->count == COUNT_SOURCE_SENSORS;
    size_t count = finer->cells.count;
    for (size_t i = 0; i < count; i++)
        entries[i].key = coarse_cell(builder->plan, finer->plan, entries[i].key);
    count_entries_sort(entries, count);
    for (size_t i = 0; i < count;) {
        uint64_t cell = entries[i].key;
        struct source_set *united = source_set_new();
        for (; i < count && entries[i].key == cell; i++) {
            struct source_set *part = are_pairs ? cell_pairs(finer, &pairs, entries[i].value)
                                                : finer->sets->pdata[entries[i].value - 1];
            source_set_unite(united, part);
            if (are_pairs)
                source_set_free(part);
        }
        row_choose(builder, cell >> PLAN_TIME_BITS);
        section_writer_sources(
            &builder->writer, section_time(builder, (uint32_t)(cell & ((1U << PLAN_TIME_BITS) - 1))), united);
        source_set_free(united);
    }
    g_free(pairs.entries);
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
            cell_add(builder, key, time, measure->dense[dense_index(plan, time)][i]);
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

static void networks_release(struct networks *networks)
{
    g_free(networks->sorted);
    g_free(networks->ranks);
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
    count_entries_sort(entries, count);
}

static void measure_build(const struct tally *tally, const struct tally_measure *measure,
                          const struct networks *networks, bool is_taking, struct measure_counts *counts)
{
    struct builder builder = {.plan = measure->plan, .networks = networks->sorted, .is_taking = is_taking};
    struct section section = {.row_count = 0};
    section_writer_init(&builder.writer, measure->plan->definition->count, &section);
    const struct tally_measure *from = measure->united_of == NULL ? measure : measure->united_of;
    struct count_entry *entries = count_map_sorted(&from->cells);
    struct cell_stream cells;
    if (tally->network_list->len > 0 && measure_by_holds(from->plan->definition->by, BY_SOURCE_24))
        networks_rank(networks, from->plan, entries, from->cells.count);
    switch (measure->plan->storage) {
    case STORE_PORTS: {
        struct port_cursor ports;
        port_cursor_init(&ports, &measure->ports);
        cell_stream_init(&cells, &measure->runs, entries, measure->cells.count);
        cells_add(&builder, &cells, port_key_number(PACKET_TCP, -1));
        ports_add(&builder, &ports, 0);
        cells_add(&builder, &cells, port_key_number(PACKET_UDP, -1));
        ports_add(&builder, &ports, PORT_UDP);
        cells_add(&builder, &cells, UINT64_MAX);
        cell_stream_release(&cells);
        port_cursor_release(&ports);
        break;
    }
    case STORE_CELLS:
        cell_stream_init(&cells, &measure->runs, entries, measure->cells.count);
        cells_add(&builder, &cells, UINT64_MAX);
        cell_stream_release(&cells);
        break;
    case STORE_SETS:
        if (from == measure)
            sets_add(&builder, measure, entries);
        else
            unions_add(&builder, from, entries);
        break;
    case STORE_DENSE:
        dense_add(&builder, tally, measure);
        break;
    }
    section_writer_finish(&builder.writer);
    octets_release(&builder.key);
    g_free(entries);
    measure_counts_replace(counts, &section);
}

static void totals_read(const struct tally *tally, struct summary *summary)
{
    size_t day_count = (size_t)tally->plan->edition->day_count;
    summary->packets_read = tally->packets_read;
    memcpy(summary->bins, tally->bins, sizeof summary->bins);
    for (size_t i = 0; i < summary->sensor_count; i++)
        for (size_t day = 0; day < day_count; day++)
            summary->sensors[i].packets[day] = tally->sensor_packets[day * summary->sensor_count + i];
}

void tally_read(const struct tally *tally, struct summary *summary)
{
    struct networks networks;
    totals_read(tally, summary);
    networks_init(&networks, tally);
    for (size_t i = 0; i < summary->measure_count; i++)
        measure_build(tally, &tally->measures[i], &networks, false, &summary->measures[i]);
    networks_release(&networks);
}

struct summary *tally_summary(const struct tally *tally)
{
    struct summary *summary = plan_summary(tally->plan);
    tally_read(tally, summary);
    return summary;
}

struct summary *tally_take(struct tally *tally)
{
    struct summary *summary = plan_summary(tally->plan);
    struct networks networks;
    totals_read(tally, summary);
    networks_init(&networks, tally);
    for (size_t i = 0; i < summary->measure_count; i++) /* while there are the sets that these are made of */
        if (tally->measures[i].united_of != NULL)
            measure_build(tally, &tally->measures[i], &networks, true, &summary->measures[i]);
    for (size_t i = 0; i < summary->measure_count; i++) {
        if (tally->measures[i].united_of == NULL)
            measure_build(tally, &tally->measures[i], &networks, true, &summary->measures[i]);
        tally_measure_release(tally, &tally->measures[i]);
    }
    networks_release(&networks);
    return summary;
}
