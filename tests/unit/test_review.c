/* The review: events of every series, what drove them, and how sure ranks are. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/review.h"
#include "report/review_figures.h"
#include "unit/summary_fixture.h"

enum { MEASURES = 3, DAYS = 91, FIRST = 40, LAST = 49 };

struct world {
    struct publication publication;
    struct measure measures[MEASURES];
    struct summary *now;
    struct review *review;
};

static void daily_fill(uint64_t *daily, uint64_t usual, uint64_t during)
{
    for (int day = 0; day < DAYS; day++)
        daily[day] = (day >= FIRST && day <= LAST ? during : usual) + (uint64_t)(day % 5);
}

/* 80/TCP stays; 23/TCP rises fourfold from day 40 to 49, nine tenths of it seen by s1 and all of it from
 * 192.0.2.0/24. */
static int set_up(void **state)
{
    static const char *const ids[MEASURES] = {"ports", "ports-by-block", "ports-by-sensor"};
    struct world *world = g_new0(struct world, 1);
    uint64_t daily[EDITION_DAYS_MAX];
    fixture_data_folder();
    fixture_publication(&world->publication);
    for (size_t i = 0; i < MEASURES; i++)
        world->measures[i] = (struct measure){.id = g_strdup(ids[i]), .by = BY_PORT};
    world->measures[1].by = measure_by_pair(BY_PORT, BY_SOURCE_24);
    world->measures[2].by = measure_by_pair(BY_PORT, BY_SENSOR);
    world->publication.measures = world->measures;
    world->publication.measure_count = MEASURES;
    fixture_table(&world->publication, "table", "ports", 5);
    world->now = summary_fixture_new("2025q1", 2);

    struct measure_counts *ports = summary_fixture_measure(world->now, "ports", COUNT_PACKETS, BY_PORT);
    daily_fill(daily, 200, 1200);
    summary_fixture_daily(world->now, ports, "23/TCP", daily);
    daily_fill(daily, 500, 500);
    summary_fixture_daily(world->now, ports, "80/TCP", daily);

    struct measure_counts *blocks =
        summary_fixture_measure(world->now, "ports-by-block", COUNT_PACKETS, world->measures[1].by);
    daily_fill(daily, 20, 1020);
    summary_fixture_daily(world->now, blocks, "23/TCP+192.0.2.0/24", daily);
    daily_fill(daily, 180, 180);
    summary_fixture_daily(world->now, blocks, "23/TCP+198.51.100.0/24", daily);

    struct measure_counts *sensors =
        summary_fixture_measure(world->now, "ports-by-sensor", COUNT_PACKETS, world->measures[2].by);
    daily_fill(daily, 100, 1000);
    summary_fixture_daily(world->now, sensors, "23/TCP+s1", daily);
    daily_fill(daily, 100, 200);
    summary_fixture_daily(world->now, sensors, "23/TCP+s2", daily);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    review_free(world->review);
    summary_free(world->now);
    world->publication.measures = NULL;
    world->publication.measure_count = 0;
    publication_release(&world->publication);
    for (size_t i = 0; i < MEASURES; i++)
        measure_release(&world->measures[i]);
    g_free(world);
    return 0;
}

static void review_make(struct world *world)
{
    struct error err = {0};
    struct model_input input = {.edition = &world->now->edition, .current = world->now};
    world->review = review_new(&world->publication, &input, "ja", &err);
    if (world->review == NULL)
        fail_msg("%s", err.message);
}

static void a_rise_is_told_with_what_drove_it(void **state)
{
    struct world *world = *state;
    review_make(world);
    assert_int_equal(world->review->event_count, 1);
    const struct review_event *event = &world->review->events[0];
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE];
    assert_int_equal(event->kind, EVENT_RISE);
    assert_string_equal(event->place, "table");
    assert_string_equal(event->label, "Telnet(23/TCP)");
    assert_string_equal(civil_date_format(event->first, first), "2025-05-11"); /* April has 30 days */
    assert_string_equal(civil_date_format(event->last, last), "2025-05-20");
    assert_string_equal(event->range, "5月11日〜5月20日");
    assert_string_equal(event->size, "×6.0"); /* 1204 over 202 */
    assert_int_equal(event->driver_count, 2);
    assert_string_equal(event->drivers[0].by, "sensor");
    assert_string_equal(event->drivers[0].label, "地点1");
    assert_true(event->drivers[0].share > 0.89 && event->drivers[0].share < 0.91);
    assert_string_equal(event->drivers[1].key, "192.0.2.0/24");
    assert_true(event->drivers[1].share > 0.99 && event->drivers[1].share < 1.01);
}

