#include <string.h>

#include "summary/key.h"
#include "summary/source_set.h"
#include "summary/summary_file.h"

/* NULL when the two counted the same thing, else what differs. */
static const char *difference(const struct summary *a, const struct summary *b)
{
    if (strcmp(a->edition.name, b->edition.name) != 0 || a->edition.day_count != b->edition.day_count ||
        a->edition.fiscal_start_month != b->edition.fiscal_start_month)
        return "editions";
    if (strcmp(a->time_zone, b->time_zone) != 0)
        return "time zones";
    if (strcmp(a->configuration_digest, b->configuration_digest) != 0)
        return "configurations";
    if (a->sensor_count != b->sensor_count)
        return "sensors";
    size_t day_count = (size_t)a->edition.day_count;
    for (size_t i = 0; i < a->sensor_count; i++) {
        const struct summary_sensor *x = &a->sensors[i];
        const struct summary_sensor *y = &b->sensors[i];
        if (strcmp(x->id, y->id) != 0 || strcmp(x->region, y->region) != 0 ||
            strcmp(x->group, y->group) != 0 ||
            memcmp(x->active, y->active, day_count * sizeof *x->active) != 0)
            return "sensors";
    }
    if (a->measure_count != b->measure_count)
        return "measures";
    for (size_t i = 0; i < a->measure_count; i++) {
        const struct measure_counts *x = &a->measures[i];
        const struct measure_counts *y = &b->measures[i];
        if (strcmp(x->id, y->id) != 0 || strcmp(x->definition, y->definition) != 0 || x->count != y->count ||
            x->by != y->by || x->per != y->per ||
            memcmp(x->sensors, y->sensors, a->sensor_count * sizeof *x->sensors) != 0)
            return "measures";
    }
    if (a->registries->len != b->registries->len ||
        a->region_overlap_addresses != b->region_overlap_addresses)
        return "registries";
    for (guint i = 0; i < a->registries->len; i++) {
        const struct summary_registry *x = a->registries->pdata[i];
        const struct summary_registry *y = b->registries->pdata[i];
        if (strcmp(x->name, y->name) != 0 || strcmp(x->file, y->file) != 0 ||
            strcmp(x->digest, y->digest) != 0)
            return "registries";
    }
    return NULL;
}

static char *text_copy(const char *text)
{
    return text == NULL ? NULL : g_strdup(text);
}

static int archives_merge(struct summary *summary, const struct summary *other, struct error *err)
{
    GPtrArray *mine = summary->archives;
    GPtrArray *merged = g_ptr_array_new_with_free_func((GDestroyNotify)summary_archive_free);
    guint i = 0, j = 0;
    for (guint a = 0, b = 0; a < mine->len && b < other->archives->len;) {
        const struct summary_archive *x = mine->pdata[a];
        const struct summary_archive *y = other->archives->pdata[b];
        int order = strcmp(x->name, y->name);
        if (order == 0) {
            g_ptr_array_unref(merged);
            return error_set(err, ERROR_INPUT, "both summaries hold %s: it would be counted twice", x->name);
        }
        *(order < 0 ? &a : &b) += 1;
    }
    while (i < mine->len || j < other->archives->len) {
        struct summary_archive *x = i < mine->len ? mine->pdata[i] : NULL;
        const struct summary_archive *y = j < other->archives->len ? other->archives->pdata[j] : NULL;
        if (y == NULL || (x != NULL && strcmp(x->name, y->name) < 0)) {
            g_ptr_array_add(merged, x);
            mine->pdata[i++] = NULL;
            continue;
        }
        struct summary_archive *copy = g_new(struct summary_archive, 1);
        *copy = *y;
        copy->name = g_strdup(y->name);
        copy->problem = text_copy(y->problem);
        copy->duplicate_of = text_copy(y->duplicate_of);
        copy->spans = g_memdup2(y->spans, y->span_count * sizeof *y->spans);
        g_ptr_array_add(merged, copy);
        j++;
    }
    g_ptr_array_unref(mine);
    summary->archives = merged;
    return 0;
}

static int cell_compare(const struct summary_cell *a, const struct summary_cell *b)
{
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->hour > b->hour) - (a->hour < b->hour);
}

/* Adds a copy of one cell at the end, with the set, which is taken over; a cell of the same row, day and hour
 * is joined with it. */
