/* flow.h - the filled document as a row of pieces: what a page is filled with, from top to bottom.
 *
 *     struct flow *flow = flow_new(page, &template, fonts, NULL, err);
 *     for (guint i = 0; i < flow->pieces->len; i++)
 *         place((struct flow_piece *)flow->pieces->pdata[i]);
 *     flow_free(flow);
 *
 * A piece is never divided: a line of a paragraph, a heading, a row of a long table, a figure with its
 * caption. It holds marks with coordinates relative to its upper left corner, in points, y downwards.
 */
#ifndef TEITEN_RENDER_FLOW_H
#define TEITEN_RENDER_FLOW_H

#include <cairo.h>
#include <glib.h>

#include "base/error.h"
#include "chart/chart.h"
#include "chart/fonts.h"
#include "render/line.h"
#include "render/page.h"
#include "render/page_template.h"

/* An element of the structure tree: "P", "Table", "TH" (ISO 32000-1, 14.8.4). Same pointer, same element. */
struct flow_tag {
    const struct flow_tag *parent; /* NULL: a child of the document */
    const char *name;              /* static */
    char *alternative;             /* of a Figure: its text; else NULL */
    char *id;                      /* of a Note; else NULL */
    const char *scope;             /* of a TH: "Column" or "Row"; else NULL */
    const char *numbering;         /* of an L: "Disc", "Decimal" or "None"; else NULL */
    int column_span, row_span;     /* of a cell: 0 and 1 are the same */
};

enum flow_mark_kind { FLOW_LINE, FLOW_RULE, FLOW_CHART, FLOW_PICTURE };

struct flow_mark {
    enum flow_mark_kind kind;
    const struct flow_tag *tag; /* NULL: decoration, or text that is repeated */
    double x, y;                /* of a line: its left end and baseline; of the others: upper left corner */
    double width, height;       /* of rule, chart and picture, as drawn */
    struct line *line;
    struct page_colour colour;
    struct scene *scene;
    cairo_surface_t *picture;
};

struct flow_outline {
    int level; /* 1: a child of the root */
    char *title;
};

/* Lists of the front matter that an element is named in. */
enum flow_listing { FLOW_LIST_NONE, FLOW_LIST_HEADINGS, FLOW_LIST_FIGURES, FLOW_LIST_TABLES };

struct flow_piece {
    double space_before; /* dropped at the top of a page */
    double height;
    bool on_grid;                 /* starts at a multiple of the body's pitch */
    bool ends_on_grid;            /* ends at one */
    bool keep_next;               /* never the last of a page */
    bool cover;                   /* the first page, and all of it */
    bool floats;                  /* may move to the top of the next page while what follows fills this one */
    GArray *marks;                /* struct flow_mark */
    GPtrArray *notes;             /* char *, ids of the notes to stand at the foot of the page */
    GPtrArray *ids;               /* char *, ids of the elements that start here */
    struct flow_outline *outline; /* or NULL */
    char *caption;                /* text of the caption that it holds, or NULL */
    enum flow_listing caption_listing;
    const struct flow_piece *refers; /* of a line of the table of contents: what its page number is of */
    const struct flow_piece *head;   /* repeated when the page breaks before this piece; or NULL */
};

struct flow {
    GPtrArray *pieces;    /* struct flow_piece * */
    GPtrArray *heads;     /* owned heads of tables, struct flow_piece * */
    GHashTable *notes;    /* id -> GPtrArray of struct flow_piece *: the lines of each note */
    GPtrArray *tags;      /* owned, struct flow_tag *, parents before children, siblings in reading order */
    GHashTable *ids;      /* ids of all pieces and notes */
    GHashTable *left_out; /* ids of what is for screens only: links to them become text */
    double measure;
};

/* page_numbers: id -> page, from 1, of references to pages; what it does not know reads 0. NULL: they read
 * like other references. */
struct flow *flow_new(const struct page *page, const struct page_template *template, struct fonts *fonts,
                      GHashTable *page_numbers, struct error *err);
void flow_free(struct flow *flow);
/* Adds its page's number to a line of the table of contents. */
int flow_contents_number(struct flow_piece *entry, guint page, const struct page_template *template,
                         struct fonts *fonts, struct error *err);

#endif
