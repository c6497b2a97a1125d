/* pdf.h - the filled document laid out on A4 pages by pango on cairo.
 *
 *     GBytes *pdf = pdf_from_page(page, "templates/ja/pages.xml", fonts, PDF_TAGGED, err);
 *
 * The page template (pages.xml) sets paper, margins, running heads, type sizes, line pitch, colours. Lines
 * are set by the rules of JLREQ (see line.h). Two runs over the same page give the same bytes, whatever the
 * clock, zone and locale; the creation date is that of SOURCE_DATE_EPOCH, or the day after the edition's
 * last.
 */
#ifndef TEITEN_RENDER_PDF_H
#define TEITEN_RENDER_PDF_H

#include "chart/fonts.h"
#include "render/page.h"

enum pdf_variant {
    PDF_TAGGED, /* PDF 1.5, small */
    PDF_A_1B,   /* PDF/A-1b (ISO 19005-1): PDF 1.4 for archives, without transparency */
};

GBytes *pdf_from_page(const struct page *page, const char *page_template_path, struct fonts *fonts,
                      enum pdf_variant variant, struct error *err);

#endif
