#include "report/table.h"

#include <inttypes.h>

#include "base/csv_table.h"
#include "base/number.h"
#include "report/availability.h"
#include "report/label.h"
#include "report/phrase.h"
#include "report/port_knowledge.h"

static const char *column_name(enum column_kind kind)
{
    switch (kind) {
    case COLUMN_RANK:
        return "rank";
    case COLUMN_KEY:
        return "key";
    case COLUMN_PREVIOUS_RANK:
        return "previous_rank";
    case COLUMN_COUNT:
        return "count";
    case COLUMN_SHARE:
        return "share";
    case COLUMN_PER_SENSOR:
        return "per_sensor_day";
    case COLUMN_CHANGE:
        return "change";
    case COLUMN_LISTENS:
        return "listens";
    }
    return "";
}

static char *column_heading(const struct context *context, const struct table_definition *definition,
                            const struct measure_counts *measure, enum column_kind kind)
{
    const char *own = context_localized_optional(context, &definition->key_heading);
    switch (kind) {
    case COLUMN_RANK:
        return wording_text(context->wording, "heading-rank", NULL);
    case COLUMN_KEY: {
        if (own != NULL)
            return g_strdup(own);
        char *rule = context_rule("heading", measure->by);
        char *text = wording_text(context->wording, rule, NULL);
        g_free(rule);
        return text;
    }
    case COLUMN_PREVIOUS_RANK:
        return wording_text(context->wording, "heading-previous-rank", NULL);
    case COLUMN_COUNT:
        return context_count_text(context, "heading", measure->count);
    case COLUMN_SHARE:
        return wording_text(context->wording, "heading-share", NULL);
    case COLUMN_PER_SENSOR:
        return wording_text(context->wording, "heading-per-sensor", NULL);
    case COLUMN_CHANGE:
        return wording_text(context->wording, "heading-change", NULL);
    case COLUMN_LISTENS:
        return wording_text(context->wording, "heading-listens", NULL);
    }
    return g_strdup("");
}

static void append_previous_rank(const struct context *context, int rank, GString *text, GString *value)
{
    if (rank == 0) {
        wording_append(context->wording, text, "absent", NULL);
        return;
    }
    g_string_append_printf(value, "%d", rank);
    if (rank <= context->publication->top_limit) {
        g_string_append_printf(text, "%d", rank);
        return;
    }
    char *limit = g_strdup_printf("%d", context->publication->top_limit);
    wording_append(context->wording, text, "outside", "limit", limit, NULL);
    g_free(limit);
}

static void append_change(const struct context *context, const struct comparison *comparison,
                          const struct comparison_row *row, GString *text, GString *value)
{
    if (comparison->previous == NULL) {
        wording_append(context->wording, text, "absent", NULL);
        return;
    }
    phrase_append_change(context->wording, text, comparison->measure->count, row->count, row->previous_count);
    bool fell = row->count < row->previous_count;
    g_string_append_printf(value, "%s%" PRIu64, fell ? "-" : "",
                           fell ? row->previous_count - row->count : row->count - row->previous_count);
}

/* sensor_days: see availability_row_sensor_days. */
static int cell_fill(struct model_cell *cell, const struct context *context,
                     const struct comparison *comparison, const struct comparison_row *row,
                     enum column_kind kind, uint64_t sensor_days, struct error *err)
{
    GString *text = g_string_new(NULL);
    GString *value = g_string_new(NULL);
    int status = 0;
    switch (kind) {
    case COLUMN_RANK:
        g_string_append_printf(text, "%d", row->rank);
        g_string_append(value, text->str);
        break;
    case COLUMN_KEY:
        status = label_append(context, comparison->measure->by, row->key, text, err);
        g_string_append(value, row->key);
        break;
    case COLUMN_PREVIOUS_RANK:
        append_previous_rank(context, row->previous_rank, text, value);
        break;
    case COLUMN_COUNT:
        number_append_thousands(text, row->count);
        g_string_append_printf(value, "%" PRIu64, row->count);
        break;
    case COLUMN_SHARE:
        phrase_append_percent(text, row->count, comparison->total);
        phrase_append_ratio(value,
                            comparison->total == 0 ? 0 : (double)row->count / (double)comparison->total);
        break;
    case COLUMN_PER_SENSOR:
        if (sensor_days == 0) {
            wording_append(context->wording, text, "absent", NULL);
            break;
        }
        phrase_append_decimal(text, (double)row->count / (double)sensor_days);
        phrase_append_ratio(value, (double)row->count / (double)sensor_days);
        break;
    case COLUMN_CHANGE:
        append_change(context, comparison, row, text, value);
        break;
    case COLUMN_LISTENS:
        status = port_knowledge_listens(context, row->key, text, err);
        g_string_append(value, text->str);
        if (text->len == 0)
            wording_append(context->wording, text, "absent", NULL);
        break;
    }
    cell->text = g_string_free(text, FALSE);
    cell->value = g_string_free(value, FALSE);
    return status;
}

