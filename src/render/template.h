/* template.h - templates and prose expanded over the model document into a page. Private to page.c and to
 * what places things in the page (placement.c, kept.c).
 *
 *     <t:for-each select="tables/table"><h2>{caption}</h2> ...          urn:teiten:template:1
 *
 * Every function that gives up sets an error with the file and the line of the element at hand, and returns
 * -1 or NULL. `context` is the node of the model document that expressions start from, `to` the element of
 * the page that is being filled.
 */
#ifndef TEITEN_RENDER_TEMPLATE_H
#define TEITEN_RENDER_TEMPLATE_H

#include "render/filling.h"

#define TEMPLATE_NAMESPACE "urn:teiten:template:1"
#define TEMPLATE_XHTML_NAMESPACE "http://www.w3.org/1999/xhtml"

/* One pass over the template. The result is filling->document, numbers and references not yet filled in. */
int template_expand(struct filling *filling, struct error *err);
void template_pass_release(struct filling *filling);
/* Expands the children of `from` to the end of `to`. */
int template_children(struct filling *filling, xmlNodePtr from, xmlNodePtr context, xmlNodePtr to,
                      struct error *err);
/* Expands one element of the template language, or refuses it (template_verbs.c). */
int template_verb(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                  struct error *err);

/* Of template_value.c: */

/* The value of a required attribute that is an expression. Free with xmlXPathFreeObject. */
xmlXPathObjectPtr template_evaluate(struct filling *filling, xmlNodePtr element, const char *attribute,
                                    xmlNodePtr context, struct error *err);
/* The one node that attribute `select` of a t: element names, an element called `kind`. */
xmlNodePtr template_select_one(struct filling *filling, xmlNodePtr element, xmlNodePtr context,
                               const char *kind, struct error *err);
/* The text `value` of the attribute `name` with {expressions} filled in. Owned by the caller. */
char *template_fill(struct filling *filling, xmlNodePtr element, const char *name, const char *value,
                    xmlNodePtr context, struct error *err);
/* The same of the attribute's own value; absent attributes are "" without an error. */
char *template_attribute(struct filling *filling, xmlNodePtr element, const char *name, xmlNodePtr context,
                         struct error *err);
/* Says that `expression` failed for filling->expressions.problem, and what the context offers. */
int template_expression_error(struct filling *filling, xmlNodePtr element, xmlNodePtr context,
                              const char *attribute, const char *expression, struct error *err);

#endif
