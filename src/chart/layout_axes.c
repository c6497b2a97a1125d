#include <math.h>
#include <string.h>

#include "base/number.h"
#include "chart/layout.h"
#include "chart/palette.h"

double plot_x(const struct plot *plot, double day)
{
    return plot->left + (day + 0.5) * (plot->right - plot->left) / plot->day_count;
}

double plot_y(const struct plot *plot, double value)
{
    return plot->bottom - (plot->bottom - plot->top) * scale_position(&plot->scale, value);
}

/* The language whose number words the figure uses. */
static const char *number_language(const struct layout *layout)
{
    switch (layout->spec->numbers) {
    case CHART_NUMBERS_MAN:
        return "ja";
    case CHART_NUMBERS_THOUSANDS:
        return "en";
    case CHART_NUMBERS_LANGUAGE:
        break;
    }
    return layout->spec->language;
}

char *layout_number(const struct layout *layout, double value)
{
    bool man = strcmp(number_language(layout), "ja") == 0;
    double unit = man && value >= 1e12 ? 1e12 : man && value >= 1e8 ? 1e8 : man && value >= 1e4 ? 1e4 : 1;
    const char *name = unit >= 1e12 ? "兆" : unit >= 1e8 ? "億" : unit >= 1e4 ? "万" : "";
    bool decimal = value / unit < 99.95 && value / unit != floor(value / unit);
    uint64_t tenths = (uint64_t)llround(value / unit * 10);
    GString *out = g_string_new(NULL);
    number_append_thousands(out, decimal ? tenths / 10 : (uint64_t)llround(value / unit));
    if (decimal && tenths % 10 != 0)
        g_string_append_printf(out, ".%d", (int)(tenths % 10));
    g_string_append(out, name);
    return g_string_free(out, FALSE);
}

double layout_scale_width(const struct layout *layout, const struct scale *scale)
{
    double widest = 0;
    for (int i = 0; i < scale->tick_count; i++) {
        char *label = scale_label(scale, i, number_language(layout));
        widest = fmax(widest, layout_width(layout, label, LAYOUT_TEXT_SIZE, false));
        g_free(label);
    }
    return widest;
}

/* The room that `above` leaves over the largest value of a scale from zero, on one of the range alone: the
 * same share of the height. */
static double range_above(double lowest, double largest, double above)
{
    return largest > 0 ? largest + (above / largest - 1) * (largest - lowest) : above;
}

int layout_value_scale(const struct layout *layout, double above, struct scale *scale, struct error *err)
{
    const struct chart_spec *spec = layout->spec;
    double lowest = INFINITY, lowest_positive = INFINITY, largest = 0;
    bool whole = true;
    for (size_t i = 0; i < spec->series_count; i++) {
        const struct chart_series *series = &spec->series[i];
        const double *parts[] = {series->values, series->previous};
        const bool *observed[] = {series->observed, series->previous_observed};
        const int counts[] = {spec->day_count, spec->previous_day_count};
        for (int part = 0; part < 2 && parts[part] != NULL; part++)
            for (int day = 0; day < counts[part]; day++) {
                double value = parts[part][day];
                if (!observed[part][day])
                    continue;
                largest = fmax(largest, value);
                lowest = fmin(lowest, value);
                lowest_positive = value > 0 ? fmin(lowest_positive, value) : lowest_positive;
                whole &= value == floor(value);
            }
    }
    above = fmin(fmax(largest, above), 1e15);
    switch (spec->axis) {
    case CHART_AXIS_RANGE:
        lowest = isfinite(lowest) ? lowest : 0;
        return scale_choose_range(scale, lowest, largest, range_above(lowest, largest, above), whole, err);
    case CHART_AXIS_LOG:
        return scale_choose_log(scale, isfinite(lowest_positive) ? lowest_positive : 0, above, lowest == 0,
                                err);
    case CHART_AXIS_ZERO:
        break;
    }
    return scale_choose(scale, above, whole, err);
}

