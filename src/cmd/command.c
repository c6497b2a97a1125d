#include "cmd/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "cmd/progress.h"

const char *invocation_option(const struct invocation *invocation, const char *name, guint n)
{
    for (guint i = 0; i + 1 < invocation->options->len; i += 2)
        if (strcmp(invocation->options->pdata[i], name) == 0 && n-- == 0)
            return invocation->options->pdata[i + 1];
    return NULL;
}

int command_load(struct invocation *invocation, const char *edition_name, struct publication *publication,
                 struct edition *edition, struct error *err)
{
    if (publication_load(publication, invocation->folder, &invocation->warnings, err) != 0)
        return error_prefix(err, "publication");
    if (edition_parse(edition_name, publication->fiscal_start_month, edition, err) != 0)
        return -1;
    return 0;
}

const char *command_language(const struct invocation *invocation, const struct publication *publication,
                             struct error *err)
{
    if (invocation->language == NULL)
        return publication->languages[0];
    for (char **language = publication->languages; *language != NULL; language++)
        if (strcmp(*language, invocation->language) == 0)
            return *language;
    char *known = g_strjoinv(", ", publication->languages);
    error_set(err, ERROR_USAGE, "--language %s: %s has no such language, expected one of: %s",
              invocation->language, publication->file, known);
    g_free(known);
    return NULL;
}

struct summary *command_summary(struct invocation *invocation, const struct publication *publication,
                                const struct edition *edition, const char *const *measures, bool required,
                                struct error *err)
{
    char *path = aggregate_summary_path(publication, edition);
    struct summary *summary = NULL;
    /* Captures may have gone to the archive's tape: what was counted from them still stands. */
    if (!aggregate_has_captures(publication, edition)) {
        bool counted = g_file_test(path, G_FILE_TEST_EXISTS);
        if (counted) {
            summary = summary_new();
            if (summary_read_measures(summary, path, measures, err) != 0) {
                error_prefix(err, "summary");
                g_clear_pointer(&summary, summary_free);
            }
        }
        if (counted || !required) {
            g_free(path);
            return summary;
        }
    }
    struct progress progress;
    char *reason = NULL;
    progress_start(&progress, edition->name, invocation->verbosity < 0);
    struct aggregate_options options = {
        .thread_count = invocation->thread_count,
        .strict = invocation->strict,
        .measures = measures,
        .progress = progress_update,
        .progress_context = &progress,
    };
    summary = aggregate_fresh_summary(publication, edition, &options, &invocation->warnings, &reason, err);
    progress_end(&progress);
    if (summary != NULL && reason != NULL && invocation->verbosity >= 0)
        fprintf(stderr, "%s: counted %" PRIu64 " packet%s in %u archive%s (%s)\n", edition->name,
                summary->packets_read, summary->packets_read == 1 ? "" : "s", summary->archives->len,
                summary->archives->len == 1 ? "" : "s", reason);
    g_free(reason);
    g_free(path);
    return summary;
}

/* A summary whose captures have gone cannot be counted again: its numbers must be those that the publication
 * asks for. */
int command_measure_check(const struct summary *summary, const struct measure *measure, struct error *err)
{
    const struct measure_counts *counts = summary_measure(summary, measure->id);
    char *definition = measure_definition(measure);
    bool agrees = counts != NULL && strcmp(counts->definition, definition) == 0;
    g_free(definition);
    if (agrees)
        return 0;
    return error_set(err, ERROR_INPUT,
                     "summary: %s: measure %s %s and its captures have gone, expected them to count again",
                     summary->edition.name, measure->id,
                     counts == NULL ? "was not counted" : "was counted with another definition");
}

static int check_measures(const struct publication *publication, const struct summary *summary,
                          struct error *err)
{
    for (size_t i = 0; i < publication->measure_count; i++)
        if (command_measure_check(summary, &publication->measures[i], err) != 0)
            return -1;
    return 0;
}

static void id_add(GPtrArray *ids, const char *id)
{
    if (!g_ptr_array_find_with_equal_func(ids, id, g_str_equal, NULL))
        g_ptr_array_add(ids, (char *)(uintptr_t)id);
}

/* The ids of the measures that tables and figures show, NULL-terminated: of editions longer ago than the
 * previous one nobody asks for others, which are the greater part. */
