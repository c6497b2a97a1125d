#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "publication/publication.h"
#include "unit/scratch.h"

static void paths(void **state)
{
    (void)state;
    struct publication p = {.folder = (char *)(uintptr_t) "pub"};
    struct edition e;
    struct error err;
    assert_int_equal(edition_parse("2025q1", 4, &e, &err), 0);
    static const char *const cases[][2] = {
        {"captures/{edition}", "pub/captures/2025q1"},
        {"{fiscal-year}/{quarter}/{edition}{quarter}", "pub/2025/1/2025q11"},
        {"/data/{edition}", "/data/2025q1"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = publication_path(&p, cases[i][0], &e);
        assert_string_equal(path, cases[i][1]);
        g_free(path);
    }
    p.folder = (char *)(uintptr_t) ".";
    char *path = publication_path(&p, "sensors.csv", NULL);
    assert_string_equal(path, "sensors.csv");
    g_free(path);
}

/* The names found, relative to the folder, joined with blanks. */
static void assert_files(struct scratch *scratch, const char *const *names, const char *expected)
{
    struct publication p = {.folder = scratch->folder};
    struct edition e;
    struct error err = {0};
    assert_int_equal(edition_parse("2025q1", 4, &e, &err), 0);
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    if (publication_files(&p, (char *const *)(uintptr_t)names, &e, true, files, &err) != 0)
        fail_msg("%s", err.message);
    assert_true(publication_has_files(&p, (char *const *)(uintptr_t)names, &e));
    GString *found = g_string_new("");
    for (guint i = 0; i < files->len; i++) {
        const char *name = files->pdata[i];
        assert_true(g_str_has_prefix(name, scratch->folder));
        g_string_append_printf(found, "%s%s", i == 0 ? "" : " ", name + strlen(scratch->folder) + 1);
    }
    assert_string_equal(found->str, expected);
    g_string_free(found, TRUE);
    g_ptr_array_unref(files);
}

#define PATHS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void files(void **state)
{
    struct scratch *s = *state;
    scratch_write(s, "captures/2025q1/jp01/20250401.pcap", "");
    scratch_write(s, "captures/2025q1/jp01/20250402.pcap", "");
    scratch_write(s, "captures/2025q1/.stamp", "");
    scratch_write(s, "captures/2025q1/.hidden/x.pcap", "");
    scratch_write(s, "captures/2025q1/B.pcap", "");
    scratch_write(s, "captures/2025q1/a.pcap", "");
    scratch_write(s, "captures/2024q4/old.pcap", "");
    /* a walk: hidden names left out, bytes order ("B" before "a") */
    assert_files(s, PATHS("captures/{edition}"),
                 "captures/2025q1/B.pcap captures/2025q1/a.pcap captures/2025q1/jp01/20250401.pcap "
                 "captures/2025q1/jp01/20250402.pcap");
    /* a file, a glob, and a glob that finds folders */
    assert_files(s, PATHS("captures/{edition}/a.pcap"), "captures/2025q1/a.pcap");
    assert_files(s, PATHS("captures/{edition}/[a-z].pcap"), "captures/2025q1/a.pcap");
    assert_files(s, PATHS("captures/*q4"), "captures/2024q4/old.pcap");
    assert_files(s, PATHS("captures/*/jp*/*1.pcap"), "captures/2025q1/jp01/20250401.pcap");
    /* each once, whichever path finds it first; the list as a whole is sorted */
    assert_files(
        s, PATHS("captures/2025q1/jp01", "captures/2025q1", "captures/2025q1/*.pcap", "captures/2024q4"),
        "captures/2024q4/old.pcap captures/2025q1/B.pcap captures/2025q1/a.pcap "
        "captures/2025q1/jp01/20250401.pcap captures/2025q1/jp01/20250402.pcap");
    /* the same folder twice is found, not empty */
    assert_files(s, PATHS("captures/2024q4", "captures/2024q4/"), "captures/2024q4/old.pcap");
    /* a file whose name looks like a pattern */
    scratch_write(s, "odd/[x].pcap", "");
    scratch_write(s, "odd/x.pcap", "");
    assert_files(s, PATHS("odd/[x].pcap"), "odd/[x].pcap");
}

/* The publication's own folder is no pattern. */
static void files_in_an_odd_folder(void **state)
{
    struct scratch *s = *state;
    scratch_write(s, "a[1]*b/one.pcap", "");
    scratch_write(s, "a1b/two.pcap", "");
    struct scratch inner = {.folder = g_build_filename(s->folder, "a[1]*b", NULL)};
    assert_files(&inner, PATHS("*.pcap"), "one.pcap");
    g_free(inner.folder);
}

static void files_and_links(void **state)
{
    struct scratch *s = *state;
    scratch_write(s, "captures/real/one.pcap", "");
    assert_int_equal(symlink("..", scratch_path(s, "captures/real/loop")), 0);
    assert_int_equal(symlink("real/one.pcap", scratch_path(s, "captures/zlink.pcap")), 0);
    assert_int_equal(symlink("real", scratch_path(s, "captures/zfolder")), 0);
    assert_files(s, PATHS("captures"), "captures/real/one.pcap"); /* one capture, counted once */
    assert_int_equal(symlink("gone.pcap", scratch_path(s, "captures/dangling.pcap")), 0);

    struct publication p = {.folder = s->folder};
    struct error err = {0};
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    const char *const list[] = {"captures", NULL};
    assert_int_equal(publication_files(&p, (char *const *)(uintptr_t)list, NULL, false, found, &err), -1);
    char *expected = scratch_message(scratch_path(s, "captures/dangling.pcap"),
                                     ": cannot read: No such file or directory");
    assert_string_equal(err.message, expected);
    g_free(expected);
    g_ptr_array_unref(found);

    GArray *files = publication_files_look(&p, (char *const *)(uintptr_t)list, NULL, false,
                                           PUBLICATION_LINKS_MAY_DANGLE, &err);
    assert_non_null(files);
    assert_int_equal(files->len, 2);
    const struct publication_file *dangling = &g_array_index(files, struct publication_file, 0);
    assert_string_equal(dangling->path, scratch_path(s, "captures/dangling.pcap"));
    assert_int_equal(dangling->size, 0);
    assert_true(dangling->is_regular);
    g_array_unref(files);
}

static void nothing_found(void **state)
{
    struct scratch *s = *state;
    scratch_write(s, "empty/.stamp", "");
    static const char *const names[] = {"gone", "gone/*", "empty", "empty/*.pcap", "sensors.csv/x"};
    struct publication p = {.folder = s->folder};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *list[] = {names[i], NULL};
        struct error err = {0};
        GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
        assert_int_equal(publication_files(&p, (char *const *)(uintptr_t)list, NULL, false, found, &err), 0);
        assert_int_equal(found->len, 0);
        assert_int_equal(publication_files(&p, (char *const *)(uintptr_t)list, NULL, true, found, &err), -1);
        char *expected = scratch_message(
            scratch_path(s, names[i]),
            ": nothing found, expected a file, a folder with files, or a pattern of their names");
        assert_string_equal(err.message, expected);
        g_free(expected);
        g_ptr_array_unref(found);
    }
}

