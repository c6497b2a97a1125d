/* The finding above a figure that is no daily series: who moved, by how much, never why. */
#include <math.h>
#include <string.h>

#include "report/figure_making.h"
#include "report/phrase.h"

static char *percent_text(double part, double whole)
{
    GString *out = g_string_new(NULL);
    phrase_append_percent(out, (uint64_t)llround(part), (uint64_t)llround(whole));
    return g_string_free(out, FALSE);
}

/* ---- availability ---- */

struct delivery {
    uint64_t active, delivering;
};

static struct delivery delivery_of(const struct chart_spec *chart, const struct chart_series *series)
{
    struct delivery delivery = {0, 0};
    for (int day = 0; day < chart->day_count; day++) {
        bool delivers = series->observed[day] && series->values[day] > 0;
        delivery.active += delivers || !series->observed[day];
        delivery.delivering += delivers;
    }
    return delivery;
}

static char *availability_headline(const struct making *m)
{
    const struct chart_spec *chart = m->chart;
    struct delivery total = {0, 0}, lowest = {1, 1};
    size_t lowest_index = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        struct delivery one = delivery_of(chart, &chart->series[i]);
        total.active += one.active;
        total.delivering += one.delivering;
        if ((double)one.delivering * (double)lowest.active < (double)lowest.delivering * (double)one.active) {
            lowest = one;
            lowest_index = i;
        }
    }
    if (total.active == 0)
        return wording_text(m->context->wording, "headline-nothing", NULL);
    if (total.active == total.delivering)
        return wording_text(m->context->wording, "headline-available", NULL);
    char *all = percent_text((double)total.delivering, (double)total.active);
    char *least = percent_text((double)lowest.delivering, (double)lowest.active);
    char *text;
    if (strcmp(all, least) == 0) /* none stands out */
        text = wording_text(m->context->wording, "headline-availability-equal", "percent", all, NULL);
    else
        text = wording_text(m->context->wording, "headline-availability", "percent", all, "label",
                            chart->series[lowest_index].label, "lowest", least, NULL);
    g_free(all);
    g_free(least);
    return text;
}

/* ---- places ---- */

/* The place in a column, 0 for none. */
static int place_of(const struct chart_series *series, int column)
{
    return column >= 0 && series->observed[column] ? (int)series->values[column] : 0;
}

static bool column_is_counted(const struct chart_spec *chart, int column)
{
    for (size_t i = 0; i < chart->series_count; i++)
        if (place_of(&chart->series[i], column) > 0)
            return true;
    return false;
}

static char *moved_text(const struct making *m, const char *rule, const char *first,
                        const struct chart_series *series, int before, int now)
{
    char *from = g_strdup_printf("%d", before), *to = g_strdup_printf("%d", now);
    char *text = wording_text(m->context->wording, rule, "label", first, "riser", series->label, "previous",
                              from, "place", to, NULL);
    g_free(from);
    g_free(to);
    return text;
}

/* Who is first, where nothing can be said of moves; "" where nothing is grouped by: all have no other beside
 * them. */
static char *first_headline(const struct making *m, const char *label)
{
    if (m->measure->by == BY_NOTHING)
        return g_strdup("");
    char *rule = context_rule("headline", m->measure->by);
    char *text = wording_text(m->context->wording, rule, "label", label, NULL);
    g_free(rule);
    return text;
}

static char *flow_headline(const struct making *m)
{
    const struct wording *wording = m->context->wording;
    const struct chart_spec *chart = m->chart;
    int last = chart->day_count - 1;
    const struct chart_series *first = NULL, *riser = NULL, *entrant = NULL;
    int rise = 0;
    bool moved = false;
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        int now = place_of(series, last), before = place_of(series, last - 1);
        moved |= now != before;
        if (now == 1 && first == NULL) /* of equal ones the first by key */
            first = series;
        if (now > 0 && before > now && before - now > rise) {
            riser = series;
            rise = before - now;
        }
        if (now > 0 && before == 0 && (entrant == NULL || now < place_of(entrant, last)))
            entrant = series;
    }
    if (first == NULL)
        return wording_text(wording, "headline-nothing", NULL);
    if (!column_is_counted(chart, last - 1))
        return first_headline(m, first->label);
    if (place_of(first, last - 1) != 1)
        return wording_text(wording, "headline-place-first", "label", first->label, NULL);
    if (riser != NULL)
        return moved_text(m, "headline-place-rose", first->label, riser, place_of(riser, last - 1),
                          place_of(riser, last));
    if (entrant != NULL)
        return moved_text(m, "headline-place-entered", first->label, entrant, 0, place_of(entrant, last));
    return wording_text(wording, moved ? "headline-place-kept" : "headline-place-same", "label", first->label,
                        NULL);
}

/* ---- beside another period ---- */

/* The series with the largest change of that sign, by amount, also from nothing; NULL when there is none. */
static const struct chart_series *changed_most(const struct chart_spec *chart, int sign)
{
    const struct chart_series *most = NULL;
    double amount = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        if (series->previous == NULL || !series->observed[0] || !series->previous_observed[0])
            continue;
        double change = sign * (series->values[0] - series->previous[0]);
        if (change > amount) {
            amount = change;
            most = series;
        }
    }
    return most;
}

