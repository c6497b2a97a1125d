#include "summary/section.h"

#include <string.h>

#include "summary/key.h"
#include "summary/source_union.h"

void section_release(struct section *section)
{
    if (section->holder == NULL)
        octets_release(&section->bytes);
    else
        g_bytes_unref(section->holder);
    *section = (struct section){.holder = NULL};
}

struct section section_copy(const struct section *section)
{
    struct section copy = *section;
    if (section->holder != NULL) {
        g_bytes_ref(copy.holder);
        return copy;
    }
    copy.bytes = (struct octets){.data = NULL};
    octets_append(&copy.bytes, section->bytes.data, section->bytes.size);
    return copy;
}

/* ---- writing ---- */

void section_writer_init(struct section_writer *writer, enum measure_count count, struct section *section)
{
    *writer = (struct section_writer){.section = section, .count = count};
}

/* How many distinct things the sets of the row at hand have together. */
static uint64_t row_different(const struct section_writer *writer)
{
    struct written_set *sets = g_new(struct written_set, writer->cell_count);
    struct section_cells cells = section_cells_at(writer->section->bytes.data + writer->cells,
                                                  (uint32_t)writer->cell_count, writer->count);
    for (size_t i = 0; section_cells_next(&cells); i++)
        sets[i] = (struct written_set){cells.set, cells.set_size};
    uint64_t different = source_union_count(sets, writer->cell_count, writer->count == COUNT_SOURCE_SENSORS);
    g_free(sets);
    return different;
}

/* Puts between key and cells what is known only now; mostly the one byte that was left free. */
static void row_finish(struct section_writer *writer)
{
    struct octets *out = &writer->section->bytes;
    if (!writer->has_row)
        return;
    writer->has_row = false;
    if (writer->cell_count == 0) {
        out->size = writer->start;
        return;
    }
    uint8_t head[2 * OCTETS_NUMBER_MAX];
    uint8_t *end = octets_put_number(head, writer->cell_count);
    if (measure_count_is_distinct(writer->count))
        end = octets_put_number(end, row_different(writer));
    size_t more = (size_t)(end - head) - 1;
    if (more > 0) {
        octets_reserve(out, more);
        memmove(out->data + writer->cells + more, out->data + writer->cells, out->size - writer->cells);
        out->size += more;
    }
    memcpy(out->data + writer->cells - 1, head, more + 1);
    writer->section->row_count++;
}

void section_writer_row(struct section_writer *writer, const uint8_t *key, size_t key_size)
{
    struct octets *out = &writer->section->bytes;
    row_finish(writer);
    octets_reserve(out, key_size + 1);
    writer->start = out->size;
    if (key_size > 0)
        memcpy(out->data + out->size, key, key_size);
    out->size += key_size + 1;
    writer->cells = out->size;
    writer->has_row = true;
    writer->cell_count = 0;
    writer->time = 0;
}

static void time_append(struct section_writer *writer, uint32_t time)
{
    octets_number(&writer->section->bytes, time - writer->time);
    writer->time = time;
    writer->cell_count++;
}

void section_writer_count(struct section_writer *writer, uint32_t time, uint64_t count)
{
    if (count == 0)
        return;
    time_append(writer, time);
    octets_number(&writer->section->bytes, count);
}

void section_writer_sources(struct section_writer *writer, uint32_t time, const struct source_set *sources)
{
    if (source_set_count(sources) == 0)
        return;
    writer->set.size = 0;
    source_set_write(sources, &writer->set);
    time_append(writer, time);
    octets_number(&writer->section->bytes, writer->set.size);
    octets_append(&writer->section->bytes, writer->set.data, writer->set.size);
}

void section_writer_finish(struct section_writer *writer)
{
    row_finish(writer);
    octets_release(&writer->set);
}

/* ---- reading what is sound ---- */

struct section_cursor section_begin(const struct section *section, enum measure_count count,
                                    enum measure_by by)
{
    return (struct section_cursor){section->bytes.data, section->bytes.data + section->bytes.size, count, by};
}

struct section_cells section_cells_at(const uint8_t *cells, uint32_t cell_count, enum measure_count count)
{
    return (struct section_cells){.at = cells, .left = cell_count, .kind = count};
}

struct section_cells section_cells(const struct section_row *row)
{
    return section_cells_at(row->cells, row->cell_count, row->count);
}

bool section_cells_next(struct section_cells *cells)
{
    if (cells->left == 0)
        return false;
    cells->left--;
    cells->time += (uint32_t)octets_number_at(&cells->at);
    cells->count = octets_number_at(&cells->at);
    if (measure_count_is_distinct(cells->kind)) {
        cells->set = cells->at;
        cells->set_size = (size_t)cells->count;
        cells->at += cells->set_size;
    }
    return true;
}

