/* The shipped template over a small model: a sound page without any prose, and with an edition's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <libxml/parser.h>

#include "unit/model_fixture.h"

static struct page *page_of(struct fixture *fixture, struct warning_log *log)
{
    struct error err = {0};
    struct page *page =
        page_fill(&fixture->publication, &fixture->edition, &fixture->model, false, log, &err);
    if (page == NULL)
        fail_msg("%s", err.message);
    return page;
}

static char *text_of_page(const struct page *page)
{
    GBytes *bytes = page_xhtml(page);
    char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_bytes_unref(bytes);
    return text;
}

static size_t times(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part))
        count++;
    return count;
}

static void a_publication_without_prose_gets_a_whole_page(void **state)
{
    struct page *page = page_of(*state, NULL);
    char *text = text_of_page(page);
    assert_true(g_str_has_prefix(text,
                                 "<!DOCTYPE html>\n<html "
                                 "xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"ja\" xml:lang=\"ja\">"));
    assert_int_equal(times(text, "<h2><span class=\"number\">"), 2); /* 概況, データの品質 */
    assert_int_equal(times(text, "id=\"table-ports\""), 1);
    assert_int_equal(times(text, "id=\"table-regions\""), 1);
    assert_int_equal(times(text, "<figure id="), 3);
    assert_int_equal(times(text, "<details"), 3);
    assert_int_equal(times(text, "欠測</td>"), 2); /* both lines of ports-daily, once each */
    assert_int_equal(times(text, "class=\"drafted\""), 3);
    assert_int_equal(times(text, "href=\"data/ports-daily.csv\""), 1);
    assert_int_equal(times(text, "href=\"img/2025q1_report_fig3.svg\""), 1);
    assert_int_equal(times(text, "href=\"img/2025q1_report_fig3.png\""), 1);
    assert_non_null(strstr(text, "1,234,567"));
    assert_non_null(strstr(text, "東日本2：5月7日〜5月9日"));
    assert_non_null(strstr(text, "トップ10圏外"));
    assert_non_null(strstr(text, "Asia/Tokyo"));
    assert_null(strstr(text, "urn:teiten"));
    assert_null(strstr(text, "<t:"));
    assert_null(strstr(text, "<script"));
    xmlDocPtr again = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR);
    assert_non_null(again);
    xmlFreeDoc(again);
    g_free(text);
    page_free(page);
}

static void images_are_known_by_their_names(void **state)
{
    struct fixture *fixture = *state;
    struct page *page = page_of(fixture, NULL);
    assert_int_equal(page->images->len, 3);
    const struct page_image *image = page_image(page, "img/2025q1_report_fig2.svg");
    assert_non_null(image);
    assert_int_equal(image->number, 2);
    assert_ptr_equal(image->figure, &fixture->figures[1]);
    assert_null(image->picture);
    assert_null(page_image(page, "img/2025q1_report_fig9.svg"));
    assert_string_equal(page->style_name, "style.css");
    assert_non_null(strstr(page->style, "@media print"));
    page_free(page);
}

static void the_same_model_gives_the_same_bytes(void **state)
{
    struct page *page = page_of(*state, NULL);
    char *first = text_of_page(page);
    page_free(page);
    g_setenv("TZ", "Pacific/Kiritimati", TRUE);
    page = page_of(*state, NULL);
    char *second = text_of_page(page);
    assert_string_equal(first, second);
    g_free(first);
    g_free(second);
    page_free(page);
}

static void chapters_come_from_the_edition(void **state)
{
    struct fixture *fixture = *state;
    fixture_prose(fixture, "overview", "<p>はじめに。</p>");
    fixture_prose(fixture, "infected",
                  "<section id=\"infected\"><h2>機器</h2><t:figure "
                  "select=\"figures/figure[@id='telnet-sources-daily']\"/>"
                  "<p>詳しくは<t:ref to=\"request\"/>。</p></section>");
    fixture_prose(fixture, "request", "<section id=\"request\"><h2>お願い</h2><p>甲</p></section>");
    fixture_prose(fixture, "about-ports", "<p>表の説明です。</p>");
    struct page *page = page_of(fixture, NULL);
    char *text = text_of_page(page);
    assert_non_null(strstr(text, "<h2><span class=\"number\">2.</span> 機器</h2>"));
    assert_non_null(strstr(text, "<a href=\"#request\">第3章</a>"));
    assert_non_null(strstr(text, "<h2><span class=\"number\">4.</span> 集計の対象とデータの品質</h2>"));
    assert_non_null(strstr(text, "<p>はじめに。</p>"));
    assert_null(strstr(text, "本レポートは、")); /* the standing introduction makes way */
    assert_int_equal(times(text, "id=\"fig-telnet-sources-daily\""), 1);
    /* The editor's words instead of the drafted ones, for this table only. */
    assert_non_null(strstr(text, "<p>表の説明です。</p>"));
    assert_null(strstr(text, "data-rule=\"entered\""));
    assert_non_null(strstr(text, "data-rule=\"unchanged\""));
    assert_int_equal(page->images->len, 3);
    g_free(text);
    page_free(page);
}

static void other_measures_need_no_other_template(void **state)
{
    struct fixture *fixture = *state;
    fixture->model.table_count = 0;
    fixture->model.figure_count = 1;
    fixture->model.draft_count = 0;
    fixture->model.outage_count = 0;
    fixture->registries[0] = fixture->notes[0] = NULL;
    fixture->figure_definitions[0].table = NULL;
    struct page *page = page_of(fixture, NULL);
    char *text = text_of_page(page);
    assert_int_equal(times(text, "<figure id="), 1);
    assert_int_equal(times(text, "<table id="), 1); /* the bins */
    assert_null(strstr(text, "割り当て情報</h3>"));
    /* No note is left: nor is a chapter for them. */
    assert_null(strstr(text, "id=\"notes\""));
    g_free(text);
    page_free(page);
}

static void prose_that_nobody_pulls_is_warned_of(void **state)
{
    struct fixture *fixture = *state;
    struct warning_log log;
    warning_log_init(&log);
    fixture_prose(fixture, "about-nothing", "<p>x</p>");
    page_free(page_of(fixture, &log));
    assert_int_equal(log.count, 1);
    assert_non_null(strstr(log.messages->pdata[0], "editions/2025q1/about-nothing.xhtml"));
    warning_log_release(&log);
}

static void own_files_come_first_and_the_rest_is_shipped(void **state)
{
    struct fixture *fixture = *state;
    fixture_text(fixture, "mine/ja/style.css", "/* mine */");
    fixture->publication.template_folder = text_of("mine");
    struct page *page = page_of(fixture, NULL);
    assert_string_equal(page->style, "/* mine */");
    page_free(page);
    fixture->publication.template_folder = text_of("nowhere");
    struct error err = {0};
    assert_null(page_fill(&fixture->publication, &fixture->edition, &fixture->model, false, NULL, &err));
    assert_non_null(strstr(err.message, "nowhere: no such folder"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_publication_without_prose_gets_a_whole_page), CASE(images_are_known_by_their_names),
        CASE(the_same_model_gives_the_same_bytes),           CASE(chapters_come_from_the_edition),
        CASE(other_measures_need_no_other_template),         CASE(prose_that_nobody_pulls_is_warned_of),
        CASE(own_files_come_first_and_the_rest_is_shipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
