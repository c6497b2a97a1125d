#include "report/series.h"

#include <string.h>

#include "report/availability.h"
#include "report/comparison.h"
#include "report/label.h"
#include "report/phrase.h"
#include "report/ranking.h"

static char *thing_text(const struct context *context, const struct measure_counts *measure)
{
    return context_count_text(context, "thing", measure->count);
}

static char *subject_text(const struct context *context, const struct measure_counts *measure,
                          const char *rule, const char *label)
{
    char *thing = thing_text(context, measure);
    char *subject = wording_text(context->wording, rule, "label", label, "thing", thing, NULL);
    g_free(thing);
    return subject;
}

/* Which days count for a series of these keys. Shares are parts of one whole: a part that is not observed
 * leaves the others standing. */
static void series_observe(struct series *series, const struct series_set *set, const struct context *context,
                           char *const *keys, bool negated)
{
    series->observed = g_memdup2(set->observed, (gsize)set->day_count * sizeof *set->observed);
    if (!set->is_stacked)
        summary_observed_keys(context->current, set->measure, keys, negated, series->observed);
    series->exposure = availability_exposure(context->current, set->measure, keys, negated);
    if (set->previous == NULL)
        return;
    series->previous_observed =
        g_memdup2(set->previous_observed, (gsize)set->previous_day_count * sizeof *set->previous_observed);
    if (!set->is_stacked)
        summary_observed_keys(set->beside, set->previous, keys, negated, series->previous_observed);
}

static int series_from_key(struct series *series, const struct series_set *set, const struct context *context,
                           const char *key, struct error *err)
{
    enum measure_by by = set->measure->by;
    GString *prose = g_string_new(NULL);
    series->key = g_strdup(key);
    int status = label_split(context, by, key, &series->label, &series->detail, err);
    if (status == 0)
        status = label_append_prose(context, by, key, prose, err);
    if (status == 0) {
        char *rule = context_rule("subject", by);
        series->subject = subject_text(context, set->measure, rule, prose->str);
        g_free(rule);
        series->name = g_strdup(prose->str);
        char *keys[] = {series->key, NULL};
        series_observe(series, set, context, keys, false);
        series->daily = g_new0(uint64_t, (size_t)set->day_count);
        const struct summary_row *row = measure_counts_row(set->measure, key);
        if (row != NULL) {
            summary_row_daily(context->current, set->measure, row, series->daily);
            series->total = row->total;
        }
        if (set->previous != NULL) {
            series->previous = g_new0(uint64_t, (size_t)set->previous_day_count);
            row = measure_counts_row(set->previous, key);
            if (row != NULL)
                summary_row_daily(set->beside, set->previous, row, series->previous);
        }
    }
    g_string_free(prose, TRUE);
    return status;
}

static int series_from_definition(struct series *series, const struct series_set *set,
                                  const struct context *context, const struct series_definition *definition,
                                  int line, struct error *err)
{
    static char *const no_keys[] = {NULL};
    char *const *keys = definition->keys == NULL ? no_keys : definition->keys;
    const char *label = context_localized(context, &definition->label, line, "label", err);
    if (label == NULL)
        return -1;
    GString *key = g_string_new(definition->negated ? "not " : "");
    for (size_t i = 0; keys[i] != NULL; i++)
        g_string_append_printf(key, "%s%s", i > 0 ? "+" : "", keys[i]);
    series->key = g_string_free(key, FALSE);
    series->label = g_strdup(label);
    series->detail = g_strdup("");
    series->name = g_strdup(label);
    series->subject = subject_text(context, set->measure, "subject-series", label);
    series->is_not_mirai = set->measure->by == BY_TOOL && definition->negated && keys[0] != NULL &&
                           keys[1] == NULL && strcmp(keys[0], tool_name(TOOL_MIRAI)) == 0;
    series_observe(series, set, context, keys, definition->negated);
    series->daily = g_new0(uint64_t, (size_t)set->day_count);
    summary_united(context->current, set->measure, keys, definition->negated, series->daily, &series->total);
    if (set->previous != NULL) {
        uint64_t total;
        series->previous = g_new0(uint64_t, (size_t)set->previous_day_count);
        summary_united(set->beside, set->previous, keys, definition->negated, series->previous, &total);
    }
    return 0;
}

