#include "render/model_document.h"

#include <math.h>
#include <string.h>

#include "render/model_element.h"

static void measure_add(xmlNodePtr element, const struct publication *publication, const char *id)
{
    const struct measure *measure = id != NULL ? publication_measure(publication, id) : NULL;
    char *by = measure != NULL ? measure_grouping(measure->by) : NULL;
    attribute_add(element, "measure", id);
    attribute_add(element, "by", by);
    attribute_add(element, "count", measure != NULL ? measure_count_name(measure->count) : "");
    g_free(by);
}

static void table_add(xmlNodePtr parent, const struct publication *publication,
                      const struct model_table *table)
{
    xmlNodePtr element = element_add(parent, "table", NULL);
    const struct table_definition *definition = publication_table(publication, table->id);
    attribute_add(element, "id", table->id);
    measure_add(element, publication, definition != NULL ? definition->measure : NULL);
    flag_add(element, "in-prose", false);
    element_add(element, "caption", table->caption);
    xmlNodePtr columns = element_add(element, "columns", NULL);
    for (size_t i = 0; i < table->column_count; i++) {
        xmlNodePtr column = element_add(columns, "column", table->columns[i].heading);
        attribute_add(column, "name", table->columns[i].name);
        flag_add(column, "number", table->columns[i].is_number);
    }
    xmlNodePtr rows = element_add(element, "rows", NULL);
    for (size_t i = 0; i < table->row_count; i++) {
        xmlNodePtr row = element_add(rows, "row", NULL);
        attribute_add(row, "key", table->rows[i].key);
        for (size_t k = 0; k < table->column_count; k++) {
            xmlNodePtr cell = element_add(row, "cell", table->rows[i].cells[k].text);
            attribute_add(cell, "name", table->columns[k].name);
            attribute_add(cell, "value", table->rows[i].cells[k].value);
        }
    }
}

/* Days on which not one series was observed: as ranges, first and last inclusive. */
static void missing_add(xmlNodePtr figure, const struct chart_spec *chart)
{
    int first = -1;
    for (int day = 0; chart->columns == NULL && day <= chart->day_count; day++) {
        bool missing = day < chart->day_count && chart_day_is_missing(chart, day);
        if (missing && first < 0)
            first = day;
        if (!missing && first >= 0) {
            xmlNodePtr element = element_add(figure, "missing", NULL);
            date_add(element, "first", civil_date_add_days(chart->first_day, first));
            date_add(element, "last", civil_date_add_days(chart->first_day, day - 1));
            number_add(element, "days", (uint64_t)(day - first));
            first = -1;
        }
    }
}

static void series_add(xmlNodePtr figure, const struct chart_spec *chart, const struct chart_series *series)
{
    xmlNodePtr element = element_add(figure, "series", NULL);
    attribute_add(element, "label", series->label);
    attribute_add(element, "detail", series->detail);
    for (int day = 0; day < chart->day_count; day++) {
        bool observed = series->observed == NULL || series->observed[day];
        char value[G_ASCII_DTOSTR_BUF_SIZE] = "";
        if (observed && isfinite(series->values[day]))
            g_ascii_dtostr(value, sizeof value, series->values[day]);
        xmlNodePtr entry = element_add(element, "day", value);
        if (chart->columns != NULL)
            attribute_add(entry, "column", chart->columns[day]);
        else
            date_add(entry, "date", civil_date_add_days(chart->first_day, day));
        flag_add(entry, "missing", !observed);
    }
}

