/* Drafted paragraphs: which rule speaks when, in which words, and never a cause but stopped sensors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/summary_fixture.h"

/* A key and its counts in two quarters; 0: not seen. Rows stand in key order. */
struct counts {
    const char *key;
    uint64_t now, before;
};

struct scene {
    struct publication publication;
    struct summary *now, *before;
    struct measure_counts *measure, *previous;
    struct model *model;
};

static void scene_init(struct scene *scene, enum measure_count count, enum measure_by by,
                       const struct counts *counts, size_t count_of_counts)
{
    fixture_data_folder();
    memset(scene, 0, sizeof *scene);
    fixture_publication(&scene->publication);
    scene->now = summary_fixture_new("2025q1", 4);
    scene->before = summary_fixture_new("2024q4", 4);
    scene->measure = summary_fixture_measure(scene->now, "m", count, by);
    scene->previous = summary_fixture_measure(scene->before, "m", count, by);
    for (size_t i = 0; i < count_of_counts; i++) {
        if (counts[i].now > 0)
            summary_fixture_row(scene->now, scene->measure, counts[i].key, counts[i].now);
        if (counts[i].before > 0)
            summary_fixture_row(scene->before, scene->previous, counts[i].key, counts[i].before);
    }
}

static void scene_report(struct scene *scene, bool with_previous)
{
    struct error err = {0};
    struct model_input input = {.edition = &scene->now->edition,
                                .current = scene->now,
                                .previous = with_previous ? scene->before : NULL};
    model_free(scene->model);
    scene->model = model_new(&scene->publication, &input, "ja", NULL, &err);
    if (scene->model == NULL)
        fail_msg("%s", err.message);
}

static void scene_release(struct scene *scene)
{
    model_free(scene->model);
    summary_free(scene->now);
    summary_free(scene->before);
    publication_release(&scene->publication);
}

static void assert_draft(const struct scene *scene, const char *id, const char *rules, const char *text)
{
    char *found_rules = fixture_draft_rules(scene->model, id);
    char *found_text = fixture_draft_text(scene->model, id);
    assert_string_equal(found_rules, rules);
    if (text != NULL)
        assert_string_equal(found_text, text);
    g_free(found_rules);
    g_free(found_text);
}

/* The rules of a table of five rows by port. */
static void ports_draft(const struct counts *counts, size_t count, bool with_previous, const char *rules,
                        const char *text)
{
    struct scene scene;
    scene_init(&scene, COUNT_PACKETS, BY_PORT, counts, count);
    fixture_table(&scene.publication, "t", "m", 5);
    scene_report(&scene, with_previous);
    assert_draft(&scene, "t", rules, text);
    scene_release(&scene);
}

static void the_reference_ports(void **state)
{
    (void)state;
    const struct counts counts[] = {{"22/TCP", 3000, 5000},
                                    {"23/TCP", 9000, 9000},
                                    {"80/TCP", 6000, 6000},
                                    {"443/TCP", 5000, 4000},
                                    {"8728/TCP", 4000, 7000}};
    ports_draft(counts, 5, true, "most same-use rank-fell places",
                "この四半期に探索が最も多かったのは、Telnet(23/TCP)でした。"
                "2番目と3番目は、Webで使われるhttp(80/TCP)とhttps(443/TCP)でした。"
                "8728/TCPは4番目に下がり、5番目はssh(22/TCP)でした。");
}

static void the_reference_regions(void **state)
{
    (void)state;
    struct scene scene;
    const struct counts counts[] = {{"BG", 8000, 8000}, {"CA", 5000, 1000}, {"CN", 7000, 7000},
                                    {"DE", 100, 6000},  {"FR", 90, 4000},   {"GB", 80, 3000},
                                    {"KR", 70, 2000},   {"NL", 6000, 5000}, {"US", 9000, 9000}};
    scene_init(&scene, COUNT_PACKETS, BY_REGION, counts, 9);
    fixture_table(&scene.publication, "t", "m", 5);
    scene_report(&scene, true);
    assert_draft(&scene, "t", "first-unchanged rank-rose entered",
                 "1番目の米国から3番目の中国までは、前四半期と順位が変わりませんでした。"
                 "オランダは前四半期の5番目から4番目に上がり、カナダは9番目から5番目に入りました。");
    scene_release(&scene);
}

