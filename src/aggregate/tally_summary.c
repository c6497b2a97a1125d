#include "aggregate/tally_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/number_sort.h"
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

/* A counter's day and place, `place` below PORT_UDP being of TCP. */
static void counter_add(struct builder *builder, const struct port_counts *counts, int day, uint32_t place)
{
    uint8_t protocol = place < PORT_UDP ? PACKET_TCP : PACKET_UDP;
    cell_add(builder, port_key_number(protocol, (int)(place % PORT_UDP)), time_number(day, 0),
             port_counts_value(counts, day, place));
}

/* The few counters that are not 0, `cells[count]` by port_counts_cell and in order, as far as they stand from
 * `first` on in the row of their protocol. */
static void touched_add(struct builder *builder, const struct port_counts *counts, const uint32_t *cells,
                        uint32_t count, uint32_t first)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = port_counts_cell_place(cells[i]);
        if ((i == 0 || cells[i] != cells[i - 1]) && place / PORT_UDP == first / PORT_UDP)
            counter_add(builder, counts, port_counts_cell_day(cells[i]), place);
    }
}

/* Places are looked at in stretches of this many, most of which are empty in an archive. */
enum { STRETCH = 128, DISCARDED = 8192 };

static bool stretch_is_empty(const uint16_t *counters)
{
    static const uint16_t zeros[STRETCH];
    return memcmp(counters, zeros, sizeof zeros) == 0;
}

/* An archive mostly holds one or two days: only those that have counters are looked at. */
static void ports_add(struct builder *builder, const struct tally *tally, const struct port_counts *counts,
                      uint32_t first)
{
    int days[EDITION_DAYS_MAX], full_days[EDITION_DAYS_MAX];
    int day_count = 0;
    for (int day = 0; day < tally->plan->edition->day_count; day++)
        if (counts->days[day] != NULL)
            days[day_count++] = day;
    for (uint32_t start = first; start < first + PORT_UDP; start += STRETCH) {
        int full_count = 0;
        for (int i = 0; i < day_count; i++)
            if (counts->carried != NULL || !stretch_is_empty(counts->days[days[i]] + start))
                full_days[full_count++] = days[i];
        for (uint32_t place = start; full_count > 0 && place < start + STRETCH; place++) {
            bool is_carried = port_counts_is_carried(counts, place);
            for (int i = 0; i < full_count; i++)
                if (is_carried || counts->days[full_days[i]][place] != 0)
                    counter_add(builder, counts, full_days[i], place);
        }
        if (builder->is_taking && (start + STRETCH) % DISCARDED == 0)
            port_counts_discard(counts, start + STRETCH);
    }
}

/* NULL when there are too many, or none. */
static uint32_t *touched_sorted(const struct port_counts *counts)
{
    if (counts->touched_count == 0 || counts->touched_count == PORT_TOUCHED_MAX)
        return NULL;
    uint32_t *touched = g_memdup2(counts->touched, counts->touched_count * sizeof *touched);
    number_sort(touched, counts->touched_count);
    return touched;
}

static void measure_ports_add(struct builder *builder, const struct tally *tally,
                              const struct port_counts *counts, const uint32_t *touched, uint32_t first)
{
    if (touched != NULL)
        touched_add(builder, counts, touched, counts->touched_count, first);
    else if (counts->touched_count > 0)
        ports_add(builder, tally, counts, first);
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
    struct count_entry *entries = count_map_sorted(&measure->cells);
    struct cell_stream cells;
    if (tally->network_list->len > 0 && measure_by_holds(measure->plan->definition->by, BY_SOURCE_24))
        networks_rank(networks, measure->plan, entries, measure->cells.count);
    switch (measure->plan->storage) {
    case STORE_PORTS: {
        uint32_t *touched = touched_sorted(&measure->ports);
        cell_stream_init(&cells, &measure->runs, entries, measure->cells.count);
        cells_add(&builder, &cells, port_key_number(PACKET_TCP, -1));
        measure_ports_add(&builder, tally, &measure->ports, touched, 0);
        cells_add(&builder, &cells, port_key_number(PACKET_UDP, -1));
        measure_ports_add(&builder, tally, &measure->ports, touched, PORT_UDP);
        cells_add(&builder, &cells, UINT64_MAX);
        cell_stream_release(&cells);
        g_free(touched);
        break;
    }
    case STORE_CELLS:
        cell_stream_init(&cells, &measure->runs, entries, measure->cells.count);
        cells_add(&builder, &cells, UINT64_MAX);
        cell_stream_release(&cells);
        break;
    case STORE_SETS:
        sets_add(&builder, measure, entries);
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
    for (size_t i = 0; i < summary->measure_count; i++) {
        measure_build(tally, &tally->measures[i], &networks, true, &summary->measures[i]);
        tally_measure_release(tally, &tally->measures[i]);
    }
    networks_release(&networks);
    return summary;
}
