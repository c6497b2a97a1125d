/* summary_fixture.h - summaries and a publication made by hand, for tests of the report.
 *
 *     struct summary *summary = summary_fixture_new("2025q1", 4);          // sensors s1 to s4
 *     struct measure_counts *m = summary_fixture_measure(summary, "ports", COUNT_PACKETS, BY_PORT);
 *     summary_fixture_row(summary, m, "23/TCP", 1000);                     // spread over the days
 *     summary_fixture_daily(summary, m, "80/TCP", daily);
 *     summary_free(summary);
 *
 * Every sensor delivers every day; what is spread over the days is so as evenly as can be.
 * Rows must be added in key order, measures in the order of their ids.
 */
#ifndef TEITEN_TESTS_SUMMARY_FIXTURE_H
#define TEITEN_TESTS_SUMMARY_FIXTURE_H

#include <glib.h>
#include <string.h>

#include "publication/local_days.h"
#include "publication/publication.h"
#include "report/context.h"
#include "report/model.h"
#include "report/wording.h"
#include "base/data_folder.h"
#include "summary/key.h"
#include "summary/section.h"
#include "summary/source_set.h"
#include "summary/summary.h"

/* ---- summaries ---- */

/* Room for so many measures, so that pointers to them stay valid while more are added. */
enum { FIXTURE_MEASURES = 8 };

G_GNUC_UNUSED static struct summary *summary_fixture_new(const char *edition, size_t sensor_count)
{
    struct summary *summary = summary_new();
    struct error err = {0};
    if (edition_parse(edition, 4, &summary->edition, &err) != 0)
        g_error("%s", err.message);
    size_t days = (size_t)summary->edition.day_count;
    summary->time_zone = g_strdup("Asia/Tokyo");
    summary->measures = g_new0(struct measure_counts, FIXTURE_MEASURES);
    summary->sensor_count = sensor_count;
    summary->sensors = g_new0(struct summary_sensor, MAX(sensor_count, 1));
    for (size_t i = 0; i < sensor_count; i++) {
        struct summary_sensor *sensor = &summary->sensors[i];
        sensor->id = g_strdup_printf("s%zu", i + 1);
        sensor->region = g_strdup(i + 1 < sensor_count || sensor_count == 1 ? "JP" : "US");
        sensor->group = g_strdup("domestic");
        sensor->label = g_strdup_printf("counted as %zu", i + 1);
        sensor->packets = g_new0(uint64_t, days);
        sensor->active = g_new0(bool, days);
        for (size_t day = 0; day < days; day++) {
            sensor->packets[day] = 1000;
            sensor->active[day] = true;
        }
    }
    return summary;
}

G_GNUC_UNUSED static void summary_fixture_silence(struct summary *summary, size_t sensor, int first, int last)
{
    for (int day = first; day <= last; day++)
        summary->sensors[sensor].packets[day] = 0;
}

G_GNUC_UNUSED static struct measure_counts *
summary_fixture_measure(struct summary *summary, const char *id, enum measure_count count, enum measure_by by)
{
    g_assert(summary->measure_count < FIXTURE_MEASURES);
    struct measure_counts *measure = &summary->measures[summary->measure_count++];
    *measure =
        (struct measure_counts){.id = g_strdup(id), .definition = g_strdup(id), .count = count, .by = by};
    measure->sensors = g_new0(bool, MAX(summary->sensor_count, 1));
    for (size_t i = 0; i < summary->sensor_count; i++)
        measure->sensors[i] = true;
    return measure;
}

/* daily[day_count]: packets; of sources: as many addresses, each day the same ones from the first on. */
G_GNUC_UNUSED static void summary_fixture_daily(struct summary *summary, struct measure_counts *measure,
                                                const char *key, const uint64_t *daily)
{
    size_t days = (size_t)summary->edition.day_count;
    struct section section = measure->section;
    struct section_writer writer;
    struct octets bytes = {.data = NULL};
    measure->section = (struct section){.row_count = 0};
    if (!key_write(measure->by, key, &bytes))
        g_error("%s: no key", key);
    uint32_t first = (uint32_t)section.row_count * 1000000; /* keys have addresses of their own */
    section_writer_init(&writer, measure->count, &section);
    section_writer_row(&writer, bytes.data, bytes.size);
    for (uint32_t day = 0; day < days; day++) {
        if (!measure_count_is_distinct(measure->count)) {
            section_writer_count(&writer, day, daily[day]);
            continue;
        }
        struct source_set *sources = source_set_new();
        for (uint32_t i = 0; i < daily[day]; i++)
            source_set_add_ipv4(sources, first + i);
        section_writer_sources(&writer, day, sources);
        source_set_free(sources);
    }
    section_writer_finish(&writer);
    octets_release(&bytes);
    measure_counts_replace(measure, &section);
    measure_counts_index(measure);
}

