/* numbering.c - the second step of filling: what can be known only when the whole page stands. Chapters,
 * tables and figures take their numbers in document order; notes and contents are listed; references take the
 * numbers; ids must be one of a kind. */
#include <string.h>

#include "render/filling.h"

struct numbering {
    struct filling *filling;
    GPtrArray *images;
    GHashTable *ids;     /* char * -> xmlNodePtr */
    GHashTable *labels;  /* xmlNodePtr -> char *, what a reference to it reads */
    GPtrArray *chapters; /* xmlNodePtr: the <h2> of every chapter, in order */
    int chapter_count, table_count, figure_count;
};

static bool is_element(xmlNodePtr node, const char *name)
{
    return node != NULL && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static bool has_class(xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, BAD_CAST "class");
    char **tokens = g_strsplit(value != NULL ? (const char *)value : "", " ", -1);
    bool found = g_strv_contains((const char *const *)tokens, name);
    g_strfreev(tokens);
    xmlFree(value);
    return found;
}

static xmlNodePtr child_named(xmlNodePtr parent, const char *name)
{
    for (xmlNodePtr child = parent->children; child != NULL; child = child->next)
        if (is_element(child, name))
            return child;
    return NULL;
}

/* The node after `node` in document order, within `root`. */
static xmlNodePtr next_node(xmlNodePtr node, xmlNodePtr root)
{
    if (node->type == XML_ELEMENT_NODE && node->children != NULL)
        return node->children;
    while (node != root && node->next == NULL)
        node = node->parent;
    return node == root ? NULL : node->next;
}

/* <span class="number">図1</span> and a blank in front of what `parent` holds. */
static void number_put(struct numbering *numbering, xmlNodePtr parent, const char *text)
{
    (void)numbering;
    const struct origin *origin = filling_origin(parent);
    xmlNodePtr span = xmlNewDocNode(parent->doc, parent->ns, BAD_CAST "span", NULL);
    filling_attribute(span, "class", "number");
    xmlAddChild(span, xmlNewDocText(parent->doc, BAD_CAST text));
    xmlNodePtr blank = xmlNewDocText(parent->doc, BAD_CAST " ");
    span->_private = blank->_private = (void *)(uintptr_t)origin;
    /* By hand: libxml2 would merge the blank into the text behind it. */
    span->parent = blank->parent = parent;
    span->next = blank;
    blank->prev = span;
    blank->next = parent->children;
    if (parent->children != NULL)
        parent->children->prev = blank;
    else
        parent->last = blank;
    parent->children = span;
}

static void image_place(struct numbering *numbering, xmlNodePtr box, int number)
{
    xmlNodePtr node = child_named(box, "img");
    struct origin *origin = node != NULL ? filling_origin(node) : NULL;
    if (origin == NULL || origin->role != ORIGIN_IMAGE)
        return;
    struct page_image *image = origin->image;
    char *suffix = image->figure != NULL ? g_strdup("svg") : g_strdup(image->file);
    g_free(image->file);
    image->file =
        g_strdup_printf("img/%s_report_fig%d.%s", numbering->filling->edition->name, number, suffix);
    g_free(suffix);
    image->number = number;
    filling_attribute(node, "src", image->file);
    if (image->figure == NULL) {
        char text[16];
        g_snprintf(text, sizeof text, "%d", image->width_px);
        filling_attribute(node, "width", text);
        g_snprintf(text, sizeof text, "%d", image->height_px);
        filling_attribute(node, "height", text);
    }
    g_ptr_array_add(numbering->images, image);
}

static void chapter_number(struct numbering *numbering, xmlNodePtr heading)
{
    const struct words *words = numbering->filling->words;
    xmlNodePtr section = heading->parent;
    xmlChar *id = xmlGetNoNsProp(section, BAD_CAST "id");
    if (id == NULL) {
        char *name = g_strdup_printf("section-%u", numbering->chapters->len + 1);
        filling_attribute(section, "id", name);
        g_hash_table_insert(numbering->ids, name, section);
    }
    xmlFree(id);
    g_ptr_array_add(numbering->chapters, heading);
    if (has_class(section, "unnumbered"))
        return;
    numbering->chapter_count++;
    char *text = g_strdup_printf("%d.", numbering->chapter_count);
    number_put(numbering, heading, text);
    g_free(text);
    g_hash_table_insert(
        numbering->labels, section,
        g_strdup_printf("%s%d%s", words->chapter_before, numbering->chapter_count, words->chapter_after));
}

static void float_number(struct numbering *numbering, xmlNodePtr box, const char *caption, const char *before,
                         int number)
{
    char *text = g_strdup_printf("%s%d", before, number);
    number_put(numbering, child_named(box, caption), text);
    g_hash_table_insert(numbering->labels, box, text);
}

