#include "cmd/figure_definition.h"

#include <string.h>

#include "base/number.h"
#include "publication/measure_filter.h"
#include "publication/publication_check.h"

static const char ad_hoc_id[] = "ad-hoc";

/* ---- the measure ---- */

static int count_read(struct measure *measure, const struct publication *publication, const char *text,
                      struct error *err)
{
    for (int count = 0; count < MEASURE_COUNTS; count++)
        if (strcmp(measure_count_name((enum measure_count)count), text) == 0) {
            measure->count = (enum measure_count)count;
            return 0;
        }
    GString *known = g_string_new("packets, bytes, sources, source-sensors, or a measure of publication.xml");
    for (size_t i = 0; i < publication->measure_count; i++)
        g_string_append_printf(known, "%s%s", i == 0 ? ": " : ", ", publication->measures[i].id);
    command_option_refuse("measure", text, known->str, err);
    g_string_free(known, TRUE);
    return -1;
}

static int grouping_read(struct measure *measure, const char *text, struct error *err)
{
    if (measure_grouping_parse(text, &measure->by))
        return 0;
    return command_option_refuse(
        "by", text,
        "nothing, or one or two of port, protocol, region, sensor, group, tool, source-24: "
        "port+region",
        err);
}

/* "port=23,2323". Commas stand for the blanks between the values of publication.xml, except in
 * pcap-filter(7)'s expressions. */
static int condition_read(struct measure *measure, const struct publication *publication, const char *text,
                          GHashTable *given, struct error *err)
{
    const char *equals = strchr(text, '=');
    char *name = equals != NULL ? g_strndup(text, (gsize)(equals - text)) : g_strdup(text);
    GString *known = g_string_new(NULL);
    bool is_known = false;
    for (size_t n = 0; measure_filter_condition(n) != NULL; n++) {
        is_known |= strcmp(measure_filter_condition(n), name) == 0;
        g_string_append_printf(known, "%s%s", n > 0 ? ", " : "", measure_filter_condition(n));
    }
    int result = -1;
    if (equals == NULL || !is_known) {
        error_set(err, ERROR_USAGE,
                  "--where %s: expected CONDITION=VALUES, as in port=23,2323, with one of: %s", text,
                  known->str);
    } else if (!g_hash_table_add(given, g_strdup(name))) {
        error_set(err, ERROR_USAGE, "--where %s: a second condition on %s, expected all values in one", text,
                  name);
    } else {
        char *values = g_strdup(equals + 1);
        if (strcmp(name, "bpf") != 0)
            g_strdelimit(values, ",", ' ');
        result = measure_filter_set(&measure->filter, name, values, publication->folder, err);
        if (result != 0)
            error_prefix(err, "--where %s", text);
        g_free(values);
    }
    g_string_free(known, TRUE);
    g_free(name);
    if (result != 0)
        err->kind = ERROR_USAGE;
    return result;
}

static int conditions_read(struct measure *measure, const struct publication *publication,
                           const struct invocation *invocation, struct error *err)
{
    GHashTable *given = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *text;
    int result = 0;
    for (guint n = 0; (text = invocation_option(invocation, "where", n)) != NULL && result == 0; n++)
        result = condition_read(measure, publication, text, given, err);
    g_hash_table_unref(given);
    if (result == 0 && (measure_filter_check(&measure->filter, err) != 0 ||
                        publication_check_measure(publication, measure, err) != 0)) {
        err->kind = ERROR_USAGE;
        result = error_prefix(err, "the conditions of --measure, --by and --where");
    }
    return result;
}

/* A measure of publication.xml that counts the same, so that its summaries serve; NULL when there is none. */
static const struct measure *counted_already(const struct publication *publication,
                                             const struct measure *measure)
{
    char *definition = measure_definition(measure);
    const struct measure *found = NULL;
    for (size_t i = 0; i < publication->measure_count && found == NULL; i++) {
        char *other = measure_definition(&publication->measures[i]);
        if (strcmp(definition, other) == 0)
            found = &publication->measures[i];
        g_free(other);
    }
    g_free(definition);
    return found;
}

/* Sets definition.measure. */
static int measure_read(struct figure_choice *choice, const struct publication *publication,
                        const struct invocation *invocation, struct error *err)
{
    const char *name = invocation_option(invocation, "measure", 0),
               *by = invocation_option(invocation, "by", 0);
    const struct measure *known = publication_measure(publication, name);
    if (known != NULL && (by != NULL || invocation_option(invocation, "where", 0) != NULL))
        return error_set(
            err, ERROR_USAGE,
            "--measure %s: a measure of publication.xml, which says itself what --by and --where would, "
            "expected none of the two",
            name);
    if (known == NULL) {
        choice->measure.id = g_strdup(ad_hoc_id);
        if (count_read(&choice->measure, publication, name, err) != 0 ||
            grouping_read(&choice->measure, by != NULL ? by : "nothing", err) != 0 ||
            conditions_read(&choice->measure, publication, invocation, err) != 0)
            return -1;
        known = counted_already(publication, &choice->measure);
    }
    choice->is_ad_hoc = known == NULL;
    choice->definition.measure = known != NULL ? known->id : choice->measure.id;
    return 0;
}

