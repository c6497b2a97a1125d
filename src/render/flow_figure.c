/* Figures: a drawn chart as vectors, or a picture, with its caption below; one piece, which floats. */
#include <math.h>
#include <string.h>

#include "render/flow_build.h"

static const double PIXELS_PER_POINT = 96.0 / 72; /* a screenshot's pixels are CSS pixels */
static const double CAPTION_GAP = 4, SPACE_ABOVE = 8, SPACE_BELOW = 10;
static const double FRAME_WIDTH = 0.4;

static xmlNodePtr find_child(xmlNodePtr node, const char *name)
{
    for (xmlNodePtr n = node->children; n != NULL; n = n->next) {
        if (n->type != XML_ELEMENT_NODE || line_text_is_screen_only(n))
            continue;
        if (strcmp((const char *)n->name, name) == 0)
            return n;
        xmlNodePtr inner = strcmp((const char *)n->name, "figcaption") != 0 ? find_child(n, name) : NULL;
        if (inner != NULL)
            return inner;
    }
    return NULL;
}

struct bytes_reader {
    const unsigned char *data;
    size_t size, at;
};

static cairo_status_t read_bytes(void *closure, unsigned char *out, unsigned int length)
{
    struct bytes_reader *reader = closure;
    if (length > reader->size - reader->at)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, reader->data + reader->at, length);
    reader->at += length;
    return CAIRO_STATUS_SUCCESS;
}

static void unref_bytes(void *bytes)
{
    g_bytes_unref(bytes);
}

/* The JPEG's own bytes go into the PDF; the surface under them is never drawn. */
static cairo_surface_t *jpeg_surface(const struct page_image *image)
{
    gsize size;
    const unsigned char *data = g_bytes_get_data(image->picture, &size);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, image->width_px, image->height_px);
    cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, data, size, unref_bytes,
                                g_bytes_ref(image->picture));
    return surface;
}

/* On white: paper has no transparency, and PDF/A-1 forbids it. */
static cairo_surface_t *flatten(cairo_surface_t *picture)
{
    if (cairo_surface_status(picture) != CAIRO_STATUS_SUCCESS ||
        cairo_image_surface_get_format(picture) == CAIRO_FORMAT_RGB24)
        return picture;
    cairo_surface_t *flat = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, cairo_image_surface_get_width(picture), cairo_image_surface_get_height(picture));
    cairo_t *cr = cairo_create(flat);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_source_surface(cr, picture, 0, 0);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(picture);
    return flat;
}

static cairo_surface_t *picture_surface(struct flow_builder *b, const struct page_image *image)
{
    struct bytes_reader reader = {0};
    reader.data = g_bytes_get_data(image->picture, &reader.size);
    bool jpeg = reader.size > 2 && reader.data[0] == 0xFF && reader.data[1] == 0xD8;
    cairo_surface_t *surface =
        jpeg ? jpeg_surface(image) : flatten(cairo_image_surface_create_from_png_stream(read_bytes, &reader));
    cairo_status_t status = cairo_surface_status(surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        error_set(b->err, ERROR_INPUT, "PDF: %s: %s, expected a PNG or JPEG picture", image->file,
                  cairo_status_to_string(status));
        cairo_surface_destroy(surface);
        return NULL;
    }
    return surface;
}

int flow_picture(struct flow_builder *b, const struct page_image *image, struct flow_mark *mark,
                 const struct flow_place *place, double most_height)
{
    mark->kind = FLOW_PICTURE;
    mark->picture = picture_surface(b, image);
    if (mark->picture == NULL)
        return -1;
    double width = cairo_image_surface_get_width(mark->picture),
           height = cairo_image_surface_get_height(mark->picture);
    double scale = fmin(1 / PIXELS_PER_POINT, place->width / width);
    scale = fmin(scale, most_height / height);
    mark->width = width * scale;
    mark->height = height * scale;
    mark->x = place->left + (place->width - mark->width) / 2;
    return 0;
}

/* Of the page's depth: room for a caption under what is as high as the page. */
static double highest(const struct flow_builder *b)
{
    return page_template_depth(b->template) - CAPTION_GAP - SPACE_BELOW - 4 * b->template->caption.pitch;
}

