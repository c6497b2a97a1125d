/* pages.xml: what ships can be read; what is malformed is refused with file, line and what was expected. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "render/page_template.h"

static char *shipped_path(void)
{
    const char *source = g_getenv("TEITEN_SOURCE");
    return g_build_filename(source != NULL ? source : "..", "templates/ja/pages.xml", NULL);
}

/* The shipped file with one text replaced; the first line that holds it goes to *line. */
static char *changed(const char *from, const char *to, int *line)
{
    char *path = shipped_path(), *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_free(path);
    char *at = strstr(text, from);
    assert_non_null(at);
    *line = 1;
    for (const char *p = text; p < at; p++)
        *line += *p == '\n';
    char *result = g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    g_free(text);
    return result;
}

static int load_text(const char *text, struct page_template *template, struct error *err)
{
    char *path = NULL;
    int file = g_file_open_tmp("pages-XXXXXX.xml", &path, NULL);
    assert_true(file >= 0);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    g_close(file, NULL);
    int status = page_template_load(template, path, err);
    if (status != 0 && strstr(err->message, path) == NULL)
        fail_msg("no file name in: %s", err->message);
    g_unlink(path);
    g_free(path);
    return status;
}

static void the_shipped_file_is_a4_with_forty_characters(void **state)
{
    (void)state;
    struct page_template t;
    struct error err = {0};
    char *path = shipped_path();
    assert_int_equal(page_template_load(&t, path, &err), 0);
    assert_true(fabs(t.paper_width - 595.28) < 0.01 && fabs(t.paper_height - 841.89) < 0.01);
    assert_true(fabs(t.body.size - 10.5) < 1e-9);
    assert_true(page_template_measure(&t) >= 40 * t.body.size &&
                page_template_measure(&t) < 40.1 * t.body.size);
    assert_true(page_template_depth(&t) >= 37 * t.body.pitch);
    assert_true(t.headings[1].rule > 0 && t.headings[1].rule_colour.blue > 0.5);
    assert_string_equal(t.font, "sans");
    assert_string_equal(t.language, "ja");
    assert_true(t.running->len > 0);
    page_template_release(&t);
    page_template_release(&t); /* safe on what is released */
    g_free(path);
}

static void what_is_malformed_is_refused_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *expected;
        bool has_line;
    } cases[] = {
        {"<body size=\"10.5pt\"", "<body size=\"10.5\"", "expected a length such as 10.5pt", true},
        {"<body size=\"10.5pt\"", "<body size=\"-1pt\"", "expected a length such as 10.5pt", true},
        {"<body size=\"10.5pt\"", "<body", "no attribute size", true},
        {"<body size", "<body colour=\"red\" size", "unknown attribute colour, expected size pitch", true},
        {"text=\"#111111\"", "text=\"black\"", "expected a colour such as #1A3A94", true},
        {"text=\"sans\"", "text=\" \"", "expected a text", true},
        {"indent-em=\"1\"", "indent-em=\"one\"", "expected a number such as 1", true},
        {"<caption ", "<captions ", "unknown element, expected paper", true},
        {"level=\"4\"", "level=\"5\"", "expected one of 1, 2, 3, 4", true},
        {"level=\"4\"", "level=\"3\"", "stands twice", true},
        {"place=\"foot\"", "place=\"bottom\"", "expected one of head, foot", true},
        {"{page} / {pages}", "{number}", "unknown placeholder, expected {title}", true},
        {"<note size=\"8pt\" pitch=\"12.5pt\"/>", "", "no element <note>, expected one", false},
        {"<pictures width=\"290pt\"", "<pictures width=\"wide\"", "expected a length such as 10.5pt", true},
        {"<contents title=\"目次\"", "<contents title=\" \"", "expected a text", true},
        {"depth=\"1\"", "", "no attribute depth", true},
        {"left=\"87.6pt\"", "left=\"600pt\"", "expected room for 10 characters", false},
        {"urn:teiten:pages:1", "urn:teiten:pages:2",
         "root element is not <pages xmlns=\"urn:teiten:pages:1\">", false},
        {"<body size", "<cover size=\"12pt\"/><body size", "no attribute title-size, expected it", true},
        {"<body size",
         "<cover title-size=\"28pt\" title-pitch=\"8pt\" size=\"9pt\" pitch=\"9pt\"/><body size",
         "a pitch below its size", false},
        {"</pages>", "", "expected well-formed XML", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct page_template t;
        struct error err = {0};
        int line;
        char *text = changed(cases[i].from, cases[i].to, &line);
        if (load_text(text, &t, &err) == 0)
            fail_msg("case %zu (%s) was read", i, cases[i].to);
        assert_int_equal(err.kind, ERROR_INPUT);
        char *place = g_strdup_printf(": line %d: ", line);
        if (strstr(err.message, cases[i].expected) == NULL ||
            (cases[i].has_line && strstr(err.message, place) == NULL))
            fail_msg("case %zu, expected \"%s\" at line %d: %s", i, cases[i].expected, line, err.message);
        g_free(place);
        g_free(text);
    }
}

static void contents_and_pictures_may_be_left_out(void **state)
{
    (void)state;
    struct page_template t;
    struct error err = {0};
    int line;
    char *text = changed("<contents title=\"目次\" depth=\"1\"/>", "", &line);
    assert_int_equal(load_text(text, &t, &err), 0);
    assert_null(t.contents_title);
    page_template_release(&t);
    g_free(text);
    text = changed("<pictures width=\"290pt\" height=\"186pt\"/>",
                   "<pictures width=\"100pt\" height=\"50pt\"/>", &line);
    assert_int_equal(load_text(text, &t, &err), 0);
    assert_string_equal(t.contents_title, "目次");
    assert_null(t.contents_figures);
    assert_true(t.contents_depth == 1 && t.picture_width == 100 && t.picture_height == 50);
    page_template_release(&t);
    g_free(text);
    text = changed("<pictures width=\"290pt\" height=\"186pt\"/>", "", &line);
    assert_int_equal(load_text(text, &t, &err), 0);
    assert_true(t.picture_width > 0 && t.picture_height > 0);
    page_template_release(&t);
    g_free(text);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct page_template t;
    struct error err = {0};
    assert_int_equal(page_template_load(&t, "no/such/pages.xml", &err), -1);
    assert_non_null(strstr(err.message, "no/such/pages.xml: cannot read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_file_is_a4_with_forty_characters),
        cmocka_unit_test(what_is_malformed_is_refused_by_line),
        cmocka_unit_test(contents_and_pictures_may_be_left_out),
        cmocka_unit_test(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
