/* layout_ranks.c - places over the quarters. What comes in or falls out crosses the lower edge. */
#include <math.h>

#include "chart/layout.h"
#include "chart/palette.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;

struct flow {
    double left, right, top, pitch, bottom;
    int column_count, place_count;
};

static double flow_x(const struct flow *flow, double column)
{
    return flow->column_count == 1
               ? (flow->left + flow->right) / 2
               : flow->left + column * (flow->right - flow->left) / (flow->column_count - 1);
}

static double flow_y(const struct flow *flow, double place)
{
    return flow->top + (place - 0.5) * flow->pitch;
}

/* The first eight lines of those that are ranked now have strokes of their own; what has gone is grey. */
static struct scene_stroke stroke_of(const struct chart_spec *spec, size_t index)
{
    struct scene_stroke grey = {.colour = PALETTE_PREVIOUS, .width = 1, .casing = 0.6};
    return index < PALETTE_SIZE && spec->series[index].observed[spec->day_count - 1] ? palette_stroke(index)
                                                                                     : grey;
}

/* A quarter that nobody counted: nothing entered or left there, the lines just break. */
static bool column_is_missing(const struct chart_spec *spec, int column)
{
    for (size_t i = 0; i < spec->series_count; i++)
        if (spec->series[i].observed[column])
            return false;
    return true;
}

static void add_line(struct layout *layout, const struct flow *flow, size_t index)
{
    const struct chart_series *series = &layout->spec->series[index];
    struct scene_stroke stroke = stroke_of(layout->spec, index);
    struct scene_stroke edge = {.colour = stroke.colour, .width = 0.8};
    double half = flow->column_count > 1 ? (flow->right - flow->left) / (flow->column_count - 1) / 2 : 0;
    layout_begin_series(layout, index);
    for (int column = 0; column < flow->column_count; column++) {
        if (!series->observed[column])
            continue;
        double x = flow_x(flow, column), y = flow_y(flow, series->values[column]);
        if (column > 0 && !series->observed[column - 1] && !column_is_missing(layout->spec, column - 1))
            scene_line(layout->scene, x - half, flow->bottom, x, y, &edge);
        if (column + 1 < flow->column_count && series->observed[column + 1])
            scene_line(layout->scene, x, y, flow_x(flow, column + 1),
                       flow_y(flow, series->values[column + 1]), &stroke);
        else if (column + 1 < flow->column_count && !column_is_missing(layout->spec, column + 1))
            scene_line(layout->scene, x, y, x + half, flow->bottom, &edge);
    }
    for (int column = 0; column < flow->column_count; column++)
        if (series->observed[column])
            scene_dot(layout->scene, flow_x(flow, column), flow_y(flow, series->values[column]), 5,
                      stroke.colour, 0.8);
    scene_end_group(layout->scene);
}

/* At the right where it stands now, else over the last place that it had. */
static void add_name(struct layout *layout, const struct flow *flow, size_t index, double room)
{
    const struct chart_series *series = &layout->spec->series[index];
    int last = flow->column_count - 1;
    while (last >= 0 && !series->observed[last])
        last--;
    if (last < 0)
        return;
    bool now = last == flow->column_count - 1;
    double pitch = flow->column_count > 1 ? (flow->right - flow->left) / (flow->column_count - 1) : room;
    char *name = layout_name(layout, series, now ? room : last == 0 ? pitch / 2 : pitch - 8);
    double width = layout_width(layout, name, LAYOUT_TEXT_SIZE, false);
    double x = flow_x(flow, last), y = flow_y(flow, series->values[last]);
    layout_add_text(layout, (struct scene_text){.role = now ? "label" : "gone",
                                                .x = now ? x + 7 : fmax(x - width / 2, flow->left - 6),
                                                .y = now ? y + 0.36 * LAYOUT_TEXT_SIZE : y - 5,
                                                .size = LAYOUT_TEXT_SIZE,
                                                .halo = !now,
                                                .colour = now ? PALETTE_TEXT : PALETTE_TEXT_SECOND,
                                                .text = name});
    g_free(name);
}

