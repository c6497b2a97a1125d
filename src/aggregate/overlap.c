#include "aggregate/overlap.h"

#include <string.h>

/* Recorders that rotate files leave late packets in the new one: less than this is no news. */
enum { OVERLAP_SECONDS = 60 };

struct span {
    const struct summary_archive *archive;
    struct summary_span time;
};

/* By sensor, then time; equal times by the archives' names. */
static int span_compare(gconstpointer a, gconstpointer b)
{
    const struct span *x = a;
    const struct span *y = b;
    if (x->time.sensor != y->time.sensor)
        return x->time.sensor < y->time.sensor ? -1 : 1;
    if (x->time.first_second != y->time.first_second)
        return x->time.first_second < y->time.first_second ? -1 : 1;
    if (x->time.last_second != y->time.last_second)
        return x->time.last_second < y->time.last_second ? -1 : 1;
    return strcmp(x->archive->name, y->archive->name);
}

static GArray *spans_collect(const struct summary *summary)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    for (guint i = 0; i < summary->archives->len; i++) {
        const struct summary_archive *archive = summary->archives->pdata[i];
        for (size_t j = 0; j < archive->span_count; j++) {
            struct span span = {archive, archive->spans[j]};
            g_array_append_val(spans, span);
        }
    }
    g_array_sort(spans, span_compare);
    return spans;
}

/* What is known of the sensor at hand: the span that lasts longest so far, and the first two that overlap. */
struct sensor_overlaps {
    const struct span *latest, *first, *second;
    size_t count;
};

static void overlaps_say(const struct summary *summary, const struct sensor_overlaps *overlaps,
                         struct warning_log *log)
{
    if (overlaps->count == 0)
        return;
    warning_add(
        log, "overlapping archives",
        "aggregate: sensor %s: %zu archive%s with packets from a time that an earlier one covers, first %s "
        "(with %s)",
        summary->sensors[overlaps->first->time.sensor].id, overlaps->count, overlaps->count == 1 ? "" : "s",
        overlaps->second->archive->name, overlaps->first->archive->name);
}

void overlap_report(const struct summary *summary, struct warning_log *log)
{
    GArray *spans = spans_collect(summary);
    struct sensor_overlaps overlaps = {.latest = NULL};
    for (guint i = 0; i < spans->len; i++) {
        const struct span *span = &g_array_index(spans, struct span, i);
        if (overlaps.latest == NULL || overlaps.latest->time.sensor != span->time.sensor) {
            overlaps_say(summary, &overlaps, log);
            overlaps = (struct sensor_overlaps){.latest = span};
            continue;
        }
        int64_t shared =
            MIN(span->time.last_second, overlaps.latest->time.last_second) - span->time.first_second;
        if (shared > OVERLAP_SECONDS && overlaps.count++ == 0) {
            overlaps.first = overlaps.latest;
            overlaps.second = span;
        }
        if (span->time.last_second > overlaps.latest->time.last_second)
            overlaps.latest = span;
    }
    overlaps_say(summary, &overlaps, log);
    g_array_unref(spans);
}
