/* teiten diff EDITION [OTHER]: what changed; exit status as diff(1). */
#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "base/csv_table.h"
#include "base/number.h"
#include "cmd/command.h"
#include "cmd/terminal_table.h"
#include "render/manifest.h"
#include "render/prose_difference.h"
#include "report/difference.h"

enum { FIELD_COUNT = 10, FIELD_SIZE = 32 };
static const char *const field_names[FIELD_COUNT] = {
    "table", "key", "rank", "other_rank", "count", "other_count", "share", "other_share", "change", "status",
};

/* What --only names: the kinds of difference.h, then those of prose_difference.h. */
enum { KIND_PROSE = DIFFERENCE_CONFIGURATION + 1, KIND_COUNT = KIND_PROSE + PROSE_KIND_COUNT };
static const char *const kind_names[KIND_COUNT + 1] = {
    "numbers", "coverage", "data", "configuration", "prose", "pictures", "references", NULL,
};

/* The few words of the text output. */
struct words {
    const char *columns[7];
    const char *kinds[PROSE_KIND_COUNT];
    const char *statuses[PROSE_STATUS_COUNT];
    const char *between, *after; /* the two periods */
    const char *counts;          /* between the counts of prose_status */
    const char *other, *bullet, *none;
};

static const struct words *words_of(const char *language)
{
    static const struct words japanese = {
        .columns = {"順位", "比較先", "項目", "件数", "比較先の件数", "増減", "割合"},
        .kinds = {"文", "図版", "参照先"},
        .statuses = {"同じ", "変更", "追加", "削除"},
        .between = " と ",
        .after = " の比較",
        .counts = "、",
        .other = "比較先",
        .bullet = "・",
        .none = "変化はありません。",
    };
    static const struct words english = {
        .columns = {"Rank", "Before", "Item", "Count", "Count before", "Change", "Share"},
        .kinds = {"Sentences", "Pictures", "Links"},
        .statuses = {"same", "edited", "new", "dropped"},
        .between = ", compared with ",
        .after = "",
        .counts = ", ",
        .other = "before",
        .bullet = "- ",
        .none = "Nothing has changed.",
    };
    return strcmp(language, "ja") == 0 ? &japanese : &english;
}

/* What is compared, and what of it is asked for. */
struct review {
    const struct difference *difference;
    const struct prose_difference *prose;
    const struct edition *edition, *other;
    bool only[KIND_COUNT];
    double least; /* share of the other count from which a count counts as changed; negative: every row is
                     shown */
    const struct words *words;
    bool verbose; /* prose that stayed is listed too */
};

static bool row_is_shown(const struct review *review, const struct difference_row *row)
{
    return review->only[DIFFERENCE_NUMBERS] &&
           (review->least < 0 || difference_row_changed(row, review->least));
}

static bool item_is_shown(const struct review *review, const struct prose_item *item)
{
    return review->only[KIND_PROSE + item->kind] && (review->verbose || item->status != PROSE_SAME);
}

/* Whether anything that is asked for differs. */
static bool review_has_changes(const struct review *review)
{
    for (size_t i = 0; i < review->difference->row_count; i++)
        if (review->only[DIFFERENCE_NUMBERS] &&
            difference_row_changed(&review->difference->rows[i], MAX(review->least, 0)))
            return true;
    for (size_t i = 0; i < review->difference->note_count; i++)
        if (review->only[review->difference->notes[i].kind])
            return true;
    for (size_t i = 0; i < review->prose->item_count; i++)
        if (review->only[KIND_PROSE + review->prose->items[i].kind] &&
            review->prose->items[i].status != PROSE_SAME)
            return true;
    return false;
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
    fields[9] = difference_row_status(row);
}

static void rows_print_csv(const struct review *review)
{
    const struct difference *difference = review->difference;
    char numbers[FIELD_COUNT][FIELD_SIZE];
    const char *fields[FIELD_COUNT];
    GString *out = g_string_new(NULL);
    csv_row_append(out, FIELD_COUNT, field_names);
    for (size_t i = 0; i < difference->row_count; i++) {
        if (!row_is_shown(review, &difference->rows[i]))
            continue;
        row_fields(&difference->rows[i], numbers, fields);
        csv_row_append(out, FIELD_COUNT, fields);
    }
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
}

static void member_add(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    if (value != NULL)
        json_builder_add_string_value(builder, value);
    else
        json_builder_add_null_value(builder);
}

