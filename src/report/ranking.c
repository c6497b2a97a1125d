#include "report/ranking.h"

#include <stdlib.h>
#include <string.h>

/* While they are sorted, entries have their place among the keys as their rank: rows come in the order of
 * keys, and reading keys again and again to compare them took longer than all else. */
static int entry_compare(const void *left, const void *right)
{
    const struct ranking_entry *a = left;
    const struct ranking_entry *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

void ranking_init(struct ranking *ranking, const struct summary *summary,
                  const struct measure_counts *measure)
{
    memset(ranking, 0, sizeof *ranking);
    ranking->entries = g_new0(struct ranking_entry, measure->row_count);
    for (size_t i = 0; i < measure->row_count; i++) {
        const struct summary_row *row = &measure->rows[i];
        if (measure->by == BY_REGION && strcmp(row->key, "??") == 0)
            ranking->unallocated = row->total;
        else if (row->total > 0)
            ranking->entries[ranking->entry_count++] =
                (struct ranking_entry){.key = row->key, .count = row->total, .rank = (int)i};
    }
    if (ranking->entry_count > 0)
        qsort(ranking->entries, ranking->entry_count, sizeof *ranking->entries, entry_compare);
    ranking->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < ranking->entry_count; i++) {
        struct ranking_entry *entry = &ranking->entries[i];
        bool tied = i > 0 && entry[-1].count == entry->count;
        entry->rank = tied ? entry[-1].rank : (int)i + 1;
        g_hash_table_insert(ranking->by_key, (gpointer)entry->key, entry);
    }
    ranking->total = measure_counts_total(summary, measure);
}

void ranking_release(struct ranking *ranking)
{
    g_clear_pointer(&ranking->entries, g_free);
    g_clear_pointer(&ranking->by_key, g_hash_table_destroy);
    ranking->entry_count = 0;
}

const struct ranking_entry *ranking_find(const struct ranking *ranking, const char *key)
{
    return ranking->by_key == NULL ? NULL : g_hash_table_lookup(ranking->by_key, key);
}
