/* What archives come as: in tunnels, of link types that nobody decodes, from the years after 2038, behind
 * links that lead in circles, still growing. Each is counted for what it is, or refused in one line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/archive.h"
#include "counting_fixture.h"

enum { LINK_UNKNOWN = 147 /* the first of those for private use */ };

static struct measure ports_measure(char id[8])
{
    g_strlcpy(id, "ports", 8);
    return (struct measure){.id = id, .by = BY_PORT};
}

static struct summary *fresh(struct counting *counting, char **reason)
{
    struct aggregate_options options = {.thread_count = 1};
    struct summary *summary = aggregate_fresh_summary(&counting->publication, &counting->edition, &options,
                                                      &counting->log, reason, &counting->err);
    if (summary == NULL)
        fail_msg("%s", counting->err.message);
    return summary;
}

static uint64_t port_total(const struct summary *summary, const char *key)
{
    uint64_t daily[EDITION_DAYS_MAX];
    const struct measure_counts *measure = summary_measure(summary, "ports");
    if (measure_counts_row(measure, key) == NULL)
        return 0;
    summary_row_daily(summary, measure, measure_counts_row(measure, key), daily);
    uint64_t total = 0;
    for (int i = 0; i < summary->edition.day_count; i++)
        total += daily[i];
    return total;
}

/* A SYN to sensor a behind an IPv4 header to sensor b, in GRE or bare. */
static void tunnel_add(GByteArray *capture, int64_t seconds, bool in_gre)
{
    struct test_packet inner = {.source = FROM_JP, .destination = TO_A, .port = 23};
    GByteArray *payload = packet_bytes(&inner);
    GByteArray *packet = g_byte_array_new();
    capture_big(packet, 0x4500, 2);
    capture_big(packet, 20U + (in_gre ? 4U : 0U) + payload->len, 2);
    capture_big(packet, 0, 4);
    capture_big(packet, 64U << 8 | (in_gre ? 47U : 4U), 2);
    capture_big(packet, 0, 2);
    capture_big(packet, FROM_US, 4);
    capture_big(packet, TO_B, 4);
    if (in_gre)
        capture_big(packet, 0x0800, 4);
    g_byte_array_append(packet, payload->data, payload->len);
    capture_packet(capture, seconds, 0, packet->data, packet->len);
    g_byte_array_unref(payload);
    g_byte_array_unref(packet);
}

static void test_tunnels(void **state)
{
    (void)state;
    char id[8];
    struct measure measure = ports_measure(id);
    struct counting counting;
    counting_init(&counting, &measure, 1);
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    for (int i = 0; i < 3; i++)
        tunnel_add(capture, DAY_0 + i, true);
    tunnel_add(capture, DAY_0 + 3, false);
    counting_capture(&counting, "captures/tunnels.pcap", capture);
    struct summary *summary = fresh(&counting, NULL);
    assert_int_equal(port_total(summary, "47/IP"), 3);
    assert_int_equal(port_total(summary, "4/IP"), 1);
    assert_int_equal(port_total(summary, "23/TCP"), 0);
    char *outermost = g_strdup(summary->configuration_digest);
    summary_free(summary);

    counting.publication.opens[TUNNEL_GRE] = true;
    char *reason;
    summary = fresh(&counting, &reason);
    assert_string_equal(reason, "the setting tunnels changed");
    g_free(reason);
    assert_int_equal(port_total(summary, "47/IP"), 0);
    assert_int_equal(port_total(summary, "4/IP"), 1);
    assert_int_equal(port_total(summary, "23/TCP"), 3);
    assert_string_not_equal(outermost, summary->configuration_digest);
    summary_free(summary);

    counting.publication.opens[TUNNEL_IP] = true;
    summary = fresh(&counting, NULL);
    assert_int_equal(port_total(summary, "23/TCP"), 4);
    summary_free(summary);
    counting.publication.opens[TUNNEL_IP] = counting.publication.opens[TUNNEL_GRE] = false;
    summary = fresh(&counting, NULL);
    assert_string_equal(outermost, summary->configuration_digest);
    assert_int_equal(port_total(summary, "47/IP"), 3);
    summary_free(summary);
    g_free(outermost);
    counting_release(&counting);
}

/* One line a file, whether it was read or its counts came from the cache; a copy has none of its own. */
static void test_unsupported_link(void **state)
{
    (void)state;
    char id[8];
    struct measure measure = ports_measure(id);
    struct counting counting;
    counting_init(&counting, &measure, 1);
    for (int copy = 0; copy < 2; copy++) {
        GByteArray *capture = capture_new(LINK_UNKNOWN);
        for (int i = 0; i < 5; i++)
            capture_packet(capture, DAY_0 + i, 0, (const uint8_t *)"unknown", 7);
        counting_capture(&counting, copy ? "captures/b.pcap" : "captures/a.pcap", capture);
    }
    GByteArray *known = capture_new(LINKTYPE_RAW_IP);
    capture_add(known, DAY_0, 0, &(struct test_packet){.source = FROM_JP, .destination = TO_A, .port = 23});
    counting_capture(&counting, "captures/c.pcap", known);
    for (int round = 0; round < 2; round++) {
        warning_log_release(&counting.log);
        warning_log_init(&counting.log);
        struct aggregate_work work;
        struct aggregate_options options = {.thread_count = 1, .always = true, .work = &work};
        struct summary *summary = aggregate_fresh_summary(&counting.publication, &counting.edition, &options,
                                                          &counting.log, NULL, &counting.err);
        assert_non_null(summary);
        assert_int_equal(work.archives_read, round == 0 ? 3 : 0);
        assert_true(
            counting_warned(&counting, "captures/a.pcap: 5 packets of a link type that is not decoded: 147"));
        assert_false(counting_warned(&counting, "captures/b.pcap: 5 packets"));
        assert_int_equal(summary->bins[BIN_UNSUPPORTED_LINK], 5);
        assert_int_equal(summary->bins[BIN_COUNTED], 1);
        const struct summary_archive *archive = summary->archives->pdata[0];
        assert_int_equal(archive->unsupported_count, 5);
        assert_int_equal(archive->unsupported_link, LINK_UNKNOWN);
        archive = summary->archives->pdata[1];
        assert_int_equal(archive->unsupported_count, 0);
        summary_free(summary);
    }
    counting_release(&counting);
}

