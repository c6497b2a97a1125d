#include "report/quality.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "report/availability.h"
#include "report/label.h"
#include "report/phrase.h"

/* Whether the sensor is in force and silent. */
static bool is_silent(const struct summary_sensor *sensor, int day)
{
    return sensor->active[day] && sensor->packets[day] == 0;
}

/* all_silent[day]: two or more sensors were in force, and none delivered. */
static void find_silent_days(const struct summary *summary, bool *all_silent)
{
    for (int day = 0; day < summary->edition.day_count; day++) {
        size_t active = 0, silent = 0;
        for (size_t i = 0; i < summary->sensor_count; i++) {
            active += summary->sensors[i].active[day];
            silent += is_silent(&summary->sensors[i], day);
        }
        all_silent[day] = active >= 2 && silent == active;
    }
}

static void add_outage(GArray *outages, size_t sensor, int first, int last)
{
    struct quality_outage outage = {.sensor = sensor, .first = first, .last = last};
    g_array_append_val(outages, outage);
}

static void add_sensor_outages(GArray *outages, const struct summary *summary, size_t index,
                               const bool *all_silent)
{
    const struct summary_sensor *sensor = &summary->sensors[index];
    int first = -1;
    bool alone = false; /* on some day of the run another sensor delivered */
    for (int day = 0; day <= summary->edition.day_count; day++) {
        if (day < summary->edition.day_count && is_silent(sensor, day)) {
            first = first < 0 ? day : first;
            alone = alone || !all_silent[day];
            continue;
        }
        if (first >= 0 && alone)
            add_outage(outages, index, first, day - 1);
        first = -1;
        alone = false;
    }
}

static const char *outage_sensor(const struct summary *summary, size_t sensor)
{
    return sensor == QUALITY_ALL_SENSORS ? "*" : summary->sensors[sensor].id;
}

/* Cuts runs where another maintenance, or none, begins. Takes `outages` over. */
static GArray *outages_explain(GArray *outages, const struct publication *publication,
                               const struct summary *summary)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(struct quality_outage));
    for (guint i = 0; i < outages->len; i++) {
        const struct quality_outage *whole = &g_array_index(outages, struct quality_outage, i);
        for (int day = whole->first; day <= whole->last; day++) {
            const struct maintenance *planned =
                maintenance_log_find(&publication->maintenance, outage_sensor(summary, whole->sensor),
                                     edition_day(&summary->edition, day));
            if (day > whole->first &&
                g_array_index(parts, struct quality_outage, parts->len - 1).planned == planned) {
                g_array_index(parts, struct quality_outage, parts->len - 1).last = day;
                continue;
            }
            struct quality_outage part = {
                .sensor = whole->sensor, .first = day, .last = day, .planned = planned};
            g_array_append_val(parts, part);
        }
    }
    g_array_unref(outages);
    return parts;
}

GArray *quality_maintenance_missed(const struct publication *publication, const struct summary *summary)
{
    GArray *missed = g_array_new(FALSE, FALSE, sizeof(struct quality_outage));
    for (size_t i = 0; i < summary->sensor_count; i++) {
        const struct summary_sensor *sensor = &summary->sensors[i];
        const struct maintenance *before = NULL;
        for (int day = 0; day < summary->edition.day_count; day++) {
            const struct maintenance *planned = maintenance_log_find(&publication->maintenance, sensor->id,
                                                                     edition_day(&summary->edition, day));
            planned = sensor->packets[day] > 0 ? planned : NULL;
            if (planned != NULL && planned == before) {
                g_array_index(missed, struct quality_outage, missed->len - 1).last = day;
            } else if (planned != NULL) {
                struct quality_outage part = {.sensor = i, .first = day, .last = day, .planned = planned};
                g_array_append_val(missed, part);
            }
            before = planned;
        }
    }
    return missed;
}

GArray *quality_outages(const struct publication *publication, const struct summary *summary)
{
    GArray *outages = g_array_new(FALSE, FALSE, sizeof(struct quality_outage));
    bool *all_silent = g_new0(bool, (size_t)summary->edition.day_count);
    find_silent_days(summary, all_silent);
    GArray *runs = day_runs(all_silent, true, summary->edition.day_count);
    for (guint i = 0; i < runs->len; i++)
        add_outage(outages, QUALITY_ALL_SENSORS, g_array_index(runs, struct day_range, i).first,
                   g_array_index(runs, struct day_range, i).last);
    for (size_t i = 0; i < summary->sensor_count; i++)
        add_sensor_outages(outages, summary, i, all_silent);
    g_array_unref(runs);
    g_free(all_silent);
    return outages_explain(outages, publication, summary);
}

