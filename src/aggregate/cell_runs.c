#include "aggregate/cell_runs.h"

#include "summary/octets.h"

enum { FAN_IN = 16 };

/* For each counter the distance of its key from that of the one before, then its value. */
struct cell_run {
    struct octets bytes;
    size_t count;
    uint64_t last_key; /* while it is written */
};

static void run_free(gpointer data)
{
    octets_release(&((struct cell_run *)data)->bytes);
    g_free(data);
}

static void run_append(struct cell_run *run, const struct count_entry *entry)
{
    octets_number(&run->bytes, entry->key - run->last_key);
    octets_number(&run->bytes, entry->value);
    run->last_key = entry->key;
    run->count++;
}

void cell_runs_release(struct cell_runs *runs)
{
    for (int i = 0; i < CELL_LEVELS; i++)
        g_clear_pointer(&runs->levels[i], g_ptr_array_unref);
}

/* ---- reading in order ---- */

struct cell_source {
    const uint8_t *at;                 /* of a run, */
    const struct count_entry *entries; /* or of entries */
    size_t left;
    struct count_entry entry;
};

static bool source_advance(struct cell_source *source)
{
    if (source->left == 0)
        return false;
    source->left--;
    if (source->entries != NULL) {
        source->entry = *source->entries++;
        return true;
    }
    source->entry.key += octets_number_at(&source->at);
    source->entry.value = octets_number_at(&source->at);
    return true;
}

static void heap_sink(struct cell_source **heap, size_t count, size_t at)
{
    struct cell_source *sunk = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1]->entry.key < heap[child]->entry.key)
            child++;
        if (sunk->entry.key <= heap[child]->entry.key)
            break;
        heap[at] = heap[child];
    }
    heap[at] = sunk;
}

void cell_stream_next(struct cell_stream *stream)
{
    stream->has = stream->left > 0;
    if (!stream->has)
        return;
    stream->entry = (struct count_entry){.key = stream->heap[0]->entry.key};
    while (stream->left > 0 && stream->heap[0]->entry.key == stream->entry.key) {
        stream->entry.value += stream->heap[0]->entry.value;
        if (!source_advance(stream->heap[0]))
            stream->heap[0] = stream->heap[--stream->left];
        if (stream->left > 1)
            heap_sink(stream->heap, stream->left, 0);
    }
}

static void stream_start(struct cell_stream *stream, size_t source_count)
{
    stream->heap = g_new(struct cell_source *, source_count + 1);
    stream->left = 0;
    for (size_t i = 0; i < source_count; i++)
        if (source_advance(&stream->sources[i]))
            stream->heap[stream->left++] = &stream->sources[i];
    for (size_t i = stream->left / 2; i-- > 0;)
        heap_sink(stream->heap, stream->left, i);
    cell_stream_next(stream);
}

static struct cell_source run_source(const struct cell_run *run)
{
    return (struct cell_source){.at = run->bytes.data, .left = run->count};
}

void cell_stream_init(struct cell_stream *stream, const struct cell_runs *runs,
                      const struct count_entry *entries, size_t count)
{
    size_t source_count = 0;
    stream->sources = g_new(struct cell_source, (size_t)CELL_LEVELS * FAN_IN + 1);
    stream->sources[source_count++] = (struct cell_source){.entries = entries, .left = count};
    for (int i = 0; i < CELL_LEVELS; i++)
        for (guint j = 0; runs->levels[i] != NULL && j < runs->levels[i]->len; j++)
            stream->sources[source_count++] = run_source(runs->levels[i]->pdata[j]);
    stream_start(stream, source_count);
}

void cell_stream_release(struct cell_stream *stream)
{
    g_free(stream->sources);
    g_free(stream->heap);
}

/* ---- collecting ---- */

static struct cell_run *runs_merge(const GPtrArray *runs)
{
    struct cell_run *merged = g_new0(struct cell_run, 1);
    struct cell_stream stream = {.sources = g_new(struct cell_source, runs->len)};
    for (guint i = 0; i < runs->len; i++)
        stream.sources[i] = run_source(runs->pdata[i]);
    for (stream_start(&stream, runs->len); cell_stream_has(&stream); cell_stream_next(&stream))
        run_append(merged, &stream.entry);
    cell_stream_release(&stream);
    return merged;
}

/* Takes the run over. */
static void run_collect(struct cell_runs *runs, int level, struct cell_run *run)
{
    for (; level < CELL_LEVELS; level++) {
        if (runs->levels[level] == NULL)
            runs->levels[level] = g_ptr_array_new_with_free_func(run_free);
        g_ptr_array_add(runs->levels[level], run);
        if (runs->levels[level]->len < FAN_IN)
            return;
        run = runs_merge(runs->levels[level]);
        g_ptr_array_set_size(runs->levels[level], 0);
    }
    g_error("out of memory: too many counters");
}

void cell_runs_add(struct cell_runs *runs, const struct count_entry *entries, size_t count)
{
    struct cell_run *run = g_new0(struct cell_run, 1);
    octets_reserve(&run->bytes, 6 * count);
    for (size_t i = 0; i < count; i++)
        run_append(run, &entries[i]);
    run_collect(runs, 0, run);
}

void cell_runs_absorb(struct cell_runs *runs, struct cell_runs *from)
{
    for (int i = 0; i < CELL_LEVELS; i++) {
        GPtrArray *level = g_steal_pointer(&from->levels[i]);
        while (level != NULL && level->len > 0)
            run_collect(runs, i, g_ptr_array_steal_index(level, level->len - 1));
        if (level != NULL)
            g_ptr_array_unref(level);
    }
}
