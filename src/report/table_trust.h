/* table_trust.h - how far a table's ranks can be trusted, as sentences and notes (rules 14, 15, 21 and 24 of
 * domain practice, and ranks on the sensors that both quarters have); silent where nothing deserves a word.
 *
 * Each sentence rests on a companion measure (companion.h): a publication without them gets none.
 */
#ifndef TEITEN_REPORT_TABLE_TRUST_H
#define TEITEN_REPORT_TABLE_TRUST_H

#include <glib.h>

#include "report/comparison.h"
#include "report/context.h"
#include "report/model.h"

/* Adds sentences to a draft, and notes (char *) on the table. */
int table_trust(struct model_draft *draft, GPtrArray *notes, const struct context *context,
                const struct table_definition *definition, const char *caption,
                const struct comparison *comparison, struct error *err);

#endif