/* The label in the publication, else the one that the summary was counted with, else the id. */
static char *sensor_label(const struct context *context, const struct summary_sensor *sensor)
{
    GString *label = g_string_new(NULL);
    label_append(context, BY_SENSOR, sensor->id, label, NULL); /* of a sensor: cannot fail */
    const char *counted = context_column(context, sensor->label, NULL);
    if (strcmp(label->str, sensor->id) == 0 && *counted != '\0')
        g_string_assign(label, counted);
    return g_string_free(label, FALSE);
}

char *quality_outage_label(const struct context *context, const struct summary *summary,
                           const struct quality_outage *outage)
{
    if (outage->sensor == QUALITY_ALL_SENSORS)
        return wording_text(context->wording, "all-sensors", NULL);
    return sensor_label(context, &summary->sensors[outage->sensor]);
}

static bool sensor_is_active(const struct summary *summary, const struct summary_sensor *sensor)
{
    for (int day = 0; day < summary->edition.day_count; day++)
        if (sensor->active[day])
            return true;
    return false;
}

static void fill_outages(struct model *model, const struct context *context)
{
    const struct summary *summary = context->current;
    GArray *outages = quality_outages(context->publication, summary);
    model->outages = g_new0(struct model_outage, MAX(outages->len, 1));
    for (guint i = 0; i < outages->len; i++) {
        const struct quality_outage *from = &g_array_index(outages, struct quality_outage, i);
        struct model_outage *to = &model->outages[model->outage_count++];
        GString *text = g_string_new(NULL);
        to->sensor = g_strdup(from->sensor == QUALITY_ALL_SENSORS ? "" : summary->sensors[from->sensor].id);
        to->label = quality_outage_label(context, summary, from);
        to->first = edition_day(&summary->edition, from->first);
        to->last = edition_day(&summary->edition, from->last);
        phrase_append_range_short(context->wording, text, to->first, to->last);
        to->text = g_string_free(text, FALSE);
        to->reason = g_strdup(from->planned != NULL
                                  ? context_column(context, from->planned->reason, from->planned->reason_en)
                                  : "");
    }
    g_array_unref(outages);
}

char *quality_registry_name(const struct summary_registry *registry)
{
    return strcmp(registry->name, "ripencc") == 0 ? g_strdup("RIPE NCC") : g_ascii_strup(registry->name, -1);
}

char *quality_registry_text(const struct summary_registry *registry)
{
    char *name = quality_registry_name(registry);
    char *text = *registry->date == '\0' ? g_strdup(name) : g_strdup_printf("%s %s", name, registry->date);
    g_free(name);
    return text;
}

