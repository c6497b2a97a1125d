/* layout_dots.c - a dot a row, joined to where it stood before. Places are measured from zero, a line at the
 * left; the axis below spans the range of the data and is named at its ends. */
#include <math.h>

#include "chart/layout.h"
#include "chart/palette.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;

struct range {
    double lowest, highest;
};

static struct range range_of(const struct chart_spec *spec)
{
    struct range range = {INFINITY, 0};
    for (size_t i = 0; i < spec->series_count; i++) {
        const struct chart_series *series = &spec->series[i];
        if (series->observed[0]) {
            range.lowest = fmin(range.lowest, series->values[0]);
            range.highest = fmax(range.highest, series->values[0]);
        }
        if (series->previous != NULL && spec->previous_day_count > 0 && series->previous_observed[0]) {
            range.lowest = fmin(range.lowest, series->previous[0]);
            range.highest = fmax(range.highest, series->previous[0]);
        }
    }
    range.lowest = fmin(range.lowest, range.highest);
    return range;
}

static double place(const struct rows *rows, const struct range *range, double value)
{
    return rows->left + 4 +
           (rows->right - rows->left - 12) * (range->highest > 0 ? value / range->highest : 0);
}

static void add_row(struct layout *layout, const struct rows *rows, const struct range *range, size_t index)
{
    const struct chart_spec *spec = layout->spec;
    const struct chart_series *series = &spec->series[index];
    double y = layout_row_middle(rows, index), size = fmin(5, fmax(rows->pitch - 1, 0.8));
    bool before = series->previous != NULL && spec->previous_day_count > 0 && series->previous_observed[0];
    struct scene_stroke guide = {.colour = PALETTE_GRID, .width = 0.4};
    struct scene_stroke joint = {.colour = PALETTE_PREVIOUS, .width = 1.2};
    layout_begin_series(layout, index);
    scene_line(layout->scene, rows->left, y, rows->right, y, &guide);
    double now = place(rows, range, series->values[0]);
    double then = before ? place(rows, range, series->previous[0]) : now;
    if (before && series->observed[0])
        scene_line(layout->scene, then, y, now, y, &joint);
    if (before)
        layout_dot(layout, then, y, size, PALETTE_PREVIOUS, true);
    if (series->observed[0])
        layout_dot(layout, now, y, size, PALETTE_CURRENT, false);
    scene_end_group(layout->scene);
}

static void add_frame(struct layout *layout, const struct rows *rows, const struct range *range)
{
    struct scene_stroke stroke = {.colour = PALETTE_AXIS, .width = 0.8};
    struct scene_stroke zero = {.colour = PALETTE_AXIS, .width = 0.6};
    const double y = rows->bottom + 3;
    const double ends[] = {range->highest, 0,
                           range->lowest}; /* by importance: what has no room goes without */
    double lefts[G_N_ELEMENTS(ends)], rights[G_N_ELEMENTS(ends)];
    size_t named = 0;
    scene_line(layout->scene, place(rows, range, 0), rows->top, place(rows, range, 0), rows->bottom, &zero);
    scene_line(layout->scene, place(rows, range, range->lowest), y, place(rows, range, range->highest), y,
               &stroke);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        double x = place(rows, range, ends[i]);
        char *text = layout_number(layout, ends[i]);
        double width = layout_width(layout, text, LAYOUT_TEXT_SIZE, false);
        double left = CLAMP(x - width / 2, layout->left, layout->right - width);
        bool is_free = true;
        for (size_t j = 0; j < named; j++)
            is_free &= left > rights[j] + 4 || left + width + 4 < lefts[j];
        scene_line(layout->scene, x, y, x, y + 3, &stroke);
        if (is_free) {
            layout_add_text(layout, (struct scene_text){.role = "value",
                                                        .x = left,
                                                        .y = y + 4 + 0.88 * LAYOUT_TEXT_SIZE,
                                                        .size = LAYOUT_TEXT_SIZE,
                                                        .colour = PALETTE_TEXT_SECOND,
                                                        .text = text});
            lefts[named] = left;
            rights[named++] = left + width;
        }
        g_free(text);
    }
}

int layout_dots(struct layout *layout, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    bool before = false;
    for (size_t i = 0; i < spec->series_count; i++)
        before |= spec->series[i].previous != NULL;
    const struct legend_entry entries[] = {
        {.text = spec->current_label, .colour = PALETTE_CURRENT, .is_dot = true},
        {.text = before ? spec->previous_label : "",
         .colour = PALETTE_PREVIOUS,
         .is_dot = true,
         .is_hollow = true}};
    struct range range = range_of(spec);
    struct rows rows;
    double head = layout_heading(layout) + 5;
    double unit_height = *spec->unit != '\0' ? line_pitch : 0;
    double legend_height = layout_legend(layout, head + unit_height, entries, G_N_ELEMENTS(entries), false);
    if (layout_rows(layout, head + unit_height + legend_height + 3, line_pitch + 10, 15, &rows, err) != 0)
        return -1;
    layout_unit(layout, head + 0.88 * LAYOUT_TEXT_SIZE);
    layout_legend(layout, head + unit_height, entries, G_N_ELEMENTS(entries), true);
    for (size_t i = 0; i < spec->series_count; i++)
        add_row(layout, &rows, &range, i);
    add_frame(layout, &rows, &range);
    return 0;
}
