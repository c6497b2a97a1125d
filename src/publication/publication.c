#include "publication/publication.h"

#include <string.h>

#include "publication/publication_check.h"
#include "publication/publication_reader.h"
#include "publication/publication_schema.h"

const char *localized_text(const struct localized *text, const char *language)
{
    return text->texts != NULL ? g_hash_table_lookup(text->texts, language) : NULL;
}

const char *tunnel_kind_name(enum tunnel_kind kind)
{
    static const char *const names[TUNNEL_KINDS] = {"ip", "gre", "vxlan", "geneve"};
    return names[kind];
}

static void localized_release(struct localized *text)
{
    g_clear_pointer(&text->texts, g_hash_table_unref);
}

static int document_load(struct publication *publication, struct publication_sources *sources,
                         struct error *err)
{
    if (!g_file_test(publication->file, G_FILE_TEST_EXISTS))
        return error_set(
            err, ERROR_INPUT,
            "%s: no such file; looked in the folder \"%s\", expected a publication folder (-C DIR names "
            "another)",
            publication->file, publication->folder);
    xmlDoc *document = publication_schema_parse(publication->file, err);
    if (document == NULL)
        return -1;
    int result = publication_schema_check(document, publication->file, err);
    if (result == 0)
        result = publication_read(publication, sources, document, err);
    xmlFreeDoc(document);
    return result;
}

static char *source_path(const struct publication *publication, const char *path)
{
    return path != NULL ? publication_path(publication, path, NULL) : NULL;
}

static int sources_load(struct publication *publication, const struct publication_sources *sources,
                        struct warning_log *log, struct error *err)
{
    publication->sensors_path = source_path(publication, sources->sensors);
    publication->services_path = source_path(publication, sources->services);
    publication->regions_path = source_path(publication, sources->regions);
    publication->iana_path = source_path(publication, sources->iana);
    publication->maintenance_path = source_path(publication, sources->maintenance);
    publication->has_maintenance = sources->maintenance != NULL;
    if (sensor_list_load(&publication->sensors, publication->sensors_path, err) != 0 ||
        region_names_load(&publication->regions, publication->regions_path, err) != 0 ||
        service_names_load(&publication->services, publication->services_path, publication->iana_path, log,
                           err) != 0)
        return -1;
    return publication->maintenance_path == NULL
               ? 0
               : maintenance_log_load(&publication->maintenance, publication->maintenance_path,
                                      &publication->sensors, err);
}

const char *figure_kind_name(int kind)
{
    static const char *const names[] = {
        [FIGURE_DAILY_LINES] = "daily-lines",
        [FIGURE_SMALL_MULTIPLES] = "small-multiples",
        [FIGURE_MONTHLY_BARS] = "monthly-bars",
        [FIGURE_RANK_FLOW] = "rank-flow",
        [FIGURE_HEAT_MAP] = "heat-map",
        [FIGURE_AVAILABILITY] = "availability",
        [FIGURE_SHARES] = "shares",
        [FIGURE_DOT_PLOT] = "dot-plot",
    };
    return (size_t)kind < G_N_ELEMENTS(names) ? names[kind] : NULL;
}

const char *figure_against_name(int against)
{
    static const char *const names[] = {"previous-quarter", "year-before"};
    return (size_t)against < G_N_ELEMENTS(names) ? names[against] : NULL;
}

const char *figure_axis_name(int axis)
{
    static const char *const names[] = {"zero", "range", "log"};
    return (size_t)axis < G_N_ELEMENTS(names) ? names[axis] : NULL;
}

int publication_load(struct publication *publication, const char *folder, struct warning_log *log,
                     struct error *err)
{
    struct publication_sources sources = {0};
    memset(publication, 0, sizeof *publication);
    publication->folder = g_strdup(folder);
    publication->file = publication_path(publication, "publication.xml", NULL);
    int result = document_load(publication, &sources, err);
    if (result == 0)
        result = sources_load(publication, &sources, log, err);
    if (result == 0)
        result = publication_check(publication, err);
    publication_sources_release(&sources);
    if (result != 0)
        publication_release(publication);
    return result;
}

static void table_release(struct table_definition *table)
{
    g_free(table->id);
    g_free(table->measure);
    g_free(table->columns);
    localized_release(&table->caption);
    localized_release(&table->key_heading);
}

static void figure_release(struct figure_definition *figure)
{
    for (size_t i = 0; i < figure->series_count; i++) {
        g_strfreev(figure->series[i].keys);
        localized_release(&figure->series[i].label);
    }
    g_free(figure->series);
    g_free(figure->id);
    g_free(figure->measure);
    g_free(figure->table);
    localized_release(&figure->caption);
    localized_release(&figure->headline);
}

void publication_release(struct publication *publication)
{
    for (size_t i = 0; i < publication->measure_count; i++)
        measure_release(&publication->measures[i]);
    for (size_t i = 0; i < publication->table_count; i++)
        table_release(&publication->tables[i]);
    for (size_t i = 0; i < publication->figure_count; i++)
        figure_release(&publication->figures[i]);
    g_free(publication->measures);
    g_free(publication->tables);
    g_free(publication->figures);
    g_free(publication->folder);
    g_free(publication->file);
    localized_release(&publication->title);
    localized_release(&publication->publisher);
    g_strfreev(publication->languages);
    g_free(publication->time_zone);
    g_strfreev(publication->captures);
    g_strfreev(publication->delegated);
    g_free(publication->knowledge_path);
    g_free(publication->kev_path);
    g_free(publication->jvn_path);
    g_free(publication->prose_folder);
    g_free(publication->template_folder);
    g_free(publication->base_url);
    g_free(publication->sensors_path);
    g_free(publication->services_path);
    g_free(publication->regions_path);
    g_free(publication->iana_path);
    g_free(publication->maintenance_path);
    g_free(publication->home_region);
    lint_settings_release(&publication->lint);
    sensor_list_release(&publication->sensors);
    maintenance_log_release(&publication->maintenance);
    service_names_release(&publication->services);
    region_names_release(&publication->regions);
    memset(publication, 0, sizeof *publication);
}

const struct measure *publication_measure(const struct publication *publication, const char *id)
{
    for (size_t i = 0; i < publication->measure_count; i++)
        if (strcmp(publication->measures[i].id, id) == 0)
            return &publication->measures[i];
    return NULL;
}

const struct table_definition *publication_table(const struct publication *publication, const char *id)
{
    for (size_t i = 0; i < publication->table_count; i++)
        if (strcmp(publication->tables[i].id, id) == 0)
            return &publication->tables[i];
    return NULL;
}

const struct figure_definition *publication_figure(const struct publication *publication, const char *id)
{
    for (size_t i = 0; i < publication->figure_count; i++)
        if (strcmp(publication->figures[i].id, id) == 0)
            return &publication->figures[i];
    return NULL;
}
