/* draft.h - a drafted paragraph while it grows: sentences, each with its rule, inputs and threshold.
 *
 *     draft_add(draft, text, "rank-fell", "2 places or more", "%s %s rank %d previous %d", table, key, 4, 2);
 */
#ifndef TEITEN_REPORT_DRAFT_H
#define TEITEN_REPORT_DRAFT_H

#include <glib.h>

#include "report/model.h"
#include "report/wording.h"

/* Takes `text` over. */
void draft_add(struct model_draft *draft, char *text, const char *rule, const char *threshold,
               const char *inputs, ...) G_GNUC_PRINTF(5, 6);
/* A statement that may be joined with a neighbour into one sentence: the same in three forms. */
struct draft_clause {
    char *plain;  /* a sentence of its own */
    char *lead;   /* before another clause: "8728/TCPは4番目に下がり、"; NULL: it stands alone */
    char *follow; /* behind another one, whose topic it shares; NULL: it stands alone */
    const char *rule, *threshold; /* borrowed */
    char *inputs;
};
/* struct draft_clause; what is left in it is freed with it. */
GArray *draft_clauses_new(void);
/* Adds a clause in the three forms that the wording has: `rule`, `rule`-lead, `rule`-follow, all filled in
 * with `pairs` (wording.h). Borrows rule and threshold, takes inputs over. */
void draft_clauses_add_forms(GArray *clauses, const struct wording *wording, const char *rule,
                             const char *threshold, char *inputs, const char *const *pairs);
/* Takes the clauses' texts over and leaves the array empty. Two neighbours that may be joined make one
 * sentence: of three the third stands alone. Its rule reads "rank-fell places"; inputs and thresholds are
 * joined by "; ". */
void draft_clauses_add(struct model_draft *draft, GArray *clauses);
/* Whether the draft has a sentence of that text. */
bool draft_says(const struct model_draft *draft, const char *text);
void draft_remove(struct model_draft *draft, size_t index);
void draft_release(struct model_draft *draft);

#endif
