/* Adding the counts of one tally to another. What the other does not have yet is handed over as it is; so the
 * first archive, and the only one, costs next to nothing. */
#include <string.h>

#include "aggregate/tally_parts.h"

/* Cells of IPv6 networks stay in the table: their numbers are in the order of keys only when all are known.
 */
static bool cell_is_ranked(const struct plan_measure *plan, uint64_t cell)
{
    if (!measure_by_holds(plan->definition->by, BY_SOURCE_24))
        return true;
    unsigned shift = PLAN_TIME_BITS + (plan->first.by == BY_SOURCE_24 ? plan->second.bits : 0);
    return (cell >> shift & ((UINT64_C(1) << PLAN_SOURCE_24_BITS) - 1)) >> 24 == 0;
}

void tally_cells_pack(struct tally_measure *measure)
{
    struct count_entry *entries = g_new(struct count_entry, measure->cells.count + 1);
    struct count_map kept = {.slots = NULL};
    struct count_entry entry;
    size_t count = 0;
    for (size_t at = 0; count_map_next(&measure->cells, &at, &entry);) {
        if (cell_is_ranked(measure->plan, entry.key))
            entries[count++] = entry;
        else
            *count_map_slot(&kept, entry.key) = entry.value;
    }
    /* Unless it would have to be done again soon. */
    if (count > measure->cells.count / 2) {
        count_entries_sort(entries, count);
        cell_runs_add(&measure->runs, entries, count);
        count_map_clear(&measure->cells);
        for (size_t at = 0; count_map_next(&kept, &at, &entry);)
            *count_map_slot(&measure->cells, entry.key) = entry.value;
    }
    count_map_release(&kept);
    g_free(entries);
}

/* For each IPv6 network of `from`, its index in the tally. */
static uint32_t *networks_absorb(struct tally *tally, const struct tally *from)
{
    uint32_t *indexes = g_new(uint32_t, from->network_list->len + 1);
    for (guint i = 0; i < from->network_list->len; i++) {
        uint64_t network = g_array_index(from->network_list, uint64_t, i);
        uint64_t *index = count_map_slot(&tally->networks, network);
        if (*index == 0) {
            g_array_append_val(tally->network_list, network);
            *index = tally->network_list->len;
        }
        indexes[i] = (uint32_t)(*index - 1);
    }
    return indexes;
}

/* The cell's number in the tally; `networks` as above, NULL where no key holds one. */
static uint64_t cell_translate(const struct plan_measure *plan, const uint32_t *networks, uint64_t cell)
{
    const uint64_t first_ipv6 = UINT64_C(1) << 24;
    if (networks == NULL)
        return cell;
    unsigned shift = PLAN_TIME_BITS + (plan->first.by == BY_SOURCE_24 ? plan->second.bits : 0);
    uint64_t number = cell >> shift & ((UINT64_C(1) << PLAN_SOURCE_24_BITS) - 1);
    if (number < first_ipv6)
        return cell;
    return cell + (((uint64_t)networks[number - first_ipv6] - (number - first_ipv6)) << shift);
}

static void cells_absorb(struct tally_measure *measure, struct tally_measure *from, const uint32_t *networks)
{
    struct count_entry entry;
    cell_runs_absorb(&measure->runs, &from->runs);
    if (measure->cells.count == 0 && networks == NULL) {
        struct count_map empty = measure->cells;
        measure->cells = from->cells;
        from->cells = empty;
        return;
    }
    for (size_t at = 0; count_map_next(&from->cells, &at, &entry);)
        *count_map_slot(&measure->cells, cell_translate(measure->plan, networks, entry.key)) += entry.value;
    count_map_clear(&from->cells);
    tally_cells_limit(measure);
}

static void dense_absorb(struct tally_measure *measure, struct tally_measure *from, uint32_t time_count)
{
    size_t key_count = measure->plan->first.key_count * measure->plan->second.key_count;
    for (uint32_t time = 0; time < time_count; time++) {
        uint64_t *counters = g_steal_pointer(&from->dense[time]);
        if (counters == NULL)
            continue;
        if (measure->dense[time] == NULL) {
            measure->dense[time] = counters;
            continue;
        }
        for (size_t i = 0; i < key_count; i++)
            measure->dense[time][i] += counters[i];
        g_free(counters);
    }
}

