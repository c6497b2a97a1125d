/* The report model: cells, figures, data quality, and that odd quarters (none before, empty, huge) are told,
 * not hidden. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/summary_fixture.h"

struct scene {
    struct publication publication;
    struct summary *now, *before;
    struct model *model;
};

static void scene_init(struct scene *scene, size_t sensor_count)
{
    fixture_data_folder();
    memset(scene, 0, sizeof *scene);
    fixture_publication(&scene->publication);
    scene->now = summary_fixture_new("2025q1", sensor_count);
    scene->before = summary_fixture_new("2024q4", sensor_count);
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

static void scene_refused(struct scene *scene, const char *message)
{
    struct error err = {0};
    struct model_input input = {
        .edition = &scene->now->edition, .current = scene->now, .previous = scene->before};
    assert_null(model_new(&scene->publication, &input, "ja", NULL, &err));
    assert_string_equal(err.message, message);
    assert_int_equal(err.kind, ERROR_INPUT);
}

static void scene_release(struct scene *scene)
{
    model_free(scene->model);
    summary_free(scene->now);
    summary_free(scene->before);
    publication_release(&scene->publication);
}

static void assert_cell(const struct model *model, const char *table, size_t row, size_t column,
                        const char *text, const char *value)
{
    const struct model_cell *cell = &model_table(model, table)->rows[row].cells[column];
    assert_string_equal(cell->text, text);
    assert_string_equal(cell->value, value);
}

static void the_head_names_months(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 4);
    scene_report(&scene, true);
    const struct model *model = scene.model;
    assert_string_equal(model->language, "ja");
    assert_string_equal(model->title, "観測レポート");
    assert_string_equal(model->publisher, "みほんCERT");
    assert_string_equal(model->edition, "2025q1");
    assert_string_equal(model->period, "2025年4〜6月");
    assert_string_equal(model->previous_period, "2025年1〜3月");
    assert_string_equal(model->previous_edition, "2024q4");
    assert_string_equal(model->year_before_edition, "2024q1");
    assert_true(model->has_previous);
    assert_false(model->has_year_before);
    assert_int_equal(model->first_day.month, 4);
    assert_int_equal(model->last_day.day, 30);
    assert_string_equal(model->time_zone, "Asia/Tokyo");
    assert_null(model_table(model, "none"));
    assert_null(model_figure(model, "none"));
    scene_release(&scene);
}

static void cells_carry_text_and_value(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 4);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    struct measure_counts *before = summary_fixture_measure(scene.before, "m", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(scene.now, now, "22/TCP", 20000);
    summary_fixture_row(scene.now, now, "23/TCP", 75000);
    summary_fixture_row(scene.now, now, "8728/TCP", 5000);
    summary_fixture_row(scene.before, before, "22/TCP", 40000);
    summary_fixture_row(scene.before, before, "23/TCP", 73810);
    fixture_table(&scene.publication, "t", "m", 5);
    scene_report(&scene, true);
    const struct model_table *table = model_table(scene.model, "t");
    assert_string_equal(table->caption, "表のt");
    assert_int_equal(table->row_count, 3);
    assert_int_equal(table->column_count, 7);
    static const char *const names[] = {"rank",           "key",   "previous_rank", "count", "share",
                                        "per_sensor_day", "change"};
    static const char *const headings[] = {"順位", "宛先ポート番号",       "前四半期の順位",    "パケット数",
                                           "割合", "センサー1台1日当たり", "前四半期からの増減"};
    for (size_t i = 0; i < 7; i++) {
        assert_string_equal(table->columns[i].name, names[i]);
        assert_string_equal(table->columns[i].heading, headings[i]);
        assert_int_equal(table->columns[i].is_number, i != 1);
    }
    assert_string_equal(table->rows[0].key, "23/TCP");
    assert_cell(scene.model, "t", 0, 0, "1", "1");
    assert_cell(scene.model, "t", 0, 1, "Telnet(23/TCP)", "23/TCP");
    assert_cell(scene.model, "t", 0, 2, "1", "1");
    assert_cell(scene.model, "t", 0, 3, "75,000", "75000");
    assert_cell(scene.model, "t", 0, 4, "75.0%", "0.750000");
    /* 4 sensors on 91 days: 75000 / 364 = 206.043956 */
    assert_cell(scene.model, "t", 0, 5, "206.0", "206.043956");
    assert_cell(scene.model, "t", 0, 6, "+1.6%(+1,190件)", "1190");
    assert_cell(scene.model, "t", 1, 6, "-50.0%(-20,000件)", "-20000");
    assert_cell(scene.model, "t", 2, 1, "8728/TCP", "8728/TCP");
    assert_cell(scene.model, "t", 2, 2, "-", "");
    assert_cell(scene.model, "t", 2, 6, "新規", "5000");
    char *csv = model_table_csv(table);
    assert_string_equal(csv, "rank,key,label,previous_rank,count,share,per_sensor_day,change\n"
                             "1,23/TCP,Telnet(23/TCP),1,75000,0.750000,206.043956,1190\n"
                             "2,22/TCP,ssh(22/TCP),2,20000,0.200000,54.945055,-20000\n"
                             "3,8728/TCP,8728/TCP,,5000,0.050000,13.736264,5000\n");
    g_free(csv);
    scene_release(&scene);
}

