/* Layout with a made-up measure: half an em a character. */
#include <math.h>
#include <string.h>

#include "unit/chart_check.h"

#include "chart/chart.h"
#include "chart/label_placement.h"
#include "chart/palette.h"

static struct scene *lay_out(const struct chart_spec *spec)
{
    struct error err = {0};
    struct scene *scene = layout_scene(spec, &fixture_measure, &err);
    if (scene == NULL)
        fail_msg("%s", err.message);
    return scene;
}

/* Two days, 1 and 2, in 200 x 120 pt. By hand: margins 6; the scale's numbers are 4 pt wide, so the plot
 * starts at 6 + 4 + 4 = 14 and ends at 194 - 4 (label) - 4 - 17 (sample) - 12 (leader) = 157; from 6 + 4 + 5
 * = 15 down to 114 - 6 - 2 rows of 10.4 = 87.2. The scale ends at 3: one is 72.2 / 3 = 24.0667 pt. A day
 * is 71.5 pt wide. */
static void a_tiny_figure(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 2);
    spec.width_pt = 200;
    spec.height_pt = 120;
    spec.series[0].values[0] = 1;
    spec.series[0].values[1] = 2;
    fixture_text(&spec.subtitle, "");
    fixture_text(&spec.series[0].detail, "");
    struct scene *scene = lay_out(&spec);
    char *dump = scene_dump(scene);
    assert_string_equal(dump, "scene 200 120 ja \"fig1\"\n"
                              "line 14 87.2 157 87.2 #333333 width 0.8\n"
                              "text value 10 90.08 end size 8 #444444 width 4 \"0\"\n"
                              "line 14 63.13 157 63.13 #CCCCCC width 0.4\n"
                              "text value 10 66.01 end size 8 #444444 width 4 \"1\"\n"
                              "line 14 39.07 157 39.07 #CCCCCC width 0.4\n"
                              "text value 10 41.95 end size 8 #444444 width 4 \"2\"\n"
                              "line 14 15 157 15 #CCCCCC width 0.4\n"
                              "text value 10 17.88 end size 8 #444444 width 4 \"3\"\n"
                              "line 49.75 87.2 49.75 91.7 #333333 width 0.6\n"
                              "text day 49.75 99.24 middle size 8 #111111 width 12 \"4/1\"\n"
                              "text year 43.75 109.64 start size 8 #444444 width 20 \"2025年\"\n"
                              "line 121.25 87.2 121.25 91.7 #333333 width 0.6\n"
                              "text day 121.25 99.24 middle size 8 #111111 width 12 \"4/2\"\n"
                              "group series-1 \"A\"\n"
                              "  polyline 49.75 63.13 121.25 39.07 #D55E00 width 1.7 casing 0.8\n"
                              "end\n"
                              "polyline 122.75 39.07 158 39.07 166.5 39.07 168 39.07 #D55E00 width 0.6\n"
                              "line 169 39.07 186 39.07 #D55E00 width 1.7\n"
                              "text label 190 41.95 start size 8 bold #111111 width 4 \"A\"\n");
    g_free(dump);
    scene_free(scene);
    chart_spec_release(&spec);
}

static void labels_move_no_more_than_they_must(void **state)
{
    (void)state;
    struct error err = {0};
    struct label_place two[] = {{.wanted = 52, .height = 11}, {.wanted = 50, .height = 11}};
    assert_int_equal(label_placement(two, 2, 0, 100, &err), 0);
    assert_true(fabs(two[1].top - 40) < 1e-9); /* both centres wanted 51 on average: 45.5 and 56.5 */
    assert_true(fabs(two[0].top - 51) < 1e-9);
    struct label_place apart[] = {{.wanted = 20, .height = 10}, {.wanted = 60, .height = 10}};
    assert_int_equal(label_placement(apart, 2, 0, 100, &err), 0);
    assert_true(fabs(apart[0].top - 15) < 1e-9 && fabs(apart[1].top - 55) < 1e-9);
    struct label_place edge[] = {{.wanted = 1, .height = 10}, {.wanted = 99, .height = 10}};
    assert_int_equal(label_placement(edge, 2, 0, 100, &err), 0);
    assert_true(fabs(edge[0].top - 0) < 1e-9 && fabs(edge[1].top - 90) < 1e-9);
    struct label_place tie[] = {{.wanted = 50, .height = 10}, {.wanted = 50, .height = 10}};
    assert_int_equal(label_placement(tie, 2, 0, 100, &err), 0);
    assert_true(tie[0].top < tie[1].top); /* the more important one above */
    assert_int_equal(label_placement(tie, 2, 0, 19, &err), -1);
    assert_non_null(strstr(err.message, "the labels need 20 pt of height, the plot leaves 19"));
}

