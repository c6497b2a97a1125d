#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pcap/pcap.h>

#include "counting_fixture.h"
#include "aggregate/configuration.h"
#include "aggregate/tally.h"

/* A tally without archives: packets are handed to it one by one. */
struct fixture {
    struct counting counting;
    struct inputs inputs;
    struct plan *plan;
    struct tally *tally;
    struct summary *summary;
};

static void fixture_init(struct fixture *fixture, struct measure *measures, size_t count)
{
    struct counting *counting = &fixture->counting;
    memset(fixture, 0, sizeof *fixture);
    counting_init(counting, measures, count);
    counting_capture(counting, "captures/unread", g_byte_array_new());
    if (inputs_collect(&fixture->inputs, &counting->publication, &counting->edition, NULL, true, NULL,
                       &counting->err) != 0)
        fail_msg("%s", counting->err.message);
    fixture->plan = plan_new(&counting->publication, &counting->edition, &fixture->inputs, &counting->log,
                             &counting->err);
    if (fixture->plan == NULL)
        fail_msg("%s", counting->err.message);
    fixture->tally = tally_new(fixture->plan);
}

static void fixture_release(struct fixture *fixture)
{
    summary_free(fixture->summary);
    tally_free(fixture->tally);
    plan_free(fixture->plan);
    inputs_release(&fixture->inputs);
    counting_release(&fixture->counting);
}

static void add_at(struct fixture *fixture, int64_t seconds, uint32_t nanoseconds, struct test_packet wanted)
{
    GByteArray *bytes = packet_bytes(&wanted);
    struct packet packet = {
        .seconds = seconds,
        .nanoseconds = nanoseconds,
        .link_type = DLT_RAW,
        .data = bytes->data,
        .captured_size = bytes->len,
        .wire_size = bytes->len,
    };
    if (tally_add(fixture->tally, &packet, &fixture->counting.err) != 0)
        fail_msg("%s", fixture->counting.err.message);
    g_byte_array_unref(bytes);
}

static void add(struct fixture *fixture, int day, struct test_packet wanted)
{
    add_at(fixture, DAY_0 + (int64_t)day * DAY_SECONDS + 60, 0, wanted);
}

static uint64_t count_of(struct fixture *fixture, const char *measure_id, const char *key, int day)
{
    if (fixture->summary == NULL)
        fixture->summary = tally_summary(fixture->tally);
    const struct measure_counts *measure = summary_measure(fixture->summary, measure_id);
    assert_non_null(measure);
    const struct summary_row *row = measure_counts_row(measure, key);
    if (row == NULL)
        return 0;
    if (day < 0)
        return row->total;
    uint64_t daily[EDITION_DAYS_MAX];
    summary_row_daily(fixture->summary, measure, row, daily);
    return daily[day];
}

