#include "report/event_step.h"

#include <glib.h>
#include <math.h>

#include "report/statistics.h"

/* Pettitt's p, the levels' ratio and distance, so many observed days on either side, how much better than a
 * line, and how many of the days on each side must be nearer to their own level. */
static const double STEP_P = 0.01;
static const double STEP_RATIO = 1.5;
static const double STEP_AMOUNT_MINIMUM = 10.0;
static const double STEP_FIT = 0.9;
static const double STEP_NEAR = 0.7;
enum { STEP_DAYS_MINIMUM = 7 };

static double median_between(const struct observed_series *series, size_t first, size_t end)
{
    double *copy = g_memdup2(series->values + first, (end - first) * sizeof *copy);
    double median = statistics_median(copy, end - first);
    g_free(copy);
    return median;
}

static double levels_misfit(const struct observed_series *series, size_t at, double before, double after)
{
    double sum = 0;
    for (size_t i = 0; i < series->count; i++)
        sum += fabs(series->values[i] - (i < at ? before : after));
    return sum;
}

/* Two levels: the one that holds before the change, and the one after; logarithms. */
struct two_levels {
    size_t at; /* so many observed days stand before it */
    double before, after;
    double misfit;
};

/* The two levels that fit best; Pettitt's own point leans to the middle of the series. */
static struct two_levels best_step(const struct observed_series *series)
{
    struct two_levels best = {.misfit = INFINITY};
    for (size_t at = STEP_DAYS_MINIMUM; at + STEP_DAYS_MINIMUM <= series->count; at++) {
        struct two_levels step = {at, median_between(series, 0, at),
                                  median_between(series, at, series->count), 0};
        step.misfit = levels_misfit(series, at, step.before, step.after);
        if (step.misfit < best.misfit)
            best = step;
    }
    return best;
}

static bool is_nearer(const struct observed_series *series, size_t at, double level, double other)
{
    return fabs(series->values[at] - level) < fabs(series->values[at] - other);
}

/* Whether so many of the days are nearer to `level` than to `other`. The longest run of others that the
 * series returns from is a rise or a dip of its own and takes no part, as long as a week is left. */
static bool is_near(const struct observed_series *series, size_t first, size_t end, double level,
                    double other, double share)
{
    size_t near = 0, run = 0, longest = 0;
    for (size_t i = first; i < end; i++) {
        bool nearer = is_nearer(series, i, level, other);
        if (nearer && near > 0)
            longest = MAX(longest, run);
        run = nearer ? 0 : run + 1;
        near += nearer;
    }
    size_t days = end - first;
    if (near >= STEP_DAYS_MINIMUM)
        days -= longest;
    return (double)near >= share * (double)days;
}

/* A lasting change of level: before and after are logarithms. Where a line fits as well, it is a trend; where
 * the series returns, a rise. `smooth` has the 7-day medians of the same days. */
static bool find_step(const struct observed_series *series, const struct observed_series *smooth,
                      const struct trend *trend, struct two_levels *step)
{
    if (series->count < 2 * STEP_DAYS_MINIMUM || statistics_pettitt(series) >= STEP_P)
        return false;
    *step = best_step(series);
    double low = exp(fmin(step->before, step->after)) - 1, high = exp(fmax(step->before, step->after)) - 1;
    return high >= STEP_RATIO * low && high - low >= STEP_AMOUNT_MINIMUM &&
           step->misfit <= STEP_FIT * statistics_line_misfit(series, trend) &&
           is_near(smooth, 0, step->at, step->before, step->after, STEP_NEAR) &&
           is_near(smooth, step->at, series->count, step->after, step->before, STEP_NEAR) &&
           is_near(smooth, 0, STEP_DAYS_MINIMUM, step->before, step->after, 0.5) &&
           is_near(smooth, series->count - STEP_DAYS_MINIMUM, series->count, step->after, step->before, 0.5);
}

bool event_step_find(const double *values, const bool *observed, int day_count, const double *medians,
                     struct event_step *step)
{
    double *logs = g_new(double, (size_t)day_count), *smooth_logs = g_new(double, (size_t)day_count);
    for (int i = 0; i < day_count; i++) {
        logs[i] = log(values[i] + 1);
        smooth_logs[i] = isnan(medians[i]) ? logs[i] : log(medians[i] + 1);
    }
    struct observed_series series = observed_series_new(logs, observed, day_count);
    struct observed_series smooth = observed_series_new(smooth_logs, observed, day_count);
    struct trend trend = statistics_trend(logs, observed, day_count);
    struct two_levels levels = {0};
    bool found = find_step(&series, &smooth, &trend, &levels);
    *step = (struct event_step){
        .day = found ? series.days[levels.at] : day_count,
        .before = exp(levels.before) - 1,
        .after = exp(levels.after) - 1,
        .p = found ? statistics_pettitt(&series) : 1,
    };
    observed_series_release(&smooth);
    observed_series_release(&series);
    g_free(smooth_logs);
    g_free(logs);
    return found;
}
