#include "render/flow.h"

#include <string.h>

#include "render/flow_build.h"

static const double LIST_INDENT_EM = 2; /* room for a list's numbers */

static int build_blocks(struct flow_builder *b, xmlNodePtr parent, const struct flow_place *place);

/* ---- pieces ---- */

const struct flow_tag *flow_tag_new(struct flow_builder *b, const struct flow_tag *parent, const char *name)
{
    struct flow_tag *tag = g_new0(struct flow_tag, 1);
    tag->parent = parent;
    tag->name = name;
    g_ptr_array_add(b->flow->tags, tag);
    return tag;
}

struct flow_piece *flow_piece_new(void)
{
    struct flow_piece *piece = g_new0(struct flow_piece, 1);
    piece->marks = g_array_new(FALSE, TRUE, sizeof(struct flow_mark));
    piece->notes = g_ptr_array_new_with_free_func(g_free);
    piece->ids = g_ptr_array_new_with_free_func(g_free);
    return piece;
}

void flow_piece_free(struct flow_piece *piece)
{
    if (piece == NULL) {
        return;
    }
    for (guint i = 0; i < piece->marks->len; i++) {
        struct flow_mark *mark = &g_array_index(piece->marks, struct flow_mark, i);
        line_free(mark->line);
        if (mark->scene != NULL) {
            scene_free(mark->scene);
        }
        if (mark->picture != NULL) {
            cairo_surface_destroy(mark->picture);
        }
    }
    g_array_unref(piece->marks);
    g_ptr_array_unref(piece->notes);
    g_ptr_array_unref(piece->ids);
    if (piece->outline != NULL) {
        g_free(piece->outline->title);
        g_free(piece->outline);
    }
    g_free(piece);
}

static void take_ids(struct flow_builder *b, struct flow_piece *piece)
{
    while (b->pending_ids->len > 0) {
        g_ptr_array_add(piece->ids, g_ptr_array_steal_index(b->pending_ids, 0));
    }
}

void flow_add(struct flow_builder *b, struct flow_piece *piece)
{
    take_ids(b, piece);
    g_ptr_array_add(b->flow->pieces, piece);
}

void flow_note_id(struct flow_builder *b, xmlNodePtr node)
{
    xmlChar *id = xmlGetNoNsProp(node, (const xmlChar *)"id");
    if (id != NULL) {
        g_ptr_array_add(b->pending_ids, g_strdup((const char *)id));
        g_hash_table_add(b->flow->ids, g_strdup((const char *)id));
        xmlFree(id);
    }
}

/* Ids of the inline elements of a block. */
static void note_inner_ids(struct flow_builder *b, xmlNodePtr node)
{
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        if (n->type == XML_ELEMENT_NODE && !line_text_is_screen_only(n)) {
            flow_note_id(b, n);
            note_inner_ids(b, n);
        }
    }
}

struct line_style flow_style(const struct flow_builder *b, double size, bool bold)
{
    return (struct line_style){
        .role = b->template->font, .size = size, .bold = bold, .colour = b->template->text_colour};
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
    for (guint i = 0; i < line->notes->len; i++) {
        g_ptr_array_add(piece->notes, g_strdup(line->notes->pdata[i]));
    }
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
static struct line *steal_line(GPtrArray *lines, guint i)
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
    struct paragraph_form form = {.width = place->width, .align = PAGE_ALIGN_CENTRE};
    GPtrArray *lines = flow_lines(b, &text, &form);
    line_text_release(&text);
    if (lines == NULL) {
        return -1;
    }
    const struct flow_tag *tag = flow_tag_new(b, parent, "Caption");
    for (guint i = 0; i < lines->len; i++) {
        flow_put_line(piece, steal_line(lines, i), tag, place->left,
                      y + i * type->pitch + flow_baseline(type->size, type->pitch));
    }
    double height = lines->len * type->pitch;
    g_ptr_array_unref(lines);
    return height;
}

/* ---- paragraphs ---- */

struct paragraph_look {
    struct page_type type;
    bool bold, justified, on_grid;
    double indent;
    double space_before;
};

