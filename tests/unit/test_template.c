/* The template language: each element once, and each mistake with its file and line. The body of a fixture's
 * template starts on line 3. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <unistd.h>

#include "unit/model_fixture.h"

/* 1 x 1 pixel, grey. */
static const unsigned char png[] = {
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3A, 0x7E, 0x9B, 0x55, 0x00,
    0x00, 0x00, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01,
    0x48, 0xAF, 0xA4, 0x71, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82};

/* The page's text; fails the test when there is none. Owned by the caller. */
static char *filled(struct fixture *fixture, bool draft)
{
    struct error err = {0};
    struct page *page =
        page_fill(&fixture->publication, &fixture->edition, &fixture->model, draft, NULL, &err);
    if (page == NULL)
        fail_msg("%s", err.message);
    GBytes *bytes = page_xhtml(page);
    char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_bytes_unref(bytes);
    page_free(page);
    return text;
}

static void assert_fill(struct fixture *fixture, const char *body, const char *expected)
{
    fixture_template(fixture, body);
    char *text = filled(fixture, false);
    if (strstr(text, expected) == NULL)
        fail_msg("expected %s in:\n%s", expected, text);
    g_free(text);
}

/* Every part, NULL-terminated, must stand in the error. */
static void assert_refused(struct fixture *fixture, const char *body, const char *const parts[])
{
    fixture_template(fixture, body);
    struct error err = {0};
    struct page *page =
        page_fill(&fixture->publication, &fixture->edition, &fixture->model, false, NULL, &err);
    assert_null(page);
    assert_int_equal(err.kind, ERROR_INPUT);
    for (; *parts != NULL; parts++)
        if (strstr(err.message, *parts) == NULL)
            fail_msg("\"%s\" is not in: %s", *parts, err.message);
}
#define REFUSED(body, ...) assert_refused(*state, body, (const char *const[]){__VA_ARGS__, NULL})

static void values_conditions_and_repetitions(void **state)
{
    assert_fill(*state, "<p>A<t:value select=\"period\"/>B</p>", "<p>A2025年4〜6月B</p>");
    assert_fill(
        *state,
        "<p><t:if test=\"@has-previous='yes'\">a</t:if><t:if test=\"@has-year-before='yes'\">b</t:if></p>",
        "<p>a</p>");
    assert_fill(*state,
                "<ul><t:for-each select=\"tables/table\"><li id=\"x-{@id}\"><t:value "
                "select=\"@id\"/></li></t:for-each></ul>",
                "<li id=\"x-ports\">ports</li>\n<li id=\"x-regions\">regions</li>");
    assert_fill(*state,
                "<p><t:for-each select=\"tables/table\"><t:value "
                "select=\"string(/report/figures/figure[@table=$this/@id]/@id)\"/>;</t:for-each></p>",
                "<p>ports-daily;regions-daily;</p>");
}

static void model_text_is_escaped(void **state)
{
    struct fixture *fixture = *state;
    fixture->model.publisher = text_of("A & B <c> \"d\"");
    assert_fill(fixture, "<p class=\"{publisher}\"><t:value select=\"publisher\"/></p>",
                "<p class=\"A &amp; B &lt;c&gt; &quot;d&quot;\">A &amp; B &lt;c&gt; \"d\"</p>");
}

