#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/expression.h"
#include "render/model_document.h"
#include "unit/model_fixture.h"

struct world {
    struct fixture fixture;
    GPtrArray *fragments;
    xmlDocPtr document;
    struct expression_context expressions;
};

static int set_up(void **state)
{
    struct world *world = g_new0(struct world, 1);
    fixture_init(&world->fixture);
    world->fragments = g_ptr_array_new();
    g_ptr_array_add(world->fragments, text_of("infected"));
    world->document =
        model_document_new(&world->fixture.publication, &world->fixture.model, world->fragments, false);
    expression_context_init(&world->expressions, world->document);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    expression_context_release(&world->expressions);
    xmlFreeDoc(world->document);
    g_ptr_array_unref(world->fragments);
    fixture_release(&world->fixture);
    g_free(world);
    return 0;
}

static void assert_value(struct world *world, const char *expression, const char *expected)
{
    xmlXPathObjectPtr value =
        expression_evaluate(&world->expressions, expression, xmlDocGetRootElement(world->document));
    if (value == NULL)
        fail_msg("%s: %s", expression, world->expressions.problem);
    xmlChar *text = xmlXPathCastToString(value);
    assert_string_equal((const char *)text, expected);
    xmlFree(text);
    xmlXPathFreeObject(value);
}

static void the_edition_is_told(void **state)
{
    assert_value(*state, "title", "インターネット定点観測レポート");
    assert_value(*state, "period", "2025年4〜6月");
    assert_value(*state, "@first-day", "2025-04-01");
    assert_value(*state, "last-day-text", "2025年6月30日");
    assert_value(*state, "@day-count", "91"); /* 30 + 31 + 30 */
    assert_value(*state, "@has-previous", "yes");
    assert_value(*state, "@has-year-before", "no");
    assert_value(*state, "@draft", "no");
    assert_value(*state, "prose/fragment/@name", "infected");
}

static void tables_keep_text_and_value_apart(void **state)
{
    assert_value(*state, "count(tables/table)", "2");
    assert_value(*state, "tables/table[@id='ports']/rows/row[1]/cell[@name='key']", "Telnet(23/TCP)");
    assert_value(*state, "tables/table[@id='ports']/rows/row[1]/cell[@name='key']/@value", "23/TCP");
    assert_value(*state, "tables/table[@id='ports']/rows/row[2]/cell[3]", "トップ10圏外");
    assert_value(*state, "tables/table[@id='ports']/rows/row[2]/cell[3]/@value", "12");
    assert_value(*state, "tables/table[@id='regions']/@by", "region");
    assert_value(*state, "tables/table[1]/columns/column[2]", "宛先ポート番号");
}

static void every_grouping_has_its_name(void **state)
{
    struct world *world = *state;
    struct measure *measure = &world->fixture.publication.measures[0];
    enum measure_by by = measure->by;
    enum measure_count count = measure->count;
    measure->by = measure_by_pair(BY_PROTOCOL, BY_SOURCE_24);
    measure->count = COUNT_SOURCE_SENSORS;
    xmlDocPtr before = world->document;
    expression_context_release(&world->expressions);
    world->document =
        model_document_new(&world->fixture.publication, &world->fixture.model, world->fragments, false);
    expression_context_init(&world->expressions, world->document);
    xmlFreeDoc(before);
    assert_value(world, "tables/table[1]/@by", "protocol+source-24");
    assert_value(world, "tables/table[1]/@count", "source-sensors");
    measure->by = by;
    measure->count = count;
}

static void figures_keep_missing_days_apart_from_zero(void **state)
{
    assert_value(*state, "figures/figure[@id='ports-daily']/@table", "ports");
    assert_value(*state, "figures/figure[@id='telnet-sources-daily']/@table", "");
    assert_value(*state, "figures/figure[@id='telnet-sources-daily']/@count", "sources");
    assert_value(*state, "count(figures/figure[1]/series[1]/day)", "4");
    assert_value(*state, "figures/figure[1]/series[2]/day[4]", "800"); /* 1000 + 3 x 100 - 500 */
    assert_value(*state, "figures/figure[1]/series[1]/day[3]", "");
    assert_value(*state, "figures/figure[1]/series[1]/day[3]/@missing", "yes");
    assert_value(*state, "figures/figure[1]/missing/@first", "2025-04-03");
    assert_value(*state, "figures/figure[1]/missing/@last", "2025-04-03");
    assert_value(*state, "count(figures/figure[2]/missing)", "0");
}

