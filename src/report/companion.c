#include "report/companion.h"

#include <string.h>

#include "summary/key.h"

/* Whether the candidate is defined as `wanted` is; per day or per hour does not matter. */
static bool is_alike(const struct measure *candidate, struct measure wanted)
{
    wanted.per = candidate->per;
    char *a = measure_definition(candidate);
    char *b = measure_definition(&wanted);
    bool same = strcmp(a, b) == 0;
    g_free(a);
    g_free(b);
    return same;
}

/* The pair of a measure's key and another one, counting `count`. */
static bool pair_find(const struct context *context, const struct summary *summary, const char *measure,
                      enum measure_by second, const enum measure_count *count, struct companion *companion)
{
    const struct publication *publication = context->publication;
    const struct measure *base = publication_measure(publication, measure);
    memset(companion, 0, sizeof *companion);
    if (base == NULL || base->by == BY_NOTHING || measure_by_second(base->by) != BY_NOTHING ||
        second == base->by)
        return false;
    for (size_t i = 0; i < publication->measure_count && companion->counts == NULL; i++) {
        const struct measure *candidate = &publication->measures[i];
        struct measure wanted = *base;
        bool reversed = candidate->by == measure_by_pair(second, base->by);
        wanted.by = reversed ? candidate->by : measure_by_pair(base->by, second);
        wanted.count = count != NULL ? *count : base->count;
        if (candidate->by != wanted.by || !is_alike(candidate, wanted))
            continue;
        companion->reversed = reversed;
        companion->counts = summary_measure(summary, candidate->id);
    }
    return companion->counts != NULL;
}

bool companion_by(const struct context *context, const struct summary *summary, const char *measure,
                  enum measure_by second, struct companion *companion)
{
    return pair_find(context, summary, measure, second, NULL, companion);
}

bool companion_sources(const struct context *context, const struct summary *summary, const char *measure,
                       enum measure_by second, struct companion *companion)
{
    static const enum measure_count sources = COUNT_SOURCES;
    return pair_find(context, summary, measure, second, &sources, companion);
}

/* Every tool but what answers to forged packets. */
static const uint32_t SCANNING_TOOLS = ((UINT32_C(1) << TOOL_COUNT) - 1) & ~(UINT32_C(1) << TOOL_BACKSCATTER);

const struct measure_counts *companion_without(const struct context *context, const struct summary *summary,
                                               const char *measure, enum companion_left_out left_out)
{
    const struct publication *publication = context->publication;
    const struct measure *base = publication_measure(publication, measure);
    for (size_t i = 0; base != NULL && i < publication->measure_count; i++) {
        const struct measure *candidate = &publication->measures[i];
        struct measure wanted = *base;
        if (left_out == WITHOUT_LISTED && base->filter.not_source_prefixes.count == 0 &&
            candidate->filter.not_source_prefixes.count > 0)
            wanted.filter.not_source_prefixes = candidate->filter.not_source_prefixes;
        else if (left_out == WITHOUT_BACKSCATTER && base->filter.tools == 0)
            wanted.filter.tools = SCANNING_TOOLS;
        else
            continue;
        if (candidate->per == base->per && is_alike(candidate, wanted))
            return summary_measure(summary, candidate->id);
    }
    return NULL;
}

static bool names_sensors(const struct measure *measure)
{
    return measure->filter.sensors != NULL || measure->filter.sensor_groups != NULL ||
           measure->filter.sensor_regions != NULL;
}

/* The definition without its sensors. */
static char *definition_anywhere(const struct measure *measure)
{
    struct measure changed = *measure;
    changed.filter.sensors = changed.filter.sensor_groups = changed.filter.sensor_regions = NULL;
    return measure_definition(&changed);
}

static bool share_sensors(const struct summary *summary, const struct measure_counts *a,
                          const struct measure_counts *b)
{
    for (size_t i = 0; i < summary->sensor_count; i++)
        if (a->sensors[i] && b->sensors[i])
            return true;
    return false;
}

const struct measure_counts *companion_other_sensors(const struct context *context,
                                                     const struct summary *summary, const char *measure)
{
    const struct publication *publication = context->publication;
    const struct measure *base = publication_measure(publication, measure);
    const struct measure_counts *own = summary_measure(summary, measure), *found = NULL;
    if (base == NULL || own == NULL || !names_sensors(base))
        return NULL;
    char *definition = definition_anywhere(base);
    for (size_t i = 0; i < publication->measure_count && found == NULL; i++) {
        const struct measure *candidate = &publication->measures[i];
        const struct measure_counts *counts = summary_measure(summary, candidate->id);
        if (candidate == base || counts == NULL || !names_sensors(candidate))
            continue;
        char *other = definition_anywhere(candidate);
        if (strcmp(definition, other) == 0 && !share_sensors(summary, own, counts))
            found = counts;
        g_free(other);
    }
    g_free(definition);
    return found;
}

void companion_split(const struct companion *companion, const char *pair, char **key, char **part)
{
    const char *second = key_second(pair);
    char *first = g_strndup(pair, second != NULL ? (gsize)(second - 1 - pair) : strlen(pair));
    *key = companion->reversed ? g_strdup(second != NULL ? second : "") : first;
    *part = companion->reversed ? first : g_strdup(second != NULL ? second : "");
}

/* Rows stand in the order of their keys. */
static gint part_compare(gconstpointer left, gconstpointer right)
{
    const struct companion_part *a = left;
    const struct companion_part *b = right;
    if (a->row->total != b->row->total)
        return a->row->total > b->row->total ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static void part_clear(gpointer data)
{
    struct companion_part *part = data;
    g_free(part->part);
}

GArray *companion_parts(const struct companion *companion, const char *key)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct companion_part));
    size_t length = strlen(key);
    g_array_set_clear_func(parts, part_clear);
    for (size_t i = 0; i < companion->counts->row_count; i++) {
        const struct summary_row *row = &companion->counts->rows[i];
        const char *second = key_second(row->key);
        if (second == NULL)
            continue;
        size_t first_length = (size_t)(second - 1 - row->key);
        bool same = companion->reversed ? strcmp(second, key) == 0
                                        : first_length == length && memcmp(row->key, key, length) == 0;
        if (!same)
            continue;
        struct companion_part part = {
            .part = companion->reversed ? g_strndup(row->key, first_length) : g_strdup(second),
            .row = row,
        };
        g_array_append_val(parts, part);
    }
    g_array_sort(parts, part_compare);
    return parts;
}
