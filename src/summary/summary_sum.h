/* summary_sum.h - many summaries of one configuration, added up one by one: memory is that of the result and
 * of the one that is being added.
 *
 *     struct summary_sum *sum = summary_sum_new(head);           // takes over a summary without packets
 *     summary_sum_add(sum, part);                                // any number, in any order
 *     struct summary *summary = summary_sum_finish(sum);
 *
 * Archives are not added: who adds knows their names. Any order of adding gives the same summary.
 */
#ifndef TEITEN_SUMMARY_SUMMARY_SUM_H
#define TEITEN_SUMMARY_SUMMARY_SUM_H

#include "summary/summary.h"

struct summary_sum;

struct summary_sum *summary_sum_new(struct summary *head);
/* Both must have been counted alike: the caller compares configuration digests. */
void summary_sum_add(struct summary_sum *sum, const struct summary *part);
/* The same, and empties the part's measures: the first part of all is not copied. */
void summary_sum_take(struct summary_sum *sum, struct summary *part);
struct summary *summary_sum_finish(struct summary_sum *sum);
void summary_sum_free(struct summary_sum *sum);

#endif
