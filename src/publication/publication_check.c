#include "publication/publication_check.h"

#include <string.h>

#include "base/number.h"

static bool group_exists(const struct sensor_list *list, const char *group)
{
    for (size_t i = 0; i < list->sensor_count; i++)
        if (strcmp(list->sensors[i].group, group) == 0)
            return true;
    return false;
}

static bool region_exists(const struct publication *publication, const char *code)
{
    return region_names_name(&publication->regions, "ja", code) != NULL;
}

static int regions_check(const struct publication *publication, const char *condition, char *const *codes,
                         struct error *err)
{
    for (; codes != NULL && *codes != NULL; codes++)
        if (!region_exists(publication, *codes))
            return error_set(err, ERROR_INPUT, "%s \"%s\" is unknown, expected a code of the regions table",
                             condition, *codes);
    return 0;
}

/* Two keys are joined by "+": a group in a pair must not hold one. */
static int groups_check(const struct publication *publication, const struct measure *measure,
                        struct error *err)
{
    const struct sensor_list *list = &publication->sensors;
    for (size_t i = 0; measure_by_second(measure->by) != BY_NOTHING && i < list->sensor_count; i++)
        if (strchr(list->sensors[i].group, '+') != NULL)
            return error_set(err, ERROR_INPUT,
                             "groups by two keys, and group \"%s\" of %s holds a "
                             "\"+\", expected a group without it",
                             list->sensors[i].group, publication->sensors_path);
    return 0;
}

int publication_check_measure(const struct publication *publication, const struct measure *measure,
                              struct error *err)
{
    const struct measure_filter *filter = &measure->filter;
    for (char *const *id = filter->sensors; id != NULL && *id != NULL; id++)
        if (sensor_list_find(&publication->sensors, *id) < 0)
            return error_set(err, ERROR_INPUT, "sensor \"%s\" is unknown, expected an id of %s", *id,
                             publication->sensors_path);
    for (char *const *group = filter->sensor_groups; group != NULL && *group != NULL; group++)
        if (!group_exists(&publication->sensors, *group))
            return error_set(err, ERROR_INPUT, "sensor-group \"%s\" is unknown, expected a group of %s",
                             *group, publication->sensors_path);
    if (regions_check(publication, "sensor-region", filter->sensor_regions, err) != 0 ||
        regions_check(publication, "source-region", filter->source_regions, err) != 0)
        return -1;
    if ((measure_by_holds(measure->by, BY_REGION) || filter->source_regions != NULL) &&
        publication->delegated[0] == NULL)
        return error_set(err, ERROR_INPUT,
                         "needs the regions of sources, expected a <delegated path=\"..\"/> "
                         "with the statistics of the registries");
    return measure_by_holds(measure->by, BY_GROUP) ? groups_check(publication, measure, err) : 0;
}

/* "23/TCP", "8/ICMP", "47/IP", "ICMP": the texts of summary/key.h. */
static bool port_key_is_valid(const char *key)
{
    static const struct {
        const char *suffix;
        uint16_t highest;
    } kinds[] = {{"/TCP", 65535},     {"/UDP", 65535}, {"/SCTP", 65535}, {"/DCCP", 65535},
                 {"/UDPLite", 65535}, {"/ICMP", 255},  {"/ICMPv6", 255}, {"/IP", 255}};
    uint64_t number;
    if (strcmp(key, "ICMP") == 0 || strcmp(key, "ICMPv6") == 0)
        return true;
    const char *slash = strchr(key, '/');
    for (size_t i = 0; slash != NULL && i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(slash, kinds[i].suffix) != 0)
            continue;
        char *digits = g_strndup(key, (gsize)(slash - key));
        bool valid =
            number_parse(digits, 0, kinds[i].highest, &number) && (digits[0] != '0' || digits[1] == '\0');
        g_free(digits);
        return valid;
    }
    return false;
}

/* NULL when the key is possible, else what was expected. */
static const char *part_expectation(const struct publication *publication, enum measure_by by,
                                    const char *key)
{
    static const char *const protocols[] = {"TCP", "UDP", "ICMP", "ICMPv6", "SCTP", "DCCP", "UDPLite", NULL};
    switch (by) {
    case BY_NOTHING:
        return strcmp(key, "all") == 0 ? NULL : "all";
    case BY_PORT:
        return port_key_is_valid(key) ? NULL : "a port and its protocol, e.g. 23/TCP";
    case BY_REGION:
        return region_exists(publication, key) ? NULL : "a code of the regions table";
    case BY_SENSOR:
        return sensor_list_find(&publication->sensors, key) >= 0 ? NULL : "the id of a sensor";
    case BY_TOOL:
        return tool_find(key) >= 0 ? NULL : "one of mirai, zmap, masscan, backscatter, other";
    case BY_PROTOCOL:
        return g_strv_contains(protocols, key) || (g_str_has_suffix(key, "/IP") && port_key_is_valid(key))
                   ? NULL
                   : "a protocol, e.g. TCP or 47/IP";
    case BY_GROUP:
        return group_exists(&publication->sensors, key) ? NULL : "a group of the sensors";
    case BY_SOURCE_24:
        return g_str_has_suffix(key, "/24") || g_str_has_suffix(key, "/48")
                   ? NULL
                   : "a prefix, e.g. 192.0.2.0/24 or 2001:db8::/48";
    case MEASURE_BYS:
        break;
    }
    g_assert_not_reached();
}

