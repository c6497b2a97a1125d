#include "report/label.h"

#include <string.h>

#include "summary/key.h"

/* NULL and an error when the table has no such code. */
static const char *region_name(const struct context *context, const char *code, struct error *err)
{
    const struct publication *publication = context->publication;
    const char *name = region_names_name(&publication->regions, context->language, code);
    if (name == NULL)
        error_set(err, ERROR_INPUT,
                  "%s: no name for the region '%s' in the language '%s', expected a line for it",
                  publication->regions_path != NULL ? publication->regions_path : "regions.csv", code,
                  context->language);
    return name;
}

/* Of a sensor without a name in the language, the id. */
static const char *sensor_label(const struct context *context, const char *id)
{
    int index = sensor_list_find(&context->publication->sensors, id);
    const struct sensor *sensor = index < 0 ? NULL : &context->publication->sensors.sensors[index];
    const char *label = sensor == NULL ? "" : context_column(context, sensor->label, sensor->label_en);
    return *label == '\0' ? id : label;
}

static void tool_label_append(const struct context *context, const char *key, GString *out)
{
    if (tool_find(key) < 0) { /* a summary of a later version */
        g_string_append(out, key);
        return;
    }
    char *rule = g_strdup_printf("tool-%s", key);
    wording_append(context->wording, out, rule, NULL);
    g_free(rule);
}

/* Everything but regions, whose label depends on the place. */
static void plain_label_append(const struct context *context, enum measure_by by, const char *key,
                               GString *out)
{
    switch (by) {
    case BY_PORT:
        service_names_label_append(&context->publication->services, context->language, key, out);
        return;
    case BY_SENSOR:
        g_string_append(out, sensor_label(context, key));
        return;
    case BY_TOOL:
        tool_label_append(context, key, out);
        return;
    case BY_NOTHING:
        wording_append(context->wording, out, "label-all", NULL);
        return;
    case BY_REGION:
    case BY_PROTOCOL:
    case BY_GROUP:
    case BY_SOURCE_24:
    case MEASURE_BYS:
        break;
    }
    g_string_append(out, key);
}

typedef int label_function(const struct context *context, enum measure_by by, const char *key, GString *out,
                           struct error *err);

/* Both halves of a pair's key, each named by `append`. */
static int pair_append(const struct context *context, enum measure_by by, const char *key, GString *out,
                       label_function *append, struct error *err)
{
    const char *second_key = key_second(key);
    if (second_key == NULL) { /* no key of such a measure */
        g_string_append(out, key);
        return 0;
    }
    char *first_key = g_strndup(key, (gsize)(second_key - 1 - key));
    GString *first = g_string_new(NULL);
    GString *second = g_string_new(NULL);
    int result = 0;
    if (append(context, measure_by_first(by), first_key, first, err) != 0 ||
        append(context, measure_by_second(by), second_key, second, err) != 0)
        result = -1;
    else
        wording_append(context->wording, out, "label-pair", "first", first->str, "second", second->str, NULL);
    g_string_free(first, TRUE);
    g_string_free(second, TRUE);
    g_free(first_key);
    return result;
}

int label_append(const struct context *context, enum measure_by by, const char *key, GString *out,
                 struct error *err)
{
    if (measure_by_second(by) != BY_NOTHING)
        return pair_append(context, by, key, out, label_append, err);
    if (by != BY_REGION) {
        plain_label_append(context, by, key, out);
        return 0;
    }
    const char *name = region_name(context, key, err);
    if (name == NULL)
        return -1;
    wording_append(context->wording, out, "label-region", "name", name, "code", key, NULL);
    return 0;
}

int label_append_prose(const struct context *context, enum measure_by by, const char *key, GString *out,
                       struct error *err)
{
    if (measure_by_second(by) != BY_NOTHING)
        return pair_append(context, by, key, out, label_append_prose, err);
    if (by != BY_REGION) {
        plain_label_append(context, by, key, out);
        return 0;
    }
    if (region_name(context, key, err) == NULL)
        return -1;
    g_string_append(out, region_names_prose(&context->publication->regions, context->language, key));
    return 0;
}

/* As a label beside a line: "Telnet (23/TCP), United States". */
static int name_append(const struct context *context, enum measure_by by, const char *key, GString *out,
                       struct error *err)
{
    if (measure_by_second(by) != BY_NOTHING)
        return pair_append(context, by, key, out, name_append, err);
    if (by != BY_REGION) {
        plain_label_append(context, by, key, out);
        return 0;
    }
    const char *name = region_name(context, key, err);
    g_string_append(out, name != NULL ? name : "");
    return name != NULL ? 0 : -1;
}

int label_split(const struct context *context, enum measure_by by, const char *key, char **label,
                char **detail, struct error *err)
{
    if (by == BY_REGION) {
        const char *name = region_name(context, key, err);
        if (name == NULL)
            return -1;
        *label = g_strdup(name);
        *detail = g_strdup(key);
        return 0;
    }
    const char *name =
        by == BY_PORT ? service_names_name(&context->publication->services, context->language, key) : "";
    if (*name != '\0') {
        *label = g_strdup(name);
        *detail = g_strdup(key);
        return 0;
    }
    GString *text = g_string_new(NULL);
    if (name_append(context, by, key, text, err) != 0) {
        g_string_free(text, TRUE);
        return -1;
    }
    *label = g_string_free(text, FALSE);
    *detail = g_strdup("");
    return 0;
}
