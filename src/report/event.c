#include "report/event.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "report/event_rhythm.h"
#include "report/event_step.h"
#include "report/statistics.h"

/* Days on either side of the centre of a 7-day median, how many of the seven must be observed, and how far
 * away the nearest observed days may lie. */
enum { HALF_WINDOW = 3, WINDOW_DAYS_MINIMUM = 4, REACH_DAYS = 10 };
/* Below two weeks of observed days nothing is said about a series. */
enum { OBSERVED_DAYS_MINIMUM = 14 };
/* A rise: over twice the quarter's median, and by so many packets or addresses a day that it is no noise of
 * small counts. */
static const double RISE_RATIO = 2.0;
static const double RISE_AMOUNT_MINIMUM = 10.0;
enum { RISE_DAYS_MINIMUM = 3 };
/* A peak: in robust standard deviations, in relation to the 7-day median, and in days. */
static const double PEAK_DEVIATIONS = 6.0;
static const double PEAK_RATIO = 1.5;
static const double PEAK_LOG_DEVIATIONS = 5.0;
enum { PEAK_DAYS_MAXIMUM = 3 };
/* Mann-Kendall: two-sided 1 % of the normal distribution. */
static const double TREND_Z = 2.576;
static const double TREND_CHANGE = 0.20;
/* Weekly rhythm: the highest day less the lowest. */
static const double WEEKLY_SPREAD = 0.20;
/* Peaks that are the crests of a rhythm: so many at least, and none higher than so many times their median.
 */
enum { CRESTS_MINIMUM = 3 };
static const double CREST_RATIO = 1.5;
/* Weekends and noise stay within it. */
static const double CONSTANT_SPREAD = 0.25;
/* Below this part of the usual packets a day may move because of its sensors; below the second it tells
 * nothing about what the others would have counted. */
static const double EXPOSURE_STEADY = 0.95;
static const double EXPOSURE_LEAST = 0.25;

const char *event_kind_name(enum event_kind kind)
{
    static const char *const names[] = {
        [EVENT_RISE] = "rise",         [EVENT_PEAK] = "peak",         [EVENT_INCREASE] = "increase",
        [EVENT_DECREASE] = "decrease", [EVENT_STEP_UP] = "step-up",   [EVENT_STEP_DOWN] = "step-down",
        [EVENT_WEEKLY] = "weekly",     [EVENT_PERIODIC] = "periodic", [EVENT_CONSTANT] = "constant",
    };
    return names[kind];
}

const char *event_threshold(enum event_kind kind)
{
    switch (kind) {
    case EVENT_RISE:
        return "7-day median over 2 x the level (the quarter's median, or that of a step or trend), 3 days "
               "or more";
    case EVENT_PEAK:
        return "over its 7-day median by 6 x 1.4826 x MAD, by 5 of them in logarithms and by 50%, at most 3 "
               "days";
    case EVENT_INCREASE:
    case EVENT_DECREASE:
        return "Mann-Kendall |z| over 2.576 and Theil-Sen change over 20%";
    case EVENT_STEP_UP:
    case EVENT_STEP_DOWN:
        return "Pettitt p under 0.01, levels apart by 50%, 7 days on either side";
    case EVENT_WEEKLY:
        return "Kruskal-Wallis H over 22.46 by day of the week, 20% apart";
    case EVENT_PERIODIC:
        return "Lomb-Scargle false alarm under 0.1% at a period of 2 to 8 days, 20% apart";
    case EVENT_KINDS:
        break;
    case EVENT_CONSTANT:
        return "7-day medians within 25% of the quarter's median";
    }
    return "";
}

/* The median of the day and the three observed days nearest to it on either side: its own week, or, where
 * days of that are missing, days up to REACH_DAYS away on the same side. At the quarter's edges the window is
 * cut, not moved. NAN where it has fewer than WINDOW_DAYS_MINIMUM. */
