/* What changed between two editions: rows that either shows, and what makes them hard to compare. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/difference.h"
#include "unit/summary_fixture.h"

struct scene {
    struct publication publication;
    struct summary *now, *other;
    struct measure_counts *measure, *other_measure;
};

static void scene_init(struct scene *scene)
{
    fixture_data_folder();
    memset(scene, 0, sizeof *scene);
    fixture_publication(&scene->publication);
    fixture_table(&scene->publication, "t", "m", 2);
    scene->now = summary_fixture_new("2025q1", 2);
    scene->other = summary_fixture_new("2024q4", 2);
    scene->measure = summary_fixture_measure(scene->now, "m", COUNT_PACKETS, BY_PORT);
    scene->other_measure = summary_fixture_measure(scene->other, "m", COUNT_PACKETS, BY_PORT);
}

static void scene_release(struct scene *scene)
{
    summary_free(scene->now);
    summary_free(scene->other);
    publication_release(&scene->publication);
}

static struct difference *compare(const struct scene *scene)
{
    struct error err = {0};
    struct difference *difference =
        difference_new(&scene->publication, scene->now, scene->other, NULL, "ja", &err);
    if (difference == NULL)
        fail_msg("%s", err.message);
    return difference;
}

static bool has_note(const struct difference *difference, enum difference_kind kind, const char *start)
{
    for (size_t i = 0; i < difference->note_count; i++)
        if (difference->notes[i].kind == kind && g_str_has_prefix(difference->notes[i].text, start))
            return true;
    return false;
}

static void counts_that_changed_enough(void **state)
{
    (void)state;
    struct difference_row row = {.rank = 1, .other_rank = 1, .count = 104, .other_count = 100};
    assert_true(difference_row_changed(&row, 0));
    assert_true(difference_row_changed(&row, 0.04));
    assert_false(difference_row_changed(&row, 0.05));
    row.count = 96;
    assert_true(difference_row_changed(&row, 0.04));
    assert_false(difference_row_changed(&row, 0.05));
    row.other_rank = 2;
    assert_true(difference_row_changed(&row, 0.05));
}

static void equal_editions_differ_in_nothing(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    summary_fixture_row(scene.now, scene.measure, "23/TCP", 500);
    summary_fixture_row(scene.other, scene.other_measure, "23/TCP", 500);
    struct difference *difference = compare(&scene);
    assert_int_equal(difference->row_count, 1);
    assert_false(difference_row_changed(&difference->rows[0], 0));
    assert_int_equal(difference->note_count, 0);
    assert_string_equal(difference->rows[0].change, "±0");
    difference_free(difference);
    scene_release(&scene);
}

static void rows_that_either_edition_shows(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    summary_fixture_row(scene.now, scene.measure, "22/TCP", 300);
    summary_fixture_row(scene.now, scene.measure, "23/TCP", 500);
    summary_fixture_row(scene.now, scene.measure, "80/TCP", 100);
    summary_fixture_row(scene.now, scene.measure, "81/TCP", 100);
    summary_fixture_row(scene.other, scene.other_measure, "23/TCP", 500);
    summary_fixture_row(scene.other, scene.other_measure, "80/TCP", 200);
    summary_fixture_row(scene.other, scene.other_measure, "81/TCP", 50);
    summary_fixture_row(scene.other, scene.other_measure, "82/TCP", 250);
    struct difference *difference = compare(&scene);
    /* now: 23 (1), 22 (2), 80 and 81 (3); other: 23 (1), 82 (2), 80 (3), 81 (4). Neither shows 80 and 81. */
    assert_int_equal(difference->row_count, 3);
    assert_false(difference_row_changed(&difference->rows[0], 0));
    assert_true(difference_row_changed(&difference->rows[1], 1)); /* its rank did */
    assert_true(difference_row_changed(&difference->rows[2], 1));
    const struct difference_row *row = &difference->rows[0];
    assert_string_equal(row->table, "t");
    assert_string_equal(row->key, "23/TCP");
    assert_string_equal(row->label, "Telnet(23/TCP)");
    assert_true(row->share > 0.499 && row->share < 0.501 && row->other_share > 0.499 &&
                row->other_share < 0.501);
    assert_false(row->entered || row->left);
    row = &difference->rows[1];
    assert_string_equal(row->key, "22/TCP");
    assert_int_equal(row->rank, 2);
    assert_int_equal(row->other_rank, 0);
    assert_int_equal(row->other_count, 0);
    assert_string_equal(row->change, "新規");
    assert_true(row->entered && !row->left);
    row = &difference->rows[2];
    assert_string_equal(row->key, "82/TCP");
    assert_int_equal(row->rank, 0);
    assert_int_equal(row->other_rank, 2);
    assert_string_equal(row->change, "-100.0%(-250件)");
    assert_true(row->left && !row->entered);
    difference_free(difference);
    scene_release(&scene);
}

