#include "summary/summary_sum.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "summary/key.h"
#include "summary/source_set.h"
#include "summary/summary_file.h"

struct sum_cell {
    uint32_t time; /* day and hour */
    union {
        uint64_t count;             /* packets, bytes */
        struct source_set *sources; /* of what is distinct; the count is taken at the end */
    };
};

enum { HOUR_BITS = 8 };

/* A row with its cells by day: archives mostly come in the order of time, so cells are added at the end. */
struct sum_row {
    char *key;
    struct sum_cell *cells;
    uint32_t cell_count, cell_room;
};

struct sum_measure {
    GHashTable *index; /* key, borrowed from the row -> struct sum_row * */
    GPtrArray *rows;   /* struct sum_row * */
};

struct summary_sum {
    struct summary *summary; /* all but the measures' rows */
    struct sum_measure *measures;
    bool is_one;                  /* all that was added is one part, */
    struct measure_counts *first; /* [measure_count], which stands here; otherwise in the rows above */
};

/* Cells of what is distinct have handed their sets on. */
static void row_free(struct sum_row *row)
{
    g_free(row->cells);
    g_free(row->key);
    g_free(row);
}

struct summary_sum *summary_sum_new(struct summary *head)
{
    struct summary_sum *sum = g_new0(struct summary_sum, 1);
    sum->summary = head;
    sum->measures = g_new0(struct sum_measure, head->measure_count + 1);
    sum->first = g_new0(struct measure_counts, head->measure_count + 1);
    sum->is_one = true;
    for (size_t i = 0; i < head->measure_count; i++) {
        sum->measures[i].index = g_hash_table_new(g_str_hash, g_str_equal);
        sum->measures[i].rows = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
    }
    return sum;
}

static struct sum_row *row_find(struct sum_measure *measure, const char *key)
{
    struct sum_row *row = g_hash_table_lookup(measure->index, key);
    if (row == NULL) {
        row = g_new0(struct sum_row, 1);
        row->key = g_strdup(key);
        g_ptr_array_add(measure->rows, row);
        g_hash_table_insert(measure->index, row->key, row);
    }
    return row;
}

static struct sum_cell *cell_find(struct sum_row *row, uint32_t time)
{
    uint32_t at = row->cell_count;
    while (at > 0 && row->cells[at - 1].time > time)
        at--;
    if (at > 0 && row->cells[at - 1].time == time)
        return &row->cells[at - 1];
    if (row->cell_count == row->cell_room) {
        row->cell_room = row->cell_room == 0 ? 1 : 2 * row->cell_room;
        row->cells = g_renew(struct sum_cell, row->cells, row->cell_room);
    }
    memmove(&row->cells[at + 1], &row->cells[at], (row->cell_count - at) * sizeof *row->cells);
    row->cell_count++;
    row->cells[at] = (struct sum_cell){.time = time};
    return &row->cells[at];
}

static void measure_add(struct sum_measure *measure, const struct measure_counts *part)
{
    for (size_t r = 0; r < part->row_count; r++) {
        struct sum_row *row = row_find(measure, part->rows[r].key);
        if (row->cell_count == 0 && row->cell_room < part->rows[r].cell_count) {
            row->cell_room = (uint32_t)part->rows[r].cell_count;
            row->cells = g_renew(struct sum_cell, row->cells, row->cell_room);
        }
        for (size_t i = 0; i < part->rows[r].cell_count; i++) {
            const struct summary_cell *from = &part->cells[part->rows[r].first_cell + i];
            struct sum_cell *cell = cell_find(row, (uint32_t)from->day << HOUR_BITS | from->hour);
            if (measure_count_is_distinct(part->count)) {
                if (cell->sources == NULL)
                    cell->sources = source_set_new();
                source_set_unite(cell->sources, from->sources);
            } else {
                cell->count += from->count;
            }
        }
    }
}

/* All of a summary but the rows of its measures. */
static void head_add(struct summary *summary, const struct summary *part)
{
    summary->packets_read += part->packets_read;
    for (int i = 0; i < BIN_COUNT; i++)
        summary->bins[i] += part->bins[i];
    for (size_t i = 0; i < summary->sensor_count; i++)
        for (int day = 0; day < summary->edition.day_count; day++)
            summary->sensors[i].packets[day] += part->sensors[i].packets[day];
}

