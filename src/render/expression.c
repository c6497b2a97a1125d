#include "render/expression.h"

#include <libxml/xpathInternals.h>
#include <string.h>

static void on_problem(void *user, xmlErrorPtr problem)
{
    struct expression_context *context = user;
    if (context->problem != NULL)
        return;
    GString *text = g_string_new(problem->message != NULL ? problem->message : "cannot be evaluated");
    g_strchomp(text->str);
    g_string_set_size(text, strlen(text->str));
    if (problem->str1 != NULL && problem->int1 > 0)
        g_string_append_printf(text, " at character %d", problem->int1 + 1);
    context->problem = g_string_free(text, FALSE);
}

void expression_context_init(struct expression_context *context, xmlDocPtr document)
{
    context->problem = NULL;
    context->xpath = xmlXPathNewContext(document);
    g_assert(context->xpath != NULL);
    context->xpath->error = on_problem;
    context->xpath->userData = context;
    context->xpath->opLimit = EXPRESSION_STEPS_MAX;
}

void expression_context_release(struct expression_context *context)
{
    if (context->xpath != NULL)
        xmlXPathFreeContext(context->xpath);
    context->xpath = NULL;
    g_clear_pointer(&context->problem, g_free);
}

xmlXPathObjectPtr expression_evaluate(struct expression_context *context, const char *expression,
                                      xmlNodePtr node)
{
    g_clear_pointer(&context->problem, g_free);
    if (strlen(expression) > EXPRESSION_LENGTH_MAX) {
        context->problem = g_strdup_printf("longer than %d bytes", EXPRESSION_LENGTH_MAX);
        return NULL;
    }
    xmlXPathCompExprPtr compiled = xmlXPathCtxtCompile(context->xpath, BAD_CAST expression);
    xmlXPathObjectPtr value = NULL;
    if (compiled != NULL) {
        xmlXPathSetContextNode(node, context->xpath);
        context->xpath->contextSize = context->xpath->proximityPosition = 1;
        xmlXPathRegisterVariable(context->xpath, BAD_CAST "this", xmlXPathNewNodeSet(node));
        value = xmlXPathCompiledEval(compiled, context->xpath);
        xmlXPathFreeCompExpr(compiled);
    }
    /* libxml2 hands out a value after some errors as well. */
    if (value != NULL && context->problem != NULL) {
        xmlXPathFreeObject(value);
        value = NULL;
    }
    if (value == NULL && context->problem == NULL)
        context->problem = g_strdup("cannot be evaluated");
    return value;
}

/* The end of an expression that starts behind "{": its "}", or NULL. String literals may hold braces. */
static const char *expression_end(const char *start)
{
    char quote = '\0';
    for (const char *p = start; *p != '\0'; p++) {
        if (quote != '\0') {
            if (*p == quote)
                quote = '\0';
        } else if (*p == '\'' || *p == '"') {
            quote = *p;
        } else if (*p == '}') {
            return p;
        }
    }
    return NULL;
}

char *expression_fill(struct expression_context *context, const char *value, xmlNodePtr node, char **bad)
{
    GString *out = g_string_new(NULL);
    *bad = NULL;
    for (const char *p = value; *p != '\0'; p++) {
        if ((p[0] == '{' && p[1] == '{') || (p[0] == '}' && p[1] == '}')) {
            g_string_append_c(out, *p++);
            continue;
        }
        if (*p != '{') {
            g_string_append_c(out, *p);
            continue;
        }
        const char *end = expression_end(p + 1);
        if (end == NULL) {
            *bad = g_strdup(p);
            g_free(context->problem);
            context->problem = g_strdup("no closing brace");
            break;
        }
        char *expression = g_strndup(p + 1, (gsize)(end - p - 1));
        xmlXPathObjectPtr result = expression_evaluate(context, expression, node);
        if (result != NULL && result->type == XPATH_NODESET && xmlXPathNodeSetIsEmpty(result->nodesetval)) {
            g_free(context->problem);
            context->problem = g_strdup("selects nothing");
            xmlXPathFreeObject(result);
            result = NULL;
        }
        if (result == NULL) {
            *bad = expression;
            break;
        }
        xmlChar *text = xmlXPathCastToString(result);
        g_string_append(out, (const char *)text);
        xmlFree(text);
        xmlXPathFreeObject(result);
        g_free(expression);
        p = end;
    }
    return g_string_free(out, *bad != NULL);
}

/* Whether `offer` already names it: repeated elements are told once. */
static bool has_name(const GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++)
        if (strcmp(names->pdata[i], name) == 0)
            return true;
    return false;
}

char *expression_offer(xmlNodePtr node)
{
    GPtrArray *names = g_ptr_array_new();
    GString *out = g_string_new(NULL);
    for (xmlNodePtr child = node->type == XML_ATTRIBUTE_NODE ? NULL : node->children; child != NULL;
         child = child->next) {
        const char *name = (const char *)child->name;
        if (child->type != XML_ELEMENT_NODE || has_name(names, name))
            continue;
        g_ptr_array_add(names, child->name == NULL ? NULL : (gpointer)(uintptr_t)name);
        g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", name);
        /* The ids one level below: what a select with [@id='...'] can name. */
        bool open = false;
        for (xmlNodePtr item = child->children; item != NULL; item = item->next) {
            xmlChar *id = item->type == XML_ELEMENT_NODE ? xmlGetNoNsProp(item, BAD_CAST "id") : NULL;
            if (id == NULL)
                continue;
            g_string_append_printf(out, "%s%s", open ? " " : " (ids: ", (const char *)id);
            open = true;
            xmlFree(id);
        }
        if (open)
            g_string_append_c(out, ')');
    }
    for (xmlAttrPtr attribute = node->type == XML_ELEMENT_NODE ? node->properties : NULL; attribute != NULL;
         attribute = attribute->next)
        g_string_append_printf(out, "%s@%s", out->len > 0 ? ", " : "", (const char *)attribute->name);
    if (out->len == 0)
        g_string_append(out, "nothing below it");
    g_ptr_array_unref(names);
    return g_string_free(out, FALSE);
}
