/* line.h - one set line: positioned glyphs, ready to be drawn.
 *
 *     line_draw(line, cr, x, baseline);
 *
 * Glyph positions are relative to the line's left end and baseline.
 */
#ifndef TEITEN_RENDER_LINE_H
#define TEITEN_RENDER_LINE_H

#include <cairo.h>
#include <glib.h>
#include <pango/pango.h>
#include <stdbool.h>

#include "render/page_template.h"

/* Glyphs of one font and colour with the text they stand for; what cairo_show_text_glyphs takes. */
struct line_glyphs {
    PangoFont *font; /* owned */
    struct page_colour colour;
    const struct line_link *link; /* of the same line, or NULL */
    guint reading;                /* of line_style; 0: none */
    bool is_reading;              /* the reading itself, not what stands below it */
    char *language;               /* of line_style; NULL: the document's */
    guint language_number;
    GArray *glyphs;   /* cairo_glyph_t */
    GArray *clusters; /* cairo_text_cluster_t */
    GString *text;
};

struct line_link {
    double left, right; /* within the line */
    double size;
    bool underlined; /* not a note's mark, which is known by its place */
    struct page_colour colour;
    guint number;  /* of the link in its text: a link that is broken has one number on both lines */
    char *target;  /* href */
    GString *text; /* as it stands in this line */
};

/* An emphasis dot. */
struct line_dot {
    double x, y; /* its centre, from the line's left end and baseline */
    double radius;
    struct page_colour colour;
};

/* A line below characters or through them, or what lies behind them. */
struct line_stroke {
    double left, right; /* within the line */
    double y, height;   /* of its upper edge, from the baseline down */
    struct page_colour colour;
};

/* What stands here of a drafted sentence. */
struct line_drafted {
    double left, right; /* within the line */
    double size;
    guint number; /* of the sentence in its text */
    char *rule;   /* owned; NULL where the sentence goes on */
};

struct line {
    double width;
    double left;       /* where the first glyph stands: indent and alignment */
    double ratio;      /* of its glue; for tests */
    size_t start, end; /* bytes of the text */
    GPtrArray *glyphs; /* struct line_glyphs * */
    GPtrArray *links;  /* struct line_link * */
    GArray *dots;      /* struct line_dot */
    GArray *strokes;   /* struct line_stroke */
    GArray *grounds;   /* struct line_stroke, to be drawn before all else */
    GArray *drafted;   /* struct line_drafted */
    GPtrArray *notes;  /* char *, ids of the notes whose marks stand here */
};

struct line *line_new(void);
void line_free(struct line *line);
void line_draw(const struct line *line, cairo_t *cr, double x, double baseline);
/* The glyphs of one font and colour, line->glyphs->pdata[part]. */
void line_draw_part(const struct line *line, guint part, cairo_t *cr, double x, double baseline);

#endif