static int put_picture(struct flow_builder *b, struct flow_piece *piece, const struct page_image *image,
                       struct flow_mark *mark, const struct flow_place *place)
{
    double width = fmin(place->width, b->template->picture_width);
    struct flow_place within = {.left = place->left + (place->width - width) / 2, .width = width};
    if (flow_picture(b, image, mark, &within, fmin(b->template->picture_height, highest(b))) != 0)
        return -1;
    struct page_colour grey = b->template->grid_colour;
    flow_put_rule(piece, mark->x, 0, mark->width, FRAME_WIDTH, grey);
    flow_put_rule(piece, mark->x, mark->height, mark->width, FRAME_WIDTH, grey);
    struct flow_mark side = {.kind = FLOW_RULE,
                             .x = mark->x - FRAME_WIDTH / 2,
                             .width = FRAME_WIDTH,
                             .height = mark->height,
                             .colour = grey};
    g_array_append_val(piece->marks, side);
    side.x += mark->width;
    g_array_append_val(piece->marks, side);
    return 0;
}

int flow_chart(struct flow_builder *b, const struct page_image *image, struct flow_mark *mark,
               const struct flow_place *place, double most_height)
{
    mark->kind = FLOW_CHART;
    struct chart_spec spec =
        image->figure->chart; /* drawn as wide as the column, so that its type keeps its size */
    if (spec.width_pt <= 0 && spec.height_pt <= 0)
        spec.width_pt = place->width;
    mark->scene = chart_layout(&spec, b->fonts, b->err);
    if (mark->scene == NULL)
        return error_prefix(b->err, "PDF: %s", image->file);
    double width, height;
    scene_size(mark->scene, &width, &height);
    double scale = fmin(fmin(1, place->width / width), most_height / height);
    mark->width = width * scale;
    mark->height = height * scale;
    mark->x = place->left + (place->width - mark->width) / 2;
    return 0;
}

static char *attribute(xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = g_strdup(value != NULL ? (const char *)value : "");
    xmlFree(value);
    return copy;
}

static int put_image(struct flow_builder *b, struct flow_piece *piece, xmlNodePtr img,
                     const struct flow_place *place)
{
    char *src = attribute(img, "src");
    const struct page_image *image = page_image(b->page, src);
    if (image == NULL) {
        error_set(b->err, ERROR_INPUT, "PDF: line %ld: image %s, expected one of the page's images",
                  xmlGetLineNo(img), src);
        g_free(src);
        return -1;
    }
    g_free(src);
    struct flow_mark mark = {0};
    char *alternative = attribute(img, "alt");
    if (alternative[0] != '\0') { /* without one it is decoration */
        struct flow_tag *tag = flow_tag_new(b, place->tag, "Figure");
        tag->alternative = g_strdup(alternative);
        mark.tag = tag;
    }
    g_free(alternative);
    int status = image->figure != NULL ? flow_chart(b, image, &mark, place, highest(b))
                                       : put_picture(b, piece, image, &mark, place);
    if (status == 0) {
        g_array_append_val(piece->marks, mark);
        piece->height = mark.height;
    }
    return status;
}

int flow_figure(struct flow_builder *b, xmlNodePtr figure, const struct flow_place *place)
{
    xmlNodePtr img = find_child(figure, "img"), caption = find_child(figure, "figcaption");
    struct flow_piece *piece = flow_piece_new();
    piece->space_before = SPACE_ABOVE;
    piece->floats = true;
    flow_note_id(b, figure);
    if (img != NULL && put_image(b, piece, img, place) != 0) {
        flow_piece_free(piece);
        return -1;
    }
    if (caption != NULL) {
        double y = piece->height + CAPTION_GAP;
        double height = flow_put_caption(b, piece, caption, place, place->tag, y);
        if (height < 0) {
            flow_piece_free(piece);
            return -1;
        }
        piece->height = y + height;
    }
    piece->height += SPACE_BELOW;
    flow_add(b, piece);
    return 0;
}
