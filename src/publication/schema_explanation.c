#include "publication/schema_explanation.h"

#include <glib.h>
#include <libxml/xmlregexp.h>
#include <string.h>

#define RELAX_NG "http://relaxng.org/ns/structure/1.0"
#define ANNOTATIONS "http://relaxng.org/ns/compatibility/annotations/1.0"

struct explanation {
    xmlDoc *grammar;
    const char *file;
    struct error *err;
};

/* One element or attribute that a pattern allows. */
struct allowed {
    xmlNode *pattern;
    const char *name; /* "title", "xml:lang"; borrowed */
    bool required;
    bool repeatable;
};

/* ---- the grammar ---- */

static bool pattern_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           strcmp((const char *)node->ns->href, RELAX_NG) == 0 && strcmp((const char *)node->name, name) == 0;
}

/* An attribute of the grammar, borrowed from the tree: "" when it is absent. */
static const char *pattern_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
        if (strcmp((const char *)attribute->name, name) == 0 && attribute->children != NULL &&
            attribute->children->content != NULL)
            return (const char *)attribute->children->content;
    return "";
}

/* Text of an element that holds nothing else: borrowed, "" when there is none. */
static const char *pattern_text(const xmlNode *node)
{
    return node->children != NULL && node->children->content != NULL ? (const char *)node->children->content
                                                                     : "";
}

static xmlNode *define_find(const struct explanation *self, const char *name)
{
    for (xmlNode *node = xmlDocGetRootElement(self->grammar)->children; node != NULL; node = node->next)
        if (pattern_is(node, "define") && strcmp(pattern_attribute(node, "name"), name) == 0)
            return node;
    return NULL;
}

static const char *documentation(const xmlNode *pattern)
{
    for (const xmlNode *node = pattern->children; node != NULL; node = node->next)
        if (node->type == XML_ELEMENT_NODE && node->ns != NULL &&
            strcmp((const char *)node->ns->href, ANNOTATIONS) == 0)
            return pattern_text(node);
    return NULL;
}

/* Adds the patterns called `wanted` ("element" or "attribute") among the content of `pattern`, not those
 * inside further elements. The grammar has no recursive definitions; `depth` guards against one that gets
 * one. */
static void allowed_collect(const struct explanation *self, xmlNode *pattern, const char *wanted,
                            struct allowed context, int depth, GArray *list)
{
    if (depth > 64)
        return;
    for (xmlNode *node = pattern->children; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        struct allowed inner = context;
        if (pattern_is(node, wanted)) {
            inner.pattern = node;
            inner.name = pattern_attribute(node, "name");
            g_array_append_val(list, inner);
            continue;
        }
        if (pattern_is(node, "element") || pattern_is(node, "attribute"))
            continue;
        if (pattern_is(node, "ref")) {
            xmlNode *define = define_find(self, pattern_attribute(node, "name"));
            if (define != NULL)
                allowed_collect(self, define, wanted, inner, depth + 1, list);
            continue;
        }
        if (pattern_is(node, "optional") || pattern_is(node, "zeroOrMore") || pattern_is(node, "choice"))
            inner.required = false;
        if (pattern_is(node, "zeroOrMore") || pattern_is(node, "oneOrMore"))
            inner.repeatable = true;
        allowed_collect(self, node, wanted, inner, depth + 1, list);
    }
}

static GArray *allowed_list(const struct explanation *self, xmlNode *pattern, const char *wanted)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct allowed));
    struct allowed context = {.required = true};
    allowed_collect(self, pattern, wanted, context, 0, list);
    return list;
}

static const struct allowed *allowed_find(const GArray *list, const char *name)
{
    for (guint i = 0; i < list->len; i++)
        if (strcmp(g_array_index(list, struct allowed, i).name, name) == 0)
            return &g_array_index(list, struct allowed, i);
    return NULL;
}

/* "one of a, b, c", "a", or "none": for messages. */
static char *allowed_names(const GArray *list)
{
    if (list->len == 0)
        return g_strdup("none");
    GString *out = g_string_new(list->len > 1 ? "one of " : "");
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(out, "%s%s", i == 0 ? "" : ", ", g_array_index(list, struct allowed, i).name);
    return g_string_free(out, FALSE);
}

