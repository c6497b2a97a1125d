#include "cmd/terminal_table.h"

#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/number.h"
#include "cmd/message.h"

void terminal_table_init(struct terminal_table *table, size_t column_count)
{
    table->column_count = column_count;
    table->right = g_new0(bool, column_count);
    table->cells = g_ptr_array_new_with_free_func(g_free);
    table->styles = g_ptr_array_new();
}

void terminal_table_release(struct terminal_table *table)
{
    g_clear_pointer(&table->right, g_free);
    g_clear_pointer(&table->cells, g_ptr_array_unref);
    g_clear_pointer(&table->styles, g_ptr_array_unref);
}

void terminal_table_align_right(struct terminal_table *table, size_t column)
{
    g_assert(column < table->column_count);
    table->right[column] = true;
}

/* Text from files must not be able to move the cursor. */
static char *printable_copy(const char *text)
{
    GString *copy = g_string_new(NULL);
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        g_string_append_unichar(copy, message_acts_on_terminals(c) ? '?' : c);
    }
    return g_string_free(copy, FALSE);
}

void terminal_table_add(struct terminal_table *table, const char *const *cells)
{
    for (size_t i = 0; i < table->column_count; i++)
        g_ptr_array_add(table->cells, printable_copy(cells[i]));
    g_ptr_array_add(table->styles, NULL);
}

void terminal_table_style(struct terminal_table *table, const char *escape)
{
    g_assert(table->styles->len > 0);
    table->styles->pdata[table->styles->len - 1] = (gpointer)(uintptr_t)escape;
}

/* https://bixense.com/clicolors: a pipe into a pager is to be written to as a terminal. */
static bool is_terminal(void)
{
    const char *forced = g_getenv("CLICOLOR_FORCE");
    return isatty(STDOUT_FILENO) || (forced != NULL && *forced != '\0' && strcmp(forced, "0") != 0);
}

size_t terminal_columns(void)
{
    struct winsize size;
    uint64_t columns;
    const char *named = g_getenv("COLUMNS");
    if (!is_terminal())
        return SIZE_MAX;
    if (named != NULL && number_parse(named, 1, UINT16_MAX, &columns))
        return (size_t)columns;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return SIZE_MAX;
    return size.ws_col;
}

bool terminal_has_color(void)
{
    const char *none = g_getenv("NO_COLOR");
    const char *terminal = g_getenv("TERM");
    return is_terminal() && (none == NULL || *none == '\0') && terminal != NULL && *terminal != '\0' &&
           strcmp(terminal, "dumb") != 0;
}

/* Terminal cells that a character takes: a wide one two, a combining one none; control characters count as
 * one (they are shown as '?'). */
static size_t cells_of(gunichar c)
{
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* The same of a UTF-8 text. */
static size_t terminal_width(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text))
        width += cells_of(g_utf8_get_char(text));
    return width;
}

/* [column_count], freed by the caller. */
static size_t *column_widths(const struct terminal_table *table)
{
    size_t *widths = g_new0(size_t, table->column_count);
    for (size_t i = 0; i < table->cells->len; i++) {
        size_t width = terminal_width(table->cells->pdata[i]);
        if (width > widths[i % table->column_count])
            widths[i % table->column_count] = width;
    }
    return widths;
}

size_t terminal_table_width(const struct terminal_table *table)
{
    size_t *widths = column_widths(table);
    size_t total = 2 * (table->column_count - 1);
    for (size_t i = 0; i < table->column_count; i++)
        total += widths[i];
    g_free(widths);
    return total;
}

/* "リモートデスク…(3389/TCP)": `width` cells or fewer. Owned by the caller. */
static char *shortened(const char *text, size_t width)
{
    const char *tail = g_str_has_suffix(text, ")") ? strrchr(text, '(') : NULL;
    if (tail == NULL || terminal_width(tail) + 3 > width)
        tail = text + strlen(text);
    GString *out = g_string_new(NULL);
    size_t left = width - terminal_width(tail) - 1;
    for (const char *p = text; p < tail; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (cells_of(c) > left)
            break;
        left -= cells_of(c);
        g_string_append_unichar(out, c);
    }
    g_string_append_printf(out, "…%s", tail);
    return g_string_free(out, FALSE);
}

void terminal_table_fit(struct terminal_table *table, size_t column, size_t columns, size_t least)
{
    size_t width = terminal_table_width(table);
    size_t *widths = column_widths(table);
    if (width > columns && widths[column] > least) {
        size_t room = widths[column] - MIN(width - columns, widths[column] - least);
        for (size_t i = column; i < table->cells->len; i += table->column_count) {
            char *cell = table->cells->pdata[i];
            if (terminal_width(cell) <= room)
                continue;
            table->cells->pdata[i] = shortened(cell, room);
            g_free(cell);
        }
    }
    g_free(widths);
}

static void row_append(const struct terminal_table *table, size_t row, const size_t *widths, GString *out)
{
    const char *style = table->styles->pdata[row];
    GString *line = g_string_new(NULL);
    for (size_t column = 0; column < table->column_count; column++) {
        const char *cell = table->cells->pdata[row * table->column_count + column];
        int padding = (int)(widths[column] - terminal_width(cell));
        if (column > 0)
            g_string_append(line, "  ");
        if (table->right[column])
            g_string_append_printf(line, "%*s%s", padding, "", cell);
        else
            g_string_append_printf(line, "%s%*s", cell, padding, "");
    }
    while (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate(line, line->len - 1);
    if (style != NULL)
        g_string_append_printf(out, "%s%s\033[0m\n", style, line->str);
    else
        g_string_append_printf(out, "%s\n", line->str);
    g_string_free(line, TRUE);
}

void terminal_table_append(const struct terminal_table *table, GString *out)
{
    size_t rows = table->cells->len / table->column_count;
    size_t *widths = column_widths(table);
    for (size_t row = 0; row < rows; row++) {
        row_append(table, row, widths, out);
        for (size_t column = 0; row == 0 && column < table->column_count; column++) {
            g_string_append(out, column > 0 ? "  " : "");
            for (size_t i = 0; i < widths[column]; i++)
                g_string_append_c(out, '-');
        }
        if (row == 0)
            g_string_append_c(out, '\n');
    }
    g_free(widths);
}
