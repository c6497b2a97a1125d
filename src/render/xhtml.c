#include "render/xhtml.h"

#include <string.h>

static bool is_listed(const char *name, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

bool xhtml_is_inline(const char *name)
{
    static const char *const names[] = {
        "a",    "abbr",  "b",     "bdi",    "bdo", "br",    "cite", "code", "data", "del", "dfn",  "em",
        "i",    "img",   "input", "ins",    "kbd", "label", "mark", "q",    "rp",   "rt",  "ruby", "s",
        "samp", "small", "span",  "strong", "sub", "sup",   "time", "u",    "var",  "wbr", NULL};
    return is_listed(name, names);
}

bool xhtml_is_allowed(const char *name)
{
    static const char *const names[] = {
        "html",   "head",  "title",   "meta",    "link",    "body",     "header",     "main",
        "footer", "nav",   "section", "article", "aside",   "h1",       "h2",         "h3",
        "h4",     "h5",    "h6",      "p",       "div",     "ul",       "ol",         "li",
        "dl",     "dt",    "dd",      "table",   "caption", "colgroup", "col",        "thead",
        "tbody",  "tfoot", "tr",      "th",      "td",      "figure",   "figcaption", "blockquote",
        "pre",    "hr",    "address", "details", "summary", NULL};
    return xhtml_is_inline(name) ? strcmp(name, "img") != 0 && strcmp(name, "input") != 0
                                 : is_listed(name, names);
}

static bool is_void(const char *name)
{
    static const char *const names[] = {"br",   "hr",  "img",    "input", "meta",
                                        "link", "col", "source", "wbr",   NULL};
    return is_listed(name, names);
}

static void text_append(GString *out, const char *text, bool in_attribute)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '&')
            g_string_append(out, "&amp;");
        else if (*p == '<')
            g_string_append(out, "&lt;");
        else if (*p == '>')
            g_string_append(out, "&gt;");
        else if (*p == '"' && in_attribute)
            g_string_append(out, "&quot;");
        else if (*p == '\r' || ((*p == '\n' || *p == '\t') && in_attribute))
            g_string_append_printf(out, "&#%d;", *p);
        else
            g_string_append_c(out, *p);
    }
}

static void attributes_append(GString *out, xmlNodePtr element)
{
    for (xmlAttrPtr attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        xmlChar *value = xmlNodeListGetString(element->doc, attribute->children, 1);
        g_string_append_printf(out, " %s%s=\"", attribute->ns != NULL ? "xml:" : "",
                               (const char *)attribute->name);
        text_append(out, value != NULL ? (const char *)value : "", true);
        g_string_append_c(out, '"');
        xmlFree(value);
    }
}

static bool is_block(xmlNodePtr node)
{
    return node->type == XML_ELEMENT_NODE && !xhtml_is_inline((const char *)node->name);
}

/* Deep trees are bounded by the reader of the sources (256 levels), so recursion is as well. */
static void node_append(GString *out, xmlNodePtr node)
{
    if (node->type == XML_TEXT_NODE) {
        const char *text = (const char *)node->content;
        /* In HTML the text of a style sheet is not unescaped: what needs no escape in XML stands as it is. */
        bool is_style = node->parent != NULL && strcmp((const char *)node->parent->name, "style") == 0;
        if (is_style && strpbrk(text, "<&\r") == NULL && strstr(text, "]]>") == NULL)
            g_string_append(out, text);
        else
            text_append(out, text, false);
        return;
    }
    if (node->type != XML_ELEMENT_NODE)
        return;
    const char *name = (const char *)node->name;
    if (is_block(node) && out->len > 0 && out->str[out->len - 1] != '\n')
        g_string_append_c(out, '\n');
    g_string_append_printf(out, "<%s", name);
    if (node->parent != NULL && node->parent->type == XML_DOCUMENT_NODE)
        g_string_append(out, " xmlns=\"http://www.w3.org/1999/xhtml\"");
    attributes_append(out, node);
    if (is_void(name)) {
        g_string_append(out, "/>");
        return;
    }
    g_string_append_c(out, '>');
    bool has_block = false;
    for (xmlNodePtr child = node->children; child != NULL; child = child->next) {
        has_block = has_block || is_block(child);
        node_append(out, child);
    }
    if (has_block && strcmp(name, "pre") != 0)
        g_string_append_c(out, '\n');
    g_string_append_printf(out, "</%s>", name);
}

GBytes *xhtml_write(xmlDocPtr document)
{
    GString *out = g_string_new("<!DOCTYPE html>\n");
    node_append(out, xmlDocGetRootElement(document));
    g_string_append_c(out, '\n');
    return g_string_free_to_bytes(out);
}
