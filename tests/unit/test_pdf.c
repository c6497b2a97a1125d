/* The PDF as programs of others see it: qpdf, pdffonts, pdftotext, pdfinfo. */
#include <time.h>

#include "render/pdf_draw.h"
#include "render/pdf_text.h"
#include "unit/pdf_fixture.h"

static void it_is_valid_small_and_tagged(void **state)
{
    GBytes *pdf = full_pdf(*state);
    assert_true(g_bytes_get_size(pdf) < 300 * 1024);
    g_free(ask(pdf, "qpdf --check @"));
    char *info = ask(pdf, "pdfinfo -isodates @");
    assert_non_null(strstr(info, "見本の報告（2025年4〜6月）"));
    assert_non_null(strstr(info, "見本の発行者"));
    assert_non_null(strstr(info, "CreationDate:    2025-07-01T00:00:00"));
    assert_non_null(strstr(info, "(A4)"));
    assert_non_null(strstr(info, "Tagged:          yes"));
    g_free(info);
    g_bytes_unref(pdf);
}

static void every_font_is_embedded_cut_down_and_readable(void **state)
{
    GBytes *pdf = full_pdf(*state);
    char *fonts = ask(pdf, "pdffonts @");
    char **lines = g_strsplit(g_strchomp(fonts), "\n", -1);
    assert_true(g_strv_length(lines) >= 2 + 2); /* two heading lines, regular and bold at least */
    for (char **line = lines + 2; *line != NULL; line++) {
        assert_null(strstr(*line, "Type 3"));
        assert_null(strstr(*line, "CairoFont"));
        assert_non_null(strstr(*line, "yes yes yes"));
    }
    g_strfreev(lines);
    g_free(fonts);
    g_bytes_unref(pdf);
}

static char *without_blanks(const char *text)
{
    GString *s = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        if (!g_unichar_isspace(g_utf8_get_char(p)))
            g_string_append_unichar(s, g_utf8_get_char(p));
    return g_string_free(s, FALSE);
}

static void its_text_is_the_source(void **state)
{
    GBytes *pdf = full_pdf(*state);
    char *text = ask(pdf, "pdftotext -raw @ -"), *dense = without_blanks(text);
    int found = 0;
    for (const char *p = strstr(dense, SENTENCE); p != NULL; p = strstr(p + 1, SENTENCE))
        found++;
    assert_true(found >= 30); /* 37, less those that a page's foot parts */
    assert_null(strstr(text, "画面だけの文"));
    assert_null(strstr(text, "開く文"));
    assert_non_null(strstr(dense, "注1注の中身です。"));
    /* No blank where two scripts meet. */
    assert_null(strstr(text, "TCP の"));
    assert_null(strstr(text, "た TCP"));
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        assert_false(c >= 0x2E80 && c <= 0x2FDF);
    }
    g_free(dense);
    g_free(text);
    g_bytes_unref(pdf);
}

/* The number that stands in the contents is that of the page on which the heading stands. */
static void the_contents_name_the_pages(void **state)
{
    GBytes *pdf = full_pdf(*state);
    char *first = ask(pdf, "pdftotext -l 1 -layout @ -");
    assert_non_null(strstr(first, "目次"));
    char *number = rest_of_line(first, "1. 最初の章");
    assert_string_equal(number, "1");
    g_free(number);
    number = rest_of_line(first, "2. 二番目の章");
    assert_true(g_ascii_strtoll(number, NULL, 10) > 1);
    char *command = g_strdup_printf("pdftotext -f %s -l %s @ -", number, number);
    char *page = ask(pdf, command);
    assert_non_null(strstr(page, "2. 二番目の章"));
    g_free(page);
    g_free(command);
    g_free(number);
    g_free(first);
    g_bytes_unref(pdf);
}

/* Read in the order of the tree: a paragraph is whole around its note's mark, and the note follows it. */
static void the_tree_is_read_in_order(void **state)
{
    GBytes *pdf = full_pdf(*state);
    char *tree = ask(pdf, "pdfinfo -struct-text @");
    const char *heading = strstr(tree, "H2 (block)"), *note = strstr(tree, "Note <note-1>");
    const char *table = strstr(tree, "Table (block)"), *figure = strstr(tree, "Figure:");
    assert_true(heading != NULL && note != NULL && table != NULL && figure != NULL);
    assert_true(heading < note && note < table && table < figure);
    assert_non_null(strstr(tree, "/Scope /Column"));
    assert_non_null(strstr(tree, "/Scope /Row"));
    assert_non_null(strstr(tree, "TOCI"));
    g_free(tree);
    g_bytes_unref(pdf);
}

