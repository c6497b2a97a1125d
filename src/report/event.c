#include "report/event.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Days on either side of the centre of a 7-day median, and how many of the seven must be observed. */
enum { HALF_WINDOW = 3, WINDOW_DAYS_MINIMUM = 4 };
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
enum { PEAK_DAYS_MAXIMUM = 3 };
/* The median absolute deviation of normal noise, times this, is its standard deviation. */
static const double MAD_TO_DEVIATION = 1.4826;
/* Mann-Kendall: two-sided 1 % of the normal distribution. Kendall's tau over which a rise at the edge is but
 * the end of a trend. */
static const double TREND_Z = 2.576;
static const double TREND_CHANGE = 0.20;
static const double TREND_TAU_STRONG = 0.7;
/* Steps: Pettitt's p, the levels' ratio, so many observed days on either side, and how much better than a
 * line. */
static const double STEP_P = 0.01;
static const double STEP_RATIO = 1.5;
static const double STEP_AMOUNT_MINIMUM = 10.0;
static const double STEP_FIT = 0.9;
static const double STEP_NEAR = 0.8; /* of the days on each side */
enum { STEP_DAYS_MINIMUM = 7 };
/* Weekly rhythm: chi-square of 6 degrees of freedom, 0.1 %; and its size. */
static const double WEEKLY_H = 22.46;
static const double WEEKLY_SPREAD = 0.20;
/* Weekends and noise stay within it. */
static const double CONSTANT_SPREAD = 0.25;

const char *event_kind_name(enum event_kind kind)
{
    static const char *const names[] = {
        [EVENT_RISE] = "rise",         [EVENT_PEAK] = "peak",         [EVENT_INCREASE] = "increase",
        [EVENT_DECREASE] = "decrease", [EVENT_STEP_UP] = "step-up",   [EVENT_STEP_DOWN] = "step-down",
        [EVENT_WEEKLY] = "weekly",     [EVENT_CONSTANT] = "constant",
    };
    return names[kind];
}

const char *event_threshold(enum event_kind kind)
{
    switch (kind) {
    case EVENT_RISE:
        return "7-day median over 2 x the quarter's median, 3 days or more";
    case EVENT_PEAK:
        return "over its 7-day median by 6 x 1.4826 x MAD and by 50%, at most 3 days";
    case EVENT_INCREASE:
    case EVENT_DECREASE:
        return "Mann-Kendall |z| over 2.576 and Theil-Sen change over 20%";
    case EVENT_STEP_UP:
    case EVENT_STEP_DOWN:
        return "Pettitt p under 0.01, levels apart by 50%, 7 days on either side";
    case EVENT_WEEKLY:
        return "Kruskal-Wallis H over 22.46 by day of the week, 20% apart";
    case EVENT_KINDS:
        break;
    case EVENT_CONSTANT:
        return "7-day medians within 25% of the quarter's median";
    }
    return "";
}

static int double_compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Sorts the values. */
static double median_of(double *values, size_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, double_compare);
    return count % 2 == 1 ? values[count / 2] : values[count / 2 - 1] / 2 + values[count / 2] / 2;
}

/* NAN where fewer than WINDOW_DAYS_MINIMUM days of the window were observed. */
static void rolling_median(const double *values, const bool *observed, int day_count, double *medians)
{
    for (int day = 0; day < day_count; day++) {
        double window[2 * HALF_WINDOW + 1];
        size_t count = 0;
        for (int i = MAX(day - HALF_WINDOW, 0); i <= MIN(day + HALF_WINDOW, day_count - 1); i++)
            if (observed[i])
                window[count++] = values[i];
        medians[day] = count >= WINDOW_DAYS_MINIMUM ? median_of(window, count) : NAN;
    }
}

static void event_add(GArray *events, enum event_kind kind, int first, int last, double value)
{
    struct event event = {.kind = kind, .first_day = first, .last_day = last, .value = value};
    g_array_append_val(events, event);
}

/* The highest observed value of a run of days. */
static double run_maximum(const double *values, const bool *observed, int first, int last)
{
    double maximum = 0;
    for (int day = first; day <= last; day++)
        if (observed[day] && values[day] > maximum)
            maximum = values[day];
    return maximum;
}

static void find_rises(GArray *events, const double *values, const bool *observed, int day_count,
                       const double *medians, const double *levels)
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
                event_add(events, EVENT_RISE, first, last, run_maximum(values, observed, first, last));
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

