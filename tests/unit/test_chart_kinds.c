/* Every kind but lines and small multiples, with a made-up measure: half an em a character. */
#include <string.h>

#include "unit/chart_check.h"

#include "chart/chart.h"

static struct scene *lay_out(const struct chart_spec *spec)
{
    struct error err = {0};
    struct scene *scene = layout_scene(spec, &fixture_measure, &err);
    if (scene == NULL)
        fail_msg("%s", err.message);
    return scene;
}

/* The other kinds: columns named, the previous ones beside, places for ranks. */
static void random_kind(GRand *random, struct chart_spec *spec)
{
    int most =
        spec->kind == CHART_HEAT_MAP || spec->kind == CHART_AVAILABILITY || spec->kind == CHART_DOT_PLOT ? 60
                                                                                                         : 8;
    bool columns = spec->kind == CHART_MONTHLY_BARS || spec->kind == CHART_RANK_FLOW;
    int count = g_rand_int_range(random, 1, most + 1);
    int days = spec->kind == CHART_DOT_PLOT ? 1 : g_rand_int_range(random, 1, columns ? 9 : 400);
    enum chart_kind kind = spec->kind;
    struct civil_date first = spec->first_day;
    chart_spec_release(spec);
    *spec = fixture_spec(kind, (size_t)count, days);
    spec->first_day = first;
    fixture_text(&spec->language, g_rand_boolean(random) ? "ja" : "en");
    char **texts[] = {&spec->headline,    &spec->subtitle,      &spec->unit,
                      &spec->source_note, &spec->current_label, &spec->previous_label};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free(*texts[i]);
        *texts[i] = random_text(random, 30);
    }
    spec->width_pt = g_rand_int_range(random, 330, 700);
    spec->height_pt = g_rand_boolean(random) ? 0 : g_rand_int_range(random, 260, 420);
    double size = pow(10, g_rand_double_range(random, 0, 13));
    spec->previous_day_count = days;
    if (columns)
        spec->columns = g_new0(char *, (size_t)days);
    for (int day = 0; columns && day < days; day++)
        spec->columns[day] = random_text(random, 3);
    for (int i = 0; i < count; i++) {
        struct chart_series *series = &spec->series[i];
        g_free(series->label);
        series->label = random_text(random, 6);
        series->remark = g_rand_boolean(random) ? random_text(random, 3) : NULL;
        series->is_rest = i + 1 == count;
        series->previous = g_new0(double, (size_t)days);
        series->previous_observed = g_new0(bool, (size_t)days);
        for (int day = 0; day < days; day++) {
            series->values[day] = floor(g_rand_double_range(random, 0, size));
            series->previous[day] = floor(g_rand_double_range(random, 0, size));
            series->observed[day] = g_rand_int_range(random, 0, 9) != 0;
            series->previous_observed[day] = g_rand_int_range(random, 0, 9) != 0;
            if (kind == CHART_RANK_FLOW)
                series->values[day] = 1 + (i + day) % count;
            if (kind == CHART_AVAILABILITY)
                series->values[day] = g_rand_int_range(random, 0, 2);
        }
    }
}

static void the_other_kinds_keep_to_their_frames(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(20250630);
    int drawn[CHART_KIND_COUNT] = {0};
    for (int round = 0; round < 240; round++) {
        struct chart_spec spec = fixture_spec(CHART_MONTHLY_BARS, 1, 1);
        struct error err = {0};
        spec.kind = (enum chart_kind)(CHART_MONTHLY_BARS + round % (CHART_KIND_COUNT - CHART_MONTHLY_BARS));
        spec.first_day = civil_date_from_days(g_rand_int_range(random, 15000, 25000));
        random_kind(random, &spec);
        spec.axis = (enum chart_axis)g_rand_int_range(random, 0, 3);
        struct scene *scene = layout_scene(&spec, &fixture_measure, &err);
        if (scene != NULL) {
            check_scene(scene);
            drawn[spec.kind]++;
        } else if (strstr(err.message, "too small") == NULL &&
                   strstr(err.message, "the labels need") == NULL) {
            fail_msg("round %d: %s", round, err.message);
        }
        scene_free(scene);
        chart_spec_release(&spec);
    }
    g_rand_free(random);
    for (int kind = CHART_MONTHLY_BARS; kind < CHART_KIND_COUNT; kind++)
        assert_true(drawn[kind] >= 25);
}

static void rows_may_be_many_and_lines_few(void **state)
{
    (void)state;
    struct error err = {0};
    for (int kind = 0; kind < CHART_KIND_COUNT; kind++) {
        struct chart_spec spec = fixture_spec((enum chart_kind)kind, 400, 1);
        struct scene *scene = layout_scene(&spec, &fixture_measure, &err);
        bool rows = kind == CHART_HEAT_MAP || kind == CHART_AVAILABILITY || kind == CHART_DOT_PLOT;
        assert_int_equal(scene != NULL, rows);
        if (rows)
            check_scene(scene);
        else
            assert_non_null(strstr(err.message, "400 series, expected at most"));
        scene_free(scene);
        chart_spec_release(&spec);
    }
}

