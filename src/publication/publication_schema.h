/* publication_schema.h - checks a parsed publication.xml against publication.rng, with messages that help.
 *
 *     xmlDoc *document = publication_schema_parse("folder/publication.xml", err);
 *     if (document == NULL || publication_schema_check(document, "folder/publication.xml", err) != 0) ...
 *
 * libxml2 decides whether a document is valid; its messages, though, are about patterns ("failed to validate
 * content"). So an invalid document is walked a second time along the same grammar, to find the first
 * element, attribute or value that does not belong, and the documentation in the grammar tells what was
 * expected there.
 */
#ifndef TEITEN_PUBLICATION_PUBLICATION_SCHEMA_H
#define TEITEN_PUBLICATION_PUBLICATION_SCHEMA_H

#include <libxml/tree.h>

#include "base/error.h"

/* Reads without network, DTD, entities or XInclude; a document type declaration is refused. NULL on error.
 * The caller frees the document with xmlFreeDoc. */
xmlDoc *publication_schema_parse(const char *file, struct error *err);
int publication_schema_check(xmlDoc *document, const char *file, struct error *err);

#endif
