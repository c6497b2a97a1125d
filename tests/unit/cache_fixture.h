/* cache_fixture.h - counting with a cache: captures a, b and c of 60 packets, what a run read of them and
 * why.
 *
 *     struct cache_test test;
 *     setup(&test);
 *     count(&test, usual, 60, 3);            // 60 packets, three archives read
 *     assert_reason(&test, "not counted yet");
 *     teardown(&test);
 */
#ifndef TEITEN_TESTS_UNIT_CACHE_FIXTURE_H
#define TEITEN_TESTS_UNIT_CACHE_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>

#include "summary/summary_file.h"
#include "unit/counting_fixture.h"

/* A capture of `count` packets from JP, numbered from `first`, to sensor a; captures that
 * begin with different numbers do not overlap in time. */
static inline GByteArray *numbered_capture(uint32_t first, uint32_t count)
{
    GByteArray *capture = capture_new(LINKTYPE_RAW_IP);
    for (uint32_t i = first; i < first + count; i++)
        capture_add(capture, DAY_0 + 1000 * (int64_t)first + i - first, 0,
                    &(struct test_packet){
                        .source = FROM_JP + i, .destination = TO_A, .port = (uint16_t)(20 + i % 7)});
    return capture;
}

struct cache_test {
    struct counting counting;
    char ports[16], sources[16];
    struct measure measures[2];
    struct aggregate_work work; /* of the last run */
    char *reason;               /* likewise */
};

static inline void setup(struct cache_test *test)
{
    *test = (struct cache_test){.ports = "ports", .sources = "sources"};
    test->measures[0] = (struct measure){.id = test->ports, .by = BY_PORT};
    test->measures[1] = (struct measure){.id = test->sources, .by = BY_REGION, .count = COUNT_SOURCES};
    counting_init(&test->counting, test->measures, 2);
    counting_capture(&test->counting, "captures/a.pcap", numbered_capture(0, 10));
    counting_capture(&test->counting, "captures/b.pcap", numbered_capture(5, 20));
    counting_capture(&test->counting, "captures/c.pcap", numbered_capture(100, 30));
}

static inline void teardown(struct cache_test *test)
{
    g_free(test->reason);
    counting_release(&test->counting);
}

static inline struct summary *try(struct cache_test *test, struct aggregate_options options)
{
    options.thread_count = options.thread_count > 0 ? options.thread_count : 1;
    options.work = &test->work;
    test->work = (struct aggregate_work){0};
    g_clear_pointer(&test->reason, g_free);
    return aggregate_fresh_summary(&test->counting.publication, &test->counting.edition, &options,
                                   &test->counting.log, &test->reason, &test->counting.err);
}

/* Counts, and compares the bytes with those of counting without any cache. */
static inline void count(struct cache_test *test, struct aggregate_options options, uint64_t packets,
                         size_t read)
{
    struct summary *summary = try(test, options);
    if (summary == NULL)
        fail_msg("%s", test->counting.err.message);
    assert_int_equal(summary->packets_read, packets);
    assert_int_equal(test->work.archives_read, read);
    struct aggregate_options plain = {.thread_count = 1, .choice = options.choice};
    struct summary *expected = aggregate_edition(&test->counting.publication, &test->counting.edition, &plain,
                                                 NULL, &test->counting.err);
    assert_non_null(expected);
    GByteArray *x = summary_file_bytes(summary), *y = summary_file_bytes(expected);
    assert_int_equal(x->len, y->len);
    assert_memory_equal(x->data, y->data, x->len);
    g_byte_array_unref(x);
    g_byte_array_unref(y);
    summary_free(expected);
    summary_free(summary);
}

static const struct aggregate_options usual = {.thread_count = 1};

static inline char *cache_folder(struct cache_test *test)
{
    return (char *)(uintptr_t)scratch_path(&test->counting.scratch, "summaries/cache/2025q1");
}

/* Paths of the partial summaries, by name. */
static inline GPtrArray *partials(struct cache_test *test)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(cache_folder(test), 0, NULL);
    for (const char *name = dir == NULL ? NULL : g_dir_read_name(dir); name != NULL;
         name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".partial"))
            g_ptr_array_add(paths, g_build_filename(cache_folder(test), name, NULL));
    if (dir != NULL)
        g_dir_close(dir);
    return paths;
}

static inline void cache_remove(struct cache_test *test)
{
    GPtrArray *paths = partials(test);
    for (guint i = 0; i < paths->len; i++)
        g_unlink(paths->pdata[i]);
    g_ptr_array_unref(paths);
}

static inline void assert_reason(const struct cache_test *test, const char *expected)
{
    if (test->reason == NULL || strstr(test->reason, expected) == NULL)
        fail_msg("the reason is \"%s\", expected \"%s\"", test->reason == NULL ? "none" : test->reason,
                 expected);
}

#endif
