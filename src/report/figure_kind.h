/* figure_kind.h - the figures that are not daily series: places over the quarters, months, availability,
 * dots. */
#ifndef TEITEN_REPORT_FIGURE_KIND_H
#define TEITEN_REPORT_FIGURE_KIND_H

#include "report/context.h"
#include "report/model.h"

/* Whether figure_kind_fill makes figures of this kind; figure_fill makes the others. */
bool figure_kind_is_special(enum figure_kind kind);
/* Fills a zeroed model_figure. On error it is half filled; release it all the same. */
int figure_kind_fill(struct model_figure *figure, const struct context *context,
                     const struct figure_definition *definition, struct error *err);

#endif
