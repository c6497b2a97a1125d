/* pdf_draft.h - what a draft's pages show beyond their text: 下書き across the sheet, drafted sentences on a
 * tint with their rules in the right margin, numbers of lines in the left one. Lines and pages stay where
 * they are in the final edition.
 *
 *     pdf_draft_below(draw, sheet);      // before the sheet's text: what lies under it
 *     pdf_draft_beside(draw, sheet, err);
 *
 * All of it is decoration: the caller has opened marked content that belongs to no element.
 */
#ifndef TEITEN_RENDER_PDF_DRAFT_H
#define TEITEN_RENDER_PDF_DRAFT_H

#include "render/pdf_draw.h"

void pdf_draft_below(struct pdf_draw *draw, const struct sheet *sheet);
int pdf_draft_beside(struct pdf_draw *draw, const struct sheet *sheet, struct error *err);

#endif
