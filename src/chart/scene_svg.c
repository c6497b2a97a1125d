/* scene_svg.c - a scene as a standalone SVG document with text that stays text: searchable, selectable, read
 * aloud.
 *
 * Presentation attributes only, no style sheet: a site's content security policy may forbid inline styles.
 * Nothing outside the file is referred to. A white rectangle keeps it legible on dark pages. */
#include <string.h>

#include "chart/chart.h"
#include "chart/scene.h"

/* Noto first, as in the PDF; then what readers' machines have. Widths differ, anchors stay. */
static const char font_family[] =
    "'Noto Sans CJK JP','Noto Sans JP','BIZ UDPGothic','Hiragino Sans','Yu Gothic',sans-serif";

static void append_escaped(GString *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        switch (*p) {
        case '&':
            g_string_append(out, "&amp;");
            break;
        case '<':
            g_string_append(out, "&lt;");
            break;
        case '>':
            g_string_append(out, "&gt;");
            break;
        case '"':
            g_string_append(out, "&quot;");
            break;
        default:
            g_string_append_c(out, *p);
        }
    }
}

/* XML 1.0, production 2 (Char): the rest cannot stand in a document, not even escaped. */
static int check_text(const char *text, const char *identifier, struct error *err)
{
    if (!g_utf8_validate(text, -1, NULL))
        return error_set(err, ERROR_INPUT, "figure %s: a text that is not UTF-8", identifier);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF)
            return error_set(err, ERROR_INPUT, "figure %s: U+%04X, which XML cannot carry, expected text",
                             identifier, c);
    }
    return 0;
}

static void append_attribute(GString *out, const char *name, double value)
{
    g_string_append_printf(out, " %s=\"", name);
    scene_append_number(out, value, 2);
    g_string_append_c(out, '"');
}

static void append_path(GString *out, const struct scene_point *points, size_t count, size_t points_per_line)
{
    g_string_append(out, "<path d=\"");
    for (size_t i = 0; i < count; i++) {
        g_string_append(out, i % points_per_line == 0 ? "M" : i % points_per_line == 1 ? "L" : " ");
        scene_append_number(out, points[i].x, 2);
        g_string_append_c(out, ' ');
        scene_append_number(out, points[i].y, 2);
    }
    g_string_append_c(out, '"');
}

static void append_stroked(GString *out, const struct scene_mark *mark, uint32_t background)
{
    const struct scene_stroke *stroke = &mark->stroke;
    if (stroke->casing > 0) {
        append_path(out, mark->points, mark->point_count, mark->point_count);
        g_string_append_printf(out, " fill=\"none\" stroke=\"#%06X\" stroke-linejoin=\"round\"", background);
        append_attribute(out, "stroke-width", stroke->width + 2 * stroke->casing);
        g_string_append(out, "/>\n");
    }
    append_path(out, mark->points, mark->point_count, mark->point_count);
    g_string_append_printf(out, " fill=\"none\" stroke=\"#%06X\" stroke-linejoin=\"round\"", stroke->colour);
    append_attribute(out, "stroke-width", stroke->width);
    if (stroke->round_ends)
        g_string_append(out, " stroke-linecap=\"round\"");
    if (stroke->dash_count > 0) {
        g_string_append(out, " stroke-dasharray=\"");
        for (int i = 0; i < stroke->dash_count; i++) {
            if (i > 0)
                g_string_append_c(out, ' ');
            scene_append_number(out, stroke->dash[i], 2);
        }
        g_string_append_c(out, '"');
    }
    g_string_append(out, "/>\n");
}

static void append_dot(GString *out, const struct scene_mark *mark, uint32_t background)
{
    g_string_append(out, "<circle");
    append_attribute(out, "cx", mark->x);
    append_attribute(out, "cy", mark->y);
    append_attribute(out, "r", mark->width / 2);
    g_string_append_printf(out, " fill=\"#%06X\"", mark->stroke.colour);
    if (mark->stroke.casing > 0) {
        g_string_append_printf(out, " stroke=\"#%06X\" paint-order=\"stroke\"", background);
        append_attribute(out, "stroke-width", 2 * mark->stroke.casing);
    }
    g_string_append(out, "/>\n");
}

