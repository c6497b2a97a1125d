/* label_placement.h - labels beside a plot: each as near to its line's end as the others let it.
 *
 *     struct label_place labels[] = {{.wanted = 50, .height = 11}, {.wanted = 52, .height = 11}};
 *     label_placement(labels, 2, 0, 100, err);      // tops 40 and 51, so centres 45.5 and 56.5
 *
 * The displacements' squares have the smallest sum there is. Order from top to bottom is that of `wanted`;
 * equal ones stand in the order of the array.
 */
#ifndef TEITEN_CHART_LABEL_PLACEMENT_H
#define TEITEN_CHART_LABEL_PLACEMENT_H

#include <stddef.h>

#include "base/error.h"

struct label_place {
    double wanted; /* where the centre would best be */
    double height; /* gap to the next one included */
    double top;    /* out */
};

/* How far down labels of so much height may stand: to `axis`, below which the days are named, or, where they
 * need it, to `bottom`. */
double label_bottom(const struct label_place *labels, size_t count, double top, double axis, double bottom);
/* -1 when all labels together are higher than the room from `top` to `bottom`. */
int label_placement(struct label_place *labels, size_t count, double top, double bottom, struct error *err);

#endif
