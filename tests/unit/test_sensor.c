#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "publication/sensor.h"
#include "unit/scratch.h"

#define HEADER "id,prefix,region,group,label,since,until\n"

static void load(struct scratch *scratch, const char *text, struct sensor_list *list)
{
    struct error err = {0};
    if (sensor_list_load(list, scratch_write(scratch, "sensors.csv", text), &err) != 0)
        fail_msg("%s", err.message);
}

static void assert_refused(struct scratch *scratch, const char *text, const char *rest)
{
    struct sensor_list list;
    struct error err = {0};
    const char *path = scratch_write(scratch, "sensors.csv", text);
    assert_int_equal(sensor_list_load(&list, path, &err), -1);
    assert_int_equal(err.kind, ERROR_INPUT);
    char *expected = scratch_message(path, rest);
    assert_string_equal(err.message, expected);
    g_free(expected);
    assert_int_equal(list.sensor_count, 0); /* nothing is left to release */
}

static void fields(void **state)
{
    struct sensor_list list;
    load(*state,
         HEADER "us01,198.51.100.0/24,US,overseas,北米1,,\n"
                "jp01,192.0.2.16/28,JP,domestic,東日本1,2023-04-01,2025-05-31\n"
                "jp01,2001:db8::/64,JP,domestic,東日本1,,\n"
                "jp02,192.0.2.1,JP,domestic,西日本1,20230401,\n",
         &list);
    assert_int_equal(list.sensor_count, 3); /* by id */
    assert_string_equal(list.sensors[0].id, "jp01");
    assert_string_equal(list.sensors[0].region, "JP");
    assert_string_equal(list.sensors[0].group, "domestic");
    assert_string_equal(list.sensors[0].label, "東日本1");
    assert_string_equal(list.sensors[2].id, "us01");
    assert_int_equal(sensor_list_find(&list, "jp01"), 0);
    assert_int_equal(sensor_list_find(&list, "jp02"), 1);
    assert_int_equal(sensor_list_find(&list, "us01"), 2);
    assert_int_equal(sensor_list_find(&list, "jp03"), -1);

    assert_int_equal(list.prefix_count, 4); /* IPv4 by address, then IPv6 */
    const struct sensor_prefix *p = list.prefixes;
    static const uint8_t host[16] = {192, 0, 2, 1};
    static const uint8_t net[16] = {192, 0, 2, 16};
    static const uint8_t six[16] = {0x20, 0x01, 0x0d, 0xb8};
    assert_memory_equal(p[0].range.address, host, 16);
    assert_int_equal(p[0].range.length, 32);
    assert_int_equal(p[0].sensor, 1);
    assert_int_equal(p[0].line, 5);
    assert_int_equal(civil_date_compare(p[0].since, (struct civil_date){2023, 4, 1}), 0);
    assert_int_equal(civil_date_compare(p[0].until, (struct civil_date){9999, 12, 31}), 0);
    assert_memory_equal(p[1].range.address, net, 16);
    assert_int_equal(p[1].range.length, 28);
    assert_false(p[1].range.is_ipv6);
    assert_int_equal(p[1].sensor, 0);
    assert_int_equal(p[2].sensor, 2);
    assert_int_equal(civil_date_compare(p[2].since, (struct civil_date){1, 1, 1}), 0);
    assert_true(p[3].range.is_ipv6);
    assert_memory_equal(p[3].range.address, six, 16);
    assert_int_equal(p[3].range.length, 64);
    sensor_list_release(&list);
    sensor_list_release(&list); /* safe on a released one */
}

/* since and until are both inclusive; a sensor may rest in between. */
static void active_days(void **state)
{
    struct sensor_list list;
    load(*state,
         HEADER "a,192.0.2.0/28,JP,domestic,A,2025-04-02,2025-04-05\n"
                "a,192.0.2.0/28,JP,domestic,A,2025-04-08,\n",
         &list);
    for (int day = 1; day <= 10; day++) {
        bool expected = (day >= 2 && day <= 5) || day >= 8;
        assert_int_equal(sensor_list_is_active(&list, 0, (struct civil_date){2025, 4, day}), expected);
    }
    sensor_list_release(&list);
}

