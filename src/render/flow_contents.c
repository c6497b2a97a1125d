/* The table of contents and the lists of figures and tables, behind the title. Their lines are set before
 * the pages are known; a number takes no room of its own, so it is added once they are. */
#include <math.h>
#include <string.h>

#include "render/flow_build.h"

static const double INDENT_EM = 1.5, NUMBER_ROOM_EM = 3, LEADER_GAP_EM = 0.6, SPACE_ABOVE = 14;
static const double LEADER_STEP_EM = 0.5, LEADER_DOT_EM = 0.1;

static int add_title(struct flow_builder *b, const char *title, const struct flow_place *place)
{
    const struct page_heading *h = &b->template->headings[2];
    struct line_style style = flow_style(b, h->size, true);
    struct line_text text;
    line_text_init(&text);
    line_text_append(&text, &style, title);
    GPtrArray *lines = flow_lines(b, &text, &(struct paragraph_form){.width = place->width});
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    struct flow_piece *piece = flow_piece_new();
    const struct flow_tag *tag = flow_tag_new(b, place->tag, "P");
    for (guint i = 0; i < lines->len; i++) {
        flow_put_line(piece, flow_steal_line(lines, i), tag, place->left,
                      i * h->pitch + flow_baseline(h->size, h->pitch));
    }
    piece->space_before = SPACE_ABOVE;
    piece->height = lines->len * h->pitch + h->after;
    piece->ends_on_grid = piece->keep_next = true;
    flow_add(b, piece);
    g_ptr_array_unref(lines);
    return 0;
}

/* A line for each line of the title; the number comes behind the last. */
static int add_entry(struct flow_builder *b, const struct flow_piece *to, const char *title, int level,
                     const struct flow_place *place, const struct flow_tag *list)
{
    const struct page_type *type = &b->template->body;
    double left = place->left + INDENT_EM * type->size * (level - 1);
    struct line_style style = flow_style(b, type->size, false);
    struct line_text text;
    line_text_init(&text);
    if (to->ids->len > 0) {
        char *target = g_strconcat("#", (const char *)to->ids->pdata[0], NULL);
        style.link = g_string_chunk_insert(text.strings, target);
        style.link_number = ++text.link_count;
        style.link_bare = true;
        g_free(target);
    }
    line_text_append(&text, &style, title);
    struct paragraph_form form = {.width = place->left + place->width - left - NUMBER_ROOM_EM * type->size,
                                  .phrases = true};
    GPtrArray *lines = flow_lines(b, &text, &form);
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    const struct flow_tag *tag = flow_tag_new(b, list, "TOCI");
    for (guint i = 0; i < lines->len; i++) {
        struct flow_piece *piece = flow_piece_new();
        piece->height = type->pitch;
        piece->on_grid = true;
        piece->keep_next = i + 1 < lines->len;
        piece->refers = i + 1 == lines->len ? to : NULL;
        flow_put_line(piece, flow_steal_line(lines, i), tag, left, flow_baseline(type->size, type->pitch));
        flow_add(b, piece);
    }
    g_ptr_array_unref(lines);
    return 0;
}

/* What a list says of a piece of the text: NULL for nothing. */
static const char *entry_of(const struct flow_piece *piece, enum flow_listing listing, int depth, int *level)
{
    *level = 1;
    if (listing != FLOW_LIST_HEADINGS)
        return piece->caption_listing == listing ? piece->caption : NULL;
    if (piece->outline == NULL || piece->outline->level > depth)
        return NULL;
    *level = piece->outline->level;
    return piece->outline->title;
}

/* `count`: of the pieces of the text. */
static int add_list(struct flow_builder *b, const char *title, enum flow_listing listing, guint count)
{
    struct flow_place place = {.width = b->flow->measure};
    const struct flow_tag *list = NULL;
    for (guint i = 0; title != NULL && i < count; i++) {
        const struct flow_piece *piece = b->flow->pieces->pdata[i];
        int level;
        const char *entry = entry_of(piece, listing, (int)b->template->contents_depth, &level);
        if (entry == NULL)
            continue;
        if (list == NULL) {
            if (add_title(b, title, &place) != 0)
                return -1;
            list = flow_tag_new(b, NULL, "TOC");
        }
        if (add_entry(b, piece, entry, level, &place, list) != 0)
            return -1;
    }
    return 0;
}

/* Moves what stands from `from` on to `to`. */
static void move_tail(GPtrArray *array, guint from, guint to)
{
    for (guint i = from; i < array->len; i++, to++) {
        gpointer moved = array->pdata[i];
        memmove(array->pdata + to + 1, array->pdata + to, (i - to) * sizeof(gpointer));
        array->pdata[to] = moved;
    }
}

int flow_contents(struct flow_builder *b)
{
    const struct page_template *t = b->template;
    guint pieces = b->flow->pieces->len, tags = b->flow->tags->len;
    if (add_list(b, t->contents_title, FLOW_LIST_HEADINGS, pieces) != 0 ||
        add_list(b, t->contents_figures, FLOW_LIST_FIGURES, pieces) != 0 ||
        add_list(b, t->contents_tables, FLOW_LIST_TABLES, pieces) != 0)
        return -1;
    move_tail(b->flow->pieces, pieces, b->front_pieces);
    move_tail(b->flow->tags, tags, b->front_tags);
    return 0;
}

/* Dots that stand below each other in all lines: their places are counted from the right. */
static void put_leader(struct flow_piece *entry, double from, double to, double y,
                       const struct line_style *style, struct page_colour colour)
{
    double step = LEADER_STEP_EM * style->size, size = LEADER_DOT_EM * style->size;
    for (double x = floor(to / step) * step - size; x >= from; x -= step)
        flow_put_rule(entry, x, y, size, size, colour);
}

int flow_contents_number(struct flow_piece *entry, guint page, const struct page_template *template,
                         struct fonts *fonts, struct error *err)
{
    struct line_style style = {
        .role = template->font, .size = template->body.size, .colour = template->text_colour};
    char number[16];
    struct line_text text;
    g_snprintf(number, sizeof number, "%u", page);
    line_text_init(&text);
    line_text_append(&text, &style, number);
    double measure = page_template_measure(template);
    GPtrArray *lines =
        paragraph_set(&text, &(struct paragraph_form){.width = measure, .align = PAGE_ALIGN_RIGHT}, fonts,
                      template->language, "PDF", err);
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    const struct flow_mark *title = &g_array_index(entry->marks, struct flow_mark, 0);
    const struct flow_tag *tag = title->tag;
    double baseline = title->y, gap = LEADER_GAP_EM * style.size;
    double from = title->x + title->line->left + title->line->width + gap;
    struct line *line = flow_steal_line(lines, 0);
    double to = line->left - gap;
    flow_put_line(entry, line, tag, 0, baseline);
    put_leader(entry, from, to, baseline - 0.12 * style.size, &style, template->quiet_colour);
    g_ptr_array_unref(lines);
    return 0;
}
