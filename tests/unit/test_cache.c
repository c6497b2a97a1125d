/* The cache of partial summaries: what is read again and why, and that nobody can tell from the bytes. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/cache_fixture.h"

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

/* Times that 64 bits of nanoseconds do not hold, or that have not come yet, tell nothing; one before 1970 is
 * as good as any other. */
static void test_times_far_away(void **state)
{
    (void)state;
    static const struct {
        struct timespec time;
        const char *written;
    } cases[] = {
        {{.tv_sec = INT64_C(13569465600)}, "-1"}, /* 2400 */
        {{.tv_sec = INT64_C(9000000000)}, "-1"},  /* 2255 */
        {{.tv_sec = -1, .tv_nsec = 5}, "-999999995"},
    };
    struct cache_test test;
    setup(&test);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct timespec times[2] = {cases[i].time, cases[i].time};
        const char *path = scratch_path(&test.counting.scratch, "captures/b.pcap");
        assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
        count(&test, (struct aggregate_options){.always = true}, 60, i == 0 ? 3 : 0);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        char *list, *line = g_strdup_printf("\narchive\tcaptures/b.pcap\t%d\t%s\t", (int)status.st_size,
                                            cases[i].written);
        assert_true(g_file_get_contents(scratch_path(&test.counting.scratch, "summaries/2025q1.inputs"),
                                        &list, NULL, NULL));
        assert_non_null(strstr(list, line));
        g_free(list);
        g_free(line);
    }
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
    /* Another archive in its place lacks all. */
    test.measures[1].count = COUNT_SOURCES;
    counting_capture(&test.counting, "captures/d.pcap", numbered_capture(400, 5));
    count(&test, usual, 65, 1);
    assert_int_equal(test.work.measures_counted, 2);
    test.measures[0].by = BY_TOOL;
    count(&test, (struct aggregate_options){.thread_count = 3, .batch_bytes = 1}, 65, 5);
    assert_int_equal(test.work.measures_counted, 1);
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

/* Two runs at once of which one saw an archive before it changed may leave the summary of the one beside the
 * list of the other. */
static void test_another_runs_summary_beside_the_list(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    const char *path = scratch_path(&test.counting.scratch, "summaries/2025q1.summary");
    char *before;
    gsize size;
    count(&test, usual, 60, 3);
    assert_true(g_file_get_contents(path, &before, &size, NULL));
    counting_capture(&test.counting, "captures/b.pcap", numbered_capture(6, 20)); /* of the same size */
    count(&test, usual, 60, 1);
    assert_true(g_file_set_contents(path, before, (gssize)size, NULL));
    count(&test, usual, 60, 0);
    assert_reason(&test, "does not match the list beside it");
    count(&test, usual, 60, 0);
    assert_null(test.reason);
    g_free(before);
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

/* An archive that could not be read, and was skipped, is not known by its looks: rights, mounts and disks
 * that come back change neither size nor time of a file. */
static void test_what_could_not_be_read_is_tried_again(void **state)
{
    (void)state;
    struct cache_test test;
    setup(&test);
    test.counting.publication.skip_unreadable = true;
    const char *link = scratch_path(&test.counting.scratch, "captures/away.pcap");
    assert_int_equal(symlink("nowhere", link), 0);
    g_usleep(1100000); /* its time is trusted from now on */
    count(&test, usual, 60, 4);
    assert_true(counting_warned(&test.counting, "captures/away.pcap: cannot open: No such file"));
    for (int i = 0; i < 2; i++) {
        warning_log_release(&test.counting.log);
        warning_log_init(&test.counting.log);
        count(&test, usual, 60, 1);
        assert_reason(&test, "captures/away.pcap could not be read");
        assert_true(counting_warned(&test.counting, "captures/away.pcap: cannot open: No such file"));
    }
    teardown(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_is_new_is_read),
        cmocka_unit_test(test_renamed_and_touched_archives_are_known),
        cmocka_unit_test(test_times_far_away),
        cmocka_unit_test(test_measures_asked_for),
        cmocka_unit_test(test_copies_count_once),
        cmocka_unit_test(test_configuration_decides),
        cmocka_unit_test(test_archives_that_lack_some_measures),
        cmocka_unit_test(test_runs_side_by_side),
        cmocka_unit_test(test_another_runs_summary_beside_the_list),
        cmocka_unit_test(test_large_counts),
        cmocka_unit_test(test_region_tables),
        cmocka_unit_test(test_strictness_reads_again),
        cmocka_unit_test(test_what_could_not_be_read_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
