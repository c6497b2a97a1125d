/* The PDF as programs of others see it: qpdf, pdffonts, pdftotext, pdfinfo. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <cairo.h>
#include <glib/gstdio.h>
#include <libxml/parser.h>
#include <string.h>
#include <time.h>

#include "render/pdf.h"
#include "render/pdf_draw.h"
#include "render/pdf_text.h"

static const char SENTENCE[] = "観測用のセンサー（装置）に届いたTCPのパケットを、23/TCPや443/"
                               "TCPのような宛先ポートごとに「毎日」数えました。"
                               "日ごとの数は表1と図1に、用語の説明は注1に示します。";

/* A page of its own, without template or model behind it. */
struct sample {
    struct fonts *fonts;
    struct model model;
    struct page page;
    struct page_image chart, picture;
    struct model_figure figure;
    struct chart_series series;
    double values[30];
    bool observed[30], day_off[30];
    char *pages_xml;
    char *changed_pages; /* in its place, or NULL */
    enum pdf_variant variant;
};

static char *text_of(const char *text)
{
    return (char *)(uintptr_t)text; /* the model's strings are not changed here */
}

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static GBytes *small_png(void)
{
    GByteArray *bytes = g_byte_array_new();
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 40, 30);
    assert_int_equal(cairo_surface_write_to_png_stream(surface, append, bytes), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
    return g_byte_array_free_to_bytes(bytes);
}

static void fill_chart(struct sample *s)
{
    for (int i = 0; i < 30; i++) {
        s->values[i] = 1000 + 37 * (i % 11);
        s->observed[i] = true;
        s->day_off[i] = i % 7 >= 5;
    }
    s->series = (struct chart_series){.label = text_of("Telnet"),
                                      .detail = text_of("23/TCP"),
                                      .values = s->values,
                                      .observed = s->observed};
    s->figure = (struct model_figure){.id = text_of("daily"), .caption = text_of("推移"), .csv = text_of("")};
    s->figure.chart = (struct chart_spec){.kind = CHART_DAILY_LINES,
                                          .language = text_of("ja"),
                                          .identifier = text_of("fig1"),
                                          .headline = text_of("日々の数に大きな変化はない"),
                                          .subtitle = text_of("23/TCP宛てのパケット"),
                                          .unit = text_of("1日当たりのパケット数"),
                                          .source_note = text_of(""),
                                          .missing_label = text_of("欠測"),
                                          .day_off_label = text_of("灰色の帯は土日祝日"),
                                          .current_label = text_of(""),
                                          .previous_label = text_of(""),
                                          .description = text_of("折れ線の図"),
                                          .first_day = {2025, 4, 1},
                                          .day_count = 30,
                                          .day_off = s->day_off,
                                          .series = &s->series,
                                          .series_count = 1};
}

static int set_up(void **state)
{
    struct sample *s = g_new0(struct sample, 1);
    const char *source = g_getenv("TEITEN_SOURCE");
    source = source != NULL ? source : "..";
    g_setenv("TEITEN_DATA", source, TRUE);
    g_unsetenv("SOURCE_DATE_EPOCH");
    struct error err = {0};
    s->fonts = fonts_new(&err);
    assert_non_null(s->fonts);
    s->pages_xml = g_build_filename(source, "templates/ja/pages.xml", NULL);
    s->model.title = text_of("見本の報告");
    s->model.period = text_of("2025年4〜6月");
    s->model.publisher = text_of("見本の発行者");
    s->model.last_day = (struct civil_date){2025, 6, 30};
    fill_chart(s);
    s->chart = (struct page_image){.file = text_of("img/fig1.svg"), .number = 1, .figure = &s->figure};
    s->picture = (struct page_image){.file = text_of("img/fig2.png"),
                                     .number = 2,
                                     .picture = small_png(),
                                     .width_px = 40,
                                     .height_px = 30};
    s->model.figures = &s->figure;
    s->model.figure_count = 1;
    s->page.model = &s->model;
    s->page.images = g_ptr_array_new();
    g_ptr_array_add(s->page.images, &s->chart);
    g_ptr_array_add(s->page.images, &s->picture);
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct sample *s = *state;
    fonts_free(s->fonts);
    g_bytes_unref(s->picture.picture);
    g_ptr_array_unref(s->page.images);
    g_free(s->pages_xml);
    g_free(s);
    return 0;
}

