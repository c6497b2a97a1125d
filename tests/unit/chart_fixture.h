/* chart_fixture.h - figures for the tests of chart/. */
#ifndef TEITEN_TESTS_CHART_FIXTURE_H
#define TEITEN_TESTS_CHART_FIXTURE_H

#include <glib.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "chart/chart_spec.h"
#include "chart/layout.h"

/* Half an em a character, whatever it is. */
static inline double fixture_width(void *context, const char *text, double size_pt, bool bold)
{
    (void)context;
    (void)bold;
    return (double)g_utf8_strlen(text, -1) * size_pt / 2;
}

static const struct text_measure fixture_measure = {fixture_width, NULL};

/* All observed, all 0, from 2025-04-01; texts empty but identifier, labels A, B, ... and the word for
 * missing. */
static inline struct chart_spec fixture_spec(enum chart_kind kind, size_t series_count, int day_count)
{
    struct chart_spec spec = {.kind = kind, .first_day = {2025, 4, 1}, .day_count = day_count};
    spec.language = g_strdup("ja");
    spec.identifier = g_strdup("fig1");
    spec.headline = g_strdup("");
    spec.subtitle = g_strdup("");
    spec.unit = g_strdup("");
    spec.source_note = g_strdup("");
    spec.missing_label = g_strdup("欠測");
    spec.day_off_label = g_strdup("");
    spec.current_label = g_strdup("");
    spec.previous_label = g_strdup("");
    spec.description = g_strdup("");
    spec.day_off = g_new0(bool, (size_t)day_count);
    spec.series = g_new0(struct chart_series, series_count + 1);
    spec.series_count = series_count;
    for (size_t i = 0; i < series_count; i++) {
        spec.series[i].label = g_strdup_printf("%c", (char)('A' + (int)(i % 26)));
        spec.series[i].detail = g_strdup("");
        spec.series[i].values = g_new0(double, (size_t)day_count);
        spec.series[i].observed = g_new0(bool, (size_t)day_count);
        for (int day = 0; day < day_count; day++)
            spec.series[i].observed[day] = true;
    }
    return spec;
}

static inline void fixture_text(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

/* How many marks of the kind (and role, for texts) the scene has. */
static inline int fixture_count(const struct scene *scene, enum scene_kind kind, const char *role)
{
    int count = 0;
    for (size_t i = 0; i < scene->marks->len; i++) {
        const struct scene_mark *mark = scene_mark(scene, i);
        count += mark->kind == kind && (role == NULL || g_str_equal(mark->text.role, role));
    }
    return count;
}

/* The n-th text of a role, from 0. */
static inline const struct scene_text *fixture_text_of(const struct scene *scene, const char *role, int n)
{
    for (size_t i = 0; i < scene->marks->len; i++) {
        const struct scene_mark *mark = scene_mark(scene, i);
        if (mark->kind == SCENE_TEXT && g_str_equal(mark->text.role, role) && n-- == 0)
            return &mark->text;
    }
    fail_msg("no such text: %s", role);
    return NULL;
}

#endif
