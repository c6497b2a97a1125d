#include "report/event_rhythm.h"

#include <glib.h>
#include <math.h>

#include "report/statistics.h"

/* Below so many a day counts are mostly 0, 1 and 2. */
static const double LEVEL_MINIMUM = 10.0;
/* Weekly: chi-square of 6 degrees of freedom, 0.1 %; each day of the week observed so often. */
static const double WEEKLY_H = 22.46;
enum { WEEK = WEEKLY_RHYTHM_DAYS, WEEKS_MINIMUM = 4 };
/* Other rhythms: false alarms, size, longest period in days; where what stands out is cut, in deviations. */
static const double PERIODIC_P = 0.001;
static const double PERIODIC_SPREAD = 0.20;
static const double PERIOD_MAX = 8.5;
static const double OUTLIER_LIMIT = 3.0;
static const double OUTLIER_MINIMUM = 0.7;
enum { OVERSAMPLING = 4, DAYS_MINIMUM = 42 };

/* Of chi-square's six degrees of freedom, which have a closed form. */
static double chi_square_p(double x)
{
    return exp(-x / 2) * (1 + x / 2 + x * x / 8);
}

struct weekly_rhythm weekly_rhythm_find(const double *values, const bool *observed, int day_count,
                                        const double *medians)
{
    struct weekly_rhythm rhythm = {.p = 1};
    struct observed_series series = {g_new(double, (size_t)day_count), g_new(int, (size_t)day_count), 0};
    double *own = g_new(double, (size_t)day_count);
    double sums[WEEK] = {0}, sorted[WEEK], h = 0, low = INFINITY, high = -INFINITY;
    size_t counts[WEEK] = {0};
    bool complete = true;
    for (int day = 0; day < day_count; day++)
        if (observed[day] && medians[day] >= LEVEL_MINIMUM) {
            series.values[series.count] = values[day] / medians[day];
            series.days[series.count++] = day;
        }
    double n = (double)series.count;
    for (size_t i = 0; i < series.count; i++) {
        sums[series.days[i] % WEEK] += statistics_rank(&series, i);
        counts[series.days[i] % WEEK]++;
    }
    for (int weekday = 0; weekday < WEEK; weekday++) {
        size_t own_count = 0;
        rhythm.profile[weekday] = 1;
        complete = complete && counts[weekday] >= WEEKS_MINIMUM;
        for (size_t i = 0; i < series.count; i++)
            if (series.days[i] % WEEK == weekday)
                own[own_count++] = series.values[i];
        sorted[weekday] = rhythm.profile[weekday] = own_count > 0 ? statistics_median(own, own_count) : 1;
        low = fmin(low, rhythm.profile[weekday]);
        high = fmax(high, rhythm.profile[weekday]);
        h += counts[weekday] > 0 ? sums[weekday] * sums[weekday] / (double)counts[weekday] : 0;
    }
    h = n > 1 ? 12 / (n * (n + 1)) * h - 3 * (n + 1) : 0;
    double middle = statistics_median(sorted, WEEK);
    bool differs = complete && h > WEEKLY_H && low > 0;
    for (int weekday = 0; weekday < WEEK; weekday++)
        rhythm.profile[weekday] = differs ? rhythm.profile[weekday] / middle : 1;
    g_free(own);
    observed_series_release(&series);
    if (differs) {
        rhythm.spread = high - low;
        rhythm.p = chi_square_p(h);
    }
    return rhythm;
}

/* The power of one frequency in unevenly spaced values of mean 0 and variance 1 (N. R. Lomb 1976, J. D.
 * Scargle 1982): exponentially distributed in noise. *amplitude: of the sine that fits best. The sums are
 * rotated by tau, which makes sine and cosine independent on these days (W. H. Press, G. B. Rybicki 1989). */
