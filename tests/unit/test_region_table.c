#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <string.h>

#include "aggregate/region_table.h"

enum { FILES_MAX = 3 };

/* Texts written to files, and the table made of them. */
struct fixture {
    char *folder;
    char *paths[FILES_MAX];
    size_t count;
    struct warning_log log;
    struct error err;
    struct region_table *table;
};

static void fixture_load(struct fixture *fixture, const struct edition *edition, size_t count,
                         const char *const *texts)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->folder = g_dir_make_tmp("teiten-XXXXXX", NULL);
    warning_log_init(&fixture->log);
    fixture->count = count;
    for (size_t i = 0; i < count; i++) {
        fixture->paths[i] = g_strdup_printf("%s/delegated-%zu", fixture->folder, i);
        assert_true(g_file_set_contents(fixture->paths[i], texts[i], -1, NULL));
    }
    fixture->table = region_table_new(fixture->paths, count, edition, NULL, &fixture->log, &fixture->err);
}

static void fixture_release(struct fixture *fixture)
{
    region_table_free(fixture->table);
    for (size_t i = 0; i < fixture->count; i++) {
        g_unlink(fixture->paths[i]);
        g_free(fixture->paths[i]);
    }
    g_rmdir(fixture->folder);
    g_free(fixture->folder);
    warning_log_release(&fixture->log);
}

static void load_one(struct fixture *fixture, const char *text)
{
    fixture_load(fixture, NULL, 1, &text);
}

static void assert_region(const struct fixture *fixture, const char *address, const char *code)
{
    struct in_addr ipv4;
    struct in6_addr ipv6;
    uint32_t region = 0;
    if (inet_pton(AF_INET, address, &ipv4) == 1)
        region = region_table_find_ipv4(fixture->table, ntohl(ipv4.s_addr));
    else if (inet_pton(AF_INET6, address, &ipv6) == 1)
        region = region_table_find_ipv6(fixture->table, ipv6.s6_addr);
    else
        fail_msg("%s is no address", address);
    if (strcmp(region_table_code(fixture->table, region), code) != 0)
        fail_msg("%s is in %s, expected %s", address, region_table_code(fixture->table, region), code);
}

static void assert_warned(const struct fixture *fixture, const char *text)
{
    GPtrArray *lines = warning_log_lines(&fixture->log);
    bool found = false;
    for (guint i = 0; i < lines->len; i++)
        found = found || strstr(lines->pdata[i], text) != NULL;
    if (!found)
        fail_msg("no warning says \"%s\" (%u lines, the first: %s)", text, lines->len,
                 lines->len > 0 ? (const char *)lines->pdata[0] : "none");
    g_ptr_array_unref(lines);
}