bool chart_range_starts_at_zero(const struct chart_spec *spec)
{
    struct chart_spec copy = *spec;
    struct layout layout = {.spec = &copy};
    struct scale scale;
    struct error ignored;
    copy.axis = CHART_AXIS_RANGE;
    return layout_value_scale(&layout, 0, &scale, &ignored) == 0 && scale.minimum == 0;
}

/* Two strokes over the foot of an axis that is not from zero, clear of the first day's tick. */
static void add_break(struct layout *layout, const struct plot *plot)
{
    struct scene_stroke stroke = {.colour = PALETTE_AXIS, .width = 0.7};
    for (int i = 0; i < 2; i++) {
        double y = plot->bottom - 6 - 3 * i;
        scene_line(layout->scene, plot->left - 3, y + 1.5, plot->left + 3, y - 1.5, &stroke);
    }
}

void layout_grid(struct layout *layout, const struct plot *plot, bool with_labels)
{
    /* In a low plot every second number or so is left out, never a line. */
    double free_from = INFINITY;
    bool from_zero = !plot->scale.is_log && plot->scale.minimum == 0;
    for (int i = 0; i < plot->scale.tick_count; i++) {
        double y = plot_y(plot, scale_tick(&plot->scale, i));
        struct scene_stroke stroke = i == 0 ? (struct scene_stroke){.colour = PALETTE_AXIS, .width = 0.8}
                                            : (struct scene_stroke){.colour = PALETTE_GRID, .width = 0.4};
        scene_line(layout->scene, plot->left, y, plot->right, y, &stroke);
        if (!with_labels || y + 0.6 * LAYOUT_TEXT_SIZE > free_from + 1e-6)
            continue;
        free_from = y - 0.6 * LAYOUT_TEXT_SIZE;
        char *label = scale_label(&plot->scale, i, number_language(layout));
        layout_add_text(layout, (struct scene_text){.role = "value",
                                                    .x = plot->left - 4,
                                                    .y = y + 0.36 * LAYOUT_TEXT_SIZE,
                                                    .anchor = SCENE_END,
                                                    .size = LAYOUT_TEXT_SIZE,
                                                    .colour = PALETTE_TEXT_SECOND,
                                                    .text = label});
        g_free(label);
    }
    if (!from_zero)
        add_break(layout, plot);
}

/* Where days are narrower than that, weekends are but a pattern. */
static bool shows_days_off(const struct layout *layout, const struct plot *plot)
{
    const double narrowest = 1;
    return layout->spec->day_off != NULL && (plot->right - plot->left) / plot->day_count >= narrowest;
}

void layout_days_off(struct layout *layout, const struct plot *plot)
{
    const bool *off = shows_days_off(layout, plot) ? layout->spec->day_off : NULL;
    for (int day = 0; off != NULL && day < plot->day_count; day++) {
        int first = day;
        if (!off[day])
            continue;
        while (day + 1 < plot->day_count && off[day + 1])
            day++;
        double x = plot_x(plot, first - 0.5);
        scene_rectangle(layout->scene, x, plot->top, plot_x(plot, day + 0.5) - x, plot->bottom - plot->top,
                        PALETTE_SHADE);
    }
}

/* Which days carry a tick, from the finest grain to the coarsest. */
enum grain {
    GRAIN_DAY,
    GRAIN_FIVE_DAYS,
    GRAIN_TEN_DAYS,
    GRAIN_MONTH,
    GRAIN_QUARTER,
    GRAIN_YEAR,
    GRAIN_COUNT
};

static bool is_tick(enum grain grain, struct civil_date date)
{
    switch (grain) {
    case GRAIN_DAY:
        return true;
    case GRAIN_FIVE_DAYS:
        return date.day % 5 == 1 && date.day != 31;
    case GRAIN_TEN_DAYS:
        return date.day % 10 == 1 && date.day != 31;
    case GRAIN_MONTH:
        return date.day == 1;
    case GRAIN_QUARTER:
        return date.day == 1 && date.month % 3 == 1;
    case GRAIN_YEAR:
    case GRAIN_COUNT:
        break;
    }
    return date.day == 1 && date.month == 1;
}

