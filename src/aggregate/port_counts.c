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
        count_map_release(&counts->few[day]);
        row_free(counts->rows[day]);
    }
    count_map_release(&counts->carries);
    *counts = (struct port_counts){.rows = {NULL}};
}

void port_counts_carry(struct port_counts *counts, int day, uint32_t place, uint64_t amount)
{
    *count_map_slot(&counts->carries, port_counts_cell(day, place)) += amount;
}

void port_counts_row_begin(struct port_counts *counts, int day)
{
    struct count_map few = counts->few[day];
    counts->few[day] = (struct count_map){.slots = NULL};
    counts->rows[day] = row_new();
    struct count_entry entry;
    for (size_t at = 0; count_map_next(&few, &at, &entry);)
        port_counts_raise(counts, counts->rows[day], day, (uint32_t)entry.key, entry.value);
    count_map_release(&few);
}

void port_counts_add_few(struct port_counts *counts, int day, uint32_t place, uint64_t amount)
{
    *count_map_slot(&counts->few[day], place) += amount;
    if (counts->few[day].count > PORT_FEW)
        port_counts_row_begin(counts, day);
}

/* What the other has as a row becomes this one's, or is added. */
static void row_absorb(struct port_counts *counts, int day, uint16_t *row)
{
    if (counts->rows[day] == NULL) {
        struct count_map few = counts->few[day];
        counts->few[day] = (struct count_map){.slots = NULL};
        counts->rows[day] = row;
        struct count_entry entry;
        for (size_t at = 0; count_map_next(&few, &at, &entry);)
            port_counts_raise(counts, row, day, (uint32_t)entry.key, entry.value);
        count_map_release(&few);
        return;
    }
    for (uint32_t place = 0; place < PORT_COUNTERS; place++)
        if (row[place] != 0)
            port_counts_raise(counts, counts->rows[day], day, place, row[place]);
    row_free(row);
}

/* Counters of a row lie far from the processor, in no order: those that are looked at soon are called for. */
static void few_absorb(struct port_counts *counts, int day, const struct count_map *few)
{
    enum { AHEAD = 16 };
    struct count_entry *entries = count_map_entries(few);
    for (size_t i = 0; i < few->count; i++) {
        if (counts->rows[day] != NULL && i + AHEAD < few->count)
            __builtin_prefetch(&counts->rows[day][entries[i + AHEAD].key], 1);
        port_counts_add(counts, day, (uint32_t)entries[i].key, entries[i].value);
    }
    g_free(entries);
}

void port_counts_absorb(struct port_counts *counts, struct port_counts *from)
{
    struct count_entry entry;
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        if (from->rows[day] != NULL)
            row_absorb(counts, day, g_steal_pointer(&from->rows[day]));
        if (from->few[day].count == 0)
            continue;
        few_absorb(counts, day, &from->few[day]);
        count_map_clear(&from->few[day]);
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
        total += counts->few[day].count;
    struct count_entry *entries = g_new(struct count_entry, total + 1);
    *count = 0;
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        struct count_entry entry;
        for (size_t at = 0; count_map_next(&counts->few[day], &at, &entry);)
            entries[(*count)++] =
                (struct count_entry){port_counts_cell(day, (uint32_t)entry.key), entry.value};
    }
    count_entries_sort(entries, total);
    return entries;
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
