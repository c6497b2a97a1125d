/* page_template.h - pages.xml: paper, margins, type sizes, colours and running lines of the PDF.
 *
 *     struct page_template template;
 *     if (page_template_load(&template, "templates/ja/pages.xml", err) != 0) ...
 *     page_template_release(&template);
 *
 * Lengths are in points here; the file may also say mm. Errors: "FILE: line N: what, what was expected".
 */
#ifndef TEITEN_RENDER_PAGE_TEMPLATE_H
#define TEITEN_RENDER_PAGE_TEMPLATE_H

#include <glib.h>
#include <stdbool.h>

#include "base/error.h"

struct page_colour {
    double red, green, blue; /* 0 to 1 */
};

/* A kind of text: its size, the distance from one line to the next, and the font's role ("sans", "serif",
 * "mono"). */
struct page_type {
    double size, pitch;
};

enum { PAGE_HEADING_COUNT = 4 };

struct page_heading {
    double size, pitch;
    double before; /* space above; dropped at the top of a page */
    double after;  /* space below, rule included */
    double rule;   /* width of the rule below; 0: none */
    struct page_colour rule_colour;
};

enum page_align { PAGE_ALIGN_LEFT, PAGE_ALIGN_CENTRE, PAGE_ALIGN_RIGHT };

/* A line at the head or foot of the pages. {title} {period} {publisher} {page} {pages} are filled in. */
struct page_running {
    bool at_foot;
    bool on_first_page;
    enum page_align align;
    double size;
    double distance; /* from the text area's edge to the line's nearer edge */
    char *text;
};

/* A first page of its own: title, publisher and date, a picture (a logo) above, a figure of the edition in
 * the middle. */
struct page_cover {
    double title_size, title_pitch; /* 0: no cover */
    double size, pitch;             /* of the other lines */
    double rule;                    /* width of the rule below the title; 0: none */
    struct page_colour rule_colour;
    char *picture; /* a file beside pages.xml, or NULL */
    double picture_width;
    char *figure; /* id of a figure in publication.xml, or NULL */
};

struct page_template {
    char *file;   /* pages.xml */
    char *folder; /* where it lies */
    double paper_width, paper_height;
    double margin_top, margin_bottom, margin_left, margin_right;
    char *language;  /* "ja" */
    char *font;      /* of all text but code: a role ("sans", "serif", "mono") or the name of a family */
    char *bold_font; /* of headings and emphasis */
    char *code_font;
    struct page_type body, table, caption, note;
    double indent_em;       /* of a paragraph's first line */
    double first_indent_em; /* the same of a paragraph below a heading */
    double last_line_em;    /* a paragraph's last line is at least so long */
    char *hyphenate;        /* language whose patterns part words ("en-US"); NULL: words stay whole */
    struct page_colour text_colour, link_colour, quiet_colour, rule_colour, grid_colour;
    double picture_width, picture_height; /* no picture is drawn wider or higher */
    double contents_depth;                /* levels of headings in the table of contents */
    /* Titles of the lists behind the title; NULL: none. */
    char *contents_title, *contents_figures, *contents_tables;
    double rule_strong, rule_thin, rule_grid;         /* of tables */
    struct page_heading headings[PAGE_HEADING_COUNT]; /* h1 to h4 */
    struct page_cover cover;
    GPtrArray *running; /* struct page_running * */
};

int page_template_load(struct page_template *template, const char *path, struct error *err);
void page_template_release(struct page_template *template);

static inline bool page_template_has_cover(const struct page_template *t)
{
    return t->cover.title_size > 0;
}

static inline double page_template_measure(const struct page_template *t)
{
    return t->paper_width - t->margin_left - t->margin_right;
}

static inline double page_template_depth(const struct page_template *t)
{
    return t->paper_height - t->margin_top - t->margin_bottom;
}

#endif