/* As many sensors as there may be: what one of them has in force is not looked for among all prefixes. */
static void active_days_of_many(void **state)
{
    enum { SENSORS = 65534, DAYS = 92 };
    struct sensor_list list;
    GString *text = g_string_new(HEADER);
    for (unsigned i = 0; i < SENSORS; i++)
        g_string_append_printf(text, "s%05u,10.%u.%u.0/24,JP,domestic,S,2025-04-01,2025-04-%02u\n", i,
                               i / 256, i % 256, i % 30 + 1);
    load(*state, text->str, &list);
    g_string_free(text, TRUE);
    alarm(60); /* it is done in less than one second, but in half an hour where each looks at all */
    for (size_t i = 0; i < SENSORS; i++) {
        int days = 0;
        for (int day = 0; day < DAYS; day++)
            days +=
                sensor_list_is_active(&list, i, civil_date_add_days((struct civil_date){2025, 4, 1}, day));
        assert_int_equal(days, i % 30 + 1);
    }
    alarm(0);
    sensor_list_release(&list);
}

static void other_column_order_and_crlf(void **state)
{
    struct sensor_list list;
    load(*state,
         "label,group,since,until,id,region,prefix\r\n"
         "\"東, 1\",domestic,,,jp01,JP,192.0.2.0/28\r\n",
         &list);
    assert_string_equal(list.sensors[0].id, "jp01");
    assert_string_equal(list.sensors[0].label, "東, 1");
    sensor_list_release(&list);
}

static void overlaps(void **state)
{
    assert_refused(
        *state,
        HEADER "a,192.0.2.0/24,JP,domestic,A,,\n"
               "b,198.51.100.0/24,JP,domestic,B,,\n"
               "c,192.0.2.64/26,JP,domestic,C,,\n",
        ": line 4: prefix 192.0.2.64/26 of sensor \"c\" overlaps 192.0.2.0/24 of sensor \"a\" in line 2 "
        "while both are in force, expected every address to belong to one line on any day");
    /* the wider one may come later */
    assert_refused(
        *state,
        HEADER "c,192.0.2.64/26,JP,domestic,C,,\n"
               "a,192.0.2.0/24,JP,domestic,A,,\n",
        ": line 3: prefix 192.0.2.0/24 of sensor \"a\" overlaps 192.0.2.64/26 of sensor \"c\" in line 2 "
        "while both are in force, expected every address to belong to one line on any day");
    /* the same prefix, one day shared: both ends are inclusive */
    assert_refused(
        *state,
        HEADER "a,2001:db8::/32,JP,domestic,A,,2025-04-01\n"
               "a,2001:db8::/32,JP,domestic,A,2025-04-01,\n",
        ": line 3: prefix 2001:db8::/32 of sensor \"a\" overlaps 2001:db8::/32 of sensor \"a\" in line 2 "
        "while both are in force, expected every address to belong to one line on any day");
    /* an ancestor two levels up, whose second line is the one in force */
    assert_refused(
        *state,
        HEADER "a,10.0.0.0/8,JP,domestic,A,2020-01-01,2020-12-31\n"
               "b,10.0.0.0/8,JP,domestic,B,2022-01-01,2022-12-31\n"
               "c,10.1.0.0/16,JP,domestic,C,2021-01-01,2021-12-31\n"
               "d,10.1.2.0/24,JP,domestic,D,2022-06-01,2022-06-01\n",
        ": line 5: prefix 10.1.2.0/24 of sensor \"d\" overlaps 10.0.0.0/8 of sensor \"b\" in line 3 "
        "while both are in force, expected every address to belong to one line on any day");
}

