#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <libxml/parser.h>
#include <string.h>

#include "render/line_text.h"

/* The text of an XHTML fragment, '\n' for a break and '_' for a blank that does not break. */
static char *text_of(const char *xml, bool preformatted)
{
    xmlDocPtr document = xmlReadMemory(xml, (int)strlen(xml), "test", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    struct line_style style = {.role = "sans", .size = 10};
    struct line_looks looks = {.code_role = "mono", .quote_before = "「", .quote_after = "」"};
    struct line_text text;
    line_text_init(&text);
    text.preformatted = preformatted;
    line_text_append_children(&text, xmlDocGetRootElement(document), &style, &looks);
    char **parts = g_strsplit(text.text->str, "\u00A0", -1);
    char *shown = g_strjoinv("_", parts);
    g_strfreev(parts);
    line_text_release(&text);
    xmlFreeDoc(document);
    return shown;
}

static void check(const char *xml, bool preformatted, const char *expected)
{
    char *shown = text_of(xml, preformatted);
    assert_string_equal(shown, expected);
    g_free(shown);
}

static void white_space_collapses_in_running_text(void **state)
{
    (void)state;
    check("<p>  ls  -l\n  and</p>", false, "ls -l and");
    check("<p>ls<br/> -l</p>", false, "ls\n-l");
}

static void preformatted_text_keeps_its_lines_and_blanks(void **state)
{
    (void)state;
    check("<pre>$ ls -l\n  two  three\nend</pre>", true, "$ ls -l\n__two__three\nend");
    check("<pre><code>a\n</code>\n<strong>b</strong></pre>", true, "a\n\nb");
    check("<pre>\nfirst</pre>", true, "first"); /* as HTML reads it */
    check("<pre>ab\tc\r\n\td</pre>", true, "ab______c\n________d");
}

/* The runs of a fragment: their text, and in brackets reading, dots or language. */
static void check_runs(const char *xml, const char *expected)
{
    xmlDocPtr document = xmlReadMemory(xml, (int)strlen(xml), "test", NULL, XML_PARSE_NONET);
    assert_non_null(document);
    struct line_style style = {.role = "sans", .size = 10};
    struct line_looks looks = {.code_role = "mono", .language = "ja"};
    struct line_text text;
    line_text_init(&text);
    line_text_append_children(&text, xmlDocGetRootElement(document), &style, &looks);
    GString *shown = g_string_new(NULL);
    for (guint i = 0; i < text.runs->len; i++) {
        const struct line_run *run = &g_array_index(text.runs, struct line_run, i);
        size_t end =
            i + 1 < text.runs->len ? g_array_index(text.runs, struct line_run, i + 1).start : text.text->len;
        g_string_append_len(shown, text.text->str + run->start, (gssize)(end - run->start));
        if (run->style.reading != 0)
            g_string_append_printf(shown, "(%s)", (const char *)text.readings->pdata[run->style.reading - 1]);
        g_string_append(shown, run->style.dots ? "(dots)" : "");
        if (run->style.language != NULL)
            g_string_append_printf(shown, "(%s %u)", run->style.language, run->style.language_number);
        g_string_append_c(shown, '|');
    }
    assert_string_equal(shown->str, expected);
    g_string_free(shown, TRUE);
    line_text_release(&text);
    xmlFreeDoc(document);
}

static void readings_belong_to_what_stands_before_them(void **state)
{
    (void)state;
    check("<p><ruby>漢<rt>かん</rt></ruby>字</p>", false, "漢字");
    check_runs("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>", "漢(かん)|字|");
    check_runs("<p><ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>と</p>", "漢(かん)|字(じ)|と|");
    check_runs("<p><ruby>\n 漢字 <rt> かんじ </rt>\n</ruby></p>", "漢字(かんじ)|");
    check_runs("<p><ruby>漢<rt/></ruby><ruby>字</ruby></p>", "漢字|");
}

static void dots_and_languages_are_styles(void **state)
{
    (void)state;
    check_runs("<p>その<em class=\"dots\">点</em>だ</p>", "その|点(dots)|だ|");
    check_runs("<p>a<span lang=\"en\">b</span>c<i lang=\"en\">d</i></p>", "a|b(en 1)|c|d(en 2)|");
    check_runs("<p lang=\"en\">a<b lang=\"en-GB\">b</b><i lang=\"ja\">c</i></p>", "a(en 1)|b(en 1)|c|");
    check_runs("<p lang=\"ja-JP\">a</p>", "a|");
}

/* Not underlined with the link before it, nor small like the mark before it. */
static void a_blank_belongs_to_where_it_stands(void **state)
{
    (void)state;
    check_runs("<p><i lang=\"en\">a</i> b</p>", "a(en 1)| b|");
    check_runs("<p>a <i lang=\"en\">b </i> c</p>", "a |b (en 1)|c|");
}

static void quotations_get_their_marks(void **state)
{
    (void)state;
    check("<p>彼は<q>はい</q>と</p>", false, "彼は「はい」と");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_space_collapses_in_running_text),
        cmocka_unit_test(preformatted_text_keeps_its_lines_and_blanks),
        cmocka_unit_test(readings_belong_to_what_stands_before_them),
        cmocka_unit_test(dots_and_languages_are_styles),
        cmocka_unit_test(quotations_get_their_marks),
        cmocka_unit_test(a_blank_belongs_to_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
