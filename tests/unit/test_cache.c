/* The cache of partial summaries: what is read again and why, and that nobody can tell from the bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counting_fixture.h"
#include "summary/partial.h"
#include "summary/seal.h"
#include "summary/summary_file.h"

/* A capture of `count` packets from JP, numbered from `first`, to sensor a; captures that
 * begin with different numbers do not overlap in time. */
static GByteArray *numbered_capture(uint32_t first, uint32_t count)
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

static void setup(struct cache_test *test)
{
    *test = (struct cache_test){.ports = "ports", .sources = "sources"};
    test->measures[0] = (struct measure){.id = test->ports, .by = BY_PORT};
    test->measures[1] = (struct measure){.id = test->sources, .by = BY_REGION, .count = COUNT_SOURCES};
    counting_init(&test->counting, test->measures, 2);
    counting_capture(&test->counting, "captures/a.pcap", numbered_capture(0, 10));
    counting_capture(&test->counting, "captures/b.pcap", numbered_capture(5, 20));
    counting_capture(&test->counting, "captures/c.pcap", numbered_capture(100, 30));
}

static void teardown(struct cache_test *test)
{
    g_free(test->reason);
    counting_release(&test->counting);
}

static struct summary *try(struct cache_test *test, struct aggregate_options options)
{
    options.thread_count = options.thread_count > 0 ? options.thread_count : 1;
    options.work = &test->work;
    test->work = (struct aggregate_work){0};
    g_clear_pointer(&test->reason, g_free);
    return aggregate_fresh_summary(&test->counting.publication, &test->counting.edition, &options,
                                   &test->counting.log, &test->reason, &test->counting.err);
}

/* Counts, and compares the bytes with those of counting without any cache. */
static void count(struct cache_test *test, struct aggregate_options options, uint64_t packets, size_t read)
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

static char *cache_folder(struct cache_test *test)
{
    return (char *)(uintptr_t)scratch_path(&test->counting.scratch, "summaries/cache/2025q1");
}

/* Paths of the partial summaries, by name. */
static GPtrArray *partials(struct cache_test *test)
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

static void cache_remove(struct cache_test *test)
{
    GPtrArray *paths = partials(test);
    for (guint i = 0; i < paths->len; i++)
        g_unlink(paths->pdata[i]);
    g_ptr_array_unref(paths);
}

static void assert_reason(const struct cache_test *test, const char *expected)
{
    if (test->reason == NULL || strstr(test->reason, expected) == NULL)
        fail_msg("the reason is \"%s\", expected \"%s\"", test->reason == NULL ? "none" : test->reason,
                 expected);
}

static void test_only_what_is_new_is_read(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    count(&test, usual, 60, 3);
    assert_reason(&test, "not counted yet");
    count(&test, usual, 60, 0);
    assert_null(test.reason);
    count(&test, (struct aggregate_options){.always = true}, 60, 0);
    counting_capture(&test.counting, "captures/0.pcap", numbered_capture(200, 7));
    count(&test, usual, 67, 1);
    assert_reason(&test, "captures/0.pcap is new");
    counting_capture(&test.counting, "captures/b.pcap", numbered_capture(5, 21));
    count(&test, usual, 68, 1);
    assert_reason(&test, "captures/b.pcap changed");
    /* Its counts go with it, without reading the others. */
    g_unlink(scratch_path(&test.counting.scratch, "captures/a.pcap"));
    count(&test, usual, 58, 0);
    assert_reason(&test, "captures/a.pcap is gone");
    teardown(&test);
}

/* An archive is what its bytes are, not its name or time. */
static void test_renamed_and_touched_archives_are_known(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    count(&test, usual, 60, 3);
    assert_int_equal(g_rename(scratch_path(&test.counting.scratch, "captures/a.pcap"),
                              scratch_path(&test.counting.scratch, "captures/z.pcap")),
                     0);
    count(&test, usual, 60, 0);
    assert_reason(&test, "captures/a.pcap is gone");
    struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    assert_int_equal(utimensat(AT_FDCWD, scratch_path(&test.counting.scratch, "captures/b.pcap"), times, 0),
                     0);
    count(&test, usual, 60, 0);
    assert_null(test.reason);
    /* Its new looks are on the list: the next time its bytes need not be read. */
    char *list;
    assert_true(g_file_get_contents(scratch_path(&test.counting.scratch, "summaries/2025q1.inputs"), &list,
                                    NULL, NULL));
    assert_non_null(strstr(list, "archive\tcaptures/b.pcap\t"));
    assert_non_null(strstr(list, "\t1700000000000000000\t"));
    g_free(list);
    teardown(&test);
}

