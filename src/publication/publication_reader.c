#include "publication/publication_reader.h"

#include <stdarg.h>
#include <string.h>

#include "base/number.h"
#include "publication/local_days.h"
#include "publication/measure_filter.h"

struct reader {
    struct publication *publication;
    struct publication_sources *sources;
    GHashTable *ids[3]; /* of measures, tables, figures: borrowed id */
    struct error *err;
};

static int fail_at(const struct reader *self, const xmlNode *node, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* "FILE: line N: ..." */
static int fail_at(const struct reader *self, const xmlNode *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    error_set(self->err, ERROR_INPUT, "%s: line %ld: %s", self->publication->file, xmlGetLineNo(node), text);
    g_free(text);
    return -1;
}

/* ---- the tree ---- */

static bool is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* White space at the ends and in runs goes: texts may be broken over lines. Newly allocated. */
static char *collapse(const char *text)
{
    char **words = words_split(text);
    char *joined = g_strjoinv(" ", words);
    g_strfreev(words);
    return joined;
}

/* The attribute's value, or NULL. Newly allocated. */
static char *attribute(const xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = value != NULL ? collapse((const char *)value) : NULL;
    xmlFree(value);
    return copy;
}

static bool attribute_is(const xmlNode *node, const char *name, const char *wanted)
{
    char *value = attribute(node, name);
    bool same = value != NULL && strcmp(value, wanted) == 0;
    g_free(value);
    return same;
}

static char *text_content(const xmlNode *node)
{
    xmlChar *content = xmlNodeGetContent(node);
    char *copy = collapse(content != NULL ? (const char *)content : "");
    xmlFree(content);
    return copy;
}

static size_t children_count(const xmlNode *node, const char *name)
{
    size_t count = 0;
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        count += is(child, name);
    return count;
}

/* Index of the attribute's value among `names`. The schema has let no other value through. */
static int attribute_choice(const xmlNode *node, const char *name, size_t count, const char *const *names)
{
    char *value = attribute(node, name);
    size_t i = 0;
    while (i < count && (value == NULL || strcmp(names[i], value) != 0))
        i++;
    g_assert(i < count);
    g_free(value);
    return (int)i;
}

/* The schema knows the same bounds; `otherwise` when the attribute is absent. XML Schema's integers may have
 * a sign and leading zeros, ours have no sign. */
static int attribute_integer(const struct reader *self, const xmlNode *node, const char *name, int minimum,
                             int maximum, int otherwise, int *value)
{
    char *text = attribute(node, name);
    uint64_t number = (uint64_t)otherwise;
    int result = 0;
    if (text != NULL && !number_parse(text, (uint64_t)minimum, (uint64_t)maximum, &number))
        result = fail_at(self, node, "attribute \"%s\" is \"%s\", expected a number from %d to %d", name,
                         text, minimum, maximum);
    *value = (int)number;
    g_free(text);
    return result;
}

/* ---- paths ---- */

/* Every {...} must be one that publication_path fills in. */
static int path_check(const struct reader *self, const xmlNode *node, const char *path, bool placeholders)
{
    static const char *const known[] = {"{edition}", "{fiscal-year}", "{quarter}"};
    for (const char *c = strpbrk(path, "{}"); c != NULL; c = strpbrk(c, "{}")) {
        size_t length = 0;
        for (size_t i = 0; placeholders && i < G_N_ELEMENTS(known); i++)
            if (g_str_has_prefix(c, known[i]))
                length = strlen(known[i]);
        if (length == 0)
            return fail_at(self, node, "path \"%s\" holds \"%c\", expected %s", path, *c,
                           placeholders ? "it only in {edition}, {fiscal-year} and {quarter}"
                                        : "a path that is the same for all editions");
        c += length;
    }
    return 0;
}

static int path_read(const struct reader *self, const xmlNode *node, const char *name, bool placeholders,
                     char **path)
{
    *path = attribute(node, name);
    return *path == NULL ? 0 : path_check(self, node, *path, placeholders);
}

/* The paths of all <name path=".."/>, NULL-terminated. */
static int paths_read(const struct reader *self, const xmlNode *root, const char *name, char ***paths)
{
    size_t next = 0;
    *paths = g_new0(char *, children_count(root, name) + 1);
    for (const xmlNode *child = root->children; child != NULL; child = child->next)
        if (is(child, name) && path_read(self, child, "path", true, &(*paths)[next++]) != 0)
            return -1;
    return 0;
}

/* ---- texts ---- */

static int localized_add(const struct reader *self, struct localized *localized, const xmlNode *node)
{
    xmlChar *raw = xmlGetNsProp(node, (const xmlChar *)"lang", XML_XML_NAMESPACE);
    g_assert(raw != NULL);
    char *language = collapse((const char *)raw);
    int result = 0;
    if (localized->texts == NULL)
        localized->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (g_hash_table_contains(localized->texts, language))
        result = fail_at(self, node,
                         "element \"%s\" appears a second time in the language \"%s\", expected it once",
                         node->name, language);
    else
        g_hash_table_insert(localized->texts, g_strdup(language), text_content(node));
    g_free(language);
    xmlFree(raw);
    return result;
}

/* All texts called `name` below `node`; one for each of the publication's languages when `required`. */
static int localized_read(const struct reader *self, const xmlNode *node, const char *name, bool required,
                          struct localized *localized)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (is(child, name) && localized_add(self, localized, child) != 0)
            return -1;
    for (char **language = self->publication->languages; required && *language != NULL; language++)
        if (localized_text(localized, *language) == NULL)
            return fail_at(
                self, node,
                "element \"%s\" has no %s in the language \"%s\", expected <%s xml:lang=\"%s\"> as that "
                "language is listed",
                node->name, name, *language, name, *language);
    return 0;
}

