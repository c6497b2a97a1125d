#include "report/figure_caption.h"

#include <string.h>

#include "base/number.h"
#include "summary/key.h"

static char *key_words(const struct context *context, enum measure_by by)
{
    char *rule = g_strdup_printf("grouping-%s", measure_by_name(by));
    char *text = wording_text(context->wording, rule, NULL);
    g_free(rule);
    return text;
}

/* "宛先ポート番号", or of a pair both. */
static char *grouping_text(const struct context *context, enum measure_by by)
{
    char *first = key_words(context, measure_by_first(by));
    if (measure_by_second(by) == BY_NOTHING)
        return first;
    char *second = key_words(context, measure_by_second(by));
    char *pair = wording_text(context->wording, "list-pair", "first", first, "second", second, NULL);
    g_free(first);
    g_free(second);
    return pair;
}

/* Protocols stand as numbers in definitions. */
static char *protocols_text(const char *numbers)
{
    GString *out = g_string_new(NULL);
    char **words = g_strsplit(numbers, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        char buffer[KEY_TEXT_SIZE];
        uint64_t number;
        bool is_number = number_parse(*word, 0, UINT8_MAX, &number);
        g_string_append_printf(out, "%s%s", out->len > 0 ? "," : "",
                               is_number ? key_from_protocol((uint8_t)number, buffer) : *word);
    }
    g_strfreev(words);
    return g_string_free(out, FALSE);
}

static void condition_append(const struct context *context, GString *out, const char *name,
                             const char *values)
{
    char *rule = g_strdup_printf("condition-%s", name);
    char *text = strcmp(name, "protocol") == 0 ? protocols_text(values) : g_strdup(values);
    if (out->len > 0)
        wording_append(context->wording, out, "list-separator", NULL);
    wording_append(context->wording, out, rule, "values", text, NULL);
    g_free(text);
    g_free(rule);
}

/* The conditions of a definition as it stands in summaries ("count=packets by=port port=23,2323"), in words.
 */
static char *conditions_text(const struct context *context, const char *definition)
{
    GString *out = g_string_new(NULL);
    const char *bpf = strstr(definition, " bpf="); /* the last one: its text may hold anything */
    char *others = g_strndup(definition, bpf != NULL ? (gsize)(bpf - definition) : strlen(definition));
    char **words = g_strsplit(others, " ", -1);
    for (char **word = words; *word != NULL; word++) {
        char *equals = strchr(*word, '=');
        if (equals == NULL || g_str_has_prefix(*word, "count=") || g_str_has_prefix(*word, "by=") ||
            g_str_has_prefix(*word, "per="))
            continue;
        *equals = '\0';
        condition_append(context, out, *word, equals + 1);
    }
    if (bpf != NULL)
        condition_append(context, out, "bpf", bpf + strlen(" bpf="));
    g_strfreev(words);
    g_free(others);
    return g_string_free(out, FALSE);
}

char *figure_caption(const struct context *context, const struct figure_definition *definition,
                     const struct measure_counts *measure, struct error *err)
{
    if (definition->caption.texts != NULL)
        return g_strdup(context_localized(context, &definition->caption, definition->line, "caption", err));
    const struct wording *wording = context->wording;
    char *count = context_count_text(context, "heading", measure->count);
    char *caption;
    if (measure->by == BY_NOTHING) {
        caption = g_strdup(count);
    } else {
        char *grouping = grouping_text(context, measure->by);
        caption = wording_text(wording, "caption-by", "key", grouping, "count", count, NULL);
        g_free(grouping);
    }
    g_free(count);
    char *conditions = conditions_text(context, measure->definition);
    if (*conditions != '\0') {
        char *whole =
            wording_text(wording, "caption-where", "caption", caption, "conditions", conditions, NULL);
        g_free(caption);
        caption = whole;
    }
    g_free(conditions);
    return caption;
}
