/* subset_font.h - an embedded CFF font made small.
 *
 *     GBytes *small = subset_font_cff(data, size);     // NULL: keep what you have
 *
 * cairo embeds of a CFF font the glyphs that are used, but all its subroutines: about a megabyte a face of
 * Noto Sans CJK. HarfBuzz's subsetter writes the outlines out and drops them; glyph numbers, and so the
 * pages, stay as they are.
 */
#ifndef TEITEN_RENDER_SUBSET_FONT_H
#define TEITEN_RENDER_SUBSET_FONT_H

#include <glib.h>
#include <stddef.h>

/* Number of glyphs of a bare CFF font; 0 when it is none. */
unsigned subset_font_glyph_count(const unsigned char *data, size_t size);
GBytes *subset_font_cff(const unsigned char *data, size_t size);
/* The names of a font program's glyphs but the first, as PDF lists them: "/A/quotesingle". Owned by the
 * caller; NULL when it has no names. */
char *subset_font_glyph_names(const unsigned char *data, size_t size);

#endif
