/* layout_ranks.c - ranks over the quarters. What comes in or falls out crosses the lower edge. Those that
 * share a rank stand below each other, as in a table, in the order of the series. */
#include <math.h>
#include <string.h>

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

/* Where a series stands in a column: behind those before it that have the same rank. */
static double place_of(const struct chart_spec *spec, size_t index, int column)
{
    double rank = spec->series[index].values[column];
    double place = rank;
    for (size_t i = 0; i < index; i++)
        place += spec->series[i].observed[column] && spec->series[i].values[column] == rank;
    return place;
}

/* The first eight lines of those that are ranked now have strokes of their own; what has gone is grey. */
static struct scene_stroke stroke_of(const struct chart_spec *spec, size_t index)
{
    struct scene_stroke grey = {.colour = PALETTE_PREVIOUS, .width = 1, .casing = 0.6};
    return index < PALETTE_SIZE && spec->series[index].observed[spec->day_count - 1] ? palette_stroke(index)
                                                                                     : grey;
}

/* A quarter that nobody counted: nothing entered or left there, the lines just break, and it is hatched. */
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
        double x = flow_x(flow, column), y = flow_y(flow, place_of(layout->spec, index, column));
        if (column > 0 && !series->observed[column - 1] && !column_is_missing(layout->spec, column - 1))
            scene_line(layout->scene, x - half, flow->bottom, x, y, &edge);
        if (column + 1 < flow->column_count && series->observed[column + 1])
            scene_line(layout->scene, x, y, flow_x(flow, column + 1),
                       flow_y(flow, place_of(layout->spec, index, column + 1)), &stroke);
        else if (column + 1 < flow->column_count && !column_is_missing(layout->spec, column + 1))
            scene_line(layout->scene, x, y, x + half, flow->bottom, &edge);
    }
    for (int column = 0; column < flow->column_count; column++)
        if (series->observed[column])
            scene_dot(layout->scene, flow_x(flow, column),
                      flow_y(flow, place_of(layout->spec, index, column)), 5, stroke.colour, 0.8);
    scene_end_group(layout->scene);
}

/* At the right where it stands now, else right above the last place that it had. */
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
    struct chart_series shown = *series;
    char *whole = layout_name(layout, series, INFINITY);
    /* Up to the next place, or to the hatch. */
    double gone_room = (!now && column_is_missing(layout->spec, last + 1) ? 0.7 * pitch : pitch - 4) - 8;
    if (!now && layout_width(layout, whole, LAYOUT_TEXT_SIZE, false) > gone_room) {
        /* Better a whole name than half of name and detail, and better the port (23/TCP) than half a name; a
         * region's code says less than that. */
        bool has_port = strchr(series->detail, '/') != NULL;
        if (has_port && layout_width(layout, series->label, LAYOUT_TEXT_SIZE, false) > gone_room)
            shown.label = series->detail;
        shown.detail = (char *)"";
    }
    g_free(whole);
    /* Half of a port is another one. */
    if (!now && strchr(shown.label, '/') != NULL &&
        layout_width(layout, shown.label, LAYOUT_TEXT_SIZE, false) > gone_room)
        return;
    char *name = layout_name(layout, &shown, now ? room : gone_room);
    layout_add_text(layout, (struct scene_text){.role = now ? "label" : "gone",
                                                .x = flow_x(flow, last) + (now ? 7 : 4),
                                                .y = flow_y(flow, place_of(layout->spec, index, last)) +
                                                     (now ? 0.36 * LAYOUT_TEXT_SIZE : -4),
                                                .size = LAYOUT_TEXT_SIZE,
                                                .halo = !now,
                                                .colour = now ? PALETTE_TEXT : PALETTE_TEXT_SECOND,
                                                .text = name});
    g_free(name);
}

/* Where a rank is not the number of its place, which stands at the axis: below its dot. */
static void add_shared(struct layout *layout, const struct flow *flow, size_t index)
{
    const struct chart_series *series = &layout->spec->series[index];
    for (int column = 0; column < flow->column_count; column++) {
        double place = series->observed[column] ? place_of(layout->spec, index, column) : 0;
        if (!series->observed[column] || !(place > series->values[column]))
            continue;
        char *text = g_strdup_printf("%.0f", series->values[column]);
        layout_add_text(layout, (struct scene_text){.role = "value",
                                                    .x = flow_x(flow, column) - 4,
                                                    .y = flow_y(flow, place) + 2 + LAYOUT_TEXT_SIZE,
                                                    .anchor = SCENE_END,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .halo = true,
                                                    .colour = PALETTE_TEXT_SECOND,
                                                    .text = text});
        g_free(text);
    }
}

/* Quarters without counts are hatched, neighbours together. */
static void add_missing(struct layout *layout, const struct flow *flow)
{
    const double half =
        flow->column_count > 1 ? (flow->right - flow->left) / (flow->column_count - 1) / 2 : 0;
    for (int column = 0, first = 0; column < flow->column_count; column++) {
        if (!column_is_missing(layout->spec, column)) {
            first = column + 1;
            continue;
        }
        if (column + 1 < flow->column_count && column_is_missing(layout->spec, column + 1))
            continue;
        double left = fmax(flow_x(flow, first) - 0.6 * half, flow->left);
        double right = fmin(flow_x(flow, column) + 0.6 * half, flow->right),
               middle = (flow->top + flow->bottom) / 2;
        char *label =
            layout_cut(layout, layout->spec->missing_label, LAYOUT_TEXT_SIZE, false, right - left - 8);
        double width = layout_width(layout, label, LAYOUT_TEXT_SIZE, false);
        scene_hatch(layout->scene, left, flow->top, right - left, flow->bottom - flow->top);
        if (*label != '\0')
            scene_rectangle(layout->scene, (left + right - width) / 2 - 3, middle - LAYOUT_TEXT_SIZE,
                            width + 6, 1.6 * LAYOUT_TEXT_SIZE, 0xFFFFFF);
        layout_add_text(layout, (struct scene_text){.role = "missing",
                                                    .x = (left + right) / 2,
                                                    .y = middle + 0.2 * LAYOUT_TEXT_SIZE,
                                                    .anchor = SCENE_MIDDLE,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .colour = PALETTE_TEXT_SECOND,
                                                    .text = label});
        g_free(label);
    }
}