static void figure_add(xmlNodePtr parent, const struct publication *publication,
                       const struct model_figure *figure)
{
    xmlNodePtr element = element_add(parent, "figure", NULL);
    const struct figure_definition *definition = publication_figure(publication, figure->id);
    attribute_add(element, "id", figure->id);
    attribute_add(element, "kind", chart_kind_name(figure->chart.kind));
    attribute_add(element, "table", definition != NULL ? definition->table : NULL);
    measure_add(element, publication, definition != NULL ? definition->measure : NULL);
    flag_add(element, "in-prose", false);
    element_add(element, "caption", figure->caption);
    element_add(element, "headline", figure->chart.headline);
    element_add(element, "subtitle", figure->chart.subtitle);
    element_add(element, "unit", figure->chart.unit);
    element_add(element, "source-note", figure->chart.source_note);
    element_add(element, "description", figure->chart.description);
    missing_add(element, &figure->chart);
    for (size_t i = 0; i < figure->chart.series_count; i++)
        series_add(element, &figure->chart, &figure->chart.series[i]);
}

static void words_add(xmlNodePtr parent, const char *name, char *const *words)
{
    for (; *words != NULL; words++)
        element_add(parent, name, *words);
}

static void knowledge_add(xmlNodePtr root, const struct model *model)
{
    if (model->port_count == 0)
        return;
    xmlNodePtr knowledge = element_add(root, "knowledge", NULL);
    date_add(knowledge, "first", model->knowledge_first);
    date_add(knowledge, "last", model->knowledge_last);
    for (size_t i = 0; i < model->port_count; i++) {
        const struct model_port *from = &model->ports[i];
        xmlNodePtr port = element_add(knowledge, "port", NULL);
        attribute_add(port, "key", from->key);
        element_add(port, "label", from->label);
        words_add(port, "listens", from->listens);
        words_add(port, "vulnerability", from->vulnerabilities);
        words_add(port, "malware", from->malware);
        words_add(port, "reference", from->references);
        for (size_t k = 0; k < from->listing_count; k++) {
            xmlNodePtr listing = element_add(port, "listing", from->listings[k].title);
            attribute_add(listing, "source", from->listings[k].source);
            attribute_add(listing, "id", from->listings[k].id);
            attribute_add(listing, "href", from->listings[k].url);
            date_add(listing, "listed", from->listings[k].listed);
        }
    }
}

static void drafts_add(xmlNodePtr root, const struct model *model)
{
    xmlNodePtr drafts = element_add(root, "drafts", NULL);
    for (size_t i = 0; i < model->draft_count; i++) {
        xmlNodePtr draft = element_add(drafts, "draft", NULL);
        attribute_add(draft, "id", model->drafts[i].id);
        flag_add(draft, "in-prose", false);
        for (size_t k = 0; k < model->drafts[i].sentence_count; k++) {
            const struct model_sentence *sentence = &model->drafts[i].sentences[k];
            xmlNodePtr element = element_add(draft, "sentence", sentence->text);
            attribute_add(element, "rule", sentence->rule);
            attribute_add(element, "inputs", sentence->inputs);
            attribute_add(element, "threshold", sentence->threshold);
        }
    }
}

static void quality_add(xmlNodePtr root, const struct model *model)
{
    xmlNodePtr quality = element_add(root, "quality", NULL);
    count_add(quality, "packets-read", model->packets_read);
    xmlNodePtr bins = element_add(quality, "bins", NULL);
    for (size_t i = 0; i < BIN_COUNT; i++) {
        xmlNodePtr bin = element_add(bins, "bin", NULL);
        attribute_add(bin, "name", model->bins[i].name);
        element_add(bin, "label", model->bins[i].label);
        count_add(bin, "packets", model->bins[i].packets);
    }
    count_add(quality, "archives", model->archive_count);
    count_add(quality, "incomplete-archives", model->incomplete_archive_count);
    count_add(quality, "duplicate-archives", model->duplicate_archive_count);
    count_add(quality, "sensors", model->sensor_count);
    count_add(quality, "domestic-sensors", model->domestic_sensor_count);
    count_add(quality, "overseas-sensors",
              model->sensor_count - MIN(model->domestic_sensor_count, model->sensor_count));
    xmlNodePtr outages = element_add(quality, "outages", NULL);
    for (size_t i = 0; i < model->outage_count; i++) {
        xmlNodePtr outage = element_add(outages, "outage", model->outages[i].text);
        attribute_add(outage, "sensor", model->outages[i].sensor);
        attribute_add(outage, "label", model->outages[i].label);
        attribute_add(outage, "reason", model->outages[i].reason);
        date_add(outage, "first", model->outages[i].first);
        date_add(outage, "last", model->outages[i].last);
        number_add(outage, "days",
                   (uint64_t)(civil_date_to_days(model->outages[i].last) -
                              civil_date_to_days(model->outages[i].first) + 1));
    }
    xmlNodePtr registries = element_add(quality, "registries", NULL);
    for (char **text = model->registries; text != NULL && *text != NULL; text++)
        element_add(registries, "registry", *text);
    xmlNodePtr notes = element_add(quality, "notes", NULL);
    for (char **text = model->notes; text != NULL && *text != NULL; text++)
        element_add(notes, "note", *text);
}

