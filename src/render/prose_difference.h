/* prose_difference.h - what an editor changed between the prose of two editions: sentence by sentence,
 * picture by picture, link by link; boilerplate that stayed is told apart from what was edited and what is
 * new.
 *
 *     struct prose_difference *difference = prose_difference_new(&publication, &edition, &other, "ja", err);
 *     difference->items[0].kind, .status, .file, .line, .text, .other_text
 *     prose_difference_free(difference);
 *
 * A sentence ends with 。！？ outside quotations, or with its block (paragraph, item, heading, caption).
 * Notes (t:note) are sentences of their own. What the template fills in reads as {select} and {ref id}, so
 * that a sentence whose numbers come from the model is the same sentence in every quarter. White space counts
 * for nothing.
 *
 * Two sentences of one file are the same when they have the same characters; of those left over, the pair
 * that shares most is taken for an edited sentence, then the next, down to half (Dice's coefficient over
 * pairs of neighbouring characters, L. R. Dice 1945). What then remains is new, or was dropped. A file in
 * which more than PROSE_PAIRED_MAX sentences are left over is another text altogether: they are new and
 * dropped.
 */
#ifndef TEITEN_RENDER_PROSE_DIFFERENCE_H
#define TEITEN_RENDER_PROSE_DIFFERENCE_H

#include "base/error.h"
#include "publication/publication.h"

enum { PROSE_PAIRED_MAX = 2000 };
enum prose_kind { PROSE_SENTENCE, PROSE_PICTURE, PROSE_REFERENCE, PROSE_KIND_COUNT };
enum prose_status { PROSE_SAME, PROSE_EDITED, PROSE_NEW, PROSE_DROPPED, PROSE_STATUS_COUNT };

struct prose_item {
    enum prose_kind kind;
    enum prose_status status;
    char *file; /* "overview.xhtml", in the prose folder of the edition; of the other one when dropped */
    long line;  /* from 1; of the other edition when dropped */
    char *text; /* a sentence, a picture's file name, an address; NULL when dropped */
    char *other_text; /* likewise of the other edition; NULL when new. A picture is edited when its bytes or
                         its alternative text changed: then both are the name */
};

struct prose_difference {
    struct prose_item *items; /* by file, then in the edition's order; of a file the dropped come last */
    size_t item_count;
    size_t counts[PROSE_KIND_COUNT][PROSE_STATUS_COUNT];
};

/* Reads both prose folders of the language; one that does not exist has no prose. NULL and an error when a
 * fragment cannot be read. */
struct prose_difference *prose_difference_new(const struct publication *publication,
                                              const struct edition *edition, const struct edition *other,
                                              const char *language, struct error *err);
void prose_difference_free(struct prose_difference *difference);

/* Of a file all of whose sentences are new, or all gone, and more than a few: how many they are, whichever of
 * them `item` is; 0 for any other item. */
size_t prose_difference_whole(const struct prose_difference *difference, size_t item);

/* "sentence", "same": the names for programs. */
const char *prose_kind_name(enum prose_kind kind);
const char *prose_status_name(enum prose_status status);

#endif
