/* model_document.h - the report model as an XML tree: the only thing that a template's XPath expressions can
 * see.
 *
 *     xmlDocPtr document = model_document_new(&publication, model, fragments, draft);
 *     // /report/tables/table[@id='ports']/rows/row[1]/cell[@name='key'] is "Telnet(23/TCP)"
 *     xmlFreeDoc(document);
 *
 * Its vocabulary is written down for editors in templates/README.md; what stands there is a promise.
 */
#ifndef TEITEN_RENDER_MODEL_DOCUMENT_H
#define TEITEN_RENDER_MODEL_DOCUMENT_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "publication/publication.h"
#include "report/model.h"

/* `fragments`: names of the edition's prose files (char *, without .xhtml), in the order they are to appear.
 */
xmlDocPtr model_document_new(const struct publication *publication, const struct model *model,
                             const GPtrArray *fragments, bool draft);

#endif