static void add_axes(struct layout *layout, const struct flow *flow, double axis_x)
{
    const struct chart_spec *spec = layout->spec;
    struct scene_stroke grid = {.colour = PALETTE_GRID, .width = 0.4};
    struct scene_stroke axis = {.colour = PALETTE_AXIS, .width = 0.8};
    double pitch = flow->column_count > 1 ? (flow->right - flow->left) / (flow->column_count - 1)
                                          : layout->right - layout->left;
    double free_from = layout->left;
    for (int place = 1; place <= flow->place_count; place++) {
        char *text = g_strdup_printf("%d", place);
        layout_add_text(layout, (struct scene_text){.role = "value",
                                                    .x = axis_x,
                                                    .y = flow_y(flow, place) + 0.36 * LAYOUT_TEXT_SIZE,
                                                    .anchor = SCENE_END,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .colour = PALETTE_TEXT_SECOND,
                                                    .text = text});
        g_free(text);
    }
    scene_line(layout->scene, flow->left - 6, flow->bottom, flow->right + 6, flow->bottom, &axis);
    for (int column = 0; column < flow->column_count; column++) {
        double x = flow_x(flow, column);
        scene_line(layout->scene, x, flow->top, x, flow->bottom, &grid);
        char *text = layout_cut(layout, spec->columns != NULL ? spec->columns[column] : "", LAYOUT_TEXT_SIZE,
                                false, fmax(pitch - 4, 24));
        double width = layout_width(layout, text, LAYOUT_TEXT_SIZE, false);
        double left = fmin(fmax(x - width / 2, flow->left - 6), layout->right - width);
        if (left >= free_from) {
            layout_add_text(layout, (struct scene_text){.role = "column",
                                                        .x = left,
                                                        .y = flow->bottom + 4 + 0.88 * LAYOUT_TEXT_SIZE,
                                                        .size = LAYOUT_TEXT_SIZE,
                                                        .colour = PALETTE_TEXT_SECOND,
                                                        .text = text});
            free_from = left + width + 3;
        }
        g_free(text);
    }
}

int layout_ranks(struct layout *layout, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    struct flow flow = {.column_count = spec->day_count};
    for (size_t i = 0; i < spec->series_count; i++)
        for (int column = 0; column < flow.column_count; column++)
            if (spec->series[i].observed[column])
                flow.place_count = MAX(flow.place_count, (int)fmin(spec->series[i].values[column], 100));
    flow.place_count = MAX(flow.place_count, 1);
    double head = layout_heading(layout) + 6;
    if (layout->scene->height_pt == 0)
        layout->scene->height_pt = ceil(head + 22 * flow.place_count + 12 + 4 * line_pitch + LAYOUT_MARGIN);
    double foot = layout_foot(layout);
    double room = 0.3 * (layout->right - layout->left), widest = 0;
    for (size_t i = 0; i < spec->series_count; i++) {
        char *name = layout_name(layout, &spec->series[i], room);
        widest = fmax(widest, layout_width(layout, name, LAYOUT_TEXT_SIZE, false));
        g_free(name);
    }
    double numbers = layout_width(layout, "100", LAYOUT_TEXT_SIZE, false);
    flow.left = layout->left + numbers + 18;
    flow.right = layout->right - widest - 8;
    flow.top = head;
    flow.bottom = foot - line_pitch - 6;
    flow.pitch = (flow.bottom - flow.top - 4) / flow.place_count;
    if (flow.pitch < 20 || flow.right - flow.left < 30 * flow.column_count)
        return layout_too_small(layout, err);
    add_axes(layout, &flow, layout->left + numbers);
    for (size_t i = spec->series_count; i-- > 0;)
        add_line(layout, &flow, i);
    for (size_t i = 0; i < spec->series_count; i++)
        add_name(layout, &flow, i, widest);
    return 0;
}
