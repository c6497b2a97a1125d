/* difference.h - what changed between two editions: typed, from summaries, never from pictures.
 *
 *     struct difference *difference = difference_new(&publication, current, other, &extra, "ja", err);
 *     difference->rows[0].rank, .other_rank; difference->notes[0].text
 */
#ifndef TEITEN_REPORT_DIFFERENCE_H
#define TEITEN_REPORT_DIFFERENCE_H

#include <stdbool.h>

#include "publication/publication.h"
#include "report/registry_effect.h"
#include "report/variation.h"
#include "summary/summary.h"

struct difference_row {
    char *table;          /* id */
    char *key;            /* "23/TCP" */
    char *label;          /* "Telnet(23/TCP)" */
    int rank, other_rank; /* 0: not seen */
    uint64_t count, other_count;
    double share, other_share;           /* 0 to 1 of the measure's total */
    double per_sensor, other_per_sensor; /* per delivering sensor and day; negative: none delivered */
    char *change;                        /* "+1.6%(+1,190件)", "新規", "±0" */
    char *per_sensor_change;             /* "+1.6%(+11.90件)"; "" where there is no average */
    struct variation variation;          /* of the daily averages against the weeks of both quarters */
    bool entered, left;                  /* the table's shown rows, against the other edition */
    bool near_tie; /* of a neighbour in rank, shown or the first that is not, it is less than 2 % away */
    bool has_recount;
    uint64_t recount; /* the count by the other edition's registries (registry_effect.h) */
};

enum difference_kind {
    DIFFERENCE_NUMBERS,       /* ranks and counts of tables */
    DIFFERENCE_COVERAGE,      /* sensors added, removed or down */
    DIFFERENCE_DATA,          /* registries of other dates, and what that moved */
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

/* Whether the row's average differs by no more than the weeks of the two quarters do among themselves. False
 * where that is not known. */
bool difference_row_is_usual(const struct difference_row *row);
/* Whether rank or count of the row differs by what deserves a look: any change of rank, or of the count by at
 * least `least` (a share: 0.05 is 5 %) of the other edition's. With 0 any difference counts; with more, none
 * that is usual. */
bool difference_row_changed(const struct difference_row *row, double least);

/* "numbers", "coverage", "data", "configuration". Static. */
const char *difference_kind_name(enum difference_kind kind);
/* "entered", "left", "rose", "fell", "count" (the same rank, another count), "same". Static. */
const char *difference_row_status(const struct difference_row *row);
/* "usual", "change", or "" where it is not known. Static. */
const char *difference_row_variation(const struct difference_row *row);

/* What summaries do not tell. Borrowed; every member may be NULL: then nothing is said of it. */
struct difference_extra {
    const struct registry_effect *effect;
    char *const *changed_files; /* NULL-terminated names of templates and configuration that changed since the
                                   other edition was published */
    const char *data_file;      /* the one of them that is data */
};

struct difference *difference_new(const struct publication *publication, const struct summary *current,
                                  const struct summary *other, const struct difference_extra *extra,
                                  const char *language, struct error *err);
void difference_free(struct difference *difference);

#endif