static void rolling_median(const double *values, const bool *observed, int day_count, double *medians)
{
    for (int day = 0; day < day_count; day++) {
        double window[2 * HALF_WINDOW + 1];
        size_t count = 0;
        if (observed[day])
            window[count++] = values[day];
        for (int side = -1; side <= 1; side += 2) {
            int taken = 0;
            for (int away = 1; away <= REACH_DAYS && taken < HALF_WINDOW; away++) {
                int at = day + side * away;
                if (at < 0 || at >= day_count)
                    break;
                if (!observed[at])
                    continue;
                window[count++] = values[at];
                taken++;
            }
        }
        medians[day] = count >= WINDOW_DAYS_MINIMUM ? statistics_median(window, count) : NAN;
    }
}

/* Borrowed until the next one is added. */
static struct event *event_add(GArray *events, enum event_kind kind, int first, int last, double value)
{
    struct event event = {.kind = kind, .first_day = first, .last_day = last, .value = value};
    g_array_append_val(events, event);
    return &g_array_index(events, struct event, events->len - 1);
}

static void find_rises(GArray *events, const bool *observed, int day_count, const double *medians,
                       const double *levels)
{
    int first = -1, last = -1;
    for (int day = 0; day <= day_count; day++) {
        /* A missing day neither begins nor ends a rise. */
        if (day < day_count && (!observed[day] || isnan(medians[day])))
            continue;
        bool high = day < day_count && medians[day] > RISE_RATIO * levels[day] &&
                    medians[day] > levels[day] + RISE_AMOUNT_MINIMUM;
        if (high) {
            first = first < 0 ? day : first;
            last = day;
        } else if (first >= 0) {
            if (last - first + 1 >= RISE_DAYS_MINIMUM)
                event_add(events, EVENT_RISE, first, last, 0);
            first = -1;
        }
    }
}

static bool is_in_event(const GArray *events, int day)
{
    for (guint i = 0; i < events->len; i++) {
        const struct event *event = &g_array_index(events, struct event, i);
        if (day >= event->first_day && day <= event->last_day)
            return true;
    }
    return false;
}

/* How the days scatter about their 7-day medians: robust standard deviations of counts and of their
 * logarithms. */
struct scatter {
    double counts, logs;
    const double *profile; /* of the week, that values were divided by */
};

static struct scatter scatter_of(const double *values, const bool *observed, int day_count,
                                 const double *medians, const double *profile)
{
    double *residuals = g_new(double, (size_t)day_count), *ratios = g_new(double, (size_t)day_count);
    size_t count = 0;
    for (int day = 0; day < day_count; day++)
        if (observed[day] && !isnan(medians[day])) {
            ratios[count] = fabs(statistics_log_ratio(values[day], medians[day]));
            residuals[count++] = fabs(values[day] - medians[day]);
        }
    struct scatter scatter = {STATISTICS_MAD_TO_DEVIATION * statistics_median(residuals, count),
                              STATISTICS_MAD_TO_DEVIATION * statistics_median(ratios, count), profile};
    g_free(ratios);
    g_free(residuals);
    return scatter;
}

/* By how many deviations a day stands over its level. Counts vary by the square root of their mean at least:
 * a series that hardly varies has a scatter of 0. What was divided by a part of the week varies by so much
 * more. */
static double deviations_of(const struct scatter *scatter, int day, double value, double level)
{
    double part = scatter->profile[day % WEEKLY_RHYTHM_DAYS];
    return (value - level) / fmax(scatter->counts, sqrt(fmax(level / part, 1)));
}

static bool is_high(const struct scatter *scatter, int day, double value, double level)
{
    double counted = level * scatter->profile[day % WEEKLY_RHYTHM_DAYS];
    /* What is left of the logarithms' variance without that of counting: noise that grows with the level. */
    double log_scale = sqrt(fmax(scatter->logs * scatter->logs - 1 / (counted + 1), 0));
    return deviations_of(scatter, day, value, level) > PEAK_DEVIATIONS &&
           statistics_log_ratio(value, level) > PEAK_LOG_DEVIATIONS * log_scale && value > PEAK_RATIO * level;
}