static double lomb_scargle(const struct observed_series *series, double frequency, double *amplitude)
{
    double omega = 2 * G_PI * frequency, turn_c = cos(omega), turn_s = sin(omega);
    double c = 1, s = 0, yc = 0, ys = 0, cc = 0, ss = 0, cs = 0;
    int day = 0;
    for (size_t i = 0; i < series->count; i++) {
        for (; day < series->days[i]; day++) {
            double next = c * turn_c - s * turn_s;
            s = s * turn_c + c * turn_s;
            c = next;
        }
        yc += series->values[i] * c;
        ys += series->values[i] * s;
        cc += c * c;
        ss += s * s;
        cs += c * s;
    }
    double tau = atan2(2 * cs, cc - ss) / 2, tc = cos(tau), ts = sin(tau);
    double rotated_c = yc * tc + ys * ts, rotated_s = ys * tc - yc * ts;
    double rotated_cc = cc * tc * tc + 2 * cs * tc * ts + ss * ts * ts;
    double rotated_ss = ss * tc * tc - 2 * cs * tc * ts + cc * ts * ts;
    /* At half of the sampling frequency the sine has no part. */
    double a = rotated_cc > 1e-6 ? rotated_c / rotated_cc : 0,
           b = rotated_ss > 1e-6 ? rotated_s / rotated_ss : 0;
    *amplitude = sqrt(a * a + b * b);
    return (a * rotated_c + b * rotated_s) / 2;
}

/* Logarithms of the days relative to their 7-day medians, without what stands far out, scaled to a deviation
 * of 1; *deviation takes what it was. */
static struct observed_series rhythm_series(const double *values, const bool *observed, int day_count,
                                            const double *medians, double *deviation)
{
    struct observed_series series = {g_new(double, (size_t)day_count), g_new(int, (size_t)day_count), 0};
    double *sizes = g_new(double, (size_t)day_count), sum = 0, square = 0;
    for (int day = 0; day < day_count; day++)
        if (observed[day] && medians[day] >= LEVEL_MINIMUM) {
            series.values[series.count] = statistics_log_ratio(values[day], medians[day]);
            sizes[series.count] = fabs(series.values[series.count]);
            series.days[series.count++] = day;
        }
    /* One day in a few that doubles is an outlier to the others' scatter, and yet the rhythm itself. */
    double limit = fmax(OUTLIER_LIMIT * STATISTICS_MAD_TO_DEVIATION * statistics_median(sizes, series.count),
                        OUTLIER_MINIMUM);
    for (size_t i = 0; i < series.count; i++) {
        series.values[i] = CLAMP(series.values[i], -limit, limit);
        sum += series.values[i];
    }
    double mean = series.count > 0 ? sum / (double)series.count : 0;
    for (size_t i = 0; i < series.count; i++) {
        series.values[i] -= mean;
        square += series.values[i] * series.values[i];
    }
    *deviation = series.count > 1 ? sqrt(square / (double)(series.count - 1)) : 0;
    for (size_t i = 0; i<series.count && * deviation> 0; i++)
        series.values[i] /= *deviation;
    g_free(sizes);
    return series;
}

struct periodic_rhythm periodic_rhythm_find(const double *values, const bool *observed, int day_count,
                                            const double *medians)
{
    double deviation, best = 0, height = 0;
    struct periodic_rhythm rhythm = {.p = 1};
    struct observed_series series = rhythm_series(values, observed, day_count, medians, &deviation);
    double step = 1.0 / (OVERSAMPLING * day_count), first = 1 / PERIOD_MAX;
    double independent = (0.5 - first) * day_count; /* frequencies */
    for (double frequency = first; frequency <= 0.5 + step / 2 && series.count >= DAYS_MINIMUM;
         frequency += step) {
        double amplitude, power = lomb_scargle(&series, frequency, &amplitude);
        if (power > best) {
            best = power;
            rhythm.period_days = 1 / frequency;
            height = 2 * amplitude * deviation;
        }
    }
    observed_series_release(&series);
    rhythm.p = fmin(1, independent * exp(-best));
    if (rhythm.p >= PERIODIC_P || height <= PERIODIC_SPREAD)
        return (struct periodic_rhythm){.p = 1};
    rhythm.spread = height;
    return rhythm;
}
