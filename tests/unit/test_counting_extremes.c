/* Captures at the edges of what comes: very long, very short, very many, all at once, at midnight, in zones
 * whose clocks change. Whatever way the packets are spread over archives, the bytes are the same. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "counting_fixture.h"
#include "summary/summary_file.h"

struct extremes {
    struct counting counting;
    char ports[16], sources[16], sensors[16];
    struct measure measures[3];
};

static void setup(struct extremes *test, const char *zone, const char *edition)
{
    *test = (struct extremes){.ports = "ports", .sources = "sources", .sensors = "x"};
    test->measures[0] = (struct measure){.id = test->ports, .by = BY_PORT};
    test->measures[1] = (struct measure){.id = test->sources, .by = BY_NOTHING, .count = COUNT_SOURCES};
    test->measures[2] = (struct measure){.id = test->sensors, .by = BY_SENSOR};
    counting_init(&test->counting, test->measures, 3);
    g_strlcpy(test->counting.time_zone, zone, sizeof test->counting.time_zone);
    assert_int_equal(edition_parse(edition, 4, &test->counting.edition, &test->counting.err), 0);
}

static struct summary *count(struct extremes *test, int threads)
{
    struct aggregate_options options = {.thread_count = threads};
    struct summary *summary =
        aggregate_fresh_summary(&test->counting.publication, &test->counting.edition, &options,
                                &test->counting.log, NULL, &test->counting.err);
    if (summary == NULL)
        fail_msg("%s", test->counting.err.message);
    return summary;
}

static void ports_daily(const struct summary *summary, uint64_t *daily)
{
    const struct measure_counts *measure = summary_measure(summary, "ports");
    summary_row_daily(summary, measure, measure_counts_row(measure, "23/TCP"), daily);
}

static void add(GByteArray *capture, int64_t seconds, uint32_t nanoseconds, uint32_t source)
{
    capture_add(capture, seconds, nanoseconds,
                &(struct test_packet){.source = FROM_JP + source, .destination = TO_A, .port = 23});
}

/* A whole quarter in one file: day n has n + 1 packets from n + 1 sources, of which the first comes every
 * day. */
static void test_a_quarter_in_one_file(void **state)
{
    (void)state;
    struct extremes test;
    setup(&test, "Asia/Tokyo", "2025q2"); /* July to September: 92 days */
    enum { DAYS = 92, JULY_1 = 1751295600 };
    assert_int_equal(test.counting.edition.day_count, DAYS);
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    for (int day = 0; day < DAYS; day++)
        for (uint32_t i = 0; i <= (uint32_t)day; i++)
            add(capture, JULY_1 + (int64_t)day * DAY_SECONDS + 900 * i, 0, i);
    counting_capture(&test.counting, "captures/quarter.pcap", capture);
    struct summary *summary = count(&test, 1);
    uint64_t daily[EDITION_DAYS_MAX], sources[EDITION_DAYS_MAX], total;
    ports_daily(summary, daily);
    char *none[] = {NULL};
    summary_united(summary, summary_measure(summary, "sources"), none, true, sources, &total);
    for (int day = 0; day < DAYS; day++) {
        assert_int_equal(daily[day], day + 1);
        assert_int_equal(sources[day], day + 1);
    }
    assert_int_equal(total, DAYS);
    assert_int_equal(summary->bins[BIN_COUNTED], DAYS * (DAYS + 1) / 2);
    summary_free(summary);
    counting_release(&test.counting);
}

static void test_four_packets(void **state)
{
    (void)state;
    struct extremes test;
    setup(&test, "Asia/Tokyo", "2025q1");
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    for (uint32_t i = 0; i < 4; i++)
        add(capture, DAY_0 + i * DAY_SECONDS, 0, 7);
    counting_capture(&test.counting, "captures/four.pcap", capture);
    struct summary *summary = count(&test, 8);
    uint64_t daily[EDITION_DAYS_MAX];
    ports_daily(summary, daily);
    for (int day = 0; day < 91; day++)
        assert_int_equal(daily[day], day < 4 ? 1 : 0);
    assert_int_equal(measure_counts_total(summary, summary_measure(summary, "sources")), 1);
    summary_free(summary);
    counting_release(&test.counting);
}

