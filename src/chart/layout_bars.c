/* layout_bars.c - a panel a series, a pair of bars a column: as it was, and as it is. */
#include <math.h>

#include "chart/layout.h"
#include "chart/palette.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;
static const double panel_gap = 14;

static int value_scale(const struct chart_spec *spec, struct scale *scale, struct error *err)
{
    double largest = 0;
    for (size_t i = 0; i < spec->series_count; i++) {
        const struct chart_series *series = &spec->series[i];
        for (int c = 0; c < spec->day_count; c++)
            largest = series->observed[c] ? fmax(largest, series->values[c]) : largest;
        for (int c = 0; series->previous != NULL && c < spec->previous_day_count; c++)
            largest = series->previous_observed[c] ? fmax(largest, series->previous[c]) : largest;
    }
    return scale_choose(scale, largest * 1.06 <= 1e15 ? largest * 1.06 : largest, false, err);
}

static void add_bar(struct layout *layout, const struct plot *plot, double left, double width, double value,
                    bool observed, uint32_t colour)
{
    double y = observed ? plot_y(plot, value) : plot->top;
    if (observed)
        scene_rectangle(layout->scene, left, y, width, plot->bottom - y, colour);
    else
        scene_hatch(layout->scene, left, y, width, plot->bottom - y);
}

/* Numbers stand over all bars of a kind or over none: over some they would look like those that matter. Those
 * of the year before give way first. */
struct amounts {
    bool previous, current;
};

static double amount_width(const struct layout *layout, const double *values, const bool *observed,
                           int day_count, int column)
{
    if (values == NULL || column >= day_count || !observed[column])
        return 0;
    char *text = layout_number(layout, values[column]);
    double width = layout_width(layout, text, LAYOUT_TEXT_SIZE, false);
    g_free(text);
    return width;
}

/* slot: what a column takes, whose bars have their middles 0.4 of it apart, and 0.6 from the next column's.
 */
static struct amounts amounts_find(const struct layout *layout, double slot)
{
    const double between = 2;
    const struct chart_spec *spec = layout->spec;
    struct amounts amounts = {true, true};
    for (size_t i = 0; i < spec->series_count; i++) {
        const struct chart_series *series = &spec->series[i];
        for (int c = 0; c < spec->day_count; c++) {
            double current = amount_width(layout, series->values, series->observed, spec->day_count, c);
            double previous = amount_width(layout, series->previous, series->previous_observed,
                                           spec->previous_day_count, c);
            amounts.current =
                amounts.current && current + between < (series->previous != NULL ? 0.5 : 1) * slot;
            amounts.previous =
                amounts.previous && previous < 0.44 * slot && (current + previous) / 2 + between < 0.4 * slot;
        }
    }
    amounts.previous = amounts.previous && amounts.current;
    return amounts;
}

/* The number over a bar, where it has the room. */
static void add_amount(struct layout *layout, const struct plot *plot, double middle, double room,
                       double value, uint32_t colour, double *free_from)
{
    char *text = layout_number(layout, value);
    double width = layout_width(layout, text, LAYOUT_TEXT_SIZE, false);
    double x = fmin(middle, plot->right - width / 2);
    if (width < room && x - width / 2 > *free_from) {
        layout_add_text(layout, (struct scene_text){.role = "amount",
                                                    .x = x,
                                                    .y = plot_y(plot, value) - 3,
                                                    .anchor = SCENE_MIDDLE,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .colour = colour,
                                                    .text = text});
        *free_from = x + width / 2 + 2;
    }
    g_free(text);
}

