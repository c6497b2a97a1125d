/* totals.h - what threads have counted so far.
 *
 *     struct totals *totals = totals_new(plan, measures, thread_count);
 *     totals_add(totals, thread, tally);               // from any thread
 *     struct tally *all = totals_join(totals);         // when all threads have ended; frees the totals
 *     tally_free(all);
 *
 * A quarter's counts take hundreds of megabytes: a few tallies are shared, however many threads there are.
 * Each is locked while a thread adds to it, which is a small part of what reading an archive takes.
 */
#ifndef TEITEN_AGGREGATE_TOTALS_H
#define TEITEN_AGGREGATE_TOTALS_H

#include "aggregate/tally.h"

struct totals;

/* `measures` as of tally_restrict; the plan must outlive the totals. */
struct totals *totals_new(const struct plan *plan, const bool *measures, unsigned thread_count);
/* Adds the counts of a thread's tally, which is empty then. Threads are numbered from 0. */
void totals_add(struct totals *totals, unsigned thread, struct tally *tally);
struct tally *totals_join(struct totals *totals);

#endif
