/* difference.h - what changed between two editions: typed, from summaries, never from pictures.
 *
 *     struct difference *difference = difference_new(&publication, current, other, "ja", err);
 *     difference->change_count                  // 0: nothing that a table shows changed
 */
#ifndef TEITEN_REPORT_DIFFERENCE_H
#define TEITEN_REPORT_DIFFERENCE_H

#include "publication/publication.h"
#include "summary/summary.h"

struct difference_row {
    char *table;          /* id */
    char *key;            /* "23/TCP" */
    char *label;          /* "Telnet(23/TCP)" */
    int rank, other_rank; /* 0: not seen */
    uint64_t count, other_count;
    double share, other_share; /* 0 to 1 of the measure's total */
    char *change;              /* "+1.6%(+1,190)", "新規", "±0" */
    bool entered, left;        /* the table's shown rows, against the other edition */
};

struct difference {
    struct difference_row *rows; /* every key that either edition shows, by table, then by rank */
    size_t row_count;
    size_t change_count; /* rows whose rank or count differs, and notes */
    char **notes;        /* sensors added, removed or down; registries of other dates; other definitions;
                            NULL-terminated */
};

struct difference *difference_new(const struct publication *publication, const struct summary *current,
                                  const struct summary *other, const char *language, struct error *err);
void difference_free(struct difference *difference);

#endif
