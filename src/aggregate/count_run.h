/* count_run.h - all archives of a plan, read by one or several threads, into one summary.
 *
 * Threads take archives one by one, the largest first; each counts into a tally of its own, and the tallies'
 * summaries are merged: the bytes are the same whatever the number of threads. Warnings and errors come in
 * the order of the archives' names; when archives fail, the error is that of the first by name.
 */
#ifndef TEITEN_AGGREGATE_COUNT_RUN_H
#define TEITEN_AGGREGATE_COUNT_RUN_H

#include "aggregate/aggregate.h"
#include "aggregate/plan.h"

/* NULL and an error: an archive that cannot be read (unless the publication skips those), one that is cut
 * (options->strict), or a BPF expression that does not fit a link type. */
struct summary *count_run(const struct plan *plan, const struct aggregate_options *options,
                          struct warning_log *log, struct error *err);

#endif