G_GNUC_UNUSED static void summary_fixture_row(struct summary *summary, struct measure_counts *measure,
                                              const char *key, uint64_t total)
{
    uint64_t daily[EDITION_DAYS_MAX];
    uint64_t days = (uint64_t)summary->edition.day_count;
    for (uint64_t day = 0; day < days; day++)
        daily[day] = total / days + (day < total % days ? 1 : 0);
    summary_fixture_daily(summary, measure, key, daily);
}

/* ---- a publication ---- */

G_GNUC_UNUSED static struct localized fixture_text(const char *ja)
{
    struct localized text = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    g_hash_table_insert(text.texts, g_strdup("ja"), g_strdup(ja));
    /* Names are the same in both languages: only what the wording says differs. */
    g_hash_table_insert(text.texts, g_strdup("en"), g_strdup(ja));
    return text;
}

G_GNUC_UNUSED static void fixture_service_free(gpointer data)
{
    struct service_name *service = data;
    g_free(service->name);
    g_free(service->use);
    g_free(service->use_en);
    g_free(service);
}

G_GNUC_UNUSED static void fixture_region_free(gpointer data)
{
    struct region_name *region = data;
    g_free(region->ja);
    g_free(region->en);
    g_free(region);
}

G_GNUC_UNUSED static void fixture_service(struct publication *publication, const char *key, const char *name,
                                          const char *use)
{
    struct service_name *service = g_new0(struct service_name, 1);
    service->name = g_strdup(name);
    service->use = g_strdup(use);
    service->use_en = g_strdup(strcmp(use, "遠隔操作") == 0 ? "remote control" : use);
    g_hash_table_insert(publication->services.display, g_strdup(key), service);
}

G_GNUC_UNUSED static void fixture_region(struct publication *publication, const char *code, const char *ja,
                                         const char *en)
{
    struct region_name *region = g_new0(struct region_name, 1);
    region->ja = g_strdup(ja);
    region->en = g_strdup(en);
    g_hash_table_insert(publication->regions.names, g_strdup(code), region);
}

/* A table with all columns. */
G_GNUC_UNUSED static void fixture_table(struct publication *publication, const char *id, const char *measure,
                                        int top)
{
    static const enum column_kind kinds[] = {COLUMN_RANK,  COLUMN_KEY,   COLUMN_PREVIOUS_RANK,
                                             COLUMN_COUNT, COLUMN_SHARE, COLUMN_PER_SENSOR,
                                             COLUMN_CHANGE};
    publication->tables = g_renew(struct table_definition, publication->tables, publication->table_count + 1);
    struct table_definition *table = &publication->tables[publication->table_count++];
    *table =
        (struct table_definition){.id = g_strdup(id), .measure = g_strdup(measure), .top = top, .line = 10};
    table->columns = g_memdup2(kinds, sizeof kinds);
    table->column_count = G_N_ELEMENTS(kinds);
    char *caption = g_strdup_printf("表の%s", id);
    table->caption = fixture_text(caption);
    g_free(caption);
}

/* A figure of a table's rows (table not NULL), or of a measure with the series that the caller adds. */
G_GNUC_UNUSED static struct figure_definition *fixture_figure(struct publication *publication, const char *id,
                                                              const char *measure, const char *table)
{
    publication->figures =
        g_renew(struct figure_definition, publication->figures, publication->figure_count + 1);
    struct figure_definition *figure = &publication->figures[publication->figure_count++];
    *figure = (struct figure_definition){
        .id = g_strdup(id), .measure = g_strdup(measure), .table = g_strdup(table), .line = 20};
    char *caption = g_strdup_printf("図の%s", id);
    figure->caption = fixture_text(caption);
    g_free(caption);
    return figure;
}

G_GNUC_UNUSED static void fixture_series(struct figure_definition *figure, const char *key, bool negated,
                                         const char *label)
{
    figure->series = g_renew(struct series_definition, figure->series, figure->series_count + 1);
    struct series_definition *series = &figure->series[figure->series_count++];
    *series = (struct series_definition){
        .keys = g_new0(char *, 2), .negated = negated, .label = fixture_text(label)};
    series->keys[0] = g_strdup(key);
}

