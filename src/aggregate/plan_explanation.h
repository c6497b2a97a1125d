/* plan_explanation.h - a plan in words: what `teiten aggregate --explain` prints. */
#ifndef TEITEN_AGGREGATE_PLAN_EXPLANATION_H
#define TEITEN_AGGREGATE_PLAN_EXPLANATION_H

#include <glib.h>

#include "aggregate/plan.h"

/* The measures with their conditions in the order in which they are tested, what is kept for each, what is
 * looked up for every packet, and the archives. Ends in a line feed. */
void plan_explain(const struct plan *plan, GString *out);

#endif