static void test_each_packet_one_bin(void **state)
{
    (void)state;
    struct measure measures[] = {{.id = (char[]){"ports"}, .by = BY_PORT}};
    struct fixture fixture;
    fixture_init(&fixture, measures, 1);
    struct test_packet good = {.source = FROM_JP, .destination = TO_A, .port = 23};
    struct test_packet to_nobody = {.source = FROM_JP, .destination = 0x08080808, .port = 23};
    struct test_packet between = {.source = TO_B, .destination = TO_A, .port = 23};
    struct test_packet outwards = {.source = TO_A, .destination = FROM_JP, .port = 23};
    struct test_packet to_c = {.source = FROM_JP, .destination = TO_C, .port = 23};
    struct test_packet from_c = {.source = TO_C, .destination = TO_A, .port = 23};
    add(&fixture, 0, good);
    add(&fixture, 91, good);
    add_at(&fixture, DAY_0 - 1, 999999999, good);
    add(&fixture, 0, to_nobody);
    add(&fixture, 0, between);
    add(&fixture, 0, outwards);
    /* Sensor c begins on day 1: before, it is neither destination nor sender. */
    add(&fixture, 0, to_c);
    add(&fixture, 0, from_c);
    add(&fixture, 1, to_c);
    add(&fixture, 1, from_c);
    struct packet odd = {
        .seconds = DAY_0, .link_type = DLT_RAW, .data = (const uint8_t *)"", .captured_size = 0};
    assert_int_equal(tally_add(fixture.tally, &odd, &fixture.counting.err), 0);
    odd.link_type = 9999;
    assert_int_equal(tally_add(fixture.tally, &odd, &fixture.counting.err), 0);
    GByteArray *bytes = packet_bytes(&good);
    struct packet bad_time = {
        .bad_time = true, .link_type = DLT_RAW, .data = bytes->data, .captured_size = bytes->len};
    assert_int_equal(tally_add(fixture.tally, &bad_time, &fixture.counting.err), 0);
    bytes->data[6] = 0x00;
    bytes->data[7] = 0x05; /* fragment offset */
    struct packet fragment = {
        .seconds = 0, .link_type = DLT_RAW, .data = bytes->data, .captured_size = bytes->len};
    assert_int_equal(tally_add(fixture.tally, &fragment, &fixture.counting.err), 0);
    g_byte_array_unref(bytes);

    fixture.summary = tally_summary(fixture.tally);
    static const uint64_t expected[BIN_COUNT] = {
        [BIN_COUNTED] = 3,   [BIN_OUTSIDE_QUARTER] = 2, [BIN_BAD_TIME] = 1,    [BIN_UNSUPPORTED_LINK] = 1,
        [BIN_TRUNCATED] = 1, [BIN_FRAGMENT] = 1,        [BIN_FROM_SENSOR] = 3, [BIN_NOT_TO_SENSOR] = 2,
    };
    for (int i = 0; i < BIN_COUNT; i++)
        if (fixture.summary->bins[i] != expected[i])
            fail_msg("bin %s has %d packets, expected %d", bin_name((enum bin)i),
                     (int)fixture.summary->bins[i], (int)expected[i]);
    assert_int_equal(fixture.summary->packets_read, 14);
    assert_int_equal(count_of(&fixture, "ports", "23/TCP", -1), 3);
    assert_int_equal(fixture.summary->sensors[0].packets[0], 2);
    assert_int_equal(fixture.summary->sensors[2].packets[1], 1);
    assert_false(fixture.summary->sensors[2].active[0]);
    assert_true(fixture.summary->sensors[2].active[1]);
    fixture_release(&fixture);
}

static void test_days_change_at_local_midnight(void **state)
{
    (void)state;
    struct measure measures[] = {{.id = (char[]){"all"}, .by = BY_NOTHING}};
    struct fixture fixture;
    fixture_init(&fixture, measures, 1);
    struct test_packet packet = {.source = FROM_JP, .destination = TO_A, .port = 23};
    /* 2025-04-02T00:00:00 JST is 2025-04-01T15:00:00Z */
    add_at(&fixture, DAY_0 + DAY_SECONDS - 1, 999999999, packet);
    add_at(&fixture, DAY_0 + DAY_SECONDS, 0, packet);
    add_at(&fixture, DAY_0 + DAY_SECONDS, 1, packet);
    /* Back again, and the quarter's two ends. */
    add_at(&fixture, DAY_0, 0, packet);
    add_at(&fixture, DAY_0 + (int64_t)91 * DAY_SECONDS - 1, 999999999, packet);
    add_at(&fixture, DAY_0 + (int64_t)91 * DAY_SECONDS, 0, packet);
    assert_int_equal(count_of(&fixture, "all", "all", 0), 2);
    assert_int_equal(count_of(&fixture, "all", "all", 1), 2);
    assert_int_equal(count_of(&fixture, "all", "all", 90), 1);
    assert_int_equal(count_of(&fixture, "all", "all", -1), 5);
    assert_int_equal(fixture.summary->bins[BIN_OUTSIDE_QUARTER], 1);
    fixture_release(&fixture);
}

