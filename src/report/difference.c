#include "report/difference.h"

#include <string.h>

#include "report/availability.h"
#include "report/comparison.h"
#include "report/context.h"
#include "report/difference_notes.h"
#include "report/label.h"
#include "report/phrase.h"
#include "report/quality.h"

static double share_of(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

/* Per delivering sensor and day; negative where none delivered. Sources seen by several sensors have no such
 * average. */
static double average_of(const struct summary *summary, const struct measure_counts *measure, const char *key,
                         uint64_t count)
{
    uint64_t days = measure->count == COUNT_SOURCES ? 0 : availability_row_sensor_days(summary, measure, key);
    return days > 0 ? (double)count / (double)days : -1;
}

static void row_measure(struct difference_row *row, const struct context *context,
                        const struct comparison *comparison, size_t index)
{
    const struct comparison_row *from = &comparison->rows[index];
    enum measure_count count_of = comparison->measure->count;
    GString *change = g_string_new(NULL), *average_change = g_string_new(NULL);
    struct rates *rates = g_new(struct rates, 2);
    row->per_sensor = average_of(context->current, comparison->measure, from->key, from->count);
    row->other_per_sensor =
        average_of(context->previous, comparison->previous, from->key, from->previous_count);
    phrase_append_change(context->wording, change, count_of, from->count, from->previous_count);
    if (row->per_sensor >= 0 && row->other_per_sensor >= 0)
        phrase_append_average_change(context->wording, average_change, count_of, row->per_sensor,
                                     row->other_per_sensor);
    row->change = g_string_free(change, FALSE);
    row->per_sensor_change = g_string_free(average_change, FALSE);
    rates_fill(&rates[0], context->current, comparison->measure, from->key);
    rates_fill(&rates[1], context->previous, comparison->previous, from->key);
    row->variation = variation_of(&rates[0], &rates[1]);
    row->near_tie = comparison_row_is_close(comparison, index) ||
                    (index > 0 && comparison_row_is_close(comparison, index - 1));
    g_free(rates);
}

/* Rows that either edition shows, in the comparison's order (by rank, then the vanished by previous rank). */
static int add_rows(GArray *rows, const struct context *context, const struct table_definition *definition,
                    const struct comparison *comparison, const struct registry_recount *recount,
                    struct error *err)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *from = &comparison->rows[i];
        bool shown = from->rank > 0 && from->rank <= comparison->top;
        bool other_shown = from->previous_rank > 0 && from->previous_rank <= comparison->top;
        if (!shown && !other_shown)
            continue;
        GString *label = g_string_new(NULL);
        int status = label_append(context, comparison->measure->by, from->key, label, err);
        struct difference_row row = {
            .table = g_strdup(definition->id),
            .key = g_strdup(from->key),
            .label = g_string_free(label, FALSE),
            .rank = from->rank,
            .other_rank = from->previous_rank,
            .count = from->count,
            .other_count = from->previous_count,
            .share = share_of(from->count, comparison->total),
            .other_share = share_of(from->previous_count, comparison->previous_total),
            .entered = shown && !other_shown,
            .left = other_shown && !shown,
            .has_recount = recount != NULL && recount->basis != REGISTRY_UNKNOWN,
            .recount = recount != NULL ? registry_recount_of(recount, from->key) : 0,
        };
        row_measure(&row, context, comparison, i);
        g_array_append_val(rows, row);
        if (status != 0)
            return -1;
    }
    return 0;
}

static int add_table(GArray *rows, GPtrArray *notes, const struct context *context,
                     const struct table_definition *definition, const struct registry_effect *effect,
                     struct error *err)
{
    const char *caption = context_localized(context, &definition->caption, definition->line, "caption", err);
    if (caption == NULL)
        return -1;
    const struct measure_counts *measure = context_measure(context, definition->measure, err);
    if (measure == NULL)
        return -1;
    struct comparison comparison;
    comparison_init(&comparison, measure, definition->top, context->current, context->previous);
    int status = 0;
    if (comparison.comparability == COMPARABLE)
        status = add_rows(rows, context, definition, &comparison,
                          effect != NULL ? registry_effect_recount(effect, definition->id) : NULL, err);
    else
        quality_add_comparability_note(notes, context, caption, comparison.comparability);
    comparison_release(&comparison);
    return status;
}

