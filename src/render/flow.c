#include "render/flow.h"

#include <math.h>
#include <string.h>

#include "render/flow_build.h"
#include "render/words.h"

#include "render/xhtml.h"

/* ---- pieces ---- */

struct flow_tag *flow_tag_new(struct flow_builder *b, const struct flow_tag *parent, const char *name)
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
    if (piece == NULL)
        return;
    for (guint i = 0; i < piece->marks->len; i++) {
        struct flow_mark *mark = &g_array_index(piece->marks, struct flow_mark, i);
        line_free(mark->line);
        if (mark->scene != NULL)
            scene_free(mark->scene);
        if (mark->picture != NULL)
            cairo_surface_destroy(mark->picture);
    }
    g_array_unref(piece->marks);
    g_ptr_array_unref(piece->notes);
    g_ptr_array_unref(piece->ids);
    if (piece->outline != NULL) {
        g_free(piece->outline->title);
        g_free(piece->outline);
    }
    g_free(piece->caption);
    g_free(piece);
}

static void take_ids(struct flow_builder *b, struct flow_piece *piece)
{
    while (b->pending_ids->len > 0)
        g_ptr_array_add(piece->ids, g_ptr_array_steal_index(b->pending_ids, 0));
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
void flow_note_inner_ids(struct flow_builder *b, xmlNodePtr node)
{
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        if (n->type == XML_ELEMENT_NODE && !line_text_is_screen_only(n)) {
            flow_note_id(b, n);
            flow_note_inner_ids(b, n);
        }
    }
}

/* ---- blocks ---- */

