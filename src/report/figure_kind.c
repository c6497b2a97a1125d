#include "report/figure_kind.h"

#include <inttypes.h>
#include <string.h>

#include "base/csv_table.h"
#include "base/number.h"
#include "report/availability.h"
#include "report/comparison.h"
#include "report/figure.h"
#include "report/label.h"
#include "report/phrase.h"
#include "report/ranking.h"

bool figure_kind_is_special(enum figure_kind kind)
{
    return kind == FIGURE_MONTHLY_BARS || kind == FIGURE_RANK_FLOW || kind == FIGURE_AVAILABILITY ||
           kind == FIGURE_DOT_PLOT;
}

/* What the four have in common while they are made. */
struct making {
    struct chart_spec *chart;
    const struct context *context;
    const struct figure_definition *definition;
    const struct measure_counts *measure;
    GPtrArray *keys; /* for programs, one a series; owned */
    struct error *err;
};

static char *period_of(const struct context *context, const struct edition *edition)
{
    GString *out = g_string_new(NULL);
    edition_period_append(edition, context->language, out);
    return g_string_free(out, FALSE);
}

static void columns_init(struct chart_spec *chart, int count)
{
    chart->day_count = count;
    chart->columns = g_new0(char *, (size_t)count);
}

static void series_allocate(struct making *m, size_t count)
{
    m->chart->series = g_new0(struct chart_series, MAX(count, 1));
    m->chart->series_count = count;
    for (size_t i = 0; i < count; i++) {
        m->chart->series[i].values = g_new0(double, (size_t)m->chart->day_count);
        m->chart->series[i].observed = g_new0(bool, (size_t)m->chart->day_count);
    }
}

static void previous_allocate(struct chart_spec *chart, int count)
{
    chart->previous_day_count = count;
    for (size_t i = 0; i < chart->series_count; i++) {
        chart->series[i].previous = g_new0(double, (size_t)count);
        chart->series[i].previous_observed = g_new0(bool, (size_t)count);
    }
}

static int series_name(struct making *m, size_t index, const char *key)
{
    g_ptr_array_add(m->keys, g_strdup(key));
    return label_split(m->context, m->measure->by, key, &m->chart->series[index].label,
                       &m->chart->series[index].detail, m->err);
}

/* ---- availability ---- */

/* A sensor that was in force on no day has no row. */
static bool has_row(const struct making *m, const struct figure_definition *definition, size_t sensor)
{
    const struct summary *summary = m->context->current;
    if (!definition->all_sensors && !m->measure->sensors[sensor])
        return false;
    for (int day = 0; day < summary->edition.day_count; day++)
        if (summary->sensors[sensor].active[day])
            return true;
    return false;
}

static int fill_availability(struct making *m, const struct figure_definition *definition)
{
    const struct summary *summary = m->context->current;
    struct chart_spec *chart = m->chart;
    chart->day_count = summary->edition.day_count;
    size_t count = 0;
    for (size_t i = 0; i < summary->sensor_count; i++)
        count += has_row(m, definition, i);
    series_allocate(m, count);
    for (size_t i = 0, next = 0; i < summary->sensor_count; i++) {
        if (!has_row(m, definition, i))
            continue;
        const struct summary_sensor *sensor = &summary->sensors[i];
        struct chart_series *series = &chart->series[next++];
        uint64_t active = 0, delivering = 0;
        for (int day = 0; day < chart->day_count; day++) {
            series->values[day] = sensor->packets[day] > 0;
            series->observed[day] = !sensor->active[day] || sensor->packets[day] > 0;
            active += sensor->active[day];
            delivering += sensor->active[day] && sensor->packets[day] > 0;
        }
        GString *share = g_string_new(NULL);
        phrase_append_percent(share, delivering, active);
        series->remark = g_string_free(share, FALSE);
        GString *label = g_string_new(NULL);
        label_append(m->context, BY_SENSOR, sensor->id, label, NULL); /* of a sensor: cannot fail */
        series->label = g_string_free(label, FALSE);
        series->detail = g_strdup("");
        g_ptr_array_add(m->keys, g_strdup(sensor->id));
    }
    g_free(chart->current_label);
    chart->current_label = wording_text(m->context->wording, "delivered", NULL);
    g_free(chart->unit);
    chart->unit = g_strdup("");
    return 0;
}

