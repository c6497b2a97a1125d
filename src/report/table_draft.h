/* table_draft.h - what a table's ranks say, as sentences (rules 1 to 9, 14, 16 and 23 of table_draft.c). */
#ifndef TEITEN_REPORT_TABLE_DRAFT_H
#define TEITEN_REPORT_TABLE_DRAFT_H

#include "report/comparison.h"
#include "report/context.h"
#include "report/model.h"

/* Adds the sentences to a draft (its id is the caller's). */
int table_draft(struct model_draft *draft, const struct context *context,
                const struct table_definition *definition, const struct comparison *comparison,
                struct error *err);

#endif