static void no_overlaps(void **state)
{
    struct sensor_list list;
    load(*state,
         HEADER "a,192.0.2.0/25,JP,domestic,A,,\n"
                "b,192.0.2.128/25,JP,domestic,B,,\n" /* beside */
                "c,198.51.100.0/24,JP,domestic,C,,2019-12-31\n"
                "d,198.51.100.0/28,JP,domestic,D,2020-01-01,\n" /* inside, from the day after */
                "e,::/0,JP,domestic,E,,\n",                     /* the other family */
         &list);
    sensor_list_release(&list);
}

/* Every pair of many random lines, against the definition. */
static void overlaps_by_brute_force(void **state)
{
    uint32_t random = 12345;
    int refused = 0;
    for (int round = 0; round < 400; round++) {
        struct {
            unsigned start, end; /* addresses of 192.0.2.0/24, exclusive end */
            int since, until;
        } line[6];
        GString *text = g_string_new(HEADER);
        for (int i = 0; i < 6; i++) {
            random = random * 1664525u + 1013904223u;
            int length = 26 + (int)(random >> 28) % 7;
            unsigned size = 1u << (32 - length);
            line[i].start = ((random >> 16) % 256) / size * size;
            line[i].end = line[i].start + size;
            random = random * 1664525u + 1013904223u;
            line[i].since = 1 + (int)(random >> 24) % 25;
            line[i].until = line[i].since + (int)(random >> 8) % 6;
            g_string_append_printf(text, "s%d,192.0.2.%u/%d,JP,domestic,S,2025-01-%02d,2025-01-%02d\n", i,
                                   line[i].start, length, line[i].since, line[i].until);
        }
        bool overlap = false;
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < i; j++)
                overlap |= line[i].start < line[j].end && line[j].start < line[i].end &&
                           line[i].since <= line[j].until && line[j].since <= line[i].until;
        struct sensor_list list;
        struct error err = {0};
        int result = sensor_list_load(&list, scratch_write(*state, "sensors.csv", text->str), &err);
        if ((result != 0) != overlap)
            fail_msg("%s but %s:\n%s", overlap ? "overlap" : "no overlap",
                     result != 0 ? err.message : "loaded", text->str);
        refused += result != 0;
        sensor_list_release(&list);
        g_string_free(text, TRUE);
    }
    assert_true(refused > 50 && refused < 350); /* both outcomes were seen */
}

static void bad_columns(void **state)
{
    const char *expected = ", expected id,prefix,region,group,label,since,until,[label_en]";
    char *message = g_strconcat(": line 1: unknown column \"labels\"", expected, NULL);
    assert_refused(*state, "id,prefix,region,group,labels,since,until\n", message);
    g_free(message);
    message = g_strconcat(": line 1: column \"until\" is missing", expected, NULL);
    assert_refused(*state, "id,prefix,region,group,label,since\n", message);
    g_free(message);
    message = g_strconcat(": line 1: column \"id\" appears twice", expected, NULL);
    assert_refused(*state, "id,prefix,region,group,label,since,until,id\n", message);
    g_free(message);
    assert_refused(*state, "", ": the file is empty, expected a header line");
    assert_refused(*state, HEADER, ": no sensors, expected at least one line after the header");
    assert_refused(*state, HEADER "a,192.0.2.0/28,JP,domestic,A,\n", ": line 2: 6 fields, expected 7");
    assert_refused(*state, HEADER "\n\na,192.0.2.0/28,JP,domestic,A,,,\n", ": line 4: 8 fields, expected 7");
}