/* A fifo among captures would make a reader wait for ever. */
static void special_file(void **state)
{
    struct scratch *s = *state;
    scratch_write(s, "captures/a.pcap", "");
    const char *fifo = scratch_path(s, "captures/fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    struct publication p = {.folder = s->folder};
    struct error err = {0};
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    const char *const list[] = {"captures", NULL};
    assert_int_equal(publication_files(&p, (char *const *)(uintptr_t)list, NULL, true, found, &err), -1);
    char *expected = scratch_message(fifo, ": neither a file nor a folder, expected one of them");
    assert_string_equal(err.message, expected);
    g_free(expected);
    g_ptr_array_unref(found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_set_up, scratch_tear_down)

/* No file: nothing there, folders without files, a link that leads nowhere; the file of a later path is
 * found. */
static void whether_there_is_any(void **state)
{
    struct scratch *s = *state;
    struct publication p = {.folder = s->folder};
    assert_int_equal(g_mkdir_with_parents(scratch_path(s, "empty/below"), 0755), 0);
    assert_int_equal(symlink("nowhere", scratch_path(s, "broken")), 0);
    static const char *const none[] = {"missing", "empty", "*.pcap", "empty/*", "broken", NULL};
    for (size_t i = 0; none[i] != NULL; i++) {
        const char *names[] = {none[i], NULL};
        assert_false(publication_has_files(&p, (char *const *)(uintptr_t)names, NULL));
    }
    scratch_write(s, "later/a.pcap", "");
    static const char *const names[] = {"empty", "missing", "late*", NULL};
    assert_true(publication_has_files(&p, (char *const *)(uintptr_t)names, NULL));
    /* What cannot be read is not nothing: it would be passed over, and with it what stands behind it. */
    assert_int_equal(g_mkdir_with_parents(scratch_path(s, "odd"), 0755), 0);
    assert_int_equal(mkfifo(scratch_path(s, "odd/pipe"), 0600), 0);
    static const char *const odd[] = {"odd", NULL};
    assert_true(publication_has_files(&p, (char *const *)(uintptr_t)odd, NULL));
    assert_int_equal(symlink("nowhere", scratch_path(s, "later/_broken")), 0); /* before a.pcap by name */
    assert_true(publication_has_files(&p, (char *const *)(uintptr_t)names, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whether_there_is_any, scratch_set_up, scratch_tear_down),
        TEST(paths),
        TEST(files),
        TEST(files_in_an_odd_folder),
        TEST(files_and_links),
        TEST(nothing_found),
        TEST(special_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
