#include "render/filling.h"

#include <stdarg.h>
#include <string.h>

void filling_origin_free(gpointer data)
{
    struct origin *origin = data;
    if (origin->image != NULL) {
        g_free(origin->image->file);
        g_clear_pointer(&origin->image->picture, g_bytes_unref);
        g_free(origin->image);
    }
    g_free(origin->target);
    g_free(origin);
}

void filling_origin_set(struct filling *filling, xmlNodePtr node, xmlNodePtr from)
{
    struct origin *origin = g_new0(struct origin, 1);
    origin->source = source_of(from);
    origin->line = source_line(from);
    node->_private = origin;
    g_ptr_array_add(filling->origins, origin);
    filling->node_count++;
}

void filling_text_count(struct filling *filling, const char *text)
{
    filling->node_count += strlen(text) / 64;
}

xmlNodePtr filling_element(struct filling *filling, xmlNodePtr parent, const char *name, xmlNodePtr from)
{
    xmlNodePtr node = xmlNewDocNode(filling->document, filling->xhtml, BAD_CAST name, NULL);
    if (parent != NULL)
        xmlAddChild(parent, node);
    filling_origin_set(filling, node, from);
    return node;
}

xmlNodePtr filling_text(struct filling *filling, xmlNodePtr parent, const char *text, xmlNodePtr from)
{
    xmlNodePtr node = xmlNewDocText(filling->document, BAD_CAST text);
    /* xmlAddChild would merge it into a text before it, and the origin would be lost. */
    node->parent = parent;
    node->prev = parent->last;
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->children = node;
    parent->last = node;
    filling_origin_set(filling, node, from);
    filling_text_count(filling, text);
    return node;
}

xmlNodePtr filling_leaf(struct filling *filling, xmlNodePtr parent, const char *name, const char *text,
                        xmlNodePtr from)
{
    xmlNodePtr node = filling_element(filling, parent, name, from);
    if (*text != '\0')
        filling_text(filling, node, text, from);
    return node;
}

void filling_attribute(xmlNodePtr element, const char *name, const char *value)
{
    xmlNewNsProp(element, NULL, BAD_CAST name, BAD_CAST value);
}

struct origin *filling_origin(xmlNodePtr node)
{
    while (node->_private == NULL && node->parent != NULL && node->parent->type == XML_ELEMENT_NODE)
        node = node->parent;
    g_assert(node->_private != NULL);
    return node->_private;
}

int filling_error(struct error *err, xmlNodePtr node, const char *format, ...)
{
    const struct origin *origin = filling_origin(node);
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    error_set(err, ERROR_INPUT, "%s: line %ld: %s", origin->source->name, origin->line, message);
    g_free(message);
    return -1;
}