static void every_sentence_says_why(void **state)
{
    (void)state;
    struct scene scene;
    const struct counts counts[] = {
        {"23/TCP", 900, 900}, {"80/TCP", 600, 500}, {"8728/TCP", 400, 700}, {"9000/TCP", 500, 600}};
    scene_init(&scene, COUNT_PACKETS, BY_PORT, counts, 4);
    fixture_table(&scene.publication, "t", "m", 5);
    scene_report(&scene, true);
    /* 1: 23 (1), 2: 80 (4), 3: 9000 (3), 4: 8728 (2) */
    assert_draft(&scene, "t", "most rank-rose places-unchanged rank-fell", NULL);
    const struct model_draft *draft = fixture_find_draft(scene.model, "t");
    assert_int_equal(draft->sentence_count, 3);
    assert_string_equal(draft->sentences[1].rule, "rank-rose places-unchanged");
    assert_string_equal(draft->sentences[1].inputs,
                        "t 80/TCP rank 2 previous 4; t 9000/TCP rank 3 previous 3");
    assert_string_equal(draft->sentences[1].threshold, "1 place or more");
    assert_string_equal(
        draft->sentences[1].text,
        "http(80/TCP)は前四半期の4番目から2番目に上がり、3番目の9000/TCPは前四半期と同じ順位でした。");
    assert_string_equal(draft->sentences[2].inputs, "t 8728/TCP rank 4 previous 2");
    assert_string_equal(draft->sentences[2].threshold, "2 places or more");
    scene_release(&scene);
}

static void newcomers_are_told_by_where_they_were(void **state)
{
    (void)state;
    const struct counts counts[] = {
        {"23/TCP", 9000, 9000}, {"1001/TCP", 0, 8000},    {"1002/TCP", 0, 7000},    {"1003/TCP", 0, 6000},
        {"1004/TCP", 0, 5000},  {"1005/TCP", 8000, 4500}, {"1006/TCP", 0, 4000},    {"1007/TCP", 0, 3500},
        {"1008/TCP", 0, 3000},  {"1009/TCP", 0, 2500},    {"1010/TCP", 6000, 2000}, {"1011/TCP", 4000, 0}};
    /* 1005 was 6th; 1010 was 11th, beyond the limit of 10; 1011 was not seen. */
    ports_draft(counts, 12, true, "most entered entered-outside entered-new",
                "この四半期に探索が最も多かったのは、Telnet(23/TCP)でした。"
                "1005/TCPは前四半期の6番目から2番目に入り、1010/TCPはトップ10圏外から3番目に入りました。"
                "前四半期に観測されなかった1011/TCPが、4番目に入りました。");
}

static void neighbours_that_changed_places(void **state)
{
    (void)state;
    const struct counts counts[] = {{"22/TCP", 400, 700}, {"23/TCP", 900, 900}, {"8728/TCP", 700, 400}};
    ports_draft(counts, 3, true, "most swapped",
                "この四半期に探索が最も多かったのは、Telnet(23/TCP)でした。"
                "2番目の8728/TCPと3番目のssh(22/TCP)は、前四半期から順位が入れ替わりました。");
}

/* "From 1 to 2" would be no range. */
static void two_that_stayed_are_a_pair(void **state)
{
    (void)state;
    const struct counts counts[] = {
        {"22/TCP", 300, 500}, {"23/TCP", 900, 900}, {"8728/TCP", 800, 800}, {"9000/TCP", 400, 300}};
    ports_draft(counts, 4, true, "first-unchanged swapped",
                "1番目のTelnet(23/TCP)と2番目の8728/TCPは、前四半期と順位が変わりませんでした。"
                "3番目の9000/TCPと4番目のssh(22/TCP)は、前四半期から順位が入れ替わりました。");
}

static void nothing_moved(void **state)
{
    (void)state;
    const struct counts counts[] = {{"22/TCP", 400, 300}, {"23/TCP", 900, 800}, {"8728/TCP", 700, 500}};
    ports_draft(counts, 3, true, "most nothing-moved",
                "この四半期に探索が最も多かったのは、Telnet(23/TCP)でした。"
                "上位3件の順位は、いずれも前四半期から変わっていません。");
}

