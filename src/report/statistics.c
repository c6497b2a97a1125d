#include "report/statistics.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

/* Neighbours that resemble each other more than that are no noise any more. */
static const double CORRELATION_MAX = 0.9;

static int double_compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Hoare's selection: values[index] becomes the value that stands there in order, with none larger before it.
 */
static double order_statistic(double *values, size_t count, size_t index)
{
    size_t first = 0, last = count - 1;
    while (first < last) {
        double pivot = values[first + (last - first) / 2];
        size_t i = first, j = last;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i >= j)
                break;
            double swapped = values[i];
            values[i++] = values[j];
            values[j--] = swapped;
        }
        /* values[first..j] <= pivot <= values[j+1..last], whether i and j met or passed each other. */
        if (index <= j)
            last = j;
        else
            first = j + 1;
    }
    return values[index];
}

double statistics_median(double *values, size_t count)
{
    if (count == 0)
        return 0;
    double upper = order_statistic(values, count, count / 2);
    if (count % 2 == 1)
        return upper;
    double lower = values[0];
    for (size_t i = 1; i < count / 2; i++)
        lower = fmax(lower, values[i]);
    return lower / 2 + upper / 2;
}

double statistics_log_ratio(double value, double level)
{
    return log((value + 1) / (level + 1));
}

struct observed_series observed_series_new(const double *values, const bool *observed, int day_count)
{
    struct observed_series series = {g_new(double, (size_t)day_count), g_new(int, (size_t)day_count), 0};
    for (int day = 0; day < day_count; day++)
        if (observed[day]) {
            series.values[series.count] = values[day];
            series.days[series.count++] = day;
        }
    return series;
}

void observed_series_release(struct observed_series *series)
{
    g_free(series->values);
    g_free(series->days);
    *series = (struct observed_series){0};
}

double statistics_rank(const struct observed_series *series, size_t index)
{
    double below = 0, equal = 0;
    for (size_t i = 0; i < series->count; i++) {
        below += series->values[i] < series->values[index];
        equal += !(series->values[i] < series->values[index]) && !(series->values[i] > series->values[index]);
    }
    return below + (equal + 1) / 2;
}

double statistics_pettitt(const struct observed_series *series)
{
    double n = (double)series->count, u = 0, largest = 0;
    for (size_t i = 0; i + 1 < series->count; i++) {
        u += 2 * statistics_rank(series, i) - (n + 1);
        largest = fmax(largest, fabs(u));
    }
    return fmin(1, 2 * exp(-6 * largest * largest / (n * n * n + n * n)));
}

double statistics_line_misfit(const struct observed_series *series, const struct trend *trend)
{
    double sum = 0;
    for (size_t i = 0; i < series->count; i++)
        sum += fabs(series->values[i] - trend->start - trend->slope * (series->days[i] - series->days[0]));
    return sum;
}

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

/* By how much the variance of a sum grows when each value resembles the one before it: (1 + r) / (1 - r), r
 * being the correlation of neighbours (G. V. Bayley, J. M. Hammersley 1946), here of the residuals' ranks.
 * Numbers that drift about would pass for a trend without it (K. H. Hamed, A. R. Rao 1998). */
static double variance_inflation(const double *residuals, size_t count)
{
    double *ranks = g_new0(double, count);
    double middle = ((double)count + 1) / 2, product = 0, square = 0;
    for (size_t i = 0; i < count; i++) {
        double below = 0, equal = 0;
        for (size_t j = 0; j < count; j++) {
            below += residuals[j] < residuals[i];
            equal += !(residuals[j] < residuals[i]) && !(residuals[j] > residuals[i]);
        }
        ranks[i] = below + (equal + 1) / 2 - middle;
    }
    for (size_t i = 0; i < count; i++) {
        square += ranks[i] * ranks[i];
        product += i > 0 ? ranks[i] * ranks[i - 1] : 0;
    }
    double r = square > 0 ? CLAMP(product / square, 0, CORRELATION_MAX) : 0;
    g_free(ranks);
    return (1 + r) / (1 - r);
}

struct trend statistics_trend(const double *values, const bool *observed, int day_count)
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
    double slope = statistics_median(slopes, slope_count);
    double span = days[count - 1] - days[0];
    double *starts = g_new(double, count);
    for (size_t i = 0; i < count; i++)
        starts[i] = seen[i] - slope * (days[i] - days[0]);
    double inflation = variance_inflation(starts, count);
    double start = statistics_median(starts, count);
    double variance = kendall_variance(seen, count);
    double corrected = s > 0 ? s - 1 : s < 0 ? s + 1 : 0;
    trend.z = variance > 0 ? corrected / sqrt(variance * inflation) : 0;
    trend.p = erfc(fabs(trend.z) / sqrt(2));
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
