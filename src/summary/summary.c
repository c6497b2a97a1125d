#include "summary/summary.h"

#include <errno.h>
#include <string.h>

#include "base/output_set.h"
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

void summary_registry_free(struct summary_registry *registry)
{
    if (registry == NULL)
        return;
    g_free(registry->name);
    g_free(registry->file);
    g_free(registry->date);
    g_free(registry);
}

void measure_counts_clear(struct measure_counts *measure)
{
    for (size_t i = 0; i < measure->row_count; i++)
        g_free(measure->rows[i].key);
    for (size_t i = 0; i < measure->cell_count; i++)
        source_set_free(measure->cells[i].sources);
    g_clear_pointer(&measure->rows, g_free);
    g_clear_pointer(&measure->cells, g_free);
    measure->row_count = measure->cell_count = 0;
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
    for (size_t i = 0; i < summary->measure_count; i++) {
        struct measure_counts *measure = &summary->measures[i];
        measure_counts_clear(measure);
        g_free(measure->id);
        g_free(measure->definition);
        g_free(measure->sensors);
    }
    g_free(summary->measures);
    g_free(summary);
}

const struct measure_counts *summary_measure(const struct summary *summary, const char *id)
{
    for (size_t i = 0; i < summary->measure_count; i++)
        if (strcmp(summary->measures[i].id, id) == 0)
            return &summary->measures[i];
    return NULL;
}

const struct summary_row *measure_counts_row(const struct measure_counts *measure, const char *key)
{
    size_t low = 0;
    size_t high = measure->row_count;
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

/* Unites sets by day; for packets and bytes there are none. */
static void day_unite(struct source_set **days, const struct summary_cell *cell)
{
    if (days[cell->day] == NULL)
        days[cell->day] = source_set_new();
    source_set_unite(days[cell->day], cell->sources);
}

/* daily[day] is the size of each set, which is freed; `all` (or NULL) takes every member. */
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
}

void summary_row_daily(const struct summary *summary, const struct measure_counts *measure,
                       const struct summary_row *row, uint64_t *daily)
{
    struct source_set *days[EDITION_DAYS_MAX] = {NULL};
    bool unites = measure->per == PER_HOUR && measure_count_is_distinct(measure->count);
    memset(daily, 0, (size_t)summary->edition.day_count * sizeof *daily);
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct summary_cell *cell = &measure->cells[row->first_cell + i];
        daily[cell->day] += cell->count;
        if (unites)
            day_unite(days, cell);
    }
    days_count(days, summary->edition.day_count, daily, NULL);
}

void summary_row_hourly(const struct summary *summary, const struct measure_counts *measure,
                        const struct summary_row *row, uint64_t *hourly)
{
    memset(hourly, 0, (size_t)summary->edition.day_count * DAY_HOURS_MAX * sizeof *hourly);
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct summary_cell *cell = &measure->cells[row->first_cell + i];
        hourly[cell->day * DAY_HOURS_MAX + cell->hour] = cell->count;
    }
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

void summary_united(const struct summary *summary, const struct measure_counts *measure, char *const *keys,
                    bool negated, uint64_t *daily, uint64_t *total)
{
    struct source_set *days[EDITION_DAYS_MAX] = {NULL};
    size_t day_count = (size_t)summary->edition.day_count;
    memset(daily, 0, day_count * sizeof *daily);
    *total = 0;
    for (size_t r = 0; r < measure->row_count; r++) {
        const struct summary_row *row = &measure->rows[r];
        if (key_is_listed(row->key, keys) == negated)
            continue;
        for (size_t i = 0; i < row->cell_count; i++) {
            const struct summary_cell *cell = &measure->cells[row->first_cell + i];
            daily[cell->day] += cell->count;
            *total += cell->count;
            if (measure_count_is_distinct(measure->count))
                day_unite(days, cell);
        }
    }
    if (!measure_count_is_distinct(measure->count))
        return;
    struct source_set *all = source_set_new();
    days_count(days, summary->edition.day_count, daily, all);
    *total = source_set_count(all);
    source_set_free(all);
}

uint64_t measure_counts_total(const struct summary *summary, const struct measure_counts *measure)
{
    char *none[] = {NULL};
    uint64_t daily[EDITION_DAYS_MAX];
    uint64_t total;
    summary_united(summary, measure, none, true, daily, &total);
    return total;
}

int summary_write(const struct summary *summary, const char *path, struct error *err)
{
    GByteArray *bytes = summary_file_bytes(summary);
    char *folder = g_path_get_dirname(path);
    int result = 0;
    if (g_mkdir_with_parents(folder, 0755) != 0)
        result = error_set(err, ERROR_OUTPUT, "%s: cannot make the folder: %s", folder, g_strerror(errno));
    else
        result = output_file_write(path, bytes->data, bytes->len, err);
    g_free(folder);
    g_byte_array_unref(bytes);
    return result;
}

int summary_read(struct summary *summary, const char *path, struct error *err)
{
    char *data = NULL;
    gsize size = 0;
    GError *failure = NULL;
    if (!g_file_get_contents(path, &data, &size, &failure)) {
        error_set(err, ERROR_INPUT, "%s: cannot read: %s", path, failure->message);
        g_error_free(failure);
        return -1;
    }
    int result = summary_file_parse(summary, (const uint8_t *)data, size, err);
    if (result != 0)
        error_prefix(err, "%s", path);
    g_free(data);
    return result;
}
