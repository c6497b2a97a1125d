#include "aggregate/count_map.h"

#include <glib.h>
#include <string.h>

enum { FIRST_BITS = 4 };

void count_map_release(struct count_map *map)
{
    g_free(map->slots);
    *map = (struct count_map){.slots = NULL};
}

void count_map_grow(struct count_map *map)
{
    struct count_map larger = {.bits = map->slots == NULL ? FIRST_BITS : map->bits + 1, .count = map->count};
    larger.slots = g_new0(struct count_entry, (size_t)1 << larger.bits);
    for (size_t i = 0; map->slots != NULL && i < (size_t)1 << map->bits; i++)
        if (map->slots[i].key != 0)
            larger.slots[count_map_place(&larger, map->slots[i].key)] = map->slots[i];
    g_free(map->slots);
    *map = larger;
}

void count_map_prefetch(const struct count_map *map, uint64_t key)
{
    if (map->slots != NULL)
        __builtin_prefetch(&map->slots[count_map_place_first(map, key + 1)], 1);
}

uint64_t count_map_value(const struct count_map *map, uint64_t key)
{
    if (map->slots == NULL)
        return 0;
    const struct count_entry *slot = &map->slots[count_map_place(map, key + 1)];
    return slot->key == 0 ? 0 : slot->value;
}

bool count_map_next(const struct count_map *map, size_t *at, struct count_entry *entry)
{
    if (map->count == 0)
        return false;
    while (*at < (size_t)1 << map->bits && map->slots[*at].key == 0)
        (*at)++;
    if (*at == (size_t)1 << map->bits)
        return false;
    *entry = (struct count_entry){map->slots[*at].key - 1, map->slots[*at].value};
    (*at)++;
    return true;
}

void count_map_clear(struct count_map *map)
{
    enum { SPARE = 16 };
    if (map->slots == NULL)
        return;
    if (map->bits > FIRST_BITS + 6 && map->count * SPARE < (size_t)1 << map->bits) {
        count_map_release(map);
        return;
    }
    memset(map->slots, 0, sizeof *map->slots << map->bits);
    map->count = 0;
}

static void insertion_sort(struct count_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct count_entry entry = entries[i];
        size_t at = i;
        for (; at > 0 && entries[at - 1].key > entry.key; at--)
            entries[at] = entries[at - 1];
        entries[at] = entry;
    }
}

/* By digits, the lowest first; those that all keys share are left out. */
void count_entries_sort(struct count_entry *entries, size_t count)
{
    enum { FEW = 48, SMALL = 4096, DIGIT_BITS_MAX = 11 };
    if (count < FEW) {
        insertion_sort(entries, count);
        return;
    }
    unsigned bits = count < SMALL ? 8 : DIGIT_BITS_MAX;
    size_t mask = ((size_t)1 << bits) - 1;
    size_t starts[1 << DIGIT_BITS_MAX];
    uint64_t different = 0;
    for (size_t i = 1; i < count; i++)
        different |= entries[i].key ^ entries[0].key;
    struct count_entry *other = g_new(struct count_entry, count);
    struct count_entry *from = entries, *to = other;
    for (unsigned shift = 0; shift < 64; shift += bits) {
        if ((different >> shift & mask) == 0)
            continue;
        memset(starts, 0, (mask + 1) * sizeof *starts);
        for (size_t i = 0; i < count; i++)
            starts[from[i].key >> shift & mask]++;
        size_t start = 0;
        for (size_t value = 0; value <= mask; value++) {
            size_t size = starts[value];
            starts[value] = start;
            start += size;
        }
        for (size_t i = 0; i < count; i++)
            to[starts[from[i].key >> shift & mask]++] = from[i];
        struct count_entry *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != entries)
        memcpy(entries, from, count * sizeof *entries);
    g_free(other);
}

struct count_entry *count_map_entries(const struct count_map *map)
{
    /* One more: what is free is written over by what comes next, without a branch. */
    struct count_entry *entries = g_new(struct count_entry, map->count + 1);
    size_t count = 0;
    for (size_t i = 0; map->slots != NULL && i < (size_t)1 << map->bits; i++) {
        entries[count].key = map->slots[i].key - 1;
        entries[count].value = map->slots[i].value;
        count += map->slots[i].key != 0 ? 1 : 0;
    }
    return entries;
}

struct count_entry *count_map_sorted(const struct count_map *map)
{
    struct count_entry *entries = count_map_entries(map);
    count_entries_sort(entries, map->count);
    return entries;
}