static void add_registry(struct summary *summary, const char *name, const char *date)
{
    struct summary_registry *registry = g_new0(struct summary_registry, 1);
    registry->name = g_strdup(name);
    registry->date = g_strdup(date);
    registry->file = g_strdup("delegated");
    g_ptr_array_add(summary->registries, registry);
}

static void notes_say_what_is_hard_to_compare(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    summary_free(scene.other);
    scene.other = summary_fixture_new("2024q4", 1); /* s2 is new */
    summary_fixture_silence(scene.other, 0, 0, 1);
    scene.other_measure = summary_fixture_measure(scene.other, "m", COUNT_PACKETS, BY_PORT);
    g_free(scene.other_measure->definition);
    scene.other_measure->definition = g_strdup("counted otherwise");
    summary_fixture_row(scene.now, scene.measure, "23/TCP", 500);
    add_registry(scene.now, "apnic", "2025-06-30");
    add_registry(scene.now, "arin", "2025-06-30");
    add_registry(scene.other, "apnic", "2025-03-31");
    add_registry(scene.other, "lacnic", "");
    struct difference *difference = compare(&scene);
    assert_int_equal(difference->row_count, 0);
    assert_int_equal(difference->note_count, 7);
    assert_true(has_note(difference, DIFFERENCE_CONFIGURATION,
                         "集計「m」の条件：2025年1〜3月はcounted otherwise、この四半期はm"));
    assert_true(
        has_note(difference, DIFFERENCE_CONFIGURATION, "「表のt」は、2025年1〜3月と集計の条件が異なるため"));
    assert_true(has_note(difference, DIFFERENCE_COVERAGE, "2025年1〜3月に稼働していなかったセンサー：地点2"));
    assert_true(has_note(difference, DIFFERENCE_COVERAGE, "2025年1〜3月：地点1が1月1日〜1月2日に停止"));
    assert_true(has_note(difference, DIFFERENCE_DATA, "APNICの割り当て情報：2025-03-31から2025-06-30に変更"));
    assert_true(has_note(difference, DIFFERENCE_DATA, "ARIN 2025-06-30の割り当て情報を追加"));
    assert_true(has_note(difference, DIFFERENCE_DATA, "LACNICの割り当て情報を除外"));
    difference_free(difference);
    scene_release(&scene);
}

/* s1 of the current quarter stops for three days, of which the log of maintenance explains the last two; s2
 * goes on although the log has it stopped. */
static void maintenance_explains_stops(void **state)
{
    (void)state;
    struct scene scene;
    struct maintenance entries[] = {
        {(char *)(uintptr_t) "s1", {2025, 4, 3}, {2025, 4, 10}, (char *)(uintptr_t) "交換", NULL},
        {(char *)(uintptr_t) "s2", {2025, 6, 30}, {2025, 7, 2}, (char *)(uintptr_t) "", NULL},
    };
    scene_init(&scene);
    summary_fixture_row(scene.now, scene.measure, "23/TCP", 500);
    summary_fixture_row(scene.other, scene.other_measure, "23/TCP", 500);
    summary_fixture_silence(scene.now, 0, 1, 3);
    scene.publication.has_maintenance = true;
    scene.publication.maintenance = (struct maintenance_log){entries, G_N_ELEMENTS(entries)};
    struct difference *difference = compare(&scene);
    assert_int_equal(difference->note_count, 4);
    assert_string_equal(difference->notes[0].text, "2025年4〜6月：地点1が4月2日に停止（保守の記録になし）");
    assert_string_equal(difference->notes[1].text,
                        "2025年4〜6月：地点1が4月3日〜4月4日に停止（保守の記録：交換）");
    assert_string_equal(
        difference->notes[2].text,
        "2025年4〜6月：地点1は保守の記録では4月5日〜4月10日に停止（交換）、実際にはパケットあり");
    assert_string_equal(
        difference->notes[3].text,
        "2025年4〜6月：地点2は保守の記録では6月30日に停止（理由の記載なし）、実際にはパケットあり");
    difference_free(difference);
    scene.publication.maintenance = (struct maintenance_log){NULL, 0};
    scene_release(&scene);
}