static void add_column(struct layout *layout, const struct plot *plot, const struct chart_series *series,
                       const struct amounts *amounts, int column, double *free_from, double *amount_from)
{
    const struct chart_spec *spec = layout->spec;
    double left = plot_x(plot, column - 0.5), slot = plot_x(plot, column + 0.5) - left;
    bool before = series->previous != NULL && column < spec->previous_day_count;
    if (before)
        add_bar(layout, plot, left + 0.12 * slot, 0.36 * slot, series->previous[column],
                series->previous_observed[column], PALETTE_PREVIOUS);
    double x = left + (before ? 0.52 : 0.2) * slot, width = (before ? 0.36 : 0.6) * slot;
    add_bar(layout, plot, x, width, series->values[column], series->observed[column], PALETTE_CURRENT);
    if (before && series->previous_observed[column] && amounts->previous)
        add_amount(layout, plot, left + 0.30 * slot, slot, series->previous[column], PALETTE_TEXT_SECOND,
                   amount_from);
    if (series->observed[column] && amounts->current)
        add_amount(layout, plot, x + width / 2, slot, series->values[column], PALETTE_TEXT, amount_from);
    char *name = layout_cut(layout, spec->columns != NULL ? spec->columns[column] : "", LAYOUT_TEXT_SIZE,
                            false, plot->right - plot->left);
    double name_width = layout_width(layout, name, LAYOUT_TEXT_SIZE, false);
    double name_left = CLAMP(left + (slot - name_width) / 2, plot->left, plot->right - name_width + 1e-6);
    if (name_left >= *free_from) {
        layout_add_text(layout, (struct scene_text){.role = "column",
                                                    .x = name_left,
                                                    .y = plot->bottom + 4 + 0.88 * LAYOUT_TEXT_SIZE,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .colour = PALETTE_TEXT_SECOND,
                                                    .text = name});
        *free_from = name_left + name_width + 3;
    }
    g_free(name);
}

static void add_panel(struct layout *layout, const struct plot *plot, const struct amounts *amounts,
                      size_t index, double top, bool with_labels)
{
    const struct chart_series *series = &layout->spec->series[index];
    char *label = layout_name(layout, series, plot->right - plot->left);
    layout_begin_series(layout, index);
    layout_add_text(layout, (struct scene_text){.role = "label",
                                                .x = plot->left,
                                                .y = top + 0.88 * LAYOUT_TEXT_SIZE,
                                                .size = LAYOUT_TEXT_SIZE,
                                                .text = label});
    g_free(label);
    layout_grid(layout, plot, with_labels);
    double free_from = plot->left - 1, amount_from = plot->left - 1;
    for (int column = 0; column < plot->day_count; column++)
        add_column(layout, plot, series, amounts, column, &free_from, &amount_from);
    scene_end_group(layout->scene);
}

int layout_bars(struct layout *layout, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    struct plot plot = {.day_count = spec->day_count};
    if (value_scale(spec, &plot.scale, err) != 0)
        return -1;
    bool before = false, missing = false;
    for (size_t i = 0; i < spec->series_count; i++) {
        before |= spec->series[i].previous != NULL;
        for (int c = 0; c < spec->day_count; c++)
            missing |= !spec->series[i].observed[c];
        for (int c = 0; spec->series[i].previous != NULL && c < spec->previous_day_count; c++)
            missing |= !spec->series[i].previous_observed[c];
    }
    const struct legend_entry entries[] = {
        {.text = before ? spec->previous_label : "", .colour = PALETTE_PREVIOUS},
        {.text = spec->current_label, .colour = PALETTE_CURRENT},
        {.text = missing ? spec->missing_label : "", .hatched = true}};
    size_t columns = spec->series_count <= 4 ? spec->series_count : (spec->series_count + 1) / 2;
    size_t rows = (spec->series_count + columns - 1) / columns;
    double unit_height = *spec->unit != '\0' ? line_pitch + 3 : 0;
    double head = layout_heading(layout) + 5;
    double legend_height = layout_legend(layout, 0, entries, G_N_ELEMENTS(entries), false) + 4;
    if (layout->scene->height_pt == 0)
        layout->scene->height_pt = ceil(head + unit_height + 130 * (double)rows + legend_height +
                                        (*spec->source_note != '\0' ? 2 * line_pitch : 0) + LAYOUT_MARGIN);
    double foot = layout_foot(layout) - legend_height;
    double left = layout->left + layout_scale_width(layout, &plot.scale) + 4;
    double width = (layout->right - left - panel_gap * (double)(columns - 1)) / (double)columns;
    double height = (foot - head - unit_height) / (double)rows;
    if (width < 24 || height - 2 * line_pitch - 20 < 24)
        return layout_too_small(layout, err);
    layout_unit(layout, head + 0.88 * LAYOUT_TEXT_SIZE);
    struct amounts amounts = amounts_find(layout, width / spec->day_count);
    for (size_t i = 0; i < spec->series_count; i++) {
        double top = head + unit_height + height * (double)(i / columns);
        plot.left = left + (width + panel_gap) * (double)(i % columns);
        plot.right = plot.left + width;
        plot.top = top + line_pitch + 8;
        plot.bottom = top + height - line_pitch - 8;
        add_panel(layout, &plot, &amounts, i, top, i % columns == 0);
    }
    layout_legend(layout, foot, entries, G_N_ELEMENTS(entries), true);
    return 0;
}
