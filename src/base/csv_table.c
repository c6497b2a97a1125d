#include "base/csv_table.h"

#include <csv.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct load_state {
    struct csv_table *table;
    size_t line;       /* line being fed */
    size_t start_line; /* line on which the open record starts, 0 when none is open */
    size_t open_fields;
};

static void field_end(void *field, size_t size, void *context)
{
    struct load_state *state = context;
    g_ptr_array_add(state->table->fields, g_strndup(field != NULL ? field : "", size));
    if (state->start_line == 0)
        state->start_line = state->line;
    state->open_fields++;
}

static void record_end(int separator, void *context)
{
    (void)separator;
    struct load_state *state = context;
    struct csv_record record = {
        .first_field = state->table->fields->len - state->open_fields,
        .field_count = state->open_fields,
        .line = state->start_line,
    };
    g_array_append_val(state->table->records, record);
    state->open_fields = 0;
    state->start_line = 0;
}

/* Feeds line by line, so that the callbacks know on which line they are. */
static int lines_feed(struct csv_parser *parser, struct load_state *state, const char *data, size_t size,
                      const char *path, struct error *err)
{
    size_t offset = 0;
    while (offset < size) {
        const char *newline = memchr(data + offset, '\n', size - offset);
        size_t length = newline != NULL ? (size_t)(newline - (data + offset)) + 1 : size - offset;
        state->line++;
        if (state->start_line == 0 && state->open_fields == 0 && data[offset] != '\n' && data[offset] != '\r')
            state->start_line = state->line;
        if (csv_parse(parser, data + offset, length, field_end, record_end, state) != length)
            return error_set(err, ERROR_INPUT, "%s: line %zu: %s, expected comma-separated values", path,
                             state->line, csv_strerror(csv_error(parser)));
        offset += length;
    }
    if (csv_fini(parser, field_end, record_end, state) != 0)
        return error_set(
            err, ERROR_INPUT,
            "%s: line %zu: a quoted field that starts in this record does not end, expected a closing \"",
            path, state->start_line != 0 ? state->start_line : state->line);
    return 0;
}

int csv_table_load(struct csv_table *table, const char *path, struct error *err)
{
    char *data = NULL;
    gsize size = 0;
    struct csv_parser parser;
    struct load_state state = {.table = table};
    int result = -1;

    memset(table, 0, sizeof *table);
    /* A pipe that nobody writes to would hang, a device never end. */
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR))
        return error_set(err, ERROR_INPUT, "%s: not a regular file, expected one", path);
    if (!g_file_get_contents(path, &data, &size, NULL))
        return error_set(err, ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(errno));
    table->fields = g_ptr_array_new_with_free_func(g_free);
    table->records = g_array_new(FALSE, FALSE, sizeof(struct csv_record));
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        g_error("csv_init failed"); /* out of memory: the allocator's business */

    const char *start = data;
    if (size >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0) {
        start += 3;
        size -= 3;
    }
    const char *bad;
    if (!g_utf8_validate_len(start, size, &bad)) {
        size_t line = 1;
        for (const char *c = start; c < bad; c++)
            line += *c == '\n';
        error_set(err, ERROR_INPUT, "%s: line %zu: byte 0x%02x is not UTF-8, expected UTF-8 text", path, line,
                  (unsigned)(unsigned char)*bad);
        goto done;
    }
    if (lines_feed(&parser, &state, start, size, path, err) != 0)
        goto done;
    if (table->records->len == 0) {
        error_set(err, ERROR_INPUT, "%s: the file is empty, expected a header line", path);
        goto done;
    }
    table->column_count = g_array_index(table->records, struct csv_record, 0).field_count;
    table->row_count = table->records->len - 1;
    result = 0;
done:
    csv_free(&parser);
    g_free(data);
    if (result != 0)
        csv_table_release(table);
    return result;
}

void csv_table_release(struct csv_table *table)
{
    g_clear_pointer(&table->fields, g_ptr_array_unref);
    g_clear_pointer(&table->records, g_array_unref);
    table->row_count = 0;
    table->column_count = 0;
}

static const struct csv_record *record_at(const struct csv_table *table, size_t row)
{
    g_assert(row < table->row_count);
    return &g_array_index(table->records, struct csv_record, row + 1);
}

int csv_table_column(const struct csv_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->fields->pdata[i], name) == 0)
            return (int)i;
    return -1;
}

const char *csv_table_field(const struct csv_table *table, size_t row, int column)
{
    const struct csv_record *record = record_at(table, row);
    if (column < 0 || (size_t)column >= record->field_count)
        return "";
    return table->fields->pdata[record->first_field + (size_t)column];
}

size_t csv_table_field_count(const struct csv_table *table, size_t row)
{
    return record_at(table, row)->field_count;
}

size_t csv_table_line(const struct csv_table *table, size_t row)
{
    return record_at(table, row)->line;
}

void csv_row_append(GString *out, size_t field_count, const char *const *fields)
{
    for (size_t i = 0; i < field_count; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        size_t length = strlen(fields[i]);
        /* Readers trim blanks around a field that is not quoted. */
        bool trimmed =
            length > 0 && (g_ascii_isspace(fields[i][0]) || g_ascii_isspace(fields[i][length - 1]));
        if (strpbrk(fields[i], ",\"\r\n") == NULL && !trimmed) {
            g_string_append(out, fields[i]);
            continue;
        }
        size_t needed = csv_write(NULL, 0, fields[i], length);
        gsize start = out->len;
        g_string_set_size(out, start + needed);
        csv_write(out->str + start, needed, fields[i], length);
    }
    g_string_append_c(out, '\n');
}
