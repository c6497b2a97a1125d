/* event_rhythm.h - the rhythm of the week, and others, in a daily series; for event.c.
 *
 * - weekly: the days of the week differ (W. H. Kruskal, W. A. Wallis 1952), each day taken relative to its
 *   7-day median, so that slower changes take no part.
 * - periodic: in a series from which the week was taken out, one period of 2 to 8 days holds more power than
 *   noise has at any of them (N. R. Lomb 1976, J. D. Scargle 1982, whose periodogram needs no gapless days).
 *
 * medians[day_count]: 7-day medians, NAN where there is none.
 */
#ifndef TEITEN_REPORT_EVENT_RHYTHM_H
#define TEITEN_REPORT_EVENT_RHYTHM_H

#include <stdbool.h>

enum { WEEKLY_RHYTHM_DAYS = 7 };

struct weekly_rhythm {
    double profile[WEEKLY_RHYTHM_DAYS]; /* level of day 0, 7, 14, ... and so on, relative to the week's
                                           median; all 1 where the days do not differ */
    double spread;                      /* highest less lowest, of the level; 0: no rhythm */
    double p;                           /* of Kruskal-Wallis */
};

struct periodic_rhythm {
    double period_days; /* 2 to 8.5 */
    double spread;      /* crest less trough, of the level (of its logarithm); 0: no rhythm */
    double p;           /* of a false alarm */
};

struct weekly_rhythm weekly_rhythm_find(const double *values, const bool *observed, int day_count,
                                        const double *medians);
struct periodic_rhythm periodic_rhythm_find(const double *values, const bool *observed, int day_count,
                                            const double *medians);

#endif
