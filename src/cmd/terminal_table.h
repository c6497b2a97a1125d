/* terminal_table.h - columns that line up on a terminal, where East Asian characters take two cells.
 *
 *     struct terminal_table table;
 *     terminal_table_init(&table, 3);
 *     terminal_table_align_right(&table, 0);
 *     terminal_table_add(&table, (const char *[]){"順位", "宛先ポート番号", "前四半期の順位"});
 *     terminal_table_append(&table, out);       // first row as the heading, a rule below
 *     terminal_table_release(&table);
 */
#ifndef TEITEN_CMD_TERMINAL_TABLE_H
#define TEITEN_CMD_TERMINAL_TABLE_H

#include <glib.h>
#include <stdbool.h>

struct terminal_table {
    size_t column_count;
    bool *right;       /* [column_count] */
    GPtrArray *cells;  /* char *, row by row */
    GPtrArray *styles; /* const char *, of each row: an SGR escape sequence, or NULL; borrowed */
};

void terminal_table_init(struct terminal_table *table, size_t column_count);
void terminal_table_release(struct terminal_table *table);
void terminal_table_align_right(struct terminal_table *table, size_t column);
void terminal_table_add(struct terminal_table *table, const char *const *cells);
/* How the row that was added last is shown: "\033[2m". */
void terminal_table_style(struct terminal_table *table, const char *escape);
/* Cells that a line of the table takes. */
size_t terminal_table_width(const struct terminal_table *table);
/* Columns of the terminal that standard output is, or that COLUMNS names; SIZE_MAX where it is none, and
 * lines may be of any length. CLICOLOR_FORCE lets anything count as a terminal
 * (https://bixense.com/clicolors). */
size_t terminal_columns(void);
/* Whether standard output may be coloured: a terminal that is not dumb, and no NO_COLOR
 * (https://no-color.org). */
bool terminal_has_color(void);
/* Cuts the texts of a column until the table is no wider than `columns`, or the column no wider than `least`:
 * in the middle, so that a port or a code in brackets at the end stays. */
void terminal_table_fit(struct terminal_table *table, size_t column, size_t columns, size_t least);
void terminal_table_append(const struct terminal_table *table, GString *out);

#endif
