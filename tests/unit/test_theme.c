/* What eyes of every kind must be able to tell apart, computed: WCAG 2.1 contrast, and CIEDE2000 (Sharma, Wu
 * and Dalal 2005) under Machado, Oliveira and Fernandes' simulation (2009, full severity) of the three
 * deficiencies. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "unit/chart_fixture.h"

#include "chart/chart.h"
#include "chart/palette.h"
#include "chart/theme.h"

struct lab {
    double l, a, b;
};

enum { VISIONS = 4 };
static const double visions[VISIONS][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
};

static void linear(uint32_t colour, double rgb[3])
{
    for (int i = 0; i < 3; i++) {
        double c = (colour >> (16 - 8 * i) & 0xFF) / 255.0;
        rgb[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
    }
}

static double luminance(uint32_t colour)
{
    double rgb[3];
    linear(colour, rgb);
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

static double contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static double cube_root(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static struct lab seen(uint32_t colour, int vision)
{
    static const double xyz[3][3] = {{0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047},
                                     {0.2126729, 0.7151522, 0.0721750},
                                     {0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883}};
    double rgb[3], simulated[3], f[3];
    linear(colour, rgb);
    for (int i = 0; i < 3; i++) {
        double sum = 0;
        for (int j = 0; j < 3; j++)
            sum += visions[vision][i][j] * rgb[j];
        simulated[i] = CLAMP(sum, 0, 1);
    }
    for (int i = 0; i < 3; i++)
        f[i] = cube_root(xyz[i][0] * simulated[0] + xyz[i][1] * simulated[1] + xyz[i][2] * simulated[2]);
    return (struct lab){116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

static double degrees(double y, double x)
{
    double angle = x == 0 && y == 0 ? 0 : atan2(y, x) * 180 / G_PI;
    return angle < 0 ? angle + 360 : angle;
}

static double cosine(double angle)
{
    return cos(angle * G_PI / 180);
}

static double difference(struct lab p, struct lab q)
{
    double c7 = pow((hypot(p.a, p.b) + hypot(q.a, q.b)) / 2, 7);
    double g = 1 + 0.5 * (1 - sqrt(c7 / (c7 + pow(25, 7))));
    double c1 = hypot(g * p.a, p.b), c2 = hypot(g * q.a, q.b);
    double h1 = degrees(p.b, g * p.a), h2 = degrees(q.b, g * q.a);
    double turn = h2 - h1, mean = (h1 + h2) / 2;
    if (c1 * c2 == 0) {
        turn = 0;
        mean = h1 + h2;
    } else if (fabs(h1 - h2) > 180) {
        turn += turn > 0 ? -360 : 360;
        mean += h1 + h2 < 360 ? 180 : -180;
    }
    double hue = 2 * sqrt(c1 * c2) * sin(turn / 2 * G_PI / 180);
    double l = (p.l + q.l) / 2 - 50, c = (c1 + c2) / 2;
    double t = 1 - 0.17 * cosine(mean - 30) + 0.24 * cosine(2 * mean) + 0.32 * cosine(3 * mean + 6) -
               0.20 * cosine(4 * mean - 63);
    double rotation = -sin(60 * exp(-pow((mean - 275) / 25, 2)) * G_PI / 180) * 2 *
                      sqrt(pow(c, 7) / (pow(c, 7) + pow(25, 7)));
    double dl = (q.l - p.l) / (1 + 0.015 * l * l / sqrt(20 + l * l));
    double dc = (c2 - c1) / (1 + 0.045 * c), dh = hue / (1 + 0.015 * c * t);
    return sqrt(dl * dl + dc * dc + dh * dh + rotation * dc * dh);
}

/* Pairs from the test data that Sharma, Wu and Dalal published with their formula. */
static void the_formula_is_the_published_one(void **state)
{
    (void)state;
    static const struct {
        struct lab p, q;
        double expected;
    } pairs[] = {
        {{50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425},
        {{50, 2.5, 0}, {50, 0, -2.5}, 4.3065},
        {{50, 2.5, 0}, {73, 25, -18}, 27.1492},
        {{50, 2.5, 0}, {61, -5, 29}, 22.8977},
        {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        assert_true(fabs(difference(pairs[i].p, pairs[i].q) - pairs[i].expected) < 5e-5);
    assert_true(fabs(contrast(0, 0xFFFFFF) - 21) < 1e-9);
}

static void lines_and_text_stand_out_from_the_background(void **state)
{
    (void)state;
    for (enum chart_theme theme = 0; theme < CHART_THEME_COUNT; theme++) {
        uint32_t background = theme_colour(theme, 0xFFFFFF), shade = theme_colour(theme, PALETTE_SHADE);
        for (size_t i = 0; i < PALETTE_SIZE; i++)
            assert_true(contrast(theme_colour(theme, palette_stroke(i).colour), background) >= 3);
        const uint32_t marks[] = {PALETTE_AXIS, PALETTE_CURRENT, PALETTE_PREVIOUS, PALETTE_HATCH};
        for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
            assert_true(contrast(theme_colour(theme, marks[i]), background) >= 3);
        const uint32_t texts[] = {PALETTE_TEXT, PALETTE_TEXT_SECOND};
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
            assert_true(contrast(theme_colour(theme, texts[i]), background) >= 4.5);
            assert_true(contrast(theme_colour(theme, texts[i]), shade) >= 4.5);
        }
    }
}

static void all_eyes_tell_two_series_apart(void **state)
{
    (void)state;
    const enum chart_theme themes[] = {CHART_THEME_LIGHT, CHART_THEME_DARK};
    for (size_t k = 0; k < G_N_ELEMENTS(themes); k++)
        for (size_t i = 0; i < PALETTE_SIZE; i++)
            for (size_t j = 0; j < i; j++)
                for (int vision = 0; vision < VISIONS; vision++) {
                    double apart =
                        difference(seen(theme_colour(themes[k], palette_stroke(i).colour), vision),
                                   seen(theme_colour(themes[k], palette_stroke(j).colour), vision));
                    if (apart < 15)
                        fail_msg("%s: series %zu and %zu: %.1f, vision %d", theme_name(themes[k]), j + 1,
                                 i + 1, apart, vision);
                }
}

/* In print, dash and width do it alone: no colour at all, and no two strokes alike. */
static void print_is_grey_and_told_apart_by_its_strokes(void **state)
{
    (void)state;
    for (size_t i = 0; i < PALETTE_SIZE; i++) {
        struct scene_stroke a = palette_stroke(i);
        uint32_t grey = theme_colour(CHART_THEME_PRINT, a.colour);
        assert_true((grey & 0xFF) == (grey >> 8 & 0xFF) && (grey & 0xFF) == grey >> 16);
        for (size_t j = 0; j < i; j++) {
            struct scene_stroke b = palette_stroke(j);
            bool same = a.dash_count == b.dash_count && fabs(a.width - b.width) < 0.5;
            for (int k = 0; k < a.dash_count && same; k++)
                same = fabs(a.dash[k] - b.dash[k]) < 1.5;
            if (same)
                fail_msg("series %zu and %zu look the same in print", j + 1, i + 1);
        }
    }
}

/* Even steps, each lighter or darker than the one before. */
static void ramps_are_even(void **state)
{
    (void)state;
    for (enum chart_theme theme = 0; theme < CHART_THEME_COUNT; theme++) {
        double least = INFINITY, most = 0;
        int direction = 0;
        for (size_t i = 1; i < THEME_RAMP_SIZE; i++) {
            struct lab a = seen(theme_colour(theme, theme_ramp(i - 1)), 0),
                       b = seen(theme_colour(theme, theme_ramp(i)), 0);
            least = fmin(least, difference(a, b));
            most = fmax(most, difference(a, b));
            direction += b.l > a.l ? 1 : -1;
        }
        assert_true(least >= 5 && most / least < 1.35);
        assert_int_equal(abs(direction), THEME_RAMP_SIZE - 1);
    }
}

static void a_theme_changes_every_colour_of_a_figure(void **state)
{
    (void)state;
    struct chart_spec spec = fixture_spec(CHART_DAILY_LINES, 8, 30);
    struct error err = {0};
    spec.theme = CHART_THEME_DARK;
    spec.series[0].observed[3] = false;
    fixture_text(&spec.headline, "x");
    struct scene *scene = layout_scene(&spec, &fixture_measure, &err);
    assert_non_null(scene);
    assert_int_equal(scene->background, 0x14171C);
    char *dump = scene_dump(scene);
    assert_null(strstr(dump, "#111111"));
    assert_null(strstr(dump, "#CCCCCC"));
    assert_non_null(strstr(dump, "#FF8A3D"));
    g_free(dump);
    scene_free(scene);
    chart_spec_release(&spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_formula_is_the_published_one),
        cmocka_unit_test(lines_and_text_stand_out_from_the_background),
        cmocka_unit_test(all_eyes_tell_two_series_apart),
        cmocka_unit_test(print_is_grey_and_told_apart_by_its_strokes),
        cmocka_unit_test(ramps_are_even),
        cmocka_unit_test(a_theme_changes_every_colour_of_a_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
