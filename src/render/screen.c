#include "render/screen.h"

#include <string.h>

#include "render/drawing.h"

/* From so many columns on a table is too wide for a phone. */
enum { WIDE_COLUMNS = 5 };

static bool is_element(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static xmlNodePtr child_named(xmlNodePtr parent, const char *name)
{
    for (xmlNodePtr child = parent->children; child != NULL; child = child->next)
        if (is_element(child, name))
            return child;
    return NULL;
}

static bool is_cell(xmlNodePtr node)
{
    return is_element(node, "th") || is_element(node, "td");
}

/* Cells that span would not stand below their heading. */
static bool has_spans(xmlNodePtr node)
{
    if (is_cell(node) && (xmlHasProp(node, BAD_CAST "colspan") || xmlHasProp(node, BAD_CAST "rowspan")))
        return true;
    for (xmlNodePtr child = node->children; child != NULL; child = child->next)
        if (child->type == XML_ELEMENT_NODE && has_spans(child))
            return true;
    return false;
}

/* The headings of a table with one line of them: char *, left to right; NULL: it is not of that kind. */
static GPtrArray *headings_of(xmlNodePtr table)
{
    xmlNodePtr head = child_named(table, "thead");
    xmlNodePtr line = head != NULL ? child_named(head, "tr") : NULL;
    if (line == NULL || has_spans(table))
        return NULL;
    GPtrArray *headings = g_ptr_array_new_with_free_func(g_free);
    for (xmlNodePtr cell = line->children; cell != NULL; cell = cell->next) {
        if (!is_cell(cell))
            continue;
        xmlChar *content = xmlNodeGetContent(cell);
        g_ptr_array_add(headings, g_strstrip(g_strdup((const char *)content)));
        xmlFree(content);
    }
    return headings;
}

static void row_label(xmlNodePtr row, const GPtrArray *headings)
{
    guint column = 0;
    for (xmlNodePtr cell = row->children; cell != NULL; cell = cell->next) {
        if (!is_cell(cell))
            continue;
        if (column < headings->len)
            xmlSetNsProp(cell, NULL, BAD_CAST "data-label", BAD_CAST headings->pdata[column]);
        column++;
    }
}

static void class_add(xmlNodePtr element, const char *name)
{
    xmlChar *old = xmlGetNoNsProp(element, BAD_CAST "class");
    char *value = old != NULL ? g_strdup_printf("%s %s", (const char *)old, name) : g_strdup(name);
    xmlSetNsProp(element, NULL, BAD_CAST "class", BAD_CAST value);
    g_free(value);
    xmlFree(old);
}

/* Tables of data scroll in their box, they are left as they are. */
static void table_label(xmlNodePtr table)
{
    xmlChar *kind = xmlGetNoNsProp(table, BAD_CAST "class");
    bool scrolls = kind != NULL && strcmp((const char *)kind, "data") == 0;
    GPtrArray *headings = scrolls ? NULL : headings_of(table);
    xmlFree(kind);
    if (headings == NULL)
        return;
    if (headings->len >= WIDE_COLUMNS) {
        class_add(table, "wide");
        for (xmlNodePtr part = table->children; part != NULL; part = part->next)
            for (xmlNodePtr row = is_element(part, "tbody") ? part->children : NULL; row != NULL;
                 row = row->next)
                if (is_element(row, "tr"))
                    row_label(row, headings);
    }
    g_ptr_array_unref(headings);
}

static void tables_label(xmlNodePtr node)
{
    for (; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        if (is_element(node, "table"))
            table_label(node);
        tables_label(node->children);
    }
}

xmlDocPtr screen_document_new(const struct page *page)
{
    xmlDocPtr document = xmlCopyDoc(page->document, 1);
    drawing_variants_put(page, document);
    tables_label(xmlDocGetRootElement(document));
    return document;
}
