#include "aggregate/port_counts.h"

#include <glib.h>

static void day_free(struct port_day *day)
{
    for (size_t i = 0; day != NULL && i < PORT_PAGE_COUNT; i++) {
        g_free(day->pages[0][i]);
        g_free(day->pages[1][i]);
    }
    g_free(day);
}

void port_counts_release(struct port_counts *counts)
{
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        day_free(counts->days[day]);
    for (int i = 0; i < PORT_SPARES; i++)
        day_free(counts->spares[i]);
    count_map_release(&counts->carries);
    g_free(counts->carried);
    g_free(counts->touched);
    *counts = (struct port_counts){.touched = NULL};
}

static struct port_day *day_new(struct port_counts *counts)
{
    for (int i = 0; i < PORT_SPARES; i++)
        if (counts->spares[i] != NULL)
            return g_steal_pointer(&counts->spares[i]);
    return g_new0(struct port_day, 1);
}

/* A day whose counters are all zero again. */
static void day_spare(struct port_counts *counts, struct port_day *day)
{
    for (int i = 0; i < PORT_SPARES; i++) {
        if (counts->spares[i] == NULL) {
            counts->spares[i] = day;
            return;
        }
    }
    day_free(day);
}

uint16_t *port_counts_page(struct port_counts *counts, int day, int udp, uint16_t port)
{
    if (counts->days[day] == NULL)
        counts->days[day] = day_new(counts);
    uint16_t **page = &counts->days[day]->pages[udp][port / PORT_PAGE_SIZE];
    if (*page == NULL)
        *page = g_new0(uint16_t, PORT_PAGE_SIZE);
    return *page;
}

void port_counts_carry(struct port_counts *counts, int day, int udp, uint16_t port, uint64_t amount)
{
    if (counts->carried == NULL)
        counts->carried = g_new0(uint8_t, (size_t)2 * 65536 / 8);
    uint8_t *byte = &counts->carried[udp * 8192 + port / 8];
    *byte = (uint8_t)(*byte | 1U << port % 8);
    *count_map_slot(&counts->carries, port_counts_carry_key(day, udp, port)) += amount;
}

void port_counts_touch(struct port_counts *counts, int day, int udp, uint16_t port)
{
    if (counts->touched_count == PORT_TOUCHED_MAX)
        return;
    if (counts->touched == NULL)
        counts->touched = g_new(uint32_t, PORT_TOUCHED_MAX);
    counts->touched[counts->touched_count++] = port_counts_cell(day, udp, port);
}

static void touched_absorb(struct port_counts *counts, struct port_counts *from)
{
    for (uint32_t i = 0; i < from->touched_count; i++) {
        uint32_t cell = from->touched[i];
        int day = (int)(cell & 0x7f), udp = (int)(cell >> 23);
        uint16_t port = (uint16_t)(cell >> 7);
        uint16_t *counter = &from->days[day]->pages[udp][port / PORT_PAGE_SIZE][port % PORT_PAGE_SIZE];
        port_counts_add(counts, day, udp, port, *counter);
        *counter = 0;
    }
    for (int day = 0; day < EDITION_DAYS_MAX; day++)
        if (from->days[day] != NULL)
            day_spare(from, g_steal_pointer(&from->days[day]));
}

/* Moves a page, or adds its counters. */
static void page_absorb(struct port_counts *counts, int day, int udp, uint16_t first, uint16_t *page)
{
    uint16_t **own = &counts->days[day]->pages[udp][first / PORT_PAGE_SIZE];
    if (*own == NULL) {
        *own = page;
        return;
    }
    for (uint16_t i = 0; i < PORT_PAGE_SIZE; i++)
        if (page[i] != 0)
            port_counts_add(counts, day, udp, (uint16_t)(first + i), page[i]);
    g_free(page);
}

static void pages_absorb(struct port_counts *counts, struct port_counts *from)
{
    counts->touched_count = PORT_TOUCHED_MAX;
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        struct port_day *pages = g_steal_pointer(&from->days[day]);
        if (pages != NULL && counts->days[day] == NULL) {
            counts->days[day] = g_steal_pointer(&pages);
            continue;
        }
        for (uint32_t i = 0; pages != NULL && i < 2 * PORT_PAGE_COUNT; i++) {
            int udp = i >= PORT_PAGE_COUNT;
            uint32_t number = i % PORT_PAGE_COUNT;
            if (pages->pages[udp][number] != NULL)
                page_absorb(counts, day, udp, (uint16_t)(number * PORT_PAGE_SIZE), pages->pages[udp][number]);
        }
        g_free(pages);
    }
}

void port_counts_absorb(struct port_counts *counts, struct port_counts *from)
{
    if (from->touched_count < PORT_TOUCHED_MAX)
        touched_absorb(counts, from);
    else
        pages_absorb(counts, from);
    from->touched_count = 0;
    struct count_entry entry;
    for (size_t at = 0; count_map_next(&from->carries, &at, &entry);)
        port_counts_carry(counts, (int)(entry.key >> 17), (int)(entry.key >> 16 & 1), (uint16_t)entry.key,
                          entry.value);
    count_map_clear(&from->carries);
    g_clear_pointer(&from->carried, g_free);
}

uint64_t port_counts_value(const struct port_counts *counts, int day, int udp, uint16_t port)
{
    const struct port_day *pages = counts->days[day];
    const uint16_t *page = pages == NULL ? NULL : pages->pages[udp][port / PORT_PAGE_SIZE];
    if (page == NULL)
        return 0;
    uint64_t value = page[port % PORT_PAGE_SIZE];
    if (port_counts_is_carried(counts, udp, port))
        value += count_map_value(&counts->carries, port_counts_carry_key(day, udp, port));
    return value;
}
