/* screen.h - the page's document as screens of any width want it.
 *
 *     xmlDocPtr document = screen_document_new(page);      // a copy; the page stays as paper has it
 *
 * Images choose among their variants (drawing.h). Tables of many columns get class "wide" and, in each cell,
 * the heading of its column (data-label): on a phone style.css shows them row by row, heading beside value,
 * as there is no room for columns.
 */
#ifndef TEITEN_RENDER_SCREEN_H
#define TEITEN_RENDER_SCREEN_H

#include "render/page.h"

/* Owned by the caller (xmlFreeDoc). */
xmlDocPtr screen_document_new(const struct page *page);

#endif
