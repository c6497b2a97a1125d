/* pdf_metadata.h - what a PDF says of itself, put in with libqpdf: language, title in the window, page
 * labels, XMP, and for PDF/A-1b the output intent. */
#ifndef TEITEN_RENDER_PDF_METADATA_H
#define TEITEN_RENDER_PDF_METADATA_H

#include <qpdf/qpdf-c.h>
#include <stdbool.h>

#include "base/error.h"

struct pdf_metadata {
    const char *language; /* "ja" */
    const char *title, *author, *creator;
    const char *date; /* "2025-07-01T00:00:00Z" */
    bool is_a_1b;
    const char *cover_label; /* of the page before page 1; NULL: there is none */
};

void pdf_metadata_write(qpdf_data q, const struct pdf_metadata *metadata);

#endif