static void fill_registries(struct model *model, const struct context *context)
{
    GPtrArray *texts = g_ptr_array_new();
    for (guint i = 0; i < context->current->registries->len; i++) {
        char *text = quality_registry_text(g_ptr_array_index(context->current->registries, i));
        if (g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
            g_free(text);
        else
            g_ptr_array_add(texts, text);
    }
    g_ptr_array_add(texts, NULL);
    model->registries = (char **)g_ptr_array_free(texts, FALSE);
}

void quality_fill(struct model *model, const struct context *context)
{
    const struct summary *summary = context->current;
    model->packets_read = summary->packets_read;
    for (int bin = 0; bin < BIN_COUNT; bin++) {
        char *rule = g_strdup_printf("bin-%s", bin_name((enum bin)bin));
        model->bins[bin].name = g_strdup(bin_name((enum bin)bin));
        model->bins[bin].label = wording_text(context->wording, rule, NULL);
        model->bins[bin].packets = summary->bins[bin];
        g_free(rule);
    }
    model->archive_count = summary->archives->len;
    for (guint i = 0; i < summary->archives->len; i++) {
        const struct summary_archive *archive = g_ptr_array_index(summary->archives, i);
        model->incomplete_archive_count += archive->problem != NULL;
        model->duplicate_archive_count += archive->duplicate_of != NULL;
    }
    for (size_t i = 0; i < summary->sensor_count; i++) {
        const struct summary_sensor *sensor = &summary->sensors[i];
        if (!sensor_is_active(summary, sensor))
            continue;
        model->sensor_count++;
        model->domestic_sensor_count += g_strcmp0(sensor->region, context->publication->home_region) == 0;
    }
    fill_outages(model, context);
    fill_registries(model, context);
}

void quality_release(struct model *model)
{
    for (int bin = 0; bin < BIN_COUNT; bin++) {
        g_free(model->bins[bin].name);
        g_free(model->bins[bin].label);
    }
    for (size_t i = 0; i < model->outage_count; i++) {
        g_free(model->outages[i].sensor);
        g_free(model->outages[i].label);
        g_free(model->outages[i].text);
        g_free(model->outages[i].reason);
    }
    g_free(model->outages);
    g_strfreev(model->registries);
    g_strfreev(model->notes);
}

static char *period_text(const struct context *context, const struct edition *edition)
{
    GString *out = g_string_new(NULL);
    edition_period_append(edition, context->language, out);
    return g_string_free(out, FALSE);
}

static void add_count_note(GPtrArray *notes, const struct context *context, const char *rule, uint64_t count)
{
    if (count == 0)
        return;
    GString *text = g_string_new(NULL);
    number_append_thousands(text, count);
    g_ptr_array_add(notes, wording_text(context->wording, rule, "count", text->str, NULL));
    g_string_free(text, TRUE);
}

static int sensor_compare(const void *id, const void *sensor)
{
    return strcmp(id, ((const struct summary_sensor *)sensor)->id);
}

/* They are in the order of their ids. */
static const struct summary_sensor *find_active_sensor(const struct summary *summary, const char *id)
{
    const struct summary_sensor *found =
        summary->sensor_count > 0
            ? bsearch(id, summary->sensors, summary->sensor_count, sizeof *found, sensor_compare)
            : NULL;
    return found != NULL && sensor_is_active(summary, found) ? found : NULL;
}

/* Names the sensors that `have` has in force and `lack` has not. */
static void add_sensor_note(GPtrArray *notes, const struct context *context, const char *rule,
                            const char *period, const struct summary *have, const struct summary *lack)
{
    GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < have->sensor_count; i++) {
        const struct summary_sensor *sensor = &have->sensors[i];
        if (sensor_is_active(have, sensor) && find_active_sensor(lack, sensor->id) == NULL)
            g_ptr_array_add(labels, sensor_label(context, sensor));
    }
    if (labels->len > 0) {
        GString *list = g_string_new(NULL);
        phrase_append_list(context->wording, list, labels);
        g_ptr_array_add(notes,
                        wording_text(context->wording, rule, "period", period, "labels", list->str, NULL));
        g_string_free(list, TRUE);
    }
    g_ptr_array_unref(labels);
}

void quality_add_sensor_notes(GPtrArray *notes, const struct context *context, const struct summary *other)
{
    char *period = period_text(context, &other->edition);
    add_sensor_note(notes, context, "quality-sensors-added", period, context->current, other);
    add_sensor_note(notes, context, "quality-sensors-removed", period, other, context->current);
    if (g_strcmp0(context->current->time_zone, other->time_zone) != 0)
        g_ptr_array_add(notes,
                        wording_text(context->wording, "quality-time-zone", "period", period, "other-zone",
                                     other->time_zone, "zone", context->current->time_zone, NULL));
    g_free(period);
}

void quality_add_comparability_note(GPtrArray *notes, const struct context *context, const char *caption,
                                    enum comparability comparability)
{
    if (comparability != COMPARABLE_NO_MEASURE && comparability != COMPARABLE_OTHER_DEFINITION)
        return; /* a missing quarter is told once for all */
    char *period = period_text(context, &context->previous->edition);
    const char *rule =
        comparability == COMPARABLE_NO_MEASURE ? "quality-no-measure" : "quality-other-definition";
    g_ptr_array_add(notes, wording_text(context->wording, rule, "caption", caption, "period", period, NULL));
    g_free(period);
}

