/* Expected days: the act as amended, applied by hand to each year, in agreement with the calendars published
 * then. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "publication/holiday.h"

struct day {
    int month;
    int day;
    const char *name;
};

/* The year has these holidays and no others. */
static void assert_year(int year, const struct day *expected, size_t count)
{
    size_t next = 0;
    for (struct civil_date d = {year, 1, 1}; d.year == year; d = civil_date_add_days(d, 1)) {
        const char *name = holiday_name(d);
        bool listed = next < count && expected[next].month == d.month && expected[next].day == d.day;
        if (listed != (name != NULL))
            fail_msg("%d-%02d-%02d: %s, expected %s", year, d.month, d.day,
                     name != NULL ? name : "no holiday", listed ? expected[next].name : "no holiday");
        if (listed)
            assert_string_equal(name, expected[next++].name);
    }
    assert_int_equal(next, count);
}

#define ASSERT_YEAR(year, list) assert_year(year, list, sizeof(list) / sizeof((list)[0]))

static void y2000(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},        {1, 10, "成人の日"},      {2, 11, "建国記念の日"}, {3, 20, "春分の日"},
        {4, 29, "みどりの日"}, {5, 3, "憲法記念日"},     {5, 4, "休日"},          {5, 5, "こどもの日"},
        {7, 20, "海の日"},     {9, 15, "敬老の日"},      {9, 23, "秋分の日"},     {10, 9, "体育の日"},
        {11, 3, "文化の日"},   {11, 23, "勤労感謝の日"}, {12, 23, "天皇誕生日"},
    };
    ASSERT_YEAR(2000, list);
}

/* 05-04 is a Sunday: before 2007 no holiday between. 11-23 is a Sunday: the Monday after. */
static void y2003(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},           {1, 13, "成人の日"},  {2, 11, "建国記念の日"}, {3, 21, "春分の日"},
        {4, 29, "みどりの日"},    {5, 3, "憲法記念日"}, {5, 5, "こどもの日"},    {7, 21, "海の日"},
        {9, 15, "敬老の日"},      {9, 23, "秋分の日"},  {10, 13, "体育の日"},    {11, 3, "文化の日"},
        {11, 23, "勤労感謝の日"}, {11, 24, "休日"},     {12, 23, "天皇誕生日"},
    };
    ASSERT_YEAR(2003, list);
}

/* 05-03 is a Sunday: its substitute is the 6th. 09-21 and 09-23 enclose the 22nd. */
static void y2009(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},         {1, 12, "成人の日"},  {2, 11, "建国記念の日"}, {3, 20, "春分の日"},
        {4, 29, "昭和の日"},    {5, 3, "憲法記念日"}, {5, 4, "みどりの日"},    {5, 5, "こどもの日"},
        {5, 6, "休日"},         {7, 20, "海の日"},    {9, 21, "敬老の日"},     {9, 22, "休日"},
        {9, 23, "秋分の日"},    {10, 12, "体育の日"}, {11, 3, "文化の日"},     {11, 23, "勤労感謝の日"},
        {12, 23, "天皇誕生日"},
    };
    ASSERT_YEAR(2009, list);
}

static void y2015(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},         {1, 12, "成人の日"},  {2, 11, "建国記念の日"}, {3, 21, "春分の日"},
        {4, 29, "昭和の日"},    {5, 3, "憲法記念日"}, {5, 4, "みどりの日"},    {5, 5, "こどもの日"},
        {5, 6, "休日"},         {7, 20, "海の日"},    {9, 21, "敬老の日"},     {9, 22, "休日"},
        {9, 23, "秋分の日"},    {10, 12, "体育の日"}, {11, 3, "文化の日"},     {11, 23, "勤労感謝の日"},
        {12, 23, "天皇誕生日"},
    };
    ASSERT_YEAR(2015, list);
}

/* Ten days off in a row: 04-30 and 05-02 lie between holidays. No Emperor's birthday. 08-11 and 11-03 are
 * Sundays, and so is 05-05. */
static void y2019(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},
        {1, 14, "成人の日"},
        {2, 11, "建国記念の日"},
        {3, 21, "春分の日"},
        {4, 29, "昭和の日"},
        {4, 30, "休日"},
        {5, 1, "天皇の即位の日"},
        {5, 2, "休日"},
        {5, 3, "憲法記念日"},
        {5, 4, "みどりの日"},
        {5, 5, "こどもの日"},
        {5, 6, "休日"},
        {7, 15, "海の日"},
        {8, 11, "山の日"},
        {8, 12, "休日"},
        {9, 16, "敬老の日"},
        {9, 23, "秋分の日"},
        {10, 14, "体育の日"},
        {10, 22, "即位礼正殿の儀の行われる日"},
        {11, 3, "文化の日"},
        {11, 4, "休日"},
        {11, 23, "勤労感謝の日"},
    };
    ASSERT_YEAR(2019, list);
}

/* 02-23 is a Sunday. Marine, Sports and Mountain Day moved to the games. */
static void y2020(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},          {1, 13, "成人の日"},      {2, 11, "建国記念の日"}, {2, 23, "天皇誕生日"},
        {2, 24, "休日"},         {3, 20, "春分の日"},      {4, 29, "昭和の日"},     {5, 3, "憲法記念日"},
        {5, 4, "みどりの日"},    {5, 5, "こどもの日"},     {5, 6, "休日"},          {7, 23, "海の日"},
        {7, 24, "スポーツの日"}, {8, 10, "山の日"},        {9, 21, "敬老の日"},     {9, 22, "秋分の日"},
        {11, 3, "文化の日"},     {11, 23, "勤労感謝の日"},
    };
    ASSERT_YEAR(2020, list);
}

