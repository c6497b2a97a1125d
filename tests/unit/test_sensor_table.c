#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>

#include "aggregate/sensor_table.h"
#include "unit/random.h"

struct fixture {
    struct sensor_list list;
    struct edition edition;
    struct sensor_table *table;
};

static void fixture_load(struct fixture *fixture, const char *csv)
{
    struct error err = {.message = ""};
    char *path = NULL;
    int descriptor = g_file_open_tmp("teiten-XXXXXX", &path, NULL);
    assert_true(descriptor >= 0);
    g_close(descriptor, NULL);
    assert_true(g_file_set_contents(path, csv, -1, NULL));
    if (sensor_list_load(&fixture->list, path, &err) != 0)
        fail_msg("%s", err.message);
    assert_int_equal(edition_parse("2025q1", 4, &fixture->edition, &err), 0);
    fixture->table = sensor_table_new(&fixture->list, &fixture->edition);
    g_unlink(path);
    g_free(path);
}

static void fixture_release(struct fixture *fixture)
{
    sensor_table_free(fixture->table);
    sensor_list_release(&fixture->list);
}

/* Day 0 is 2025-04-01, day 29 2025-04-30, day 90 2025-06-30. */
static void test_prefixes_by_day(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_load(&fixture, "id,prefix,region,group,label,since,until\n"
                           "b,192.0.2.0/28,JP,domestic,B,,2025-04-30\n"
                           "c,192.0.2.0/28,JP,domestic,C,2025-05-01,\n"
                           "a,198.51.100.7/32,US,overseas,A,2025-06-30,2025-06-30\n"
                           "a,198.51.100.8/32,US,overseas,A,2024-01-01,2025-03-31\n"
                           "d,203.0.113.0/24,JP,domestic,D,2025-07-01,\n"
                           "d,2001:db8::/64,JP,domestic,D,2025-04-02,\n");
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xc0000200, 0), 1);
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xc000020f, 29), 1);
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xc000020f, 30), 2);
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xc0000210, 30), -1);
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xc00001ff, 30), -1);
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xc6336407, 89), -1);
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xc6336407, 90), 0);
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xc6336408, 0), -1);
    assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xcb007101, 90), -1);
    uint8_t address[16] = {0x20, 0x01, 0x0d, 0xb8};
    address[15] = 9;
    assert_int_equal(sensor_table_find_ipv6(fixture.table, address, 0), -1);
    assert_int_equal(sensor_table_find_ipv6(fixture.table, address, 1), 3);
    address[7] = 1;
    assert_int_equal(sensor_table_find_ipv6(fixture.table, address, 1), -1);
    fixture_release(&fixture);
}

/* A larger prefix that was in force before a smaller one inside it: on each day the one in force answers. */
static void test_nested_prefixes_take_turns(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_load(&fixture, "id,prefix,region,group,label,since,until\n"
                           "all,0.0.0.0/0,JP,domestic,All,2025-04-01,2025-04-01\n"
                           "one,10.1.2.3/32,JP,domestic,One,2025-04-02,2025-04-02\n"
                           "some,10.1.0.0/16,JP,domestic,Some,2025-04-03,\n");
    for (int day = 0; day < 4; day++) {
        static const int inside[] = {0, 1, 2, 2}, beside[] = {0, -1, 2, 2}, outside[] = {0, -1, -1, -1};
        assert_int_equal(sensor_table_find_ipv4(fixture.table, 0x0a010203, day), inside[day]);
        assert_int_equal(sensor_table_find_ipv4(fixture.table, 0x0a010204, day), beside[day]);
        assert_int_equal(sensor_table_find_ipv4(fixture.table, 0xffffffff, day), outside[day]);
        assert_int_equal(sensor_table_find_ipv4(fixture.table, 0, day), outside[day]);
    }
    fixture_release(&fixture);
}

