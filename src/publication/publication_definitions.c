#include "publication/publication_definitions.h"

#include <string.h>

#include "base/number.h"
#include "publication/measure_filter.h"

/* `ids`: of the same kind of definition so far, borrowed from it. */
static int id_read(const struct element_reader *self, GHashTable *ids, const xmlNode *node, char **id)
{
    *id = element_attribute(node, "id");
    if (!g_hash_table_add(ids, *id))
        return element_fail(self, node, "%s \"%s\" is defined a second time, expected another id", node->name,
                            *id);
    return 0;
}

/* ---- measures ---- */

/* "port" or "port region". */
static int grouping_read(const struct element_reader *self, const xmlNode *node, struct measure *measure)
{
    char *text = element_attribute(node, "by");
    int result = 0;
    if (!measure_grouping_parse(text, &measure->by))
        result = element_fail(
            self, node, "by \"%s\" is not valid, expected nothing, one key or two different keys", text);
    g_free(text);
    return result;
}

static int conditions_read(const struct element_reader *self, const xmlNode *where, struct measure *measure)
{
    for (const xmlAttr *condition = where->properties; condition != NULL; condition = condition->next) {
        const char *name = (const char *)condition->name;
        char *values = element_attribute(where, name);
        int result = measure_filter_set(&measure->filter, name, values, self->publication->folder, self->err);
        g_free(values);
        if (result != 0)
            return -1;
    }
    return measure_filter_check(&measure->filter, self->err);
}

static int measure_read(const struct element_reader *self, GHashTable *ids, const xmlNode *node,
                        struct measure *measure)
{
    const char *counts[MEASURE_COUNTS];
    for (int i = 0; i < MEASURE_COUNTS; i++)
        counts[i] = measure_count_name((enum measure_count)i);
    measure->line = (int)xmlGetLineNo(node);
    if (id_read(self, ids, node, &measure->id) != 0)
        return -1;
    measure->count = (enum measure_count)element_choice(node, "count", G_N_ELEMENTS(counts), counts);
    measure->per = element_attribute_is(node, "per", "hour") ? PER_HOUR : PER_DAY;
    if (grouping_read(self, node, measure) != 0)
        return -1;
    for (const xmlNode *where = node->children; where != NULL; where = where->next)
        if (element_is(where, "where") && conditions_read(self, where, measure) != 0)
            return error_prefix(self->err, "%s: line %ld", self->publication->file, xmlGetLineNo(where));
    return 0;
}

static int measure_known(const struct element_reader *self, const xmlNode *node, const char *id)
{
    if (publication_measure(self->publication, id) != NULL)
        return 0;
    GString *known = g_string_new(NULL);
    for (size_t i = 0; i < self->publication->measure_count; i++)
        g_string_append_printf(known, "%s%s", i == 0 ? "" : ", ", self->publication->measures[i].id);
    element_fail(self, node, "measure \"%s\" is not defined, expected one of %s", id, known->str);
    g_string_free(known, TRUE);
    return -1;
}

/* ---- tables ---- */

static int table_read(const struct element_reader *self, GHashTable *ids, const xmlNode *node,
                      struct table_definition *table)
{
    static const char *const kinds[] = {
        [COLUMN_RANK] = "rank",     [COLUMN_KEY] = "key",         [COLUMN_PREVIOUS_RANK] = "previous-rank",
        [COLUMN_COUNT] = "count",   [COLUMN_SHARE] = "share",     [COLUMN_PER_SENSOR] = "per-sensor",
        [COLUMN_CHANGE] = "change", [COLUMN_LISTENS] = "listens",
    };
    table->line = (int)xmlGetLineNo(node);
    table->measure = element_attribute(node, "measure");
    if (id_read(self, ids, node, &table->id) != 0 || measure_known(self, node, table->measure) != 0 ||
        element_integer(self, node, "top", 1, 100, 1, &table->top) != 0 ||
        element_localized(self, node, "caption", true, &table->caption) != 0 ||
        element_localized(self, node, "key-heading", true, &table->key_heading) != 0)
        return -1;
    table->columns = g_new0(enum column_kind, element_count(node, "column"));
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (element_is(child, "column"))
            table->columns[table->column_count++] =
                (enum column_kind)element_choice(child, "kind", G_N_ELEMENTS(kinds), kinds);
    return 0;
}

/* ---- figures ---- */

static int series_read(const struct element_reader *self, const xmlNode *node,
                       struct series_definition *series)
{
    char *keys = element_attribute(node, "keys");
    char *except = element_attribute(node, "not");
    int result = 0;
    if ((keys == NULL) == (except == NULL)) {
        result = element_fail(self, node, "element \"series\" has %s, expected one of them",
                              keys == NULL ? "neither \"keys\" nor \"not\"" : "both \"keys\" and \"not\"");
    } else {
        series->negated = keys == NULL;
        series->keys = words_split(keys != NULL ? keys : except);
    }
    g_free(keys);
    g_free(except);
    return result != 0 ? result : element_localized(self, node, "label", true, &series->label);
}

