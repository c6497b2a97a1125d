/* cell_runs.h - counters by number, of which there may be more than memory should hold side by side: sorted
 * and packed, five to eight bytes each.
 *
 *     struct cell_runs runs = {0};
 *     cell_runs_add(&runs, entries, count);               // ascending by key; as often as wanted
 *     struct cell_stream stream;
 *     cell_stream_init(&stream, &runs, more, more_count);
 *     for (; cell_stream_has(&stream); cell_stream_next(&stream))
 *         ... stream.entry.key, stream.entry.value        // each key once, ascending
 *     cell_stream_release(&stream);
 *     cell_runs_release(&runs);
 *
 * While packets are counted, a small hash table takes them, which stays close to the processor. When it is
 * full, its counters become a run; sixteen runs of a size are merged into one of the next. A counter is so
 * copied a few times, from memory that is read from front to end, where a hash table of twenty million waits
 * for memory with every packet.
 */
#ifndef TEITEN_AGGREGATE_CELL_RUNS_H
#define TEITEN_AGGREGATE_CELL_RUNS_H

#include <glib.h>
#include <stdbool.h>

#include "aggregate/count_map.h"

enum { CELL_LEVELS = 8 }; /* 16^8 times as many counters as a table holds */

/* All zeros is empty. */
struct cell_runs {
    GPtrArray *levels[CELL_LEVELS]; /* struct cell_run *, NULL: none yet */
};

void cell_runs_release(struct cell_runs *runs);
/* A copy of `entries`, which ascend by key. */
void cell_runs_add(struct cell_runs *runs, const struct count_entry *entries, size_t count);
/* Takes over what `from` holds, which is empty then. */
void cell_runs_absorb(struct cell_runs *runs, struct cell_runs *from);

struct cell_source;

/* All counters in order: equal keys are added up. Runs and entries are borrowed. */
struct cell_stream {
    struct count_entry entry; /* at hand, while cell_stream_has */
    bool has;
    struct cell_source *sources;
    struct cell_source **heap;
    size_t left;
};

void cell_stream_init(struct cell_stream *stream, const struct cell_runs *runs,
                      const struct count_entry *entries, size_t count);
static inline bool cell_stream_has(const struct cell_stream *stream)
{
    return stream->has;
}
void cell_stream_next(struct cell_stream *stream);
void cell_stream_release(struct cell_stream *stream);

#endif
