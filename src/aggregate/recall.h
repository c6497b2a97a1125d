/* recall.h - what the cache tells of a run's archives: which need not be read, and for which measures the
 * others are.
 *
 *     struct recall_archive archives[count] = {{.digest = input->digest, .archive = archive}, ...};
 *     struct summary_sum *sum = recall_run(&recall, archives, count, false);
 *     archives[0].is_whole          // its counts are in `sum`, and `archive` is filled
 *     recall.counted[j]             // of the others measure j has to be counted,
 *     archives[1].is_partly         // and its other measures are in `sum`: right while its digest is
 */
#ifndef TEITEN_AGGREGATE_RECALL_H
#define TEITEN_AGGREGATE_RECALL_H

#include <stdbool.h>

#include "aggregate/cache.h"
#include "aggregate/plan.h"
#include "summary/summary_sum.h"

struct recall_archive {
    const char *digest;              /* "" while unknown */
    struct summary_archive *archive; /* its name is kept */
    bool is_whole, is_partly;        /* set */
};

struct recall {
    struct cache *cache;
    const struct plan *plan;
    const struct summary *head; /* for cache_load */
    bool strict;                /* archives with a problem are read once more, for an error that says where */
    bool *counted;              /* [measure_count], set */
};

/* What partial summaries of the plan begin with: a summary without packets, of which nothing depends on
 * measures that are not in them; definitions as the cache tells measures by. Owned by the caller. */
struct summary *recall_head(const struct plan *plan);

/* The sum of what the cache holds, owned by the caller. `all`: every archive is recalled whole or not at all.
 */
struct summary_sum *recall_run(struct recall *recall, struct recall_archive *archives, size_t count,
                               bool all);

#endif
