/* The daily series of a figure as sentences. The one cause that a program may state is that of a fall on days
 * on which sensors stood still, for that is in its own data; every other is the analyst's. */
#include "report/figure_draft.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "report/availability.h"
#include "report/draft.h"
#include "report/phrase.h"
#include "report/statistics.h"

/* Days on which fewer sensors than this share of those in force delivered are told. */
static const double AVAILABILITY_MINIMUM = 0.95;
static const char AVAILABILITY_THRESHOLD[] = "under 95% of the sensors in force delivered";
/* A fall: the mean of those days is under this share of the median of the days around them, by more than so
 * many deviations of counting; and the sensors that stood still hold at least this part of it. */
static const double FALL_RATIO = 0.95;
static const double FALL_DEVIATIONS = 2;
static const double FALL_EXPLAINED = 0.5;
enum { AROUND_DAYS = 7 };
/* Of each series the highest peaks are told, not more than so many. */
enum { PEAKS_TOLD = 3 };
/* Of runs of days without sensors so many are named; then it is said how many days there were. */
enum { RUNS_TOLD = 4 };

struct telling {
    struct model_draft *draft;
    GArray *clauses; /* struct draft_clause of one series */
    const struct context *context;
    const struct wording *wording;
    const struct edition *edition;
    const char *figure; /* id */
    const struct series_set *set;
};

/* "ports-daily 23/TCP 2025-05-07 to 2025-05-09 value 5000 median 1000" at the end of `out`, behind "; ". */
static void event_inputs_append(GString *out, const struct telling *telling, const struct series *series,
                                const struct event *event)
{
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE], value[G_ASCII_DTOSTR_BUF_SIZE],
        median[G_ASCII_DTOSTR_BUF_SIZE];
    civil_date_format(edition_day(telling->edition, event->first_day), first);
    civil_date_format(edition_day(telling->edition, event->last_day), last);
    g_ascii_formatd(value, sizeof value, "%.6g", event->value);
    g_ascii_formatd(median, sizeof median, "%.6g", series->events.median);
    g_string_append_printf(out, "%s%s %s %s to %s value %s median %s", out->len > 0 ? "; " : "",
                           telling->figure, series->key, first, last, value, median);
}

/* A clause that may be joined with others. Takes inputs over. */
static void clause_add(const struct telling *telling, const char *rule, const char *threshold,
                       GString *inputs, const char *const *pairs)
{
    draft_clauses_add_forms(telling->clauses, telling->wording, rule, threshold, g_string_free(inputs, FALSE),
                            pairs);
}

/* One event by the rule; `date` is the day that it speaks of. */
static void tell_event(const struct telling *telling, const char *rule, const struct series *series,
                       const struct event *event, int day)
{
    GString *when = g_string_new(NULL), *inputs = g_string_new(NULL);
    phrase_append_date(telling->wording, when, edition_day(telling->edition, day));
    event_inputs_append(inputs, telling, series, event);
    clause_add(telling, rule, event_threshold(event->kind), inputs,
               (const char *const[]){"subject", series->subject, "date", when->str, NULL});
    g_string_free(when, TRUE);
}

static void tell_rise_not_mirai(const struct telling *telling, const struct series *series,
                                const struct event *event)
{
    GString *third = g_string_new(NULL), *inputs = g_string_new(NULL);
    char *thing = context_count_text(telling->context, "thing", telling->set->measure->count);
    phrase_append_third(telling->wording, third, edition_day(telling->edition, event->first_day));
    event_inputs_append(inputs, telling, series, event);
    clause_add(telling, "rise-not-mirai", event_threshold(event->kind), inputs,
               (const char *const[]){"third", third->str, "thing", thing, NULL});
    g_free(thing);
    g_string_free(third, TRUE);
}

/* Whether it begins and ends within the quarter: what goes on at its edges may not be temporary. */
static bool is_whole_rise(const struct telling *telling, const struct event *event)
{
    return event->kind == EVENT_RISE && event->first_day > 0 && event->last_day < telling->set->day_count - 1;
}

