/* layout_matrix.c - a row a series, a cell a day: heat maps, and which sensor delivered when. */
#include <math.h>

#include "chart/layout.h"
#include "chart/palette.h"
#include "chart/theme.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;

enum { CELL_MISSING = -1, CELL_EMPTY = -2 };

/* The step of the ramp, or what else the cell is. On a logarithmic ramp the lightest step is for 0 alone. */
static int cell(const struct chart_spec *spec, size_t series, int day, const struct scale *scale)
{
    if (!spec->series[series].observed[day])
        return CELL_MISSING;
    double value = spec->series[series].values[day];
    if (spec->kind == CHART_AVAILABILITY)
        return value > 0 ? THEME_RAMP_SIZE - 4 : CELL_EMPTY;
    if (!scale->is_log)
        return (int)fmin(THEME_RAMP_SIZE - 1, floor(value / scale->maximum * THEME_RAMP_SIZE));
    if (value == 0)
        return 0;
    double place = log10(value / scale->minimum) / log10(scale->maximum / scale->minimum);
    return 1 + (int)fmin(THEME_RAMP_SIZE - 2, floor(place * (THEME_RAMP_SIZE - 1)));
}

static void add_row(struct layout *layout, const struct plot *plot, const struct rows *rows, size_t index)
{
    const struct chart_spec *spec = layout->spec;
    double gap = rows->pitch > 5 ? 1 : 0;
    double y = rows->top + rows->pitch * (double)index;
    layout_begin_series(layout, index);
    for (int day = 0, first = 0; day < spec->day_count; day++) {
        int now = cell(spec, index, day, &plot->scale);
        if (day + 1 < spec->day_count && cell(spec, index, day + 1, &plot->scale) == now)
            continue; /* equal neighbours are one mark */
        double x = plot_x(plot, first - 0.5), width = plot_x(plot, day + 0.5) - x;
        if (now == CELL_MISSING)
            scene_hatch(layout->scene, x, y, width, rows->pitch - gap);
        else if (now >= 0)
            scene_rectangle(layout->scene, x, y, width, rows->pitch - gap, theme_ramp((size_t)now));
        first = day + 1;
    }
    scene_end_group(layout->scene);
}

/* The ramp's swatches after the number that it starts from, before that which it reaches. Returns the x
 * behind it. */
static double add_ramp(struct layout *layout, double x, double y, const char *from, const char *to,
                       size_t first, bool add)
{
    const double swatch = 11, gap = 4;
    struct scene_text text = {.role = "legend",
                              .y = y + 0.36 * LAYOUT_TEXT_SIZE,
                              .size = LAYOUT_TEXT_SIZE,
                              .colour = PALETTE_TEXT_SECOND};
    size_t last = to == NULL ? first : THEME_RAMP_SIZE - 1;
    text.x = x, text.text = from;
    if (add)
        layout_add_text(layout, text);
    x += layout_width(layout, from, LAYOUT_TEXT_SIZE, false) + gap;
    for (size_t i = first; i <= last; i++, x += swatch)
        if (add)
            scene_rectangle(layout->scene, x, y - 3.5, swatch, 7, theme_ramp(i));
    if (to == NULL)
        return x;
    text.x = x + gap, text.text = to;
    if (add)
        layout_add_text(layout, text);
    return x + gap + layout_width(layout, to, LAYOUT_TEXT_SIZE, false);
}

/* A ramp does not need whole decades: from 1, 2 or 5 times a power of ten to another. */
static void tighten(const struct chart_spec *spec, struct scale *scale)
{
    static const double mantissas[] = {1, 2, 5};
    double lowest = INFINITY, largest = 0;
    for (size_t i = 0; i < spec->series_count; i++)
        for (int day = 0; day < spec->day_count; day++) {
            double value = spec->series[i].values[day];
            if (!spec->series[i].observed[day] || value == 0)
                continue;
            lowest = fmin(lowest, value);
            largest = fmax(largest, value);
        }
    double decade = scale->minimum, begin = decade, end = scale->maximum;
    for (; decade <= largest; decade *= 10)
        for (size_t i = 0; i < G_N_ELEMENTS(mantissas); i++) {
            double value = decade * mantissas[i];
            begin = value <= lowest ? value : begin;
            end = value > largest ? fmin(end, value) : end;
        }
    scale->minimum = begin;
    scale->maximum = end;
}

