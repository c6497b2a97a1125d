#include "report/stability.h"

#include <string.h>

#include "report/companion.h"
#include "summary/key.h"

/* What every sensor saw of every key, as numbers. */
struct grid {
    const struct summary *summary;
    GHashTable *keys; /* char * -> key number + 1 */
    GArray **sensors; /* [sensor_count]: struct grid_entry */
    uint64_t *totals; /* [key_count], over all sensors */
    size_t key_count;
    bool *delivering; /* [sensor_count]: on one day at least */
};

struct grid_entry {
    guint key;
    uint64_t count;
};

static size_t sensor_index(const struct summary *summary, const char *id)
{
    for (size_t i = 0; i < summary->sensor_count; i++)
        if (strcmp(summary->sensors[i].id, id) == 0)
            return i;
    return SIZE_MAX;
}

static guint grid_key(struct grid *grid, const char *key)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(grid->keys, key));
    if (number == 0) {
        number = g_hash_table_size(grid->keys) + 1;
        g_hash_table_insert(grid->keys, g_strdup(key), GUINT_TO_POINTER(number));
    }
    return number - 1;
}

static bool sensor_delivered(const struct summary *summary, size_t sensor)
{
    for (int day = 0; day < summary->edition.day_count; day++)
        if (summary->sensors[sensor].active[day] && summary->sensors[sensor].packets[day] > 0)
            return true;
    return false;
}

static void grid_init(struct grid *grid, const struct summary *summary, const struct companion *companion)
{
    memset(grid, 0, sizeof *grid);
    grid->summary = summary;
    grid->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    grid->sensors = g_new0(GArray *, summary->sensor_count);
    grid->delivering = g_new0(bool, summary->sensor_count);
    for (size_t i = 0; i < summary->sensor_count; i++) {
        grid->sensors[i] = g_array_new(FALSE, FALSE, sizeof(struct grid_entry));
        grid->delivering[i] = sensor_delivered(summary, i);
    }
    for (size_t i = 0; i < companion->counts->row_count; i++) {
        char *key, *sensor;
        companion_split(companion, companion->counts->rows[i].key, &key, &sensor);
        size_t index = sensor_index(summary, sensor);
        /* Addresses in no allocation have no rank. */
        if (index != SIZE_MAX && strcmp(key, "??") != 0) {
            struct grid_entry entry = {grid_key(grid, key), companion->counts->rows[i].total};
            g_array_append_val(grid->sensors[index], entry);
        }
        g_free(key);
        g_free(sensor);
    }
    grid->key_count = g_hash_table_size(grid->keys);
    grid->totals = g_new0(uint64_t, grid->key_count);
    for (size_t i = 0; i < summary->sensor_count; i++)
        for (guint k = 0; k < grid->sensors[i]->len; k++) {
            const struct grid_entry *entry = &g_array_index(grid->sensors[i], struct grid_entry, k);
            grid->totals[entry->key] += entry->count;
        }
}

static void grid_release(struct grid *grid)
{
    for (size_t i = 0; i < grid->summary->sensor_count; i++)
        g_array_unref(grid->sensors[i]);
    g_hash_table_unref(grid->keys);
    g_free(grid->sensors);
    g_free(grid->totals);
    g_free(grid->delivering);
}

/* Rank of a key among the counts, equal ones sharing it; 0 when it has none. */
static int rank_in(const struct grid *grid, const uint64_t *counts, const char *key)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(grid->keys, key));
    int rank = 1;
    if (number == 0 || counts[number - 1] == 0)
        return 0;
    for (size_t i = 0; i < grid->key_count; i++)
        rank += counts[i] > counts[number - 1];
    return rank;
}

/* counts = what the chosen sensors saw together. */
static void counts_of(const struct grid *grid, const bool *chosen, uint64_t *counts)
{
    memset(counts, 0, grid->key_count * sizeof *counts);
    for (size_t i = 0; i < grid->summary->sensor_count; i++)
        for (guint k = 0; chosen[i] && k < grid->sensors[i]->len; k++) {
            const struct grid_entry *entry = &g_array_index(grid->sensors[i], struct grid_entry, k);
            counts[entry->key] += entry->count;
        }
}

