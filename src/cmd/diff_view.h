/* diff_view.h - what `teiten diff` shows: the difference of two editions, and what of it is asked for. */
#ifndef TEITEN_CMD_DIFF_VIEW_H
#define TEITEN_CMD_DIFF_VIEW_H

#include <stdbool.h>

#include "render/prose_difference.h"
#include "report/difference.h"
#include "report/review.h"

/* What --only names: the kinds of difference.h, those of prose_difference.h, and what is no difference but
 * deserves a sentence. */
enum {
    VIEW_PROSE = DIFFERENCE_CONFIGURATION + 1,
    VIEW_EVENTS = VIEW_PROSE + PROSE_KIND_COUNT,
    VIEW_STABILITY,
    VIEW_KINDS
};

/* --min-change of one table or measure, or of all. */
struct diff_threshold {
    char *place; /* id of a table or measure; NULL: all others */
    double least;
};

struct diff_view {
    const struct publication *publication;
    const struct difference *difference;
    const struct prose_difference *prose;
    const struct review *review; /* NULL: neither events nor stability are asked for */
    const struct edition *edition, *other;
    const char *language;
    bool only[VIEW_KINDS];
    GArray *thresholds; /* struct diff_threshold */
    int quarters;       /* that a review's rank flows go back, this one included: 2 to 8 */
    bool verbose; /* prose that stayed, and every sentence of texts that are wholly new, is listed too */
};

/* "numbers", ..., "references", "events", "stability". Static. */
const char *diff_view_kind_name(int kind);
/* Whether the row is left over by --only and --min-change. */
bool diff_view_row_is_shown(const struct diff_view *view, const struct difference_row *row);
bool diff_view_item_is_shown(const struct diff_view *view, const struct prose_item *item);
/* Whether anything that is asked for differs: the exit status. Events and stability are no differences. */
bool diff_view_has_changes(const struct diff_view *view);

/* To standard output. */
void diff_print_text(const struct diff_view *view);
void diff_print_csv(const struct diff_view *view);
void diff_print_json(const struct diff_view *view);

#endif
