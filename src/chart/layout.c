/* layout.c - what every figure has in common: its checks, its frame, its names. */
#include "chart/layout.h"

#include <math.h>
#include <string.h>

#include "chart/chart.h"
#include "chart/theme.h"

int layout_too_small(const struct layout *layout, struct error *err)
{
    return error_set(err, ERROR_INPUT, "%.0f x %.0f pt are too small for its labels, expected more",
                     layout->scene->width_pt, layout->scene->height_pt);
}

static int check_values(const struct chart_series *series, const double *values, const bool *observed,
                        int day_count, struct error *err)
{
    for (int day = 0; values != NULL && day < day_count; day++)
        if (observed[day] && (!isfinite(values[day]) || values[day] < 0 || values[day] > 1e15))
            return error_set(err, ERROR_INPUT,
                             "series %s: day %d: value %g, expected a number from 0 to 10^15", series->label,
                             day + 1, values[day]);
    return 0;
}

/* Rows are many, lines and panels are few. */
static size_t series_limit(enum chart_kind kind)
{
    enum { ROW_LIMIT = 1000, RANK_LIMIT = 100 };
    switch (kind) {
    case CHART_HEAT_MAP:
    case CHART_AVAILABILITY:
    case CHART_DOT_PLOT:
        return ROW_LIMIT;
    case CHART_RANK_FLOW:
        return RANK_LIMIT;
    case CHART_DAILY_LINES:
    case CHART_SMALL_MULTIPLES:
    case CHART_MONTHLY_BARS:
    case CHART_SHARES:
        break;
    }
    return LAYOUT_SERIES_LIMIT;
}

static int check_spec(const struct chart_spec *spec, struct error *err)
{
    enum { DAY_LIMIT = 36600 };
    size_t limit = series_limit(spec->kind);
    if (spec->series_count > limit)
        return error_set(err, ERROR_INPUT, "%zu series, expected at most %zu", spec->series_count, limit);
    if (spec->day_count < 1 || spec->day_count > DAY_LIMIT)
        return error_set(err, ERROR_INPUT, "%d days, expected 1 to %d", spec->day_count, (int)DAY_LIMIT);
    if (spec->previous_day_count < 0 || spec->previous_day_count > DAY_LIMIT)
        return error_set(err, ERROR_INPUT, "%d days before, expected 0 to %d", spec->previous_day_count,
                         (int)DAY_LIMIT);
    if (!civil_date_is_valid(spec->first_day))
        return error_set(err, ERROR_INPUT, "the first day is no date");
    if (!(spec->width_pt == 0 || (spec->width_pt >= 100 && spec->width_pt <= 4000)) ||
        !(spec->height_pt == 0 || (spec->height_pt >= 60 && spec->height_pt <= 4000)))
        return error_set(err, ERROR_INPUT, "size %g x %g pt, expected 100 x 60 to 4000 x 4000",
                         spec->width_pt, spec->height_pt);
    if (*spec->identifier == '\0' || !g_ascii_isalpha(*spec->identifier) ||
        strspn(spec->identifier, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") !=
            strlen(spec->identifier))
        return error_set(err, ERROR_INPUT,
                         "identifier \"%s\", expected ASCII letters, digits and '-', a letter first",
                         spec->identifier);
    for (size_t i = 0; i < spec->series_count; i++) {
        const struct chart_series *series = &spec->series[i];
        if (check_values(series, series->values, series->observed, spec->day_count, err) != 0 ||
            check_values(series, series->previous, series->previous_observed, spec->previous_day_count,
                         err) != 0)
            return -1;
    }
    for (size_t i = 0; i < spec->note_count; i++) {
        const struct chart_note *note = &spec->notes[i];
        if (note->series >= spec->series_count || note->first_day < 0 || note->last_day < note->first_day ||
            note->last_day >= spec->day_count)
            return error_set(err, ERROR_INPUT,
                             "note \"%s\": days %d to %d of series %zu, expected ones of the figure",
                             note->text, note->first_day, note->last_day, note->series);
    }
    return 0;
}

static void fill(char **text)
{
    if (*text == NULL)
        *text = (char *)""; /* read only, like everything of the copy */
}

static struct scene *lay_out(const struct chart_spec *spec, const struct text_measure *measure,
                             struct error *err)
{
    if (check_spec(spec, err) != 0)
        return NULL;
    struct scene *scene = scene_new(spec->width_pt, spec->height_pt);
    scene->language = g_strdup(spec->language);
    scene->identifier = g_strdup(spec->identifier);
    scene->title = g_strdup(*spec->headline != '\0'   ? spec->headline
                            : *spec->subtitle != '\0' ? spec->subtitle
                                                      : spec->identifier);
    scene->description = g_strdup(spec->description);
    scene->date = civil_date_add_days(spec->first_day, spec->day_count);
    if (scene->width_pt == 0)
        scene->width_pt = 440;
    struct layout layout = {.spec = spec,
                            .measure = measure,
                            .scene = scene,
                            .left = LAYOUT_MARGIN,
                            .right = scene->width_pt - LAYOUT_MARGIN};
    int status = -1;
    /* A quarter in which nothing was seen: one empty frame, whatever the kind. */
    switch (spec->series_count == 0 ? CHART_DAILY_LINES : spec->kind) {
    case CHART_DAILY_LINES:
        status = layout_lines(&layout, err);
        break;
    case CHART_SMALL_MULTIPLES:
        status = layout_multiples(&layout, err);
        break;
    case CHART_MONTHLY_BARS:
        status = layout_bars(&layout, err);
        break;
    case CHART_RANK_FLOW:
        status = layout_ranks(&layout, err);
        break;
    case CHART_HEAT_MAP:
    case CHART_AVAILABILITY:
        status = layout_matrix(&layout, err);
        break;
    case CHART_SHARES:
        status = layout_shares(&layout, err);
        break;
    case CHART_DOT_PLOT:
        status = layout_dots(&layout, err);
        break;
    }
    if (status == 0) {
        theme_apply(scene, spec->theme);
        return scene;
    }
    scene_free(scene);
    return NULL;
}

struct scene *layout_scene(const struct chart_spec *spec, const struct text_measure *measure,
                           struct error *err)
{
    /* A text that was never set is an empty one: from here on none is NULL. */
    struct chart_spec filled = *spec;
    char **texts[] = {&filled.language,       &filled.identifier,    &filled.headline,
                      &filled.subtitle,       &filled.unit,          &filled.source_note,
                      &filled.missing_label,  &filled.day_off_label, &filled.current_label,
                      &filled.previous_label, &filled.description};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        fill(texts[i]);
    filled.series = g_new0(struct chart_series, spec->series_count + 1);
    for (size_t i = 0; i < spec->series_count; i++) {
        filled.series[i] = spec->series[i];
        fill(&filled.series[i].label);
        fill(&filled.series[i].detail);
    }
    filled.notes = g_new0(struct chart_note, spec->note_count + 1);
    for (size_t i = 0; i < spec->note_count; i++) {
        filled.notes[i] = spec->notes[i];
        fill(&filled.notes[i].text);
    }
    struct scene *scene = lay_out(&filled, measure, err);
    g_free(filled.series);
    g_free(filled.notes);
    return scene;
}
