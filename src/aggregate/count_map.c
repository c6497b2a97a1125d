#include "aggregate/count_map.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BITS = 4 };

void count_map_release(struct count_map *map)
{
    g_free(map->slots);
    *map = (struct count_map){.slots = NULL};
}

/* Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio. */
static size_t slot_find(const struct count_map *map, uint64_t stored)
{
    size_t mask = ((size_t)1 << map->bits) - 1;
    size_t at = (size_t)(stored * UINT64_C(0x9e3779b97f4a7c15) >> (64 - map->bits));
    while (map->slots[at].key != 0 && map->slots[at].key != stored)
        at = (at + 1) & mask;
    return at;
}

static void map_grow(struct count_map *map)
{
    struct count_map larger = {.bits = map->slots == NULL ? FIRST_BITS : map->bits + 1, .count = map->count};
    larger.slots = g_new0(struct count_entry, (size_t)1 << larger.bits);
    for (size_t i = 0; map->slots != NULL && i < (size_t)1 << map->bits; i++)
        if (map->slots[i].key != 0)
            larger.slots[slot_find(&larger, map->slots[i].key)] = map->slots[i];
    g_free(map->slots);
    *map = larger;
}

uint64_t *count_map_slot(struct count_map *map, uint64_t key)
{
    g_assert(key < UINT64_MAX);
    if (map->slots == NULL || (map->count + 1) * 4 > ((size_t)3 << map->bits))
        map_grow(map);
    struct count_entry *slot = &map->slots[slot_find(map, key + 1)];
    if (slot->key == 0) {
        slot->key = key + 1;
        map->count++;
    }
    return &slot->value;
}

uint64_t count_map_value(const struct count_map *map, uint64_t key)
{
    if (map->slots == NULL)
        return 0;
    const struct count_entry *slot = &map->slots[slot_find(map, key + 1)];
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

static int entry_compare(const void *a, const void *b)
{
    const struct count_entry *x = a;
    const struct count_entry *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

struct count_entry *count_map_sorted(const struct count_map *map)
{
    struct count_entry *entries = g_new(struct count_entry, map->count + 1);
    size_t count = 0;
    for (size_t i = 0; map->slots != NULL && i < (size_t)1 << map->bits; i++) {
        if (map->slots[i].key == 0)
            continue;
        entries[count].key = map->slots[i].key - 1;
        entries[count++].value = map->slots[i].value;
    }
    qsort(entries, count, sizeof *entries, entry_compare);
    return entries;
}
