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
    struct difference *difference = difference_new(&scene->publication, scene->now, scene->other, "ja", &err);
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
    assert_string_equal(row->change, "-100.0%(-250)");
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
    assert_int_equal(difference->note_count, 6);
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

static void a_region_without_a_name_is_an_error(void **state)
{
    (void)state;
    struct scene scene;
    struct error err = {0};
    scene_init(&scene);
    scene.measure->by = scene.other_measure->by = BY_REGION;
    summary_fixture_row(scene.other, scene.other_measure, "XK", 5);
    assert_null(difference_new(&scene.publication, scene.now, scene.other, "ja", &err));
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
        cmocka_unit_test(a_region_without_a_name_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
