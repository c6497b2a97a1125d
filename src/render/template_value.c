/* template_value.c - what expressions in a template or in prose come to, and errors that show where they
 * stand. */
#include <string.h>

#include "render/template.h"

int template_expression_error(struct filling *filling, xmlNodePtr element, xmlNodePtr context,
                              const char *attribute, const char *expression, struct error *err)
{
    char *offer = expression_offer(context);
    source_error(err, element, "%s of <%s%s>: \"%s\": %s; <%s> of the model offers: %s", attribute,
                 strcmp((const char *)element->ns->href, TEMPLATE_NAMESPACE) == 0 ? "t:" : "",
                 (const char *)element->name, expression, filling->expressions.problem,
                 (const char *)context->name, offer);
    g_free(offer);
    return -1;
}

xmlXPathObjectPtr template_evaluate(struct filling *filling, xmlNodePtr element, const char *attribute,
                                    xmlNodePtr context, struct error *err)
{
    xmlChar *expression = xmlGetNoNsProp(element, BAD_CAST attribute);
    if (expression == NULL) {
        source_error(err, element, "<t:%s> without %s, expected an XPath expression there",
                     (const char *)element->name, attribute);
        return NULL;
    }
    xmlXPathObjectPtr value = expression_evaluate(&filling->expressions, (const char *)expression, context);
    if (value == NULL)
        template_expression_error(filling, element, context, attribute, (const char *)expression, err);
    xmlFree(expression);
    return value;
}

char *template_fill(struct filling *filling, xmlNodePtr element, const char *name, const char *value,
                    xmlNodePtr context, struct error *err)
{
    char *bad = NULL;
    char *text = expression_fill(&filling->expressions, value, context, &bad);
    if (text == NULL)
        template_expression_error(filling, element, context, name, bad, err);
    g_free(bad);
    return text;
}

char *template_attribute(struct filling *filling, xmlNodePtr element, const char *name, xmlNodePtr context,
                         struct error *err)
{
    xmlChar *value = xmlGetNoNsProp(element, BAD_CAST name);
    char *text =
        template_fill(filling, element, name, value != NULL ? (const char *)value : "", context, err);
    xmlFree(value);
    return text;
}

/* "tables of the model: ports, regions" */
static char *known_ids(const struct filling *filling, const char *kind)
{
    GString *out = g_string_new(NULL);
    for (xmlNodePtr list = xmlDocGetRootElement(filling->model_document)->children; list != NULL;
         list = list->next)
        for (xmlNodePtr item = list->children; item != NULL; item = item->next) {
            xmlChar *id = item->type == XML_ELEMENT_NODE && strcmp((const char *)item->name, kind) == 0
                              ? xmlGetNoNsProp(item, BAD_CAST "id")
                              : NULL;
            if (id != NULL)
                g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", (const char *)id);
            xmlFree(id);
        }
    if (out->len == 0)
        g_string_append(out, "none");
    return g_string_free(out, FALSE);
}

xmlNodePtr template_select_one(struct filling *filling, xmlNodePtr element, xmlNodePtr context,
                               const char *kind, struct error *err)
{
    xmlXPathObjectPtr value = template_evaluate(filling, element, "select", context, err);
    if (value == NULL)
        return NULL;
    int count = value->type == XPATH_NODESET && value->nodesetval != NULL ? value->nodesetval->nodeNr : 0;
    xmlNodePtr node = count == 1 ? value->nodesetval->nodeTab[0] : NULL;
    if (node == NULL || node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, kind) != 0) {
        xmlChar *expression = xmlGetNoNsProp(element, BAD_CAST "select");
        char *ids = known_ids(filling, kind);
        char *found = count == 0   ? g_strdup("nothing")
                      : count == 1 ? g_strdup_printf("a <%s>", (const char *)node->name)
                                   : g_strdup_printf("%d nodes", count);
        source_error(err, element,
                     "select of <t:%s>: \"%s\" selects %s, expected one <%s>; ids in the model: %s",
                     (const char *)element->name, (const char *)expression, found, kind, ids);
        g_free(found);
        g_free(ids);
        xmlFree(expression);
        node = NULL;
    }
    xmlXPathFreeObject(value);
    return node;
}
