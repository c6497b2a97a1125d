/* pdf_references.h - references to pages: numbers that are known only when the pages are full, which in turn
 * depend on how long the numbers are.
 *
 *     struct flow *flow = pdf_references_settle(page, &template, fonts, err);     // references read 5ページ
 */
#ifndef TEITEN_RENDER_PDF_REFERENCES_H
#define TEITEN_RENDER_PDF_REFERENCES_H

#include "render/flow.h"

/* The document's flow, set again until every reference names the page that its target stands on. NULL and an
 * error when the flow cannot be made, or never settles. */
struct flow *pdf_references_settle(const struct page *page, const struct page_template *template,
                                   struct fonts *fonts, struct error *err);

#endif
