#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "counting_fixture.h"
#include "summary/summary_file.h"
#include "unit/random.h"

static struct measure *all_measures(size_t *count)
{
    static const enum measure_by by[] = {BY_PORT, BY_REGION, BY_SENSOR, BY_TOOL, BY_NOTHING};
    const struct measure others[] = {
        {.count = COUNT_BYTES, .by = BY_PORT, .per = PER_HOUR},
        {.count = COUNT_BYTES, .by = BY_NOTHING},
        {.count = COUNT_SOURCE_SENSORS, .by = BY_GROUP},
        {.count = COUNT_SOURCE_SENSORS, .by = BY_PROTOCOL, .per = PER_HOUR},
        {.count = COUNT_SOURCES, .by = BY_SOURCE_24, .per = PER_HOUR},
        {.count = COUNT_PACKETS, .by = BY_SOURCE_24},
        {.count = COUNT_PACKETS, .by = measure_by_pair(BY_PORT, BY_REGION)},
        {.count = COUNT_SOURCES, .by = measure_by_pair(BY_SENSOR, BY_PORT), .per = PER_HOUR},
    };
    *count = 10 + G_N_ELEMENTS(others);
    struct measure *measures = g_new0(struct measure, *count);
    for (size_t i = 0; i < *count; i++) {
        if (i >= 10)
            measures[i] = others[i - 10];
        else
            measures[i] = (struct measure){.by = by[i % 5], .count = i < 5 ? COUNT_PACKETS : COUNT_SOURCES};
        measures[i].id = g_strdup_printf("measure-%02zu", i);
    }
    return measures;
}

static void measures_free(struct measure *measures, size_t count)
{
    for (size_t i = 0; i < count; i++)
        g_free(measures[i].id);
    g_free(measures);
}

static struct summary *run(struct counting *counting, int threads)
{
    struct summary *summary = counting_run(counting, threads, false);
    if (summary == NULL)
        fail_msg("%s", counting->err.message);
    return summary;
}

/* The summary's bytes as if it had been counted from no archive. */
static GByteArray *counts_bytes(struct summary *summary)
{
    g_ptr_array_set_size(summary->archives, 0);
    return summary_file_bytes(summary);
}

static void random_add(GByteArray *capture, uint32_t *seed)
{
    static const uint32_t destinations[] = {TO_A, TO_B, TO_C, TO_A + 3, 0x08080808};
    static const uint16_t ports[] = {23, 80, 2323, 65535, 0, 443};
    static const uint8_t protocols[] = {0, PROTOCOL_OF_UDP, PROTOCOL_OF_ICMP, 132};
    struct test_packet packet = {
        .source = (next_random(seed) % 4 == 0 ? FROM_US : FROM_JP) + next_random(seed) % 50,
        .destination = destinations[next_random(seed) % G_N_ELEMENTS(destinations)],
        .port = ports[next_random(seed) % G_N_ELEMENTS(ports)],
        .protocol = protocols[next_random(seed) % G_N_ELEMENTS(protocols)],
    };
    if (next_random(seed) % 5 == 0)
        packet.sequence = packet.destination;
    if (next_random(seed) % 6 == 0)
        packet.source_ipv6_end = (uint8_t)(1 + next_random(seed) % 20);
    if (next_random(seed) % 40 == 0)
        packet.source = TO_B;
    int64_t day = (int64_t)(next_random(seed) % 6) - 1;
    capture_add(capture, DAY_0 + day * DAY_SECONDS + next_random(seed) % DAY_SECONDS,
                next_random(seed) % 1000000000, &packet);
}

/* With an empty cache and with a full one: the same bytes. */
static void assert_cached_alike(struct counting *counting, struct summary *expected, int threads)
{
    GByteArray *bytes = summary_file_bytes(expected);
    for (int i = 0; i < 2; i++) {
        struct aggregate_work work;
        struct aggregate_options options = {
            .thread_count = threads, .always = true, .batch_bytes = 700, .work = &work};
        struct summary *summary = aggregate_fresh_summary(&counting->publication, &counting->edition,
                                                          &options, NULL, NULL, &counting->err);
        assert_non_null(summary);
        assert_int_equal(work.archives_read, i == 0 ? expected->archives->len : 0);
        GByteArray *cached = summary_file_bytes(summary);
        assert_int_equal(cached->len, bytes->len);
        assert_memory_equal(cached->data, bytes->data, bytes->len);
        g_byte_array_unref(cached);
        summary_free(summary);
    }
    g_byte_array_unref(bytes);
}