uint64_t section_cells_count(const struct section_cells *cells)
{
    uint64_t count = cells->count;
    if (measure_count_is_distinct(cells->kind))
        (void)source_set_check(cells->set, cells->set_size,
                               cells->kind == COUNT_SOURCE_SENSORS ? SIZE_MAX : 0, &count);
    return count;
}

bool section_next(struct section_cursor *cursor, struct section_row *row)
{
    if (cursor->at == cursor->end)
        return false;
    const uint8_t *at = row->start = cursor->at;
    row->count = cursor->count;
    row->key_size = key_skip(cursor->by, at);
    at += row->key_size;
    row->cell_count = (uint32_t)octets_number_at(&at);
    bool is_distinct = measure_count_is_distinct(cursor->count);
    row->total = is_distinct ? octets_number_at(&at) : 0;
    row->cells = at;
    struct section_cells cells = section_cells(row);
    while (section_cells_next(&cells))
        row->total += is_distinct ? 0 : cells.count;
    row->end = cursor->at = cells.at;
    return true;
}

/* ---- reading what may be anything ---- */

static int refuse(struct error *err, const char *what)
{
    return error_set(err, ERROR_INPUT, "not a sound summary: %s", what);
}

static int set_check(struct octets_cursor *cursor, const struct section_bounds *bounds, uint64_t *count,
                     struct error *err)
{
    uint64_t size;
    if (!octets_take_number(cursor, UINT64_MAX, &size) || size > (uint64_t)(cursor->end - cursor->at))
        return refuse(err, "a section is cut short");
    bool are_pairs = bounds->count == COUNT_SOURCE_SENSORS;
    if (are_pairs && bounds->sensor_count == 0)
        return refuse(err, "pairs with sensors, of which there are none");
    const char *problem =
        source_set_check(cursor->at, (size_t)size, are_pairs ? bounds->sensor_count : 0, count);
    if (problem != NULL)
        return error_set(err, ERROR_INPUT, "not a sound summary: a source set %s", problem);
    cursor->at += size;
    return 0;
}

static int row_check(struct octets_cursor *cursor, const struct section_bounds *bounds, uint64_t *packets,
                     struct error *err)
{
    bool is_distinct = measure_count_is_distinct(bounds->count);
    uint64_t cell_count, step, count, total = 0, sum = 0, largest = 0, next = 0;
    if (!octets_take_number(cursor, bounds->time_count, &cell_count) || cell_count == 0)
        return refuse(err, "a row with an impossible number of days");
    if (is_distinct && !octets_take_number(cursor, UINT64_MAX, &total))
        return refuse(err, "a number out of range");
    for (uint64_t i = 0; i < cell_count; i++) {
        if (!octets_take_number(cursor, UINT32_MAX, &step) || (step == 0 && i > 0) ||
            next + step >= bounds->time_count)
            return refuse(err, "a cell on an impossible day");
        next += step;
        if (is_distinct && set_check(cursor, bounds, &count, err) != 0)
            return -1;
        if (!is_distinct && (!octets_take_number(cursor, UINT64_MAX - sum, &count) || count == 0))
            return refuse(err, "a cell without a count");
        sum += count;
        largest = MAX(largest, count);
    }
    if (is_distinct && (total < largest || total > sum))
        return refuse(err, "a row whose days do not add up to its total");
    if (bounds->count == COUNT_PACKETS) {
        if (sum > *packets)
            return refuse(err, "a measure with more packets than were counted");
        *packets -= sum;
    }
    return 0;
}

int section_check(const struct section *section, const struct section_bounds *bounds, struct error *err)
{
    struct octets_cursor cursor = {section->bytes.data, section->bytes.data + section->bytes.size};
    const uint8_t *key = NULL;
    size_t key_length = 0;
    uint64_t packets = bounds->packets;
    for (size_t i = 0; i < bounds->row_count; i++) {
        int size = key_size(bounds->by, cursor.at, (size_t)(cursor.end - cursor.at));
        if (size < 0)
            return refuse(err, "a key that is none");
        if (i > 0) {
            /* None is the beginning of another. */
            int order = memcmp(key, cursor.at, MIN(key_length, (size_t)size));
            if (order >= 0)
                return refuse(err, "keys out of order");
        }
        key = cursor.at;
        key_length = (size_t)size;
        cursor.at += size;
        if (row_check(&cursor, bounds, &packets, err) != 0)
            return -1;
    }
    return cursor.at == cursor.end ? 0 : refuse(err, "a section longer than its contents");
}