static void find_peaks(GArray *events, const double *values, const bool *observed, int day_count,
                       const double *medians)
{
    double *residuals = g_new(double, (size_t)day_count);
    size_t count = 0;
    for (int day = 0; day < day_count; day++)
        if (observed[day] && !isnan(medians[day]))
            residuals[count++] = fabs(values[day] - medians[day]);
    double deviation = MAD_TO_DEVIATION * median_of(residuals, count);
    g_free(residuals);
    GArray *rises = g_array_copy(events);
    int first = -1;
    for (int day = 0; day <= day_count; day++) {
        bool high = false;
        if (day < day_count && observed[day] && !isnan(medians[day]) && !is_in_event(rises, day)) {
            /* Counts vary by the square root of their mean at least: a series that hardly varies has a MAD of
             * 0. */
            double scale = fmax(deviation, sqrt(fmax(medians[day], 1)));
            high = values[day] - medians[day] > PEAK_DEVIATIONS * scale &&
                   values[day] > PEAK_RATIO * medians[day];
        }
        if (high && first < 0)
            first = day;
        if (!high && first >= 0) {
            if (day - first <= PEAK_DAYS_MAXIMUM)
                event_add(events, EVENT_PEAK, first, day - 1, run_maximum(values, observed, first, day - 1));
            first = -1;
        }
    }
    g_array_unref(rises);
}

struct trend {
    double z;            /* Mann-Kendall's statistic, corrected for ties */
    double tau;          /* Kendall's tau-a, -1 to 1 */
    double change;       /* of the Theil-Sen line over the quarter, relative to its start */
    double start, slope; /* of that line, on the first observed day and per day */
};

/* Variance of Mann-Kendall's S: n(n-1)(2n+5), less t(t-1)(2t+5) for every group of t equal values, over 18.
 * Sorts the values. */
static double kendall_variance(double *values, size_t count)
{
    qsort(values, count, sizeof *values, double_compare);
    double n = (double)count;
    double sum = n * (n - 1) * (2 * n + 5);
    for (size_t i = 0; i < count;) {
        size_t end = i + 1;
        while (end < count && values[end] <= values[i])
            end++;
        double t = (double)(end - i);
        sum -= t * (t - 1) * (2 * t + 5);
        i = end;
    }
    return sum / 18;
}

static struct trend trend_of(const double *values, const bool *observed, int day_count)
{
    struct trend trend = {0};
    double *seen = g_new(double, (size_t)day_count);
    double *days = g_new(double, (size_t)day_count);
    size_t count = 0;
    for (int day = 0; day < day_count; day++)
        if (observed[day]) {
            seen[count] = values[day];
            days[count++] = day;
        }
    double *slopes = g_new(double, count *(count - 1) / 2);
    size_t slope_count = 0;
    double s = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            s += (seen[j] > seen[i]) - (seen[j] < seen[i]);
            slopes[slope_count++] = (seen[j] - seen[i]) / (days[j] - days[i]);
        }
    double slope = median_of(slopes, slope_count);
    double span = days[count - 1] - days[0];
    double *starts = g_new(double, count);
    for (size_t i = 0; i < count; i++)
        starts[i] = seen[i] - slope * (days[i] - days[0]);
    double start = median_of(starts, count);
    double variance = kendall_variance(seen, count);
    double corrected = s > 0 ? s - 1 : s < 0 ? s + 1 : 0;
    trend.z = variance > 0 ? corrected / sqrt(variance) : 0;
    trend.tau = s / ((double)count * (double)(count - 1) / 2);
    /* A line that starts at nothing has no relative change; it is measured against what it reaches. */
    trend.start = start;
    trend.slope = slope;
    trend.change = start > 0 ? slope * span / start : slope > 0 ? 1 : 0;
    g_free(starts);
    g_free(slopes);
    g_free(days);
    g_free(seen);
    return trend;
}

/* ---- steps ---- */

/* A series without its missing days. */
struct observed_series {
    double *values; /* [count] */
    int *days;      /* [count] */
    size_t count;
};

static struct observed_series observed_of(const double *values, const bool *observed, int day_count)
{
    struct observed_series series = {g_new(double, (size_t)day_count), g_new(int, (size_t)day_count), 0};
    for (int day = 0; day < day_count; day++)
        if (observed[day]) {
            series.values[series.count] = values[day];
            series.days[series.count++] = day;
        }
    return series;
}

