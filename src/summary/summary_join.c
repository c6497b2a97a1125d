/* summary_join.c - several quarters in a row as one summary.
 *
 * A day of quarter q becomes day (start of q - start of the span) + day. Sensors are those of any part, found
 * by their ids: where their numbers differ, sets of (source, sensor) pairs are numbered anew. */
#include <string.h>

#include "summary/source_set.h"
#include "summary/summary.h"

struct joining {
    struct summary *const *parts; /* [quarter_count] */
    int *starts;                  /* [quarter_count]: the span's day on which each begins */
    uint32_t **numbers; /* [quarter_count][sensor_count of the part]: the sensor's number in the span */
    bool *renumbered;   /* [quarter_count]: whether any of them differs */
    int quarter_count;
    struct summary *summary;
};

static int sensor_order(gconstpointer a, gconstpointer b)
{
    const struct summary_sensor *left = *(const struct summary_sensor *const *)a;
    const struct summary_sensor *right = *(const struct summary_sensor *const *)b;
    return strcmp(left->id, right->id);
}

/* What the latest part says of a sensor stands. */
static void sensors_join(struct joining *joining)
{
    struct summary *summary = joining->summary;
    size_t day_count = (size_t)summary->edition.day_count;
    GHashTable *latest = g_hash_table_new(g_str_hash, g_str_equal);
    for (int q = 0; q < joining->quarter_count; q++)
        for (size_t i = 0; joining->parts[q] != NULL && i < joining->parts[q]->sensor_count; i++)
            g_hash_table_replace(latest, joining->parts[q]->sensors[i].id, &joining->parts[q]->sensors[i]);
    GPtrArray *order = g_ptr_array_new();
    GHashTableIter iter;
    gpointer sensor;
    g_hash_table_iter_init(&iter, latest);
    while (g_hash_table_iter_next(&iter, NULL, &sensor))
        g_ptr_array_add(order, sensor);
    g_ptr_array_sort(order, sensor_order);
    summary->sensors = g_new0(struct summary_sensor, order->len + 1);
    for (guint i = 0; i < order->len; i++) {
        const struct summary_sensor *from = order->pdata[i];
        summary->sensors[summary->sensor_count++] = (struct summary_sensor){
            .id = g_strdup(from->id),
            .region = g_strdup(from->region),
            .group = g_strdup(from->group),
            .label = g_strdup(from->label),
            .packets = g_new0(uint64_t, day_count),
            .active = g_new0(bool, day_count),
        };
    }
    g_ptr_array_unref(order);
    g_hash_table_unref(latest);
}

static uint32_t sensor_find(const struct summary *summary, const char *id)
{
    uint32_t i = 0;
    while (strcmp(summary->sensors[i].id, id) != 0)
        i++;
    return i;
}

static void sensor_days_join(struct joining *joining, int q)
{
    const struct summary *part = joining->parts[q];
    joining->numbers[q] = g_new0(uint32_t, part->sensor_count + 1);
    for (size_t i = 0; i < part->sensor_count; i++) {
        const struct summary_sensor *from = &part->sensors[i];
        uint32_t number = sensor_find(joining->summary, from->id);
        struct summary_sensor *to = &joining->summary->sensors[number];
        joining->numbers[q][i] = number;
        joining->renumbered[q] |= number != i;
        for (int day = 0; day < part->edition.day_count; day++) {
            to->packets[joining->starts[q] + day] = from->packets[day];
            to->active[joining->starts[q] + day] = from->active[day];
        }
    }
}

/* Without an index of its rows. */
static const struct measure_counts *measure_find(const struct summary *summary, const char *id)
{
    for (size_t i = 0; i < summary->measure_count; i++)
        if (strcmp(summary->measures[i].id, id) == 0)
            return &summary->measures[i];
    return NULL;
}

static void head_join(struct joining *joining, int q)
{
    struct summary *summary = joining->summary;
    struct summary *part = joining->parts[q];
    g_free(summary->time_zone);
    summary->time_zone = g_strdup(part->time_zone);
    memcpy(summary->configuration_digest, part->configuration_digest, sizeof summary->configuration_digest);
    summary->packets_read += part->packets_read;
    for (int bin = 0; bin < BIN_COUNT; bin++)
        summary->bins[bin] += part->bins[bin];
    summary->region_overlap_addresses =
        MAX(summary->region_overlap_addresses, part->region_overlap_addresses);
    for (guint i = 0; i < part->archives->len; i++) {
        struct summary_archive *archive = part->archives->pdata[i];
        g_clear_pointer(&archive->spans,
                        g_free); /* they name sensors by number, and are of use only while counting */
        archive->span_count = 0;
        g_ptr_array_add(summary->archives, archive);
        part->archives->pdata[i] = NULL;
    }
    g_ptr_array_set_size(part->archives, 0);
}