/* ---- what a request leaves of a figure ---- */

static int day_check(const struct context *context, struct civil_date date, const char *option, int *day,
                     struct error *err)
{
    const struct edition *edition = &context->current->edition;
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE], text[CIVIL_DATE_SIZE];
    if (date.year == 0)
        return 0;
    *day = edition_day_index(edition, date);
    if (*day < 0)
        return error_set(err, ERROR_USAGE, "--%s %s: not a day of %s, expected one from %s to %s", option,
                         civil_date_format(date, text), edition->name,
                         civil_date_format(edition->first, first), civil_date_format(edition->last, last));
    return 0;
}

static void flags_cut(bool *flags, int offset, int *day_count, int count)
{
    *day_count = CLAMP(*day_count - offset, 0, count);
    memmove(flags, flags + offset, (size_t)*day_count * sizeof *flags);
}

static void series_cut(struct series *series, int offset, int day_count)
{
    memmove(series->daily, series->daily + offset, (size_t)day_count * sizeof *series->daily);
    memmove(series->observed, series->observed + offset, (size_t)day_count * sizeof *series->observed);
    memmove(series->exposure, series->exposure + offset, (size_t)day_count * sizeof *series->exposure);
    series->total = 0;
    for (int day = 0; day < day_count; day++)
        series->total += series->daily[day];
}

static void series_previous_cut(struct series *series, int offset, int day_count)
{
    memmove(series->previous, series->previous + offset, (size_t)day_count * sizeof *series->previous);
    memmove(series->previous_observed, series->previous_observed + offset,
            (size_t)day_count * sizeof *series->previous_observed);
}

int series_days(const struct context *context, int *offset, int *day_count, struct error *err)
{
    int first = 0, last = context->current->edition.day_count - 1;
    if (context->request != NULL && (day_check(context, context->request->first, "from", &first, err) != 0 ||
                                     day_check(context, context->request->last, "to", &last, err) != 0))
        return -1;
    *offset = first;
    *day_count = last - first + 1;
    return 0;
}

/* Leaves the days that the request names. */
static int set_cut(struct series_set *set, const struct context *context, struct error *err)
{
    int first, count;
    if (series_days(context, &first, &count, err) != 0)
        return -1;
    int last = first + count - 1;
    set->offset = first;
    set->is_part = set->is_part || first > 0 || last + 1 < set->day_count;
    flags_cut(set->observed, first, &set->day_count, last - first + 1);
    if (set->previous != NULL)
        flags_cut(set->previous_observed, MIN(first, set->previous_day_count), &set->previous_day_count,
                  last - first + 1);
    for (size_t i = 0; set->is_part && i < set->series_count; i++) {
        struct series *series = &set->series[i];
        series_cut(series, first, set->day_count);
        if (series->previous != NULL)
            series_previous_cut(series, first, set->previous_day_count);
    }
    return 0;
}

static void series_release(struct series *series)
{
    g_free(series->key);
    g_free(series->label);
    g_free(series->detail);
    g_free(series->name);
    g_free(series->subject);
    g_free(series->daily);
    g_free(series->previous);
    g_free(series->observed);
    g_free(series->exposure);
    g_free(series->previous_observed);
    event_list_release(&series->events);
}

/* Leaves the series that the request names, in its order. One of a ranked figure may lie beyond those shown.
 */
