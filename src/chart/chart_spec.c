#include "chart/chart_spec.h"

#include <glib.h>
#include <string.h>

const char *chart_kind_name(enum chart_kind kind)
{
    static const char *const names[CHART_KIND_COUNT] = {
        "daily-lines", "small-multiples", "monthly-bars", "rank-flow",
        "heat-map",    "availability",    "shares",       "dot-plot",
    };
    return names[kind];
}

bool chart_day_is_missing(const struct chart_spec *spec, int day)
{
    if (spec->series_count == 0)
        return spec->observed != NULL && !spec->observed[day];
    for (size_t i = 0; i < spec->series_count; i++)
        if (spec->series[i].observed == NULL || spec->series[i].observed[day])
            return false;
    return true;
}

void chart_spec_release(struct chart_spec *spec)
{
    char *texts[] = {
        spec->language,      spec->identifier,     spec->headline,      spec->subtitle,
        spec->unit,          spec->source_note,    spec->missing_label, spec->day_off_label,
        spec->current_label, spec->previous_label, spec->description,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    for (int i = 0; spec->columns != NULL && i < spec->day_count; i++)
        g_free(spec->columns[i]);
    g_free(spec->columns);
    g_free(spec->day_off);
    g_free(spec->observed);
    for (size_t i = 0; spec->series != NULL && i < spec->series_count; i++) {
        struct chart_series *series = &spec->series[i];
        g_free(series->label);
        g_free(series->detail);
        g_free(series->values);
        g_free(series->observed);
        g_free(series->previous);
        g_free(series->previous_observed);
        g_free(series->remark);
    }
    g_free(spec->series);
    for (size_t i = 0; spec->notes != NULL && i < spec->note_count; i++)
        g_free(spec->notes[i].text);
    g_free(spec->notes);
    memset(spec, 0, sizeof *spec);
}
