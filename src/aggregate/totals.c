#include "aggregate/totals.h"

#include <glib.h>

enum { TALLIES_MAX = 8 };

struct totals {
    unsigned count;
    GMutex locks[TALLIES_MAX];
    struct tally *tallies[TALLIES_MAX];
};

struct totals *totals_new(const struct plan *plan, const bool *measures, unsigned thread_count)
{
    struct totals *totals = g_new0(struct totals, 1);
    totals->count = CLAMP(thread_count, 1, TALLIES_MAX);
    for (unsigned i = 0; i < totals->count; i++) {
        g_mutex_init(&totals->locks[i]);
        totals->tallies[i] = tally_new(plan);
        tally_restrict(totals->tallies[i], measures);
    }
    return totals;
}

void totals_add(struct totals *totals, unsigned thread, struct tally *tally)
{
    unsigned i = thread % totals->count;
    g_mutex_lock(&totals->locks[i]);
    tally_absorb(totals->tallies[i], tally);
    g_mutex_unlock(&totals->locks[i]);
}

struct tally *totals_join(struct totals *totals)
{
    struct tally *all = totals->tallies[0];
    for (unsigned i = 0; i < totals->count; i++) {
        g_mutex_clear(&totals->locks[i]);
        if (i == 0)
            continue;
        tally_absorb(all, totals->tallies[i]);
        tally_free(totals->tallies[i]);
    }
    g_free(totals);
    return all;
}
