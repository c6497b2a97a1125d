/* The cover: the header of the document as a page of its own, without number and running heads. From the top:
 * a picture (a logo), the title over its rule, a figure; at the foot publisher, date and what else the header
 * says. */
#include <math.h>
#include <string.h>

#include "render/flow_build.h"
#include "render/picture.h"
#include "render/source.h"

/* Of the page's depth: where the title starts, and the figure. */
static const double TITLE_TOP = 0.22, FIGURE_GAP = 36, RULE_GAP = 12;

struct cover {
    struct flow_builder *b;
    struct flow_piece *piece;
    const struct flow_place *place;
    double y;     /* where the next thing stands, from the top */
    double foot;  /* height of the lines at the foot, */
    GArray *feet; /* guint: their marks, whose y is counted from the foot's top */
};

/* Lines of a text at y; their height, negative with an error. */
static double put_text(struct cover *c, xmlNodePtr node, const char *tag_name, const struct page_type *type,
                       bool bold, double y)
{
    struct flow_builder *b = c->b;
    struct line_style style = flow_style(b, type->size, bold);
    struct line_text text;
    line_text_init(&text);
    flow_note_id(b, node);
    flow_note_inner_ids(b, node);
    line_text_append_children(&text, node, &style, &b->looks);
    GPtrArray *lines =
        flow_lines(b, &text, &(struct paragraph_form){.width = c->place->width, .phrases = true});
    line_text_release(&text);
    if (lines == NULL)
        return -1;
    const struct flow_tag *tag = flow_tag_new(b, c->place->tag, tag_name);
    for (guint i = 0; i < lines->len; i++) {
        flow_put_line(c->piece, flow_steal_line(lines, i), tag, c->place->left,
                      y + i * type->pitch + flow_baseline(type->size, type->pitch));
    }
    double height = lines->len * type->pitch;
    g_ptr_array_unref(lines);
    return height;
}

static int put_title(struct cover *c, xmlNodePtr h1)
{
    const struct page_cover *look = &c->b->template->cover;
    struct page_type type = {.size = look->title_size, .pitch = look->title_pitch};
    double height = put_text(c, h1, "H1", &type, true, c->y);
    if (height < 0)
        return -1;
    c->y += height;
    if (look->rule > 0) {
        c->y += RULE_GAP;
        flow_put_rule(c->piece, c->place->left, c->y, c->place->width, look->rule, look->rule_colour);
    }
    return 0;
}

static int put_foot_line(struct cover *c, xmlNodePtr node)
{
    struct page_type type = {.size = c->b->template->cover.size, .pitch = c->b->template->cover.pitch};
    guint first = c->piece->marks->len;
    double height = put_text(c, node, "P", &type, false, c->foot);
    if (height < 0)
        return -1;
    for (guint i = first; i < c->piece->marks->len; i++)
        g_array_append_val(c->feet, i);
    c->foot += height;
    return 0;
}

/* The title first, wherever it stands in the header. */
static int put_header(struct cover *c, xmlNodePtr header, bool title)
{
    for (xmlNodePtr node = header->children; node != NULL; node = node->next) {
        int status = 0;
        if (!flow_header_shows(c->b, node))
            continue;
        bool is_title = flow_is_element(node, "h1");
        if (flow_is_element(node, "div") || flow_is_element(node, "hgroup"))
            status = put_header(c, node, title);
        else if (is_title == title)
            status = title ? put_title(c, node) : put_foot_line(c, node);
        if (status != 0)
            return -1;
    }
    return 0;
}

/* ---- pictures ---- */

