/* References to pages name the page that their target stands on, whatever that does to the pages. */
#include <libxml/parser.h>
#include <string.h>

#include "render/pages.h"
#include "render/pdf_references.h"
#include "unit/flow_fixture.h"

static struct flow *settle(struct sample *s, const char *body)
{
    struct error err = {0};
    char *text = g_strdup_printf("<html xmlns=\"http://www.w3.org/1999/xhtml\"><body>%s</body></html>", body);
    struct page page = {.model = &s->model, .images = g_ptr_array_new()};
    page.document = xmlReadMemory(text, (int)strlen(text), "page", NULL, XML_PARSE_NONET);
    assert_non_null(page.document);
    struct flow *flow = pdf_references_settle(&page, &s->template, s->fonts, &err);
    if (flow == NULL)
        fail_msg("%s", err.message);
    xmlFreeDoc(page.document);
    g_ptr_array_unref(page.images);
    g_free(text);
    return flow;
}

/* All text of the flow, and the page (from 1) of each id. */
static char *text_and_pages(const struct flow *flow, struct sample *s, GHashTable *pages)
{
    struct error err = {0};
    GString *text = g_string_new(NULL);
    GPtrArray *sheets = pages_new(flow, &s->template, &err);
    assert_non_null(sheets);
    for (guint i = 0; i < sheets->len; i++) {
        const struct sheet *sheet = sheets->pdata[i];
        for (guint k = 0; k < sheet->places->len; k++) {
            const struct flow_piece *piece = g_array_index(sheet->places, struct sheet_place, k).piece;
            for (guint n = 0; n < piece->ids->len; n++)
                g_hash_table_insert(pages, piece->ids->pdata[n], GUINT_TO_POINTER(i + 1));
            for (guint m = 0; m < piece->marks->len; m++) {
                const struct line *line = g_array_index(piece->marks, struct flow_mark, m).line;
                for (guint g = 0; line != NULL && g < line->glyphs->len; g++)
                    g_string_append(text, ((const struct line_glyphs *)line->glyphs->pdata[g])->text->str);
            }
        }
    }
    g_ptr_array_unref(sheets);
    return g_string_free(text, FALSE);
}

#define REFERENCE(id) "<a class=\"page-reference\" href=\"#" id "\">図9</a>"

static void they_name_the_page_of_their_target(void **state)
{
    /* More and more lines before the target: it crosses the end of a page. */
    for (int lines = 20; lines < 45; lines += 3) {
        GString *body =
            g_string_new("<p>これは<b id=\"first\">初め</b>で、終わりは" REFERENCE("last") "です。</p>");
        for (int i = 0; i < lines; i++)
            g_string_append(body, "<p>行</p>");
        g_string_append(body, "<p id=\"last\">初めは" REFERENCE("first") "でした。</p>");
        struct flow *flow = settle(*state, body->str);
        GHashTable *pages = g_hash_table_new(g_str_hash, g_str_equal);
        char *text = text_and_pages(flow, *state, pages);
        guint last = GPOINTER_TO_UINT(g_hash_table_lookup(pages, "last"));
        char *expected = g_strdup_printf("終わりは%uページです。", last);
        assert_int_equal(last, lines < 36 ? 1 : 2);
        assert_non_null(strstr(text, expected));
        assert_non_null(strstr(text, "初めは1ページでした。"));
        g_free(expected);
        g_free(text);
        g_hash_table_unref(pages);
        flow_free(flow);
        g_string_free(body, TRUE);
    }
}

static void other_links_keep_their_text(void **state)
{
    struct flow *flow = settle(*state, "<p id=\"a\">前の<a href=\"#a\">図9</a>と" REFERENCE("a") "。</p>");
    GHashTable *pages = g_hash_table_new(g_str_hash, g_str_equal);
    char *text = text_and_pages(flow, *state, pages);
    assert_string_equal(text, "前の図9と1ページ。");
    g_free(text);
    g_hash_table_unref(pages);
    flow_free(flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_name_the_page_of_their_target),
        cmocka_unit_test(other_links_keep_their_text),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