/* The same packets in any number of archives, in any order, with any number of threads: the same counts. */
static void test_any_split_and_thread_count(void **state)
{
    (void)state;
    enum { PACKETS = 3000, PARTS_MAX = 24, HEADER = 24 };
    GByteArray *expected = NULL;
    for (int round = 0; round < 8; round++) {
        size_t measure_count;
        struct measure *measures = all_measures(&measure_count);
        struct counting counting;
        counting_init(&counting, measures, measure_count);
        uint32_t split = 100 + (uint32_t)round, seed = 1;
        guint parts = round == 0 ? 1 : 1 + next_random(&split) % PARTS_MAX;
        GByteArray *captures[PARTS_MAX];
        for (guint i = 0; i < parts; i++)
            captures[i] = capture_new(LINKTYPE_RAW_IP);
        for (int i = 0; i < PACKETS; i++)
            random_add(captures[next_random(&split) % parts], &seed);
        for (guint i = 0; i < parts; i++) {
            char name[64];
            snprintf(name, sizeof name, "captures/%u/%02u.pcap", next_random(&split) % 3, i);
            counting_capture(&counting, name, captures[i]);
        }
        struct summary *summary = run(&counting, 1 + 5 * (round % 4)); /* more than totals.h keeps */
        assert_int_equal(summary->packets_read, PACKETS);
        assert_int_equal(summary->archives->len, parts);
        uint64_t sum = 0;
        for (int i = 0; i < BIN_COUNT; i++)
            sum += summary->bins[i];
        assert_int_equal(sum, PACKETS);
        assert_true(summary->bins[BIN_COUNTED] > PACKETS / 3);
        assert_true(summary->bins[BIN_OUTSIDE_QUARTER] > 0 && summary->bins[BIN_FROM_SENSOR] > 0 &&
                    summary->bins[BIN_NOT_TO_SENSOR] > 0);
        for (size_t i = 0; i < 5; i++)
            assert_int_equal(measure_counts_total(summary, summary_measure(summary, summary->measures[i].id)),
                             summary->bins[BIN_COUNTED]);
        assert_cached_alike(&counting, summary, 1 + 6 * (round % 3));
        GByteArray *bytes = counts_bytes(summary);
        if (expected == NULL) {
            expected = g_byte_array_ref(bytes);
        } else {
            assert_int_equal(bytes->len, expected->len);
            assert_memory_equal(bytes->data, expected->data, expected->len);
        }
        g_byte_array_unref(bytes);
        summary_free(summary);
        counting_release(&counting);
        measures_free(measures, measure_count);
    }
    g_byte_array_unref(expected);
}

/* A capture of `count` packets from JP to port 23 of sensor a on the first day. */
static GByteArray *simple_capture(uint32_t count)
{
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    for (uint32_t i = 0; i < count; i++)
        capture_add(capture, DAY_0 + i, 0,
                    &(struct test_packet){.source = FROM_JP + i, .destination = TO_A, .port = 23});
    return capture;
}

static const struct summary_archive *archive_at(const struct summary *summary, guint index)
{
    assert_true(index < summary->archives->len);
    return summary->archives->pdata[index];
}

static void test_archives_are_described(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports";
    struct measure measure = {.id = id, .by = BY_PORT};
    counting_init(&counting, &measure, 1);
    GByteArray *capture = simple_capture(5);
    guint size = capture->len;
    counting_capture(&counting, "captures/sub/\\ \xff\n.pcap", capture);
    struct summary *summary = run(&counting, 1);
    const struct summary_archive *archive = archive_at(summary, 0);
    assert_string_equal(archive->name, "captures/sub/\\x5c \\xff\\x0a.pcap");
    assert_int_equal(archive->size, size);
    assert_int_equal(archive->packets, 5);
    assert_int_equal(archive->first_second, DAY_0);
    assert_int_equal(archive->last_second, DAY_0 + 4);
    assert_int_equal(strlen(archive->digest), 32);
    assert_null(archive->problem);
    assert_int_equal(counting.log.count, 0);
    summary_free(summary);
    counting_release(&counting);
}

