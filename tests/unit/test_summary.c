#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <string.h>

#include "publication/local_days.h"
#include "summary/key.h"
#include "summary/section.h"
#include "summary/source_set.h"
#include "summary/summary.h"
#include "summary/summary_file.h"
#include "summary_resign.h"

static void measure_fill(struct measure_counts *measure, const char *id, enum measure_count count,
                         enum measure_by by)
{
    measure->id = g_strdup(id);
    measure->definition = g_strdup_printf("definition of %s", id);
    measure->count = count;
    measure->by = by;
    measure->sensors = g_new0(bool, 2);
    measure->sensors[0] = true;
    measure->sensors[1] = count == COUNT_PACKETS;
}

/* A row's cells: count, or so many of the sources. */
struct cell {
    uint32_t day;
    uint64_t count;
    const uint32_t *sources;
};

static void row_append(struct measure_counts *measure, const char *key, const struct cell *cells,
                       size_t cell_count)
{
    struct section_writer writer;
    struct octets bytes = {.data = NULL};
    assert_true(key_write(measure->by, key, &bytes));
    section_writer_init(&writer, measure->count, &measure->section);
    section_writer_row(&writer, bytes.data, bytes.size);
    for (size_t i = 0; i < cell_count; i++) {
        if (cells[i].sources == NULL) {
            section_writer_count(&writer, cells[i].day, cells[i].count);
            continue;
        }
        struct source_set *set = source_set_new();
        source_set_add_ipv4_many(set, cells[i].sources, cells[i].count);
        section_writer_sources(&writer, cells[i].day, set);
        source_set_free(set);
    }
    section_writer_finish(&writer);
    octets_release(&bytes);
}

/* Two sensors; 10 packets to the first on day 0, 5 on day 2, 1 to the second on day 90. Each call with
 * another name is another part. */
static struct summary *sample_with(const char *archive_name, const uint32_t sources[3], const char *port)
{
    struct summary *summary = summary_new();
    struct error err;
    assert_int_equal(edition_parse("2025q1", 4, &summary->edition, &err), 0);
    summary->time_zone = g_strdup("Asia/Tokyo");
    memset(summary->configuration_digest, 'c', 64);
    summary->packets_read = 20;
    summary->bins[BIN_COUNTED] = 16;
    summary->bins[BIN_FRAGMENT] = 4;
    summary->region_overlap_addresses = 256;
    struct summary_registry *registry = g_new0(struct summary_registry, 1);
    registry->name = g_strdup("apnic");
    registry->file = g_strdup("registries/2025q1/delegated-apnic");
    registry->date = g_strdup("2025-06-30");
    memset(registry->digest, 'a', 32);
    g_ptr_array_add(summary->registries, registry);
    struct summary_archive *archive = g_new0(struct summary_archive, 1);
    archive->name = g_strdup(archive_name);
    archive->size = 4711;
    memset(archive->digest, '0', 32);
    archive->packets = 20;
    archive->first_second = -5;
    archive->last_second = 1743433200;
    archive->problem = g_strdup("packet 21: cut\tshort\\ here\n");
    g_ptr_array_add(summary->archives, archive);
    summary->sensor_count = 2;
    summary->sensors = g_new0(struct summary_sensor, 2);
    for (size_t i = 0; i < 2; i++) {
        struct summary_sensor *sensor = &summary->sensors[i];
        sensor->id = g_strdup(i == 0 ? "jp01" : "us01");
        sensor->region = g_strdup(i == 0 ? "JP" : "US");
        sensor->group = g_strdup(i == 0 ? "domestic" : "overseas");
        sensor->label = g_strdup("東日本");
        sensor->packets = g_new0(uint64_t, 91);
        sensor->active = g_new0(bool, 91);
        sensor->active[0] = sensor->active[2] = sensor->active[90] = true;
    }
    summary->sensors[0].packets[0] = 10;
    summary->sensors[0].packets[2] = 5;
    summary->sensors[1].packets[90] = 1;
    summary->measure_count = 2;
    summary->measures = g_new0(struct measure_counts, 2);
    struct measure_counts *ports = &summary->measures[0];
    measure_fill(ports, "ports", COUNT_PACKETS, BY_PORT);
    row_append(ports, port, (struct cell[]){{0, 9, NULL}, {2, 5, NULL}}, 2);
    row_append(ports, "80/TCP", (struct cell[]){{90, 1, NULL}}, 1);
    struct measure_counts *tools = &summary->measures[1];
    measure_fill(tools, "tools", COUNT_SOURCES, BY_TOOL);
    row_append(tools, "mirai", (struct cell[]){{0, 2, sources}, {2, 2, sources + 1}}, 2);
    row_append(tools, "other", (struct cell[]){{2, 3, sources}}, 1);
    return summary;
}

static struct summary *sample(const char *archive_name, const uint32_t sources[3])
{
    return sample_with(archive_name, sources, "23/TCP");
}

static const uint32_t first_sources[3] = {1, 2, 3};
static const uint32_t second_sources[3] = {2, 3, 0x0a000000};
static const uint32_t third_sources[3] = {0, 3, 9};

static void assert_same(const struct summary *a, const struct summary *b)
{
    GByteArray *x = summary_file_bytes(a);
    GByteArray *y = summary_file_bytes(b);
    assert_int_equal(x->len, y->len);
    assert_memory_equal(x->data, y->data, x->len);
    g_byte_array_unref(x);
    g_byte_array_unref(y);
}

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
                accepted++;
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
        {"teiten-summary 5\nhead\t8\n1234567", "expected a number"},
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
        cmocka_unit_test(test_write_read_write),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_days_of_a_sensor),
        cmocka_unit_test(test_merging),
        cmocka_unit_test(test_keys_of_one_side_only),
        cmocka_unit_test(test_what_cannot_be_merged),
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
