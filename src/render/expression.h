/* expression.h - XPath 1.0 over the model document, with limits and errors that help.
 *
 *     struct expression_context context;
 *     expression_context_init(&context, document);
 *     xmlXPathObjectPtr value = expression_evaluate(&context, "tables/table", node);     // NULL: .problem
 *     expression_context_release(&context);
 *
 * Only the functions of XPath 1.0 itself exist; documents other than the model cannot be reached. One
 * variable is set, $this: the node that the surrounding for-each stands at (XPath 1.0 has no way of its own
 * to name it from within a predicate). All evaluations of a context together may take EXPRESSION_STEPS_MAX
 * steps, so a hostile template ends.
 */
#ifndef TEITEN_RENDER_EXPRESSION_H
#define TEITEN_RENDER_EXPRESSION_H

#include <glib.h>
#include <libxml/xpath.h>
#include <stdbool.h>

enum { EXPRESSION_STEPS_MAX = 5 * 1000 * 1000, EXPRESSION_LENGTH_MAX = 4096 };

struct expression_context {
    xmlXPathContextPtr xpath;
    char *problem; /* of the last evaluation */
};

void expression_context_init(struct expression_context *context, xmlDocPtr document);
void expression_context_release(struct expression_context *context);

/* NULL: context->problem says why ("Invalid expression at character 8"). Free with xmlXPathFreeObject. */
xmlXPathObjectPtr expression_evaluate(struct expression_context *context, const char *expression,
                                      xmlNodePtr node);

/* The text of {expressions} in an attribute value, "{{" and "}}" standing for braces. NULL: problem, and *bad
 * (owned by the caller) is the expression that failed. An expression that selects no node is a problem. */
char *expression_fill(struct expression_context *context, const char *value, xmlNodePtr node, char **bad);

/* What can be selected from a node, for messages: "title, publisher, tables (ports, regions), @edition".
 * Owned by the caller. */
char *expression_offer(xmlNodePtr node);

#endif
