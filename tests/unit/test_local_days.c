#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "publication/local_days.h"

enum { HOUR = 3600 };

/* Seconds since 1970 of a time in UTC, by the calendar alone. */
static int64_t utc(int year, int month, int day, int hour, int minute)
{
    return civil_date_to_days((struct civil_date){year, month, day}) * 24 * HOUR + hour * HOUR + minute * 60;
}

static struct local_days days_of(const char *edition_name, int start_month, const char *zone)
{
    struct edition edition;
    struct local_days days;
    struct error err;
    assert_int_equal(edition_parse(edition_name, start_month, &edition, &err), 0);
    assert_int_equal(local_days_init(&days, &edition, zone, &err), 0);
    assert_int_equal(days.day_count, edition.day_count);
    return days;
}

/* Length of a day in hours. */
static double length(const struct local_days *days, int day)
{
    return (double)(days->start[day + 1] - days->start[day]) / HOUR;
}

static void tokyo(void **state)
{
    (void)state;
    struct local_days days = days_of("2025q1", 4, "Asia/Tokyo");
    for (int i = 0; i <= 91;
         i++) /* 2025-04-01 00:00 at UTC+9 is 15:00 of the day before; no clock ever changes */
        assert_int_equal(days.start[i], utc(2025, 3, 31, 15, 0) + i * 24 * HOUR);
}

static void berlin(void **state)
{
    (void)state;
    struct local_days spring =
        days_of("2025q4", 4, "Europe/Berlin"); /* 2026-01-01 to 03-31; summer time from 03-29 */
    assert_int_equal(spring.start[0], utc(2025, 12, 31, 23, 0));
    assert_true(length(&spring, 87) == 23); /* 03-29 is day 87 */
    assert_true(length(&spring, 86) == 24 && length(&spring, 88) == 24);
    assert_int_equal(spring.start[90], utc(2026, 3, 31, 22, 0));

    struct local_days autumn = days_of("2025q3", 4, "Europe/Berlin"); /* back on 2025-10-26, day 25 */
    assert_int_equal(autumn.start[25], utc(2025, 10, 25, 22, 0));
    assert_true(length(&autumn, 25) == 25);
    assert_int_equal(autumn.start[26], utc(2025, 10, 26, 23, 0));
}

/* On 2018-11-04 clocks went from 00:00 to 01:00: no midnight; on 2018-02-18 from 00:00 back to 23:00 of the
 * 17th. */
static void sao_paulo(void **state)
{
    (void)state;
    struct local_days spring = days_of("2018q3", 4, "America/Sao_Paulo"); /* 2018-10-01 .. 12-31 */
    assert_int_equal(spring.start[33], utc(2018, 11, 3, 3, 0));           /* 11-03, UTC-3 */
    assert_int_equal(spring.start[34], utc(2018, 11, 4, 3, 0));           /* the jump */
    assert_int_equal(spring.start[35], utc(2018, 11, 5, 2, 0));           /* UTC-2 */
    assert_true(length(&spring, 34) == 23);

    struct local_days autumn = days_of("2017q4", 4, "America/Sao_Paulo"); /* 2018-01-01 .. 03-31 */
    assert_int_equal(autumn.start[47], utc(2018, 2, 17, 2, 0));           /* 02-17, UTC-2 */
    assert_int_equal(autumn.start[48], utc(2018, 2, 18, 3, 0)); /* 02-18 begins after 23:00 came twice */
    assert_true(length(&autumn, 47) == 25);
}

/* Last Friday of April 2024: 00:00 became 01:00; Lebanon in March likewise. */
static void no_midnight(void **state)
{
    (void)state;
    struct local_days cairo = days_of("2024q1", 4, "Africa/Cairo");
    assert_int_equal(cairo.start[25],
                     utc(2024, 4, 25, 22, 0)); /* 04-26, UTC+2 until now, UTC+3 from now on */
    assert_int_equal(cairo.start[26], utc(2024, 4, 26, 21, 0));
    assert_true(length(&cairo, 25) == 23);
    struct local_days beirut = days_of("2023q4", 4, "Asia/Beirut"); /* 2024-03-31 is day 90 */
    assert_int_equal(beirut.start[90], utc(2024, 3, 30, 22, 0));
    assert_int_equal(beirut.start[91], utc(2024, 3, 31, 21, 0));
}

/* Havana goes back at 01:00 to 00:00: midnight comes twice, and the day begins with the first. */
static void two_midnights(void **state)
{
    (void)state;
    struct local_days days = days_of("2024q3", 4, "America/Havana"); /* 2024-11-03 is day 33 */
    assert_int_equal(days.start[33], utc(2024, 11, 3, 4, 0));        /* UTC-4; again at 05:00 UTC */
    assert_int_equal(days.start[34], utc(2024, 11, 4, 5, 0));
    assert_true(length(&days, 33) == 25);
}

/* Lord Howe Island changes by half an hour: UTC+11 in summer, UTC+10:30 from 2025-04-06. */
static void half_hour(void **state)
{
    (void)state;
    struct local_days days = days_of("2025q1", 4, "Australia/Lord_Howe");
    assert_int_equal(days.start[0], utc(2025, 3, 31, 13, 0));
    assert_true(length(&days, 5) == 24.5);
    assert_int_equal(days.start[6], utc(2025, 4, 6, 13, 30));
}

