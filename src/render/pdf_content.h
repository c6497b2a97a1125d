/* pdf_content.h - a page's operators, as cairo wrote them, with marked content as the structure tree wants
 * it.
 *
 *     GPtrArray *owners = g_ptr_array_new();
 *     GArray *first = g_array_new(FALSE, FALSE, sizeof(guint));
 *     GString *operators = pdf_content_rewrite(data, size, marks, owners, first);      // NULL: not cairo's
 *
 * Decoration becomes artifacts. Text in which cairo names characters (ActualText, in a Span inside the
 * element's content) is cut at these spans, so that no marked content stands in another: readers such as
 * poppler lose what follows an inner one.
 */
#ifndef TEITEN_RENDER_PDF_CONTENT_H
#define TEITEN_RENDER_PDF_CONTENT_H

#include "render/pdf_structure.h"

/* owners: struct pdf_node * by new number. first: by old number, the first new number it became; one more at
 * the end. */
GString *pdf_content_rewrite(const char *data, size_t size, const struct pdf_page_marks *marks,
                             GPtrArray *owners, GArray *first);

#endif
