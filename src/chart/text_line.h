/* text_line.h - one line of text, shaped: glyphs from left to right, ready to be measured and drawn.
 *
 *     struct text_line line;
 *     text_line_shape(&line, context, "Telnet宛", description);
 *     text_line_draw(&line, cr);                     // baseline starts at the current point
 *     text_line_release(&line);
 *
 * All of a line is shaped in the context's language, Latin letters and digits too: pango by itself would call
 * those English and take other shapes for them than for the digits beside Japanese characters. No other
 * family steps in for a missing glyph (fonts_check_text finds those before).
 */
#ifndef TEITEN_CHART_TEXT_LINE_H
#define TEITEN_CHART_TEXT_LINE_H

#include <cairo.h>
#include <pango/pango.h>

struct text_line {
    char *text;
    GSList *runs;    /* PangoGlyphItem *, in visual order */
    double width_pt; /* sum of advances */
};

void text_line_shape(struct text_line *line, PangoContext *context, const char *text,
                     const PangoFontDescription *description);
void text_line_release(struct text_line *line);
/* Draws as text with its clusters, so that it can be extracted from a PDF. Moves no current point. */
void text_line_draw(const struct text_line *line, cairo_t *cr);
/* Appends the outlines to the path, for halos. */
void text_line_path(const struct text_line *line, cairo_t *cr);

#endif