static GPtrArray *measures_shown(const struct publication *publication)
{
    GPtrArray *ids = g_ptr_array_new();
    for (size_t i = 0; i < publication->table_count; i++)
        id_add(ids, publication->tables[i].measure);
    for (size_t i = 0; i < publication->figure_count; i++)
        id_add(ids, publication->figures[i].measure);
    g_ptr_array_add(ids, NULL);
    return ids;
}

/* NULL with err->kind == ERROR_NONE when it has no captures and was not counted. */
static struct summary *old_summary(struct invocation *invocation, const struct publication *publication,
                                   const struct edition *edition, struct error *err)
{
    GPtrArray *ids = measures_shown(publication);
    struct summary *summary =
        command_summary(invocation, publication, edition, (const char *const *)ids->pdata, false, err);
    g_ptr_array_unref(ids);
    return summary;
}

static int summaries_load(struct invocation *invocation, const struct publication *publication,
                          const struct edition *edition, struct command_summaries *summaries,
                          struct error *err)
{
    struct edition previous = edition_previous(edition);
    struct edition year_before = edition_year_before(edition);
    err->kind = ERROR_NONE;
    summaries->current = command_summary(invocation, publication, edition, NULL, true, err);
    if (summaries->current == NULL || check_measures(publication, summaries->current, err) != 0)
        return -1;
    summaries->previous = command_summary(invocation, publication, &previous, NULL, false, err);
    if (summaries->previous == NULL && err->kind != ERROR_NONE)
        return -1;
    summaries->year_before = old_summary(invocation, publication, &year_before, err);
    if (summaries->year_before == NULL && err->kind != ERROR_NONE)
        return -1;
    return 0;
}

void command_summaries_release(struct command_summaries *summaries)
{
    g_clear_pointer(&summaries->current, summary_free);
    g_clear_pointer(&summaries->previous, summary_free);
    g_clear_pointer(&summaries->year_before, summary_free);
    knowledge_release(&summaries->knowledge);
    for (size_t i = 0; i < G_N_ELEMENTS(summaries->earlier); i++)
        g_clear_pointer(&summaries->earlier[i], summary_free);
}

/* As far back as a rank flow goes. The same quarter a year before is the fourth before and loaded already. */
static int earlier_load(struct invocation *invocation, const struct publication *publication,
                        const struct edition *edition, struct command_summaries *summaries, struct error *err)
{
    enum { YEAR_BEFORE = 4 };
    int quarters = 0;
    for (size_t i = 0; i < publication->figure_count; i++)
        if (publication->figures[i].kind == FIGURE_RANK_FLOW)
            quarters = MAX(quarters, publication->figures[i].quarters);
    struct edition back = edition_previous(edition);
    for (int i = 2; i < quarters; i++) {
        back = edition_previous(&back);
        if (i == YEAR_BEFORE)
            continue;
        summaries->earlier[i - 2] = old_summary(invocation, publication, &back, err);
        if (summaries->earlier[i - 2] == NULL && err->kind != ERROR_NONE)
            return -1;
    }
    return 0;
}

int command_input_load(struct invocation *invocation, const struct publication *publication,
                       const struct edition *edition, struct command_summaries *summaries,
                       struct model_input *input, struct error *err)
{
    struct knowledge knowledge;
    memset(summaries, 0, sizeof *summaries);
    /* Before the captures are read, which takes longer. */
    if (knowledge_load(&knowledge, publication, edition, &invocation->warnings, err) != 0)
        return -1;
    if (summaries_load(invocation, publication, edition, summaries, err) != 0) {
        knowledge_release(&knowledge);
        return -1;
    }
    summaries->knowledge = knowledge;
    if (earlier_load(invocation, publication, edition, summaries, err) != 0)
        return -1;
    summaries->history[0] = summaries->previous;
    for (size_t i = 0; i < G_N_ELEMENTS(summaries->earlier); i++)
        summaries->history[i + 1] = i == 2 ? summaries->year_before : summaries->earlier[i];
    *input = (struct model_input){
        .edition = edition,
        .current = summaries->current,
        .previous = summaries->previous,
        .year_before = summaries->year_before,
        .knowledge = &summaries->knowledge,
        .history = summaries->history,
        .history_count = G_N_ELEMENTS(summaries->history),
    };
    return 0;
}

