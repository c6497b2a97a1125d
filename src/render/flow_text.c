/* Text set into pieces: paragraphs, headings, captions, the title. */
#include <string.h>

#include "render/flow_build.h"

struct line_style flow_style(const struct flow_builder *b, double size, bool bold)
{
    return (struct line_style){.role = bold ? b->template->bold_font : b->template->font,
                               .size = size,
                               .bold = bold,
                               .colour = b->template->text_colour};
}

double flow_baseline(double size, double pitch)
{
    return pitch / 2 +
           size * 0.38; /* an ideograph reaches from 0.12 em below the baseline to 0.88 em above */
}

GPtrArray *flow_lines(struct flow_builder *b, const struct line_text *text, const struct paragraph_form *form)
{
    return paragraph_set(text, form, b->fonts, b->template->language, "PDF", b->err);
}

void flow_put_line(struct flow_piece *piece, struct line *line, const struct flow_tag *tag, double x,
                   double baseline)
{
    struct flow_mark mark = {.kind = FLOW_LINE, .tag = tag, .x = x, .y = baseline, .line = line};
    g_array_append_val(piece->marks, mark);
    for (guint i = 0; i < line->notes->len; i++)
        g_ptr_array_add(piece->notes, g_strdup(line->notes->pdata[i]));
}

void flow_put_rule(struct flow_piece *piece, double x, double y, double width, double thickness,
                   struct page_colour colour)
{
    struct flow_mark mark = {.kind = FLOW_RULE,
                             .x = x,
                             .y = y - thickness / 2,
                             .width = width,
                             .height = thickness,
                             .colour = colour};
    g_array_append_val(piece->marks, mark);
}

/* Takes the line out of the array, which then no longer frees it. */
struct line *flow_steal_line(GPtrArray *lines, guint i)
{
    struct line *line = lines->pdata[i];
    lines->pdata[i] = NULL;
    return line;
}

double flow_put_caption(struct flow_builder *b, struct flow_piece *piece, xmlNodePtr caption,
                        const struct flow_place *place, const struct flow_tag *parent, double y)
{
    const struct page_type *type = &b->template->caption;
    struct line_style style = flow_style(b, type->size, false);
    struct line_text text;
    line_text_init(&text);
    line_text_append_children(&text, caption, &style, &b->looks);
    struct paragraph_form form = {.width = place->width, .phrases = true, .align = PAGE_ALIGN_CENTRE};
    GPtrArray *lines = flow_lines(b, &text, &form);
    piece->caption = g_strdup(text.text->str);
    piece->caption_listing =
        parent != NULL && strcmp(parent->name, "Table") == 0 ? FLOW_LIST_TABLES : FLOW_LIST_FIGURES;
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    const struct flow_tag *tag = flow_tag_new(b, parent, "Caption");
    for (guint i = 0; i < lines->len; i++) {
        flow_put_line(piece, flow_steal_line(lines, i), tag, place->left,
                      y + i * type->pitch + flow_baseline(type->size, type->pitch));
    }
    double height = lines->len * type->pitch;
    g_ptr_array_unref(lines);
    return height;
}

/* ---- paragraphs ---- */

/* One piece per line; neither the first nor the last line stands alone on a page. */
int flow_add_paragraph(struct flow_builder *b, const struct line_text *text, const struct flow_look *look,
                       const struct flow_place *place, const struct flow_tag *tag)
{
    struct paragraph_form form = {.width = place->width,
                                  .indent = look->indent,
                                  .last_line_least =
                                      look->justified ? b->template->last_line_em * look->type.size : 0,
                                  .justified = look->justified,
                                  .hyphenation = look->justified ? b->hyphenation : NULL};
    GPtrArray *lines = flow_lines(b, text, &form);
    if (lines == NULL)
        return -1;
    for (guint i = 0; i < lines->len; i++) {
        struct flow_piece *piece = flow_piece_new();
        piece->height = look->type.pitch;
        piece->on_grid = look->on_grid;
        piece->space_before = i == 0 ? look->space_before : 0;
        piece->keep_next = lines->len > 1 && (i == 0 || i + 2 == lines->len);
        flow_put_line(piece, flow_steal_line(lines, i), tag, place->left,
                      flow_baseline(look->type.size, look->type.pitch));
        flow_add(b, piece);
    }
    g_ptr_array_unref(lines);
    return 0;
}

struct flow_look flow_body_look(const struct flow_builder *b)
{
    return (struct flow_look){.type = b->template->body, .justified = true, .on_grid = true};
}

int flow_paragraph(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place,
                   const struct flow_look *look, const char *tag_name)
{
    struct line_style style = flow_style(b, look->type.size, look->bold);
    struct line_text text;
    line_text_init(&text);
    flow_note_id(b, node);
    flow_note_inner_ids(b, node);
    line_text_append_children(&text, node, &style, &b->looks);
    int status = 0;
    if (text.text->len > 0) {
        const struct flow_tag *tag = tag_name != NULL ? flow_tag_new(b, place->tag, tag_name) : place->tag;
        status = flow_add_paragraph(b, &text, look, place, tag);
    }
    line_text_release(&text);
    return status;
}

