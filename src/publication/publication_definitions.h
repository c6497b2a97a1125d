/* publication_definitions.h - the measures, tables and figures that publication.xml defines. Private to
 * publication_reader.c.
 */
#ifndef TEITEN_PUBLICATION_PUBLICATION_DEFINITIONS_H
#define TEITEN_PUBLICATION_PUBLICATION_DEFINITIONS_H

#include "publication/element.h"

/* Measures before the tables that name them, tables before the figures: the document may have them in any
 * order. Ids must differ within a kind, and those that are named must be there. */
int publication_definitions_read(const struct element_reader *self, const xmlNode *root);

#endif