/* ---- measures, tables, figures ---- */

enum { ID_MEASURE, ID_TABLE, ID_FIGURE };

static int id_read(const struct reader *self, const xmlNode *node, int kind, char **id)
{
    *id = attribute(node, "id");
    if (!g_hash_table_add(self->ids[kind], *id))
        return fail_at(self, node, "%s \"%s\" is defined a second time, expected another id", node->name,
                       *id);
    return 0;
}

/* "port" or "port region". */
static int grouping_read(const struct reader *self, const xmlNode *node, struct measure *measure)
{
    enum measure_by bys[2] = {BY_NOTHING, BY_NOTHING};
    char *text = attribute(node, "by");
    char **words = words_split(text);
    size_t count = g_strv_length(words);
    for (size_t i = 0; i < count && i < 2; i++)
        while (strcmp(measure_by_name(bys[i]), words[i]) != 0) /* the schema knows the same names */
            bys[i]++;
    int result = 0;
    if (count > 2 || (count == 2 && (bys[0] == BY_NOTHING || bys[1] == BY_NOTHING)))
        result = fail_at(self, node, "by \"%s\" is not valid, expected nothing, one key or two keys", text);
    else if (count == 2 && bys[0] == bys[1])
        result = fail_at(self, node, "by \"%s\" names one key twice, expected two different ones", text);
    measure->by = measure_by_pair(bys[0], bys[1]);
    g_strfreev(words);
    g_free(text);
    return result;
}

static int conditions_read(const struct reader *self, const xmlNode *where, struct measure *measure)
{
    for (const xmlAttr *condition = where->properties; condition != NULL; condition = condition->next) {
        const char *name = (const char *)condition->name;
        char *values = attribute(where, name);
        int result = measure_filter_set(&measure->filter, name, values, self->publication->folder, self->err);
        g_free(values);
        if (result != 0)
            return -1;
    }
    return measure_filter_check(&measure->filter, self->err);
}

static int measure_read(const struct reader *self, const xmlNode *node, struct measure *measure)
{
    const char *counts[MEASURE_COUNTS];
    for (int i = 0; i < MEASURE_COUNTS; i++)
        counts[i] = measure_count_name((enum measure_count)i);
    measure->line = (int)xmlGetLineNo(node);
    if (id_read(self, node, ID_MEASURE, &measure->id) != 0)
        return -1;
    measure->count = (enum measure_count)attribute_choice(node, "count", G_N_ELEMENTS(counts), counts);
    measure->per = attribute_is(node, "per", "hour") ? PER_HOUR : PER_DAY;
    if (grouping_read(self, node, measure) != 0)
        return -1;
    for (const xmlNode *where = node->children; where != NULL; where = where->next)
        if (is(where, "where") && conditions_read(self, where, measure) != 0)
            return error_prefix(self->err, "%s: line %ld", self->publication->file, xmlGetLineNo(where));
    return 0;
}

