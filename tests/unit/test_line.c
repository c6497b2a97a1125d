/* Japanese lines: where they break, and what stands between two characters. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "chart/fonts.h"
#include "render/line_break.h"
#include "render/line_class.h"
#include "render/paragraph.h"

static const double SIZE = 10;

static void assert_close(double actual, double expected)
{
    if (fabs(actual - expected) > 1e-6)
        fail_msg("%g, expected %g", actual, expected);
}

/* ---- the engine ---- */

static struct line_item box(double width)
{
    return (struct line_item){.kind = LINE_BOX, .width = width, .cluster = LINE_NO_CLUSTER};
}

static struct line_item glue(double width, double stretch, double limit, double shrink)
{
    return (struct line_item){
        .kind = LINE_GLUE, .width = width, .stretch = stretch, .stretch_limit = limit, .shrink = shrink};
}

static struct line_item penalty(int cost)
{
    return (struct line_item){.kind = LINE_PENALTY, .cost = cost};
}

static const struct line_extent *extent(GArray *lines, guint i)
{
    return &g_array_index(lines, struct line_extent, i);
}

/* Squares of 10 with glue between: a row of n. */
static GArray *squares(size_t n, double stretch, double limit, double shrink)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct line_item));
    for (size_t i = 0; i < n; i++) {
        struct line_item item = glue(0, stretch, limit, shrink);
        if (i > 0)
            g_array_append_val(items, item);
        item = box(10);
        g_array_append_val(items, item);
    }
    return items;
}

static GArray *break_items(GArray *items, struct line_measure measure)
{
    return line_break(&g_array_index(items, struct line_item, 0), items->len, &measure);
}

static void lines_that_fit_exactly_need_no_stretch(void **state)
{
    (void)state;
    GArray *items = squares(10, 1, 2.5, 0);
    GArray *lines = break_items(items, (struct line_measure){.width = 50, .justified = true});
    assert_int_equal(lines->len, 2);
    assert_int_equal(extent(lines, 0)->first, 0);
    assert_int_equal(extent(lines, 0)->end, 9); /* five boxes, four glues */
    assert_int_equal(extent(lines, 1)->first, 10);
    assert_close(extent(lines, 0)->width, 50);
    assert_close(extent(lines, 0)->ratio, 0);
    g_array_unref(lines);
    g_array_unref(items);
}

static void stretch_fills_the_measure_and_stops_at_the_limit(void **state)
{
    (void)state;
    /* Four boxes in 44: three gaps of 4/3 each. */
    GArray *items = squares(8, 1, 2.5, 0);
    GArray *lines = break_items(items, (struct line_measure){.width = 44, .justified = true});
    assert_close(extent(lines, 0)->width, 44);
    struct line_item *gap = &g_array_index(items, struct line_item, 1);
    assert_close(line_glue_width(gap, extent(lines, 0)->ratio), 4.0 / 3);
    g_array_unref(lines);
    g_array_unref(items);
    /* Four boxes in 49 would need gaps of 3: the limit is 2.5, so the line stays short, at its natural width.
     */
    items = squares(8, 1, 2.5, 0);
    lines = break_items(items, (struct line_measure){.width = 49, .justified = true});
    assert_close(extent(lines, 0)->width, 40);
    g_array_unref(lines);
    g_array_unref(items);
}

static void glue_at_its_limit_leaves_the_rest_to_the_others(void **state)
{
    (void)state;
    /* 30 of boxes in 34: 4 to share; one gap stops at 1, the other takes 3. */
    struct line_item items[] = {box(10), glue(0, 1, 1, 0), box(10),          glue(0, 1, 5, 0),
                                box(10), penalty(0),       glue(0, 1, 5, 0), box(10)};
    GArray *lines =
        line_break(items, G_N_ELEMENTS(items), &(struct line_measure){.width = 34, .justified = true});
    assert_int_equal(lines->len, 2);
    assert_close(extent(lines, 0)->width, 34);
    assert_close(line_glue_width(&items[1], extent(lines, 0)->ratio), 1);
    assert_close(line_glue_width(&items[3], extent(lines, 0)->ratio), 3);
    g_array_unref(lines);
}