static void notes_add_json(JsonBuilder *builder, const struct review *review)
{
    json_builder_set_member_name(builder, "notes");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < review->difference->note_count; i++) {
        const struct difference_note *note = &review->difference->notes[i];
        if (!review->only[note->kind])
            continue;
        json_builder_begin_object(builder);
        member_add(builder, "kind", kind_names[note->kind]);
        member_add(builder, "text", note->text);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void prose_add_json(JsonBuilder *builder, const struct review *review)
{
    json_builder_set_member_name(builder, "prose");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < review->prose->item_count; i++) {
        const struct prose_item *item = &review->prose->items[i];
        if (!item_is_shown(review, item))
            continue;
        json_builder_begin_object(builder);
        member_add(builder, "kind", prose_kind_name(item->kind));
        member_add(builder, "status", prose_status_name(item->status));
        member_add(builder, "file", item->file);
        json_builder_set_member_name(builder, "line");
        json_builder_add_int_value(builder, item->line);
        member_add(builder, "text", item->text);
        member_add(builder, "other_text", item->other_text);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void review_print_json(const struct review *review)
{
    const struct difference *difference = review->difference;
    char numbers[FIELD_COUNT][FIELD_SIZE];
    const char *fields[FIELD_COUNT];
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    member_add(builder, "edition", review->edition->name);
    member_add(builder, "other", review->other->name);
    json_builder_set_member_name(builder, "changes");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < difference->row_count; i++) {
        if (!row_is_shown(review, &difference->rows[i]))
            continue;
        row_fields(&difference->rows[i], numbers, fields);
        json_builder_begin_object(builder);
        for (int field = 0; field < FIELD_COUNT; field++)
            member_add(builder, field_names[field], fields[field]);
        member_add(builder, "label", difference->rows[i].label);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    notes_add_json(builder, review);
    prose_add_json(builder, review);
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

/* One table from its first row; returns the index behind its last. */
static size_t table_append_text(const struct publication *publication, const struct review *review,
                                size_t first, const char *language, GString *out)
{
    const char *const *heading = review->words->columns;
    const struct difference *difference = review->difference;
    const char *id = difference->rows[first].table;
    const struct table_definition *table = publication_table(publication, id);
    const char *caption = table != NULL ? localized_text(&table->caption, language) : NULL;
    struct terminal_table lines;
    terminal_table_init(&lines, G_N_ELEMENTS(review->words->columns));
    for (size_t column = 0; column < G_N_ELEMENTS(review->words->columns); column++)
        if (column != 2)
            terminal_table_align_right(&lines, column);
    terminal_table_add(&lines, heading);
    size_t i = first;
    size_t shown = 0;
    for (; i < difference->row_count && strcmp(difference->rows[i].table, id) == 0; i++) {
        if (!row_is_shown(review, &difference->rows[i]))
            continue;
        row_add_text(&lines, &difference->rows[i]);
        shown++;
    }
    if (shown > 0) {
        g_string_append_printf(out, "\n%s: %s\n\n", id, caption != NULL ? caption : "");
        terminal_table_append(&lines, out);
    }
    terminal_table_release(&lines);
    return i;
}

static void prose_append_text(const struct review *review, enum prose_kind kind, GString *out)
{
    const struct words *words = review->words;
    const size_t *counts = review->prose->counts[kind];
    if (!review->only[KIND_PROSE + kind] ||
        (!review->verbose && counts[PROSE_EDITED] + counts[PROSE_NEW] + counts[PROSE_DROPPED] == 0))
        return;
    g_string_append_printf(out, "\n%s: ", words->kinds[kind]);
    for (int status = 0; status < PROSE_STATUS_COUNT; status++)
        g_string_append_printf(out, "%s%s%s%zu", status > 0 ? words->counts : "", words->statuses[status],
                               g_ascii_isalpha(words->statuses[status][0]) ? " " : "", counts[status]);
    g_string_append(out, "\n\n");
    for (size_t i = 0; i < review->prose->item_count; i++) {
        const struct prose_item *item = &review->prose->items[i];
        if (item->kind != kind || !item_is_shown(review, item))
            continue;
        bool both = item->status == PROSE_EDITED && strcmp(item->text, item->other_text) != 0;
        g_string_append_printf(out, "%s  %s:%ld  %s\n", words->statuses[item->status], item->file, item->line,
                               item->text != NULL ? item->text : item->other_text);
        if (both)
            g_string_append_printf(out, "      %s  %s\n", words->other, item->other_text);
    }
}

static void review_print_text(const struct publication *publication, const struct review *review,
                              const char *language)
{
    GString *out = g_string_new(NULL);
    edition_period_append(review->edition, language, out);
    g_string_append(out, review->words->between);
    edition_period_append(review->other, language, out);
    g_string_append_printf(out, "%s\n", review->words->after);
    for (size_t i = 0; i < review->difference->row_count;)
        i = table_append_text(publication, review, i, language, out);
    bool first = true;
    for (size_t i = 0; i < review->difference->note_count; i++) {
        if (!review->only[review->difference->notes[i].kind])
            continue;
        g_string_append_printf(out, "%s%s%s\n", first ? "\n" : "", review->words->bullet,
                               review->difference->notes[i].text);
        first = false;
    }
    for (int kind = 0; kind < PROSE_KIND_COUNT; kind++)
        prose_append_text(review, (enum prose_kind)kind, out);
    if (!review_has_changes(review))
        g_string_append_printf(out, "\n%s\n", review->words->none);
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
}

/* --only KINDS, several times or between commas; without it, everything. */
static int only_parse(const struct invocation *invocation, struct review *review, struct error *err)
{
    const char *value;
    for (guint n = 0; (value = invocation_option(invocation, "only", n)) != NULL; n++) {
        char **names = g_strsplit(value, ",", -1);
        for (char **name = names; *name != NULL; name++) {
            int kind = 0;
            while (kind < KIND_COUNT && strcmp(*name, kind_names[kind]) != 0)
                kind++;
            if (kind == KIND_COUNT) {
                error_set(
                    err, ERROR_USAGE,
                    "--only %s: no such kind '%s', expected numbers, coverage, data, configuration, prose, "
                    "pictures or references",
                    value, *name);
                g_strfreev(names);
                return -1;
            }
            review->only[kind] = true;
        }
        g_strfreev(names);
    }
    for (int kind = 0; kind < KIND_COUNT && invocation_option(invocation, "only", 0) == NULL; kind++)
        review->only[kind] = true;
    return 0;
}

static int review_options(const struct invocation *invocation, struct review *review, struct error *err)
{
    const char *value = invocation_option(invocation, "min-change", 0);
    uint64_t percent;
    review->least = -1;
    review->verbose = invocation->verbosity > 0;
    if (value != NULL) {
        if (!number_parse(value, 0, 1000000, &percent))
            return error_set(err, ERROR_USAGE,
                             "--min-change %s: expected a whole percentage from 0 to 1000000", value);
        review->least = (double)percent / 100;
    }
    return only_parse(invocation, review, err);
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
    struct prose_difference *prose = NULL;
    struct registry_effect effect = {0};
    struct review review = {0};
    int result = -1;

    int format = command_format(invocation, formats, err);
    if (format < 0 || review_options(invocation, &review, err) != 0)
        return -1;
    if (invocation->output != NULL && invocation->format != NULL)
        return error_set(err, ERROR_USAGE, "--output with --format %s, expected one of the two",
                         invocation->format);
    if (command_load(invocation, invocation->arguments[0], &publication, &edition, err) != 0)
        goto done;
    other = edition_previous(&edition);
    if (invocation->argument_count > 1 &&
        edition_parse(invocation->arguments[1], publication.fiscal_start_month, &other, err) != 0)
        goto done;
    const char *language = command_language(invocation, &publication, err);
    if (language == NULL)
        goto done;
    if (invocation->output != NULL && manifest_guard(invocation->output, err) != 0) {
        error_prefix(err, "diff: %s", edition.name);
        goto done;
    }
    current = command_summary(invocation, &publication, &edition, true, err);
    if (current == NULL)
        goto done;
    compared = command_summary(invocation, &publication, &other, true, err);
    if (compared == NULL)
        goto done;
    if (command_registry_effect(invocation, &publication, current, compared, &effect, err) != 0)
        goto done;
    difference = difference_new(&publication, current, compared, &effect, language, err);
    if (difference == NULL)
        goto done;
    prose = prose_difference_new(&publication, &edition, &other, err);
    if (prose == NULL) {
        error_prefix(err, "diff");
        goto done;
    }
    review.difference = difference;
    review.prose = prose;
    review.words = words_of(language);
    review.edition = &edition;
    review.other = &other;
    if (invocation->output != NULL) {
        if (command_review(invocation, &publication, &edition, &other, difference, prose, err) != 0)
            goto done;
    } else if (format == 0)
        review_print_text(&publication, &review, language);
    else if (format == 1)
        rows_print_csv(&review);
    else
        review_print_json(&review);
    result = review_has_changes(&review) ? 1 : 0;
done:
    g_clear_pointer(&prose, prose_difference_free);
    g_clear_pointer(&difference, difference_free);
    registry_effect_release(&effect);
    g_clear_pointer(&compared, summary_free);
    g_clear_pointer(&current, summary_free);
    publication_release(&publication);
    return result;
}
