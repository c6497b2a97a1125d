/* difference.h - what changed between two editions: typed, from summaries, never from pictures.
 *
 *     struct difference *difference = difference_new(&publication, current, other, "ja", err);
 *     difference->rows[0].rank, .other_rank; difference->notes[0].text
 */
#ifndef TEITEN_REPORT_DIFFERENCE_H
#define TEITEN_REPORT_DIFFERENCE_H

#include <stdbool.h>

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

enum difference_kind {
    DIFFERENCE_NUMBERS,       /* ranks and counts of tables */
    DIFFERENCE_COVERAGE,      /* sensors added, removed or down */
    DIFFERENCE_DATA,          /* registries of other dates */
    DIFFERENCE_CONFIGURATION, /* measures with another definition, or in one edition only */
};

struct difference_note {
    enum difference_kind kind;
    char *text;
};

struct difference {
    struct difference_row *rows; /* every key that either edition shows, by table, then by rank */
    size_t row_count;
    struct difference_note *notes; /* configuration, coverage, data, in this order */
    size_t note_count;
};

/* Whether rank or count of the row differs by what deserves a look: any change of rank, or of the count by at
 * least `least` (a share: 0.05 is 5 %) of the other edition's; 0: any difference. */
bool difference_row_changed(const struct difference_row *row, double least);

/* "numbers", "coverage", "data", "configuration". Static. */
const char *difference_kind_name(enum difference_kind kind);
/* "entered", "left", "rose", "fell", "count" (the same rank, another count), "same". Static. */
const char *difference_row_status(const struct difference_row *row);

struct difference *difference_new(const struct publication *publication, const struct summary *current,
                                  const struct summary *other, const char *language, struct error *err);
void difference_free(struct difference *difference);

#endif