static int set_pick(struct series_set *set, const struct context *context, struct error *err)
{
    char *const *keys = context->request->keys;
    size_t count = g_strv_length((char **)(uintptr_t)keys), picked = 0;
    if (count > SERIES_DRAWN_MAXIMUM)
        return error_set(err, ERROR_USAGE, "--series: %zu keys, expected at most %d", count,
                         (int)SERIES_DRAWN_MAXIMUM);
    struct series *chosen = g_new0(struct series, count + 1);
    GString *known = g_string_new(NULL);
    int status = 0;
    for (size_t i = 0; i < set->series_count; i++)
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", set->series[i].key);
    for (size_t i = 0; i < count && status == 0; i++) {
        size_t found = 0;
        while (found < set->series_count && g_strcmp0(set->series[found].key, keys[i]) != 0)
            found++;
        bool twice = false;
        for (size_t j = 0; j < picked; j++)
            twice |= g_strcmp0(chosen[j].key, keys[i]) == 0;
        if (twice) {
            status = error_set(err, ERROR_USAGE, "--series %s: given twice, expected it once", keys[i]);
        } else if (found < set->series_count) {
            chosen[picked++] = set->series[found];
            set->series[found] = (struct series){0};
        } else if (set->is_ranked && measure_counts_row(set->measure, keys[i]) != NULL) {
            status = series_from_key(&chosen[picked++], set, context, keys[i], err);
        } else {
            status = error_set(err, ERROR_USAGE, "--series %s: no such series, expected one of: %s", keys[i],
                               known->str);
        }
    }
    for (size_t i = 0; i < set->series_count; i++)
        series_release(&set->series[i]);
    g_free(set->series);
    set->series = chosen;
    set->series_count = picked;
    set->is_part = true;
    g_string_free(known, TRUE);
    return status;
}

/* Everything that no series holds, so that all add up to the measure. */
static int rest_add(struct series_set *set, const struct context *context, struct error *err)
{
    char *none[] = {NULL};
    struct series *rest = &set->series[set->series_count++];
    rest->key = g_strdup("rest");
    rest->label = wording_text(context->wording, "rest", NULL);
    rest->detail = g_strdup("");
    rest->name = g_strdup(rest->label);
    rest->subject = subject_text(context, set->measure, "subject-series", rest->label);
    rest->is_rest = true;
    series_observe(rest, set, context, none, true);
    rest->daily = g_new0(uint64_t, (size_t)set->day_count);
    summary_united(context->current, set->measure, none, true, rest->daily, &rest->total);
    for (size_t i = 0; i + 1 < set->series_count; i++) {
        for (int day = 0; day < set->day_count; day++) {
            if (set->series[i].daily[day] > rest->daily[day])
                return error_set(err, ERROR_INPUT, "series %s holds keys of another one, expected parts",
                                 set->series[i].label);
            rest->daily[day] -= set->series[i].daily[day];
        }
        rest->total -= set->series[i].total;
    }
    if (rest->total == 0 && set->is_ranked) { /* all keys are shown */
        series_release(rest);
        *rest = (struct series){.key = NULL};
        set->series_count--;
        return 0;
    }
    if (set->previous != NULL)
        rest->previous = g_new0(uint64_t, (size_t)set->previous_day_count);
    return 0;
}

