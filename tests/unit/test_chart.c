/* Whole figures in the real fonts. */
#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#include <libxml/parser.h>

#include "unit/chart_fixture.h"
#include "unit/font_fixture.h"

#include "chart/chart.h"

static struct chart_spec quarter(enum chart_kind kind)
{
    static const char *const names[][2] = {
        {"Telnet", "23/TCP"}, {"http", "80/TCP"}, {"https", "443/TCP"}, {"8728/TCP", ""}, {"ssh", "22/TCP"}};
    struct chart_spec spec = fixture_spec(kind, 5, 91);
    fixture_text(&spec.headline, "Telnet宛てが最多");
    fixture_text(&spec.subtitle, "宛先ポート番号別のパケット数（2025年4〜6月）");
    fixture_text(&spec.unit, "1日当たりのパケット数");
    fixture_text(&spec.current_label, "2025年4〜6月");
    fixture_text(&spec.description, "折れ線グラフ");
    for (size_t i = 0; i < 5; i++) {
        fixture_text(&spec.series[i].label, names[i][0]);
        fixture_text(&spec.series[i].detail, names[i][1]);
        for (int day = 0; day < 91; day++) {
            spec.series[i].values[day] = (double)((5 - (int)i) * 10000 + day * 13 * (int)i % 700);
            spec.series[i].observed[day] = day < 36 || day > 38;
        }
    }
    return spec;
}

static struct scene *lay_out(const struct chart_spec *spec, struct fonts *fonts)
{
    struct error err = {0};
    struct scene *scene = chart_layout(spec, fonts, &err);
    if (scene == NULL)
        fail_msg("%s", err.message);
    return scene;
}

static void the_default_size(void **state)
{
    struct chart_spec spec = quarter(CHART_DAILY_LINES);
    struct scene *scene = lay_out(&spec, *state);
    double width, height;
    scene_size(scene, &width, &height);
    assert_true(width == 440 && height == 240);
    scene_free(scene);
    chart_spec_release(&spec);
    chart_spec_release(&spec); /* safe on a released one */
}

static void svg_is_well_formed(void **state)
{
    for (int kind = 0; kind < 2; kind++) {
        struct chart_spec spec = quarter(kind == 0 ? CHART_DAILY_LINES : CHART_SMALL_MULTIPLES);
        fixture_text(&spec.series[0].label, "<&\"'>");
        struct error err = {0};
        struct scene *scene = lay_out(&spec, *state);
        GBytes *svg = scene_svg(scene, &err);
        gsize size;
        const char *data = g_bytes_get_data(svg, &size);
        xmlDoc *document = xmlReadMemory(data, (int)size, NULL, NULL, XML_PARSE_NONET);
        assert_non_null(document);
        xmlFreeDoc(document);
        g_bytes_unref(svg);
        scene_free(scene);
        chart_spec_release(&spec);
    }
}

static uint32_t big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* The chunks of a PNG (ISO/IEC 15948, 5.3): nothing but header, background, pixels and end. */
static void png_has_its_size_and_no_metadata(void **state)
{
    struct chart_spec spec = quarter(CHART_DAILY_LINES);
    struct error err = {0};
    struct scene *scene = lay_out(&spec, *state);
    GBytes *png = scene_png(scene, *state, 2, &err);
    assert_non_null(png);
    gsize size;
    const unsigned char *data = g_bytes_get_data(png, &size);
    assert_memory_equal(data, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(big_endian(data + 16), 880);
    assert_int_equal(big_endian(data + 20), 480);
    for (gsize at = 8; at + 12 <= size; at += 12 + big_endian(data + at)) {
        char type[5] = {0};
        memcpy(type, data + at + 4, 4);
        if (strstr("IHDR bKGD IDAT IEND", type) == NULL)
            fail_msg("chunk %s", type);
    }
    g_bytes_unref(png);

    const double bad[] = {0, -1, NAN, INFINITY, 1000};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        assert_null(scene_png(scene, *state, bad[i], &err));
        assert_non_null(strstr(err.message, "figure fig1: scale "));
    }
    scene_free(scene);
    chart_spec_release(&spec);
}

static void two_runs_are_equal_to_the_byte(void **state)
{
    GBytes *made[2][3];
    g_unsetenv("SOURCE_DATE_EPOCH");
    for (int run = 0; run < 2; run++) {
        g_setenv("TZ", run == 0 ? "UTC" : "Pacific/Kiritimati", TRUE);
        struct error err = {0};
        struct fonts *fonts = fonts_new(&err);
        struct chart_spec spec = quarter(CHART_DAILY_LINES);
        struct scene *scene = lay_out(&spec, fonts);
        made[run][0] = scene_svg(scene, &err);
        made[run][1] = scene_png(scene, fonts, 1, &err);
        made[run][2] = scene_pdf(scene, fonts, &err);
        scene_free(scene);
        chart_spec_release(&spec);
        fonts_free(fonts);
        g_usleep(run == 0 ? 1100000 : 0); /* another second: a clock would show */
    }
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_true(g_bytes_equal(made[0][i], made[1][i]));
        g_bytes_unref(made[0][i]);
        g_bytes_unref(made[1][i]);
    }
}

