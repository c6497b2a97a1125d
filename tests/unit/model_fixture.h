/* model_fixture.h - a small report model and its publication, made by hand: two tables, three figures of four
 * days, drafts, an outage. Figure ports-daily misses day 3. Change the copies freely; fixture_release frees
 * nothing but what fixture_init made. */
#ifndef TEITEN_TESTS_UNIT_MODEL_FIXTURE_H
#define TEITEN_TESTS_UNIT_MODEL_FIXTURE_H

#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/page.h"

enum { FIXTURE_DAYS = 4 };

struct fixture {
    char *folder; /* of the publication, temporary */
    struct publication publication;
    struct edition edition;
    struct model model;
    struct model_table tables[2];
    struct model_column columns[3];
    struct model_row rows[2][2];
    struct model_cell cells[2][2][3];
    struct model_figure figures[3];
    struct chart_series series[3][2];
    double values[3][2][FIXTURE_DAYS];
    bool observed[3][2][FIXTURE_DAYS];
    bool day_off[FIXTURE_DAYS];
    struct model_draft drafts[2];
    struct model_sentence sentences[3];
    struct model_outage outages[1];
    char *registries[2];
    char *notes[2];
    struct measure measures[3];
    struct table_definition table_definitions[2];
    struct figure_definition figure_definitions[3];
};

/* Literals become the char * that the model's strings are; nothing writes to them. */
static char *text_of(const char *literal)
{
    return (char *)(uintptr_t)literal;
}

static void fixture_file(const struct fixture *fixture, const char *name, const void *data, size_t size)
{
    char *path = g_build_filename(fixture->folder, name, NULL);
    char *parent = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(parent, 0755), ==, 0);
    g_assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
    g_free(parent);
    g_free(path);
}

static inline void fixture_text(const struct fixture *fixture, const char *name, const char *text)
{
    fixture_file(fixture, name, text, strlen(text));
}

/* editions/2025q1/NAME.xhtml with this content. */
static inline void fixture_prose(const struct fixture *fixture, const char *name, const char *content)
{
    char *file = g_strdup_printf("editions/2025q1/%s.xhtml", name);
    char *text = g_strdup_printf("<t:fragment xmlns=\"http://www.w3.org/1999/xhtml\" "
                                 "xmlns:t=\"urn:teiten:template:1\">\n%s\n</t:fragment>\n",
                                 content);
    fixture_text(fixture, file, text);
    g_free(text);
    g_free(file);
}

/* The publication's own template: an XHTML page with this body, which starts on line 3. */
static inline void fixture_template(struct fixture *fixture, const char *body)
{
    char *text = g_strdup_printf("<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                                 "xmlns:t=\"urn:teiten:template:1\" t:normalise=\"yes\" lang=\"ja\">\n"
                                 "<head><title>x</title></head><body>\n%s\n</body></html>\n",
                                 body);
    fixture_text(fixture, "own/report.xhtml", text);
    fixture->publication.template_folder = text_of("own");
    g_free(text);
}

static inline void fixture_figure(struct fixture *f, int i, const char *id, const char *caption,
                                  const char *table)
{
    struct model_figure *figure = &f->figures[i];
    figure->id = text_of(id);
    figure->caption = text_of(caption);
    figure->csv = text_of("date,a,b\n2025-04-01,1,2\n");
    struct chart_spec *chart = &figure->chart;
    chart->kind = CHART_DAILY_LINES;
    chart->language = text_of("ja");
    chart->identifier = text_of("fig");
    chart->headline = text_of("23/TCPが多い");
    chart->subtitle = text_of("1日当たりのパケット数");
    chart->unit = text_of("パケット/日");
    chart->source_note = text_of("");
    chart->missing_label = text_of("欠測");
    chart->day_off_label = text_of("");
    chart->current_label = chart->previous_label = text_of("");
    chart->description = text_of("2本の折れ線。Telnet(23/TCP)は1,000件から1,300件の間。");
    chart->first_day = f->edition.first;
    chart->day_count = FIXTURE_DAYS;
    chart->day_off = f->day_off;
    chart->series = f->series[i];
    chart->series_count = 2;
    for (int k = 0; k < 2; k++) {
        f->series[i][k].label = text_of(k == 0 ? "Telnet" : "8728/TCP");
        f->series[i][k].detail = text_of(k == 0 ? "23/TCP" : "");
        f->series[i][k].values = f->values[i][k];
        f->series[i][k].observed = f->observed[i][k];
        for (int day = 0; day < FIXTURE_DAYS; day++) {
            f->values[i][k][day] = 1000 + 100 * day - 500 * k;
            f->observed[i][k][day] = !(i == 0 && day == 2);
        }
    }
    f->figure_definitions[i].id = figure->id;
    f->figure_definitions[i].measure = f->measures[i].id;
    f->figure_definitions[i].table = table != NULL ? text_of(table) : NULL;
}

static inline void fixture_table(struct fixture *f, int i, const char *id, const char *caption,
                                 const char *const labels[2], const char *const keys[2])
{
    f->tables[i] = (struct model_table){.id = text_of(id),
                                        .caption = text_of(caption),
                                        .columns = f->columns,
                                        .column_count = 3,
                                        .rows = f->rows[i],
                                        .row_count = 2};
    for (int row = 0; row < 2; row++) {
        f->rows[i][row].cells = f->cells[i][row];
        f->rows[i][row].key = text_of(keys[row]);
        f->cells[i][row][0] =
            (struct model_cell){text_of(row == 0 ? "1" : "2"), text_of(row == 0 ? "1" : "2")};
        f->cells[i][row][1] = (struct model_cell){text_of(labels[row]), text_of(keys[row])};
        f->cells[i][row][2] =
            (struct model_cell){text_of(row == 0 ? "1" : "トップ10圏外"), text_of(row == 0 ? "1" : "12")};
    }
    f->table_definitions[i] = (struct table_definition){.id = text_of(id), .measure = f->measures[i].id};
}

