/* comparison.h - one measure in two editions, key by key: what a table and its draft rest on.
 *
 *     struct comparison comparison;
 *     comparison_init(&comparison, "domestic-ports", 5, current, previous);
 *     comparison.rows[0].key, .rank, .previous_rank       // rows[0 .. shown_count) are the table's rows
 *     comparison_release(&comparison);
 *
 * Editions are compared only where the measure has the same definition in both.
 */
#ifndef TEITEN_REPORT_COMPARISON_H
#define TEITEN_REPORT_COMPARISON_H

#include "report/ranking.h"

enum comparability {
    COMPARABLE,
    COMPARABLE_NO_PREVIOUS,      /* there is no previous summary */
    COMPARABLE_NO_MEASURE,       /* the previous summary has no such measure */
    COMPARABLE_OTHER_DEFINITION, /* it counted something else under that name */
};

struct comparison_row {
    const char *key;                /* borrowed from a summary */
    int rank, previous_rank;        /* 0: not seen */
    uint64_t count, previous_count; /* 0: not seen */
};

struct comparison {
    const struct measure_counts *measure;  /* borrowed */
    const struct measure_counts *previous; /* NULL unless comparable */
    enum comparability comparability;
    int top;
    /* Every key of either edition: by rank, those not seen now last, by previous rank; then by key. */
    struct comparison_row *rows;
    size_t row_count;
    size_t shown_count; /* the first rows: those whose rank is at most `top`; only `top` rows where ties at
                           the end would make them more than twice as many */
    uint64_t total, previous_total;
    uint64_t unallocated;
};

/* The measure in the previous summary, when it can be compared: else NULL, and `comparability` says why. */
const struct measure_counts *comparison_previous(const struct measure_counts *measure,
                                                 const struct summary *previous,
                                                 enum comparability *comparability);

/* `measure` must be of `current`; `previous` may be NULL. */
void comparison_init(struct comparison *comparison, const struct measure_counts *measure, int top,
                     const struct summary *current, const struct summary *previous);
/* The same beside no previous edition, of all rows only those whose rank is at most `top`, and without what
 * is unallocated. */
void comparison_init_shown(struct comparison *comparison, const struct measure_counts *measure, int top,
                           const struct summary *current);
void comparison_release(struct comparison *comparison);

/* Whether `row` and the one behind it, of another rank, are so close that they could stand the other way
 * round: less than 2 % of the larger count apart. False at the end, and for keys not seen now. */
bool comparison_row_is_close(const struct comparison *comparison, size_t row);
/* How many rows have the rank of this one, itself included and those that are not shown. */
size_t comparison_tie_count(const struct comparison *comparison, size_t row);
/* Whether the row shares its rank with another. */
bool comparison_row_is_tied(const struct comparison *comparison, size_t row);

#endif
