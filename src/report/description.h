/* description.h - a figure's alternative text, written from its data: what it shows, each series' range with
 * the dates of its extremes, what happened, and the gaps. */
#ifndef TEITEN_REPORT_DESCRIPTION_H
#define TEITEN_REPORT_DESCRIPTION_H

#include "report/context.h"
#include "report/series.h"

/* `chart` supplies kind, axis and period. Owned by the caller. */
char *description_text(const struct context *context, const struct chart_spec *chart, const char *caption,
                       const char *unit, const struct series_set *set);

#endif