/* ---- properties over random figures ---- */

static void random_spec(GRand *random, struct chart_spec *spec)
{
    int series_count = g_rand_int_range(random, 1, 9);
    int day_count =
        g_rand_boolean(random) ? g_rand_int_range(random, 1, 120) : g_rand_int_range(random, 1, 900);
    *spec = fixture_spec(g_rand_boolean(random) ? CHART_DAILY_LINES : CHART_SMALL_MULTIPLES,
                         (size_t)series_count, day_count);
    g_free(spec->headline);
    spec->headline = random_text(random, 40);
    g_free(spec->subtitle);
    spec->subtitle = random_text(random, 50);
    g_free(spec->unit);
    spec->unit = random_text(random, 8);
    g_free(spec->source_note);
    spec->source_note = random_text(random, 40);
    g_free(spec->day_off_label);
    spec->day_off_label = random_text(random, 6);
    g_free(spec->current_label);
    spec->current_label = random_text(random, 10);
    g_free(spec->previous_label);
    spec->previous_label = random_text(random, 20);
    fixture_text(&spec->language, g_rand_boolean(random) ? "ja" : "en");
    spec->first_day = civil_date_from_days(g_rand_int_range(random, 15000, 25000));
    spec->width_pt = g_rand_int_range(random, 330, 700);
    spec->height_pt = g_rand_int_range(random, 260, 420);
    bool missing = false;
    double size = pow(10, g_rand_double_range(random, 0, 9));
    for (int day = 0; day < day_count; day++) {
        spec->day_off[day] = g_rand_int_range(random, 0, 4) == 0;
        missing = g_rand_int_range(random, 0, missing ? 4 : 30) == 0 ? !missing : missing;
        for (int i = 0; i < series_count; i++) {
            spec->series[i].values[day] = floor(g_rand_double_range(random, 0, size));
            spec->series[i].observed[day] = !missing && g_rand_int_range(random, 0, 20) != 0;
        }
    }
    for (int i = 0; i < series_count; i++) {
        g_free(spec->series[i].label);
        spec->series[i].label = random_text(random, 4);
        g_free(spec->series[i].detail);
        spec->series[i].detail = random_text(random, 3);
    }
    if (spec->kind == CHART_DAILY_LINES) {
        spec->note_count = (size_t)g_rand_int_range(random, 0, 3);
        spec->notes = g_new0(struct chart_note, spec->note_count + 1);
        for (size_t i = 0; i < spec->note_count; i++) {
            int first = g_rand_int_range(random, 0, day_count);
            spec->notes[i] =
                (struct chart_note){(size_t)g_rand_int_range(random, 0, series_count), first,
                                    g_rand_int_range(random, first, day_count), random_text(random, 12)};
        }
    }
}

static void no_ink_leaves_the_frame_and_no_texts_collide(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(20250401);
    int drawn = 0;
    for (int round = 0; round < 300; round++) {
        struct chart_spec spec;
        struct error err = {0};
        random_spec(random, &spec);
        spec.axis = (enum chart_axis)g_rand_int_range(random, 0, 3);
        struct scene *scene = layout_scene(&spec, &fixture_measure, &err);
        if (scene != NULL) {
            check_scene(scene);
            drawn++;
        } else if (strstr(err.message, "too small") == NULL &&
                   strstr(err.message, "the labels need") == NULL) {
            fail_msg("round %d: %s", round, err.message);
        }
        scene_free(scene);
        chart_spec_release(&spec);
    }
    g_rand_free(random);
    assert_true(drawn > 280);
}

static void labels_stand_in_the_order_of_the_lines_ends(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(7);
    for (int round = 0; round < 100; round++) {
        struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 8, 3);
        for (size_t i = 0; i < 8; i++)
            spec.series[i].values[2] = g_rand_int_range(random, 0, 40);
        struct scene *scene = lay_out(&spec);
        for (int i = 0; i < 8; i++)
            for (int j = 0; j < 8; j++)
                if (spec.series[i].values[2] > spec.series[j].values[2])
                    assert_true(fixture_text_of(scene, "label", i)->y <
                                fixture_text_of(scene, "label", j)->y);
        scene_free(scene);
        chart_spec_release(&spec);
    }
    g_rand_free(random);
}