static void find_peaks(GArray *events, const double *values, const bool *observed, int day_count,
                       const double *medians, const double *profile)
{
    struct scatter scatter = scatter_of(values, observed, day_count, medians, profile);
    GArray *rises = g_array_copy(events);
    int first = -1;
    for (int day = 0; day <= day_count; day++) {
        bool high = day < day_count && observed[day] && !isnan(medians[day]) && !is_in_event(rises, day) &&
                    is_high(&scatter, day, values[day], medians[day]);
        if (high && first < 0)
            first = day;
        if (!high && first >= 0) {
            if (day - first <= PEAK_DAYS_MAXIMUM)
                event_add(events, EVENT_PEAK, first, day - 1, 0);
            first = -1;
        }
    }
    g_array_unref(rises);
}

/* By how many deviations rises (their medians) and peaks (their days) stand out: of the day that does most.
 */
static void measure_deviations(GArray *events, const double *values, const bool *observed, int day_count,
                               const double *medians, const double *levels, const double *profile)
{
    struct scatter scatter = scatter_of(values, observed, day_count, medians, profile);
    for (guint i = 0; i < events->len; i++) {
        struct event *event = &g_array_index(events, struct event, i);
        for (int day = event->first_day; day <= event->last_day; day++)
            if (observed[day] && !isnan(medians[day]))
                event->deviations =
                    fmax(event->deviations, event->kind == EVENT_PEAK
                                                ? deviations_of(&scatter, day, values[day], medians[day])
                                                : deviations_of(&scatter, day, medians[day], levels[day]));
    }
}

/* Whether a line (of logarithms) fits better than one level that the rises stand out of: then those at the
 * edges are its ends, and `line` becomes the level of each day. */
static bool line_fits_better(const GArray *events, const double *values, const bool *observed, int day_count,
                             double median, double *line)
{
    double *logs = g_new(double, (size_t)day_count), *levels = g_new(double, (size_t)day_count);
    double misfit = 0;
    for (int day = 0; day < day_count; day++) {
        logs[day] = log(values[day] + 1);
        levels[day] = log(median + 1);
    }
    for (guint i = 0; i < events->len; i++) {
        const struct event *event = &g_array_index(events, struct event, i);
        size_t count = 0;
        double *own = g_new(double, (size_t)day_count);
        for (int day = event->first_day; day <= event->last_day; day++)
            if (observed[day])
                own[count++] = logs[day];
        double level = statistics_median(own, count);
        for (int day = event->first_day; day <= event->last_day; day++)
            levels[day] = level;
        g_free(own);
    }
    for (int day = 0; day < day_count; day++)
        misfit += observed[day] ? fabs(logs[day] - levels[day]) : 0;
    struct observed_series series = observed_series_new(logs, observed, day_count);
    struct trend trend = statistics_trend(logs, observed, day_count);
    bool better = statistics_line_misfit(&series, &trend) < misfit;
    for (int day = 0; day < day_count && better; day++)
        line[day] = exp(trend.start + trend.slope * (day - series.days[0])) - 1;
    observed_series_release(&series);
    g_free(levels);
    g_free(logs);
    return better;
}

static double relative_spread(const double *medians, int day_count, double median)
{
    double low = INFINITY, high = -INFINITY;
    for (int day = 0; day < day_count; day++)
        if (!isnan(medians[day])) {
            low = fmin(low, medians[day]);
            high = fmax(high, medians[day]);
        }
    return median > 0 && high >= low ? (high - low) / median : INFINITY;
}

static size_t count_kind(const GArray *events, enum event_kind kind)
{
    size_t count = 0;
    for (guint i = 0; i < events->len; i++)
        count += g_array_index(events, struct event, i).kind == kind;
    return count;
}

