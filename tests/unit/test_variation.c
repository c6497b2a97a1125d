/* Whether a change lies within the usual variation: Welch's t on 7-day blocks. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "report/variation.h"
#include "unit/summary_fixture.h"

static void assert_near(double found, double wanted, double tolerance)
{
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%.9f, expected %.9f", found, wanted);
}

/* Tables of Student's distribution: two-sided 5 % and 1 % points, and closed forms for 1 and 2 degrees. */
static void student(void **state)
{
    (void)state;
    assert_near(student_p(0, 5), 1, 1e-12);
    assert_near(student_p(1, 1), 0.5, 1e-12);               /* 1 - 2/pi atan(1) */
    assert_near(student_p(-3, 2), 1 - 3 / sqrt(11), 1e-12); /* 1 - t / sqrt(2 + t^2) */
    assert_near(student_p(2.776445105, 4), 0.05, 1e-9);
    assert_near(student_p(3.169272667, 10), 0.01, 1e-9);
    assert_near(student_p(2.796939505, 24), 0.01, 1e-9);
    assert_near(student_p(1e6, 24), 0, 1e-12);
    assert_near(student_p(2.0, 7.5), student_p(-2.0, 7.5), 1e-15);
}

/* Weekday rhythm and, with `spread`, blocks that go up and down. */
static void fill(struct rates *rates, double level, double spread)
{
    static const double week[] = {0, 30, 31, 29, 30, 30, 0};
    memset(rates, 0, sizeof *rates);
    rates->day_count = 91;
    for (int day = 0; day < 91; day++) {
        rates->observed[day] = true;
        rates->values[day] = level + week[day % 7] + ((day / 7) % 3 - 1) * spread;
    }
}

static void changes_and_variation(void **state)
{
    (void)state;
    struct rates now, other;
    fill(&other, 100, 10);
    fill(&now, 103, 10);
    struct variation variation = variation_of(&now, &other);
    assert_true(variation.is_known);
    assert_true(variation.p > 0.3);
    fill(&now, 120, 10);
    variation = variation_of(&now, &other);
    assert_true(variation.p < 0.001 && variation.t > 0);
    /* 13 block means of 90, 100 and 110 (and the week): variance 74.36, so t = 20 / sqrt(2 * 74.36 / 13). */
    assert_near(variation.t, 20 / sqrt(2 * 74.358974359 / 13), 1e-6);
    assert_near(variation.degrees, 24, 1e-6);
    /* The weekly rhythm alone is no variation, and one week's spike makes for more of it, not for a change.
     */
    fill(&now, 101, 0);
    fill(&other, 100, 0);
    assert_true(variation_of(&now, &other).p < 0.01);
    for (int day = 0; day < 7; day++)
        now.values[day] += 500;
    variation = variation_of(&now, &other);
    assert_true(variation.p > 0.2);
}

static void constant_and_missing(void **state)
{
    (void)state;
    struct rates now, other;
    fill(&now, 0, 0);
    fill(&other, 0, 0);
    assert_true(variation_of(&now, &other).is_known);
    assert_near(variation_of(&now, &other).p, 1, 0);
    /* Days not observed are no zeros. */
    for (int day = 30; day < 60; day++) {
        now.observed[day] = false;
        now.values[day] = 0;
    }
    assert_near(variation_of(&now, &other).p, 1, 0.2);
    for (int day = 12; day < 91; day++)
        now.observed[day] = false;
    assert_false(variation_of(&now, &other).is_known); /* two blocks */
}

/* An outage of one of two sensors halves the packets, not the rate. */
static void rates_are_per_delivering_sensor(void **state)
{
    (void)state;
    struct rates rates;
    uint64_t daily[EDITION_DAYS_MAX];
    struct summary *summary = summary_fixture_new("2025q1", 2);
    struct measure_counts *measure = summary_fixture_measure(summary, "m", COUNT_PACKETS, BY_PORT);
    for (int day = 0; day < 91; day++)
        daily[day] = day < 10 ? 50 : 100;
    summary_fixture_daily(summary, measure, "23/TCP", daily);
    summary_fixture_silence(summary, 1, 0, 9);
    summary_fixture_silence(summary, 0, 90, 90);
    summary_fixture_silence(summary, 1, 90, 90);
    rates_fill(&rates, summary, measure, "23/TCP");
    assert_int_equal(rates.day_count, 91);
    assert_near(rates.values[0], 50, 0);
    assert_near(rates.values[50], 50, 0);
    assert_false(rates.observed[90]);
    rates_fill(&rates, summary, measure, "80/TCP");
    assert_true(rates.observed[50]);
    assert_near(rates.values[50], 0, 0);
    summary_free(summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(student),
        cmocka_unit_test(changes_and_variation),
        cmocka_unit_test(constant_and_missing),
        cmocka_unit_test(rates_are_per_delivering_sensor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
