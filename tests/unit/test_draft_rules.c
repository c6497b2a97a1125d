/* Every rule by which an analyst's sentence is drafted: one case in which it speaks and one, as near to it as
 * can be, in which it does not; in Japanese and in English, which must say the same things from the same
 * inputs.
 *
 * | rule of domain practice             | here                      | drafted by       |
 * |-------------------------------------|---------------------------|------------------|
 * | 1 which service was probed most     | most                      | table_draft.c    |
 * | 2 consecutive ranks share a use     | same-use, most-same-use   | table_draft.c    |
 * | 3, 4 a rank fell, rose              | rank-fell, rank-rose      | table_draft.c    |
 * | 5 the first are unchanged           | first-unchanged           | table_draft.c    |
 * | 6, 7 entered from where             | entered, entered-outside, | table_draft.c    |
 * |                                     | entered-new               |                  |
 * | 8, 9 changed places, nothing moved  | swapped, nothing-moved    | table_draft.c    |
 * | 10, 11 temporary rise, peak         | rise, peak                | figure_draft.c   |
 * | 12, 13 trend, constant              | trend-up, constant        | figure_draft.c   |
 * | 14, 15 one sensor, one /24          | one-sensor-key, one-prefix| table_trust.c    |
 * | 16, 17 share of Mirai, rise without | mirai-share,              | table_draft.c,   |
 * |                                     | rise-not-mirai            | figure_draft.c   |
 * | 18, 19 sides, a year before         | side-larger, year-above   | monthly_draft.c  |
 * | 20 only on one side                 | unseen-elsewhere          | table_trust.c    |
 * | 21 seen at many sensors             | widespread                | table_trust.c    |
 * | 22 stopped sensors                  | sensors-stopped-fall      | figure_draft.c   |
 * | 23 places are close                 | close                     | table_draft.c    |
 * | 24 without research scanners        | without                   | table_trust.c    |
 * | 25 a vulnerability listed of late   | known-vulnerability       | port_knowledge.c |
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/scratch.h"
#include "unit/summary_fixture.h"

enum { SENSORS = 4, MEASURES_MAX_HERE = 4 };

struct world {
    struct scratch scratch;
    struct publication publication;
    struct summary *now, *before, *year_before;
    struct knowledge knowledge;
};

struct row {
    const char *key;
    uint64_t now, before; /* 0: not seen */
};

static void world_init(struct world *world)
{
    fixture_data_folder();
    *world = (struct world){0};
    scratch_init(&world->scratch);
    fixture_publication(&world->publication);
    world->publication.measures = g_new0(struct measure, MEASURES_MAX_HERE);
    world->now = summary_fixture_new("2025q1", SENSORS);
    world->before = summary_fixture_new("2024q4", SENSORS);
    world->year_before = summary_fixture_new("2024q1", SENSORS);
}

static void world_release(struct world *world)
{
    knowledge_release(&world->knowledge);
    summary_free(world->now);
    summary_free(world->before);
    summary_free(world->year_before);
    publication_release(&world->publication);
    scratch_release(&world->scratch);
}

/* ---- a world in words ---- */

static struct measure *declare(struct world *world, const char *id, enum measure_count count,
                               enum measure_by by)
{
    g_assert(world->publication.measure_count < MEASURES_MAX_HERE);
    struct measure *measure = &world->publication.measures[world->publication.measure_count++];
    *measure = (struct measure){.id = g_strdup(id), .count = count, .by = by};
    return measure;
}

/* Counts under that id in this quarter and the one before; returns this quarter's. Rows end with a NULL key.
 */
static struct measure_counts *count(struct world *world, const char *id, enum measure_count counted,
                                    enum measure_by by, const struct row *rows)
{
    struct measure_counts *now = summary_fixture_measure(world->now, id, counted, by);
    struct measure_counts *before = summary_fixture_measure(world->before, id, counted, by);
    for (; rows != NULL && rows->key != NULL; rows++) {
        if (rows->now > 0)
            summary_fixture_row(world->now, now, rows->key, rows->now);
        if (rows->before > 0)
            summary_fixture_row(world->before, before, rows->key, rows->before);
    }
    return now;
}

/* The measure "m" by port, and the table "t" of its first `top` ports. */
static void ports_table(struct world *world, int top, const struct row *rows)
{
    declare(world, "m", COUNT_PACKETS, BY_PORT);
    count(world, "m", COUNT_PACKETS, BY_PORT, rows);
    fixture_table(&world->publication, "t", "m", top);
}

