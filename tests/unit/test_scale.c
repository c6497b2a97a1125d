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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps),
        cmocka_unit_test(every_axis_has_4_to_7_ticks_and_ends_above_the_data),
        cmocka_unit_test(refuses),
        cmocka_unit_test(labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
