#include "aggregate/port_counts.h"

#include <glib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROW_SIZE = PORT_COUNTERS * sizeof(uint16_t) };

/* Rows have memory of their own, not the heap's: they are large, come and go at other times than all else,
 * and would leave holes. */
static uint16_t *row_new(void)
{
    void *row = mmap(NULL, ROW_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (row == MAP_FAILED)
        g_error("out of memory");
    return row;
}

static void row_free(uint16_t *row)
{
    if (row != NULL)
        (void)munmap(row, ROW_SIZE);
}

void port_counts_release(struct port_counts *counts)
{
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        port_few_free(counts->few[day]);
        row_free(counts->rows[day]);
    }
    count_map_release(&counts->carries);
    *counts = (struct port_counts){.rows = {NULL}};
}

void port_counts_carry(struct port_counts *counts, int day, uint32_t place, uint64_t amount)
{
    *count_map_slot(&counts->carries, port_counts_cell(day, place)) += amount;
}

/* Adds what is few to a row. Its counters lie far from the processor: those that are looked at soon are
 * called for. */
static void row_raise(struct port_counts *counts, int day, const struct port_few *few)
{
    enum { AHEAD = 16 };
    uint16_t *row = counts->rows[day];
    size_t count;
    const uint64_t *entries = port_few_entries(few, &count);
    for (size_t i = 0; i < count; i++) {
        if (i + AHEAD < count)
            __builtin_prefetch(&row[port_few_place(entries[i + AHEAD])], 1);
        port_counts_raise(counts, row, day, port_few_place(entries[i]), port_few_amount(entries[i]));
    }
}

/* Makes the row that of a day that has none. */
static void row_take(struct port_counts *counts, int day, uint16_t *row)
{
    struct port_few *few = g_steal_pointer(&counts->few[day]);
    counts->rows[day] = row;
    if (few != NULL)
        row_raise(counts, day, few);
    port_few_free(few);
}

void port_counts_row_begin(struct port_counts *counts, int day)
{
    row_take(counts, day, row_new());
}

void port_counts_add_slowly(struct port_counts *counts, int day, uint32_t place, uint64_t amount)
{
    if (counts->rows[day] == NULL && counts->few[day] == NULL)
        counts->few[day] = port_few_new();
    if (counts->rows[day] == NULL && port_few_takes(counts->few[day], amount)) {
        port_few_add(counts->few[day], place, amount);
        return;
    }
    if (counts->rows[day] == NULL)
        port_counts_row_begin(counts, day);
    port_counts_raise(counts, counts->rows[day], day, place, amount);
}

/* What the other has as a row becomes this one's, or is added. */
static void row_absorb(struct port_counts *counts, int day, uint16_t *row)
{
    if (counts->rows[day] == NULL) {
        row_take(counts, day, row);
        return;
    }
    for (uint32_t place = 0; place < PORT_COUNTERS; place++)
        if (row[place] != 0)
            port_counts_raise(counts, counts->rows[day], day, place, row[place]);
    row_free(row);
}

static void few_absorb(struct port_counts *counts, int day, const struct port_few *few)
{
    if (counts->rows[day] != NULL) {
        row_raise(counts, day, few);
        return;
    }
    size_t count;
    const uint64_t *entries = port_few_entries(few, &count);
    for (size_t i = 0; i < count; i++)
        port_counts_add(counts, day, port_few_place(entries[i]), port_few_amount(entries[i]));
}

void port_counts_absorb(struct port_counts *counts, struct port_counts *from)
{
    struct count_entry entry;
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        if (from->rows[day] != NULL)
            row_absorb(counts, day, g_steal_pointer(&from->rows[day]));
        if (from->few[day] == NULL || from->few[day]->count == 0)
            continue;
        few_absorb(counts, day, from->few[day]);
        port_few_clear(from->few[day]);
    }
    for (size_t at = 0; count_map_next(&from->carries, &at, &entry);)
        *count_map_slot(&counts->carries, entry.key) += entry.value;
    count_map_clear(&from->carries);
}

uint64_t port_counts_carried(const struct port_counts *counts, int day, uint32_t place)
{
    return count_map_value(&counts->carries, port_counts_cell(day, place));
}

struct count_entry *port_counts_few(const struct port_counts *counts, size_t *count)
{
    size_t total = 0;
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        total += counts->few[day] == NULL ? 0 : counts->few[day]->count;
    struct count_entry *cells = g_new(struct count_entry, total + 1);
    int day_count = 0;
    *count = 0;
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        size_t entry_count = 0;
        const uint64_t *entries =
            counts->few[day] == NULL ? NULL : port_few_entries(counts->few[day], &entry_count);
        for (size_t i = 0; i < entry_count; i++)
            cells[(*count)++] = (struct count_entry){port_counts_cell(day, port_few_place(entries[i])),
                                                     port_few_amount(entries[i])};
        day_count += entry_count > 0 ? 1 : 0;
    }
    if (day_count > 1)
        count_entries_sort(cells, *count);
    return cells;
}

/* Whole pages before it: they read as zeros from then on, and are freed with the rest. */
void port_counts_discard(const struct port_counts *counts, uint32_t end)
{
    size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = end * sizeof(uint16_t) / page_size * page_size;
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        if (counts->rows[day] != NULL)
            (void)madvise(counts->rows[day], size, MADV_DONTNEED);
}