/* 6月21日 breaks neither behind its numbers nor between month and day, and June 21 not at its blank. */
static void dates_stay_on_one_line(void **state)
{
    (void)state;
    static const char *const notes[] = {
        "資料、一部のセンサーが停止した日：4月1日〜4月14日、6月10日〜6月21日",
        "Source. Some sensors out of service: April 1–April 14, June 10–June 21"};
    for (int i = 0; i < 2 * 60; i++) {
        struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 5);
        fixture_text(&spec.source_note, notes[i % 2]);
        fixture_text(&spec.language, i % 2 == 0 ? "ja" : "en");
        spec.width_pt = 100 + i / 2 * 5;
        struct error err = {0};
        struct scene *scene = layout_scene(&spec, &fixture_measure, &err);
        if (scene != NULL && fixture_count(scene, SCENE_TEXT, "source") == 2) {
            const char *first = fixture_text_of(scene, "source", 0)->text;
            const char *second = fixture_text_of(scene, "source", 1)->text;
            assert_false(g_ascii_isdigit(first[strlen(first) - 1]));
            assert_false(g_str_has_suffix(first, "月"));
            assert_false(g_str_has_prefix(second, "月") || g_str_has_prefix(second, "日"));
            assert_false(g_str_has_suffix(first, "April") || g_str_has_suffix(first, "June"));
        }
        scene_free(scene);
        chart_spec_release(&spec);
    }
}

/* Lines that all end near zero: no leader may cross the name of the last day. */
static void labels_stand_above_the_names_of_days(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 8; count++) {
        struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, count, 91);
        spec.series[0].values[40] = 1000;
        struct scene *scene = lay_out(&spec);
        double days = fixture_text_of(scene, "day", 0)->y - LAYOUT_TEXT_SIZE;
        for (size_t i = 0; i < scene->marks->len; i++) {
            const struct scene_mark *mark = scene_mark(scene, i);
            for (size_t k = 0; mark->kind == SCENE_POLYLINE && k < mark->point_count; k++)
                assert_true(mark->points[k].y < days);
        }
        scene_free(scene);
        chart_spec_release(&spec);
    }
}

/* ---- days ---- */

static void missing_days_break_the_line_and_are_hatched(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 91);
    bool *observed = spec.series[0].observed;
    observed[10] = observed[11] = observed[13] = false; /* day 12 stands alone */
    observed[90] = false;
    struct scene *scene = lay_out(&spec);
    assert_int_equal(fixture_count(scene, SCENE_HATCH, NULL), 3);
    assert_int_equal(fixture_count(scene, SCENE_DOT, NULL), 1);
    /* days 0 to 9, days 14 to 89; and the leader */
    assert_int_equal(fixture_count(scene, SCENE_POLYLINE, NULL), 3);
    /* 10-11 and 13 are too near to each other for two names */
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "missing"), 2);
    scene_free(scene);

    /* What one series of two lacks is a break, but no outage. */
    struct chart_spec two = fixture_spec(CHART_DAILY_LINES, 2, 30);
    two.series[1].observed[5] = false;
    scene = lay_out(&two);
    assert_int_equal(fixture_count(scene, SCENE_HATCH, NULL), 0);
    assert_int_equal(fixture_count(scene, SCENE_POLYLINE, NULL), 1 + 2 + 2);
    scene_free(scene);
    chart_spec_release(&two);
    chart_spec_release(&spec);
}

static void all_missing_and_one_day(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 2, 91);
    memset(spec.series[0].observed, 0, 91 * sizeof(bool));
    memset(spec.series[1].observed, 0, 91 * sizeof(bool));
    struct scene *scene = lay_out(&spec);
    check_scene(scene);
    assert_int_equal(fixture_count(scene, SCENE_POLYLINE, NULL), 0);
    assert_string_equal(fixture_text_of(scene, "label", 0)->detail, "欠測");
    scene_free(scene);
    chart_spec_release(&spec);

    struct chart_spec day = fixture_spec(CHART_DAILY_LINES, 1, 1);
    day.series[0].values[0] = 5;
    scene = lay_out(&day);
    check_scene(scene);
    assert_int_equal(fixture_count(scene, SCENE_DOT, NULL), 1);
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "day"), 1);
    scene_free(scene);
    chart_spec_release(&day);
}