static void floats_are_numbered_in_document_order(void **state)
{
    struct fixture *fixture = *state;
    fixture_file(fixture, "editions/2025q1/a.png", png, sizeof png);
    fixture_prose(fixture, "one", "<t:picture src=\"a.png\" id=\"a\" alt=\"画面\">例</t:picture>");
    fixture_template(
        fixture,
        "<p><t:ref to=\"fig-ports-daily\"/>と<t:ref to=\"fig-a\"/>と<t:ref to=\"table-regions\"/></p>"
        "<t:prose name=\"one\"/><t:figure select=\"figures/figure[1]\"/>"
        "<t:table select=\"tables/table[2]\"/><t:table select=\"tables/table[1]\"/>");
    char *text = filled(fixture, false);
    assert_non_null(strstr(text, "<p><a href=\"#fig-ports-daily\">図2</a>と<a href=\"#fig-a\">図1</a>と<a "
                                 "href=\"#table-regions\">表1</a></p>"));
    assert_non_null(strstr(text, "<figure id=\"fig-a\" class=\"picture\"><img alt=\"画面\" "
                                 "src=\"img/2025q1_report_fig1.png\" width=\"1\" height=\"1\"/>"));
    assert_non_null(strstr(text, "<figcaption><span class=\"number\">図1</span> 例</figcaption>"));
    assert_non_null(strstr(text, "src=\"img/2025q1_report_fig2.svg\""));
    assert_non_null(strstr(
        text, "<caption><span class=\"number\">表2</span> 国内で多く観測された宛先ポート番号</caption>"));
    assert_non_null(strstr(text, "<th scope=\"row\">Telnet（23/TCP）</th>"));
    g_free(text);
}

static void chapters_are_numbered_and_listed(void **state)
{
    assert_fill(*state,
                "<t:contents/><section id=\"a\"><h2>甲</h2></section><section id=\"n\" "
                "class=\"unnumbered\"><h2>注記</h2></section>"
                "<section id=\"b\"><h2>乙</h2><p><t:ref to=\"b\"/><t:ref to=\"n\"/></p></section>",
                "<p><a href=\"#b\">第2章</a><a href=\"#n\">「注記」</a></p>");
    assert_fill(*state, "<section id=\"a\"><h2>甲</h2><p><t:ref to=\"a\" show=\"page\"/></p></section>",
                "<p><a class=\"page-reference\" href=\"#a\">第1章</a></p>");
    REFUSED("<section id=\"a\"><h2>甲</h2><p><t:ref to=\"a\" show=\"pages\"/></p></section>", "line 3",
            "expected page");
    assert_fill(*state,
                "<t:contents/><section id=\"a\"><h2>甲</h2></section><section "
                "id=\"b\"><h2>乙<t:note>い</t:note></h2></section><t:notes/>",
                "<li><a href=\"#a\">1. 甲</a></li>\n<li><a href=\"#b\">2. 乙</a></li>");
}

static void notes_link_both_ways(void **state)
{
    struct fixture *fixture = *state;
    fixture_template(fixture, "<p>甲<t:note>いろ</t:note>乙<t:note>いろ</t:note></p><t:notes/>");
    char *text = filled(fixture, false);
    assert_non_null(
        strstr(text, "甲<sup class=\"note-mark\"><a id=\"note-mark-1\" href=\"#note-1\">注1</a></sup>"));
    assert_non_null(
        strstr(text, "<li id=\"note-2\">いろ <a class=\"note-back screen-only\" href=\"#note-mark-2\""));
    g_free(text);
    assert_fill(fixture, "<section id=\"s\"><h2>注</h2><t:notes/></section><p>x</p>",
                "<body>\n<p>x</p>\n</body>");
    REFUSED("<p>a<t:note>b</t:note></p>", "line 3", "t:notes");
    assert_fill(fixture,
                "<p>甲<t:note>い</t:note>乙<t:note id=\"basis\">ろ</t:note>、<t:ref "
                "to=\"note-basis\"/>を参照。</p><t:notes/>",
                "<a id=\"note-mark-basis\" href=\"#note-basis\">注2</a></sup>、<a "
                "href=\"#note-basis\">注2</a>を参照。");
    REFUSED("<p>甲<t:note id=\"a\">い</t:note><t:ref to=\"note-b\"/></p><t:notes/>", "line 3",
            "reference to \"note-b\"");
    REFUSED("<p>甲<t:note id=\"a\">い</t:note>\n乙<t:note id=\"a\">ろ</t:note></p><t:notes/>", "line 4",
            "id \"note-mark-a\" is taken");
}