/* The figure "f" of one port whose days are `base`, and `event` from first to last. */
static void port_figure(struct world *world, uint64_t base, uint64_t event, int first, int last)
{
    uint64_t daily[EDITION_DAYS_MAX];
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        daily[day] = day >= first && day <= last ? event : base + (uint64_t)(day % 3);
    declare(world, "m", COUNT_PACKETS, BY_PORT);
    struct measure_counts *measure = summary_fixture_measure(world->now, "m", COUNT_PACKETS, BY_PORT);
    summary_fixture_daily(world->now, measure, "23/TCP", daily);
    fixture_table(&world->publication, "t", "m", 5);
    fixture_figure(&world->publication, "f", NULL, "t");
}

static char **words(const char *text)
{
    return g_strsplit(text, " ", -1);
}

/* ---- the cases: in each, `speaks` decides ---- */

typedef void build(struct world *world, bool speaks);

static void build_most(struct world *world, bool speaks)
{
    const struct row rows[] = {{"22/TCP", speaks ? 5 : 0, 5}, {NULL, 0, 0}};
    ports_table(world, 5, rows);
}

static void build_same_use(struct world *world, bool speaks)
{
    /* 443/TCP right behind 80/TCP, or with 8728/TCP between them. */
    const struct row rows[] = {{"23/TCP", 900, 900},
                               {"80/TCP", 700, 600},
                               {"443/TCP", speaks ? 600 : 400, 500},
                               {"8728/TCP", 500, 700},
                               {NULL, 0, 0}};
    ports_table(world, 5, rows);
}

static void build_most_same_use(struct world *world, bool speaks)
{
    const struct row rows[] = {
        {"80/TCP", 900, 600}, {"443/TCP", speaks ? 800 : 400, 500}, {"8728/TCP", 500, 900}, {NULL, 0, 0}};
    ports_table(world, 5, rows);
}

static void build_fell(struct world *world, bool speaks)
{
    /* From 2 to 4, or from 3 to 4, which is another one's rise. */
    const struct row rows[] = {{"23/TCP", 900, 900},
                               {"80/TCP", 700, speaks ? 400 : 800},
                               {"8728/TCP", 500, 700},
                               {"9000/TCP", 600, 300},
                               {NULL, 0, 0}};
    ports_table(world, 5, rows);
}

static void build_rose(struct world *world, bool speaks)
{
    const struct row rows[] = {{"23/TCP", 900, 900},
                               {"80/TCP", 800, 700},
                               {"8728/TCP", speaks ? 850 : 500, 550},
                               {"9000/TCP", 600, 600},
                               {NULL, 0, 0}};
    ports_table(world, 4, rows);
}

static void build_first_unchanged(struct world *world, bool speaks)
{
    const struct row rows[] = {{"22/TCP", 300, 500},
                               {"23/TCP", 900, 900},
                               {"8728/TCP", 800, speaks ? 800 : 100},
                               {"9000/TCP", 400, 300},
                               {NULL, 0, 0}};
    ports_table(world, 4, rows);
}

/* The third of three rows was the `previous`-th, 0: not seen. */
static void entered(struct world *world, int previous)
{
    static const char *const others[] = {"1001/TCP", "1002/TCP", "1003/TCP", "1004/TCP",
                                         "1005/TCP", "1006/TCP", "1007/TCP", "1008/TCP",
                                         "1009/TCP", "1010/TCP", "1011/TCP", "1012/TCP"};
    struct row rows[G_N_ELEMENTS(others) + 4] = {{"22/TCP", 800, 0}, {"23/TCP", 900, 9000}};
    size_t next = 2;
    rows[0].before = 8000;
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        rows[next++] = (struct row){others[i], 0, 7000 - 10 * i};
    /* Third place was held by the first of the others. */
    rows[next++] = (struct row){"8728/TCP", 700, previous == 0 ? 0 : 7005 - 10 * (uint64_t)(previous - 3)};
    rows[next] = (struct row){NULL, 0, 0};
    ports_table(world, 3, rows);
}

static void build_entered(struct world *world, bool speaks)
{
    entered(world, speaks ? 9 : 3);
}

static void build_entered_outside(struct world *world, bool speaks)
{
    entered(world, speaks ? 11 : 10);
}