static struct source_set *cell_sources(const struct joining *joining, int q,
                                       const struct measure_counts *from, const struct section_cells *cell)
{
    struct source_set *set = source_set_new();
    source_set_add_written(set, cell->set, cell->set_size, from->count == COUNT_SOURCE_SENSORS);
    if (!joining->renumbered[q])
        return set;
    struct source_set *renumbered = source_set_renumbered(set, joining->numbers[q]);
    source_set_free(set);
    return renumbered;
}

/* The part's rows at the times of the span. */
static void section_shift(const struct joining *joining, int q, const struct measure_counts *from,
                          struct section *out)
{
    struct section_writer writer;
    struct section_cursor cursor = section_begin(&from->section, from->count, from->by);
    struct section_row row;
    uint32_t start = (uint32_t)joining->starts[q] * (from->per == PER_HOUR ? DAY_HOURS_MAX : 1);
    section_writer_init(&writer, from->count, out);
    while (section_next(&cursor, &row)) {
        struct section_cells cells = section_cells(&row);
        section_writer_row(&writer, row.start, row.key_size);
        while (section_cells_next(&cells)) {
            if (!measure_count_is_distinct(from->count)) {
                section_writer_count(&writer, start + cells.time, cells.count);
                continue;
            }
            struct source_set *sources = cell_sources(joining, q, from, &cells);
            section_writer_sources(&writer, start + cells.time, sources);
            source_set_free(sources);
        }
    }
    section_writer_finish(&writer);
}

static void rows_join(const struct joining *joining, struct measure_counts *to)
{
    struct section *sections = g_new0(struct section, (size_t)joining->quarter_count);
    const struct section **list = g_new0(const struct section *, (size_t)joining->quarter_count);
    struct section joined = {.row_count = 0};
    size_t count = 0;
    for (int q = 0; q < joining->quarter_count; q++) {
        if (joining->parts[q] == NULL)
            continue;
        section_shift(joining, q, measure_find(joining->parts[q], to->id), &sections[count]);
        list[count] = &sections[count];
        count++;
    }
    section_merge(list, count, to->count, to->by, &joined);
    measure_counts_replace(to, &joined);
    for (size_t i = 0; i < count; i++)
        section_release(&sections[i]);
    g_free(list);
    g_free(sections);
}

/* Whether every part has it, by one definition. */
static bool is_common(const struct joining *joining, const struct measure_counts *measure)
{
    for (int q = 0; q < joining->quarter_count; q++) {
        if (joining->parts[q] == NULL)
            continue;
        const struct measure_counts *other = measure_find(joining->parts[q], measure->id);
        if (other == NULL || strcmp(other->definition, measure->definition) != 0)
            return false;
    }
    return true;
}

static void measures_join(struct joining *joining, const struct summary *last)
{
    struct summary *summary = joining->summary;
    summary->measures = g_new0(struct measure_counts, last->measure_count + 1);
    for (size_t i = 0; i < last->measure_count; i++) {
        const struct measure_counts *from = &last->measures[i];
        if (!is_common(joining, from))
            continue;
        struct measure_counts *to = &summary->measures[summary->measure_count++];
        to->id = g_strdup(from->id);
        to->definition = g_strdup(from->definition);
        to->count = from->count;
        to->by = from->by;
        to->per = from->per;
        to->sensors = g_new0(bool, summary->sensor_count + 1);
        for (int q = 0; q < joining->quarter_count; q++) {
            const struct measure_counts *part =
                joining->parts[q] == NULL ? NULL : measure_find(joining->parts[q], from->id);
            for (size_t s = 0; part != NULL && s < joining->parts[q]->sensor_count; s++)
                to->sensors[joining->numbers[q][s]] |= part->sensors[s];
        }
        rows_join(joining, to);
    }
}

struct summary *summary_join(struct summary *const *parts, const struct edition *span)
{
    size_t count = (size_t)span->quarter_count;
    struct joining joining = {
        .parts = parts,
        .starts = g_new0(int, count),
        .numbers = g_new0(uint32_t *, count),
        .renumbered = g_new0(bool, count),
        .quarter_count = span->quarter_count,
        .summary = summary_new(),
    };
    const struct summary *last = NULL;
    joining.summary->edition = *span;
    sensors_join(&joining);
    for (int q = 0; q < span->quarter_count; q++) {
        struct edition quarter = edition_quarter(span, q);
        joining.starts[q] = edition_day_index(span, quarter.first);
        if (parts[q] == NULL)
            continue;
        g_assert(strcmp(parts[q]->edition.name, quarter.name) == 0);
        head_join(&joining, q);
        sensor_days_join(&joining, q);
        last = parts[q];
    }
    g_assert(last != NULL);
    measures_join(&joining, last);
    for (size_t q = 0; q < count; q++)
        g_free(joining.numbers[q]);
    g_free(joining.starts);
    g_free(joining.numbers);
    g_free(joining.renumbered);
    return joining.summary;
}
