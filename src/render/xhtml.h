/* xhtml.h - the page's tree as text: one way to write it, so the same tree gives the same bytes.
 *
 * <!DOCTYPE html>, UTF-8 without an XML declaration (as HTML it would be an error, in XML it is the default),
 * attributes in the tree's order, void elements as <br/>, others never self-closed (a reader that takes the
 * file for HTML must see the same page), a line feed before each block.
 */
#ifndef TEITEN_RENDER_XHTML_H
#define TEITEN_RENDER_XHTML_H

#include <glib.h>
#include <libxml/tree.h>
#include <stdbool.h>

GBytes *xhtml_write(xmlDocPtr document);

/* Element that stands within a line of text: a, em, span, ... */
bool xhtml_is_inline(const char *name);
/* Element that a page may have; no scripts, frames, embedded objects or forms. */
bool xhtml_is_allowed(const char *name);

#endif
