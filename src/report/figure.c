#include "report/figure.h"

#include <inttypes.h>
#include <string.h>

#include "base/csv_table.h"
#include "base/number.h"
#include "publication/holiday.h"
#include "report/availability.h"
#include "report/description.h"
#include "report/figure_caption.h"
#include "report/period.h"
#include "report/phrase.h"

/* More remarks than that make a figure unreadable. */
enum { NOTES_MAXIMUM = 3 };
/* More runs of days than that are summed up as a count. */
enum { STOPPED_RUNS_LISTED = 3 };

/* Of the days shown: the quarter's, or from the first to the last. */
static char *shown_period_text(const struct context *context, const struct series_set *set)
{
    return period_text(context, series_set_date(set, context, 0),
                       series_set_date(set, context, set->day_count - 1));
}

/* Of the days beside which they stand. */
static char *beside_label(const struct context *context, const struct figure_definition *definition,
                          const struct series_set *set)
{
    const struct edition *edition = &context->current->edition;
    struct edition beside =
        definition->against == AGAINST_YEAR_BEFORE ? edition_year_before(edition) : edition_previous(edition);
    bool is_cut = set->previous != NULL && set->day_count < edition->day_count && set->previous_day_count > 0;
    char *period = is_cut ? period_text(context, edition_day(&beside, set->offset),
                                        edition_day(&beside, set->offset + set->previous_day_count - 1))
                          : period_of_edition(context, &beside);
    char *label = period_beside_label(context, edition, definition->against, period);
    g_free(period);
    return label;
}

/* "fig-" and the id; whatever an SVG id might not bear becomes a hyphen. */
char *figure_identifier(const char *id)
{
    GString *out = g_string_new("fig-");
    for (; *id != '\0'; id++)
        g_string_append_c(out, g_ascii_isalnum(*id) ? *id : '-');
    return g_string_free(out, FALSE);
}

static void fill_series(struct chart_spec *chart, const struct series_set *set)
{
    bool multiples = chart->kind == CHART_SMALL_MULTIPLES && set->previous != NULL;
    chart->series_count = set->series_count;
    chart->series = g_new0(struct chart_series, MAX(set->series_count, 1));
    for (size_t i = 0; i < set->series_count; i++) {
        const struct series *from = &set->series[i];
        struct chart_series *to = &chart->series[i];
        to->label = g_strdup(from->label);
        to->detail = g_strdup(from->detail);
        to->values = g_new0(double, (size_t)set->day_count);
        for (int day = 0; day < set->day_count; day++)
            to->values[day] = from->observed[day] ? (double)from->daily[day] : 0;
        to->observed = g_memdup2(from->observed, (gsize)set->day_count * sizeof *from->observed);
        if (!multiples)
            continue;
        to->previous = g_new0(double, (size_t)set->previous_day_count);
        for (int day = 0; day < set->previous_day_count; day++)
            to->previous[day] = from->previous_observed[day] ? (double)from->previous[day] : 0;
        to->previous_observed = g_memdup2(from->previous_observed,
                                          (gsize)set->previous_day_count * sizeof *from->previous_observed);
    }
}

/* A row of a sensor's own is missing where that one delivered nothing. */
static void hatch_stopped_sensors(struct chart_spec *chart, const struct context *context,
                                  const struct series_set *set)
{
    const struct summary *summary = context->current;
    for (size_t i = 0; set->measure->by == BY_SENSOR && i < set->series_count; i++)
        for (size_t j = 0; j < summary->sensor_count; j++)
            for (int day = 0; strcmp(summary->sensors[j].id, set->series[i].key) == 0 && day < set->day_count;
                 day++)
                chart->series[i].observed[day] = summary->sensors[j].packets[set->offset + day] > 0;
}

/* Of all series together, in per cent. */
static void fill_shares(struct chart_spec *chart, const struct series_set *set)
{
    uint64_t total = 0;
    for (size_t i = 0; i < set->series_count; i++)
        total += set->series[i].total;
    for (size_t i = 0; i < set->series_count; i++) {
        GString *share = g_string_new(NULL);
        phrase_append_percent(share, set->series[i].total, total);
        chart->series[i].remark = g_string_free(share, FALSE);
        chart->series[i].is_rest = set->series[i].is_rest;
    }
}