static void shrink_is_never_exceeded(void **state)
{
    (void)state;
    /* 50 of boxes and 5 of glue that shrinks by 1 in 54: fits. In 53.9: does not, and one box goes down. */
    for (int i = 0; i < 2; i++) {
        struct line_item items[] = {box(25), glue(5, 0, 0, 1), box(25), glue(5, 0, 0, 1), box(25)};
        GArray *lines = line_break(items, G_N_ELEMENTS(items),
                                   &(struct line_measure){.width = i == 0 ? 54 : 53.9, .justified = true});
        assert_int_equal(extent(lines, 0)->end, i == 0 ? 3 : 1);
        assert_true(extent(lines, 0)->width <= (i == 0 ? 54 : 53.9) + 1e-6);
        g_array_unref(lines);
    }
}

static void forbidden_and_forced_breaks(void **state)
{
    (void)state;
    struct line_item items[] = {
        box(10), glue(0, 1, 9, 0),     box(10), penalty(LINE_FORBIDDEN), glue(0, 1, 9, 0),
        box(10), penalty(LINE_FORCED), box(10)};
    GArray *lines =
        line_break(items, G_N_ELEMENTS(items), &(struct line_measure){.width = 25, .justified = true});
    assert_int_equal(lines->len, 3); /* 10 | 10 10 forbidden to part | forced | 10 */
    assert_int_equal(extent(lines, 0)->end, 1);
    assert_int_equal(extent(lines, 1)->first, 2);
    assert_int_equal(extent(lines, 1)->end, 6);
    assert_int_equal(extent(lines, 2)->first, 7);
    g_array_unref(lines);
}

static void a_short_last_line_is_avoided(void **state)
{
    (void)state;
    GArray *items = squares(11, 2, 4, 0);
    GArray *lines = break_items(items, (struct line_measure){.width = 100, .justified = true});
    assert_close(extent(lines, lines->len - 1)->width, 10); /* ten and one, when nobody minds */
    g_array_unref(lines);
    lines = break_items(items, (struct line_measure){.width = 100, .justified = true, .last_line_least = 30});
    assert_int_equal(lines->len, 2);
    assert_true(extent(lines, 1)->width >= 30);
    assert_true(extent(lines, 0)->width <= 100 + 1e-6);
    g_array_unref(lines);
    g_array_unref(items);
}

static void only_a_single_box_is_wider_than_the_measure(void **state)
{
    (void)state;
    struct line_item items[] = {box(10), glue(3, 1, 1, 0), box(60), glue(3, 1, 1, 0), box(10)};
    GArray *lines =
        line_break(items, G_N_ELEMENTS(items), &(struct line_measure){.width = 50, .justified = true});
    assert_int_equal(lines->len, 3);
    assert_close(extent(lines, 1)->width, 60);
    g_array_unref(lines);
    assert_int_equal(0, (lines = line_break(items, 0, &(struct line_measure){.width = 50}))->len);
    g_array_unref(lines);
}

/* ---- the classes ---- */

static struct line_gap gap_of(const char *pair)
{
    gunichar before = g_utf8_get_char(pair), after = g_utf8_get_char(g_utf8_next_char(pair));
    return line_class_gap(line_class_of(before), line_class_of(after));
}