void quality_add_notes(GPtrArray *notes, const struct context *context, const struct summary *year_before)
{
    (void)year_before; /* no sentence rests on it yet */
    const struct summary *summary = context->current;
    uint64_t incomplete = 0, duplicates = 0;
    g_ptr_array_add(notes, wording_text(context->wording, "quality-ties", NULL));
    if (context->previous == NULL) {
        struct edition before = edition_previous(&summary->edition);
        char *period = period_text(context, &before);
        g_ptr_array_add(notes, wording_text(context->wording, "quality-no-previous", "period", period, NULL));
        g_free(period);
    } else {
        quality_add_sensor_notes(notes, context, context->previous);
    }
    for (guint i = 0; i < summary->archives->len; i++) {
        const struct summary_archive *archive = g_ptr_array_index(summary->archives, i);
        incomplete += archive->problem != NULL;
        duplicates += archive->duplicate_of != NULL;
    }
    add_count_note(notes, context, "quality-incomplete", incomplete);
    add_count_note(notes, context, "quality-duplicates", duplicates);
    add_count_note(notes, context, "quality-overlap", summary->region_overlap_addresses);
}

/* "2番目と3番目（差1.0%）" */
static void append_close_item(const struct context *context, GString *out, const struct comparison_row *row,
                              const struct comparison_row *next)
{
    char *rank = g_strdup_printf("%d", row->rank);
    char *next_rank = g_strdup_printf("%d", next->rank);
    char *place = wording_text(context->wording, "place", "rank", rank, NULL);
    char *second_place = wording_text(context->wording, "place", "rank", next_rank, NULL);
    GString *percent = g_string_new(NULL);
    phrase_append_percent(percent, row->count - next->count, row->count);
    wording_append(context->wording, out, "quality-close-item", "place", place, "second-place", second_place,
                   "percent", percent->str, NULL);
    g_string_free(percent, TRUE);
    g_free(second_place);
    g_free(place);
    g_free(next_rank);
    g_free(rank);
}

/* When a table leaves out rows of a rank that it shows. */
static void add_cut_note(GPtrArray *notes, const struct context *context, const char *caption,
                         const struct comparison *comparison)
{
    if (comparison->shown_count == 0 || comparison->shown_count == comparison->row_count)
        return;
    const struct comparison_row *last = &comparison->rows[comparison->shown_count - 1];
    if (comparison->rows[comparison->shown_count].rank != last->rank)
        return;
    char *rank = g_strdup_printf("%d", last->rank);
    char *place = wording_text(context->wording, "place", "rank", rank, NULL);
    GString *count = g_string_new(NULL);
    number_append_thousands(count, comparison_tie_count(comparison, comparison->shown_count - 1));
    g_ptr_array_add(notes, wording_text(context->wording, "quality-ties-cut", "caption", caption, "place",
                                        place, "count", count->str, NULL));
    g_string_free(count, TRUE);
    g_free(place);
    g_free(rank);
}

/* All near-ties of a table in one note: between shown rows, and between the last shown and the first that is
 * not. */
static void add_close_note(GPtrArray *notes, const struct context *context, const char *caption,
                           const struct comparison *comparison)
{
    GString *pairs = g_string_new(NULL);
    for (size_t i = 0; i + 1 < comparison->row_count && i < comparison->shown_count; i++) {
        const struct comparison_row *row = &comparison->rows[i], *next = &comparison->rows[i + 1];
        if (!comparison_row_is_close(comparison, i))
            continue;
        if (pairs->len > 0)
            wording_append(context->wording, pairs, "list-separator", NULL);
        append_close_item(context, pairs, row, next);
    }
    if (pairs->len > 0)
        g_ptr_array_add(notes, wording_text(context->wording, "quality-close", "caption", caption, "pairs",
                                            pairs->str, NULL));
    g_string_free(pairs, TRUE);
}

void quality_add_table_notes(GPtrArray *notes, const struct context *context, const char *caption,
                             const struct comparison *comparison)
{
    quality_add_comparability_note(notes, context, caption, comparison->comparability);
    if (comparison->unallocated > 0) {
        GString *percent = g_string_new(NULL);
        phrase_append_percent(percent, comparison->unallocated, comparison->total);
        g_ptr_array_add(notes, wording_text(context->wording, "quality-unallocated", "caption", caption,
                                            "percent", percent->str, NULL));
        g_string_free(percent, TRUE);
    }
    add_cut_note(notes, context, caption, comparison);
    add_close_note(notes, context, caption, comparison);
}