static GBytes *make_pdf(struct sample *s, const char *body, struct error *err)
{
    char *text = g_strdup_printf("<html "
                                 "xmlns=\"http://www.w3.org/1999/xhtml\"><body><header><h1>見本の報告</h1></"
                                 "header><main>%s</main></body></html>",
                                 body);
    s->page.document = xmlReadMemory(text, (int)strlen(text), "page", NULL, XML_PARSE_NONET);
    assert_non_null(s->page.document);
    GBytes *pdf = pdf_from_page(&s->page, s->changed_pages != NULL ? s->changed_pages : s->pages_xml,
                                s->fonts, s->variant, err);
    xmlFreeDoc(s->page.document);
    g_free(text);
    return pdf;
}

/* The document of which all that follows asks. */
static char *full_body(void)
{
    GString *body = g_string_new("<section id=\"one\"><h2>1. 最初の章</h2>");
    g_string_append_printf(body, "<p>%s<sup><a id=\"note-mark-1\" href=\"#note-1\">注1</a></sup></p>",
                           SENTENCE);
    g_string_append(body,
                    "<table id=\"table-a\"><caption><span class=\"number\">表1</span> "
                    "順位</caption><thead><tr><th>順位</th><th>名前</th></tr></thead>"
                    "<tbody><tr><td class=\"number\">1</td><th>Telnet（23/TCP）</th></tr></tbody></table>"
                    "<figure id=\"fig-a\"><img src=\"img/fig1.svg\" alt=\"折れ線の図\"/><figcaption>図1 "
                    "推移</figcaption></figure>"
                    "<figure id=\"fig-b\"><img src=\"img/fig2.png\" alt=\"黒い四角\"/><figcaption>図2 "
                    "画面</figcaption></figure>"
                    "<p><a href=\"#fig-a\">図1</a>と<a "
                    "href=\"https://www.example.org/a_(b)?x=(\">外の頁</a>と<strong>太字</"
                    "strong>と<code>code 1</code>。</p>"
                    "<ul><li>項目の一つ目<ul><li>内側</li></ul></li></ul><ol><li>番号付き</li></"
                    "ol><dl><dt>用語</dt><dd>説明</dd></dl>"
                    "<p class=\"screen-only\">画面だけの文</p><details><p>開く文</p></details>");
    for (int i = 0; i < 12; i++)
        g_string_append_printf(body, "<h3>%d番目の節</h3><p>%s%s%s</p>", i + 1, SENTENCE, SENTENCE, SENTENCE);
    g_string_append(
        body, "</section><section id=\"two\"><h2>2. 二番目の章</h2><p>二番目の章の文です。</p></section>"
              "<section id=\"notes\"><h2>注</h2><ol class=\"notes\"><li "
              "id=\"note-1\">注の中身です。</li></ol></section>");
    return g_string_free(body, FALSE);
}

/* Runs a program on the PDF ("@" in its arguments); what it prints. */
static char *ask(GBytes *pdf, const char *command)
{
    char *path = NULL;
    int file = g_file_open_tmp("page-XXXXXX.pdf", &path, NULL);
    assert_true(file >= 0);
    g_close(file, NULL);
    assert_true(g_file_set_contents(path, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), NULL));
    char **arguments = g_strsplit(command, " ", -1), *out = NULL;
    for (char **a = arguments; *a != NULL; a++) {
        if (strcmp(*a, "@") == 0) {
            g_free(*a);
            *a = g_strdup(path);
        }
    }
    int status = -1;
    GError *error = NULL;
    if (!g_spawn_sync(NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, &error))
        fail_msg("%s: %s", command, error->message);
    if (status != 0)
        fail_msg("%s: status %d: %s", command, status, out);
    g_unlink(path);
    g_free(path);
    g_strfreev(arguments);
    return out;
}

static GBytes *full_pdf(struct sample *s)
{
    struct error err = {0};
    char *body = full_body();
    GBytes *pdf = make_pdf(s, body, &err);
    g_free(body);
    if (pdf == NULL)
        fail_msg("%s", err.message);
    return pdf;
}

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