/* From 1; equal values share the mean of theirs. */
static double rank_of(const struct observed_series *series, size_t index)
{
    double below = 0, equal = 0;
    for (size_t i = 0; i < series->count; i++) {
        below += series->values[i] < series->values[index];
        equal += !(series->values[i] < series->values[index]) && !(series->values[i] > series->values[index]);
    }
    return below + (equal + 1) / 2;
}

/* The significance of Pettitt's change point. */
static double pettitt_p(const struct observed_series *series)
{
    double n = (double)series->count, u = 0, largest = 0;
    for (size_t i = 0; i + 1 < series->count; i++) {
        u += 2 * rank_of(series, i) - (n + 1);
        largest = fmax(largest, fabs(u));
    }
    return fmin(1, 2 * exp(-6 * largest * largest / (n * n * n + n * n)));
}

static double median_between(const struct observed_series *series, size_t first, size_t end)
{
    double *copy = g_memdup2(series->values + first, (end - first) * sizeof *copy);
    double median = median_of(copy, end - first);
    g_free(copy);
    return median;
}

/* Sum of the distances to a line through (day 0, start). */
static double line_misfit(const struct observed_series *series, const struct trend *trend)
{
    double sum = 0;
    for (size_t i = 0; i < series->count; i++)
        sum += fabs(series->values[i] - trend->start - trend->slope * (series->days[i] - series->days[0]));
    return sum;
}

static double levels_misfit(const struct observed_series *series, size_t at, double before, double after)
{
    double sum = 0;
    for (size_t i = 0; i < series->count; i++)
        sum += fabs(series->values[i] - (i < at ? before : after));
    return sum;
}

/* Two levels: the one that holds before the change, and the one after. */
struct step {
    size_t at; /* so many observed days stand before it */
    double before, after;
    double misfit;
};

/* The two levels that fit best; Pettitt's own point leans to the middle of the series. */
static struct step best_step(const struct observed_series *series)
{
    struct step best = {.misfit = INFINITY};
    for (size_t at = STEP_DAYS_MINIMUM; at + STEP_DAYS_MINIMUM <= series->count; at++) {
        struct step step = {at, median_between(series, 0, at), median_between(series, at, series->count), 0};
        step.misfit = levels_misfit(series, at, step.before, step.after);
        if (step.misfit < best.misfit)
            best = step;
    }
    return best;
}

/* Whether so many of the days are nearer to `level` than to `other`. */
static bool is_near(const struct observed_series *series, size_t first, size_t end, double level,
                    double other, double share)
{
    size_t near = 0;
    for (size_t i = first; i < end; i++)
        near += fabs(series->values[i] - level) < fabs(series->values[i] - other);
    return (double)near >= share * (double)(end - first);
}

/* A lasting change of level. Where a line fits as well, it is a trend; where the series returns, a rise. */
static bool find_step(const struct observed_series *series, const struct trend *trend, struct step *step)
{
    if (series->count < 2 * STEP_DAYS_MINIMUM || pettitt_p(series) >= STEP_P)
        return false;
    *step = best_step(series);
    double low = fmin(step->before, step->after), high = fmax(step->before, step->after);
    return high >= STEP_RATIO * low && high - low >= STEP_AMOUNT_MINIMUM &&
           step->misfit <= STEP_FIT * line_misfit(series, trend) &&
           is_near(series, 0, step->at, step->before, step->after, STEP_NEAR) &&
           is_near(series, step->at, series->count, step->after, step->before, STEP_NEAR) &&
           is_near(series, 0, STEP_DAYS_MINIMUM, step->before, step->after, 0.5) &&
           is_near(series, series->count - STEP_DAYS_MINIMUM, series->count, step->after, step->before, 0.5);
}

/* ---- weekly rhythm ---- */

/* Days of the week against each other, each day relative to its 7-day median, so that slower changes take no
 * part. */
