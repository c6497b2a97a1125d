/* How far ranks can be trusted: companions of a measure, ranks without a sensor, on common sensors, without
 * listed sources, and the sentences on them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/companion.h"
#include "report/stability.h"
#include "unit/summary_fixture.h"

enum { MEASURES = 6, SENSORS = 4 };

struct world {
    struct publication publication;
    struct measure measures[MEASURES];
    struct summary *now, *before;
    struct model *model;
    struct wording wording;
};

/* Sensors s1 to s4. Of the previous quarter s4 delivered nothing. */
static int set_up(void **state)
{
    static const char *const ids[MEASURES] = {"ports",       "ports-by-prefix", "ports-by-sensor",
                                              "ports-quiet", "ports-scans",     "ports-senders"};
    struct world *world = g_new0(struct world, 1);
    struct error err = {0};
    fixture_data_folder();
    fixture_publication(&world->publication);
    world->publication.top_limit = 2;
    for (size_t i = 0; i < MEASURES; i++)
        world->measures[i] = (struct measure){.id = g_strdup(ids[i]), .by = BY_PORT};
    world->measures[1].by = measure_by_pair(BY_SOURCE_24, BY_PORT); /* the other way round is found as well */
    world->measures[2].by = measure_by_pair(BY_PORT, BY_SENSOR);
    assert_int_equal(prefix_list_add(&world->measures[3].filter.not_source_prefixes, "198.51.100.0/24", &err),
                     0);
    world->measures[4].filter.tools =
        1u << TOOL_MIRAI | 1u << TOOL_ZMAP | 1u << TOOL_MASSCAN | 1u << TOOL_OTHER;
    world->measures[5].by = measure_by_pair(BY_PORT, BY_SOURCE_24);
    world->measures[5].count = COUNT_SOURCES;
    world->publication.measures = world->measures;
    world->publication.measure_count = MEASURES;
    world->now = summary_fixture_new("2025q1", SENSORS);
    world->before = summary_fixture_new("2024q4", SENSORS);
    summary_fixture_silence(world->before, 3, 0, world->before->edition.day_count - 1);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    model_free(world->model);
    wording_release(&world->wording);
    summary_free(world->now);
    summary_free(world->before);
    world->publication.measures = NULL;
    world->publication.measure_count = 0;
    publication_release(&world->publication);
    for (size_t i = 0; i < MEASURES; i++)
        measure_release(&world->measures[i]);
    g_free(world);
    return 0;
}

struct row {
    const char *key;
    uint64_t count;
};

static void add(struct summary *summary, const char *id, enum measure_by by, const struct row *rows)
{
    struct measure_counts *measure = summary_fixture_measure(summary, id, COUNT_PACKETS, by);
    for (; rows->key != NULL; rows++)
        summary_fixture_row(summary, measure, rows->key, rows->count);
}

static struct context context_of(struct world *world)
{
    return (struct context){.publication = &world->publication,
                            .current = world->now,
                            .previous = world->before,
                            .language = "ja",
                            .wording = &world->wording};
}

static void report(struct world *world)
{
    struct error err = {0};
    struct model_input input = {
        .edition = &world->now->edition, .current = world->now, .previous = world->before};
    fixture_table(&world->publication, "ports", "ports", 3);
    world->model = model_new(&world->publication, &input, "ja", NULL, &err);
    if (world->model == NULL)
        fail_msg("%s", err.message);
}

static const struct row ports_now[] = {{"22/TCP", 450}, {"23/TCP", 500}, {"80/TCP", 300}, {NULL, 0}};
static const struct row ports_before[] = {{"22/TCP", 400}, {"23/TCP", 500}, {"80/TCP", 300}, {NULL, 0}};
/* 23/TCP comes first by s4 alone, which the previous quarter does not have. */
static const struct row by_sensor_now[] = {{"22/TCP+s1", 150}, {"22/TCP+s2", 150}, {"22/TCP+s3", 150},
                                           {"23/TCP+s1", 100}, {"23/TCP+s2", 50},  {"23/TCP+s3", 50},
                                           {"23/TCP+s4", 300}, {"80/TCP+s1", 100}, {"80/TCP+s2", 100},
                                           {"80/TCP+s3", 100}, {NULL, 0}};