/* ---- places over the quarters ---- */

enum { QUARTERS_MAXIMUM = 8 };

static size_t keys_shown(const struct ranking *ranking, int top)
{
    return MIN(ranking->entry_count, (size_t)top);
}

static int fill_rank_flow(struct making *m, int top)
{
    const struct context *context = m->context;
    const struct summary *summaries[QUARTERS_MAXIMUM] = {context->current};
    struct ranking rankings[QUARTERS_MAXIMUM];
    int count = 1;
    for (int back = 1; back < m->definition->quarters; back++) {
        summaries[back] = back <= (int)context->history_count ? context->history[back - 1] : NULL;
        if (summaries[back] != NULL)
            count = back + 1;
    }
    columns_init(m->chart, count);
    GPtrArray *keys = g_ptr_array_new(); /* borrowed from the summaries; the newest quarter first */
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    struct edition edition = context->current->edition;
    for (int back = 0; back < count; back++, edition = edition_previous(&edition)) {
        enum comparability comparability;
        const struct measure_counts *measure =
            back == 0 ? m->measure : comparison_previous(m->measure, summaries[back], &comparability);
        memset(&rankings[back], 0, sizeof rankings[back]);
        m->chart->columns[count - 1 - back] = period_of(context, &edition);
        if (measure == NULL)
            continue;
        ranking_init(&rankings[back], summaries[back], measure);
        for (size_t i = 0; i < keys_shown(&rankings[back], top); i++)
            if (g_hash_table_add(known, (gpointer)rankings[back].entries[i].key))
                g_ptr_array_add(keys, (gpointer)rankings[back].entries[i].key);
    }
    series_allocate(m, keys->len);
    int status = 0;
    for (guint i = 0; i < keys->len && status == 0; i++) {
        status = series_name(m, i, keys->pdata[i]);
        for (int back = 0; back < count; back++)
            for (size_t j = 0; j < keys_shown(&rankings[back], top); j++)
                if (strcmp(rankings[back].entries[j].key, keys->pdata[i]) == 0) {
                    m->chart->series[i].values[count - 1 - back] = (double)j + 1;
                    m->chart->series[i].observed[count - 1 - back] = true;
                }
    }
    for (int back = 0; back < count; back++)
        ranking_release(&rankings[back]);
    g_hash_table_unref(known);
    g_ptr_array_unref(keys);
    g_free(m->chart->unit);
    m->chart->unit = wording_text(context->wording, "heading-rank", NULL);
    return status;
}

/* ---- dots ---- */

static int fill_dots(struct making *m, int top)
{
    const struct context *context = m->context;
    struct comparison comparison;
    comparison_init(&comparison, m->measure, top, context->current, context->previous);
    columns_init(m->chart, 1);
    m->chart->columns[0] = g_strdup(m->chart->current_label);
    series_allocate(m, comparison.shown_count);
    bool comparable = comparison.comparability == COMPARABLE;
    if (comparable)
        previous_allocate(m->chart, 1);
    int status = 0;
    for (size_t i = 0; i < comparison.shown_count && status == 0; i++) {
        const struct comparison_row *row = &comparison.rows[i];
        struct chart_series *series = &m->chart->series[i];
        status = series_name(m, i, row->key);
        series->values[0] = (double)row->count;
        series->observed[0] = true;
        if (!comparable)
            continue;
        GString *change = g_string_new(NULL);
        phrase_append_change(context->wording, change, comparison.measure->count, row->count,
                             row->previous_count);
        series->remark = g_string_free(change, FALSE);
        series->previous[0] = (double)row->previous_count;
        series->previous_observed[0] = true;
    }
    comparison_release(&comparison);
    g_free(m->chart->unit);
    m->chart->unit = context_count_text(context, "heading", m->measure->count);
    return status;
}

