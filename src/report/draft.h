/* draft.h - a drafted paragraph while it grows: sentences, each with its rule, inputs and threshold.
 *
 *     draft_add(draft, text, "rank-fell", "2 places or more", "%s %s rank %d previous %d", table, key, 4, 2);
 */
#ifndef TEITEN_REPORT_DRAFT_H
#define TEITEN_REPORT_DRAFT_H

#include <glib.h>

#include "report/model.h"

/* Takes `text` over. */
void draft_add(struct model_draft *draft, char *text, const char *rule, const char *threshold,
               const char *inputs, ...) G_GNUC_PRINTF(5, 6);
void draft_release(struct model_draft *draft);

#endif