/* All rises of a series that lie within the quarter: one by its days, several by their number too. */
static void tell_whole_rises(const struct telling *telling, const struct series *series)
{
    GPtrArray *ranges = g_ptr_array_new_with_free_func(g_free);
    GString *inputs = g_string_new(NULL), *list = g_string_new(NULL);
    for (size_t i = 0; i < series->events.event_count; i++) {
        const struct event *event = &series->events.events[i];
        if (!is_whole_rise(telling, event))
            continue;
        GString *range = g_string_new(NULL);
        phrase_append_range_about(telling->wording, range, edition_day(telling->edition, event->first_day),
                                  edition_day(telling->edition, event->last_day));
        g_ptr_array_add(ranges, g_string_free(range, FALSE));
        event_inputs_append(inputs, telling, series, event);
    }
    phrase_append_list(telling->wording, list, ranges);
    char *count = g_strdup_printf("%u", ranges->len);
    if (ranges->len == 1)
        clause_add(telling, "rise", event_threshold(EVENT_RISE), inputs,
                   (const char *const[]){"subject", series->subject, "range", list->str, NULL});
    else if (ranges->len > 1)
        clause_add(
            telling, "rises", event_threshold(EVENT_RISE), inputs,
            (const char *const[]){"subject", series->subject, "ranges", list->str, "count", count, NULL});
    else
        g_string_free(inputs, TRUE);
    g_free(count);
    g_string_free(list, TRUE);
    g_ptr_array_unref(ranges);
}

static void tell_rises(const struct telling *telling, const struct series *series)
{
    for (size_t i = 0; i < series->events.event_count; i++) {
        const struct event *event = &series->events.events[i];
        if (event->kind != EVENT_RISE)
            continue;
        if (event->last_day == telling->set->day_count - 1)
            /* It may go on: nobody knows yet whether it is temporary. */
            tell_event(telling, "rise-until-end", series, event, event->first_day);
        else if (event->first_day == 0)
            tell_event(telling, "rise-from-start", series, event, event->last_day);
        else if (series->is_not_mirai)
            tell_rise_not_mirai(telling, series, event);
    }
    if (!series->is_not_mirai)
        tell_whole_rises(telling, series);
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

/* "5月3日、6月1日など5日": a list that names the first only. */
static void list_shorten(const struct telling *telling, GString *list, unsigned days)
{
    char *number = g_strdup_printf("%u", days);
    char *among = wording_text(telling->wording, "days-among", "labels", list->str, "count", number, NULL);
    g_string_assign(list, among);
    g_free(among);
    g_free(number);
}

/* All peaks in one clause: the highest by their days, and how many there were. */
static void tell_peaks(const struct telling *telling, const struct series *series)
{
    GPtrArray *ranges = g_ptr_array_new_with_free_func(g_free);
    GString *inputs = g_string_new(NULL), *list = g_string_new(NULL);
    unsigned count = 0, days = 0;
    for (size_t i = 0; i < series->events.event_count; i++) {
        const struct event *event = &series->events.events[i];
        count += event->kind == EVENT_PEAK;
        days += event->kind == EVENT_PEAK ? (unsigned)(event->last_day - event->first_day + 1) : 0;
        if (event->kind != EVENT_PEAK || !is_told_peak(series, i))
            continue;
        GString *range = g_string_new(NULL);
        phrase_append_range(telling->wording, range, edition_day(telling->edition, event->first_day),
                            edition_day(telling->edition, event->last_day));
        g_ptr_array_add(ranges, g_string_free(range, FALSE));
        event_inputs_append(inputs, telling, series, event);
    }
    phrase_append_list(telling->wording, list, ranges);
    if (count > ranges->len) {
        list_shorten(telling, list, days);
        g_string_append_printf(inputs, "; %u peaks on %u days", count, days);
    }
    if (count > 0)
        clause_add(telling, "peak", event_threshold(EVENT_PEAK), inputs,
                   (const char *const[]){"subject", series->subject, "range", list->str, NULL});
    else
        g_string_free(inputs, TRUE);
    g_string_free(list, TRUE);
    g_ptr_array_unref(ranges);
}

/* What happened in one series, its topic named once in a sentence. */
static void tell_series(const struct telling *telling, const struct series *series)
{
    tell_rises(telling, series);
    tell_peaks(telling, series);
    for (size_t i = 0; i < series->events.event_count; i++) {
        const struct event *event = &series->events.events[i];
        if (event->kind == EVENT_STEP_UP || event->kind == EVENT_STEP_DOWN)
            tell_event(telling, event->kind == EVENT_STEP_UP ? "step-up" : "step-down", series, event,
                       event->first_day);
    }
    draft_clauses_add(telling->draft, telling->clauses);
}

/* ---- the share of one tool ---- */

/* Of a figure that shows the senders with the Mirai feature apart. */
static void tell_mirai_share(const struct telling *telling)
{
    static char *const no_keys[] = {NULL};
    const struct measure_counts *measure = telling->set->measure;
    for (size_t i = 0; measure->by == BY_TOOL && i < telling->set->series_count; i++) {
        const struct series *series = &telling->set->series[i];
        uint64_t daily[EDITION_DAYS_MAX], total;
        if (strcmp(series->key, tool_name(TOOL_MIRAI)) != 0)
            continue;
        summary_united(telling->context->current, measure, no_keys, true, daily, &total);
        if (series->total <= total / 2)
            return;
        GString *percent = g_string_new(NULL);
        char *thing = context_count_text(telling->context, "thing", measure->count);
        phrase_append_percent(percent, series->total, total);
        draft_add(
            telling->draft,
            wording_text(telling->wording, "mirai-share", "thing", thing, "percent", percent->str, NULL),
            "mirai-share", "over half of the total", "%s %s count %" PRIu64 " of %" PRIu64, telling->figure,
            series->key, series->total, total);
        g_free(thing);
        g_string_free(percent, TRUE);
        return;
    }
}

/* Whether a series has gone up: what went down or stayed is told in contrast to it. */
static bool any_went_up(const struct series_set *set)
{
    for (size_t i = 0; i < set->series_count; i++)
        for (size_t j = 0; j < set->series[i].events.event_count; j++) {
            enum event_kind kind = set->series[i].events.events[j].kind;
            if (kind == EVENT_RISE || kind == EVENT_PEAK || kind == EVENT_STEP_UP || kind == EVENT_INCREASE)
                return true;
        }
    return false;
}

/* Whether it can be said that nothing happened: not of a few days, nor where something moved with the
 * sensors. */
static bool nothing_happened(const struct series_set *set)
{
    for (size_t i = 0; i < set->series_count; i++)
        if (set->series[i].events.dropped > 0 || set->series[i].events.is_short)
            return false;
    return true;
}

/* All series of one kind in one sentence. */
static void tell_together(const struct telling *telling, enum event_kind kind, const char *rule,
                          const char *pattern)
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
        draft_add(telling->draft, wording_text(telling->wording, pattern, "subjects", subject, NULL), rule,
                  event_threshold(kind), "%s", inputs->str);
        g_free(subject);
    }
    g_string_free(inputs, TRUE);
    g_array_unref(indices);
}

