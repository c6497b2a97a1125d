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
    struct line_looks looks = {.code_role = "mono"};
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

static void readings_stand_in_brackets(void **state)
{
    (void)state;
    check("<p><ruby>漢<rt>かん</rt></ruby>字</p>", false, "漢（かん）字");
    check("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>", false, "漢（かん）字");
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
        cmocka_unit_test(readings_stand_in_brackets),
        cmocka_unit_test(quotations_get_their_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
