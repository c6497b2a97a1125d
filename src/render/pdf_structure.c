#include "render/pdf_structure.h"

#include <string.h>

static void node_free(gpointer data)
{
    struct pdf_node *node = data;
    g_array_unref(node->kids);
    if (node->text != NULL)
        g_string_free(node->text, TRUE);
    g_free(node->language);
    g_free(node);
}

static void marks_free(gpointer data)
{
    struct pdf_page_marks *page = data;
    g_ptr_array_unref(page->content);
    g_ptr_array_unref(page->annotations);
    g_free(page);
}

static struct pdf_node *node_new(struct pdf_structure *s, const char *name, const struct flow_tag *tag)
{
    struct pdf_node *node = g_new0(struct pdf_node, 1);
    node->name = name;
    node->tag = tag;
    node->kids = g_array_new(FALSE, TRUE, sizeof(struct pdf_kid));
    g_ptr_array_add(s->nodes, node);
    return node;
}

static void add_node(struct pdf_node *parent, struct pdf_node *node)
{
    struct pdf_kid kid = {.kind = PDF_KID_NODE, .node = node};
    g_array_append_val(parent->kids, kid);
}

static const struct flow_tag *topmost(const struct flow_tag *tag)
{
    while (tag->parent != NULL)
        tag = tag->parent;
    return tag;
}

/* The tag of a note's lines; NULL when there is no such note. */
static const struct flow_tag *tag_of_note(const struct flow *flow, const char *id)
{
    const GPtrArray *pieces = g_hash_table_lookup(flow->notes, id);
    if (pieces == NULL || pieces->len == 0)
        return NULL;
    const struct flow_piece *first = pieces->pdata[0];
    return first->marks->len > 0 ? topmost(g_array_index(first->marks, struct flow_mark, 0).tag) : NULL;
}

/* A note is read behind the block that marks it: block -> GPtrArray of the notes' tags. */
static GHashTable *notes_by_block(const struct flow *flow, GHashTable *placed)
{
    GHashTable *notes =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < flow->pieces->len; i++) {
        const struct flow_piece *piece = flow->pieces->pdata[i];
        for (guint m = 0; m < piece->marks->len; m++) {
            const struct flow_mark *mark = &g_array_index(piece->marks, struct flow_mark, m);
            for (guint n = 0; mark->line != NULL && mark->tag != NULL && n < mark->line->notes->len; n++) {
                const struct flow_tag *note = tag_of_note(flow, mark->line->notes->pdata[n]);
                gpointer block = (gpointer)(uintptr_t)topmost(mark->tag);
                if (note == NULL || !g_hash_table_add(placed, (gpointer)(uintptr_t)note))
                    continue;
                GPtrArray *list = g_hash_table_lookup(notes, block);
                if (list == NULL) {
                    list = g_ptr_array_new();
                    g_hash_table_insert(notes, block, list);
                }
                g_ptr_array_add(list, (gpointer)(uintptr_t)note);
            }
        }
    }
    return notes;
}

struct pdf_structure *pdf_structure_new(const struct flow *flow)
{
    struct pdf_structure *s = g_new0(struct pdf_structure, 1);
    s->nodes = g_ptr_array_new_with_free_func(node_free);
    s->by_tag = g_hash_table_new(g_direct_hash, g_direct_equal);
    s->pages = g_ptr_array_new_with_free_func(marks_free);
    struct pdf_node *document = node_new(s, "Document", NULL);
    GHashTable *placed = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTable *notes = notes_by_block(flow, placed);
    for (guint i = 0; i < flow->tags->len; i++) {
        const struct flow_tag *tag = flow->tags->pdata[i];
        g_hash_table_insert(s->by_tag, (gpointer)(uintptr_t)tag, node_new(s, tag->name, tag));
    }
    for (guint i = 0; i < flow->tags->len; i++) {
        const struct flow_tag *tag = flow->tags->pdata[i];
        if (g_hash_table_contains(placed, tag))
            continue;
        add_node(tag->parent != NULL ? pdf_structure_node(s, tag->parent) : document,
                 pdf_structure_node(s, tag));
        const GPtrArray *list = tag->parent == NULL ? g_hash_table_lookup(notes, tag) : NULL;
        for (guint n = 0; list != NULL && n < list->len; n++)
            add_node(document, pdf_structure_node(s, list->pdata[n]));
    }
    g_hash_table_unref(notes);
    g_hash_table_unref(placed);
    return s;
}

