/* Notes: their lines stand apart from the flow, until the page builder meets their marks. */
#include <string.h>

#include "render/flow_build.h"
#include "render/words.h"

/* 注1, as one line. */
static struct line *note_label(struct flow_builder *b, int number)
{
    struct line_style style = flow_style(b, b->template->note.size, false);
    struct line_text text;
    line_text_init(&text);
    char *label = g_strdup_printf("%s%d", words_for(b->template->language)->note_before, number);
    line_text_append(&text, &style, label);
    g_free(label);
    GPtrArray *lines = flow_lines(b, &text, &(struct paragraph_form){.width = b->flow->measure});
    line_text_release(&text);
    struct line *line = lines != NULL ? flow_steal_line(lines, 0) : NULL;
    g_clear_pointer(&lines, g_ptr_array_unref);
    return line;
}

/* A note's lines are set apart: the page builder puts them at the foot of the page that has the mark. */
static int build_note(struct flow_builder *b, xmlNodePtr item, int number, double hang)
{
    const struct page_type *type = &b->template->note;
    xmlChar *id = xmlGetNoNsProp(item, (const xmlChar *)"id");
    if (id == NULL)
        return 0;
    struct line_style style = flow_style(b, type->size, false);
    struct line_text text;
    line_text_init(&text);
    for (xmlNodePtr n = item->children; n != NULL; n = n->next)
        if (n->type != XML_ELEMENT_NODE || !line_text_has_class(n, "note-back"))
            line_text_append_node(&text, n, &style, &b->looks);
    GPtrArray *lines =
        flow_lines(b, &text,
                   &(struct paragraph_form){
                       .width = b->flow->measure - hang, .justified = true, .hyphenation = b->hyphenation});
    line_text_release(&text);
    struct line *label = lines != NULL ? note_label(b, number) : NULL;
    if (label == NULL) {
        g_clear_pointer(&lines, g_ptr_array_unref);
        xmlFree(id);
        return -1;
    }
    GPtrArray *pieces = g_ptr_array_new_with_free_func((GDestroyNotify)flow_piece_free);
    struct flow_tag *tag = flow_tag_new(b, NULL, "Note");
    tag->id = g_strdup((const char *)id);
    const struct flow_tag *label_tag = flow_tag_new(b, tag, "Lbl");
    for (guint i = 0; i < MAX(lines->len, 1); i++) {
        struct flow_piece *piece = flow_piece_new();
        double baseline = flow_baseline(type->size, type->pitch);
        piece->height = type->pitch;
        if (i == 0)
            flow_put_line(piece, label, label_tag, 0, baseline);
        if (i < lines->len)
            flow_put_line(piece, flow_steal_line(lines, i), tag, hang, baseline);
        if (i == 0)
            g_ptr_array_add(piece->ids, g_strdup((const char *)id));
        g_ptr_array_add(pieces, piece);
    }
    g_ptr_array_unref(lines);
    g_hash_table_add(b->flow->ids, g_strdup((const char *)id));
    g_hash_table_insert(b->flow->notes, g_strdup((const char *)id), pieces);
    xmlFree(id);
    return 0;
}

static int build_note_list(struct flow_builder *b, xmlNodePtr list)
{
    int number = 1, count = 0;
    for (xmlNodePtr item = list->children; item != NULL; item = item->next)
        count += flow_is_element(item, "li");
    struct line *widest = note_label(b, count);
    if (widest == NULL)
        return -1;
    double hang = widest->width + b->template->note.size;
    line_free(widest);
    for (xmlNodePtr item = list->children; item != NULL; item = item->next)
        if (flow_is_element(item, "li") && build_note(b, item, number++, hang) != 0)
            return -1;
    return 0;
}

bool flow_is_notes(xmlNodePtr node)
{
    return flow_is_element(node, "ol") && line_text_has_class(node, "notes");
}

/* A section of nothing but notes would be a heading over nothing: its notes stand at the feet of the pages.
 */
bool flow_holds_only_notes(xmlNodePtr section)
{
    bool notes = false;
    for (xmlNodePtr n = section->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE || line_text_is_screen_only(n))
            continue;
        if (flow_is_notes(n))
            notes = true;
        else if (n->name[0] != 'h' || n->name[1] < '1' || n->name[1] > '6')
            return false;
    }
    return notes;
}

int flow_notes(struct flow_builder *b, xmlNodePtr node)
{
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        if ((flow_is_notes(n) ? build_note_list(b, n) : flow_notes(b, n)) != 0)
            return -1;
    }
    return 0;
}
