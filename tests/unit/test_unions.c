/* Measures whose sets are united of a finer measure's: their bytes are those that they have alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <string.h>

#include "aggregate/inputs.h"
#include "aggregate/plan.h"
#include "unit/cache_fixture.h"
#include "unit/random.h"

enum { PACKETS = 3000, DAYS = 3, MEASURES = 2 * 11 * 2 * 2, NETWORK_BYTE = 13 };

/* Few sources and ports, so that most are seen again by other sensors, on other days, with other tools. */
static GByteArray *random_capture(uint32_t seed)
{
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    for (uint32_t i = 0; i < PACKETS; i++) {
        static const uint32_t sensors[] = {TO_A, TO_B, TO_C};
        struct test_packet packet = {
            .source = (next_random(&seed) % 2 == 0 ? FROM_JP : FROM_US) + next_random(&seed) % 600,
            .destination = sensors[next_random(&seed) % 3],
            .protocol = next_random(&seed) % 4 == 0 ? PROTOCOL_OF_UDP : PROTOCOL_OF_TCP,
            .port = (uint16_t)(20 + next_random(&seed) % 5),
            .ip_id = next_random(&seed) % 3 == 0 ? 54321 : 1,
            .source_ipv6_end = (uint8_t)(next_random(&seed) % 8 == 0 ? 1 + next_random(&seed) % 50 : 0),
        };
        packet.sequence = next_random(&seed) % 5 == 0 ? packet.destination : 7;
        GByteArray *bytes = packet_bytes(&packet);
        if (packet.source_ipv6_end != 0) /* networks are not first seen in their order */
            bytes->data[NETWORK_BYTE] = (uint8_t)(255 - next_random(&seed) % 4);
        capture_packet(capture, DAY_0 + (int64_t)i * DAYS * DAY_SECONDS / PACKETS, 0, bytes->data,
                       bytes->len);
        g_byte_array_unref(bytes);
    }
    return capture;
}

static void measures_make(struct measure measures[MEASURES], char ids[MEASURES][8], uint8_t *tcp)
{
    static const enum measure_by single[] = {BY_NOTHING, BY_PORT,     BY_REGION, BY_SENSOR,
                                             BY_TOOL,    BY_PROTOCOL, BY_GROUP,  BY_SOURCE_24};
    enum measure_by groupings[11];
    memcpy(groupings, single, sizeof single);
    groupings[8] = measure_by_pair(BY_PORT, BY_TOOL);
    groupings[9] = measure_by_pair(BY_SENSOR, BY_SOURCE_24);
    groupings[10] = measure_by_pair(BY_REGION, BY_GROUP);
    for (size_t i = 0; i < MEASURES; i++) {
        /* Names in another order than that in which they are made: who is united of whom is not told by it.
         */
        g_snprintf(ids[i], sizeof ids[i], "m%03zu", i * 37 % MEASURES);
        measures[i] = (struct measure){
            .id = ids[i],
            .by = groupings[i % 11],
            .per = i / 11 % 2 == 0 ? PER_DAY : PER_HOUR,
            .count = i / 22 % 2 == 0 ? COUNT_SOURCES : COUNT_SOURCE_SENSORS,
        };
        if (i / 44 == 1)
            measures[i].filter = (struct measure_filter){.protocols = tcp, .protocol_count = 1};
    }
}

static void bytes_do_not_depend_on_other_measures(void **state)
{
    (void)state;
    uint8_t tcp = PROTOCOL_OF_TCP;
    struct measure measures[MEASURES];
    char ids[MEASURES][8];
    struct counting counting;
    measures_make(measures, ids, &tcp);
    counting_init(&counting, measures, MEASURES);
    counting_capture(&counting, "captures/a.pcap", random_capture(11));
    counting_capture(&counting, "captures/b.pcap", random_capture(12));
    struct summary *all = counting_run(&counting, 2, false);
    if (all == NULL)
        fail_msg("%s", counting.err.message);
    for (size_t i = 0; i < MEASURES; i++) {
        counting.publication.measures = &measures[i];
        counting.publication.measure_count = 1;
        struct summary *alone = counting_run(&counting, 1, false);
        const struct section *expected = &alone->measures[0].section;
        const struct section *found = &summary_measure(all, measures[i].id)->section;
        assert_true(expected->row_count > 0);
        assert_int_equal(found->row_count, expected->row_count);
        assert_int_equal(found->bytes.size, expected->bytes.size);
        assert_memory_equal(found->bytes.data, expected->bytes.data, expected->bytes.size);
        summary_free(alone);
    }
    summary_free(all);
    counting_release(&counting);
}