static void an_outage_is_no_fall_per_sensor(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 2);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(scene.now, now, "23/TCP", 1720);
    summary_fixture_silence(scene.now, 0, 10, 19); /* 2 * 91 - 10 = 172 sensor days delivered */
    fixture_table(&scene.publication, "t", "m", 5);
    scene_report(&scene, false);
    assert_cell(scene.model, "t", 0, 5, "10.0", "10.000000");
    scene_release(&scene);
}

static void previous_ranks_beyond_the_limit(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 4);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    struct measure_counts *before = summary_fixture_measure(scene.before, "m", COUNT_PACKETS, BY_PORT);
    for (int port = 1; port <= 12; port++) {
        char *key = g_strdup_printf("%d/TCP", 1000 + port);
        summary_fixture_row(scene.now, now, key, (uint64_t)port * 100);
        summary_fixture_row(scene.before, before, key, (uint64_t)(13 - port) * 100);
        g_free(key);
    }
    fixture_table(&scene.publication, "t", "m", 3);
    scene_report(&scene, true);
    assert_cell(scene.model, "t", 0, 2, "トップ10圏外", "12");
    assert_cell(scene.model, "t", 1, 2, "トップ10圏外", "11");
    assert_cell(scene.model, "t", 2, 2, "10", "10");
    scene.publication.top_limit = 20;
    scene_report(&scene, true);
    assert_cell(scene.model, "t", 0, 2, "12", "12");
    scene_report(&scene, false);
    assert_cell(scene.model, "t", 0, 2, "-", "");
    assert_cell(scene.model, "t", 0, 6, "-", "");
    assert_true(fixture_has_note(scene.model->notes, "前四半期（2025年1〜3月）の観測データがない"));
    scene_release(&scene);
}

static void regions_have_names_or_the_report_fails(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 4);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_REGION);
    summary_fixture_row(scene.now, now, "??", 100);
    summary_fixture_row(scene.now, now, "US", 900);
    summary_fixture_measure(scene.before, "m", COUNT_PACKETS, BY_REGION);
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t");
    scene_report(&scene, true);
    assert_int_equal(model_table(scene.model, "t")->row_count, 1);
    assert_cell(scene.model, "t", 0, 1, "米国(US)", "US");
    assert_cell(scene.model, "t", 0, 4, "90.0%", "0.900000");
    assert_string_equal(model_figure(scene.model, "f")->chart.series[0].label, "米国");
    assert_string_equal(model_figure(scene.model, "f")->chart.series[0].detail, "US");
    assert_string_equal(model_figure(scene.model, "f")->chart.headline, "米国からが最多");
    assert_true(fixture_has_note(scene.model->notes,
                                 "「表のt」では、RIRの割り当てにないIPアドレスからのもの（全体の10.0%）"));
    summary_fixture_row(scene.now, now, "XK", 50);
    scene_refused(&scene,
                  "report: table t: regions.csv: no name for the region 'XK' in the language 'ja', expected "
                  "a line for it");
    scene_release(&scene);
}

