/* layout_shares.c - daily areas one on top of the other, each named at its end: the top is the whole. */
#include <math.h>

#include "chart/label_placement.h"
#include "chart/layout.h"
#include "chart/palette.h"
#include "chart/theme.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;

static bool is_observed(const struct chart_spec *spec, int day)
{
    bool observed = spec->series_count > 0;
    for (size_t i = 0; i < spec->series_count; i++)
        observed &= spec->series[i].observed[day];
    return observed;
}

/* Of the first `count` series together. */
static double stacked(const struct chart_spec *spec, size_t count, int day)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += spec->series[i].values[day];
    return sum;
}

static uint32_t colour_of(const struct chart_spec *spec, size_t index)
{
    if (spec->series[index].is_rest)
        return PALETTE_GRID;
    size_t steps = MAX(spec->series_count - 1, 1);
    return theme_ramp(THEME_RAMP_SIZE - 1 - index * (THEME_RAMP_SIZE - 3) / steps);
}

/* The days of one run without a gap; half a day at either end, so that a day alone has an area. */
static void add_run(struct layout *layout, const struct plot *plot, size_t index, int first, int last)
{
    const struct chart_spec *spec = layout->spec;
    size_t side = (size_t)(last - first) + 3;
    struct scene_point *points = g_new(struct scene_point, 2 * side);
    for (size_t i = 0; i < side; i++) {
        int day = CLAMP(first + (int)i - 1, first, last);
        double x = plot_x(plot, i == 0 ? first - 0.5 : i + 1 == side ? last + 0.5 : day);
        points[i] = (struct scene_point){x, plot_y(plot, stacked(spec, index + 1, day))};
        points[2 * side - 1 - i] = (struct scene_point){x, plot_y(plot, stacked(spec, index, day))};
    }
    scene_area(layout->scene, points, 2 * side, colour_of(spec, index));
    if (index > 0) {
        struct scene_stroke edge = {.colour = 0xFFFFFF, .width = 0.6};
        scene_polyline(layout->scene, points + side, side, &edge);
    }
    g_free(points);
}

static void add_area(struct layout *layout, const struct plot *plot, size_t index)
{
    const struct chart_spec *spec = layout->spec;
    layout_begin_series(layout, index);
    for (int day = 0; day < spec->day_count; day++) {
        if (!is_observed(spec, day))
            continue;
        int first = day;
        while (day + 1 < spec->day_count && is_observed(spec, day + 1))
            day++;
        add_run(layout, plot, index, first, day);
    }
    scene_end_group(layout->scene);
}

static char *end_name(const struct layout *layout, const struct chart_series *series, double width)
{
    struct chart_series copy = *series;
    char *detail = g_strdup_printf("%s%s%s", series->detail, *series->detail != '\0' ? " " : "",
                                   series->remark != NULL ? series->remark : "");
    copy.detail = detail;
    char *name = layout_name(layout, &copy, width);
    g_free(detail);
    return name;
}

static int add_names(struct layout *layout, const struct plot *plot, double room, double top, double bottom,
                     struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    struct label_place places[LAYOUT_SERIES_LIMIT] = {0};
    int last = spec->day_count - 1;
    while (last >= 0 && !is_observed(spec, last))
        last--;
    for (size_t i = 0; i < spec->series_count; i++) {
        /* The first one lies lowest. */
        places[i].wanted =
            last < 0 ? plot->bottom - (double)i
                     : (plot_y(plot, stacked(spec, i, last)) + plot_y(plot, stacked(spec, i + 1, last))) / 2 -
                           1e-3 * (double)i;
        places[i].height = line_pitch + 0.6;
    }
    bottom = label_bottom(places, spec->series_count, top, plot->bottom + line_pitch / 2, bottom);
    if (label_placement(places, spec->series_count, top, bottom, err) != 0)
        return -1;
    for (size_t i = 0; i < spec->series_count; i++) {
        double y = places[i].top + places[i].height / 2;
        double x = plot->right + 12;
        char *name = end_name(layout, &spec->series[i], room);
        if (last >= 0) {
            struct scene_stroke leader = layout_leader(spec, last, PALETTE_PREVIOUS);
            struct scene_point points[] = {{plot_x(plot, last + 0.5), places[i].wanted},
                                           {plot->right + 1, places[i].wanted},
                                           {x - 1, y}};
            scene_polyline(layout->scene, points, G_N_ELEMENTS(points), &leader);
        }
        scene_rectangle(layout->scene, x, y - 3.5, 8, 7, colour_of(spec, i));
        layout_add_text(layout, (struct scene_text){.role = "label",
                                                    .x = x + 12,
                                                    .y = y + 0.36 * LAYOUT_TEXT_SIZE,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .text = name});
        g_free(name);
    }
    return 0;
}

static int lay_out(struct layout *layout, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    struct plot plot = {.day_count = spec->day_count};
    double largest = 0, room = 0.36 * (layout->right - layout->left), widest = 0;
    for (int day = 0; day < spec->day_count; day++)
        if (is_observed(spec, day))
            largest = fmax(largest, stacked(spec, spec->series_count, day));
    if (scale_choose(&plot.scale, fmin(largest, 1e15), true, err) != 0)
        return -1;
    if (layout->scene->height_pt == 0)
        layout->scene->height_pt = 240;
    double head = layout_heading(layout), foot = layout_foot(layout);
    for (size_t i = 0; i < spec->series_count; i++) {
        char *name = end_name(layout, &spec->series[i], room);
        widest = fmax(widest, layout_width(layout, name, LAYOUT_TEXT_SIZE, false));
        g_free(name);
    }
    plot.left = layout->left + layout_scale_width(layout, &plot.scale) + 4;
    plot.right = layout->right - widest - 24;
    plot.top = head + 4 + (*spec->unit != '\0' ? line_pitch + 5 : 5);
    plot.bottom = foot - 6 - 2 * line_pitch;
    if (plot.right - plot.left < 40 || plot.bottom - plot.top < 30)
        return layout_too_small(layout, err);
    layout_unit(layout, plot.top - 8);
    for (int day = 0; day < spec->day_count; day++) /* a part that is missing makes the whole so */
        if (!is_observed(spec, day)) {
            double x = plot_x(&plot, day - 0.5);
            scene_hatch(layout->scene, x, plot.top, plot_x(&plot, day + 0.5) - x, plot.bottom - plot.top);
        }
    layout_grid(layout, &plot, true);
    for (size_t i = 0; i < spec->series_count; i++)
        add_area(layout, &plot, i);
    layout_day_axis(layout, &plot);
    return add_names(layout, &plot, room, head + 2, foot, err);
}

int layout_shares(struct layout *layout, struct error *err)
{
    /* No shade shows behind areas. */
    const struct chart_spec *whole = layout->spec;
    struct chart_spec spec = *whole;
    spec.day_off = NULL;
    layout->spec = &spec;
    int status = lay_out(layout, err);
    layout->spec = whole;
    return status;
}