static inline void fixture_init(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    struct error err = {0};
    const char *source = g_getenv("TEITEN_SOURCE");
    g_setenv("TEITEN_DATA", source != NULL ? source : "..", TRUE);
    f->folder = g_dir_make_tmp("teiten-XXXXXX", NULL);
    g_assert_nonnull(f->folder);
    g_assert_cmpint(edition_parse("2025q1", 4, &f->edition, &err), ==, 0);

    static const char *const measures[3] = {"domestic-ports", "domestic-regions", "telnet-sources"};
    for (int i = 0; i < 3; i++) {
        f->measures[i].id = text_of(measures[i]);
        f->measures[i].by = i == 0 ? BY_PORT : i == 1 ? BY_REGION : BY_TOOL;
        f->measures[i].count = i == 2 ? COUNT_SOURCES : COUNT_PACKETS;
    }
    f->columns[0] = (struct model_column){COLUMN_RANK, text_of("rank"), text_of("順位"), true};
    f->columns[1] = (struct model_column){COLUMN_KEY, text_of("key"), text_of("宛先ポート番号"), false};
    f->columns[2] = (struct model_column){COLUMN_PREVIOUS_RANK, text_of("previous_rank"),
                                          text_of("前四半期の順位"), true};
    fixture_table(f, 0, "ports", "国内で多く観測された宛先ポート番号",
                  (const char *const[]){"Telnet(23/TCP)", "8728/TCP"},
                  (const char *const[]){"23/TCP", "8728/TCP"});
    fixture_table(f, 1, "regions", "国内で多く観測された送信元地域",
                  (const char *const[]){"米国(US)", "中国(CN)"}, (const char *const[]){"US", "CN"});
    fixture_figure(f, 0, "ports-daily", "宛先ポート番号別のパケット数の推移", "ports");
    fixture_figure(f, 1, "regions-daily", "送信元地域別のパケット数の推移", "regions");
    fixture_figure(f, 2, "telnet-sources-daily", "国内から23/TCPに送信した送信元の数の推移", NULL);

    f->sentences[0] =
        (struct model_sentence){text_of("最も多かったのはTelnet(23/TCP)でした。"), text_of("most-probed"),
                                text_of("ports 23/TCP rank 1"), text_of("")};
    f->sentences[1] = (struct model_sentence){text_of("8728/TCPは2位に入りました。"), text_of("entered"),
                                              text_of("ports 8728/TCP rank 2"), text_of("10")};
    f->sentences[2] = (struct model_sentence){text_of("順位に変動はありませんでした。"), text_of("unchanged"),
                                              text_of("regions"), text_of("")};
    f->drafts[0] = (struct model_draft){text_of("ports"), f->sentences, 2};
    f->drafts[1] = (struct model_draft){text_of("regions"), f->sentences + 2, 1};
    f->outages[0] = (struct model_outage){.sensor = text_of("jp02"),
                                          .label = text_of("東日本2"),
                                          .first = {2025, 5, 7},
                                          .last = {2025, 5, 9},
                                          .text = text_of("5月7日〜5月9日")};
    f->registries[0] = text_of("APNIC 2025-06-30");
    f->notes[0] = text_of("一部のセンサーの設置場所が変わりました。");

    f->model = (struct model){
        .language = text_of("ja"),
        .title = text_of("インターネット定点観測レポート"),
        .publisher = text_of("みほんCERT"),
        .edition = text_of("2025q1"),
        .period = text_of("2025年4〜6月"),
        .previous_period = text_of("2025年1〜3月"),
        .previous_edition = text_of("2024q4"),
        .year_before_edition = text_of("2024q1"),
        .has_previous = true,
        .first_day = f->edition.first,
        .last_day = f->edition.last,
        .time_zone = text_of("Asia/Tokyo"),
        .tables = f->tables,
        .table_count = 2,
        .figures = f->figures,
        .figure_count = 3,
        .drafts = f->drafts,
        .draft_count = 2,
        .packets_read = 1234567,
        .archive_count = 91,
        .outages = f->outages,
        .outage_count = 1,
        .sensor_count = 12,
        .domestic_sensor_count = 8,
        .registries = f->registries,
        .notes = f->notes,
    };
    for (int i = 0; i < BIN_COUNT; i++)
        f->model.bins[i] =
            (struct model_bin){text_of(i == 0 ? "counted" : "other"),
                               text_of(i == 0 ? "集計対象" : "集計対象外"), i == 0 ? 1234567 : 0};
    f->publication.folder = f->folder;
    f->publication.prose_folder = text_of("editions/{edition}");
    f->publication.top_limit = 10;
    f->publication.measures = f->measures;
    f->publication.measure_count = 3;
    f->publication.tables = f->table_definitions;
    f->publication.table_count = 2;
    f->publication.figures = f->figure_definitions;
    f->publication.figure_count = 3;
}

static inline void fixture_folder_remove(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL;
         name = g_dir_read_name(dir)) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            fixture_folder_remove(path);
        else
            g_unlink(path);
        g_free(path);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_rmdir(folder);
}

static inline void fixture_release(struct fixture *f)
{
    fixture_folder_remove(f->folder);
    g_free(f->folder);
}

/* For cmocka_unit_test_setup_teardown: *state is a struct fixture *. */
static inline int fixture_set_up(void **state)
{
    struct fixture *fixture = g_new0(struct fixture, 1);
    fixture_init(fixture);
    *state = fixture;
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    struct fixture *fixture = *state;
    fixture_release(fixture);
    g_free(fixture);
    return 0;
}

#endif