/* What stands after `key` on its line. */
static char *rest_of_line(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    assert_non_null(at);
    at += strlen(key);
    return g_strstrip(g_strndup(at, strcspn(at, "\n\f")));
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

/* The shipped pages.xml with one text replaced, in a folder of its own with a picture beside it. */
static void change_pages(struct sample *s, const char *from, const char *to)
{
    char *text = NULL;
    assert_true(g_file_get_contents(s->pages_xml, &text, NULL, NULL));
    GString *changed = g_string_new(text);
    assert_int_equal(g_string_replace(changed, from, to, 1), 1);
    char *folder = g_dir_make_tmp("pages-XXXXXX", NULL);
    char *picture = g_build_filename(folder, "logo.png", NULL);
    s->changed_pages = g_build_filename(folder, "pages.xml", NULL);
    assert_true(g_file_set_contents(s->changed_pages, changed->str, -1, NULL));
    assert_true(g_file_set_contents(picture, g_bytes_get_data(s->picture.picture, NULL),
                                    (gssize)g_bytes_get_size(s->picture.picture), NULL));
    g_free(picture);
    g_free(folder);
    g_string_free(changed, TRUE);
    g_free(text);
}

static void restore_pages(struct sample *s)
{
    char *folder = g_path_get_dirname(s->changed_pages);
    char *picture = g_build_filename(folder, "logo.png", NULL);
    g_unlink(s->changed_pages);
    g_unlink(picture);
    g_rmdir(folder);
    g_free(picture);
    g_free(folder);
    g_clear_pointer(&s->changed_pages, g_free);
}

#define COVER                                                                                    \
    "<cover title-size=\"28pt\" title-pitch=\"42pt\" size=\"12pt\" pitch=\"22pt\" rule=\"2pt\" " \
    "rule-colour=\"#1A3A94\" "

/* The cover is a page without number; what follows starts with 1, in print, in the contents and in a viewer.
 */
static void a_cover_is_a_page_before_the_first(void **state)
{
    struct sample *s = *state;
    change_pages(s, "<body size", COVER "picture=\"logo.png\" figure=\"daily\"/><body size");
    GBytes *pdf = full_pdf(s);
    char *cover = ask(pdf, "pdftotext -l 1 -layout @ -"),
         *second = ask(pdf, "pdftotext -f 2 -l 2 -layout @ -");
    assert_non_null(strstr(cover, "見本の報告"));
    assert_non_null(strstr(cover, "日々の数に大きな変化はない")); /* the figure's headline */
    assert_null(strstr(cover, "目次"));
    assert_null(strstr(cover, "1/"));
    assert_non_null(strstr(second, "目次"));
    assert_true(strstr(second, " 1/") != NULL || strstr(second, " 1 /") != NULL);
    char *entry = rest_of_line(second, "2. 二番目の章");
    const char *number = strrchr(entry, ' ') != NULL ? strrchr(entry, ' ') + 1 : entry;
    char *command = g_strdup_printf("pdftotext -f %d @ -", (int)g_ascii_strtoll(number, NULL, 10) + 1);
    char *page = ask(pdf, command), *labels = ask(pdf, "qpdf --json --json-key=pagelabels @");
    assert_non_null(strstr(page, "2. 二番目の章"));
    assert_non_null(strstr(labels, "\"/P\": \"u:表紙\""));
    char *tree = ask(pdf, "pdfinfo -struct-text @");
    assert_true(strstr(tree, "H1 (block)") < strstr(tree, "TOC"));
    g_free(ask(pdf, "qpdf --check @"));
    g_free(tree);
    g_free(labels);
    g_free(page);
    g_free(command);
    g_free(entry);
    g_free(second);
    g_free(cover);
    g_bytes_unref(pdf);
    restore_pages(s);
}

static void a_cover_without_its_picture_is_an_error(void **state)
{
    static const struct {
        const char *attributes, *expected;
    } CASES[] = {
        {"picture=\"other.png\"/>", "other.png: cannot read"},
        {"picture=\"../logo.png\"/>", "\"../logo.png\" lies outside"},
        {"picture=\"pages.xml\"/>", "pages.xml: cover: picture \"pages.xml\""},
        {"figure=\"weekly\"/>", "figure=\"weekly\": no such figure"},
    };
    struct sample *s = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        struct error err = {0};
        char *cover = g_strconcat(COVER, CASES[i].attributes, "<body size", NULL);
        change_pages(s, "<body size", cover);
        assert_null(make_pdf(s, "<p>文。</p>", &err));
        if (strstr(err.message, CASES[i].expected) == NULL)
            fail_msg("expected \"%s\": %s", CASES[i].expected, err.message);
        restore_pages(s);
        g_free(cover);
    }
}

