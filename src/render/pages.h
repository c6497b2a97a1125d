/* pages.h - the flow's pieces put on pages.
 *
 *     GPtrArray *sheets = pages_new(flow, &template, err);     // struct sheet *, in order
 *
 * Paragraphs leave and bring at least two lines, headings never end a page, notes stand at the foot of the
 * page that has their mark. A figure or short table that does not fit goes to the top of the next page while
 * the text goes on below the last.
 */
#ifndef TEITEN_RENDER_PAGES_H
#define TEITEN_RENDER_PAGES_H

#include "base/error.h"
#include "render/flow.h"
#include "render/page_template.h"

struct sheet_place {
    const struct flow_piece *piece;
    double y; /* of its top, from the text area's top */
};

struct sheet {
    GArray *places;      /* struct sheet_place, in reading order */
    GArray *note_places; /* likewise; y from the text area's top */
    double notes_top;    /* y of the rule above the notes; only when there are some */
};

GPtrArray *pages_new(const struct flow *flow, const struct page_template *template, struct error *err);

#endif