static void without_a_previous_quarter_only_places_are_told(void **state)
{
    (void)state;
    const struct counts counts[] = {{"22/TCP", 400, 300}, {"23/TCP", 900, 800}, {"8728/TCP", 700, 500}};
    ports_draft(counts, 3, false, "most places",
                "この四半期に探索が最も多かったのは、Telnet(23/TCP)でした。"
                "2番目は8728/TCP、3番目はssh(22/TCP)でした。");
    const struct counts fresh[] = {{"22/TCP", 400, 0}, {"8728/TCP", 900, 0}};
    ports_draft(fresh, 2, true, "most places", NULL); /* the previous quarter saw nothing at all */
}

static void nothing_observed(void **state)
{
    (void)state;
    const struct counts counts[] = {{"22/TCP", 0, 300}};
    ports_draft(counts, 1, true, "nothing-observed",
                "この四半期には、該当するパケットを観測しませんでした。");
}

static void ties(void **state)
{
    (void)state;
    const struct counts all[] = {{"22/TCP", 500, 0}, {"23/TCP", 500, 0}, {"8728/TCP", 500, 0}};
    ports_draft(all, 3, false, "most-tied",
                "最も多かったのは、同数で並んだssh(22/TCP)、Telnet(23/TCP)、8728/TCPでした。");
    const struct counts two[] = {{"22/TCP", 500, 0}, {"23/TCP", 900, 0}, {"8728/TCP", 500, 0}};
    ports_draft(two, 3, false, "most tied",
                "この四半期に探索が最も多かったのは、Telnet(23/TCP)でした。"
                "2番目には、同数でssh(22/TCP)と8728/TCPが並びました。");
}

static void first_and_second_are_close(void **state)
{
    (void)state;
    const struct counts close[] = {{"22/TCP", 9900, 0}, {"8728/TCP", 10000, 0}};
    ports_draft(close, 2, false, "most close places",
                "この四半期に探索が最も多かったのは、8728/TCPでした。"
                "1番目と2番目の差は1.0%で、僅かでした。"
                "2番目はssh(22/TCP)でした。");
    const struct counts apart[] = {{"22/TCP", 9800, 0}, {"8728/TCP", 10000, 0}};
    ports_draft(apart, 2, false, "most places", NULL);
}

