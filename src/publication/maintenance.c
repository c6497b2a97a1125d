#include "publication/maintenance.h"

#include <string.h>

#include "publication/config_table.h"

enum { COLUMN_SENSOR, COLUMN_FROM, COLUMN_TO, COLUMN_REASON, COLUMN_REASON_EN, COLUMNS };

static int date_read(const char *path, size_t line, const char *column, const char *text,
                     struct civil_date *date, struct error *err)
{
    if (civil_date_parse(text, date))
        return 0;
    return error_set(err, ERROR_INPUT, "%s: line %zu: %s \"%s\" is not a date, expected e.g. 2025-04-01",
                     path, line, column, text);
}

static int entry_read(struct maintenance *entry, const char *const *fields, const char *path, size_t line,
                      const struct sensor_list *sensors, struct error *err)
{
    bool known =
        strcmp(fields[COLUMN_SENSOR], "*") == 0 || sensor_list_find(sensors, fields[COLUMN_SENSOR]) >= 0;
    entry->sensor = g_strdup(fields[COLUMN_SENSOR]);
    entry->reason = g_strdup(fields[COLUMN_REASON]);
    entry->reason_en = g_strdup(fields[COLUMN_REASON_EN]);
    if (!known)
        return error_set(
            err, ERROR_INPUT,
            "%s: line %zu: sensor \"%s\" is not known, expected an id of the sensors' file, or *", path, line,
            fields[COLUMN_SENSOR]);
    if (date_read(path, line, "from", fields[COLUMN_FROM], &entry->from, err) != 0 ||
        date_read(path, line, "to", fields[COLUMN_TO], &entry->to, err) != 0)
        return -1;
    if (civil_date_compare(entry->from, entry->to) > 0)
        return error_set(err, ERROR_INPUT,
                         "%s: line %zu: from %s lies after to %s, expected it on that day or before", path,
                         line, fields[COLUMN_FROM], fields[COLUMN_TO]);
    return 0;
}

int maintenance_log_load(struct maintenance_log *log, const char *path, const struct sensor_list *sensors,
                         struct error *err)
{
    static const char *const columns[COLUMNS] = {"sensor", "from", "to", "reason", "reason_en"};
    struct csv_table table;
    int at[COLUMNS];
    int result = 0;
    memset(log, 0, sizeof *log);
    if (config_table_load(&table, path, COLUMNS, COLUMN_REASON, columns, at, err) != 0)
        return -1;
    log->entries = g_new0(struct maintenance, table.row_count + 1);
    for (size_t row = 0; row < table.row_count && result == 0; row++) {
        const char *fields[COLUMNS];
        for (int i = 0; i < COLUMNS; i++)
            fields[i] = csv_table_field(&table, row, at[i]);
        result = entry_read(&log->entries[log->entry_count++], fields, path, csv_table_line(&table, row),
                            sensors, err);
    }
    csv_table_release(&table);
    if (result != 0)
        maintenance_log_release(log);
    return result;
}

void maintenance_log_release(struct maintenance_log *log)
{
    for (size_t i = 0; i < log->entry_count; i++) {
        g_free(log->entries[i].sensor);
        g_free(log->entries[i].reason);
        g_free(log->entries[i].reason_en);
    }
    g_free(log->entries);
    memset(log, 0, sizeof *log);
}

const char *maintenance_reason(const struct maintenance *entry, const char *language)
{
    const char *reason = strcmp(language, "en") == 0 ? entry->reason_en : entry->reason;
    return reason != NULL ? reason : "";
}

const struct maintenance *maintenance_log_find(const struct maintenance_log *log, const char *sensor,
                                               struct civil_date day)
{
    for (size_t i = 0; i < log->entry_count; i++) {
        const struct maintenance *entry = &log->entries[i];
        if ((strcmp(entry->sensor, "*") == 0 || strcmp(entry->sensor, sensor) == 0) &&
            civil_date_compare(entry->from, day) <= 0 && civil_date_compare(day, entry->to) <= 0)
            return entry;
    }
    return NULL;
}