static void drafts_carry_their_reasons(void **state)
{
    assert_fill(*state, "<p><t:draft select=\"drafts/draft[@id='ports']\"/></p>",
                "<span class=\"drafted\" data-rule=\"entered\" data-inputs=\"ports 8728/TCP rank 2\" "
                "data-threshold=\"10\">8728/TCPは2位に入りました。</span></p>");
}

static void wrong_expressions_name_line_expression_and_offer(void **state)
{
    REFUSED("<p>\n<t:value select=\"peroid\"/></p>", "own/report.xhtml: line 4", "\"peroid\"",
            "selects nothing", "publisher, period");
    REFUSED("<p>\n\n<t:value select=\"tables/[\"/></p>", "line 5", "malformed");
    REFUSED("<t:table select=\"tables/table[@id='prots']\"/>", "line 3", "prots", "ports, regions");
    REFUSED("<t:table select=\"tables/table\"/>", "line 3", "2 nodes", "expected one");
    REFUSED("<t:figure select=\"tables/table[1]\"/>", "a <table>",
            "ports-daily, regions-daily, telnet-sources-daily");
    REFUSED("<t:figure select=\"string(title)\"/>", "expected one <figure>");
    REFUSED("<t:draft select=\"drafts/draft[@id='x']\"/>", "ids in the model: ports, regions");
    REFUSED("<t:for-each select=\"1\">a</t:for-each>", "no set of nodes");
    REFUSED("<t:for-each select=\"namespace::*\">a</t:for-each>", "namespace");
    REFUSED("<p class=\"{@idd}\">a</p>", "class of <p>", "@idd");
    REFUSED("<p><t:value/></p>", "without select");
    REFUSED("<p><t:value select=\"document('x')\"/></p>", "unknown function");
}