/* Who needs one measure gets no other from a summary that stands. */
static void test_measures_asked_for(void **state)
{
    (void)state;
    static const char *const measures[] = {"sources", NULL};
    struct cache_test test;
    setup(&test);
    count(&test, usual, 60, 3);
    struct counting *counting = &test.counting;
    struct aggregate_options options = {.measures = measures};
    struct summary *summary = aggregate_fresh_summary(&counting->publication, &counting->edition, &options,
                                                      &counting->log, NULL, &counting->err);
    assert_non_null(summary);
    assert_int_equal(summary->measure_count, 1);
    assert_non_null(summary_measure(summary, "sources"));
    assert_int_equal(summary->packets_read, 60);
    summary_free(summary);
    teardown(&test);
}

static void test_copies_count_once(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    counting_capture(&test.counting, "captures/0.pcap", numbered_capture(100, 30));
    count(&test, (struct aggregate_options){.thread_count = 3}, 60, 4);
    assert_true(
        counting_warned(&test.counting, "captures/c.pcap: the same bytes as captures/0.pcap, counted once"));
    /* A copy that comes later, under an earlier name: nothing is read, and the name changes sides. */
    counting_capture(&test.counting, "captures/00.pcap", numbered_capture(0, 10));
    count(&test, usual, 60, 0);
    assert_true(
        counting_warned(&test.counting, "captures/a.pcap: the same bytes as captures/00.pcap, counted once"));
    /* When one of them goes, the other counts. */
    g_unlink(scratch_path(&test.counting.scratch, "captures/0.pcap"));
    count(&test, usual, 60, 0);
    teardown(&test);
}

/* Counts of measures that did not change are kept: archives are read for the others only. */
static void test_configuration_decides(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    count(&test, usual, 60, 3);
    assert_int_equal(test.work.measures_counted, 2);
    test.measures[0].by = BY_SENSOR;
    count(&test, usual, 60, 3);
    assert_reason(&test, "measure ports changed");
    assert_int_equal(test.work.measures_counted, 1);
    /* What was counted that way before still stands in the cache. */
    test.measures[0].by = BY_PORT;
    count(&test, usual, 60, 0);
    assert_reason(&test, "measure ports changed");
    assert_int_equal(test.work.measures_counted, 0);
    /* A measure that goes is left out; another name is no other measure; two may count the same. */
    test.counting.publication.measure_count = 1;
    count(&test, usual, 60, 0);
    assert_reason(&test, "delegated-apnic is gone"); /* nobody asks for regions any more */
    test.counting.publication.measure_count = 2;
    test.ports[0] = 'z';
    count(&test, usual, 60, 0);
    assert_reason(&test, "delegated-apnic is new");
    test.measures[1] = (struct measure){.id = test.sources, .by = BY_PORT};
    count(&test, usual, 60, 0);
    test.measures[1] = (struct measure){.id = test.sources, .by = BY_REGION, .count = COUNT_SOURCES};
    scratch_write(&test.counting.scratch, "registries/delegated-apnic",
                  "2|apnic|20250630|1|00000000|20250630|+1000\n"
                  "apnic|KR|ipv4|10.0.0.0|16777216|20020801|allocated\n");
    count(&test, usual, 60, 3);
    assert_int_equal(test.work.measures_counted, 1); /* ports have no region */
    scratch_write(&test.counting.scratch, "registries/delegated-apnic",
                  "2|apnic|20250630|1|00000000|20250630|+1000\n"
                  "apnic|CN|ipv4|10.0.0.0|16777216|20020801|allocated\n");
    count(&test, usual, 60, 3);
    assert_reason(&test, "registries/delegated-apnic changed");
    assert_int_equal(test.work.measures_counted, 1);
    test.counting.publication.sensors.sensors[1].region[0] = 'X';
    count(&test, usual, 60, 3);
    assert_reason(&test, "sensor b changed");
    assert_int_equal(test.work.measures_counted, 2);
    test.counting.publication.icmp_as_one = true;
    count(&test, usual, 60, 3);
    assert_reason(&test, "the setting icmp changed");
    teardown(&test);
}