static void punctuation_shares_its_space(void **state)
{
    (void)state;
    static const struct {
        const char *pair;
        double em;
    } expected[] = {{"漢字", 0}, {"、漢", 0.5},  {"。漢", 0.5},  {"漢（", 0.5},    {"（漢", 0},
                    {"漢）", 0}, {"）（", 0.5},  {"、「", 0.5},  {"）、", 0},      {"」。", 0},
                    {"「『", 0}, {"漢・", 0.25}, {"・漢", 0.25}, {"漢a", 1.0 / 6}, {"9年", 1.0 / 6},
                    {"4〜", 0},  {"、a", 0.5},   {"a（", 0.5},   {"漢ー", 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        double width = gap_of(expected[i].pair).width;
        if (fabs(width - expected[i].em) > 1e-9)
            fail_msg("%s: %g em, expected %g", expected[i].pair, width, expected[i].em);
    }
}

static const char NEVER_FIRST[] =
    "、。，．・：；！？）」』】〉》〕ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〜";
static const char NEVER_LAST[] = "（「『【〈《〔";

static void no_break_before_or_after_those(void **state)
{
    (void)state;
    for (const char *p = NEVER_FIRST; *p != '\0'; p = g_utf8_next_char(p)) {
        assert_false(line_class_gap(LINE_CLASS_IDEOGRAPH, line_class_of(g_utf8_get_char(p))).breakable);
        assert_false(line_class_gap(LINE_CLASS_LATIN, line_class_of(g_utf8_get_char(p))).breakable);
    }
    for (const char *p = NEVER_LAST; *p != '\0'; p = g_utf8_next_char(p)) {
        assert_false(line_class_gap(line_class_of(g_utf8_get_char(p)), LINE_CLASS_IDEOGRAPH).breakable);
        assert_false(line_class_gap(line_class_of(g_utf8_get_char(p)), LINE_CLASS_LATIN).breakable);
    }
    assert_true(gap_of("漢字").breakable);
    assert_true(gap_of("、漢").breakable);
    assert_true(gap_of("漢「").breakable);
    assert_false(gap_of("……").breakable);
}

static void no_gap_may_grow_beyond_a_quarter(void **state)
{
    (void)state;
    for (int a = LINE_CLASS_IDEOGRAPH; a <= LINE_CLASS_IDEOGRAPHIC_SPACE; a++) {
        for (int b = LINE_CLASS_IDEOGRAPH; b <= LINE_CLASS_IDEOGRAPHIC_SPACE; b++) {
            struct line_gap gap = line_class_gap((enum line_class)a, (enum line_class)b);
            assert_true(gap.stretch_limit <= 0.25 && gap.shrink <= gap.width);
        }
    }
    struct line_gap latin = gap_of("漢a");
    assert_true(latin.stretch_limit <= 0.08 && latin.shrink <= 0.08);
}

/* ---- paragraphs, with fonts ---- */

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

static struct fonts *open_fonts(void)
{
    const char *source = g_getenv("TEITEN_SOURCE");
    g_setenv("TEITEN_DATA", source != NULL ? source : "..", TRUE);
    struct error err = {0};
    struct fonts *fonts = fonts_new(&err);
    if (fonts == NULL)
        fail_msg("%s", err.message);
    return fonts;
}

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
    if (starts_with_one_of(text + line->start, NEVER_FIRST) || starts_with_one_of(last, NEVER_LAST))
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

static int set_up(void **state)
{
    *state = open_fonts();
    return 0;
}

static int tear_down(void **state)
{
    fonts_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_fit_exactly_need_no_stretch),
        cmocka_unit_test(stretch_fills_the_measure_and_stops_at_the_limit),
        cmocka_unit_test(glue_at_its_limit_leaves_the_rest_to_the_others),
        cmocka_unit_test(shrink_is_never_exceeded),
        cmocka_unit_test(forbidden_and_forced_breaks),
        cmocka_unit_test(a_short_last_line_is_avoided),
        cmocka_unit_test(only_a_single_box_is_wider_than_the_measure),
        cmocka_unit_test(punctuation_shares_its_space),
        cmocka_unit_test(no_break_before_or_after_those),
        cmocka_unit_test(no_gap_may_grow_beyond_a_quarter),
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
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