/* What was noted since the last call is of that kind. */
static void notes_are(GArray *kinds, const GPtrArray *notes, enum difference_kind kind)
{
    while (kinds->len < notes->len)
        g_array_append_val(kinds, kind);
}

bool difference_row_is_usual(const struct difference_row *row)
{
    return row->variation.is_known && row->variation.p >= VARIATION_P;
}

const char *difference_row_variation(const struct difference_row *row)
{
    return !row->variation.is_known ? "" : difference_row_is_usual(row) ? "usual" : "change";
}

bool difference_row_changed(const struct difference_row *row, double least)
{
    if (row->rank != row->other_rank)
        return true;
    if (row->count == row->other_count || (least > 0 && difference_row_is_usual(row)))
        return false;
    double change = row->count > row->other_count ? (double)(row->count - row->other_count)
                                                  : (double)(row->other_count - row->count);
    return change >= least * (double)row->other_count;
}

const char *difference_kind_name(enum difference_kind kind)
{
    static const char *const names[] = {
        [DIFFERENCE_NUMBERS] = "numbers",
        [DIFFERENCE_COVERAGE] = "coverage",
        [DIFFERENCE_DATA] = "data",
        [DIFFERENCE_CONFIGURATION] = "configuration",
    };
    return names[kind];
}

const char *difference_row_status(const struct difference_row *row)
{
    if (row->entered)
        return "entered";
    if (row->left)
        return "left";
    if (row->rank != row->other_rank)
        return row->rank < row->other_rank ? "rose" : "fell";
    return row->count != row->other_count ? "count" : "same";
}

struct difference *difference_new(const struct publication *publication, const struct summary *current,
                                  const struct summary *other, const struct difference_extra *extra,
                                  const char *language, struct error *err)
{
    struct wording wording = {0};
    if (wording_load_for(&wording, publication, &current->edition, language, err) != 0) {
        error_prefix(err, "difference");
        return NULL;
    }
    struct context context = {
        .publication = publication,
        .current = current,
        .previous = other,
        .language = language,
        .wording = &wording,
    };
    const struct registry_effect *effect = extra != NULL ? extra->effect : NULL;
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct difference_row));
    GPtrArray *notes = g_ptr_array_new();
    GArray *kinds = g_array_new(FALSE, FALSE, sizeof(enum difference_kind));
    int status = 0;
    for (size_t i = 0; i < publication->table_count && status == 0; i++) {
        status = add_table(rows, notes, &context, &publication->tables[i], effect, err);
        if (status != 0)
            error_prefix(err, "difference: table %s", publication->tables[i].id);
    }
    difference_notes_measures(notes, &context);
    difference_notes_files(notes, &context, extra, false);
    notes_are(kinds, notes, DIFFERENCE_CONFIGURATION);
    difference_notes_coverage(notes, &context);
    notes_are(kinds, notes, DIFFERENCE_COVERAGE);
    if (status == 0)
        status = difference_notes_data(notes, &context, effect,
                                       (const struct difference_row *)(void *)rows->data, rows->len, err);
    difference_notes_files(notes, &context, extra, true);
    notes_are(kinds, notes, DIFFERENCE_DATA);
    wording_release(&wording);
    struct difference *difference = g_new0(struct difference, 1);
    difference->note_count = notes->len;
    difference->notes = g_new0(struct difference_note, notes->len + 1);
    for (guint i = 0; i < notes->len; i++)
        difference->notes[i] =
            (struct difference_note){g_array_index(kinds, enum difference_kind, i), notes->pdata[i]};
    g_array_unref(kinds);
    g_ptr_array_unref(notes);
    difference->row_count = rows->len;
    difference->rows = (struct difference_row *)(void *)g_array_free(rows, FALSE);
    if (status != 0)
        g_clear_pointer(&difference, difference_free);
    return difference;
}

void difference_free(struct difference *difference)
{
    if (difference == NULL)
        return;
    for (size_t i = 0; i < difference->row_count; i++) {
        g_free(difference->rows[i].table);
        g_free(difference->rows[i].key);
        g_free(difference->rows[i].label);
        g_free(difference->rows[i].change);
        g_free(difference->rows[i].per_sensor_change);
    }
    g_free(difference->rows);
    for (size_t i = 0; i < difference->note_count; i++)
        g_free(difference->notes[i].text);
    g_free(difference->notes);
    g_free(difference);
}