/* sensors.csv refuses prefixes that overlap on one day; a list made otherwise is answered by the longest. */
static void test_longest_prefix_decides(void **state)
{
    (void)state;
    struct sensor sensors[2] = {{.id = NULL}, {.id = NULL}};
    struct civil_date open = {1, 1, 1}, end = {9999, 12, 31};
    struct sensor_prefix prefixes[2] = {
        {.sensor = 0, .range = {.address = {10}, .length = 8}, .since = open, .until = end},
        {.sensor = 1, .range = {.address = {10, 1}, .length = 16}, .since = open, .until = end},
    };
    struct sensor_list list = {
        .sensors = sensors, .sensor_count = 2, .prefixes = prefixes, .prefix_count = 2};
    struct edition edition;
    struct error err;
    assert_int_equal(edition_parse("2025q1", 4, &edition, &err), 0);
    for (int swapped = 0; swapped < 2; swapped++) {
        struct sensor_table *table = sensor_table_new(&list, &edition);
        assert_int_equal(sensor_table_find_ipv4(table, 0x0a00ffff, 5), 0);
        assert_int_equal(sensor_table_find_ipv4(table, 0x0a010000, 5), 1);
        assert_int_equal(sensor_table_find_ipv4(table, 0x0a01ffff, 5), 1);
        assert_int_equal(sensor_table_find_ipv4(table, 0x0a020000, 5), 0);
        sensor_table_free(table);
        struct sensor_prefix first = prefixes[0];
        prefixes[0] = prefixes[1];
        prefixes[1] = first;
    }
}

static uint32_t prefix_mask(int length)
{
    return length == 0 ? 0 : UINT32_MAX << (32 - length);
}

static uint32_t prefix_first(const struct prefix *prefix)
{
    uint32_t first = 0;
    for (int i = 0; i < 4; i++)
        first = first << 8 | prefix->address[i];
    return first;
}

/* By reading the list from end to end. */
static int sensor_expected(const struct sensor_list *list, uint32_t address)
{
    int longest = -1;
    int sensor = -1;
    for (size_t i = 0; i < list->prefix_count; i++) {
        const struct prefix *prefix = &list->prefixes[i].range;
        if (((address ^ prefix_first(prefix)) & prefix_mask(prefix->length)) == 0 &&
            prefix->length > longest) {
            longest = prefix->length;
            sensor = (int)list->prefixes[i].sensor;
        }
    }
    return sensor;
}

/* Prefixes of all lengths, close to each other so that they nest and touch; asked at and around their ends.
 */
static void test_any_prefixes(void **state)
{
    (void)state;
    enum { LISTS = 300, PREFIXES = 12 };
    struct sensor sensors[PREFIXES] = {{.id = NULL}};
    struct edition edition;
    struct error err;
    uint32_t seed = 11;
    assert_int_equal(edition_parse("2025q1", 4, &edition, &err), 0);
    for (int i = 0; i < LISTS; i++) {
        struct sensor_prefix prefixes[PREFIXES];
        struct sensor_list list = {.sensors = sensors, .sensor_count = PREFIXES, .prefixes = prefixes};
        list.prefix_count = 1 + next_random(&seed) % PREFIXES;
        for (size_t j = 0; j < list.prefix_count; j++) {
            int length = (int)(next_random(&seed) % 33);
            uint32_t spread = next_random(&seed) % 3 == 0 ? UINT32_MAX : 0x0001ffff;
            uint32_t first = (0x0aff0000U ^ (next_random(&seed) & spread)) & prefix_mask(length);
            prefixes[j] = (struct sensor_prefix){
                .sensor = j, .range = {.length = length}, .since = {1, 1, 1}, .until = {9999, 12, 31}};
            for (int k = 0; k < 4; k++)
                prefixes[j].range.address[k] = (uint8_t)(first >> (24 - 8 * k));
        }
        struct sensor_table *table = sensor_table_new(&list, &edition);
        int32_t *in_force = sensor_table_in_force(table, 3);
        for (size_t j = 0; j < list.prefix_count; j++) {
            uint32_t first = prefix_first(&prefixes[j].range);
            uint32_t last = first | ~prefix_mask(prefixes[j].range.length);
            const uint32_t asked[] = {first - 1, first,    first + 1,         last - 1,
                                      last,      last + 1, next_random(&seed)};
            for (size_t k = 0; k < G_N_ELEMENTS(asked); k++) {
                int expected = sensor_expected(&list, asked[k]);
                if (sensor_table_find_ipv4(table, asked[k], 3) != expected)
                    fail_msg("list %d: address %08x", i, asked[k]);
                assert_int_equal(in_force[sensor_table_place_ipv4(table, asked[k])], expected);
            }
        }
        g_free(in_force);
        sensor_table_free(table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prefixes_by_day),
        cmocka_unit_test(test_nested_prefixes_take_turns),
        cmocka_unit_test(test_longest_prefix_decides),
        cmocka_unit_test(test_any_prefixes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
