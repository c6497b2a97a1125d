/* prose_text.h - the prose of one fragment as pieces: sentences, pictures, links, in reading order.
 *
 *     GPtrArray *pieces = prose_pieces_load(folder, shared, "overview.xhtml", err);   // struct prose_piece *
 *     g_ptr_array_unref(pieces);
 */
#ifndef TEITEN_RENDER_PROSE_TEXT_H
#define TEITEN_RENDER_PROSE_TEXT_H

#include "render/prose_difference.h"

struct prose_piece {
    enum prose_kind kind;
    long line;  /* from 1, where the block or the element stands */
    char *text; /* a sentence without its white space at the ends; a picture's file name; an address */
    char *key; /* pieces with equal keys are the same: the sentence without white space; of a picture also its
                  bytes' digest and its alternative text */
};

/* NULL and an error when the fragment cannot be read. A picture that lies neither in the folder nor in
 * `shared` has no digest. */
GPtrArray *prose_pieces_load(const char *folder, const char *shared, const char *name, struct error *err);

#endif
