#include "aggregate/port_counts.h"

#include <glib.h>

void port_counts_release(struct port_counts *counts)
{
    for (int day = 0; day < EDITION_DAYS_MAX; day++) {
        for (size_t i = 0; counts->days[day] != NULL && i < PORT_PAGE_COUNT; i++) {
            g_free(counts->days[day]->pages[0][i]);
            g_free(counts->days[day]->pages[1][i]);
        }
        g_clear_pointer(&counts->days[day], g_free);
    }
    count_map_release(&counts->carries);
}

uint32_t *port_counts_page(struct port_counts *counts, int day, int udp, uint16_t port)
{
    if (counts->days[day] == NULL)
        counts->days[day] = g_new0(struct port_day, 1);
    uint32_t **page = &counts->days[day]->pages[udp][port / PORT_PAGE_SIZE];
    if (*page == NULL)
        *page = g_new0(uint32_t, PORT_PAGE_SIZE);
    return *page;
}

uint64_t port_counts_value(const struct port_counts *counts, int day, int udp, uint16_t port)
{
    const struct port_day *pages = counts->days[day];
    const uint32_t *page = pages == NULL ? NULL : pages->pages[udp][port / PORT_PAGE_SIZE];
    if (page == NULL)
        return 0;
    uint64_t value = page[port % PORT_PAGE_SIZE];
    if (counts->carries.count > 0)
        value += count_map_value(&counts->carries, port_counts_carry_key(day, udp, port));
    return value;
}
