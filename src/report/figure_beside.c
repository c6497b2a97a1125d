/* figure_beside.c - values beside those of another period: dots of ranks, bars of months. */
#include <string.h>

#include "report/comparison.h"
#include "report/figure_making.h"
#include "report/label.h"
#include "report/period.h"
#include "report/phrase.h"

/* ---- dots ---- */

static void fill_dot(struct making *m, size_t index, const struct comparison_row *row, bool comparable)
{
    struct chart_series *series = &m->chart->series[index];
    series->values[0] = (double)row->count;
    series->observed[0] = true;
    if (!comparable)
        return;
    GString *change = g_string_new(NULL);
    phrase_append_change(m->context->wording, change, m->measure->count, row->count, row->previous_count);
    series->remark = g_string_free(change, FALSE);
    series->previous[0] = (double)row->previous_count;
    series->previous_observed[0] = true;
}

int making_dots(struct making *m)
{
    const struct context *context = m->context;
    struct comparison comparison;
    comparison_init(&comparison, m->measure, m->top, context->current, making_beside(m));
    making_columns_init(m->chart, 1);
    m->chart->columns[0] = g_strdup(m->chart->current_label);
    bool picks = context->request != NULL && context->request->keys != NULL;
    GPtrArray *known = g_ptr_array_new(), *shown = g_ptr_array_new();
    for (size_t i = 0; i < comparison.row_count; i++) {
        const struct comparison_row *row = &comparison.rows[i];
        g_ptr_array_add(known, (gpointer)(uintptr_t)row->key);
        if (picks ? making_wants(m, row->key) : i < comparison.shown_count)
            g_ptr_array_add(shown, (gpointer)(uintptr_t)row);
    }
    int status = making_check_keys(m, known);
    bool comparable = comparison.comparability == COMPARABLE;
    if (status == 0) {
        making_series_allocate(m, shown->len);
        if (comparable)
            making_previous_allocate(m->chart, 1);
    }
    for (guint i = 0; i < shown->len && status == 0; i++) {
        const struct comparison_row *row = shown->pdata[i];
        status = making_series_name(m, i, row->key);
        fill_dot(m, i, row, comparable);
    }
    g_ptr_array_unref(shown);
    g_ptr_array_unref(known);
    comparison_release(&comparison);
    g_free(m->chart->unit);
    m->chart->unit = context_count_text(context, "heading", m->measure->count);
    return status;
}

/* ---- months ---- */

/* The months shown, of the summary's. */
struct months {
    int first, count;
};

/* Whole months only: half a month beside a whole one would not be compared. */
static int months_read(const struct making *m, struct months *months)
{
    const struct edition *edition = &m->context->current->edition;
    const struct figure_request *request = m->context->request;
    struct civil_date first = edition->first, last = edition->last;
    if (request != NULL && request->first.year != 0)
        first = request->first;
    if (request != NULL && request->last.year != 0)
        last = request->last;
    months->first = (first.year - edition->first.year) * 12 + first.month - edition->first.month;
    months->count = (last.year - first.year) * 12 + last.month - first.month + 1;
    if (first.day != 1 || last.day != civil_date_days_in_month(last.year, last.month))
        return error_set(
            m->err, ERROR_USAGE,
            "--from and --to: parts of months, expected the first day of a month and the last one of "
            "that or another, as this figure shows months");
    if (edition_day_index(edition, first) < 0 || edition_day_index(edition, last) < 0)
        return error_set(m->err, ERROR_USAGE, "--from and --to: months outside %s, expected months of it",
                         edition->name);
    return 0;
}

/* Whether the series counts what this sensor saw. */
static bool sensor_is_meant(const struct measure_counts *measure, const struct summary_sensor *sensor,
                            char *const *keys, bool negated)
{
    return keys == NULL || summary_sensor_serves_keys(sensor, measure->by, keys, negated);
}

struct month_series {
    char *const *keys;
    bool negated;
};

/* Packets per sensor that delivered, and day, of each of the months. */
static void fill_months(const struct summary *summary, const struct measure_counts *measure,
                        const struct month_series *definition, const struct months *months, double *values,
                        bool *observed)
{
    int day_count = summary->edition.day_count;
    uint64_t *daily = g_new0(uint64_t, (size_t)day_count), total;
    uint64_t *packets = g_new0(uint64_t, (size_t)months->count);
    uint64_t *sensor_days = g_new0(uint64_t, (size_t)months->count);
    summary_united(summary, measure, definition->keys, definition->negated, daily, &total);
    struct civil_date first = summary->edition.first;
    for (int day = 0; day < day_count; day++) {
        struct civil_date date = edition_day(&summary->edition, day);
        int month = (date.year - first.year) * 12 + date.month - first.month - months->first;
        if (month < 0 || month >= months->count)
            continue;
        packets[month] += daily[day];
        for (size_t i = 0; i < summary->sensor_count; i++)
            sensor_days[month] +=
                measure->sensors[i] &&
                sensor_is_meant(measure, &summary->sensors[i], definition->keys, definition->negated) &&
                summary->sensors[i].active[day] && summary->sensors[i].packets[day] > 0;
    }
    for (int month = 0; month < months->count; month++) {
        observed[month] = sensor_days[month] > 0;
        values[month] = observed[month] ? (double)packets[month] / (double)sensor_days[month] : 0;
    }
    g_free(daily);
    g_free(packets);
    g_free(sensor_days);
}

static char *month_name(const struct making *m, int month)
{
    char *rule = g_strdup_printf("month-%d", month);
    char *number = wording_text(m->context->wording, rule, NULL);
    char *name = wording_text(m->context->wording, "month", "month", number, NULL);
    g_free(number);
    g_free(rule);
    return name;
}

