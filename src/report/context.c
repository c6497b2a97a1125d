#include "report/context.h"

#include <string.h>

const struct measure_counts *context_measure(const struct context *context, const char *id, struct error *err)
{
    const struct measure_counts *measure = summary_measure(context->current, id);
    if (measure == NULL)
        error_set(err, ERROR_INPUT,
                  "%s: the summary of %s has no measure '%s', expected one: count the edition again",
                  context->publication->file, context->current->edition.name, id);
    return measure;
}

const char *context_localized_optional(const struct context *context, const struct localized *text)
{
    return text->texts == NULL ? NULL : localized_text(text, context->language);
}

const char *context_localized(const struct context *context, const struct localized *text, int line,
                              const char *element, struct error *err)
{
    const char *found = context_localized_optional(context, text);
    if (found == NULL)
        error_set(err, ERROR_INPUT, "%s: line %d: no <%s> in the language '%s', expected one",
                  context->publication->file, line, element, context->language);
    return found;
}

const char *context_column(const struct context *context, const char *text, const char *english)
{
    bool is_english = strcmp(context->language, "en") == 0;
    if (is_english && english != NULL && *english != '\0')
        return english;
    char *const *languages = context->publication->languages;
    bool is_own = !is_english || (languages != NULL && g_strcmp0(languages[0], "en") == 0);
    return is_own && text != NULL ? text : "";
}

/* The part of a rule's name that depends on what is grouped by: "port", "region", "sensor", "tool", "all",
 * "key" for everything else. */
static const char *by_name(enum measure_by by)
{
    switch (by) {
    case BY_PORT:
        return "port";
    case BY_REGION:
        return "region";
    case BY_SENSOR:
        return "sensor";
    case BY_TOOL:
        return "tool";
    case BY_NOTHING:
        return "all";
    case BY_PROTOCOL:
    case BY_GROUP:
    case BY_SOURCE_24:
    case MEASURE_BYS:
        break;
    }
    return "key"; /* and all pairs */
}

char *context_rule(const char *stem, enum measure_by by)
{
    return g_strdup_printf("%s-%s", stem, by_name(by));
}

char *context_count_text(const struct context *context, const char *stem, enum measure_count count)
{
    char *rule = g_strdup_printf("%s-%s", stem, measure_count_name(count));
    char *text = wording_text(context->wording, rule, NULL);
    g_free(rule);
    return text;
}
