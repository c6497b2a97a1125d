/* The colophon (奥付): the document's footer as a block of its own below a rule, never divided. */
#include <math.h>
#include <string.h>

#include "render/flow_build.h"

static const double SPACE_ABOVE = 30, RULE_GAP = 7, COLUMN_GAP_EM = 1.5, WIDEST_LABEL = 0.3;

struct colophon {
    struct flow_builder *b;
    struct flow_piece *piece;
    const struct flow_place *place;
    const struct page_type *type;
    double label_width; /* of a <dl>: its widest term */
    double y;
};

/* The node's text from x at y; its height, negative with an error. */
static double put_text(struct colophon *c, xmlNodePtr node, const struct flow_tag *tag, double x, bool bold)
{
    struct flow_builder *b = c->b;
    struct line_style style = flow_style(b, c->type->size, bold);
    struct line_text text;
    line_text_init(&text);
    line_text_append_children(&text, node, &style, &b->looks);
    struct paragraph_form form = {.width = c->place->left + c->place->width - x};
    GPtrArray *lines = flow_lines(b, &text, &form);
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    for (guint i = 0; i < lines->len; i++) {
        flow_put_line(c->piece, flow_steal_line(lines, i), tag, x,
                      c->y + i * c->type->pitch + flow_baseline(c->type->size, c->type->pitch));
    }
    double height = lines->len * c->type->pitch;
    g_ptr_array_unref(lines);
    return height;
}

static int measure_terms(struct colophon *c, xmlNodePtr list)
{
    struct line_style style = flow_style(c->b, c->type->size, true);
    for (xmlNodePtr n = list->children; n != NULL; n = n->next) {
        if (!flow_is_element(n, "dt"))
            continue;
        struct line_text text;
        line_text_init(&text);
        line_text_append_children(&text, n, &style, &c->b->looks);
        double width =
            paragraph_natural_width(&text, c->b->fonts, c->b->template->language, "PDF", c->b->err);
        line_text_release(&text);
        if (width < 0)
            return -1;
        c->label_width = fmax(c->label_width, fmin(width, WIDEST_LABEL * c->place->width));
    }
    return 0;
}

/* Terms on the left, what they say beside them. */
static int put_list(struct colophon *c, xmlNodePtr list)
{
    struct flow_tag *tag = flow_tag_new(c->b, c->place->tag, "L");
    const struct flow_tag *item = NULL;
    double right = c->place->left, term_height = 0;
    tag->numbering = "None";
    if (measure_terms(c, list) != 0)
        return -1;
    right += c->label_width + COLUMN_GAP_EM * c->type->size;
    for (xmlNodePtr n = list->children; n != NULL; n = n->next) {
        bool term = flow_is_element(n, "dt");
        if ((!term && !flow_is_element(n, "dd")) || line_text_is_screen_only(n))
            continue;
        if (term || item == NULL) {
            c->y += term_height; /* of a term without a description */
            item = flow_tag_new(c->b, tag, "LI");
        }
        double height = put_text(c, n, flow_tag_new(c->b, item, term ? "Lbl" : "LBody"),
                                 term ? c->place->left : right, term);
        if (height < 0)
            return -1;
        c->y += term ? 0 : fmax(height, term_height);
        term_height = term ? height : 0;
    }
    c->y += term_height;
    return 0;
}

int flow_footer(struct flow_builder *b, xmlNodePtr footer, const struct flow_place *place)
{
    struct colophon c = {
        .b = b, .piece = flow_piece_new(), .place = place, .type = &b->template->caption, .y = RULE_GAP};
    c.piece->space_before = SPACE_ABOVE;
    flow_note_id(b, footer);
    flow_note_inner_ids(b, footer);
    for (xmlNodePtr n = footer->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE || line_text_is_screen_only(n))
            continue;
        double height = 0;
        if (flow_is_element(n, "dl"))
            height = put_list(&c, n);
        else
            height = put_text(&c, n, flow_tag_new(b, place->tag, "P"), place->left, false);
        if (height < 0) {
            flow_piece_free(c.piece);
            return -1;
        }
        c.y += height;
    }
    if (c.piece->marks->len == 0) {
        flow_piece_free(c.piece);
        return 0;
    }
    flow_put_rule(c.piece, place->left, 0, place->width, b->template->rule_thin, b->template->rule_colour);
    c.piece->height = c.y;
    flow_add(b, c.piece);
    return 0;
}
