/* source.h - the XML files that editors write: the template and the prose of an edition, read with suspicion.
 *
 *     struct source *source = source_load("templates/ja/report.xhtml", "templates/ja/report.xhtml", err);
 *     source_line(node)                                       // 42
 *     source_free(source);
 *
 * No network, no document type declaration (so no entities but the five of XML), no XInclude. Errors start
 * with the file's name for readers, then `line N:`.
 */
#ifndef TEITEN_RENDER_SOURCE_H
#define TEITEN_RENDER_SOURCE_H

#include <glib.h>
#include <libxml/tree.h>

#include "base/error.h"

enum { SOURCE_BYTES_MAX = 8 * 1024 * 1024 };

struct source {
    char *name; /* for readers */
    char *text; /* the file as it is, NUL-terminated */
    size_t size;
    xmlDocPtr document; /* document->_private points back here */
};

/* NULL and an error: missing, too large, not well-formed, with a DOCTYPE, not UTF-8. */
struct source *source_load(const char *path, const char *name, struct error *err);
void source_free(struct source *source);

/* Line of a node, from 1; right beyond 65535 wherever libxml2 knows it. */
long source_line(xmlNodePtr node);
/* The source that a node belongs to. Borrowed. */
const struct source *source_of(xmlNodePtr node);
/* "FILE: line N: ..." in front of a message about a node. Returns -1. */
int source_error(struct error *err, xmlNodePtr node, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The real path of `relative` below `folder`, or NULL and an error ("..., expected a file inside FOLDER")
 * when it leaves it by an absolute name, by "..", or through a symbolic link, or does not exist. Owned by the
 * caller. */
char *source_confined_path(const char *folder, const char *relative, struct error *err);
/* A whole file of at most `limit` bytes, NUL-terminated behind them. NULL and an error with `name`. */
char *source_read(const char *path, const char *name, size_t limit, size_t *size, struct error *err);

#endif
