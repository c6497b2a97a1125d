/* statistics.h - statistics of daily series that a few wild or missing days cannot fool; for event*.c.
 *
 *     struct observed_series series = observed_series_new(values, observed, 91);
 *     double p = statistics_pettitt(&series);
 *     observed_series_release(&series);
 */
#ifndef TEITEN_REPORT_STATISTICS_H
#define TEITEN_REPORT_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

/* The median absolute deviation of normal noise, times this, is its standard deviation. */
#define STATISTICS_MAD_TO_DEVIATION 1.4826

/* A series without its missing days. */
struct observed_series {
    double *values; /* [count] */
    int *days;      /* [count], ascending */
    size_t count;
};

struct observed_series observed_series_new(const double *values, const bool *observed, int day_count);
void observed_series_release(struct observed_series *series);

/* Changes the order of the values, none of which is NAN; 0 of none. */
double statistics_median(double *values, size_t count);
/* log((value + 1) / (level + 1)): nothing observed has a logarithm, too. */
double statistics_log_ratio(double value, double level);
/* The rank of one value, from 1; equal values share the mean of theirs. */
double statistics_rank(const struct observed_series *series, size_t index);
/* The significance of the change point of A. N. Pettitt (1979): 0 to 1. */
double statistics_pettitt(const struct observed_series *series);

struct trend {
    double z; /* Mann-Kendall's statistic (H. B. Mann 1945, M. G. Kendall 1975), corrected for ties and for
                 neighbours that resemble each other */
    double p; /* two-sided, of z */
    double change; /* of the line of H. Theil (1950) and P. K. Sen (1968) over the quarter, relative to its
                      start */
    double start, slope; /* of that line, on the first observed day and per day */
};

/* At least one day must be observed. */
struct trend statistics_trend(const double *values, const bool *observed, int day_count);
/* Sum of the distances to the trend's line. */
double statistics_line_misfit(const struct observed_series *series, const struct trend *trend);

#endif