/* Archives that lack different measures, new ones among them, copies too; in one batch and in several. */
static void test_archives_that_lack_some_measures(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    test.counting.publication.measure_count = 1;
    count(&test, usual, 60, 3);
    counting_capture(&test.counting, "captures/copy.pcap", numbered_capture(5, 20));
    test.counting.publication.measure_count = 2;
    count(&test, (struct aggregate_options){.thread_count = 2, .batch_bytes = 1}, 60, 4);
    assert_int_equal(test.work.measures_counted, 1);
    count(&test, (struct aggregate_options){.always = true}, 60, 0);
    /* A new archive lacks all: those that lack one are read for all as well. */
    test.measures[1].count = COUNT_BYTES;
    counting_capture(&test.counting, "captures/d.pcap", numbered_capture(300, 4));
    count(&test, usual, 64, 5);
    assert_int_equal(test.work.measures_counted, 2);
    /* One archive's counts of one measure are lost. */
    test.measures[1].count = COUNT_SOURCES;
    counting_capture(&test.counting, "captures/d.pcap", numbered_capture(400, 5));
    count(&test, usual, 65, 1);
    assert_int_equal(test.work.measures_counted, 2);
    test.measures[0].by = BY_TOOL;
    count(&test, (struct aggregate_options){.thread_count = 3, .batch_bytes = 1}, 65, 5);
    assert_int_equal(test.work.measures_counted, 1);
    teardown(&test);
}

/* An archive that is read for one measure has other bytes than those that the rest was counted from: its time
 * and size are the same. */
static void test_an_archive_that_changed_in_secret_is_counted_whole(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    const char *path = scratch_path(&test.counting.scratch, "captures/a.pcap");
    struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    count(&test, usual, 60, 3);
    int descriptor = open(path, O_WRONLY);
    assert_int_equal(pwrite(descriptor, (const uint8_t[]){0, 99}, 2, 24 + 16 + 22), 2);
    close(descriptor);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    test.measures[0].by = BY_SENSOR;
    count(&test, usual, 60, 1); /* the others were read before that was seen */
    assert_int_equal(test.work.measures_counted, 2);
    teardown(&test);
}

static void test_the_cache_may_be_deleted(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    count(&test, usual, 60, 3);
    cache_remove(&test);
    count(&test, usual, 60, 0); /* the summary stands */
    assert_null(test.reason);
    cache_remove(&test);
    count(&test, (struct aggregate_options){.always = true}, 60, 3);
    assert_int_equal(test.counting.log.count, 0); /* deleting is nothing to warn of */
    teardown(&test);
}

static void bytes_flip(const char *path, gsize from_end)
{
    char *data;
    gsize size;
    assert_true(g_file_get_contents(path, &data, &size, NULL));
    data[size - from_end] ^= 1;
    assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
    g_free(data);
}

static void test_broken_entries_are_counted_again(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    count(&test, (struct aggregate_options){.batch_bytes = 1}, 60, 3);
    GPtrArray *paths = partials(&test);
    assert_int_equal(paths->len, 3);
    bytes_flip(paths->pdata[0], 100);
    assert_int_equal(truncate(paths->pdata[1], 50), 0);
    count(&test, (struct aggregate_options){.always = true, .batch_bytes = 1}, 60, 2);
    assert_true(counting_warned(&test.counting, "cut or changed: its digest"));
    assert_true(counting_warned(&test.counting, "its archives are counted again"));
    assert_int_equal(test.counting.log.count, 2);
    /* They stand there whole again. */
    count(&test, (struct aggregate_options){.always = true}, 60, 0);
    assert_int_equal(test.counting.log.count, 2);
    g_ptr_array_unref(paths);
    teardown(&test);
}

/* A key with other bytes, sound in themselves: counting was not deterministic, which must not stay hidden. */
static void test_other_bytes_under_a_key_are_an_error(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    count(&test, (struct aggregate_options){.batch_bytes = 1}, 60, 3);
    GPtrArray *paths = partials(&test);
    char *data;
    gsize size;
    assert_true(g_file_get_contents(paths->pdata[0], &data, &size, NULL));
    assert_true(g_file_set_contents(paths->pdata[1], data, (gssize)size, NULL));
    g_free(data);
    assert_null(try(&test, (struct aggregate_options){.always = true, .batch_bytes = 1}));
    assert_int_equal(test.counting.err.kind, ERROR_OUTPUT);
    assert_non_null(strstr(test.counting.err.message, "stands there with other bytes"));
    g_ptr_array_unref(paths);
    teardown(&test);
}

