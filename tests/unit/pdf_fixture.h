/* pdf_fixture.h - a page with a chart and a picture, its PDF, and what programs of others say of it.
 *
 *     GBytes *pdf = full_pdf(sample);
 *     char *info = ask(pdf, "pdfinfo @");       // the file in the place of @
 */
#ifndef TEITEN_TESTS_UNIT_PDF_FIXTURE_H
#define TEITEN_TESTS_UNIT_PDF_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <cairo.h>
#include <glib/gstdio.h>
#include <libxml/parser.h>
#include <string.h>

#include "render/pdf.h"

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

static inline char *text_of(const char *text)
{
    return (char *)(uintptr_t)text; /* the model's strings are not changed here */
}

static inline cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
    g_byte_array_append(closure, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static inline GBytes *small_png(void)
{
    GByteArray *bytes = g_byte_array_new();
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 40, 30);
    assert_int_equal(cairo_surface_write_to_png_stream(surface, append, bytes), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
    return g_byte_array_free_to_bytes(bytes);
}

static inline void fill_chart(struct sample *s)
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

static inline int set_up(void **state)
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

static inline int tear_down(void **state)
{
    struct sample *s = *state;
    fonts_free(s->fonts);
    g_bytes_unref(s->picture.picture);
    g_ptr_array_unref(s->page.images);
    g_free(s->pages_xml);
    g_free(s);
    return 0;
}

static inline GBytes *make_pdf(struct sample *s, const char *body, struct error *err)
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
static inline char *full_body(void)
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
static inline char *ask(GBytes *pdf, const char *command)
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

static inline GBytes *full_pdf(struct sample *s)
{
    struct error err = {0};
    char *body = full_body();
    GBytes *pdf = make_pdf(s, body, &err);
    g_free(body);
    if (pdf == NULL)
        fail_msg("%s", err.message);
    return pdf;
}

/* What stands after `key` on its line. */
static inline char *rest_of_line(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    assert_non_null(at);
    at += strlen(key);
    return g_strstrip(g_strndup(at, strcspn(at, "\n\f")));
}

#endif
