/* variation.h - whether two quarters differ by more than their weeks do among themselves.
 *
 *     struct variation variation = variation_of(&rates, &other_rates);
 *     variation.is_known && variation.p >= VARIATION_P      // the change lies within the usual variation
 *
 * The statistic is Welch's t (B. L. Welch, Biometrika 34, 1947) of the means of 7-day blocks: blocks take the
 * rhythm of the week out, and days of one block, which depend on each other, count as one value. It asks
 * whether the averages of the quarters differ, so one week of a spike widens the variation rather than making
 * a difference. Blocks begin with the quarter; the last takes the days that are left. A block with fewer than
 * 4 observed days is passed over; with fewer than 3 blocks in either quarter nothing is known.
 */
#ifndef TEITEN_REPORT_VARIATION_H
#define TEITEN_REPORT_VARIATION_H

#include <stdbool.h>

#include "summary/summary.h"

/* Two-sided: a change counts as one when chance alone gives so large a t in less than 1 of 100 cases. */
static const double VARIATION_P = 0.01;

/* What is compared: a value per day. */
struct rates {
    double values[EDITION_DAYS_MAX];
    bool observed[EDITION_DAYS_MAX];
    int day_count;
};

struct variation {
    bool is_known;
    double t;       /* 0 where both quarters are wholly constant */
    double degrees; /* of freedom, by Welch and Satterthwaite */
    double p;       /* two-sided, 0 to 1 */
};

struct variation variation_of(const struct rates *rates, const struct rates *other);

/* The daily values of a key (NULL row: zero on every observed day): packets, bytes and pairs per delivering
 * sensor, so that an outage is no fall; distinct sources as they are. Days without a delivering sensor are
 * not observed. */
void rates_fill(struct rates *rates, const struct summary *summary, const struct measure_counts *measure,
                const char *key);

/* P(|T| >= |t|) of Student's distribution, degrees > 0. */
double student_p(double t, double degrees);

#endif
