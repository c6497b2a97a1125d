#include "publication/sensor.h"

#include <stdlib.h>
#include <string.h>

#include "publication/config_table.h"

enum {
    COLUMN_ID,
    COLUMN_PREFIX,
    COLUMN_REGION,
    COLUMN_GROUP,
    COLUMN_LABEL,
    COLUMN_SINCE,
    COLUMN_UNTIL,
    COLUMN_LABEL_EN,
    COLUMNS
};
enum { SENSOR_COUNT_MAX = 65534 };

/* Where a line stands, for messages. */
struct place {
    const char *path;
    size_t line;
};

static int sensor_compare(const void *a, const void *b)
{
    return strcmp(((const struct sensor *)a)->id, ((const struct sensor *)b)->id);
}

static int line_compare(const void *a, const void *b)
{
    const struct sensor_prefix *x = a;
    const struct sensor_prefix *y = b;
    int order = prefix_compare(&x->range, &y->range);
    if (order == 0)
        order = civil_date_compare(x->since, y->since);
    if (order == 0)
        order = (x->line > y->line) - (x->line < y->line);
    return order;
}

static int date_parse(const char *column, const char *text, struct civil_date when_empty,
                      struct civil_date *date, struct place at, struct error *err)
{
    *date = when_empty;
    if (*text == '\0' || civil_date_parse(text, date))
        return 0;
    return error_set(err, ERROR_INPUT,
                     "%s: line %zu: %s \"%s\" is not a date, expected e.g. 2025-04-01 or nothing", at.path,
                     at.line, column, text);
}

static bool id_is_valid(const char *id)
{
    const char *c = id;
    while (g_ascii_isalnum(*c) || (*c != '\0' && strchr("-_.", *c) != NULL))
        c++;
    return c > id && *c == '\0';
}

static bool region_is_valid(const char *region)
{
    return strlen(region) == 2 && g_ascii_isupper(region[0]) && g_ascii_isupper(region[1]);
}

/* The columns of a line that describe the sensor. Nothing is copied yet. */
static int sensor_check(const char *const *fields, struct place at, struct error *err)
{
    if (!id_is_valid(fields[COLUMN_ID]))
        return error_set(
            err, ERROR_INPUT,
            "%s: line %zu: id \"%s\" is not valid, expected letters, digits, \"-\", \"_\" and \".\"", at.path,
            at.line, fields[COLUMN_ID]);
    if (!region_is_valid(fields[COLUMN_REGION]))
        return error_set(err, ERROR_INPUT,
                         "%s: line %zu: region \"%s\" is not valid, expected two capital letters", at.path,
                         at.line, fields[COLUMN_REGION]);
    if (fields[COLUMN_GROUP][0] == '\0' || strpbrk(fields[COLUMN_GROUP], " \t") != NULL)
        return error_set(err, ERROR_INPUT,
                         "%s: line %zu: group \"%s\" is not valid, expected one word, e.g. domestic", at.path,
                         at.line, fields[COLUMN_GROUP]);
    if (fields[COLUMN_LABEL][0] == '\0')
        return error_set(err, ERROR_INPUT, "%s: line %zu: label is empty, expected a name for readers",
                         at.path, at.line);
    return 0;
}

static int prefix_read(const char *const *fields, struct sensor_prefix *prefix, struct place at,
                       struct error *err)
{
    static const struct civil_date open_since = {1, 1, 1};
    static const struct civil_date open_until = {9999, 12, 31};
    prefix->line = at.line;
    if (prefix_parse(fields[COLUMN_PREFIX], "192.0.2.0/28", &prefix->range, err) != 0)
        return error_prefix(err, "%s: line %zu", at.path, at.line);
    if (date_parse("since", fields[COLUMN_SINCE], open_since, &prefix->since, at, err) != 0 ||
        date_parse("until", fields[COLUMN_UNTIL], open_until, &prefix->until, at, err) != 0)
        return -1;
    if (civil_date_compare(prefix->since, prefix->until) > 0)
        return error_set(err, ERROR_INPUT,
                         "%s: line %zu: since %s lies after until %s, expected it on that day or before",
                         at.path, at.line, fields[COLUMN_SINCE], fields[COLUMN_UNTIL]);
    return 0;
}

/* A second line of the same id must describe the same sensor. */
static int sensor_agree(const struct sensor *known, size_t known_line, const char *const *fields,
                        struct place at, struct error *err)
{
    const char *const known_texts[] = {known->region, known->group, known->label};
    static const char *const names[] = {"region", "group", "label"};
    for (int i = 0; i < 3; i++)
        if (strcmp(known_texts[i], fields[COLUMN_REGION + i]) != 0)
            return error_set(err, ERROR_INPUT,
                             "%s: line %zu: %s of sensor \"%s\" is \"%s\", expected \"%s\" as in line %zu",
                             at.path, at.line, names[i], known->id, fields[COLUMN_REGION + i], known_texts[i],
                             known_line);
    return 0;
}