static const char *column_name(const struct layout *layout, int column)
{
    return layout->spec->columns != NULL ? layout->spec->columns[column] : "";
}

/* Where the name of a column breaks: a period between year and months, behind 年 or at the last blank; NULL:
 * nowhere. */
static const char *column_break(const char *name)
{
    static const char year[] = "年";
    const char *second = strstr(name, year);
    if (second != NULL)
        second += strlen(year);
    else if (strrchr(name, ' ') != NULL)
        second = strrchr(name, ' ') + 1;
    return second == NULL || *second == '\0' ? NULL : second;
}

/* Whether names break, all of them: where one has no room. The first stands to the right of its line and has
 * to leave the second its place. */
static bool columns_break(const struct layout *layout, int column_count, double pitch)
{
    double room = fmin(fmax(pitch - 4, 24), (pitch + 3) / 1.5);
    for (int column = 0; column < column_count; column++)
        if (layout_width(layout, column_name(layout, column), LAYOUT_TEXT_SIZE, false) > room)
            return true;
    return false;
}

/* The lines of a column's name. */
static GPtrArray *column_lines(const struct layout *layout, int column, double pitch, bool breaks)
{
    const char *name = column_name(layout, column), *second = column_break(name);
    double room = fmax(pitch - 4, 24);
    if (!breaks || second == NULL)
        return layout_wrap(layout, name, LAYOUT_TEXT_SIZE, false, room, 2);
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    char *first = g_strndup(name, (gsize)(second - name));
    g_ptr_array_add(lines, layout_cut(layout, first, LAYOUT_TEXT_SIZE, false, room));
    g_ptr_array_add(lines, layout_cut(layout, second, LAYOUT_TEXT_SIZE, false, room));
    g_free(first);
    return lines;
}

static void add_axes(struct layout *layout, const struct flow *flow, double axis_x)
{
    struct scene_stroke grid = {.colour = PALETTE_GRID, .width = 0.4};
    struct scene_stroke axis = {.colour = PALETTE_AXIS, .width = 0.8};
    double pitch = flow->column_count > 1 ? (flow->right - flow->left) / (flow->column_count - 1)
                                          : layout->right - layout->left;
    double free_from = layout->left;
    bool breaks = columns_break(layout, flow->column_count, pitch);
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
        GPtrArray *lines = column_lines(layout, column, pitch, breaks);
        double width = 0;
        for (guint i = 0; i < lines->len; i++)
            width = fmax(width, layout_width(layout, lines->pdata[i], LAYOUT_TEXT_SIZE, false));
        double left = fmin(fmax(x - width / 2, flow->left - 6), layout->right - width);
        for (guint i = 0; i < lines->len && left >= free_from; i++)
            layout_add_text(
                layout, (struct scene_text){.role = "column",
                                            .x = left + width / 2,
                                            .y = flow->bottom + 4 + 0.88 * LAYOUT_TEXT_SIZE + line_pitch * i,
                                            .anchor = SCENE_MIDDLE,
                                            .size = LAYOUT_TEXT_SIZE,
                                            .colour = PALETTE_TEXT_SECOND,
                                            .text = lines->pdata[i]});
        if (left >= free_from)
            free_from = left + width + 3;
        g_ptr_array_unref(lines);
    }
}

int layout_ranks(struct layout *layout, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    struct flow flow = {.column_count = spec->day_count};
    for (size_t i = 0; i < spec->series_count; i++)
        for (int column = 0; column < flow.column_count; column++)
            if (spec->series[i].observed[column])
                flow.place_count = MAX(flow.place_count, (int)fmin(place_of(spec, i, column), 100));
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
    double pitch = flow.column_count > 1 ? (flow.right - flow.left) / (flow.column_count - 1)
                                         : layout->right - layout->left;
    guint name_lines = 1;
    bool breaks = columns_break(layout, flow.column_count, pitch);
    for (int column = 0; column < flow.column_count; column++) {
        GPtrArray *lines = column_lines(layout, column, pitch, breaks);
        name_lines = MAX(name_lines, lines->len);
        g_ptr_array_unref(lines);
    }
    flow.bottom = foot - line_pitch * name_lines - 6;
    flow.pitch = (flow.bottom - flow.top - 4) / flow.place_count;
    if (flow.pitch < 20 || flow.right - flow.left < 30 * flow.column_count)
        return layout_too_small(layout, err);
    add_axes(layout, &flow, layout->left + numbers);
    add_missing(layout, &flow);
    for (size_t i = spec->series_count; i-- > 0;)
        add_line(layout, &flow, i);
    for (size_t i = 0; i < spec->series_count; i++) {
        add_shared(layout, &flow, i);
        add_name(layout, &flow, i, widest);
    }
    return 0;
}
