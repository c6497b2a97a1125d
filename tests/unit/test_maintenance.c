#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "publication/maintenance.h"
#include "publication/prefix_list.h"
#include "unit/scratch.h"

static const char sensors_csv[] = "id,prefix,region,group,label,since,until\n"
                                  "jp01,192.0.2.0/28,JP,domestic,one,,\n"
                                  "jp02,192.0.2.16/28,JP,domestic,two,,\n";

static int log_load(struct scratch *scratch, struct maintenance_log *log, const char *text, struct error *err)
{
    struct sensor_list sensors;
    assert_int_equal(sensor_list_load(&sensors, scratch_write(scratch, "sensors.csv", sensors_csv), err), 0);
    int result = maintenance_log_load(log, scratch_write(scratch, "m.csv", text), &sensors, err);
    sensor_list_release(&sensors);
    return result;
}

static const char *reason_on(const struct maintenance_log *log, const char *sensor, int month, int day)
{
    const struct maintenance *found =
        maintenance_log_find(log, sensor, (struct civil_date){2025, month, day});
    return found != NULL ? found->reason : "none";
}

/* Both ends belong to it; "*" is every sensor; the first line that covers a day stands. */
static void days_of_a_log(void **state)
{
    struct maintenance_log log;
    struct error err = {0};
    assert_int_equal(log_load(*state, &log,
                              "sensor,from,to,reason,reason_en\njp01,2025-05-07,2025-05-09,disk,\n"
                              "*,2025-05-09,20250510,line,cable\n",
                              &err),
                     0);
    assert_string_equal(reason_on(&log, "jp01", 5, 6), "none");
    assert_string_equal(reason_on(&log, "jp01", 5, 7), "disk");
    assert_string_equal(reason_on(&log, "jp01", 5, 9), "disk");
    assert_string_equal(reason_on(&log, "jp01", 5, 10), "line");
    assert_string_equal(reason_on(&log, "jp02", 5, 9), "line");
    assert_string_equal(reason_on(&log, "jp02", 5, 8), "none");
    assert_string_equal(reason_on(&log, "*", 5, 9), "line");
    assert_string_equal(reason_on(&log, "jp02", 5, 11), "none");
    assert_string_equal(maintenance_reason(&log.entries[1], "ja"), "line");
    assert_string_equal(maintenance_reason(&log.entries[1], "en"), "cable");
    assert_string_equal(maintenance_reason(&log.entries[0], "en"), "");
    maintenance_log_release(&log);
    maintenance_log_release(&log);
}

static void log_errors(void **state)
{
    static const char *const cases[][2] = {
        {"sensor,from,to\njp09,2025-05-07,2025-05-09\n",
         ": line 2: sensor \"jp09\" is not known, expected an id of the sensors' file, or *"},
        {"sensor,from,to\njp01,,2025-05-09\n", ": line 2: from \"\" is not a date, expected e.g. 2025-04-01"},
        {"sensor,from,to\njp01,2025-05-09,2025-05-32\n",
         ": line 2: to \"2025-05-32\" is not a date, expected e.g. 2025-04-01"},
        {"sensor,from,to\njp01,2025-05-09,2025-05-07\n",
         ": line 2: from 2025-05-09 lies after to 2025-05-07, expected it on that day or before"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct maintenance_log log;
        struct error err = {0};
        assert_int_equal(log_load(*state, &log, cases[i][0], &err), -1);
        assert_true(g_str_has_suffix(err.message, cases[i][1]));
    }
    struct maintenance_log empty;
    struct error err = {0};
    assert_int_equal(log_load(*state, &empty, "sensor,from,to,reason\n", &err), 0);
    assert_int_equal(empty.entry_count, 0);
    maintenance_log_release(&empty);
}

static void assert_json(struct scratch *scratch, const char *json, const char *expected)
{
    struct prefix_list list = {0};
    struct error err = {0};
    if (prefix_list_load(&list, scratch_write(scratch, "w.json", json), &err) != 0)
        fail_msg("%s", err.message);
    prefix_list_finish(&list);
    char *text = prefix_list_text(&list);
    assert_string_equal(text, expected);
    g_free(text);
    prefix_list_release(&list);
}

/* As it is downloaded: other members, addresses without a length, repetitions, bits after the length. */
static void warning_list(void **state)
{
    assert_json(
        *state,
        "{\"description\":\"d\",\"list\":[\"198.51.100.0/24\",\"192.0.2.7\",\"2001:db8::/32\",\"192.0.2.7\","
        "\"198.51.100.9/24\"],\"matching_attributes\":[\"ip-src\"],\"name\":\"n\",\"type\":\"cidr\","
        "\"version\":20250101}",
        "192.0.2.7/32,198.51.100.0/24,2001:db8::/32");
    assert_json(*state, "{\"type\":\"cidr\",\"list\":[\"0.0.0.1/0\"]}", "0.0.0.0/0");
}

static void warning_list_errors(void **state)
{
    static const char *const cases[][2] = {
        {"[]", ": no object, expected a MISP warning list"},
        {"", ": no object, expected a MISP warning list"},
        {"{\"type\":\"cidr\"}", ": no member \"list\" that is an array, expected a MISP warning list"},
        {"{\"type\":\"cidr\",\"list\":\"192.0.2.0/24\"}",
         ": no member \"list\" that is an array, expected a MISP warning list"},
        {"{\"type\":\"cidr\",\"list\":[]}", ": \"list\" is empty, expected at least one prefix"},
        {"{\"type\":\"hostname\",\"list\":[\"a.example\"]}",
         ": type is \"hostname\", expected a warning list of the type \"cidr\""},
        {"{\"type\":1,\"list\":[]}", ": type is \"\", expected a warning list of the type \"cidr\""},
        {"{\"type\":\"cidr\",\"list\":[\"192.0.2.0/24\",7]}",
         ": entry 2 of \"list\" is no text, expected e.g. \"192.0.2.0/24\""},
        {"{\"type\":\"cidr\",\"list\":[\"a.example\"]}",
         ": entry 1 of \"list\": prefix \"a.example\" is not an address, expected e.g. 192.0.2.0/24"},
        {"{\"type\":\"cidr\",\"list\":[\"192.0.2.0/33\"]}",
         ": entry 1 of \"list\": prefix \"192.0.2.0/33\" has no valid length, expected 0 to 32 after the /"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct prefix_list list = {0};
        struct error err = {0};
        assert_int_equal(prefix_list_load(&list, scratch_write(*state, "w.json", cases[i][0]), &err), -1);
        assert_true(g_str_has_suffix(err.message, cases[i][1]));
        prefix_list_release(&list);
    }
    struct prefix_list list = {0};
    struct error err = {0};
    const char *path = scratch_write(*state, "w.json", "{\"list\": [");
    assert_int_equal(prefix_list_load(&list, path, &err), -1);
    assert_true(g_str_has_prefix(err.message, path));
    assert_true(g_str_has_suffix(err.message, ", expected a MISP warning list"));
    assert_int_equal(prefix_list_load(&list, "/nowhere/w.json", &err), -1);
    /* The library's parser recurses: it would use up the stack. */
    char *brackets = g_strnfill(2000000, '[');
    path = scratch_write(*state, "w.json", brackets);
    assert_int_equal(prefix_list_load(&list, path, &err), -1);
    assert_non_null(strstr(err.message, "w.json: cannot be read as JSON: more than 64 levels, expected"));
    g_free(brackets);
    prefix_list_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(days_of_a_log, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(log_errors, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(warning_list, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(warning_list_errors, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
