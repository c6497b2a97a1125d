#include "chart/scene.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "chart/chart.h"
#include "chart/palette.h"

const double scene_hatch_width = 0.4;

static void release_mark(void *pointer)
{
    struct scene_mark *mark = pointer;
    g_free(mark->name);
    g_free(mark->title);
    g_free(mark->points);
    g_free((char *)mark->text.text);
    g_free((char *)mark->text.detail);
}

struct scene *scene_new(double width_pt, double height_pt)
{
    struct scene *scene = g_new0(struct scene, 1);
    scene->width_pt = width_pt;
    scene->height_pt = height_pt;
    scene->background = 0xFFFFFF;
    scene->date = (struct civil_date){1970, 1, 1};
    scene->marks = g_array_new(FALSE, TRUE, sizeof(struct scene_mark));
    g_array_set_clear_func(scene->marks, release_mark);
    return scene;
}

void scene_free(struct scene *scene)
{
    if (scene == NULL)
        return;
    g_array_unref(scene->marks);
    g_free(scene->language);
    g_free(scene->identifier);
    g_free(scene->title);
    g_free(scene->description);
    g_free(scene);
}

void scene_size(const struct scene *scene, double *width_pt, double *height_pt)
{
    *width_pt = scene->width_pt;
    *height_pt = scene->height_pt;
}

void scene_begin_group(struct scene *scene, const char *name, const char *title)
{
    struct scene_mark mark = {.kind = SCENE_GROUP_BEGIN, .name = g_strdup(name), .title = g_strdup(title)};
    g_array_append_val(scene->marks, mark);
}

void scene_end_group(struct scene *scene)
{
    struct scene_mark mark = {.kind = SCENE_GROUP_END};
    g_array_append_val(scene->marks, mark);
}

void scene_rectangle(struct scene *scene, double x, double y, double width, double height, uint32_t colour)
{
    struct scene_mark mark = {.kind = SCENE_RECTANGLE,
                              .x = x,
                              .y = y,
                              .width = width,
                              .height = height,
                              .stroke = {.colour = colour}};
    g_array_append_val(scene->marks, mark);
}

void scene_hatch(struct scene *scene, double x, double y, double width, double height)
{
    struct scene_mark mark = {.kind = SCENE_HATCH,
                              .x = x,
                              .y = y,
                              .width = width,
                              .height = height,
                              .stroke = {.colour = PALETTE_HATCH}};
    g_array_append_val(scene->marks, mark);
}

void scene_line(struct scene *scene, double x1, double y1, double x2, double y2,
                const struct scene_stroke *stroke)
{
    struct scene_point points[] = {{x1, y1}, {x2, y2}};
    struct scene_mark mark = {
        .kind = SCENE_LINE, .points = g_memdup2(points, sizeof points), .point_count = 2, .stroke = *stroke};
    g_array_append_val(scene->marks, mark);
}

void scene_polyline(struct scene *scene, const struct scene_point *points, size_t count,
                    const struct scene_stroke *stroke)
{
    struct scene_mark mark = {.kind = SCENE_POLYLINE,
                              .points = g_memdup2(points, count * sizeof *points),
                              .point_count = count,
                              .stroke = *stroke};
    g_array_append_val(scene->marks, mark);
}

void scene_area(struct scene *scene, const struct scene_point *points, size_t count, uint32_t colour)
{
    struct scene_mark mark = {.kind = SCENE_AREA,
                              .points = g_memdup2(points, count * sizeof *points),
                              .point_count = count,
                              .stroke = {.colour = colour}};
    g_array_append_val(scene->marks, mark);
}

void scene_dot(struct scene *scene, double x, double y, double diameter, uint32_t colour, double casing)
{
    struct scene_mark mark = {.kind = SCENE_DOT,
                              .x = x,
                              .y = y,
                              .width = diameter,
                              .height = diameter,
                              .stroke = {.colour = colour, .casing = casing}};
    g_array_append_val(scene->marks, mark);
}

void scene_text(struct scene *scene, const struct scene_text *text)
{
    struct scene_mark mark = {.kind = SCENE_TEXT, .text = *text};
    mark.text.text = g_strdup(text->text);
    mark.text.detail = g_strdup(text->detail);
    g_array_append_val(scene->marks, mark);
}

const struct scene_mark *scene_mark(const struct scene *scene, size_t index)
{
    g_assert(index < scene->marks->len);
    return &g_array_index(scene->marks, struct scene_mark, index);
}

void scene_text_box(const struct scene_text *text, double *left, double *top, double *right, double *bottom)
{
    double before = text->anchor == SCENE_START ? 0 : text->anchor == SCENE_MIDDLE ? 0.5 : 1;
    *left = text->x - before * text->width;
    *right = *left + text->width;
    *top = text->y - 0.88 * text->size;
    *bottom = text->y + 0.25 * text->size;
}

/* Lines rising to the right, 45 degrees, a fixed distance apart and in step with the scene's origin, so that
 * neighbouring hatches continue each other. */
GArray *scene_hatch_lines(const struct scene_mark *mark)
{
    const double distance = 3.2; /* along x */
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct scene_point));
    double left = mark->x, right = mark->x + mark->width;
    double top = mark->y, bottom = mark->y + mark->height;
    /* A line is x + y = sum. */
    for (double sum = ceil((left + top) / distance) * distance; sum < right + bottom; sum += distance) {
        struct scene_point from = {MAX(left, sum - bottom), 0};
        struct scene_point to = {MIN(right, sum - top), 0};
        if (to.x - from.x < 0.05)
            continue;
        from.y = sum - from.x;
        to.y = sum - to.x;
        g_array_append_val(lines, from);
        g_array_append_val(lines, to);
    }
    return lines;
}