void pdf_structure_free(struct pdf_structure *structure)
{
    if (structure == NULL)
        return;
    g_ptr_array_unref(structure->pages);
    g_hash_table_unref(structure->by_tag);
    g_ptr_array_unref(structure->nodes);
    g_free(structure);
}

struct pdf_node *pdf_structure_node(const struct pdf_structure *structure, const struct flow_tag *tag)
{
    return tag != NULL ? g_hash_table_lookup(structure->by_tag, tag) : NULL;
}

struct pdf_node *pdf_structure_inner(struct pdf_structure *structure, struct pdf_node *around,
                                     const char *name, guint number)
{
    if (around == NULL)
        return NULL;
    for (guint i = around->kids->len; i-- > 0;) {
        const struct pdf_kid *kid = &g_array_index(around->kids, struct pdf_kid, i);
        if (kid->kind == PDF_KID_NODE && kid->node->number == number && strcmp(kid->node->name, name) == 0)
            return kid->node;
    }
    struct pdf_node *node = node_new(structure, name, NULL);
    node->number = number;
    add_node(around, node);
    return node;
}

struct pdf_node *pdf_structure_link(struct pdf_structure *structure, const struct flow_tag *tag,
                                    guint link_number)
{
    struct pdf_node *link =
        pdf_structure_inner(structure, pdf_structure_node(structure, tag), "Link", link_number);
    if (link != NULL && link->text == NULL)
        link->text = g_string_new(NULL);
    return link;
}

static struct pdf_page_marks *current(const struct pdf_structure *s)
{
    return s->pages->pdata[s->pages->len - 1];
}

void pdf_structure_page(struct pdf_structure *structure)
{
    struct pdf_page_marks *page = g_new0(struct pdf_page_marks, 1);
    page->content = g_ptr_array_new();
    page->annotations = g_ptr_array_new();
    page->running_from = G_MAXUINT;
    g_ptr_array_add(structure->pages, page);
}

static void add_number(struct pdf_structure *s, struct pdf_node *node, enum pdf_kid_kind kind,
                       GPtrArray *numbers)
{
    if (node != NULL) {
        struct pdf_kid kid = {.kind = kind, .page = s->pages->len - 1, .number = numbers->len};
        g_array_append_val(node->kids, kid);
    }
    g_ptr_array_add(numbers, node);
}

void pdf_structure_content(struct pdf_structure *structure, struct pdf_node *node)
{
    add_number(structure, node, PDF_KID_CONTENT, current(structure)->content);
}

void pdf_structure_annotation(struct pdf_structure *structure, struct pdf_node *node)
{
    add_number(structure, node, PDF_KID_ANNOTATION, current(structure)->annotations);
}

void pdf_structure_running(struct pdf_structure *structure)
{
    current(structure)->running_from = current(structure)->content->len;
}

void pdf_structure_box(struct pdf_structure *structure, struct pdf_node *node, double x, double y,
                       double width, double height)
{
    if (node != NULL) {
        node->has_box = true;
        node->box_page = structure->pages->len - 1;
        node->box[0] = x;
        node->box[1] = y;
        node->box[2] = x + width;
        node->box[3] = y + height;
    }
}

void pdf_structure_language(struct pdf_node *node, const char *language)
{
    if (node != NULL && language != NULL && node->language == NULL)
        node->language = g_strdup(language);
}
