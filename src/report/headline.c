/* The finding above a figure, from the data: never a cause. A ranked figure (a table's rows) says who came
 * first; others say what happened, by the first event in the order rise, peak, trend. */
#include "report/figure.h"

#include "base/number.h"
#include "report/phrase.h"

/* How many of those that follow the first are named. */
enum { FOLLOWERS_NAMED = 2 };

static char *ranked_headline(const struct context *context, const struct series_set *set)
{
    const struct wording *wording = context->wording;
    GPtrArray *names = g_ptr_array_new();
    size_t tied = 1;
    while (tied < set->series_count && set->series[tied].total == set->series[0].total)
        tied++;
    GString *list = g_string_new(NULL);
    char *text;
    if (tied > 1) {
        for (size_t i = 0; i < tied; i++)
            g_ptr_array_add(names, set->series[i].label);
        phrase_append_list(wording, list, names);
        text = wording_text(wording, "headline-tied", "labels", list->str, NULL);
    } else {
        for (size_t i = 1; i < set->series_count && i <= FOLLOWERS_NAMED; i++)
            g_ptr_array_add(names, set->series[i].label);
        phrase_append_list(wording, list, names);
        char *rule = context_rule(names->len > 0 ? "headline-followed" : "headline", set->measure->by);
        if (names->len > 0)
            text = wording_text(wording, rule, "label", set->series[0].label, "others", list->str, NULL);
        else
            text = wording_text(wording, rule, "label", set->series[0].label, NULL);
        g_free(rule);
    }
    g_string_free(list, TRUE);
    g_ptr_array_unref(names);
    return text;
}

static char *event_headline(const struct context *context, const struct series_set *set,
                            const struct series *series, const struct event *event)
{
    const struct wording *wording = context->wording;
    struct civil_date first = series_set_date(set, context, event->first_day);
    GString *when = g_string_new(NULL);
    char *text = NULL;
    switch (event->kind) {
    case EVENT_RISE:
        phrase_append_third(wording, when, first);
        text = wording_text(wording, "headline-rise", "third", when->str, "label", series->label, NULL);
        break;
    case EVENT_PEAK:
        phrase_append_date(wording, when, first);
        text = wording_text(wording, "headline-peak", "date", when->str, "label", series->label, NULL);
        break;
    case EVENT_INCREASE:
        text = wording_text(wording, "headline-trend-up", "label", series->label, NULL);
        break;
    case EVENT_DECREASE:
        text = wording_text(wording, "headline-trend-down", "label", series->label, NULL);
        break;
    case EVENT_STEP_UP:
    case EVENT_STEP_DOWN:
        phrase_append_date(wording, when, first);
        text = wording_text(wording, event->kind == EVENT_STEP_UP ? "headline-step-up" : "headline-step-down",
                            "date", when->str, "label", series->label, NULL);
        break;
    case EVENT_WEEKLY:
    case EVENT_PERIODIC:
    case EVENT_CONSTANT:
    case EVENT_KINDS:
        break;
    }
    g_string_free(when, TRUE);
    return text;
}

static const struct event *find_event(const struct series *series, enum event_kind kind)
{
    for (size_t i = 0; i < series->events.event_count; i++)
        if (series->events.events[i].kind == kind)
            return &series->events.events[i];
    return NULL;
}

static bool all_constant(const struct series_set *set)
{
    for (size_t i = 0; i < set->series_count; i++)
        if (find_event(&set->series[i], EVENT_CONSTANT) == NULL)
            return false;
    return set->series_count > 0;
}