static void a_stale_summary_is_refused(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 4);
    fixture_table(&scene.publication, "t", "m", 5);
    scene_refused(&scene,
                  "report: table t: sample/publication.xml: the summary of 2025q1 has no measure 'm', "
                  "expected one: count the edition again");
    scene_release(&scene);
}

static void a_summary_of_another_edition_is_refused(void **state)
{
    (void)state;
    struct scene scene;
    struct error err = {0};
    scene_init(&scene, 1);
    struct model_input input = {.edition = &scene.now->edition, .current = scene.before};
    assert_null(model_new(&scene.publication, &input, "ja", NULL, &err));
    assert_string_equal(err.message, "report: the summary is of the edition 2024q4, expected 2025q1");
    scene_release(&scene);
}

static void a_missing_translation_is_refused(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 4);
    summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    fixture_table(&scene.publication, "t", "m", 5);
    g_hash_table_remove_all(scene.publication.tables[0].caption.texts);
    scene_refused(&scene,
                  "report: table t: sample/publication.xml: line 10: no <caption> in the language 'ja', "
                  "expected one");
    scene_release(&scene);
}

static void figures_follow_their_table(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 2);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    uint64_t daily[EDITION_DAYS_MAX];
    for (int i = 0; i < 91; i++)
        daily[i] = i == 20 || i == 21 ? 0 : (uint64_t)(1000 + i % 2);
    daily[5] = 900;
    summary_fixture_row(scene.now, now, "22/TCP", 910);
    summary_fixture_daily(scene.now, now, "23/TCP", daily);
    summary_fixture_row(scene.now, now, "8728/TCP", 1820);
    summary_fixture_silence(scene.now, 0, 20, 21);
    summary_fixture_silence(scene.now, 1, 20, 21);
    summary_fixture_silence(scene.now, 1, 40, 40);
    fixture_table(&scene.publication, "t", "m", 2);
    fixture_figure(&scene.publication, "the figure", NULL, "t");
    scene_report(&scene, false);
    const struct model_figure *figure = model_figure(scene.model, "the figure");
    const struct chart_spec *chart = &figure->chart;
    assert_int_equal(chart->kind, CHART_DAILY_LINES);
    assert_string_equal(chart->identifier, "fig-the-figure");
    assert_string_equal(chart->headline, "Telnet宛てが最多、8728/TCPが続く");
    assert_string_equal(chart->subtitle, "図のthe figure（2025年4〜6月）");
    assert_string_equal(chart->unit, "1日当たりのパケット数");
    assert_string_equal(chart->missing_label, "欠測");
    assert_string_equal(chart->day_off_label, "灰色の帯は土日祝日");
    assert_string_equal(chart->current_label, "2025年4〜6月");
    assert_string_equal(chart->previous_label, "前四半期（2025年1〜3月）");
    assert_string_equal(chart->source_note, "資料：みほんCERT。一部のセンサーが停止した日：5月11日");
    assert_int_equal(chart->day_count, 91);
    assert_int_equal(chart->series_count, 2);
    assert_string_equal(chart->series[0].label, "Telnet");
    assert_string_equal(chart->series[0].detail, "23/TCP");
    assert_string_equal(chart->series[1].label, "8728/TCP");
    assert_string_equal(chart->series[1].detail, "");
    assert_null(chart->series[0].previous);
    assert_false(chart->series[0].observed[20]);
    assert_true(chart->series[0].observed[22]);
    assert_true(chart->series[0].values[22] > 999 && chart->series[0].values[22] < 1001);
    assert_false(chart->day_off[1]); /* 2 April 2025, a Wednesday */
    assert_true(chart->day_off[4]);  /* 5 April, a Saturday */
    assert_true(chart->day_off[28]); /* 29 April, a Tuesday and a holiday */
    assert_non_null(strstr(chart->description, "Telnet(23/TCP)は最小900（4月6日）、最大1,001（4月2日）"));
    assert_non_null(strstr(chart->description, "欠測は4月21日〜4月22日です。"));
    char **lines = g_strsplit(figure->csv, "\n", -1);
    assert_int_equal(g_strv_length(lines), 93);
    assert_string_equal(lines[0], "date,23/TCP,8728/TCP");
    assert_string_equal(lines[1], "2025-04-01,1000,20");
    assert_string_equal(lines[21], "2025-04-21,,");
    assert_string_equal(lines[91], "2025-06-30,1000,20");
    g_strfreev(lines);
    /* The editor's own headline comes first. */
    scene.publication.figures[0].headline = fixture_text("編集者の見出し");
    scene_report(&scene, false);
    assert_string_equal(model_figure(scene.model, "the figure")->chart.headline, "編集者の見出し");
    scene_release(&scene);
}

