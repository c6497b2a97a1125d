/* fonts.h - the fonts of the publication, from a private fontconfig: the machine's own settings play no part.
 *
 *     struct fonts *fonts = fonts_new(err);              // NULL: not installed, and err names the package
 *     PangoFontDescription *d = fonts_describe("sans", 10.5, true);        // Noto Sans CJK JP bold 10.5 pt
 *     fonts_check_text(fonts, "...", "sans", "figure fig1", err)           // -1: names the character that
 *                                                                          // no font has, as U+XXXX
 */
#ifndef TEITEN_CHART_FONTS_H
#define TEITEN_CHART_FONTS_H

#include <pango/pango.h>
#include <stdbool.h>

#include "base/error.h"

struct fonts;

struct fonts *fonts_new(struct error *err);
/* Knows the families that figures are set in and no other. */
struct fonts *fonts_new_for_figures(struct error *err);
/* With the font files of a folder, which need not exist: a publisher's own. Its name stays in errors. */
struct fonts *fonts_new_with(const char *folder, struct error *err);
void fonts_free(struct fonts *fonts);
/* A new context with the language set: at 72 dpi, so that one unit is one point; hinting and metrics rounding
 * off. Unref it. */
PangoContext *fonts_context(struct fonts *fonts, const char *language);
/* Family name behind a role: "sans", "serif", "mono". Any other role is a family's own name. Borrowed. */
const char *fonts_family(const char *role);
/* 0 when the family behind a role is there, may be embedded in a document, and, as asked, has a bold face.
 * `place` starts the error. */
int fonts_check_family(const struct fonts *fonts, const char *role, bool bold, const char *place,
                       struct error *err);
/* Free with pango_font_description_free. */
PangoFontDescription *fonts_describe(const char *role, double size_pt, bool bold);
/* Width of a text set in one line, in points. */
double fonts_text_width(struct fonts *fonts, const char *language, const char *text, double size_pt,
                        bool bold);
/* 0 when every character has a glyph. `place` starts the error. */
int fonts_check_text(struct fonts *fonts, const char *text, const char *role, const char *place,
                     struct error *err);

#endif