static void test_every_grouping(void **state)
{
    (void)state;
    struct measure measures[] = {
        {.id = (char[]){"ports"}, .by = BY_PORT},
        {.id = (char[]){"regions"}, .by = BY_REGION},
        {.id = (char[]){"sensors"}, .by = BY_SENSOR},
        {.id = (char[]){"tools"}, .by = BY_TOOL},
        {.id = (char[]){"all"}, .by = BY_NOTHING},
        {.id = (char[]){"sources"}, .count = COUNT_SOURCES, .by = BY_TOOL},
    };
    struct fixture fixture;
    fixture_init(&fixture, measures, G_N_ELEMENTS(measures));
    add(&fixture, 0,
        (struct test_packet){.source = FROM_JP, .destination = TO_A, .port = 23, .sequence = TO_A});
    add(&fixture, 0, (struct test_packet){.source = FROM_US, .destination = TO_B, .port = 23});
    add(&fixture, 0,
        (struct test_packet){
            .source = 0x0c000001, .destination = TO_B, .port = 53, .protocol = PROTOCOL_OF_UDP});
    add(&fixture, 1,
        (struct test_packet){
            .source = FROM_JP, .destination = TO_A, .port = 8, .protocol = PROTOCOL_OF_ICMP});
    add(&fixture, 1, (struct test_packet){.source = FROM_JP, .destination = TO_A, .port = 65535});
    add(&fixture, 1, (struct test_packet){.source_ipv6_end = 7, .port = 0});
    assert_int_equal(count_of(&fixture, "ports", "23/TCP", 0), 2);
    assert_int_equal(count_of(&fixture, "ports", "53/UDP", 0), 1);
    assert_int_equal(count_of(&fixture, "ports", "8/ICMP", 1), 1);
    assert_int_equal(count_of(&fixture, "ports", "65535/TCP", 1), 1);
    assert_int_equal(count_of(&fixture, "ports", "0/TCP", 1), 1);
    assert_int_equal(summary_measure(fixture.summary, "ports")->row_count, 5);
    assert_int_equal(count_of(&fixture, "regions", "JP", -1), 3);
    assert_int_equal(count_of(&fixture, "regions", "US", -1), 2);
    assert_int_equal(count_of(&fixture, "regions", "??", 0), 1);
    assert_int_equal(count_of(&fixture, "sensors", "a", -1), 4);
    assert_int_equal(count_of(&fixture, "sensors", "b", -1), 2);
    assert_int_equal(count_of(&fixture, "tools", "mirai", 0), 1);
    assert_int_equal(count_of(&fixture, "tools", "other", -1), 5);
    assert_int_equal(count_of(&fixture, "all", "all", 1), 3);
    /* JP twice, IPv6 once, on day 1; over the quarter FROM_US and 12.0.0.1 besides. */
    assert_int_equal(count_of(&fixture, "sources", "other", 1), 2);
    assert_int_equal(count_of(&fixture, "sources", "other", -1), 4);
    assert_int_equal(count_of(&fixture, "sources", "mirai", -1), 1);
    fixture_release(&fixture);
}

