#include "report/table_trust.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "report/availability.h"
#include "report/companion.h"
#include "report/draft.h"
#include "report/label.h"
#include "report/phrase.h"
#include "report/stability.h"

/* A key is widespread when it is among the first ranks of so many of 100 sensors, three sensors at least. */
enum { WIDE_PERCENT = 80, WIDE_SENSORS_MINIMUM = 3 };

struct telling {
    struct model_draft *draft;
    const struct context *context;
    const struct wording *wording;
    const char *table; /* id */
    const struct comparison *comparison;
    const struct stability *rows;
    GPtrArray *labels; /* of the shown rows, in prose */
};

static const char *label_at(const struct telling *telling, size_t row)
{
    return g_ptr_array_index(telling->labels, row);
}

/* What the publication calls a sensor. Owned by the caller; NULL and an error. */
static char *sensor_label(const struct context *context, const char *id, struct error *err)
{
    GString *label = g_string_new(NULL);
    if (label_append_prose(context, BY_SENSOR, id, label, err) == 0)
        return g_string_free(label, FALSE);
    g_string_free(label, TRUE);
    return NULL;
}

/* Of a key that was seen less than so often nothing is told: a few packets always come from somewhere. */
enum { CONCENTRATION_COUNT_MINIMUM = 100 };

/* The sensor that holds more of a key than the publication's share, where that is news; else NULL. */
static const char *holding_sensor(const struct telling *telling, size_t row)
{
    const struct stability *trust = &telling->rows[row];
    uint64_t count = telling->comparison->rows[row].count;
    bool holds = count >= CONCENTRATION_COUNT_MINIMUM && trust->sensor != NULL &&
                 stability_is_uneven(trust->sensor_count, count, trust->sensors) &&
                 stability_is_concentrated(telling->context, trust->sensor_count, count);
    return holds ? trust->sensor : NULL;
}

/* The rows (size_t) from `row` on that the sensor of `row` holds; empty where none does, or where they were
 * told with an earlier row. */
static GArray *rows_of_sensor(const struct telling *telling, size_t row)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(size_t));
    const char *sensor = holding_sensor(telling, row);
    if (sensor == NULL)
        return rows;
    for (size_t i = 0; i < telling->comparison->shown_count; i++) {
        if (g_strcmp0(holding_sensor(telling, i), sensor) != 0)
            continue;
        if (i < row)
            return rows;
        g_array_append_val(rows, i);
    }
    return rows;
}

static char *sensor_percent(const struct telling *telling, size_t row)
{
    GString *percent = g_string_new(NULL);
    phrase_append_percent(percent, telling->rows[row].sensor_count, telling->comparison->rows[row].count);
    return g_string_free(percent, FALSE);
}

/* One key in its sentence, or all of them in one: "23/TCPの60.0%と22/TCPの55.0%を". */
static char *sensor_text(const struct telling *telling, const GArray *rows, const char *sensor)
{
    const struct wording *wording = telling->wording;
    GPtrArray *items = g_ptr_array_new_with_free_func(g_free);
    char *text = NULL;
    for (guint i = 0; i < rows->len; i++) {
        size_t row = g_array_index(rows, size_t, i);
        char *percent = sensor_percent(telling, row);
        if (rows->len == 1)
            text = wording_text(wording, "one-sensor-key", "label", label_at(telling, row), "percent",
                                percent, "sensor", sensor, NULL);
        else
            g_ptr_array_add(items, wording_text(wording, "one-sensor-item", "label", label_at(telling, row),
                                                "percent", percent, NULL));
        g_free(percent);
    }
    if (text == NULL) {
        GString *list = g_string_new(NULL);
        phrase_append_list(wording, list, items);
        text = wording_text(wording, "one-sensor-keys", "items", list->str, "sensor", sensor, NULL);
        g_string_free(list, TRUE);
    }
    g_ptr_array_unref(items);
    return text;
}