/* The measure of the plan that this one is united of, or "". */
static const char *united_of(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->measure_count; i++)
        if (strcmp(plan->measures[i].definition->id, id) == 0)
            return plan->measures[i].united_of == NULL ? "" : plan->measures[i].united_of->definition->id;
    return "no such measure";
}

static void what_is_united_of_what(void **state)
{
    (void)state;
    uint8_t tcp = PROTOCOL_OF_TCP;
    char ids[10][10] = {"all", "tools", "ports", "pairs", "hours", "again", "packets", "tcp", "regions", "x"};
    struct measure measures[10];
    for (size_t i = 0; i < 10; i++)
        measures[i] = (struct measure){.id = ids[i], .count = COUNT_SOURCES};
    measures[1].by = BY_TOOL;
    measures[2].by = measure_by_pair(BY_PORT, BY_TOOL);
    measures[3].count = COUNT_SOURCE_SENSORS;
    measures[4].per = PER_HOUR;
    measures[6].count = COUNT_PACKETS;
    measures[7].filter = (struct measure_filter){.protocols = &tcp, .protocol_count = 1};
    measures[8].by = measures[9].by = BY_REGION;
    struct counting counting;
    counting_init(&counting, measures, 10);
    counting_capture(&counting, "captures/a.pcap", random_capture(11));
    struct inputs inputs;
    assert_int_equal(
        inputs_collect(&inputs, &counting.publication, &counting.edition, NULL, true, NULL, &counting.err),
        0);
    struct plan *plan =
        plan_new(&counting.publication, &counting.edition, &inputs, &counting.log, &counting.err);
    assert_non_null(plan);
    /* One that has no finer one itself, of several the first by name. Of two that are equal the later by name
     * is united of the other. */
    assert_string_equal(united_of(plan, "all"), "hours");
    assert_string_equal(united_of(plan, "again"), "hours");
    assert_string_equal(united_of(plan, "tools"), "ports");
    assert_string_equal(united_of(plan, "ports"), "");
    assert_string_equal(united_of(plan, "hours"), "");
    assert_string_equal(united_of(plan, "regions"), "");
    assert_string_equal(united_of(plan, "x"), "regions");
    /* Other things, or of other packets. */
    assert_string_equal(united_of(plan, "pairs"), "");
    assert_string_equal(united_of(plan, "packets"), "");
    assert_string_equal(united_of(plan, "tcp"), "");
    plan_free(plan);
    inputs_release(&inputs);
    counting_release(&counting);
}

/* Where archives are read for some measures only, the finer one may not be among them. */
static void measures_that_are_added_later(void **state)
{
    (void)state;
    for (int finer_first = 0; finer_first < 2; finer_first++) {
        struct cache_test test;
        setup(&test);
        test.measures[0].count = COUNT_SOURCES;
        test.measures[0].by = finer_first ? measure_by_pair(BY_PORT, BY_REGION) : BY_REGION;
        test.measures[1].by = finer_first ? BY_REGION : measure_by_pair(BY_PORT, BY_REGION);
        test.counting.publication.measure_count = 1;
        count(&test, usual, 60, 3);
        test.counting.publication.measure_count = 2;
        count(&test, usual, 60, 3);
        assert_int_equal(test.work.measures_counted, 1);
        counting_capture(&test.counting, "captures/d.pcap", numbered_capture(200, 40));
        count(&test, usual, 100, 1); /* for both */
        teardown(&test);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_do_not_depend_on_other_measures),
        cmocka_unit_test(what_is_united_of_what),
        cmocka_unit_test(measures_that_are_added_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