static void test_filters(void **state)
{
    (void)state;
    uint8_t tcp = PROTOCOL_OF_TCP, icmp = PROTOCOL_OF_ICMP;
    struct port_range low = {0, 22}, telnet[] = {{23, 23}, {2323, 2325}}, three = {3, 3};
    char a[] = "a", domestic[] = "domestic", japan[] = "JP", us[] = "US", nowhere[] = "QQ", unknown[] = "??";
    char *sensor_a[] = {a, NULL}, *group[] = {domestic, NULL}, *region_us[] = {us, NULL},
         *sources[] = {japan, unknown, NULL}, *no_source[] = {nowhere, NULL};
    struct measure measures[] = {
        {.id = (char[]){"sensor"}, .filter.sensors = sensor_a},
        {.id = (char[]){"group"}, .filter.sensor_groups = group},
        {.id = (char[]){"region"}, .filter.sensor_regions = region_us},
        {.id = (char[]){"both"}, .filter.sensor_groups = group, .filter.sensor_regions = region_us},
        {.id = (char[]){"sources"}, .filter.source_regions = sources},
        {.id = (char[]){"nowhere"}, .filter.source_regions = no_source},
        {.id = (char[]){"tcp"}, .filter.protocols = &tcp, .filter.protocol_count = 1},
        {.id = (char[]){"telnet"}, .filter.ports = telnet, .filter.port_count = 2},
        {.id = (char[]){"low"}, .filter.ports = &low, .filter.port_count = 1},
        {.id = (char[]){"unreachable"},
         .filter.ports = &three,
         .filter.port_count = 1,
         .filter.protocols = &icmp,
         .filter.protocol_count = 1},
        {.id = (char[]){"three"}, .filter.ports = &three, .filter.port_count = 1},
        {.id = (char[]){"mirai"}, .filter.tools = 1U << TOOL_MIRAI},
        {.id = (char[]){"bpf"}, .filter.bpf = (char[]){"tcp[2:2] == 2324 and net 10.0.0.0/8"}},
    };
    struct fixture fixture;
    fixture_init(&fixture, measures, G_N_ELEMENTS(measures));
    add(&fixture, 1,
        (struct test_packet){.source = FROM_JP, .destination = TO_A, .port = 23, .sequence = TO_A});
    add(&fixture, 1, (struct test_packet){.source = FROM_JP, .destination = TO_B, .port = 2324});
    add(&fixture, 1, (struct test_packet){.source = FROM_US, .destination = TO_C, .port = 22});
    add(&fixture, 1,
        (struct test_packet){
            .source = 0x0c000001, .destination = TO_C, .port = 3, .protocol = PROTOCOL_OF_ICMP});
    add(&fixture, 1,
        (struct test_packet){
            .source = 0x0c000001, .destination = TO_B, .port = 2325, .protocol = PROTOCOL_OF_UDP});
    static const struct {
        const char *id;
        uint64_t count;
    } expected[] = {{"sensor", 1},  {"group", 3}, {"region", 2}, {"both", 0}, {"sources", 4},
                    {"nowhere", 0}, {"tcp", 3},   {"telnet", 3}, {"low", 1},  {"unreachable", 1},
                    {"three", 0},   {"mirai", 1}, {"bpf", 1}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        if (count_of(&fixture, expected[i].id, "all", 1) != expected[i].count)
            fail_msg("%s has %d packets, expected %d", expected[i].id,
                     (int)count_of(&fixture, expected[i].id, "all", 1), (int)expected[i].count);
    assert_true(summary_measure(fixture.summary, "group")->sensors[0]);
    assert_false(summary_measure(fixture.summary, "group")->sensors[1]);
    fixture_release(&fixture);
}

static void test_icmp_as_one(void **state)
{
    (void)state;
    struct measure measures[] = {{.id = (char[]){"ports"}, .by = BY_PORT}};
    struct fixture fixture;
    fixture_init(&fixture, measures, 1);
    fixture.counting.publication.icmp_as_one = true;
    add(&fixture, 0,
        (struct test_packet){
            .source = FROM_JP, .destination = TO_A, .port = 8, .protocol = PROTOCOL_OF_ICMP});
    add(&fixture, 0,
        (struct test_packet){
            .source = FROM_JP, .destination = TO_A, .port = 3, .protocol = PROTOCOL_OF_ICMP});
    add(&fixture, 0, (struct test_packet){.source_ipv6_end = 1, .protocol = 58});
    add(&fixture, 0, (struct test_packet){.source = FROM_JP, .destination = TO_A, .port = 8});
    assert_int_equal(count_of(&fixture, "ports", "ICMP", 0), 3);
    assert_int_equal(count_of(&fixture, "ports", "8/TCP", 0), 1);
    assert_int_equal(summary_measure(fixture.summary, "ports")->row_count, 2);
    fixture_release(&fixture);
}

static void test_sources_are_distinct_by_day_and_quarter(void **state)
{
    (void)state;
    struct measure measures[] = {{.id = (char[]){"ports"}, .count = COUNT_SOURCES, .by = BY_PORT}};
    struct fixture fixture;
    fixture_init(&fixture, measures, 1);
    for (int day = 0; day < 3; day++)
        for (uint32_t i = 0; i < 1000; i++)
            add(&fixture, day,
                (struct test_packet){
                    .source = FROM_JP + i % 400 + 100 * (uint32_t)day, .destination = TO_A, .port = 23});
    for (int day = 0; day < 2; day++)
        for (int i = 0; i < 20; i++)
            add(&fixture, day,
                (struct test_packet){.source_ipv6_end = (uint8_t)(1 + i % 10 + 5 * day), .port = 23});
    add(&fixture, 0, (struct test_packet){.source = 0, .destination = TO_A, .port = 23});
    /* 400 IPv4 a day, each day 100 further: 600 in all. IPv6: 10 a day, 15 in all. 0.0.0.0 is one, too. */
    assert_int_equal(count_of(&fixture, "ports", "23/TCP", 0), 411);
    assert_int_equal(count_of(&fixture, "ports", "23/TCP", 1), 410);
    assert_int_equal(count_of(&fixture, "ports", "23/TCP", 2), 400);
    assert_int_equal(count_of(&fixture, "ports", "23/TCP", -1), 616);
    fixture_release(&fixture);
}

static void test_bpf_refusals(void **state)
{
    (void)state;
    struct counting counting;
    struct measure measures[] = {
        {.id = (char[]){"wrong"}, .line = 31, .filter.bpf = (char[]){"tcp prot 23"}}};
    struct inputs inputs;
    counting_init(&counting, measures, 1);
    counting_capture(&counting, "captures/unread", g_byte_array_new());
    assert_int_equal(
        inputs_collect(&inputs, &counting.publication, &counting.edition, NULL, false, NULL, &counting.err),
        0);
    assert_null(plan_new(&counting.publication, &counting.edition, &inputs, &counting.log, &counting.err));
    assert_int_equal(counting.err.kind, ERROR_INPUT);
    assert_non_null(strstr(counting.err.message, "publication.xml: line 31: measure wrong: libpcap refuses"));
    assert_non_null(strstr(counting.err.message, "syntax error"));
    inputs_release(&inputs);
    counting_release(&counting);

    /* Only for Ethernet: an error when raw IP turns up, and not before. */
    struct measure picky[] = {
        {.id = (char[]){"picky"}, .line = 8, .filter.bpf = (char[]){"ether src 02:00:00:00:00:01"}}};
    struct fixture fixture;
    fixture_init(&fixture, picky, 1);
    GByteArray *bytes =
        packet_bytes(&(struct test_packet){.source = FROM_JP, .destination = TO_A, .port = 23});
    struct packet packet = {
        .seconds = DAY_0, .link_type = DLT_RAW, .data = bytes->data, .captured_size = bytes->len};
    assert_int_equal(tally_add(fixture.tally, &packet, &fixture.counting.err), -1);
    assert_non_null(strstr(fixture.counting.err.message, "line 8: measure picky"));
    g_byte_array_unref(bytes);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_packet_one_bin),
        cmocka_unit_test(test_days_change_at_local_midnight),
        cmocka_unit_test(test_every_grouping),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_icmp_as_one),
        cmocka_unit_test(test_sources_are_distinct_by_day_and_quarter),
        cmocka_unit_test(test_bpf_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
