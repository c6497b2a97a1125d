/* scale.h - the value axis: from zero, 4 to 7 ticks at 1, 2 or 5 x 10^n, its end above the data; on request
 * over the range of the data, or logarithmic.
 *
 *     struct scale scale;
 *     scale_choose(&scale, 102300, true, err);         // step 20000, 7 ticks: 0 to 120000
 *     scale_label(&scale, 6, "ja")                     // "12万"
 */
#ifndef TEITEN_CHART_SCALE_H
#define TEITEN_CHART_SCALE_H

#include <stdbool.h>

#include "base/error.h"

struct scale {
    double step;
    int tick_count; /* linear: ticks at minimum, minimum + step, ... */
    double minimum; /* linear: the first tick, 0 or a multiple of the step; logarithmic: the lowest power of
                       ten */
    double maximum; /* the last tick; greater than every value */
    bool is_log;
    bool has_zero; /* logarithmic: a tick for 0 below `minimum`, one decade down, as there are zeros */
    int mantissas; /* logarithmic: 3 ticks a decade (1, 2, 5), or 1: then one tick in `stride` decades */
    int stride;
};

/* `largest`: the largest value, 0 or more, at most 10^15. With `whole` no step is under 1 (counts have no
 * halves). Fails on values that are negative, too large or no numbers. */
int scale_choose(struct scale *scale, double largest, bool whole, struct error *err);

/* Over the range of the data: the first tick is the highest one at or below `lowest`, which is 0 where that
 * is nearer to zero than a step; the end lies above both `largest` and `above`. */
int scale_choose_range(struct scale *scale, double lowest, double largest, double above, bool whole,
                       struct error *err);
/* Logarithmic: `lowest` is the smallest value above 0 (0 when there is none: then it is a scale from 1). */
int scale_choose_log(struct scale *scale, double lowest, double largest, bool has_zero, struct error *err);

double scale_tick(const struct scale *scale, int tick);
/* Where a value lies: 0 at the first tick, 1 at the last. */
double scale_position(const struct scale *scale, double value);

/* The text of a tick, new. "ja": in 万, 億 or 兆, one of them for the whole axis, where the step is at least
 * half of it, on a logarithmic one by the tick; digits with thousands separators otherwise and in every other
 * language. */
char *scale_label(const struct scale *scale, int tick, const char *language);

#endif