/* One of two sensors was down all of this quarter: the count halves, the average does not. */
static void averages_and_variation(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    summary_fixture_row(scene.now, scene.measure, "23/TCP", 910);
    summary_fixture_row(scene.now, scene.measure, "80/TCP", 900);
    summary_fixture_row(scene.other, scene.other_measure, "23/TCP", 1800);
    summary_fixture_row(scene.other, scene.other_measure, "80/TCP", 900);
    summary_fixture_silence(scene.now, 1, 0, 90);
    struct difference *difference = compare(&scene);
    const struct difference_row *row = &difference->rows[0];
    assert_string_equal(row->change, "-49.4%(-890件)");
    assert_true(row->per_sensor > 9.99 && row->per_sensor < 10.01);
    assert_true(row->other_per_sensor > 9.99 && row->other_per_sensor < 10.01);
    assert_string_equal(row->per_sensor_change, "±0");
    assert_string_equal(difference_row_variation(row), "usual");
    assert_true(row->near_tie); /* 910 and 900 */
    assert_true(difference_row_changed(row, 0));
    assert_false(difference_row_changed(row, 0.1)); /* half of the count, but no more than usual */
    row = &difference->rows[1];
    assert_string_equal(row->per_sensor_change, "+97.8%(+4.89件)"); /* 900 over 91 days, from 900 over 180 */
    assert_string_equal(difference_row_variation(row), "change");
    assert_true(difference_row_is_usual(&difference->rows[0]) && !difference_row_is_usual(row));
    difference_free(difference);
    scene_release(&scene);
}

/* 500 now and 300 before, of which the other edition's registries would have given 350. */
static void registries_take_their_part(void **state)
{
    (void)state;
    struct scene scene;
    struct error err = {0};
    struct registry_count counts[] = {{(char *)(uintptr_t) "CN", 200}, {(char *)(uintptr_t) "US", 350}};
    struct registry_move moves[] = {{(char *)(uintptr_t) "CN", (char *)(uintptr_t) "US", 1024, 0}};
    struct registry_recount recount = {(char *)(uintptr_t) "t", REGISTRY_BLOCKS, counts, 2, 7};
    struct registry_effect effect = {REGISTRY_BLOCKS, moves, 1, &recount, 1};
    const struct difference_extra extra = {.effect = &effect};
    scene_init(&scene);
    scene.measure->by = scene.other_measure->by = BY_REGION;
    summary_fixture_row(scene.now, scene.measure, "CN", 200);
    summary_fixture_row(scene.now, scene.measure, "US", 500);
    summary_fixture_row(scene.other, scene.other_measure, "CN", 200);
    summary_fixture_row(scene.other, scene.other_measure, "US", 300);
    struct difference *difference =
        difference_new(&scene.publication, scene.now, scene.other, &extra, "ja", &err);
    if (difference == NULL)
        fail_msg("%s", err.message);
    assert_true(difference->rows[0].has_recount);
    assert_int_equal(difference->rows[0].recount, 350);
    assert_int_equal(difference->rows[1].recount, 200);
    assert_true(has_note(difference, DIFFERENCE_DATA,
                         "割り当て情報の違いで地域が変わったIPアドレス：IPv4は1,024個、IPv6は/"
                         "48単位で0個（CNからUSへ1,024個"));
    assert_true(
        has_note(difference, DIFFERENCE_DATA,
                 "米国(US)の増減+200のうち、割り当て情報の違いによるもの+150、通信の増減によるもの+50"));
    assert_true(has_note(difference, DIFFERENCE_DATA, "「表のt」のうち7件は、"));
    assert_int_equal(difference->note_count, 4);
    difference_free(difference);
    recount.basis = effect.basis = REGISTRY_UNKNOWN;
    difference = difference_new(&scene.publication, scene.now, scene.other, &extra, "ja", &err);
    assert_false(difference->rows[0].has_recount);
    assert_true(has_note(difference, DIFFERENCE_DATA,
                         "「表のt」の増減のうち割り当て情報の違いによるものは、収集ファイルがなく"));
    difference_free(difference);
    effect.recount_count = effect.move_count = 0;
    difference = difference_new(&scene.publication, scene.now, scene.other, &extra, "ja", &err);
    assert_int_equal(difference->note_count, 1);
    assert_true(
        has_note(difference, DIFFERENCE_DATA, "2025年1〜3月の割り当て情報が残っていないか変わっているため"));
    difference_free(difference);
    scene_release(&scene);
}

static void a_region_without_a_name_is_an_error(void **state)
{
    (void)state;
    struct scene scene;
    struct error err = {0};
    scene_init(&scene);
    scene.measure->by = scene.other_measure->by = BY_REGION;
    summary_fixture_row(scene.other, scene.other_measure, "XK", 5);
    assert_null(difference_new(&scene.publication, scene.now, scene.other, NULL, "ja", &err));
    assert_string_equal(err.message,
                        "difference: table t: regions.csv: no name for the region 'XK' in the language "
                        "'ja', expected a line for it");
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_editions_differ_in_nothing),
        cmocka_unit_test(rows_that_either_edition_shows),
        cmocka_unit_test(counts_that_changed_enough),
        cmocka_unit_test(notes_say_what_is_hard_to_compare),
        cmocka_unit_test(maintenance_explains_stops),
        cmocka_unit_test(averages_and_variation),
        cmocka_unit_test(registries_take_their_part),
        cmocka_unit_test(a_region_without_a_name_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
