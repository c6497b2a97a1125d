/* error, warning, number, csv_table, civil_date, output_set. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "base/civil_date.h"
#include "base/csv_table.h"
#include "base/error.h"
#include "base/number.h"
#include "base/output_set.h"
#include "base/warning.h"
#include "unit/scratch.h"

/* ---- error ---- */

static void error_is_built_from_the_inside(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(error_set(&err, ERROR_INPUT, "line %d: %s", 3, "bad"), -1);
    assert_int_equal(error_prefix(&err, "%s", "a.csv"), -1);
    assert_int_equal(error_prefix(&err, "sensors"), -1);
    assert_string_equal(err.message, "sensors: a.csv: line 3: bad");
    assert_int_equal(err.kind, ERROR_INPUT);
    error_set(&err, ERROR_OUTPUT, "full");
    assert_string_equal(err.message, "full");
    assert_int_equal(err.kind, ERROR_OUTPUT);
}

/* The message may quote itself: it is formatted before it is stored. */
static void error_quotes_itself(void **state)
{
    (void)state;
    struct error err = {0};
    error_set(&err, ERROR_INPUT, "inner");
    error_set(&err, ERROR_INPUT, "outer (%s)", err.message);
    assert_string_equal(err.message, "outer (inner)");
}

/* A cut falls between characters: あ has three bytes. */
static void error_is_cut_whole(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        GString *text = g_string_new(NULL);
        for (size_t i = 0; i < shift; i++)
            g_string_append_c(text, 'x');
        for (int i = 0; i < 2000; i++)
            g_string_append(text, "あ");
        struct error err = {0};
        error_set(&err, ERROR_INPUT, "%s", text->str);
        assert_true(g_utf8_validate(err.message, -1, NULL));
        size_t length = strlen(err.message);
        assert_true(length <= sizeof err.message - 1 && length >= sizeof err.message - 3);
        g_string_free(text, TRUE);
    }
}

/* ---- warning ---- */

static void warnings_are_kept_then_counted(void **state)
{
    (void)state;
    struct warning_log log;
    warning_log_init(&log);
    for (int i = 1; i <= 7; i++)
        warning_add(&log, "a.csv", "registry: a.csv: line %d: odd", i);
    warning_add(&log, "b.csv", "registry: b.csv: line 1: odd");
    warning_add(NULL, "c.csv", "dropped");
    assert_int_equal(log.count, 8);
    GPtrArray *lines = warning_log_lines(&log);
    assert_int_equal(lines->len, 7);
    assert_string_equal(lines->pdata[0], "registry: a.csv: line 1: odd");
    assert_string_equal(lines->pdata[4], "registry: a.csv: line 5: odd");
    assert_string_equal(lines->pdata[5], "registry: b.csv: line 1: odd");
    assert_string_equal(lines->pdata[6], "a.csv: 2 more warnings of this kind");
    g_ptr_array_unref(lines);
    warning_log_release(&log);
}

/* Exactly as many as are shown: nothing more is claimed. */
static void warnings_at_the_limit(void **state)
{
    (void)state;
    struct warning_log log;
    warning_log_init(&log);
    for (int i = 0; i < WARNING_SHOWN; i++)
        warning_add(&log, "a", "w");
    GPtrArray *lines = warning_log_lines(&log);
    assert_int_equal(lines->len, WARNING_SHOWN);
    g_ptr_array_unref(lines);
    warning_add_unshown(&log, "a", 1000);
    warning_add_unshown(NULL, "a", 1000);
    lines = warning_log_lines(&log);
    assert_int_equal(lines->len, WARNING_SHOWN + 1);
    assert_string_equal(lines->pdata[WARNING_SHOWN], "a: 1000 more warnings of this kind");
    assert_int_equal(log.count, WARNING_SHOWN + 1000);
    g_ptr_array_unref(lines);
    warning_log_release(&log);
}

/* ---- number ---- */

