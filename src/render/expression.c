#include "render/expression.h"

#include <libxml/xpathInternals.h>
#include <string.h>

/* libxml2 hands a handler of one's own the code alone, so the words are ours. */
static const char *problem_text(int code)
{
    switch (code - XML_XPATH_EXPRESSION_OK) {
    case XPATH_NUMBER_ERROR:
        return "malformed number";
    case XPATH_UNFINISHED_LITERAL_ERROR:
        return "a string without its closing quote";
    case XPATH_VARIABLE_REF_ERROR:
    case XPATH_UNDEF_VARIABLE_ERROR:
        return "unknown variable, expected $this";
    case XPATH_INVALID_PREDICATE_ERROR:
        return "malformed predicate";
    case XPATH_UNCLOSED_ERROR:
        return "unclosed bracket";
    case XPATH_UNKNOWN_FUNC_ERROR:
        return "unknown function, expected one of XPath 1.0";
    case XPATH_INVALID_OPERAND:
    case XPATH_INVALID_TYPE:
        return "operand of the wrong type";
    case XPATH_INVALID_ARITY:
        return "wrong number of arguments";
    case XPATH_UNDEF_PREFIX_ERROR:
        return "unknown prefix, expected names without one";
    case XPATH_OP_LIMIT_EXCEEDED:
    case XPATH_RECURSION_LIMIT_EXCEEDED:
    case XPATH_MEMORY_ERROR:
        return "takes too many steps";
    default:
        return "malformed expression";
    }
}

static void on_problem(void *user, xmlErrorPtr problem)
{
    struct expression_context *context = user;
    if (context->problem != NULL)
        return;
    const char *text = problem_text(problem->code);
    context->problem = problem->str1 != NULL && problem->int1 > 0
                           ? g_strdup_printf("%s, at character %d", text, problem->int1 + 1)
                           : g_strdup(text);
}

/* Some problems libxml2 also prints by itself; the program's own error tells them. */
static void G_GNUC_PRINTF(2, 3) say_nothing(void *context, const char *format, ...)
{
    (void)context, (void)format;
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
    xmlGenericErrorFunc generic = xmlGenericError;
    void *generic_context = xmlGenericErrorContext;
    xmlSetGenericErrorFunc(NULL, say_nothing);
    xmlXPathCompExprPtr compiled = xmlXPathCtxtCompile(context->xpath, BAD_CAST expression);
    xmlXPathObjectPtr value = NULL;
    if (compiled != NULL) {
        xmlXPathSetContextNode(node, context->xpath);
        context->xpath->contextSize = context->xpath->proximityPosition = 1;
        xmlXPathRegisterVariable(context->xpath, BAD_CAST "this", xmlXPathNewNodeSet(node));
        value = xmlXPathCompiledEval(compiled, context->xpath);
        xmlXPathFreeCompExpr(compiled);
    }
    xmlSetGenericErrorFunc(generic_context, generic);
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
