/* review_trust.h - the part of a review that says how sure ranks are: one line for each rank, cautions where
 * something is doubtful, and the tables with and without what a publication can leave out, side by side. */
#ifndef TEITEN_REPORT_REVIEW_TRUST_H
#define TEITEN_REPORT_REVIEW_TRUST_H

#include <glib.h>

#include "report/comparison.h"
#include "report/context.h"
#include "report/review.h"

/* What is being put together. */
struct review_trust {
    GArray *ranks;    /* struct review_rank */
    GArray *cautions; /* struct review_caution */
    GArray *sides;    /* struct review_sides */
};

void review_trust_init(struct review_trust *trust);
/* Adds one table, also in part when it fails. */
int review_trust_add(struct review_trust *trust, const struct context *context,
                     const struct table_definition *definition, const struct comparison *comparison,
                     struct error *err);
/* Moves everything into the review, which review_trust_release frees. */
void review_trust_take(struct review_trust *trust, struct review *review);
void review_trust_release(struct review *review);

#endif
