/* From XHTML to pieces: lists, tables, what a page is filled with. */
#include <libxml/parser.h>
#include <string.h>

#include "render/flow.h"
#include "unit/flow_fixture.h"

static struct flow *try_flow(struct sample *s, const char *body, struct error *err)
{
    char *text = g_strdup_printf("<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>%s</body></html>", body);
    struct page page = {.model = &s->model, .images = g_ptr_array_new()};
    page.document = xmlReadMemory(text, (int)strlen(text), "page", NULL, XML_PARSE_NONET);
    assert_non_null(page.document);
    struct flow *flow = flow_new(&page, &s->template, s->fonts, NULL, err);
    xmlFreeDoc(page.document);
    g_ptr_array_unref(page.images);
    g_free(text);
    return flow;
}

static struct flow *make_flow(struct sample *s, const char *body)
{
    struct error err = {0};
    struct flow *flow = try_flow(s, body, &err);
    if (flow == NULL)
        fail_msg("%s", err.message);
    return flow;
}

static const struct flow_piece *piece_at(const struct flow *flow, guint i)
{
    assert_true(i < flow->pieces->len);
    return flow->pieces->pdata[i];
}

/* The text of a piece's lines, joined by '|'. */
static char *text_of(const struct flow_piece *piece)
{
    GString *text = g_string_new(NULL);
    for (guint m = 0; m < piece->marks->len; m++) {
        const struct flow_mark *mark = &g_array_index(piece->marks, struct flow_mark, m);
        if (mark->kind != FLOW_LINE)
            continue;
        g_string_append(text, text->len > 0 ? "|" : "");
        for (guint i = 0; i < mark->line->glyphs->len; i++) {
            const struct line_glyphs *glyphs = mark->line->glyphs->pdata[i];
            g_string_append(text, glyphs->text->str);
        }
    }
    return g_string_free(text, FALSE);
}

static void assert_text(const struct flow *flow, guint i, const char *expected)
{
    char *text = text_of(piece_at(flow, i));
    assert_string_equal(text, expected);
    g_free(text);
}

static void an_empty_item_keeps_its_label(void **state)
{
    struct flow *flow =
        make_flow(*state, "<ul><li>一</li><li/><li>三</li></ul><ol><li> </li><li><p/></li></ol>");
    static const char *const EXPECTED[] = {"•|一", "•", "•|三", "1.", "2."};
    assert_int_equal(flow->pieces->len, G_N_ELEMENTS(EXPECTED));
    for (guint i = 0; i < flow->pieces->len; i++) {
        assert_text(flow, i, EXPECTED[i]);
        assert_true(piece_at(flow, i)->height > 0);
    }
    flow_free(flow);
}

/* A table of so many rows of numbers; heads 見出し1 ... */
static char *number_table(int rows, int columns)
{
    GString *s = g_string_new("<table id=\"table-n\"><caption><span class=\"number\">表1</span> "
                              "数</caption><thead><tr>");
    for (int c = 0; c < columns; c++)
        g_string_append_printf(s, "<th>見出し%d</th>", c + 1);
    g_string_append(s, "</tr></thead><tbody>");
    for (int r = 0; r < rows; r++) {
        g_string_append(s, "<tr>");
        for (int c = 0; c < columns; c++)
            g_string_append_printf(s, "<td class=\"number\">%d,%03d</td>", r % 9 + 1, (c * 37 + r) % 1000);
        g_string_append(s, "</tr>");
    }
    g_string_append(s, "</tbody></table>");
    return g_string_free(s, FALSE);
}

static void assert_inside(const struct flow *flow)
{
    for (guint i = 0; i < flow->pieces->len; i++) {
        const struct flow_piece *piece = piece_at(flow, i);
        for (guint m = 0; m < piece->marks->len; m++) {
            const struct flow_mark *mark = &g_array_index(piece->marks, struct flow_mark, m);
            double width = mark->kind == FLOW_LINE ? mark->line->left + mark->line->width : mark->width;
            assert_true(mark->x >= -0.1 && mark->x + width <= flow->measure + 0.1);
            assert_true(mark->y <= piece->height + 0.1);
        }
    }
}

