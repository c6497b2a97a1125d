#include "report/figure_kind.h"

#include <string.h>

#include "base/csv_table.h"
#include "base/number.h"
#include "report/figure.h"
#include "report/figure_caption.h"
#include "report/figure_making.h"
#include "report/label.h"
#include "report/period.h"
#include "report/phrase.h"
#include "report/series.h"

bool figure_kind_is_special(enum figure_kind kind)
{
    return kind == FIGURE_MONTHLY_BARS || kind == FIGURE_RANK_FLOW || kind == FIGURE_AVAILABILITY ||
           kind == FIGURE_DOT_PLOT;
}

/* ---- for the makers ---- */

void making_columns_init(struct chart_spec *chart, int count)
{
    chart->day_count = count;
    chart->columns = g_new0(char *, (size_t)count);
}

void making_series_allocate(struct making *m, size_t count)
{
    m->chart->series = g_new0(struct chart_series, MAX(count, 1));
    m->chart->series_count = count;
    for (size_t i = 0; i < count; i++) {
        m->chart->series[i].values = g_new0(double, (size_t)m->chart->day_count);
        m->chart->series[i].observed = g_new0(bool, (size_t)m->chart->day_count);
    }
}

void making_previous_allocate(struct chart_spec *chart, int count)
{
    chart->previous_day_count = count;
    for (size_t i = 0; i < chart->series_count; i++) {
        chart->series[i].previous = g_new0(double, (size_t)count);
        chart->series[i].previous_observed = g_new0(bool, (size_t)count);
    }
}

void making_series_trim(struct chart_spec *chart, size_t shown)
{
    for (size_t i = shown; i < chart->series_count; i++) {
        struct chart_series *series = &chart->series[i];
        g_clear_pointer(&series->label, g_free);
        g_clear_pointer(&series->detail, g_free);
        g_clear_pointer(&series->values, g_free);
        g_clear_pointer(&series->observed, g_free);
        g_clear_pointer(&series->previous, g_free);
        g_clear_pointer(&series->previous_observed, g_free);
    }
    chart->series_count = shown;
}

int making_series_name(struct making *m, size_t index, const char *key)
{
    g_ptr_array_add(m->keys, g_strdup(key));
    return label_split(m->context, m->measure->by, key, &m->chart->series[index].label,
                       &m->chart->series[index].detail, m->err);
}

bool making_picks(const struct making *m)
{
    return m->context->request != NULL && m->context->request->keys != NULL;
}

bool making_wants(const struct making *m, const char *key)
{
    return !making_picks(m) || g_strv_contains((const char *const *)m->context->request->keys, key);
}

int making_check_keys(const struct making *m, const GPtrArray *known)
{
    enum { KEYS_LISTED = 20 };
    const struct figure_request *request = m->context->request;
    for (char *const *key = request != NULL ? request->keys : NULL; key != NULL && *key != NULL; key++) {
        bool found = false;
        for (guint i = 0; i < known->len; i++)
            found |= strcmp(known->pdata[i], *key) == 0;
        if (found)
            continue;
        GString *list = g_string_new(NULL);
        for (guint i = 0; i < known->len && i < KEYS_LISTED; i++)
            g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", (const char *)known->pdata[i]);
        if (known->len > KEYS_LISTED)
            g_string_append(list, ", ...");
        error_set(m->err, ERROR_USAGE, "--series %s: no such series, expected one of: %s", *key, list->str);
        g_string_free(list, TRUE);
        return -1;
    }
    return 0;
}

const struct summary *making_beside(const struct making *m)
{
    return m->definition->against == AGAINST_YEAR_BEFORE ? m->context->year_before : m->context->previous;
}

/* ---- in words and as data ---- */

static void append_value(GString *out, const struct making *m, const struct chart_series *series, int column)
{
    if (!series->observed[column])
        g_string_append(out, m->chart->kind == CHART_RANK_FLOW ? "-" : m->chart->missing_label);
    else if (m->chart->kind == CHART_MONTHLY_BARS)
        phrase_append_decimal(out, series->values[column]);
    else
        number_append_thousands(out, (uint64_t)series->values[column]);
}