/* What was seen on the days of a run and around it: of the whole measure, or of what its sensors stand for.
 */
struct around {
    double mean, median; /* of the run's days; of those around it */
    int days;            /* observed ones of the run; 0 also when there are none around it */
};

static struct around around_run(const struct series_set *set, const double *daily,
                                const struct day_range *run)
{
    double beside[2 * AROUND_DAYS];
    size_t count = 0;
    struct around around = {0, 0, 0};
    for (int day = MAX(run->first - AROUND_DAYS, 0); day <= MIN(run->last + AROUND_DAYS, set->day_count - 1);
         day++) {
        if (!set->observed[day])
            continue;
        if (day < run->first || day > run->last) {
            beside[count++] = daily[day];
        } else {
            around.mean += daily[day];
            around.days++;
        }
    }
    around.days = count > 0 ? around.days : 0;
    around.mean /= MAX(around.days, 1);
    around.median = statistics_median(beside, count);
    return around;
}

/* Whether the measure fell on the run's days, and because of the sensors that stood still. */
static bool run_is_fall(const struct series_set *set, const double *daily, const double *exposure,
                        const struct day_range *run)
{
    struct around counts = around_run(set, daily, run), sensors = around_run(set, exposure, run);
    double fall = counts.median - counts.mean, noise = sqrt(counts.median / MAX(counts.days, 1));
    return counts.days > 0 && counts.mean < FALL_RATIO * counts.median && fall > FALL_DEVIATIONS * noise &&
           sensors.median - sensors.mean >= FALL_EXPLAINED * fall / counts.median * sensors.median;
}

/* ---- days without sensors ---- */

/* Runs of days that one sentence tells together. */
struct runs {
    GPtrArray *ranges; /* char *, the first RUNS_TOLD */
    GString *inputs;
    unsigned count, days;
};

static void runs_add(struct runs *runs, const struct telling *telling, const struct day_range *run,
                     const char *detail)
{
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE];
    struct civil_date from = edition_day(telling->edition, run->first);
    struct civil_date to = edition_day(telling->edition, run->last);
    runs->days += (unsigned)(run->last - run->first + 1);
    g_string_append_printf(runs->inputs, "%s%s %s to %s%s", runs->count > 0 ? "; " : "", telling->figure,
                           civil_date_format(from, first), civil_date_format(to, last), detail);
    if (runs->count++ >= RUNS_TOLD)
        return;
    GString *range = g_string_new(NULL);
    phrase_append_range(telling->wording, range, from, to);
    g_ptr_array_add(runs->ranges, g_string_free(range, FALSE));
}

