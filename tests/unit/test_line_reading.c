/* Readings above their characters, emphasis dots: JLREQ 3.3 and 3.4. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <libxml/parser.h>
#include <math.h>
#include <string.h>

#include "render/paragraph.h"

static const double SIZE = 10;

static int set_up(void **state)
{
    struct error err = {0};
    g_setenv("TEITEN_DATA", g_getenv("TEITEN_SOURCE"), FALSE);
    *state = fonts_new(&err);
    if (*state == NULL)
        fail_msg("%s", err.message);
    return 0;
}

static int tear_down(void **state)
{
    fonts_free(*state);
    return 0;
}

/* The lines of a fragment. */
static GPtrArray *set(void *fonts, const char *fragment, double width, bool justified)
{
    char *xml = g_strdup_printf("<p>%s</p>", fragment);
    xmlDocPtr document = xmlReadMemory(xml, (int)strlen(xml), "test", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    struct line_style style = {.role = "sans", .size = SIZE};
    struct line_looks looks = {.code_role = "mono", .language = "ja"};
    struct line_text text;
    struct error err = {0};
    line_text_init(&text);
    line_text_append_children(&text, xmlDocGetRootElement(document), &style, &looks);
    struct paragraph_form form = {.width = width, .justified = justified};
    GPtrArray *lines = paragraph_set(&text, &form, fonts, "ja", "test", &err);
    if (lines == NULL)
        fail_msg("%s", err.message);
    line_text_release(&text);
    xmlFreeDoc(document);
    g_free(xml);
    return lines;
}

/* The n-th reading of a line, or what stands below it. */
static const struct line_glyphs *part_of(const struct line *line, guint number, bool is_reading)
{
    for (guint i = 0; i < line->glyphs->len; i++) {
        const struct line_glyphs *part = line->glyphs->pdata[i];
        if (part->reading == number && part->is_reading == is_reading)
            return part;
    }
    fail_msg("no part of number %u", number);
    return NULL;
}

static double glyph_x(const struct line_glyphs *part, guint i)
{
    assert_true(i < part->glyphs->len);
    return g_array_index(part->glyphs, cairo_glyph_t, i).x;
}

static void assert_near(double actual, double expected)
{
    if (fabs(actual - expected) > 0.02 * SIZE)
        fail_msg("%g, expected %g", actual, expected);
}

static void a_short_reading_is_centred_and_a_shared_one_spread(void **state)
{
    GPtrArray *lines =
        set(*state, "あ<ruby>木<rt>き</rt></ruby><ruby>木曜日<rt>もくよう</rt></ruby>", 400, false);
    const struct line *line = lines->pdata[0];
    assert_near(line->width, 5 * SIZE);
    const struct line_glyphs *one = part_of(line, 1, true), *shared = part_of(line, 2, true);
    assert_near(glyph_x(one, 0), 1.25 * SIZE);
    /* Four of half an em over three ems: a quarter of an em between them, half of it at the ends. */
    assert_near(glyph_x(shared, 0), 2.125 * SIZE);
    assert_near(glyph_x(shared, 3), 2.125 * SIZE + 3 * 0.75 * SIZE);
    double y = g_array_index(one->glyphs, cairo_glyph_t, 0).y;
    assert_near(y, -(0.88 + 0.06) * SIZE);
    assert_string_equal(shared->text->str, "もくよう");
    g_ptr_array_unref(lines);
}

/* 承る: five kana of half an em above one character reach over the kana beside it and push kanji away. */
static void a_wide_reading_reaches_over_kana_only(void **state)
{
    GPtrArray *lines = set(*state, "を<ruby>承<rt>うけたまわ</rt></ruby>る", 400, false);
    const struct line *line = lines->pdata[0];
    assert_near(line->width, (1 + 2 + 1) * SIZE); /* 2.5 em, less a quarter of an em on both sides */
    assert_near(glyph_x(part_of(line, 1, true), 0), 0.75 * SIZE);
    assert_near(glyph_x(part_of(line, 1, false), 0), 1.5 * SIZE);
    g_ptr_array_unref(lines);
    lines = set(*state, "漢<ruby>承<rt>うけたまわ</rt></ruby>る", 400, false);
    line = lines->pdata[0];
    assert_near(line->width, (1 + 2.5 + 1) * SIZE);
    assert_near(glyph_x(part_of(line, 1, true), 0), 1 * SIZE);
    g_ptr_array_unref(lines);
}

/* At every width: the reading stands on the line of its characters, and inside it. */
static void readings_stay_with_their_characters(void **state)
{
    static const char TEXT[] =
        "本報告は<ruby>定点観測<rt>ていてんかんそく</rt></ruby>の<ruby>承<rt>うけたまわ</rt></ruby>る結果を"
        "<ruby>網<rt>もう</rt>羅<rt>ら</rt></ruby>し、<ruby>Mirai<rt>ミライ</rt></"
        "ruby>の<ruby>志<rt>こころざし</rt></ruby>"
        "を<ruby>承<rt>うけたまわ</rt></ruby>り、四半期ごとに公表します。";
    for (double width = 6 * SIZE; width < 30 * SIZE; width += 0.7 * SIZE) {
        GPtrArray *lines = set(*state, TEXT, width, true);
        guint readings = 0;
        for (guint i = 0; i < lines->len; i++) {
            const struct line *line = lines->pdata[i];
            assert_true(line->width <= width + 1e-6);
            for (guint k = 0; k < line->glyphs->len; k++) {
                const struct line_glyphs *part = line->glyphs->pdata[k];
                if (!part->is_reading)
                    continue;
                readings++;
                const struct line_glyphs *below = part_of(line, part->reading, false);
                assert_true(below->text->len > 0);
                assert_true(glyph_x(part, 0) >= -1e-6);
                assert_true(glyph_x(part, part->glyphs->len - 1) + SIZE / 2 <= width + 0.05 * SIZE);
            }
        }
        assert_int_equal(readings, 7);
        g_ptr_array_unref(lines);
    }
}

static void dots_stand_above_all_but_punctuation(void **state)
{
    GPtrArray *lines = set(*state, "あ<em class=\"dots\">必ず、確認</em>", 400, false);
    const struct line *line = lines->pdata[0];
    assert_int_equal(line->dots->len, 4);
    const struct line_dot *dot = &g_array_index(line->dots, struct line_dot, 0);
    assert_near(dot->x, 1.5 * SIZE);
    assert_true(dot->y < -0.9 * SIZE && dot->y > -1.3 * SIZE);
    g_ptr_array_unref(lines);
}

/* What is corrected stays legible as such: one line through each run, one below, over the blanks in it. */
static void deleted_and_inserted_text_have_lines(void **state)
{
    GPtrArray *lines =
        set(*state, "あ<del>消した字 and</del>い<ins>足し</ins><s>古<sup>1</sup></s>", 400, false);
    const struct line *line = lines->pdata[0];
    assert_int_equal(line->strokes->len, 4); /* the raised figure has its own */
    const struct line_stroke *strokes = (const struct line_stroke *)(void *)line->strokes->data;
    assert_near(strokes[0].left, SIZE);
    assert_true(strokes[0].right > 5 * SIZE && strokes[0].y < 0);
    assert_true(strokes[1].left > strokes[0].right + 0.9 * SIZE);
    assert_near(strokes[1].right, strokes[1].left + 2 * SIZE);
    assert_true(strokes[1].y > 0);
    assert_near(strokes[2].left, strokes[1].right);
    g_ptr_array_unref(lines);
}

/* One ground behind each marked run, over blanks and raised figures; small text is smaller. */
static void marked_text_has_a_ground_and_small_text_is_small(void **state)
{
    GPtrArray *lines =
        set(*state, "あ<mark>印の字 and <b>b</b><sup>1</sup></mark>い<mark>印</mark><small>小</small>", 400,
            false);
    const struct line *line = lines->pdata[0];
    assert_int_equal(line->grounds->len, 2);
    const struct line_stroke *grounds = (const struct line_stroke *)(void *)line->grounds->data;
    assert_near(grounds[0].left, SIZE);
    assert_near(grounds[1].left, grounds[0].right + SIZE);
    assert_near(grounds[1].right, grounds[1].left + SIZE);
    assert_true(grounds[0].y < -0.88 * SIZE && grounds[0].y + grounds[0].height > 0.12 * SIZE);
    assert_int_equal(line->strokes->len, 0);
    assert_near(line->width, grounds[1].right + 0.85 * SIZE);
    g_ptr_array_unref(lines);
    lines = set(*state, "<mark>二行にわたる印の字</mark>", 5 * SIZE, false);
    assert_int_equal(lines->len, 2);
    for (guint i = 0; i < lines->len; i++)
        assert_int_equal(((const struct line *)lines->pdata[i])->grounds->len, 1);
    g_ptr_array_unref(lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_reading_is_centred_and_a_shared_one_spread),
        cmocka_unit_test(a_wide_reading_reaches_over_kana_only),
        cmocka_unit_test(readings_stay_with_their_characters),
        cmocka_unit_test(dots_stand_above_all_but_punctuation),
        cmocka_unit_test(deleted_and_inserted_text_have_lines),
        cmocka_unit_test(marked_text_has_a_ground_and_small_text_is_small),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
