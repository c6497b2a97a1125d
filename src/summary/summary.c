#include "summary/summary.h"

#include <string.h>

#include "publication/local_days.h"
#include "summary/key.h"
#include "summary/source_set.h"
#include "summary/summary_file.h"

void summary_archive_free(struct summary_archive *archive)
{
    if (archive == NULL)
        return;
    g_free(archive->name);
    g_free(archive->problem);
    g_free(archive->duplicate_of);
    g_free(archive->spans);
    g_free(archive);
}

static void summary_registry_free(struct summary_registry *registry)
{
    if (registry == NULL)
        return;
    g_free(registry->name);
    g_free(registry->file);
    g_free(registry->date);
    g_free(registry);
}

static void index_drop(struct measure_counts *measure)
{
    g_clear_pointer(&measure->rows, g_free);
    octets_release(&measure->keys);
    measure->row_count = 0;
}

void measure_counts_clear(struct measure_counts *measure)
{
    index_drop(measure);
    section_release(&measure->section);
}

void measure_counts_release(struct measure_counts *measure)
{
    measure_counts_clear(measure);
    g_free(measure->id);
    g_free(measure->definition);
    g_free(measure->sensors);
}

void measure_counts_replace(struct measure_counts *measure, struct section *section)
{
    measure_counts_clear(measure);
    measure->section = *section;
    *section = (struct section){.row_count = 0};
}

void measure_counts_index(struct measure_counts *measure)
{
    enum { KEY_TEXT_USUAL = 12 };
    if (measure->rows != NULL)
        return;
    measure->rows = g_new0(struct summary_row, measure->section.row_count + 1);
    octets_reserve(&measure->keys, measure->section.row_count * KEY_TEXT_USUAL);
    struct section_cursor cursor = section_begin(&measure->section, measure->count, measure->by);
    struct section_row row;
    while (section_next(&cursor, &row)) {
        key_text(measure->by, row.start, &measure->keys);
        measure->rows[measure->row_count++] =
            (struct summary_row){.total = row.total, .cells = row.cells, .cell_count = row.cell_count};
    }
    /* The texts stay where they are now. */
    const char *key = (const char *)measure->keys.data;
    for (size_t i = 0; i < measure->row_count; i++, key += strlen(key) + 1)
        measure->rows[i].key = key;
}

struct summary *summary_new(void)
{
    struct summary *summary = g_new0(struct summary, 1);
    summary->archives = g_ptr_array_new_with_free_func((GDestroyNotify)summary_archive_free);
    summary->registries = g_ptr_array_new_with_free_func((GDestroyNotify)summary_registry_free);
    return summary;
}

void summary_free(struct summary *summary)
{
    if (summary == NULL)
        return;
    g_free(summary->time_zone);
    g_ptr_array_unref(summary->archives);
    g_ptr_array_unref(summary->registries);
    for (size_t i = 0; i < summary->sensor_count; i++) {
        struct summary_sensor *sensor = &summary->sensors[i];
        g_free(sensor->id);
        g_free(sensor->region);
        g_free(sensor->group);
        g_free(sensor->label);
        g_free(sensor->packets);
        g_free(sensor->active);
    }
    g_free(summary->sensors);
    for (size_t i = 0; i < summary->measure_count; i++)
        measure_counts_release(&summary->measures[i]);
    g_free(summary->measures);
    g_free(summary);
}

const struct measure_counts *summary_measure(const struct summary *summary, const char *id)
{
    for (size_t i = 0; i < summary->measure_count; i++)
        if (strcmp(summary->measures[i].id, id) == 0) {
            measure_counts_index(&summary->measures[i]);
            return &summary->measures[i];
        }
    return NULL;
}

