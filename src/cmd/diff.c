/* teiten diff EDITION [OTHER]: what changed; exit status as diff(1). */
#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "base/csv_table.h"
#include "base/number.h"
#include "cmd/command.h"
#include "cmd/terminal_table.h"
#include "report/difference.h"

enum { FIELD_COUNT = 10, FIELD_SIZE = 32 };
static const char *const field_names[FIELD_COUNT] = {
    "table", "key", "rank", "other_rank", "count", "other_count", "share", "other_share", "change", "status",
};

static const char *row_status(const struct difference_row *row)
{
    if (row->entered)
        return "entered";
    if (row->left)
        return "left";
    if (row->rank != row->other_rank)
        return row->rank < row->other_rank ? "rose" : "fell";
    return row->count != row->other_count ? "count" : "same";
}

/* The fields for programs, in the order of field_names; empty where there is no rank. */
static void row_fields(const struct difference_row *row, char numbers[FIELD_COUNT][FIELD_SIZE],
                       const char *fields[FIELD_COUNT])
{
    memset(numbers, 0, FIELD_COUNT * FIELD_SIZE);
    if (row->rank > 0)
        snprintf(numbers[2], FIELD_SIZE, "%d", row->rank);
    if (row->other_rank > 0)
        snprintf(numbers[3], FIELD_SIZE, "%d", row->other_rank);
    snprintf(numbers[4], FIELD_SIZE, "%" PRIu64, row->count);
    snprintf(numbers[5], FIELD_SIZE, "%" PRIu64, row->other_count);
    g_ascii_formatd(numbers[6], FIELD_SIZE, "%.6f", row->share);
    g_ascii_formatd(numbers[7], FIELD_SIZE, "%.6f", row->other_share);
    for (int i = 0; i < FIELD_COUNT; i++)
        fields[i] = numbers[i];
    fields[0] = row->table;
    fields[1] = row->key;
    fields[8] = row->change;
    fields[9] = row_status(row);
}

static void rows_print_csv(const struct difference *difference)
{
    char numbers[FIELD_COUNT][FIELD_SIZE];
    const char *fields[FIELD_COUNT];
    GString *out = g_string_new(NULL);
    csv_row_append(out, FIELD_COUNT, field_names);
    for (size_t i = 0; i < difference->row_count; i++) {
        row_fields(&difference->rows[i], numbers, fields);
        csv_row_append(out, FIELD_COUNT, fields);
    }
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
}

static void rows_print_json(const struct difference *difference, const struct edition *edition,
                            const struct edition *other)
{
    char numbers[FIELD_COUNT][FIELD_SIZE];
    const char *fields[FIELD_COUNT];
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "edition");
    json_builder_add_string_value(builder, edition->name);
    json_builder_set_member_name(builder, "other");
    json_builder_add_string_value(builder, other->name);
    json_builder_set_member_name(builder, "changes");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < difference->row_count; i++) {
        row_fields(&difference->rows[i], numbers, fields);
        json_builder_begin_object(builder);
        for (int field = 0; field < FIELD_COUNT; field++) {
            json_builder_set_member_name(builder, field_names[field]);
            json_builder_add_string_value(builder, fields[field]);
        }
        json_builder_set_member_name(builder, "label");
        json_builder_add_string_value(builder, difference->rows[i].label);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_set_member_name(builder, "notes");
    json_builder_begin_array(builder);
    for (char **note = difference->notes; *note != NULL; note++)
        json_builder_add_string_value(builder, *note);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    JsonNode *root = json_builder_get_root(builder);
    char *text = json_to_string(root, TRUE);
    puts(text);
    g_free(text);
    json_node_unref(root);
    g_object_unref(builder);
}

static char *rank_text(int rank)
{
    return rank > 0 ? g_strdup_printf("%d", rank) : g_strdup("-");
}

static char *count_text(uint64_t count)
{
    GString *text = g_string_new(NULL);
    number_append_thousands(text, count);
    return g_string_free(text, FALSE);
}