/* Mountain Day on Sunday 08-08 with its substitute on the 9th. */
static void y2021(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},           {1, 11, "成人の日"}, {2, 11, "建国記念の日"}, {2, 23, "天皇誕生日"},
        {3, 20, "春分の日"},      {4, 29, "昭和の日"}, {5, 3, "憲法記念日"},    {5, 4, "みどりの日"},
        {5, 5, "こどもの日"},     {7, 22, "海の日"},   {7, 23, "スポーツの日"}, {8, 8, "山の日"},
        {8, 9, "休日"},           {9, 20, "敬老の日"}, {9, 23, "秋分の日"},     {11, 3, "文化の日"},
        {11, 23, "勤労感謝の日"},
    };
    ASSERT_YEAR(2021, list);
}

static void y2024(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},           {1, 8, "成人の日"},       {2, 11, "建国記念の日"}, {2, 12, "休日"},
        {2, 23, "天皇誕生日"},    {3, 20, "春分の日"},      {4, 29, "昭和の日"},     {5, 3, "憲法記念日"},
        {5, 4, "みどりの日"},     {5, 5, "こどもの日"},     {5, 6, "休日"},          {7, 15, "海の日"},
        {8, 11, "山の日"},        {8, 12, "休日"},          {9, 16, "敬老の日"},     {9, 22, "秋分の日"},
        {9, 23, "休日"},          {10, 14, "スポーツの日"}, {11, 3, "文化の日"},     {11, 4, "休日"},
        {11, 23, "勤労感謝の日"},
    };
    ASSERT_YEAR(2024, list);
}

static void y2025(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},       {1, 13, "成人の日"},      {2, 11, "建国記念の日"}, {2, 23, "天皇誕生日"},
        {2, 24, "休日"},      {3, 20, "春分の日"},      {4, 29, "昭和の日"},     {5, 3, "憲法記念日"},
        {5, 4, "みどりの日"}, {5, 5, "こどもの日"},     {5, 6, "休日"},          {7, 21, "海の日"},
        {8, 11, "山の日"},    {9, 15, "敬老の日"},      {9, 23, "秋分の日"},     {10, 13, "スポーツの日"},
        {11, 3, "文化の日"},  {11, 23, "勤労感謝の日"}, {11, 24, "休日"},
    };
    ASSERT_YEAR(2025, list);
}

static void y2026(void **state)
{
    (void)state;
    static const struct day list[] = {
        {1, 1, "元日"},       {1, 12, "成人の日"},      {2, 11, "建国記念の日"}, {2, 23, "天皇誕生日"},
        {3, 20, "春分の日"},  {4, 29, "昭和の日"},      {5, 3, "憲法記念日"},    {5, 4, "みどりの日"},
        {5, 5, "こどもの日"}, {5, 6, "休日"},           {7, 20, "海の日"},       {8, 11, "山の日"},
        {9, 21, "敬老の日"},  {9, 22, "休日"},          {9, 23, "秋分の日"},     {10, 12, "スポーツの日"},
        {11, 3, "文化の日"},  {11, 23, "勤労感謝の日"},
    };
    ASSERT_YEAR(2026, list);
}

/* 2008-05-04 is a Sunday; the first day after that is no holiday is Tuesday the 6th. In 2006, before the
 * amendment, the 29th of April is Green Day, and 05-04 is a day between. */
static void amendment_of_2007(void **state)
{
    (void)state;
    assert_string_equal(holiday_name((struct civil_date){2008, 5, 6}), "休日");
    assert_string_equal(holiday_name((struct civil_date){2006, 4, 29}), "みどりの日");
    assert_string_equal(holiday_name((struct civil_date){2006, 5, 4}), "休日");
    assert_string_equal(holiday_name((struct civil_date){2007, 5, 4}), "みどりの日");
}

static void days_off(void **state)
{
    (void)state;
    assert_true(holiday_is_day_off((struct civil_date){2025, 4, 5}, "JP"));  /* Saturday */
    assert_true(holiday_is_day_off((struct civil_date){2025, 4, 6}, "JP"));  /* Sunday */
    assert_false(holiday_is_day_off((struct civil_date){2025, 4, 7}, "JP")); /* Monday */
    assert_true(holiday_is_day_off((struct civil_date){2025, 4, 29}, "JP")); /* Tuesday, holiday */
    /* Elsewhere its holidays are none. */
    assert_true(holiday_is_day_off((struct civil_date){2025, 4, 5}, "US"));
    assert_false(holiday_is_day_off((struct civil_date){2025, 4, 29}, "US"));
    assert_false(holiday_is_day_off((struct civil_date){2025, 4, 29}, NULL));
}

static void outside(void **state)
{
    (void)state;
    assert_null(holiday_name((struct civil_date){1999, 1, 1}));
    assert_null(holiday_name((struct civil_date){2100, 1, 1}));
    assert_non_null(holiday_name((struct civil_date){2000, 1, 1}));
    assert_non_null(holiday_name((struct civil_date){2099, 11, 23}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(y2000),
        cmocka_unit_test(y2003),
        cmocka_unit_test(y2009),
        cmocka_unit_test(y2015),
        cmocka_unit_test(y2019),
        cmocka_unit_test(y2020),
        cmocka_unit_test(y2021),
        cmocka_unit_test(y2024),
        cmocka_unit_test(y2025),
        cmocka_unit_test(y2026),
        cmocka_unit_test(amendment_of_2007),
        cmocka_unit_test(days_off),
        cmocka_unit_test(outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