static void check_days(struct civil_date first, int count, const char *language, const char *expected)
{
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, count);
    spec.first_day = first;
    fixture_text(&spec.language, language);
    struct scene *scene = lay_out(&spec);
    GString *labels = g_string_new(NULL);
    for (int i = 0; i < fixture_count(scene, SCENE_TEXT, "day"); i++)
        g_string_append_printf(labels, "%s%s", i > 0 ? " " : "", fixture_text_of(scene, "day", i)->text);
    assert_string_equal(labels->str, expected);
    g_string_free(labels, TRUE);
    scene_free(scene);
    chart_spec_release(&spec);
}

static void ticks_of_days(void **state)
{
    (void)state;
    check_days((struct civil_date){2025, 4, 1}, 91, "ja", "4/1 11 21 5/1 11 21 6/1 11 21 6/30");
    check_days((struct civil_date){2025, 4, 1}, 91, "en", "Apr 1 11 21 May 1 11 21 Jun 1 11 21 Jun 30");
    check_days((struct civil_date){2025, 4, 1}, 7, "ja", "4/1 2 3 4 5 6 4/7");
    /* The 21st gives way to the quarter's last day, the 1st of a month to the first. */
    check_days((struct civil_date){2025, 4, 1}, 83, "ja", "4/1 11 21 5/1 11 21 6/1 11 6/22");
    check_days((struct civil_date){2025, 3, 30}, 80, "ja", "3/30 11 21 5/1 11 21 6/1 11 6/17");
}

static void a_new_year_is_named(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 90);
    spec.first_day = (struct civil_date){2024, 12, 1};
    struct scene *scene = lay_out(&spec);
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "year"), 2);
    assert_string_equal(fixture_text_of(scene, "year", 0)->text, "2024年");
    assert_string_equal(fixture_text_of(scene, "year", 1)->text, "2025年");
    scene_free(scene);
    chart_spec_release(&spec);
}

/* ---- texts ---- */

static void long_texts_wrap_and_are_cut(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 10);
    /* 428 pt of room: 77 characters at 11 pt, 85 at 10. */
    char *text = g_strnfill(80, 'x');
    fixture_text(&spec.headline, text);
    struct scene *scene = lay_out(&spec);
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "headline"), 1);
    assert_true(fixture_text_of(scene, "headline", 0)->size == 10);
    scene_free(scene);
    g_free(text);

    text = g_strnfill(500, 'x');
    fixture_text(&spec.headline, text);
    fixture_text(&spec.series[0].label, text);
    scene = lay_out(&spec);
    check_scene(scene);
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "headline"), 2);
    assert_true(g_str_has_suffix(fixture_text_of(scene, "headline", 1)->text, "…"));
    assert_true(g_str_has_suffix(fixture_text_of(scene, "label", 0)->text, "…"));
    scene_free(scene);
    g_free(text);

    /* Japanese breaks anywhere but before 、 and small kana: 85 characters fit, the 86th is 、 */
    GString *japanese = g_string_new(NULL);
    for (int i = 0; i < 85; i++)
        g_string_append(japanese, "観");
    g_string_append(japanese, "、次");
    fixture_text(&spec.headline, japanese->str);
    scene = lay_out(&spec);
    assert_string_equal(fixture_text_of(scene, "headline", 1)->text, "観、次");
    scene_free(scene);
    g_string_free(japanese, TRUE);
    chart_spec_release(&spec);
}

static void blanks_are_tidied_and_null_is_empty(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 10);
    fixture_text(&spec.unit, "\n  a\t b \n");
    fixture_text(&spec.headline, NULL);
    fixture_text(&spec.series[0].detail, NULL);
    struct scene *scene = lay_out(&spec);
    assert_string_equal(fixture_text_of(scene, "unit", 0)->text, "a b");
    scene_free(scene);
    chart_spec_release(&spec);
}