static void find_weekly(GArray *events, const double *values, const bool *observed, int day_count,
                        const double *medians)
{
    enum { WEEK = 7 };
    struct observed_series series = {g_new(double, (size_t)day_count), g_new(int, (size_t)day_count), 0};
    double *own = g_new(double, (size_t)day_count);
    double sums[WEEK] = {0}, h = 0, low = INFINITY, high = -INFINITY;
    size_t counts[WEEK] = {0};
    bool complete = true;
    for (int day = 0; day < day_count; day++)
        if (observed[day] && medians[day] >= STEP_AMOUNT_MINIMUM) {
            series.values[series.count] = values[day] / medians[day];
            series.days[series.count++] = day;
        }
    double n = (double)series.count;
    for (size_t i = 0; i < series.count; i++) {
        sums[series.days[i] % WEEK] += rank_of(&series, i);
        counts[series.days[i] % WEEK]++;
    }
    for (int weekday = 0; weekday < WEEK; weekday++) {
        size_t own_count = 0;
        complete = complete && counts[weekday] > 0;
        if (counts[weekday] == 0)
            continue;
        for (size_t i = 0; i < series.count; i++)
            if (series.days[i] % WEEK == weekday)
                own[own_count++] = series.values[i];
        double middle = median_of(own, own_count);
        low = fmin(low, middle);
        high = fmax(high, middle);
        h += sums[weekday] * sums[weekday] / (double)counts[weekday];
    }
    h = n > 1 ? 12 / (n * (n + 1)) * h - 3 * (n + 1) : 0;
    if (complete && h > WEEKLY_H && high - low > WEEKLY_SPREAD)
        event_add(events, EVENT_WEEKLY, 0, day_count - 1, high - low);
    g_free(own);
    g_free(series.values);
    g_free(series.days);
}

/* The rises at the edges of a steady increase or decrease are a part of it. */
static void drop_edge_rises(GArray *events, int day_count)
{
    for (guint i = events->len; i-- > 0;) {
        const struct event *event = &g_array_index(events, struct event, i);
        if (event->kind == EVENT_RISE && (event->first_day == 0 || event->last_day == day_count - 1))
            g_array_remove_index(events, i);
    }
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
                       const double *medians, double median)
{
    struct observed_series series = observed_of(values, observed, day_count);
    struct trend trend = trend_of(values, observed, day_count);
    struct step step = {0};
    bool is_trend = fabs(trend.z) > TREND_Z && fabs(trend.change) > TREND_CHANGE;
    bool is_step = find_step(&series, &trend, &step);
    /* The level that a rise stands out of. */
    double *levels = g_new(double, (size_t)day_count);
    for (int day = 0; day < day_count; day++)
        levels[day] = !is_step ? median : day < series.days[step.at] ? step.before : step.after;
    find_rises(events, values, observed, day_count, medians, levels);
    if (is_trend && !is_step && fabs(trend.tau) > TREND_TAU_STRONG)
        drop_edge_rises(events, day_count);
    find_peaks(events, values, observed, day_count, medians);
    double spread = relative_spread(medians, day_count, median);
    if (is_step)
        event_add(events, step.after > step.before ? EVENT_STEP_UP : EVENT_STEP_DOWN, series.days[step.at],
                  day_count - 1, step.before > 0 ? step.after / step.before - 1 : 1);
    else if (count_kind(events, EVENT_RISE) > 0)
        ; /* a series with a rise is neither steady nor constant */
    else if (is_trend)
        event_add(events, trend.change > 0 ? EVENT_INCREASE : EVENT_DECREASE, 0, day_count - 1, trend.change);
    else if (events->len == 0 && spread < CONSTANT_SPREAD)
        event_add(events, EVENT_CONSTANT, 0, day_count - 1, spread);
    g_free(levels);
    g_free(series.values);
    g_free(series.days);
}

void event_list_init(struct event_list *list, const uint64_t *daily, const bool *observed, int day_count)
{
    memset(list, 0, sizeof *list);
    size_t size = (size_t)MAX(day_count, 1);
    double *values = g_new0(double, size);
    double *sorted = g_new0(double, size);
    double *medians = g_new0(double, size);
    GArray *events = g_array_new(FALSE, FALSE, sizeof(struct event));
    size_t count = 0;
    for (int day = 0; day < day_count; day++) {
        values[day] = (double)daily[day];
        if (observed[day])
            sorted[count++] = values[day];
    }
    list->median = median_of(sorted, count);
    if (count >= OBSERVED_DAYS_MINIMUM) {
        rolling_median(values, observed, day_count, medians);
        find_whole(events, values, observed, day_count, medians, list->median);
        find_weekly(events, values, observed, day_count, medians);
    }
    g_free(medians);
    g_free(sorted);
    g_free(values);
    list->event_count = events->len;
    list->events = (struct event *)(void *)g_array_free(events, FALSE);
}

void event_list_release(struct event_list *list)
{
    g_clear_pointer(&list->events, g_free);
    list->event_count = 0;
}
