/* flow_build.h - what the builders of the flow's blocks (flow.c and flow_*.c) share. */
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
    struct hyphenation *hyphenation; /* NULL: words stay whole */
    guint front_pieces, front_tags;  /* how many stand before the table of contents */
    GPtrArray *pending_ids;          /* char *, taken by the next piece */
};

/* Where a block stands. */
struct flow_place {
    double left, width;
    const struct flow_tag *tag; /* parent of the block's tag */
};

/* Of a paragraph. */
struct flow_look {
    struct page_type type;
    bool bold, justified, on_grid;
    double indent; /* of the first line */
    double space_before;
};

bool flow_is_element(xmlNodePtr node, const char *name);
enum { FLOW_LEAST_EM = 12 }; /* no indent leaves a line less */
struct flow_tag *flow_tag_new(struct flow_builder *b, const struct flow_tag *parent, const char *name);
struct flow_piece *flow_piece_new(void);
void flow_piece_free(struct flow_piece *piece);
/* Appends to the flow; the piece takes the pending ids. */
void flow_add(struct flow_builder *b, struct flow_piece *piece);
/* Remembers the element's id for the next piece. */
void flow_note_id(struct flow_builder *b, xmlNodePtr node);
/* Remembers the ids of all elements inside. */
void flow_note_inner_ids(struct flow_builder *b, xmlNodePtr node);
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

/* Takes a line out of the array, which then no longer frees it. */
struct line *flow_steal_line(GPtrArray *lines, guint i);
struct flow_look flow_body_look(const struct flow_builder *b);
/* A text as one piece per line. */
int flow_add_paragraph(struct flow_builder *b, const struct line_text *text, const struct flow_look *look,
                       const struct flow_place *place, const struct flow_tag *tag);

/* The blocks. Each appends its pieces; -1 and an error when one cannot be set. tag_name NULL: the lines carry
 * the place's own tag. */
int flow_blocks(struct flow_builder *b, xmlNodePtr parent, const struct flow_place *place);
int flow_paragraph(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place,
                   const struct flow_look *look, const char *tag_name);
/* A <pre>: its lines as they stand. */
int flow_preformatted(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place);
int flow_heading(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place, int level);
/* The title, the period, the publisher and the date. */
int flow_header(struct flow_builder *b, xmlNodePtr header, const struct flow_place *place);
/* The same as a page of its own (page_cover). */
int flow_cover(struct flow_builder *b, xmlNodePtr header, const struct flow_place *place);
/* True for what a header shows in print. */
bool flow_header_shows(const struct flow_builder *b, xmlNodePtr node);
/* A figure as wide as the place, or a picture no wider than that, both no higher than `height`; its mark
 * stands at the top, in the middle. */
int flow_chart(struct flow_builder *b, const struct page_image *image, struct flow_mark *mark,
               const struct flow_place *place, double height);
int flow_picture(struct flow_builder *b, const struct page_image *image, struct flow_mark *mark,
                 const struct flow_place *place, double height);
/* The table of contents and the lists of the page template, moved behind the title. */
int flow_contents(struct flow_builder *b);
/* What stands at the document's end. */
int flow_footer(struct flow_builder *b, xmlNodePtr footer, const struct flow_place *place);
int flow_list(struct flow_builder *b, xmlNodePtr list, const struct flow_place *place, bool ordered);
int flow_definitions(struct flow_builder *b, xmlNodePtr list, const struct flow_place *place);
int flow_table(struct flow_builder *b, xmlNodePtr table, const struct flow_place *place);
int flow_figure(struct flow_builder *b, xmlNodePtr figure, const struct flow_place *place);

/* Sets the notes of every <ol class="notes"> below the node. */
int flow_notes(struct flow_builder *b, xmlNodePtr node);
bool flow_is_notes(xmlNodePtr node);
/* A section of nothing but notes would be a heading over nothing: its notes stand at the feet of the pages.
 */
bool flow_holds_only_notes(xmlNodePtr section);

#endif