static void drafts_carry_their_reasons(void **state)
{
    assert_value(*state, "count(drafts/draft[@id='ports']/sentence)", "2");
    assert_value(*state, "drafts/draft[@id='ports']/sentence[2]/@rule", "entered");
    assert_value(*state, "drafts/draft[@id='ports']/sentence[2]/@threshold", "10");
}

static void quality_is_told(void **state)
{
    assert_value(*state, "quality/packets-read", "1,234,567");
    assert_value(*state, "quality/packets-read/@value", "1234567");
    assert_value(*state, "count(quality/bins/bin)", "10");
    assert_value(*state, "quality/bins/bin[@name='counted']/label", "集計対象");
    assert_value(*state, "quality/overseas-sensors", "4");     /* 12 - 8 */
    assert_value(*state, "quality/outages/outage/@days", "3"); /* the 7th, 8th and 9th */
    assert_value(*state, "quality/outages/outage", "5月7日〜5月9日");
    assert_value(*state, "quality/registries/registry", "APNIC 2025-06-30");
}

static void text_with_markup_stays_text(void **state)
{
    struct world *world = *state;
    world->fixture.model.title = text_of("A & <b> \"c\"");
    xmlDocPtr document = model_document_new(&world->fixture.publication, &world->fixture.model, NULL, true);
    struct expression_context expressions;
    expression_context_init(&expressions, document);
    xmlXPathObjectPtr value = expression_evaluate(&expressions, "title", xmlDocGetRootElement(document));
    xmlChar *text = xmlXPathCastToString(value);
    assert_string_equal((const char *)text, "A & <b> \"c\"");
    xmlFree(text);
    xmlXPathFreeObject(value);
    expression_context_release(&expressions);
    xmlFreeDoc(document);
}

static void assert_problem(struct world *world, const char *expression, const char *part)
{
    xmlXPathObjectPtr value =
        expression_evaluate(&world->expressions, expression, xmlDocGetRootElement(world->document));
    assert_null(value);
    if (strstr(world->expressions.problem, part) == NULL)
        fail_msg("\"%s\" does not tell \"%s\"", world->expressions.problem, part);
}

static void wrong_expressions_are_told(void **state)
{
    assert_problem(*state, "tables/table[", "at character");
    assert_problem(*state, "document('/etc/passwd')", "unknown function");
    assert_problem(*state, "$nothing", "unknown variable");
    assert_problem(*state, "x:table", "unknown prefix");
}

static void an_endless_expression_ends(void **state)
{
    assert_problem(*state, "count(//*[count(//*[count(//*[count(//*) > 0]) > 0]) > 0])", "too many steps");
}

static void attribute_values_are_filled(void **state)
{
    struct world *world = *state;
    xmlNodePtr root = xmlDocGetRootElement(world->document);
    char *bad = NULL;
    char *text = expression_fill(&world->expressions, "a-{@edition}-{{x}}-{concat('}', 1 + 1)}", root, &bad);
    assert_null(bad);
    assert_string_equal(text, "a-2025q1-{x}-}2");
    g_free(text);
    assert_null(expression_fill(&world->expressions, "{@nothing}", root, &bad));
    assert_string_equal(bad, "@nothing");
    assert_string_equal(world->expressions.problem, "selects nothing");
    g_free(bad);
    assert_null(expression_fill(&world->expressions, "{@edition", root, &bad));
    g_free(bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_edition_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tables_keep_text_and_value_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_grouping_has_its_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(figures_keep_missing_days_apart_from_zero, set_up, tear_down),
        cmocka_unit_test_setup_teardown(drafts_carry_their_reasons, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quality_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(text_with_markup_stays_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_expressions_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_endless_expression_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(attribute_values_are_filled, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
