/* scene_cairo.c - a scene on any cairo context, and as PNG and PDF files. */
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "base/number.h"
#include "chart/chart.h"
#include "chart/png.h"
#include "chart/scene.h"
#include "chart/text_line.h"

static void set_colour(cairo_t *cr, uint32_t colour)
{
    cairo_set_source_rgb(cr, (colour >> 16 & 0xFF) / 255.0, (colour >> 8 & 0xFF) / 255.0,
                         (colour & 0xFF) / 255.0);
}

struct pango_sink {
    struct fonts *fonts;
    PangoContext *context;
};

static void shape(struct pango_sink *sink, const char *text, double size_pt, bool bold,
                  struct text_line *line)
{
    PangoFontDescription *description = fonts_describe("sans", size_pt, bold);
    text_line_shape(line, sink->context, text, description);
    pango_font_description_free(description);
}

static int draw_with_pango(void *context, cairo_t *cr, const char *text, const char *language, double x_pt,
                           double y_pt, double size_pt, bool bold, struct error *err)
{
    (void)language;
    (void)err;
    struct text_line line;
    shape(context, text, size_pt, bold, &line);
    cairo_move_to(cr, x_pt, y_pt);
    text_line_draw(&line, cr);
    cairo_new_path(cr);
    text_line_release(&line);
    return 0;
}

static void draw_halo(struct pango_sink *sink, cairo_t *cr, const struct scene_text *text, double x_pt,
                      uint32_t colour)
{
    struct text_line line;
    shape(sink, text->text, text->size, text->bold, &line);
    cairo_move_to(cr, x_pt, text->y);
    text_line_path(&line, cr);
    cairo_set_line_width(cr, 2.4);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    set_colour(cr, colour);
    cairo_stroke(cr);
    text_line_release(&line);
}

static int draw_text(const struct scene *scene, const struct scene_text *text, cairo_t *cr,
                     struct pango_sink *own, const struct scene_text_sink *sink, struct error *err)
{
    double left, top, right, bottom;
    scene_text_box(text, &left, &top, &right, &bottom);
    if (text->halo)
        draw_halo(own, cr, text, left, scene->background);
    set_colour(cr, text->colour);
    if (sink->draw(sink->context, cr, text->text, scene->language, left, text->y, text->size, text->bold,
                   err) != 0)
        return -1;
    if (text->detail == NULL || *text->detail == '\0')
        return 0;
    double x = left + text->detail_gap +
               fonts_text_width(own->fonts, scene->language, text->text, text->size, text->bold);
    set_colour(cr, text->detail_colour);
    return sink->draw(sink->context, cr, text->detail, scene->language, x, text->y, text->size, false, err);
}