/* The day of the highest value of an event. */
static int highest_day(const struct series *series, const struct event *event)
{
    int best = event->first_day;
    for (int day = event->first_day; day <= event->last_day; day++)
        if (series->observed[day] && series->daily[day] > series->daily[best])
            best = day;
    return best;
}

/* A rise or peak that may be remarked on. */
struct remark {
    size_t series;
    const struct event *event;
    size_t higher; /* how many of its own series are higher, or as high and earlier */
};

static bool is_remarked(enum event_kind kind)
{
    return kind == EVENT_RISE || kind == EVENT_PEAK;
}

/* The highest of each series, the highest of all first; then each one's second. */
static gint compare_remarks(gconstpointer a, gconstpointer b)
{
    const struct remark *left = a, *right = b;
    if (left->higher != right->higher)
        return left->higher < right->higher ? -1 : 1;
    if (left->event->value != right->event->value)
        return left->event->value > right->event->value ? -1 : 1;
    return (left->series > right->series) - (left->series < right->series);
}

/* In the order of the series and their events. */
static gint compare_places(gconstpointer a, gconstpointer b)
{
    const struct remark *left = a, *right = b;
    if (left->series != right->series)
        return left->series < right->series ? -1 : 1;
    return (left->event > right->event) - (left->event < right->event); /* of one array */
}

/* The remarks that there is room for: struct remark. */
static GArray *remarks_chosen(const struct series_set *set)
{
    GArray *remarks = g_array_new(FALSE, FALSE, sizeof(struct remark));
    for (size_t i = 0; i < set->series_count; i++) {
        const struct event_list *events = &set->series[i].events;
        for (size_t j = 0; j < events->event_count; j++) {
            struct remark remark = {i, &events->events[j], 0};
            if (!is_remarked(remark.event->kind))
                continue;
            for (size_t k = 0; k < events->event_count; k++)
                remark.higher += is_remarked(events->events[k].kind) &&
                                 (events->events[k].value > remark.event->value ||
                                  (k < j && events->events[k].value >= remark.event->value));
            g_array_append_val(remarks, remark);
        }
    }
    g_array_sort(remarks, compare_remarks);
    g_array_set_size(remarks, MIN(remarks->len, NOTES_MAXIMUM));
    g_array_sort(remarks, compare_places);
    return remarks;
}

static void fill_notes(struct chart_spec *chart, const struct context *context, const struct series_set *set)
{
    GArray *remarks = remarks_chosen(set);
    chart->notes = g_new0(struct chart_note, remarks->len + 1);
    for (guint i = 0; i < remarks->len; i++) {
        const struct remark *remark = &g_array_index(remarks, struct remark, i);
        const struct series *series = &set->series[remark->series];
        const struct event *event = remark->event;
        GString *date = g_string_new(NULL), *value = g_string_new(NULL);
        int day = highest_day(series, event);
        phrase_append_date(context->wording, date, series_set_date(set, context, day));
        number_append_thousands(value, series->daily[day]);
        char *text =
            event->kind == EVENT_RISE
                ? wording_text(context->wording, "note-rise", "value", value->str, NULL)
                : wording_text(context->wording, "note-peak", "date", date->str, "value", value->str, NULL);
        chart->notes[chart->note_count++] = (struct chart_note){.series = remark->series,
                                                                .first_day = event->first_day,
                                                                .last_day = event->last_day,
                                                                .text = text};
        g_string_free(date, TRUE);
        g_string_free(value, TRUE);
    }
    g_array_unref(remarks);
}

