/* Events against series in which they were planted: how many are found, and how many are seen where there are
 * none.
 *
 * A quiet quarter: a level between 30 and 3,000,000 a day, a weekly rhythm of up to 30 %, a slow drift within
 * 10 %, multiplicative noise of 3 to 25 % on top of Poisson's, now and then a missing day. Numbers are drawn
 * with a fixed seed: the test gives the same answer everywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include "report/event.h"

enum { DAYS = 91, QUARTERS = 500 };

struct quarter {
    double expected[DAYS];
    double noise; /* standard deviation of the logarithm */
    uint64_t daily[DAYS];
    bool observed[DAYS];
};

static double normal(GRand *rand)
{
    double u = g_rand_double(rand), v = g_rand_double(rand);
    return sqrt(-2 * log(1 - u)) * cos(2 * G_PI * v);
}

static double between(GRand *rand, double low, double high)
{
    return low + (high - low) * g_rand_double(rand);
}

static void quarter_draw(struct quarter *quarter, GRand *rand)
{
    double level = exp(between(rand, log(30), log(3e6)));
    double weekend = between(rand, 0.7, 1.1), drift = between(rand, -0.1, 0.1);
    int first = g_rand_int_range(rand, 0, 7), missing = g_rand_int_range(rand, 0, 4);
    quarter->noise = between(rand, 0.03, 0.25);
    for (int day = 0; day < DAYS; day++) {
        quarter->expected[day] =
            level * ((day + first) % 7 < 2 ? weekend : 1) * (1 + drift * (day - DAYS / 2) / DAYS);
        quarter->observed[day] = true;
    }
    for (int i = 0; i < missing; i++)
        quarter->observed[g_rand_int_range(rand, 0, DAYS)] = false;
}

static void quarter_count(struct quarter *quarter, GRand *rand)
{
    for (int day = 0; day < DAYS; day++) {
        double mean = quarter->expected[day] * exp(quarter->noise * normal(rand));
        double value = mean + sqrt(mean) * normal(rand); /* Poisson's, as a normal */
        quarter->daily[day] = quarter->observed[day] && value > 0 ? (uint64_t)(value + 0.5) : 0;
    }
}

static bool overlaps(const struct event *event, int first, int last)
{
    return event->first_day <= last && event->last_day >= first;
}

/* Whether an event of one of the kinds (bits) lies on the days. */
static bool is_found(const struct quarter *quarter, unsigned kinds, int first, int last)
{
    struct event_list list;
    bool found = false;
    event_list_init(&list, quarter->daily, quarter->observed, DAYS);
    for (size_t i = 0; i < list.event_count; i++)
        found = found || ((kinds >> list.events[i].kind & 1) != 0 && overlaps(&list.events[i], first, last));
    event_list_release(&list);
    return found;
}

static void quiet_quarters_have_hardly_any_events(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(20250401);
    int counts[EVENT_KINDS] = {0}, alarms = 0;
    for (int i = 0; i < QUARTERS; i++) {
        struct quarter quarter;
        struct event_list list;
        quarter_draw(&quarter, rand);
        quarter_count(&quarter, rand);
        event_list_init(&list, quarter.daily, quarter.observed, DAYS);
        for (size_t k = 0; k < list.event_count; k++) {
            counts[list.events[k].kind]++;
            alarms += list.events[k].kind < EVENT_WEEKLY;
        }
        event_list_release(&list);
    }
    g_rand_free(rand);
    print_message("quiet: %d false alarms in %d quarters (rise %d, peak %d, trend %d, step %d)\n", alarms,
                  QUARTERS, counts[EVENT_RISE], counts[EVENT_PEAK],
                  counts[EVENT_INCREASE] + counts[EVENT_DECREASE],
                  counts[EVENT_STEP_UP] + counts[EVENT_STEP_DOWN]);
    assert_true(alarms <= QUARTERS / 10);
}

typedef void plant(struct quarter *quarter, GRand *rand, int *first, int *last);

static void plant_rise(struct quarter *quarter, GRand *rand, int *first, int *last)
{
    double factor = between(rand, 3, 10);
    *first = g_rand_int_range(rand, 5, 60);
    *last = *first + g_rand_int_range(rand, 5, 20);
    for (int day = *first; day <= *last; day++)
        quarter->expected[day] *= factor;
}

static void plant_peak(struct quarter *quarter, GRand *rand, int *first, int *last)
{
    double factor = between(rand, 4, 20);
    *first = g_rand_int_range(rand, 5, 85);
    *last = *first + g_rand_int_range(rand, 0, 2);
    for (int day = *first; day <= *last; day++) {
        quarter->expected[day] *= factor;
        quarter->observed[day] = true;
    }
}