/* A figure's series are either the rows of a table or those listed. */
static int figure_source_read(const struct element_reader *self, const xmlNode *node,
                              struct figure_definition *figure)
{
    size_t series_count = element_count(node, "series");
    figure->table = element_attribute(node, "table");
    figure->measure = element_attribute(node, "measure");
    if ((figure->table == NULL) == (figure->measure == NULL))
        return element_fail(self, node, "figure \"%s\" has %s, expected one of them", figure->id,
                            figure->table == NULL ? "neither a table nor a measure"
                                                  : "both a table and a measure");
    if (figure->table != NULL) {
        const struct table_definition *table = publication_table(self->publication, figure->table);
        if (table == NULL)
            return element_fail(self, node, "table \"%s\" is not defined, expected the id of a table",
                                figure->table);
        if (series_count > 0)
            return element_fail(self, node,
                                "figure \"%s\" has both a table and series, expected the table alone",
                                figure->id);
        figure->measure = g_strdup(table->measure);
        return 0;
    }
    bool listed = figure->kind != FIGURE_RANK_FLOW && figure->kind != FIGURE_AVAILABILITY &&
                  figure->kind != FIGURE_DOT_PLOT;
    if (listed && series_count == 0 && figure->top == 0)
        return element_fail(
            self, node,
            "figure \"%s\" has a measure but no series, expected at least one, or the attribute top",
            figure->id);
    if (series_count > 0 && (!listed || figure->top > 0))
        return element_fail(self, node, "figure \"%s\" has series, expected none %s", figure->id,
                            listed ? "beside \"top\"" : "in this kind of figure");
    figure->series = g_new0(struct series_definition, series_count);
    return measure_known(self, node, figure->measure);
}

/* The number whose name is the attribute's value, which the schema has checked; 0 without one. */
static int attribute_name(const xmlNode *node, const char *name, const char *(*name_of)(int number))
{
    char *value = element_attribute(node, name);
    int number = 0;
    while (value != NULL && strcmp(name_of(number), value) != 0)
        number++;
    g_free(value);
    return number;
}

static int figure_read(const struct element_reader *self, GHashTable *ids, const xmlNode *node,
                       struct figure_definition *figure)
{
    figure->line = (int)xmlGetLineNo(node);
    figure->kind = (enum figure_kind)attribute_name(node, "kind", figure_kind_name);
    figure->against = (enum figure_against)attribute_name(node, "against", figure_against_name);
    figure->axis = (enum figure_axis)attribute_name(node, "axis", figure_axis_name);
    if (id_read(self, ids, node, &figure->id) != 0 ||
        element_integer(self, node, "top", 1, 100, 0, &figure->top) != 0 ||
        element_integer(self, node, "quarters", 2, 8, 4, &figure->quarters) != 0 ||
        figure_source_read(self, node, figure) != 0 ||
        element_localized(self, node, "caption", true, &figure->caption) != 0 ||
        element_localized(self, node, "headline", false, &figure->headline) != 0)
        return -1;
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (element_is(child, "series") &&
            series_read(self, child, &figure->series[figure->series_count++]) != 0)
            return -1;
    return 0;
}

/* ---- all of them ---- */

static int measures_read(const struct element_reader *self, const xmlNode *root)
{
    struct publication *publication = self->publication;
    size_t count = element_count(root, "measure");
    if (count > MEASURES_MAX)
        return element_fail(self, root, "%zu measures, expected at most %d", count, MEASURES_MAX);
    publication->measures = g_new0(struct measure, count);
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    int result = 0;
    for (const xmlNode *node = root->children; node != NULL && result == 0; node = node->next)
        if (element_is(node, "measure"))
            result = measure_read(self, ids, node, &publication->measures[publication->measure_count++]);
    g_hash_table_unref(ids);
    return result;
}

static int tables_read(const struct element_reader *self, const xmlNode *root)
{
    struct publication *publication = self->publication;
    publication->tables = g_new0(struct table_definition, element_count(root, "table"));
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    int result = 0;
    for (const xmlNode *node = root->children; node != NULL && result == 0; node = node->next)
        if (element_is(node, "table"))
            result = table_read(self, ids, node, &publication->tables[publication->table_count++]);
    g_hash_table_unref(ids);
    return result;
}

static int figures_read(const struct element_reader *self, const xmlNode *root)
{
    struct publication *publication = self->publication;
    publication->figures = g_new0(struct figure_definition, element_count(root, "figure"));
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    int result = 0;
    for (const xmlNode *node = root->children; node != NULL && result == 0; node = node->next)
        if (element_is(node, "figure"))
            result = figure_read(self, ids, node, &publication->figures[publication->figure_count++]);
    g_hash_table_unref(ids);
    return result;
}

int publication_definitions_read(const struct element_reader *self, const xmlNode *root)
{
    return measures_read(self, root) == 0 && tables_read(self, root) == 0 && figures_read(self, root) == 0
               ? 0
               : -1;
}
