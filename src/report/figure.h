/* figure.h - from a figure's definition and its series to a chart_spec, its data as CSV, and its headline. */
#ifndef TEITEN_REPORT_FIGURE_H
#define TEITEN_REPORT_FIGURE_H

#include "report/context.h"
#include "report/model.h"
#include "report/series.h"

/* Fills a zeroed model_figure. On error it is half filled; release it all the same. */
int figure_fill(struct model_figure *figure, const struct context *context,
                const struct figure_definition *definition, const struct series_set *set, struct error *err);
void figure_release(struct model_figure *figure);

/* "fig-" and the id, as an SVG id may be. Owned by the caller. */
char *figure_identifier(const char *id);
/* What the program has to say in one line, from the series. Owned by the caller. */
char *figure_headline(const struct context *context, const struct figure_definition *definition,
                      const struct series_set *set);

#endif