/* ---- overlaps ---- */

static int overlap_report(const struct sensor_list *list, const struct sensor_prefix *a,
                          const struct sensor_prefix *b, const char *path, struct error *err)
{
    const struct sensor_prefix *later = a->line > b->line ? a : b;
    const struct sensor_prefix *earlier = a->line > b->line ? b : a;
    char *later_text = prefix_text(&later->range);
    char *earlier_text = prefix_text(&earlier->range);
    error_set(err, ERROR_INPUT,
              "%s: line %zu: prefix %s of sensor \"%s\" overlaps %s of sensor \"%s\" in line %zu while both "
              "are in force, "
              "expected every address to belong to one line on any day",
              path, later->line, later_text, list->sensors[later->sensor].id, earlier_text,
              list->sensors[earlier->sensor].id, earlier->line);
    g_free(later_text);
    g_free(earlier_text);
    return -1;
}

/* Lines of one prefix stand together, by since. */
struct prefix_group {
    size_t first; /* index into prefixes */
    size_t end;
};

/* Of the lines of a group, which do not overlap each other in time, the one in force during some day of
 * `prefix`, or NULL: only the last one that starts by the end of `prefix` can be. */
static const struct sensor_prefix *group_in_force(const struct sensor_list *list, struct prefix_group group,
                                                  const struct sensor_prefix *prefix)
{
    size_t low = group.first;
    size_t high = group.end; /* lines before `low` start in time, those from `high` on start too late */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (civil_date_compare(list->prefixes[middle].since, prefix->until) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == group.first || civil_date_compare(list->prefixes[low - 1].until, prefix->since) < 0)
        return NULL;
    return &list->prefixes[low - 1];
}

/* Prefixes nest or are apart. In sorted order all that contain a prefix precede it, so a stack of the groups
 * that are still open (129 at most) is all that must be asked: O(n log n). */
static int overlaps_check(const struct sensor_list *list, const char *path, struct error *err)
{
    struct prefix_group stack[130];
    size_t depth = 0;
    for (size_t i = 0; i < list->prefix_count; i++) {
        const struct sensor_prefix *prefix = &list->prefixes[i];
        while (depth > 0 && !prefix_contains(&list->prefixes[stack[depth - 1].first].range, &prefix->range))
            depth--;
        for (size_t level = 0; level < depth; level++) {
            const struct sensor_prefix *other = group_in_force(list, stack[level], prefix);
            if (other != NULL)
                return overlap_report(list, prefix, other, path, err);
        }
        if (depth > 0 && prefix_compare(&list->prefixes[stack[depth - 1].first].range, &prefix->range) == 0)
            stack[depth - 1].end = i + 1;
        else
            stack[depth++] = (struct prefix_group){i, i + 1};
    }
    return 0;
}

/* ---- loading ---- */

struct loading {
    GArray *sensors;   /* struct sensor */
    GArray *lines;     /* size_t, the line that first named the sensor */
    GArray *prefixes;  /* struct sensor_prefix; .sensor in order of appearance */
    GHashTable *by_id; /* borrowed id -> index + 1 */
};

static int line_add(struct loading *loading, const char *const *fields, struct place at, struct error *err)
{
    struct sensor_prefix prefix;
    memset(&prefix, 0, sizeof prefix);
    if (sensor_check(fields, at, err) != 0 || prefix_read(fields, &prefix, at, err) != 0)
        return -1;
    size_t found = GPOINTER_TO_SIZE(g_hash_table_lookup(loading->by_id, fields[COLUMN_ID]));
    if (found == 0) {
        if (loading->sensors->len == SENSOR_COUNT_MAX)
            return error_set(err, ERROR_INPUT, "%s: line %zu: one sensor too many, expected at most %d",
                             at.path, at.line, SENSOR_COUNT_MAX);
        struct sensor sensor = {
            .id = g_strdup(fields[COLUMN_ID]),
            .region = g_strdup(fields[COLUMN_REGION]),
            .group = g_strdup(fields[COLUMN_GROUP]),
            .label = g_strdup(fields[COLUMN_LABEL]),
            .label_en = g_strdup(fields[COLUMN_LABEL_EN]),
        };
        g_array_append_val(loading->sensors, sensor);
        g_array_append_val(loading->lines, at.line);
        found = loading->sensors->len;
        g_hash_table_insert(loading->by_id, sensor.id, GSIZE_TO_POINTER(found));
    } else if (sensor_agree(&g_array_index(loading->sensors, struct sensor, found - 1),
                            g_array_index(loading->lines, size_t, found - 1), fields, at, err) != 0) {
        return -1;
    }
    prefix.sensor = found - 1;
    g_array_append_val(loading->prefixes, prefix);
    return 0;
}