/* One change of the whole series at most: a step, a trend, or none at all. */
static void find_whole(GArray *events, const double *values, const bool *observed, int day_count,
                       const double *medians, double median, const double *profile)
{
    struct trend trend = statistics_trend(values, observed, day_count);
    struct event_step step;
    bool is_trend = fabs(trend.z) > TREND_Z && fabs(trend.change) > TREND_CHANGE;
    bool is_step = event_step_find(values, observed, day_count, medians, &step);
    /* The level that a rise stands out of. */
    double *levels = g_new(double, (size_t)day_count);
    for (int day = 0; day < day_count; day++)
        levels[day] = !is_step ? median : day < step.day ? step.before : step.after;
    find_rises(events, observed, day_count, medians, levels);
    if (is_trend && !is_step && events->len > 0 &&
        line_fits_better(events, values, observed, day_count, median, levels)) {
        g_array_set_size(events, 0);
        find_rises(events, observed, day_count, medians, levels);
    }
    find_peaks(events, values, observed, day_count, medians, profile);
    measure_deviations(events, values, observed, day_count, medians, levels, profile);
    double spread = relative_spread(medians, day_count, median);
    if (is_step)
        event_add(events, step.after > step.before ? EVENT_STEP_UP : EVENT_STEP_DOWN, step.day, day_count - 1,
                  step.before > 0 ? step.after / step.before - 1 : 1)
            ->p = step.p;
    else if (count_kind(events, EVENT_RISE) > 0)
        ; /* a series with a rise is neither steady nor constant */
    else if (is_trend)
        event_add(events, trend.change > 0 ? EVENT_INCREASE : EVENT_DECREASE, 0, day_count - 1, trend.change)
            ->p = trend.p;
    else if (events->len == 0 && spread < CONSTANT_SPREAD)
        event_add(events, EVENT_CONSTANT, 0, day_count - 1, spread);
    g_free(levels);
}

/* Of the observed values. `room` holds as many as there are days. */
static double observed_median(const double *values, const bool *observed, int day_count, double *room)
{
    size_t count = 0;
    for (int day = 0; day < day_count; day++)
        if (observed[day])
            room[count++] = values[day];
    return statistics_median(room, count);
}

/* The highest counts, as they were counted. */
static void measure_values(GArray *events, const uint64_t *daily, const bool *observed)
{
    for (guint i = 0; i < events->len; i++) {
        struct event *event = &g_array_index(events, struct event, i);
        uint64_t maximum = 0;
        if (event->kind != EVENT_RISE && event->kind != EVENT_PEAK)
            continue;
        for (int day = event->first_day; day <= event->last_day; day++)
            if (observed[day])
                maximum = MAX(maximum, daily[day]);
        event->value = (double)maximum;
    }
}

/* Peaks of much the same height are the crests of the rhythm that was found. */
static void drop_crests(GArray *events)
{
    double *heights = g_new(double, events->len + 1);
    size_t count = 0;
    for (guint i = 0; i < events->len; i++)
        if (g_array_index(events, struct event, i).kind == EVENT_PEAK)
            heights[count++] = g_array_index(events, struct event, i).value;
    double limit = CREST_RATIO * statistics_median(heights, count);
    for (guint i = events->len; i-- > 0 && count >= CRESTS_MINIMUM;) {
        const struct event *event = &g_array_index(events, struct event, i);
        if (event->kind == EVENT_PEAK && event->value <= limit)
            g_array_remove_index(events, i);
    }
    g_free(heights);
}

/* The rhythm of the week is taken out of values before anything else is looked for. */
static void find_events(GArray *events, double *values, const uint64_t *daily, const bool *observed,
                        int day_count)
{
    double *medians = g_new(double, (size_t)day_count), *room = g_new(double, (size_t)day_count);
    rolling_median(values, observed, day_count, medians);
    struct weekly_rhythm weekly = weekly_rhythm_find(values, observed, day_count, medians);
    for (int day = 0; day < day_count; day++)
        values[day] /= weekly.profile[day % WEEKLY_RHYTHM_DAYS];
    rolling_median(values, observed, day_count, medians);
    find_whole(events, values, observed, day_count, medians,
               observed_median(values, observed, day_count, room), weekly.profile);
    measure_values(events, daily, observed);
    if (weekly.spread > WEEKLY_SPREAD) {
        struct event *event = event_add(events, EVENT_WEEKLY, 0, day_count - 1, weekly.spread);
        event->period_days = WEEKLY_RHYTHM_DAYS;
        event->p = weekly.p;
    }
    struct periodic_rhythm periodic = periodic_rhythm_find(values, observed, day_count, medians);
    if (periodic.spread > 0) {
        drop_crests(events);
        struct event *event = event_add(events, EVENT_PERIODIC, 0, day_count - 1, periodic.spread);
        event->period_days = periodic.period_days;
        event->p = periodic.p;
    }
    g_free(room);
    g_free(medians);
}