static void test_duplicates_count_once(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports";
    struct measure measure = {.id = id, .by = BY_PORT};
    counting_init(&counting, &measure, 1);
    counting_capture(&counting, "captures/b.pcap", simple_capture(7));
    counting_capture(&counting, "captures/a.pcap", simple_capture(3));
    counting_capture(&counting, "captures/c.pcap", simple_capture(7));
    counting_capture(&counting, "captures/d.pcap", simple_capture(7));
    /* As long as the others, but not the same. */
    GByteArray *other = simple_capture(7);
    other->data[24 + 16 + 23] ^= 1;
    counting_capture(&counting, "captures/e.pcap", other);
    struct summary *summary = run(&counting, 2);
    assert_int_equal(summary->packets_read, 3 + 7 + 7);
    assert_int_equal(summary->archives->len, 5);
    assert_null(archive_at(summary, 1)->duplicate_of);
    assert_string_equal(archive_at(summary, 2)->duplicate_of, "captures/b.pcap");
    assert_string_equal(archive_at(summary, 3)->duplicate_of, "captures/b.pcap");
    assert_null(archive_at(summary, 4)->duplicate_of);
    assert_int_equal(archive_at(summary, 2)->packets, 0);
    assert_string_equal(archive_at(summary, 2)->digest, archive_at(summary, 1)->digest);
    assert_int_equal(counting.log.count, 2); /* a, b and e are of the same few seconds: no overlap yet */
    assert_true(
        counting_warned(&counting, "captures/c.pcap: the same bytes as captures/b.pcap, counted once"));
    summary_free(summary);
    counting_release(&counting);
}

/* The captures of quiet hours are all the same file header: nothing to say about that. */
static void test_empty_captures_are_no_duplicates(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports";
    struct measure measure = {.id = id, .by = BY_PORT};
    counting_init(&counting, &measure, 1);
    counting_capture(&counting, "captures/a.pcap", simple_capture(0));
    counting_capture(&counting, "captures/b.pcap", simple_capture(0));
    struct summary *summary = run(&counting, 1);
    assert_null(archive_at(summary, 1)->duplicate_of);
    assert_string_equal(archive_at(summary, 0)->digest, archive_at(summary, 1)->digest);
    assert_int_equal(counting.log.count, 0);
    summary_free(summary);
    counting_release(&counting);
}

static void test_unreadable_archives(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports";
    struct measure measure = {.id = id, .by = BY_PORT};
    counting_init(&counting, &measure, 1);
    counting_capture(&counting, "captures/good.pcap", simple_capture(2));
    GByteArray *text = g_byte_array_new();
    g_byte_array_append(text, (const uint8_t *)"this is no capture, but a text of some length\n", 46);
    counting_capture(&counting, "captures/z-notes.txt", text);
    counting_capture(&counting, "captures/empty.pcap", g_byte_array_new());
    for (int threads = 1; threads <= 3; threads++) {
        assert_null(counting_run(&counting, threads, false));
        assert_int_equal(counting.err.kind, ERROR_INPUT);
        /* Always the first by name, whichever thread met one first. */
        assert_non_null(strstr(counting.err.message, "captures/empty.pcap"));
        assert_true(g_str_has_prefix(counting.err.message, "aggregate: 2025q1: "));
    }
    counting.publication.skip_unreadable = true;
    struct summary *summary = run(&counting, 2);
    assert_int_equal(summary->packets_read, 2);
    assert_non_null(archive_at(summary, 0)->problem);
    assert_null(strstr(archive_at(summary, 0)->problem, counting.scratch.folder));
    assert_null(archive_at(summary, 1)->problem);
    assert_non_null(archive_at(summary, 2)->problem);
    assert_int_equal(archive_at(summary, 2)->size, 46);
    assert_true(counting_warned(&counting, "captures/z-notes.txt: "));
    assert_true(counting_warned(&counting, "nothing of it is counted"));
    assert_int_equal(counting.log.count, 2);
    summary_free(summary);
    counting_release(&counting);
}

static void test_archives_cut_short(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports";
    struct measure measure = {.id = id, .by = BY_PORT};
    counting_init(&counting, &measure, 1);
    GByteArray *cut = simple_capture(4);
    g_byte_array_set_size(cut, cut->len - 10);
    counting_capture(&counting, "captures/cut.pcap", cut);
    struct summary *summary = run(&counting, 1);
    assert_int_equal(summary->bins[BIN_COUNTED], 3);
    assert_int_equal(archive_at(summary, 0)->packets, 3);
    assert_non_null(archive_at(summary, 0)->problem);
    assert_true(counting_warned(&counting, "the packets before it are counted"));
    summary_free(summary);
    assert_null(counting_run(&counting, 1, true));
    assert_int_equal(counting.err.kind, ERROR_INPUT);
    assert_non_null(strstr(counting.err.message, "captures/cut.pcap"));
    counting_release(&counting);
}

