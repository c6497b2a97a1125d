/* Pages as pictures: tests/pictures/document.xhtml, and an English one, drawn at 48 dpi and held against the
 * pictures beside it, which were looked at. Blocks of pixels are compared by their mean, so that another
 * rasteriser's edges pass and a line that moved does not. A failure leaves the new pictures in a folder that
 * it names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <cairo.h>
#include <glib/gstdio.h>
#include <libxml/parser.h>
#include <math.h>
#include <string.h>

#include "render/pdf.h"

enum { BLOCK = 6, BLOCK_TOLERANCE = 22 };
static const double PAGE_TOLERANCE = 0.6;

static char *text_of(const char *text)
{
    return (char *)(uintptr_t)text;
}

static char *source_path(const char *name)
{
    return g_build_filename(g_getenv("TEITEN_SOURCE"), name, NULL);
}

/* Mean of the greys of a block. */
static double block_mean(cairo_surface_t *surface, int left, int top)
{
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface), sum = 0, count = 0;
    for (int y = top; y < MIN(top + BLOCK, cairo_image_surface_get_height(surface)); y++) {
        for (int x = left; x < MIN(left + BLOCK, cairo_image_surface_get_width(surface)); x++) {
            const unsigned char *pixel = data + (ptrdiff_t)y * stride + (ptrdiff_t)x * 4;
            sum += pixel[0] + pixel[1] + pixel[2];
            count += 3;
        }
    }
    return count > 0 ? (double)sum / count : 0;
}

/* NULL when the pictures are alike, else what differs; owned by the caller. */
static char *difference(cairo_surface_t *a, cairo_surface_t *b)
{
    int width = cairo_image_surface_get_width(a), height = cairo_image_surface_get_height(a), count = 0;
    double sum = 0, most = 0;
    int most_x = 0, most_y = 0;
    if (width != cairo_image_surface_get_width(b) || height != cairo_image_surface_get_height(b))
        return g_strdup("another size");
    for (int y = 0; y < height; y += BLOCK) {
        for (int x = 0; x < width; x += BLOCK, count++) {
            double change = fabs(block_mean(a, x, y) - block_mean(b, x, y));
            sum += change;
            if (change > most) {
                most = change;
                most_x = x;
                most_y = y;
            }
        }
    }
    if (most <= BLOCK_TOLERANCE && sum / count <= PAGE_TOLERANCE)
        return NULL;
    return g_strdup_printf("at %d, %d by %.0f of 255, on average by %.2f", most_x, most_y, most, sum / count);
}

/* As 24 bits a pixel. */
static cairo_surface_t *open_picture(const char *path, int shift)
{
    cairo_surface_t *png = cairo_image_surface_create_from_png(path);
    if (cairo_surface_status(png) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(png);
        return NULL;
    }
    cairo_surface_t *flat = cairo_image_surface_create(CAIRO_FORMAT_RGB24, cairo_image_surface_get_width(png),
                                                       cairo_image_surface_get_height(png));
    cairo_t *cr = cairo_create(flat);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_source_surface(cr, png, 0, shift);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(png);
    cairo_surface_flush(flat);
    return flat;
}

static struct chart_series series_of(double *values, bool *observed, int days)
{
    for (int i = 0; i < days; i++) {
        values[i] = 1000 + 37 * (i % 11);
        observed[i] = true;
    }
    return (struct chart_series){
        .label = text_of("Telnet"), .detail = text_of("23/TCP"), .values = values, .observed = observed};
}