static enum grain choose_grain(const struct plot *plot)
{
    /* Labels like "12/31" with air; among tens of days, two of three are but two digits. */
    static const double pitch_limits[GRAIN_COUNT] = {24, 24, 18, 24, 24, 24};
    double day_width = (plot->right - plot->left) / plot->day_count;
    static const int shortest[GRAIN_COUNT] = {1, 3, 8, 28, 90, 365};
    for (enum grain grain = GRAIN_DAY; grain < GRAIN_COUNT; grain++)
        if (shortest[grain] * day_width >= pitch_limits[grain])
            return grain;
    return GRAIN_YEAR;
}

static char *date_label(const char *language, struct civil_date date, bool with_month)
{
    if (!with_month)
        return g_strdup_printf("%d", date.day);
    if (strcmp(language, "ja") == 0)
        return g_strdup_printf("%d/%d", date.month, date.day);
    return g_strdup_printf("%s %d", civil_date_month_short(date.month), date.day);
}

struct day_tick {
    int day;
    bool with_month;
    char *label;
    double x, left, right;
};

static void release_tick(void *pointer)
{
    g_free(((struct day_tick *)pointer)->label);
}

static GArray *day_ticks(const struct layout *layout, const struct plot *plot)
{
    const struct chart_spec *spec = layout->spec;
    enum grain grain = choose_grain(plot);
    GArray *ticks = g_array_new(FALSE, TRUE, sizeof(struct day_tick));
    g_array_set_clear_func(ticks, release_tick);
    int last = plot->day_count - 1;
    for (int day = 0; day <= last; day++) {
        struct civil_date date = civil_date_add_days(spec->first_day, day);
        bool edge = day == 0 || day == last;
        if (!edge && !is_tick(grain, date))
            continue;
        struct day_tick tick = {.day = day, .with_month = edge || date.day == 1, .x = plot_x(plot, day)};
        tick.label = date_label(spec->language, date, tick.with_month);
        double width = layout_width(layout, tick.label, LAYOUT_TEXT_SIZE, false);
        tick.left = fmax(fmin(tick.x - width / 2, layout->right - width), layout->left);
        tick.right = tick.left + width;
        const double gap = 4;
        /* The first and the last day are always named: a tick in their way gives way. */
        if (ticks->len > 0 && g_array_index(ticks, struct day_tick, ticks->len - 1).right + gap > tick.left) {
            if (day != last || ticks->len == 1) {
                g_free(tick.label);
                continue;
            }
            g_array_set_size(ticks, ticks->len - 1);
        }
        g_array_append_val(ticks, tick);
    }
    return ticks;
}