/* All keys that one sensor holds, in one sentence, where the first of them stands. */
static int tell_sensor(const struct telling *telling, size_t row, const char *threshold, struct error *err)
{
    GArray *rows = rows_of_sensor(telling, row);
    GString *inputs = g_string_new(telling->table);
    int status = 0;
    if (rows->len > 0) {
        char *sensor = sensor_label(telling->context, telling->rows[row].sensor, err);
        for (guint i = 0; i < rows->len; i++) {
            size_t told = g_array_index(rows, size_t, i);
            const struct comparison_row *key = &telling->comparison->rows[told];
            g_string_append_printf(inputs, "%s %s sensor %s %" PRIu64 " of %" PRIu64, i > 0 ? ";" : "",
                                   key->key, telling->rows[told].sensor, telling->rows[told].sensor_count,
                                   key->count);
        }
        if (sensor != NULL)
            draft_add(telling->draft, sensor_text(telling, rows, sensor),
                      rows->len == 1 ? "one-sensor-key" : "one-sensor-keys", threshold, "%s", inputs->str);
        else
            status = -1;
        g_free(sensor);
    }
    g_string_free(inputs, TRUE);
    g_array_unref(rows);
    return status;
}

/* An address block, or the one source in it, that holds more of a key than the publication's share. */
static void tell_prefix(const struct telling *telling, size_t row, const char *threshold)
{
    const struct stability *trust = &telling->rows[row];
    const struct comparison_row *key = &telling->comparison->rows[row];
    if (key->count < CONCENTRATION_COUNT_MINIMUM || trust->prefix == NULL ||
        !stability_is_concentrated(telling->context, trust->prefix_count, key->count))
        return;
    const char *rule = trust->prefix_sources == 1 ? "one-source" : "one-prefix";
    GString *percent = g_string_new(NULL);
    phrase_append_percent(percent, trust->prefix_count, key->count);
    draft_add(telling->draft,
              wording_text(telling->wording, rule, "label", label_at(telling, row), "percent", percent->str,
                           "prefix", trust->prefix, NULL),
              rule, threshold, "%s %s prefix %s %" PRIu64 " of %" PRIu64, telling->table, key->key,
              trust->prefix, trust->prefix_count, key->count);
    g_string_free(percent, TRUE);
}

static int tell_concentration(const struct telling *telling, size_t row, struct error *err)
{
    char *threshold = g_strdup_printf("over %d%% of the key", telling->context->publication->concentration);
    int status = tell_sensor(telling, row, threshold, err);
    if (status == 0)
        tell_prefix(telling, row, threshold);
    g_free(threshold);
    return status;
}

static bool is_wide(const struct stability *trust)
{
    return trust->sensors >= WIDE_SENSORS_MINIMUM &&
           trust->wide_sensors * 100 >= trust->sensors * WIDE_PERCENT;
}

/* All ports that are seen nearly everywhere, in one sentence. */
static void tell_widespread(const struct telling *telling)
{
    if (telling->comparison->measure->by != BY_PORT)
        return; /* every sensor sees every large region */
    GPtrArray *labels = g_ptr_array_new();
    GString *inputs = g_string_new(telling->table);
    for (size_t row = 0; row < telling->comparison->shown_count; row++) {
        const struct stability *trust = &telling->rows[row];
        if (!is_wide(trust))
            continue;
        g_string_append_printf(inputs, "%s %s %zu of %zu sensors", labels->len > 0 ? ";" : "",
                               telling->comparison->rows[row].key, trust->wide_sensors, trust->sensors);
        g_ptr_array_add(labels, telling->labels->pdata[row]);
    }
    if (labels->len > 0) {
        GString *list = g_string_new(NULL);
        char *sensors = g_strdup_printf("%zu", telling->rows[0].sensors);
        char *limit = g_strdup_printf("%d", telling->context->publication->top_limit);
        char *count = g_strdup_printf("%u", labels->len);
        bool all = labels->len == telling->comparison->shown_count;
        phrase_append_list(telling->wording, list, labels);
        draft_add(telling->draft,
                  all && labels->len > 1 ? wording_text(telling->wording, "widespread-all", "count", count,
                                                        "sensors", sensors, "limit", limit, NULL)
                                         : wording_text(telling->wording, "widespread", "labels", list->str,
                                                        "sensors", sensors, "limit", limit, NULL),
                  "widespread", "among the first ranks of 80% of the sensors", "%s", inputs->str);
        g_free(count);
        g_free(limit);
        g_free(sensors);
        g_string_free(list, TRUE);
    }
    g_string_free(inputs, TRUE);
    g_ptr_array_unref(labels);
}

