/* event_step.h - a lasting change of level in a daily series; for event.c.
 *
 * On logarithms, for what varies by shares varies evenly there. The change is significant (A. N. Pettitt
 * 1979); its day is where two levels fit best (least absolute distances), for Pettitt's own point leans to
 * the middle of a series. A rise or dip of its own that the series returns from does not hide it.
 */
#ifndef TEITEN_REPORT_EVENT_STEP_H
#define TEITEN_REPORT_EVENT_STEP_H

#include <stdbool.h>

struct event_step {
    int day;              /* the first of the new level; day_count: none */
    double before, after; /* levels, as counts */
    double p;             /* Pettitt's */
};

/* medians[day_count]: 7-day medians, NAN where there is none. At least one day must be observed. */
bool event_step_find(const double *values, const bool *observed, int day_count, const double *medians,
                     struct event_step *step);

#endif