static void element_number(struct numbering *numbering, xmlNodePtr node, const char *id)
{
    const struct words *words = numbering->filling->words;
    if (is_element(node, "h2") && is_element(node->parent, "section"))
        chapter_number(numbering, node);
    else if (is_element(node, "table") && g_str_has_prefix(id, "table-") &&
             child_named(node, "caption") != NULL)
        float_number(numbering, node, "caption", words->table_before, ++numbering->table_count);
    else if (is_element(node, "figure") && g_str_has_prefix(id, "fig-") &&
             child_named(node, "figcaption") != NULL) {
        float_number(numbering, node, "figcaption", words->figure_before, ++numbering->figure_count);
        image_place(numbering, node, numbering->figure_count);
    }
}

/* Notes first: what they hold is numbered and referred to like the rest. */
static int notes_put(struct numbering *numbering, xmlNodePtr root, struct error *err)
{
    struct filling *filling = numbering->filling;
    xmlNodePtr list = NULL;
    for (xmlNodePtr node = root; node != NULL; node = next_node(node, root)) {
        if (node->type != XML_ELEMENT_NODE || filling_origin(node)->role != ORIGIN_NOTES)
            continue;
        if (list != NULL)
            return filling_error(err, node, "a second <t:notes/>, expected one");
        list = node;
    }
    if (list == NULL) {
        if (filling->notes->len == 0)
            return 0;
        return filling_error(err, filling->notes->pdata[0],
                             "a note, but the template has no <t:notes/> to list it");
    }
    for (guint i = 0; i < filling->notes->len; i++) {
        xmlNodePtr item = filling->notes->pdata[i];
        xmlAddChild(list, item);
        xmlNodePtr blank = xmlNewDocText(item->doc, BAD_CAST " ");
        xmlNodePtr back = xmlNewDocNode(item->doc, filling->xhtml, BAD_CAST "a", NULL);
        xmlChar *id = xmlGetNoNsProp(item, BAD_CAST "id");
        char *href = g_strdup_printf("#note-mark-%s", (const char *)id + strlen("note-"));
        xmlFree(id);
        g_hash_table_insert(numbering->labels, item,
                            g_strdup_printf("%s%u", filling->words->note_reference_before, i + 1));
        filling_attribute(back, "class", "note-back screen-only");
        filling_attribute(back, "href", href);
        filling_attribute(back, "aria-label", filling->words->back);
        xmlAddChild(back, xmlNewDocText(item->doc, BAD_CAST "↩"));
        xmlAddChild(item, blank);
        xmlAddChild(item, back);
        g_free(href);
    }
    if (filling->notes->len == 0) {
        /* A chapter that would hold nothing but its heading goes with the list. */
        xmlNodePtr section = list->parent;
        bool alone = is_element(section, "section");
        for (xmlNodePtr child = section->children; child != NULL; child = child->next)
            alone = alone && (child == list || is_element(child, "h2") || xmlIsBlankNode(child));
        xmlNodePtr gone = alone ? section : list;
        xmlUnlinkNode(gone);
        xmlFreeNode(gone);
    }
    return 0;
}

static int number_all(struct numbering *numbering, xmlNodePtr root, struct error *err)
{
    for (xmlNodePtr node = root; node != NULL; node = next_node(node, root)) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        xmlChar *id = xmlGetNoNsProp(node, BAD_CAST "id");
        if (id != NULL) {
            xmlNodePtr first = g_hash_table_lookup(numbering->ids, id);
            if (first != NULL) {
                const struct origin *origin = filling_origin(first);
                int result =
                    filling_error(err, node, "id \"%s\" is taken by %s: line %ld, expected ids that differ",
                                  (const char *)id, origin->source->name, origin->line);
                xmlFree(id);
                return result;
            }
            g_hash_table_insert(numbering->ids, g_strdup((const char *)id), node);
        }
        element_number(numbering, node, id != NULL ? (const char *)id : "");
        xmlFree(id);
    }
    return 0;
}