static void bad_fields(void **state)
{
    static const struct {
        const char *line;
        const char *rest;
    } cases[] = {
        {"j p,192.0.2.0/28,JP,domestic,A,,",
         ": line 2: id \"j p\" is not valid, expected letters, digits, \"-\", \"_\" and \".\""},
        {",192.0.2.0/28,JP,domestic,A,,",
         ": line 2: id \"\" is not valid, expected letters, digits, \"-\", \"_\" and \".\""},
        {"a,192.0.2.0/28,jp,domestic,A,,",
         ": line 2: region \"jp\" is not valid, expected two capital letters"},
        {"a,192.0.2.0/28,JPN,domestic,A,,",
         ": line 2: region \"JPN\" is not valid, expected two capital letters"},
        {"a,192.0.2.0/28,JP,,A,,", ": line 2: group \"\" is not valid, expected one word, e.g. domestic"},
        {"a,192.0.2.0/28,JP,at home,A,,",
         ": line 2: group \"at home\" is not valid, expected one word, e.g. domestic"},
        {"a,192.0.2.0/28,JP,domestic,,,", ": line 2: label is empty, expected a name for readers"},
        {"a,192.0.2.0/28,JP,domestic,A\x01,,",
         ": line 2: label holds a control character, expected plain text on one line"},
        {"a,,JP,domestic,A,,", ": line 2: prefix \"\" is not an address, expected e.g. 192.0.2.0/28"},
        {"a,192.0.2/24,JP,domestic,A,,",
         ": line 2: prefix \"192.0.2/24\" is not an address, expected e.g. 192.0.2.0/28"},
        {"a,192.0.2.256/32,JP,domestic,A,,",
         ": line 2: prefix \"192.0.2.256/32\" is not an address, expected e.g. 192.0.2.0/28"},
        {"a,192.0.2.0/33,JP,domestic,A,,",
         ": line 2: prefix \"192.0.2.0/33\" has no valid length, expected 0 to 32 after the /"},
        {"a,192.0.2.0/,JP,domestic,A,,",
         ": line 2: prefix \"192.0.2.0/\" has no valid length, expected 0 to 32 after the /"},
        {"a,2001:db8::/129,JP,domestic,A,,",
         ": line 2: prefix \"2001:db8::/129\" has no valid length, expected 0 to 128 after the /"},
        {"a,192.0.2.77/28,JP,domestic,A,,",
         ": line 2: prefix \"192.0.2.77/28\" has bits set after its length, expected 192.0.2.64/28"},
        {"a,2001:db8::1/64,JP,domestic,A,,",
         ": line 2: prefix \"2001:db8::1/64\" has bits set after its length, expected 2001:db8::/64"},
        {"a,192.0.2.0/28,JP,domestic,A,2025-02-29,",
         ": line 2: since \"2025-02-29\" is not a date, expected e.g. 2025-04-01 or nothing"},
        {"a,192.0.2.0/28,JP,domestic,A,,2025/04/01",
         ": line 2: until \"2025/04/01\" is not a date, expected e.g. 2025-04-01 or nothing"},
        {"a,192.0.2.0/28,JP,domestic,A,2025-04-02,2025-04-01",
         ": line 2: since 2025-04-02 lies after until 2025-04-01, expected it on that day or before"},
        {"a,192.0.2.0/28,JP,domestic,A,,\na,192.0.2.16/28,JP,overseas,A,,",
         ": line 3: group of sensor \"a\" is \"overseas\", expected \"domestic\" as in line 2"},
        {"a,192.0.2.0/28,JP,domestic,A,,\na,192.0.2.16/28,JP,domestic,B,,",
         ": line 3: label of sensor \"a\" is \"B\", expected \"A\" as in line 2"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *text = g_strconcat(HEADER, cases[i].line, "\n", NULL);
        assert_refused(*state, text, cases[i].rest);
        g_free(text);
    }
}

static void missing_file(void **state)
{
    struct sensor_list list;
    struct error err = {0};
    const char *path = scratch_path(*state, "nowhere.csv");
    assert_int_equal(sensor_list_load(&list, path, &err), -1);
    char *prefix = scratch_message(path, ": cannot read: ");
    assert_true(g_str_has_prefix(err.message, prefix));
    g_free(prefix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fields, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(active_days, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(active_days_of_many, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(other_column_order_and_crlf, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(overlaps, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(no_overlaps, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(overlaps_by_brute_force, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(bad_columns, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(bad_fields, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(missing_file, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