static void unknown_words_are_refused(void **state)
{
    REFUSED("<t:tabel select=\"tables\"/>", "line 3", "<t:tabel>", "table, figure");
    REFUSED("<t:table selct=\"tables\"/>", "selct", "expected select");
    REFUSED("<p><t:value select=\"title\">x</t:value></p>", "expected an empty element");
    REFUSED("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "namespace");
    REFUSED("<script>x</script>", "<script>");
    REFUSED("<img src=\"https://example.jp/x.png\" alt=\"x\"/>", "t:picture");
    REFUSED("<p onclick=\"x\">a</p>", "onclick");
    REFUSED("<p t:normalise=\"yes\">a</p>", "normalise");
    REFUSED("<p><a href=\"javascript:x\">a</a></p>", "javascript");
    REFUSED("<p><a href=\"//example.jp/\">a</a></p>", "href");
}

/* Nothing runs, and nothing is asked of other hosts: browsers leave blanks out in front of a scheme. */
static void pages_do_nothing_by_themselves(void **state)
{
    struct fixture *fixture = *state;
    REFUSED("<p><a href=\"&#10;javascript:x\">a</a></p>", "line 3", "href");
    REFUSED("<p><a href=\"java&#9;script:x\">a</a></p>", "href");
    REFUSED("<p><a href=\" https://example.jp/\">a</a></p>", "href");
    REFUSED("<p><a href=\"/\\example.jp/\">a</a></p>", "href");
    REFUSED("<p><a href=\"a.html\" ping=\"https://example.jp/\">a</a></p>", "ping", "other hosts");
    REFUSED("<section background=\"https://example.jp/x.png\"><h2>a</h2></section>", "background");
    REFUSED("<link rel=\"stylesheet\" href=\"https://example.jp/x.css\"/>", "<link>", "beside the page");
    REFUSED("<link rel=\"alternate stylesheet\" href=\"https://example.jp/x.css\"/>", "<link>");
    REFUSED("<link rel=\"icon\" href=\"https://example.jp/x.png\"/>", "<link>");
    REFUSED("<link rel=\"preconnect\" href=\"https://example.jp/\"/>", "<link>");
    REFUSED("<meta http-equiv=\"refresh\" content=\"0\"/>", "http-equiv");
    assert_fill(fixture, "<link rel=\"canonical\" href=\"https://example.jp/\"/>", "canonical");
    assert_fill(fixture, "<link rel=\"schema.dcterms\" href=\"http://purl.org/dc/terms/\"/>",
                "schema.dcterms");
    fixture_prose(fixture, "one", "\n<link rel=\"stylesheet\" href=\"a.css\"/>");
    REFUSED("<t:prose name=\"one\"/>", "one.xhtml: line 3", "<link> in prose");
    fixture_prose(fixture, "one", "<main>a</main>");
    REFUSED("<t:prose name=\"one\"/>", "one.xhtml: line 2", "<main> in prose");
}

/* What an HTML parser would read as another tree than an XML parser. */
static void nesting_is_htmls(void **state)
{
    struct fixture *fixture = *state;
    REFUSED("<p>a\n<ul><li>b</li></ul></p>", "line 4", "<ul> within <p>");
    REFUSED("<p><strong><p>b</p></strong></p>", "line 3", "<p> within <strong>");
    REFUSED("<p><t:figure select=\"figures/figure[1]\"/></p>", "<figure> within <p>");
    REFUSED("<h2><div>a</div></h2>", "<div> within <h2>");
    REFUSED("<p><a href=\"a.html\"><div>a</div></a></p>", "<div> within <p>");
    REFUSED("<p id=\"x\"><a href=\"#x\">a <strong><a href=\"#x\">b</a></strong></a></p>",
            "a link within a link");
    REFUSED("<li>a</li>", "<li> within <body>", "<ul> or <ol>");
    REFUSED("<ul><p>a</p><p><li>b</li></p></ul>", "<li> within <p>");
    REFUSED("<table><p>a</p><td>b</td></table>", "<td> within <table>", "<tr>");
    REFUSED("<section><figcaption>a</figcaption></section>", "<figure>");
    REFUSED("<p id=\"a b\">x</p>", "id", "without blanks");
    REFUSED("<p id=\"\">x</p>", "id");
    assert_fill(
        fixture,
        "<div id=\"x\"><a href=\"#x\"><p>a</p></a></div><ul><li><p>b</p><ul><li>c</li></ul></li></ul>"
        "<table><tr><td><ul><li>d</li></ul></td></tr></table><dl><div><dt>e</dt><dd>f</dd></div></dl>",
        "<li>d</li>");
}

static void ids_and_references_must_fit(void **state)
{
    REFUSED("<p id=\"x\">a</p>\n<p id=\"x\">b</p>", "line 4", "\"x\"", "line 3");
    REFUSED("<t:table select=\"tables/table[1]\"/>\n<t:table select=\"tables/table[1]\"/>", "line 4",
            "table-ports");
    REFUSED("<p id=\"here\">\n<t:ref to=\"table-x\"/></p>", "line 4", "table-x", "here");
    REFUSED("<p><a href=\"#nowhere\">a</a></p>", "line 3", "nowhere");
    REFUSED("<p id=\"x\">a</p><p><t:ref to=\"x\"/></p>", "neither a number nor a heading");
}

static void malformed_files_are_refused(void **state)
{
    struct fixture *fixture = *state;
    REFUSED("<p>\n<b></p>", "own/report.xhtml: line 4", "well-formed");
    REFUSED("<p>&nbsp;</p>", "line 3", "nbsp");
    fixture_template(fixture, "");
    fixture_text(fixture, "own/report.xhtml",
                 "<?xml version=\"1.0\"?>\n<!DOCTYPE html [<!ENTITY a SYSTEM \"/etc/passwd\">]>\n<html "
                 "xmlns=\"http://www.w3.org/1999/xhtml\">&a;</html>");
    struct error err = {0};
    assert_null(page_fill(&fixture->publication, &fixture->edition, &fixture->model, false, NULL, &err));
    assert_non_null(strstr(err.message, "line 2: a document type declaration"));
    fixture_file(fixture, "own/report.xhtml", "<html>\n\xff</html>", 15);
    assert_null(page_fill(&fixture->publication, &fixture->edition, &fixture->model, false, NULL, &err));
    assert_non_null(strstr(err.message, "line 2: a byte that is not UTF-8"));
}

static void lines_beyond_65535_are_right(void **state)
{
    GString *body = g_string_new(NULL);
    for (int i = 0; i < 70000; i++)
        g_string_append_c(body, '\n');
    g_string_append(body, "<p>a<t:value select=\"nothing\"/></p>");
    REFUSED(body->str, "own/report.xhtml: line 70003:");
    g_string_free(body, TRUE);
}

static void endless_pages_end(void **state)
{
    GString *body = g_string_new(NULL);
    for (int i = 0; i < 12; i++)
        g_string_append(body, "<t:for-each select=\"//*\">");
    g_string_append(body, "<p>a</p>");
    for (int i = 0; i < 12; i++)
        g_string_append(body, "</t:for-each>");
    fixture_template(*state, body->str);
    REFUSED(body->str, "line 3");
    g_string_free(body, TRUE);
}

static void endless_texts_end(void **state)
{
    REFUSED("<p><t:for-each select=\"//*\"><t:for-each select=\"//*\"><t:value "
            "select=\"string(/)\"/></t:for-each></t:for-each></p>",
            "line 3", "readable length");
}

static void prose_is_pulled_and_may_be_missing(void **state)
{
    struct fixture *fixture = *state;
    assert_fill(fixture, "<p>x</p><t:prose name=\"none\" required=\"no\"/>", "<body>\n<p>x</p>\n</body>");
    REFUSED("<t:prose name=\"none\"/>", "line 3", "none.xhtml", "No such file");
    fixture_prose(fixture, "one", "<p>甲<t:value select=\"@edition\"/></p>");
    assert_fill(fixture,
                "<t:for-each select=\"tables/table[1]\"><t:prose name=\"{concat('o', 'ne')}\"/></t:for-each>",
                "<p>甲2025q1</p>");
    fixture_prose(fixture, "bad", "<p>\n<t:value select=\"nothing\"/></p>");
    REFUSED("<t:prose name=\"bad\"/>", "editions/2025q1/bad.xhtml: line 3", "nothing");
    fixture_prose(fixture, "again", "<t:prose name=\"again\"/>");
    REFUSED("<t:prose name=\"again\"/>", "again.xhtml: line 2", "levels");
    fixture_text(fixture, "editions/2025q1/plain.xhtml", "<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p>");
    REFUSED("<t:prose name=\"plain\"/>", "plain.xhtml: line 1", "t:fragment");
    /* A pipe that nobody writes to. */
    char *pipe_name = g_build_filename(fixture->folder, "editions/2025q1/pipe.xhtml", NULL);
    assert_int_equal(mkfifo(pipe_name, 0600), 0);
    g_free(pipe_name);
    REFUSED("<t:prose name=\"pipe\"/>", "pipe.xhtml", "not a regular file");
}

static void files_outside_are_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture_text(fixture, "secret.xhtml", "secret");
    fixture_file(fixture, "secret.png", png, sizeof png);
    fixture_prose(fixture, "one", "<p>x</p>");
    char *link = g_build_filename(fixture->folder, "editions/2025q1/link.png", NULL);
    assert_int_equal(symlink("../../secret.png", link), 0);
    g_free(link);
    REFUSED("<t:prose name=\"../../secret\"/>", "line 3", "letters, digits");
    REFUSED("<t:prose name=\"/etc/passwd\"/>", "line 3", "letters, digits");
    REFUSED("<t:picture src=\"../../secret.png\" id=\"a\" alt=\"a\">a</t:picture>", "line 3", "lies outside");
    REFUSED("<t:picture src=\"/etc/passwd\" id=\"a\" alt=\"a\">a</t:picture>", "line 3", "lies outside");
    REFUSED("<t:picture src=\"link.png\" id=\"a\" alt=\"a\">a</t:picture>", "line 3", "lies outside");
}