/* Ten thousand archives of one packet, then one of them changes: nobody reads the others. */
static void test_ten_thousand_files(void **state)
{
    (void)state;
    enum { FILES = 10000 };
    struct extremes test;
    setup(&test, "Asia/Tokyo", "2025q1");
    GByteArray *all = capture_new(LINKTYPE_RAW_IP);
    GByteArray *one = capture_new(LINKTYPE_RAW_IP);
    const char *folder = scratch_path(&test.counting.scratch, "captures");
    assert_int_equal(g_mkdir_with_parents(folder, 0755), 0);
    for (uint32_t i = 0; i < FILES; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%05u", folder, i);
        g_byte_array_set_size(one, 24);
        add(one, DAY_0 + 500 * (int64_t)i, i, i / 2);
        g_byte_array_append(all, one->data + 24, one->len - 24);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(one->data, 1, one->len, file), one->len);
        fclose(file);
    }
    g_byte_array_unref(one);
    struct summary *summary = count(&test, 2);
    assert_int_equal(summary->archives->len, FILES);
    assert_int_equal(summary->bins[BIN_COUNTED], FILES);
    assert_int_equal(measure_counts_total(summary, summary_measure(summary, "sources")), FILES / 2);
    g_ptr_array_set_size(summary->archives, 0);
    GByteArray *many_bytes = summary_file_bytes(summary);
    summary_free(summary);

    counting_capture(&test.counting, "captures/00007", capture_new(LINKTYPE_RAW_IP));
    struct aggregate_work work;
    struct aggregate_options options = {.thread_count = 1, .work = &work};
    summary = aggregate_fresh_summary(&test.counting.publication, &test.counting.edition, &options, NULL,
                                      NULL, &test.counting.err);
    assert_int_equal(work.archives_read, 1);
    assert_int_equal(summary->bins[BIN_COUNTED], FILES - 1);
    summary_free(summary);

    /* The same packets in one file. */
    counting_capture(&test.counting, "one.pcap", all);
    g_strlcpy(test.counting.captures_path, "one.pcap", sizeof test.counting.captures_path);
    summary = count(&test, 1);
    g_ptr_array_set_size(summary->archives, 0);
    GByteArray *one_bytes = summary_file_bytes(summary);
    assert_int_equal(one_bytes->len, many_bytes->len);
    assert_memory_equal(one_bytes->data, many_bytes->data, one_bytes->len);
    g_byte_array_unref(one_bytes);
    g_byte_array_unref(many_bytes);
    summary_free(summary);
    counting_release(&test.counting);
}

static void test_all_at_one_instant(void **state)
{
    (void)state;
    enum { PACKETS = 5000 };
    struct extremes test;
    setup(&test, "Asia/Tokyo", "2025q1");
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    for (uint32_t i = 0; i < PACKETS; i++)
        add(capture, DAY_0 + 3 * DAY_SECONDS - 1, 999999999, i % 1000);
    counting_capture(&test.counting, "captures/instant.pcap", capture);
    struct summary *summary = count(&test, 1);
    uint64_t daily[EDITION_DAYS_MAX];
    ports_daily(summary, daily);
    for (int day = 0; day < 91; day++)
        assert_int_equal(daily[day], day == 2 ? PACKETS : 0);
    assert_int_equal(measure_counts_total(summary, summary_measure(summary, "sources")), 1000);
    const struct summary_archive *archive = summary->archives->pdata[0];
    assert_int_equal(archive->first_second, archive->last_second);
    summary_free(summary);
    counting_release(&test.counting);
}

/* The last nanosecond of a day, the first of the next; and those of the quarter. */
static void test_midnight(void **state)
{
    (void)state;
    struct extremes test;
    setup(&test, "Asia/Tokyo", "2025q1");
    const int64_t end = DAY_0 + (int64_t)91 * DAY_SECONDS;
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    add(capture, DAY_0 - 1, 999999999, 0); /* outside */
    add(capture, DAY_0, 0, 0);
    add(capture, DAY_0 + 5 * DAY_SECONDS - 1, 999999999, 0);
    add(capture, DAY_0 + 5 * DAY_SECONDS, 0, 0);
    add(capture, DAY_0 + 5 * DAY_SECONDS, 1, 0);
    add(capture, end - 1, 999999999, 0);
    add(capture, end, 0, 0); /* outside */
    counting_capture(&test.counting, "captures/midnight.pcap", capture);
    struct summary *summary = count(&test, 1);
    uint64_t daily[EDITION_DAYS_MAX];
    ports_daily(summary, daily);
    for (int day = 0; day < 91; day++)
        assert_int_equal(daily[day], day == 5 ? 2 : day == 0 || day == 4 || day == 90 ? 1 : 0);
    assert_int_equal(summary->bins[BIN_OUTSIDE_QUARTER], 2);
    summary_free(summary);
    counting_release(&test.counting);
}

/* New York in 2025: the night of 9 March has 23 hours, that of 2 November 25; a packet every half hour. */
static void test_days_of_23_and_25_hours(void **state)
{
    (void)state;
    static const struct {
        const char *edition;
        int64_t from; /* local midnight of the day before */
        int day;      /* of the edition, when the clocks change */
        int packets;  /* on that day */
    } cases[] = {
        {"2024q4", 1741410000, 67, 46}, /* 2025-03-08T05:00:00Z; January to March */
        {"2025q3", 1761969600, 32, 50}, /* 2025-11-01T04:00:00Z; October to December */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct extremes test;
        setup(&test, "America/New_York", cases[i].edition);
        GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
        int packets = 48 + cases[i].packets + 48;
        for (int j = 0; j < packets; j++)
            add(capture, cases[i].from + 1800 * (int64_t)j, 0, 1);
        add(capture, cases[i].from - 1, 999999999, 1);
        add(capture, cases[i].from + 1800 * (int64_t)packets, 0, 1);
        counting_capture(&test.counting, "captures/night.pcap", capture);
        struct summary *summary = count(&test, 1);
        uint64_t daily[EDITION_DAYS_MAX];
        ports_daily(summary, daily);
        int day = cases[i].day;
        assert_int_equal(daily[day - 2], 1);
        assert_int_equal(daily[day - 1], 48);
        assert_int_equal(daily[day], cases[i].packets);
        assert_int_equal(daily[day + 1], 48);
        assert_int_equal(daily[day + 2], 1);
        summary_free(summary);
        counting_release(&test.counting);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_quarter_in_one_file),
        cmocka_unit_test(test_four_packets),
        cmocka_unit_test(test_ten_thousand_files),
        cmocka_unit_test(test_all_at_one_instant),
        cmocka_unit_test(test_midnight),
        cmocka_unit_test(test_days_of_23_and_25_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
