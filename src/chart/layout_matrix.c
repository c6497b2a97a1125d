/* layout_matrix.c - a row a series, a cell a day: heat maps, and which sensor delivered when. */
#include <math.h>

#include "chart/layout.h"
#include "chart/palette.h"
#include "chart/theme.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;

enum { CELL_MISSING = -1, CELL_EMPTY = -2 };

static int heat_scale(const struct chart_spec *spec, struct scale *scale, struct error *err)
{
    double largest = 0;
    for (size_t i = 0; i < spec->series_count; i++)
        for (int day = 0; day < spec->day_count; day++)
            if (spec->series[i].observed[day])
                largest = fmax(largest, spec->series[i].values[day]);
    return scale_choose(scale, largest, true, err);
}

/* The step of the ramp, or what else the cell is. */
static int cell(const struct chart_spec *spec, size_t series, int day, double maximum)
{
    if (!spec->series[series].observed[day])
        return CELL_MISSING;
    double value = spec->series[series].values[day];
    if (spec->kind == CHART_AVAILABILITY)
        return value > 0 ? THEME_RAMP_SIZE - 4 : CELL_EMPTY;
    return (int)fmin(THEME_RAMP_SIZE - 1, floor(value / maximum * THEME_RAMP_SIZE));
}

static void add_row(struct layout *layout, const struct plot *plot, const struct rows *rows, size_t index)
{
    const struct chart_spec *spec = layout->spec;
    double gap = rows->pitch > 5 ? 1 : 0;
    double y = rows->top + rows->pitch * (double)index;
    layout_begin_series(layout, index);
    for (int day = 0, first = 0; day < spec->day_count; day++) {
        int now = cell(spec, index, day, plot->scale.maximum);
        if (day + 1 < spec->day_count && cell(spec, index, day + 1, plot->scale.maximum) == now)
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

/* 0 [ramp] 2,500, and the hatch for missing cells. Returns its height. */
static double ramp_legend(struct layout *layout, double top, const struct scale *scale, bool add)
{
    const struct chart_spec *spec = layout->spec;
    const double swatch = 11, gap = 4;
    char *end = scale_label(scale, scale->tick_count - 1, layout_number_language(layout));
    double zero = layout_width(layout, "0", LAYOUT_TEXT_SIZE, false);
    double end_width = layout_width(layout, end, LAYOUT_TEXT_SIZE, false);
    double ramp = zero + gap + THEME_RAMP_SIZE * swatch + gap + end_width;
    double missing = layout_width(layout, spec->missing_label, LAYOUT_TEXT_SIZE, false) + swatch + gap;
    double room = layout->right - layout->left - ramp - missing - 24;
    char *unit = layout_cut(layout, spec->unit, LAYOUT_TEXT_SIZE, false, fmax(room, 0));
    double y = top + line_pitch / 2, text_y = y + 0.36 * LAYOUT_TEXT_SIZE, x = layout->left;
    struct scene_text text = {.y = text_y, .size = LAYOUT_TEXT_SIZE, .colour = PALETTE_TEXT_SECOND};
    if (add && room > 3 * LAYOUT_TEXT_SIZE) {
        text.role = "unit", text.x = x, text.text = unit;
        layout_add_text(layout, text);
        x += layout_width(layout, unit, LAYOUT_TEXT_SIZE, false) + (*unit != '\0' ? 12 : 0);
    }
    if (add) {
        text.role = "legend", text.x = x, text.text = "0";
        layout_add_text(layout, text);
        x += zero + gap;
        for (size_t i = 0; i < THEME_RAMP_SIZE; i++, x += swatch)
            scene_rectangle(layout->scene, x, y - 3.5, swatch, 7, theme_ramp(i));
        text.x = x + gap, text.text = end;
        layout_add_text(layout, text);
        x += gap + end_width + 12;
        if (*spec->missing_label != '\0') {
            scene_hatch(layout->scene, x, y - 3.5, swatch, 7);
            text.x = x + swatch + gap, text.text = spec->missing_label;
            layout_add_text(layout, text);
        }
    }
    g_free(unit);
    g_free(end);
    return line_pitch;
}

int layout_matrix(struct layout *layout, struct error *err)
{
    /* No shade stands behind cells. */
    const struct chart_spec *whole = layout->spec;
    struct chart_spec spec = *whole;
    spec.day_off = NULL;
    layout->spec = &spec;
    struct plot plot = {.day_count = spec.day_count};
    struct rows rows;
    const struct legend_entry entries[] = {{spec.current_label, theme_ramp(THEME_RAMP_SIZE - 4), false},
                                           {spec.missing_label, 0, true}};
    int status = heat_scale(&spec, &plot.scale, err);
    double head = layout_heading(layout) + 5;
    bool heat = spec.kind == CHART_HEAT_MAP;
    double legend_height = heat ? ramp_legend(layout, head, &plot.scale, false)
                                : layout_legend(layout, head, entries, G_N_ELEMENTS(entries), false);
    if (status == 0)
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
