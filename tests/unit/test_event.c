/* Robust statistics of daily series: rises, peaks, trends, constancy, and what missing days must not do. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>

#include "report/event.h"

enum { DAYS = 91 };

struct days {
    uint64_t daily[DAYS];
    bool observed[DAYS];
};

/* About 1000 a day, with a small fixed pattern that has no trend. */
static void fill_level(struct days *days)
{
    static const int pattern[] = {0, 12, -9, 20, -15, 5, -13};
    for (int i = 0; i < DAYS; i++) {
        days->daily[i] = (uint64_t)(1000 + pattern[i % 7]);
        days->observed[i] = true;
    }
}

static struct event_list find(const struct days *days)
{
    struct event_list list;
    event_list_init(&list, days->daily, days->observed, DAYS);
    return list;
}

static void assert_one(const struct days *days, enum event_kind kind, int first, int last)
{
    struct event_list list = find(days);
    assert_int_equal(list.event_count, 1);
    assert_int_equal(list.events[0].kind, kind);
    assert_int_equal(list.events[0].first_day, first);
    assert_int_equal(list.events[0].last_day, last);
    event_list_release(&list);
}

static void a_level_series_is_constant(void **state)
{
    (void)state;
    struct days days;
    fill_level(&days);
    assert_one(&days, EVENT_CONSTANT, 0, DAYS - 1);
}

static void a_rise_keeps_its_days(void **state)
{
    (void)state;
    struct days days;
    fill_level(&days);
    for (int i = 60; i <= 67; i++)
        days.daily[i] = 3000;
    assert_one(&days, EVENT_RISE, 60, 67);
    days.observed[63] = false; /* a missing day neither ends it nor begins another */
    assert_one(&days, EVENT_RISE, 60, 67);
    for (int i = 60; i <= 67; i++)
        days.daily[i] = 1900; /* not twice the median */
    struct event_list list = find(&days);
    for (size_t i = 0; i < list.event_count; i++)
        assert_int_not_equal(list.events[i].kind, EVENT_RISE);
    event_list_release(&list);
}

static void a_day_that_stands_out_is_a_peak(void **state)
{
    (void)state;
    struct days days;
    fill_level(&days);
    days.daily[30] = 5000;
    assert_one(&days, EVENT_PEAK, 30, 30);
    days.daily[31] = 5000;
    assert_one(&days, EVENT_PEAK, 30, 31);
    days.daily[30] = days.daily[31] =
        1400; /* far outside the noise, but less than half above the median: told by no one */
    struct event_list list = find(&days);
    assert_int_equal(list.event_count, 1);
    assert_int_equal(list.events[0].kind, EVENT_CONSTANT);
    event_list_release(&list);
}

static void a_steady_change_is_a_trend(void **state)
{
    (void)state;
    struct days days;
    fill_level(&days);
    for (int i = 0; i < DAYS; i++)
        days.daily[i] += (uint64_t)(5 * i); /* +450 of 1000 */
    assert_one(&days, EVENT_INCREASE, 0, DAYS - 1);
    struct event_list list = find(&days);
    assert_true(list.events[0].value > 0.40 && list.events[0].value < 0.50);
    event_list_release(&list);
    fill_level(&days);
    for (int i = 0; i < DAYS; i++)
        days.daily[i] -= (uint64_t)(5 * i);
    assert_one(&days, EVENT_DECREASE, 0, DAYS - 1);
    fill_level(&days);
    for (int i = 0; i < DAYS; i++)
        days.daily[i] += (uint64_t)i; /* +90 of 1000: significant, but too little to tell */
    assert_one(&days, EVENT_CONSTANT, 0, DAYS - 1);
}

static void a_steep_trend_is_no_rise(void **state)
{
    (void)state;
    struct days days;
    for (int i = 0; i < DAYS; i++) {
        days.daily[i] = (uint64_t)(100 + i * i); /* its end is over twice its median */
        days.observed[i] = true;
    }
    assert_one(&days, EVENT_INCREASE, 0, DAYS - 1);
}

static void missing_days_take_no_part(void **state)
{
    (void)state;
    struct days days;
    fill_level(&days);
    for (int i = 20; i < 30; i++) {
        days.daily[i] = 0;
        days.observed[i] = false;
    }
    assert_one(&days, EVENT_CONSTANT, 0, DAYS - 1);
    struct event_list list = find(&days);
    assert_true(list.median > 990 && list.median < 1010);
    event_list_release(&list);
}

static void too_little_says_nothing(void **state)
{
    (void)state;
    struct days days;
    fill_level(&days);
    for (int i = 13; i < DAYS; i++)
        days.observed[i] = false;
    struct event_list list = find(&days);
    assert_int_equal(list.event_count, 0);
    event_list_release(&list);
    for (int i = 0; i < DAYS; i++)
        days.observed[i] = false;
    list = find(&days);
    assert_int_equal(list.event_count, 0);
    assert_true(list.median <= 0);
    event_list_release(&list);
    event_list_init(&list, NULL, NULL, 0);
    assert_int_equal(list.event_count, 0);
    event_list_release(&list);
}

static void small_counts_are_noise(void **state)
{
    (void)state;
    struct days days;
    fill_level(&days);
    for (int i = 0; i < DAYS; i++)
        days.daily[i] = (uint64_t)(i % 3 == 0);
    for (int i = 40; i < 48; i++)
        days.daily[i] = 3;
    days.daily[70] = 4;
    struct event_list list = find(&days);
    assert_int_equal(list.event_count, 0);
    event_list_release(&list);
}

static void very_large_counts_do_not_overflow(void **state)
{
    (void)state;
    struct days days;
    for (int i = 0; i < DAYS; i++) {
        days.daily[i] = UINT64_C(1) << 62;
        days.observed[i] = true;
    }
    days.daily[45] = UINT64_MAX;
    assert_one(&days, EVENT_PEAK, 45, 45);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_series_is_constant),        cmocka_unit_test(a_rise_keeps_its_days),
        cmocka_unit_test(a_day_that_stands_out_is_a_peak),   cmocka_unit_test(a_steady_change_is_a_trend),
        cmocka_unit_test(a_steep_trend_is_no_rise),          cmocka_unit_test(missing_days_take_no_part),
        cmocka_unit_test(too_little_says_nothing),           cmocka_unit_test(small_counts_are_noise),
        cmocka_unit_test(very_large_counts_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