/* "23/TCP：4月 1,234、5月 1,300。"; with the remark at the end. */
static void describe_series(GString *out, const struct making *m, const struct chart_series *series)
{
    const struct wording *wording = m->context->wording;
    GString *values = g_string_new(NULL);
    for (int column = 0; m->chart->columns != NULL && column < m->chart->day_count; column++) {
        if (column > 0)
            wording_append(wording, values, "list-separator", NULL);
        g_string_append_printf(values, "%s ", m->chart->columns[column]);
        append_value(values, m, series, column);
    }
    if (series->remark != NULL)
        g_string_append_printf(values, "%s%s", values->len > 0 ? " " : "", series->remark);
    char *label = *series->detail == '\0' ? g_strdup(series->label)
                                          : wording_text(wording, "label-detail", "label", series->label,
                                                         "detail", series->detail, NULL);
    wording_append(wording, out, "alt-row", "label", label, "values", values->str, NULL);
    g_free(label);
    g_string_free(values, TRUE);
}

static char *describe(const struct making *m)
{
    static const char *const rules[CHART_KIND_COUNT] = {
        [CHART_MONTHLY_BARS] = "alt-monthly-bars",
        [CHART_RANK_FLOW] = "alt-rank-flow",
        [CHART_AVAILABILITY] = "alt-availability",
        [CHART_DOT_PLOT] = "alt-dot-plot",
    };
    const struct chart_spec *chart = m->chart;
    bool beside = chart->kind == CHART_MONTHLY_BARS || chart->kind == CHART_DOT_PLOT;
    bool alone = beside && (chart->series_count == 0 || chart->series[0].previous == NULL);
    GString *out = g_string_new(NULL);
    char *rule = g_strdup_printf("%s%s", rules[chart->kind], alone ? "-alone" : "");
    char *period = chart->kind == CHART_AVAILABILITY
                       ? period_text(m->context, chart->first_day,
                                     civil_date_add_days(chart->first_day, chart->day_count - 1))
                   : chart->kind == CHART_MONTHLY_BARS
                       ? g_strdup(chart->current_label)
                       : period_of_edition(m->context, &m->context->current->edition);
    wording_append(m->context->wording, out, rule, "caption", m->caption, "period", period, "beside",
                   chart->previous_label, "unit", chart->unit, NULL);
    g_free(period);
    g_free(rule);
    for (size_t i = 0; i < chart->series_count; i++)
        describe_series(out, m, &chart->series[i]);
    return g_strchomp(g_string_free(out, FALSE));
}

/* One row a day or column, one column a series; "previous" rows where there are such values. */
static char *csv_of(const struct making *m)
{
    const struct chart_spec *chart = m->chart;
    GString *out = g_string_new(NULL);
    bool before = chart->series_count > 0 && chart->series[0].previous != NULL;
    GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
    for (int row = -1; row < chart->day_count * (before ? 2 : 1); row++) {
        int column = row < 0 ? 0 : row % chart->day_count;
        bool previous = row >= chart->day_count;
        char date[CIVIL_DATE_SIZE];
        g_ptr_array_set_size(fields, 0);
        g_ptr_array_add(fields,
                        row < 0 ? g_strdup(chart->columns == NULL ? "date" : "column")
                        : chart->columns == NULL
                            ? g_strdup(civil_date_format(civil_date_add_days(chart->first_day, column), date))
                            : g_strdup_printf("%s%s", chart->columns[column], previous ? " (previous)" : ""));
        for (size_t i = 0; i < chart->series_count; i++) {
            const struct chart_series *series = &chart->series[i];
            const bool *observed = previous ? series->previous_observed : series->observed;
            const double *values = previous ? series->previous : series->values;
            char number[G_ASCII_DTOSTR_BUF_SIZE];
            g_ptr_array_add(
                fields, row < 0 ? g_strdup(m->keys->pdata[i])
                        : observed[column]
                            ? g_strdup(g_ascii_formatd(number, sizeof number,
                                                       chart->kind == CHART_MONTHLY_BARS ? "%.3f" : "%.0f",
                                                       values[column]))
                            : g_strdup(""));
        }
        csv_row_append(out, fields->len, (const char *const *)fields->pdata);
    }
    g_ptr_array_unref(fields);
    return g_string_free(out, FALSE);
}

