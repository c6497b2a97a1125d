/* Exact scenes of every kind (tests/unit/scenes/KIND.txt), and odd data in all of them. Layout with a made-up
 * measure: half an em a character. A scene that is meant to change is looked at, then written anew:
 *
 *     TEITEN_WRITE_SCENES=1 build/release/tests/unit/test_chart_scenes      (in tests/) */
#include <string.h>

#include "unit/chart_check.h"

#include "chart/chart.h"

enum { COUNT = 3 };

static bool is_columns(enum chart_kind kind)
{
    return kind == CHART_MONTHLY_BARS || kind == CHART_RANK_FLOW;
}

/* Three series, a missing day or column, a companion where the kind has one. */
static struct chart_spec ordinary(enum chart_kind kind)
{
    int days = kind == CHART_DOT_PLOT ? 1 : is_columns(kind) ? 3 : 8;
    struct chart_spec spec = fixture_spec(kind, COUNT, days);
    fixture_text(&spec.headline, "Headline");
    fixture_text(&spec.subtitle, "Subtitle");
    fixture_text(&spec.unit, "Unit");
    fixture_text(&spec.source_note, "Source");
    fixture_text(&spec.day_off_label, "Days off");
    fixture_text(&spec.current_label, "Now");
    fixture_text(&spec.previous_label, "Before");
    spec.width_pt = 330;
    bool beside = kind == CHART_SMALL_MULTIPLES || kind == CHART_MONTHLY_BARS || kind == CHART_DOT_PLOT;
    spec.previous_day_count = beside ? days : 0;
    if (is_columns(kind))
        spec.columns = g_new0(char *, (size_t)days);
    for (int day = 0; day < days; day++) {
        spec.day_off[day] = day == 4 || day == 5;
        if (is_columns(kind))
            spec.columns[day] = g_strdup_printf("2025年%d月", day + 1);
    }
    for (int i = 0; i < COUNT; i++) {
        struct chart_series *series = &spec.series[i];
        series->remark = g_strdup_printf("%d%%", 10 * (i + 1));
        series->is_rest = i + 1 == COUNT;
        if (beside) {
            series->previous = g_new0(double, (size_t)days);
            series->previous_observed = g_new0(bool, (size_t)days);
        }
        for (int day = 0; day < days; day++) {
            series->values[day] = kind == CHART_RANK_FLOW      ? 1 + (i + day) % COUNT
                                  : kind == CHART_AVAILABILITY ? day != i
                                                               : 100 * (i + 1) + 10 * day;
            series->observed[day] = day != 2 || days < 3;
            if (beside) {
                series->previous[day] = 90 * (i + 1) + 15 * day;
                series->previous_observed[day] = true;
            }
        }
    }
    return spec;
}

static void scenes_are_exact(void **state)
{
    (void)state;
    for (int kind = 0; kind < CHART_KIND_COUNT; kind++) {
        struct chart_spec spec = ordinary((enum chart_kind)kind);
        struct error err = {0};
        struct scene *scene = layout_scene(&spec, &fixture_measure, &err);
        if (scene == NULL)
            fail_msg("%s: %s", chart_kind_name((enum chart_kind)kind), err.message);
        check_scene(scene);
        char *dump = scene_dump(scene), *expected = NULL;
        char *path = g_strdup_printf("unit/scenes/%s.txt", chart_kind_name((enum chart_kind)kind));
        if (g_getenv("TEITEN_WRITE_SCENES") != NULL)
            assert_true(g_file_set_contents(path, dump, -1, NULL));
        assert_true(g_file_get_contents(path, &expected, NULL, NULL));
        char **now = g_strsplit(dump, "\n", -1), **then = g_strsplit(expected, "\n", -1);
        for (size_t line = 0; now[line] != NULL || then[line] != NULL; line++)
            if (g_strcmp0(now[line], then[line]) != 0)
                fail_msg("%s: line %zu: \"%s\", expected \"%s\"", path, line + 1,
                         now[line] != NULL ? now[line] : "(end)", then[line] != NULL ? then[line] : "(end)");
        g_strfreev(now);
        g_strfreev(then);
        g_free(expected);
        g_free(path);
        g_free(dump);
        scene_free(scene);
        chart_spec_release(&spec);
    }
}