static const struct row by_sensor_before[] = {{"22/TCP+s1", 200}, {"22/TCP+s2", 200}, {"23/TCP+s1", 300},
                                              {"23/TCP+s2", 200}, {"80/TCP+s3", 300}, {NULL, 0}};

static void by_sensor_fill(struct world *world)
{
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->now, "ports-by-sensor", world->measures[2].by, by_sensor_now);
    add(world->before, "ports", BY_PORT, ports_before);
    add(world->before, "ports-by-sensor", world->measures[2].by, by_sensor_before);
}

static void ranks_without_a_sensor_and_on_common_ones(void **state)
{
    struct world *world = *state;
    by_sensor_fill(world);
    struct context context = context_of(world);
    struct comparison comparison;
    comparison_init(&comparison, summary_measure(world->now, "ports"), 3, world->now, world->before);
    struct stability *rows = stability_new(&context, &comparison);
    assert_string_equal(comparison.rows[0].key, "23/TCP");
    /* Without s4: 22/TCP 450, 80/TCP 300, 23/TCP 200. Without s1: 23/TCP 400, 22/TCP 300, 80/TCP 200. */
    assert_int_equal(rows[0].lowest_rank, 1);
    assert_int_equal(rows[0].highest_rank, 3);
    assert_int_equal(rows[1].lowest_rank, 1);
    assert_int_equal(rows[1].highest_rank, 2);
    assert_int_equal(rows[0].common_sensors, 3);
    assert_int_equal(rows[0].common_rank, 3);
    assert_int_equal(rows[0].common_previous_rank, 1);
    assert_string_equal(rows[0].sensor, "s4");
    assert_int_equal(rows[0].sensor_count, 300);
    assert_null(rows[0].prefix);
    /* 22/TCP is among the first two of s1, s2 and s3, of four sensors; 23/TCP of s1 (a tie with 80/TCP at 2)
     * and s4. */
    assert_int_equal(rows[1].sensors, 4);
    assert_int_equal(rows[1].wide_sensors, 3);
    assert_int_equal(rows[0].wide_sensors, 2);
    assert_false(rows[0].has_without[WITHOUT_LISTED]);
    stability_free(rows, comparison.shown_count);
    comparison_release(&comparison);
}

static void a_sensor_that_holds_most_is_told_and_a_note_gives_common_ranks(void **state)
{
    struct world *world = *state;
    by_sensor_fill(world);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_non_null(strstr(text, "Telnet(23/TCP)は、その60.0%をセンサー「地点4」で観測しました。"));
    assert_null(strstr(text, "80%以上")); /* three of four are 75 % */
    g_free(text);
    assert_true(fixture_has_note(world->model->notes, "前四半期にも観測のあったセンサー3台に限ると、"
                                                      "Telnet(23/TCP)が3番目（前四半期は1番目）、"
                                                      "ssh(22/TCP)が1番目（前四半期は2番目）、"
                                                      "http(80/TCP)が2番目（前四半期は3番目）となります。"));
}

/* 23/TCP and 80/TCP are told together where the first of them stands; 22/TCP has a sensor of its own. */
static void keys_of_one_sensor_are_told_together(void **state)
{
    static const struct row sensors[] = {{"22/TCP+s1", 300}, {"22/TCP+s2", 150}, {"23/TCP+s1", 200},
                                         {"23/TCP+s4", 300}, {"80/TCP+s2", 100}, {"80/TCP+s4", 200},
                                         {NULL, 0}};
    struct world *world = *state;
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->now, "ports-by-sensor", world->measures[2].by, sensors);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_non_null(strstr(text,
                           "Telnet(23/TCP)の60.0%とhttp(80/TCP)の66.7%を、センサー「地点4」で観測しました。"
                           "ssh(22/TCP)は、その66.7%をセンサー「地点1」で観測しました。"));
    g_free(text);
    char *rules = fixture_draft_rules(world->model, "ports");
    assert_non_null(strstr(rules, "one-sensor-keys one-sensor-key"));
    g_free(rules);
}

