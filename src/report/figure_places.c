/* figure_places.c - which sensor delivered when, and ranks over the quarters. */
#include <string.h>

#include "report/comparison.h"
#include "report/figure_making.h"
#include "report/label.h"
#include "report/period.h"
#include "report/phrase.h"
#include "report/ranking.h"
#include "report/series.h"

/* ---- availability ---- */

/* Whether it was in force on a day that is shown: else it has nothing to be shown. */
static bool is_in_force(const struct summary_sensor *sensor, int offset, int day_count)
{
    for (int day = offset; day < offset + day_count; day++)
        if (sensor->active[day])
            return true;
    return false;
}

static void fill_sensor(struct making *m, const struct summary_sensor *sensor, int offset,
                        struct chart_series *series)
{
    uint64_t active = 0, delivering = 0;
    for (int day = 0; day < m->chart->day_count; day++) {
        bool in_force = sensor->active[offset + day], delivers = sensor->packets[offset + day] > 0;
        series->values[day] = delivers;
        series->observed[day] = !in_force || delivers;
        active += in_force;
        delivering += in_force && delivers;
    }
    GString *share = g_string_new(NULL);
    phrase_append_percent(share, delivering, active);
    series->remark = g_string_free(share, FALSE);
    GString *label = g_string_new(NULL);
    label_append(m->context, BY_SENSOR, sensor->id, label, NULL); /* of a sensor: cannot fail */
    series->label = g_string_free(label, FALSE);
    series->detail = g_strdup("");
    g_ptr_array_add(m->keys, g_strdup(sensor->id));
}

int making_availability(struct making *m)
{
    const struct summary *summary = m->context->current;
    struct chart_spec *chart = m->chart;
    int offset;
    if (series_days(m->context, &offset, &chart->day_count, m->err) != 0)
        return -1;
    chart->first_day = edition_day(&summary->edition, offset);
    GPtrArray *shown = g_ptr_array_new(), *known = g_ptr_array_new();
    for (size_t i = 0; i < summary->sensor_count; i++) {
        const struct summary_sensor *sensor = &summary->sensors[i];
        if ((!m->definition->all_sensors && !m->measure->sensors[i]) ||
            !is_in_force(sensor, offset, chart->day_count))
            continue;
        g_ptr_array_add(known, sensor->id);
        if (making_wants(m, sensor->id))
            g_ptr_array_add(shown, (gpointer)(uintptr_t)sensor);
    }
    int status = making_check_keys(m, known);
    if (status == 0) {
        making_series_allocate(m, shown->len);
        for (guint i = 0; i < shown->len; i++)
            fill_sensor(m, shown->pdata[i], offset, &chart->series[i]);
    }
    g_ptr_array_unref(shown);
    g_ptr_array_unref(known);
    char *period = period_text(m->context, chart->first_day,
                               civil_date_add_days(chart->first_day, chart->day_count - 1));
    g_free(chart->current_label);
    chart->current_label = wording_text(m->context->wording, "delivered", NULL);
    g_free(chart->subtitle);
    chart->subtitle =
        wording_text(m->context->wording, "subtitle", "caption", m->caption, "period", period, NULL);
    g_free(period);
    g_free(chart->unit);
    chart->unit = g_strdup("");
    return status;
}

/* ---- ranks over the quarters ---- */

enum { QUARTERS_MAXIMUM = 8 };

static size_t keys_shown(const struct ranking *ranking, int top)
{
    return MIN(ranking->entry_count, (size_t)top);
}

struct flow {
    struct ranking rankings[QUARTERS_MAXIMUM]; /* the newest first */
    int count;
};

/* As far back as there is a summary. Column after column, the newest at the right. */
static void flow_init(struct flow *flow, struct making *m)
{
    const struct context *context = m->context;
    const struct summary *summaries[QUARTERS_MAXIMUM] = {context->current};
    memset(flow, 0, sizeof *flow);
    flow->count = 1;
    for (int back = 1; back < m->definition->quarters; back++) {
        summaries[back] = back <= (int)context->history_count ? context->history[back - 1] : NULL;
        if (summaries[back] != NULL)
            flow->count = back + 1;
    }
    making_columns_init(m->chart, flow->count);
    struct edition edition = context->current->edition;
    for (int back = 0; back < flow->count; back++, edition = edition_previous(&edition)) {
        enum comparability comparability;
        const struct measure_counts *measure =
            back == 0 ? m->measure : comparison_previous(m->measure, summaries[back], &comparability);
        m->chart->columns[flow->count - 1 - back] = period_short(context, &edition);
        if (measure != NULL)
            ranking_init(&flow->rankings[back], summaries[back], measure);
        if (back + 1 == flow->count && back > 0) {
            struct edition all = edition_span(&edition, &context->current->edition);
            char *period = period_of_edition(context, &all);
            g_free(m->chart->subtitle);
            m->chart->subtitle =
                wording_text(context->wording, "subtitle", "caption", m->caption, "period", period, NULL);
            g_free(period);
        }
    }
}

static int fill_ranks(struct making *m, const struct flow *flow, size_t index, const char *key)
{
    struct chart_series *series = &m->chart->series[index];
    if (making_series_name(m, index, key) != 0)
        return -1;
    for (int back = 0; back < flow->count; back++)
        for (size_t j = 0; j < keys_shown(&flow->rankings[back], m->top); j++)
            if (strcmp(flow->rankings[back].entries[j].key, key) == 0) {
                series->values[flow->count - 1 - back] = flow->rankings[back].entries[j].rank;
                series->observed[flow->count - 1 - back] = true;
            }
    return 0;
}

int making_rank_flow(struct making *m)
{
    struct flow flow;
    flow_init(&flow, m);
    GPtrArray *keys = g_ptr_array_new(); /* borrowed from the summaries; the newest quarter first */
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    for (int back = 0; back < flow.count; back++)
        for (size_t i = 0; i < keys_shown(&flow.rankings[back], m->top); i++) {
            char *key = (char *)(uintptr_t)flow.rankings[back].entries[i].key;
            if (g_hash_table_add(known, key))
                g_ptr_array_add(keys, key);
        }
    int status = making_check_keys(m, keys);
    for (guint i = keys->len; i-- > 0;)
        if (status == 0 && !making_wants(m, keys->pdata[i]))
            g_ptr_array_remove_index(keys, i);
    if (status == 0)
        making_series_allocate(m, keys->len);
    for (guint i = 0; i < keys->len && status == 0; i++)
        status = fill_ranks(m, &flow, i, keys->pdata[i]);
    for (int back = 0; back < flow.count; back++)
        ranking_release(&flow.rankings[back]);
    g_hash_table_unref(known);
    g_ptr_array_unref(keys);
    g_free(m->chart->unit);
    m->chart->unit = wording_text(m->context->wording, "heading-rank", NULL);
    return status;
}
