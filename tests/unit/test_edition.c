#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "publication/edition.h"

static struct edition parsed(const char *name, int start_month)
{
    struct edition edition;
    struct error err;
    assert_int_equal(edition_parse(name, start_month, &edition, &err), 0);
    return edition;
}

static void assert_span(const struct edition *edition, const char *first, const char *last, int day_count)
{
    char buffer[CIVIL_DATE_SIZE];
    assert_string_equal(civil_date_format(edition->first, buffer), first);
    assert_string_equal(civil_date_format(edition->last, buffer), last);
    assert_int_equal(edition->day_count, day_count);
}

static void assert_period(const struct edition *edition, const char *language, const char *expected)
{
    GString *out = g_string_new("<");
    edition_period_append(edition, language, out);
    assert_int_equal(out->str[0], '<');
    assert_string_equal(out->str + 1, expected);
    g_string_free(out, TRUE);
}

static void april_years(void **state)
{
    (void)state;
    struct edition e = parsed("2025q1", 4);
    assert_string_equal(e.name, "2025q1");
    assert_int_equal(e.fiscal_year, 2025);
    assert_int_equal(e.quarter, 1);
    assert_int_equal(e.fiscal_start_month, 4);
    assert_span(&e, "2025-04-01", "2025-06-30", 91);
    e = parsed("2025q2", 4);
    assert_span(&e, "2025-07-01", "2025-09-30", 92);
    e = parsed("2025q3", 4);
    assert_span(&e, "2025-10-01", "2025-12-31", 92);
    e = parsed("2025q4", 4); /* the last quarter of fiscal 2025 lies in 2026 */
    assert_span(&e, "2026-01-01", "2026-03-31", 90);
    e = parsed("2023q4", 4); /* 2024 is a leap year */
    assert_span(&e, "2024-01-01", "2024-03-31", 91);
}

static void other_years(void **state)
{
    (void)state;
    struct edition e = parsed("2025q1", 1);
    assert_span(&e, "2025-01-01", "2025-03-31", 90);
    e = parsed("2025q4", 1);
    assert_span(&e, "2025-10-01", "2025-12-31", 92);
    e = parsed("2025q1", 11); /* November to January */
    assert_span(&e, "2025-11-01", "2026-01-31", 92);
    e = parsed("2025q2", 11);
    assert_span(&e, "2026-02-01", "2026-04-30", 89);
    e = parsed("2025q1", 12);
    assert_span(&e, "2025-12-01", "2026-02-28", 90);
}

static void neighbours(void **state)
{
    (void)state;
    struct edition e = parsed("2025q1", 4);
    struct edition previous = edition_previous(&e);
    assert_string_equal(previous.name, "2024q4");
    assert_span(&previous, "2025-01-01", "2025-03-31", 90);
    struct edition before = edition_year_before(&e);
    assert_string_equal(before.name, "2024q1");
    assert_span(&before, "2024-04-01", "2024-06-30", 91);
    struct edition next = edition_next(&previous);
    assert_string_equal(next.name, "2025q1");
    assert_span(&next, "2025-04-01", "2025-06-30", 91);
    next = edition_next(&e);
    assert_string_equal(next.name, "2025q2");

    e = parsed("2025q1", 11);
    previous = edition_previous(&e);
    assert_string_equal(previous.name, "2024q4");
    assert_span(&previous, "2025-08-01", "2025-10-31", 92);
}

/* Every quarter begins the day after the one before ends, for every month a fiscal year may start in. */
static void quarters_join(void **state)
{
    (void)state;
    for (int month = 1; month <= 12; month++) {
        struct edition e = parsed("2019q1", month);
        assert_int_equal(e.first.month, month);
        for (int i = 0; i < 40; i++) {
            struct edition next = edition_next(&e);
            assert_int_equal(civil_date_to_days(next.first), civil_date_to_days(e.last) + 1);
            assert_int_equal(next.first.day, 1);
            assert_true(e.day_count >= 89 && e.day_count <= 92);
            e = next;
        }
    }
}

static void days(void **state)
{
    (void)state;
    struct edition e = parsed("2025q1", 4);
    char buffer[CIVIL_DATE_SIZE];
    assert_string_equal(civil_date_format(edition_day(&e, 0), buffer), "2025-04-01");
    assert_string_equal(civil_date_format(edition_day(&e, 30), buffer), "2025-05-01");
    assert_string_equal(civil_date_format(edition_day(&e, 90), buffer), "2025-06-30");
    assert_int_equal(edition_day_index(&e, (struct civil_date){2025, 4, 1}), 0);
    assert_int_equal(edition_day_index(&e, (struct civil_date){2025, 6, 30}), 90);
    assert_int_equal(edition_day_index(&e, (struct civil_date){2025, 3, 31}), -1);
    assert_int_equal(edition_day_index(&e, (struct civil_date){2025, 7, 1}), -1);
}