/* Of two sensors one has half of everything: only what lies far above that is told. */
static void of_two_sensors_a_majority_is_no_news(void **state)
{
    static const struct row sensors[] = {{"22/TCP+s1", 337}, {"22/TCP+s2", 113}, {"23/TCP+s1", 376},
                                         {"23/TCP+s2", 124}, {"80/TCP+s1", 180}, {"80/TCP+s2", 120},
                                         {NULL, 0}};
    struct world *world = *state;
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->now, "ports-by-sensor", world->measures[2].by, sensors);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_non_null(strstr(text, "Telnet(23/TCP)は、その75.2%をセンサー「地点1」で観測しました。"));
    assert_null(strstr(text, "74.9%")); /* of 22/TCP */
    assert_null(strstr(text, "60.0%")); /* of 80/TCP */
    g_free(text);
}

static void a_share_is_uneven_above_half_as_much_again(void **state)
{
    (void)state;
    assert_false(stability_is_uneven(100, 100, 1));
    assert_false(stability_is_uneven(75, 100, 2));
    assert_true(stability_is_uneven(76, 100, 2));
    assert_false(stability_is_uneven(50, 100, 3));
    assert_true(stability_is_uneven(51, 100, 3));
    assert_false(stability_is_uneven(0, 0, 0));
}

static void keys_that_most_sensors_see_are_told_together(void **state)
{
    static const struct row now[] = {{"22/TCP", 40}, {"23/TCP", 80}, {"80/TCP", 30}, {NULL, 0}};
    static const struct row sensors[] = {
        {"22/TCP+s1", 10}, {"22/TCP+s2", 10}, {"22/TCP+s3", 10}, {"22/TCP+s4", 10}, {"23/TCP+s1", 20},
        {"23/TCP+s2", 20}, {"23/TCP+s3", 20}, {"23/TCP+s4", 20}, {"80/TCP+s1", 5},  {"80/TCP+s2", 5},
        {"80/TCP+s3", 15}, {"80/TCP+s4", 5},  {NULL, 0}};
    struct world *world = *state;
    add(world->now, "ports", BY_PORT, now);
    add(world->now, "ports-by-sensor", world->measures[2].by, sensors);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_non_null(
        strstr(text, "Telnet(23/TCP)は、観測のあったセンサー4台の80%以上で上位2件に入りました。"));
    g_free(text);
    assert_false(fixture_has_note(world->model->notes, "に限ると"));
}

static void a_block_that_holds_most_is_told(void **state)
{
    static const struct row prefixes[] = {{"192.0.2.0/24+23/TCP", 251},
                                          {"198.51.100.0/24+22/TCP", 225},
                                          {"203.0.113.0/24+23/TCP", 249},
                                          {NULL, 0}};
    struct world *world = *state;
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->now, "ports-by-prefix", world->measures[1].by, prefixes);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_non_null(strstr(text, "Telnet(23/TCP)は、その50.2%が192.0.2.0/24のアドレス帯からのものでした。"));
    assert_null(strstr(text, "198.51.100.0/24")); /* half is not over half */
    g_free(text);
}

static void ranks_without_listed_sources_are_told(void **state)
{
    static const struct row quiet[] = {{"22/TCP", 400}, {"23/TCP", 300}, {"80/TCP", 100}, {NULL, 0}};
    struct world *world = *state;
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->now, "ports-quiet", BY_PORT, quiet);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_non_null(strstr(text, "除いて数えると、Telnet(23/TCP)は2番目、ssh(22/TCP)は1番目となります。"));
    g_free(text);
}

