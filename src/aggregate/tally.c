#include "aggregate/tally_parts.h"

#include <string.h>

#include "aggregate/address_set.h"

static uint32_t dense_count(const struct plan *plan, const struct plan_measure *measure)
{
    return dense_index(measure, time_number(plan->edition->day_count, 0));
}

static const struct tally_span no_span = {.first = INT64_MAX, .last = INT64_MIN};

static void archive_begin(struct tally *tally)
{
    for (size_t i = 0; i < tally->plan->publication->sensors.sensor_count; i++)
        tally->spans[i] = no_span;
    tally->backward_count = 0;
    tally->reader.unsupported_count = 0;
    tally->reader.unsupported_link = 0;
    tally->time = no_span;
    tally->has_time = false;
    tally->last_seconds = INT64_MIN;
    tally->last_nanoseconds = 0;
}

struct tally *tally_new(const struct plan *plan)
{
    struct tally *tally = g_new0(struct tally, 1);
    size_t sensor_count = plan->publication->sensors.sensor_count;
    tally->plan = plan;
    fact_reader_init(&tally->reader, plan);
    tally->sensor_packets = g_new0(uint64_t, sensor_count * (size_t)plan->edition->day_count + 1);
    tally->spans = g_new0(struct tally_span, sensor_count + 1);
    tally->network_list = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    tally->measures = g_new0(struct tally_measure, plan->measure_count + 1);
    for (size_t i = 0; i < plan->measure_count; i++) {
        struct tally_measure *measure = &tally->measures[i];
        measure->plan = &plan->measures[i];
        if (measure->plan->storage == STORE_SETS)
            measure->sets = g_ptr_array_new_with_free_func((GDestroyNotify)address_set_free);
        if (measure->plan->storage == STORE_DENSE)
            measure->dense = g_new0(uint64_t *, dense_count(plan, measure->plan));
    }
    memset(tally->counted, 0xff, sizeof tally->counted);
    archive_begin(tally);
    return tally;
}

void tally_restrict(struct tally *tally, const bool *measures)
{
    memset(tally->counted, 0, sizeof tally->counted);
    for (size_t i = 0; i < tally->plan->measure_count; i++)
        if (measures[i])
            tally->counted[i / 64] |= UINT64_C(1) << i % 64;
}

void tally_free(struct tally *tally)
{
    if (tally == NULL)
        return;
    for (size_t i = 0; i < tally->plan->measure_count; i++) {
        struct tally_measure *measure = &tally->measures[i];
        port_counts_release(&measure->ports);
        count_map_release(&measure->cells);
        cell_runs_release(&measure->runs);
        count_map_release(&measure->pairs);
        if (measure->sets != NULL)
            g_ptr_array_unref(measure->sets);
        for (uint32_t j = 0; measure->dense != NULL && j < dense_count(tally->plan, measure->plan); j++)
            g_free(measure->dense[j]);
        g_free(measure->dense);
    }
    count_map_release(&tally->networks);
    g_array_unref(tally->network_list);
    g_free(tally->spans);
    g_free(tally->measures);
    g_free(tally->sensor_packets);
    g_free(tally);
}

void tally_archive_end(struct tally *tally, struct summary_archive *archive)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct summary_span));
    for (size_t i = 0; i < tally->plan->publication->sensors.sensor_count; i++) {
        struct summary_span span = {.sensor = (uint32_t)i,
                                    .first_second = tally->spans[i].first,
                                    .last_second = tally->spans[i].last};
        if (span.first_second <= span.last_second)
            g_array_append_val(spans, span);
    }
    if (tally->has_time) {
        archive->first_second = tally->time.first;
        archive->last_second = tally->time.last;
    }
    archive->backward_count = tally->backward_count;
    archive->unsupported_count = tally->reader.unsupported_count;
    archive->unsupported_link = (uint32_t)CLAMP(tally->reader.unsupported_link, 0, UINT16_MAX);
    archive->span_count = spans->len;
    archive->spans = (struct summary_span *)(void *)g_array_free(spans, FALSE);
    archive_begin(tally);
}

static inline void span_widen(struct tally_span *span, int64_t seconds)
{
    if (seconds < span->first)
        span->first = seconds;
    if (seconds > span->last)
        span->last = seconds;
}