/* Names of the services and regions of the reference tables; sensors s1 to s4; no tables and figures yet. */
G_GNUC_UNUSED static void fixture_publication(struct publication *publication)
{
    memset(publication, 0, sizeof *publication);
    publication->folder = g_strdup("sample");
    publication->file = g_strdup("sample/publication.xml");
    publication->title = fixture_text("観測レポート");
    publication->publisher = fixture_text("みほんCERT");
    publication->time_zone = g_strdup("Asia/Tokyo");
    publication->fiscal_start_month = 4;
    publication->top_limit = 10;
    publication->concentration = 50;
    publication->home_region = g_strdup("JP");
    publication->services.display =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fixture_service_free);
    publication->services.iana = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    publication->regions.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, fixture_region_free);
    fixture_service(publication, "22/TCP", "ssh", "遠隔操作");
    fixture_service(publication, "23/TCP", "Telnet", "遠隔操作");
    fixture_service(publication, "80/TCP", "http", "Web");
    fixture_service(publication, "443/TCP", "https", "Web");
    fixture_service(publication, "8728/TCP", "", "");
    fixture_region(publication, "US", "米国", "United States");
    fixture_region(publication, "BG", "ブルガリア", "Bulgaria");
    fixture_region(publication, "CN", "中国", "China");
    fixture_region(publication, "NL", "オランダ", "Netherlands");
    fixture_region(publication, "CA", "カナダ", "Canada");
    fixture_region(publication, "DE", "ドイツ", "Germany");
    fixture_region(publication, "FR", "フランス", "France");
    fixture_region(publication, "GB", "英国", "United Kingdom");
    fixture_region(publication, "KR", "韓国", "South Korea");
    publication->sensors.sensor_count = 4;
    publication->sensors.sensors = g_new0(struct sensor, 4);
    for (size_t i = 0; i < 4; i++) {
        struct sensor *sensor = &publication->sensors.sensors[i];
        sensor->id = g_strdup_printf("s%zu", i + 1);
        sensor->region = g_strdup("JP");
        sensor->group = g_strdup("domestic");
        sensor->label = g_strdup_printf("地点%zu", i + 1);
    }
}

/* Where the program's own files lie: the source tree, wherever the tests run. */
G_GNUC_UNUSED static void fixture_data_folder(void)
{
    static const char *const guesses[] = {".", "..", "../.."};
    const char *source = g_getenv("TEITEN_SOURCE");
    if (source != NULL)
        g_setenv("TEITEN_DATA", source, TRUE);
    for (size_t i = 0; source == NULL && i < G_N_ELEMENTS(guesses); i++) {
        char *file = g_build_filename(guesses[i], "templates", "ja", "wording.csv", NULL);
        if (g_file_test(file, G_FILE_TEST_EXISTS)) {
            char *folder = g_canonicalize_filename(guesses[i], NULL);
            g_setenv("TEITEN_DATA", folder, TRUE);
            g_free(folder);
            source = guesses[i];
        }
        g_free(file);
    }
}

/* ---- reading a model ---- */

G_GNUC_UNUSED static const struct model_draft *fixture_find_draft(const struct model *model, const char *id)
{
    for (size_t i = 0; i < model->draft_count; i++)
        if (strcmp(model->drafts[i].id, id) == 0)
            return &model->drafts[i];
    return NULL;
}

/* The whole paragraph. Owned by the caller. */
G_GNUC_UNUSED static char *fixture_draft_text(const struct model *model, const char *id)
{
    const struct model_draft *draft = fixture_find_draft(model, id);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; draft != NULL && i < draft->sentence_count; i++)
        g_string_append(out, draft->sentences[i].text);
    return g_string_free(out, FALSE);
}

/* The rules of the paragraph's sentences, "most same-use rank-fell". Owned by the caller. */
G_GNUC_UNUSED static char *fixture_draft_rules(const struct model *model, const char *id)
{
    const struct model_draft *draft = fixture_find_draft(model, id);
    GString *out = g_string_new(NULL);
    for (size_t i = 0; draft != NULL && i < draft->sentence_count; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "", draft->sentences[i].rule);
    return g_string_free(out, FALSE);
}

G_GNUC_UNUSED static bool fixture_has_note(char *const *notes, const char *part)
{
    for (; *notes != NULL; notes++)
        if (strstr(*notes, part) != NULL)
            return true;
    return false;
}

#endif