bool flow_is_element(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* The place inside another, indented by so much on the left and on the right, or by less. */
static struct flow_place place_inside(const struct flow_builder *b, const struct flow_place *place,
                                      double left, double right, const struct flow_tag *tag)
{
    double spare = fmax(place->width - FLOW_LEAST_EM * b->template->body.size, 0);
    double share = left + right > spare ? spare / (left + right) : 1;
    return (struct flow_place){
        .left = place->left + left * share, .width = place->width - (left + right) * share, .tag = tag};
}

static void leave_out(struct flow_builder *b, xmlNodePtr node)
{
    xmlChar *id = xmlGetNoNsProp(node, (const xmlChar *)"id");
    if (id != NULL) {
        g_hash_table_add(b->flow->left_out, g_strdup((const char *)id));
        xmlFree(id);
    }
    for (xmlNodePtr n = node->children; n != NULL; n = n->next)
        if (n->type == XML_ELEMENT_NODE)
            leave_out(b, n);
}

static bool is_inline(xmlNodePtr node)
{
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
           (node->type == XML_ELEMENT_NODE && xhtml_is_inline((const char *)node->name) &&
            strcmp((const char *)node->name, "img") != 0);
}

/* Text that stands in a block without a <p> around it: of a list item, say. Stops at the first block. */
static int build_loose_text(struct flow_builder *b, xmlNodePtr *node, const struct flow_place *place)
{
    struct flow_look look = flow_body_look(b);
    struct line_style style = flow_style(b, look.type.size, false);
    struct line_text text;
    line_text_init(&text);
    for (; *node != NULL && is_inline(*node); *node = (*node)->next) {
        if ((*node)->type == XML_ELEMENT_NODE && !line_text_is_screen_only(*node)) {
            flow_note_id(b, *node);
            flow_note_inner_ids(b, *node);
        }
        line_text_append_node(&text, *node, &style, &b->looks);
    }
    int status = 0;
    if (text.text->len > 0)
        status = flow_add_paragraph(b, &text, &look, place, flow_tag_new(b, place->tag, "P"));
    line_text_release(&text);
    return status;
}

static bool in_list(const struct flow_place *place)
{
    return place->tag != NULL && strcmp(place->tag->name, "LBody") == 0;
}

static bool follows_heading(xmlNodePtr node)
{
    xmlNodePtr before = xmlPreviousElementSibling(node);
    while (before != NULL && line_text_is_screen_only(before))
        before = xmlPreviousElementSibling(before);
    return before != NULL && before->name[0] == 'h' && before->name[1] >= '1' && before->name[1] <= '6';
}

/* A thin rule in the middle of a line's height: nothing that is read (ISO 32000-1, 14.8.2.2). */
static int build_rule(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place)
{
    static const double THICKNESS = 0.5;
    double pitch = b->template->body.pitch;
    struct flow_piece *piece = flow_piece_new();
    flow_note_id(b, node);
    piece->height = pitch;
    piece->on_grid = true;
    flow_put_rule(piece, place->left, pitch / 2, place->width, THICKNESS, b->template->grid_colour);
    flow_add(b, piece);
    return 0;
}

static int build_block(struct flow_builder *b, xmlNodePtr node, const struct flow_place *place)
{
    const char *name = (const char *)node->name;
    if (strcmp(name, "p") == 0) {
        struct flow_look look = flow_body_look(b);
        double indent_em = follows_heading(node) ? b->template->first_indent_em : b->template->indent_em;
        look.indent =
            in_list(place) || line_text_has_class(node, "no-indent") ? 0 : indent_em * look.type.size;
        return flow_paragraph(b, node, place, &look, "P");
    }
    if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0')
        return flow_heading(b, node, place, MIN(name[1] - '0', PAGE_HEADING_COUNT));
    if (strcmp(name, "ul") == 0 || (strcmp(name, "ol") == 0 && !flow_is_notes(node)))
        return flow_list(b, node, place, name[0] == 'o');
    if (strcmp(name, "pre") == 0)
        return flow_preformatted(b, node, place);
    if (strcmp(name, "dl") == 0)
        return flow_definitions(b, node, place);
    if (strcmp(name, "table") == 0)
        return flow_table(b, node, place);
    if (strcmp(name, "figure") == 0)
        return flow_figure(b, node, place);
    if (strcmp(name, "header") == 0) {
        return page_template_has_cover(b->template) ? flow_cover(b, node, place)
                                                    : flow_header(b, node, place);
    }
    if (strcmp(name, "footer") == 0)
        return flow_footer(b, node, place);
    if (flow_is_notes(node))
        return 0; /* they are built before everything else */
    if (strcmp(name, "hr") == 0)
        return build_rule(b, node, place);
    flow_note_id(b, node);
    if (strcmp(name, "section") == 0 && flow_holds_only_notes(node))
        return 0;
    if (strcmp(name, "blockquote") == 0) {
        double em = b->template->body.size;
        struct flow_place inner =
            place_inside(b, place, 2 * em, 2 * em, flow_tag_new(b, place->tag, "BlockQuote"));
        return flow_blocks(b, node, &inner);
    }
    return flow_blocks(b, node, place);
}

int flow_blocks(struct flow_builder *b, xmlNodePtr parent, const struct flow_place *place)
{
    for (xmlNodePtr node = parent->children; node != NULL;) {
        if (is_inline(node)) {
            if (build_loose_text(b, &node, place) != 0)
                return -1;
            continue;
        }
        if (node->type == XML_ELEMENT_NODE) {
            if (line_text_is_screen_only(node))
                leave_out(b, node);
            else if (build_block(b, node, place) != 0)
                return -1;
        }
        node = node->next;
    }
    return 0;
}

static xmlNodePtr find_body(xmlDocPtr document)
{
    xmlNodePtr root = xmlDocGetRootElement(document);
    for (xmlNodePtr n = root != NULL ? root->children : NULL; n != NULL; n = n->next)
        if (flow_is_element(n, "body"))
            return n;
    return NULL;
}

struct flow *flow_new(const struct page *page, const struct page_template *template, struct fonts *fonts,
                      GHashTable *page_numbers, struct error *err)
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
    b.looks = (struct line_looks){.code_role = template->code_font,
                                  .bold_role = template->bold_font,
                                  .link_colour = template->link_colour,
                                  .language = template->language,
                                  .page_numbers = page_numbers,
                                  .page_before = words_for(template->language)->page_before,
                                  .page_after = words_for(template->language)->page_after,
                                  .quote_before = words_for(template->language)->quote_before,
                                  .quote_after = words_for(template->language)->quote_after};
    b.pending_ids = g_ptr_array_new_with_free_func(g_free);
    xmlNodePtr body = find_body(page->document);
    int status = 0;
    if (template->hyphenate != NULL) {
        b.hyphenation = hyphenation_new(template->folder, template->hyphenate, err);
        status = b.hyphenation == NULL ? -1 : 0;
    }
    if (status != 0) {
        body = NULL;
    } else if (body == NULL) {
        status = error_set(err, ERROR_INPUT, "PDF: the document has no <body>, expected one");
    } else {
        struct flow_place place = {.width = flow->measure};
        status = flow_notes(&b, body) != 0 || flow_blocks(&b, body, &place) != 0 || flow_contents(&b) != 0
                     ? -1
                     : 0;
    }
    if (status == 0 && flow->pieces->len > 0)
        take_ids(&b, flow->pieces->pdata[flow->pieces->len - 1]); /* ids behind the last piece */
    g_ptr_array_unref(b.pending_ids);
    hyphenation_free(b.hyphenation);
    if (status != 0) {
        flow_free(flow);
        return NULL;
    }
    return flow;
}

void flow_free(struct flow *flow)
{
    if (flow == NULL)
        return;
    g_ptr_array_unref(flow->pieces);
    g_ptr_array_unref(flow->heads);
    g_hash_table_unref(flow->notes);
    for (guint i = 0; i < flow->tags->len; i++) {
        struct flow_tag *tag = flow->tags->pdata[i];
        g_free(tag->alternative);
        g_free(tag->id);
        g_free(tag);
    }
    g_ptr_array_unref(flow->tags);
    g_hash_table_unref(flow->ids);
    g_hash_table_unref(flow->left_out);
    g_free(flow);
}