/* A note stands clear of the lines when there is room. */
static void notes_point_at_the_peak(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 91);
    for (int day = 0; day < 91; day++)
        spec.series[0].values[day] = day == 40 ? 1000 : 100;
    spec.notes = g_new0(struct chart_note, 1);
    spec.note_count = 1;
    spec.notes[0] = (struct chart_note){0, 35, 45, g_strdup("大きな山")};
    struct scene *scene = lay_out(&spec);
    check_scene(scene);
    const struct scene_text *note = fixture_text_of(scene, "note", 0);
    for (size_t i = 0; i < scene->marks->len; i++) {
        const struct scene_mark *mark = scene_mark(scene, i);
        if (mark->kind == SCENE_DOT) {
            assert_true(fabs(mark->x - note->x) < 1e-9); /* straight above day 40 */
            assert_true(note->y < mark->y);
        }
    }
    assert_int_equal(fixture_count(scene, SCENE_DOT, NULL), 1);
    scene_free(scene);
    chart_spec_release(&spec);
}

/* On an axis of the range alone, a note asks for room by the range, not by the value: a thousand lines would
 * be drawn for a line that hardly moves. */
static void notes_leave_a_range_its_lines(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 91);
    spec.axis = CHART_AXIS_RANGE;
    for (int day = 0; day < 91; day++)
        spec.series[0].values[day] = day == 40 ? 1001000 : 1000000;
    struct scene *scene = lay_out(&spec);
    int lines = fixture_count(scene, SCENE_LINE, NULL);
    scene_free(scene);
    spec.notes = g_new0(struct chart_note, 1);
    spec.note_count = 1;
    spec.notes[0] = (struct chart_note){0, 35, 45, g_strdup("大きな山")};
    scene = lay_out(&spec);
    check_scene(scene);
    assert_in_range(fixture_count(scene, SCENE_LINE, NULL), lines, lines + 3); /* a tick or two, the leader */
    scene_free(scene);
    chart_spec_release(&spec);
}

static void notes_keep_off_the_lines_and_each_other(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 2, 91);
    for (int day = 0; day < 91; day++)
        spec.series[0].values[day] = day == 40 || day == 44 ? 1000 : 100;
    /* A line where the words would stand otherwise. */
    for (int day = 0; day < 91; day++)
        spec.series[1].values[day] = 1060;
    spec.notes = g_new0(struct chart_note, 2);
    spec.note_count = 2;
    spec.notes[0] = (struct chart_note){0, 40, 40, g_strdup("最初の大きな山")};
    spec.notes[1] = (struct chart_note){0, 44, 44, g_strdup("次の大きな山")};
    struct scene *scene = lay_out(&spec);
    double l[2], t[2], r[2], b[2];
    for (int i = 0; i < 2; i++)
        scene_text_box(fixture_text_of(scene, "note", i), &l[i], &t[i], &r[i], &b[i]);
    assert_true(r[0] <= l[1] || r[1] <= l[0] || b[0] <= t[1] || b[1] <= t[0]);
    for (size_t i = 0; i < scene->marks->len; i++) {
        const struct scene_mark *mark = scene_mark(scene, i);
        for (size_t j = 0; mark->kind == SCENE_POLYLINE && j < mark->point_count; j++)
            for (int k = 0; k < 2; k++)
                assert_false(mark->points[j].x > l[k] && mark->points[j].x < r[k] &&
                             mark->points[j].y > t[k] && mark->points[j].y < b[k]);
    }
    scene_free(scene);
    chart_spec_release(&spec);
}

/* ---- small multiples ---- */

static void multiples_share_the_scale(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_SMALL_MULTIPLES, 5, 91);
    fixture_text(&spec.current_label, "今");
    fixture_text(&spec.previous_label, "前");
    spec.previous_day_count = 90;
    spec.series[4].previous = g_new0(double, 90);
    spec.series[4].previous_observed = g_new0(bool, 90);
    spec.series[4].previous_observed[0] = spec.series[4].previous_observed[1] = true;
    spec.series[4].previous[0] = 34; /* the largest of all: the scale ends at 40, in steps of 10 */
    struct scene *scene = lay_out(&spec);
    check_scene(scene);
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "value"), 5); /* numbers at the first panel only */
    assert_string_equal(fixture_text_of(scene, "value", 4)->text, "40");
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "month"), 15);
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "legend"), 2);
    assert_int_equal(fixture_count(scene, SCENE_POLYLINE, NULL), 6);
    scene_free(scene);
    chart_spec_release(&spec);

    struct chart_spec eight = fixture_spec(CHART_SMALL_MULTIPLES, 8, 91);
    scene = lay_out(&eight);
    check_scene(scene);
    assert_int_equal(fixture_count(scene, SCENE_TEXT, "value"), 8); /* two rows, 0 to 3 */
    scene_free(scene);
    chart_spec_release(&eight);
}