/* ---- the figure ---- */

static int choice_read(const struct invocation *invocation, const char *option,
                       const char *(*name_of)(int number), int *number, struct error *err)
{
    const char *value = invocation_option(invocation, option, 0);
    if (value == NULL)
        return 0;
    GString *known = g_string_new("one of: ");
    int result = -1;
    for (int i = 0; name_of(i) != NULL && result != 0; i++) {
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", name_of(i));
        if (strcmp(name_of(i), value) != 0)
            continue;
        *number = i;
        result = 0;
    }
    if (result != 0)
        command_option_refuse(option, value, known->str, err);
    g_string_free(known, TRUE);
    return result;
}

static int number_option(const struct invocation *invocation, const char *option, uint64_t least,
                         uint64_t most, int *number, struct error *err)
{
    const char *value = invocation_option(invocation, option, 0);
    uint64_t given;
    if (value == NULL)
        return 0;
    if (!number_parse(value, least, most, &given))
        return error_set(err, ERROR_USAGE, "--%s %s: expected a number from %d to %d", option, value,
                         (int)least, (int)most);
    *number = (int)given;
    return 0;
}

/* As many keys as the kind shows well. */
static int natural_top(enum figure_kind kind)
{
    switch (kind) {
    case FIGURE_HEAT_MAP:
        return 15;
    case FIGURE_DOT_PLOT:
        return 10;
    case FIGURE_RANK_FLOW:
        return 8;
    case FIGURE_MONTHLY_BARS:
        return 4;
    case FIGURE_DAILY_LINES:
    case FIGURE_SMALL_MULTIPLES:
    case FIGURE_AVAILABILITY:
    case FIGURE_SHARES:
        break;
    }
    return 5;
}

static int definition_read(struct figure_choice *choice, const struct publication *publication,
                           const struct invocation *invocation, const char *id, struct error *err)
{
    struct figure_definition *definition = &choice->definition;
    if (id != NULL)
        *definition = *publication_figure(publication, id);
    else
        *definition = (struct figure_definition){.id = (char *)(uintptr_t)ad_hoc_id, .quarters = 4};
    int kind = (int)definition->kind, against = (int)definition->against, axis = (int)definition->axis;
    int top = 0;
    if (choice_read(invocation, "kind", figure_kind_name, &kind, err) != 0 ||
        choice_read(invocation, "against", figure_against_name, &against, err) != 0 ||
        choice_read(invocation, "axis", figure_axis_name, &axis, err) != 0 ||
        number_option(invocation, "top", 1, 100, &top, err) != 0 ||
        number_option(invocation, "quarters", 2, 8, &definition->quarters, err) != 0 ||
        (id == NULL && measure_read(choice, publication, invocation, err) != 0))
        return -1;
    definition->kind = (enum figure_kind)kind;
    definition->against = (enum figure_against)against;
    definition->axis = (enum figure_axis)axis;
    if (top > 0) { /* instead of the rows of a table or of the series listed */
        definition->top = top;
        definition->table = NULL;
        definition->series_count = 0;
    } else if (definition->table == NULL && definition->series_count == 0 && definition->top == 0) {
        definition->top = natural_top(definition->kind);
    }
    return 0;
}

int figure_choice_read(struct figure_choice *choice, const struct publication *publication,
                       const struct invocation *invocation, const char *id, struct error *err)
{
    memset(choice, 0, sizeof *choice);
    choice->publication = *publication;
    int result = definition_read(choice, publication, invocation, id, err);
    if (result == 0) {
        choice->publication.figures = &choice->definition;
        choice->publication.figure_count = 1;
        if (choice->is_ad_hoc) {
            choice->publication.measures = &choice->measure;
            choice->publication.measure_count = 1;
            choice->publication.table_count = 0;
        }
        result = publication_check_figure(&choice->publication, &choice->definition, err);
        if (result != 0) {
            error_prefix(err, "figure %s", choice->definition.id);
            err->kind = ERROR_USAGE;
        }
    }
    if (result != 0)
        figure_choice_release(choice);
    return result;
}

void figure_choice_release(struct figure_choice *choice)
{
    measure_release(&choice->measure);
    memset(choice, 0, sizeof *choice);
}