static void cell_add(GArray *cells, guint first, uint32_t row, const struct summary_cell *from,
                     struct source_set *sources)
{
    struct summary_cell *last =
        cells->len > first ? &g_array_index(cells, struct summary_cell, cells->len - 1) : NULL;
    if (last != NULL && cell_compare(last, from) == 0) {
        last->count += from->count;
        if (sources != NULL) {
            source_set_unite(last->sources, sources);
            last->count = source_set_count(last->sources);
            source_set_free(sources);
        }
        return;
    }
    struct summary_cell cell = {
        .row = row, .day = from->day, .hour = from->hour, .count = from->count, .sources = sources};
    g_array_append_val(cells, cell);
}

/* Joins the cells of two rows (either may be NULL) by day and hour. The first measure's sets are moved, the
 * second's copied. */
static void cells_merge(struct measure_counts *mine, const struct summary_row *x,
                        const struct measure_counts *other, const struct summary_row *y, GArray *cells,
                        uint32_t row)
{
    guint first = cells->len;
    size_t i = 0, j = 0;
    size_t x_count = x == NULL ? 0 : x->cell_count;
    size_t y_count = y == NULL ? 0 : y->cell_count;
    while (i < x_count || j < y_count) {
        struct summary_cell *a = i < x_count ? &mine->cells[x->first_cell + i] : NULL;
        const struct summary_cell *b = j < y_count ? &other->cells[y->first_cell + j] : NULL;
        if (b == NULL || (a != NULL && cell_compare(a, b) <= 0)) {
            cell_add(cells, first, row, a, a->sources);
            a->sources = NULL;
            i++;
        } else {
            cell_add(cells, first, row, b, b->sources == NULL ? NULL : source_set_copy(b->sources));
            j++;
        }
    }
}

static uint64_t row_total(const GArray *cells, guint first, enum measure_count count)
{
    uint64_t total = 0;
    bool is_distinct = measure_count_is_distinct(count);
    struct source_set *all = source_set_new();
    for (guint i = first; i < cells->len; i++) {
        const struct summary_cell *cell = &g_array_index(cells, struct summary_cell, i);
        total += cell->count;
        if (is_distinct)
            source_set_unite(all, cell->sources);
    }
    if (is_distinct)
        total = source_set_count(all);
    source_set_free(all);
    return total;
}

static void measure_merge(struct measure_counts *mine, const struct measure_counts *other)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct summary_row));
    GArray *cells = g_array_new(FALSE, FALSE, sizeof(struct summary_cell));
    size_t i = 0, j = 0;
    while (i < mine->row_count || j < other->row_count) {
        const struct summary_row *x = i < mine->row_count ? &mine->rows[i] : NULL;
        const struct summary_row *y = j < other->row_count ? &other->rows[j] : NULL;
        int order = x == NULL ? 1 : y == NULL ? -1 : key_compare(x->key, y->key);
        if (order < 0)
            y = NULL;
        if (order > 0)
            x = NULL;
        struct summary_row row = {.key = g_strdup(x != NULL ? x->key : y->key), .first_cell = cells->len};
        cells_merge(mine, x, other, y, cells, (uint32_t)rows->len);
        row.cell_count = cells->len - row.first_cell;
        row.total = row_total(cells, (guint)row.first_cell, mine->count);
        g_array_append_val(rows, row);
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
    }
    measure_counts_clear(mine);
    mine->row_count = rows->len;
    mine->cell_count = cells->len;
    mine->rows = (struct summary_row *)(void *)g_array_free(rows, FALSE);
    mine->cells = (struct summary_cell *)(void *)g_array_free(cells, FALSE);
}

int summary_merge(struct summary *summary, const struct summary *other, struct error *err)
{
    const char *what = difference(summary, other);
    if (what != NULL)
        return error_set(err, ERROR_INPUT, "two summaries cannot be merged: their %s differ", what);
    if (archives_merge(summary, other, err) != 0)
        return -1;
    summary->packets_read += other->packets_read;
    for (int i = 0; i < BIN_COUNT; i++)
        summary->bins[i] += other->bins[i];
    for (size_t i = 0; i < summary->sensor_count; i++)
        for (int day = 0; day < summary->edition.day_count; day++)
            summary->sensors[i].packets[day] += other->sensors[i].packets[day];
    for (size_t i = 0; i < summary->measure_count; i++)
        measure_merge(&summary->measures[i], &other->measures[i]);
    return 0;
}