static struct runs runs_new(void)
{
    return (struct runs){.ranges = g_ptr_array_new_with_free_func(g_free), .inputs = g_string_new(NULL)};
}

/* Tells the runs, when there are any, and releases them. */
static void runs_tell(struct runs *runs, const struct telling *telling, const char *rule,
                      const char *threshold)
{
    GString *list = g_string_new(NULL);
    phrase_append_list(telling->wording, list, runs->ranges);
    if (runs->count > RUNS_TOLD)
        list_shorten(telling, list, runs->days);
    if (runs->count > 0)
        draft_add(telling->draft, wording_text(telling->wording, rule, "range", list->str, NULL), rule,
                  threshold, "%s", runs->inputs->str);
    g_string_free(list, TRUE);
    g_string_free(runs->inputs, TRUE);
    g_ptr_array_unref(runs->ranges);
}

static void tell_stopped(const struct telling *telling)
{
    static char *const no_keys[] = {NULL};
    const struct series_set *set = telling->set;
    struct availability availability;
    availability_init(&availability, telling->context->current, set->measure);
    GArray *runs = availability_runs_below(&availability, AVAILABILITY_MINIMUM);
    uint64_t *united = g_new0(uint64_t, (size_t)set->day_count), total;
    double *daily = g_new0(double, (size_t)set->day_count);
    double *exposure = availability_exposure(telling->context->current, set->measure, no_keys, true);
    if (runs->len > 0) /* uniting sources takes its time */
        summary_united(telling->context->current, set->measure, no_keys, true, united, &total);
    for (int day = 0; day < set->day_count; day++)
        daily[day] = (double)united[day];
    struct runs fallen = runs_new(), other = runs_new();
    for (guint i = 0; i < runs->len; i++) {
        const struct day_range *run = &g_array_index(runs, struct day_range, i);
        char *detail = g_strdup_printf(" delivering %zu of %zu sensors on the first day",
                                       availability.delivering[run->first], availability.active[run->first]);
        runs_add(run_is_fall(set, daily, exposure, run) ? &fallen : &other, telling, run, detail);
        g_free(detail);
    }
    runs_tell(&fallen, telling, "sensors-stopped-fall", AVAILABILITY_THRESHOLD);
    runs_tell(&other, telling, "sensors-stopped", AVAILABILITY_THRESHOLD);
    g_free(exposure);
    g_free(daily);
    g_free(united);
    g_array_unref(runs);
    availability_release(&availability);
}

static void tell_missing(const struct telling *telling)
{
    GArray *missing = day_runs(telling->set->observed, false, telling->set->day_count);
    struct runs runs = runs_new();
    for (guint i = 0; i < missing->len; i++)
        runs_add(&runs, telling, &g_array_index(missing, struct day_range, i), "");
    runs_tell(&runs, telling, "nothing-delivered", "no sensor delivered");
    g_array_unref(missing);
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
        .clauses = draft_clauses_new(),
        .context = context,
        .wording = context->wording,
        .edition = &context->current->edition,
        .figure = definition->id,
        .set = set,
    };
    if (largest_total(set) == 0) {
        if (definition->table == NULL) /* else the table's draft has said so */
            draft_add(draft, wording_text(context->wording, "nothing-observed", NULL), "nothing-observed", "",
                      "%s total 0", definition->id);
        g_array_unref(telling.clauses);
        return;
    }
    tell_mirai_share(&telling);
    for (size_t i = 0; i < set->series_count; i++)
        tell_series(&telling, &set->series[i]);
    g_array_unref(telling.clauses);
    bool up = any_went_up(set);
    tell_together(&telling, EVENT_INCREASE, "trend-up", "trend-up");
    size_t risen = draft->sentence_count;
    tell_together(&telling, EVENT_DECREASE, "trend-down", up ? "trend-down-contrast" : "trend-down");
    /* One contrast is enough. */
    bool contrast = up && draft->sentence_count == risen;
    tell_together(&telling, EVENT_CONSTANT, "constant", contrast ? "constant-contrast" : "constant");
    if (draft->sentence_count == 0 && nothing_happened(set))
        draft_add(draft, wording_text(context->wording, "no-event", NULL), "no-event", "no other rule fits",
                  "%s", definition->id);
    tell_stopped(&telling);
    tell_missing(&telling);
}