/* ---- values ---- */

static bool integer_matches(const xmlNode *data, const char *text)
{
    char *end = NULL;
    gint64 value = g_ascii_strtoll(text, &end, 10);
    if (end == text || *end != '\0')
        return false;
    for (const xmlNode *param = data->children; param != NULL; param = param->next) {
        if (!pattern_is(param, "param"))
            continue;
        gint64 bound = g_ascii_strtoll(pattern_text(param), NULL, 10);
        const char *name = pattern_attribute(param, "name");
        if ((strcmp(name, "minInclusive") == 0 && value < bound) ||
            (strcmp(name, "maxInclusive") == 0 && value > bound))
            return false;
    }
    return true;
}

static bool token_matches(const xmlNode *data, const char *text)
{
    for (const xmlNode *param = data->children; param != NULL; param = param->next) {
        if (!pattern_is(param, "param"))
            continue;
        const char *name = pattern_attribute(param, "name");
        if (strcmp(name, "minLength") == 0 &&
            g_utf8_strlen(text, -1) < (glong)g_ascii_strtoll(pattern_text(param), NULL, 10))
            return false;
        if (strcmp(name, "pattern") == 0) {
            xmlRegexp *expression = xmlRegexpCompile((const xmlChar *)pattern_text(param));
            bool fits = expression == NULL || xmlRegexpExec(expression, (const xmlChar *)text) == 1;
            xmlRegFreeRegexp(expression);
            if (!fits)
                return false;
        }
    }
    return true;
}

static bool value_matches(const struct explanation *self, const xmlNode *pattern, const char *text);

/* The first pattern inside `pattern`, past documentation. */
static const xmlNode *pattern_content(const xmlNode *pattern)
{
    const xmlNode *node = pattern->children;
    while (node != NULL && !(node->type == XML_ELEMENT_NODE && node->ns != NULL &&
                             strcmp((const char *)node->ns->href, RELAX_NG) == 0))
        node = node->next;
    return node;
}

static bool list_matches(const struct explanation *self, const xmlNode *item, const char *text)
{
    char **words = g_strsplit_set(text, " ", -1);
    bool matches = text[0] != '\0' && item != NULL;
    for (char **word = words; *word != NULL && matches; word++)
        matches = value_matches(self, item, *word);
    g_strfreev(words);
    return matches;
}

/* `text` has its white space collapsed, which all types of the grammar allow. */
static bool value_matches(const struct explanation *self, const xmlNode *pattern, const char *text)
{
    const xmlNode *content = pattern_content(pattern);
    if (pattern_is(pattern, "value"))
        return strcmp(pattern_text(pattern), text) == 0;
    if (pattern_is(pattern, "data"))
        return strcmp(pattern_attribute(pattern, "type"), "integer") == 0 ? integer_matches(pattern, text)
                                                                          : token_matches(pattern, text);
    if (pattern_is(pattern, "ref")) {
        const xmlNode *define = define_find(self, pattern_attribute(pattern, "name"));
        content = define != NULL ? pattern_content(define) : NULL;
        return content == NULL || value_matches(self, content, text);
    }
    if (pattern_is(pattern, "choice")) {
        for (const xmlNode *node = content; node != NULL; node = node->next)
            if (node->type == XML_ELEMENT_NODE && value_matches(self, node, text))
                return true;
        return false;
    }
    if (pattern_is(pattern, "list")) /* of one or more: the only list in the grammar */
        return list_matches(self, content != NULL ? pattern_content(content) : NULL, text);
    return true;
}

/* What a value pattern wants, in words. */
static void expectation_append(const struct explanation *self, const xmlNode *pattern, GString *out)
{
    const char *text = documentation(pattern);
    if (text != NULL) {
        g_string_append(out, text);
    } else if (pattern_is(pattern, "choice")) {
        const char *separator = "one of ";
        for (const xmlNode *node = pattern->children; node != NULL; node = node->next) {
            if (!pattern_is(node, "value"))
                continue;
            g_string_append_printf(out, "%s%s", separator, pattern_text(node));
            separator = ", ";
        }
    } else if (pattern_is(pattern, "ref")) {
        const xmlNode *define = define_find(self, pattern_attribute(pattern, "name"));
        if (define != NULL && pattern_content(define) != NULL)
            expectation_append(self, pattern_content(define), out);
    } else if (pattern_content(pattern) != NULL) {
        expectation_append(self, pattern_content(pattern), out);
    }
}

