#include "render/single_file.h"

#include <string.h>

#include "render/screen.h"
#include "render/xhtml.h"

struct folding {
    const struct page *page;
    const struct output_set *set;
};

static const char *media_type(const char *name)
{
    static const char *const types[][2] = {
        {".svg", "image/svg+xml"}, {".png", "image/png"},       {".jpg", "image/jpeg"},
        {".csv", "text/csv"},      {".pdf", "application/pdf"}, {".json", "application/json"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(name, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

/* NULL when the set does not hold the file. */
static char *data_address(const struct folding *folding, const char *name)
{
    GBytes *bytes = output_set_find(folding->set, name);
    if (bytes == NULL)
        return NULL;
    gsize size;
    const guchar *data = g_bytes_get_data(bytes, &size);
    char *base64 = g_base64_encode(data, size);
    char *address = g_strconcat("data:", media_type(name), ";base64,", base64, NULL);
    g_free(base64);
    return address;
}

static void attribute_replace(xmlNodePtr node, const char *name, const char *value)
{
    xmlSetNsProp(node, NULL, BAD_CAST name, BAD_CAST value);
}

static void image_fold(const struct folding *folding, xmlNodePtr node, const char *attribute)
{
    xmlChar *src = xmlGetNoNsProp(node, BAD_CAST attribute);
    char *address = src != NULL ? data_address(folding, (const char *)src) : NULL;
    if (address != NULL)
        attribute_replace(node, attribute, address);
    g_free(address);
    xmlFree(src);
}

/* The text stays, the link goes. */
static void link_drop(xmlNodePtr node)
{
    while (node->children != NULL)
        xmlAddPrevSibling(node, node->children);
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

/* A link to a place in the page or to the web stays; to a file of the edition it becomes a download; to
 * another page of the site it has nothing to lead to, nor to say. */
static void link_fold(const struct folding *folding, xmlNodePtr node)
{
    xmlChar *href = xmlGetNoNsProp(node, BAD_CAST "href");
    const char *text = (const char *)href;
    if (text != NULL && *text != '#' && g_uri_peek_scheme(text) == NULL) {
        char *address = data_address(folding, text);
        char *name = g_path_get_basename(text);
        if (address != NULL) {
            attribute_replace(node, "href", address);
            attribute_replace(node, "download", name);
        } else if (g_str_has_prefix(text, "../") || g_str_has_suffix(text, ".xhtml")) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        } else {
            link_drop(node);
        }
        g_free(name);
        g_free(address);
    }
    xmlFree(href);
}

/* The style sheet takes the place of its <link>; other relations lead to files that are not there. */
static void relation_fold(const struct folding *folding, xmlNodePtr node)
{
    xmlChar *relation = xmlGetNoNsProp(node, BAD_CAST "rel");
    xmlChar *href = xmlGetNoNsProp(node, BAD_CAST "href");
    bool far = href != NULL && g_uri_peek_scheme((const char *)href) != NULL;
    if (g_strcmp0((const char *)relation, "stylesheet") == 0) {
        xmlNodePtr style = xmlNewNode(node->ns, BAD_CAST "style");
        xmlAddChild(style, xmlNewText(BAD_CAST folding->page->style));
        xmlAddNextSibling(node, style);
        far = false;
    }
    if (!far) {
        xmlUnlinkNode(node);
        xmlFreeNode(node);
    }
    xmlFree(href);
    xmlFree(relation);
}

static void node_fold(const struct folding *folding, xmlNodePtr node)
{
    for (xmlNodePtr next; node != NULL; node = next) {
        next = node->next;
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const char *name = (const char *)node->name;
        node_fold(folding, node->children);
        if (strcmp(name, "img") == 0)
            image_fold(folding, node, "src");
        else if (strcmp(name, "source") == 0)
            image_fold(folding, node, "srcset");
        else if (strcmp(name, "a") == 0)
            link_fold(folding, node);
        else if (strcmp(name, "link") == 0)
            relation_fold(folding, node);
    }
}

GBytes *single_file_write(const struct page *page, const struct output_set *set)
{
    struct folding folding = {page, set};
    xmlDocPtr copy = screen_document_new(page);
    node_fold(&folding, xmlDocGetRootElement(copy));
    GBytes *bytes = xhtml_write(copy);
    xmlFreeDoc(copy);
    return bytes;
}
