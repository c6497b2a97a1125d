/* pdf_text.h - mapping of glyphs to characters (ToUnicode), mended.
 *
 * Where one glyph serves several characters, cairo may name the wrong one: 日 has the same glyph as U+2F47, a
 * Kangxi radical, and the lower number wins. Nobody who searches for 日 would find it. Likewise ﬁ, the glyph
 * of two letters.
 */
#ifndef TEITEN_RENDER_PDF_TEXT_H
#define TEITEN_RENDER_PDF_TEXT_H

#include <glib.h>
#include <stddef.h>

/* The ideograph that a radical (U+2E80 to U+2FDF) looks like; the character itself for others. */
gunichar pdf_text_ideograph(gunichar c);
/* A ToUnicode CMap with its radicals and ligatures replaced; NULL when there are none. */
GBytes *pdf_text_mend(const unsigned char *map, size_t size);

#endif
