/* teiten draft EDITION [ID]: the drafted sentences, for editors to keep. */
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"

static bool is_wanted(const struct model_draft *draft, const char *id)
{
    return id == NULL ? draft->sentence_count > 0 : strcmp(draft->id, id) == 0;
}

static const char *caption_of(const struct model *model, const char *id)
{
    const struct model_table *table = model_table(model, id);
    const struct model_figure *figure = model_figure(model, id);
    return table != NULL ? table->caption : figure != NULL ? figure->caption : id;
}

static void draft_print_text(const struct model *model, const struct model_draft *draft)
{
    printf("%s: %s\n", draft->id, caption_of(model, draft->id));
    for (size_t i = 0; i < draft->sentence_count; i++) {
        const struct model_sentence *sentence = &draft->sentences[i];
        printf("  %s\n      %s: %s%s%s%s\n", sentence->text, sentence->rule, sentence->inputs,
               *sentence->threshold != '\0' ? " (" : "", sentence->threshold,
               *sentence->threshold != '\0' ? ")" : "");
    }
}

static void drafts_print_json(const struct model *model, const char *id)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_array(builder);
    for (size_t k = 0; k < model->draft_count; k++) {
        const struct model_draft *draft = &model->drafts[k];
        for (size_t i = 0; is_wanted(draft, id) && i < draft->sentence_count; i++) {
            json_builder_begin_object(builder);
            command_add_text(builder, "id", draft->id);
            command_add_text(builder, "rule", draft->sentences[i].rule);
            command_add_text(builder, "inputs", draft->sentences[i].inputs);
            command_add_text(builder, "threshold", draft->sentences[i].threshold);
            command_add_text(builder, "text", draft->sentences[i].text);
            json_builder_end_object(builder);
        }
    }
    json_builder_end_array(builder);
    command_print_json(builder);
}

static void attribute_print(const char *name, const char *value)
{
    char *escaped = g_markup_escape_text(value, -1);
    printf(" %s=\"%s\"", name, escaped);
    g_free(escaped);
}

static void drafts_print_xhtml(const struct model *model, const char *id)
{
    puts("<t:fragment xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:t=\"urn:teiten:template:1\">");
    for (size_t k = 0; k < model->draft_count; k++) {
        const struct model_draft *draft = &model->drafts[k];
        if (!is_wanted(draft, id) || draft->sentence_count == 0)
            continue;
        puts("  <p>");
        for (size_t i = 0; i < draft->sentence_count; i++) {
            char *text = g_markup_escape_text(draft->sentences[i].text, -1);
            fputs("    <t:kept", stdout);
            attribute_print("draft", draft->id);
            attribute_print("rule", draft->sentences[i].rule);
            attribute_print("inputs", draft->sentences[i].inputs);
            printf(">%s</t:kept>\n", text);
            g_free(text);
        }
        puts("  </p>");
    }
    puts("</t:fragment>");
}

static void drafts_print(const struct model *model, const char *id, int format)
{
    if (format == 1) {
        drafts_print_xhtml(model, id);
    } else if (format == 2) {
        drafts_print_json(model, id);
    } else {
        for (size_t i = 0; i < model->draft_count; i++)
            if (is_wanted(&model->drafts[i], id))
                draft_print_text(model, &model->drafts[i]);
    }
}

int cmd_draft(struct invocation *invocation, struct error *err)
{
    static const char *const formats[] = {"text", "xhtml", "json", NULL};
    const struct command_printing printing = {
        .command = "draft",
        .formats = formats,
        .edition = invocation->arguments[0],
        .kind = COMMAND_TABLE_OR_FIGURE,
        .id = invocation->argument_count > 1 ? invocation->arguments[1] : NULL,
        .print = drafts_print,
    };
    return command_print(invocation, &printing, err);
}