static void ranks_without_backscatter_are_told(void **state)
{
    static const struct row scans[] = {{"22/TCP", 400}, {"23/TCP", 500}, {"80/TCP", 450}, {NULL, 0}};
    struct world *world = *state;
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->now, "ports-scans", BY_PORT, scans);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_non_null(strstr(
        text, "跳ね返りのパケットを除いて数えると、ssh(22/TCP)は3番目、http(80/TCP)は2番目となります。"));
    assert_null(strstr(text, "一覧に挙げた送信元"));
    g_free(text);
}

/* The block that holds most has but one sender. */
static void one_source_that_holds_most_is_told(void **state)
{
    static const struct row prefixes[] = {
        {"192.0.2.0/24+23/TCP", 251}, {"203.0.113.0/24+23/TCP", 249}, {NULL, 0}};
    struct world *world = *state;
    uint64_t one[EDITION_DAYS_MAX] = {1, 1};
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->now, "ports-by-prefix", world->measures[1].by, prefixes);
    struct measure_counts *senders =
        summary_fixture_measure(world->now, "ports-senders", COUNT_SOURCES, world->measures[5].by);
    summary_fixture_daily(world->now, senders, "23/TCP+192.0.2.0/24", one);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_non_null(
        strstr(text, "Telnet(23/TCP)は、その50.2%が192.0.2.0/24にある一つの送信元からのものでした。"));
    g_free(text);
}

/* The share is a setting. */
static void concentration_is_a_setting(void **state)
{
    static const struct row prefixes[] = {
        {"192.0.2.0/24+23/TCP", 251}, {"203.0.113.0/24+23/TCP", 249}, {NULL, 0}};
    struct world *world = *state;
    world->publication.concentration = 51;
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->now, "ports-by-prefix", world->measures[1].by, prefixes);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *text = fixture_draft_text(world->model, "ports");
    assert_null(strstr(text, "192.0.2.0/24"));
    g_free(text);
}

static void without_companions_nothing_is_said(void **state)
{
    struct world *world = *state;
    add(world->now, "ports", BY_PORT, ports_now);
    add(world->before, "ports", BY_PORT, ports_before);
    report(world);
    char *rules = fixture_draft_rules(world->model, "ports");
    assert_null(strstr(rules, "one-"));
    assert_null(strstr(rules, "wide"));
    assert_null(strstr(rules, "without"));
    g_free(rules);
}

static void a_measure_of_other_packets_is_no_companion(void **state)
{
    struct world *world = *state;
    struct context context = context_of(world);
    struct companion companion;
    by_sensor_fill(world);
    assert_true(companion_by(&context, world->now, "ports", BY_SENSOR, &companion));
    assert_false(companion.reversed);
    world->measures[2].filter.tools = 1u << TOOL_MIRAI;
    assert_false(companion_by(&context, world->now, "ports", BY_SENSOR, &companion));
    world->measures[2].filter.tools = 0;
    world->measures[2].per = PER_HOUR; /* in finer time it counts the same */
    assert_true(companion_by(&context, world->now, "ports", BY_SENSOR, &companion));
    assert_false(companion_by(&context, world->now, "ports", BY_PORT, &companion));
    assert_false(companion_by(&context, world->now, "ports-by-sensor", BY_SENSOR, &companion));
    assert_false(companion_by(&context, world->now, "nowhere", BY_SENSOR, &companion));
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(ranks_without_a_sensor_and_on_common_ones),
        WORLD_TEST(a_sensor_that_holds_most_is_told_and_a_note_gives_common_ranks),
        WORLD_TEST(keys_of_one_sensor_are_told_together),
        WORLD_TEST(of_two_sensors_a_majority_is_no_news),
        WORLD_TEST(a_share_is_uneven_above_half_as_much_again),
        WORLD_TEST(keys_that_most_sensors_see_are_told_together),
        WORLD_TEST(a_block_that_holds_most_is_told),
        WORLD_TEST(ranks_without_listed_sources_are_told),
        WORLD_TEST(ranks_without_backscatter_are_told),
        WORLD_TEST(one_source_that_holds_most_is_told),
        WORLD_TEST(concentration_is_a_setting),
        WORLD_TEST(without_companions_nothing_is_said),
        WORLD_TEST(a_measure_of_other_packets_is_no_companion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
