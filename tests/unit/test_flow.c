/* From XHTML to pieces: lists, tables, what a page is filled with. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <libxml/parser.h>
#include <string.h>

#include "render/flow.h"

struct sample {
    struct fonts *fonts;
    struct page_template template;
    struct model model;
};

static int set_up(void **state)
{
    struct sample *s = g_new0(struct sample, 1);
    struct error err = {0};
    const char *source = g_getenv("TEITEN_SOURCE");
    g_setenv("TEITEN_DATA", source, FALSE);
    char *pages = g_build_filename(source, "templates/ja/pages.xml", NULL);
    s->fonts = fonts_new(&err);
    if (s->fonts == NULL || page_template_load(&s->template, pages, &err) != 0) {
        fail_msg("%s", err.message);
    }
    g_free(pages);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct sample *s = *state;
    page_template_release(&s->template);
    fonts_free(s->fonts);
    g_free(s);
    return 0;
}

static struct flow *try_flow(struct sample *s, const char *body, struct error *err)
{
    char *text = g_strdup_printf("<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>%s</body></html>", body);
    struct page page = {.model = &s->model, .images = g_ptr_array_new()};
    page.document = xmlReadMemory(text, (int)strlen(text), "page", NULL, XML_PARSE_NONET);
    assert_non_null(page.document);
    struct flow *flow = flow_new(&page, &s->template, s->fonts, err);
    xmlFreeDoc(page.document);
    g_ptr_array_unref(page.images);
    g_free(text);
    return flow;
}

static struct flow *make_flow(struct sample *s, const char *body)
{
    struct error err = {0};
    struct flow *flow = try_flow(s, body, &err);
    if (flow == NULL) {
        fail_msg("%s", err.message);
    }
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
        if (mark->kind != FLOW_LINE) {
            continue;
        }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_item_keeps_its_label),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