static void test_nothing_to_count(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports", regions_id[] = "regions";
    struct measure measures[] = {{.id = id, .by = BY_PORT}, {.id = regions_id, .by = BY_REGION}};
    counting_init(&counting, measures, 2);
    strcpy(counting.captures_path, "captures/{edition}");
    assert_false(aggregate_has_captures(&counting.publication, &counting.edition));
    assert_null(counting_run(&counting, 1, false));
    assert_int_equal(counting.err.kind, ERROR_INPUT);
    assert_non_null(strstr(counting.err.message, "2025q1: no capture archives found"));
    assert_non_null(strstr(counting.err.message, "captures/2025q1"));
    counting_capture(&counting, "captures/2025q1/a.pcap", simple_capture(1));
    assert_true(aggregate_has_captures(&counting.publication, &counting.edition));
    /* A measure by region needs the registries. */
    strcpy(counting.delegated_path, "elsewhere/*");
    assert_null(counting_run(&counting, 1, false));
    assert_non_null(strstr(counting.err.message, "no registry files"));
    assert_non_null(strstr(counting.err.message, "elsewhere/*"));
    counting.publication.measure_count = 1;
    summary_free(run(&counting, 1));
    counting_release(&counting);
}

static void test_registry_errors(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "regions";
    struct measure measure = {.id = id, .by = BY_REGION};
    counting_init(&counting, &measure, 1);
    counting_capture(&counting, "captures/a.pcap", simple_capture(1));
    scratch_write(&counting.scratch, "registries/delegated-ripencc",
                  "2|ripencc|20250930|1|00000000|20250930|+0200\n"
                  "ripencc|FR|ipv4|10.0.0.0|256|20020801|allocated\n");
    struct summary *summary = run(&counting, 1);
    assert_int_equal(summary->registries->len, 2);
    assert_string_equal(((const struct summary_registry *)summary->registries->pdata[1])->name, "ripencc");
    assert_string_equal(((const struct summary_registry *)summary->registries->pdata[1])->file,
                        "registries/delegated-ripencc");
    assert_int_equal(summary->region_overlap_addresses, 256);
    assert_non_null(measure_counts_row(summary_measure(summary, id), "FR"));
    assert_true(counting_warned(&counting, "a snapshot of 2025-09-30"));
    assert_true(counting_warned(&counting, "claim 256 IPv4 addresses"));
    summary_free(summary);
    scratch_write(&counting.scratch, "registries/delegated-zzz", "<html>\n");
    assert_null(counting_run(&counting, 1, false));
    assert_non_null(strstr(counting.err.message, "delegated-zzz: line 1: not a registry's statistics"));
    counting_release(&counting);
}

static char *fresh(struct counting *counting, struct summary **summary)
{
    struct aggregate_options options = {.thread_count = 1};
    char *reason = NULL;
    struct summary *got = aggregate_fresh_summary(&counting->publication, &counting->edition, &options,
                                                  &counting->log, &reason, &counting->err);
    if (got == NULL)
        fail_msg("%s", counting->err.message);
    if (summary != NULL)
        *summary = got;
    else
        summary_free(got);
    return reason;
}

static void assert_recounted(struct counting *counting, const char *expected)
{
    char *reason = fresh(counting, NULL);
    if (reason == NULL || strstr(reason, expected) == NULL)
        fail_msg("the reason is \"%s\", expected \"%s\"", reason == NULL ? "none" : reason, expected);
    g_free(reason);
    assert_null(fresh(counting, NULL));
}