/* Hundredths, as printf rounds them, without its long way: false where the product may not tell to which side
 * the value itself is rounded. */
static bool append_hundredths(GString *out, double value)
{
    static const double LARGEST = 1e6, DOUBT = 1e-6;
    double hundredths = fabs(value) * 100, nearest = rint(hundredths);
    if (!(fabs(value) < LARGEST) || fabs(fabs(hundredths - nearest) - 0.5) < DOUBT)
        return false;
    uint64_t number = (uint64_t)nearest;
    if (value < 0 && number > 0)
        g_string_append_c(out, '-');
    number_append(out, number / 100);
    if (number % 100 == 0)
        return true;
    char places[] = {'.', (char)('0' + number % 100 / 10), (char)('0' + number % 10)};
    g_string_append_len(out, places, number % 10 == 0 ? 2 : 3);
    return true;
}

void scene_append_number(GString *out, double value, int decimals)
{
    if (decimals == 2 && append_hundredths(out, value))
        return;
    char format[8];
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_ascii_formatd(text, sizeof text, format, value);
    if (strchr(text, '.') != NULL) {
        char *end = text + strlen(text);
        while (end[-1] == '0')
            *--end = '\0';
        if (end[-1] == '.')
            *--end = '\0';
    }
    g_string_append(out, strcmp(text, "-0") == 0 ? "0" : text);
}

static void append_numbers(GString *out, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g_string_append_c(out, ' ');
        scene_append_number(out, values[i], 2);
    }
}

static void append_quoted(GString *out, const char *text)
{
    g_string_append(out, " \"");
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        if (*p == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_c(out, *p);
    }
    g_string_append_c(out, '"');
}

static void dump_stroke(GString *out, const struct scene_stroke *stroke)
{
    g_string_append_printf(out, " #%06X width", stroke->colour);
    append_numbers(out, &stroke->width, 1);
    if (stroke->casing > 0) {
        g_string_append(out, " casing");
        append_numbers(out, &stroke->casing, 1);
    }
    if (stroke->dash_count > 0) {
        g_string_append(out, " dash");
        append_numbers(out, stroke->dash, (size_t)stroke->dash_count);
    }
}

static void dump_text(GString *out, const struct scene_text *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    double place[] = {text->x, text->y};
    g_string_append_printf(out, "text %s", text->role);
    append_numbers(out, place, 2);
    g_string_append_printf(out, " %s size", anchors[text->anchor]);
    append_numbers(out, &text->size, 1);
    g_string_append_printf(out, "%s%s #%06X width", text->bold ? " bold" : "", text->halo ? " halo" : "",
                           text->colour);
    append_numbers(out, &text->width, 1);
    append_quoted(out, text->text);
    if (text->detail != NULL && *text->detail != '\0') {
        append_quoted(out, text->detail);
        g_string_append_printf(out, " #%06X", text->detail_colour);
    }
}

char *scene_dump(const struct scene *scene)
{
    GString *out = g_string_new("scene");
    double size[] = {scene->width_pt, scene->height_pt};
    int depth = 0;
    append_numbers(out, size, 2);
    g_string_append_printf(out, " %s", scene->language);
    append_quoted(out, scene->title);
    g_string_append_c(out, '\n');
    for (size_t i = 0; i < scene->marks->len; i++) {
        const struct scene_mark *mark = scene_mark(scene, i);
        double box[] = {mark->x, mark->y, mark->width, mark->height};
        if (mark->kind == SCENE_GROUP_END)
            depth--;
        for (int level = 0; level < depth; level++)
            g_string_append(out, "  ");
        switch (mark->kind) {
        case SCENE_GROUP_BEGIN:
            g_string_append_printf(out, "group %s", mark->name);
            append_quoted(out, mark->title);
            depth++;
            break;
        case SCENE_GROUP_END:
            g_string_append(out, "end");
            break;
        case SCENE_RECTANGLE:
            g_string_append(out, "rectangle");
            append_numbers(out, box, 4);
            g_string_append_printf(out, " #%06X", mark->stroke.colour);
            break;
        case SCENE_HATCH:
            g_string_append(out, "hatch");
            append_numbers(out, box, 4);
            break;
        case SCENE_DOT:
            g_string_append(out, "dot");
            append_numbers(out, box, 3);
            g_string_append_printf(out, " #%06X", mark->stroke.colour);
            break;
        case SCENE_AREA:
            g_string_append(out, "area");
            for (size_t j = 0; j < mark->point_count; j++) {
                double point[] = {mark->points[j].x, mark->points[j].y};
                append_numbers(out, point, 2);
            }
            g_string_append_printf(out, " #%06X", mark->stroke.colour);
            break;
        case SCENE_LINE:
        case SCENE_POLYLINE:
            g_string_append(out, mark->kind == SCENE_LINE ? "line" : "polyline");
            for (size_t j = 0; j < mark->point_count; j++) {
                double point[] = {mark->points[j].x, mark->points[j].y};
                append_numbers(out, point, 2);
            }
            dump_stroke(out, &mark->stroke);
            break;
        case SCENE_TEXT:
            dump_text(out, &mark->text);
            break;
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}