static void build_entered_new(struct world *world, bool speaks)
{
    entered(world, speaks ? 0 : 14);
}

static void build_swapped(struct world *world, bool speaks)
{
    const struct row rows[] = {
        {"22/TCP", 400, speaks ? 700 : 300}, {"23/TCP", 900, 900}, {"8728/TCP", 700, 400}, {NULL, 0, 0}};
    ports_table(world, 3, rows);
}

static void build_nothing_moved(struct world *world, bool speaks)
{
    build_swapped(world, !speaks);
}

static void build_rise(struct world *world, bool speaks)
{
    port_figure(world, 1000, speaks ? 2100 : 1900, 40, 47);
}

static void build_peak(struct world *world, bool speaks)
{
    port_figure(world, 1000, speaks ? 1700 : 1400, 40, 40);
}

static void build_trend(struct world *world, bool speaks)
{
    uint64_t daily[EDITION_DAYS_MAX];
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        daily[day] = 1000 + (uint64_t)(day * (speaks ? 3 : 2));
    declare(world, "m", COUNT_PACKETS, BY_PORT);
    summary_fixture_daily(world->now, summary_fixture_measure(world->now, "m", COUNT_PACKETS, BY_PORT),
                          "23/TCP", daily);
    fixture_table(&world->publication, "t", "m", 5);
    fixture_figure(&world->publication, "f", NULL, "t");
}

static void build_constant(struct world *world, bool speaks)
{
    build_trend(world, !speaks);
}

static void build_one_sensor(struct world *world, bool speaks)
{
    const struct row rows[] = {{"23/TCP", 1000, 0}, {"22/TCP", 50, 0}, {NULL, 0, 0}};
    const struct row sensors[] = {{"23/TCP+s1", speaks ? 501 : 500, 0},
                                  {"23/TCP+s2", speaks ? 499 : 500, 0},
                                  {"22/TCP+s3", 50, 0},
                                  {NULL, 0, 0}};
    ports_table(world, 5, rows);
    declare(world, "s", COUNT_PACKETS, measure_by_pair(BY_PORT, BY_SENSOR));
    count(world, "s", COUNT_PACKETS, measure_by_pair(BY_PORT, BY_SENSOR), sensors);
}

static void build_one_prefix(struct world *world, bool speaks)
{
    const struct row rows[] = {{"23/TCP", 1000, 0}, {NULL, 0, 0}};
    const struct row blocks[] = {{"23/TCP+198.51.100.0/24", speaks ? 501 : 500, 0},
                                 {"23/TCP+203.0.113.0/24", speaks ? 499 : 500, 0},
                                 {NULL, 0, 0}};
    ports_table(world, 5, rows);
    declare(world, "b", COUNT_PACKETS, measure_by_pair(BY_PORT, BY_SOURCE_24));
    count(world, "b", COUNT_PACKETS, measure_by_pair(BY_PORT, BY_SOURCE_24), blocks);
}

static void build_mirai(struct world *world, bool speaks)
{
    const struct row rows[] = {
        {"mirai", speaks ? 501 : 499, 0}, {"other", speaks ? 499 : 501, 0}, {NULL, 0, 0}};
    declare(world, "m", COUNT_PACKETS, BY_TOOL);
    count(world, "m", COUNT_PACKETS, BY_TOOL, rows);
    fixture_table(&world->publication, "t", "m", 5);
}

static void build_not_mirai(struct world *world, bool speaks)
{
    uint64_t mirai[EDITION_DAYS_MAX], other[EDITION_DAYS_MAX];
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        bool event = day >= 61 && day < 69;
        mirai[day] = (event && !speaks ? 280 : 100) + (uint64_t)(day % 3);
        other[day] = (event && speaks ? 280 : 100) + (uint64_t)(day % 3);
    }
    declare(world, "m", COUNT_SOURCES, BY_TOOL);
    struct measure_counts *measure = summary_fixture_measure(world->now, "m", COUNT_SOURCES, BY_TOOL);
    summary_fixture_daily(world->now, measure, "mirai", mirai);
    summary_fixture_daily(world->now, measure, "other", other);
    struct figure_definition *figure = fixture_figure(&world->publication, "f", "m", NULL);
    fixture_series(figure, "mirai", false, "Mirai");
    fixture_series(figure, "mirai", true, "not Mirai");
}