/* Time mostly goes forward: then only the first and the last packet of a run can widen the span. */
static void times_note(struct tally *tally, const struct packet *packets, size_t count)
{
    int64_t seconds = tally->last_seconds;
    uint32_t nanoseconds = tally->last_nanoseconds;
    for (size_t i = 0; i < count; i++) {
        const struct packet *packet = &packets[i];
        if (packet->bad_time)
            continue;
        bool is_backward =
            packet->seconds < seconds || (packet->seconds == seconds && packet->nanoseconds < nanoseconds);
        if (is_backward || !tally->has_time) {
            if (is_backward) {
                tally->backward_count++;
                span_widen(&tally->time, seconds);
            }
            span_widen(&tally->time, packet->seconds);
            tally->has_time = true;
        }
        seconds = packet->seconds;
        nanoseconds = packet->nanoseconds;
    }
    tally->last_seconds = seconds;
    tally->last_nanoseconds = nanoseconds;
    if (tally->has_time)
        span_widen(&tally->time, seconds);
}

/* What is counted of every sensor, whatever the measures are. */
static void sensors_note(struct tally *tally, const struct fact_batch *batch)
{
    size_t day_count = (size_t)tally->plan->edition->day_count;
    uint64_t *packets = tally->sensor_packets + batch->day;
    struct tally_span *spans = tally->spans;
    for (size_t i = 0; i < batch->count; i++) {
        uint32_t sensor = batch->facts[i].sensor;
        packets[sensor * day_count]++;
        span_widen(&spans[sensor], batch->packets[i]->seconds);
    }
}

/* The facts that measure `number` lets through. */
static void measure_select(struct tally_selection *selection, const uint64_t *admitted, size_t word_count,
                           size_t count, size_t number)
{
    const uint64_t *word = admitted + number / 64;
    unsigned shift = number % 64;
    size_t selected = 0;
    for (size_t i = 0; i < count; i++) {
        selection->at[selected] = (uint16_t)i;
        selected += word[i * word_count] >> shift & 1;
    }
    selection->count = selected;
}

static void everything_select(struct tally_selection *selection, size_t count)
{
    for (size_t i = 0; i < count; i++)
        selection->at[i] = (uint16_t)i;
    selection->count = count;
}

/* Adds packets as far as they make up a batch, and says how many. 0, or -1 and an error. */
static int batch_add(struct tally *tally, const struct packet *packets, size_t count, size_t *taken,
                     struct error *err)
{
    const struct fact_filter *filter = &tally->plan->filter;
    struct fact_batch batch;
    *taken = fact_batch_read(&batch, &tally->reader, packets, count, tally->bins);
    tally->packets_read += *taken;
    times_note(tally, packets, *taken);
    sensors_note(tally, &batch);
    uint64_t admitted[FACT_BATCH_SIZE * FACT_FILTER_WORDS_MAX];
    uint64_t any[FACT_FILTER_WORDS_MAX];
    uint64_t all[FACT_FILTER_WORDS_MAX];
    struct tally_selection everything;
    fact_filter_admit(filter, batch.facts, batch.count, admitted, any, all);
    everything_select(&everything, batch.count);
    for (size_t word = 0; word < filter->word_count; word++)
        for (uint64_t left = any[word] & tally->counted[word]; left != 0; left &= left - 1) {
            size_t number = word * 64 + (size_t)__builtin_ctzll(left);
            struct tally_selection some;
            bool is_all = (all[word] >> number % 64 & 1) != 0;
            if (!is_all)
                measure_select(&some, admitted, filter->word_count, batch.count, number);
            if (tally_measure_add(tally, &tally->measures[number], &batch, is_all ? &everything : &some,
                                  err) != 0)
                return -1;
        }
    return 0;
}

int tally_add(struct tally *tally, const struct packet *packet, struct error *err)
{
    return tally_add_many(tally, packet, 1, err);
}

int tally_add_many(struct tally *tally, const struct packet *packets, size_t count, struct error *err)
{
    size_t taken;
    for (size_t at = 0; at < count; at += taken)
        if (batch_add(tally, packets + at, count - at, &taken, err) != 0)
            return -1;
    return 0;
}
