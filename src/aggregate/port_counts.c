#include "aggregate/port_counts.h"

#include <glib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void port_counts_release(struct port_counts *counts)
{
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        g_free(counts->days[day]);
    for (int i = 0; i < PORT_SPARES; i++)
        g_free(counts->spares[i]);
    count_map_release(&counts->carries);
    g_free(counts->carried);
    g_free(counts->touched);
    *counts = (struct port_counts){.touched = NULL};
}

uint16_t *port_counts_day_new(struct port_counts *counts, int day)
{
    uint16_t *counters = NULL;
    for (int i = 0; i < PORT_SPARES && counters == NULL; i++)
        counters = g_steal_pointer(&counts->spares[i]);
    if (counters == NULL)
        counters = g_new0(uint16_t, PORT_COUNTERS);
    counts->days[day] = counters;
    return counters;
}

/* A day whose counters are all zero again. */
static void day_spare(struct port_counts *counts, uint16_t *counters)
{
    for (int i = 0; i < PORT_SPARES; i++) {
        if (counts->spares[i] == NULL) {
            counts->spares[i] = counters;
            return;
        }
    }
    g_free(counters);
}

void port_counts_carry(struct port_counts *counts, int day, uint32_t place, uint64_t amount)
{
    if (counts->carried == NULL)
        counts->carried = g_new0(uint8_t, PORT_COUNTERS / 8);
    uint8_t *byte = &counts->carried[place / 8];
    *byte = (uint8_t)(*byte | 1U << place % 8);
    *count_map_slot(&counts->carries, port_counts_carry_key(day, place)) += amount;
}

void port_counts_touch(struct port_counts *counts, int day, uint32_t place)
{
    if (counts->touched_count == PORT_TOUCHED_MAX)
        return;
    if (counts->touched == NULL)
        counts->touched = g_new(uint32_t, PORT_TOUCHED_MAX);
    counts->touched[counts->touched_count++] = port_counts_cell(day, place);
}

/* Counters lie far from the processor, in no order: those that are looked at soon are called for. */
static void touched_prefetch(struct port_counts *counts, const struct port_counts *from, uint32_t cell)
{
    int day = port_counts_cell_day(cell);
    uint32_t place = port_counts_cell_place(cell);
    __builtin_prefetch(&from->days[day][place], 1);
    __builtin_prefetch(&port_counts_day(counts, day)[place], 1);
}

static void touched_absorb(struct port_counts *counts, struct port_counts *from)
{
    enum { AHEAD = 24 };
    for (uint32_t i = 0; i < from->touched_count; i++) {
        int day = port_counts_cell_day(from->touched[i]);
        uint32_t place = port_counts_cell_place(from->touched[i]);
        uint16_t *counter = &from->days[day][place];
        if (from->touched_count - i > AHEAD)
            touched_prefetch(counts, from, from->touched[i + AHEAD]);
        if (*counter != 0)
            port_counts_raise(counts, port_counts_day(counts, day), day, place, *counter);
        *counter = 0;
    }
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        if (from->days[day] != NULL)
            day_spare(from, g_steal_pointer(&from->days[day]));
}

/* Moves the rows, or adds their counters. */
static void days_absorb(struct port_counts *counts, struct port_counts *from)
{
    counts->touched_count = PORT_TOUCHED_MAX;
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        uint16_t *counters = g_steal_pointer(&from->days[day]);
        if (counters != NULL && counts->days[day] == NULL) {
            counts->days[day] = counters;
            continue;
        }
        for (uint32_t place = 0; counters != NULL && place < PORT_COUNTERS; place++)
            if (counters[place] != 0)
                port_counts_raise(counts, counts->days[day], day, place, counters[place]);
        g_free(counters);
    }
}

void port_counts_absorb(struct port_counts *counts, struct port_counts *from)
{
    if (from->touched_count < PORT_TOUCHED_MAX)
        touched_absorb(counts, from);
    else
        days_absorb(counts, from);
    from->touched_count = 0;
    struct count_entry entry;
    for (size_t at = 0; count_map_next(&from->carries, &at, &entry);)
        port_counts_carry(counts, (int)(entry.key >> 17), (uint32_t)(entry.key & (PORT_COUNTERS - 1)),
                          entry.value);
    count_map_clear(&from->carries);
    g_clear_pointer(&from->carried, g_free);
}

uint64_t port_counts_value(const struct port_counts *counts, int day, uint32_t place)
{
    if (counts->days[day] == NULL)
        return 0;
    uint64_t value = counts->days[day][place];
    if (port_counts_is_carried(counts, place))
        value += count_map_value(&counts->carries, port_counts_carry_key(day, place));
    return value;
}

/* Pages that lie wholly before it: they read as zeros from then on, and are freed with the rest. */
void port_counts_discard(const struct port_counts *counts, uint32_t end)
{
    uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        uintptr_t from = ((uintptr_t)counts->days[day] + page_size - 1) / page_size * page_size;
        uintptr_t to = ((uintptr_t)counts->days[day] + end * sizeof(uint16_t)) / page_size * page_size;
        if (counts->days[day] != NULL && from < to)
            (void)madvise((void *)from, to - from, MADV_DONTNEED);
    }
}
