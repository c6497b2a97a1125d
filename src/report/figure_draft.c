/* The daily series of a figure as sentences. The one cause that a program may state is that of a fall on days
 * on which sensors stood still, for that is in its own data; every other is the analyst's. */
#include "report/figure_draft.h"

#include <stdlib.h>

#include "report/availability.h"
#include "report/draft.h"
#include "report/phrase.h"

/* Days on which fewer sensors than this share of those in force delivered are told. */
static const double AVAILABILITY_MINIMUM = 0.95;
static const char AVAILABILITY_THRESHOLD[] = "under 95% of the sensors in force delivered";
/* A fall: the mean of those days is under this share of the median of the days around them. */
static const double FALL_RATIO = 0.95;
enum { AROUND_DAYS = 7 };
/* Of each series the highest peaks are told, not more than so many. */
enum { PEAKS_TOLD = 3 };

struct telling {
    struct model_draft *draft;
    const struct context *context;
    const struct wording *wording;
    const struct edition *edition;
    const char *figure; /* id */
    const struct series_set *set;
};

/* Takes `text` over. */
static void tell_event(const struct telling *telling, char *text, const char *rule,
                       const struct series *series, const struct event *event)
{
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE], value[G_ASCII_DTOSTR_BUF_SIZE],
        median[G_ASCII_DTOSTR_BUF_SIZE];
    civil_date_format(edition_day(telling->edition, event->first_day), first);
    civil_date_format(edition_day(telling->edition, event->last_day), last);
    g_ascii_formatd(value, sizeof value, "%.6g", event->value);
    g_ascii_formatd(median, sizeof median, "%.6g", series->events.median);
    draft_add(telling->draft, text, rule, event_threshold(event->kind), "%s %s %s to %s value %s median %s",
              telling->figure, series->key, first, last, value, median);
}

static void tell_rise(const struct telling *telling, const struct series *series, const struct event *event)
{
    const struct wording *wording = telling->wording;
    struct civil_date first = edition_day(telling->edition, event->first_day);
    struct civil_date last = edition_day(telling->edition, event->last_day);
    GString *when = g_string_new(NULL);
    if (event->last_day == telling->set->day_count - 1) {
        /* It may go on: nobody knows yet whether it is temporary. */
        phrase_append_date(wording, when, first);
        tell_event(
            telling,
            wording_text(wording, "rise-until-end", "subject", series->subject, "date", when->str, NULL),
            "rise-until-end", series, event);
    } else if (event->first_day == 0) {
        phrase_append_date(wording, when, last);
        tell_event(
            telling,
            wording_text(wording, "rise-from-start", "subject", series->subject, "date", when->str, NULL),
            "rise-from-start", series, event);
    } else if (series->is_not_mirai) {
        char *thing = wording_text(
            wording, telling->set->measure->count == COUNT_PACKETS ? "thing-packets" : "thing-sources", NULL);
        phrase_append_third(wording, when, first);
        tell_event(telling, wording_text(wording, "rise-not-mirai", "third", when->str, "thing", thing, NULL),
                   "rise-not-mirai", series, event);
        g_free(thing);
    } else {
        phrase_append_range_about(wording, when, first, last);
        tell_event(telling,
                   wording_text(wording, "rise", "subject", series->subject, "range", when->str, NULL),
                   "rise", series, event);
    }
    g_string_free(when, TRUE);
}

/* Whether fewer than PEAKS_TOLD peaks of the series are higher (of equal ones, the earlier counts as higher).
 */
static bool is_told_peak(const struct series *series, size_t index)
{
    size_t higher = 0;
    double value = series->events.events[index].value;
    for (size_t i = 0; i < series->events.event_count; i++) {
        const struct event *other = &series->events.events[i];
        if (other->kind == EVENT_PEAK && (other->value > value || (i < index && other->value >= value)))
            higher++;
    }
    return higher < PEAKS_TOLD;
}

static void tell_step(const struct telling *telling, const struct series *series, const struct event *event)
{
    const char *rule = event->kind == EVENT_STEP_UP ? "step-up" : "step-down";
    GString *when = g_string_new(NULL);
    phrase_append_date(telling->wording, when, edition_day(telling->edition, event->first_day));
    tell_event(telling,
               wording_text(telling->wording, rule, "subject", series->subject, "date", when->str, NULL),
               rule, series, event);
    g_string_free(when, TRUE);
}

static void tell_series(const struct telling *telling, const struct series *series)
{
    for (size_t i = 0; i < series->events.event_count; i++) {
        const struct event *event = &series->events.events[i];
        if (event->kind == EVENT_RISE)
            tell_rise(telling, series, event);
        if (event->kind == EVENT_STEP_UP || event->kind == EVENT_STEP_DOWN)
            tell_step(telling, series, event);
        if (event->kind != EVENT_PEAK || !is_told_peak(series, i))
            continue;
        GString *range = g_string_new(NULL);
        phrase_append_range(telling->wording, range, edition_day(telling->edition, event->first_day),
                            edition_day(telling->edition, event->last_day));
        tell_event(
            telling,
            wording_text(telling->wording, "peak", "subject", series->subject, "range", range->str, NULL),
            "peak", series, event);
        g_string_free(range, TRUE);
    }
}

