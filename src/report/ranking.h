/* ranking.h - the ranks of all keys of a measure.
 *
 *     struct ranking ranking;
 *     ranking_init(&ranking, &summary, measure);
 *     ranking_find(&ranking, "23/TCP")->rank          // 1; NULL: not seen
 *     ranking_release(&ranking);
 *
 * Equal counts share a rank and the next is skipped (1, 2, 2, 4); they stand in the order of their keys.
 * Addresses in no allocation ("??") are no region: they have no rank, but count in the total.
 */
#ifndef TEITEN_REPORT_RANKING_H
#define TEITEN_REPORT_RANKING_H

#include <glib.h>

#include "summary/summary.h"

struct ranking_entry {
    const char *key; /* borrowed from the summary */
    uint64_t count;  /* packets or distinct sources over the quarter; never 0 */
    int rank;        /* from 1 */
};

struct ranking {
    struct ranking_entry *entries; /* by rank, then key */
    size_t entry_count;
    GHashTable *by_key;   /* key -> entry; NULL until ranking_find is asked */
    uint64_t total;       /* the measure's, everything included */
    uint64_t unallocated; /* of it, "??" of a measure by region */
};

void ranking_init(struct ranking *ranking, const struct summary *summary,
                  const struct measure_counts *measure);
/* Only the entries whose rank is at most `top`, 1 or more, and no totals. */
void ranking_init_top(struct ranking *ranking, const struct measure_counts *measure, size_t top);
void ranking_release(struct ranking *ranking);
const struct ranking_entry *ranking_find(struct ranking *ranking, const char *key);

#endif