static void test_both_forms(void **state)
{
    (void)state;
    struct fixture fixture;
    load_one(&fixture, "# a comment\n\n2.3|apnic|20250630|9||20250629|+1000\r\n"
                       "apnic|*|ipv4|*|5|summary\n"
                       "apnic|JP|asn|173|1|20020801|allocated\n"
                       "apnic|JP|ipv4|10.0.0.0|256|20020801|allocated\n"
                       " apnic | tw |ipv4| 10.0.1.0 |768 |20020801| assigned |A91E66F2|more|and more\n"
                       "apnic|AP|ipv4|10.0.4.0|1|20020801|allocated|X\n"
                       "apnic|KR|ipv4|10.0.4.1|70000||allocated|X\n"
                       "apnic||ipv4|10.9.0.0|256||available|\n"
                       "apnic|ZZ|ipv4|10.9.1.0|256||reserved|\n"
                       "apnic|ZZ|ipv4|10.9.2.0|256||allocated|\n"
                       "apnic|JP|ipv6|2001:db8::|33|20020801|allocated\n"
                       "ripencc|EU|ipv6|2001:db8:8000::|34|20020801|allocated\n"
                       "apnic|JP|ipv4|255.255.255.0|256|20020801|allocated\n");
    assert_non_null(fixture.table);
    assert_int_equal(fixture.log.count, 0);
    assert_region(&fixture, "9.255.255.255", "??");
    assert_region(&fixture, "10.0.0.0", "JP");
    assert_region(&fixture, "10.0.0.255", "JP");
    assert_region(&fixture, "10.0.1.0", "TW");
    assert_region(&fixture, "10.0.3.255", "TW");
    assert_region(&fixture, "10.0.4.0", "AP");
    assert_region(&fixture, "10.0.4.1", "KR");
    /* 10.0.4.1 + 69999 = 10.1.21.112 */
    assert_region(&fixture, "10.1.21.112", "KR");
    assert_region(&fixture, "10.1.21.113", "??");
    assert_region(&fixture, "10.9.0.1", "??");
    assert_region(&fixture, "10.9.1.1", "??");
    assert_region(&fixture, "10.9.2.1", "??");
    assert_region(&fixture, "255.255.255.255", "JP");
    assert_region(&fixture, "0.0.0.0", "??");
    assert_region(&fixture, "2001:db8::", "JP");
    assert_region(&fixture, "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", "JP");
    assert_region(&fixture, "2001:db8:8000::", "EU");
    assert_region(&fixture, "2001:db8:c000::", "??");
    assert_region(&fixture, "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "??");
    const struct delegated_file *file = region_table_file(fixture.table, 0);
    assert_string_equal(file->registry, "apnic");
    assert_true(file->has_date);
    assert_int_equal(civil_date_compare(file->date, (struct civil_date){2025, 6, 29}), 0);
    assert_int_equal(region_table_index(fixture.table, "??"), 0);
    assert_int_equal(region_table_index(fixture.table, "ZZ"), -1);
    fixture_release(&fixture);
}

static void test_malformed_lines_are_warned_of(void **state)
{
    (void)state;
    struct fixture fixture;
    load_one(&fixture, "2|arin|20250630|3|00000000|20250630|-0400\n"
                       "arin|US|ipv4|10.0.0.0|256|20020801|allocated\n"
                       "arin|US|ipv4|10.0.0|256|20020801|allocated\n"
                       "arin|US|ipv4|255.255.255.255|2|20020801|allocated\n"
                       "arin|US|ipv6|2001:db8::1|32|20020801|allocated\n"
                       "arin|US|ipv4|10.0.1.0|0|20020801|allocated\n");
    assert_non_null(fixture.table);
    assert_int_equal(fixture.log.count, 4);
    assert_warned(&fixture, "delegated-0: line 3: malformed record, expected an IPv4 address");
    assert_warned(&fixture, "line 4: malformed record, expected a count of addresses");
    assert_warned(&fixture, "line 5: malformed record, expected an IPv6 prefix without host bits");
    assert_warned(&fixture, "line 6: malformed record, expected a count of addresses");
    assert_region(&fixture, "10.0.0.1", "US");
    assert_region(&fixture, "10.0.1.0", "??");
    assert_region(&fixture, "255.255.255.255", "??");
    fixture_release(&fixture);
}

static void test_files_cut_short(void **state)
{
    (void)state;
    struct fixture fixture;
    /* Two of three records announced: no matter. */
    load_one(&fixture,
             "2|arin|20250630|3|00000000|20250630|-0400\n"
             "arin|US|ipv4|10.0.0.0|256|20020801|allocated\narin|US|ipv4|10.1.0.0|256|20020801|allocated\n");
    assert_int_equal(fixture.log.count, 0);
    fixture_release(&fixture);
    load_one(&fixture,
             "2|arin|20250630|4|00000000|20250630|-0400\narin|US|ipv4|10.0.0.0|256|20020801|allocated\n");
    assert_non_null(fixture.table);
    assert_warned(&fixture, "seems to be cut short: 1 records, its version line says 4");
    fixture_release(&fixture);
    load_one(&fixture, "2|arin|20250630|2|00000000|20250630|-0400\narin|US|ipv4|10.0.0.0|256|20020801|"
                       "allocated\narin|US|ipv4|10.1");
    assert_non_null(fixture.table);
    assert_warned(&fixture, "line 3: malformed");
    assert_warned(&fixture, "its last line is not whole");
    fixture_release(&fixture);
}

static void test_what_is_no_registry_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", "it is empty"},
        {"# only a comment\n", "it is empty"},
        {"<!DOCTYPE HTML>\n<html>302 Found</html>\n", "delegated-0: line 1: not a registry's statistics"},
        {"arin|US|ipv4|10.0.0.0|256|20020801|allocated\n", "line 1: not a registry's statistics"},
        {"2|arin|20250630|3|00000000|20250630|-0400\narin|*|ipv4|*|0|summary\n", "no usable record"},
        {"2|arin|20250630|3|00000000|20250630|-0400\nrubbish\n", "no usable record"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct fixture fixture;
        load_one(&fixture, cases[i].text);
        assert_null(fixture.table);
        assert_int_equal(fixture.err.kind, ERROR_INPUT);
        assert_true(g_str_has_prefix(fixture.err.message, "registry: "));
        if (strstr(fixture.err.message, cases[i].expected) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", fixture.err.message, cases[i].expected);
        fixture_release(&fixture);
    }
    struct error err;
    char missing_path[] = "no-such-folder/delegated";
    char *missing[] = {missing_path};
    assert_null(region_table_new(missing, 1, NULL, NULL, NULL, &err));
    assert_non_null(strstr(err.message, "no-such-folder/delegated"));
}

static void test_overlaps(void **state)
{
    (void)state;
    struct fixture fixture;
    const char *texts[] = {
        "2|arin|20250630|5|00000000|20250630|-0400\n"
        "arin|US|ipv4|10.0.0.0|65536|20020801|allocated\n" /* larger than all in it */
        "arin|CA|ipv4|11.0.0.0|256|20200101|allocated\n"   /* equal size, earlier than MX */
        "arin|US|ipv4|12.0.0.0|256|20200101|allocated\n"   /* equal size and date: arin before ripencc */
        "arin|US|ipv4|13.0.0.0|256|20200101|allocated\n"   /* agrees with the other file */
        "arin|US|ipv6|2001:db8::|32|20200101|allocated\n",
        "2|ripencc|20250630|5|00000000|20250630|+0200\n"
        "ripencc|DE|ipv4|10.0.16.0|4096|19990101|allocated\n"
        "ripencc|FR|ipv4|10.0.16.128|1|19990101|allocated\n"
        "ripencc|MX|ipv4|11.0.0.128|256|20200102|allocated\n"
        "ripencc|GB|ipv4|12.0.0.0|256|20200101|allocated\n"
        "ripencc|US|ipv4|13.0.0.0|128|20200101|allocated\n"
        "ripencc|NL|ipv6|2001:db8:ffff::|48|19990101|allocated\n",
    };
    for (int swapped = 0; swapped < 2; swapped++) {
        const char *ordered[] = {texts[swapped], texts[1 - swapped]};
        fixture_load(&fixture, NULL, 2, ordered);
        assert_non_null(fixture.table);
        assert_region(&fixture, "10.0.15.255", "US");
        assert_region(&fixture, "10.0.16.0", "DE");
        assert_region(&fixture, "10.0.16.127", "DE");
        assert_region(&fixture, "10.0.16.128", "FR");
        assert_region(&fixture, "10.0.16.129", "DE");
        assert_region(&fixture, "10.0.32.0", "US");
        assert_region(&fixture, "11.0.0.127", "CA");
        assert_region(&fixture, "11.0.0.128", "MX");
        assert_region(&fixture, "11.0.1.127", "MX");
        assert_region(&fixture, "12.0.0.1", "US");
        assert_region(&fixture, "13.0.0.1", "US");
        assert_region(&fixture, "2001:db8:fffe::", "US");
        assert_region(&fixture, "2001:db8:ffff::1", "NL");
        /* 4096 + 128 + 256 claimed with different codes; 12.0.0.0/24 among them; 13.0.0.0 agrees. */
        assert_int_equal(region_table_overlap_addresses(fixture.table), 4096 + 128 + 256);
        /* Between the files 10.0.16.128 counts once (FR against US), and once within the second (FR against
         * DE). A /48 has 65,536 /64. */
        assert_warned(&fixture, "claim 4480 IPv4 addresses and 65536 IPv6 networks");
        assert_warned(&fixture, "the same file claim 1 IPv4 addresses and 0 IPv6 networks");
        assert_int_equal(fixture.log.count, 2);
        fixture_release(&fixture);
    }
}

static void test_dates_of_snapshots(void **state)
{
    (void)state;
    struct fixture fixture;
    struct edition edition;
    struct error err;
    assert_int_equal(edition_parse("2025q1", 4, &edition, &err), 0);
    static const struct {
        const char *version, *date;
    } cases[] = {
        {"2|arin|20250701|1|00000000|20250630|-0400",
         NULL}, /* the end date counts: the last day of the quarter */
        {"2|arin|20250401|1|00000000||-0400", NULL},
        {"2|arin|20250331|1|00000000||-0400", "a snapshot of 2025-03-31"},
        {"2|arin|1751414399|1|00000000|00000000|-0400", "a snapshot of 2025-07-01"},
        {"2|arin|1746057600000|1|00000000||-0400", NULL}, /* 2025-05-01 */
        {"2|arin|7|1|00000000||-0400", "a snapshot without a date"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strdup_printf("%s\narin|US|ipv4|10.0.0.0|256|20020801|allocated\n", cases[i].version);
        fixture_load(&fixture, &edition, 1, (const char *const[]){text});
        assert_non_null(fixture.table);
        assert_int_equal(fixture.log.count, cases[i].date == NULL ? 0 : 1);
        if (cases[i].date != NULL)
            assert_warned(&fixture, cases[i].date);
        fixture_release(&fixture);
        g_free(text);
    }
}

/* Random records against the rule applied to each address by itself. */
static void test_random_records_by_brute_force(void **state)
{
    (void)state;
    enum { RECORDS = 300, SPAN = 2048 };
    struct record {
        uint32_t first, count, date;
        char code[3];
    } records[RECORDS];
    uint32_t seed = 7;
    GString *text = g_string_new("2|arin|20250630|300|00000000|20250630|-0400\n");
    for (int i = 0; i < RECORDS; i++) {
        struct record *record = &records[i];
        seed = seed * 1664525 + 1013904223;
        record->first = 0x0a00ff00 + (seed >> 8) % SPAN;
        seed = seed * 1664525 + 1013904223;
        record->count = 1 + (seed >> 8) % 40 * (1 + (seed >> 20) % 8);
        seed = seed * 1664525 + 1013904223;
        record->date = 20200101 + (seed >> 8) % 3;
        record->code[0] = (char)('A' + (seed >> 16) % 3);
        record->code[1] = 'X';
        record->code[2] = '\0';
        g_string_append_printf(text, "arin|%s|ipv4|%u.%u.%u.%u|%u|%u|allocated\n", record->code,
                               record->first >> 24, record->first >> 16 & 255, record->first >> 8 & 255,
                               record->first & 255, record->count, record->date);
    }
    struct fixture fixture;
    load_one(&fixture, text->str);
    assert_non_null(fixture.table);
    uint64_t overlap = 0;
    for (uint32_t address = 0x0a00ff00 - 5; address < 0x0a00ff00 + SPAN + 400; address++) {
        const struct record *best = NULL;
        bool differ = false;
        for (int i = 0; i < RECORDS; i++) {
            const struct record *record = &records[i];
            if (address < record->first || address >= record->first + record->count)
                continue;
            differ = differ || (best != NULL && strcmp(best->code, record->code) != 0);
            if (best == NULL || record->count < best->count ||
                (record->count == best->count &&
                 (record->date > best->date ||
                  (record->date == best->date && strcmp(record->code, best->code) < 0))))
                best = record;
        }
        overlap += differ ? 1 : 0;
        const char *code = region_table_code(fixture.table, region_table_find_ipv4(fixture.table, address));
        assert_string_equal(code, best == NULL ? "??" : best->code);
    }
    assert_true(overlap > 100);
    assert_int_equal(region_table_overlap_addresses(fixture.table), overlap);
    fixture_release(&fixture);
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_forms),
        cmocka_unit_test(test_malformed_lines_are_warned_of),
        cmocka_unit_test(test_files_cut_short),
        cmocka_unit_test(test_what_is_no_registry_file),
        cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_dates_of_snapshots),
        cmocka_unit_test(test_random_records_by_brute_force),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
