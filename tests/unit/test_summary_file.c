/* A summary as bytes, read strictly: whatever was cut or changed is refused, also when it is well signed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>

#include "publication/local_days.h"
#include "summary/summary_file.h"
#include "unit/summary_resign.h"
#include "unit/summary_sample.h"

static int parse(const uint8_t *data, size_t size, struct error *err)
{
    struct summary *summary = summary_new();
    int result = summary_file_parse(summary, data, size, err);
    summary_free(summary);
    return result;
}

static void test_changed_files_are_refused(void **state)
{
    (void)state;
    struct summary *summary = sample("a", first_sources);
    GByteArray *bytes = summary_file_bytes(summary);
    struct error err = {.message = ""};
    for (guint size = 0; size < bytes->len; size++) {
        uint8_t *cut = g_memdup2(bytes->data, size + 1);
        assert_int_equal(parse(cut, size, &err), -1);
        g_free(cut);
    }
    for (guint at = 0; at < bytes->len; at++) {
        bytes->data[at] ^= 0x20;
        assert_int_equal(parse(bytes->data, bytes->len, &err), -1);
        bytes->data[at] ^= 0x20;
    }
    bytes->data[strlen("teiten-summary ")] = '1';
    assert_int_equal(parse(bytes->data, bytes->len, &err), -1);
    assert_non_null(strstr(err.message, "another version"));
    assert_int_equal(parse((const uint8_t *)"\x1f\x8b", 2, &err), -1);
    assert_non_null(strstr(err.message, "not a summary"));
    g_byte_array_unref(bytes);
    summary_free(summary);
}

static void test_well_signed_nonsense(void **state)
{
    (void)state;
    struct summary *summary = sample("a", first_sources);
    GByteArray *good = summary_file_bytes(summary);
    uint64_t refused = 0, accepted = 0;
    for (guint at = strlen("teiten-summary 5\n"); at < good->len; at++) {
        for (int change = 1; change < 256; change = change * 3 + 1) {
            uint8_t kept = good->data[at];
            good->data[at] = (uint8_t)(kept + change);
            GByteArray *bytes = summary_resign(good->data, good->len);
            good->data[at] = kept;
            struct summary *read = summary_new();
            struct error err = {.message = ""};
            if (summary_file_parse(read, bytes->data, bytes->len, &err) != 0) {
                assert_int_equal(err.kind, ERROR_INPUT);
                refused++;
            } else {
                /* What is read is written as it was. */
                GByteArray *again = summary_file_bytes(read);
                assert_int_equal(again->len, bytes->len);
                assert_memory_equal(again->data, bytes->data, bytes->len);
                g_byte_array_unref(again);
                /* Changed digests and seals are put right again: then nothing is changed. */
                accepted += bytes->len != good->len || memcmp(bytes->data, good->data, good->len) != 0;
            }
            summary_free(read);
            g_byte_array_unref(bytes);
        }
    }
    assert_true(refused > 100);
    assert_true(accepted > 100); /* digits of names, sizes and digests, set members */
    g_byte_array_unref(good);
    summary_free(summary);
}

