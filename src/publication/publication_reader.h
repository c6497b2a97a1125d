/* publication_reader.h - a valid publication.xml as a struct publication.
 *
 * Reads what stands in the document, and checks what the document can tell by itself: ids, references,
 * numbers, zones, paths, texts in every language. The files that it names are loaded by publication_load and
 * compared in publication_check.h.
 */
#ifndef TEITEN_PUBLICATION_PUBLICATION_READER_H
#define TEITEN_PUBLICATION_PUBLICATION_READER_H

#include <libxml/tree.h>

#include "publication/publication.h"

/* Paths to the files that publication_load opens, as written in the document. */
struct publication_sources {
    char *sensors;
    char *services;
    char *regions;
    char *iana;        /* NULL when not named */
    char *maintenance; /* likewise */
};

/* `publication` is zeroed but for folder and file, and may be half filled on error: publication_release frees
 * it. `document` must have passed publication_schema_check. */
int publication_read(struct publication *publication, struct publication_sources *sources, xmlDoc *document,
                     struct error *err);
void publication_sources_release(struct publication_sources *sources);

#endif