void event_list_init(struct event_list *list, const uint64_t *daily, const bool *observed, int day_count)
{
    memset(list, 0, sizeof *list);
    size_t size = (size_t)MAX(day_count, 1), count = 0;
    double *values = g_new0(double, size), *sorted = g_new0(double, size);
    GArray *events = g_array_new(FALSE, FALSE, sizeof(struct event));
    for (int day = 0; day < day_count; day++) {
        values[day] = (double)daily[day];
        if (observed[day])
            sorted[count++] = values[day];
    }
    list->median = statistics_median(sorted, count);
    list->is_short = count < OBSERVED_DAYS_MINIMUM;
    if (!list->is_short)
        find_events(events, values, daily, observed, day_count);
    g_free(sorted);
    g_free(values);
    list->event_count = events->len;
    list->events = (struct event *)(void *)g_array_free(events, FALSE);
}

/* 1: up, -1: down, 0: neither. */
static int direction_of(const struct event *event)
{
    switch (event->kind) {
    case EVENT_RISE:
    case EVENT_PEAK:
    case EVENT_STEP_UP:
    case EVENT_INCREASE:
        return 1;
    case EVENT_STEP_DOWN:
    case EVENT_DECREASE:
        return -1;
    case EVENT_WEEKLY:
    case EVENT_PERIODIC:
    case EVENT_CONSTANT:
    case EVENT_KINDS:
        break;
    }
    return 0;
}

/* Moves of days stand for each other, and those of weeks; rises are both. */
static bool is_like(enum event_kind kind, enum event_kind other)
{
    bool trend = other == EVENT_INCREASE || other == EVENT_DECREASE;
    return kind == EVENT_RISE || kind == EVENT_PEAK ? !trend : other != EVENT_PEAK;
}

static bool is_confirmed(const struct event *event, const struct event_list *others)
{
    int direction = direction_of(event);
    for (size_t i = 0; direction != 0 && i < others->event_count; i++) {
        const struct event *other = &others->events[i];
        if (direction_of(other) == direction && is_like(event->kind, other->kind) &&
            other->first_day <= event->last_day && event->first_day <= other->last_day)
            return true;
    }
    return direction == 0;
}

void event_list_confirm(struct event_list *list, const uint64_t *daily, const bool *observed,
                        const double *exposure, int day_count)
{
    uint64_t *scaled = g_new0(uint64_t, (size_t)MAX(day_count, 1));
    bool *known = g_new0(bool, (size_t)MAX(day_count, 1));
    bool varies = false;
    size_t kept = 0;
    for (int day = 0; day < day_count; day++) {
        varies |= observed[day] && exposure[day] < EXPOSURE_STEADY;
        known[day] = observed[day] && exposure[day] >= EXPOSURE_LEAST;
        if (known[day])
            scaled[day] = (uint64_t)llround(fmin((double)daily[day] / exposure[day], 1e18));
    }
    if (varies && list->event_count > 0) {
        struct event_list others;
        event_list_init(&others, scaled, known, day_count);
        for (size_t i = 0; i < list->event_count; i++)
            if (is_confirmed(&list->events[i], &others))
                list->events[kept++] = list->events[i];
        list->dropped = list->event_count - kept;
        list->event_count = kept;
        event_list_release(&others);
    }
    g_free(known);
    g_free(scaled);
}

void event_list_release(struct event_list *list)
{
    g_clear_pointer(&list->events, g_free);
    list->event_count = 0;
}
