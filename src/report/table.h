/* table.h - from a table's definition and a comparison to its cells. */
#ifndef TEITEN_REPORT_TABLE_H
#define TEITEN_REPORT_TABLE_H

#include "report/comparison.h"
#include "report/context.h"
#include "report/model.h"

/* Fills a zeroed model_table. On error it is half filled; release it all the same. */
int table_fill(struct model_table *table, const struct context *context,
               const struct table_definition *definition, const struct comparison *comparison,
               struct error *err);
void table_release(struct model_table *table);

#endif