static void draw_stroked(const struct scene_mark *mark, cairo_t *cr, uint32_t background)
{
    const struct scene_stroke *stroke = &mark->stroke;
    cairo_new_path(cr);
    for (size_t i = 0; i < mark->point_count; i++)
        cairo_line_to(cr, mark->points[i].x, mark->points[i].y);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    if (stroke->casing > 0) {
        cairo_set_dash(cr, NULL, 0, 0);
        cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
        cairo_set_line_width(cr, stroke->width + 2 * stroke->casing);
        set_colour(cr, background);
        cairo_stroke_preserve(cr);
    }
    cairo_set_dash(cr, stroke->dash, stroke->dash_count, 0);
    cairo_set_line_cap(cr, stroke->round_ends ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
    cairo_set_line_width(cr, stroke->width);
    set_colour(cr, stroke->colour);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
}

static void draw_hatch(const struct scene_mark *mark, cairo_t *cr)
{
    GArray *lines = scene_hatch_lines(mark);
    for (guint i = 0; i + 1 < lines->len; i += 2) {
        struct scene_point from = g_array_index(lines, struct scene_point, i);
        struct scene_point to = g_array_index(lines, struct scene_point, i + 1);
        cairo_move_to(cr, from.x, from.y);
        cairo_line_to(cr, to.x, to.y);
    }
    cairo_set_line_width(cr, scene_hatch_width);
    set_colour(cr, mark->stroke.colour);
    cairo_stroke(cr);
    g_array_unref(lines);
}

static void draw_area(const struct scene_mark *mark, cairo_t *cr)
{
    cairo_new_path(cr);
    for (size_t i = 0; i < mark->point_count; i++)
        cairo_line_to(cr, mark->points[i].x, mark->points[i].y);
    cairo_close_path(cr);
    set_colour(cr, mark->stroke.colour);
    cairo_fill(cr);
}

static void draw_dot(const struct scene_mark *mark, cairo_t *cr, uint32_t background)
{
    const uint32_t colours[] = {background, mark->stroke.colour};
    for (int i = mark->stroke.casing > 0 ? 0 : 1; i < 2; i++) {
        cairo_arc(cr, mark->x, mark->y, mark->width / 2 + (i == 0 ? mark->stroke.casing : 0), 0, 2 * G_PI);
        set_colour(cr, colours[i]);
        cairo_fill(cr);
    }
}

int scene_draw_with(const struct scene *scene, struct fonts *fonts, cairo_t *cr,
                    const struct scene_text_sink *sink, struct error *err)
{
    struct pango_sink own = {.fonts = fonts, .context = fonts_context(fonts, scene->language)};
    struct scene_text_sink own_sink = {.draw = draw_with_pango, .context = &own};
    int status = 0;
    cairo_save(cr);
    cairo_new_path(cr);
    for (size_t i = 0; i < scene->marks->len && status == 0; i++) {
        const struct scene_mark *mark = scene_mark(scene, i);
        switch (mark->kind) {
        case SCENE_GROUP_BEGIN:
        case SCENE_GROUP_END:
            break;
        case SCENE_RECTANGLE:
            cairo_rectangle(cr, mark->x, mark->y, mark->width, mark->height);
            set_colour(cr, mark->stroke.colour);
            cairo_fill(cr);
            break;
        case SCENE_HATCH:
            draw_hatch(mark, cr);
            break;
        case SCENE_LINE:
        case SCENE_POLYLINE:
            draw_stroked(mark, cr, scene->background);
            break;
        case SCENE_AREA:
            draw_area(mark, cr);
            break;
        case SCENE_DOT:
            draw_dot(mark, cr, scene->background);
            break;
        case SCENE_TEXT:
            status = draw_text(scene, &mark->text, cr, &own, sink != NULL ? sink : &own_sink, err);
            break;
        }
    }
    cairo_restore(cr);
    g_object_unref(own.context);
    if (status == 0 && cairo_status(cr) != CAIRO_STATUS_SUCCESS)
        status = error_set(err, ERROR_OUTPUT, "figure %s: cairo: %s", scene->identifier,
                           cairo_status_to_string(cairo_status(cr)));
    return status;
}

int scene_draw(const struct scene *scene, struct fonts *fonts, cairo_t *cr, struct error *err)
{
    return scene_draw_with(scene, fonts, cr, NULL, err);
}

static cairo_status_t append_bytes(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

GBytes *scene_png(const struct scene *scene, struct fonts *fonts, double scale, struct error *err)
{
    enum { SIDE_LIMIT = 16384 }; /* of pixels: cairo's own limit is twice that, and a figure needs no more */
    double width = ceil(scene->width_pt * scale - 1e-9), height = ceil(scene->height_pt * scale - 1e-9);
    if (!(scale > 0) || !(width <= SIDE_LIMIT) || !(height <= SIDE_LIMIT)) {
        error_set(err, ERROR_INPUT,
                  "figure %s: scale %g, expected one that makes a picture of 1 to %d pixels a side",
                  scene->identifier, scale, SIDE_LIMIT);
        return NULL;
    }
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    cairo_t *cr = cairo_create(surface);
    GBytes *bytes = NULL;
    set_colour(cr, scene->background);
    cairo_paint(cr);
    cairo_scale(cr, scale, scale);
    if (scene_draw(scene, fonts, cr, err) == 0) {
        cairo_surface_flush(surface);
        bytes = png_bytes(
            cairo_image_surface_get_data(surface), (size_t)cairo_image_surface_get_stride(surface),
            (size_t)cairo_image_surface_get_width(surface), (size_t)cairo_image_surface_get_height(surface));
    }
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return bytes;
}

/* ISO 8601, from SOURCE_DATE_EPOCH (reproducible-builds.org) or the scene's own date: never the clock. */
static char *creation_date(const struct scene *scene)
{
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    uint64_t seconds;
    struct civil_date date = scene->date;
    uint64_t rest = 0;
    if (epoch != NULL && number_parse(epoch, 0, UINT64_C(253402300799), &seconds)) {
        date = civil_date_from_days((int64_t)(seconds / 86400));
        rest = seconds % 86400;
    }
    char day[CIVIL_DATE_SIZE];
    return g_strdup_printf("%sT%02d:%02d:%02dZ", civil_date_format(date, day), (int)(rest / 3600),
                           (int)(rest / 60 % 60), (int)(rest % 60));
}

/* cairo 1.16 leaves out the "D:" that a PDF date starts with (ISO 32000-1, 7.9.4). Two of the three blanks
 * before the key make room for it, so that no offset in the file changes. A cairo that writes it is left
 * alone. */
static void mend_date(GByteArray *bytes)
{
    static const char wrong[] = "   /CreationDate (";
    static const char right[] = " /CreationDate (D:";
    guint8 *found = memmem(bytes->data, bytes->len, wrong, sizeof wrong - 1);
    if (found != NULL && found + sizeof wrong - 1 < bytes->data + bytes->len &&
        g_ascii_isdigit(found[sizeof wrong - 1]))
        memcpy(found, right, sizeof right - 1);
}

GBytes *scene_pdf(const struct scene *scene, struct fonts *fonts, struct error *err)
{
    GByteArray *bytes = g_byte_array_new();
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(append_bytes, bytes, scene->width_pt, scene->height_pt);
    char *date = creation_date(scene);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, scene->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, scene->description);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
    g_free(date);
    cairo_t *cr = cairo_create(surface);
    if (scene->background != 0xFFFFFF) { /* paper is white by itself */
        set_colour(cr, scene->background);
        cairo_paint(cr);
    }
    int status = scene_draw(scene, fonts, cr, err);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (status == 0 && cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        status = error_set(err, ERROR_OUTPUT, "figure %s: cairo: %s", scene->identifier,
                           cairo_status_to_string(cairo_surface_status(surface)));
    cairo_surface_destroy(surface);
    if (status == 0)
        mend_date(bytes);
    if (status == 0)
        return g_byte_array_free_to_bytes(bytes);
    g_byte_array_unref(bytes);
    return NULL;
}