/* What s1 and s2 see of 23/TCP, in place of what set_up says. */
static void sensors_fill(struct world *world, const uint64_t *usual, const uint64_t *during)
{
    static const char *const keys[] = {"23/TCP+s1", "23/TCP+s2"};
    uint64_t daily[EDITION_DAYS_MAX];
    struct measure_counts *sensors = &world->now->measures[2];
    measure_counts_clear(sensors);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        daily_fill(daily, usual[i], during[i]);
        summary_fixture_daily(world->now, sensors, keys[i], daily);
    }
}

static void what_rises_with_all_others_drives_nothing(void **state)
{
    struct world *world = *state;
    /* Both sensors now rise alike: half of the difference each, as of all days. */
    sensors_fill(world, (const uint64_t[]){100, 100}, (const uint64_t[]){600, 600});
    review_make(world);
    assert_int_equal(world->review->event_count, 1);
    assert_int_equal(world->review->events[0].driver_count, 1);
    assert_string_equal(world->review->events[0].drivers[0].by, "source-24");
}

static void ranks_are_told_with_their_range(void **state)
{
    struct world *world = *state;
    sensors_fill(world, (const uint64_t[]){160, 40}, (const uint64_t[]){960, 240});
    review_make(world);
    assert_int_equal(world->review->rank_count, 2);
    assert_string_equal(world->review->ranks[0].key, "80/TCP");
    assert_string_equal(world->review->ranks[1].key, "23/TCP");
    assert_string_equal(world->review->ranks[1].prefix, "198.51.100.0/24 58.4%"); /* over the quarter */
    assert_string_equal(world->review->ranks[1].without, "");
    assert_string_equal(world->review->ranks[1].common, "");
    assert_string_equal(world->review->ranks[1].backscatter, "");
    assert_string_equal(world->review->ranks[0].near, "");
    assert_int_equal(world->review->sides_count, 0);
    /* One sensor of two holds over 75 % of 23/TCP, one block over half. */
    assert_int_equal(world->review->caution_count, 2);
    assert_string_equal(world->review->cautions[0].kind, "sensor");
    assert_string_equal(world->review->cautions[1].kind, "prefix");
    assert_string_equal(world->review->cautions[1].text,
                        "Telnet(23/TCP)は、58.4%がアドレス帯198.51.100.0/24から");
}

/* Of two sensors one has half of everything. */
static void of_two_sensors_a_majority_is_no_caution(void **state)
{
    struct world *world = *state;
    sensors_fill(world, (const uint64_t[]){140, 60}, (const uint64_t[]){840, 360});
    review_make(world);
    assert_int_equal(world->review->caution_count, 1);
    assert_string_equal(world->review->cautions[0].kind, "prefix");
}

static void missing_groupings_are_hinted_at(void **state)
{
    struct world *world = *state;
    world->publication.measure_count = 2;
    review_make(world);
    assert_string_equal(world->review->missing_companions[0], "ports: by=\"port sensor\"");
    assert_string_equal(world->review->missing_companions[1], "ports: by=\"port region\"");
    assert_null(world->review->missing_companions[2]);
    assert_string_equal(world->review->ranks[0].range, "");
}

static void every_table_gets_its_figures_once(void **state)
{
    struct world *world = *state;
    struct error err = {0};
    fixture_figure(&world->publication, "own", "ports", "table")->kind = FIGURE_RANK_FLOW;
    assert_int_equal(review_figures_add(&world->publication, &world->now->edition, "ja", 3, &err), 0);
    assert_int_equal(world->publication.figure_count, 3);
    assert_string_equal(world->publication.figures[1].id, "review-multiples-table");
    assert_string_equal(localized_text(&world->publication.figures[1].caption, "ja"),
                        "表のtable：前四半期との比較");
    assert_string_equal(world->publication.figures[2].id, "review-availability");
}

#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_rise_is_told_with_what_drove_it),
        WORLD_TEST(what_rises_with_all_others_drives_nothing),
        WORLD_TEST(ranks_are_told_with_their_range),
        WORLD_TEST(missing_groupings_are_hinted_at),
        WORLD_TEST(of_two_sensors_a_majority_is_no_caution),
        WORLD_TEST(every_table_gets_its_figures_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