static void test_verify_looks_at_every_byte(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    const char *path = scratch_path(&test.counting.scratch, "captures/a.pcap");
    struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    count(&test, usual, 60, 3);
    /* One packet goes to port 99, in place, and the time is set back. */
    int descriptor = open(path, O_WRONLY);
    assert_int_equal(pwrite(descriptor, (const uint8_t[]){0, 99}, 2, 24 + 16 + 22), 2);
    close(descriptor);
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    struct summary *summary = try(&test, usual);
    assert_null(test.reason); /* it looks the same */
    summary_free(summary);
    count(&test, (struct aggregate_options){.verify = true}, 60, 1);
    assert_reason(&test, "captures/a.pcap changed");
    assert_true(counting_warned(&test.counting, "captures/a.pcap: its bytes changed, but not its size"));
    teardown(&test);
}

/* A run that is killed goes on where it was: it waits in a pipe after two of four archives. */
static void test_a_killed_run_goes_on(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    const char *pipe_path = scratch_path(&test.counting.scratch, "pipe");
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    char *list = g_strdup_printf("%s/captures/b.pcap\n%s/captures/c.pcap\n%s\n", test.counting.scratch.folder,
                                 test.counting.scratch.folder, pipe_path);
    struct input_choice choice = {.files_from = scratch_write(&test.counting.scratch, "list", list)};
    g_free(list);
    pid_t child = fork();
    if (child == 0) {
        summary_free(try(&test, (struct aggregate_options){.choice = &choice, .batch_bytes = 1}));
        _exit(0);
    }
    guint found = 0;
    for (int i = 0; i < 2000 && found < 2; i++) {
        GPtrArray *paths = partials(&test);
        found = paths->len;
        g_ptr_array_unref(paths);
        g_usleep(5000);
    }
    g_usleep(500000); /* the files are there; what publishing them ends with, too, before the run waits */
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(found, 2);
    count(&test, usual, 60, 1);
    assert_reason(&test, "not counted yet");
    count(&test, usual, 60, 0);
    teardown(&test);
}

