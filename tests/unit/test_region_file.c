/* Region tables that are kept: the same table and the same warnings, whatever happens to the file. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "aggregate/region_file.h"
#include "unit/region_check.h"
#include "unit/scratch.h"

enum { FILES = 2 };

struct fixture {
    struct scratch scratch;
    struct edition edition;
    char *paths[FILES];
    const char *folder;
    struct region_table *made; /* without a folder */
    char *warnings;            /* of making it */
    uint32_t seed;
};

static uint32_t draw(struct fixture *fixture, uint32_t limit)
{
    fixture->seed = fixture->seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)(fixture->seed >> 8) * limit >> 24);
}

/* Records that overlap with each other and with those of the other file, and malformed lines, one in
 * `malformed` of the others. */
static char *registry_text(struct fixture *fixture, const char *registry, const char *date, int malformed)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "2|%s|%s|5000|00000000|%s|+0000\n", registry, date, date);
    for (int i = 0; i < 600; i++) {
        char code[3] = {(char)('A' + draw(fixture, 26)), (char)('A' + draw(fixture, 6)), '\0'};
        g_string_append_printf(text, "%s|%s|ipv4|10.%u.%u.%u|%u|2020%02u01|allocated\n", registry, code,
                               draw(fixture, 20), draw(fixture, 256),
                               draw(fixture, 3) == 0 ? draw(fixture, 256) : 0,
                               1 + draw(fixture, 1U << draw(fixture, 14)), 1 + draw(fixture, 12));
        if (i % 4 == 0)
            g_string_append_printf(text, "%s|%s|ipv6|2001:%x::|%u|20200101|assigned|x\n", registry, code,
                                   draw(fixture, 0x400), 32 + draw(fixture, i % 8 == 0 ? 97 : 20));
        if (i % malformed == 7)
            g_string_append_printf(text, "%s|%s|ipv4|10.0.0|256|20200101|allocated\n", registry, code);
    }
    return g_string_free(text, FALSE);
}

static struct region_table *load(const struct fixture *fixture, const char *folder, char **warnings)
{
    struct warning_log log;
    struct error err;
    warning_log_init(&log);
    struct region_table *table =
        region_table_new(fixture->paths, FILES, &fixture->edition, folder, &log, &err);
    if (table == NULL)
        fail_msg("%s", err.message);
    region_table_keep(table, folder);
    GPtrArray *lines = warning_log_lines(&log);
    g_ptr_array_add(lines, g_strdup_printf("%u", (unsigned)log.count));
    g_ptr_array_add(lines, NULL);
    *warnings = g_strjoinv("\n", (char **)lines->pdata);
    g_ptr_array_unref(lines);
    warning_log_release(&log);
    return table;
}

/* Loads by way of the folder. */
static void load_and_check(const struct fixture *fixture)
{
    char *warnings;
    struct region_table *table = load(fixture, fixture->folder, &warnings);
    regions_assert_same(fixture->made, table, FILES);
    assert_string_equal(warnings, fixture->warnings);
    g_free(warnings);
    region_table_free(table);
}

static void setup(struct fixture *fixture)
{
    struct error err;
    scratch_init(&fixture->scratch);
    fixture->seed = 5;
    assert_int_equal(edition_parse("2025q1", 4, &fixture->edition, &err), 0);
    char *first = registry_text(fixture, "arin", "20250630", 60);      /* more than are shown */
    char *second = registry_text(fixture, "ripencc", "20250228", 400); /* before the quarter */
    fixture->paths[0] = g_strdup(scratch_write(&fixture->scratch, "a", first));
    fixture->paths[1] = g_strdup(scratch_write(&fixture->scratch, "b", second));
    fixture->folder = scratch_path(&fixture->scratch, "summaries/cache/registries");
    g_free(first);
    g_free(second);
    fixture->made = load(fixture, NULL, &fixture->warnings);
}

static void teardown(struct fixture *fixture)
{
    region_table_free(fixture->made);
    g_free(fixture->warnings);
    for (size_t i = 0; i < FILES; i++)
        g_free(fixture->paths[i]);
    scratch_release(&fixture->scratch);
}