/* Sections that no head line tells apart from sound ones. */
static void test_sections(void **state)
{
    (void)state;
    static const struct {
        enum measure_count count;
        enum measure_by by;
        size_t sensor_count, row_count;
        const char *bytes;
        size_t size;
        const char *expected; /* NULL: sound */
    } cases[] = {
        {COUNT_PACKETS, BY_NOTHING, 2, 1, "\1\5\7", 3, NULL},
        {COUNT_PACKETS, BY_NOTHING, 2, 1, "\1\5\0", 3, "without a count"},
        {COUNT_PACKETS, BY_NOTHING, 2, 1, "\1\5\x87\0", 4, "without a count"}, /* a needless byte */
        {COUNT_PACKETS, BY_NOTHING, 2, 1, "\1\x5b\7", 3, "impossible day"},
        {COUNT_PACKETS, BY_NOTHING, 2, 1, "\2\5\7\0\7", 5, "impossible day"},
        {COUNT_PACKETS, BY_NOTHING, 2, 1, "\1\5\x65", 3, "more packets than were counted"},
        {COUNT_PACKETS, BY_NOTHING, 2, 2, "\1\5\7\1\5\7", 6, "keys out of order"},
        {COUNT_PACKETS, BY_PROTOCOL, 2, 2, "\x11\1\5\7\6\1\5\7", 8, "keys out of order"},
        {COUNT_PACKETS, BY_PROTOCOL, 2, 1, "\6\1\5\7\0", 5, "longer than its contents"},
        {COUNT_PACKETS, BY_TOOL, 2, 1, "zmap", 4, "a key that is none"},
        {COUNT_SOURCES, BY_NOTHING, 2, 1, "\1\2\5\3\2\1\1", 7, NULL},
        {COUNT_SOURCES, BY_NOTHING, 2, 1, "\1\3\5\3\2\1\1", 7, "do not add up"},
        {COUNT_SOURCES, BY_NOTHING, 2, 1, "\1\2\5\4\2\1\1", 7, "cut short"},
        {COUNT_SOURCES, BY_NOTHING, 2, 1, "\1\0\5\1\0", 5, "is empty"},
        {COUNT_SOURCE_SENSORS, BY_NOTHING, 2, 1, "\1\1\5\4\1\2\1\1", 8, NULL},
        {COUNT_SOURCE_SENSORS, BY_NOTHING, 1, 1, "\1\1\5\4\1\2\1\1", 8, "a sensor that is none"},
        {COUNT_SOURCE_SENSORS, BY_NOTHING, 0, 1, "\1\2\5\3\2\1\1", 7, "of which there are none"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct error err = {.message = ""};
        struct section section = {.row_count = cases[i].row_count};
        struct section_bounds bounds = {.count = cases[i].count,
                                        .by = cases[i].by,
                                        .time_count = 91,
                                        .sensor_count = cases[i].sensor_count,
                                        .packets = 100,
                                        .row_count = cases[i].row_count};
        octets_append(&section.bytes, cases[i].bytes, cases[i].size);
        int result = section_check(&section, &bounds, &err);
        if ((result == 0) != (cases[i].expected == NULL) ||
            (result != 0 && strstr(err.message, cases[i].expected) == NULL))
            fail_msg("case %zu: %d \"%s\"", i, result, err.message);
        section_release(&section);
    }
}

/* Head lines changed as a whole, each with the complaint it must give. */
static void test_head_lines(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *expected;
    } cases[] = {
        {"packets-read\t20\n", "packets-read\t21\n", "bins do not add up"},
        {"packets-read\t20\n", "packets-read\t020\n", "line 6: expected a number"},
        {"\t4711\t", "\t-1\t", "expected a number"},
        {"bin\tcounted\t16\n", "bin\tcounted\t17\nx", "expected"},
        {"bin\tfragment\t4\n", "bin\tfragment\t3\n", "bins do not add up"},
        {"archives\t1\n", "archives\t99\n", "expected archive"},
        {"archives\t1\n", "archives\t4294967296\n", "expected a number"},
        {"sensors\t2\n", "sensors\t65536\n", "expected a number"},
        {"measures\t2\n", "measures\t4000000000\n", "as many measures as the file holds"},
        {"\tpackets\tport\tday\t2\t", "\tpackets\tport\tday\t4000000000\t", "as many rows as"},
        {"\tpackets\tport\t", "\tpackets\tcolour\t", "by what"},
        {"sensor\tus01\t", "sensor\tjp01\t", "sensors in order"},
        {"edition\t2025q1\t4\n", "edition\t2025q5\t4\n", "expected an edition"},
        {"cut\\tshort", "cut\\qshort", "tab-separated text"},
        {"end\n", "ende\n", "expected end"},
    };
    struct summary *summary = sample("a", first_sources);
    GByteArray *good = summary_file_bytes(summary);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const uint8_t *found = memmem(good->data, good->len, cases[i].from, strlen(cases[i].from));
        assert_non_null(found);
        guint at = (guint)(found - good->data);
        guint rest = at + (guint)strlen(cases[i].from);
        GByteArray *changed = g_byte_array_new();
        g_byte_array_append(changed, good->data, at);
        g_byte_array_append(changed, (const uint8_t *)cases[i].to, (guint)strlen(cases[i].to));
        g_byte_array_append(changed, good->data + rest, good->len - rest);
        GByteArray *bytes = summary_resign(changed->data, changed->len);
        g_byte_array_unref(changed);
        struct error err = {.message = ""};
        assert_int_equal(parse(bytes->data, bytes->len, &err), -1);
        if (strstr(err.message, cases[i].expected) == NULL)
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, err.message, cases[i].expected);
        g_byte_array_unref(bytes);
    }
    g_byte_array_unref(good);
    summary_free(summary);
}