/* The set moves to where the map's slot says, or its members do. */
static void set_absorb(struct tally_measure *measure, uint64_t *index, struct tally_measure *from,
                       uint64_t from_index)
{
    gpointer *set = &from->sets->pdata[from_index - 1];
    if (*index == 0) {
        source_set_close(*set);
        g_ptr_array_add(measure->sets, g_steal_pointer(set));
        *index = measure->sets->len;
        return;
    }
    source_set_unite(measure->sets->pdata[*index - 1], *set);
}

static void sets_absorb(struct tally_measure *measure, struct tally_measure *from, const uint32_t *networks)
{
    bool are_pairs = measure->plan->definition->count == COUNT_SOURCE_SENSORS;
    uint64_t *cells = g_new(uint64_t, from->cells.count + 1); /* the measure's number of a cell of `from` */
    struct count_entry entry;
    for (size_t at = 0; count_map_next(&from->cells, &at, &entry);) {
        uint64_t *index = count_map_slot(&measure->cells, cell_translate(measure->plan, networks, entry.key));
        if (!are_pairs) {
            set_absorb(measure, index, from, entry.value);
            continue;
        }
        if (*index == 0)
            *index = measure->cells.count;
        cells[entry.value] = *index;
    }
    for (size_t at = 0; count_map_next(&from->pairs, &at, &entry);)
        set_absorb(measure,
                   count_map_slot(&measure->pairs, cells[entry.key >> 16] << 16 | (entry.key & 0xffff)), from,
                   entry.value);
    g_free(cells);
    count_map_clear(&from->cells);
    count_map_clear(&from->pairs);
    g_ptr_array_set_size(from->sets, 0);
}

static void measure_absorb(struct tally_measure *measure, struct tally_measure *from, const struct plan *plan,
                           const uint32_t *networks)
{
    measure->set_choices_time = from->set_choices_time = 0;
    measure->settled_time = from->settled_time = 0;
    if (!measure_by_holds(measure->plan->definition->by, BY_SOURCE_24))
        networks = NULL;
    switch (measure->plan->storage) {
    case STORE_PORTS:
        port_counts_absorb(&measure->ports, &from->ports);
        cells_absorb(measure, from, networks);
        return;
    case STORE_DENSE:
        dense_absorb(measure, from, dense_index(measure->plan, time_number(plan->edition->day_count, 0)));
        return;
    case STORE_CELLS:
        cells_absorb(measure, from, networks);
        return;
    case STORE_SETS:
        sets_absorb(measure, from, networks);
        return;
    }
    g_assert_not_reached();
}

static void totals_clear(struct tally *tally)
{
    size_t sensor_count = tally->plan->publication->sensors.sensor_count;
    memset(tally->sensor_packets, 0,
           sensor_count * (size_t)tally->plan->edition->day_count * sizeof *tally->sensor_packets);
    memset(tally->bins, 0, sizeof tally->bins);
    tally->packets_read = 0;
    count_map_clear(&tally->networks);
    g_array_set_size(tally->network_list, 0);
}

void tally_absorb(struct tally *tally, struct tally *from)
{
    size_t sensor_count = tally->plan->publication->sensors.sensor_count;
    size_t sensor_days = sensor_count * (size_t)tally->plan->edition->day_count;
    uint32_t *networks = from->network_list->len > 0 ? networks_absorb(tally, from) : NULL;
    for (size_t i = 0; i < tally->plan->measure_count; i++)
        measure_absorb(&tally->measures[i], &from->measures[i], tally->plan, networks);
    for (size_t i = 0; i < sensor_days; i++)
        tally->sensor_packets[i] += from->sensor_packets[i];
    for (int i = 0; i < BIN_COUNT; i++)
        tally->bins[i] += from->bins[i];
    tally->packets_read += from->packets_read;
    g_free(networks);
    totals_clear(from);
}

void tally_clear(struct tally *tally)
{
    struct tally *dropped = tally_new(tally->plan); /* moving counts is all that it does */
    tally_absorb(dropped, tally);
    tally_free(dropped);
}
