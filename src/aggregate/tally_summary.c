#include "aggregate/tally_parts.h"

#include <string.h>

#include "aggregate/address_set.h"
#include "summary/key.h"
#include "summary/summary_file.h"

/* Rows and cells of one measure in the making; cells arrive ascending by key number, then day. */
struct builder {
    const struct plan_measure *plan;
    GArray *rows;              /* struct summary_row */
    GArray *cells;             /* struct summary_cell */
    uint64_t key;              /* of the last row */
    struct source_set *united; /* of the last row, where sources are counted */
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

static void row_start(struct builder *builder, uint64_t key)
{
    char text[KEY_TEXT_SIZE];
    struct summary_row row = {.first_cell = builder->cells->len};
    row_finish(builder);
    if (builder->plan->definition->by == BY_PORT)
        row.key = g_strdup(key_from_port((uint8_t)(key >> 17), (int)(key & 0x1ffff) - 1, text));
    else
        row.key = g_strdup(builder->plan->keys[key]);
    g_array_append_val(builder->rows, row);
    builder->key = key;
    if (builder->plan->definition->count == COUNT_SOURCES)
        builder->united = source_set_new();
}

/* Takes `sources` (NULL for packets) over. */
static void cell_add(struct builder *builder, uint64_t key, int day, uint64_t count,
                     struct source_set *sources)
{
    if (builder->rows->len == 0 || builder->key != key)
        row_start(builder, key);
    struct summary_row *row = &g_array_index(builder->rows, struct summary_row, builder->rows->len - 1);
    struct summary_cell cell = {
        .row = builder->rows->len - 1, .day = (uint32_t)day, .count = count, .sources = sources};
    g_array_append_val(builder->cells, cell);
    if (sources != NULL)
        source_set_unite(builder->united, sources);
    else
        row->total += count;
}

/* An archive mostly holds one or two days: only those that have pages are looked at. */
static void ports_add(struct builder *builder, const struct tally *tally, const struct port_counts *counts,
                      int udp)
{
    int days[EDITION_DAYS_MAX];
    int day_count = 0;
    for (int day = 0; day < tally->plan->edition->day_count; day++)
        if (counts->days[day] != NULL)
            days[day_count++] = day;
    uint8_t protocol = udp != 0 ? PROTOCOL_UDP : PROTOCOL_TCP;
    for (uint32_t page = 0; page < PORT_PAGE_COUNT; page++) {
        bool is_used = false;
        for (int i = 0; i < day_count && !is_used; i++)
            is_used = counts->days[days[i]]->pages[udp][page] != NULL;
        for (uint32_t port = page * PORT_PAGE_SIZE; is_used && port < (page + 1) * PORT_PAGE_SIZE; port++) {
            for (int i = 0; i < day_count; i++) {
                uint64_t count = port_counts_value(counts, days[i], udp, (uint16_t)port);
                if (count > 0)
                    cell_add(builder, port_key_number(protocol, (int)port), days[i], count, NULL);
            }
        }
    }
}

/* The cells kept by number, up to (not including) a key; *at is moved on. */
static void entries_add(struct builder *builder, const struct tally_measure *measure,
                        const struct count_entry *entries, size_t *at, uint64_t key_end)
{
    for (; *at < measure->cells.count && entries[*at].key >> 7 < key_end; (*at)++) {
        int day = (int)(entries[*at].key & 0x7f);
        uint64_t key = entries[*at].key >> 7;
        if (measure->plan->definition->count == COUNT_PACKETS) {
            cell_add(builder, key, day, entries[*at].value, NULL);
            continue;
        }
        struct source_set *sources = address_set_sources(measure->sets->pdata[entries[*at].value - 1]);
        cell_add(builder, key, day, source_set_count(sources), sources);
    }
}

static void days_add(struct builder *builder, const struct tally *tally, const struct tally_measure *measure)
{
    for (size_t key = 0; key < measure->plan->key_count; key++)
        for (int day = 0; day < tally->plan->edition->day_count; day++)
            if (measure->days[day] != NULL && measure->days[day][key] > 0)
                cell_add(builder, key, day, measure->days[day][key], NULL);
}

static void measure_build(const struct tally *tally, const struct tally_measure *measure,
                          struct measure_counts *counts)
{
    struct builder builder = {
        .plan = measure->plan,
        .rows = g_array_new(FALSE, FALSE, sizeof(struct summary_row)),
        .cells = g_array_new(FALSE, FALSE, sizeof(struct summary_cell)),
    };
    struct count_entry *entries = count_map_sorted(&measure->cells);
    size_t at = 0;
    entries_add(&builder, measure, entries, &at, port_key_number(PROTOCOL_TCP, -1));
    ports_add(&builder, tally, &measure->ports, 0);
    entries_add(&builder, measure, entries, &at, port_key_number(PROTOCOL_UDP, -1));
    ports_add(&builder, tally, &measure->ports, 1);
    entries_add(&builder, measure, entries, &at, UINT64_MAX);
    days_add(&builder, tally, measure);
    row_finish(&builder);
    g_free(entries);
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
    for (size_t i = 0; i < summary->measure_count; i++) {
        measure_counts_clear(&summary->measures[i]);
        measure_build(tally, &tally->measures[i], &summary->measures[i]);
    }
}

struct summary *tally_summary(const struct tally *tally)
{
    struct summary *summary = plan_summary(tally->plan);
    tally_read(tally, summary);
    return summary;
}