static void test_fresh_summaries(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports", other_id[] = "regions";
    struct measure measures[] = {{.id = id, .by = BY_PORT}, {.id = other_id, .by = BY_REGION}};
    counting_init(&counting, measures, 2);
    counting_capture(&counting, "captures/a.pcap", simple_capture(3));
    assert_recounted(&counting, "not counted yet");
    counting_capture(&counting, "captures/b.pcap", simple_capture(4));
    assert_recounted(&counting, "captures/b.pcap is new");
    counting_capture(&counting, "captures/b.pcap", simple_capture(5));
    assert_recounted(&counting, "captures/b.pcap changed");
    g_unlink(scratch_path(&counting.scratch, "captures/a.pcap"));
    assert_recounted(&counting, "captures/a.pcap is gone");
    measures[0].by = BY_SENSOR;
    assert_recounted(&counting, "measure ports changed");
    measures[0].id[0] = 'P';
    assert_recounted(&counting, "measure Ports is new");
    counting.publication.sensors.sensors[0].region[0] = 'K';
    assert_recounted(&counting, "sensor a changed");
    scratch_write(&counting.scratch, "registries/delegated-more",
                  "2|lacnic|20250630|1|00000000|20250630|+0200\n"
                  "lacnic|BR|ipv4|12.0.0.0|256|20020801|allocated\n");
    assert_recounted(&counting, "registries/delegated-more is new");

    /* A damaged summary, and one of another count beside the same list. */
    char *path = aggregate_summary_path(&counting.publication, &counting.edition);
    char *bytes;
    gsize size;
    assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    bytes[size / 2] ^= 1;
    assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
    assert_recounted(&counting, "cut or changed");
    g_unlink(path);
    assert_recounted(&counting, "cannot read");
    g_free(bytes);

    /* A label decides no count. */
    struct summary *summary;
    g_free(counting.publication.sensors.sensors[1].label);
    counting.publication.sensors.sensors[1].label = g_strdup("new name");
    assert_null(fresh(&counting, &summary));
    assert_string_equal(summary->sensors[1].label, "new name");
    assert_int_equal(summary->packets_read, 5);
    summary_free(summary);

    struct aggregate_options again = {.thread_count = 1, .recount = true};
    char *reason = NULL;
    summary = aggregate_fresh_summary(&counting.publication, &counting.edition, &again, NULL, &reason,
                                      &counting.err);
    assert_null(reason); /* nothing but the option */
    /* Read or counted: the same bytes. */
    struct summary *read = summary_new();
    assert_int_equal(summary_read(read, path, &counting.err), 0);
    GByteArray *x = summary_file_bytes(summary), *y = summary_file_bytes(read);
    assert_int_equal(x->len, y->len);
    assert_memory_equal(x->data, y->data, x->len);
    g_byte_array_unref(x);
    g_byte_array_unref(y);
    summary_free(read);
    summary_free(summary);
    g_free(reason);
    g_free(path);
    counting_release(&counting);
}

/* What was counted leniently does not satisfy one who asks for strictness. */
static void test_strictness_looks_behind_a_fresh_summary(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports";
    struct measure measure = {.id = id, .by = BY_PORT};
    counting_init(&counting, &measure, 1);
    GByteArray *cut = simple_capture(4);
    g_byte_array_set_size(cut, cut->len - 10);
    counting_capture(&counting, "captures/cut.pcap", cut);
    g_free(fresh(&counting, NULL));
    assert_null(fresh(&counting, NULL));
    struct aggregate_options strict = {.thread_count = 1, .strict = true};
    assert_null(aggregate_fresh_summary(&counting.publication, &counting.edition, &strict, NULL, NULL,
                                        &counting.err));
    assert_non_null(strstr(counting.err.message, "captures/cut.pcap"));
    counting_release(&counting);
}

static void progress_note(const struct aggregate_progress *progress, void *context)
{
    *(struct aggregate_progress *)context = *progress;
}

static void test_progress_ends_complete(void **state)
{
    (void)state;
    struct counting counting;
    char id[] = "ports";
    struct measure measure = {.id = id, .by = BY_PORT};
    counting_init(&counting, &measure, 1);
    counting_capture(&counting, "captures/a.pcap", simple_capture(10000));
    counting_capture(&counting, "captures/b.pcap", simple_capture(10));
    counting_capture(&counting, "captures/c.pcap", simple_capture(10));
    struct aggregate_progress last = {0};
    struct aggregate_options options = {
        .thread_count = 2, .progress = progress_note, .progress_context = &last};
    summary_free(aggregate_edition(&counting.publication, &counting.edition, &options, NULL, &counting.err));
    assert_int_equal(last.archives_done, 3);
    assert_int_equal(last.archive_count, 3);
    assert_int_equal(last.bytes_done, last.byte_count);
    assert_int_equal(last.packets, 10020); /* c.pcap, a copy of b.pcap, is read as well */
    counting_release(&counting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_split_and_thread_count),
        cmocka_unit_test(test_archives_are_described),
        cmocka_unit_test(test_duplicates_count_once),
        cmocka_unit_test(test_empty_captures_are_no_duplicates),
        cmocka_unit_test(test_unreadable_archives),
        cmocka_unit_test(test_archives_cut_short),
        cmocka_unit_test(test_nothing_to_count),
        cmocka_unit_test(test_registry_errors),
        cmocka_unit_test(test_fresh_summaries),
        cmocka_unit_test(test_strictness_looks_behind_a_fresh_summary),
        cmocka_unit_test(test_progress_ends_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