/* Several runs at once: each ends well, with the same summary; what they leave is sound. */
static void test_runs_side_by_side(void **state)
{
    (void)state;
    enum { RUNS = 3, ARCHIVES = 24 };
    struct cache_test test;
    setup(&test);
    for (uint32_t i = 0; i < ARCHIVES; i++) {
        char name[64];
        snprintf(name, sizeof name, "captures/n%03u.pcap", i);
        counting_capture(&test.counting, name, numbered_capture(1000 + 40 * i, 40));
    }
    pid_t children[RUNS];
    for (int i = 0; i < RUNS; i++) {
        children[i] = fork();
        if (children[i] != 0)
            continue;
        struct aggregate_options options = {.always = true, .thread_count = 1 + i % 2, .batch_bytes = 300};
        struct summary *summary = try(&test, options);
        bool is_right = summary != NULL && summary->packets_read == 60 + 40 * ARCHIVES;
        if (!is_right)
            fprintf(stderr, "%s\n", test.counting.err.message);
        _exit(is_right && test.counting.log.count == 0 ? 0 : 1);
    }
    for (int i = 0; i < RUNS; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    count(&test, (struct aggregate_options){.always = true}, 60 + 40 * ARCHIVES, 0);
    assert_int_equal(test.counting.log.count, 0);
    teardown(&test);
}

/* Nothing of another run's is removed that may be in use; what is a day old and of no use is. */
static void test_old_files_are_removed(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    count(&test, usual, 60, 3);
    test.measures[0].by = BY_SENSOR;
    test.measures[1].by = BY_TOOL;
    count(&test, usual, 60, 3);
    GPtrArray *paths = partials(&test);
    assert_int_equal(paths->len, 2);
    struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    for (guint i = 0; i < paths->len; i++)
        assert_int_equal(utimensat(AT_FDCWD, paths->pdata[i], times, 0), 0);
    g_ptr_array_unref(paths);
    count(&test, (struct aggregate_options){.always = true}, 60, 0);
    paths = partials(&test);
    assert_int_equal(paths->len, 1);
    g_ptr_array_unref(paths);
    teardown(&test);
}

/* Counts that are large are written beside small ones, and found. */
static void test_large_counts(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    counting_capture(&test.counting, "captures/large.pcap", numbered_capture(1000, 150000));
    count(&test, usual, 150060, 4);
    GPtrArray *paths = partials(&test);
    struct stat status;
    assert_int_equal(stat(paths->pdata[0], &status), 0);
    assert_true(status.st_size > 100000);
    g_ptr_array_unref(paths);
    assert_int_equal(g_unlink(scratch_path(&test.counting.scratch, "summaries/2025q1.summary")), 0);
    count(&test, usual, 150060, 0);
    teardown(&test);
}

/* Region tables are kept beside, but for those that were of no use for a day; counting again keeps none. */
static void test_region_tables(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    struct scratch *scratch = &test.counting.scratch;
    const char *folder = scratch_path(scratch, "summaries/cache/registries");
    count(&test, (struct aggregate_options){.recount = true}, 60, 3);
    assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
    count(&test, (struct aggregate_options){.always = true}, 60, 3);
    GDir *dir = g_dir_open(folder, 0, NULL);
    assert_non_null(dir);
    char *kept = g_build_filename(folder, g_dir_read_name(dir), NULL);
    assert_null(g_dir_read_name(dir));
    g_dir_close(dir);
    const char *old = scratch_write(scratch, "summaries/cache/registries/0123.regions", "");
    const char *cut = scratch_write(scratch, "summaries/cache/registries/0123.regions.XYZXYZ", "");
    const char *new = scratch_write(scratch, "summaries/cache/registries/4567.regions", "");
    const char *other = scratch_write(scratch, "summaries/cache/registries/notes", "");
    struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    const char *aged[] = {kept, old, cut, other};
    for (size_t i = 0; i < G_N_ELEMENTS(aged); i++)
        assert_int_equal(utimensat(AT_FDCWD, aged[i], times, 0), 0);
    count(&test, (struct aggregate_options){.always = true}, 60, 0);
    assert_true(g_file_test(kept, G_FILE_TEST_EXISTS)); /* of use just now */
    assert_true(g_file_test(new, G_FILE_TEST_EXISTS));
    assert_true(g_file_test(other, G_FILE_TEST_EXISTS)); /* not ours */
    assert_false(g_file_test(old, G_FILE_TEST_EXISTS));
    assert_false(g_file_test(cut, G_FILE_TEST_EXISTS));
    g_free(kept);
    teardown(&test);
}

/* What is counted leniently is in the cache; strictness reads it again and refuses it. */
static void test_strictness_reads_again(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    GByteArray *cut = numbered_capture(300, 4);
    g_byte_array_set_size(cut, cut->len - 10);
    counting_capture(&test.counting, "captures/cut.pcap", cut);
    count(&test, usual, 63, 4);
    count(&test, (struct aggregate_options){.always = true}, 63, 0);
    assert_true(counting_warned(&test.counting, "captures/cut.pcap: packet 4: "));
    assert_null(try(&test, (struct aggregate_options){.always = true, .strict = true}));
    assert_int_equal(test.work.archives_read, 1);
    assert_non_null(strstr(test.counting.err.message, "captures/cut.pcap: packet 4: "));
    teardown(&test);
}

/* ---- the file ---- */

static struct summary *empty_head(struct cache_test *test)
{
    struct summary *head = aggregate_edition(&test->counting.publication, &test->counting.edition, &usual,
                                             NULL, &test->counting.err);
    assert_non_null(head);
    head->packets_read = 0;
    memset(head->bins, 0, sizeof head->bins);
    g_ptr_array_set_size(head->archives, 0);
    for (size_t i = 0; i < head->sensor_count; i++)
        memset(head->sensors[i].packets, 0, (size_t)head->edition.day_count * sizeof(uint64_t));
    for (size_t i = 0; i < head->measure_count; i++)
        measure_counts_clear(&head->measures[i]);
    return head;
}

static struct summary *part_of(struct cache_test *test, const char *name)
{
    char *path = g_strdup_printf("captures/%s.pcap", name);
    char *paths[] = {path, NULL};
    char **kept = test->counting.publication.captures;
    test->counting.publication.captures = paths;
    struct summary *part = aggregate_edition(&test->counting.publication, &test->counting.edition, &usual,
                                             NULL, &test->counting.err);
    test->counting.publication.captures = kept;
    assert_non_null(part);
    g_free(path);
    return part;
}

static void test_partial_files_are_canonical_and_read_strictly(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    struct summary *head = empty_head(&test);
    struct summary *parts[] = {part_of(&test, "a"), part_of(&test, "b"), part_of(&test, "c")};
    char key[2][PARTIAL_KEY_SIZE];
    GByteArray *bytes[2];
    for (int i = 0; i < 2; i++) {
        struct partial_writer *writer = partial_writer_new(head, NULL);
        for (int j = 0; j < 3; j++)
            partial_writer_add(writer, parts[i == 0 ? j : 2 - j]);
        GPtrArray *pieces = partial_writer_finish(writer, key[i]);
        bytes[i] = g_byte_array_new();
        for (guint j = 0; j < pieces->len; j++) {
            gsize size;
            const guint8 *data = g_bytes_get_data(pieces->pdata[j], &size);
            g_byte_array_append(bytes[i], data, (guint)size);
        }
        g_ptr_array_unref(pieces);
        partial_writer_free(writer);
    }
    assert_string_equal(key[0], key[1]);
    assert_int_equal(bytes[0]->len, bytes[1]->len);
    assert_memory_equal(bytes[0]->data, bytes[1]->data, bytes[0]->len);
    const char *path = scratch_write_bytes(&test.counting.scratch, "x", bytes[0]->data, bytes[0]->len);
    struct partial_file *file = partial_file_open(path, &test.counting.err);
    assert_non_null(file);
    assert_int_equal(partial_file_count(file), 3);
    uint64_t packets = 0;
    for (size_t i = 0; i < 3; i++)
        packets += partial_file_read(file, i, &test.counting.err)->packets_read;
    assert_int_equal(packets, 60);
    partial_file_close(file);
    /* Any byte, even with a digest made right again, is refused or gives sound numbers: never a crash. */
    guint body = bytes[0]->len - SEAL_SIZE;
    for (guint at = 0; at < body; at += 1 + at / 64) {
        GByteArray *damaged = g_byte_array_new();
        g_byte_array_append(damaged, bytes[0]->data, body);
        damaged->data[at] ^= 0x41;
        char seal[SEAL_SIZE + 1];
        seal_make(damaged->data, damaged->len, seal);
        g_byte_array_append(damaged, (const uint8_t *)seal, SEAL_SIZE);
        path = scratch_write_bytes(&test.counting.scratch, "x", damaged->data, damaged->len);
        file = partial_file_open(path, &test.counting.err);
        for (size_t i = 0; file != NULL && i < partial_file_count(file); i++)
            partial_file_read(file, i, &test.counting.err);
        partial_file_close(file);
        g_byte_array_unref(damaged);
    }
    for (guint size = 0; size < bytes[0]->len; size += 37) {
        path = scratch_write_bytes(&test.counting.scratch, "x", bytes[0]->data, size);
        assert_null(partial_file_open(path, &test.counting.err));
        assert_int_equal(test.counting.err.kind, ERROR_INPUT);
    }
    for (int i = 0; i < 2; i++)
        g_byte_array_unref(bytes[i]);
    for (int i = 0; i < 3; i++)
        summary_free(parts[i]);
    summary_free(head);
    teardown(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_is_new_is_read),
        cmocka_unit_test(test_renamed_and_touched_archives_are_known),
        cmocka_unit_test(test_measures_asked_for),
        cmocka_unit_test(test_copies_count_once),
        cmocka_unit_test(test_configuration_decides),
        cmocka_unit_test(test_archives_that_lack_some_measures),
        cmocka_unit_test(test_an_archive_that_changed_in_secret_is_counted_whole),
        cmocka_unit_test(test_the_cache_may_be_deleted),
        cmocka_unit_test(test_broken_entries_are_counted_again),
        cmocka_unit_test(test_other_bytes_under_a_key_are_an_error),
        cmocka_unit_test(test_verify_looks_at_every_byte),
        cmocka_unit_test(test_a_killed_run_goes_on),
        cmocka_unit_test(test_runs_side_by_side),
        cmocka_unit_test(test_old_files_are_removed),
        cmocka_unit_test(test_large_counts),
        cmocka_unit_test(test_region_tables),
        cmocka_unit_test(test_strictness_reads_again),
        cmocka_unit_test(test_partial_files_are_canonical_and_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