static void pictures_are_checked(void **state)
{
    struct fixture *fixture = *state;
    fixture_prose(fixture, "one", "<p>x</p>");
    fixture_file(fixture, "editions/2025q1/cut.png", png, sizeof png - 5);
    fixture_file(fixture, "editions/2025q1/whole.png", png, sizeof png);
    REFUSED("<t:picture src=\"none.png\" id=\"a\" alt=\"a\">a</t:picture>", "line 3", "none.png",
            "No such file");
    REFUSED("<t:picture src=\"cut.png\" id=\"a\" alt=\"a\">a</t:picture>", "line 3", "cut.png", "cut short");
    REFUSED("<t:picture src=\"whole.png\" id=\"a\">a</t:picture>", "line 3", "alternative text");
    REFUSED("<t:picture src=\"whole.png\" id=\"a\" alt=\"\">a</t:picture>", "alternative text");
    REFUSED("<t:picture src=\"whole.png\" alt=\"x\">a</t:picture>", "without id");
    assert_fill(fixture, "<t:picture src=\"whole.png\" id=\"a\" alt=\"\" role=\"presentation\">a</t:picture>",
                "<img alt=\"\" role=\"presentation\"");
}

static void open_markers_stop_all_but_drafts(void **state)
{
    struct fixture *fixture = *state;
    fixture_prose(fixture, "one",
                  "<p>甲</p>\n<!-- 要確認 in a comment is nothing -->\n<p>乙\n乙<b>丙</b>\n要確認：原因</p>");
    REFUSED("<t:prose name=\"one\"/>", "editions/2025q1/one.xhtml: line 6: 要確認");
    char *text = filled(fixture, true);
    assert_non_null(strstr(text, "要確認：原因"));
    g_free(text);
    fixture->sentences[1].text = text_of("増加しました（要確認：原因）。");
    REFUSED("<p><t:draft select=\"drafts/draft[@id='ports']\"/></p>", "own/report.xhtml: line 3",
            "rule entered");
    REFUSED("<p>The cause is\nTO BE CONFIRMED.</p>", "line 4: TO BE CONFIRMED still stands");
}