/* Gutters, heads and type give way; a number never does. */
static void a_wide_table_fits_and_breaks_no_number(void **state)
{
    for (int columns = 1; columns <= 14; columns++) {
        char *body = number_table(2, columns);
        struct flow *flow = make_flow(*state, body);
        assert_int_equal(flow->pieces->len, 1);
        char *text = text_of(piece_at(flow, 0));
        for (int c = 0; c < columns; c++) {
            char *number = g_strdup_printf("|1,%03d", c * 37);
            assert_non_null(strstr(text, number));
            g_free(number);
        }
        assert_inside(flow);
        g_free(text);
        g_free(body);
        flow_free(flow);
    }
}

static void a_table_that_fits_no_page_is_an_error(void **state)
{
    struct error err = {0};
    char *body = number_table(2, 40);
    assert_null(try_flow(*state, body, &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_non_null(strstr(err.message, "table-n: 40 columns need "));
    assert_non_null(strstr(err.message, "expected fewer columns or a wider page"));
    g_free(body);
}

/* The heads of the reference tables' seven columns: two lines at most, broken where a reader would pause. */
static void a_head_breaks_at_a_phrase(void **state)
{
    struct flow *flow = make_flow(
        *state,
        "<table><thead><tr><th>順位</th><th>宛先ポート番号</th><th>前四半期の順位</th><th>パケット数</th>"
        "<th>割合</th><th>センサー1台1日当たり</th><th>前四半期からの増減</th></tr></thead>"
        "<tbody><tr><td>1</td><td>ms-wbt-server（3389/TCP）</td><td>1</td><td>161,606</td>"
        "<td>23.6%</td><td>225.4</td><td>+26.2%(+18,781)</td></tr></tbody></table>");
    char *text = text_of(piece_at(flow, 0));
    assert_true(g_str_has_prefix(
        text,
        "順位|宛先ポート番号|前四半期|の順位|パケット数|割合|センサー1台|1日当たり|前四半期からの増減|1|"));
    assert_inside(flow);
    g_free(text);
    flow_free(flow);
}

/* Where a head has to be folded, one word of katakana stays whole and another head takes the second line. */
static void a_head_keeps_words_of_katakana(void **state)
{
    struct flow *flow = make_flow(
        *state,
        "<table><thead><tr><th>順位</th><th>地域</th><th>前四半期の順位</th><th>パケット数</th><th>割合</th>"
        "<th>前四半期からの増減</th></tr></thead>"
        "<tbody><tr><td>2</td><td>コートジボワール共和国（CI）</td><td>トップ7圏外</td><td>1,617</"
        "td><td>8.8%</td>"
        "<td>+279.6%（+1,191件）</td></tr></tbody></table>");
    char *text = text_of(piece_at(flow, 0));
    assert_true(g_str_has_prefix(text, "順位|地域|前四半期の|順位|パケット数|割合|前四半期からの増減|2|"));
    assert_inside(flow);
    g_free(text);
    flow_free(flow);
}

static void a_long_table_breaks_between_rows(void **state)
{
    char *body = number_table(200, 4);
    struct flow *flow = make_flow(*state, body);
    assert_int_equal(flow->pieces->len, 199); /* two rows stay with the head */
    assert_int_equal(flow->heads->len, 1);
    const struct flow_piece *head = flow->heads->pdata[0];
    char *text = text_of(head);
    assert_string_equal(text, "表1（続き）|見出し1|見出し2|見出し3|見出し4");
    for (guint i = 1; i < 199; i++) {
        assert_ptr_equal(piece_at(flow, i)->head, head);
        assert_true(piece_at(flow, i)->keep_next == (i == 197));
    }
    g_free(text);
    g_free(body);
    flow_free(flow);
}

/* A row that fills pages goes in slices of two lines; each line of its text stands in one of them. */
static void a_row_higher_than_a_page_is_sliced(void **state)
{
    GString *body = g_string_new("<table><tbody><tr><th>名前</th><td>");
    for (int i = 0; i < 100; i++)
        g_string_append(body, "この欄には説明の文が長く入り、列の幅に合わせて折り返されます。");
    g_string_append(body, "</td></tr></tbody></table>");
    struct flow *flow = make_flow(*state, body->str);
    assert_true(flow->pieces->len > 30);
    guint lines = 0;
    for (guint i = 0; i < flow->pieces->len; i++) {
        assert_true(piece_at(flow, i)->height < 100);
        for (guint m = 0; m < piece_at(flow, i)->marks->len; m++)
            lines += g_array_index(piece_at(flow, i)->marks, struct flow_mark, m).kind == FLOW_LINE;
    }
    assert_true(lines > 80);
    assert_inside(flow);
    g_string_free(body, TRUE);
    flow_free(flow);
}

/* However deep: every line is inside the text, and has room for some characters. */
static void deep_blocks_keep_room_for_their_text(void **state)
{
    static const char *const BLOCKS[][2] = {{"<ul><li>項", "</li></ul>"},
                                            {"<ol><li>項", "</li></ol>"},
                                            {"<dl><dt>語</dt><dd>文", "</dd></dl>"},
                                            {"<blockquote><p>文</p>", "</blockquote>"},
                                            {"<blockquote><ul><li>項", "</li></ul></blockquote>"}};
    for (size_t i = 0; i < G_N_ELEMENTS(BLOCKS); i++) {
        GString *body = g_string_new(NULL);
        for (int depth = 0; depth < 40; depth++)
            g_string_append(body, BLOCKS[i][0]);
        g_string_append(body, "<p>最も深いところの段落も、十字を超える幅に組まれます。</p>");
        for (int depth = 0; depth < 40; depth++)
            g_string_append(body, BLOCKS[i][1]);
        struct flow *flow = make_flow(*state, body->str);
        guint count = flow->pieces->len;
        assert_true(count >= 42 && count <= 84);
        assert_inside(flow);
        g_string_free(body, TRUE);
        flow_free(flow);
    }
}

static void heads_that_fill_a_page_are_rows(void **state)
{
    GString *body = g_string_new("<table><thead>");
    for (int i = 0; i < 60; i++)
        g_string_append(body, "<tr><th>見出し</th></tr>");
    g_string_append(body, "</thead></table>");
    struct flow *flow = make_flow(*state, body->str);
    assert_int_equal(flow->pieces->len, 59); /* the first two rows are one */
    g_string_free(body, TRUE);
    flow_free(flow);
}

/* Where no rule allows a break, the rules give way rather than the margin. */
static void nothing_is_wider_than_the_text(void **state)
{
    static const char *const TEXTS[] = {"。", "（", "ー", "…", "A", "％", "（a）"};
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        GString *body = g_string_new("<p>");
        for (int k = 0; k < 300; k++)
            g_string_append(body, TEXTS[i]);
        g_string_append(body, "</p>");
        struct flow *flow = make_flow(*state, body->str);
        assert_true(flow->pieces->len > 2);
        assert_inside(flow);
        g_string_free(body, TRUE);
        flow_free(flow);
    }
}

/* A rule across the text, of no element: readers of the PDF pass over it. */
static void a_break_between_themes_is_a_rule(void **state)
{
    struct flow *flow = make_flow(*state, "<p>前</p><hr id=\"pause\"/><p>後</p>");
    assert_int_equal(flow->pieces->len, 3);
    const struct flow_piece *piece = piece_at(flow, 1);
    assert_int_equal(piece->marks->len, 1);
    const struct flow_mark *rule = &g_array_index(piece->marks, struct flow_mark, 0);
    assert_int_equal(rule->kind, FLOW_RULE);
    assert_null(rule->tag);
    assert_true(rule->width == flow->measure && rule->height < 1);
    assert_true(rule->y > 0 && rule->y < piece->height);
    assert_true(g_hash_table_contains(flow->ids, "pause"));
    flow_free(flow);
}

static void a_reading_wider_than_a_line_is_an_error(void **state)
{
    GString *body = g_string_new("<p>文<ruby>短<rt>");
    for (int k = 0; k < 50; k++)
        g_string_append(body, "よみ");
    g_string_append(body, "</rt></ruby></p>");
    struct error err = {0};
    assert_null(try_flow(*state, body->str, &err));
    assert_non_null(strstr(err.message, "fill more than a line, expected a <ruby> of shorter parts"));
    g_string_free(body, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deep_blocks_keep_room_for_their_text),
        cmocka_unit_test(heads_that_fill_a_page_are_rows),
        cmocka_unit_test(nothing_is_wider_than_the_text),
        cmocka_unit_test(a_break_between_themes_is_a_rule),
        cmocka_unit_test(a_reading_wider_than_a_line_is_an_error),
        cmocka_unit_test(a_wide_table_fits_and_breaks_no_number),
        cmocka_unit_test(a_table_that_fits_no_page_is_an_error),
        cmocka_unit_test(a_head_breaks_at_a_phrase),
        cmocka_unit_test(a_head_keeps_words_of_katakana),
        cmocka_unit_test(a_long_table_breaks_between_rows),
        cmocka_unit_test(a_row_higher_than_a_page_is_sliced),
        cmocka_unit_test(an_empty_item_keeps_its_label),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
