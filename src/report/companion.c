#include "report/companion.h"

#include <string.h>

#include "summary/key.h"

/* The definition that `measure` would have with that grouping, and without the prefixes that it leaves out.
 */
static char *definition_with(const struct measure *measure, enum measure_by by, enum measure_per per,
                             bool every_source)
{
    struct measure changed = *measure;
    changed.by = by;
    changed.per = per;
    if (every_source)
        memset(&changed.filter.not_source_prefixes, 0, sizeof changed.filter.not_source_prefixes);
    return measure_definition(&changed);
}

static bool is_alike(const struct measure *candidate, const struct measure *base, bool every_source)
{
    char *a = definition_with(candidate, base->by, base->per, every_source);
    char *b = definition_with(base, base->by, base->per, false);
    bool same = strcmp(a, b) == 0;
    g_free(a);
    g_free(b);
    return same;
}

bool companion_by(const struct context *context, const struct summary *summary, const char *measure,
                  enum measure_by second, struct companion *companion)
{
    const struct publication *publication = context->publication;
    const struct measure *base = publication_measure(publication, measure);
    memset(companion, 0, sizeof *companion);
    if (base == NULL || base->by == BY_NOTHING || measure_by_second(base->by) != BY_NOTHING ||
        second == base->by)
        return false;
    for (size_t i = 0; i < publication->measure_count && companion->counts == NULL; i++) {
        const struct measure *candidate = &publication->measures[i];
        bool reversed = candidate->by == measure_by_pair(second, base->by);
        if ((!reversed && candidate->by != measure_by_pair(base->by, second)) ||
            !is_alike(candidate, base, false))
            continue;
        companion->reversed = reversed;
        companion->counts = summary_measure(summary, candidate->id);
    }
    return companion->counts != NULL;
}

const struct measure_counts *companion_without_prefixes(const struct context *context,
                                                        const struct summary *summary, const char *measure)
{
    const struct publication *publication = context->publication;
    const struct measure *base = publication_measure(publication, measure);
    for (size_t i = 0; base != NULL && i < publication->measure_count; i++) {
        const struct measure *candidate = &publication->measures[i];
        if (candidate->by == base->by && candidate->filter.not_source_prefixes.count > 0 &&
            base->filter.not_source_prefixes.count == 0 && is_alike(candidate, base, true))
            return summary_measure(summary, candidate->id);
    }
    return NULL;
}

void companion_split(const struct companion *companion, const char *pair, char **key, char **part)
{
    const char *second = key_second(pair);
    char *first = g_strndup(pair, second != NULL ? (gsize)(second - 1 - pair) : strlen(pair));
    *key = companion->reversed ? g_strdup(second != NULL ? second : "") : first;
    *part = companion->reversed ? first : g_strdup(second != NULL ? second : "");
}

static gint part_compare(gconstpointer left, gconstpointer right)
{
    const struct companion_part *a = left;
    const struct companion_part *b = right;
    if (a->row->total != b->row->total)
        return a->row->total > b->row->total ? -1 : 1;
    return key_compare(a->row->key, b->row->key);
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