/* Classic captures count seconds in 32 bits without a sign: until 2106-02-07T06:28:15Z. */
static void test_after_2038(void **state)
{
    (void)state;
    static const struct {
        const char *edition;
        int64_t seconds;
        int day;
    } cases[] = {
        {"2037q4", INT64_C(2147483647), 18}, /* 2038-01-19T03:14:07Z */
        {"2037q4", INT64_C(2147483648), 18}, /* a second later */
        {"2105q4", INT64_C(4294967295), 37}, /* 2106-02-07T06:28:15Z */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char id[8];
        struct measure measure = ports_measure(id);
        struct counting counting;
        counting_init(&counting, &measure, 1);
        assert_int_equal(edition_parse(cases[i].edition, 4, &counting.edition, &counting.err), 0);
        GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
        capture_add(capture, cases[i].seconds, 999999999,
                    &(struct test_packet){.source = FROM_JP, .destination = TO_A, .port = 23});
        counting_capture(&counting, "captures/late.pcap", capture);
        struct summary *summary = fresh(&counting, NULL);
        uint64_t daily[EDITION_DAYS_MAX];
        const struct measure_counts *counts = summary_measure(summary, "ports");
        summary_row_daily(summary, counts, measure_counts_row(counts, "23/TCP"), daily);
        for (int day = 0; day < summary->edition.day_count; day++)
            assert_int_equal(daily[day], day == cases[i].day);
        assert_int_equal(((const struct summary_archive *)summary->archives->pdata[0])->last_second,
                         cases[i].seconds);
        summary_free(summary);
        counting_release(&counting);
    }
}

static GByteArray *one_packet(void)
{
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    capture_add(capture, DAY_0, 0, &(struct test_packet){.source = FROM_JP, .destination = TO_A, .port = 23});
    return capture;
}

/* A file that grows while it is read: what is read is what is identified, packet by packet and byte by byte.
 */
static void test_growing(void **state)
{
    (void)state;
    enum { PACKETS = 20000, MORE = 5000 };
    struct counting counting;
    char id[8];
    struct measure measure = ports_measure(id);
    counting_init(&counting, &measure, 1);
    GByteArray *capture = one_packet();
    guint size = capture->len;
    GByteArray *record = g_byte_array_new();
    g_byte_array_append(record, capture->data + 24, size - 24);
    for (int i = 1; i < PACKETS; i++)
        g_byte_array_append(capture, record->data, record->len);
    counting_capture(&counting, "captures/growing.pcap", capture);
    const char *path = scratch_path(&counting.scratch, "captures/growing.pcap");
    struct archive *archive = archive_open(path, &counting.err);
    assert_non_null(archive);
    struct packet packet;
    assert_int_equal(archive_next(archive, &packet, &counting.err), 1);
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    for (int i = 0; i < MORE; i++)
        assert_int_equal(fwrite(record->data, 1, record->len, file), record->len);
    assert_int_equal(fwrite(record->data, 1, 7, file), 7); /* the writer is in the middle of a record */
    fclose(file);
    int got;
    uint64_t count = 1;
    while ((got = archive_next(archive, &packet, &counting.err)) == 1)
        count++;
    assert_int_equal(got, -1);
    assert_int_equal(count, PACKETS + MORE);
    struct archive_identity read;
    struct archive_identity stands;
    assert_int_equal(archive_finish(archive, &read, &counting.err), 0);
    archive_close(archive);
    assert_int_equal(archive_identify(path, &stands, &counting.err), 0);
    assert_int_equal(read.size, stands.size);
    assert_string_equal(read.digest, stands.digest);

    /* A later count takes in what was added meanwhile, and only once. */
    struct summary *summary = fresh(&counting, NULL);
    assert_int_equal(summary->bins[BIN_COUNTED], PACKETS + MORE);
    assert_true(counting_warned(&counting, "the capture ends at byte"));
    summary_free(summary);
    file = fopen(path, "ab");
    assert_non_null(file);
    assert_int_equal(fwrite(record->data + 7, 1, record->len - 7, file), record->len - 7);
    fclose(file);
    warning_log_release(&counting.log);
    warning_log_init(&counting.log);
    summary = fresh(&counting, NULL);
    assert_int_equal(summary->bins[BIN_COUNTED], PACKETS + MORE + 1);
    assert_null(((const struct summary_archive *)summary->archives->pdata[0])->problem);
    summary_free(summary);
    g_byte_array_unref(record);
    counting_release(&counting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tunnels),
        cmocka_unit_test(test_unsupported_link),
        cmocka_unit_test(test_after_2038),
        cmocka_unit_test(test_growing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