static void small_multiples_show_the_previous_quarter(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 2);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    struct measure_counts *before = summary_fixture_measure(scene.before, "m", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(scene.now, now, "22/TCP", 910);
    summary_fixture_row(scene.now, now, "23/TCP", 9100);
    summary_fixture_row(scene.before, before, "23/TCP", 900);
    summary_fixture_silence(scene.before, 0, 3, 3);
    summary_fixture_silence(scene.before, 1, 3, 3);
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t")->kind = FIGURE_SMALL_MULTIPLES;
    scene_report(&scene, true);
    const struct chart_spec *chart = &model_figure(scene.model, "f")->chart;
    assert_int_equal(chart->kind, CHART_SMALL_MULTIPLES);
    assert_int_equal(chart->previous_day_count, 90);
    assert_int_equal(chart->previous_first_day.month, 1);
    assert_true(chart->series[0].previous[0] > 9.5 && chart->series[0].previous[0] < 10.5);
    assert_false(chart->series[0].previous_observed[3]);
    assert_true(chart->series[1].previous_observed[4]); /* observed, and zero */
    assert_true(chart->series[1].previous[4] <= 0);
    scene_report(&scene, false);
    chart = &model_figure(scene.model, "f")->chart;
    assert_int_equal(chart->previous_day_count, 0);
    assert_null(chart->series[0].previous);
    scene_release(&scene);
}

static void declared_series_unite_sources(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 1);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_SOURCES, BY_TOOL);
    uint64_t daily[EDITION_DAYS_MAX];
    for (int i = 0; i < EDITION_DAYS_MAX; i++)
        daily[i] = 10;
    summary_fixture_daily(scene.now, now, "mirai", daily);
    summary_fixture_daily(scene.now, now, "other", daily);
    summary_fixture_daily(scene.now, now, "zmap", daily);
    struct figure_definition *figure = fixture_figure(&scene.publication, "f", "m", NULL);
    fixture_series(figure, "mirai", false, "あり");
    fixture_series(figure, "mirai", true, "なし");
    scene_report(&scene, false);
    const struct model_figure *made = model_figure(scene.model, "f");
    assert_string_equal(made->chart.unit, "1日当たりの送信元IPアドレス数");
    assert_true(g_str_has_prefix(made->csv, "date,mirai,not mirai\n2025-04-01,10,20\n"));
    assert_string_equal(made->chart.headline, "期間を通じてほぼ一定");
    assert_false(fixture_has_note(scene.model->notes, "ZMap")); /* only where ZMap is shown by name */
    fixture_series(&scene.publication.figures[0], "zmap", false, "ZMap");
    scene_report(&scene, false);
    assert_true(fixture_has_note(scene.model->notes, "ZMapは4.1.0"));
    scene_release(&scene);
}

static void a_quarter_without_packets_is_told(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 2);
    summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    summary_fixture_measure(scene.now, "n", COUNT_SOURCES, BY_TOOL);
    summary_fixture_silence(scene.now, 0, 0, 90);
    summary_fixture_silence(scene.now, 1, 0, 90);
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t");
    struct figure_definition *figure = fixture_figure(&scene.publication, "g", "n", NULL);
    fixture_series(figure, "mirai", false, "あり");
    scene_report(&scene, false);
    const struct model *model = scene.model;
    assert_int_equal(model_table(model, "t")->row_count, 0);
    assert_int_equal(model_figure(model, "f")->chart.series_count, 0);
    assert_string_equal(model_figure(model, "f")->chart.headline, "観測なし");
    assert_true(g_str_has_prefix(model_figure(model, "f")->csv, "date\n2025-04-01\n"));
    const struct chart_spec *chart = &model_figure(model, "g")->chart;
    assert_int_equal(chart->series_count, 1);
    for (int day = 0; day < 91; day++)
        assert_false(chart->series[0].observed[day]);
    assert_non_null(strstr(chart->description, "全期間が欠測です。"));
    char *text = fixture_draft_text(model, "g");
    assert_string_equal(text, "この四半期には、該当するパケットを観測しませんでした。");
    g_free(text);
    assert_int_equal(model->outage_count, 1);
    assert_string_equal(model->outages[0].sensor, "");
    assert_string_equal(model->outages[0].label, "全センサー");
    assert_string_equal(model->outages[0].text, "4月1日〜6月30日");
    scene_release(&scene);
}