/* Many bytes or many senders are not much probing. */
static void what_was_most_is_said_of_what_was_counted(void **state)
{
    (void)state;
    static const struct {
        enum measure_count count;
        enum measure_by by;
        const char *key, *text;
    } cases[] = {
        {COUNT_BYTES, BY_PORT, "23/TCP",
         "この四半期に通信量が最も多かった宛先ポート番号は、Telnet(23/TCP)でした。"},
        {COUNT_SOURCES, BY_PORT, "23/TCP",
         "この四半期に送信元IPアドレスが最も多かった宛先ポート番号は、Telnet(23/TCP)でした。"},
        {COUNT_SOURCES, BY_REGION, "US",
         "この四半期に送信元IPアドレスが最も多かった送信元地域は、米国でした。"},
        {COUNT_PACKETS, BY_REGION, "US", "この四半期に探索元として最も多かった地域は、米国でした。"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct scene scene;
        const struct counts counts[] = {{cases[i].key, 300, 0}};
        scene_init(&scene, cases[i].count, cases[i].by, counts, 1);
        fixture_table(&scene.publication, "t", "m", 5);
        scene_report(&scene, false);
        assert_draft(&scene, "t", "most", cases[i].text);
        scene_release(&scene);
    }
    /* The use that two ports share is told behind it. */
    struct scene scene;
    const struct counts web[] = {{"80/TCP", 300, 0}, {"443/TCP", 200, 0}};
    scene_init(&scene, COUNT_BYTES, BY_PORT, web, 2);
    fixture_table(&scene.publication, "t", "m", 5);
    scene_report(&scene, false);
    assert_draft(&scene, "t", "most places", NULL);
    scene_release(&scene);
}

static void a_majority_is_told(void **state)
{
    (void)state;
    struct scene scene;
    const struct counts sensors[] = {{"s1", 100, 0}, {"s2", 300, 0}, {"s3", 100, 0}};
    scene_init(&scene, COUNT_PACKETS, BY_SENSOR, sensors, 3);
    fixture_table(&scene.publication, "t", "m", 1);
    scene_report(&scene, false);
    assert_draft(
        &scene, "t", "most one-sensor",
        "観測数が最も多かったセンサーは、地点2でした。全体の60.0%を、センサー「地点2」が観測しました。");
    scene_release(&scene);
    const struct counts alone[] = {{"s2", 300, 0}}; /* holds all of everything */
    scene_init(&scene, COUNT_PACKETS, BY_SENSOR, alone, 1);
    fixture_table(&scene.publication, "t", "m", 1);
    scene_report(&scene, false);
    assert_draft(&scene, "t", "most", NULL);
    scene_release(&scene);
    const struct counts two[] = {{"s1", 100, 0}, {"s2", 300, 0}}; /* of two, 75 % is not much */
    scene_init(&scene, COUNT_PACKETS, BY_SENSOR, two, 2);
    fixture_table(&scene.publication, "t", "m", 1);
    scene_report(&scene, false);
    assert_draft(&scene, "t", "most", NULL);
    scene_release(&scene);
    const struct counts tools[] = {{"mirai", 300, 0}, {"other", 300, 0}};
    scene_init(&scene, COUNT_PACKETS, BY_TOOL, tools, 2);
    fixture_table(&scene.publication, "t", "m", 1);
    scene_report(&scene, false); /* exactly half is no majority */
    assert_draft(&scene, "t", "most-tied", NULL);
    scene_release(&scene);
}

/* ---- figures ---- */

static void fill(uint64_t *daily, uint64_t level)
{
    for (int i = 0; i < EDITION_DAYS_MAX; i++)
        daily[i] = level + (uint64_t)(i % 3);
}

static void sources_without_mirai_rise(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t mirai[EDITION_DAYS_MAX], other[EDITION_DAYS_MAX];
    scene_init(&scene, COUNT_SOURCES, BY_TOOL, NULL, 0);
    fill(mirai, 300);
    fill(other, 100);
    for (int i = 61; i < 69; i++) /* 1 to 8 June */
        other[i] = 280;
    summary_fixture_daily(scene.now, scene.measure, "mirai", mirai);
    summary_fixture_daily(scene.now, scene.measure, "other", other);
    struct figure_definition *figure = fixture_figure(&scene.publication, "f", "m", NULL);
    fixture_series(figure, "mirai", false, "Miraiの特徴あり");
    fixture_series(figure, "mirai", true, "Miraiの特徴なし");
    scene_report(&scene, false);
    assert_draft(&scene, "f", "mirai-share rise-not-mirai constant",
                 "送信元IPアドレスの51.9%がMiraiの特徴を持っていました。"
                 "6月初め頃、Miraiの特徴を持たない送信元IPアドレスが一時的に増加しました。"
                 "一方、「Miraiの特徴あり」の送信元IPアドレスは、期間を通じてほぼ一定でした。");
    const struct chart_spec *chart = &model_figure(scene.model, "f")->chart;
    assert_string_equal(chart->headline, "6月初め頃に「Miraiの特徴なし」が一時増加");
    assert_int_equal(chart->note_count, 1);
    assert_int_equal(chart->notes[0].series, 1);
    assert_int_equal(chart->notes[0].first_day, 61);
    assert_int_equal(chart->notes[0].last_day, 68);
    scene_release(&scene);
}

/* Of parts that have a name none was seen: "0.0%" would be no finding. */
static void shares_of_nothing_are_none(void **state)
{
    (void)state;
    static const char *const labels[] = {"Mirai", "ZMap", "masscan", "跳ね返り"};
    static const struct {
        size_t parts;
        const char *headline;
    } cases[] = {{1, "Miraiは観測なし"},
                 {3, "Mirai、ZMap、masscanは観測なし"},
                 {4, "Mirai、ZMap、masscanなど4件は観測なし"}};
    static const char *const keys[] = {"mirai", "zmap", "masscan", "backscatter"};
    const struct counts tools[] = {{"other", 300, 0}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct scene scene;
        scene_init(&scene, COUNT_PACKETS, BY_TOOL, tools, 1);
        struct figure_definition *figure = fixture_figure(&scene.publication, "f", "m", NULL);
        figure->kind = FIGURE_SHARES;
        for (size_t k = 0; k < cases[i].parts; k++)
            fixture_series(figure, keys[k], false, labels[k]);
        scene_report(&scene, false);
        assert_string_equal(model_figure(scene.model, "f")->chart.headline, cases[i].headline);
        scene_release(&scene);
    }
}

/* Nothing is ranked: packets there were all the same, and the figure does not repeat its table's draft. */
static void unallocated_sources_alone_are_told_once(void **state)
{
    (void)state;
    struct scene scene;
    const struct counts unallocated[] = {{"??", 300, 0}};
    scene_init(&scene, COUNT_PACKETS, BY_REGION, unallocated, 1);
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t");
    scene_report(&scene, false);
    assert_draft(&scene, "t", "all-unallocated",
                 "この四半期の観測は、いずれもRIRの割り当てにないIPアドレスからのものでした。");
    assert_draft(&scene, "f", "", "");
    scene_release(&scene);
    scene_init(&scene, COUNT_PACKETS, BY_REGION, unallocated, 0);
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t");
    scene_report(&scene, false);
    assert_draft(&scene, "t", "nothing-observed", NULL);
    assert_draft(&scene, "f", "", "");
    scene_release(&scene);
}

/* One series by port whose days the caller changes. */
static void port_figure(struct scene *scene, const uint64_t *daily)
{
    scene_init(scene, COUNT_PACKETS, BY_PORT, NULL, 0);
    summary_fixture_daily(scene->now, scene->measure, "23/TCP", daily);
    fixture_table(&scene->publication, "t", "m", 5);
    fixture_figure(&scene->publication, "f", NULL, "t");
}

static void rises_and_peaks_have_dates(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t daily[EDITION_DAYS_MAX];
    fill(daily, 1000);
    for (int i = 28; i <= 33; i++) /* 29 April to 4 May */
        daily[i] = 4000;
    daily[70] = 9000; /* 10 June */
    port_figure(&scene, daily);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "rise peak",
                 "Telnet(23/TCP)宛てのパケットは、4月29日頃から5月4日頃にかけて一時的に増加し、"
                 "6月10日にも大きく増加しました。");
    scene_release(&scene);
    fill(daily, 1000);
    for (int i = 84; i < 91; i++) /* from 24 June on: nobody knows whether it is temporary */
        daily[i] = 4000;
    port_figure(&scene, daily);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "rise-until-end",
                 "Telnet(23/TCP)宛てのパケットは、6月24日頃から期間の終わりにかけて増加しました。");
    scene_release(&scene);
    fill(daily, 1000);
    for (int i = 50; i < 91; i++) /* from 21 May on, for weeks */
        daily[i] = 4000;
    port_figure(&scene, daily);
    scene_report(&scene, false);
    assert_draft(
        &scene, "f", "step-up",
        "Telnet(23/TCP)宛てのパケットは、5月21日頃を境に増加し、その水準が期間の終わりまで続きました。");
    scene_release(&scene);
}