int table_fill(struct model_table *table, const struct context *context,
               const struct table_definition *definition, const struct comparison *comparison,
               struct error *err)
{
    const char *caption = context_localized(context, &definition->caption, definition->line, "caption", err);
    if (caption == NULL)
        return -1;
    table->id = g_strdup(definition->id);
    table->caption = g_strdup(caption);
    table->column_count = definition->column_count;
    table->columns = g_new0(struct model_column, definition->column_count);
    for (size_t i = 0; i < definition->column_count; i++) {
        struct model_column *column = &table->columns[i];
        column->kind = definition->columns[i];
        column->name = g_strdup(column_name(column->kind));
        column->heading = column_heading(context, definition, comparison->measure, column->kind);
        column->is_number = column->kind != COLUMN_KEY && column->kind != COLUMN_LISTENS;
    }
    table->row_count = comparison->shown_count;
    table->rows = g_new0(struct model_row, comparison->shown_count);
    for (size_t i = 0; i < table->row_count; i++) {
        struct model_row *row = &table->rows[i];
        row->key = g_strdup(comparison->rows[i].key);
        row->cells = g_new0(struct model_cell, table->column_count);
        uint64_t sensor_days =
            availability_row_sensor_days(context->current, comparison->measure, comparison->rows[i].key);
        for (size_t j = 0; j < table->column_count; j++)
            if (cell_fill(&row->cells[j], context, comparison, &comparison->rows[i], table->columns[j].kind,
                          sensor_days, err) != 0)
                return -1;
    }
    return 0;
}

void table_release(struct model_table *table)
{
    for (size_t i = 0; i < table->row_count; i++) {
        for (size_t j = 0; j < table->column_count && table->rows[i].cells != NULL; j++) {
            g_free(table->rows[i].cells[j].text);
            g_free(table->rows[i].cells[j].value);
        }
        g_free(table->rows[i].cells);
        g_free(table->rows[i].key);
    }
    for (size_t j = 0; j < table->column_count && table->columns != NULL; j++) {
        g_free(table->columns[j].name);
        g_free(table->columns[j].heading);
    }
    g_free(table->rows);
    g_free(table->columns);
    g_free(table->id);
    g_free(table->caption);
}

/* The key column appears as two: the key for programs, the label for readers. */
char *model_table_csv(const struct model_table *table)
{
    GString *out = g_string_new(NULL);
    const char **fields = g_new0(const char *, 2 * table->column_count);
    size_t count = 0;
    for (size_t j = 0; j < table->column_count; j++) {
        fields[count++] = table->columns[j].name;
        if (table->columns[j].kind == COLUMN_KEY)
            fields[count++] = "label";
    }
    csv_row_append(out, count, fields);
    for (size_t i = 0; i < table->row_count; i++) {
        count = 0;
        for (size_t j = 0; j < table->column_count; j++) {
            fields[count++] = table->rows[i].cells[j].value;
            if (table->columns[j].kind == COLUMN_KEY)
                fields[count++] = table->rows[i].cells[j].text;
        }
        csv_row_append(out, count, fields);
    }
    g_free(fields);
    return g_string_free(out, FALSE);
}
