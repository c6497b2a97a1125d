/* layout.h - from a chart_spec to a scene; inside chart/ only. Text is measured through a callback, so that
 * layout is the same whatever draws it and can be tested without fonts.
 *
 *     struct text_measure measure = {.width = five_points_a_letter};
 *     struct scene *scene = layout_scene(&spec, &measure, err);
 *
 * Rules for text that is too wide: the headline is set smaller (11, 10 pt), then in two lines; subtitle and
 * source note in two lines; a label's detail goes below it; notes take up to three lines; what still does not
 * fit is cut with an ellipsis (a series' full name stays in its group's title). Nothing leaves the frame.
 */
#ifndef TEITEN_CHART_LAYOUT_H
#define TEITEN_CHART_LAYOUT_H

#include "base/error.h"
#include "chart/chart_spec.h"
#include "chart/scale.h"
#include "chart/scene.h"

struct text_measure {
    double (*width)(void *context, const char *text, double size_pt, bool bold);
    void *context;
};

struct layout {
    const struct chart_spec *spec;
    const struct text_measure *measure;
    struct scene *scene;
    double left, right; /* of the text column, inside the frame's margin */
};

/* Where days and values lie. A day is a slot; its point stands in the middle. */
struct plot {
    double left, top, right, bottom;
    int day_count;
    struct scale scale;
};

enum { LAYOUT_MARGIN = 6, LAYOUT_TEXT_SIZE = 8, LAYOUT_SERIES_LIMIT = 8 };

struct scene *layout_scene(const struct chart_spec *spec, const struct text_measure *measure,
                           struct error *err);
int layout_lines(struct layout *layout, struct error *err);
int layout_multiples(struct layout *layout, struct error *err);
int layout_matrix(struct layout *layout, struct error *err);
int layout_bars(struct layout *layout, struct error *err);
int layout_ranks(struct layout *layout, struct error *err);
int layout_dots(struct layout *layout, struct error *err);
int layout_shares(struct layout *layout, struct error *err);
int layout_too_small(const struct layout *layout, struct error *err);

/* layout_text.c */
double layout_width(const struct layout *layout, const char *text, double size, bool bold);
/* The text with an ellipsis at its end when it is wider than `width`, else a copy. */
char *layout_cut(const struct layout *layout, const char *text, double size, bool bold, double width);
/* The spec's unit over the plot, from the left edge, cut to the frame's width. */
void layout_unit(struct layout *layout, double baseline);
/* Lines (char *, the array owns them) no wider than `width`, at most `line_limit`, broken where the script
 * allows. */
GPtrArray *layout_wrap(const struct layout *layout, const char *text, double size, bool bold, double width,
                       guint line_limit);
/* Adds a text to the scene: measured, blanks tidied. Fills in width and colour (when 0) of `text`. */
void layout_add_text(struct layout *layout, struct scene_text text);
/* Headline and subtitle; returns the y below them. */
double layout_heading(struct layout *layout);
/* The source note at the foot of the frame; returns the y above it. */
double layout_foot(struct layout *layout);

/* A text of one line: "Telnet 23/TCP", cut to the width. New. */
char *layout_name(const struct layout *layout, const struct chart_series *series, double width);
void layout_begin_series(struct layout *layout, size_t index);

/* What a colour means, in a row of swatches. */
struct legend_entry {
    const char *text; /* "" or NULL: left out */
    uint32_t colour;
    bool hatched;
    bool is_dot, is_hollow;            /* instead of a bar */
    const struct scene_stroke *stroke; /* not NULL: a line, instead of a bar */
};
/* From where a series ends, on its last observed day (0: the first), to its label. Dotted where that is not
 * the figure's last day: over days without data it must not look like data. */
struct scene_stroke layout_leader(const struct chart_spec *spec, int last_day, uint32_t colour);
/* A dot as in the legend; a hollow one shows the ground. */
void layout_dot(struct layout *layout, double x, double y, double size, uint32_t colour, bool is_hollow);
/* The entries from `top` down, over as many lines as they need; drawn when `add`. Returns their height. Where
 * the first is a line, all samples are as wide as lines need. */
double layout_legend(struct layout *layout, double top, const struct legend_entry *entries, size_t count,
                     bool add);
/* Rows one below the other, named at the left. Chooses the frame's height when there is none. */
struct rows {
    double left, top, right, bottom, pitch;
};
/* `head`: from where; `foot_height`: left free under the rows. -1 when there is no room. */
int layout_rows(struct layout *layout, double head, double foot_height, double natural_pitch,
                struct rows *rows, struct error *err);
double layout_row_middle(const struct rows *rows, size_t index);

/* layout_axes.c */
double plot_x(const struct plot *plot, double day); /* of the middle of a day */
double plot_y(const struct plot *plot, double value);
/* By the spec's axis and the values of all series and of those that they stand beside; the end lies above
 * `above`, too.
 */
int layout_value_scale(const struct layout *layout, double above, struct scale *scale, struct error *err);
/* A value in a scale's own words, with one decimal where that tells more. New. */
char *layout_number(const struct layout *layout, double value);
/* Width that the labels of the scale take, without gap. */
double layout_scale_width(const struct layout *layout, const struct scale *scale);
void layout_grid(struct layout *layout, const struct plot *plot, bool with_labels);
void layout_days_off(struct layout *layout, const struct plot *plot);
void layout_day_axis(struct layout *layout, const struct plot *plot);
/* Day ranges on which no series was observed. Unref the array of struct day_range. */
struct day_range {
    int first, last; /* inclusive */
};
GArray *layout_missing_ranges(const struct chart_spec *spec);
void layout_missing(struct layout *layout, const struct plot *plot, const GArray *ranges);
/* A line through the observed days, broken at the others; a day alone is a dot. */
void layout_series_line(struct layout *layout, const struct plot *plot, const double *values,
                        const bool *observed, int day_count, const struct scene_stroke *stroke);

#endif
