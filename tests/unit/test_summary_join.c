/* Two quarters as one summary, against numbers made by hand: days follow each other, sensors are found by
 * their ids, what is distinct is united over both. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "summary_fixture.h"

static struct summary *part(const char *edition, const char *first_sensor)
{
    struct summary *summary = summary_fixture_new(edition, 2);
    g_free(summary->sensors[0].id);
    summary->sensors[0].id = g_strdup(first_sensor);
    return summary;
}

/* Packets of one key on the first and the last day. */
static void add_packets(struct summary *summary, const char *key, uint64_t first, uint64_t last)
{
    uint64_t daily[EDITION_DAYS_MAX] = {first};
    daily[summary->edition.day_count - 1] = last;
    struct measure_counts *measure = summary->measure_count > 0
                                         ? &summary->measures[0]
                                         : summary_fixture_measure(summary, "ports", COUNT_PACKETS, BY_PORT);
    summary_fixture_daily(summary, measure, key, daily);
}

static struct summary *join(struct summary *first, struct summary *second)
{
    struct summary *parts[] = {first, second};
    struct edition from, to;
    struct error err = {0};
    assert_int_equal(edition_parse("2024q4", 4, &from, &err), 0);
    assert_int_equal(edition_parse("2025q1", 4, &to, &err), 0);
    struct edition span = edition_span(&from, &to);
    assert_string_equal(span.name, "2024q4-2025q1");
    assert_int_equal(span.day_count, 90 + 91);
    struct summary *joined = summary_join(parts, &span);
    summary_free(first);
    summary_free(second);
    return joined;
}

static void days_follow_each_other(void **state)
{
    (void)state;
    struct summary *first = part("2024q4", "s1"), *second = part("2025q1", "s1");
    add_packets(first, "23/TCP", 1, 2);
    add_packets(second, "23/TCP", 4, 8);
    add_packets(second, "80/TCP", 16, 32);
    summary_fixture_silence(second, 1, 0, 0);
    struct summary *joined = join(first, second);
    const struct measure_counts *measure = summary_measure(joined, "ports");
    uint64_t daily[181], total;
    const struct summary_row *row = measure_counts_row(measure, "23/TCP");
    assert_int_equal(row->total, 15);
    summary_row_daily(joined, measure, row, daily);
    assert_int_equal(daily[0], 1);
    assert_int_equal(daily[89], 2);
    assert_int_equal(daily[90], 4);
    assert_int_equal(daily[180], 8);
    char *none[] = {NULL};
    summary_united(joined, measure, none, true, daily, &total);
    assert_int_equal(total, 63);
    assert_int_equal(daily[90], 20);
    assert_int_equal(joined->sensor_count, 2);
    assert_int_equal(joined->sensors[1].packets[89], 1000);
    assert_int_equal(joined->sensors[1].packets[90], 0);
    summary_free(joined);
}

/* A quarter without counts leaves its days unobserved, not zero. */
static void a_quarter_that_is_not_there(void **state)
{
    (void)state;
    struct summary *second = part("2025q1", "s1");
    add_packets(second, "23/TCP", 4, 8);
    struct summary *joined = join(NULL, second);
    const struct measure_counts *measure = summary_measure(joined, "ports");
    bool observed[181];
    summary_observed(joined, measure, observed);
    assert_false(observed[0]);
    assert_false(observed[89]);
    assert_true(observed[90]);
    assert_int_equal(measure_counts_row(measure, "23/TCP")->total, 12);
    summary_free(joined);
}

/* The fixture's sources are the same addresses every day: over both quarters no more than the larger day. */
static void sources_are_united(void **state)
{
    (void)state;
    struct summary *parts[2];
    for (int i = 0; i < 2; i++) {
        uint64_t daily[EDITION_DAYS_MAX] = {i == 0 ? 5 : 3};
        parts[i] = part(i == 0 ? "2024q4" : "2025q1", "s1");
        struct measure_counts *measure =
            summary_fixture_measure(parts[i], "sources", COUNT_SOURCES, BY_NOTHING);
        summary_fixture_daily(parts[i], measure, "all", daily);
    }
    struct summary *joined = join(parts[0], parts[1]);
    assert_int_equal(measure_counts_row(summary_measure(joined, "sources"), "all")->total, 5);
    summary_free(joined);
}

/* s0, s2 before and s1, s2 now: number 0 is another sensor, so the pairs (source, 0) of both are different
 * ones. */
static void pairs_keep_their_sensors(void **state)
{
    (void)state;
    struct summary *parts[2];
    for (int i = 0; i < 2; i++) {
        parts[i] = part(i == 0 ? "2024q4" : "2025q1", i == 0 ? "s0" : "s1");
        struct measure_counts *measure =
            summary_fixture_measure(parts[i], "pairs", COUNT_SOURCE_SENSORS, BY_NOTHING);
        struct source_set *addresses = source_set_new(), *pairs = source_set_new();
        source_set_add_ipv4(addresses, 0x0a000001);
        source_set_add_pairs(pairs, 0, addresses);
        source_set_add_pairs(pairs, 1, addresses);
        struct section section = {.row_count = 0};
        struct section_writer writer;
        section_writer_init(&writer, COUNT_SOURCE_SENSORS, &section);
        section_writer_row(&writer, (const uint8_t *)"", 0);
        section_writer_sources(&writer, 0, pairs);
        section_writer_finish(&writer);
        measure_counts_replace(measure, &section);
        source_set_free(addresses);
        source_set_free(pairs);
    }
    struct summary *joined = join(parts[0], parts[1]);
    assert_int_equal(joined->sensor_count, 3);
    const struct measure_counts *measure = summary_measure(joined, "pairs");
    assert_int_equal(measure->rows[0].total, 3); /* s0, s1, s2 */
    summary_free(joined);
}

static void other_definitions_are_left_out(void **state)
{
    (void)state;
    struct summary *first = part("2024q4", "s1"), *second = part("2025q1", "s1");
    add_packets(first, "23/TCP", 1, 2);
    add_packets(second, "23/TCP", 4, 8);
    g_free(first->measures[0].definition);
    first->measures[0].definition = g_strdup("something else");
    struct summary *joined = join(first, second);
    assert_null(summary_measure(joined, "ports"));
    summary_free(joined);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_follow_each_other),
        cmocka_unit_test(a_quarter_that_is_not_there),
        cmocka_unit_test(sources_are_united),
        cmocka_unit_test(pairs_keep_their_sensors),
        cmocka_unit_test(other_definitions_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
