/* availability.h - how many of the sensors in force delivered, day by day.
 *
 *     struct availability availability;
 *     availability_init(&availability, &summary, measure);    // of the sensors that it admits; NULL: of all
 *     availability.delivering[day], availability.active[day]
 *
 * A sensor delivers on a day when at least one counted packet reached it (whatever the measure).
 */
#ifndef TEITEN_REPORT_AVAILABILITY_H
#define TEITEN_REPORT_AVAILABILITY_H

#include <glib.h>

#include "summary/summary.h"

struct availability {
    int day_count;
    size_t *active;     /* [day_count]: sensors in force */
    size_t *delivering; /* [day_count]: of those, sensors with packets */
};

/* A run of days, both inclusive. */
struct day_range {
    int first, last;
};

void availability_init(struct availability *availability, const struct summary *summary,
                       const struct measure_counts *measure);
void availability_release(struct availability *availability);
/* (sensor, day) pairs that delivered, for one row of a table of the measure: of the sensor or the group that
 * the key names, where rows are sensors or groups, or pairs of one of these and something else; else of all
 * that the measure admits. */
uint64_t availability_row_sensor_days(const struct summary *summary, const struct measure_counts *measure,
                                      const char *key);
/* The same day by day: delivering[day_count]. */
void availability_row_daily(const struct summary *summary, const struct measure_counts *measure,
                            const char *key, size_t *delivering);
/* Which part of the usual packets comes from the sensors that delivered on a day: each stands for the median
 * of the days on which it delivered, 1 is the day on which they stand for most. Of the sensors that the
 * measure and the keys (of its rows, by sensor or group) admit. [day_count]; 0: none delivered. Free it. */
double *availability_exposure(const struct summary *summary, const struct measure_counts *measure,
                              char *const *keys, bool negated);
/* Runs of days on which less than `share` of the sensors in force delivered, but some did: struct day_range.
 * Unref it. */
GArray *availability_runs_below(const struct availability *availability, double share);
/* Runs of days for which flags[day] == value: struct day_range. Unref it. */
GArray *day_runs(const bool *flags, bool value, int day_count);

#endif