/* ---- what is refused ---- */

static void refuse(struct chart_spec *spec, const char *expected)
{
    struct error err = {0};
    assert_null(layout_scene(spec, &fixture_measure, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    if (strstr(err.message, expected) == NULL)
        fail_msg("\"%s\", expected \"%s\"", err.message, expected);
    chart_spec_release(spec);
}

static void bad_figures(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_SMALL_MULTIPLES, 9, 10);
    refuse(&spec, "9 series, expected at most 8");
    spec = fixture_spec(CHART_DAILY_LINES, 1, 0);
    refuse(&spec, "0 days, expected 1 to");
    const double bad[] = {NAN, INFINITY, -1, 1e16};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        spec = fixture_spec(CHART_DAILY_LINES, 1, 10);
        spec.series[0].values[3] = bad[i];
        refuse(&spec, "series A: day 4: value");
    }
    const double sizes[][2] = {{-440, 240}, {440, -1}, {3, 3}, {NAN, 240}, {1e9, 240}};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        spec = fixture_spec(CHART_DAILY_LINES, 1, 10);
        spec.width_pt = sizes[i][0];
        spec.height_pt = sizes[i][1];
        refuse(&spec, "expected 100 x 60 to 4000 x 4000");
    }
    spec = fixture_spec(CHART_DAILY_LINES, 8, 10);
    spec.height_pt = 70;
    refuse(&spec, "too small for its labels");
    spec = fixture_spec(CHART_SMALL_MULTIPLES, 5, 10);
    spec.width_pt = 120;
    refuse(&spec, "too small for its labels");
    spec = fixture_spec(CHART_DAILY_LINES, 1, 10);
    fixture_text(&spec.identifier, "1\"><script>");
    refuse(&spec, "expected ASCII letters");
    spec = fixture_spec(CHART_DAILY_LINES, 1, 10);
    spec.notes = g_new0(struct chart_note, 1);
    spec.note_count = 1;
    spec.notes[0] = (struct chart_note){0, 5, 10, g_strdup("x")};
    refuse(&spec, "days 5 to 10 of series 0, expected ones of the figure");
}

static void missing_values_are_never_looked_at(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 1, 10);
    spec.series[0].values[3] = NAN;
    spec.series[0].observed[3] = false;
    struct scene *scene = lay_out(&spec);
    scene_free(scene);
    chart_spec_release(&spec);
}

static void sizes_10_to_the_12_apart(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 2, 10);
    for (int day = 0; day < 10; day++) {
        spec.series[0].values[day] = 1e12;
        spec.series[1].values[day] = 1;
    }
    struct scene *scene = lay_out(&spec);
    check_scene(scene);
    assert_string_equal(fixture_text_of(scene, "value", 1)->text, "2,000億");
    scene_free(scene);
    chart_spec_release(&spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tiny_figure),
        cmocka_unit_test(labels_move_no_more_than_they_must),
        cmocka_unit_test(no_ink_leaves_the_frame_and_no_texts_collide),
        cmocka_unit_test(labels_stand_in_the_order_of_the_lines_ends),
        cmocka_unit_test(labels_stand_above_the_names_of_days),
        cmocka_unit_test(dates_stay_on_one_line),
        cmocka_unit_test(missing_days_break_the_line_and_are_hatched),
        cmocka_unit_test(all_missing_and_one_day),
        cmocka_unit_test(ticks_of_days),
        cmocka_unit_test(a_new_year_is_named),
        cmocka_unit_test(long_texts_wrap_and_are_cut),
        cmocka_unit_test(blanks_are_tidied_and_null_is_empty),
        cmocka_unit_test(notes_point_at_the_peak),
        cmocka_unit_test(notes_leave_a_range_its_lines),
        cmocka_unit_test(notes_keep_off_the_lines_and_each_other),
        cmocka_unit_test(multiples_share_the_scale),
        cmocka_unit_test(bad_figures),
        cmocka_unit_test(missing_values_are_never_looked_at),
        cmocka_unit_test(sizes_10_to_the_12_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