static void periods(void **state)
{
    (void)state;
    struct edition e = parsed("2025q1", 4);
    assert_period(&e, "ja",
                  "2025年4\xe3\x80\x9c"
                  "6月"); /* U+301C */
    assert_period(&e, "en", "April to June 2025");
    e = parsed("2025q4", 4);
    assert_period(&e, "ja",
                  "2026年1\xe3\x80\x9c"
                  "3月");
    assert_period(&e, "en", "January to March 2026");
    e = parsed("2025q1", 11);
    assert_period(&e, "ja",
                  "2025年11月\xe3\x80\x9c"
                  "2026年1月");
    assert_period(&e, "en", "November 2025 to January 2026");
}

static void bad_names(void **state)
{
    (void)state;
    static const char *const bad[] = {"",        "2025",    "2025q0", "2025q5",  "2025Q1", "2025q",
                                      "2025q10", " 2025q1", "25q1",   "2025-q1", "x025q1", "2025q1 "};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct edition edition;
        struct error err = {0};
        assert_int_equal(edition_parse(bad[i], 4, &edition, &err), -1);
        assert_int_equal(err.kind, ERROR_USAGE);
        char *expected = g_strdup_printf(
            "edition \"%s\" is not known, expected YYYYqN with N from 1 to 4, e.g. 2025q1", bad[i]);
        assert_string_equal(err.message, expected);
        g_free(expected);
    }
    struct edition edition;
    struct error err = {0};
    assert_int_equal(edition_parse("0000q1", 4, &edition, &err), -1);
    assert_string_equal(err.message, "edition \"0000q1\" is not known, expected a year from 1971 to 2999");
}

static struct edition april_edition(const char *name)
{
    struct edition edition;
    struct error err = {0};
    assert_int_equal(edition_parse(name, 4, &edition, &err), 0);
    return edition;
}

static void spans_move_as_a_whole(void **state)
{
    (void)state;
    struct edition first = april_edition("2024q4"), last = april_edition("2025q2");
    struct edition span = edition_span(&first, &last);
    assert_string_equal(span.name, "2024q4-2025q2");
    assert_int_equal(span.day_count, 90 + 91 + 92);
    assert_int_equal(span.quarter_count, 3);
    assert_string_equal(edition_quarter(&span, 0).name, "2024q4");
    assert_string_equal(edition_quarter(&span, 2).name, "2025q2");
    struct edition before = edition_previous(&span), after = edition_next(&span),
                   year = edition_year_before(&span);
    assert_string_equal(before.name, "2024q1-2024q3");
    assert_int_equal(before.day_count, 91 + 92 + 92);
    assert_string_equal(after.name, "2025q3-2026q1");
    assert_string_equal(year.name, "2023q4-2024q2");
    assert_int_equal(year.day_count, 91 + 91 + 92); /* a leap year */
    assert_int_equal(edition_distance(&first, &last), 2);
    assert_int_equal(edition_distance(&last, &first), -2);
    struct edition alone = edition_span(&first, &first);
    assert_string_equal(alone.name, "2024q4");
    assert_int_equal(alone.quarter_count, 1);
}

static void a_date_has_its_quarter(void **state)
{
    (void)state;
    struct error err = {0};
    for (int start = 1; start <= 12; start++)
        for (int64_t days = 18000; days < 20000; days += 13) {
            struct civil_date date = civil_date_from_days(days);
            struct edition edition, again;
            assert_int_equal(edition_of_date(date, start, &edition, &err), 0);
            assert_true(edition_day_index(&edition, date) >= 0);
            assert_int_equal(edition_parse(edition.name, start, &again, &err), 0);
            assert_int_equal(civil_date_compare(edition.first, again.first), 0);
        }
    struct edition edition;
    assert_int_equal(edition_of_date((struct civil_date){1969, 1, 1}, 4, &edition, &err), -1);
    assert_int_equal(err.kind, ERROR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_move_as_a_whole),
        cmocka_unit_test(a_date_has_its_quarter),
        cmocka_unit_test(april_years),
        cmocka_unit_test(other_years),
        cmocka_unit_test(neighbours),
        cmocka_unit_test(quarters_join),
        cmocka_unit_test(days),
        cmocka_unit_test(periods),
        cmocka_unit_test(bad_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