/* One piece per line; neither the first nor the last line stands alone on a page. */
static int add_paragraph(struct flow_builder *b, const struct line_text *text,
                         const struct paragraph_look *look, const struct flow_place *place,
                         const struct flow_tag *tag)
{
    struct paragraph_form form = {.width = place->width,
                                  .indent = look->indent,
                                  .last_line_least =
                                      look->justified ? b->template->last_line_em * look->type.size : 0,
                                  .justified = look->justified};
    GPtrArray *lines = flow_lines(b, text, &form);
    if (lines == NULL) {
        return -1;
    }
    for (guint i = 0; i < lines->len; i++) {
        struct flow_piece *piece = flow_piece_new();
        piece->height = look->type.pitch;
        piece->on_grid = look->on_grid;
        piece->space_before = i == 0 ? look->space_before : 0;
        piece->keep_next = lines->len > 1 && (i == 0 || i + 2 == lines->len);
        flow_put_line(piece, steal_line(lines, i), tag, place->left,
                      flow_baseline(look->type.size, look->type.pitch));
        flow_add(b, piece);
    }
    g_ptr_array_unref(lines);
    return 0;
}

static struct paragraph_look body_look(const struct flow_builder *b)
{
    return (struct paragraph_look){.type = b->template->body, .justified = true, .on_grid = true};
}

static int build_paragraph(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place,
                           const struct paragraph_look *look, const char *tag_name)
{
    struct line_style style = flow_style(b, look->type.size, look->bold);
    struct line_text text;
    line_text_init(&text);
    flow_note_id(b, node);
    note_inner_ids(b, node);
    line_text_append_children(&text, node, &style, &b->looks);
    int status = 0;
    if (text.text->len > 0) {
        const struct flow_tag *tag = tag_name != NULL ? flow_tag_new(b, place->tag, tag_name) : place->tag;
        status = add_paragraph(b, &text, look, place, tag);
    }
    line_text_release(&text);
    return status;
}