static char *change_percent(const struct chart_series *series)
{
    return percent_text(fabs(series->values[0] - series->previous[0]), series->previous[0]);
}

/* Who is first, or first with others. */
static char *largest_headline(const struct making *m)
{
    const struct wording *wording = m->context->wording;
    const struct chart_spec *chart = m->chart;
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < chart->series_count; i++)
        if (chart->series[i].values[0] >= chart->series[0].values[0])
            g_ptr_array_add(names, chart->series[i].label);
    GString *list = g_string_new(NULL);
    phrase_append_list(wording, list, names);
    char *text = names->len > 1 ? wording_text(wording, "headline-tied", "labels", list->str, NULL)
                                : first_headline(m, list->str);
    g_string_free(list, TRUE);
    g_ptr_array_unref(names);
    return text;
}

static char *dots_headline(const struct making *m)
{
    const struct wording *wording = m->context->wording;
    const struct chart_series *up = changed_most(m->chart, 1), *down = changed_most(m->chart, -1);
    if (m->chart->series_count == 0)
        return wording_text(wording, "headline-nothing", NULL);
    if (up == NULL && down == NULL && making_picks(m))
        return g_strdup("");
    if (up == NULL && down == NULL)
        return largest_headline(m);
    bool is_new = up != NULL && up->previous[0] <= 0; /* of that there is no per cent */
    char *up_percent = up != NULL && !is_new ? change_percent(up) : NULL;
    char *down_percent = down != NULL ? change_percent(down) : NULL;
    char *text =
        is_new && down != NULL ? wording_text(wording, "headline-change-new-down", "up", up->label, "down",
                                              down->label, "down-percent", down_percent, NULL)
        : is_new               ? wording_text(wording, "headline-change-new", "label", up->label, NULL)
        : up != NULL && down != NULL
            ? wording_text(wording, "headline-change-both", "up", up->label, "up-percent", up_percent, "down",
                           down->label, "down-percent", down_percent, NULL)
        : up != NULL
            ? wording_text(wording, "headline-change-up", "label", up->label, "percent", up_percent, NULL)
            : wording_text(wording, "headline-change-down", "label", down->label, "percent", down_percent,
                           NULL);
    g_free(up_percent);
    g_free(down_percent);
    return text;
}

/* Means of the months that both years have; false when there are none. */
static bool month_means(const struct chart_spec *chart, const struct chart_series *series, double *now,
                        double *before)
{
    int months = 0;
    *now = *before = 0;
    for (int month = 0; month < chart->day_count; month++)
        if (series->previous != NULL && series->observed[month] && series->previous_observed[month]) {
            *now += series->values[month];
            *before += series->previous[month];
            months++;
        }
    return months > 0 && *before > 0;
}

/* Without a year before: where the highest bar stands, if one is the highest. */
static char *highest_month(const struct making *m)
{
    const struct chart_spec *chart = m->chart;
    const struct chart_series *highest = NULL;
    int month = 0;
    bool is_tied = false;
    for (size_t i = 0; i < chart->series_count; i++)
        for (int at = 0; at < chart->day_count; at++) {
            const struct chart_series *series = &chart->series[i];
            double most = highest != NULL ? highest->values[month] : 0;
            if (!series->observed[at] || series->values[at] < most)
                continue;
            is_tied = series->values[at] <= most;
            highest = series;
            month = at;
        }
    if (highest == NULL || highest->values[month] <= 0)
        return wording_text(m->context->wording, "headline-nothing", NULL);
    if (is_tied)
        return g_strdup("");
    return wording_text(m->context->wording, "headline-month-highest", "label", highest->label, "month",
                        chart->columns[month], NULL);
}

static char *bars_headline(const struct making *m)
{
    enum { SERIES_NAMED = 3 };
    const struct wording *wording = m->context->wording;
    GString *items = g_string_new(NULL);
    size_t named = 0;
    for (size_t i = 0; i < m->chart->series_count && named < SERIES_NAMED; i++) {
        double now, before;
        if (!month_means(m->chart, &m->chart->series[i], &now, &before))
            continue;
        char *percent = percent_text(fabs(now - before) * 1000, before * 1000);
        if (named++ > 0)
            wording_append(wording, items, "list-separator", NULL);
        wording_append(wording, items, now < before ? "headline-months-down" : "headline-months-up", "label",
                       m->chart->series[i].label, "percent", percent, NULL);
        g_free(percent);
    }
    char *text =
        named > 0 ? wording_text(wording, "headline-months", "items", items->str, NULL) : highest_month(m);
    g_string_free(items, TRUE);
    return text;
}

/* Of a part that was picked nothing is said that would be so of the whole alone: who is first, how all are.
 */
char *making_headline(const struct making *m)
{
    switch (m->chart->kind) {
    case CHART_AVAILABILITY:
        return making_picks(m) ? g_strdup("") : availability_headline(m);
    case CHART_RANK_FLOW:
        return making_picks(m) ? g_strdup("") : flow_headline(m);
    case CHART_DOT_PLOT:
        return dots_headline(m);
    case CHART_MONTHLY_BARS:
        return bars_headline(m);
    case CHART_DAILY_LINES:
    case CHART_SMALL_MULTIPLES:
    case CHART_HEAT_MAP:
    case CHART_SHARES:
        break;
    }
    g_assert_not_reached();
}
