#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib.h>
#include <libxml/parser.h>
#include <string.h>

#include "render/typography.h"

static void assert_text(const char *from, const char *expected)
{
    char *text = typography_text(from, true);
    assert_string_equal(text, expected);
    g_free(text);
}

static void brackets_next_to_japanese_widen(void **state)
{
    (void)state;
    assert_text("Telnet(23/TCP)でした", "Telnet（23/TCP）でした");
    assert_text("Telnet(23/TCP)", "Telnet（23/TCP）");
    assert_text("米国(US)", "米国（US）");
    assert_text("RIR(Regional Internet Registry)による", "RIR（Regional Internet Registry）による");
    assert_text("観測 (図1) では", "観測（図1）では");
    assert_text("外側(内側(1)の)", "外側（内側（1）の）");
}

static void brackets_in_other_text_stay(void **state)
{
    (void)state;
    assert_text("Internet (IP) addresses", "Internet (IP) addresses");
    assert_text("f(x)", "f(x)");
    assert_text("(23)", "(23)");
}

static void ranges_and_colons_widen(void **state)
{
    (void)state;
    assert_text("2025年4~6月", "2025年4〜6月");
    assert_text("図4~図6", "図4〜図6");
    assert_text("注: 本文", "注：本文");
    assert_text("12:30に", "12:30に");
    assert_text("a~b", "a~b");
}

static void addresses_stay(void **state)
{
    (void)state;
    assert_text("詳細はhttps://example.jp/~a(b):8080/ を参照", "詳細はhttps://example.jp/~a(b):8080/ を参照");
}

static void a_broken_source_line_is_no_blank_in_japanese(void **state)
{
    (void)state;
    assert_text("観測\n    した", "観測した");
    assert_text("観測\n Telnet\n  でした", "観測Telnetでした");
    assert_text("two\n  words", "two words");
    assert_text("  端 の  空白 ", "端 の 空白");
}

static void without_the_setting_only_blanks_change(void **state)
{
    (void)state;
    char *text = typography_text("米国(US)\nです", false);
    assert_string_equal(text, "米国(US)です");
    g_free(text);
}

static void page_is(const char *from, const char *expected)
{
    xmlDocPtr document = xmlReadMemory(from, (int)strlen(from), NULL, NULL, 0);
    assert_non_null(document);
    typography_page(document, true);
    xmlChar *text = xmlNodeGetContent(xmlDocGetRootElement(document));
    assert_string_equal((const char *)text, expected);
    xmlFree(text);
    xmlFreeDoc(document);
}

static void neighbours_are_found_across_elements(void **state)
{
    (void)state;
    page_is("<p><strong>米国</strong>(<em>US</em>)</p>", "米国（US）");
    page_is("<p>観測\n<a>表1</a>\nに</p>", "観測表1に");
}

static void code_and_other_languages_stay(void **state)
{
    (void)state;
    page_is("<p>関数<code>f(x)</code>の</p>", "関数f(x)の");
    page_is("<p>書名<span lang=\"en\">Ports (2nd ed.)</span>の</p>", "書名Ports (2nd ed.)の");
    page_is("<section>\n<pre>米国(US)\n  x</pre>\n<p>米国(US)</p></section>", "米国(US)\n  x米国（US）");
}

static void blocks_do_not_touch_each_other(void **state)
{
    (void)state;
    page_is("<section><p>観測</p><p>(a)</p></section>", "観測(a)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brackets_next_to_japanese_widen),
        cmocka_unit_test(brackets_in_other_text_stay),
        cmocka_unit_test(ranges_and_colons_widen),
        cmocka_unit_test(addresses_stay),
        cmocka_unit_test(a_broken_source_line_is_no_blank_in_japanese),
        cmocka_unit_test(without_the_setting_only_blanks_change),
        cmocka_unit_test(neighbours_are_found_across_elements),
        cmocka_unit_test(code_and_other_languages_stay),
        cmocka_unit_test(blocks_do_not_touch_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
