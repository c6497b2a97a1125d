/* review_figures.h - the figures that every review has, whatever the publication declares. */
#ifndef TEITEN_REPORT_REVIEW_FIGURES_H
#define TEITEN_REPORT_REVIEW_FIGURES_H

#include "base/error.h"
#include "publication/publication.h"

/* Adds to the publication (in memory): of every table its rank flow and its small multiples, ids
 * "review-flow-TABLE" and "review-multiples-TABLE", where no figure of that kind and table is declared; and
 * "review-availability". `quarters`: of the rank flows, 2 to 8. */
int review_figures_add(struct publication *publication, const struct edition *edition, const char *language,
                       int quarters, struct error *err);

#endif
