/* pdf_structure.h - the structure tree of the PDF, grown while the pages are drawn.
 *
 *     struct pdf_structure *structure = pdf_structure_new(flow);
 *     pdf_structure_page(structure);                                             // a new page
 *     pdf_structure_content(structure, pdf_structure_node(structure, tag));      // its next marked content
 *     pdf_structure_content(structure, NULL);                                    // the next is decoration
 *     pdf_structure_annotation(structure, pdf_structure_link(structure, tag, 1));
 *
 * cairo writes marked content without nesting and numbers it from 0 on each page; this tree says what each
 * piece of it belongs to. pdf_tagging.c writes it into the file.
 */
#ifndef TEITEN_RENDER_PDF_STRUCTURE_H
#define TEITEN_RENDER_PDF_STRUCTURE_H

#include "render/flow.h"

/* What an element holds: another element, or a number on a page. */
enum pdf_kid_kind { PDF_KID_NODE, PDF_KID_CONTENT, PDF_KID_ANNOTATION };

struct pdf_kid {
    enum pdf_kid_kind kind;
    struct pdf_node *node; /* of PDF_KID_NODE */
    guint page;            /* from 0 */
    guint number;          /* of the marked content, or of the annotation, on that page; from 0 */
};

struct pdf_node {
    const char *name;           /* "P" */
    const struct flow_tag *tag; /* NULL: Document, Link */
    guint number;               /* of a Link, Span or Ruby within its text; else 0 */
    char *language;             /* of a Span; else NULL */
    GArray *kids;               /* struct pdf_kid, in reading order */
    bool has_box;
    guint box_page;
    double box[4]; /* of a Figure: left, top, right, bottom on box_page, y downwards from the paper's top */
    GString *text; /* of a Link: what a reader is told of its target; else NULL */
};

struct pdf_page_marks {
    GPtrArray *content;     /* struct pdf_node * by number of the marked content; NULL: decoration */
    GPtrArray *annotations; /* struct pdf_node * by number of the annotation */
    guint running_from;     /* marked content from here on is of running heads and feet */
};

struct pdf_structure {
    GPtrArray *nodes;   /* owned; the first is the Document */
    GHashTable *by_tag; /* const struct flow_tag * -> struct pdf_node * */
    GPtrArray *pages;   /* struct pdf_page_marks * */
};

struct pdf_structure *pdf_structure_new(const struct flow *flow);
void pdf_structure_free(struct pdf_structure *structure);

/* The element of a tag; NULL for a NULL tag. */
struct pdf_node *pdf_structure_node(const struct pdf_structure *structure, const struct flow_tag *tag);
/* The Link of that number inside the element of the tag, made at first use; NULL for a NULL tag. */
struct pdf_node *pdf_structure_link(struct pdf_structure *structure, const struct flow_tag *tag,
                                    guint link_number);
/* The element of that name and number inside another, made at first use; NULL inside NULL. */
struct pdf_node *pdf_structure_inner(struct pdf_structure *structure, struct pdf_node *around,
                                     const char *name, guint number);
/* The language of what the node holds, when it is not the document's; NULL: it is. */
void pdf_structure_language(struct pdf_node *node, const char *language);

void pdf_structure_page(struct pdf_structure *structure);
/* The page's next marked content belongs to the node; NULL: to none. */
void pdf_structure_content(struct pdf_structure *structure, struct pdf_node *node);
/* The page's next link annotation belongs to the node; NULL: to none. */
void pdf_structure_annotation(struct pdf_structure *structure, struct pdf_node *node);
/* What follows on this page are running heads and feet. */
void pdf_structure_running(struct pdf_structure *structure);
/* Where the element stands on the page that is being drawn. */
void pdf_structure_box(struct pdf_structure *structure, struct pdf_node *node, double x, double y,
                       double width, double height);

#endif