static void fill_bar_series(struct making *m, const struct months *months, size_t index,
                            const struct month_series *definition, const char *key)
{
    enum comparability comparability;
    const struct summary *year_before = m->context->year_before;
    const struct measure_counts *before = comparison_previous(m->measure, year_before, &comparability);
    struct chart_series *series = &m->chart->series[index];
    g_ptr_array_add(m->keys, g_strdup(key));
    fill_months(m->context->current, m->measure, definition, months, series->values, series->observed);
    if (before != NULL)
        fill_months(year_before, before, definition, months, series->previous, series->previous_observed);
}

/* The series that the publication lists, or else the first keys. */
static int fill_listed(struct making *m, const struct months *months)
{
    const struct figure_definition *definition = m->definition;
    GPtrArray *known = g_ptr_array_new();
    size_t shown = 0;
    for (size_t i = 0; i < definition->series_count; i++) {
        const char *label =
            context_localized(m->context, &definition->series[i].label, definition->line, "label", m->err);
        if (label == NULL) {
            g_ptr_array_unref(known);
            return -1;
        }
        g_ptr_array_add(known, (gpointer)(uintptr_t)label);
    }
    int status = making_check_keys(m, known);
    for (size_t i = 0; i < definition->series_count && status == 0; i++) {
        const char *label = known->pdata[i];
        struct month_series series = {definition->series[i].keys, definition->series[i].negated};
        if (!making_wants(m, label))
            continue;
        m->chart->series[shown].label = g_strdup(label);
        m->chart->series[shown].detail = g_strdup("");
        fill_bar_series(m, months, shown++, &series, label);
    }
    making_series_trim(m->chart, shown);
    g_ptr_array_unref(known);
    return status;
}

static int fill_ranked(struct making *m, const struct months *months, const struct ranking *ranking,
                       size_t limit)
{
    GPtrArray *known = g_ptr_array_new();
    size_t shown = 0;
    for (size_t i = 0; i < ranking->entry_count; i++)
        g_ptr_array_add(known, (gpointer)(uintptr_t)ranking->entries[i].key);
    int status = making_check_keys(m, known);
    for (size_t i = 0; i < ranking->entry_count && shown < limit && status == 0; i++) {
        char *key = known->pdata[i];
        char *keys[] = {key, NULL};
        struct month_series series = {keys, false};
        if (!making_wants(m, key))
            continue;
        status = label_split(m->context, m->measure->by, key, &m->chart->series[shown].label,
                             &m->chart->series[shown].detail, m->err);
        if (status == 0)
            fill_bar_series(m, months, shown++, &series, key);
    }
    making_series_trim(m->chart, shown);
    g_ptr_array_unref(known);
    return status;
}

/* Periods of the months shown. */
static void fill_month_labels(struct making *m, const struct months *months)
{
    const struct wording *wording = m->context->wording;
    const struct edition *edition = &m->context->current->edition;
    int month = edition->first.month - 1 + months->first, last_month = month + months->count - 1;
    struct civil_date first = {edition->first.year + month / 12, month % 12 + 1, 1};
    struct civil_date last = {edition->first.year + last_month / 12, last_month % 12 + 1, 1};
    for (int year_before = 0; year_before < 2; year_before++) {
        first.year -= year_before;
        last.year -= year_before;
        last.day = civil_date_days_in_month(last.year, last.month);
        char *period = period_text(m->context, first, last);
        if (year_before) {
            g_free(m->chart->previous_label);
            m->chart->previous_label = wording_text(wording, "year-before-label", "period", period, NULL);
            g_free(period);
        } else {
            g_free(m->chart->subtitle);
            m->chart->subtitle =
                wording_text(wording, "subtitle", "caption", m->caption, "period", period, NULL);
            g_free(m->chart->current_label);
            m->chart->current_label = period;
        }
    }
}

/* How many series there are room for: those picked, or else the first of the ranking. */
static int bars_limit(const struct making *m, size_t *limit)
{
    enum { PANELS_MAXIMUM = 8 };
    *limit = (size_t)MIN(m->top, (int)PANELS_MAXIMUM);
    if (!making_picks(m))
        return 0;
    *limit = g_strv_length((char **)(uintptr_t)m->context->request->keys);
    if (*limit > PANELS_MAXIMUM)
        return error_set(m->err, ERROR_USAGE, "--series: %zu keys, expected at most %d", *limit,
                         PANELS_MAXIMUM);
    return 0;
}

int making_bars(struct making *m)
{
    const struct context *context = m->context;
    struct months months;
    enum comparability comparability;
    size_t limit;
    if (months_read(m, &months) != 0 || bars_limit(m, &limit) != 0)
        return -1;
    bool before = comparison_previous(m->measure, context->year_before, &comparability) != NULL;
    int first_month = context->current->edition.first.month - 1 + months.first;
    making_columns_init(m->chart, months.count);
    for (int month = 0; month < months.count; month++)
        m->chart->columns[month] = month_name(m, (first_month + month) % 12 + 1);
    bool listed = m->definition->series_count > 0;
    making_series_allocate(m, listed ? m->definition->series_count : limit);
    if (before)
        making_previous_allocate(m->chart, months.count);
    int status;
    if (listed) {
        status = fill_listed(m, &months);
    } else {
        struct ranking ranking;
        ranking_init(&ranking, context->current, m->measure);
        status = fill_ranked(m, &months, &ranking, limit);
        ranking_release(&ranking);
    }
    fill_month_labels(m, &months);
    g_free(m->chart->unit);
    m->chart->unit = context_count_text(context, "unit-per-sensor", m->measure->count);
    return status;
}
