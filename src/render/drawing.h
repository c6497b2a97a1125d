/* drawing.h - the drawn figures of a page as files, and how the page on the screen chooses among them.
 *
 *     drawing_add(page, image, fonts, &set, err);     // img/2025q1_report_fig1.svg, _dark.svg, _phone.svg,
 *                                                     // _phone_dark.svg, .png
 *     drawing_variants_put(page, document);           // <img> -> <picture><source .../><img/></picture>
 *
 * The same chart is laid out twice, for a column of text and for the width of a phone, so that its letters
 * can be read on either; and coloured twice, for light pages and for dark ones. Paper, feeds and readers that
 * know no <picture> show the wide light one, as before.
 */
#ifndef TEITEN_RENDER_DRAWING_H
#define TEITEN_RENDER_DRAWING_H

#include <libxml/tree.h>

#include "base/output_set.h"
#include "chart/fonts.h"
#include "render/page.h"

/* A file that takes the place of an image's own under a condition. */
struct image_variant {
    char *file;        /* "img/2025q1_report_fig1_dark.svg" */
    const char *media; /* a media query; static */
    int width, height; /* CSS pixels, for its shape */
};

/* Draws the figure of `image`, adds its files to the set, and notes size and variants in the page. A figure
 * that a phone's width is too small for has no such variant. */
int drawing_add(const struct page *page, struct page_image *image, struct fonts *fonts,
                struct output_set *set, struct error *err);
/* Wraps images with variants. `document` is the page's own or a copy of it. */
void drawing_variants_put(const struct page *page, xmlDocPtr document);

#endif