static int measure_known(const struct reader *self, const xmlNode *node, const char *id)
{
    if (publication_measure(self->publication, id) != NULL)
        return 0;
    GString *known = g_string_new(NULL);
    for (size_t i = 0; i < self->publication->measure_count; i++)
        g_string_append_printf(known, "%s%s", i == 0 ? "" : ", ", self->publication->measures[i].id);
    fail_at(self, node, "measure \"%s\" is not defined, expected one of %s", id, known->str);
    g_string_free(known, TRUE);
    return -1;
}

static int table_read(const struct reader *self, const xmlNode *node, struct table_definition *table)
{
    static const char *const kinds[] = {
        [COLUMN_RANK] = "rank",     [COLUMN_KEY] = "key",         [COLUMN_PREVIOUS_RANK] = "previous-rank",
        [COLUMN_COUNT] = "count",   [COLUMN_SHARE] = "share",     [COLUMN_PER_SENSOR] = "per-sensor",
        [COLUMN_CHANGE] = "change", [COLUMN_LISTENS] = "listens",
    };
    table->line = (int)xmlGetLineNo(node);
    table->measure = attribute(node, "measure");
    if (id_read(self, node, ID_TABLE, &table->id) != 0 || measure_known(self, node, table->measure) != 0 ||
        attribute_integer(self, node, "top", 1, 100, 1, &table->top) != 0 ||
        localized_read(self, node, "caption", true, &table->caption) != 0 ||
        localized_read(self, node, "key-heading", true, &table->key_heading) != 0)
        return -1;
    table->columns = g_new0(enum column_kind, children_count(node, "column"));
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (is(child, "column"))
            table->columns[table->column_count++] =
                (enum column_kind)attribute_choice(child, "kind", G_N_ELEMENTS(kinds), kinds);
    return 0;
}

static int series_read(const struct reader *self, const xmlNode *node, struct series_definition *series)
{
    char *keys = attribute(node, "keys");
    char *not = attribute(node, "not");
    int result = 0;
    if ((keys == NULL) == (not == NULL)) {
        result = fail_at(self, node, "element \"series\" has %s, expected one of them",
                         keys == NULL ? "neither \"keys\" nor \"not\"" : "both \"keys\" and \"not\"");
    } else {
        series->negated = keys == NULL;
        series->keys = words_split(keys != NULL ? keys : not );
    }
    g_free(keys);
    g_free(not );
    return result != 0 ? result : localized_read(self, node, "label", true, &series->label);
}

/* A figure's series are either the rows of a table or those listed. */
static int figure_source_read(const struct reader *self, const xmlNode *node,
                              struct figure_definition *figure)
{
    size_t series_count = children_count(node, "series");
    figure->table = attribute(node, "table");
    figure->measure = attribute(node, "measure");
    if ((figure->table == NULL) == (figure->measure == NULL))
        return fail_at(self, node, "figure \"%s\" has %s, expected one of them", figure->id,
                       figure->table == NULL ? "neither a table nor a measure"
                                             : "both a table and a measure");
    if (figure->table != NULL) {
        const struct table_definition *table = publication_table(self->publication, figure->table);
        if (table == NULL)
            return fail_at(self, node, "table \"%s\" is not defined, expected the id of a table",
                           figure->table);
        if (series_count > 0)
            return fail_at(self, node, "figure \"%s\" has both a table and series, expected the table alone",
                           figure->id);
        figure->measure = g_strdup(table->measure);
        return 0;
    }
    bool listed = figure->kind != FIGURE_RANK_FLOW && figure->kind != FIGURE_AVAILABILITY &&
                  figure->kind != FIGURE_DOT_PLOT;
    if (listed && series_count == 0 && figure->top == 0)
        return fail_at(self, node, "figure \"%s\" has a measure but no series, expected at least one",
                       figure->id);
    if (series_count > 0 && (!listed || figure->top > 0))
        return fail_at(self, node, "figure \"%s\" has series, expected none %s", figure->id,
                       listed ? "beside \"top\"" : "in this kind of figure");
    figure->series = g_new0(struct series_definition, series_count);
    return measure_known(self, node, figure->measure);
}

