/* layout_lines.c - one line a series over the days, each named at its end. */
#include <math.h>
#include <string.h>

#include "chart/label_placement.h"
#include "chart/layout.h"
#include "chart/layout_notes.h"
#include "chart/palette.h"

static const double line_pitch = 1.3 * LAYOUT_TEXT_SIZE;
static const double key_width = 17;    /* the sample of a line before its name: one period of every dash */
static const double key_gap = 4;       /* between sample and name, name and detail */
static const double leader_width = 12; /* between plot and samples */

struct end_label {
    char *label;
    char *detail; /* "" for none */
    bool stacked; /* the detail stands below the label */
    double width; /* of the text */
    int last_day; /* the last observed one, -1: none */
};

static int value_scale(const struct layout *layout, struct scale *scale, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    /* Room above for the words about a peak. */
    double with_notes = 0;
    for (size_t i = 0; i < spec->note_count; i++) {
        const struct chart_note *note = &spec->notes[i];
        double width = layout_width(layout, note->text, LAYOUT_TEXT_SIZE, false);
        double lines = CLAMP(ceil(width / (0.38 * (layout->right - layout->left))), 1, 3);
        for (int day = note->first_day; day <= note->last_day; day++)
            if (spec->series[note->series].observed[day])
                with_notes = fmax(with_notes,
                                  fmin((1.06 + 0.08 * lines) * spec->series[note->series].values[day], 1e15));
    }
    return layout_value_scale(layout, with_notes, scale, err);
}

static double make_labels(const struct layout *layout, struct end_label *labels)
{
    const struct chart_spec *spec = layout->spec;
    double room = 0.4 * (layout->right - layout->left) - key_width - key_gap - leader_width;
    double widest = 0;
    for (size_t i = 0; i < spec->series_count; i++) {
        const struct chart_series *series = &spec->series[i];
        struct end_label *label = &labels[i];
        label->last_day = spec->day_count - 1;
        while (label->last_day >= 0 && !series->observed[label->last_day])
            label->last_day--;
        char *detail = label->last_day >= 0
                           ? g_strdup(series->detail)
                           : g_strdup_printf("%s%s%s", series->detail, *series->detail != '\0' ? " " : "",
                                             spec->missing_label);
        label->label = layout_cut(layout, series->label, LAYOUT_TEXT_SIZE, true, room);
        label->detail = layout_cut(layout, detail, LAYOUT_TEXT_SIZE, false, room);
        g_free(detail);
        double first = layout_width(layout, label->label, LAYOUT_TEXT_SIZE, true);
        double second = layout_width(layout, label->detail, LAYOUT_TEXT_SIZE, false);
        label->width = *label->detail == '\0' ? first : first + key_gap + second;
        if (label->width > room) {
            label->stacked = true;
            label->width = fmax(first, second);
        }
        widest = fmax(widest, label->width);
    }
    return widest;
}

static void add_end_label(struct layout *layout, const struct plot *plot, const struct end_label *label,
                          size_t index, const struct label_place *place)
{
    const struct chart_series *series = &layout->spec->series[index];
    struct scene_stroke stroke = palette_stroke(index);
    double y = place->top + (place->height - (label->stacked ? line_pitch : 0)) / 2;
    double x = plot->right + leader_width;
    if (label->last_day >= 0) {
        double end_y = plot_y(plot, series->values[label->last_day]);
        double end_x = plot_x(plot, label->last_day) + 1.5;
        struct scene_point points[] = {
            {end_x, end_y}, {fmax(end_x, plot->right + 1), end_y}, {x - 2.5, y}, {x - 1, y}};
        struct scene_stroke leader = layout_leader(layout->spec, label->last_day, stroke.colour);
        scene_polyline(layout->scene, points, G_N_ELEMENTS(points), &leader);
    }
    struct scene_stroke key = stroke;
    key.casing = 0;
    scene_line(layout->scene, x, y, x + key_width, y, &key);
    struct scene_text text = {.role = "label",
                              .x = x + key_width + key_gap,
                              .y = y + 0.36 * LAYOUT_TEXT_SIZE,
                              .size = LAYOUT_TEXT_SIZE,
                              .bold = true,
                              .text = label->label};
    if (!label->stacked) {
        text.detail = label->detail;
        text.detail_gap = key_gap;
        text.detail_colour = PALETTE_TEXT_SECOND;
    }
    layout_add_text(layout, text);
    if (label->stacked)
        layout_add_text(layout, (struct scene_text){.role = "detail",
                                                    .x = text.x,
                                                    .y = text.y + line_pitch,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .colour = PALETTE_TEXT_SECOND,
                                                    .text = label->detail});
}

static int add_labels(struct layout *layout, const struct plot *plot, const struct end_label *labels,
                      double top, double bottom, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    struct label_place places[LAYOUT_SERIES_LIMIT] = {0};
    for (size_t i = 0; i < spec->series_count; i++) {
        places[i].wanted =
            labels[i].last_day >= 0 ? plot_y(plot, spec->series[i].values[labels[i].last_day]) : plot->bottom;
        places[i].height = line_pitch * (labels[i].stacked ? 2 : 1) + 0.6;
    }
    bottom = label_bottom(places, spec->series_count, top, plot->bottom + line_pitch / 2, bottom);
    if (label_placement(places, spec->series_count, top, bottom, err) != 0)
        return -1;
    for (size_t i = 0; i < spec->series_count; i++)
        add_end_label(layout, plot, &labels[i], i, &places[i]);
    return 0;
}

