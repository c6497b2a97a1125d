/* count_run.h - all archives of a plan, read by one or several threads, into one summary.
 *
 * Archives whose partial summaries lie in the cache are not read. Threads take the others one by one, the
 * largest first; each archive is counted by itself, its partial summary kept in the cache and added to the
 * thread's sum: the bytes are the same whatever the number of threads and whatever was in the cache. Archives
 * with the same bytes count once. Warnings and errors come in the order of the archives' names; when archives
 * fail, the error is that of the first by name.
 */
#ifndef TEITEN_AGGREGATE_COUNT_RUN_H
#define TEITEN_AGGREGATE_COUNT_RUN_H

#include "aggregate/aggregate.h"
#include "aggregate/cache.h"
#include "aggregate/plan.h"

/* Sets the digests of plan->inputs->archives. `cache` may be NULL: then all are read and nothing is kept.
 * NULL and an error: an archive that cannot be read (unless the publication skips those), one that is cut
 * (options->strict), or a BPF expression that does not fit a link type. */
struct summary *count_run(const struct plan *plan, const struct aggregate_options *options,
                          struct cache *cache, struct warning_log *log, struct error *err);

#endif
