/* teiten table TABLE EDITION: one table, for the terminal or for programs. */
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/terminal_table.h"

static void table_print_text(const struct model *model, const struct model_table *table)
{
    struct terminal_table lines;
    GString *out = g_string_new(NULL);
    const char **cells = g_new0(const char *, table->column_count);
    terminal_table_init(&lines, table->column_count);
    for (size_t i = 0; i < table->column_count; i++) {
        cells[i] = table->columns[i].heading;
        if (table->columns[i].is_number)
            terminal_table_align_right(&lines, i);
    }
    terminal_table_add(&lines, cells);
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < table->column_count; i++)
            cells[i] = table->rows[row].cells[i].text;
        terminal_table_add(&lines, cells);
    }
    terminal_table_append(&lines, out);
    printf(strcmp(model->language, "ja") == 0 ? "%s（%s）\n\n" : "%s (%s)\n\n", table->caption,
           model->period);
    fputs(out->str, stdout);
    g_free(cells);
    g_string_free(out, TRUE);
    terminal_table_release(&lines);
}

static void table_print_json(const struct model *model, const struct model_table *table)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    command_add_text(builder, "table", table->id);
    command_add_text(builder, "edition", model->edition);
    command_add_text(builder, "caption", table->caption);
    json_builder_set_member_name(builder, "rows");
    json_builder_begin_array(builder);
    for (size_t row = 0; row < table->row_count; row++) {
        json_builder_begin_object(builder);
        for (size_t i = 0; i < table->column_count; i++) {
            const struct model_cell *cell = &table->rows[row].cells[i];
            json_builder_set_member_name(builder, table->columns[i].name);
            json_builder_begin_object(builder);
            command_add_text(builder, "value", cell->value);
            command_add_text(builder, "text", cell->text);
            json_builder_end_object(builder);
        }
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    command_print_json(builder);
}

static void table_print(const struct model *model, const char *id, int format)
{
    const struct model_table *table = model_table(model, id);
    g_assert(table != NULL);
    if (format == 0) {
        table_print_text(model, table);
    } else if (format == 1) {
        char *csv = model_table_csv(table);
        fputs(csv, stdout);
        g_free(csv);
    } else {
        table_print_json(model, table);
    }
}

int cmd_table(struct invocation *invocation, struct error *err)
{
    static const char *const formats[] = {"text", "csv", "json", NULL};
    const struct command_printing printing = {
        .command = "table",
        .formats = formats,
        .edition = invocation->arguments[1],
        .kind = COMMAND_TABLE,
        .id = invocation->arguments[0],
        .print = table_print,
    };
    return command_print(invocation, &printing, err);
}
