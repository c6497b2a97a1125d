#include "aggregate/port_few.h"

#include <glib.h>
#include <string.h>

enum { FIRST_ROOM = 64, ROOM_MAX = 2 * PORT_FEW };

struct port_few *port_few_new(void)
{
    return g_new0(struct port_few, 1);
}

void port_few_free(struct port_few *few)
{
    if (few != NULL)
        g_free(few->entries);
    g_free(few);
}

void port_few_clear(struct port_few *few)
{
    few->count = few->sorted = 0;
    few->sum = 0;
}

static void insertion_sort(uint64_t *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t entry = entries[i];
        size_t at = i;
        for (; at > 0 && entries[at - 1] > entry; at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

enum { DIGIT_BITS = 9, DIGIT_MASK = (1 << DIGIT_BITS) - 1 };

static void digit_sort(const uint64_t *from, uint64_t *to, size_t count, unsigned shift)
{
    uint32_t starts[1 << DIGIT_BITS] = {0};
    uint32_t start = 0;
    for (size_t i = 0; i < count; i++)
        starts[from[i] >> shift & DIGIT_MASK]++;
    for (size_t digit = 0; digit <= DIGIT_MASK; digit++) {
        uint32_t size = starts[digit];
        starts[digit] = start;
        start += size;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i] >> shift & DIGIT_MASK]++] = from[i];
}

/* By place, which takes two digits. */
static void entries_sort(uint64_t *entries, size_t count)
{
    enum { FEW = 48 };
    if (count < FEW) {
        insertion_sort(entries, count);
        return;
    }
    uint64_t *other = g_new(uint64_t, count);
    digit_sort(entries, other, count, PORT_FEW_AMOUNT_BITS);
    digit_sort(other, entries, count, PORT_FEW_AMOUNT_BITS + DIGIT_BITS);
    g_free(other);
}

static void settle(struct port_few *few)
{
    if (few->sorted == few->count)
        return;
    uint64_t *entries = few->entries;
    size_t kept = 0;
    entries_sort(entries, few->count);
    for (size_t i = 1; i < few->count; i++) {
        if (port_few_place(entries[i]) == port_few_place(entries[kept]))
            entries[kept] += port_few_amount(entries[i]);
        else
            entries[++kept] = entries[i];
    }
    few->count = few->sorted = kept + 1;
}

bool port_few_room(struct port_few *few)
{
    if (few->count < few->room)
        return true;
    settle(few); /* at least half of them came later, and may be repeated */
    if (few->sorted > PORT_FEW)
        return false;
    if (few->count >= few->room / 2 && few->room < ROOM_MAX) {
        few->room = few->room == 0 ? FIRST_ROOM : MIN(2 * few->room, ROOM_MAX);
        few->entries = g_renew(uint64_t, few->entries, few->room);
    }
    return few->count < few->room;
}

const uint64_t *port_few_entries(const struct port_few *few, size_t *count)
{
    struct port_few *settled = (struct port_few *)(uintptr_t)few;
    settle(settled);
    *count = settled->count;
    return settled->entries;
}
