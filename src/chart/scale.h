/* scale.h - the value axis: from zero, 4 to 7 ticks at 1, 2 or 5 x 10^n, its end above the data.
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
    int tick_count; /* ticks at 0, step, ..., (tick_count - 1) * step */
    double maximum; /* the last tick; greater than every value */
};

/* `largest`: the largest value, 0 or more, at most 10^15. With `whole` no step is under 1 (counts have no
 * halves). Fails on values that are negative, too large or no numbers. */
int scale_choose(struct scale *scale, double largest, bool whole, struct error *err);

/* The text of a tick, new. "ja": in 万, 億 or 兆, one of them for the whole axis, where the step is at least
 * half of it; digits with thousands separators otherwise and in every other language. */
char *scale_label(const struct scale *scale, int tick, const char *language);

#endif
