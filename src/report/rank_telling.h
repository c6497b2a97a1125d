/* rank_telling.h - a table's paragraph while it is put into words: its rows' names and places, and the
 * clauses so far. For table_draft.c, which decides what is told.
 *
 *     rank_telling_add(&telling, text, "tied", "", 1, 2);       // takes text over; its inputs: rows 1 and 2
 *     rank_telling_add_joinable(&telling, "rank-fell", "2 places or more", 3, 3,
 *                               (const char *const[]){"place", place, "label", label, NULL});
 *
 * Rows are shown rows of the comparison, from 0; first and last are inclusive. Everything is borrowed but the
 * three arrays.
 */
#ifndef TEITEN_REPORT_RANK_TELLING_H
#define TEITEN_REPORT_RANK_TELLING_H

#include "report/comparison.h"
#include "report/context.h"

struct rank_telling {
    GArray *clauses; /* struct draft_clause */
    const struct wording *wording;
    const struct comparison *comparison;
    const char *table; /* id */
    int limit;
    GPtrArray *labels; /* of the shown rows, in prose */
    GPtrArray *places; /* "2番目", of the shown rows */
    bool has_previous;
};

/* Fills labels and places. */
int rank_telling_name(struct rank_telling *telling, const struct context *context, struct error *err);

const struct comparison_row *rank_telling_row(const struct rank_telling *telling, size_t row);
const char *rank_telling_label(const struct rank_telling *telling, size_t row);
const char *rank_telling_place(const struct rank_telling *telling, size_t row);
/* The texts of rows first to last as a list. Owned by the caller. */
char *rank_telling_list(const struct wording *wording, const GPtrArray *texts, size_t first, size_t last);

/* A sentence of its own. Takes `text` over; rule and threshold are borrowed. */
void rank_telling_add(const struct rank_telling *telling, char *text, const char *rule, const char *threshold,
                      size_t first, size_t last);
/* What may share a sentence with its neighbour: the wording has the rule in three forms (RULE, RULE-lead and
 * RULE-follow). */
void rank_telling_add_joinable(const struct rank_telling *telling, const char *rule, const char *threshold,
                               size_t first, size_t last, const char *const *pairs);
/* What a share of the last sentence was made of: "; count 12 of 20" behind its inputs. */
void rank_telling_add_counts(const struct rank_telling *telling, uint64_t part, uint64_t whole);

#endif