/* All series of one kind in one sentence. */
static void tell_together(const struct telling *telling, enum event_kind kind, const char *rule)
{
    GArray *indices = g_array_new(FALSE, FALSE, sizeof(guint));
    GString *inputs = g_string_new(telling->figure);
    for (guint i = 0; i < telling->set->series_count; i++) {
        const struct series *series = &telling->set->series[i];
        for (size_t j = 0; j < series->events.event_count; j++) {
            const struct event *event = &series->events.events[j];
            if (event->kind != kind)
                continue;
            char value[G_ASCII_DTOSTR_BUF_SIZE];
            g_string_append_printf(inputs, "%s %s %s", indices->len > 0 ? ";" : "", series->key,
                                   g_ascii_formatd(value, sizeof value, "%.3f", event->value));
            g_array_append_val(indices, i);
        }
    }
    if (indices->len > 0) {
        char *subject = series_set_subject(telling->set, telling->context, indices);
        draft_add(telling->draft, wording_text(telling->wording, rule, "subjects", subject, NULL), rule,
                  event_threshold(kind), "%s", inputs->str);
        g_free(subject);
    }
    g_string_free(inputs, TRUE);
    g_array_unref(indices);
}

static int double_compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Whether the whole measure fell on the run's days, against the observed days around them. */
static bool run_is_fall(const struct series_set *set, const uint64_t *daily, const struct day_range *run)
{
    double around[2 * AROUND_DAYS];
    size_t count = 0;
    double sum = 0;
    int days = 0;
    for (int day = MAX(run->first - AROUND_DAYS, 0); day <= MIN(run->last + AROUND_DAYS, set->day_count - 1);
         day++) {
        if (!set->observed[day])
            continue;
        if (day < run->first || day > run->last) {
            around[count++] = (double)daily[day];
        } else {
            sum += (double)daily[day];
            days++;
        }
    }
    if (count == 0 || days == 0)
        return false;
    qsort(around, count, sizeof *around, double_compare);
    return sum / days < FALL_RATIO * around[count / 2];
}

static void tell_stopped(const struct telling *telling)
{
    static char *const no_keys[] = {NULL};
    const struct series_set *set = telling->set;
    struct availability availability;
    availability_init(&availability, telling->context->current, set->measure);
    GArray *runs = availability_runs_below(&availability, AVAILABILITY_MINIMUM);
    uint64_t *daily = g_new0(uint64_t, (size_t)set->day_count);
    uint64_t total;
    if (runs->len > 0) /* uniting sources takes its time */
        summary_united(telling->context->current, set->measure, no_keys, true, daily, &total);
    for (guint i = 0; i < runs->len; i++) {
        const struct day_range *run = &g_array_index(runs, struct day_range, i);
        struct civil_date first = edition_day(telling->edition, run->first);
        struct civil_date last = edition_day(telling->edition, run->last);
        char first_text[CIVIL_DATE_SIZE], last_text[CIVIL_DATE_SIZE];
        GString *range = g_string_new(NULL);
        phrase_append_range(telling->wording, range, first, last);
        const char *rule = run_is_fall(set, daily, run) ? "sensors-stopped-fall" : "sensors-stopped";
        draft_add(telling->draft, wording_text(telling->wording, rule, "range", range->str, NULL), rule,
                  AVAILABILITY_THRESHOLD, "%s %s to %s delivering %zu of %zu sensors on the first day",
                  telling->figure, civil_date_format(first, first_text), civil_date_format(last, last_text),
                  availability.delivering[run->first], availability.active[run->first]);
        g_string_free(range, TRUE);
    }
    g_free(daily);
    g_array_unref(runs);
    availability_release(&availability);
}

static void tell_missing(const struct telling *telling)
{
    GArray *runs = day_runs(telling->set->observed, false, telling->set->day_count);
    for (guint i = 0; i < runs->len; i++) {
        const struct day_range *run = &g_array_index(runs, struct day_range, i);
        struct civil_date first = edition_day(telling->edition, run->first);
        struct civil_date last = edition_day(telling->edition, run->last);
        char first_text[CIVIL_DATE_SIZE], last_text[CIVIL_DATE_SIZE];
        GString *range = g_string_new(NULL);
        phrase_append_range(telling->wording, range, first, last);
        draft_add(telling->draft,
                  wording_text(telling->wording, "nothing-delivered", "range", range->str, NULL),
                  "nothing-delivered", "no sensor delivered", "%s %s to %s", telling->figure,
                  civil_date_format(first, first_text), civil_date_format(last, last_text));
        g_string_free(range, TRUE);
    }
    g_array_unref(runs);
}

static uint64_t largest_total(const struct series_set *set)
{
    uint64_t largest = 0;
    for (size_t i = 0; i < set->series_count; i++)
        largest = MAX(largest, set->series[i].total);
    return largest;
}

void figure_draft(struct model_draft *draft, const struct context *context,
                  const struct figure_definition *definition, const struct series_set *set)
{
    struct telling telling = {
        .draft = draft,
        .context = context,
        .wording = context->wording,
        .edition = &context->current->edition,
        .figure = definition->id,
        .set = set,
    };
    if (largest_total(set) == 0) {
        draft_add(draft, wording_text(context->wording, "nothing-observed", NULL), "nothing-observed", "",
                  "%s total 0", definition->id);
        return;
    }
    for (size_t i = 0; i < set->series_count; i++)
        tell_series(&telling, &set->series[i]);
    tell_together(&telling, EVENT_INCREASE, "trend-up");
    tell_together(&telling, EVENT_DECREASE, "trend-down");
    tell_together(&telling, EVENT_CONSTANT, "constant");
    if (draft->sentence_count == 0)
        draft_add(draft, wording_text(context->wording, "no-event", NULL), "no-event", "no other rule fits",
                  "%s", definition->id);
    tell_stopped(&telling);
    tell_missing(&telling);
}