static const char *kind_name(int kind)
{
    return figure_kind_name((enum figure_kind)kind);
}

static const char *against_name(int against)
{
    return figure_against_name((enum figure_against)against);
}

static const char *axis_name(int axis)
{
    return figure_axis_name((enum figure_axis)axis);
}

/* The number whose name is the attribute's value, which the schema has checked; 0 without one. */
static int attribute_name(const xmlNode *node, const char *name, const char *(*name_of)(int number))
{
    char *value = attribute(node, name);
    int number = 0;
    while (value != NULL && strcmp(name_of(number), value) != 0)
        number++;
    g_free(value);
    return number;
}

static int figure_read(const struct reader *self, const xmlNode *node, struct figure_definition *figure)
{
    figure->line = (int)xmlGetLineNo(node);
    figure->kind = (enum figure_kind)attribute_name(node, "kind", kind_name);
    figure->against = (enum figure_against)attribute_name(node, "against", against_name);
    figure->axis = (enum figure_axis)attribute_name(node, "axis", axis_name);
    if (id_read(self, node, ID_FIGURE, &figure->id) != 0 ||
        attribute_integer(self, node, "top", 1, 100, 0, &figure->top) != 0 ||
        attribute_integer(self, node, "quarters", 2, 8, 4, &figure->quarters) != 0 ||
        figure_source_read(self, node, figure) != 0 ||
        localized_read(self, node, "caption", true, &figure->caption) != 0 ||
        localized_read(self, node, "headline", false, &figure->headline) != 0)
        return -1;
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (is(child, "series") && series_read(self, child, &figure->series[figure->series_count++]) != 0)
            return -1;
    return 0;
}

/* ---- the document ---- */

static int languages_read(const struct reader *self, const xmlNode *root)
{
    struct publication *publication = self->publication;
    size_t next = 0;
    publication->languages = g_new0(char *, children_count(root, "language") + 1);
    for (const xmlNode *child = root->children; child != NULL; child = child->next) {
        if (!is(child, "language"))
            continue;
        char *language = text_content(child);
        bool known = g_strv_contains((const char *const *)publication->languages, language);
        publication->languages[next++] = language;
        if (known)
            return fail_at(self, child, "language \"%s\" is listed a second time, expected it once",
                           language);
    }
    return 0;
}

static int calendar_read(const struct reader *self, const xmlNode *node)
{
    struct publication *publication = self->publication;
    publication->time_zone = attribute(node, "time-zone");
    if (attribute_integer(self, node, "fiscal-year-starts", 1, 12, 4, &publication->fiscal_start_month) != 0)
        return -1;
    /* Any edition does: only the name of the zone is of interest. */
    struct edition edition;
    struct local_days days;
    if (edition_parse("2025q1", 4, &edition, self->err) != 0 ||
        local_days_init(&days, &edition, publication->time_zone, self->err) != 0)
        return error_prefix(self->err, "%s: line %ld", publication->file, xmlGetLineNo(node));
    return 0;
}

/* Of several <captures>, each adds its own. */
static void tunnels_read(const xmlNode *node, struct publication *publication)
{
    char *text = attribute(node, "tunnels");
    char **words = words_split(text != NULL ? text : "");
    for (int kind = 0; kind < TUNNEL_KINDS; kind++)
        if (g_strv_contains((const char *const *)words, tunnel_kind_name((enum tunnel_kind)kind)))
            publication->opens[kind] = true;
    g_strfreev(words);
    g_free(text);
}