static void row_add_text(struct terminal_table *lines, const struct difference_row *row)
{
    char *cells[7];
    char share[64];
    char other_share[64];
    g_ascii_formatd(share, sizeof share, "%.1f", row->share * 100);
    g_ascii_formatd(other_share, sizeof other_share, "%.1f", row->other_share * 100);
    cells[0] = rank_text(row->rank);
    cells[1] = rank_text(row->other_rank);
    cells[2] = g_strdup(row->label);
    cells[3] = count_text(row->count);
    cells[4] = count_text(row->other_count);
    cells[5] = g_strdup(row->change);
    cells[6] = g_strdup_printf("%s%%←%s%%", share, other_share);
    terminal_table_add(lines, (const char *const *)cells);
    for (size_t i = 0; i < G_N_ELEMENTS(cells); i++)
        g_free(cells[i]);
}

static void rows_print_text(const struct publication *publication, const struct difference *difference,
                            const struct edition *edition, const struct edition *other, const char *language)
{
    static const char *const heading[] = {"順位", "比較先", "項目", "件数", "比較先の件数", "増減", "割合"};
    GString *out = g_string_new(NULL);
    edition_period_append(edition, language, out);
    g_string_append(out, " と ");
    edition_period_append(other, language, out);
    g_string_append(out, " の比較\n");
    for (size_t i = 0; i < difference->row_count;) {
        const char *id = difference->rows[i].table;
        const struct table_definition *table = publication_table(publication, id);
        const char *caption = table != NULL ? localized_text(&table->caption, language) : NULL;
        struct terminal_table lines;
        terminal_table_init(&lines, G_N_ELEMENTS(heading));
        for (size_t column = 0; column < G_N_ELEMENTS(heading); column++)
            if (column != 2)
                terminal_table_align_right(&lines, column);
        terminal_table_add(&lines, heading);
        for (; i < difference->row_count && strcmp(difference->rows[i].table, id) == 0; i++)
            row_add_text(&lines, &difference->rows[i]);
        g_string_append_printf(out, "\n%s: %s\n\n", id, caption != NULL ? caption : "");
        terminal_table_append(&lines, out);
        terminal_table_release(&lines);
    }
    for (char **note = difference->notes; *note != NULL; note++)
        g_string_append_printf(out, "%s・%s\n", note == difference->notes ? "\n" : "", *note);
    if (difference->change_count == 0)
        g_string_append(out, "\n変化はありません。\n");
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
}

int cmd_diff(struct invocation *invocation, struct error *err)
{
    static const char *const formats[] = {"text", "csv", "json", NULL};
    struct publication publication = {0};
    struct edition edition;
    struct edition other;
    struct summary *current = NULL;
    struct summary *compared = NULL;
    struct difference *difference = NULL;
    int result = -1;

    int format = command_format(invocation, formats, err);
    if (format < 0)
        return -1;
    if (command_load(invocation, invocation->arguments[0], &publication, &edition, err) != 0)
        goto done;
    other = edition_previous(&edition);
    if (invocation->argument_count > 1 &&
        edition_parse(invocation->arguments[1], publication.fiscal_start_month, &other, err) != 0)
        goto done;
    const char *language = command_language(invocation, &publication, err);
    if (language == NULL)
        goto done;
    current = command_summary(invocation, &publication, &edition, true, err);
    if (current == NULL)
        goto done;
    compared = command_summary(invocation, &publication, &other, true, err);
    if (compared == NULL)
        goto done;
    difference = difference_new(&publication, current, compared, language, err);
    if (difference == NULL)
        goto done;
    if (format == 0)
        rows_print_text(&publication, difference, &edition, &other, language);
    else if (format == 1)
        rows_print_csv(difference);
    else
        rows_print_json(difference, &edition, &other);
    result = difference->change_count > 0 ? 1 : 0;
done:
    g_clear_pointer(&difference, difference_free);
    g_clear_pointer(&compared, summary_free);
    g_clear_pointer(&current, summary_free);
    publication_release(&publication);
    return result;
}