/* What version 4 wrote is read as the same, and what it wrote of changed bytes refused. */
static void test_old_version(void **state)
{
    (void)state;
    struct summary *summary = sample("a", first_sources);
    GByteArray *bytes = summary_file_bytes(summary);
    GByteArray *old = summary_as_old(bytes->data, bytes->len);
    struct error err = {.message = ""};
    struct summary *read = summary_new();
    if (summary_file_parse(read, old->data, old->len, &err) != 0)
        fail_msg("%s", err.message);
    assert_same(summary, read);
    for (guint at = 0; at < old->len; at++) {
        old->data[at] ^= 0x20;
        assert_int_equal(parse(old->data, old->len, &err), -1);
        old->data[at] ^= 0x20;
    }
    for (guint size = 0; size < old->len; size++)
        assert_int_equal(parse(old->data, size, &err), -1);
    g_byte_array_unref(old);
    g_byte_array_unref(bytes);
    summary_free(read);
    summary_free(summary);
}

static struct summary *read_of(const GByteArray *bytes, guint size, const char *const *measures,
                               struct error *err)
{
    GBytes *part = g_bytes_new(bytes->data, size);
    struct summary *read = summary_new();
    if (summary_file_parse_bytes(read, part, measures, err) != 0)
        g_clear_pointer(&read, summary_free);
    g_bytes_unref(part);
    return read;
}

/* Of the measures only one: the others' rows are neither read nor missed when they are damaged. */
static void test_one_measure(void **state)
{
    (void)state;
    static const char *const one[] = {"none", "ports", NULL}, *const both[] = {"ports", "tools", NULL};
    struct error err = {.message = ""};
    struct summary *summary = sample("a", first_sources);
    const struct measure_counts *wanted = summary_measure(summary, "ports");
    GByteArray *bytes = summary_file_bytes(summary);
    bytes->data[bytes->len - 1] ^= 1; /* of the tools, the last */
    struct summary *read = read_of(bytes, bytes->len, one, &err);
    if (read == NULL)
        fail_msg("%s", err.message);
    assert_int_equal(read->measure_count, 1);
    assert_null(summary_measure(read, "tools"));
    const struct measure_counts *ports = summary_measure(read, "ports");
    assert_string_equal(ports->definition, wanted->definition);
    assert_int_equal(ports->section.bytes.size, wanted->section.bytes.size);
    assert_memory_equal(ports->section.bytes.data, wanted->section.bytes.data, wanted->section.bytes.size);
    summary_free(read);
    for (int i = 0; i < 2; i++) {
        assert_null(read_of(bytes, bytes->len, i == 0 ? both : NULL, &err));
        assert_non_null(strstr(err.message, "measure tools: a summary that was cut or changed"));
    }
    /* A section that is not there is missed by everybody. */
    assert_null(read_of(bytes, bytes->len - 1, one, &err));
    assert_non_null(strstr(err.message, "a section is cut short"));
    g_byte_array_unref(bytes);
    summary_free(summary);
}

static void test_head_size(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *expected;
    } cases[] = {
        {"teiten-summary 5\n", "expected head"},
        {"teiten-summary 5\nhead\t7", "expected head"},
        {"teiten-summary 5\nhead\t0\n", "cut short"},
        {"teiten-summary 5\nhead\t07\n1234567", "expected a number"},
        {"teiten-summary 5\nhead\t8\n1234567", "cut short"},
        {"teiten-summary 5\nhead\t7\n1234567", "cut short"},
        {"teiten-summary 5\nhead\t7\n1234567xxh3-128 00000000000000000000000000000000\n", "cut or changed"},
        {"teiten-summary 4\nhead\t7\n", "cut short"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct error err = {.message = ""};
        assert_int_equal(parse((const uint8_t *)cases[i].bytes, strlen(cases[i].bytes), &err), -1);
        if (strstr(err.message, cases[i].expected) == NULL)
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, err.message, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changed_files_are_refused),
        cmocka_unit_test(test_well_signed_nonsense),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_head_lines),
        cmocka_unit_test(test_old_version),
        cmocka_unit_test(test_one_measure),
        cmocka_unit_test(test_head_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