static void a_fall_on_stopped_sensors_is_told_as_such(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t daily[EDITION_DAYS_MAX];
    fill(daily, 1000);
    for (int i = 36; i <= 38; i++) /* 7 to 9 May */
        daily[i] = 750;
    port_figure(&scene, daily);
    summary_fixture_silence(scene.now, 1, 36, 38);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "constant sensors-stopped-fall",
                 "Telnet(23/TCP)宛てのパケットは、期間を通じてほぼ一定でした。"
                 "5月7日から9日の減少は、センサーの停止によるものです。");
    const struct model_draft *draft = fixture_find_draft(scene.model, "f");
    assert_string_equal(draft->sentences[1].inputs,
                        "f 2025-05-07 to 2025-05-09 delivering 3 of 4 sensors on the first day");
    scene_release(&scene);
    /* No fall, no cause. */
    fill(daily, 1000);
    port_figure(&scene, daily);
    summary_fixture_silence(scene.now, 1, 36, 38);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "constant sensors-stopped", NULL);
    scene_release(&scene);
}

/* A fall that the stopped sensors cannot explain, or that is noise, is not theirs. */
static void a_fall_is_not_put_down_to_sensors_that_see_little(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t daily[EDITION_DAYS_MAX];
    fill(daily, 1000);
    for (int i = 36; i <= 38; i++)
        daily[i] = 750;
    port_figure(&scene, daily);
    for (int day = 0; day < scene.now->edition.day_count; day++)
        scene.now->sensors[1].packets[day] = 10;
    summary_fixture_silence(scene.now, 1, 36, 38);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "constant sensors-stopped", NULL);
    scene_release(&scene);
    for (int i = 0; i < EDITION_DAYS_MAX; i++)
        daily[i] = 8;
    daily[36] = 6;
    port_figure(&scene, daily);
    summary_fixture_silence(scene.now, 1, 36, 36);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "constant sensors-stopped", NULL);
    scene_release(&scene);
}

