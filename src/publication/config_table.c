#include "publication/config_table.h"

#include <stdbool.h>
#include <string.h>

static const char *header_field(const struct csv_table *table, size_t column)
{
    return table->fields->pdata[column];
}

static int columns_match(const struct csv_table *table, const char *path, size_t column_count,
                         size_t required_count, const char *const *columns, int *at, struct error *err)
{
    GString *joined = g_string_new(NULL);
    int result = 0;
    for (size_t i = 0; i < column_count; i++) {
        at[i] = -1;
        g_string_append_printf(joined, "%s%s%s%s", i == 0 ? "" : ",", i < required_count ? "" : "[",
                               columns[i], i < required_count ? "" : "]");
    }
    const char *expected = joined->str;
    for (size_t c = 0; c < table->column_count && result == 0; c++) {
        const char *name = header_field(table, c);
        size_t i = 0;
        while (i < column_count && strcmp(columns[i], name) != 0)
            i++;
        if (i == column_count)
            result = error_set(err, ERROR_INPUT, "%s: line 1: unknown column \"%s\", expected %s", path, name,
                               expected);
        else if (at[i] >= 0)
            result = error_set(err, ERROR_INPUT, "%s: line 1: column \"%s\" appears twice, expected %s", path,
                               name, expected);
        else
            at[i] = (int)c;
    }
    for (size_t i = 0; i < required_count && result == 0; i++)
        if (at[i] < 0)
            result = error_set(err, ERROR_INPUT, "%s: line 1: column \"%s\" is missing, expected %s", path,
                               columns[i], expected);
    g_string_free(joined, TRUE);
    return result;
}

static bool has_control_character(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return true;
    return false;
}

int config_table_load(struct csv_table *table, const char *path, size_t column_count, size_t required_count,
                      const char *const *columns, int *at, struct error *err)
{
    if (csv_table_load(table, path, err) != 0)
        return -1;
    int result = columns_match(table, path, column_count, required_count, columns, at, err);
    for (size_t row = 0; row < table->row_count && result == 0; row++) {
        size_t count = csv_table_field_count(table, row);
        if (count != table->column_count)
            result = error_set(err, ERROR_INPUT, "%s: line %zu: %zu fields, expected %zu", path,
                               csv_table_line(table, row), count, table->column_count);
        for (size_t i = 0; i < column_count && result == 0; i++)
            if (has_control_character(csv_table_field(table, row, at[i])))
                result =
                    error_set(err, ERROR_INPUT,
                              "%s: line %zu: %s holds a control character, expected plain text on one line",
                              path, csv_table_line(table, row), columns[i]);
    }
    if (result != 0)
        csv_table_release(table);
    return result;
}
