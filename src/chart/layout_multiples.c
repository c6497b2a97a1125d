/* layout_multiples.c - one small plot a series, this quarter over the previous one, all on one scale. Days
 * are compared by their place in the quarter: the first with the first. */
#include <math.h>
#include <string.h>

#include "chart/layout.h"
#include "chart/palette.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;
static const double panel_gap = 9;
static const double natural_panel_height = 120; /* title, plot and months */

static const struct scene_stroke current_stroke = {.colour = PALETTE_CURRENT, .width = 1.3, .casing = 0.4};
static const struct scene_stroke previous_stroke = {.colour = PALETTE_PREVIOUS, .width = 0.9};

static void month_axis(struct layout *layout, const struct plot *plot)
{
    const struct chart_spec *spec = layout->spec;
    struct scene_stroke stroke = {.colour = PALETTE_AXIS, .width = 0.6};
    double free_from = -INFINITY;
    for (int day = 0; day < spec->day_count;) {
        struct civil_date date = civil_date_add_days(spec->first_day, day);
        int end = MIN(spec->day_count, day + civil_date_days_in_month(date.year, date.month) - date.day + 1);
        double from = plot_x(plot, day - 0.5), to = plot_x(plot, end - 0.5);
        scene_line(layout->scene, from, plot->bottom, from, plot->bottom + 3, &stroke);
        char *label = strcmp(spec->language, "ja") == 0 ? g_strdup_printf("%d月", date.month)
                                                        : g_strdup(civil_date_month_short(date.month));
        double width = layout_width(layout, label, LAYOUT_TEXT_SIZE, false);
        double left = fmax((from + to - width) / 2, plot->left);
        /* A part of a month at the edge may be too short for its name. */
        if (left >= free_from && left + width <= plot->right + 1) {
            layout_add_text(layout, (struct scene_text){.role = "month",
                                                        .x = left + width / 2,
                                                        .y = plot->bottom + 4 + 0.88 * LAYOUT_TEXT_SIZE,
                                                        .anchor = SCENE_MIDDLE,
                                                        .size = LAYOUT_TEXT_SIZE,
                                                        .colour = PALETTE_TEXT_SECOND,
                                                        .text = label});
            free_from = left + width + 3;
        }
        g_free(label);
        day = end;
    }
}

static void add_panel(struct layout *layout, const struct plot *plot, size_t index, bool with_labels,
                      double top, const GArray *missing)
{
    const struct chart_spec *spec = layout->spec;
    const struct chart_series *series = &spec->series[index];
    char *name = g_strdup_printf("series-%zu", index + 1);
    char *title =
        g_strdup_printf("%s%s%s", series->label, *series->detail != '\0' ? " " : "", series->detail);
    scene_begin_group(layout->scene, name, title);
    g_free(name);
    g_free(title);
    double room = plot->right - plot->left;
    char *label = layout_cut(layout, series->label, LAYOUT_TEXT_SIZE, true, room);
    char *detail = layout_cut(layout, series->detail, LAYOUT_TEXT_SIZE, false, room);
    struct scene_text text = {.role = "label",
                              .x = plot->left,
                              .y = top + 0.88 * LAYOUT_TEXT_SIZE,
                              .size = LAYOUT_TEXT_SIZE,
                              .bold = true,
                              .text = label};
    layout_add_text(layout, text);
    layout_add_text(layout, (struct scene_text){.role = "detail",
                                                .x = plot->left,
                                                .y = text.y + line_pitch,
                                                .size = LAYOUT_TEXT_SIZE,
                                                .colour = PALETTE_TEXT_SECOND,
                                                .text = detail});
    g_free(label);
    g_free(detail);
    layout_missing(layout, plot, missing);
    layout_grid(layout, plot, with_labels);
    month_axis(layout, plot);
    if (series->previous != NULL)
        layout_series_line(layout, plot, series->previous, series->previous_observed,
                           spec->previous_day_count, &previous_stroke);
    layout_series_line(layout, plot, series->values, series->observed, spec->day_count, &current_stroke);
    scene_end_group(layout->scene);
}

/* Takes the array over and leaves out what is too short for a hatch to be seen here: the line's break must
 * do. */
static GArray *wide_ranges(GArray *ranges)
{
    enum { SHORTEST_DAYS = 2 };
    for (guint i = ranges->len; i-- > 0;) {
        const struct day_range *range = &g_array_index(ranges, struct day_range, i);
        if (range->last - range->first + 1 < SHORTEST_DAYS)
            g_array_remove_index(ranges, i);
    }
    return ranges;
}

/* Up to five panels in a row; six to eight in two rows. */
static size_t columns_of(size_t count)
{
    return count <= 5 ? count : (count + 1) / 2;
}

int layout_multiples(struct layout *layout, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    struct plot plot = {.day_count = MAX(spec->day_count, spec->previous_day_count)};
    if (layout_value_scale(layout, 0, &plot.scale, err) != 0)
        return -1;
    GArray *missing = wide_ranges(layout_missing_ranges(spec));
    size_t columns = columns_of(spec->series_count);
    size_t rows = (spec->series_count + columns - 1) / columns;
    double unit_height = *spec->unit != '\0' ? line_pitch + 3 : 0;
    double head = layout_heading(layout) + 5;
    bool before = false;
    for (size_t i = 0; i < spec->series_count; i++)
        before |= spec->series[i].previous != NULL;
    const struct legend_entry entries[] = {
        {.text = spec->current_label, .stroke = &current_stroke},
        {.text = before ? spec->previous_label : NULL, .stroke = &previous_stroke},
        {.text = missing->len > 0 ? spec->missing_label : NULL, .hatched = true},
    };
    double legend_height = layout_legend(layout, 0, entries, G_N_ELEMENTS(entries), false) + 4;
    if (layout->scene->height_pt == 0) {
        GPtrArray *note =
            layout_wrap(layout, spec->source_note, LAYOUT_TEXT_SIZE, false, layout->right - layout->left, 2);
        layout->scene->height_pt = ceil(head + unit_height + natural_panel_height * (double)rows +
                                        legend_height + line_pitch * note->len + 2 + LAYOUT_MARGIN);
        g_ptr_array_unref(note);
    }
    double foot = layout_foot(layout) - legend_height;
    bool with_detail = false;
    for (size_t i = 0; i < spec->series_count; i++)
        with_detail |= *spec->series[i].detail != '\0';
    double title_height = (with_detail ? 2 : 1) * line_pitch + 5;

    double left = layout->left + layout_scale_width(layout, &plot.scale) + 4;
    double panel_width = (layout->right - left - panel_gap * (double)(columns - 1)) / (double)columns;
    double row_height = (foot - head - unit_height) / (double)rows;
    int status = 0;
    if (panel_width < 24 || row_height - title_height - line_pitch - 14 < 24) {
        status = layout_too_small(layout, err);
        goto done;
    }
    layout_unit(layout, head + 0.88 * LAYOUT_TEXT_SIZE);
    for (size_t i = 0; i < spec->series_count; i++) {
        size_t row = i / columns, column = i % columns;
        double top = head + unit_height + row_height * (double)row;
        plot.left = left + (panel_width + panel_gap) * (double)column;
        plot.right = plot.left + panel_width;
        plot.top = top + title_height;
        plot.bottom = top + row_height - line_pitch - (row + 1 < rows ? 14 : 6);
        add_panel(layout, &plot, i, column == 0, top, missing);
    }
    layout_legend(layout, foot, entries, G_N_ELEMENTS(entries), true);

done:
    g_array_unref(missing);
    return status;
}
