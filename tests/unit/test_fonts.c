#include <math.h>
#include <string.h>

#include <glib/gstdio.h>

#include "unit/chart_fixture.h"
#include "unit/font_fixture.h"

#include "chart/fonts.h"
#include "chart/text_line.h"

static void every_role_is_its_own_family(void **state)
{
    struct fonts *fonts = *state;
    const char *const roles[] = {"sans", "serif", "mono"};
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        for (int bold = 0; bold < 2; bold++) {
            PangoContext *context = fonts_context(fonts, "ja");
            PangoFontDescription *wanted = fonts_describe(roles[i], 10.5, bold);
            PangoFont *font = pango_context_load_font(context, wanted);
            PangoFontDescription *got = pango_font_describe(font);
            assert_string_equal(pango_font_description_get_family(got), fonts_family(roles[i]));
            assert_int_equal(pango_font_description_get_weight(got),
                             bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
            pango_font_description_free(got);
            pango_font_description_free(wanted);
            g_object_unref(font);
            g_object_unref(context);
        }
}

static void widths_are_exact(void **state)
{
    struct fonts *fonts = *state;
    /* Japanese characters are one em wide. */
    assert_true(fabs(fonts_text_width(fonts, "ja", "観測", 8, false) - 16) < 1e-6);
    assert_true(fabs(fonts_text_width(fonts, "ja", "観測", 10.5, true) - 21) < 1e-6);
    /* Nothing is rounded to pixels: ten times the size is ten times the width (to pango's 1/1024 a glyph). */
    double small = fonts_text_width(fonts, "ja", "Telnet 23/TCP", 8, false);
    assert_true(fabs(10 * small - fonts_text_width(fonts, "ja", "Telnet 23/TCP", 80, false)) <
                13 * 10 / 1024.0);
    assert_true(fonts_text_width(fonts, "ja", "Telnet", 8, true) >
                fonts_text_width(fonts, "ja", "Telnet", 8, false));
    assert_true(fonts_text_width(fonts, "ja", "", 8, false) == 0);
}

/* All of a line has the line's language, digits beside Latin letters and beside Japanese ones alike. */
static void one_language_a_line(void **state)
{
    PangoContext *context = fonts_context(*state, "ja");
    PangoFontDescription *description = fonts_describe("sans", 8, false);
    struct text_line line;
    text_line_shape(&line, context, "宛23TCP 23 שלום", description);
    guint runs = 0;
    for (GSList *link = line.runs; link != NULL; link = link->next, runs++) {
        const PangoGlyphItem *run = link->data;
        assert_string_equal(pango_language_to_string(run->item->analysis.language), "ja");
    }
    assert_true(runs >= 2);
    text_line_release(&line);
    text_line_release(&line); /* safe on a released one */
    pango_font_description_free(description);
    g_object_unref(context);
}

static void check(struct fonts *fonts, const char *text, const char *expected)
{
    struct error err = {0};
    int status = fonts_check_text(fonts, text, "sans", "figure fig1", &err);
    assert_int_equal(status, expected == NULL ? 0 : -1);
    assert_string_equal(err.message, expected == NULL ? "" : expected);
}

static void characters_without_glyph_are_named(void **state)
{
    struct fonts *fonts = *state;
    check(fonts, "", NULL);
    check(fonts, "Telnet(23/TCP)宛のパケット数 髙﨑 ①", NULL);
    check(fonts, "か\xE3\x82\x99", NULL);                 /* ka and the mark that makes it ga */
    check(fonts, "a\n\tb\xE2\x80\x8B\xE2\x80\x8E", NULL); /* they steer, and show nothing */
    check(fonts, "祭り🎉", "figure fig1: the font Noto Sans CJK JP has no glyph for U+1F389 (🎉)");
    check(fonts, "שלום", "figure fig1: the font Noto Sans CJK JP has no glyph for U+05E9 (ש)");
    check(fonts, "a\x01", "figure fig1: control character U+0001, expected text");
    check(fonts, "ab\xFF", "figure fig1: byte 3 is not UTF-8");
}

static void a_missing_family_names_the_package(void **state)
{
    (void)state;
    char *data = g_dir_make_tmp("teiten-fonts-XXXXXX", NULL);
    char *folder = g_build_filename(data, "fonts", NULL);
    char *conf = g_build_filename(folder, "fonts.conf", NULL);
    char *old = g_strdup(g_getenv("TEITEN_DATA"));
    assert_int_equal(g_mkdir(folder, 0755), 0);
    g_setenv("TEITEN_DATA", data, TRUE);
    struct error err = {0};

    assert_true(g_file_set_contents(conf, "<fontconfig><dir>/nonexistent</dir></fontconfig>", -1, NULL));
    assert_null(fonts_new(&err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_string_equal(err.message,
                        "fonts: the family Noto Sans CJK JP is not installed, expected the Debian "
                        "package fonts-noto-cjk");
    assert_true(g_file_set_contents(conf, "no XML", -1, NULL));
    assert_null(fonts_new(&err));
    assert_non_null(strstr(err.message, "fonts.conf: cannot be read as a fontconfig file"));

    g_setenv("TEITEN_DATA", old, TRUE);
    g_unlink(conf);
    g_rmdir(folder);
    g_rmdir(data);
    g_free(old);
    g_free(conf);
    g_free(folder);
    g_free(data);
}

static void no_cache_is_no_error(void **state)
{
    (void)state;
    char *old = g_strdup(g_getenv("XDG_CACHE_HOME"));
    struct error err = {0};
    g_setenv("XDG_CACHE_HOME", "/proc/nonexistent", TRUE);
    struct fonts *fonts = fonts_new(&err);
    assert_non_null(fonts);
    fonts_free(fonts);
    if (old != NULL)
        g_setenv("XDG_CACHE_HOME", old, TRUE);
    else
        g_unsetenv("XDG_CACHE_HOME");
    g_free(old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_is_its_own_family),
        cmocka_unit_test(widths_are_exact),
        cmocka_unit_test(one_language_a_line),
        cmocka_unit_test(characters_without_glyph_are_named),
        cmocka_unit_test(a_missing_family_names_the_package),
        cmocka_unit_test(no_cache_is_no_error),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