void layout_day_axis(struct layout *layout, const struct plot *plot)
{
    const struct chart_spec *spec = layout->spec;
    GArray *ticks = day_ticks(layout, plot);
    double row = plot->bottom + 5 + 0.88 * LAYOUT_TEXT_SIZE;
    double year_row = row + 1.3 * LAYOUT_TEXT_SIZE;
    double years_end = layout->left;
    int year = 0;
    struct scene_stroke stroke = {.colour = PALETTE_AXIS, .width = 0.6};
    for (guint i = 0; i < ticks->len; i++) {
        const struct day_tick *tick = &g_array_index(ticks, struct day_tick, i);
        scene_line(layout->scene, tick->x, plot->bottom, tick->x, plot->bottom + (tick->with_month ? 4.5 : 3),
                   &stroke);
        struct scene_text text = {.role = "day",
                                  .x = (tick->left + tick->right) / 2,
                                  .y = row,
                                  .anchor = SCENE_MIDDLE,
                                  .size = LAYOUT_TEXT_SIZE,
                                  .colour = tick->with_month ? PALETTE_TEXT : PALETTE_TEXT_SECOND,
                                  .text = tick->label};
        layout_add_text(layout, text);
        struct civil_date date = civil_date_add_days(spec->first_day, tick->day);
        if (date.year == year)
            continue;
        year = date.year;
        char *label = g_strdup_printf(strcmp(spec->language, "ja") == 0 ? "%d年" : "%d", year);
        double left = fmax(layout->left, tick->left);
        if (left >= years_end &&
            left + layout_width(layout, label, LAYOUT_TEXT_SIZE, false) <= layout->right) {
            layout_add_text(layout, (struct scene_text){.role = "year",
                                                        .x = left,
                                                        .y = year_row,
                                                        .size = LAYOUT_TEXT_SIZE,
                                                        .colour = PALETTE_TEXT_SECOND,
                                                        .text = label});
            years_end = left + layout_width(layout, label, LAYOUT_TEXT_SIZE, false) + 6;
        }
        g_free(label);
    }
    g_array_unref(ticks);

    bool any_off = false;
    for (int day = 0; shows_days_off(layout, plot) && day < plot->day_count; day++)
        any_off |= spec->day_off[day];
    /* Below the axis, or as far as the figure goes. */
    double needed = layout_width(layout, spec->day_off_label, LAYOUT_TEXT_SIZE, false);
    double right = plot->right - years_end >= needed ? plot->right : layout->right;
    double room = right - years_end;
    if (!any_off || *spec->day_off_label == '\0' || room < 3 * LAYOUT_TEXT_SIZE)
        return;
    /* A swatch of the shade before the words that explain it. */
    char *label = layout_cut(layout, spec->day_off_label, LAYOUT_TEXT_SIZE, false, room);
    layout_add_text(layout, (struct scene_text){.role = "days-off",
                                                .x = right,
                                                .y = year_row,
                                                .anchor = SCENE_END,
                                                .size = LAYOUT_TEXT_SIZE,
                                                .colour = PALETTE_TEXT_SECOND,
                                                .text = label});
    g_free(label);
}

GArray *layout_missing_ranges(const struct chart_spec *spec)
{
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(struct day_range));
    for (int day = 0; day < spec->day_count; day++) {
        if (!chart_day_is_missing(spec, day))
            continue;
        struct day_range *last =
            ranges->len > 0 ? &g_array_index(ranges, struct day_range, ranges->len - 1) : NULL;
        if (last != NULL && last->last == day - 1) {
            last->last = day;
        } else {
            struct day_range range = {day, day};
            g_array_append_val(ranges, range);
        }
    }
    return ranges;
}

void layout_missing(struct layout *layout, const struct plot *plot, const GArray *ranges)
{
    for (guint i = 0; i < ranges->len; i++) {
        const struct day_range *range = &g_array_index(ranges, struct day_range, i);
        double x = plot_x(plot, range->first - 0.5);
        double width = plot_x(plot, range->last + 0.5) - x;
        scene_rectangle(layout->scene, x, plot->top, width, plot->bottom - plot->top, 0xFFFFFF);
        scene_hatch(layout->scene, x, plot->top, width, plot->bottom - plot->top);
    }
}

void layout_series_line(struct layout *layout, const struct plot *plot, const double *values,
                        const bool *observed, int day_count, const struct scene_stroke *stroke)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(struct scene_point));
    for (int day = 0; day <= day_count; day++) {
        if (day < day_count && observed[day]) {
            struct scene_point point = {plot_x(plot, day), plot_y(plot, values[day])};
            g_array_append_val(points, point);
            continue;
        }
        struct scene_point first =
            points->len > 0 ? g_array_index(points, struct scene_point, 0) : (struct scene_point){0, 0};
        if (points->len == 1)
            scene_dot(layout->scene, first.x, first.y, stroke->width + 1.2, stroke->colour, stroke->casing);
        else if (points->len > 1)
            scene_polyline(layout->scene, (const struct scene_point *)(const void *)points->data, points->len,
                           stroke);
        g_array_set_size(points, 0);
    }
    g_array_unref(points);
}