/* The only file of the folder; owned by the caller. */
static char *kept_path(const struct fixture *fixture, guint expected_count)
{
    GDir *dir = g_dir_open(fixture->folder, 0, NULL);
    guint count = 0;
    char *path = NULL;
    assert_non_null(dir);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        assert_true(g_str_has_suffix(name, REGION_FILE_SUFFIX));
        g_free(path);
        path = g_build_filename(fixture->folder, name, NULL);
        count++;
    }
    g_dir_close(dir);
    assert_int_equal(count, expected_count);
    return path;
}

static bool is_sound(const struct fixture *fixture)
{
    struct region_key key;
    assert_true(region_key_of_files(&key, fixture->paths, FILES));
    struct region_table *table = region_file_read(fixture->folder, &key);
    bool is_there = table != NULL;
    region_table_free(table);
    return is_there;
}

static void test_the_same_from_a_file(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    assert_non_null(strstr(fixture.warnings, "a: line "));
    assert_non_null(strstr(fixture.warnings, "cut short"));
    assert_non_null(strstr(fixture.warnings, "a snapshot of 2025-02-28"));
    assert_non_null(strstr(fixture.warnings, "the same file claim"));
    assert_non_null(strstr(fixture.warnings, "a: 6 more warnings of this kind"));
    load_and_check(&fixture);
    assert_true(is_sound(&fixture));
    load_and_check(&fixture);
    g_free(kept_path(&fixture, 1));
    teardown(&fixture);
}