static void numbers(void **state)
{
    (void)state;
    uint64_t value = 7;
    static const char *const bad[] = {"",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "-1",
                                      "1x",
                                      "0x1",
                                      "1.0",
                                      "1e3",
                                      "65536",
                                      "18446744073709551616",
                                      "99999999999999999999",
                                      "\xef\xbc\x91"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_false(number_parse(bad[i], 0, 65535, &value));
    assert_false(number_parse("18446744073709551616", 0, UINT64_MAX, &value));
    assert_false(number_parse("18446744073709551620", 0, UINT64_MAX, &value));
    assert_false(number_parse("4", 5, 9, &value));
    assert_int_equal(value, 7); /* untouched */
    assert_true(number_parse("65535", 0, 65535, &value) && value == 65535);
    assert_true(number_parse("0", 0, 65535, &value) && value == 0);
    assert_true(number_parse("5", 5, 5, &value) && value == 5);
    assert_true(number_parse("18446744073709551615", 0, UINT64_MAX, &value) && value == UINT64_MAX);
    assert_true(number_parse("00000000000000000000000007", 0, 9, &value) && value == 7);
    assert_true(number_parse_bytes("12345", 3, 0, 999, &value) && value == 123);
    assert_false(number_parse_bytes("12345", 0, 0, 999, &value));
    assert_false(number_parse_bytes("12\0"
                                    "45",
                                    5, 0, 99999, &value));
}

static void assert_thousands(uint64_t value, const char *expected)
{
    GString *out = g_string_new("");
    number_append_thousands(out, value);
    assert_string_equal(out->str, expected);
    g_string_free(out, TRUE);
}

static void thousands(void **state)
{
    (void)state;
    assert_thousands(0, "0");
    assert_thousands(999, "999");
    assert_thousands(1000, "1,000");
    assert_thousands(12345, "12,345");
    assert_thousands(123456, "123,456");
    assert_thousands(1234567, "1,234,567");
    assert_thousands(UINT64_MAX, "18,446,744,073,709,551,615");
}

/* ---- civil_date ---- */

static void dates_and_days(void **state)
{
    (void)state;
    assert_int_equal(civil_date_to_days((struct civil_date){1970, 1, 1}), 0);
    assert_int_equal(civil_date_to_days((struct civil_date){1969, 12, 31}), -1);
    assert_int_equal(civil_date_to_days((struct civil_date){2000, 3, 1}), 11017);
    assert_int_equal(civil_date_to_days((struct civil_date){2025, 4, 1}), 20179);
    assert_int_equal(civil_date_weekday((struct civil_date){2025, 4, 1}), 2);   /* Tuesday */
    assert_int_equal(civil_date_weekday((struct civil_date){1969, 12, 28}), 0); /* Sunday, before day 0 */
    /* Day by day through four centuries: the calendar's rules, not the formula's. */
    struct civil_date expected = {1800, 1, 1};
    int64_t first = civil_date_to_days(expected);
    for (int64_t day = 0; day < 146097; day++) {
        struct civil_date date = civil_date_from_days(first + day);
        if (civil_date_compare(date, expected) != 0 || civil_date_to_days(expected) != first + day)
            fail_msg("%04d-%02d-%02d", expected.year, expected.month, expected.day);
        bool leap = (expected.year % 4 == 0 && expected.year % 100 != 0) || expected.year % 400 == 0;
        static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        int length = lengths[expected.month - 1] + (expected.month == 2 && leap);
        if (++expected.day > length) {
            expected.day = 1;
            if (++expected.month > 12) {
                expected.month = 1;
                expected.year++;
            }
        }
    }
    assert_int_equal(expected.year, 2200);
}

static void date_texts(void **state)
{
    (void)state;
    struct civil_date date = {1, 2, 3};
    static const char *const bad[] = {"",           "2025-4-1",   "2025-02-29",   "2025-13-01",
                                      "2025-00-10", "2025-01-00", "0000-01-01",   "2025-0401",
                                      "202504-01",  "2025/04/01", "2025-04-01 ",  " 2025-04-01",
                                      "2025041",    "202504011",  "2025-04-01T00"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_false(civil_date_parse(bad[i], &date));
    assert_int_equal(civil_date_compare(date, (struct civil_date){1, 2, 3}), 0); /* untouched */
    assert_true(civil_date_parse("2024-02-29", &date));
    assert_int_equal(civil_date_compare(date, (struct civil_date){2024, 2, 29}), 0);
    assert_true(civil_date_parse("20250401", &date));
    char buffer[CIVIL_DATE_SIZE];
    assert_string_equal(civil_date_format(date, buffer), "2025-04-01");
    assert_string_equal(civil_date_format((struct civil_date){1, 1, 1}, buffer), "0001-01-01");
    assert_true(civil_date_compare((struct civil_date){2025, 1, 31}, (struct civil_date){2025, 2, 1}) < 0);
    assert_string_equal(civil_date_format(civil_date_add_days(date, 91), buffer), "2025-07-01");
    assert_string_equal(civil_date_format(civil_date_add_days(date, -91), buffer), "2024-12-31");
    assert_int_equal(civil_date_days_in_month(1900, 2), 28);
    assert_int_equal(civil_date_days_in_month(2000, 2), 29);
}

/* ---- csv_table ---- */

static void csv_fields_and_lines(void **state)
{
    struct csv_table table;
    struct error err = {0};
    const char *path = scratch_write(*state, "t.csv",
                                     "\xef\xbb\xbf"
                                     "id,name\r\n"
                                     "1,\"a, \"\"b\"\"\"\r\n"
                                     "\r\n"
                                     "2,\"two\nlines\"\r\n"
                                     "3\r\n"
                                     ",,\r\n"
                                     "5,last");
    assert_int_equal(csv_table_load(&table, path, &err), 0);
    int id = csv_table_column(&table, "id"); /* past the byte order mark */
    int name = csv_table_column(&table, "name");
    assert_int_equal(id, 0);
    assert_int_equal(name, 1);
    assert_int_equal(csv_table_column(&table, "Name"), -1);
    assert_int_equal(table.column_count, 2);
    assert_int_equal(table.row_count, 5);
    assert_string_equal(csv_table_field(&table, 0, name), "a, \"b\"");
    assert_int_equal(csv_table_line(&table, 0), 2);
    assert_string_equal(csv_table_field(&table, 1, name), "two\nlines");
    assert_int_equal(csv_table_line(&table, 1), 4); /* the empty line is passed over, and counted */
    assert_int_equal(csv_table_line(&table, 2), 6); /* after two lines of one record */
    assert_string_equal(csv_table_field(&table, 2, name), "");
    assert_int_equal(csv_table_field_count(&table, 2), 1);
    assert_int_equal(csv_table_field_count(&table, 3), 3);
    assert_string_equal(csv_table_field(&table, 3, id), "");
    assert_string_equal(csv_table_field(&table, 4, name), "last"); /* no line end */
    assert_int_equal(csv_table_line(&table, 4), 8);
    assert_string_equal(csv_table_field(&table, 4, -1), "");
    csv_table_release(&table);
    csv_table_release(&table);
}

static void assert_csv_refused(struct scratch *scratch, const char *text, size_t size, const char *rest)
{
    struct csv_table table;
    struct error err = {0};
    const char *path = scratch_write_bytes(scratch, "t.csv", text, size);
    assert_int_equal(csv_table_load(&table, path, &err), -1);
    assert_int_equal(err.kind, ERROR_INPUT);
    char *expected = scratch_message(path, rest);
    assert_string_equal(err.message, expected);
    g_free(expected);
    assert_null(table.fields);
}

#define ASSERT_CSV_REFUSED(state, text, rest) assert_csv_refused(*(state), text, sizeof(text) - 1, rest)

static void csv_malformed(void **state)
{
    ASSERT_CSV_REFUSED(state, "", ": the file is empty, expected a header line");
    ASSERT_CSV_REFUSED(state, "\n\n", ": the file is empty, expected a header line");
    ASSERT_CSV_REFUSED(state, "a,b\n1,\xe3\x81\n", ": line 2: byte 0xe3 is not UTF-8, expected UTF-8 text");
    ASSERT_CSV_REFUSED(state, "a,b\n1,2\n3,x\0y\n", ": line 3: byte 0x00 is not UTF-8, expected UTF-8 text");
    ASSERT_CSV_REFUSED(
        state, "a,b\n1,\"open\nstill\n",
        ": line 2: a quoted field that starts in this record does not end, expected a closing \"");
    struct csv_table table;
    struct error err = {0};
    const char *path = scratch_write(*state, "t.csv", "a,b\n1,2\n3,\"x\"y\n");
    assert_int_equal(csv_table_load(&table, path, &err), -1);
    char *expected = scratch_message(path, ": line 3: ");
    assert_true(g_str_has_prefix(err.message, expected));
    g_free(expected);
}

/* What is written reads back. */
static void csv_round_trip(void **state)
{
    static const char *const fields[] = {"plain", "", "a,b", "say \"x\"", "two\nlines", " leading", "日本"};
    GString *out = g_string_new("a,b,c,d,e,f,g\n");
    csv_row_append(out, G_N_ELEMENTS(fields), fields);
    assert_string_equal(strchr(out->str, '\n') + 1,
                        "plain,,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" leading\",日本\n");
    struct csv_table table;
    struct error err = {0};
    assert_int_equal(csv_table_load(&table, scratch_write(*state, "t.csv", out->str), &err), 0);
    assert_int_equal(table.row_count, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        assert_string_equal(csv_table_field(&table, 0, (int)i), fields[i]);
    csv_table_release(&table);
    g_string_free(out, TRUE);
}

/* ---- output_set ---- */

static GBytes *bytes_of(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static void assert_content(struct scratch *scratch, const char *name, const char *expected)
{
    char *content = NULL;
    assert_true(g_file_get_contents(scratch_path(scratch, name), &content, NULL, NULL));
    assert_string_equal(content, expected);
    g_free(content);
}

/* Names in a folder, hidden ones too, counted. */
static guint entries(const char *folder)
{
    guint count = 0;
    GDir *dir = g_dir_open(folder, 0, NULL);
    while (dir != NULL && g_dir_read_name(dir) != NULL)
        count++;
    if (dir != NULL)
        g_dir_close(dir);
    return count;
}

static void publish_replaces_the_whole_folder(void **state)
{
    struct scratch *s = *state;
    struct error err = {0};
    struct output_set set;
    output_set_init(&set);
    output_set_add(&set, "index.xhtml", bytes_of("first"));
    output_set_add(&set, "old.txt", bytes_of("old"));
    const char *target = scratch_path(s, "deep/out");
    assert_int_equal(output_set_publish(&set, target, &err), 0); /* parents are made */
    output_set_release(&set);
    assert_content(s, "deep/out/old.txt", "old");

    output_set_init(&set);
    output_set_add(&set, "index.xhtml", bytes_of("second"));
    output_set_add(&set, "img/fig1.svg", bytes_of(""));
    assert_null(output_set_find(&set, "img"));
    assert_int_equal(g_bytes_get_size(output_set_find(&set, "index.xhtml")), 6);
    char *with_slash = g_strconcat(target, "/", NULL);
    assert_int_equal(output_set_publish(&set, with_slash, &err), 0);
    g_free(with_slash);
    output_set_release(&set);
    assert_content(s, "deep/out/index.xhtml", "second");
    assert_content(s, "deep/out/img/fig1.svg", "");
    assert_false(g_file_test(scratch_path(s, "deep/out/old.txt"), G_FILE_TEST_EXISTS));
    assert_int_equal(entries(scratch_path(s, "deep")), 1); /* nothing temporary is left */
    assert_int_equal(entries(target), 2);
    struct stat status;
    assert_int_equal(stat(target, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0755);
}

/* A file where a folder is needed: the error comes before anything is replaced. */
static void publish_fails_whole(void **state)
{
    struct scratch *s = *state;
    struct error err = {0};
    struct output_set set;
    scratch_write(s, "out/keep.txt", "keep");
    output_set_init(&set);
    output_set_add(&set, "a", bytes_of("file"));
    output_set_add(&set, "a/b", bytes_of("inside a file"));
    assert_int_equal(output_set_publish(&set, scratch_path(s, "out"), &err), -1);
    assert_int_equal(err.kind, ERROR_OUTPUT);
    output_set_release(&set);
    assert_content(s, "out/keep.txt", "keep");
    assert_int_equal(entries(s->folder), 1);

    scratch_write(s, "plain", "a file");
    output_set_init(&set);
    output_set_add(&set, "a", bytes_of("x"));
    assert_int_equal(output_set_publish(&set, scratch_path(s, "plain/out"), &err), -1);
    assert_int_equal(err.kind, ERROR_OUTPUT);
    /* What is no folder is not replaced by one. */
    assert_int_equal(output_set_publish(&set, scratch_path(s, "plain"), &err), -1);
    assert_int_equal(err.kind, ERROR_OUTPUT);
    output_set_release(&set);
    assert_content(s, "plain", "a file");
}

/* A link to a folder stays one: its folder is replaced, and nothing else that it leads to is touched. */
static void publish_follows_a_link(void **state)
{
    struct scratch *s = *state;
    struct error err = {0};
    struct output_set set;
    scratch_write(s, "elsewhere/real/old.txt", "old");
    char *link = g_strdup(scratch_path(s, "link"));
    assert_int_equal(symlink("elsewhere/real", link), 0);
    output_set_init(&set);
    output_set_add(&set, "new.txt", bytes_of("new"));
    assert_int_equal(output_set_publish(&set, link, &err), 0);
    output_set_release(&set);
    assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    assert_content(s, "elsewhere/real/new.txt", "new");
    assert_int_equal(entries(scratch_path(s, "elsewhere/real")), 1);
    assert_int_equal(entries(scratch_path(s, "elsewhere")), 1);
    g_free(link);
}

static void one_file(void **state)
{
    struct scratch *s = *state;
    struct error err = {0};
    const char *path = scratch_write(s, "one", "before");
    assert_int_equal(output_file_write(path, "after", 5, &err), 0);
    assert_content(s, "one", "after");
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    assert_int_equal(entries(s->folder), 1);

    const char *nowhere = scratch_path(s, "no/such/folder/file");
    assert_int_equal(output_file_write(nowhere, "x", 1, &err), -1);
    assert_int_equal(err.kind, ERROR_OUTPUT);
    char *expected = scratch_message(nowhere, ": cannot write: No such file or directory");
    assert_string_equal(err.message, expected);
    g_free(expected);

    /* a folder stands in the way */
    scratch_write(s, "folder/x", "");
    assert_int_equal(output_file_write(scratch_path(s, "folder"), "x", 1, &err), -1);
    assert_int_equal(err.kind, ERROR_OUTPUT);
    assert_int_equal(entries(s->folder), 2); /* the temporary file went */
}

int main(void)
{
    umask(022);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_is_built_from_the_inside),
        cmocka_unit_test(error_quotes_itself),
        cmocka_unit_test(error_is_cut_whole),
        cmocka_unit_test(warnings_are_kept_then_counted),
        cmocka_unit_test(warnings_at_the_limit),
        cmocka_unit_test(numbers),
        cmocka_unit_test(thousands),
        cmocka_unit_test(dates_and_days),
        cmocka_unit_test(date_texts),
        cmocka_unit_test_setup_teardown(csv_fields_and_lines, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(csv_malformed, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(csv_round_trip, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(publish_replaces_the_whole_folder, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(publish_fails_whole, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(publish_follows_a_link, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(one_file, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