/* A value with white space collapsed: newly allocated. */
static char *collapsed(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *c = text; *c != '\0'; c++) {
        bool blank = strchr(" \t\r\n", *c) != NULL;
        if (!blank)
            g_string_append_c(out, *c);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    if (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

/* ---- the document ---- */

static bool value_explain(const struct explanation *self, const xmlNode *pattern, const char *what,
                          const char *raw, long line)
{
    char *text = collapsed(raw);
    bool found = pattern != NULL && !value_matches(self, pattern, text);
    if (found) {
        GString *expected = g_string_new(NULL);
        expectation_append(self, pattern, expected);
        if (*text == '\0')
            error_set(self->err, ERROR_INPUT, "%s: line %ld: %s is empty, expected %s", self->file, line,
                      what, expected->str);
        else
            error_set(self->err, ERROR_INPUT, "%s: line %ld: %s is \"%s\", expected %s", self->file, line,
                      what, text, expected->str);
        g_string_free(expected, TRUE);
    }
    g_free(text);
    return found;
}

static bool attributes_explain(const struct explanation *self, xmlNode *node, xmlNode *pattern)
{
    GArray *list = allowed_list(self, pattern, "attribute");
    const char *element = (const char *)node->name;
    long line = xmlGetLineNo(node);
    bool found = false;
    for (xmlAttr *attribute = node->properties; attribute != NULL && !found; attribute = attribute->next) {
        char *name = attribute->ns != NULL ? g_strdup_printf("%s:%s", attribute->ns->prefix, attribute->name)
                                           : g_strdup((const char *)attribute->name);
        const struct allowed *known = allowed_find(list, name);
        if (known == NULL) {
            char *names = allowed_names(list);
            error_set(self->err, ERROR_INPUT,
                      "%s: line %ld: attribute \"%s\" of element \"%s\" is unknown, expected %s", self->file,
                      line, name, element, names);
            g_free(names);
            found = true;
        } else {
            xmlChar *value = xmlNodeListGetString(node->doc, attribute->children, 1);
            char *what = g_strdup_printf("attribute \"%s\" of element \"%s\"", name, element);
            found = value_explain(self, pattern_content(known->pattern), what,
                                  value != NULL ? (char *)value : "", line);
            g_free(what);
            xmlFree(value);
        }
        g_free(name);
    }
    for (guint i = 0; i < list->len && !found; i++) {
        const struct allowed *known = &g_array_index(list, struct allowed, i);
        const char *local = g_str_has_prefix(known->name, "xml:") ? known->name + 4 : known->name;
        if (!known->required || xmlHasProp(node, (const xmlChar *)local) != NULL)
            continue;
        GString *expected = g_string_new(NULL);
        if (pattern_content(known->pattern) != NULL)
            expectation_append(self, pattern_content(known->pattern), expected);
        error_set(self->err, ERROR_INPUT, "%s: line %ld: element \"%s\" has no attribute \"%s\", expected %s",
                  self->file, line, element, known->name, expected->str);
        g_string_free(expected, TRUE);
        found = true;
    }
    g_array_unref(list);
    return found;
}

/* The pattern for an element's text: among its content or, one `ref` away, among that of a definition. */
static const xmlNode *text_pattern(const struct explanation *self, const xmlNode *pattern)
{
    static const char *const kinds[] = {"data", "value", "text", "list", "choice"};
    for (const xmlNode *node = pattern->children; node != NULL; node = node->next) {
        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
            if (pattern_is(node, kinds[i]))
                return node;
        if (pattern_is(node, "ref")) {
            const xmlNode *define = define_find(self, pattern_attribute(node, "name"));
            const xmlNode *inner = define != NULL ? text_pattern(self, define) : NULL;
            if (inner != NULL)
                return inner;
        }
    }
    return NULL;
}

static bool text_explain(const struct explanation *self, xmlNode *node, xmlNode *pattern)
{
    const xmlNode *wanted = text_pattern(self, pattern);
    bool found = false;
    if (wanted != NULL) {
        xmlChar *content = xmlNodeGetContent(node);
        char *what = g_strdup_printf("the text of element \"%s\"", node->name);
        found = value_explain(self, wanted, what, content != NULL ? (char *)content : "", xmlGetLineNo(node));
        g_free(what);
        xmlFree(content);
        return found;
    }
    for (xmlNode *child = node->children; child != NULL && !found; child = child->next) {
        if ((child->type != XML_TEXT_NODE && child->type != XML_CDATA_SECTION_NODE) || xmlIsBlankNode(child))
            continue;
        /* libxml2 gives text the line on which it ends: that of the element is surer. */
        char *text = collapsed((const char *)child->content);
        error_set(self->err, ERROR_INPUT,
                  "%s: line %ld: text \"%s\" inside element \"%s\", expected elements only or nothing",
                  self->file, xmlGetLineNo(node), text, node->name);
        g_free(text);
        found = true;
    }
    return found;
}

static bool element_explain(const struct explanation *self, xmlNode *node, xmlNode *pattern);

static bool child_explain(const struct explanation *self, xmlNode *child, const GArray *list,
                          GHashTable *seen)
{
    const char *name = (const char *)child->name;
    const char *namespace = child->ns != NULL ? (const char *)child->ns->href : "";
    const char *expected = pattern_attribute(xmlDocGetRootElement(self->grammar), "ns");
    const struct allowed *known = allowed_find(list, name);
    if (known == NULL) {
        char *names = allowed_names(list);
        error_set(self->err, ERROR_INPUT, "%s: line %ld: element \"%s\" is unknown here, expected %s",
                  self->file, xmlGetLineNo(child), name, names);
        g_free(names);
        return true;
    }
    if (strcmp(namespace, expected) != 0) {
        error_set(self->err, ERROR_INPUT,
                  "%s: line %ld: element \"%s\" is in the namespace \"%s\", expected \"%s\"", self->file,
                  xmlGetLineNo(child), name, namespace, expected);
        return true;
    }
    if (!g_hash_table_add(seen, (gpointer)known->name) && !known->repeatable) {
        error_set(self->err, ERROR_INPUT,
                  "%s: line %ld: element \"%s\" appears a second time, expected it once", self->file,
                  xmlGetLineNo(child), name);
        return true;
    }
    return element_explain(self, child, known->pattern);
}

static bool element_explain(const struct explanation *self, xmlNode *node, xmlNode *pattern)
{
    if (attributes_explain(self, node, pattern) || text_explain(self, node, pattern))
        return true;
    GArray *list = allowed_list(self, pattern, "element");
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool found = false;
    for (xmlNode *child = node->children; child != NULL && !found; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            found = child_explain(self, child, list, seen);
    for (guint i = 0; i < list->len && !found; i++) {
        const struct allowed *known = &g_array_index(list, struct allowed, i);
        if (!known->required || g_hash_table_contains(seen, known->name))
            continue;
        error_set(self->err, ERROR_INPUT, "%s: line %ld: element \"%s\" has no element \"%s\", expected %s",
                  self->file, xmlGetLineNo(node), node->name, known->name,
                  known->repeatable ? "at least one" : "one");
        found = true;
    }
    g_hash_table_unref(seen);
    g_array_unref(list);
    return found;
}

bool schema_explanation_find(xmlDoc *grammar, xmlDoc *document, const char *file, struct error *err)
{
    struct explanation self = {.grammar = grammar, .file = file, .err = err};
    xmlNode *start = xmlDocGetRootElement(grammar)->children;
    while (start != NULL && !pattern_is(start, "start"))
        start = start->next;
    if (start == NULL)
        return false;
    GArray *list = allowed_list(&self, start, "element");
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool found = child_explain(&self, xmlDocGetRootElement(document), list, seen);
    g_hash_table_unref(seen);
    g_array_unref(list);
    return found;
}