static void very_large_counts_stay_exact(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 1);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(scene.now, now, "23/TCP", (UINT64_C(1) << 63) + 1);
    fixture_table(&scene.publication, "t", "m", 5);
    fixture_figure(&scene.publication, "f", NULL, "t");
    scene_report(&scene, false);
    assert_cell(scene.model, "t", 0, 3, "9,223,372,036,854,775,809", "9223372036854775809");
    assert_cell(scene.model, "t", 0, 4, "100.0%", "1.000000");
    /* 9223372036854775809 = 91 * 101355736668733800 + 9: the first nine days have one more. */
    assert_non_null(strstr(model_figure(scene.model, "f")->csv, "\n2025-04-09,101355736668733801\n"));
    assert_non_null(strstr(model_figure(scene.model, "f")->csv, "\n2025-04-10,101355736668733800\n"));
    scene_release(&scene);
}

static void quality_counts_and_outages(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 4);
    struct summary *now = scene.now;
    now->packets_read = 1000;
    now->bins[BIN_COUNTED] = 900;
    now->bins[BIN_NOT_IP] = 100;
    now->region_overlap_addresses = 1234;
    for (int i = 0; i < 3; i++) {
        struct summary_archive *archive = g_new0(struct summary_archive, 1);
        archive->name = g_strdup_printf("a%d.pcap.gz", i);
        archive->problem = i == 1 ? g_strdup("cut") : NULL;
        archive->duplicate_of = i == 2 ? g_strdup("a0.pcap.gz") : NULL;
        g_ptr_array_add(now->archives, archive);
    }
    static const char *const registries[][2] = {
        {"apnic", "2025-06-30"}, {"arin", ""}, {"ripencc", "2025-06-29"}};
    for (size_t i = 0; i < 3; i++) {
        struct summary_registry *registry = g_new0(struct summary_registry, 1);
        registry->name = g_strdup(registries[i][0]);
        registry->date = g_strdup(registries[i][1]);
        registry->file = g_strdup("delegated");
        g_ptr_array_add(now->registries, registry);
    }
    summary_fixture_silence(now, 1, 36, 38); /* 7 to 9 May */
    summary_fixture_silence(now, 1, 60, 60);
    for (int day = 0; day < 91;
         day++) /* s3 never in force, so not down either; it was in the previous quarter */
        now->sensors[2].active[day] = false;
    summary_fixture_silence(now, 2, 0, 90);
    scene_report(&scene, true);
    const struct model *model = scene.model;
    assert_int_equal(model->packets_read, 1000);
    assert_string_equal(model->bins[BIN_COUNTED].name, "counted");
    assert_string_equal(model->bins[BIN_COUNTED].label, "集計対象");
    assert_int_equal(model->bins[BIN_COUNTED].packets, 900);
    assert_int_equal(model->bins[BIN_NOT_IP].packets, 100);
    assert_int_equal(model->archive_count, 3);
    assert_int_equal(model->incomplete_archive_count, 1);
    assert_int_equal(model->duplicate_archive_count, 1);
    assert_int_equal(model->sensor_count, 3);
    assert_int_equal(model->domestic_sensor_count, 2); /* s4 stands in US */
    assert_int_equal(model->outage_count, 2);
    assert_string_equal(model->outages[0].sensor, "s2");
    assert_string_equal(model->outages[0].label, "地点2");
    assert_string_equal(model->outages[0].text, "5月7日〜5月9日");
    assert_int_equal(model->outages[0].first.day, 7);
    assert_int_equal(model->outages[0].last.day, 9);
    assert_string_equal(model->outages[1].text, "5月31日");
    assert_string_equal(model->registries[0], "APNIC 2025-06-30");
    assert_string_equal(model->registries[1], "ARIN");
    assert_string_equal(model->registries[2], "RIPE NCC 2025-06-29");
    assert_null(model->registries[3]);
    assert_true(fixture_has_note(model->notes, "収集ファイルが1個あり、読み取れたところまで"));
    assert_true(fixture_has_note(model->notes, "内容が同じ収集ファイルが1個"));
    assert_true(fixture_has_note(model->notes, "IPアドレスが1,234個"));
    assert_true(fixture_has_note(model->notes, "2025年1〜3月のみ稼働していたセンサー：地点3"));
    assert_true(fixture_has_note(model->notes, "同じ順位"));
    scene_release(&scene);
}