/* Three sensors at home, one abroad. */
static void overseas_set(struct summary *summary)
{
    g_free(summary->sensors[SENSORS - 1].group);
    summary->sensors[SENSORS - 1].group = g_strdup("overseas");
}

static void months(struct world *world, uint64_t domestic, uint64_t overseas, uint64_t domestic_year_before)
{
    struct summary *summaries[] = {world->now, world->year_before};
    const uint64_t counts[2][2] = {{domestic, overseas}, {domestic_year_before, overseas}};
    declare(world, "m", COUNT_PACKETS, BY_GROUP);
    for (int i = 0; i < 2; i++) {
        struct measure_counts *measure = summary_fixture_measure(summaries[i], "m", COUNT_PACKETS, BY_GROUP);
        uint64_t days = (uint64_t)summaries[i]->edition.day_count;
        overseas_set(summaries[i]);
        summary_fixture_row(summaries[i], measure, "domestic", counts[i][0] * days);
        summary_fixture_row(summaries[i], measure, "overseas", counts[i][1] * days);
    }
    struct figure_definition *figure = fixture_figure(&world->publication, "f", "m", NULL);
    figure->kind = FIGURE_MONTHLY_BARS;
    fixture_series(figure, "domestic", false, "home");
    fixture_series(figure, "overseas", false, "abroad");
}

static void build_sides(struct world *world, bool speaks)
{
    /* 110 on each of three sensors against 100 on one, or 100 against 100: neither is the larger one. */
    months(world, speaks ? 330 : 300, 100, 300);
}

static void build_year(struct world *world, bool speaks)
{
    months(world, 330, 100, speaks ? 300 : 330);
}

static void build_unseen(struct world *world, bool speaks)
{
    const struct row rows[] = {{"22/TCP", 300, 0}, {"23/TCP", 900, 0}, {NULL, 0, 0}};
    const struct row others[] = {{"22/TCP", 10, 0}, {speaks ? NULL : "23/TCP", 1, 0}, {NULL, 0, 0}};
    struct measure *own = declare(world, "m", COUNT_PACKETS, BY_PORT);
    own->filter.sensor_groups = words("domestic");
    struct measure *other = declare(world, "o", COUNT_PACKETS, BY_PORT);
    other->filter.sensor_groups = words("overseas");
    struct measure_counts *counts = count(world, "m", COUNT_PACKETS, BY_PORT, rows);
    counts->sensors[SENSORS - 1] = false;
    counts = count(world, "o", COUNT_PACKETS, BY_PORT, others);
    for (size_t i = 0; i + 1 < SENSORS; i++)
        counts->sensors[i] = false;
    fixture_table(&world->publication, "t", "m", 5);
}

/* The same, where the other sensor delivered all along or on one day: 3 packets are to be expected of it. */
static void build_unseen_on_a_day(struct world *world, bool speaks)
{
    build_unseen(world, true);
    if (!speaks)
        summary_fixture_silence(world->now, SENSORS - 1, 1, world->now->edition.day_count - 1);
}

static void build_widespread(struct world *world, bool speaks)
{
    /* At four of four sensors, or at three. */
    const struct row rows[] = {{"22/TCP", 100, 0}, {"23/TCP", 400, 0}, {NULL, 0, 0}};
    const struct row sensors[] = {{speaks ? "22/TCP+s1" : "22/TCP+s4", 100, 0},
                                  {"23/TCP+s1", 100, 0},
                                  {"23/TCP+s2", 100, 0},
                                  {"23/TCP+s3", speaks ? 100 : 200, 0},
                                  {speaks ? "23/TCP+s4" : NULL, 100, 0},
                                  {NULL, 0, 0}};
    ports_table(world, 5, rows);
    declare(world, "s", COUNT_PACKETS, measure_by_pair(BY_PORT, BY_SENSOR));
    count(world, "s", COUNT_PACKETS, measure_by_pair(BY_PORT, BY_SENSOR), sensors);
}

static void build_stopped(struct world *world, bool speaks)
{
    port_figure(world, 1000, 750, 36, 38);
    if (speaks)
        summary_fixture_silence(world->now, 1, 36, 38);
}

static void build_close(struct world *world, bool speaks)
{
    const struct row rows[] = {{"22/TCP", speaks ? 9801 : 9800, 0}, {"8728/TCP", 10000, 0}, {NULL, 0, 0}};
    ports_table(world, 5, rows);
}

