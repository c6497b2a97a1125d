/* monthly_draft.h - what monthly bars say, as sentences: which side is larger per sensor and day (rule 18 of
 * domain practice), and whether every month lies above or below the same month a year before (rule 19). */
#ifndef TEITEN_REPORT_MONTHLY_DRAFT_H
#define TEITEN_REPORT_MONTHLY_DRAFT_H

#include "report/context.h"
#include "report/model.h"

/* Adds the sentences to a draft (its id is the caller's). `chart` is the filled figure: a column a month. */
void monthly_draft(struct model_draft *draft, const struct context *context,
                   const struct figure_definition *definition, const struct chart_spec *chart);

#endif