/* "domestic": all sensors of the measure stand in the home region; "overseas": none. */
static char *side_text(const struct telling *telling, const struct measure_counts *measure)
{
    const struct summary *summary = telling->context->current;
    size_t home = 0, all = 0;
    for (size_t i = 0; i < summary->sensor_count; i++) {
        all += measure->sensors[i];
        home += measure->sensors[i] &&
                strcmp(summary->sensors[i].region, telling->context->publication->home_region) == 0;
    }
    return wording_text(telling->wording,
                        home == all ? "side-domestic"
                        : home == 0 ? "side-overseas"
                                    : "side-other",
                        NULL);
}

static uint64_t measure_total(const struct measure_counts *measure)
{
    uint64_t total = 0;
    for (size_t i = 0; i < measure->row_count; i++)
        total += MIN(measure->rows[i].total, UINT64_MAX - total);
    return total;
}

/* Where fewer are to be expected, none may be chance: the key is rare, or hardly one of the sensors
 * delivered. */
static const double EXPECTED_ELSEWHERE = 10;

/* How many the other sensors would have seen if it were as many for each of them and day. */
static double expected_elsewhere(const struct telling *telling, const struct measure_counts *other,
                                 const struct comparison_row *row)
{
    const struct summary *summary = telling->context->current;
    uint64_t own = availability_row_sensor_days(summary, telling->comparison->measure, row->key);
    uint64_t others = availability_row_sensor_days(summary, other, row->key);
    return own == 0 ? 0 : (double)row->count / (double)own * (double)others;
}

/* Keys that the sensors of the other side (overseas, say) did not see at all, though they saw others. */
static void tell_unseen_elsewhere(const struct telling *telling)
{
    const struct measure_counts *other = companion_other_sensors(telling->context, telling->context->current,
                                                                 telling->comparison->measure->id);
    if (other == NULL || measure_total(other) == 0)
        return;
    GPtrArray *labels = g_ptr_array_new();
    GString *inputs = g_string_new(telling->table);
    for (size_t row = 0; row < telling->comparison->shown_count; row++) {
        const char *key = telling->comparison->rows[row].key;
        if (measure_counts_row(other, key) != NULL ||
            expected_elsewhere(telling, other, &telling->comparison->rows[row]) < EXPECTED_ELSEWHERE)
            continue;
        g_string_append_printf(inputs, "%s %s 0 in %s", labels->len > 0 ? ";" : "", key, other->id);
        g_ptr_array_add(labels, telling->labels->pdata[row]);
    }
    if (labels->len > 0) {
        GString *list = g_string_new(NULL);
        char *side = side_text(telling, other);
        phrase_append_list(telling->wording, list, labels);
        draft_add(telling->draft,
                  wording_text(telling->wording, "unseen-elsewhere", "labels", list->str, "side", side, NULL),
                  "unseen-elsewhere", "not seen at the other sensors, whose days let 10 or more be expected",
                  "%s", inputs->str);
        g_free(side);
        g_string_free(list, TRUE);
    }
    g_string_free(inputs, TRUE);
    g_ptr_array_unref(labels);
}

static void item_append(const struct telling *telling, GString *items, const char *text)
{
    if (items->len > 0)
        wording_append(telling->wording, items, "list-separator", NULL);
    g_string_append(items, text);
}