static void build_without(struct world *world, bool speaks)
{
    struct error err = {0};
    const struct row rows[] = {{"22/TCP", 500, 0}, {"23/TCP", 900, 0}, {NULL, 0, 0}};
    const struct row quiet[] = {{"22/TCP", 500, 0}, {"23/TCP", speaks ? 400 : 600, 0}, {NULL, 0, 0}};
    ports_table(world, 5, rows);
    struct measure *without = declare(world, "q", COUNT_PACKETS, BY_PORT);
    assert_int_equal(prefix_list_add(&without->filter.not_source_prefixes, "198.51.100.0/24", &err), 0);
    count(world, "q", COUNT_PACKETS, BY_PORT, quiet);
}

static void build_vulnerability(struct world *world, bool speaks)
{
    struct error err = {0};
    const struct row rows[] = {{"23/TCP", 900, 0}, {NULL, 0, 0}};
    ports_table(world, 5, rows);
    scratch_write(&world->scratch, "k.csv",
                  "port,protocol,listens,listens_en,vulnerabilities,malware,references,since\n"
                  "23,TCP,x,x,CVE-2025-0001,,,\n");
    /* The 90 days that end with June 30 begin on April 2. */
    char *kev =
        g_strdup_printf("{\"catalogVersion\": \"1\", \"vulnerabilities\": [{\"cveID\": \"CVE-2025-0001\", "
                        "\"dateAdded\": \"2025-04-0%d\"}]}",
                        speaks ? 2 : 1);
    struct publication lists = {.folder = world->scratch.folder,
                                .knowledge_path = (char *)(uintptr_t) "k.csv",
                                .kev_path = (char *)(uintptr_t) "kev.json",
                                .knowledge_days = 90};
    scratch_write(&world->scratch, "kev.json", kev);
    g_free(kev);
    if (knowledge_load(&world->knowledge, &lists, &world->now->edition, NULL, &err) != 0)
        fail_msg("%s", err.message);
}

/* ---- both languages ---- */

static struct model *model_in(struct world *world, const char *language)
{
    struct error err = {0};
    struct model_input input = {
        .edition = &world->now->edition,
        .current = world->now,
        .previous = world->before->measure_count > 0 && world->before->measures[0].row_count > 0
                        ? world->before
                        : NULL,
        .year_before = world->year_before->measure_count > 0 ? world->year_before : NULL,
        .knowledge = world->knowledge.entries != NULL ? &world->knowledge : NULL};
    struct model *model = model_new(&world->publication, &input, language, NULL, &err);
    if (model == NULL)
        fail_msg("%s", err.message);
    return model;
}

static bool speaks_of(const struct model_draft *draft, const char *rule)
{
    bool found = false;
    for (size_t i = 0; i < draft->sentence_count; i++) {
        char **rules = words(draft->sentences[i].rule);
        found = found || g_strv_contains((const char *const *)rules, rule);
        g_strfreev(rules);
    }
    return found;
}

static bool is_japanese(gunichar character)
{
    GUnicodeScript script = g_unichar_get_script(character);
    return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA ||
           script == G_UNICODE_SCRIPT_KATAKANA;
}

/* A whole sentence of the language, that names no cause but sensors that stood still. */
static void assert_sentence(const struct model_sentence *sentence, bool japanese)
{
    assert_true(g_str_has_suffix(sentence->text, japanese ? "。" : "."));
    assert_null(strpbrk(sentence->text, "{}"));
    assert_true(*sentence->inputs != '\0');
    if (strcmp(sentence->rule, "sensors-stopped-fall") != 0 && strcmp(sentence->rule, "rise-not-mirai") != 0)
        for (const char *const *cause =
                 (const char *const[]){"原因", "によるもの", "ため", "because", "due to", "caused", NULL};
             *cause != NULL; cause++)
            assert_null(strstr(sentence->text, *cause));
    if (japanese)
        return;
    char **parts = g_strsplit(sentence->text, "要確認", -1); /* the marker is the same in both */
    char *rest = g_strjoinv("", parts);
    for (const char *at = rest; *at != '\0'; at = g_utf8_next_char(at))
        assert_false(is_japanese(g_utf8_get_char(at)));
    assert_true(g_ascii_isupper(*rest) || g_ascii_isdigit(*rest) || strchr(rest, '(') != NULL);
    g_free(rest);
    g_strfreev(parts);
}