static void prefixes_chain(struct sensor_list *list)
{
    for (size_t i = 0; i < list->sensor_count; i++)
        list->sensors[i].first_prefix = SIZE_MAX;
    for (size_t i = list->prefix_count; i-- > 0;) {
        struct sensor *sensor = &list->sensors[list->prefixes[i].sensor];
        list->prefixes[i].next_prefix = sensor->first_prefix;
        sensor->first_prefix = i;
    }
}

/* Moves what was read into the list: sensors by id, prefixes in order and pointing at the sensors' new
 * places. */
static void list_fill(struct sensor_list *list, struct loading *loading)
{
    size_t sensor_count = loading->sensors->len;
    size_t *new_place = g_new(size_t, sensor_count + 1);
    GHashTable *old_place = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < sensor_count; i++)
        g_hash_table_insert(old_place, g_array_index(loading->sensors, struct sensor, i).id,
                            GSIZE_TO_POINTER(i));

    list->sensor_count = sensor_count;
    list->sensors = (struct sensor *)(gpointer)g_array_free(g_steal_pointer(&loading->sensors), FALSE);
    if (sensor_count > 0)
        qsort(list->sensors, sensor_count, sizeof *list->sensors, sensor_compare);
    for (size_t i = 0; i < sensor_count; i++)
        new_place[GPOINTER_TO_SIZE(g_hash_table_lookup(old_place, list->sensors[i].id))] = i;
    g_hash_table_unref(old_place);

    list->prefix_count = loading->prefixes->len;
    list->prefixes =
        (struct sensor_prefix *)(gpointer)g_array_free(g_steal_pointer(&loading->prefixes), FALSE);
    for (size_t i = 0; i < list->prefix_count; i++)
        list->prefixes[i].sensor = new_place[list->prefixes[i].sensor];
    if (list->prefix_count > 0)
        qsort(list->prefixes, list->prefix_count, sizeof *list->prefixes, line_compare);
    prefixes_chain(list);
    g_free(new_place);
}

int sensor_list_load(struct sensor_list *list, const char *path, struct error *err)
{
    static const char *const columns[COLUMNS] = {"id",    "prefix", "region", "group",
                                                 "label", "since",  "until",  "label_en"};
    struct csv_table table;
    int at[COLUMNS];
    memset(list, 0, sizeof *list);
    if (config_table_load(&table, path, COLUMNS, COLUMN_LABEL_EN, columns, at, err) != 0)
        return -1;
    struct loading loading = {
        .sensors = g_array_new(FALSE, FALSE, sizeof(struct sensor)),
        .lines = g_array_new(FALSE, FALSE, sizeof(size_t)),
        .prefixes = g_array_new(FALSE, FALSE, sizeof(struct sensor_prefix)),
        .by_id = g_hash_table_new(g_str_hash, g_str_equal),
    };
    int result = 0;
    if (table.row_count == 0)
        result =
            error_set(err, ERROR_INPUT, "%s: no sensors, expected at least one line after the header", path);
    for (size_t row = 0; row < table.row_count && result == 0; row++) {
        const char *fields[COLUMNS];
        for (int i = 0; i < COLUMNS; i++)
            fields[i] = csv_table_field(&table, row, at[i]);
        result = line_add(&loading, fields, (struct place){path, csv_table_line(&table, row)}, err);
    }
    g_hash_table_unref(loading.by_id);
    list_fill(list, &loading);
    g_array_unref(loading.lines);
    csv_table_release(&table);
    if (result == 0)
        result = overlaps_check(list, path, err);
    if (result != 0)
        sensor_list_release(list);
    return result;
}

void sensor_list_release(struct sensor_list *list)
{
    for (size_t i = 0; i < list->sensor_count; i++) {
        g_free(list->sensors[i].id);
        g_free(list->sensors[i].region);
        g_free(list->sensors[i].group);
        g_free(list->sensors[i].label);
        g_free(list->sensors[i].label_en);
    }
    g_free(list->sensors);
    g_free(list->prefixes);
    memset(list, 0, sizeof *list);
}

int sensor_list_find(const struct sensor_list *list, const char *id)
{
    size_t low = 0;
    size_t high = list->sensor_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(list->sensors[middle].id, id);
        if (order == 0)
            return (int)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

bool sensor_list_is_active(const struct sensor_list *list, size_t sensor, struct civil_date day)
{
    for (size_t i = list->sensors[sensor].first_prefix; i != SIZE_MAX; i = list->prefixes[i].next_prefix) {
        const struct sensor_prefix *prefix = &list->prefixes[i];
        if (civil_date_compare(prefix->since, day) <= 0 && civil_date_compare(day, prefix->until) <= 0)
            return true;
    }
    return false;
}
