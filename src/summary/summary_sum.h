/* summary_sum.h - many summaries of one configuration, added up one by one: sections are collected and merged
 * thirty-two at a time, so memory is a small multiple of the result's.
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
/* The same, and empties the part's measures: nothing is copied. */
void summary_sum_take(struct summary_sum *sum, struct summary *part);
/* The two parts of adding: all but the rows; and the rows of one measure, by its index, borrowed. */
void summary_sum_add_head(struct summary_sum *sum, const struct summary *part);
void summary_sum_add_section(struct summary_sum *sum, size_t measure, const struct section *section);
struct summary *summary_sum_finish(struct summary_sum *sum);
void summary_sum_free(struct summary_sum *sum);

#endif
