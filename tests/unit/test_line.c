/* Japanese lines: paragraphs set in the real fonts. */
#include <math.h>
#include <string.h>

#include "render/line_break.h"
#include "render/line_class.h"
#include "render/paragraph.h"
#include "unit/font_fixture.h"
#include "unit/line_check.h"

static const double SIZE = 10;

static const char *const PARAGRAPHS[] = {
    "観測用のセンサー（装置）を複数の地点に置いて、TCPやUDPの宛先ポートごとに、届いたパケットを毎日数えていま"
    "す。「数える」とは、"
    "受け取ったパケットを一つずつ記録し、日付・宛先・送信元の三つで分けることです。ちょっとした違いも、あとか"
    "ら確かめられるように、"
    "生の記録を残しておきます。",
    "管理画面がインターネットから見えている機器は、初期設定のままのパスワードで使われていることがあります。そ"
    "のような機器は、見つけられて"
    "から数分のうちに不正な命令を受け取り、さらに別の機器を探し始めるようになります。ルーター、ビデオレコーダ"
    "ー、ネットワークカメラなどで"
    "更新が止まっているものは、早めに取り替えてください！",
    "23/TCP、80/TCP、443/TCP、8728/"
    "TCPの四つを比べると、前の四半期から順位が入れ替わったのは二つでした（表1、図1）。増えたのは約12.5%、"
    "減ったのは約3.0%です。詳しい数は https://www.example.org/reports/2025q1/data/ports-daily.csv "
    "にあります。",
    "拗音や促音（しゃ・しゅ・しょ・きっと・ティー・フェア・ウォン）、長音のパケットキャプチャー、人々、4〜6月"
    "！？）」』】のような文字が、どこで折り返しても行の先頭に来ないことを、"
    "『何度でも』（幅を変えながら）"
    "【繰り返し】確かめます。「（『【のような文字は、行の末尾に残ってはいけません。",
};

static GPtrArray *set_text(struct fonts *fonts, const char *string, struct paragraph_form form,
                           struct error *err)
{
    struct line_style style = {.role = "sans", .size = SIZE};
    struct line_text text;
    line_text_init(&text);
    line_text_append(&text, &style, string);
    GPtrArray *lines = paragraph_set(&text, &form, fonts, "ja", "test", err);
    line_text_release(&text);
    return lines;
}

static bool starts_with_one_of(const char *text, const char *set)
{
    for (const char *p = set; *p != '\0'; p = g_utf8_next_char(p))
        if (strncmp(text, p, (size_t)(g_utf8_next_char(p) - p)) == 0)
            return true;
    return false;
}

static void check_kinsoku(const char *text, const struct line *line, double ems)
{
    const char *last = g_utf8_find_prev_char(text, text + line->end);
    if (starts_with_one_of(text + line->start, never_first) || starts_with_one_of(last, never_last))
        fail_msg("%g em: a line reads %.*s", ems, (int)(line->end - line->start), text + line->start);
}

static void kinsoku_and_measure_hold_at_every_width(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(PARAGRAPHS); i++) {
        for (double ems = 16; ems <= 44; ems += 1.37) {
            GPtrArray *lines = set_text(
                fonts, PARAGRAPHS[i],
                (struct paragraph_form){
                    .width = ems * SIZE, .indent = SIZE, .last_line_least = 3 * SIZE, .justified = true},
                &err);
            assert_non_null(lines);
            for (guint k = 0; k < lines->len; k++) {
                const struct line *line = lines->pdata[k];
                check_kinsoku(PARAGRAPHS[i], line, ems);
                assert_true(line->left + line->width <= ems * SIZE + 1e-6);
            }
            const struct line *last = lines->pdata[lines->len - 1];
            if (g_utf8_strlen(PARAGRAPHS[i] + last->start, (gssize)(last->end - last->start)) < 3) {
                fail_msg("paragraph %zu, %g em: last line %.*s", i, ems, (int)(last->end - last->start),
                         PARAGRAPHS[i] + last->start);
            }
            g_ptr_array_unref(lines);
        }
    }
}

/* At the report's 40 characters, every line but the last is full, and hardly any space is added. */
static void forty_characters_are_full_and_even(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(PARAGRAPHS); i++) {
        GPtrArray *lines =
            set_text(fonts, PARAGRAPHS[i],
                     (struct paragraph_form){
                         .width = 40 * SIZE, .indent = SIZE, .last_line_least = 3 * SIZE, .justified = true},
                     &err);
        assert_true(lines->len >= 2);
        for (guint k = 0; k + 1 < lines->len; k++) {
            const struct line *line = lines->pdata[k];
            assert_close(line->left + line->width, 40 * SIZE);
            double added = line_glue_width(
                &(struct line_item){.stretch =
                                        line_class_gap(LINE_CLASS_IDEOGRAPH, LINE_CLASS_IDEOGRAPH).stretch,
                                    .stretch_limit = 0.25},
                fmax(line->ratio, 0));
            if (added > 0.10)
                fail_msg("paragraph %zu, line %u: %.3f em added between characters", i, k, added);
        }
        g_ptr_array_unref(lines);
    }
}