/* The areas end at what all series add up to: 1 + 2 of a scale to 3, so the second one's top is the scale's.
 */
static void shares_add_up(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_SHARES, 2, 3);
    for (int day = 0; day < 3; day++) {
        spec.series[0].values[day] = 100;
        spec.series[1].values[day] = 150;
    }
    struct scene *scene = lay_out(&spec);
    const struct scene_mark *areas[2] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < scene->marks->len; i++)
        if (scene_mark(scene, i)->kind == SCENE_AREA)
            areas[count++] = scene_mark(scene, i);
    assert_int_equal(count, 2);
    double bottom = areas[0]->points[9].y, middle = areas[0]->points[0].y, top = areas[1]->points[0].y;
    assert_true(fabs(areas[1]->points[9].y - middle) < 1e-9); /* one stands on the other */
    assert_true(fabs((bottom - middle) / (bottom - top) - 0.4) < 1e-9);
    scene_free(scene);
    chart_spec_release(&spec);
}

/* A quarter may have one key, a publication one sensor: whatever stands above and below the row. */
static void one_row_is_enough(void **state)
{
    (void)state;
    static const enum chart_kind kinds[] = {CHART_HEAT_MAP, CHART_AVAILABILITY, CHART_DOT_PLOT};
    for (size_t i = 0; i < 8 * G_N_ELEMENTS(kinds); i++) {
        struct chart_spec spec = fixture_spec(kinds[i / 8], 1, kinds[i / 8] == CHART_DOT_PLOT ? 1 : 91);
        spec.series[0].values[0] = 1;
        spec.width_pt = 440;
        fixture_text(&spec.headline, i & 1 ? "headline" : "");
        fixture_text(&spec.subtitle, i & 2 ? "subtitle" : "");
        fixture_text(&spec.source_note, i & 4 ? "source" : "");
        struct scene *scene = lay_out(&spec);
        assert_int_equal(fixture_count(scene, SCENE_TEXT, "label"), 1);
        scene_free(scene);
        chart_spec_release(&spec);
    }
}

/* Those of the year before give way first. */
static void numbers_of_this_year_come_first(void **state)
{
    (void)state;
    bool this_year_alone = false;
    for (double width = 330; width <= 700; width += 5) {
        struct chart_spec spec = fixture_spec(CHART_MONTHLY_BARS, 2, 3);
        bool seen[3] = {true, true, true};
        double before[3] = {3364, 3322, 3275};
        spec.width_pt = width;
        spec.previous_day_count = 3;
        for (size_t i = 0; i < 2; i++) {
            spec.series[i].previous = g_memdup2(before, sizeof before);
            spec.series[i].previous_observed = g_memdup2(seen, sizeof seen);
            for (int month = 0; month < 3; month++)
                spec.series[i].values[month] = 3433;
        }
        struct scene *scene = lay_out(&spec);
        int amounts = fixture_count(scene, SCENE_TEXT, "amount");
        assert_true(amounts == 0 || amounts == 6 || amounts == 12);
        this_year_alone |= amounts == 6;
        for (int i = 0; i < amounts; i++)
            assert_true(amounts == 12 || strcmp(fixture_text_of(scene, "amount", i)->text, "3,433") == 0);
        scene_free(scene);
        chart_spec_release(&spec);
    }
    assert_true(this_year_alone);
}

/* A sensor that ended, a quarter that is not over: the way to the label is no line of data. */
static void the_way_to_a_label_is_dotted_over_missing_days(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 91);
    for (int days = 90; days <= 91; days++) {
        struct scene_stroke leader = layout_leader(&spec, days - 1, 0);
        assert_int_equal(leader.dash_count, days == 91 ? 0 : 2);
    }
    chart_spec_release(&spec);
}

/* Over every bar or over none. */
static void numbers_stand_over_all_bars_or_none(void **state)
{
    (void)state;
    static const double widths[] = {330, 440, 700};
    for (size_t w = 0; w < G_N_ELEMENTS(widths); w++) {
        struct chart_spec spec = fixture_spec(CHART_MONTHLY_BARS, 4, 3);
        spec.width_pt = widths[w];
        fixture_text(&spec.language, "en");
        for (size_t i = 0; i < 4; i++)
            for (int month = 0; month < 3; month++)
                spec.series[i].values[month] = i == 3 ? 7 : 123456;
        struct scene *scene = lay_out(&spec);
        int amounts = fixture_count(scene, SCENE_TEXT, "amount");
        assert_true(amounts == 0 || amounts == 12);
        assert_true(w != 0 || amounts == 0);
        assert_true(w != 2 || amounts == 12);
        scene_free(scene);
        chart_spec_release(&spec);
    }
}

