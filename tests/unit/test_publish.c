/* A small edition published into memory: every file it consists of, and none of it when something is wrong.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/publish.h"
#include "unit/model_fixture.h"

struct world {
    struct fixture fixture;
    struct output_set set;
    struct fonts *fonts;
    struct error err;
};

static int set_up(void **state)
{
    struct world *world = g_new0(struct world, 1);
    fixture_init(&world->fixture);
    output_set_init(&world->set);
    world->fonts = fonts_new(&world->err);
    assert_non_null(world->fonts);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    fonts_free(world->fonts);
    output_set_release(&world->set);
    fixture_release(&world->fixture);
    g_free(world);
    return 0;
}

static int publish(struct world *world)
{
    struct publish_options options = {.draft = false};
    return publish_edition(&world->fixture.publication, &world->fixture.edition, &world->fixture.model,
                           world->fonts, &options, &world->set, NULL, &world->err);
}

static void assert_starts(struct world *world, const char *name, const char *start)
{
    GBytes *bytes = output_set_find(&world->set, name);
    if (bytes == NULL)
        fail_msg("no %s", name);
    assert_true(g_bytes_get_size(bytes) >= strlen(start));
    assert_memory_equal(g_bytes_get_data(bytes, NULL), start, strlen(start));
}

static char *text_of_file(struct world *world, const char *name)
{
    GBytes *bytes = output_set_find(&world->set, name);
    assert_non_null(bytes);
    return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void an_edition_has_all_its_files(void **state)
{
    struct world *world = *state;
    if (publish(world) != 0)
        fail_msg("%s", world->err.message);
    assert_starts(world, "index.xhtml", "<!DOCTYPE html>");
    assert_starts(world, "report.pdf", "%PDF-");
    assert_starts(world, "img/2025q1_report_fig1.png", "\x89PNG");
    assert_starts(world, "img/2025q1_report_fig3.svg", "<");
    assert_starts(world, "data/ports.csv", "rank,key");
    assert_starts(world, "data/ports-daily.csv", "date,a,b\n2025-04-01,1,2\n");
    assert_starts(world, "style.css", "/*");
    assert_starts(world, "manifest.json", "{");
    /* index, style, report, manifest; 3 figures as 5 files; 2 tables and 3 figures as CSV */
    assert_int_equal(world->set.names->len, 4 + 3 * 5 + 2 + 3);
    char *manifest = text_of_file(world, "manifest.json");
    for (guint i = 0; i < world->set.names->len; i++)
        if (strcmp(world->set.names->pdata[i], "manifest.json") != 0)
            assert_non_null(strstr(manifest, world->set.names->pdata[i]));
    g_free(manifest);
}

static void figures_keep_their_place_free(void **state)
{
    struct world *world = *state;
    assert_int_equal(publish(world), 0);
    char *page = text_of_file(world, "index.xhtml");
    const char *image = strstr(page, "src=\"img/2025q1_report_fig1.svg\" width=\"");
    assert_non_null(image);
    assert_non_null(strstr(image, " height=\""));
    g_free(page);
}

/* How often `part` stands in `text`. */
static int occurrences(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

static void figures_fit_the_screen(void **state)
{
    struct world *world = *state;
    struct publish_options options = {.single_file = true};
    assert_int_equal(publish_edition(&world->fixture.publication, &world->fixture.edition,
                                     &world->fixture.model, world->fonts, &options, &world->set, NULL,
                                     &world->err),
                     0);
    char *light = text_of_file(world, "img/2025q1_report_fig1.svg");
    char *dark = text_of_file(world, "img/2025q1_report_fig1_dark.svg");
    char *phone = text_of_file(world, "img/2025q1_report_fig1_phone.svg");
    char *phone_dark = text_of_file(world, "img/2025q1_report_fig1_phone_dark.svg");
    assert_non_null(strstr(light, "viewBox=\"0 0 440 "));
    assert_non_null(strstr(dark, "viewBox=\"0 0 440 "));
    assert_non_null(strstr(phone, "viewBox=\"0 0 260 "));
    assert_non_null(strstr(phone_dark, "viewBox=\"0 0 260 "));
    assert_non_null(strstr(light, " fill=\"#FFFFFF\"/>"));
    assert_null(strstr(dark, "#FFFFFF\"/>"));
    assert_non_null(strstr(dark, " fill=\"#14171C\"/>"));
    assert_non_null(strstr(phone, " fill=\"#FFFFFF\"/>"));
    assert_non_null(strstr(phone_dark, " fill=\"#14171C\"/>"));
    char *page = text_of_file(world, "index.xhtml");
    /* Light and wide is what stands without a condition; one picture for each of the three figures. */
    assert_int_equal(occurrences(page, "<picture>"), 3);
    assert_int_equal(occurrences(page, "<source "), 9);
    assert_int_equal(occurrences(page, "srcset=\"img/2025q1_report_fig2_phone_dark.svg\""), 1);
    /* For the screen, and for paper, where it is read aloud only once. */
    assert_int_equal(occurrences(page, "src=\"img/2025q1_report_fig2.svg\""), 2);
    assert_int_equal(occurrences(page, "<img alt=\"\" src="), 3);
    char *alone = text_of_file(world, "2025q1.html");
    assert_int_equal(occurrences(alone, "srcset=\"data:image/svg+xml;base64,"), 9);
    assert_null(strstr(alone, "=\"img/"));
    char *const texts[] = {light, dark, phone, phone_dark, page, alone};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

static void a_table_and_a_figure_of_one_id_keep_two_files(void **state)
{
    struct world *world = *state;
    world->fixture.figures[2].id = text_of("ports");
    assert_int_equal(publish(world), 0);
    assert_starts(world, "data/ports.csv", "rank,key");
    assert_starts(world, "data/ports-figure.csv", "date,");
}

static void errors_name_the_stage_once(void **state)
{
    struct world *world = *state;
    fixture_prose(&world->fixture, "overview", "<p>要確認</p>");
    assert_int_equal(publish(world), -1);
    assert_int_equal(world->err.kind, ERROR_INPUT);
    assert_true(g_str_has_prefix(world->err.message, "report: "));
    assert_null(strstr(world->err.message + strlen("report: "), "report: "));
    assert_null(output_set_find(&world->set, "manifest.json"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_edition_has_all_its_files), CASE(figures_keep_their_place_free),
        CASE(figures_fit_the_screen),       CASE(a_table_and_a_figure_of_one_id_keep_two_files),
        CASE(errors_name_the_stage_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
