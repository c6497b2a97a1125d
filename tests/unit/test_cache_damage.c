/* The cache of partial summaries: what was deleted, changed, cut short or left behind makes for counting
 * again. */
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "summary/partial.h"
#include "summary/seal.h"
#include "unit/cache_fixture.h"

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

/* Only the bytes of an entry's counts are wrong, so that it shows when they are wanted. */
static void last_entry_break(const char *path)
{
    char *data, seal[SEAL_SIZE + 1];
    gsize size;
    assert_true(g_file_get_contents(path, &data, &size, NULL));
    data[size - SEAL_SIZE - 1] = (char)0x80;
    seal_make((const uint8_t *)data, size - SEAL_SIZE, seal);
    memcpy(data + size - SEAL_SIZE, seal, SEAL_SIZE);
    assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
    g_free(data);
}

/* A damaged file in a folder from which nothing can be removed is warned of once, and left alone. */
static void test_what_is_broken_may_not_be_removed(void **state)
{
    (void)state;
    enum { NOBODY = 65534 };
    struct cache_test test;
    setup(&test);
    count(&test, (struct aggregate_options){.batch_bytes = 1}, 60, 3);
    GPtrArray *paths = partials(&test);
    last_entry_break(paths->pdata[1]);
    assert_int_equal(g_chmod(test.counting.scratch.folder, 0755), 0);
    assert_int_equal(g_chmod(scratch_path(&test.counting.scratch, "summaries"), 0777), 0);
    assert_int_equal(g_chmod(cache_folder(&test), 0555), 0);
    uid_t user = geteuid(); /* root may remove anything */
    assert_int_equal(user == 0 ? seteuid(NOBODY) : 0, 0);
    alarm(60);
    count(&test, (struct aggregate_options){.always = true}, 60, 1);
    alarm(0);
    assert_int_equal(user == 0 ? seteuid(user) : 0, 0);
    assert_true(counting_warned(&test.counting, "not a sound partial summary: entry 1; its archives are"));
    assert_true(counting_warned(&test.counting, "cannot write: Permission denied"));
    assert_int_equal(test.counting.log.count, 2);
    assert_int_equal(g_chmod(cache_folder(&test), 0755), 0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_archive_that_changed_in_secret_is_counted_whole),
        cmocka_unit_test(test_the_cache_may_be_deleted),
        cmocka_unit_test(test_broken_entries_are_counted_again),
        cmocka_unit_test(test_what_is_broken_may_not_be_removed),
        cmocka_unit_test(test_other_bytes_under_a_key_are_an_error),
        cmocka_unit_test(test_verify_looks_at_every_byte),
        cmocka_unit_test(test_a_killed_run_goes_on),
        cmocka_unit_test(test_old_files_are_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
