#include "aggregate/tally_parts.h"

#include <string.h>

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

static void sets_prepare(struct tally_measure *measure, size_t sensor_count)
{
    enum { CHOICES_MAX = 4096 };
    const struct plan_measure *plan = measure->plan;
    size_t first = plan->first.key_count;
    size_t others = plan->second.key_count * (plan->definition->count == COUNT_SOURCES ? 1 : sensor_count);
    measure->sets = g_ptr_array_new_with_free_func((GDestroyNotify)source_set_free);
    if (first == 0 || others == 0 || first > CHOICES_MAX / others)
        return;
    measure->set_choice_count = first * others;
    measure->set_choices = g_new0(struct source_set *, measure->set_choice_count);
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
            sets_prepare(measure, sensor_count);
        if (measure->plan->storage == STORE_DENSE)
            measure->dense = g_new0(uint64_t *, dense_count(plan, measure->plan));
    }
    for (size_t i = 0; i < FACT_BATCH_SIZE; i++)
        tally->everything.at[i] = (uint16_t)i;
    tally_restrict(tally, NULL);
    archive_begin(tally);
    return tally;
}

void tally_restrict(struct tally *tally, const bool *measures)
{
    memset(tally->counted, 0, sizeof tally->counted);
    for (size_t i = 0; i < tally->plan->measure_count; i++) {
        struct tally_measure *measure = &tally->measures[i];
        const struct plan_measure *finer = measure->plan->united_of;
        ptrdiff_t from = finer == NULL ? 0 : finer - tally->plan->measures;
        bool is_united = finer != NULL && (measures == NULL || measures[from]);
        measure->united_of = is_united ? &tally->measures[from] : NULL;
        if (!is_united && (measures == NULL || measures[i]))
            tally->counted[i / 64] |= UINT64_C(1) << i % 64;
    }
}

void tally_measure_release(const struct tally *tally, struct tally_measure *measure)
{
    port_counts_release(&measure->ports);
    count_map_release(&measure->cells);
    cell_runs_release(&measure->runs);
    count_map_release(&measure->pairs);
    g_clear_pointer(&measure->sets, g_ptr_array_unref);
    g_clear_pointer(&measure->set_choices, g_free);
    for (uint32_t i = 0; measure->dense != NULL && i < dense_count(tally->plan, measure->plan); i++)
        g_free(measure->dense[i]);
    g_clear_pointer(&measure->dense, g_free);
}

void tally_free(struct tally *tally)
{
    if (tally == NULL)
        return;
    for (size_t i = 0; i < tally->plan->measure_count; i++)
        tally_measure_release(tally, &tally->measures[i]);
    fact_reader_release(&tally->reader);
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

static inline bool is_before(const struct packet *packet, int64_t seconds, uint32_t nanoseconds)
{
    return (packet->seconds < seconds) | ((packet->seconds == seconds) & (packet->nanoseconds < nanoseconds));
}

static void time_note(struct tally *tally, const struct packet *packet)
{
    if (is_before(packet, tally->last_seconds, tally->last_nanoseconds))
        tally->backward_count++;
    span_widen(&tally->time, packet->seconds);
    tally->has_time = true;
    tally->last_seconds = packet->seconds;
    tally->last_nanoseconds = packet->nanoseconds;
}

/* Where time goes forward, only the first and the last packet can widen the span. */
static void times_note(struct tally *tally, const struct packet *packets, size_t count, bool is_ascending)
{
    if (is_ascending && count > 1) {
        time_note(tally, &packets[0]);
        time_note(tally, &packets[count - 1]);
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (!packets[i].bad_time)
            time_note(tally, &packets[i]);
}

/* What is counted of every sensor, whatever the measures are. Which of its packets widen the span is beyond
 * any processor's guess, so none is made. */
static void sensors_note(struct tally *tally, const struct fact_batch *batch)
{
    size_t sensor_count = tally->plan->publication->sensors.sensor_count;
    uint64_t *packets = tally->sensor_packets + (size_t)batch->day * sensor_count;
    struct tally_span *spans = tally->spans;
    const size_t count = batch->count;
    for (size_t i = 0; i < count; i++) {
        int64_t seconds = fact_packet(batch, i)->seconds;
        struct tally_span *span = &spans[batch->sensor[i]];
        int64_t first = MIN(span->first, seconds);
        int64_t last = MAX(span->last, seconds);
        span->first = first;
        span->last = last;
        packets[batch->sensor[i]]++;
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

/* Adds packets as far as they make up a batch, and says how many. 0, or -1 and an error. */
static int batch_add(struct tally *tally, const struct packet *packets, size_t count, size_t *taken,
                     struct error *err)
{
    const struct fact_filter *filter = &tally->plan->filter;
    struct fact_batch *batch = &tally->batch;
    *taken = fact_batch_read(batch, &tally->reader, packets, count, tally->bins);
    tally->packets_read += *taken;
    times_note(tally, packets, *taken, batch->is_ascending);
    if (batch->count == 0)
        return 0;
    sensors_note(tally, batch);
    uint64_t admitted[FACT_BATCH_SIZE * FACT_FILTER_WORDS_MAX];
    uint64_t any[FACT_FILTER_WORDS_MAX];
    uint64_t all[FACT_FILTER_WORDS_MAX];
    fact_filter_admit(filter, batch, admitted, any, all);
    tally->everything.count = batch->count;
    for (size_t word = 0; word < filter->word_count; word++)
        for (uint64_t left = any[word] & tally->counted[word]; left != 0; left &= left - 1) {
            size_t number = word * 64 + (size_t)__builtin_ctzll(left);
            struct tally_selection some;
            bool is_all = (all[word] >> number % 64 & 1) != 0;
            if (!is_all)
                measure_select(&some, admitted, filter->word_count, batch->count, number);
            if (tally_measure_add(tally, &tally->measures[number], batch, is_all ? &tally->everything : &some,
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