/* The model of an edition, from fresh summaries. */
static struct model *model_make(struct invocation *invocation, const struct publication *publication,
                                const struct edition *edition, struct error *err)
{
    struct command_summaries summaries = {0};
    struct model_input input;
    struct model *model = NULL;
    const char *language = command_language(invocation, publication, err);
    if (language != NULL &&
        command_input_load(invocation, publication, edition, &summaries, &input, err) == 0)
        model = model_new(publication, &input, language, &invocation->warnings, err);
    command_summaries_release(&summaries);
    return model;
}

void command_print_bins(const struct summary *summary)
{
    GString *line = g_string_new(NULL);
    for (int bin = 0; bin < BIN_COUNT; bin++) {
        g_string_truncate(line, 0);
        number_append_thousands(line, summary->bins[bin]);
        fprintf(stderr, "%16s  %s\n", line->str, bin_name((enum bin)bin));
    }
    g_string_truncate(line, 0);
    number_append_thousands(line, summary->packets_read);
    fprintf(stderr, "%16s  packets read\n", line->str);
    g_string_free(line, TRUE);
}

/* The ids of that kind in the order of publication.xml, tables before figures; NULL-terminated, borrowed. */
static GPtrArray *ids_of(const struct publication *publication, enum command_id kind)
{
    bool tables = kind == COMMAND_TABLE || kind == COMMAND_TABLE_OR_FIGURE;
    bool figures = kind == COMMAND_FIGURE || kind == COMMAND_TABLE_OR_FIGURE;
    GPtrArray *ids = g_ptr_array_new();
    for (size_t i = 0; kind == COMMAND_MEASURE && i < publication->measure_count; i++)
        g_ptr_array_add(ids, publication->measures[i].id);
    for (size_t i = 0; tables && i < publication->table_count; i++)
        g_ptr_array_add(ids, publication->tables[i].id);
    for (size_t i = 0; figures && i < publication->figure_count; i++)
        g_ptr_array_add(ids, publication->figures[i].id);
    g_ptr_array_add(ids, NULL);
    return ids;
}

int command_id_check(const char *command, const struct publication *publication, enum command_id kind,
                     const char *id, struct error *err)
{
    static const char *const names[] = {"measure", "table", "figure", "table or figure"};
    GPtrArray *ids = ids_of(publication, kind);
    bool known = g_strv_contains((const char *const *)ids->pdata, id);
    if (!known) {
        char *list = g_strjoinv(", ", (char **)ids->pdata);
        error_set(err, ERROR_USAGE, "%s: %s: %s defines no such %s, expected one of: %s", command, id,
                  publication->file, names[kind], list);
        g_free(list);
    }
    g_ptr_array_unref(ids);
    return known ? 0 : -1;
}

int command_option_refuse(const char *option, const char *value, const char *expected, struct error *err)
{
    return error_set(err, ERROR_USAGE, "--%s %s: expected %s", option, value, expected);
}

int command_format(const struct invocation *invocation, const char *const *formats, struct error *err)
{
    if (invocation->format == NULL)
        return 0;
    for (int i = 0; formats[i] != NULL; i++)
        if (strcmp(formats[i], invocation->format) == 0)
            return i;
    char *known = g_strjoinv(", ", (char **)(uintptr_t)formats);
    error_set(err, ERROR_USAGE, "--format %s: no such format, expected one of: %s", invocation->format,
              known);
    g_free(known);
    return -1;
}

int command_print(struct invocation *invocation, const struct command_printing *printing, struct error *err)
{
    struct publication publication = {0};
    struct edition edition;
    struct model *model = NULL;
    int format = command_format(invocation, printing->formats, err);
    if (format < 0)
        return -1;
    if (command_load(invocation, printing->edition, &publication, &edition, err) == 0 &&
        (printing->id == NULL ||
         command_id_check(printing->command, &publication, printing->kind, printing->id, err) == 0))
        model = model_make(invocation, &publication, &edition, err);
    if (model != NULL)
        printing->print(model, printing->id, format);
    int result = model != NULL ? 0 : -1;
    g_clear_pointer(&model, model_free);
    publication_release(&publication);
    return result;
}

void command_add_text(JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name(builder, name);
    if (text == NULL)
        json_builder_add_null_value(builder);
    else
        json_builder_add_string_value(builder, text);
}

void command_print_json(JsonBuilder *builder)
{
    JsonNode *root = json_builder_get_root(builder);
    char *text = json_to_string(root, TRUE);
    puts(text);
    g_free(text);
    json_node_unref(root);
    g_object_unref(builder);
}