/* The keys of a pair are joined by "+". */
static const char *key_expectation(const struct publication *publication, const struct measure *measure,
                                   const char *key)
{
    if (measure_by_second(measure->by) == BY_NOTHING)
        return part_expectation(publication, measure->by, key);
    char **parts = g_strsplit(key, "+", 2);
    const char *expected = "two keys joined by \"+\", e.g. 23/TCP+US";
    if (g_strv_length(parts) == 2) {
        expected = part_expectation(publication, measure_by_first(measure->by), parts[0]);
        if (expected == NULL)
            expected = part_expectation(publication, measure_by_second(measure->by), parts[1]);
    }
    g_strfreev(parts);
    return expected;
}

int publication_check_figure(const struct publication *publication, const struct figure_definition *figure,
                             struct error *err)
{
    const struct measure *measure = publication_measure(publication, figure->measure);
    g_assert(measure != NULL);
    bool adds_up = measure->count == COUNT_PACKETS || measure->count == COUNT_BYTES;
    if ((figure->kind == FIGURE_SHARES || figure->kind == FIGURE_MONTHLY_BARS) && !adds_up)
        return error_set(err, ERROR_INPUT,
                         "measure \"%s\" counts what does not add up, expected one of "
                         "packets or bytes",
                         measure->id);
    bool has_axis = figure->kind == FIGURE_DAILY_LINES || figure->kind == FIGURE_SMALL_MULTIPLES ||
                    figure->kind == FIGURE_HEAT_MAP;
    bool has_companion = figure->kind == FIGURE_SMALL_MULTIPLES || figure->kind == FIGURE_DOT_PLOT;
    if ((figure->axis != FIGURE_AXIS_ZERO && !has_axis) ||
        (figure->axis == FIGURE_AXIS_RANGE && figure->kind == FIGURE_HEAT_MAP))
        return error_set(err, ERROR_INPUT,
                         "axis \"%s\" of a figure of the kind %s, expected it of "
                         "daily-lines, small-multiples and (log) heat-map",
                         figure_axis_name(figure->axis), figure_kind_name(figure->kind));
    if (figure->against != AGAINST_PREVIOUS && !has_companion)
        return error_set(err, ERROR_INPUT,
                         "against \"%s\" of a figure of the kind %s, expected it of "
                         "small-multiples and dot-plot",
                         figure_against_name(figure->against), figure_kind_name(figure->kind));
    if (figure->kind == FIGURE_MONTHLY_BARS && figure->series_count == 0 && figure->top == 0 &&
        figure->table == NULL)
        return error_set(err, ERROR_INPUT, "has no series, expected at least one");
    for (size_t i = 0; i < figure->series_count; i++) {
        for (char *const *key = figure->series[i].keys; *key != NULL; key++) {
            const char *expected = key_expectation(publication, measure, *key);
            if (expected != NULL)
                return error_set(err, ERROR_INPUT, "series key \"%s\" is unknown, expected %s", *key,
                                 expected);
        }
    }
    return 0;
}

static int sensors_check(const struct publication *publication, struct error *err)
{
    const struct sensor_list *list = &publication->sensors;
    size_t first_line = 0; /* of the line with the smallest number whose region has no name */
    const char *region = NULL;
    for (size_t i = 0; i < list->prefix_count; i++) {
        const struct sensor *sensor = &list->sensors[list->prefixes[i].sensor];
        if (region_exists(publication, sensor->region) ||
            (region != NULL && list->prefixes[i].line > first_line))
            continue;
        first_line = list->prefixes[i].line;
        region = sensor->region;
    }
    if (region != NULL)
        return error_set(err, ERROR_INPUT,
                         "%s: line %zu: region \"%s\" is unknown, expected a code of the regions table",
                         publication->sensors_path, first_line, region);
    return 0;
}

static int table_check(const struct publication *publication, const struct table_definition *table,
                       struct error *err)
{
    const struct measure *measure = publication_measure(publication, table->measure);
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i] == COLUMN_LISTENS &&
            (measure->by != BY_PORT || publication->knowledge_path == NULL))
            return error_set(err, ERROR_INPUT, "%s: line %d: table \"%s\": the column \"listens\" needs %s",
                             publication->file, table->line, table->id,
                             measure->by != BY_PORT ? "ports, expected a measure by=\"port\""
                                                    : "knowledge.csv, expected a <knowledge path=\"..\"/>");
    return 0;
}

int publication_check(const struct publication *publication, struct error *err)
{
    if (sensors_check(publication, err) != 0)
        return -1;
    if (!region_exists(publication, publication->home_region))
        return error_set(err, ERROR_INPUT,
                         "%s: home-region \"%s\" is unknown, expected a code of the regions table",
                         publication->file, publication->home_region);
    for (size_t i = 0; i < publication->measure_count; i++)
        if (publication_check_measure(publication, &publication->measures[i], err) != 0)
            return error_prefix(err, "%s: line %d: measure \"%s\"", publication->file,
                                publication->measures[i].line, publication->measures[i].id);
    for (size_t i = 0; i < publication->table_count; i++)
        if (table_check(publication, &publication->tables[i], err) != 0)
            return -1;
    for (size_t i = 0; i < publication->figure_count; i++)
        if (publication_check_figure(publication, &publication->figures[i], err) != 0)
            return error_prefix(err, "%s: line %d: figure \"%s\"", publication->file,
                                publication->figures[i].line, publication->figures[i].id);
    return 0;
}