static bool pdf_contains(const struct scene *scene, struct fonts *fonts, const char *text)
{
    struct error err = {0};
    GBytes *pdf = scene_pdf(scene, fonts, &err);
    gsize size;
    const char *data = g_bytes_get_data(pdf, &size);
    bool found = memmem(data, size, text, strlen(text)) != NULL;
    g_bytes_unref(pdf);
    return found;
}

static void the_pdf_is_dated_by_its_period_or_the_environment(void **state)
{
    struct chart_spec spec = quarter(CHART_DAILY_LINES);
    struct scene *scene = lay_out(&spec, *state);
    g_unsetenv("SOURCE_DATE_EPOCH");
    assert_true(pdf_contains(scene, *state, "(D:20250701000000Z")); /* the day after the last */
    g_setenv("SOURCE_DATE_EPOCH", "86399", TRUE);
    assert_true(pdf_contains(scene, *state, "(D:19700101235959Z"));
    g_unsetenv("SOURCE_DATE_EPOCH");
    scene_free(scene);
    chart_spec_release(&spec);
}

struct collected {
    GString *text;
    int calls_left;
};

static int collect(void *context, cairo_t *cr, const char *text, const char *language, double x_pt,
                   double y_pt, double size_pt, bool bold, struct error *err)
{
    struct collected *collected = context;
    assert_non_null(cr);
    assert_string_equal(language, "ja");
    assert_true(x_pt >= 0 && y_pt > 0 && size_pt >= 8);
    g_string_append_printf(collected->text, "%s%s|", bold ? "*" : "", text);
    return collected->calls_left-- > 0 ? 0 : error_set(err, ERROR_INPUT, "enough");
}

static void all_text_goes_through_the_sink(void **state)
{
    struct chart_spec spec = quarter(CHART_DAILY_LINES);
    struct scene *scene = lay_out(&spec, *state);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 10, 10);
    cairo_t *cr = cairo_create(surface);
    struct collected collected = {g_string_new(NULL), 1000};
    struct scene_text_sink sink = {collect, &collected};
    struct error err = {0};
    assert_int_equal(scene_draw_with(scene, *state, cr, &sink, &err), 0);
    assert_true(g_str_has_prefix(collected.text->str, "*Telnet宛てが最多|"));
    assert_non_null(strstr(collected.text->str, "|*Telnet|23/TCP|"));
    collected.calls_left = 2;
    assert_int_equal(scene_draw_with(scene, *state, cr, &sink, &err), -1);
    assert_string_equal(err.message, "enough");
    g_string_free(collected.text, TRUE);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    scene_free(scene);
    chart_spec_release(&spec);
}

static void drawing_on_a_broken_context_is_an_error(void **state)
{
    struct chart_spec spec = quarter(CHART_DAILY_LINES);
    struct scene *scene = lay_out(&spec, *state);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, -1, -1);
    cairo_t *cr = cairo_create(surface);
    struct error err = {0};
    assert_int_equal(scene_draw(scene, *state, cr, &err), -1);
    assert_int_equal(err.kind, ERROR_OUTPUT);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    scene_free(scene);
    chart_spec_release(&spec);
}

static void refuse_label(struct fonts *fonts, const char *label, const char *expected)
{
    struct chart_spec spec = quarter(CHART_DAILY_LINES);
    struct error err = {0};
    fixture_text(&spec.series[0].label, label);
    assert_null(chart_layout(&spec, fonts, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_string_equal(err.message, expected);
    chart_spec_release(&spec);
}

static void names_without_glyphs_are_refused(void **state)
{
    refuse_label(*state, "🎉", "figure fig1: label: the font Noto Sans CJK JP has no glyph for U+1F389 (🎉)");
    refuse_label(*state, "a\x07", "figure fig1: label: control character U+0007, expected text");
}

/* A mark that turns the direction of writing would turn what stands after the label, too. */
static void marks_of_direction_are_left_out(void **state)
{
    struct chart_spec spec = quarter(CHART_DAILY_LINES);
    fixture_text(&spec.series[0].label, "a\xE2\x80\xAE"
                                        "bc");
    struct scene *scene = lay_out(&spec, *state);
    assert_string_equal(fixture_text_of(scene, "label", 0)->text, "abc");
    scene_free(scene);
    chart_spec_release(&spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_size),
        cmocka_unit_test(svg_is_well_formed),
        cmocka_unit_test(png_has_its_size_and_no_metadata),
        cmocka_unit_test(two_runs_are_equal_to_the_byte),
        cmocka_unit_test(the_pdf_is_dated_by_its_period_or_the_environment),
        cmocka_unit_test(all_text_goes_through_the_sink),
        cmocka_unit_test(drawing_on_a_broken_context_is_an_error),
        cmocka_unit_test(names_without_glyphs_are_refused),
        cmocka_unit_test(marks_of_direction_are_left_out),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
