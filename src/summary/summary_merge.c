#include <string.h>

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

static void measure_merge(struct measure_counts *mine, const struct measure_counts *other)
{
    const struct section *both[] = {&mine->section, &other->section};
    struct section merged = {.row_count = 0};
    section_merge(both, G_N_ELEMENTS(both), mine->count, mine->by, &merged);
    measure_counts_replace(mine, &merged);
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
