/* line_items.h - a row of clusters as boxes, glue and penalties: which breaks the rules allow, and what they
 * cost.
 *
 *     GArray *items = line_items(row, &text, 420, false, NULL);     // struct line_item, for line_break()
 *     g_array_unref(items);
 */
#ifndef TEITEN_RENDER_LINE_ITEMS_H
#define TEITEN_RENDER_LINE_ITEMS_H

#include "render/hyphenation.h"
#include "render/line_break.h"
#include "render/line_cluster.h"

/* `measure`: a word that is wider may be broken anywhere. `phrases`: lines break where a reader would pause,
 * as far as they can. `hyphenation`: of the document's language; NULL parts words at soft hyphens only. */
GArray *line_items(const struct line_clusters *row, const struct line_text *text, double measure,
                   bool phrases, const struct hyphenation *hyphenation);

#endif
