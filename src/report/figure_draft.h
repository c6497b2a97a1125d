/* figure_draft.h - what a figure's series say, as sentences (rules 10 to 13, 17 and 22 of figure_draft.c). */
#ifndef TEITEN_REPORT_FIGURE_DRAFT_H
#define TEITEN_REPORT_FIGURE_DRAFT_H

#include "report/context.h"
#include "report/model.h"
#include "report/series.h"

/* Adds the sentences to a draft (its id is the caller's). */
void figure_draft(struct model_draft *draft, const struct context *context,
                  const struct figure_definition *definition, const struct series_set *set);

#endif