/* Keys that stand elsewhere without the sources that the publication lists, or without backscatter. */
static void tell_without(const struct telling *telling, enum companion_left_out left_out)
{
    static const struct {
        const char *rule, *threshold;
    } tellings[COMPANION_LEFT_OUTS] = {
        [WITHOUT_LISTED] = {"without", "another rank without the listed sources"},
        [WITHOUT_BACKSCATTER] = {"without-backscatter", "another rank without backscatter"},
    };
    GString *items = g_string_new(NULL);
    GString *inputs = g_string_new(telling->table);
    for (size_t row = 0; row < telling->comparison->shown_count; row++) {
        const struct stability *trust = &telling->rows[row];
        const struct comparison_row *key = &telling->comparison->rows[row];
        int rank = trust->rank_without[left_out];
        if (!trust->has_without[left_out] || rank == 0 || rank == key->rank)
            continue;
        char *place = phrase_place(telling->wording, rank);
        char *item = wording_text(telling->wording, "without-item", "label", label_at(telling, row), "place",
                                  place, NULL);
        g_string_append_printf(inputs, "%s %s rank %d without %d", items->len > 0 ? ";" : "", key->key,
                               key->rank, rank);
        item_append(telling, items, item);
        g_free(item);
        g_free(place);
    }
    if (items->len > 0)
        draft_add(telling->draft,
                  wording_text(telling->wording, tellings[left_out].rule, "items", items->str, NULL),
                  tellings[left_out].rule, tellings[left_out].threshold, "%s", inputs->str);
    g_string_free(inputs, TRUE);
    g_string_free(items, TRUE);
}

/* A footnote when the sensors that both quarters have give other ranks. */
static void note_common(const struct telling *telling, GPtrArray *notes, const char *caption)
{
    GString *items = g_string_new(NULL);
    size_t common = telling->comparison->shown_count > 0 ? telling->rows[0].common_sensors : 0;
    for (size_t row = 0; row < telling->comparison->shown_count && common > 0; row++) {
        const struct stability *trust = &telling->rows[row];
        const struct comparison_row *key = &telling->comparison->rows[row];
        if (trust->common_rank == key->rank && trust->common_previous_rank == key->previous_rank)
            continue;
        char *place = phrase_place(telling->wording, trust->common_rank);
        char *previous = phrase_place(telling->wording, trust->common_previous_rank);
        char *item = wording_text(telling->wording, "quality-common-item", "label", label_at(telling, row),
                                  "place", place, "previous-place", previous, NULL);
        item_append(telling, items, item);
        g_free(item);
        g_free(previous);
        g_free(place);
    }
    if (items->len > 0) {
        char *count = g_strdup_printf("%zu", common);
        g_ptr_array_add(notes, wording_text(telling->wording, "quality-common", "caption", caption, "count",
                                            count, "items", items->str, NULL));
        g_free(count);
    }
    g_string_free(items, TRUE);
}

static int fill_labels(const struct telling *telling, struct error *err)
{
    for (size_t i = 0; i < telling->comparison->shown_count; i++) {
        GString *label = g_string_new(NULL);
        int status = label_append_prose(telling->context, telling->comparison->measure->by,
                                        telling->comparison->rows[i].key, label, err);
        g_ptr_array_add(telling->labels, g_string_free(label, FALSE));
        if (status != 0)
            return -1;
    }
    return 0;
}

int table_trust(struct model_draft *draft, GPtrArray *notes, const struct context *context,
                const struct table_definition *definition, const char *caption,
                const struct comparison *comparison, struct error *err)
{
    struct stability *rows = stability_new(context, comparison);
    struct telling telling = {
        .draft = draft,
        .context = context,
        .wording = context->wording,
        .table = definition->id,
        .comparison = comparison,
        .rows = rows,
        .labels = g_ptr_array_new_with_free_func(g_free),
    };
    int status = fill_labels(&telling, err);
    for (size_t row = 0; row < comparison->shown_count && status == 0; row++)
        status = tell_concentration(&telling, row, err);
    if (status == 0) {
        tell_widespread(&telling);
        tell_unseen_elsewhere(&telling);
        tell_without(&telling, WITHOUT_LISTED);
        tell_without(&telling, WITHOUT_BACKSCATTER);
        note_common(&telling, notes, caption);
    }
    g_ptr_array_unref(telling.labels);
    stability_free(rows, comparison->shown_count);
    return status;
}
