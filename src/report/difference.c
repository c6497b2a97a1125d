#include "report/difference.h"

#include <string.h>

#include "report/comparison.h"
#include "report/context.h"
#include "report/label.h"
#include "report/phrase.h"
#include "report/quality.h"

static double share_of(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

/* Rows that either edition shows, in the comparison's order (by rank, then the vanished by previous rank). */
static int add_rows(GArray *rows, const struct context *context, const struct table_definition *definition,
                    const struct comparison *comparison, struct error *err)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct comparison_row *from = &comparison->rows[i];
        bool shown = from->rank > 0 && from->rank <= comparison->top;
        bool other_shown = from->previous_rank > 0 && from->previous_rank <= comparison->top;
        if (!shown && !other_shown)
            continue;
        GString *label = g_string_new(NULL);
        GString *change = g_string_new(NULL);
        int status = label_append(context, comparison->measure->by, from->key, label, err);
        phrase_append_change(context->wording, change, from->count, from->previous_count);
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
            .change = g_string_free(change, FALSE),
            .entered = shown && !other_shown,
            .left = other_shown && !shown,
        };
        g_array_append_val(rows, row);
        if (status != 0)
            return -1;
    }
    return 0;
}

static int add_table(GArray *rows, GPtrArray *notes, const struct context *context,
                     const struct table_definition *definition, struct error *err)
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
        status = add_rows(rows, context, definition, &comparison, err);
    else
        quality_add_comparability_note(notes, context, caption, comparison.comparability);
    comparison_release(&comparison);
    return status;
}

/* Outages of one of the two editions. */
static void add_outage_notes(GPtrArray *notes, const struct context *context, const struct summary *summary)
{
    GArray *outages = quality_outages(summary);
    GString *period = g_string_new(NULL);
    edition_period_append(&summary->edition, context->language, period);
    for (guint i = 0; i < outages->len; i++) {
        const struct quality_outage *outage = &g_array_index(outages, struct quality_outage, i);
        char *label = quality_outage_label(context, summary, outage);
        GString *range = g_string_new(NULL);
        phrase_append_range_short(context->wording, range, edition_day(&summary->edition, outage->first),
                                  edition_day(&summary->edition, outage->last));
        g_ptr_array_add(notes, wording_text(context->wording, "difference-sensor-down", "period", period->str,
                                            "label", label, "range", range->str, NULL));
        g_string_free(range, TRUE);
        g_free(label);
    }
    g_string_free(period, TRUE);
    g_array_unref(outages);
}

static const struct summary_registry *find_registry(const struct summary *summary, const char *name)
{
    for (guint i = 0; i < summary->registries->len; i++) {
        const struct summary_registry *registry = g_ptr_array_index(summary->registries, i);
        if (strcmp(registry->name, name) == 0)
            return registry;
    }
    return NULL;
}

static void add_registry_date_note(GPtrArray *notes, const struct context *context,
                                   const struct summary_registry *now, const struct summary_registry *other)
{
    char *name = quality_registry_name(now);
    char *absent = wording_text(context->wording, "absent", NULL);
    g_ptr_array_add(notes, wording_text(context->wording, "difference-registry", "registry", name, "date",
                                        *now->date != '\0' ? now->date : absent, "other-date",
                                        *other->date != '\0' ? other->date : absent, NULL));
    g_free(absent);
    g_free(name);
}

/* Registries that `have` used and `lack` did not. */
static void add_registry_set_notes(GPtrArray *notes, const struct context *context, const char *rule,
                                   const struct summary *have, const struct summary *lack)
{
    for (guint i = 0; i < have->registries->len; i++) {
        const struct summary_registry *registry = g_ptr_array_index(have->registries, i);
        if (find_registry(lack, registry->name) != NULL)
            continue;
        char *text = quality_registry_text(registry);
        g_ptr_array_add(notes, wording_text(context->wording, rule, "registry", text, NULL));
        g_free(text);
    }
}

static void add_registry_notes(GPtrArray *notes, const struct context *context)
{
    for (guint i = 0; i < context->current->registries->len; i++) {
        const struct summary_registry *now = g_ptr_array_index(context->current->registries, i);
        const struct summary_registry *other = find_registry(context->previous, now->name);
        if (other != NULL && strcmp(other->date, now->date) != 0)
            add_registry_date_note(notes, context, now, other);
    }
    add_registry_set_notes(notes, context, "difference-registry-added", context->current, context->previous);
    add_registry_set_notes(notes, context, "difference-registry-removed", context->previous,
                           context->current);
}

/* What was noted since the last call is of that kind. */
static void notes_are(GArray *kinds, const GPtrArray *notes, enum difference_kind kind)
{
    while (kinds->len < notes->len)
        g_array_append_val(kinds, kind);
}

bool difference_row_changed(const struct difference_row *row, double least)
{
    if (row->rank != row->other_rank)
        return true;
    if (row->count == row->other_count)
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
                                  const struct summary *other, const char *language, struct error *err)
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
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct difference_row));
    GPtrArray *notes = g_ptr_array_new();
    GArray *kinds = g_array_new(FALSE, FALSE, sizeof(enum difference_kind));
    int status = 0;
    for (size_t i = 0; i < publication->table_count && status == 0; i++) {
        status = add_table(rows, notes, &context, &publication->tables[i], err);
        if (status != 0)
            error_prefix(err, "difference: table %s", publication->tables[i].id);
    }
    notes_are(kinds, notes, DIFFERENCE_CONFIGURATION);
    quality_add_sensor_notes(notes, &context, other);
    if (strcmp(current->edition.name, other->edition.name) !=
        0) { /* an edition has its own outages in common with itself */
        add_outage_notes(notes, &context, current);
        add_outage_notes(notes, &context, other);
    }
    notes_are(kinds, notes, DIFFERENCE_COVERAGE);
    add_registry_notes(notes, &context);
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
    }
    g_free(difference->rows);
    for (size_t i = 0; i < difference->note_count; i++)
        g_free(difference->notes[i].text);
    g_free(difference->notes);
    g_free(difference);
}