/* The middle of a hatch's name: over the hatch, and within the plot. */
static double missing_centre(const struct plot *plot, int first, int last, double width)
{
    double x = (plot_x(plot, first - 0.5) + plot_x(plot, last + 0.5)) / 2;
    return CLAMP(x, plot->left + width / 2, fmax(plot->left, plot->right - width) + width / 2);
}

/* One name for hatches that stand too near to each other for two. Returns the leftmost edge used. */
static double missing_labels(struct layout *layout, const struct plot *plot, const GArray *ranges, bool add)
{
    char *label =
        layout_cut(layout, layout->spec->missing_label, LAYOUT_TEXT_SIZE, false, plot->right - plot->left);
    double width = layout_width(layout, label, LAYOUT_TEXT_SIZE, false);
    double leftmost = INFINITY;
    for (guint i = ranges->len;
         i > 0;) { /* from the right, where the edge of the plot pushes names to the left */
        struct day_range range = g_array_index(ranges, struct day_range, --i);
        while (i > 0) {
            const struct day_range *before = &g_array_index(ranges, struct day_range, i - 1);
            if (missing_centre(plot, range.first, range.last, width) -
                    missing_centre(plot, before->first, before->last, width) >
                width + 4)
                break;
            range.first = before->first;
            i--;
        }
        double x = missing_centre(plot, range.first, range.last, width);
        leftmost = fmin(leftmost, x - width / 2);
        if (add)
            layout_add_text(layout, (struct scene_text){.role = "missing",
                                                        .x = x,
                                                        .y = plot->top - 3.5,
                                                        .anchor = SCENE_MIDDLE,
                                                        .size = LAYOUT_TEXT_SIZE,
                                                        .colour = PALETTE_TEXT_SECOND,
                                                        .text = label});
    }
    g_free(label);
    return leftmost;
}

static void add_series(struct layout *layout, const struct plot *plot)
{
    const struct chart_spec *spec = layout->spec;
    /* The most important line lies on top. */
    for (size_t i = spec->series_count; i-- > 0;) {
        const struct chart_series *series = &spec->series[i];
        struct scene_stroke stroke = palette_stroke(i);
        char *name = g_strdup_printf("series-%zu", i + 1);
        char *title =
            g_strdup_printf("%s%s%s", series->label, *series->detail != '\0' ? " " : "", series->detail);
        scene_begin_group(layout->scene, name, title);
        layout_series_line(layout, plot, series->values, series->observed, spec->day_count, &stroke);
        scene_end_group(layout->scene);
        g_free(name);
        g_free(title);
    }
}

int layout_lines(struct layout *layout, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    struct end_label labels[LAYOUT_SERIES_LIMIT] = {0};
    struct plot plot = {.day_count = spec->day_count};
    int status = -1;
    if (layout->scene->height_pt == 0)
        layout->scene->height_pt = 240;
    GArray *missing = layout_missing_ranges(spec);
    if (value_scale(layout, &plot.scale, err) != 0)
        goto done;

    double head = layout_heading(layout);
    double foot = layout_foot(layout);
    plot.left = layout->left + layout_scale_width(layout, &plot.scale) + 4;
    plot.right = layout->right - make_labels(layout, labels) - key_gap - key_width - leader_width;
    char *unit = layout_cut(layout, spec->unit, LAYOUT_TEXT_SIZE, false, layout->right - layout->left);
    double unit_right = layout->left + layout_width(layout, unit, LAYOUT_TEXT_SIZE, false);
    /* The unit stands clear above the topmost number; higher still when a hatch's name is in its way. */
    bool raised = *unit != '\0' && missing_labels(layout, &plot, missing, false) < unit_right + 4;
    plot.top =
        head + 4 + (*unit != '\0' || missing->len > 0 ? line_pitch + 5 : 5) + (raised ? line_pitch - 4 : 0);
    plot.bottom = foot - 6 - 2 * line_pitch;
    if (plot.right - plot.left < 40 || plot.bottom - plot.top < 30) {
        status = layout_too_small(layout, err);
        g_free(unit);
        goto done;
    }
    layout_add_text(layout, (struct scene_text){.role = "unit",
                                                .x = layout->left,
                                                .y = plot.top - 8 - (raised ? line_pitch - 4 : 0),
                                                .size = LAYOUT_TEXT_SIZE,
                                                .colour = PALETTE_TEXT_SECOND,
                                                .text = unit});
    g_free(unit);
    layout_days_off(layout, &plot);
    layout_missing(layout, &plot, missing);
    layout_grid(layout, &plot, true);
    missing_labels(layout, &plot, missing, true);
    layout_day_axis(layout, &plot);
    add_series(layout, &plot);
    layout_notes(layout, &plot);
    status = add_labels(layout, &plot, labels, head + 2, foot, err);

done:
    for (size_t i = 0; i < spec->series_count; i++) {
        g_free(labels[i].label);
        g_free(labels[i].detail);
    }
    g_array_unref(missing);
    return status;
}