/* 0 and the picture's bytes; a file beside pages.xml. */
static int read_picture(struct flow_builder *b, const char *name, struct page_image *image)
{
    const char *problem = NULL;
    struct picture picture;
    size_t size = 0;
    char *path = source_confined_path(b->template->folder, name, b->err);
    char *data = path != NULL ? source_read(path, name, PICTURE_BYTES_MAX, &size, b->err) : NULL;
    g_free(path);
    if (data == NULL)
        return error_prefix(b->err, "PDF: pages.xml: cover");
    if (!picture_parse(&picture, (const unsigned char *)data, size, &problem)) {
        g_free(data);
        return error_set(b->err, ERROR_INPUT, "PDF: pages.xml: cover: picture \"%s\": %s", name, problem);
    }
    image->width_px = picture.width_px;
    image->height_px = picture.height_px;
    image->picture = g_bytes_new_take(data, size);
    return 0;
}

static int put_picture(struct cover *c)
{
    const struct page_cover *look = &c->b->template->cover;
    struct page_image image = {.file = look->picture};
    struct flow_mark mark = {0};
    struct flow_place place = {.left = c->place->left, .width = fmin(look->picture_width, c->place->width)};
    if (read_picture(c->b, look->picture, &image) != 0)
        return -1;
    int status = flow_picture(c->b, &image, &mark, &place, c->y);
    g_bytes_unref(image.picture);
    mark.x = c->place->left;
    if (mark.picture != NULL)
        g_array_append_val(c->piece->marks, mark);
    return status;
}

/* Decoration: it stands again, with its words, where the text speaks of it. */
static int put_figure(struct cover *c)
{
    const struct model *model = c->b->page->model;
    const char *id = c->b->template->cover.figure;
    struct page_image image = {.file = c->b->template->cover.figure};
    struct flow_mark mark = {0};
    for (size_t i = 0; i < model->figure_count; i++)
        if (strcmp(model->figures[i].id, id) == 0)
            image.figure = &model->figures[i];
    if (image.figure == NULL) {
        return error_set(c->b->err, ERROR_INPUT,
                         "PDF: pages.xml: cover: figure=\"%s\": no such figure, expected the id of one in "
                         "publication.xml",
                         id);
    }
    double room = page_template_depth(c->b->template) - c->foot - c->y - 2 * FIGURE_GAP;
    if (room < FIGURE_GAP) {
        return error_set(
            c->b->err, ERROR_INPUT,
            "PDF: pages.xml: cover: no room for figure \"%s\", expected a larger page or smaller type", id);
    }
    int status = flow_chart(c->b, &image, &mark, c->place, room);
    mark.y = c->y + FIGURE_GAP;
    if (mark.scene != NULL)
        g_array_append_val(c->piece->marks, mark);
    return status;
}

static int build(struct cover *c, xmlNodePtr header)
{
    const struct page_cover *look = &c->b->template->cover;
    double depth = page_template_depth(c->b->template);
    c->y = TITLE_TOP * depth;
    if ((look->picture != NULL && put_picture(c) != 0) || put_header(c, header, true) != 0 ||
        put_header(c, header, false) != 0)
        return -1;
    for (guint i = 0; i < c->feet->len; i++) {
        g_array_index(c->piece->marks, struct flow_mark, g_array_index(c->feet, guint, i)).y +=
            depth - c->foot;
    }
    if (c->y + c->foot > depth) {
        return error_set(
            c->b->err, ERROR_INPUT,
            "PDF: pages.xml: cover: title and lines are higher than the page, expected smaller type");
    }
    return look->figure != NULL ? put_figure(c) : 0;
}

int flow_cover(struct flow_builder *b, xmlNodePtr header, const struct flow_place *place)
{
    struct cover c = {
        .b = b, .piece = flow_piece_new(), .place = place, .feet = g_array_new(FALSE, FALSE, sizeof(guint))};
    c.piece->cover = true;
    c.piece->height = page_template_depth(b->template); /* nothing fits below */
    int status = build(&c, header);
    g_array_unref(c.feet);
    flow_add(b, c.piece);
    b->front_pieces = b->flow->pieces->len;
    b->front_tags = b->flow->tags->len;
    return status;
}