/* "2025年4月1日": dates in words for the reader, beside the machine's in the attributes. */
static void date_text_add(xmlNodePtr root, const char *name, struct civil_date date, const char *language)
{
    GString *text = g_string_new(NULL);
    edition_date_append(date, language, text);
    element_add(root, name, text->str);
    g_string_free(text, TRUE);
}

/* SHA-256 of the published numbers: the CSV of every table, then of every figure. */
static void data_digest_add(xmlNodePtr root, const struct model *model)
{
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < model->table_count; i++) {
        char *text = model_table_csv(&model->tables[i]);
        g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text));
        g_free(text);
    }
    for (size_t i = 0; i < model->figure_count; i++)
        g_checksum_update(checksum, (const guchar *)model->figures[i].csv,
                          (gssize)strlen(model->figures[i].csv));
    attribute_add(root, "data-digest", g_checksum_get_string(checksum));
    g_checksum_free(checksum);
}

xmlDocPtr model_document_new(const struct publication *publication, const struct model *model,
                             const GPtrArray *fragments, bool draft)
{
    xmlDocPtr document = xmlNewDoc(BAD_CAST "1.0");
    xmlNodePtr root = xmlNewDocNode(document, NULL, BAD_CAST "report", NULL);
    xmlDocSetRootElement(document, root);
    attribute_add(root, "generator", "teiten " TEITEN_VERSION);
    attribute_add(root, "language", model->language);
    attribute_add(root, "edition", model->edition);
    flag_add(root, "draft", draft);
    date_add(root, "first-day", model->first_day);
    date_add(root, "last-day", model->last_day);
    number_add(root, "day-count",
               (uint64_t)(civil_date_to_days(model->last_day) - civil_date_to_days(model->first_day) + 1));
    attribute_add(root, "time-zone", model->time_zone);
    flag_add(root, "has-previous", model->has_previous);
    flag_add(root, "has-year-before", model->has_year_before);
    attribute_add(root, "previous-edition", model->previous_edition);
    attribute_add(root, "year-before-edition", model->year_before_edition);
    number_add(root, "top-limit", publication->top_limit > 0 ? (uint64_t)publication->top_limit : 0);
    data_digest_add(root, model);
    element_add(root, "title", model->title);
    element_add(root, "publisher", model->publisher);
    element_add(root, "period", model->period);
    element_add(root, "previous-period", model->previous_period);
    date_text_add(root, "first-day-text", model->first_day, model->language);
    date_text_add(root, "last-day-text", model->last_day, model->language);

    xmlNodePtr tables = element_add(root, "tables", NULL);
    for (size_t i = 0; i < model->table_count; i++)
        table_add(tables, publication, &model->tables[i]);
    xmlNodePtr figures = element_add(root, "figures", NULL);
    for (size_t i = 0; i < model->figure_count; i++)
        figure_add(figures, publication, &model->figures[i]);
    drafts_add(root, model);
    knowledge_add(root, model);
    quality_add(root, model);
    xmlNodePtr prose = element_add(root, "prose", NULL);
    for (guint i = 0; fragments != NULL && i < fragments->len; i++)
        attribute_add(element_add(prose, "fragment", NULL), "name", fragments->pdata[i]);
    return document;
}
