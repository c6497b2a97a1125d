/* markup.h - what the markup of templates and prose may not do: ask anything of another host, run anything,
 * or be read as another tree by an HTML parser than by an XML parser.
 *
 *     const char *problem = markup_attribute_problem("href", "javascript:x");
 *         // "expected http:, https:, mailto:, #id or a file beside the page"; NULL: it may stay
 *     markup_nesting_check(document, err);           // <ul> in <p>, <li> outside a list, ...
 */
#ifndef TEITEN_RENDER_MARKUP_H
#define TEITEN_RENDER_MARKUP_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "base/error.h"

/* Why an element may not stand there; NULL: it may. `in_prose`: not in the template itself. */
const char *markup_element_problem(const char *element, bool in_prose);
/* Why an attribute may not have that value; NULL: it may. */
const char *markup_attribute_problem(const char *attribute, const char *value);
/* A <link> as a whole: style sheets, icons and the like come from beside the page. NULL: it may stay. */
const char *markup_link_problem(xmlNodePtr link);
/* Of a filled page whose nodes have origins (filling.h). */
int markup_nesting_check(xmlDocPtr document, struct error *err);

#endif
