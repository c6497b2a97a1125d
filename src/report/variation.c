#include "report/variation.h"

#include <math.h>
#include <string.h>

#include "report/availability.h"

enum {
    BLOCK_DAYS = 7,
    BLOCK_OBSERVED_MINIMUM = 4,
    BLOCKS_MINIMUM = 3,
    BLOCKS_MAX = EDITION_DAYS_MAX / BLOCK_DAYS
};

/* The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
    static const double TINY = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < TINY ? TINY : d);
    double fraction = d;
    for (int m = 1; m <= 500; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        const double terms[] = {even, odd};
        double change = 1;
        for (int i = 0; i < 2; i++) {
            d = 1 + terms[i] * d;
            c = 1 + terms[i] / c;
            d = 1 / (fabs(d) < TINY ? TINY : d);
            c = fabs(c) < TINY ? TINY : c;
            change = c * d;
            fraction *= change;
        }
        if (fabs(change - 1) < 1e-14)
            break;
    }
    return fraction;
}

/* I_x(a, b), the regularised incomplete beta function (DLMF 8.17.2). */
static double incomplete_beta(double a, double b, double x)
{
    if (!(x > 0))
        return 0;
    if (!(x < 1))
        return 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    /* The fraction converges quickly below this point, and by symmetry above. */
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
                                     : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double student_p(double t, double degrees)
{
    return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t));
}

/* Means of the blocks that are observed well enough; returns how many. */
static int block_means(const struct rates *rates, double means[BLOCKS_MAX + 1])
{
    int count = 0;
    int blocks = rates->day_count / BLOCK_DAYS;
    for (int block = 0; block < blocks; block++) {
        int end = block + 1 == blocks ? rates->day_count : (block + 1) * BLOCK_DAYS;
        int observed = 0;
        double sum = 0;
        for (int day = block * BLOCK_DAYS; day < end; day++) {
            observed += rates->observed[day];
            sum += rates->observed[day] ? rates->values[day] : 0;
        }
        if (observed >= BLOCK_OBSERVED_MINIMUM)
            means[count++] = sum / observed;
    }
    return count;
}

/* Of one quarter: the mean, and the variance of that mean. */
struct level {
    int count;
    double mean, error;
};

static struct level level_of(const struct rates *rates)
{
    double means[BLOCKS_MAX + 1];
    struct level level = {.count = block_means(rates, means)};
    double squares = 0;
    for (int i = 0; i < level.count; i++)
        level.mean += means[i] / level.count;
    for (int i = 0; i < level.count; i++)
        squares += (means[i] - level.mean) * (means[i] - level.mean);
    level.error = level.count > 1 ? squares / (level.count - 1) / level.count : 0;
    return level;
}

struct variation variation_of(const struct rates *rates, const struct rates *other)
{
    struct level a = level_of(rates), b = level_of(other);
    struct variation variation = {.p = 1};
    if (a.count < BLOCKS_MINIMUM || b.count < BLOCKS_MINIMUM)
        return variation;
    double error = a.error + b.error, difference = a.mean - b.mean;
    variation.is_known = true;
    /* What rounding leaves of a constant series is no variation. */
    if (error <= 1e-24 * (a.mean * a.mean + b.mean * b.mean)) {
        variation.p = fabs(difference) > 1e-12 * (fabs(a.mean) + fabs(b.mean)) ? 0 : 1;
        return variation;
    }
    variation.t = difference / sqrt(error);
    variation.degrees =
        error * error / (a.error * a.error / (a.count - 1) + b.error * b.error / (b.count - 1));
    variation.p = student_p(variation.t, variation.degrees);
    return variation;
}

void rates_fill(struct rates *rates, const struct summary *summary, const struct measure_counts *measure,
                const char *key)
{
    uint64_t daily[EDITION_DAYS_MAX] = {0};
    size_t delivering[EDITION_DAYS_MAX];
    const struct summary_row *row = measure_counts_row(measure, key);
    memset(rates, 0, sizeof *rates);
    rates->day_count = summary->edition.day_count;
    availability_row_daily(summary, measure, key, delivering);
    if (row != NULL)
        summary_row_daily(summary, measure, row, daily);
    for (int day = 0; day < rates->day_count; day++) {
        rates->observed[day] = delivering[day] > 0;
        if (rates->observed[day])
            rates->values[day] =
                (double)daily[day] / (measure->count == COUNT_SOURCES ? 1 : (double)delivering[day]);
    }
}