/* Samoa left out 2011-12-30 when it crossed the date line. */
static void day_left_out(void **state)
{
    (void)state;
    struct local_days days =
        days_of("2011q3", 4, "Pacific/Apia"); /* 12-29, 12-30, 12-31 are days 89, 90, 91 */
    assert_int_equal(days.start[90], utc(2011, 12, 30, 10, 0));
    assert_int_equal(days.start[91], utc(2011, 12, 30, 10, 0));
    assert_int_equal(local_days_find(&days, utc(2011, 12, 30, 10, 0)), 91);
    assert_int_equal(local_days_find(&days, utc(2011, 12, 30, 10, 0) - 1), 89);
}

/* Casey went back by three hours on 2018-03-11, day 69: the 26th hour takes the 27th. */
static void day_of_27_hours(void **state)
{
    (void)state;
    struct local_days days = days_of("2017q4", 4, "Antarctica/Casey"); /* 2018-01-01 .. 03-31 */
    assert_true(length(&days, 69) == 27);
    assert_int_equal(local_days_hour_count(&days, 69), DAY_HOURS_MAX);
    assert_int_equal(local_days_hour(&days, 69, days.start[69] + 25 * HOUR - 1), 24);
    assert_int_equal(local_days_hour(&days, 69, days.start[69] + 25 * HOUR), 25);
    assert_int_equal(local_days_hour(&days, 69, days.start[70] - 1), 25);
}

/* Beyond the table of the tz database its closing rule counts on. */
static void far_future(void **state)
{
    (void)state;
    struct local_days days =
        days_of("2060q3", 4, "Europe/Berlin"); /* last Sunday of October 2060 is the 31st, day 30 */
    assert_true(length(&days, 30) == 25);
    assert_true(length(&days, 29) == 24);
}

static void find(void **state)
{
    (void)state;
    struct local_days days = days_of("2025q3", 4, "Europe/Berlin");
    assert_int_equal(local_days_find(&days, days.start[0] - 1), -1);
    assert_int_equal(local_days_find(&days, days.start[92]), -1);
    assert_int_equal(local_days_find(&days, INT64_MIN), -1);
    assert_int_equal(local_days_find(&days, INT64_MAX), -1);
    for (int i = 0; i < 92; i++) {
        assert_int_equal(local_days_find(&days, days.start[i]), i);
        assert_int_equal(local_days_find(&days, days.start[i + 1] - 1), i);
    }
}

static void machine_zone_plays_no_part(void **state)
{
    (void)state;
    setenv("TZ", "Pacific/Kiritimati", 1);
    tzset();
    struct local_days days = days_of("2025q1", 4, "Asia/Tokyo");
    assert_int_equal(days.start[0], utc(2025, 3, 31, 15, 0));
    unsetenv("TZ");
    tzset();
}

static void unknown_zones(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "Asia/Tokio", "/etc/localtime", "../zoneinfo/Asia/Tokyo",
                                      ":Asia/Tokyo"};
    struct edition edition;
    struct local_days days;
    struct error err;
    assert_int_equal(edition_parse("2025q1", 4, &edition, &err), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(local_days_init(&days, &edition, bad[i], &err), -1);
        assert_int_equal(err.kind, ERROR_INPUT);
        char *expected = g_strdup_printf(
            "time zone \"%s\" is unknown, expected a name of the tz database, e.g. Asia/Tokyo", bad[i]);
        assert_string_equal(err.message, expected);
        g_free(expected);
    }
}

/* Clocks go back on 2025-10-26 in Berlin and forward on 2026-03-29: 25 hours, 23 hours. */
static void test_hours_where_clocks_change(void **state)
{
    (void)state;
    struct edition edition;
    struct local_days days;
    struct error err;
    char text[HOUR_TEXT_SIZE];
    assert_int_equal(edition_parse("2025q3", 4, &edition, &err), 0);
    assert_int_equal(local_days_init(&days, &edition, "Europe/Berlin", &err), 0);
    assert_int_equal(local_days_hour_count(&days, 24), 24);
    assert_int_equal(local_days_hour_count(&days, 25), 25);
    assert_string_equal(local_hour_text(&days, "Europe/Berlin", 24, 2, text), "2025-10-25T02");
    assert_string_equal(local_hour_text(&days, "Europe/Berlin", 25, 2, text), "2025-10-26T02+0200");
    assert_string_equal(local_hour_text(&days, "Europe/Berlin", 25, 3, text), "2025-10-26T02+0100");
    assert_string_equal(local_hour_text(&days, "Europe/Berlin", 25, 24, text), "2025-10-26T23+0100");
    assert_int_equal(local_days_hour(&days, 25, days.start[26] - 1), 24);
    assert_int_equal(edition_parse("2025q4", 4, &edition, &err), 0);
    assert_int_equal(local_days_init(&days, &edition, "Europe/Berlin", &err), 0);
    assert_int_equal(local_days_hour_count(&days, 87), 23);
    assert_string_equal(local_hour_text(&days, "Europe/Berlin", 87, 2, text), "2026-03-29T03+0200");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hours_where_clocks_change),
        cmocka_unit_test(tokyo),
        cmocka_unit_test(berlin),
        cmocka_unit_test(sao_paulo),
        cmocka_unit_test(no_midnight),
        cmocka_unit_test(two_midnights),
        cmocka_unit_test(half_hour),
        cmocka_unit_test(day_left_out),
        cmocka_unit_test(day_of_27_hours),
        cmocka_unit_test(far_future),
        cmocka_unit_test(find),
        cmocka_unit_test(machine_zone_plays_no_part),
        cmocka_unit_test(unknown_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