/* More packets because more sensors delivered are no change of what was sent; and of a day nothing is said.
 */
static void what_sensors_did_is_no_event(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t daily[EDITION_DAYS_MAX];
    fill(daily, 1000);
    for (int i = 0; i < 45; i++)
        daily[i] = 250;
    port_figure(&scene, daily);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "step-up", NULL);
    scene_release(&scene);
    port_figure(&scene, daily);
    for (size_t sensor = 1; sensor < 4; sensor++)
        summary_fixture_silence(scene.now, sensor, 0, 44);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "sensors-stopped-fall", NULL);
    assert_string_equal(model_figure(scene.model, "f")->chart.headline, "Telnet宛てが最多");
    scene_release(&scene);
    /* A peak beside it is one all the same. */
    daily[70] = 5000;
    port_figure(&scene, daily);
    for (size_t sensor = 1; sensor < 4; sensor++)
        summary_fixture_silence(scene.now, sensor, 0, 44);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "peak sensors-stopped-fall", NULL);
    scene_release(&scene);
    memset(daily, 0, sizeof daily);
    daily[0] = 3;
    port_figure(&scene, daily);
    for (size_t sensor = 0; sensor < 4; sensor++)
        summary_fixture_silence(scene.now, sensor, 1, 90);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "nothing-delivered", NULL);
    scene_release(&scene);
}

static void series_of_one_kind_share_a_sentence(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t level[EDITION_DAYS_MAX], growing[EDITION_DAYS_MAX];
    fill(level, 1000);
    for (int i = 0; i < EDITION_DAYS_MAX; i++)
        growing[i] = 500 + (uint64_t)(i * 5);
    scene_init(&scene, COUNT_PACKETS, BY_PORT, NULL, 0);
    summary_fixture_daily(scene.now, scene.measure, "23/TCP", level);
    summary_fixture_daily(scene.now, scene.measure, "80/TCP", growing);
    summary_fixture_daily(scene.now, scene.measure, "8728/TCP", level);
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t");
    scene_report(&scene, false);
    assert_draft(&scene, "f", "trend-up constant",
                 "http(80/TCP)宛てのパケットは、期間を通じて緩やかに増加しました。"
                 "一方、Telnet(23/TCP)と8728/TCP宛てのパケットは、期間を通じてほぼ一定でした。");
    scene_release(&scene);
}

/* Three remarks: the highest peak of each series before the second of any. */
static void the_highest_peaks_are_remarked_on(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        int day;
        uint64_t value;
    } peaks[] = {{"22/TCP", 10, 3000}, {"22/TCP", 20, 5000}, {"22/TCP", 30, 4000},
                 {"23/TCP", 40, 2500}, {"80/TCP", 50, 6000}, {"80/TCP", 60, 9000}};
    static const char *const keys[] = {"22/TCP", "23/TCP", "80/TCP"};
    struct scene scene;
    scene_init(&scene, COUNT_PACKETS, BY_PORT, NULL, 0);
    for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
        uint64_t daily[EDITION_DAYS_MAX];
        fill(daily, 1000);
        for (size_t i = 0; i < G_N_ELEMENTS(peaks); i++)
            if (strcmp(peaks[i].key, keys[k]) == 0)
                daily[peaks[i].day] = peaks[i].value;
        summary_fixture_daily(scene.now, scene.measure, keys[k], daily);
    }
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t");
    scene_report(&scene, false);
    const struct chart_spec *chart = &model_figure(scene.model, "f")->chart;
    GString *days = g_string_new(NULL);
    for (size_t i = 0; i < chart->note_count; i++)
        g_string_append_printf(days, "%s %d ", chart->series[chart->notes[i].series].detail,
                               chart->notes[i].first_day);
    assert_string_equal(days->str, "80/TCP 60 22/TCP 20 23/TCP 40 ");
    g_string_free(days, TRUE);
    scene_release(&scene);
}

