/* paragraph.h - a text set into lines by the rules of Japanese (JLREQ).
 *
 *     struct paragraph_form form = {.width = 420, .indent = 10.5, .justified = true};
 *     GPtrArray *lines = paragraph_set(&text, &form, fonts, "ja", "report", err);     // struct line *
 *
 * pango finds the fonts and shapes; line_class.h says what stands between two characters, line_break.h where
 * lines end. A character without a glyph is an error: "PLACE: text \"...\": no glyph for U+XXXX in FAMILY,
 * expected ...".
 */
#ifndef TEITEN_RENDER_PARAGRAPH_H
#define TEITEN_RENDER_PARAGRAPH_H

#include <glib.h>
#include <stdbool.h>

#include "base/error.h"
#include "chart/fonts.h"
#include "render/hyphenation.h"
#include "render/line.h"
#include "render/line_text.h"

struct paragraph_form {
    double width;
    double indent; /* of the first line */
    double last_line_least;
    bool justified;
    bool phrases;                          /* breaks where a reader would pause: titles and the like */
    const struct hyphenation *hyphenation; /* of the document's language; NULL: words stay whole */
    enum page_align align;                 /* of lines that are not justified */
};

/* struct line *, owned by the array; NULL and an error when a character has no glyph. An empty text gives no
 * lines. */
GPtrArray *paragraph_set(const struct line_text *text, const struct paragraph_form *form, struct fonts *fonts,
                         const char *language, const char *place, struct error *err);
/* Width of the text on one line, or a negative number and an error. */
double paragraph_natural_width(const struct line_text *text, struct fonts *fonts, const char *language,
                               const char *place, struct error *err);
/* The least width in which the text takes no more than so many lines, broken at phrases; 0 lines: in which no
 * word must be broken. Negative and an error as above. */
double paragraph_least_width(const struct line_text *text, guint line_count, struct fonts *fonts,
                             const char *language, const char *place, struct error *err);
/* Width of the longest run of katakana (パケット in パケット数). Negative and an error as above. */
double paragraph_katakana_width(const struct line_text *text, struct fonts *fonts, const char *language,
                                const char *place, struct error *err);

#endif
