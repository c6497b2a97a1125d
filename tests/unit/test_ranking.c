/* Ranks of all keys: ties share a rank and stand in key order, "??" has none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/comparison.h"
#include "report/ranking.h"
#include "unit/summary_fixture.h"

static void ties_share_a_rank(void **state)
{
    (void)state;
    struct summary *summary = summary_fixture_new("2025q1", 1);
    struct measure_counts *ports = summary_fixture_measure(summary, "ports", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(summary, ports, "22/TCP", 50);
    summary_fixture_row(summary, ports, "23/TCP", 90);
    summary_fixture_row(summary, ports, "80/TCP", 10);
    summary_fixture_row(summary, ports, "443/TCP", 50);
    struct ranking ranking;
    ranking_init(&ranking, summary, ports);
    assert_int_equal(ranking.entry_count, 4);
    assert_int_equal(ranking.total, 200);
    const char *keys[] = {"23/TCP", "22/TCP", "443/TCP", "80/TCP"};
    const int ranks[] = {1, 2, 2, 4};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(ranking.entries[i].key, keys[i]);
        assert_int_equal(ranking.entries[i].rank, ranks[i]);
        assert_ptr_equal(ranking_find(&ranking, keys[i]), &ranking.entries[i]);
    }
    assert_null(ranking_find(&ranking, "8728/TCP"));
    ranking_release(&ranking);
    summary_free(summary);
}

static void unallocated_addresses_are_no_region(void **state)
{
    (void)state;
    struct summary *summary = summary_fixture_new("2025q1", 1);
    struct measure_counts *regions = summary_fixture_measure(summary, "regions", COUNT_PACKETS, BY_REGION);
    summary_fixture_row(summary, regions, "??", 700);
    summary_fixture_row(summary, regions, "US", 300);
    struct ranking ranking;
    ranking_init(&ranking, summary, regions);
    assert_int_equal(ranking.entry_count, 1);
    assert_string_equal(ranking.entries[0].key, "US");
    assert_int_equal(ranking.entries[0].rank, 1);
    assert_int_equal(ranking.total, 1000);
    assert_int_equal(ranking.unallocated, 700);
    ranking_release(&ranking);
    summary_free(summary);
}

static void nothing_and_very_much_are_ranked(void **state)
{
    (void)state;
    struct summary *summary = summary_fixture_new("2025q1", 1);
    struct measure_counts *empty = summary_fixture_measure(summary, "empty", COUNT_PACKETS, BY_PORT);
    struct measure_counts *huge = summary_fixture_measure(summary, "huge", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(summary, huge, "22/TCP", (UINT64_C(1) << 63) - 1);
    summary_fixture_row(summary, huge, "23/TCP", UINT64_C(1) << 63);
    struct ranking ranking;
    ranking_init(&ranking, summary, empty);
    assert_int_equal(ranking.entry_count, 0);
    assert_int_equal(ranking.total, 0);
    ranking_release(&ranking);
    ranking_init(&ranking, summary, huge);
    assert_string_equal(ranking.entries[0].key, "23/TCP");
    assert_true(ranking.entries[0].count == UINT64_C(1) << 63);
    assert_true(ranking.total == UINT64_MAX);
    ranking_release(&ranking);
    summary_free(summary);
}

static void a_comparison_holds_the_keys_of_both_editions(void **state)
{
    (void)state;
    struct summary *now = summary_fixture_new("2025q1", 1);
    struct summary *before = summary_fixture_new("2024q4", 1);
    struct measure_counts *ports = summary_fixture_measure(now, "ports", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(now, ports, "22/TCP", 5);
    summary_fixture_row(now, ports, "23/TCP", 9);
    summary_fixture_row(now, ports, "80/TCP", 5);
    struct measure_counts *old = summary_fixture_measure(before, "ports", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(before, old, "21/TCP", 2);
    summary_fixture_row(before, old, "23/TCP", 1);
    summary_fixture_row(before, old, "25/TCP", 4);
    struct comparison comparison;
    comparison_init(&comparison, ports, 2, now, before);
    assert_int_equal(comparison.comparability, COMPARABLE);
    const char *keys[] = {"23/TCP", "22/TCP", "80/TCP", "25/TCP", "21/TCP"};
    const int ranks[] = {1, 2, 2, 0, 0};
    const int previous_ranks[] = {3, 0, 0, 1, 2};
    assert_int_equal(comparison.row_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(comparison.rows[i].key, keys[i]);
        assert_int_equal(comparison.rows[i].rank, ranks[i]);
        assert_int_equal(comparison.rows[i].previous_rank, previous_ranks[i]);
    }
    assert_int_equal(comparison.shown_count, 3); /* the tie reaches beyond the two asked for */
    assert_int_equal(comparison.total, 19);
    assert_int_equal(comparison.previous_total, 7);
    comparison_release(&comparison);

    g_free(old->definition);
    old->definition = g_strdup("something else");
    comparison_init(&comparison, ports, 2, now, before);
    assert_int_equal(comparison.comparability, COMPARABLE_OTHER_DEFINITION);
    assert_int_equal(comparison.row_count, 3);
    assert_int_equal(comparison.rows[0].previous_rank, 0);
    comparison_release(&comparison);
    comparison_init(&comparison, ports, 2, now, NULL);
    assert_int_equal(comparison.comparability, COMPARABLE_NO_PREVIOUS);
    comparison_release(&comparison);
    summary_free(now);
    summary_free(before);
}