/* A legend does not name what is not drawn. */
static void a_legend_names_the_other_quarter_where_there_is_one(void **state)
{
    (void)state;
    for (int before = 0; before < 2; before++) {
        struct chart_spec spec = fixture_spec(CHART_SMALL_MULTIPLES, 2, 10);
        fixture_text(&spec.current_label, "now");
        fixture_text(&spec.previous_label, "then");
        for (size_t i = 0; i < 2 && before == 1; i++) {
            spec.previous_day_count = 10;
            spec.series[i].previous = g_new0(double, 10);
            spec.series[i].previous_observed = g_new0(bool, 10);
        }
        struct scene *scene = lay_out(&spec);
        assert_int_equal(fixture_count(scene, SCENE_TEXT, "legend"), 1 + before);
        scene_free(scene);
        chart_spec_release(&spec);
    }
}

/* Of a name too long for its place the port, the code, the share stays; of a change the per cent. */
static void names_keep_what_cannot_be_guessed(void **state)
{
    (void)state;
    static const enum chart_kind kinds[] = {CHART_DOT_PLOT, CHART_HEAT_MAP, CHART_RANK_FLOW, CHART_SHARES};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        struct chart_spec spec = fixture_spec(kinds[i], 1, kinds[i] == CHART_DOT_PLOT ? 1 : 5);
        fixture_text(&spec.series[0].label, "a name that is far too long for any place beside a figure");
        fixture_text(&spec.series[0].detail, "3389/TCP");
        fixture_text(&spec.series[0].remark, kinds[i] == CHART_SHARES ? "23.3%" : "+10.9%(+1,442件)");
        for (int day = 0; day < spec.day_count; day++)
            spec.series[0].values[day] = 1;
        spec.width_pt = 330;
        struct scene *scene = lay_out(&spec);
        const char *name = fixture_text_of(scene, "label", 0)->text;
        assert_non_null(strstr(name, "…"));
        assert_true(g_str_has_suffix(name, kinds[i] == CHART_SHARES ? " 3389/TCP 23.3%" : " 3389/TCP"));
        if (kinds[i] == CHART_DOT_PLOT) {
            scene_free(scene);
            fixture_text(&spec.series[0].remark, "+12,345.6%(+1,234,567,890件)");
            scene = lay_out(&spec);
            assert_string_equal(fixture_text_of(scene, "remark", 0)->text, "+12,345.6%");
        }
        scene_free(scene);
        chart_spec_release(&spec);
    }
    /* Between two columns is hardly room: the port, rather than half of a name. */
    struct chart_spec spec = fixture_spec(CHART_RANK_FLOW, 2, 8);
    for (int column = 0; column < 8; column++) {
        spec.series[0].values[column] = 1;
        spec.series[1].values[column] = 2;
        spec.series[1].observed[column] = column < 3;
    }
    fixture_text(&spec.series[1].label, "microsoft-ds");
    fixture_text(&spec.series[1].detail, "445/TCP");
    struct scene *scene = lay_out(&spec);
    assert_string_equal(fixture_text_of(scene, "gone", 0)->text, "445/TCP");
    scene_free(scene);
    fixture_text(&spec.series[1].detail, "53413/UDPLite"); /* and rather nothing than 534… */
    scene = lay_out(&spec);
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "gone"), 0);
    scene_free(scene);
    chart_spec_release(&spec);
    /* Every column has its name. */
    spec = fixture_spec(CHART_RANK_FLOW, 1, 6);
    spec.columns = g_new0(char *, 6);
    for (int column = 0; column < 6; column++) {
        spec.series[0].values[column] = 1;
        spec.columns[column] = g_strdup_printf("2024年%d〜%d月", 2 * column + 1, 2 * column + 2);
    }
    for (spec.width_pt = 330; spec.width_pt < 700; spec.width_pt += 10) {
        scene = lay_out(&spec);
        int lines = fixture_count(scene, SCENE_TEXT, "column");
        assert_true(lines == 6 || lines == 12);
        scene_free(scene);
    }
    chart_spec_release(&spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_other_kinds_keep_to_their_frames),
        cmocka_unit_test(rows_may_be_many_and_lines_few),
        cmocka_unit_test(shares_add_up),
        cmocka_unit_test(one_row_is_enough),
        cmocka_unit_test(numbers_stand_over_all_bars_or_none),
        cmocka_unit_test(numbers_of_this_year_come_first),
        cmocka_unit_test(the_way_to_a_label_is_dotted_over_missing_days),
        cmocka_unit_test(a_legend_names_the_other_quarter_where_there_is_one),
        cmocka_unit_test(names_keep_what_cannot_be_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
