/* What a summary answers, and how summaries are merged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "publication/local_days.h"
#include "summary/summary_file.h"
#include "unit/summary_sample.h"

static void test_write_read_write(void **state)
{
    (void)state;
    struct error err = {.message = ""};
    struct summary *summary = sample("captures/a.pcap", first_sources);
    struct summary *read = summary_new();
    char *folder = g_dir_make_tmp("teiten-XXXXXX", NULL);
    char *path = g_build_filename(folder, "deeper", "2025q1.summary", NULL);
    if (summary_write(summary, path, &err) != 0 || summary_read(read, path, &err) != 0)
        fail_msg("%s", err.message);
    assert_same(summary, read);
    assert_string_equal(((const struct summary_archive *)read->archives->pdata[0])->problem,
                        "packet 21: cut\tshort\\ here\n");
    assert_null(((const struct summary_archive *)read->archives->pdata[0])->duplicate_of);
    assert_int_equal(((const struct summary_archive *)read->archives->pdata[0])->first_second, -5);
    assert_int_equal(read->edition.day_count, 91);
    assert_string_equal(read->sensors[0].label, "jp01");
    summary_free(read);
    read = summary_new();
    g_unlink(path);
    assert_int_equal(summary_read(read, path, &err), -1);
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_true(g_str_has_prefix(err.message, path));
    char *deeper = g_path_get_dirname(path);
    g_rmdir(deeper);
    g_rmdir(folder);
    g_free(deeper);
    g_free(folder);
    g_free(path);
    summary_free(read);
    summary_free(summary);
}

/* A file that is written over in place, as cp does, by whatever there is in it then. */
static void write_over(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* What was read stays as it was, whatever becomes of the file. */
static void test_file_cut_in_place(void **state)
{
    (void)state;
    static const char *const one[] = {"tools", NULL};
    struct error err = {.message = ""};
    struct summary *summary = sample("captures/a.pcap", first_sources);
    char *folder = g_dir_make_tmp("teiten-XXXXXX", NULL);
    char *path = g_build_filename(folder, "2025q1.summary", NULL);
    for (int i = 0; i < 2; i++) {
        struct summary *read = summary_new(), *part = summary_new();
        assert_int_equal(summary_write(summary, path, &err), 0);
        assert_int_equal(summary_read(read, path, &err), 0);
        assert_int_equal(summary_read_measures(part, path, one, &err), 0);
        write_over(path, i == 0 ? "" : "teiten-summary 5\nhead\t9999\n");
        assert_same(summary, read);
        const struct measure_counts *tools = summary_measure(part, "tools");
        assert_int_equal(part->measure_count, 1);
        assert_memory_equal(tools->section.bytes.data, summary_measure(summary, "tools")->section.bytes.data,
                            tools->section.bytes.size);
        summary_free(part);
        summary_free(read);
    }
    struct summary *read = summary_new();
    assert_int_equal(summary_read(read, path, &err), -1);
    assert_non_null(strstr(err.message, "2025q1.summary: a summary that is cut short"));
    summary_free(read);
    g_unlink(path);
    assert_int_equal(g_mkdir(path, 0700), 0);
    read = summary_new();
    assert_int_equal(summary_read(read, path, &err), -1);
    assert_non_null(strstr(err.message, "2025q1.summary: cannot read: not a file"));
    summary_free(read);
    g_rmdir(path);
    g_rmdir(folder);
    g_free(folder);
    g_free(path);
    summary_free(summary);
}

/* The file may become shorter between two looks at it. */
static void test_supply_of_a_shrinking_file(void **state)
{
    (void)state;
    struct error err = {.message = ""};
    char *folder = g_dir_make_tmp("teiten-XXXXXX", NULL);
    char *path = g_build_filename(folder, "file", NULL);
    struct supply supply;
    write_over(path, "0123456789");
    assert_int_equal(supply_open(&supply, path, &err), 0);
    assert_int_equal(supply.size, 10);
    assert_int_equal(supply_bring(&supply, 2, 3, &err), 0);
    write_over(path, "abcd");
    assert_int_equal(supply_bring(&supply, 3, 7, &err), -1);
    assert_string_equal(err.message, "cut short while it was read");
    assert_memory_equal(supply.data,
                        "\0\0"
                        "2d4\0",
                        6);
    supply_close(&supply);
    write_over(path, "");
    assert_int_equal(supply_open(&supply, path, &err), 0);
    assert_int_equal(supply.size, 0);
    supply_close(&supply);
    g_unlink(path);
    g_rmdir(folder);
    g_free(folder);
    g_free(path);
}

static void test_questions(void **state)
{
    (void)state;
    struct summary *summary = sample("a", first_sources);
    const struct measure_counts *ports = summary_measure(summary, "ports");
    const struct measure_counts *tools = summary_measure(summary, "tools");
    assert_null(summary_measure(summary, "nothing"));
    assert_null(measure_counts_row(ports, "443/TCP"));
    const struct summary_row *row = measure_counts_row(ports, "23/TCP");
    assert_non_null(row);
    assert_int_equal(row->total, 14);
    uint64_t daily[EDITION_DAYS_MAX];
    summary_row_daily(summary, ports, row, daily);
    assert_int_equal(daily[0], 9);
    assert_int_equal(daily[1], 0);
    assert_int_equal(daily[2], 5);
    bool observed[EDITION_DAYS_MAX];
    summary_observed(summary, ports, observed);
    assert_true(observed[0] && observed[2] && observed[90]);
    assert_false(observed[1]);
    summary_observed(summary, tools, observed);
    assert_true(observed[0] && observed[2]);
    assert_false(observed[90]);

    uint64_t total;
    summary_united(summary, ports, (char *[]){(char[]){"80/TCP"}, NULL}, true, daily, &total);
    assert_int_equal(total, 14);
    /* mirai: {1,2} and {2,3}; other: {1,2,3} on day 2: three sources in all, not seven. */
    summary_united(summary, tools, (char *[]){(char[]){"mirai"}, (char[]){"other"}, (char[]){"zmap"}, NULL},
                   false, daily, &total);
    assert_int_equal(total, 3);
    assert_int_equal(daily[0], 2);
    assert_int_equal(daily[2], 3);
    summary_united(summary, tools, (char *[]){(char[]){"zmap"}, NULL}, false, daily, &total);
    assert_int_equal(total, 0);
    assert_int_equal(daily[2], 0);
    assert_int_equal(measure_counts_total(summary, tools), 3);
    assert_int_equal(measure_counts_total(summary, ports), 15);
    summary_free(summary);
}

static struct summary *merged(struct summary *a, struct summary *b)
{
    struct error err = {.message = ""};
    if (summary_merge(a, b, &err) != 0)
        fail_msg("%s", err.message);
    summary_free(b);
    return a;
}

/* jp01 delivers on days 0 and 2, us01 on day 90: what is told of one of them is missing on the others' days.
 */
static void assert_days(const struct summary *summary, enum measure_by by, const char *key, bool negated,
                        const char *days)
{
    struct measure_counts measure = *summary_measure(summary, "ports");
    measure.by = by;
    char *keys[] = {(char *)(uintptr_t)key, NULL};
    bool observed[EDITION_DAYS_MAX];
    summary_observed_keys(summary, &measure, keys, negated, observed);
    GString *text = g_string_new(NULL);
    for (int day = 0; day < summary->edition.day_count; day++)
        if (observed[day])
            g_string_append_printf(text, "%d ", day);
    assert_string_equal(text->str, days);
    g_string_free(text, TRUE);
}

static void test_days_of_a_sensor(void **state)
{
    (void)state;
    struct summary *summary = sample("a", first_sources);
    enum measure_by pair = measure_by_pair(BY_PORT, BY_SENSOR);
    assert_days(summary, BY_PORT, "23/TCP", false, "0 2 90 ");
    assert_days(summary, BY_SENSOR, "jp01", false, "0 2 ");
    assert_days(summary, BY_SENSOR, "jp01", true, "90 ");
    assert_days(summary, BY_SENSOR, "jp0", false, "");
    assert_days(summary, BY_GROUP, "overseas", false, "90 ");
    assert_days(summary, pair, "23/TCP+us01", false, "90 ");
    assert_days(summary, pair, "23/TCP+us01", true, "0 2 90 ");
    assert_days(summary, measure_by_pair(BY_SENSOR, BY_PORT), "jp01+23/TCP", false, "0 2 ");
    assert_days(summary, measure_by_pair(BY_GROUP, BY_SENSOR), "overseas+jp01", false, "");
    summary_free(summary);
}

static void test_merging(void **state)
{
    (void)state;
    struct summary *left =
        merged(merged(sample("a", first_sources), sample("b", second_sources)), sample("c", third_sources));
    struct summary *right =
        merged(sample("c", third_sources), merged(sample("b", second_sources), sample("a", first_sources)));
    assert_same(left, right);
    assert_int_equal(left->packets_read, 60);
    assert_int_equal(left->bins[BIN_COUNTED], 48);
    assert_int_equal(left->archives->len, 3);
    assert_int_equal(left->sensors[0].packets[2], 15);
    const struct measure_counts *ports = summary_measure(left, "ports");
    assert_int_equal(measure_counts_row(ports, "23/TCP")->total, 42);
    /* mirai, day 0: {1,2} {2,3} {0,3}; day 2: {2,3} {3,10.0.0.0} {3,9}; in all 0,1,2,3,9,10.0.0.0 */
    const struct measure_counts *tools = summary_measure(left, "tools");
    const struct summary_row *mirai = measure_counts_row(tools, "mirai");
    uint64_t daily[EDITION_DAYS_MAX];
    summary_row_daily(left, tools, mirai, daily);
    assert_int_equal(daily[0], 4);
    assert_int_equal(daily[2], 4);
    assert_int_equal(mirai->total, 6);
    summary_free(left);
    summary_free(right);
}

static void test_keys_of_one_side_only(void **state)
{
    (void)state;
    struct summary *a = sample("a", first_sources);
    struct summary *b = sample_with("b", first_sources, "8/ICMP");
    struct summary *c = sample_with("b", first_sources, "8/ICMP");
    struct summary *ab = merged(a, b);
    struct summary *ba = merged(c, sample("a", first_sources));
    assert_same(ab, ba);
    assert_int_equal(ab->measures[0].section.row_count, 3);
    assert_ptr_equal(summary_measure(ab, "ports"), &ab->measures[0]);
    assert_string_equal(ab->measures[0].rows[0].key, "8/ICMP");
    assert_string_equal(ab->measures[0].rows[1].key, "23/TCP");
    assert_int_equal(ab->measures[0].rows[2].total, 2);
    summary_free(ab);
    summary_free(ba);
}

static void test_what_cannot_be_merged(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "both summaries hold a", "configurations", "sensors", "measures", "registries", "time zones"};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        struct error err = {.message = ""};
        struct summary *a = sample("a", first_sources);
        struct summary *b = sample(i == 0 ? "a" : "b", second_sources);
        GByteArray *before = summary_file_bytes(a);
        if (i == 1)
            b->configuration_digest[3] = 'd';
        if (i == 2)
            b->sensors[1].active[7] = true;
        if (i == 3)
            b->measures[1].count = COUNT_PACKETS;
        if (i == 4)
            ((struct summary_registry *)b->registries->pdata[0])->digest[0] = 'b';
        if (i == 5)
            b->time_zone[0] = 'U';
        assert_int_equal(summary_merge(a, b, &err), -1);
        if (strstr(err.message, expected[i]) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", err.message, expected[i]);
        GByteArray *after = summary_file_bytes(a);
        assert_int_equal(before->len, after->len);
        assert_memory_equal(before->data, after->data, before->len);
        g_byte_array_unref(before);
        g_byte_array_unref(after);
        summary_free(a);
        summary_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_read_write),           cmocka_unit_test(test_file_cut_in_place),
        cmocka_unit_test(test_supply_of_a_shrinking_file), cmocka_unit_test(test_questions),
        cmocka_unit_test(test_days_of_a_sensor),           cmocka_unit_test(test_merging),
        cmocka_unit_test(test_keys_of_one_side_only),      cmocka_unit_test(test_what_cannot_be_merged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