static int build_heading(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place, int level)
{
    static const char *const TAGS[PAGE_HEADING_COUNT] = {"H1", "H2", "H3", "H4"};
    const struct page_heading *h = &b->template->headings[level - 1];
    struct line_style style = flow_style(b, h->size, true);
    struct line_text text;
    line_text_init(&text);
    flow_note_id(b, node);
    note_inner_ids(b, node);
    line_text_append_children(&text, node, &style, &b->looks);
    struct paragraph_form form = {.width = place->width};
    GPtrArray *lines = flow_lines(b, &text, &form);
    if (lines == NULL) {
        line_text_release(&text);
        return -1;
    }
    struct flow_piece *piece = flow_piece_new();
    piece->space_before = h->before;
    piece->keep_next = true;
    const struct flow_tag *tag = flow_tag_new(b, place->tag, TAGS[level - 1]);
    for (guint i = 0; i < lines->len; i++) {
        flow_put_line(piece, steal_line(lines, i), tag, place->left,
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

/* ---- lists ---- */

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
    if (lines == NULL) {
        return -1;
    }
    struct line *line = steal_line(lines, 0);
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

static bool is_element(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static int build_list(struct flow_builder *b, xmlNodePtr list, const struct flow_place *place, bool ordered)
{
    double em = b->template->body.size;
    const struct flow_tag *tag = flow_tag_new(b, place->tag, "L");
    flow_note_id(b, list);
    int number = 1;
    xmlChar *start = xmlGetNoNsProp(list, (const xmlChar *)"start");
    if (start != NULL) {
        number = (int)g_ascii_strtoll((const char *)start, NULL, 10);
        xmlFree(start);
    }
    for (xmlNodePtr item = list->children; item != NULL; item = item->next) {
        if (!is_element(item, "li") || line_text_is_screen_only(item)) {
            continue;
        }
        flow_note_id(b, item);
        const struct flow_tag *item_tag = flow_tag_new(b, tag, "LI");
        struct flow_place inner = {.left = place->left + LIST_INDENT_EM * em,
                                   .width = place->width - LIST_INDENT_EM * em,
                                   .tag = flow_tag_new(b, item_tag, "LBody")};
        struct flow_place beside = {
            .left = place->left + (ordered ? 0.35 : 0.9) * em, .width = place->width, .tag = place->tag};
        guint first = b->flow->pieces->len;
        if (build_blocks(b, item, &inner) != 0) {
            return -1;
        }
        if (first < b->flow->pieces->len) {
            char *label = ordered ? g_strdup_printf("%d.", number) : g_strdup("•");
            int status = put_label(b, b->flow->pieces->pdata[first], label, &beside,
                                   flow_tag_new(b, item_tag, "Lbl"), &b->template->body);
            g_free(label);
            if (status != 0) {
                return -1;
            }
        }
        number++;
    }
    return 0;
}

static int build_definitions(struct flow_builder *b, xmlNodePtr list, const struct flow_place *place)
{
    double em = b->template->body.size;
    const struct flow_tag *tag = flow_tag_new(b, place->tag, "L");
    const struct flow_tag *item_tag = NULL;
    flow_note_id(b, list);
    for (xmlNodePtr item = list->children; item != NULL; item = item->next) {
        if (is_element(item, "div")) {
            struct flow_place same = *place;
            if (build_definitions(b, item, &same) != 0) {
                return -1;
            }
            continue;
        }
        bool term = is_element(item, "dt");
        if ((!term && !is_element(item, "dd")) || line_text_is_screen_only(item)) {
            continue;
        }
        if (term || item_tag == NULL) {
            item_tag = flow_tag_new(b, tag, "LI");
        }
        struct flow_place inner = *place;
        inner.tag = flow_tag_new(b, item_tag, term ? "Lbl" : "LBody");
        if (term) {
            struct paragraph_look look = body_look(b);
            look.bold = true;
            look.justified = false;
            guint first = b->flow->pieces->len;
            if (build_paragraph(b, item, &inner, &look, NULL) != 0) {
                return -1;
            }
            for (guint i = first; i < b->flow->pieces->len; i++) {
                ((struct flow_piece *)b->flow->pieces->pdata[i])->keep_next = true;
            }
        } else {
            inner.left += LIST_INDENT_EM * em;
            inner.width -= LIST_INDENT_EM * em;
            flow_note_id(b, item);
            if (build_blocks(b, item, &inner) != 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* ---- notes ---- */

/* A note's lines are set apart: the page builder puts them at the foot of the page that has the mark. */
static int build_note(struct flow_builder *b, xmlNodePtr item, int number)
{
    const struct page_type *type = &b->template->note;
    xmlChar *id = xmlGetNoNsProp(item, (const xmlChar *)"id");
    if (id == NULL) {
        return 0;
    }
    struct line_style style = flow_style(b, type->size, false);
    struct line_text text;
    line_text_init(&text);
    char *label = g_strdup_printf("注%d", number);
    line_text_append(&text, &style, label);
    g_free(label);
    line_text_append(&text, &style, "\xE3\x80\x80");
    for (xmlNodePtr n = item->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE || !line_text_has_class(n, "note-back")) {
            line_text_append_node(&text, n, &style, &b->looks);
        }
    }
    GPtrArray *lines =
        flow_lines(b, &text, &(struct paragraph_form){.width = b->flow->measure, .justified = true});
    line_text_release(&text);
    if (lines == NULL) {
        xmlFree(id);
        return -1;
    }
    GPtrArray *pieces = g_ptr_array_new_with_free_func((GDestroyNotify)flow_piece_free);
    const struct flow_tag *tag = flow_tag_new(b, NULL, "Note");
    for (guint i = 0; i < lines->len; i++) {
        struct flow_piece *piece = flow_piece_new();
        piece->height = type->pitch;
        flow_put_line(piece, steal_line(lines, i), tag, 0, flow_baseline(type->size, type->pitch));
        if (i == 0) {
            g_ptr_array_add(piece->ids, g_strdup((const char *)id));
        }
        g_ptr_array_add(pieces, piece);
    }
    g_ptr_array_unref(lines);
    g_hash_table_add(b->flow->ids, g_strdup((const char *)id));
    g_hash_table_insert(b->flow->notes, g_strdup((const char *)id), pieces);
    xmlFree(id);
    return 0;
}

static int build_notes(struct flow_builder *b, xmlNodePtr list)
{
    int number = 1;
    for (xmlNodePtr item = list->children; item != NULL; item = item->next) {
        if (is_element(item, "li") && build_note(b, item, number++) != 0) {
            return -1;
        }
    }
    return 0;
}

static bool is_notes(xmlNodePtr node)
{
    return is_element(node, "ol") && line_text_has_class(node, "notes");
}

/* A section of nothing but notes would be a heading over nothing: its notes stand at the feet of the pages.
 */
static bool holds_only_notes(xmlNodePtr section)
{
    bool notes = false;
    for (xmlNodePtr n = section->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE || line_text_is_screen_only(n)) {
            continue;
        }
        if (is_notes(n)) {
            notes = true;
        } else if (n->name[0] != 'h' || n->name[1] < '1' || n->name[1] > '6') {
            return false;
        }
    }
    return notes;
}

/* ---- the title ---- */

static int build_title_line(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place)
{
    struct paragraph_look look = {.type = b->template->body};
    if (line_text_has_class(node, "period") || line_text_has_class(node, "subtitle")) {
        look.type = (struct page_type){.size = 13, .pitch = 22};
        look.bold = true;
    }
    return build_paragraph(b, node, place, &look, "P");
}

static int build_header(struct flow_builder *b, xmlNodePtr header, const struct flow_place *place)
{
    for (xmlNodePtr node = header->children; node != NULL; node = node->next) {
        int status = 0;
        if (node->type != XML_ELEMENT_NODE || line_text_is_screen_only(node)) {
            continue;
        }
        if (is_element(node, "h1")) {
            status = build_heading(b, node, place, 1);
        } else if (is_element(node, "div") || is_element(node, "hgroup")) {
            status = build_header(b, node, place);
        } else {
            status = build_title_line(b, node, place);
        }
        if (status != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- blocks ---- */

static void leave_out(struct flow_builder *b, xmlNodePtr node)
{
    xmlChar *id = xmlGetNoNsProp(node, (const xmlChar *)"id");
    if (id != NULL) {
        g_hash_table_add(b->flow->left_out, g_strdup((const char *)id));
        xmlFree(id);
    }
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        if (n->type == XML_ELEMENT_NODE) {
            leave_out(b, n);
        }
    }
}

static bool is_inline(xmlNodePtr node)
{
    static const char *const INLINE[] = {"a",      "abbr", "b",   "br",   "cite", "code",  "em",
                                         "i",      "kbd",  "q",   "s",    "samp", "small", "span",
                                         "strong", "sub",  "sup", "time", "var",  NULL};
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
           (node->type == XML_ELEMENT_NODE && g_strv_contains(INLINE, (const char *)node->name));
}

/* Text that stands in a block without a <p> around it: of a list item, say. Stops at the first block. */
static int build_loose_text(struct flow_builder *b, xmlNodePtr *node, const struct flow_place *place)
{
    struct paragraph_look look = body_look(b);
    struct line_style style = flow_style(b, look.type.size, false);
    struct line_text text;
    line_text_init(&text);
    for (; *node != NULL && is_inline(*node); *node = (*node)->next) {
        if ((*node)->type == XML_ELEMENT_NODE && !line_text_is_screen_only(*node)) {
            flow_note_id(b, *node);
            note_inner_ids(b, *node);
        }
        line_text_append_node(&text, *node, &style, &b->looks);
    }
    int status = 0;
    if (text.text->len > 0) {
        status = add_paragraph(b, &text, &look, place, flow_tag_new(b, place->tag, "P"));
    }
    line_text_release(&text);
    return status;
}

static bool in_list(const struct flow_place *place)
{
    return place->tag != NULL && strcmp(place->tag->name, "LBody") == 0;
}

static int build_block(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place)
{
    const char *name = (const char *)node->name;
    if (strcmp(name, "p") == 0) {
        struct paragraph_look look = body_look(b);
        look.indent = in_list(place) || line_text_has_class(node, "no-indent")
                          ? 0
                          : b->template->indent_em * look.type.size;
        return build_paragraph(b, node, place, &look, "P");
    }
    if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0') {
        return build_heading(b, node, place, MIN(name[1] - '0', PAGE_HEADING_COUNT));
    }
    if (strcmp(name, "ul") == 0 || (strcmp(name, "ol") == 0 && !is_notes(node))) {
        return build_list(b, node, place, name[0] == 'o');
    }
    if (strcmp(name, "dl") == 0) {
        return build_definitions(b, node, place);
    }
    if (strcmp(name, "table") == 0) {
        return flow_table(b, node, place);
    }
    if (strcmp(name, "figure") == 0) {
        return flow_figure(b, node, place);
    }
    if (strcmp(name, "header") == 0) {
        return build_header(b, node, place);
    }
    if (is_notes(node) || strcmp(name, "hr") == 0) {
        return 0; /* notes are built before everything else */
    }
    flow_note_id(b, node);
    if (strcmp(name, "section") == 0 && holds_only_notes(node)) {
        return 0;
    }
    if (strcmp(name, "blockquote") == 0) {
        double em = b->template->body.size;
        struct flow_place inner = {.left = place->left + 2 * em,
                                   .width = place->width - 4 * em,
                                   .tag = flow_tag_new(b, place->tag, "BlockQuote")};
        return build_blocks(b, node, &inner);
    }
    return build_blocks(b, node, place);
}

static int build_blocks(struct flow_builder *b, xmlNodePtr parent, const struct flow_place *place)
{
    for (xmlNodePtr node = parent->children; node != NULL;) {
        if (is_inline(node)) {
            if (build_loose_text(b, &node, place) != 0) {
                return -1;
            }
            continue;
        }
        if (node->type == XML_ELEMENT_NODE) {
            if (line_text_is_screen_only(node)) {
                leave_out(b, node);
            } else if (build_block(b, node, place) != 0) {
                return -1;
            }
        }
        node = node->next;
    }
    return 0;
}

static int build_all_notes(struct flow_builder *b, xmlNodePtr node)
{
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE) {
            continue;
        }
        if ((is_notes(n) ? build_notes(b, n) : build_all_notes(b, n)) != 0) {
            return -1;
        }
    }
    return 0;
}

static xmlNodePtr find_body(xmlDocPtr document)
{
    xmlNodePtr root = xmlDocGetRootElement(document);
    for (xmlNodePtr n = root != NULL ? root->children : NULL; n != NULL; n = n->next) {
        if (is_element(n, "body")) {
            return n;
        }
    }
    return NULL;
}

struct flow *flow_new(const struct page *page, const struct page_template *template, struct fonts *fonts,
                      struct error *err)
{
    struct flow *flow = g_new0(struct flow, 1);
    flow->pieces = g_ptr_array_new_with_free_func((GDestroyNotify)flow_piece_free);
    flow->heads = g_ptr_array_new_with_free_func((GDestroyNotify)flow_piece_free);
    flow->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    flow->tags = g_ptr_array_new();
    flow->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    flow->left_out = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    flow->measure = page_template_measure(template);
    struct flow_builder b = {.page = page, .template = template, .fonts = fonts, .err = err, .flow = flow};
    b.looks = (struct line_looks){.code_role = template->code_font, .link_colour = template->link_colour};
    b.pending_ids = g_ptr_array_new_with_free_func(g_free);
    xmlNodePtr body = find_body(page->document);
    int status = 0;
    if (body == NULL) {
        status = error_set(err, ERROR_INPUT, "PDF: the document has no <body>, expected one");
    } else {
        struct flow_place place = {.width = flow->measure};
        status = build_all_notes(&b, body) != 0 || build_blocks(&b, body, &place) != 0 ? -1 : 0;
    }
    if (status == 0 && flow->pieces->len > 0) {
        take_ids(&b, flow->pieces->pdata[flow->pieces->len - 1]); /* ids behind the last piece */
    }
    g_ptr_array_unref(b.pending_ids);
    if (status != 0) {
        flow_free(flow);
        return NULL;
    }
    return flow;
}

void flow_free(struct flow *flow)
{
    if (flow == NULL) {
        return;
    }
    g_ptr_array_unref(flow->pieces);
    g_ptr_array_unref(flow->heads);
    g_hash_table_unref(flow->notes);
    for (guint i = 0; i < flow->tags->len; i++) {
        struct flow_tag *tag = flow->tags->pdata[i];
        g_free(tag->alternative);
        g_free(tag);
    }
    g_ptr_array_unref(flow->tags);
    g_hash_table_unref(flow->ids);
    g_hash_table_unref(flow->left_out);
    g_free(flow);
}