static void append_text(GString *out, const struct scene_text *text, uint32_t background)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    g_string_append(out, "<text");
    append_attribute(out, "x", text->x);
    append_attribute(out, "y", text->y);
    append_attribute(out, "font-size", text->size);
    if (text->anchor != SCENE_START)
        g_string_append_printf(out, " text-anchor=\"%s\"", anchors[text->anchor]);
    if (text->bold)
        g_string_append(out, " font-weight=\"700\"");
    g_string_append_printf(out, " fill=\"#%06X\"", text->colour);
    if (text->halo)
        g_string_append_printf(
            out, " stroke=\"#%06X\" stroke-width=\"2.4\" stroke-linejoin=\"round\" paint-order=\"stroke\"",
            background);
    g_string_append_c(out, '>');
    append_escaped(out, text->text);
    if (text->detail != NULL && *text->detail != '\0') {
        g_string_append(out, "<tspan");
        append_attribute(out, "dx", text->detail_gap);
        g_string_append_printf(out, " font-weight=\"400\" fill=\"#%06X\">", text->detail_colour);
        append_escaped(out, text->detail);
        g_string_append(out, "</tspan>");
    }
    g_string_append(out, "</text>\n");
}

static void append_mark(GString *out, const struct scene *scene, const struct scene_mark *mark)
{
    switch (mark->kind) {
    case SCENE_GROUP_BEGIN:
        g_string_append_printf(out, "<g id=\"%s-%s\">\n", scene->identifier, mark->name);
        if (*mark->title != '\0') {
            g_string_append(out, "<title>");
            append_escaped(out, mark->title);
            g_string_append(out, "</title>\n");
        }
        break;
    case SCENE_GROUP_END:
        g_string_append(out, "</g>\n");
        break;
    case SCENE_RECTANGLE:
        g_string_append(out, "<rect");
        append_attribute(out, "x", mark->x);
        append_attribute(out, "y", mark->y);
        append_attribute(out, "width", mark->width);
        append_attribute(out, "height", mark->height);
        g_string_append_printf(out, " fill=\"#%06X\"/>\n", mark->stroke.colour);
        break;
    case SCENE_HATCH: {
        GArray *lines = scene_hatch_lines(mark);
        if (lines->len > 0) {
            append_path(out, (const struct scene_point *)(const void *)lines->data, lines->len, 2);
            g_string_append_printf(out, " fill=\"none\" stroke=\"#%06X\"", mark->stroke.colour);
            append_attribute(out, "stroke-width", scene_hatch_width);
            g_string_append(out, "/>\n");
        }
        g_array_unref(lines);
        break;
    }
    case SCENE_LINE:
    case SCENE_POLYLINE:
        append_stroked(out, mark, scene->background);
        break;
    case SCENE_AREA:
        append_path(out, mark->points, mark->point_count, mark->point_count);
        g_string_append_printf(out, " fill=\"#%06X\"/>\n", mark->stroke.colour);
        break;
    case SCENE_DOT:
        append_dot(out, mark, scene->background);
        break;
    case SCENE_TEXT:
        append_text(out, &mark->text, scene->background);
        break;
    }
}

static int check_scene(const struct scene *scene, struct error *err)
{
    const char *id = scene->identifier;
    if (check_text(scene->title, id, err) != 0 || check_text(scene->description, id, err) != 0)
        return -1;
    for (size_t i = 0; i < scene->marks->len; i++) {
        const struct scene_mark *mark = scene_mark(scene, i);
        if (mark->title != NULL && check_text(mark->title, id, err) != 0)
            return -1;
        if (mark->kind == SCENE_TEXT &&
            (check_text(mark->text.text, id, err) != 0 ||
             (mark->text.detail != NULL && check_text(mark->text.detail, id, err) != 0)))
            return -1;
    }
    return 0;
}

GBytes *scene_svg(const struct scene *scene, struct error *err)
{
    if (check_scene(scene, err) != 0)
        return NULL;
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    const char *id = scene->identifier;
    g_string_append(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    scene_append_number(out, scene->width_pt, 2);
    g_string_append_c(out, ' ');
    scene_append_number(out, scene->height_pt, 2);
    g_string_append(out, "\" width=\"");
    scene_append_number(out, scene->width_pt, 2);
    g_string_append(out, "pt\" height=\"");
    scene_append_number(out, scene->height_pt, 2);
    g_string_append_printf(out, "pt\" role=\"img\" aria-labelledby=\"%s-title\" aria-describedby=\"%s-desc\"",
                           id, id);
    g_string_append(out, " xml:lang=\"");
    append_escaped(out, scene->language);
    g_string_append(out, "\" font-family=\"");
    append_escaped(out, font_family);
    g_string_append_printf(out, "\">\n<title id=\"%s-title\">", id);
    append_escaped(out, scene->title);
    g_string_append_printf(out, "</title>\n<desc id=\"%s-desc\">", id);
    append_escaped(out, scene->description);
    g_string_append(out, "</desc>\n<rect");
    append_attribute(out, "width", scene->width_pt);
    append_attribute(out, "height", scene->height_pt);
    g_string_append_printf(out, " fill=\"#%06X\"/>\n", scene->background);
    for (size_t i = 0; i < scene->marks->len; i++)
        append_mark(out, scene, scene_mark(scene, i));
    g_string_append(out, "</svg>\n");
    return g_string_free_to_bytes(out);
}
