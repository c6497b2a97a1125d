#include "report/description.h"

#include "base/number.h"
#include "report/availability.h"
#include "report/phrase.h"

/* Days of the smallest and largest observed value, the first where several; -1 when no day was observed. */
static void find_extremes(const uint64_t *daily, const bool *observed, int day_count, int *lowest,
                          int *highest)
{
    *lowest = *highest = -1;
    for (int day = 0; day < day_count; day++) {
        if (!observed[day])
            continue;
        if (*lowest < 0 || daily[day] < daily[*lowest])
            *lowest = day;
        if (*highest < 0 || daily[day] > daily[*highest])
            *highest = day;
    }
}

static char *count_text(uint64_t count)
{
    GString *out = g_string_new(NULL);
    number_append_thousands(out, count);
    return g_string_free(out, FALSE);
}

/* With the year where the figure has days of several. */
static char *date_text(const struct context *context, const struct series_set *set, struct civil_date date)
{
    GString *out = g_string_new(NULL);
    if (series_set_date(set, context, 0).year != series_set_date(set, context, set->day_count - 1).year)
        edition_date_append(date, context->language, out);
    else
        phrase_append_date(context->wording, out, date);
    return g_string_free(out, FALSE);
}

static void append_event(const struct context *context, GString *out, const struct series_set *set,
                         const struct event *event)
{
    const struct wording *wording = context->wording;
    GString *range = g_string_new(NULL);
    phrase_append_range(wording, range, series_set_date(set, context, event->first_day),
                        series_set_date(set, context, event->last_day));
    switch (event->kind) {
    case EVENT_RISE:
        wording_append(wording, out, "alt-rise", "range", range->str, NULL);
        break;
    case EVENT_PEAK:
        wording_append(wording, out, "alt-peak", "range", range->str, NULL);
        break;
    case EVENT_INCREASE:
        wording_append(wording, out, "alt-trend-up", NULL);
        break;
    case EVENT_DECREASE:
        wording_append(wording, out, "alt-trend-down", NULL);
        break;
    case EVENT_STEP_UP:
    case EVENT_STEP_DOWN:
        g_string_truncate(range, 0);
        phrase_append_date(wording, range, series_set_date(set, context, event->first_day));
        wording_append(wording, out, event->kind == EVENT_STEP_UP ? "alt-step-up" : "alt-step-down", "date",
                       range->str, NULL);
        break;
    case EVENT_WEEKLY:
    case EVENT_PERIODIC:
    case EVENT_KINDS:
        break;
    case EVENT_CONSTANT:
        wording_append(wording, out, "alt-constant", NULL);
        break;
    }
    g_string_free(range, TRUE);
}

static void append_previous(const struct context *context, GString *out, const struct series_set *set,
                            const struct series *series)
{
    int lowest, highest;
    find_extremes(series->previous, series->previous_observed, set->previous_day_count, &lowest, &highest);
    if (highest < 0)
        return;
    char *maximum = count_text(series->previous[highest]);
    char *date = date_text(context, set, edition_day(&set->beside->edition, set->offset + highest));
    const char *rule = set->beside == context->year_before           ? "alt-year-before"
                       : context->current->edition.quarter_count > 1 ? "alt-before"
                                                                     : "alt-previous";
    wording_append(context->wording, out, rule, "maximum", maximum, "maximum-date", date, NULL);
    g_free(maximum);
    g_free(date);
}

static void append_series(const struct context *context, GString *out, const struct series_set *set,
                          const struct series *series, bool with_previous)
{
    const struct wording *wording = context->wording;
    int lowest, highest;
    find_extremes(series->daily, series->observed, set->day_count, &lowest, &highest);
    if (lowest < 0)
        return;
    GString *label = g_string_new(NULL);
    if (*series->detail != '\0')
        wording_append(wording, label, "label-detail", "label", series->label, "detail", series->detail,
                       NULL);
    else
        g_string_append(label, series->label);
    char *minimum = count_text(series->daily[lowest]);
    if (series->daily[lowest] == series->daily[highest]) {
        wording_append(wording, out, "alt-series-flat", "label", label->str, "value", minimum, NULL);
    } else {
        char *maximum = count_text(series->daily[highest]);
        char *minimum_date = date_text(context, set, series_set_date(set, context, lowest));
        char *maximum_date = date_text(context, set, series_set_date(set, context, highest));
        wording_append(wording, out, "alt-series", "label", label->str, "minimum", minimum, "minimum-date",
                       minimum_date, "maximum", maximum, "maximum-date", maximum_date, NULL);
        for (size_t i = 0; i < series->events.event_count; i++)
            append_event(context, out, set, &series->events.events[i]);
        g_free(maximum_date);
        g_free(minimum_date);
        g_free(maximum);
    }
    if (with_previous)
        append_previous(context, out, set, series);
    wording_append(wording, out, "alt-stop", NULL);
    g_free(minimum);
    g_string_free(label, TRUE);
}

static void append_missing(const struct context *context, GString *out, const struct series_set *set)
{
    const struct wording *wording = context->wording;
    GArray *runs = day_runs(set->observed, false, set->day_count);
    if (!series_set_is_observed(set)) {
        wording_append(wording, out, "alt-missing-all", NULL);
    } else if (runs->len > 0) {
        GString *ranges = g_string_new(NULL);
        for (guint i = 0; i < runs->len; i++) {
            const struct day_range *run = &g_array_index(runs, struct day_range, i);
            if (i > 0)
                wording_append(wording, ranges, "list-separator", NULL);
            char *first = date_text(context, set, series_set_date(set, context, run->first));
            char *last = date_text(context, set, series_set_date(set, context, run->last));
            if (run->first == run->last)
                g_string_append(ranges, first);
            else
                wording_append(wording, ranges, "range-short", "first", first, "last", last, NULL);
            g_free(first);
            g_free(last);
        }
        wording_append(wording, out, "alt-missing", "ranges", ranges->str, NULL);
        g_string_free(ranges, TRUE);
    }
    g_array_unref(runs);
}

char *description_text(const struct context *context, const struct chart_spec *chart, const char *caption,
                       const char *unit, const struct series_set *set)
{
    GString *out = g_string_new(NULL);
    bool multiples = chart->kind == CHART_SMALL_MULTIPLES;
    const char *rule = multiples && set->previous == NULL ? "alt-multiples-alone"
                       : multiples                        ? "alt-multiples"
                       : chart->kind == CHART_HEAT_MAP    ? "alt-heat-map"
                       : chart->kind == CHART_SHARES      ? "alt-shares"
                                                          : "alt-lines";
    char *count = g_strdup_printf("%zu", set->series_count);
    wording_append(context->wording, out, rule, "caption", caption, "period", chart->current_label, "unit",
                   unit, "count", count, "beside", chart->previous_label, NULL);
    g_free(count);
    for (size_t i = 0; i < set->series_count; i++)
        append_series(context, out, set, &set->series[i], multiples && set->previous != NULL);
    append_missing(context, out, set);
    if (chart->axis == CHART_AXIS_LOG)
        wording_append(context->wording, out,
                       chart->kind == CHART_HEAT_MAP ? "alt-shade-log" : "alt-axis-log", NULL);
    if (chart->axis == CHART_AXIS_RANGE)
        wording_append(context->wording, out, "alt-axis-range", NULL);
    return g_strchomp(g_string_free(out, FALSE)); /* sentences of languages with blanks end in one */
}