/* Who measured, and on which days not all sensors did. */
static char *source_note(const struct context *context, const struct series_set *set, const char *publisher)
{
    const struct wording *wording = context->wording;
    struct availability availability;
    availability_init(&availability, context->current, set->measure);
    GArray *runs = availability_runs_below(&availability, 1.0);
    for (guint i = runs->len; i-- > 0;) { /* of the days shown */
        struct day_range *run = &g_array_index(runs, struct day_range, i);
        run->first = MAX(run->first, set->offset);
        run->last = MIN(run->last, set->offset + set->day_count - 1);
        if (run->first > run->last)
            g_array_remove_index(runs, i);
    }
    char *text;
    if (runs->len == 0) {
        text = wording_text(wording, "source-note", "publisher", publisher, NULL);
    } else if (runs->len <= STOPPED_RUNS_LISTED) {
        GString *ranges = g_string_new(NULL);
        for (guint i = 0; i < runs->len; i++) {
            const struct day_range *run = &g_array_index(runs, struct day_range, i);
            if (i > 0)
                wording_append(wording, ranges, "list-separator", NULL);
            phrase_append_range_short(wording, ranges, edition_day(&context->current->edition, run->first),
                                      edition_day(&context->current->edition, run->last));
        }
        text =
            wording_text(wording, "source-note-stopped", "publisher", publisher, "ranges", ranges->str, NULL);
        g_string_free(ranges, TRUE);
    } else {
        int days = 0;
        for (guint i = 0; i < runs->len; i++)
            days += g_array_index(runs, struct day_range, i).last -
                    g_array_index(runs, struct day_range, i).first + 1;
        char *count = g_strdup_printf("%d", days);
        text =
            wording_text(wording, "source-note-stopped-often", "publisher", publisher, "count", count, NULL);
        g_free(count);
    }
    g_array_unref(runs);
    availability_release(&availability);
    return text;
}

/* date, then one column per series; an empty cell is a missing day. Exact, where the chart's doubles are not.
 */
static char *csv_text(const struct context *context, const struct series_set *set)
{
    size_t columns = set->series_count + 1;
    const char **fields = g_new0(const char *, columns);
    char **cells = g_new0(char *, columns);
    GString *out = g_string_new(NULL);
    fields[0] = "date";
    for (size_t i = 0; i < set->series_count; i++)
        fields[i + 1] = set->series[i].key;
    csv_row_append(out, columns, fields);
    for (int day = 0; day < set->day_count; day++) {
        char date[CIVIL_DATE_SIZE];
        fields[0] = civil_date_format(series_set_date(set, context, day), date);
        for (size_t i = 0; i < set->series_count; i++) {
            const struct series *series = &set->series[i];
            cells[i] = series->observed[day] ? g_strdup_printf("%" PRIu64, series->daily[day]) : g_strdup("");
            fields[i + 1] = cells[i];
        }
        csv_row_append(out, columns, fields);
        for (size_t i = 0; i < set->series_count; i++)
            g_clear_pointer(&cells[i], g_free);
    }
    g_free(cells);
    g_free(fields);
    return g_string_free(out, FALSE);
}

static enum chart_axis axis_of(const struct figure_definition *definition)
{
    switch (definition->axis) {
    case FIGURE_AXIS_RANGE:
        return CHART_AXIS_RANGE;
    case FIGURE_AXIS_LOG:
        return CHART_AXIS_LOG;
    case FIGURE_AXIS_ZERO:
        break;
    }
    return CHART_AXIS_ZERO;
}

/* The unit says of an axis what a reader would not expect of it. */
static void fill_axis(struct chart_spec *chart, const struct context *context,
                      const struct figure_definition *definition)
{
    chart->axis = axis_of(definition);
    if (chart->axis == CHART_AXIS_RANGE && chart_range_starts_at_zero(chart))
        chart->axis = CHART_AXIS_ZERO;
    if (chart->axis == CHART_AXIS_ZERO)
        return;
    char *unit = chart->unit;
    chart->unit = wording_text(context->wording, chart->axis == CHART_AXIS_LOG ? "axis-log" : "axis-range",
                               "unit", unit, NULL);
    g_free(unit);
}