/* 0 [ramp] 2,500; of a logarithmic one 0 [swatch] 1 [ramp] 5,000; and the hatch for missing cells. In one
 * line, or with the unit above. Returns its height. */
static double ramp_legend(struct layout *layout, double top, const struct scale *scale, bool add)
{
    const struct chart_spec *spec = layout->spec;
    const double swatch = 11, gap = 4, between = 12;
    char *end = layout_number(layout, scale->maximum);
    char *begin = layout_number(layout, scale->is_log ? scale->minimum : 0);
    double ramp = add_ramp(layout, 0, 0, begin, end, scale->is_log ? 1 : 0, false);
    if (scale->is_log && scale->has_zero)
        ramp += add_ramp(layout, 0, 0, "0", NULL, 0, false) + between;
    double missing =
        layout_width(layout, spec->missing_label, LAYOUT_TEXT_SIZE, false) + swatch + gap + between;
    double room = layout->right - layout->left;
    char *unit = layout_cut(layout, spec->unit, LAYOUT_TEXT_SIZE, false, room);
    double unit_width = layout_width(layout, unit, LAYOUT_TEXT_SIZE, false);
    bool above = *unit != '\0' && unit_width + between + ramp + missing > room;
    double x = layout->left + (above || *unit == '\0' ? 0 : unit_width + between);
    double y = top + line_pitch / 2 + (above ? line_pitch : 0);
    struct scene_text text = {.y = top + line_pitch / 2 + 0.36 * LAYOUT_TEXT_SIZE,
                              .size = LAYOUT_TEXT_SIZE,
                              .colour = PALETTE_TEXT_SECOND};
    if (add) {
        text.role = "unit", text.x = layout->left, text.text = unit;
        layout_add_text(layout, text);
        if (scale->is_log && scale->has_zero)
            x = add_ramp(layout, x, y, "0", NULL, 0, true) + between;
        x = add_ramp(layout, x, y, begin, end, scale->is_log ? 1 : 0, true) + between;
        if (*spec->missing_label != '\0' && x + missing - between <= layout->right) {
            scene_hatch(layout->scene, x, y - 3.5, swatch, 7);
            text.role = "legend", text.x = x + swatch + gap, text.y = y + 0.36 * LAYOUT_TEXT_SIZE;
            text.text = spec->missing_label;
            layout_add_text(layout, text);
        }
    }
    g_free(unit);
    g_free(begin);
    g_free(end);
    return above ? 2 * line_pitch : line_pitch;
}

int layout_matrix(struct layout *layout, struct error *err)
{
    /* No shade stands behind cells. */
    const struct chart_spec *whole = layout->spec;
    struct chart_spec spec = *whole;
    spec.day_off = NULL;
    if (spec.axis == CHART_AXIS_RANGE) /* a ramp starts from zero */
        spec.axis = CHART_AXIS_ZERO;
    layout->spec = &spec;
    struct plot plot = {.day_count = spec.day_count};
    struct rows rows;
    const struct legend_entry entries[] = {
        {.text = spec.current_label, .colour = theme_ramp(THEME_RAMP_SIZE - 4)},
        {.text = spec.missing_label, .hatched = true}};
    int status = layout_value_scale(layout, 0, &plot.scale, err);
    if (status != 0) {
        layout->spec = whole;
        return status;
    }
    if (plot.scale.is_log)
        tighten(&spec, &plot.scale);
    double head = layout_heading(layout) + 5;
    bool heat = spec.kind == CHART_HEAT_MAP;
    double legend_height = heat ? ramp_legend(layout, head, &plot.scale, false)
                                : layout_legend(layout, head, entries, G_N_ELEMENTS(entries), false);
    status = layout_rows(layout, head + legend_height + 4, 8 + 2 * line_pitch, 11, &rows, err);
    if (status == 0) {
        if (heat)
            ramp_legend(layout, head, &plot.scale, true);
        else
            layout_legend(layout, head, entries, G_N_ELEMENTS(entries), true);
        plot.left = rows.left;
        plot.right = rows.right;
        plot.top = rows.top;
        plot.bottom = rows.bottom;
        for (size_t i = 0; i < spec.series_count; i++)
            add_row(layout, &plot, &rows, i);
        layout_day_axis(layout, &plot);
    }
    layout->spec = whole;
    return status;
}