/* What is found there is used: its time says so. */
static void test_the_file_is_used(void **state)
{
    (void)state;
    struct fixture fixture;
    struct stat before, after;
    setup(&fixture);
    load_and_check(&fixture);
    char *path = kept_path(&fixture, 1);
    struct timespec times[2] = {{.tv_sec = 1700000000}, {.tv_sec = 1700000000}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_int_equal(stat(path, &before), 0);
    load_and_check(&fixture);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_true(after.st_mtime > before.st_mtime);
    g_free(path);
    teardown(&fixture);
}

/* By the registries' bytes: not by their names and times, but by their order, which warnings go by. */
static void test_other_registries_have_another_file(void **state)
{
    (void)state;
    struct fixture fixture;
    struct region_key key, other;
    setup(&fixture);
    load_and_check(&fixture);
    assert_true(region_key_of_files(&key, fixture.paths, FILES));
    char *text;
    assert_true(g_file_get_contents(fixture.paths[0], &text, NULL, NULL));
    char *copy = g_strdup(scratch_write(&fixture.scratch, "renamed", text));
    char *renamed[] = {copy, fixture.paths[1]}, *swapped[] = {fixture.paths[1], copy}, *one[] = {copy};
    assert_true(region_key_of_files(&other, renamed, FILES));
    assert_memory_equal(&key, &other, sizeof key);
    assert_true(region_key_of_files(&other, swapped, FILES));
    assert_memory_not_equal(&key, &other, sizeof key);
    assert_true(region_key_of_files(&other, one, 1));
    assert_memory_not_equal(&key, &other, sizeof key);
    /* One letter of one code. */
    char *code = strstr(text, "|ipv4|") - 1;
    *code = *code == 'Q' ? 'R' : 'Q';
    scratch_write(&fixture.scratch, "a", text);
    region_table_free(fixture.made);
    g_free(fixture.warnings);
    fixture.made = load(&fixture, NULL, &fixture.warnings);
    load_and_check(&fixture);
    load_and_check(&fixture);
    g_free(kept_path(&fixture, 2));
    g_free(text);
    g_free(copy);
    teardown(&fixture);
}

static void test_a_file_that_cannot_be_read_has_no_key(void **state)
{
    (void)state;
    struct region_key key;
    char missing[] = "no-such-folder/delegated", folder[] = "/";
    assert_false(region_key_of_files(&key, (char *[]){missing}, 1));
    assert_false(region_key_of_files(&key, (char *[]){folder}, 1));
    struct error err;
    assert_null(region_table_new((char *[]){missing}, 1, NULL, "no-such-folder", NULL, &err));
    assert_non_null(strstr(err.message, "registry: no-such-folder/delegated: cannot read"));
}

/* Any byte changed, anything cut off or added: it is made again, and stands there again. */
static void test_a_damaged_file_is_made_again(void **state)
{
    (void)state;
    struct fixture fixture;
    char *bytes;
    gsize size;
    setup(&fixture);
    load_and_check(&fixture);
    char *path = kept_path(&fixture, 1);
    assert_true(g_file_get_contents(path, &bytes, &size, NULL));
    /* Each byte of header and facts, and some of every page behind. */
    for (gsize at = 0; at < size; at += at < 1024 ? 1 : 1 + draw(&fixture, 4096)) {
        char byte = bytes[at];
        bytes[at] = (char)(byte ^ 1 << at % 8);
        assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
        bytes[at] = byte;
        if (is_sound(&fixture))
            fail_msg("byte %zu was changed, and is believed", at);
        if (at % 97 == 0) {
            load_and_check(&fixture);
            assert_true(is_sound(&fixture));
        }
    }
    for (gsize cut = 0; cut < size; cut += 1 + cut / 2) {
        assert_true(g_file_set_contents(path, bytes, (gssize)cut, NULL));
        assert_false(is_sound(&fixture));
        load_and_check(&fixture);
        assert_true(is_sound(&fixture));
    }
    char *longer = g_malloc0(size + 16);
    memcpy(longer, bytes, size);
    assert_true(g_file_set_contents(path, longer, (gssize)size + 16, NULL));
    assert_false(is_sound(&fixture));
    load_and_check(&fixture);
    char *again;
    gsize again_size;
    assert_true(g_file_get_contents(path, &again, &again_size, NULL));
    assert_int_equal(again_size, size);
    assert_memory_equal(again, bytes, size);
    g_free(again);
    g_free(longer);
    g_free(bytes);
    g_free(path);
    teardown(&fixture);
}

/* One that is sound, but of other registries. */
static void test_a_strange_file_is_made_again(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    load_and_check(&fixture);
    char *path = kept_path(&fixture, 1);
    struct region_key key;
    struct error err;
    struct region_table *other = region_table_new(fixture.paths, 1, NULL, NULL, NULL, &err);
    assert_non_null(other);
    key = region_key_of_table(other);
    region_file_write(fixture.folder, &key, other);
    region_table_free(other);
    g_unlink(path);
    char *strange = kept_path(&fixture, 1);
    assert_int_equal(g_rename(strange, path), 0);
    assert_false(is_sound(&fixture));
    load_and_check(&fixture);
    assert_true(is_sound(&fixture));
    g_free(strange);
    g_free(path);
    teardown(&fixture);
}

/* A file where the folder should be; a folder where the file should be. */
static void test_where_nothing_can_be_kept(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    scratch_write(&fixture.scratch, "summaries/cache/registries", "a file");
    load_and_check(&fixture);
    g_unlink(fixture.folder);
    load_and_check(&fixture);
    char *path = kept_path(&fixture, 1);
    g_unlink(path);
    assert_int_equal(g_mkdir(path, 0755), 0);
    load_and_check(&fixture);
    g_free(kept_path(&fixture, 1)); /* and nothing half-written beside it */
    g_free(path);
    teardown(&fixture);
}

static void test_processes_side_by_side(void **state)
{
    (void)state;
    enum { PROCESSES = 6, ROUNDS = 15 };
    struct fixture fixture;
    pid_t children[PROCESSES];
    setup(&fixture);
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] > 0)
            continue;
        for (int round = 0; round < ROUNDS; round++) {
            char *warnings;
            struct region_table *table = load(&fixture, fixture.folder, &warnings);
            regions_assert_same(fixture.made, table, FILES);
            g_assert(strcmp(warnings, fixture.warnings) == 0);
            g_free(warnings);
            region_table_free(table);
            if (i == 0 && round % 3 == 0) /* somebody deletes the cache */
                scratch_remove(fixture.folder);
        }
        _exit(0);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    load_and_check(&fixture);
    g_free(kept_path(&fixture, 1));
    teardown(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_from_a_file),
        cmocka_unit_test(test_the_file_is_used),
        cmocka_unit_test(test_other_registries_have_another_file),
        cmocka_unit_test(test_a_file_that_cannot_be_read_has_no_key),
        cmocka_unit_test(test_a_damaged_file_is_made_again),
        cmocka_unit_test(test_a_strange_file_is_made_again),
        cmocka_unit_test(test_where_nothing_can_be_kept),
        cmocka_unit_test(test_processes_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