/* The PDF of document.xhtml in that folder. */
static GBytes *make_pdf(const char *pictures, const char *template)
{
    enum { DAYS = 91 };
    double values[DAYS];
    bool observed[DAYS], day_off[DAYS] = {false};
    struct chart_series series = series_of(values, observed, DAYS);
    struct model_figure figure = {.id = text_of("daily"), .caption = text_of("推移"), .csv = text_of("")};
    figure.chart = (struct chart_spec){.kind = CHART_DAILY_LINES,
                                       .language = text_of("ja"),
                                       .identifier = text_of("fig1"),
                                       .headline = text_of("日々の数に大きな変化はない"),
                                       .subtitle = text_of("23/TCP宛てのパケット"),
                                       .unit = text_of("1日当たりのパケット数"),
                                       .source_note = text_of(""),
                                       .missing_label = text_of("欠測"),
                                       .day_off_label = text_of(""),
                                       .current_label = text_of(""),
                                       .previous_label = text_of(""),
                                       .description = text_of("折れ線の図"),
                                       .first_day = {2025, 4, 1},
                                       .day_count = DAYS,
                                       .day_off = day_off,
                                       .series = &series,
                                       .series_count = 1};
    struct model model = {.title = text_of("版面の見本"),
                          .period = text_of("2025年4〜6月"),
                          .publisher = text_of("見本の発行者"),
                          .last_day = {2025, 6, 30}};
    struct page_image image = {.file = text_of("img/fig1.svg"), .number = 1, .figure = &figure};
    struct page page = {.model = &model, .images = g_ptr_array_new()};
    struct error err = {0};
    g_setenv("TEITEN_DATA", g_getenv("TEITEN_SOURCE"), FALSE);
    g_ptr_array_add(page.images, &image);
    char *file = g_strconcat(pictures, "/document.xhtml", NULL);
    char *document = source_path(file), *pages = source_path(template);
    g_free(file);
    page.document = xmlReadFile(document, NULL, XML_PARSE_NONET);
    assert_non_null(page.document);
    struct fonts *fonts = fonts_new(&err);
    GBytes *pdf = fonts != NULL ? pdf_from_page(&page, pages, fonts, PDF_TAGGED, &err) : NULL;
    if (pdf == NULL)
        fail_msg("%s", err.message);
    fonts_free(fonts);
    xmlFreeDoc(page.document);
    g_ptr_array_unref(page.images);
    g_free(pages);
    g_free(document);
    return pdf;
}

/* A folder with page-1.png ...; how many. */
static int draw_pages(GBytes *pdf, char **folder)
{
    *folder = g_dir_make_tmp("teiten-pages-XXXXXX", NULL);
    char *file = g_build_filename(*folder, "document.pdf", NULL),
         *stem = g_build_filename(*folder, "page", NULL);
    assert_true(g_file_set_contents(file, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), NULL));
    char *arguments[] = {text_of("pdftoppm"), text_of("-r"), text_of("48"), text_of("-gray"),
                         text_of("-png"),     file,          stem,          NULL};
    int status = -1, count = 0;
    assert_true(
        g_spawn_sync(NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
    assert_int_equal(status, 0);
    g_unlink(file);
    for (bool there = true; there; count += there) {
        char *page = g_strdup_printf("%s-%d.png", stem, count + 1);
        there = g_file_test(page, G_FILE_TEST_EXISTS);
        g_free(page);
    }
    g_free(stem);
    g_free(file);
    return count;
}

static void check_pages(const char *pictures, const char *template, int pages)
{
    GBytes *pdf = make_pdf(pictures, template);
    char *folder = NULL;
    int drawn = draw_pages(pdf, &folder);
    GString *problems = g_string_new(NULL);
    if (drawn != pages)
        g_string_append_printf(problems, " %d pages, expected %d;", drawn, pages);
    for (int i = 1; i <= MIN(drawn, pages); i++) {
        char *name = g_strdup_printf("page-%d.png", i), *golden = g_strdup_printf("%s/%s", pictures, name);
        char *expected_path = source_path(golden), *actual_path = g_build_filename(folder, name, NULL);
        cairo_surface_t *expected = open_picture(expected_path, 0), *actual = open_picture(actual_path, 0);
        char *problem =
            expected != NULL ? difference(expected, actual) : g_strdup("no picture to compare with");
        if (problem != NULL)
            g_string_append_printf(problems, " %s: %s;", name, problem);
        /* The comparison sees a page that slipped by a sixth of a line. */
        cairo_surface_t *slipped = open_picture(actual_path, 2);
        char *slip = difference(actual, slipped);
        assert_non_null(slip);
        g_free(slip);
        cairo_surface_destroy(slipped);
        g_clear_pointer(&expected, cairo_surface_destroy);
        cairo_surface_destroy(actual);
        g_free(problem);
        g_free(actual_path);
        g_free(expected_path);
        g_free(golden);
        g_free(name);
    }
    if (problems->len > 0)
        fail_msg("%s and %s:%s", pictures, folder, problems->str);
    for (int i = 1; i <= drawn; i++) {
        char *page = g_strdup_printf("%s/page-%d.png", folder, i);
        g_unlink(page);
        g_free(page);
    }
    g_rmdir(folder);
    g_free(folder);
    g_string_free(problems, TRUE);
    g_bytes_unref(pdf);
}

static void pages_look_as_they_did(void **state)
{
    (void)state;
    check_pages("tests/pictures", "templates/ja/pages.xml", 3);
}

static void english_pages_look_as_they_did(void **state)
{
    (void)state;
    check_pages("tests/pictures/en", "templates/en/pages.xml", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_look_as_they_did),
                                       cmocka_unit_test(english_pages_look_as_they_did)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
