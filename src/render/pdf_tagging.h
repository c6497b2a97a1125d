/* pdf_tagging.h - the structure tree put into the file with libqpdf, in the place of cairo's.
 *
 * cairo's tree knows no alternative text, no scope, no artifact, and loses the text around a link. Its marked
 * content stays, but for decoration, which becomes artifacts (ISO 32000-1, 14.8.2.2).
 */
#ifndef TEITEN_RENDER_PDF_TAGGING_H
#define TEITEN_RENDER_PDF_TAGGING_H

#include <qpdf/qpdf-c.h>

#include "base/error.h"
#include "render/pdf_structure.h"

int pdf_tagging_write(qpdf_data q, const struct pdf_structure *structure, struct error *err);

#endif