/* On other papers everything is set anew: nothing leaves the page. */
static void other_papers_hold_the_same_document(void **state)
{
    static const struct {
        const char *paper, *margins, *size;
    } CASES[] = {
        {"<paper width=\"148mm\" height=\"210mm\"/>",
         "<margins top=\"52pt\" bottom=\"56pt\" left=\"42pt\" right=\"42pt\"/>", "419.528 x 595.276 pts"},
        {"<paper width=\"612pt\" height=\"792pt\"/>",
         "<margins top=\"72pt\" bottom=\"72pt\" left=\"96pt\" right=\"96pt\"/>", "612 x 792 pts"},
    };
    struct sample *s = *state;
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char *both = g_strconcat(CASES[i].paper, CASES[i].margins, NULL);
        change_pages(s,
                     "<paper width=\"210mm\" height=\"297mm\"/>\n"
                     "  <margins top=\"88pt\" bottom=\"87pt\" left=\"87.6pt\" right=\"87.6pt\"/>",
                     both);
        GBytes *pdf = full_pdf(s);
        char *info = ask(pdf, "pdfinfo @"), *boxes = ask(pdf, "pdftotext -bbox @ -");
        assert_non_null(strstr(info, CASES[i].size));
        double width = g_ascii_strtod(CASES[i].size, NULL);
        for (const char *p = strstr(boxes, "xMax=\""); p != NULL; p = strstr(p + 1, "xMax=\""))
            assert_true(g_ascii_strtod(p + 6, NULL) < width - 20);
        g_free(ask(pdf, "qpdf --check @"));
        g_free(boxes);
        g_free(info);
        g_bytes_unref(pdf);
        restore_pages(s);
        g_free(both);
    }
}

static void an_english_edition_speaks_english(void **state)
{
    struct sample *s = *state;
    struct error err = {0};
    change_pages(s, "language=\"ja\"", "language=\"en\"");
    s->page.draft = true;
    GBytes *pdf =
        make_pdf(s,
                 "<p>April–June<sup><a id=\"note-mark-1\" href=\"#note-1\">Note 1</a></sup> and "
                 "<q>quoted</q>, <span lang=\"ja\">定点</span>.</p><section id=\"notes\"><h2>Notes</h2>"
                 "<ol class=\"notes\"><li id=\"note-1\">What the note says.</li></ol></section>",
                 &err);
    s->page.draft = false;
    assert_non_null(pdf);
    char *text = ask(pdf, "pdftotext @ -"), *info = ask(pdf, "pdfinfo @");
    char *objects = ask(pdf, "qpdf --qdf --object-streams=disable @ -");
    const char *note = g_strrstr(text, "Note 1");
    assert_true(note != NULL && strstr(note, "What the note says.") != NULL);
    assert_null(strstr(text, "注"));
    assert_non_null(strstr(text, "April–June"));
    assert_non_null(strstr(text, "“quoted”"));
    assert_non_null(strstr(info, "見本の報告 (2025年4〜6月)"));
    assert_non_null(strstr(objects, "/Lang (en)"));
    assert_non_null(strstr(objects, "/Lang (ja)")); /* of the span */
    g_free(objects);
    g_free(info);
    g_free(text);
    g_bytes_unref(pdf);
    restore_pages(s);
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

/* Both names far too long for one line: each is cut to its share, and the period stays. */
static void long_running_heads_do_not_touch(void **state)
{
    struct sample *s = *state;
    char *title = s->model.title, *publisher = s->model.publisher;
    s->model.title = text_of("とても長い題名を持つ全国の研究機関と協力して運用する定点観測の四半期報告書");
    s->model.publisher =
        text_of("国立研究開発法人とても長い名前の情報通信安全対策研究調整連絡会議事務局分析部門");
    GBytes *pdf = full_pdf(s);
    char *text = ask(pdf, "pdftotext -f 2 -l 2 -layout @ -");
    char *end = strchr(text, '\n');
    *end = '\0';
    assert_non_null(strstr(text, "…（2025年4〜6月） "));
    assert_non_null(strstr(text, "  国立研究開発法人"));
    assert_true(g_str_has_suffix(text, "…"));
    g_free(text);
    g_bytes_unref(pdf);
    s->model.title = title;
    s->model.publisher = publisher;
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
        cmocka_unit_test(a_cover_is_a_page_before_the_first),
        cmocka_unit_test(a_cover_without_its_picture_is_an_error),
        cmocka_unit_test(other_papers_hold_the_same_document),
        cmocka_unit_test(an_english_edition_speaks_english),
        cmocka_unit_test(archives_get_a_file_without_streams_of_objects),
        cmocka_unit_test(links_and_destinations_resolve),
        cmocka_unit_test(clock_zone_and_locale_change_nothing),
        cmocka_unit_test(the_date_can_be_set),
        cmocka_unit_test(what_cannot_be_set_is_an_error),
        cmocka_unit_test(links_to_what_is_left_out_become_text),
        cmocka_unit_test(long_running_heads_do_not_touch),
        cmocka_unit_test(names_and_addresses_are_safe),
        cmocka_unit_test(radicals_become_ideographs),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