/* ---- the whole ---- */

static void fill_texts(struct making *m, const char *publisher)
{
    const struct context *context = m->context;
    struct chart_spec *chart = m->chart;
    const struct edition *edition = &context->current->edition;
    struct edition beside = m->definition->against == AGAINST_YEAR_BEFORE ? edition_year_before(edition)
                                                                          : edition_previous(edition);
    char *period = period_of_edition(context, edition);
    char *beside_period = period_of_edition(context, &beside);
    chart->language = g_strdup(context->language);
    chart->identifier = figure_identifier(m->definition->id);
    chart->subtitle =
        wording_text(context->wording, "subtitle", "caption", m->caption, "period", period, NULL);
    chart->unit = context_count_text(context, "unit", m->measure->count);
    chart->source_note = wording_text(context->wording, "source-note", "publisher", publisher, NULL);
    chart->missing_label = wording_text(context->wording, "missing", NULL);
    chart->day_off_label = g_strdup("");
    chart->current_label = g_strdup(period);
    chart->previous_label = period_beside_label(context, edition, m->definition->against, beside_period);
    chart->first_day = edition->first;
    chart->previous_first_day = beside.first;
    g_free(beside_period);
    g_free(period);
}

static int check_request(const struct context *context, enum figure_kind kind, struct error *err)
{
    const struct figure_request *request = context->request;
    bool has_days = request != NULL && (request->first.year != 0 || request->last.year != 0);
    if (has_days && (kind == FIGURE_RANK_FLOW || kind == FIGURE_DOT_PLOT))
        return error_set(
            err, ERROR_USAGE,
            "--from and --to: not options of the kind %s, which shows whole quarters, expected a "
            "figure of days or months",
            figure_kind_name(kind));
    return 0;
}

static int make(struct making *m)
{
    switch (m->definition->kind) {
    case FIGURE_MONTHLY_BARS:
        m->chart->kind = CHART_MONTHLY_BARS;
        return making_bars(m);
    case FIGURE_RANK_FLOW:
        m->chart->kind = CHART_RANK_FLOW;
        return making_rank_flow(m);
    case FIGURE_AVAILABILITY:
        m->chart->kind = CHART_AVAILABILITY;
        return making_availability(m);
    case FIGURE_DOT_PLOT:
        m->chart->kind = CHART_DOT_PLOT;
        return making_dots(m);
    case FIGURE_DAILY_LINES:
    case FIGURE_SMALL_MULTIPLES:
    case FIGURE_HEAT_MAP:
    case FIGURE_SHARES:
        break;
    }
    g_assert_not_reached();
}

int figure_kind_fill(struct model_figure *figure, const struct context *context,
                     const struct figure_definition *definition, struct error *err)
{
    const char *publisher = context_localized(context, &context->publication->publisher, 1, "publisher", err);
    const char *headline = context_localized_optional(context, &definition->headline);
    struct making m = {
        .chart = &figure->chart, .context = context, .definition = definition, .top = 10, .err = err};
    if (publisher == NULL || check_request(context, definition->kind, err) != 0)
        return -1;
    m.measure = context_measure(context, definition->measure, err);
    if (m.measure == NULL)
        return -1;
    figure->caption = figure_caption(context, definition, m.measure, err);
    if (figure->caption == NULL)
        return -1;
    if (definition->table != NULL)
        m.top = publication_table(context->publication, definition->table)->top;
    else if (definition->top > 0)
        m.top = definition->top;
    m.caption = figure->caption;
    m.keys = g_ptr_array_new_with_free_func(g_free);
    figure->id = g_strdup(definition->id);
    fill_texts(&m, publisher);
    int status = make(&m);
    if (status == 0) {
        m.chart->headline = headline != NULL ? g_strdup(headline) : making_headline(&m);
        m.chart->description = describe(&m);
        figure->csv = csv_of(&m);
    }
    g_ptr_array_unref(m.keys);
    return status;
}
