/* flow_build.h - what the builders of the flow's blocks (flow.c, flow_table.c, flow_figure.c) share. */
#ifndef TEITEN_RENDER_FLOW_BUILD_H
#define TEITEN_RENDER_FLOW_BUILD_H

#include <libxml/tree.h>

#include "render/flow.h"
#include "render/line_text.h"
#include "render/paragraph.h"

struct flow_builder {
    const struct page *page;
    const struct page_template *template;
    struct fonts *fonts;
    struct error *err;
    struct flow *flow;
    struct line_looks looks;
    GPtrArray *pending_ids; /* char *, taken by the next piece */
};

/* Where a block stands. */
struct flow_place {
    double left, width;
    const struct flow_tag *tag; /* parent of the block's tag */
};

const struct flow_tag *flow_tag_new(struct flow_builder *b, const struct flow_tag *parent, const char *name);
struct flow_piece *flow_piece_new(void);
void flow_piece_free(struct flow_piece *piece);
/* Appends to the flow; the piece takes the pending ids. */
void flow_add(struct flow_builder *b, struct flow_piece *piece);
/* Remembers the element's id for the next piece. */
void flow_note_id(struct flow_builder *b, xmlNodePtr node);
struct line_style flow_style(const struct flow_builder *b, double size, bool bold);
/* Baseline of a line of that size within its pitch, from the line's top. */
double flow_baseline(double size, double pitch);
/* The text's lines; NULL and an error when they cannot be set. */
GPtrArray *flow_lines(struct flow_builder *b, const struct line_text *text,
                      const struct paragraph_form *form);
/* Moves a line into a piece, with the notes that it marks. */
void flow_put_line(struct flow_piece *piece, struct line *line, const struct flow_tag *tag, double x,
                   double baseline);
void flow_put_rule(struct flow_piece *piece, double x, double y, double width, double thickness,
                   struct page_colour colour);
/* Caption of 9 pt, centred, into the piece at y; returns its height, negative with an error. */
double flow_put_caption(struct flow_builder *b, struct flow_piece *piece, xmlNodePtr caption,
                        const struct flow_place *place, const struct flow_tag *parent, double y);

int flow_table(struct flow_builder *b, xmlNodePtr table, const struct flow_place *place);
int flow_figure(struct flow_builder *b, xmlNodePtr figure, const struct flow_place *place);

#endif
