/* csv_table.h - a CSV file as a table of strings, read with libcsv, and rows written the same way.
 *
 *     struct csv_table table;
 *     if (csv_table_load(&table, "sensors.csv", err) != 0) ...
 *     int id = csv_table_column(&table, "id");            // -1: there is no such column
 *     for (size_t row = 0; row < table.row_count; row++)
 *         use(csv_table_field(&table, row, id), csv_table_line(&table, row));
 *     csv_table_release(&table);
 *
 * The first record is the header; its names are matched exactly. LF, CRLF and line feeds inside quotes are
 * read; a UTF-8 byte order mark is skipped; lines that are empty are passed over. Text must be UTF-8 (an
 * error otherwise); NUL bytes are refused. A record may have fewer or more fields than the header: callers
 * who mind ask csv_table_field_count.
 */
#ifndef TEITEN_BASE_CSV_TABLE_H
#define TEITEN_BASE_CSV_TABLE_H

#include <glib.h>
#include <stddef.h>

#include "base/error.h"

struct csv_table {
    GPtrArray *fields;   /* char *, all records one after another, header included */
    GArray *records;     /* struct csv_record */
    size_t row_count;    /* records without the header */
    size_t column_count; /* fields of the header */
};

struct csv_record {
    size_t first_field;
    size_t field_count;
    size_t line; /* the line on which the record starts, from 1 */
};

/* Reads the whole file. Errors: "FILE: cannot read: reason", "FILE: line N: what, what was expected". */
int csv_table_load(struct csv_table *table, const char *path, struct error *err);
void csv_table_release(struct csv_table *table);

int csv_table_column(const struct csv_table *table, const char *name); /* index from 0, or -1 */
/* The field, never NULL: "" when the record is shorter or column is -1. Borrowed from the table. */
const char *csv_table_field(const struct csv_table *table, size_t row, int column);
size_t csv_table_field_count(const struct csv_table *table, size_t row);
size_t csv_table_line(const struct csv_table *table, size_t row);

/* Appends one record, quoted where needed, ended by a line feed. */
void csv_row_append(GString *out, size_t field_count, const char *const *fields);

#endif
