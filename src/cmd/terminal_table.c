#include "cmd/terminal_table.h"

void terminal_table_init(struct terminal_table *table, size_t column_count)
{
    table->column_count = column_count;
    table->right = g_new0(bool, column_count);
    table->cells = g_ptr_array_new_with_free_func(g_free);
}

void terminal_table_release(struct terminal_table *table)
{
    g_clear_pointer(&table->right, g_free);
    g_clear_pointer(&table->cells, g_ptr_array_unref);
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
        g_string_append_unichar(copy, g_unichar_iscntrl(c) ? '?' : c);
    }
    return g_string_free(copy, FALSE);
}

void terminal_table_add(struct terminal_table *table, const char *const *cells)
{
    for (size_t i = 0; i < table->column_count; i++)
        g_ptr_array_add(table->cells, printable_copy(cells[i]));
}

size_t terminal_width(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!g_unichar_iszerowidth(c))
            width += g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

void terminal_table_append(const struct terminal_table *table, GString *out)
{
    size_t rows = table->cells->len / table->column_count;
    size_t *widths = g_new0(size_t, table->column_count);
    for (size_t i = 0; i < table->cells->len; i++) {
        size_t width = terminal_width(table->cells->pdata[i]);
        if (width > widths[i % table->column_count])
            widths[i % table->column_count] = width;
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < table->column_count; column++) {
            const char *cell = table->cells->pdata[row * table->column_count + column];
            int padding = (int)(widths[column] - terminal_width(cell));
            bool last = column + 1 == table->column_count;
            if (column > 0)
                g_string_append(out, "  ");
            if (table->right[column])
                g_string_append_printf(out, "%*s%s", padding, "", cell);
            else
                g_string_append_printf(out, "%s%*s", cell, last ? 0 : padding, "");
        }
        g_string_append_c(out, '\n');
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