static void leave_one_out(const struct grid *grid, const struct comparison *comparison,
                          struct stability *rows)
{
    uint64_t *counts = g_memdup2(grid->totals, grid->key_count * sizeof *counts);
    for (size_t i = 0; i < grid->summary->sensor_count; i++) {
        const GArray *entries = grid->sensors[i];
        if (!grid->delivering[i])
            continue;
        for (guint k = 0; k < entries->len; k++)
            counts[g_array_index(entries, struct grid_entry, k).key] -=
                g_array_index(entries, struct grid_entry, k).count;
        for (size_t row = 0; row < comparison->shown_count; row++) {
            int rank = rank_in(grid, counts, comparison->rows[row].key);
            /* A key that this sensor alone saw stands behind all others. */
            rank = rank > 0 ? rank : (int)grid->key_count;
            rows[row].lowest_rank = rows[row].lowest_rank == 0 ? rank : MIN(rows[row].lowest_rank, rank);
            rows[row].highest_rank = MAX(rows[row].highest_rank, rank);
        }
        for (guint k = 0; k < entries->len; k++)
            counts[g_array_index(entries, struct grid_entry, k).key] +=
                g_array_index(entries, struct grid_entry, k).count;
    }
    g_free(counts);
}

/* Of each sensor: which keys are among its first `limit` ranks. */
static void count_wide(const struct grid *grid, const struct comparison *comparison, int limit,
                       struct stability *rows)
{
    uint64_t *counts = g_new0(uint64_t, grid->key_count);
    bool *chosen = g_new0(bool, grid->summary->sensor_count);
    for (size_t i = 0; i < grid->summary->sensor_count; i++) {
        if (grid->sensors[i]->len == 0)
            continue;
        chosen[i] = true;
        counts_of(grid, chosen, counts);
        chosen[i] = false;
        for (size_t row = 0; row < comparison->shown_count; row++) {
            int rank = rank_in(grid, counts, comparison->rows[row].key);
            rows[row].sensors++;
            rows[row].wide_sensors += rank > 0 && rank <= limit;
        }
    }
    g_free(chosen);
    g_free(counts);
}

static void rank_common(const struct grid *grid, const struct grid *previous,
                        const struct comparison *comparison, struct stability *rows)
{
    bool *chosen = g_new0(bool, grid->summary->sensor_count);
    bool *previous_chosen = g_new0(bool, previous->summary->sensor_count);
    uint64_t *counts = g_new0(uint64_t, grid->key_count);
    uint64_t *previous_counts = g_new0(uint64_t, previous->key_count);
    size_t common = 0;
    for (size_t i = 0; i < grid->summary->sensor_count; i++) {
        size_t other = sensor_index(previous->summary, grid->summary->sensors[i].id);
        if (other == SIZE_MAX || !grid->delivering[i] || !previous->delivering[other] ||
            (comparison->measure->sensors != NULL && !comparison->measure->sensors[i]))
            continue;
        chosen[i] = previous_chosen[other] = true;
        common++;
    }
    counts_of(grid, chosen, counts);
    counts_of(previous, previous_chosen, previous_counts);
    for (size_t row = 0; row < comparison->shown_count; row++) {
        rows[row].common_sensors = common;
        rows[row].common_rank = rank_in(grid, counts, comparison->rows[row].key);
        rows[row].common_previous_rank = rank_in(previous, previous_counts, comparison->rows[row].key);
    }
    g_free(previous_counts);
    g_free(counts);
    g_free(previous_chosen);
    g_free(chosen);
}