int flow_preformatted(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place)
{
    struct flow_look look = {.type = b->template->body, .on_grid = true};
    double em = look.type.size;
    struct line_style style = flow_style(b, 0.88 * em, false);
    style.role = b->looks.code_role;
    struct line_text text;
    line_text_init(&text);
    text.preformatted = true;
    flow_note_id(b, node);
    flow_note_inner_ids(b, node);
    line_text_append_children(&text, node, &style, &b->looks);
    while (g_str_has_suffix(text.text->str, "\n"))
        g_string_truncate(text.text, text.text->len - 1);
    int status = 0;
    if (text.text->len > 0) {
        struct flow_place inner = {
            .left = place->left + em, .width = place->width - em, .tag = flow_tag_new(b, place->tag, "P")};
        status = flow_add_paragraph(b, &text, &look, &inner, inner.tag);
    }
    line_text_release(&text);
    return status;
}

/* A heading too long for one line breaks where a reader would pause: before the bracket that it ends with. */
static bool break_before_bracket(struct line_text *text)
{
    const char *bracket = g_strrstr(text->text->str, "（");
    const char *western = g_strrstr(text->text->str, " (");
    if (strchr(text->text->str, '\n') != NULL)
        return false;
    if (western != NULL && western > text->text->str && bracket == NULL) {
        text->text->str[western - text->text->str] = '\n';
        return true;
    }
    if (bracket == NULL || bracket == text->text->str)
        return false;
    size_t at = (size_t)(bracket - text->text->str);
    g_string_insert_c(text->text, (gssize)at, '\n');
    for (guint i = 0; i < text->runs->len; i++) {
        struct line_run *run = &g_array_index(text->runs, struct line_run, i);
        run->start += run->start > at ? 1 : 0;
    }
    return true;
}

int flow_heading(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place, int level)
{
    static const char *const TAGS[PAGE_HEADING_COUNT] = {"H1", "H2", "H3", "H4"};
    const struct page_heading *h = &b->template->headings[level - 1];
    struct line_style style = flow_style(b, h->size, true);
    struct line_text text;
    line_text_init(&text);
    flow_note_id(b, node);
    flow_note_inner_ids(b, node);
    line_text_append_children(&text, node, &style, &b->looks);
    struct paragraph_form form = {.width = place->width, .phrases = true};
    GPtrArray *lines = flow_lines(b, &text, &form);
    if (lines != NULL && lines->len > 1 && break_before_bracket(&text)) {
        g_ptr_array_unref(lines);
        lines = flow_lines(b, &text, &form);
    }
    if (lines == NULL) {
        line_text_release(&text);
        return -1;
    }
    struct flow_piece *piece = flow_piece_new();
    piece->space_before = h->before;
    piece->ends_on_grid = true;
    piece->keep_next = true;
    const struct flow_tag *tag = flow_tag_new(b, place->tag, TAGS[level - 1]);
    for (guint i = 0; i < lines->len; i++) {
        flow_put_line(piece, flow_steal_line(lines, i), tag, place->left,
                      i * h->pitch + flow_baseline(h->size, h->pitch));
    }
    piece->height = lines->len * h->pitch + h->after;
    if (h->rule > 0) {
        flow_put_rule(piece, place->left, lines->len * h->pitch + h->rule, place->width, h->rule,
                      h->rule_colour);
    }
    if (level > 1) {
        piece->outline = g_new0(struct flow_outline, 1);
        piece->outline->level = level - 1;
        piece->outline->title = g_strdelimit(g_strdup(text.text->str), "\n", ' ');
    }
    flow_add(b, piece);
    g_ptr_array_unref(lines);
    line_text_release(&text);
    return 0;
}

/* ---- the title ---- */

static int build_title_line(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place)
{
    struct flow_look look = {.type = b->template->body};
    if (line_text_has_class(node, "period") || line_text_has_class(node, "subtitle")) {
        look.type = (struct page_type){.size = 13, .pitch = 22};
        look.bold = true;
    }
    return flow_paragraph(b, node, place, &look, "P");
}

bool flow_header_shows(const struct flow_builder *b, xmlNodePtr node)
{
    /* A draft's pages all say so: its lines stand where they will in the end. */
    return node->type == XML_ELEMENT_NODE && !line_text_is_screen_only(node) &&
           !(b->page->draft && line_text_has_class(node, "draft-notice"));
}

int flow_header(struct flow_builder *b, xmlNodePtr header, const struct flow_place *place)
{
    for (xmlNodePtr node = header->children; node != NULL; node = node->next) {
        int status = 0;
        if (!flow_header_shows(b, node))
            continue;
        if (flow_is_element(node, "h1"))
            status = flow_heading(b, node, place, 1);
        else if (flow_is_element(node, "div") || flow_is_element(node, "hgroup"))
            status = flow_header(b, node, place);
        else
            status = build_title_line(b, node, place);
        if (status != 0)
            return -1;
    }
    b->front_pieces = b->flow->pieces->len;
    b->front_tags = b->flow->tags->len;
    return 0;
}