/* What was measured and when; of a longer table also how much of it is shown. */
static char *subtitle_text(const struct wording *wording, const struct series_set *set, const char *caption,
                           const char *period)
{
    if (set->left_out == 0 || set->is_part)
        return wording_text(wording, "subtitle", "caption", caption, "period", period, NULL);
    char *count = g_strdup_printf("%zu", set->series_count);
    char *text =
        wording_text(wording, "subtitle-first", "caption", caption, "period", period, "count", count, NULL);
    g_free(count);
    return text;
}

static void fill_texts(struct chart_spec *chart, const struct context *context,
                       const struct figure_definition *definition, const struct series_set *set,
                       const char *caption, const char *publisher)
{
    const struct wording *wording = context->wording;
    const char *headline = context_localized_optional(context, &definition->headline);
    char *period = shown_period_text(context, set);
    chart->language = g_strdup(context->language);
    chart->identifier = figure_identifier(definition->id);
    chart->headline = headline != NULL ? g_strdup(headline) : figure_headline(context, definition, set);
    chart->subtitle = subtitle_text(wording, set, caption, period);
    chart->unit = context_count_text(context, "unit", set->measure->count);
    chart->source_note = source_note(context, set, publisher);
    chart->missing_label = wording_text(wording, "missing", NULL);
    bool has_holidays = holiday_knows(context->publication->home_region);
    chart->day_off_label = wording_text(wording, has_holidays ? "day-off" : "day-off-weekends", NULL);
    chart->current_label = g_strdup(period);
    chart->previous_label = beside_label(context, definition, set);
    g_free(period);
}

int figure_fill(struct model_figure *figure, const struct context *context,
                const struct figure_definition *definition, const struct series_set *set, struct error *err)
{
    struct chart_spec *chart = &figure->chart;
    const char *publisher = context_localized(context, &context->publication->publisher, 1, "publisher", err);
    figure->caption = publisher == NULL ? NULL : figure_caption(context, definition, set->measure, err);
    if (figure->caption == NULL)
        return -1;
    const char *caption = figure->caption;
    figure->id = g_strdup(definition->id);
    figure->csv = csv_text(context, set);
    chart->kind = definition->kind == FIGURE_SMALL_MULTIPLES ? CHART_SMALL_MULTIPLES
                  : definition->kind == FIGURE_HEAT_MAP      ? CHART_HEAT_MAP
                  : definition->kind == FIGURE_SHARES        ? CHART_SHARES
                                                             : CHART_DAILY_LINES;
    fill_texts(chart, context, definition, set, caption, publisher);
    chart->first_day = series_set_date(set, context, 0);
    chart->day_count = set->day_count;
    chart->day_off = g_new0(bool, (size_t)set->day_count);
    for (int day = 0; day < set->day_count; day++)
        chart->day_off[day] =
            holiday_is_day_off(series_set_date(set, context, day), context->publication->home_region);
    if (chart->kind == CHART_SMALL_MULTIPLES && set->previous != NULL) {
        chart->previous_first_day =
            edition_day(&set->beside->edition, MIN(set->offset, set->beside->edition.day_count - 1));
        chart->previous_day_count = set->previous_day_count;
    }
    if (set->series_count == 0) /* nothing was counted: no series says on which days somebody looked */
        chart->observed = g_memdup2(set->observed, (gsize)set->day_count * sizeof *set->observed);
    fill_series(chart, set);
    if (chart->kind == CHART_DAILY_LINES || chart->kind == CHART_SMALL_MULTIPLES)
        fill_notes(chart, context, set);
    if (chart->kind == CHART_HEAT_MAP)
        hatch_stopped_sensors(chart, context, set);
    if (chart->kind == CHART_SHARES)
        fill_shares(chart, set);
    char *unit = g_strdup(chart->unit);
    fill_axis(chart, context, definition);
    chart->description = description_text(context, chart, caption, unit, set);
    g_free(unit);
    return 0;
}

void figure_release(struct model_figure *figure)
{
    chart_spec_release(&figure->chart);
    g_free(figure->id);
    g_free(figure->caption);
    g_free(figure->csv);
}
