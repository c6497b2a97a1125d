/* template.c - a template expanded over the model document, one pass: XHTML is copied and checked, elements
 * of the template language are template_verbs.c's. */
#include <string.h>

#include "render/markup.h"
#include "render/template.h"
#include "render/xhtml.h"

/* The one attribute of another namespace that there is: t:normalise of the root. */
static int normalise_read(struct filling *filling, xmlNodePtr element, xmlAttrPtr attribute,
                          struct error *err)
{
    const char *name = (const char *)attribute->name;
    bool on_root = element->parent->type == XML_DOCUMENT_NODE && strcmp(name, "normalise") == 0 &&
                   strcmp((const char *)attribute->ns->href, TEMPLATE_NAMESPACE) == 0;
    if (!on_root)
        return source_error(err, element, "attribute %s of another namespace, expected attributes of XHTML",
                            name);
    xmlChar *value = xmlNodeListGetString(element->doc, attribute->children, 1);
    bool yes = value != NULL && strcmp((const char *)value, "yes") == 0;
    bool no = value != NULL && strcmp((const char *)value, "no") == 0;
    filling->normalise = yes;
    xmlFree(value);
    if (!yes && !no)
        return source_error(err, element, "t:normalise has an unknown value, expected yes or no");
    return 0;
}

static int attributes_copy(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr copy,
                           struct error *err)
{
    for (xmlAttrPtr attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        bool is_xml = attribute->ns != NULL && xmlStrEqual(attribute->ns->href, XML_XML_NAMESPACE);
        if (attribute->ns != NULL && !is_xml) {
            if (normalise_read(filling, element, attribute, err) != 0)
                return -1;
            continue;
        }
        xmlChar *raw = xmlNodeListGetString(element->doc, attribute->children, 1);
        char *value =
            template_fill(filling, element, name, raw != NULL ? (const char *)raw : "", context, err);
        xmlFree(raw);
        if (value == NULL)
            return -1;
        const char *problem = is_xml ? NULL : markup_attribute_problem(name, value);
        if (problem != NULL) {
            source_error(err, element, "%s \"%s\", %s", name, value, problem);
            g_free(value);
            return -1;
        }
        xmlNsPtr ns = is_xml ? xmlSearchNsByHref(filling->document, copy, XML_XML_NAMESPACE) : NULL;
        xmlNewNsProp(copy, ns, attribute->name, BAD_CAST value);
        filling_text_count(filling, value);
        g_free(value);
    }
    return 0;
}

static int expand_xhtml(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                        struct error *err)
{
    const char *name = (const char *)element->name;
    if (!xhtml_is_allowed(name))
        return source_error(err, element, "element <%s>, expected an XHTML element that text needs%s", name,
                            strcmp(name, "img") == 0 ? " (pictures are placed by <t:picture>)" : "");
    const char *problem = markup_element_problem(name, filling->prose_depth > 0);
    if (problem != NULL)
        return source_error(err, element, "element <%s> in prose, %s", name, problem);
    xmlNodePtr copy = filling_element(filling, to, name, element);
    if (attributes_copy(filling, element, context, copy, err) != 0)
        return -1;
    problem = strcmp(name, "link") == 0 ? markup_link_problem(copy) : NULL;
    if (problem != NULL)
        return source_error(err, element, "href of <link>, %s", problem);
    return template_children(filling, element, context, copy, err);
}

static int expand_node(struct filling *filling, xmlNodePtr node, xmlNodePtr context, xmlNodePtr to,
                       struct error *err)
{
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        filling_text(filling, to, (const char *)node->content, node);
        return 0;
    }
    if (node->type != XML_ELEMENT_NODE)
        return 0;
    const char *href = node->ns != NULL ? (const char *)node->ns->href : "";
    if (strcmp(href, TEMPLATE_NAMESPACE) == 0)
        return template_verb(filling, node, context, to, err);
    if (strcmp(href, TEMPLATE_XHTML_NAMESPACE) == 0)
        return expand_xhtml(filling, node, context, to, err);
    return source_error(err, node, "element <%s> of namespace \"%s\", expected \"%s\" or \"%s\"",
                        (const char *)node->name, href, TEMPLATE_XHTML_NAMESPACE, TEMPLATE_NAMESPACE);
}

int template_children(struct filling *filling, xmlNodePtr from, xmlNodePtr context, xmlNodePtr to,
                      struct error *err)
{
    for (xmlNodePtr child = from->children; child != NULL; child = child->next) {
        if (filling->node_count > FILLING_NODES_MAX)
            return source_error(
                err, child, "the page grows beyond %d elements and texts, expected a page of readable length",
                FILLING_NODES_MAX);
        if (expand_node(filling, child, context, to, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- one pass ---- */

int template_expand(struct filling *filling, struct error *err)
{
    struct source *template = filling->sources->pdata[0];
    xmlNodePtr root = xmlDocGetRootElement(template->document);
    if (root->ns == NULL || strcmp((const char *)root->ns->href, TEMPLATE_XHTML_NAMESPACE) != 0 ||
        strcmp((const char *)root->name, "html") != 0)
        return source_error(err, root, "the root element is <%s>, expected <html xmlns=\"%s\">",
                            (const char *)root->name, TEMPLATE_XHTML_NAMESPACE);

    expression_context_init(&filling->expressions, filling->model_document);
    filling->document = xmlNewDoc(BAD_CAST "1.0");
    filling->origins = g_ptr_array_new_with_free_func(filling_origin_free);
    filling->notes = g_ptr_array_new();
    filling->node_count = filling->prose_depth = 0;
    filling->in_note = filling->normalise = false;
    xmlNodePtr html = xmlNewDocNode(filling->document, NULL, BAD_CAST "html", NULL);
    xmlDocSetRootElement(filling->document, html);
    filling->xhtml = xmlNewNs(html, BAD_CAST TEMPLATE_XHTML_NAMESPACE, NULL);
    xmlSetNs(html, filling->xhtml);
    filling_origin_set(filling, html, root);
    xmlNodePtr context = xmlDocGetRootElement(filling->model_document);
    if (attributes_copy(filling, root, context, html, err) != 0)
        return -1;
    return template_children(filling, root, context, html, err);
}

void template_pass_release(struct filling *filling)
{
    expression_context_release(&filling->expressions);
    for (guint i = 0; filling->notes != NULL && i < filling->notes->len; i++) {
        xmlNodePtr item = filling->notes->pdata[i];
        if (item->parent == NULL)
            xmlFreeNode(item);
    }
    g_clear_pointer(&filling->notes, g_ptr_array_unref);
    if (filling->document != NULL)
        xmlFreeDoc(filling->document);
    filling->document = NULL;
    g_clear_pointer(&filling->origins, g_ptr_array_unref);
}
