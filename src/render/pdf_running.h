/* pdf_running.h - the lines at the head and foot of a page, with its number in them. Names that are too long
 * for their share of the line lose their end. */
#ifndef TEITEN_RENDER_PDF_RUNNING_H
#define TEITEN_RENDER_PDF_RUNNING_H

#include "render/pdf_draw.h"

/* page_number: as printed; 0: a cover. */
int pdf_running_draw(struct pdf_draw *draw, guint page_number, guint page_count, struct error *err);

#endif
