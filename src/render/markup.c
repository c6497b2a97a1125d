#include "render/markup.h"

#include <glib.h>
#include <string.h>

#include "render/filling.h"
#include "render/xhtml.h"

static bool is_among(const char *name, const char *const *names)
{
    return g_strv_contains(names, name);
}

/* ---- elements and attributes ---- */

const char *markup_element_problem(const char *element, bool in_prose)
{
    static const char *const of_the_page[] = {"html", "head", "title", "meta", "link", "body", "main", NULL};
    return in_prose && is_among(element, of_the_page)
               ? "expected what text needs: the page around it is the template's"
               : NULL;
}

/* An address that a page of ours may have: of another page for the reader to follow, of a place in this one,
 * of a file beside it, or of a file further up, where the other editions are. Browsers leave blanks and
 * control characters out before they look for a scheme, so there must be none. */
static bool href_is_safe(const char *href)
{
    enum { FOLDERS_UP_MAX = 2 }; /* from a language's folder to the other editions */
    const char *inside = href;
    for (const char *p = href; *p != '\0'; p++)
        if ((unsigned char)*p <= ' ' || *p == '\\' || *p == 0x7f)
            return false;
    for (int up = 0; up < FOLDERS_UP_MAX && g_str_has_prefix(inside, "../"); up++)
        inside += strlen("../");
    char *scheme = g_uri_parse_scheme(href);
    bool safe = scheme == NULL ? href[0] != '/' && strstr(inside, "..") == NULL
                               : strcmp(scheme, "https") == 0 || strcmp(scheme, "http") == 0 ||
                                     strcmp(scheme, "mailto") == 0;
    g_free(scheme);
    return safe;
}

/* HTML's ids are any text without white space. */
static bool id_is_valid(const char *id)
{
    return *id != '\0' && strpbrk(id, " \t\r\n\f") == NULL;
}

const char *markup_attribute_problem(const char *attribute, const char *value)
{
    static const char *const active[] = {"src", "srcset", "style", "srcdoc", NULL};
    static const char *const asking[] = {"ping",        "background",     "action",   "formaction",
                                         "manifest",    "http-equiv",     "codebase", "poster",
                                         "imagesrcset", "attributionsrc", NULL};
    if (g_ascii_strncasecmp(attribute, "on", 2) == 0 || is_among(attribute, active))
        return "expected none: pages carry no scripts, no inline styles, and pictures by <t:picture> only";
    if (is_among(attribute, asking))
        return "expected none: a page does nothing by itself and asks nothing of other hosts";
    if (strcmp(attribute, "href") == 0 && !href_is_safe(value))
        return "expected http:, https:, mailto:, #id or a file beside the page";
    if (strcmp(attribute, "id") == 0 && !id_is_valid(value))
        return "expected a text without blanks";
    return NULL;
}

const char *markup_link_problem(xmlNodePtr link)
{
    static const char *const leading[] = {"canonical", "alternate", "prev",   "next", "index",
                                          "contents",  "license",   "author", "help", "up",
                                          "search",    "bookmark",  NULL};
    xmlChar *href = xmlGetNoNsProp(link, BAD_CAST "href");
    xmlChar *relation = xmlGetNoNsProp(link, BAD_CAST "rel");
    char **words = g_strsplit_set(relation != NULL ? (const char *)relation : "", " \t\r\n", -1);
    bool is_far = href != NULL && g_uri_peek_scheme((const char *)href) != NULL;
    bool fetched = false;
    for (char **word = words; *word != NULL; word++)
        fetched =
            fetched || (**word != '\0' && !is_among(*word, leading) && !g_str_has_prefix(*word, "schema."));
    g_strfreev(words);
    xmlFree(relation);
    xmlFree(href);
    return is_far && fetched ? "expected a file beside the page: it asks nothing of other hosts" : NULL;
}

/* ---- nesting ---- */

/* An element and the only parents in which an HTML parser leaves it. */
static const struct home {
    const char *element;
    const char *parents[5];
} homes[] = {
    {"li", {"ul", "ol"}},
    {"dt", {"dl", "div"}},
    {"dd", {"dl", "div"}},
    {"caption", {"table"}},
    {"colgroup", {"table"}},
    {"col", {"colgroup"}},
    {"thead", {"table"}},
    {"tbody", {"table"}},
    {"tfoot", {"table"}},
    {"tr", {"thead", "tbody", "tfoot", "table"}},
    {"td", {"tr"}},
    {"th", {"tr"}},
    {"figcaption", {"figure"}},
    {"summary", {"details"}},
    {"rt", {"ruby"}},
};

static const char *const *homes_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(homes); i++)
        if (strcmp(homes[i].element, name) == 0)
            return homes[i].parents;
    return NULL;
}

/* Elements that hold text and what stands in it. */
static bool holds_text_only(const char *name)
{
    static const char *const names[] = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "summary", NULL};
    return is_among(name, names) || (xhtml_is_inline(name) && strcmp(name, "a") != 0 &&
                                     strcmp(name, "ins") != 0 && strcmp(name, "del") != 0);
}

static bool is_within(xmlNodePtr node, const char *name)
{
    for (node = node->parent; node != NULL && node->type == XML_ELEMENT_NODE; node = node->parent)
        if (strcmp((const char *)node->name, name) == 0)
            return true;
    return false;
}

/* The nearest element around that holds text only; NULL: none. <a>, <ins> and <del> are as what is around
 * them. */
static xmlNodePtr text_around(xmlNodePtr node)
{
    for (node = node->parent; node != NULL && node->type == XML_ELEMENT_NODE; node = node->parent) {
        const char *name = (const char *)node->name;
        if (holds_text_only(name))
            return node;
        if (!xhtml_is_inline(name))
            return NULL;
    }
    return NULL;
}

static int element_check(xmlNodePtr node, struct error *err)
{
    const char *name = (const char *)node->name;
    const char *parent = node->parent->type == XML_ELEMENT_NODE ? (const char *)node->parent->name : "";
    const char *const *parents = homes_of(name);
    xmlNodePtr text = xhtml_is_inline(name) ? NULL : text_around(node);
    if (parents != NULL && !is_among(parent, parents)) {
        char *list = g_strjoinv("> or <", (char **)(uintptr_t)parents);
        filling_error(err, node, "<%s> within <%s>, expected it within <%s>", name, parent, list);
        g_free(list);
        return -1;
    }
    if (text != NULL)
        return filling_error(err, node, "<%s> within <%s>, which holds text only, expected it outside", name,
                             (const char *)text->name);
    if (strcmp(name, "a") == 0 && is_within(node, "a"))
        return filling_error(err, node, "a link within a link, expected one");
    return 0;
}

int markup_nesting_check(xmlDocPtr document, struct error *err)
{
    xmlNodePtr root = xmlDocGetRootElement(document);
    for (xmlNodePtr node = root; node != NULL;) {
        if (node != root && node->type == XML_ELEMENT_NODE && element_check(node, err) != 0)
            return -1;
        if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
            node = node->children;
            continue;
        }
        while (node != root && node->next == NULL)
            node = node->parent;
        node = node == root ? NULL : node->next;
    }
    return 0;
}
