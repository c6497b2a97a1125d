/* Lists: bullets, numbers, definitions. */
#include <math.h>
#include <string.h>

#include "render/flow_build.h"

static const double INDENT_EM = 2; /* room for a list's numbers */
enum { NUMBER_LIMIT = 999999 };

/* Lists within lists step in while there is room; deeper ones stand below each other. */
static struct flow_place list_place(const struct flow_builder *b, const struct flow_place *place)
{
    struct flow_place own = *place;
    double indent = INDENT_EM * b->template->body.size;
    if (place->width - indent < FLOW_LEAST_EM * b->template->body.size) {
        own.left = fmax(place->left - indent, 0);
        own.width += place->left - own.left;
    }
    return own;
}

static int put_label(struct flow_builder *b, struct flow_piece *piece, const char *label,
                     const struct flow_place *place, const struct flow_tag *tag, const struct page_type *type)
{
    struct line_style style = flow_style(b, type->size, false);
    struct line_text text;
    line_text_init(&text);
    line_text_append(&text, &style, label);
    struct paragraph_form form = {.width = place->width};
    GPtrArray *lines = flow_lines(b, &text, &form);
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    struct line *line = flow_steal_line(lines, 0);
    flow_put_line(piece, line, tag, place->left, flow_baseline(type->size, type->pitch));
    /* The label is drawn, and read, before the text beside it. */
    if (piece->marks->len > 1) {
        struct flow_mark mark = g_array_index(piece->marks, struct flow_mark, piece->marks->len - 1);
        g_array_set_size(piece->marks, piece->marks->len - 1);
        g_array_prepend_val(piece->marks, mark);
    }
    g_ptr_array_unref(lines);
    return 0;
}

/* An item without text still counts: its label stands on a line of its own. */
static void add_empty_line(struct flow_builder *b)
{
    struct flow_piece *piece = flow_piece_new();
    piece->height = b->template->body.pitch;
    piece->on_grid = true;
    flow_add(b, piece);
}

/* An item of one line does not stand alone at a page's foot or head, like a paragraph's line. */
static void keep_items(struct flow_builder *b, const GArray *starts)
{
    guint end = b->flow->pieces->len;
    for (guint i = 0; i + 1 < starts->len; i++) {
        guint from = g_array_index(starts, guint, i), next = g_array_index(starts, guint, i + 1);
        guint after = i + 2 < starts->len ? g_array_index(starts, guint, i + 2) : end;
        bool lone_first = i == 0 && next - from == 1;
        bool lone_last = i + 2 == starts->len && after - next == 1;
        if ((lone_first || lone_last) && next > from)
            ((struct flow_piece *)b->flow->pieces->pdata[next - 1])->keep_next = true;
    }
}

/* What introduces a list stays with its first items. */
static void keep_with_introduction(struct flow_builder *b, xmlNodePtr list)
{
    xmlNodePtr before = xmlPreviousElementSibling(list);
    if (before != NULL && flow_is_element(before, "p") && !line_text_is_screen_only(before) &&
        b->flow->pieces->len > 0)
        ((struct flow_piece *)b->flow->pieces->pdata[b->flow->pieces->len - 1])->keep_next = true;
}

int flow_list(struct flow_builder *b, xmlNodePtr list, const struct flow_place *around, bool ordered)
{
    const struct flow_place own = list_place(b, around), *place = &own;
    double em = b->template->body.size;
    struct flow_tag *tag = flow_tag_new(b, place->tag, "L");
    tag->numbering = ordered ? "Decimal" : "Disc";
    flow_note_id(b, list);
    keep_with_introduction(b, list);
    int number = 1;
    GArray *starts = g_array_new(FALSE, FALSE, sizeof(guint)); /* first piece of each item */
    xmlChar *start = xmlGetNoNsProp(list, (const xmlChar *)"start");
    if (start != NULL) {
        number = (int)CLAMP(g_ascii_strtoll((const char *)start, NULL, 10), -NUMBER_LIMIT, NUMBER_LIMIT);
        xmlFree(start);
    }
    for (xmlNodePtr item = list->children; item != NULL; item = item->next) {
        if (!flow_is_element(item, "li") || line_text_is_screen_only(item))
            continue;
        flow_note_id(b, item);
        const struct flow_tag *item_tag = flow_tag_new(b, tag, "LI");
        const struct flow_tag *label_tag = flow_tag_new(b, item_tag, "Lbl");
        struct flow_place inner = {.left = place->left + INDENT_EM * em,
                                   .width = place->width - INDENT_EM * em,
                                   .tag = flow_tag_new(b, item_tag, "LBody")};
        struct flow_place beside = {
            .left = place->left + (ordered ? 0.35 : 0.9) * em, .width = place->width, .tag = place->tag};
        guint first = b->flow->pieces->len;
        g_array_append_val(starts, first);
        if (flow_blocks(b, item, &inner) != 0) {
            g_array_unref(starts);
            return -1;
        }
        if (first == b->flow->pieces->len)
            add_empty_line(b);
        char *label = ordered ? g_strdup_printf("%d.", number) : g_strdup("•");
        int status =
            put_label(b, b->flow->pieces->pdata[first], label, &beside, label_tag, &b->template->body);
        g_free(label);
        if (status != 0) {
            g_array_unref(starts);
            return -1;
        }
        number++;
    }
    keep_items(b, starts);
    g_array_unref(starts);
    return 0;
}

int flow_definitions(struct flow_builder *b, xmlNodePtr list, const struct flow_place *around)
{
    const struct flow_place own = list_place(b, around), *place = &own;
    double em = b->template->body.size;
    struct flow_tag *tag = flow_tag_new(b, place->tag, "L");
    tag->numbering = "None";
    const struct flow_tag *item_tag = NULL;
    flow_note_id(b, list);
    for (xmlNodePtr item = list->children; item != NULL; item = item->next) {
        if (flow_is_element(item, "div")) {
            struct flow_place same = *place;
            if (flow_definitions(b, item, &same) != 0)
                return -1;
            continue;
        }
        bool term = flow_is_element(item, "dt");
        if ((!term && !flow_is_element(item, "dd")) || line_text_is_screen_only(item))
            continue;
        if (term || item_tag == NULL)
            item_tag = flow_tag_new(b, tag, "LI");
        struct flow_place inner = *place;
        inner.tag = flow_tag_new(b, item_tag, term ? "Lbl" : "LBody");
        if (term) {
            struct flow_look look = flow_body_look(b);
            look.bold = true;
            look.justified = false;
            guint first = b->flow->pieces->len;
            if (flow_paragraph(b, item, &inner, &look, NULL) != 0)
                return -1;
            for (guint i = first; i < b->flow->pieces->len; i++)
                ((struct flow_piece *)b->flow->pieces->pdata[i])->keep_next = true;
        } else {
            inner.left += INDENT_EM * em;
            inner.width -= INDENT_EM * em;
            flow_note_id(b, item);
            if (flow_blocks(b, item, &inner) != 0)
                return -1;
        }
    }
    return 0;
}