/* ---- adding up ---- */

/* A section on its way through a merge, by the key of its row at hand. */
struct merge_source {
    struct section_cursor cursor;
    struct section_row row;
    uint64_t prefix; /* the key's first bytes, as a number of the same order */
};

static bool source_advance(struct merge_source *source)
{
    if (!section_next(&source->cursor, &source->row))
        return false;
    source->prefix = 0;
    for (size_t i = 0; i < 8; i++)
        source->prefix = source->prefix << 8 | (i < source->row.key_size ? source->row.start[i] : 0);
    return true;
}

static int source_compare(const struct merge_source *a, const struct merge_source *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    /* None is the beginning of another, so equal prefixes of short keys are all of them. */
    if (a->row.key_size <= sizeof a->prefix)
        return 0;
    return memcmp(a->row.start, b->row.start, MIN(a->row.key_size, b->row.key_size));
}

/* A heap of sources: the one with the smallest key is the first. */
static void heap_sink(struct merge_source **heap, size_t count, size_t at)
{
    struct merge_source *sunk = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && source_compare(heap[child + 1], heap[child]) < 0)
            child++;
        if (source_compare(sunk, heap[child]) <= 0)
            break;
        heap[at] = heap[child];
    }
    heap[at] = sunk;
}

static int cell_compare(const void *a, const void *b)
{
    const struct section_cells *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

/* One row of the cells of several. */
static void row_join(struct section_writer *writer, GArray *cells, bool are_pairs)
{
    /* Archives mostly follow each other in time. */
    for (guint i = 1; i < cells->len; i++)
        if (cell_compare(&g_array_index(cells, struct section_cells, i - 1),
                         &g_array_index(cells, struct section_cells, i)) > 0) {
            g_array_sort(cells, cell_compare);
            break;
        }
    for (guint i = 0; i < cells->len;) {
        const struct section_cells *cell = &g_array_index(cells, struct section_cells, i);
        bool is_distinct = measure_count_is_distinct(cell->kind);
        uint32_t time = cell->time;
        uint64_t sum = 0;
        struct source_set *united = is_distinct ? source_set_new() : NULL;
        for (; i < cells->len && cell->time == time; i++, cell++) {
            sum += cell->count;
            if (is_distinct)
                source_set_add_written(united, cell->set, cell->set_size, are_pairs);
        }
        if (is_distinct)
            section_writer_sources(writer, time, united);
        else
            section_writer_count(writer, time, sum);
        source_set_free(united);
    }
}

static void row_copy(struct section_writer *writer, const struct section_row *row)
{
    octets_append(&writer->section->bytes, row->start, (size_t)(row->end - row->start));
    writer->section->row_count++;
}

void section_merge(const struct section *const *sections, size_t count, enum measure_count kind,
                   enum measure_by by, struct section *out)
{
    struct merge_source *sources = g_new0(struct merge_source, count + 1);
    struct merge_source **heap = g_new0(struct merge_source *, count + 1);
    GArray *cells = g_array_new(FALSE, FALSE, sizeof(struct section_cells));
    struct section_writer writer;
    size_t left = 0;
    section_writer_init(&writer, kind, out);
    for (size_t i = 0; i < count; i++) {
        sources[i].cursor = section_begin(sections[i], kind, by);
        if (source_advance(&sources[i]))
            heap[left++] = &sources[i];
    }
    for (size_t i = left / 2; i-- > 0;)
        heap_sink(heap, left, i);
    while (left > 0) {
        struct section_row first = heap[0]->row;
        guint joined = 0;
        g_array_set_size(cells, 0);
        /* The bytes of the first row stay where they are while the sources move on. */
        struct merge_source at_hand = {.row = first, .prefix = heap[0]->prefix};
        while (left > 0 && source_compare(heap[0], &at_hand) == 0) {
            struct section_cells walk = section_cells(&heap[0]->row);
            joined++;
            while (section_cells_next(&walk))
                g_array_append_val(cells, walk);
            if (!source_advance(heap[0]))
                heap[0] = heap[--left];
            if (left > 0)
                heap_sink(heap, left, 0);
        }
        if (joined == 1) {
            row_copy(&writer, &first);
            continue;
        }
        section_writer_row(&writer, first.start, first.key_size);
        row_join(&writer, cells, kind == COUNT_SOURCE_SENSORS);
        row_finish(&writer); /* what is copied as it is may follow */
    }
    section_writer_finish(&writer);
    g_array_unref(cells);
    g_free(heap);
    g_free(sources);
}