/* ---- months ---- */

/* Whether the series counts what this sensor saw. */
static bool sensor_is_meant(const struct measure_counts *measure, const struct summary_sensor *sensor,
                            const struct series_definition *series)
{
    bool by_sensor = measure->by == BY_SENSOR, by_group = measure->by == BY_GROUP;
    if ((!by_sensor && !by_group) || series->keys == NULL)
        return true;
    bool listed = g_strv_contains((const char *const *)series->keys, by_sensor ? sensor->id : sensor->group);
    return listed != series->negated;
}

/* Packets per sensor that delivered, and day, of each of the quarter's three months. */
static void fill_months(const struct summary *summary, const struct measure_counts *measure,
                        const struct series_definition *definition, double values[3], bool observed[3])
{
    uint64_t daily[EDITION_DAYS_MAX], total, packets[3] = {0}, sensor_days[3] = {0};
    summary_united(summary, measure, definition->keys, definition->negated, daily, &total);
    for (int day = 0; day < summary->edition.day_count; day++) {
        struct civil_date date = edition_day(&summary->edition, day);
        int month = (date.month - summary->edition.first.month + 12) % 12;
        packets[month] += daily[day];
        for (size_t i = 0; i < summary->sensor_count; i++)
            sensor_days[month] += measure->sensors[i] &&
                                  sensor_is_meant(measure, &summary->sensors[i], definition) &&
                                  summary->sensors[i].active[day] && summary->sensors[i].packets[day] > 0;
    }
    for (int month = 0; month < 3; month++) {
        observed[month] = sensor_days[month] > 0;
        values[month] = observed[month] ? (double)packets[month] / (double)sensor_days[month] : 0;
    }
}