static void lines_carry_their_text(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(PARAGRAPHS); i++) {
        GPtrArray *lines =
            set_text(fonts, PARAGRAPHS[i], (struct paragraph_form){.width = 300, .justified = true}, &err);
        GString *read = g_string_new(NULL);
        for (guint k = 0; k < lines->len; k++) {
            const struct line *line = lines->pdata[k];
            for (guint g = 0; g < line->glyphs->len; g++) {
                const struct line_glyphs *run = line->glyphs->pdata[g];
                int bytes = 0, glyphs = 0;
                for (guint c = 0; c < run->clusters->len; c++) {
                    bytes += g_array_index(run->clusters, cairo_text_cluster_t, c).num_bytes;
                    glyphs += g_array_index(run->clusters, cairo_text_cluster_t, c).num_glyphs;
                }
                assert_int_equal(bytes, run->text->len);
                assert_int_equal(glyphs, run->glyphs->len);
                g_string_append(read, run->text->str);
            }
        }
        /* Spaces at the lines' ends are gone. */
        char **words = g_strsplit(PARAGRAPHS[i], " ", -1), **read_words = g_strsplit(read->str, " ", -1);
        char *expected = g_strjoinv("", words), *actual = g_strjoinv("", read_words);
        assert_string_equal(actual, expected);
        g_free(expected);
        g_free(actual);
        g_strfreev(words);
        g_strfreev(read_words);
        g_string_free(read, TRUE);
        g_ptr_array_unref(lines);
    }
}

static unsigned long first_glyph_of(GPtrArray *lines)
{
    const struct line *line = lines->pdata[0];
    const struct line_glyphs *run = line->glyphs->pdata[0];
    return g_array_index(run->glyphs, cairo_glyph_t, 0).index;
}

/* The font has pairs of kana that it would draw closer together. */
static void kana_fill_their_squares(void **state)
{
    struct error err = {0};
    GPtrArray *lines = set_text(*state, "ファームわれてあり", (struct paragraph_form){.width = 300}, &err);
    assert_int_equal(lines->len, 1);
    assert_close(((const struct line *)lines->pdata[0])->width, 9 * SIZE);
    g_ptr_array_unref(lines);
}

static void digits_look_alike_beside_every_script(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    struct paragraph_form form = {.width = 300};
    GPtrArray *latin = set_text(fonts, "4 ports", form, &err), *japanese = set_text(fonts, "4月", form, &err);
    assert_int_equal(first_glyph_of(latin), first_glyph_of(japanese));
    g_ptr_array_unref(latin);
    g_ptr_array_unref(japanese);
}

static void a_number_stays_with_its_figure(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    for (double width = 40; width < 120; width += 3) {
        GPtrArray *lines = set_text(fonts, "その推移は図12と表 3に示します。",
                                    (struct paragraph_form){.width = width}, &err);
        for (guint k = 0; k < lines->len; k++) {
            const struct line *line = lines->pdata[k];
            const char *start = "その推移は図12と表 3に示します。" + line->start;
            assert_false(g_str_has_prefix(start, "12") || g_str_has_prefix(start, "3"));
        }
        g_ptr_array_unref(lines);
    }
}

static void addresses_break_at_sensible_places(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    static const char ADDRESS[] =
        "https://www.example.org/assignments/service-names/service-names-port-numbers.xhtml?page=2&sort=port";
    GPtrArray *lines = set_text(fonts, ADDRESS, (struct paragraph_form){.width = 180}, &err);
    assert_true(lines->len >= 2);
    for (guint k = 1; k < lines->len; k++) {
        const struct line *line = lines->pdata[k];
        const char *start = ADDRESS + line->start;
        assert_true(strchr("/-_=&?", start[-1]) != NULL || strchr(".?&#", start[0]) != NULL);
    }
    g_ptr_array_unref(lines);
    lines = set_text(fonts, "pneumonoultramicroscopicsilicovolcanoconiosis",
                     (struct paragraph_form){.width = 100}, &err);
    for (guint k = 0; k < lines->len; k++) {
        const struct line *line = lines->pdata[k];
        assert_true(line->width <= 100 + 1e-6); /* a word that fits no line is broken where it must */
    }
    g_ptr_array_unref(lines);
}

