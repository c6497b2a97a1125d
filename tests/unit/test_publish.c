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
    /* index, style, report, manifest; 3 figures as 2 files; 2 tables and 3 figures as CSV */
    assert_int_equal(world->set.names->len, 4 + 3 * 2 + 2 + 3);
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
        CASE(an_edition_has_all_its_files),
        CASE(figures_keep_their_place_free),
        CASE(a_table_and_a_figure_of_one_id_keep_two_files),
        CASE(errors_name_the_stage_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