static int fill_bars(struct making *m)
{
    const struct context *context = m->context;
    const struct figure_definition *definition = m->definition;
    enum comparability comparability;
    const struct measure_counts *before =
        comparison_previous(m->measure, context->year_before, &comparability);
    columns_init(m->chart, 3);
    for (int month = 0; month < 3; month++) {
        char *rule =
            g_strdup_printf("month-%d", (context->current->edition.first.month - 1 + month) % 12 + 1);
        char *name = wording_text(context->wording, rule, NULL);
        m->chart->columns[month] = wording_text(context->wording, "month", "month", name, NULL);
        g_free(name);
        g_free(rule);
    }
    series_allocate(m, definition->series_count);
    if (before != NULL)
        previous_allocate(m->chart, 3);
    for (size_t i = 0; i < definition->series_count; i++) {
        struct chart_series *series = &m->chart->series[i];
        const char *label =
            context_localized(context, &definition->series[i].label, definition->line, "label", m->err);
        if (label == NULL)
            return -1;
        series->label = g_strdup(label);
        series->detail = g_strdup("");
        g_ptr_array_add(m->keys, g_strdup(label));
        fill_months(context->current, m->measure, &definition->series[i], series->values, series->observed);
        if (before != NULL)
            fill_months(context->year_before, before, &definition->series[i], series->previous,
                        series->previous_observed);
    }
    struct edition year_before = edition_year_before(&context->current->edition);
    char *period = period_of(context, &year_before);
    g_free(m->chart->previous_label);
    m->chart->previous_label = wording_text(context->wording, "year-before-label", "period", period, NULL);
    g_free(period);
    g_free(m->chart->unit);
    m->chart->unit = wording_text(context->wording, "unit-per-sensor", NULL);
    return 0;
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

static char *describe(const struct making *m, const char *caption)
{
    static const char *const rules[CHART_KIND_COUNT] = {
        [CHART_MONTHLY_BARS] = "alt-monthly-bars",
        [CHART_RANK_FLOW] = "alt-rank-flow",
        [CHART_AVAILABILITY] = "alt-availability",
        [CHART_DOT_PLOT] = "alt-dot-plot",
    };
    GString *out = g_string_new(NULL);
    char *period = period_of(m->context, &m->context->current->edition);
    wording_append(m->context->wording, out, rules[m->chart->kind], "caption", caption, "period", period,
                   NULL);
    g_free(period);
    for (size_t i = 0; i < m->chart->series_count; i++)
        describe_series(out, m, &m->chart->series[i]);
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

static void fill_texts(struct making *m, const char *caption, const char *publisher)
{
    const struct context *context = m->context;
    struct chart_spec *chart = m->chart;
    const char *headline = context_localized_optional(context, &m->definition->headline);
    char *period = period_of(context, &context->current->edition);
    struct edition before = edition_previous(&context->current->edition);
    char *previous_period = period_of(context, &before);
    chart->language = g_strdup(context->language);
    chart->identifier = figure_identifier(m->definition->id);
    chart->headline = g_strdup(headline != NULL ? headline : "");
    chart->subtitle = wording_text(context->wording, "subtitle", "caption", caption, "period", period, NULL);
    chart->unit = context_count_text(context, "unit", m->measure->count);
    chart->source_note = wording_text(context->wording, "source-note", "publisher", publisher, NULL);
    chart->missing_label = wording_text(context->wording, "missing", NULL);
    chart->day_off_label = g_strdup("");
    chart->current_label = g_strdup(period);
    chart->previous_label = wording_text(context->wording, "previous-label", "period", previous_period, NULL);
    chart->first_day = context->current->edition.first;
    chart->previous_first_day = before.first;
    g_free(previous_period);
    g_free(period);
}

static int check_request(const struct context *context, struct error *err)
{
    const struct figure_request *request = context->request;
    if (request != NULL && (request->keys != NULL || request->first.year != 0 || request->last.year != 0))
        return error_set(
            err, ERROR_USAGE,
            "--series, --from and --to: not options of this kind of figure, expected one of daily "
            "values");
    return 0;
}

int figure_kind_fill(struct model_figure *figure, const struct context *context,
                     const struct figure_definition *definition, struct error *err)
{
    const char *caption = context_localized(context, &definition->caption, definition->line, "caption", err);
    const char *publisher = context_localized(context, &context->publication->publisher, 1, "publisher", err);
    struct making m = {.chart = &figure->chart, .context = context, .definition = definition, .err = err};
    if (caption == NULL || publisher == NULL || check_request(context, err) != 0)
        return -1;
    m.measure = context_measure(context, definition->measure, err);
    if (m.measure == NULL)
        return -1;
    int top = definition->top > 0 ? definition->top : 10;
    if (definition->table != NULL)
        top = publication_table(context->publication, definition->table)->top;
    m.keys = g_ptr_array_new_with_free_func(g_free);
    figure->id = g_strdup(definition->id);
    figure->caption = g_strdup(caption);
    fill_texts(&m, caption, publisher);
    int status = -1;
    switch (definition->kind) {
    case FIGURE_MONTHLY_BARS:
        m.chart->kind = CHART_MONTHLY_BARS;
        status = fill_bars(&m);
        break;
    case FIGURE_RANK_FLOW:
        m.chart->kind = CHART_RANK_FLOW;
        status = fill_rank_flow(&m, top);
        break;
    case FIGURE_AVAILABILITY:
        m.chart->kind = CHART_AVAILABILITY;
        status = fill_availability(&m, definition);
        break;
    case FIGURE_DOT_PLOT:
        m.chart->kind = CHART_DOT_PLOT;
        status = fill_dots(&m, top);
        break;
    case FIGURE_DAILY_LINES:
    case FIGURE_SMALL_MULTIPLES:
    case FIGURE_HEAT_MAP:
    case FIGURE_SHARES:
        g_assert_not_reached();
    }
    if (status == 0) {
        m.chart->description = describe(&m, caption);
        figure->csv = csv_of(&m);
    }
    g_ptr_array_unref(m.keys);
    return status;
}