static void plant_trend(struct quarter *quarter, GRand *rand, int *first, int *last)
{
    double end = g_rand_boolean(rand) ? between(rand, 1.6, 3) : between(rand, 0.3, 0.6);
    for (int day = 0; day < DAYS; day++)
        quarter->expected[day] *= pow(end, (double)day / (DAYS - 1));
    *first = 0;
    *last = DAYS - 1;
}

static void plant_step(struct quarter *quarter, GRand *rand, int *first, int *last)
{
    double factor = g_rand_boolean(rand) ? between(rand, 1.8, 6) : between(rand, 0.15, 0.55);
    int day = g_rand_int_range(rand, 20, 70);
    *first = day - 3;
    *last = day + 3;
    for (; day < DAYS; day++)
        quarter->expected[day] *= factor;
}

static void assert_recall(plant *planted, unsigned kinds, const char *name)
{
    GRand *rand = g_rand_new_with_seed(20250701);
    int found = 0;
    for (int i = 0; i < QUARTERS; i++) {
        struct quarter quarter;
        int first, last;
        quarter_draw(&quarter, rand);
        planted(&quarter, rand, &first, &last);
        quarter_count(&quarter, rand);
        found += is_found(&quarter, kinds, first, last);
    }
    g_rand_free(rand);
    print_message("%s: %d of %d found\n", name, found, QUARTERS);
    assert_true(found >= QUARTERS * 95 / 100);
}

static void planted_rises_are_found(void **state)
{
    (void)state;
    assert_recall(plant_rise, 1u << EVENT_RISE, "rise");
}

static void planted_peaks_are_found(void **state)
{
    (void)state;
    assert_recall(plant_peak, 1u << EVENT_PEAK, "peak");
}

static void planted_trends_are_found(void **state)
{
    (void)state;
    assert_recall(plant_trend, 1u << EVENT_INCREASE | 1u << EVENT_DECREASE, "trend");
}

static void planted_steps_are_found(void **state)
{
    (void)state;
    assert_recall(plant_step, 1u << EVENT_RISE | 1u << EVENT_STEP_UP | 1u << EVENT_STEP_DOWN, "step");
}

static void plant_weekends(struct quarter *quarter, GRand *rand, int *first, int *last)
{
    double factor = between(rand, 0.3, 0.55);
    *first = 0;
    *last = DAYS - 1;
    quarter->noise = MIN(quarter->noise, 0.15);
    for (int day = 0; day < DAYS; day++)
        quarter->expected[day] *= day % 7 < 2 ? factor : 1;
}

static void planted_weekends_are_found(void **state)
{
    (void)state;
    assert_recall(plant_weekends, 1u << EVENT_WEEKLY, "weekly");
}

static void a_trend_is_no_step(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(20251001);
    int steps = 0;
    for (int i = 0; i < QUARTERS; i++) {
        struct quarter quarter;
        int first, last;
        quarter_draw(&quarter, rand);
        plant_trend(&quarter, rand, &first, &last);
        quarter_count(&quarter, rand);
        steps += is_found(&quarter, 1u << EVENT_STEP_UP | 1u << EVENT_STEP_DOWN, 0, DAYS - 1);
    }
    g_rand_free(rand);
    print_message("trend taken for a step: %d of %d\n", steps, QUARTERS);
    assert_true(steps <= QUARTERS * 5 / 100);
}

/* What returns to where it was is a rise, in whatever part of the quarter. */
static void a_rise_is_no_step(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(20260101);
    int steps = 0;
    for (int i = 0; i < QUARTERS; i++) {
        struct quarter quarter;
        int first, last;
        quarter_draw(&quarter, rand);
        plant_rise(&quarter, rand, &first, &last);
        quarter_count(&quarter, rand);
        steps += is_found(&quarter, 1u << EVENT_STEP_UP | 1u << EVENT_STEP_DOWN, 0, DAYS - 1);
    }
    g_rand_free(rand);
    print_message("rise taken for a step: %d of %d\n", steps, QUARTERS);
    assert_true(steps <= QUARTERS * 5 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quiet_quarters_have_hardly_any_events),
        cmocka_unit_test(planted_rises_are_found),
        cmocka_unit_test(planted_peaks_are_found),
        cmocka_unit_test(planted_trends_are_found),
        cmocka_unit_test(planted_steps_are_found),
        cmocka_unit_test(planted_weekends_are_found),
        cmocka_unit_test(a_trend_is_no_step),
        cmocka_unit_test(a_rise_is_no_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
