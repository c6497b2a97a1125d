/* pdf_draw.h - sheets drawn with cairo: glyphs, rules, figures, structure tags, links, destinations and the
 * outline. */
#ifndef TEITEN_RENDER_PDF_DRAW_H
#define TEITEN_RENDER_PDF_DRAW_H

#include <cairo.h>

#include "render/pages.h"
#include "render/pdf_structure.h"

struct pdf_draw {
    cairo_t *cr;
    cairo_surface_t *surface;
    const struct page *page;
    const struct page_template *template;
    const struct flow *flow;
    struct fonts *fonts;
    struct pdf_structure *structure;
    const char *open_name;      /* tag of the open marked content, or NULL */
    struct pdf_node *open_node; /* its element; NULL: decoration */
    int outline_parents[8];     /* last outline entry of each level */
};

/* Draws every sheet, one page each. */
int pdf_draw_sheets(struct pdf_draw *draw, const GPtrArray *sheets, struct error *err);

/* Name of a destination for an element's id: ASCII letters, digits, '-', '_', '.'. Owned by the caller. */
char *pdf_destination_name(const char *id);
/* A URI that is safe inside a PDF string: ASCII, no parentheses or quotes. Owned by the caller. */
char *pdf_safe_uri(const char *uri);

#endif