static void prose_takes_figures_away_from_the_template(void **state)
{
    struct fixture *fixture = *state;
    fixture_prose(fixture, "late", "<t:figure select=\"figures/figure[@id='regions-daily']\"/>");
    fixture_template(
        fixture,
        "<t:for-each select=\"figures/figure[@in-prose='no']\"><p>+<t:value select=\"@id\"/></p></t:for-each>"
        "<t:prose name=\"late\"/>");
    char *text = filled(fixture, false);
    assert_non_null(
        strstr(text, "<p>+ports-daily</p>\n<p>+telnet-sources-daily</p>\n<figure id=\"fig-regions-daily\""));
    assert_null(strstr(text, "+regions-daily"));
    g_free(text);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(values_conditions_and_repetitions),
        CASE(model_text_is_escaped),
        CASE(floats_are_numbered_in_document_order),
        CASE(chapters_are_numbered_and_listed),
        CASE(notes_link_both_ways),
        CASE(drafts_carry_their_reasons),
        CASE(wrong_expressions_name_line_expression_and_offer),
        CASE(unknown_words_are_refused),
        CASE(pages_do_nothing_by_themselves),
        CASE(nesting_is_htmls),
        CASE(ids_and_references_must_fit),
        CASE(malformed_files_are_refused),
        CASE(lines_beyond_65535_are_right),
        CASE(endless_pages_end),
        CASE(endless_texts_end),
        CASE(prose_is_pulled_and_may_be_missing),
        CASE(files_outside_are_refused),
        CASE(pictures_are_checked),
        CASE(open_markers_stop_all_but_drafts),
        CASE(prose_takes_figures_away_from_the_template),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
