/* pdf_finish.h - what cairo leaves out of a PDF, put in with libqpdf: language, title in the window,
 * alternative texts of figures, small fonts, compression, an identifier that depends on nothing but the
 * contents. */
#ifndef TEITEN_RENDER_PDF_FINISH_H
#define TEITEN_RENDER_PDF_FINISH_H

#include <glib.h>

#include "base/error.h"
#include "render/pdf_metadata.h"
#include "render/pdf_structure.h"

struct pdf_finish {
    struct pdf_metadata metadata;
    const struct pdf_structure *structure;
};

GBytes *pdf_finish(const unsigned char *data, size_t size, const struct pdf_finish *finish,
                   struct error *err);

#endif