/* All parts that have a name by theirs, or the first few and how many there are: none was observed. */
static char *no_share_headline(const struct context *context, const struct series_set *set)
{
    enum { PARTS_NAMED = 3 };
    const struct wording *wording = context->wording;
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < set->series_count; i++)
        if (!set->series[i].is_rest)
            g_ptr_array_add(names, set->series[i].label);
    guint count = names->len;
    if (count > PARTS_NAMED)
        g_ptr_array_set_size(names, PARTS_NAMED);
    GString *labels = g_string_new(NULL);
    phrase_append_list(wording, labels, names);
    if (count > PARTS_NAMED) {
        char *number = g_strdup_printf("%u", count);
        char *among = wording_text(wording, "list-among", "labels", labels->str, "count", number, NULL);
        g_string_assign(labels, among);
        g_free(among);
        g_free(number);
    }
    char *text = wording_text(wording, "headline-share-none", "labels", labels->str, NULL);
    g_string_free(labels, TRUE);
    g_ptr_array_unref(names);
    return text;
}

/* The largest part that has a name. */
static char *share_headline(const struct context *context, const struct series_set *set)
{
    uint64_t total = 0;
    const struct series *largest = NULL;
    for (size_t i = 0; i < set->series_count; i++) {
        const struct series *series = &set->series[i];
        total += series->total;
        if (!series->is_rest && (largest == NULL || series->total > largest->total))
            largest = series;
    }
    if (largest == NULL)
        largest = &set->series[0];
    if (largest->total == 0)
        return no_share_headline(context, set);
    GString *percent = g_string_new(NULL);
    phrase_append_percent(percent, largest->total, total);
    char *text = wording_text(context->wording, "headline-share", "label", largest->label, "percent",
                              percent->str, NULL);
    g_string_free(percent, TRUE);
    return text;
}

/* Of one series alone, on which nothing happened that has a name. */
static char *highest_headline(const struct context *context, const struct series_set *set)
{
    const uint64_t *daily = set->series[0].daily;
    int highest = 0;
    for (int day = 0; day < set->day_count; day++)
        highest = set->series[0].observed[day] && daily[day] > daily[highest] ? day : highest;
    GString *date = g_string_new(NULL), *value = g_string_new(NULL);
    phrase_append_date(context->wording, date, series_set_date(set, context, highest));
    number_append_thousands(value, daily[highest]);
    char *text =
        wording_text(context->wording, "headline-highest", "date", date->str, "value", value->str, NULL);
    g_string_free(date, TRUE);
    g_string_free(value, TRUE);
    return text;
}

char *figure_headline(const struct context *context, const struct figure_definition *definition,
                      const struct series_set *set)
{
    static const enum event_kind order[] = {EVENT_RISE,      EVENT_PEAK,     EVENT_STEP_UP,
                                            EVENT_STEP_DOWN, EVENT_INCREASE, EVENT_DECREASE};
    size_t largest = 0;
    for (size_t i = 0; i < set->series_count; i++)
        if (set->series[i].total > set->series[largest].total)
            largest = i;
    if (set->series_count == 0 || set->series[largest].total == 0)
        return wording_text(context->wording, "headline-nothing", NULL);
    if (definition->kind == FIGURE_SHARES)
        return share_headline(context, set);
    bool is_ranked = definition->table != NULL || (set->is_ranked && definition->kind != FIGURE_HEAT_MAP);
    if (is_ranked && !set->is_part && set->measure->by != BY_NOTHING)
        return ranked_headline(context, set);
    for (size_t k = 0; k < G_N_ELEMENTS(order); k++)
        for (size_t i = 0; i < set->series_count; i++) {
            const struct event *event = find_event(&set->series[i], order[k]);
            if (event != NULL)
                return event_headline(context, set, &set->series[i], event);
        }
    if (all_constant(set))
        return wording_text(context->wording, "headline-constant", NULL);
    if (set->series_count == 1)
        return highest_headline(context, set);
    bool is_most = set->is_ranked && !set->is_part && set->measure->by != BY_NOTHING;
    char *rule = is_most ? context_rule("headline", set->measure->by) : g_strdup("headline-series");
    char *text = wording_text(context->wording, rule, "label", set->series[largest].label, NULL);
    g_free(rule);
    return text;
}