int series_set_init(struct series_set *set, const struct context *context,
                    const struct figure_definition *definition, const struct model_table *table,
                    struct error *err)
{
    memset(set, 0, sizeof *set);
    const char *measure_id = definition->measure;
    if (measure_id == NULL && definition->table != NULL)
        measure_id = publication_table(context->publication, definition->table)->measure;
    set->measure = context_measure(context, measure_id, err);
    if (set->measure == NULL)
        return -1;
    enum comparability comparability;
    set->beside = definition->against == AGAINST_YEAR_BEFORE ? context->year_before : context->previous;
    if (definition->kind == FIGURE_SMALL_MULTIPLES) /* nobody else shows it */
        set->previous = comparison_previous(set->measure, set->beside, &comparability);
    set->is_stacked = definition->kind == FIGURE_SHARES;
    set->day_count = context->current->edition.day_count;
    set->observed = g_new0(bool, (size_t)set->day_count);
    summary_observed(context->current, set->measure, set->observed);
    if (set->previous != NULL) {
        set->previous_day_count = set->beside->edition.day_count;
        set->previous_observed = g_new0(bool, (size_t)set->previous_day_count);
        summary_observed(set->beside, set->previous, set->previous_observed);
    }
    /* Ties and long tables: a reader tells no more lines apart than that. */
    bool by_top = table == NULL && definition->series_count == 0;
    size_t most = definition->kind == FIGURE_HEAT_MAP ? 100
                  : definition->kind == FIGURE_SHARES ? SERIES_DRAWN_MAXIMUM - 1
                                                      : SERIES_DRAWN_MAXIMUM;
    struct ranking ranking = {0};
    if (by_top)
        ranking_init_top(&ranking, set->measure, (size_t)MAX(definition->top, 1));
    set->series_count = table != NULL ? table->row_count
                        : by_top      ? MIN(ranking.entry_count, (size_t)definition->top)
                                      : definition->series_count;
    if (table != NULL || by_top) {
        set->left_out = set->series_count - MIN(set->series_count, most);
        set->series_count -= set->left_out;
    }
    set->is_ranked = table != NULL || by_top;
    set->series = g_new0(struct series, set->series_count + 1); /* and the rest of shares */
    for (size_t i = 0; i < set->series_count; i++) {
        struct series *series = &set->series[i];
        int status = table != NULL ? series_from_key(series, set, context, table->rows[i].key, err)
                     : by_top      ? series_from_key(series, set, context, ranking.entries[i].key, err)
                                   : series_from_definition(series, set, context, &definition->series[i],
                                                            definition->line, err);
        if (status != 0) {
            ranking_release(&ranking);
            series_set_release(set);
            return -1;
        }
    }
    ranking_release(&ranking);
    if (definition->kind == FIGURE_SHARES && rest_add(set, context, err) != 0) {
        series_set_release(set);
        return -1;
    }
    if (context->request != NULL && context->request->keys != NULL && set_pick(set, context, err) != 0) {
        series_set_release(set);
        return -1;
    }
    if (context->request != NULL && set_cut(set, context, err) != 0) {
        series_set_release(set);
        return -1;
    }
    for (size_t i = 0; i < set->series_count; i++) {
        struct series *series = &set->series[i];
        event_list_init(&series->events, series->daily, series->observed, set->day_count);
        event_list_confirm(&series->events, series->daily, series->observed, series->exposure,
                           set->day_count);
    }
    return 0;
}

void series_set_release(struct series_set *set)
{
    for (size_t i = 0; i < set->series_count; i++)
        series_release(&set->series[i]);
    g_free(set->series);
    g_free(set->observed);
    g_free(set->previous_observed);
    memset(set, 0, sizeof *set);
}

/* Sensors are named one by one: センサー「東日本1」と「西日本1」で. */
static char *sensors_subject(const struct series_set *set, const struct context *context,
                             const GPtrArray *names)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(g_free);
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++)
        g_ptr_array_add(items, wording_text(context->wording, "sensor-item", "label", names->pdata[i], NULL));
    phrase_append_list(context->wording, list, items);
    char *thing = thing_text(context, set->measure);
    char *subject =
        wording_text(context->wording, "subject-sensors", "labels", list->str, "thing", thing, NULL);
    g_free(thing);
    g_string_free(list, TRUE);
    g_ptr_array_unref(items);
    return subject;
}

char *series_set_subject(const struct series_set *set, const struct context *context, const GArray *indices)
{
    GPtrArray *texts = g_ptr_array_new();
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < indices->len; i++) {
        const struct series *series = &set->series[g_array_index(indices, guint, i)];
        g_ptr_array_add(texts, set->is_ranked ? series->name : series->subject);
    }
    phrase_append_list(context->wording, list, texts);
    char *subject;
    if (set->is_ranked && set->measure->by == BY_SENSOR && texts->len > 1) {
        subject = sensors_subject(set, context, texts);
    } else if (set->is_ranked) {
        char *rule = context_rule("subject", set->measure->by);
        subject = subject_text(context, set->measure, rule, list->str);
        g_free(rule);
    } else {
        subject = g_strdup(list->str);
    }
    g_string_free(list, TRUE);
    g_ptr_array_unref(texts);
    return subject;
}

struct civil_date series_set_date(const struct series_set *set, const struct context *context, int day)
{
    return edition_day(&context->current->edition, set->offset + day);
}

bool series_set_is_observed(const struct series_set *set)
{
    for (int day = 0; day < set->day_count; day++)
        if (set->observed[day])
            return true;
    return false;
}
