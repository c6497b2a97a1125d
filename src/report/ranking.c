#include "report/ranking.h"

#include <string.h>

/* By count, the highest first; entries of one count keep their order. Byte by byte from the lowest, as far as
 * any count reaches: a measure by port has a hundred thousand entries, most of them with small counts. */
static void entries_sort(struct ranking_entry **entries, size_t count)
{
    enum { VALUES = 256 };
    struct ranking_entry *from = *entries, *to = g_new(struct ranking_entry, count);
    uint64_t highest = 0;
    for (size_t i = 0; i < count; i++)
        highest = MAX(highest, from[i].count);
    for (unsigned shift = 0; shift < 64 && highest >> shift != 0; shift += 8) {
        size_t places[VALUES + 1] = {0}; /* of value v, reversed: how many stand before it */
        for (size_t i = 0; i < count; i++)
            places[VALUES - (from[i].count >> shift & 0xff)]++;
        for (size_t v = 1; v < VALUES; v++)
            places[v] += places[v - 1];
        for (size_t i = 0; i < count; i++)
            to[places[VALUES - 1 - (from[i].count >> shift & 0xff)]++] = from[i];
        struct ranking_entry *swap = from;
        from = to;
        to = swap;
    }
    *entries = from;
    g_free(to);
}

/* Addresses in no allocation are no region. */
static bool has_rank(const struct measure_counts *measure, const struct summary_row *row)
{
    return row->total > 0 && !(measure->by == BY_REGION && strcmp(row->key, "??") == 0);
}

/* The entries with at least so many. */
static void entries_take(struct ranking *ranking, const struct measure_counts *measure, uint64_t least)
{
    size_t count = 0;
    for (size_t i = 0; i < measure->row_count; i++)
        count += measure->rows[i].total >= least;
    ranking->entries = g_new0(struct ranking_entry, count);
    /* Rows come in the order of keys. */
    for (size_t i = 0; i < measure->row_count; i++) {
        const struct summary_row *row = &measure->rows[i];
        if (row->total >= least && has_rank(measure, row))
            ranking->entries[ranking->entry_count++] =
                (struct ranking_entry){.key = row->key, .count = row->total};
    }
    entries_sort(&ranking->entries, ranking->entry_count);
    for (size_t i = 0; i < ranking->entry_count; i++) {
        struct ranking_entry *entry = &ranking->entries[i];
        bool tied = i > 0 && entry[-1].count == entry->count;
        entry->rank = tied ? entry[-1].rank : (int)i + 1;
    }
}

void ranking_init(struct ranking *ranking, const struct summary *summary,
                  const struct measure_counts *measure)
{
    memset(ranking, 0, sizeof *ranking);
    entries_take(ranking, measure, 1);
    const struct summary_row *unallocated =
        measure->by == BY_REGION ? measure_counts_row(measure, "??") : NULL;
    ranking->unallocated = unallocated != NULL ? unallocated->total : 0;
    ranking->total = measure_counts_total(summary, measure);
}

void ranking_init_top(struct ranking *ranking, const struct measure_counts *measure, size_t top)
{
    uint64_t *largest = g_new0(uint64_t, top); /* descending */
    memset(ranking, 0, sizeof *ranking);
    for (size_t i = 0; i < measure->row_count; i++) {
        const struct summary_row *row = &measure->rows[i];
        if (row->total <= largest[top - 1] || !has_rank(measure, row))
            continue;
        size_t at = top - 1;
        for (; at > 0 && largest[at - 1] < row->total; at--)
            largest[at] = largest[at - 1];
        largest[at] = row->total;
    }
    entries_take(ranking, measure, MAX(largest[top - 1], 1));
    g_free(largest);
}

void ranking_release(struct ranking *ranking)
{
    g_clear_pointer(&ranking->entries, g_free);
    g_clear_pointer(&ranking->by_key, g_hash_table_destroy);
    ranking->entry_count = 0;
}

const struct ranking_entry *ranking_find(struct ranking *ranking, const char *key)
{
    if (ranking->entry_count > 0 && ranking->by_key == NULL) {
        ranking->by_key = g_hash_table_new(g_str_hash, g_str_equal);
        for (size_t i = 0; i < ranking->entry_count; i++)
            g_hash_table_insert(ranking->by_key, (gpointer)ranking->entries[i].key, &ranking->entries[i]);
    }
    return ranking->by_key == NULL ? NULL : g_hash_table_lookup(ranking->by_key, key);
}
