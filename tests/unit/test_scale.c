#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <glib.h>

#include "chart/scale.h"

static void check(double largest, bool whole, double step, int ticks)
{
    struct scale scale;
    struct error err = {0};
    assert_int_equal(scale_choose(&scale, largest, whole, &err), 0);
    assert_true(fabs(scale.step - step) <= step * 1e-12);
    assert_int_equal(scale.tick_count, ticks);
}

static void steps(void **state)
{
    (void)state;
    check(102300, true, 20000, 7);
    check(119999, true, 20000, 7);
    check(120000, true, 50000, 4); /* the end lies above the data, never on it */
    check(9, true, 2, 6);
    check(5, true, 1, 7);
    check(6, true, 2, 5);
    check(1, true, 1, 4);
    check(0, true, 1, 4);
    check(0, false, 1, 4);
    check(0.3, false, 0.1, 5);
    check(0.3, true, 1, 4);
    check(1e12, true, 2e11, 7);
    check(1e15, true, 2e14, 7);
}

static void every_axis_has_4_to_7_ticks_and_ends_above_the_data(void **state)
{
    (void)state;
    for (double largest = 1e-3; largest < 1e15; largest *= 1.037) {
        struct scale scale;
        struct error err = {0};
        assert_int_equal(scale_choose(&scale, largest, false, &err), 0);
        assert_in_range(scale.tick_count, 4, 7);
        assert_true(scale.maximum > largest);
        assert_true(scale.maximum - scale.step <= largest); /* and no empty interval at the top */
        double mantissa = scale.step / pow(10, floor(log10(scale.step) + 1e-9));
        assert_true(fabs(mantissa - 1) < 1e-9 || fabs(mantissa - 2) < 1e-9 || fabs(mantissa - 5) < 1e-9);
    }
}

static void refuses(void **state)
{
    (void)state;
    const double bad[] = {-1, NAN, INFINITY, 1.1e15};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct scale scale;
        struct error err = {0};
        assert_int_equal(scale_choose(&scale, bad[i], true, &err), -1);
        assert_int_equal(err.kind, ERROR_INPUT);
        assert_non_null(strstr(err.message, "expected a number from 0 to 10^15"));
    }
}

static void check_label(double step, int ticks, int tick, const char *language, const char *expected)
{
    struct scale scale = {.step = step, .tick_count = ticks, .maximum = step * (ticks - 1)};
    char *label = scale_label(&scale, tick, language);
    assert_string_equal(label, expected);
    g_free(label);
}

static void labels(void **state)
{
    (void)state;
    check_label(20000, 7, 0, "ja", "0");
    check_label(20000, 7, 6, "ja", "12万");
    check_label(5000, 4, 1, "ja", "0.5万");
    check_label(5000, 4, 2, "ja", "1万");
    check_label(5000, 4, 3, "ja", "1.5万");
    check_label(2000, 7, 6, "ja", "12,000");
    check_label(2e7, 7, 6, "ja", "12,000万");
    check_label(5e7, 4, 3, "ja", "1.5億");
    check_label(2e11, 7, 6, "ja", "12,000億");
    check_label(5e11, 4, 3, "ja", "1.5兆");
    check_label(20000, 7, 6, "en", "120,000");
    check_label(1e15, 2, 1, "en", "1,000,000,000,000,000");
    check_label(0.1, 5, 3, "ja", "0.3");
    check_label(0.2, 6, 5, "en", "1");
    check_label(0.05, 6, 5, "en", "0.25");
}

/* Data lie between the first tick and the last; the first is zero or so near the data that an interval is not
 * empty. */
static void a_range_holds_its_data(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(7);
    for (int round = 0; round < 2000; round++) {
        double largest = exp(g_rand_double_range(random, 0, 34)), lowest = largest * g_rand_double(random);
        double above = largest * g_rand_double_range(random, 1, 1.3);
        struct scale scale;
        struct error err = {0};
        bool fits = above <= 1e15;
        assert_int_equal(scale_choose_range(&scale, lowest, largest, above, round % 2 == 0, &err),
                         fits ? 0 : -1);
        if (!fits)
            continue;
        assert_true(scale.minimum == 0 || scale.minimum <= lowest);
        assert_true(scale.minimum == 0 || scale.minimum + scale.step > lowest * (1 - 1e-9));
        assert_true(scale.maximum > above);
        assert_in_range(scale.tick_count, 4, 9);
        assert_true(scale.minimum == 0 || scale.minimum >= 1.5 * scale.step);
        assert_true(fabs(scale_position(&scale, scale.minimum)) < 1e-12);
        assert_true(fabs(scale_position(&scale, scale.maximum) - 1) < 1e-12);
    }
    g_rand_free(random);
}

static void check_log(double lowest, double largest, bool has_zero, const char *expected)
{
    struct scale scale;
    struct error err = {0};
    GString *labels = g_string_new(NULL);
    assert_int_equal(scale_choose_log(&scale, lowest, largest, has_zero, &err), 0);
    double before = -1;
    for (int i = 0; i < scale.tick_count; i++) {
        char *label = scale_label(&scale, i, "ja");
        double position = scale_position(&scale, scale_tick(&scale, i));
        assert_true(position > before); /* ticks rise, from 0 to 1 */
        before = position;
        g_string_append_printf(labels, "%s%s", i > 0 ? " " : "", label);
        g_free(label);
    }
    assert_true(fabs(before - 1) < 1e-12);
    assert_string_equal(labels->str, expected);
    g_string_free(labels, TRUE);
}

static void logarithmic(void **state)
{
    (void)state;
    check_log(300, 900, false, "100 200 500 1,000");
    check_log(12, 4711, false, "10 100 1,000 1万");
    check_log(12, 4711, true, "0 10 100 1,000 1万");
    check_log(1, 1e12, false, "1 100 1万 100万 1億 100億 1兆 100兆"); /* one tick in two decades */
    check_log(0, 0, true, "0 1 2");
    struct scale scale;
    struct error err = {0};
    assert_int_equal(scale_choose_log(&scale, 1, NAN, false, &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_holds_its_data),
        cmocka_unit_test(logarithmic),
        cmocka_unit_test(steps),
        cmocka_unit_test(every_axis_has_4_to_7_ticks_and_ends_above_the_data),
        cmocka_unit_test(refuses),
        cmocka_unit_test(labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