const struct summary_row *measure_counts_row(const struct measure_counts *measure, const char *key)
{
    size_t low = 0;
    size_t high = measure->row_count;
    g_assert(measure->rows != NULL || measure->section.row_count == 0);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = key_compare(measure->rows[middle].key, key);
        if (order == 0)
            return &measure->rows[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static struct section_cells row_cells(const struct measure_counts *measure, const struct summary_row *row)
{
    return section_cells_at(row->cells, row->cell_count, measure->count);
}

static uint32_t cell_day(const struct measure_counts *measure, const struct section_cells *cell)
{
    return measure->per == PER_HOUR ? cell->time / DAY_HOURS_MAX : cell->time;
}

/* Unites the sets of a day. */
static void day_unite(struct source_set **days, const struct measure_counts *measure,
                      const struct section_cells *cell)
{
    struct source_set **day = &days[cell_day(measure, cell)];
    if (*day == NULL)
        *day = source_set_new();
    source_set_add_written(*day, cell->set, cell->set_size, measure->count == COUNT_SOURCE_SENSORS);
}

/* NULL unless sets are to be united. */
static struct source_set **days_new(const struct summary *summary, bool unites)
{
    return unites ? g_new0(struct source_set *, (size_t)summary->edition.day_count) : NULL;
}

/* daily[day] is the size of each set; frees them; `all` (or NULL) takes every member. */
static void days_count(struct source_set **days, int day_count, uint64_t *daily, struct source_set *all)
{
    for (int day = 0; day < day_count; day++) {
        if (days[day] == NULL)
            continue;
        daily[day] = source_set_count(days[day]);
        if (all != NULL)
            source_set_unite(all, days[day]);
        source_set_free(days[day]);
    }
    g_free(days);
}

void summary_row_daily(const struct summary *summary, const struct measure_counts *measure,
                       const struct summary_row *row, uint64_t *daily)
{
    bool unites = measure->per == PER_HOUR && measure_count_is_distinct(measure->count);
    struct source_set **days = days_new(summary, unites);
    memset(daily, 0, (size_t)summary->edition.day_count * sizeof *daily);
    struct section_cells cells = row_cells(measure, row);
    while (section_cells_next(&cells)) {
        if (unites)
            day_unite(days, measure, &cells);
        else
            daily[cell_day(measure, &cells)] += section_cells_count(&cells);
    }
    if (unites)
        days_count(days, summary->edition.day_count, daily, NULL);
}

void summary_row_hourly(const struct summary *summary, const struct measure_counts *measure,
                        const struct summary_row *row, uint64_t *hourly)
{
    memset(hourly, 0, (size_t)summary->edition.day_count * DAY_HOURS_MAX * sizeof *hourly);
    struct section_cells cells = row_cells(measure, row);
    while (section_cells_next(&cells))
        hourly[cells.time] = section_cells_count(&cells);
}

void summary_observed(const struct summary *summary, const struct measure_counts *measure, bool *observed)
{
    for (int day = 0; day < summary->edition.day_count; day++) {
        observed[day] = false;
        for (size_t i = 0; i < summary->sensor_count && !observed[day]; i++)
            observed[day] = measure->sensors[i] && summary->sensors[i].packets[day] > 0;
    }
}

static bool key_is_listed(const char *key, char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (strcmp(*keys, key) == 0)
            return true;
    return false;
}

static bool half_serves(const struct summary_sensor *sensor, enum measure_by by, const char *text,
                        size_t size)
{
    const char *name = by == BY_SENSOR ? sensor->id : by == BY_GROUP ? sensor->group : NULL;
    return name == NULL || (strlen(name) == size && strncmp(name, text, size) == 0);
}

bool summary_sensor_serves(const struct summary_sensor *sensor, enum measure_by by, const char *key)
{
    const char *second = measure_by_second(by) != BY_NOTHING ? key_second(key) : NULL;
    size_t size = second != NULL ? (size_t)(second - key) - 1 : strlen(key);
    return half_serves(sensor, measure_by_first(by), key, size) &&
           (second == NULL || half_serves(sensor, measure_by_second(by), second, strlen(second)));
}

bool summary_sensor_serves_keys(const struct summary_sensor *sensor, enum measure_by by, char *const *keys,
                                bool negated)
{
    bool is_pair = measure_by_second(by) != BY_NOTHING;
    bool is_of_sensors = measure_by_holds(by, BY_SENSOR) || measure_by_holds(by, BY_GROUP);
    if (!is_of_sensors || (negated && is_pair))
        return true;
    bool serves = false;
    for (; *keys != NULL && !serves; keys++)
        serves = summary_sensor_serves(sensor, by, *keys);
    return serves != negated;
}

void summary_observed_keys(const struct summary *summary, const struct measure_counts *measure,
                           char *const *keys, bool negated, bool *observed)
{
    memset(observed, 0, (size_t)summary->edition.day_count * sizeof *observed);
    for (size_t i = 0; i < summary->sensor_count; i++) {
        const struct summary_sensor *sensor = &summary->sensors[i];
        if (!measure->sensors[i] || !summary_sensor_serves_keys(sensor, measure->by, keys, negated))
            continue;
        for (int day = 0; day < summary->edition.day_count; day++)
            observed[day] |= sensor->packets[day] > 0;
    }
}

void summary_united(const struct summary *summary, const struct measure_counts *measure, char *const *keys,
                    bool negated, uint64_t *daily, uint64_t *total)
{
    bool is_distinct = measure_count_is_distinct(measure->count);
    struct source_set **days = days_new(summary, is_distinct);
    g_assert(measure->rows != NULL || measure->section.row_count == 0);
    memset(daily, 0, (size_t)summary->edition.day_count * sizeof *daily);
    *total = 0;
    for (size_t r = 0; r < measure->row_count; r++) {
        const struct summary_row *row = &measure->rows[r];
        if (key_is_listed(row->key, keys) == negated)
            continue;
        struct section_cells cells = row_cells(measure, row);
        while (section_cells_next(&cells)) {
            if (is_distinct) {
                day_unite(days, measure, &cells);
                continue;
            }
            daily[cell_day(measure, &cells)] += cells.count;
            *total += cells.count;
        }
    }
    if (!is_distinct)
        return;
    struct source_set *all = source_set_new();
    days_count(days, summary->edition.day_count, daily, all);
    *total = source_set_count(all);
    source_set_free(all);
}

uint64_t measure_counts_total(const struct summary *summary, const struct measure_counts *measure)
{
    char *none[] = {NULL};
    uint64_t *daily = g_new(uint64_t, (size_t)summary->edition.day_count);
    uint64_t total;
    summary_united(summary, measure, none, true, daily, &total);
    g_free(daily);
    return total;
}

int summary_read(struct summary *summary, const char *path, struct error *err)
{
    return summary_read_measures(summary, path, NULL, err);
}

int summary_read_measures(struct summary *summary, const char *path, const char *const *measures,
                          struct error *err)
{
    struct supply supply;
    if (supply_open(&supply, path, err) != 0)
        return error_prefix(err, "%s", path);
    int result = summary_file_parse_supply(summary, &supply, measures, err);
    supply_close(&supply);
    return result == 0 ? 0 : error_prefix(err, "%s", path);
}
