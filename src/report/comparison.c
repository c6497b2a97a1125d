#include "report/comparison.h"

#include <stdlib.h>
#include <string.h>

#include "summary/key.h"

/* Of the keys not seen now the previous rank comes first; equal ones stand in key order. */
static int row_compare(const void *left, const void *right)
{
    const struct comparison_row *a = left;
    const struct comparison_row *b = right;
    if (a->previous_rank != b->previous_rank)
        return a->previous_rank < b->previous_rank ? -1 : 1;
    return key_compare(a->key, b->key);
}

const struct measure_counts *comparison_previous(const struct measure_counts *measure,
                                                 const struct summary *previous,
                                                 enum comparability *comparability)
{
    const struct measure_counts *other = previous == NULL ? NULL : summary_measure(previous, measure->id);
    *comparability = COMPARABLE;
    if (previous == NULL)
        *comparability = COMPARABLE_NO_PREVIOUS;
    else if (other == NULL)
        *comparability = COMPARABLE_NO_MEASURE;
    else if (strcmp(other->definition, measure->definition) != 0)
        *comparability = COMPARABLE_OTHER_DEFINITION;
    return *comparability == COMPARABLE ? other : NULL;
}

/* The rows of the keys seen now. */
static void rows_begin(struct comparison *comparison, const struct ranking *now, struct ranking *before)
{
    size_t top = (size_t)comparison->top;
    comparison->rows = g_new0(struct comparison_row, now->entry_count + before->entry_count);
    for (size_t i = 0; i < now->entry_count; i++) {
        const struct ranking_entry *entry = &now->entries[i];
        const struct ranking_entry *old = ranking_find(before, entry->key);
        comparison->rows[comparison->row_count++] = (struct comparison_row){
            .key = entry->key,
            .rank = entry->rank,
            .count = entry->count,
            .previous_rank = old == NULL ? 0 : old->rank,
            .previous_count = old == NULL ? 0 : old->count,
        };
        if (entry->rank <= comparison->top)
            comparison->shown_count = i + 1;
    }
    if (comparison->shown_count > 2 * top)
        comparison->shown_count = top;
}

void comparison_init_shown(struct comparison *comparison, const struct measure_counts *measure, int top,
                           const struct summary *current)
{
    struct ranking now, before = {0};
    memset(comparison, 0, sizeof *comparison);
    comparison->measure = measure;
    comparison->top = top;
    comparison->comparability = COMPARABLE_NO_PREVIOUS;
    comparison->total = measure_counts_total(current, measure);
    ranking_init_top(&now, measure, (size_t)top);
    rows_begin(comparison, &now, &before);
    ranking_release(&now);
}

void comparison_init(struct comparison *comparison, const struct measure_counts *measure, int top,
                     const struct summary *current, const struct summary *previous)
{
    memset(comparison, 0, sizeof *comparison);
    comparison->measure = measure;
    comparison->top = top;
    comparison->previous = comparison_previous(measure, previous, &comparison->comparability);
    struct ranking now, before = {0};
    ranking_init(&now, current, measure);
    if (comparison->previous != NULL)
        ranking_init(&before, previous, comparison->previous);
    comparison->total = now.total;
    comparison->previous_total = before.total;
    comparison->unallocated = now.unallocated;
    rows_begin(comparison, &now, &before);
    for (size_t i = 0; i < before.entry_count; i++) {
        const struct ranking_entry *old = &before.entries[i];
        if (ranking_find(&now, old->key) == NULL)
            comparison->rows[comparison->row_count++] = (struct comparison_row){
                .key = old->key, .previous_rank = old->rank, .previous_count = old->count};
    }
    /* Those seen now stand in their order already; those seen only before follow all of them. */
    if (comparison->row_count > now.entry_count)
        qsort(comparison->rows + now.entry_count, comparison->row_count - now.entry_count,
              sizeof *comparison->rows, row_compare);
    ranking_release(&now);
    ranking_release(&before);
}

void comparison_release(struct comparison *comparison)
{
    g_clear_pointer(&comparison->rows, g_free);
    comparison->row_count = comparison->shown_count = 0;
}

bool comparison_row_is_close(const struct comparison *comparison, size_t row)
{
    enum { CLOSE_DIVISOR = 50 };
    if (row + 1 >= comparison->row_count)
        return false;
    const struct comparison_row *here = &comparison->rows[row], *next = &comparison->rows[row + 1];
    return next->rank > here->rank && here->rank > 0 &&
           here->count - next->count < here->count / CLOSE_DIVISOR;
}

size_t comparison_tie_count(const struct comparison *comparison, size_t row)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->row_count; i++)
        count += comparison->rows[i].rank == comparison->rows[row].rank;
    return count;
}

bool comparison_row_is_tied(const struct comparison *comparison, size_t row)
{
    int rank = comparison->rows[row].rank;
    return (row > 0 && comparison->rows[row - 1].rank == rank) ||
           (row + 1 < comparison->row_count && comparison->rows[row + 1].rank == rank);
}