static void by_sensor(const struct context *context, const struct comparison *comparison,
                      struct stability *rows)
{
    struct companion companion, before;
    struct grid grid, previous;
    if (comparison->measure->count == COUNT_SOURCES ||
        !companion_by(context, context->current, comparison->measure->id, BY_SENSOR, &companion))
        return;
    grid_init(&grid, context->current, &companion);
    leave_one_out(&grid, comparison, rows);
    count_wide(&grid, comparison, context->publication->top_limit, rows);
    if (comparison->previous != NULL &&
        companion_by(context, context->previous, comparison->measure->id, BY_SENSOR, &before) &&
        strcmp(before.counts->definition, companion.counts->definition) == 0) {
        grid_init(&previous, context->previous, &before);
        rank_common(&grid, &previous, comparison, rows);
        grid_release(&previous);
    }
    grid_release(&grid);
    for (size_t row = 0; row < comparison->shown_count; row++) {
        GArray *parts = companion_parts(&companion, comparison->rows[row].key);
        if (parts->len > 0) {
            rows[row].sensor = g_strdup(g_array_index(parts, struct companion_part, 0).part);
            rows[row].sensor_count = g_array_index(parts, struct companion_part, 0).row->total;
        }
        g_array_unref(parts);
    }
}

/* What a companion (or NULL) counted of one part of a key. */
static uint64_t part_total(const struct companion *companion, const char *key, const char *part)
{
    uint64_t total = 0;
    GArray *parts = companion != NULL ? companion_parts(companion, key) : NULL;
    for (guint i = 0; parts != NULL && i < parts->len; i++)
        if (strcmp(g_array_index(parts, struct companion_part, i).part, part) == 0)
            total = g_array_index(parts, struct companion_part, i).row->total;
    g_clear_pointer(&parts, g_array_unref);
    return total;
}

static void by_prefix(const struct context *context, const struct comparison *comparison,
                      struct stability *rows)
{
    struct companion companion, sources;
    if (!companion_by(context, context->current, comparison->measure->id, BY_SOURCE_24, &companion))
        return;
    bool has_sources =
        companion_sources(context, context->current, comparison->measure->id, BY_SOURCE_24, &sources);
    for (size_t row = 0; row < comparison->shown_count; row++) {
        GArray *parts = companion_parts(&companion, comparison->rows[row].key);
        if (parts->len > 0) {
            rows[row].prefix = g_strdup(g_array_index(parts, struct companion_part, 0).part);
            rows[row].prefix_count = g_array_index(parts, struct companion_part, 0).row->total;
            rows[row].prefix_sources =
                part_total(has_sources ? &sources : NULL, comparison->rows[row].key, rows[row].prefix);
        }
        g_array_unref(parts);
    }
}

static void rank_without(const struct context *context, const struct comparison *comparison,
                         enum companion_left_out left_out, struct stability *rows)
{
    const struct measure_counts *measure =
        companion_without(context, context->current, comparison->measure->id, left_out);
    if (measure == NULL)
        return;
    struct ranking ranking;
    ranking_init(&ranking, context->current, measure);
    for (size_t row = 0; row < comparison->shown_count; row++) {
        const struct ranking_entry *entry = ranking_find(&ranking, comparison->rows[row].key);
        rows[row].has_without[left_out] = true;
        rows[row].rank_without[left_out] = entry != NULL ? entry->rank : 0;
    }
    ranking_release(&ranking);
}

bool stability_is_concentrated(const struct context *context, uint64_t part, uint64_t whole)
{
    return (double)part * 100 > (double)whole * context->publication->concentration;
}

bool stability_is_uneven(uint64_t part, uint64_t whole, size_t sensors)
{
    return (double)part * (double)sensors * 2 > (double)whole * 3;
}

struct stability *stability_new(const struct context *context, const struct comparison *comparison)
{
    struct stability *rows = g_new0(struct stability, comparison->shown_count);
    by_sensor(context, comparison, rows);
    by_prefix(context, comparison, rows);
    for (int left_out = 0; left_out < COMPANION_LEFT_OUTS; left_out++)
        rank_without(context, comparison, (enum companion_left_out)left_out, rows);
    return rows;
}

void stability_free(struct stability *rows, size_t row_count)
{
    for (size_t i = 0; i < row_count && rows != NULL; i++) {
        g_free(rows[i].sensor);
        g_free(rows[i].prefix);
    }
    g_free(rows);
}