/* Elements that stand once. Those with several of a name are read by name. */
static int single_read(const struct reader *self, const xmlNode *node)
{
    struct publication *publication = self->publication;
    if (is(node, "calendar"))
        return calendar_read(self, node);
    if (is(node, "sensors")) {
        publication->home_region = attribute(node, "home-region");
        return path_read(self, node, "path", false, &self->sources->sensors);
    }
    if (is(node, "names")) {
        if (path_read(self, node, "services", false, &self->sources->services) != 0 ||
            path_read(self, node, "regions", false, &self->sources->regions) != 0)
            return -1;
        return path_read(self, node, "iana", false, &self->sources->iana);
    }
    if (is(node, "maintenance"))
        return path_read(self, node, "path", false, &self->sources->maintenance);
    if (is(node, "knowledge"))
        return path_read(self, node, "path", true, &publication->knowledge_path) != 0 ||
                       path_read(self, node, "kev", true, &publication->kev_path) != 0 ||
                       path_read(self, node, "jvn", true, &publication->jvn_path) != 0
                   ? -1
                   : attribute_integer(self, node, "days", 1, 3660, 90, &publication->knowledge_days);
    if (is(node, "prose"))
        return path_read(self, node, "path", true, &publication->prose_folder);
    if (is(node, "templates"))
        return path_read(self, node, "path", true, &publication->template_folder);
    if (is(node, "web")) {
        char *base = attribute(node, "base");
        publication->base_url = g_strconcat(base, g_str_has_suffix(base, "/") ? "" : "/", NULL);
        g_free(base);
    }
    if (is(node, "lint"))
        return lint_settings_read(&publication->lint, node, self->err) == 0
                   ? 0
                   : error_prefix(self->err, "%s", publication->file);
    if (is(node, "ranking")) {
        publication->icmp_as_one = attribute_is(node, "icmp", "one");
        if (attribute_integer(self, node, "concentration", 1, 99, publication->concentration,
                              &publication->concentration) != 0)
            return -1;
        return attribute_integer(self, node, "limit", 1, 1000, publication->top_limit,
                                 &publication->top_limit);
    }
    if (is(node, "captures")) {
        publication->skip_unreadable |= attribute_is(node, "unreadable", "skip");
        tunnels_read(node, publication);
    }
    return 0;
}

/* Measures before the tables that name them, tables before the figures: the document may have them in any
 * order. */
static int definitions_read(const struct reader *self, const xmlNode *root)
{
    struct publication *publication = self->publication;
    size_t measure_count = children_count(root, "measure");
    if (measure_count > MEASURES_MAX)
        return fail_at(self, root, "%zu measures, expected at most %d", measure_count, MEASURES_MAX);
    publication->measures = g_new0(struct measure, measure_count);
    publication->tables = g_new0(struct table_definition, children_count(root, "table"));
    publication->figures = g_new0(struct figure_definition, children_count(root, "figure"));
    for (const xmlNode *node = root->children; node != NULL; node = node->next)
        if (is(node, "measure") &&
            measure_read(self, node, &publication->measures[publication->measure_count++]) != 0)
            return -1;
    for (const xmlNode *node = root->children; node != NULL; node = node->next)
        if (is(node, "table") &&
            table_read(self, node, &publication->tables[publication->table_count++]) != 0)
            return -1;
    for (const xmlNode *node = root->children; node != NULL; node = node->next)
        if (is(node, "figure") &&
            figure_read(self, node, &publication->figures[publication->figure_count++]) != 0)
            return -1;
    return 0;
}

int publication_read(struct publication *publication, struct publication_sources *sources, xmlDoc *document,
                     struct error *err)
{
    const xmlNode *root = xmlDocGetRootElement(document);
    struct reader self = {.publication = publication, .sources = sources, .err = err};
    for (size_t i = 0; i < G_N_ELEMENTS(self.ids); i++)
        self.ids[i] = g_hash_table_new(g_str_hash, g_str_equal);
    int result = languages_read(&self, root);
    publication->top_limit = 10;
    publication->concentration = 50;
    lint_settings_init(&publication->lint);
    for (const xmlNode *node = root->children; node != NULL && result == 0; node = node->next)
        result = single_read(&self, node);
    if (result == 0 && publication->prose_folder == NULL)
        publication->prose_folder = g_strdup("editions/{edition}");
    if (result == 0 && (paths_read(&self, root, "captures", &publication->captures) != 0 ||
                        paths_read(&self, root, "delegated", &publication->delegated) != 0 ||
                        localized_read(&self, root, "title", true, &publication->title) != 0 ||
                        localized_read(&self, root, "publisher", true, &publication->publisher) != 0 ||
                        definitions_read(&self, root) != 0))
        result = -1;
    for (size_t i = 0; i < G_N_ELEMENTS(self.ids); i++)
        g_hash_table_unref(self.ids[i]);
    return result;
}

void publication_sources_release(struct publication_sources *sources)
{
    g_free(sources->sensors);
    g_free(sources->services);
    g_free(sources->regions);
    g_free(sources->iana);
    g_free(sources->maintenance);
    memset(sources, 0, sizeof *sources);
}