/* Puts the one part that was taken whole, if any, where others can be added to it. */
static void first_spread(struct summary_sum *sum)
{
    if (!sum->is_one)
        return;
    for (size_t i = 0; i < sum->summary->measure_count; i++) {
        sum->first[i].count = sum->summary->measures[i].count;
        measure_add(&sum->measures[i], &sum->first[i]);
        measure_counts_clear(&sum->first[i]);
    }
    sum->is_one = false;
}

void summary_sum_add(struct summary_sum *sum, const struct summary *part)
{
    first_spread(sum);
    head_add(sum->summary, part);
    for (size_t i = 0; i < sum->summary->measure_count; i++)
        measure_add(&sum->measures[i], &part->measures[i]);
}

static bool is_empty(const struct summary_sum *sum)
{
    for (size_t i = 0; i < sum->summary->measure_count; i++)
        if (sum->first[i].row_count > 0)
            return false;
    return sum->is_one;
}

static void rows_move(struct measure_counts *from, struct measure_counts *to)
{
    to->rows = g_steal_pointer(&from->rows);
    to->cells = g_steal_pointer(&from->cells);
    to->row_count = from->row_count;
    to->cell_count = from->cell_count;
    from->row_count = from->cell_count = 0;
}

void summary_sum_take(struct summary_sum *sum, struct summary *part)
{
    if (is_empty(sum)) {
        head_add(sum->summary, part);
        for (size_t i = 0; i < part->measure_count; i++)
            rows_move(&part->measures[i], &sum->first[i]);
        return;
    }
    summary_sum_add(sum, part);
    for (size_t i = 0; i < part->measure_count; i++)
        measure_counts_clear(&part->measures[i]);
}

static int row_compare(gconstpointer a, gconstpointer b)
{
    const struct sum_row *x = *(const struct sum_row *const *)a;
    const struct sum_row *y = *(const struct sum_row *const *)b;
    return key_compare(x->key, y->key);
}

/* Moves the rows over. */
static void measure_finish(struct sum_measure *from, struct measure_counts *to)
{
    /* Rows of one archive come in order, and those of many often do. */
    for (guint r = 1; r < from->rows->len; r++)
        if (row_compare(&from->rows->pdata[r - 1], &from->rows->pdata[r]) > 0) {
            g_ptr_array_sort(from->rows, row_compare);
            break;
        }
    to->row_count = from->rows->len;
    to->rows = g_new0(struct summary_row, to->row_count + 1);
    to->cell_count = 0;
    for (size_t r = 0; r < to->row_count; r++)
        to->cell_count += ((const struct sum_row *)from->rows->pdata[r])->cell_count;
    to->cells = g_new0(struct summary_cell, to->cell_count + 1);
    size_t at = 0;
    for (size_t r = 0; r < to->row_count; r++) {
        struct sum_row *row = from->rows->pdata[r];
        struct source_set *united = measure_count_is_distinct(to->count) ? source_set_new() : NULL;
        to->rows[r].key = g_steal_pointer(&row->key);
        to->rows[r].first_cell = at;
        to->rows[r].cell_count = row->cell_count;
        for (uint32_t i = 0; i < row->cell_count; i++, at++) {
            const struct sum_cell *cell = &row->cells[i];
            struct source_set *sources = united != NULL ? cell->sources : NULL;
            if (united != NULL)
                source_set_unite(united, sources);
            to->cells[at] =
                (struct summary_cell){.row = (uint32_t)r,
                                      .day = (uint8_t)(cell->time >> HOUR_BITS),
                                      .hour = (uint8_t)(cell->time & 0xff),
                                      .count = united != NULL ? source_set_count(sources) : cell->count,
                                      .sources = sources};
            to->rows[r].total += to->cells[at].count;
        }
        if (united != NULL)
            to->rows[r].total = source_set_count(united);
        source_set_free(united);
    }
}

struct summary *summary_sum_finish(struct summary_sum *sum)
{
    for (size_t i = 0; i < sum->summary->measure_count; i++)
        if (sum->is_one)
            rows_move(&sum->first[i], &sum->summary->measures[i]);
        else
            measure_finish(&sum->measures[i], &sum->summary->measures[i]);
    struct summary *summary = g_steal_pointer(&sum->summary);
    /* The number of measures went with the summary. */
    for (size_t i = 0; i < summary->measure_count; i++) {
        g_hash_table_unref(sum->measures[i].index);
        g_ptr_array_unref(sum->measures[i].rows);
    }
    g_free(sum->measures);
    g_free(sum->first);
    g_free(sum);
    return summary;
}

void summary_sum_free(struct summary_sum *sum)
{
    if (sum != NULL)
        summary_free(summary_sum_finish(sum));
}