/* Readings as Ruby, other languages as Span with their language; the text's own language is not repeated. */
static void readings_and_languages_are_tagged(void **state)
{
    struct error err = {0};
    GBytes *pdf =
        make_pdf(*state,
                 "<p><ruby>定点<rt>ていてん</rt></ruby>と<span lang=\"en\">Port Registry</span>"
                 "と<em class=\"dots\">圏点</em>。</p><p lang=\"fr\">Bonjour</p><p lang=\"ja\">和文</p>",
                 &err);
    assert_non_null(pdf);
    char *tree = ask(pdf, "pdfinfo -struct-text @"),
         *objects = ask(pdf, "qpdf --qdf --object-streams=disable @ -");
    const char *ruby = strstr(tree, "Ruby (inline)");
    assert_non_null(ruby);
    assert_true(strstr(ruby, "RB") < strstr(ruby, "\"定点\"") &&
                strstr(ruby, "\"定点\"") < strstr(ruby, "RT"));
    assert_true(strstr(ruby, "RT") < strstr(ruby, "\"ていてん\""));
    assert_true(strstr(ruby, "Span (inline)") < strstr(ruby, "\"Port Registry\""));
    assert_non_null(strstr(objects, "/Lang (en)"));
    assert_non_null(strstr(objects, "/Lang (fr)"));
    const char *own = strstr(objects, "/Lang (ja)");
    assert_true(own != NULL && strstr(own + 1, "/Lang (ja)") == NULL); /* once: the document's */
    g_free(ask(pdf, "qpdf --check @"));
    g_free(objects);
    g_free(tree);
    g_bytes_unref(pdf);
}

/* What a draft adds is decoration: the tree, the pages and the lines are those of the final edition. */
static void a_draft_adds_only_decoration(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    char *sentences =
        g_strdup_printf("<p>地の文。<span data-rule=\"most\">%s</span><span data-rule=\"rank-fell\">%s"
                        "</span></p><h2>次の章</h2><p>%s</p>",
                        SENTENCE, SENTENCE, SENTENCE);
    GBytes *final = make_pdf(s, sentences, &err);
    s->page.draft = true;
    GBytes *draft = make_pdf(s, sentences, &err), *again = make_pdf(s, sentences, &err);
    s->page.draft = false;
    assert_true(final != NULL && draft != NULL && g_bytes_equal(draft, again));
    char *trees[2] = {ask(final, "pdfinfo -struct-text @"), ask(draft, "pdfinfo -struct-text @")};
    assert_string_equal(trees[0], trees[1]);
    char *text = ask(draft, "pdftotext -layout @ -"), *without = ask(final, "pdftotext -layout @ -");
    char *numbered = rest_of_line(text, "\n2 ");
    assert_string_equal(numbered, "目次");
    char *ruled = rest_of_line(text, "地の文。");
    assert_true(g_str_has_suffix(ruled, "  most"));
    assert_non_null(strstr(text, "  rank-fell\n"));
    assert_null(strstr(without, "most"));
    assert_null(strstr(text, "下書き")); /* outlines, no text */
    g_free(ask(draft, "qpdf --check @"));
    g_free(ruled);
    g_free(numbered);
    g_free(text);
    g_free(without);
    g_free(trees[0]);
    g_free(trees[1]);
    g_bytes_unref(final);
    g_bytes_unref(draft);
    g_bytes_unref(again);
    g_free(sentences);
}

static void archives_get_a_file_without_streams_of_objects(void **state)
{
    struct sample *s = *state;
    s->variant = PDF_A_1B;
    GBytes *pdf = full_pdf(s), *again = full_pdf(s);
    s->variant = PDF_TAGGED;
    gsize size;
    const char *data = g_bytes_get_data(pdf, &size);
    assert_int_equal(strncmp(data, "%PDF-1.4", 8), 0);
    assert_non_null(g_strstr_len(data, (gssize)size, "<pdfaid:conformance>B</pdfaid:conformance>"));
    assert_true(g_bytes_equal(pdf, again));
    g_free(ask(pdf, "qpdf --check @"));
    g_bytes_unref(pdf);
    g_bytes_unref(again);
}

static void links_and_destinations_resolve(void **state)
{
    GBytes *pdf = full_pdf(*state);
    char *urls = ask(pdf, "pdfinfo -url @"), *destinations = ask(pdf, "pdfinfo -dests @");
    assert_non_null(strstr(urls, "https://www.example.org/a_%28b%29?x=%28"));
    assert_non_null(strstr(destinations, "\"fig-a\""));
    assert_non_null(strstr(destinations, "\"note-1\""));
    g_free(urls);
    g_free(destinations);
    g_bytes_unref(pdf);
}

static void clock_zone_and_locale_change_nothing(void **state)
{
    GBytes *first = full_pdf(*state);
    g_setenv("TZ", "Pacific/Kiritimati", TRUE);
    tzset();
    g_usleep(1100000); /* the next second */
    GBytes *second = full_pdf(*state);
    g_unsetenv("TZ");
    tzset();
    assert_true(g_bytes_equal(first, second));
    g_bytes_unref(first);
    g_bytes_unref(second);
}

static void the_date_can_be_set(void **state)
{
    struct error err = {0};
    g_setenv("SOURCE_DATE_EPOCH", "86399", TRUE);
    GBytes *pdf = make_pdf(*state, "<p>短い文。</p>", &err);
    g_unsetenv("SOURCE_DATE_EPOCH");
    char *info = ask(pdf, "pdfinfo -isodates @");
    assert_non_null(strstr(info, "1970-01-01T23:59:59"));
    g_free(info);
    g_bytes_unref(pdf);
}