static void assert_rule(build *build_world, const char *id, const char *rule, bool speaks)
{
    struct world world;
    world_init(&world);
    build_world(&world, speaks);
    struct model *japanese = model_in(&world, "ja"), *english = model_in(&world, "en");
    const struct model_draft *ja = fixture_find_draft(japanese, id), *en = fixture_find_draft(english, id);
    if (speaks_of(ja, rule) != speaks || speaks_of(en, rule) != speaks) {
        char *text = fixture_draft_text(japanese, id), *rules = fixture_draft_rules(japanese, id);
        fail_msg("%s %s: %s: %s", rule, speaks ? "does not speak" : "speaks", rules, text);
    }
    assert_int_equal(ja->sentence_count, en->sentence_count);
    for (size_t i = 0; i < ja->sentence_count; i++) {
        assert_string_equal(ja->sentences[i].rule, en->sentences[i].rule);
        assert_string_equal(ja->sentences[i].inputs, en->sentences[i].inputs);
        assert_string_equal(ja->sentences[i].threshold, en->sentences[i].threshold);
        assert_sentence(&ja->sentences[i], true);
        assert_sentence(&en->sentences[i], false);
    }
    model_free(japanese);
    model_free(english);
    world_release(&world);
}

static void every_rule_speaks_when_it_should_and_only_then(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *id;
        build *build;
    } cases[] = {
        {"most", "t", build_most},
        {"same-use", "t", build_same_use},
        {"most-same-use", "t", build_most_same_use},
        {"rank-fell", "t", build_fell},
        {"rank-rose", "t", build_rose},
        {"first-unchanged", "t", build_first_unchanged},
        {"entered", "t", build_entered},
        {"entered-outside", "t", build_entered_outside},
        {"entered-new", "t", build_entered_new},
        {"swapped", "t", build_swapped},
        {"nothing-moved", "t", build_nothing_moved},
        {"rise", "f", build_rise},
        {"peak", "f", build_peak},
        {"trend-up", "f", build_trend},
        {"constant", "f", build_constant},
        {"one-sensor-key", "t", build_one_sensor},
        {"one-prefix", "t", build_one_prefix},
        {"mirai-share", "t", build_mirai},
        {"rise-not-mirai", "f", build_not_mirai},
        {"side-larger", "f", build_sides},
        {"year-above", "f", build_year},
        {"unseen-elsewhere", "t", build_unseen},
        {"unseen-elsewhere", "t", build_unseen_on_a_day},
        {"widespread", "t", build_widespread},
        {"sensors-stopped-fall", "f", build_stopped},
        {"close", "t", build_close},
        {"without", "t", build_without},
        {"known-vulnerability", "t", build_vulnerability},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        assert_rule(cases[i].build, cases[i].id, cases[i].rule, true);
        assert_rule(cases[i].build, cases[i].id, cases[i].rule, false);
    }
}

/* ---- the words of those that no other test has ---- */

static void assert_texts(build *build_world, const char *id, const char *ja, const char *en)
{
    struct world world;
    world_init(&world);
    build_world(&world, true);
    struct model *japanese = model_in(&world, "ja"), *english = model_in(&world, "en");
    char *text = fixture_draft_text(japanese, id);
    assert_string_equal(text, ja);
    g_free(text);
    text = fixture_draft_text(english, id);
    if (en != NULL)
        assert_string_equal(text, en);
    g_free(text);
    model_free(japanese);
    model_free(english);
    world_release(&world);
}

static void sides_years_lists_and_tops_in_words(void **state)
{
    (void)state;
    assert_texts(build_sides, "f",
                 "センサー1台1日当たりの観測数は、どの月も「home」が「abroad」を上回りました。"
                 "「home」は、どの月も前年の同じ月を上回りました。",
                 "Per sensor and day, the count of “home” exceeded that of “abroad” in every month."
                 "The counts of “home” exceeded those of the same month a year before in every month.");
    assert_texts(build_unseen, "t",
                 "この四半期に探索が最も多かったのは、遠隔操作で使われるTelnet(23/TCP)で、"
                 "2番目も同じく遠隔操作で使われるssh(22/TCP)でした。"
                 "Telnet(23/TCP)は、海外のセンサーでは観測されませんでした。",
                 NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_speaks_when_it_should_and_only_then),
        cmocka_unit_test(sides_years_lists_and_tops_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