/* What a reference to a place without a number reads: its heading. */
static char *heading_label(const struct numbering *numbering, xmlNodePtr target)
{
    const struct words *words = numbering->filling->words;
    static const char *const names[] = {"h2", "h3", "h4", "h5", "h6"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        xmlNodePtr heading = is_element(target, names[i]) ? target : child_named(target, names[i]);
        if (heading == NULL)
            continue;
        xmlChar *content = xmlNodeGetContent(heading);
        char *text = g_strstrip(g_strdup((const char *)content));
        char *label = g_strconcat(words->quote_before, text, words->quote_after, NULL);
        g_free(text);
        xmlFree(content);
        return label;
    }
    return NULL;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int unknown_target(const struct numbering *numbering, xmlNodePtr node, const char *target,
                          struct error *err)
{
    GPtrArray *names = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer id, found;
    g_hash_table_iter_init(&iterator, numbering->ids);
    while (g_hash_table_iter_next(&iterator, &id, &found))
        if (!g_str_has_prefix(id, "note-"))
            g_ptr_array_add(names, id);
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    char *list = g_strjoinv(", ", (char **)names->pdata);
    filling_error(err, node, "reference to \"%s\", which is nowhere in the page; ids in the page: %s", target,
                  list);
    g_free(list);
    g_ptr_array_unref(names);
    return -1;
}

static int reference_fill(struct numbering *numbering, xmlNodePtr node, const struct origin *origin,
                          struct error *err)
{
    xmlNodePtr target = g_hash_table_lookup(numbering->ids, origin->target);
    if (target == NULL)
        return unknown_target(numbering, node, origin->target, err);
    const char *label = g_hash_table_lookup(numbering->labels, target);
    char *heading = label == NULL ? heading_label(numbering, target) : NULL;
    if (label == NULL && heading == NULL)
        return filling_error(err, node, "reference to \"%s\", which has neither a number nor a heading",
                             origin->target);
    if (is_element(node, "a")) {
        char *href = g_strconcat("#", origin->target, NULL);
        filling_attribute(node, "href", href);
        g_free(href);
    }
    xmlAddChild(node, xmlNewDocText(node->doc, BAD_CAST(label != NULL ? label : heading)));
    g_free(heading);
    return 0;
}

/* The file beside the one that the page shows: same name, the suffix of the link's type. */
static void open_fill(struct numbering *numbering, xmlNodePtr link, const struct origin *origin)
{
    xmlNodePtr box = g_hash_table_lookup(numbering->ids, origin->target);
    xmlNodePtr image = box != NULL ? child_named(box, "img") : NULL;
    xmlChar *src = image != NULL ? xmlGetNoNsProp(image, BAD_CAST "src") : NULL;
    xmlChar *type = xmlGetNoNsProp(link, BAD_CAST "type");
    const char *dot = src != NULL ? strrchr((const char *)src, '.') : NULL;
    if (dot != NULL) {
        char *href =
            g_strdup_printf("%.*s%s", (int)(dot - (const char *)src), (const char *)src,
                            type != NULL && strcmp((const char *)type, "image/png") == 0 ? ".png" : dot);
        filling_attribute(link, "href", href);
        g_free(href);
    }
    xmlFree(type);
    xmlFree(src);
}

static int references_fill(struct numbering *numbering, xmlNodePtr root, struct error *err)
{
    for (xmlNodePtr node = root; node != NULL; node = next_node(node, root)) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const struct origin *origin = filling_origin(node);
        if (origin->role == ORIGIN_OPEN && node->_private == origin)
            open_fill(numbering, node, origin);
        if (origin->role == ORIGIN_REFERENCE && node->_private == origin) {
            if (reference_fill(numbering, node, origin, err) != 0)
                return -1;
            continue;
        }
        xmlChar *href = is_element(node, "a") ? xmlGetNoNsProp(node, BAD_CAST "href") : NULL;
        bool dangles = href != NULL && href[0] == '#' && !g_hash_table_contains(numbering->ids, href + 1);
        int result = dangles ? unknown_target(numbering, node, (const char *)href + 1, err) : 0;
        xmlFree(href);
        if (result != 0)
            return -1;
    }
    return 0;
}

/* After the references: headings may hold some. Marks of notes stay behind, an id must not stand twice. */
static void contents_fill(struct numbering *numbering, xmlNodePtr list)
{
    for (guint i = 0; i < numbering->chapters->len; i++) {
        xmlNodePtr heading = numbering->chapters->pdata[i];
        GString *text = g_string_new(NULL);
        for (xmlNodePtr node = heading->children; node != NULL; node = node->next) {
            if (is_element(node, "sup"))
                continue;
            xmlChar *content = xmlNodeGetContent(node);
            g_string_append(text, (const char *)content);
            xmlFree(content);
        }
        xmlChar *id = xmlGetNoNsProp(heading->parent, BAD_CAST "id");
        char *href = g_strconcat("#", (const char *)id, NULL);
        xmlNodePtr item = xmlNewChild(list, numbering->filling->xhtml, BAD_CAST "li", NULL);
        xmlNodePtr link =
            xmlNewTextChild(item, numbering->filling->xhtml, BAD_CAST "a", BAD_CAST g_strstrip(text->str));
        filling_attribute(link, "href", href);
        g_free(href);
        xmlFree(id);
        g_string_free(text, TRUE);
    }
}

int numbering_fill(struct filling *filling, GPtrArray *images, struct error *err)
{
    xmlNodePtr root = xmlDocGetRootElement(filling->document);
    struct numbering numbering = {
        .filling = filling,
        .images = images,
        .ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .labels = g_hash_table_new_full(NULL, NULL, NULL, g_free),
        .chapters = g_ptr_array_new(),
    };
    int result = -1;
    if (notes_put(&numbering, root, err) == 0 && number_all(&numbering, root, err) == 0 &&
        references_fill(&numbering, root, err) == 0) {
        for (xmlNodePtr node = root; node != NULL; node = next_node(node, root))
            if (node->type == XML_ELEMENT_NODE && node->_private != NULL &&
                ((struct origin *)node->_private)->role == ORIGIN_CONTENTS)
                contents_fill(&numbering, node);
        result = 0;
    }
    g_ptr_array_unref(numbering.chapters);
    g_hash_table_unref(numbering.labels);
    g_hash_table_unref(numbering.ids);
    return result;
}