/* Two figures of one measure tell of a peak once, those of two measures twice. */
static void figures_do_not_repeat_each_other(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t daily[EDITION_DAYS_MAX];
    fill(daily, 1000);
    daily[40] = 5000;
    port_figure(&scene, daily);
    struct measure_counts *other = summary_fixture_measure(scene.now, "n", COUNT_PACKETS, BY_PORT);
    summary_fixture_daily(scene.now, other, "23/TCP", daily);
    fixture_figure(&scene.publication, "g", "m", NULL)->top = 3;
    fixture_figure(&scene.publication, "h", "n", NULL)->top = 3;
    scene_report(&scene, false);
    assert_draft(&scene, "f", "peak", NULL);
    assert_draft(&scene, "g", "", NULL);
    assert_draft(&scene, "h", "peak", NULL);
    scene_release(&scene);
}

/* Each has its own quotation marks. */
static void sensors_share_a_sentence(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t daily[EDITION_DAYS_MAX];
    fill(daily, 1000);
    scene_init(&scene, COUNT_PACKETS, BY_SENSOR, NULL, 0);
    summary_fixture_daily(scene.now, scene.measure, "s1", daily);
    summary_fixture_daily(scene.now, scene.measure, "s2", daily);
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t");
    scene_report(&scene, false);
    assert_draft(&scene, "f", "constant",
                 "センサー「地点1」と「地点2」で観測したパケットは、期間を通じてほぼ一定でした。");
    scene_release(&scene);
}

static void missing_days_are_told(void **state)
{
    (void)state;
    struct scene scene;
    uint64_t daily[EDITION_DAYS_MAX];
    fill(daily, 1000);
    daily[10] = daily[11] = 0;
    port_figure(&scene, daily);
    for (size_t sensor = 0; sensor < 4; sensor++)
        summary_fixture_silence(scene.now, sensor, 10, 11);
    scene_report(&scene, false);
    assert_draft(&scene, "f", "constant nothing-delivered",
                 "Telnet(23/TCP)宛てのパケットは、期間を通じてほぼ一定でした。"
                 "なお、4月11日から12日は観測データがありません。");
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_ports),
        cmocka_unit_test(the_reference_regions),
        cmocka_unit_test(every_sentence_says_why),
        cmocka_unit_test(newcomers_are_told_by_where_they_were),
        cmocka_unit_test(neighbours_that_changed_places),
        cmocka_unit_test(two_that_stayed_are_a_pair),
        cmocka_unit_test(nothing_moved),
        cmocka_unit_test(without_a_previous_quarter_only_places_are_told),
        cmocka_unit_test(nothing_observed),
        cmocka_unit_test(ties),
        cmocka_unit_test(first_and_second_are_close),
        cmocka_unit_test(what_was_most_is_said_of_what_was_counted),
        cmocka_unit_test(a_majority_is_told),
        cmocka_unit_test(sources_without_mirai_rise),
        cmocka_unit_test(shares_of_nothing_are_none),
        cmocka_unit_test(unallocated_sources_alone_are_told_once),
        cmocka_unit_test(rises_and_peaks_have_dates),
        cmocka_unit_test(a_fall_on_stopped_sensors_is_told_as_such),
        cmocka_unit_test(a_fall_is_not_put_down_to_sensors_that_see_little),
        cmocka_unit_test(what_sensors_did_is_no_event),
        cmocka_unit_test(series_of_one_kind_share_a_sentence),
        cmocka_unit_test(the_highest_peaks_are_remarked_on),
        cmocka_unit_test(figures_do_not_repeat_each_other),
        cmocka_unit_test(sensors_share_a_sentence),
        cmocka_unit_test(missing_days_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