/* An entry of a bibliography: blanks as wide as elsewhere, all lines ragged. Prose that fits well is
 * justified. */
static void western_lines_have_no_holes(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    static const char ENTRY[] =
        "Number Resource Organization, RIR Statistics, https://www.nro.net/about/rirs/statistics/";
    static const char FITTING[] =
        "Internet Engineering Task Force, Transmission Control Protocol (TCP), RFC 9293, "
        "https://www.rfc-editor.org/info/rfc9293";
    static const char PROSE[] =
        "The sensors record every packet that arrives, and the report counts them by day "
        "and by port. Most of them are sent by programs that look for open services.";
    struct paragraph_form form = {.width = 40 * SIZE, .justified = true};
    GPtrArray *lines = set_text(fonts, ENTRY, form, &err);
    assert_int_equal(lines->len, 2);
    for (guint k = 0; k < lines->len; k++)
        assert_true(fabs(((const struct line *)lines->pdata[k])->ratio) < 1e-6);
    g_ptr_array_unref(lines);
    lines = set_text(fonts, FITTING, form, &err);
    assert_int_equal(lines->len, 2);
    assert_true(fabs(((const struct line *)lines->pdata[0])->ratio) < 1e-6);
    g_ptr_array_unref(lines);
    lines = set_text(fonts, PROSE, form, &err);
    assert_int_equal(lines->len, 2);
    assert_close(((const struct line *)lines->pdata[0])->width, 40 * SIZE);
    g_ptr_array_unref(lines);
}

static void titles_break_where_a_reader_pauses(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    static const struct {
        const char *title;
        double ems;
        const char *second;
    } CASES[] = {
        {"前四半期の順位", 4.5, "の順位"}, /* the pause does not fit */
        {"前四半期の順位", 5, "順位"},
        {"国内から宛てられたパケット数の推移", 12, "パケット数の推移"},
        {"インターネット定点観測レポート", 10, "定点観測レポート"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        struct paragraph_form form = {.width = CASES[i].ems * SIZE, .phrases = true};
        GPtrArray *lines = set_text(fonts, CASES[i].title, form, &err);
        assert_int_equal(lines->len, 2);
        assert_string_equal(CASES[i].title + ((const struct line *)lines->pdata[1])->start, CASES[i].second);
        g_ptr_array_unref(lines);
    }
}

static void line_feeds_of_the_source_are_no_blanks(void **state)
{
    (void)state;
    struct line_style style = {.role = "sans", .size = SIZE};
    struct line_text text;
    line_text_init(&text);
    line_text_append(&text, &style, "  日本語の\n    文と\nLatin\n  words と  空白 ");
    assert_string_equal(text.text->str, "日本語の文とLatin words と 空白");
    line_text_release(&text);
}

static void a_non_breaking_blank_indents_a_line(void **state)
{
    struct error err = {0};
    GPtrArray *flush = set_text(*state, "a", (struct paragraph_form){.width = 300}, &err);
    GPtrArray *indented = set_text(*state, "\u00A0\u00A0a", (struct paragraph_form){.width = 300}, &err);
    double blank =
        ((const struct line *)indented->pdata[0])->width - ((const struct line *)flush->pdata[0])->width;
    assert_true(blank > 0.2 * 2 * SIZE && blank < 0.7 * 2 * SIZE);
    g_ptr_array_unref(indented);
    g_ptr_array_unref(flush);
}

static void a_missing_glyph_is_an_error(void **state)
{
    struct fonts *fonts = *state;
    struct error err = {0};
    assert_null(set_text(fonts, "字のない𓀀文字", (struct paragraph_form){.width = 300}, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.message, "U+13000"));
    assert_non_null(strstr(err.message, "字のない"));
    assert_non_null(strstr(err.message, fonts_family("sans")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinsoku_and_measure_hold_at_every_width),
        cmocka_unit_test(forty_characters_are_full_and_even),
        cmocka_unit_test(lines_carry_their_text),
        cmocka_unit_test(kana_fill_their_squares),
        cmocka_unit_test(digits_look_alike_beside_every_script),
        cmocka_unit_test(a_number_stays_with_its_figure),
        cmocka_unit_test(addresses_break_at_sensible_places),
        cmocka_unit_test(western_lines_have_no_holes),
        cmocka_unit_test(titles_break_where_a_reader_pauses),
        cmocka_unit_test(line_feeds_of_the_source_are_no_blanks),
        cmocka_unit_test(a_non_breaking_blank_indents_a_line),
        cmocka_unit_test(a_missing_glyph_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