static void days_without_any_sensor_are_told_once(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 2);
    summary_fixture_silence(scene.now, 0, 10, 11);
    summary_fixture_silence(scene.now, 1, 10, 12); /* one day more: its own outage as well */
    scene_report(&scene, false);
    assert_int_equal(scene.model->outage_count, 2);
    assert_string_equal(scene.model->outages[0].label, "全センサー");
    assert_string_equal(scene.model->outages[0].text, "4月11日〜4月12日");
    assert_string_equal(scene.model->outages[1].sensor, "s2");
    assert_string_equal(scene.model->outages[1].text, "4月11日〜4月13日");
    scene_release(&scene);
    scene_init(&scene, 1);
    summary_fixture_silence(scene.now, 0, 90, 90);
    scene_report(&scene, false);
    assert_int_equal(scene.model->outage_count, 1);
    assert_string_equal(scene.model->outages[0].sensor, "s1");
    assert_string_equal(scene.model->outages[0].text, "6月30日");
    scene_release(&scene);
}

static void close_ranks_and_other_definitions_are_noted(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene, 4);
    struct measure_counts *now = summary_fixture_measure(scene.now, "m", COUNT_PACKETS, BY_PORT);
    struct measure_counts *before = summary_fixture_measure(scene.before, "m", COUNT_PACKETS, BY_PORT);
    summary_fixture_row(scene.now, now, "22/TCP", 5000);
    summary_fixture_row(scene.now, now, "23/TCP", 9000);
    summary_fixture_row(scene.now, now, "8728/TCP", 4950); /* 1.0 % less, and not shown */
    summary_fixture_row(scene.before, before, "23/TCP", 9000);
    g_free(before->definition);
    before->definition = g_strdup("counted otherwise");
    fixture_table(&scene.publication, "t", "m", 2);
    scene_report(&scene, true);
    assert_cell(scene.model, "t", 0, 2, "-", "");
    assert_true(fixture_has_note(scene.model->notes, "「表のt」では、2番目と3番目（差1.0%）が僅差です。"));
    assert_false(fixture_has_note(scene.model->notes, "1番目と2番目"));
    assert_true(fixture_has_note(scene.model->notes, "「表のt」は、2025年1〜3月と集計の条件が異なる"));
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_names_months),
        cmocka_unit_test(cells_carry_text_and_value),
        cmocka_unit_test(an_outage_is_no_fall_per_sensor),
        cmocka_unit_test(previous_ranks_beyond_the_limit),
        cmocka_unit_test(regions_have_names_or_the_report_fails),
        cmocka_unit_test(a_stale_summary_is_refused),
        cmocka_unit_test(a_summary_of_another_edition_is_refused),
        cmocka_unit_test(a_missing_translation_is_refused),
        cmocka_unit_test(figures_follow_their_table),
        cmocka_unit_test(small_multiples_show_the_previous_quarter),
        cmocka_unit_test(declared_series_unite_sources),
        cmocka_unit_test(a_quarter_without_packets_is_told),
        cmocka_unit_test(very_large_counts_stay_exact),
        cmocka_unit_test(quality_counts_and_outages),
        cmocka_unit_test(days_without_any_sensor_are_told_once),
        cmocka_unit_test(close_ranks_and_other_definitions_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