/* Either a sound figure or a clear error. */
static void bear(struct chart_spec *spec, const char *what)
{
    for (int axis = CHART_AXIS_ZERO; axis <= CHART_AXIS_LOG; axis++) {
        struct error err = {0};
        spec->axis = (enum chart_axis)axis;
        struct scene *scene = layout_scene(spec, &fixture_measure, &err);
        if (scene == NULL)
            fail_msg("%s: %s: %s", chart_kind_name(spec->kind), what, err.message);
        check_scene(scene);
        char *dump = scene_dump(scene);
        assert_null(strstr(dump, "nan"));
        assert_null(strstr(dump, "inf"));
        g_free(dump);
        GBytes *svg = scene_svg(scene, &err);
        assert_non_null(svg);
        g_bytes_unref(svg);
        scene_free(scene);
    }
}

static void nothing_and_all_missing(void **state)
{
    (void)state;
    for (int kind = 0; kind < CHART_KIND_COUNT; kind++) {
        struct chart_spec spec = fixture_spec((enum chart_kind)kind, 0, 5);
        bear(&spec, "no series");
        chart_spec_release(&spec);
        spec = ordinary((enum chart_kind)kind);
        for (int i = 0; i < COUNT; i++) {
            memset(spec.series[i].observed, 0, (size_t)spec.day_count * sizeof(bool));
            if (spec.series[i].previous != NULL)
                memset(spec.series[i].previous_observed, 0, (size_t)spec.previous_day_count * sizeof(bool));
        }
        bear(&spec, "all missing");
        chart_spec_release(&spec);
        spec = fixture_spec((enum chart_kind)kind, 1, 1);
        spec.series[0].values[0] = 1;
        bear(&spec, "one day");
        spec.series[0].values[0] = kind == CHART_RANK_FLOW ? 1 : 0;
        bear(&spec, "one day of nothing");
        chart_spec_release(&spec);
    }
}

static void values_10_to_the_12_apart(void **state)
{
    (void)state;
    for (int kind = 0; kind < CHART_KIND_COUNT; kind++) {
        if (kind == CHART_RANK_FLOW || kind == CHART_AVAILABILITY)
            continue;
        struct chart_spec spec = ordinary((enum chart_kind)kind);
        spec.series[0].values[0] = 1e12;
        spec.series[1].values[0] = 1;
        spec.series[2].values[0] = 0;
        bear(&spec, "values far apart");
        chart_spec_release(&spec);
    }
}

static void long_and_strange_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "一つの名前がとても長く、枠の半分よりもさらに長く続いていき、どこかで省略されなければならない場合の名"
        "前",
        "a-name-without-any-place-to-break-it-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-"
        "and-on",
        "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
        "e\u0301\u0302\u0303\u0304 \U0001F469\u200d\U0001F4BB \u202eevil",
        "<&\"'>\n\t ]]>",
    };
    for (int kind = 0; kind < CHART_KIND_COUNT; kind++)
        for (size_t n = 0; n < G_N_ELEMENTS(names); n++) {
            struct chart_spec spec = ordinary((enum chart_kind)kind);
            char **texts[] = {&spec.headline,      &spec.subtitle,      &spec.unit,
                              &spec.source_note,   &spec.missing_label, &spec.day_off_label,
                              &spec.current_label, &spec.previous_label};
            for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                fixture_text(texts[i], names[n]);
            for (int i = 0; i < COUNT; i++) {
                fixture_text(&spec.series[i].label, names[n]);
                fixture_text(&spec.series[i].detail, names[n]);
                fixture_text(&spec.series[i].remark, names[n]);
            }
            for (int column = 0; spec.columns != NULL && column < spec.day_count; column++)
                fixture_text(&spec.columns[column], names[n]);
            bear(&spec, names[n]);
            chart_spec_release(&spec);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenes_are_exact),
        cmocka_unit_test(nothing_and_all_missing),
        cmocka_unit_test(values_10_to_the_12_apart),
        cmocka_unit_test(long_and_strange_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