static void what_cannot_be_set_is_an_error(void **state)
{
    static const struct {
        const char *body, *expected;
    } cases[] = {
        {"<p><a href=\"#nowhere\">何もない</a></p>", "link to #nowhere: no such element"},
        {"<p>字のない𓀀文字</p>", "U+13000"},
        {"<figure><img src=\"img/other.png\" alt=\"\"/></figure>", "img/other.png"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct error err = {0};
        assert_null(make_pdf(*state, cases[i].body, &err));
        assert_int_equal(err.kind, ERROR_INPUT);
        if (strstr(err.message, cases[i].expected) == NULL)
            fail_msg("expected \"%s\": %s", cases[i].expected, err.message);
    }
    struct sample *s = *state;
    struct error err = {0};
    GBytes *whole = s->picture.picture;
    s->picture.picture = g_bytes_new_from_bytes(whole, 0, 50);
    assert_null(make_pdf(s, "<figure><img src=\"img/fig2.png\" alt=\"\"/></figure>", &err));
    assert_non_null(strstr(err.message, "img/fig2.png"));
    g_bytes_unref(s->picture.picture);
    s->picture.picture = whole;
}

static void links_to_what_is_left_out_become_text(void **state)
{
    struct error err = {0};
    GBytes *pdf = make_pdf(
        *state, "<nav id=\"contents\"><p>目次</p></nav><p><a href=\"#contents\">目次へ</a></p>", &err);
    assert_non_null(pdf);
    g_bytes_unref(pdf);
}

static void names_and_addresses_are_safe(void **state)
{
    (void)state;
    char *name = pdf_destination_name("図 a-1"),
         *uri = pdf_safe_uri("https://example.org/(図'\\)?a=1&b=%20#c");
    assert_string_equal(name, "xE5x9BxB3x20a-1");
    assert_string_equal(uri, "https://example.org/%28%E5%9B%B3%27%5C%29?a=1&b=%20#c");
    g_free(name);
    g_free(uri);
}

static void radicals_become_ideographs(void **state)
{
    (void)state;
    assert_int_equal(pdf_text_ideograph(0x2F47), 0x65E5); /* 日 */
    assert_int_equal(pdf_text_ideograph(0x2ED1), 0x9577); /* 長 */
    assert_int_equal(pdf_text_ideograph(0x2EF3), 0x9F9F); /* 龟: Unicode decomposes it itself */
    assert_int_equal(pdf_text_ideograph(0x65E5), 0x65E5);
    assert_int_equal(pdf_text_ideograph('a'), 'a');
    static const char MAP[] = "2 beginbfchar\n<2f47> <2f47>\n<0002> <3042>\nendbfchar\n";
    GBytes *mended = pdf_text_mend((const unsigned char *)MAP, strlen(MAP));
    assert_non_null(mended);
    static const char EXPECTED[] = "2 beginbfchar\n<2f47> <65e5>\n<0002> <3042>\nendbfchar\n";
    assert_int_equal(g_bytes_get_size(mended), strlen(EXPECTED));
    assert_memory_equal(g_bytes_get_data(mended, NULL), EXPECTED, strlen(EXPECTED));
    g_bytes_unref(mended);
    assert_null(pdf_text_mend((const unsigned char *)"<0001> <3042>", 13));
    static const char LIGATURES[] = "2 beginbfchar\n<002d> <fb00>\n<002e> <fb04>\nendbfchar\n";
    mended = pdf_text_mend((const unsigned char *)LIGATURES, strlen(LIGATURES));
    assert_non_null(mended);
    static const char LETTERS[] = "2 beginbfchar\n<002d> <00660066>\n<002e> <00660066006c>\nendbfchar\n";
    assert_int_equal(g_bytes_get_size(mended), strlen(LETTERS));
    assert_memory_equal(g_bytes_get_data(mended, NULL), LETTERS, strlen(LETTERS));
    g_bytes_unref(mended);
    assert_null(pdf_text_mend((const unsigned char *)"<0001> <2f", 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_valid_small_and_tagged),
        cmocka_unit_test(every_font_is_embedded_cut_down_and_readable),
        cmocka_unit_test(its_text_is_the_source),
        cmocka_unit_test(the_contents_name_the_pages),
        cmocka_unit_test(the_tree_is_read_in_order),
        cmocka_unit_test(readings_and_languages_are_tagged),
        cmocka_unit_test(a_draft_adds_only_decoration),
        cmocka_unit_test(archives_get_a_file_without_streams_of_objects),
        cmocka_unit_test(links_and_destinations_resolve),
        cmocka_unit_test(clock_zone_and_locale_change_nothing),
        cmocka_unit_test(the_date_can_be_set),
        cmocka_unit_test(what_cannot_be_set_is_an_error),
        cmocka_unit_test(links_to_what_is_left_out_become_text),
        cmocka_unit_test(names_and_addresses_are_safe),
        cmocka_unit_test(radicals_become_ideographs),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