/* Counts of one to seven bytes, some of them equal, against a sort that compares. The first ranks alone are
 * those of the whole. */
static void many_are_ranked(void **state)
{
    (void)state;
    struct summary *summary = summary_fixture_new("2025q1", 1);
    struct measure_counts *ports = summary_fixture_measure(summary, "ports", COUNT_BYTES, BY_PORT);
    uint64_t seed = 1;
    for (int port = 0; port < 500; port++) {
        char key[KEY_TEXT_SIZE];
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint64_t count = (seed >> 7 & 0xff) << (seed >> 59 & 7) * 6;
        summary_fixture_row(summary, ports, key_from_port(6, port, key), count + 1);
    }
    struct ranking whole;
    ranking_init(&whole, summary, ports);
    assert_int_equal(whole.entry_count, 500);
    for (size_t i = 1; i < whole.entry_count; i++) {
        const struct ranking_entry *entry = &whole.entries[i];
        assert_true(entry[-1].count >= entry->count);
        if (entry[-1].count == entry->count)
            assert_true(key_compare(entry[-1].key, entry->key) < 0);
        assert_int_equal(entry->rank, entry[-1].count == entry->count ? (size_t)entry[-1].rank : i + 1);
    }
    for (size_t top = 1; top < 520; top = top * 5 / 4 + 1) {
        struct ranking first;
        ranking_init_top(&first, ports, top);
        size_t wanted = 0;
        while (wanted < 500 && whole.entries[wanted].rank <= (int)top)
            wanted++;
        assert_int_equal(first.entry_count, wanted);
        for (size_t i = 0; i < wanted; i++) {
            assert_string_equal(first.entries[i].key, whole.entries[i].key);
            assert_int_equal(first.entries[i].rank, whole.entries[i].rank);
        }
        ranking_release(&first);
        struct comparison all, shown;
        comparison_init(&all, ports, (int)top, summary, NULL);
        comparison_init_shown(&shown, ports, (int)top, summary);
        assert_int_equal(shown.row_count, wanted);
        assert_int_equal(shown.shown_count, all.shown_count);
        assert_true(shown.total == all.total && shown.comparability == all.comparability);
        for (size_t i = 0; i < wanted; i++)
            assert_memory_equal(&shown.rows[i], &all.rows[i], sizeof shown.rows[i]);
        comparison_release(&all);
        comparison_release(&shown);
    }
    ranking_release(&whole);
    summary_free(summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_share_a_rank),
        cmocka_unit_test(unallocated_addresses_are_no_region),
        cmocka_unit_test(nothing_and_very_much_are_ranked),
        cmocka_unit_test(many_are_ranked),
        cmocka_unit_test(a_comparison_holds_the_keys_of_both_editions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
