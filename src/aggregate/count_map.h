/* count_map.h - counters by number, made when first asked for.
 *
 *     struct count_map map = {0};
 *     *count_map_slot(&map, 4711) += 1;
 *     struct count_entry *entries = count_map_sorted(&map);    // [map.count], ascending by key; g_free
 *     count_map_release(&map);
 */
#ifndef TEITEN_AGGREGATE_COUNT_MAP_H
#define TEITEN_AGGREGATE_COUNT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct count_entry {
    uint64_t key;
    uint64_t value;
};

/* Open addressing, linear probing. All zeros is an empty map. */
struct count_map {
    struct count_entry *slots; /* [1 << bits]; key + 1 is stored, 0 marks a free slot */
    unsigned bits;
    size_t count;
};

void count_map_release(struct count_map *map);
/* For the function below, which packets come through: where a key, as stored, is first looked for (Fibonacci
 * hashing: the upper bits of a product with 2^64 divided by the golden ratio); where it is, or would be. */
static inline size_t count_map_place_first(const struct count_map *map, uint64_t stored)
{
    return (size_t)(stored * UINT64_C(0x9e3779b97f4a7c15) >> (64 - map->bits));
}
static inline size_t count_map_place(const struct count_map *map, uint64_t stored)
{
    size_t mask = ((size_t)1 << map->bits) - 1;
    size_t at = count_map_place_first(map, stored);
    while (map->slots[at].key != 0 && map->slots[at].key != stored)
        at = (at + 1) & mask;
    return at;
}
void count_map_grow(struct count_map *map);

/* The counter of a key (below 2^64 - 1), 0 when new. Valid until the next call. Whether it is new is no
 * branch. */
static inline uint64_t *count_map_slot(struct count_map *map, uint64_t key)
{
    if (__builtin_expect(map->slots == NULL || (map->count + 1) * 4 > (size_t)3 << map->bits, 0))
        count_map_grow(map);
    struct count_entry *slot = &map->slots[count_map_place(map, key + 1)];
    map->count += slot->key == 0 ? 1 : 0;
    slot->key = key + 1;
    return &slot->value;
}
/* Brings the slot closer that count_map_slot is going to look at. */
void count_map_prefetch(const struct count_map *map, uint64_t key);
/* The counter's value, 0 when there is none. */
uint64_t count_map_value(const struct count_map *map, uint64_t key);
/* Each entry once, in no order: *at is 0 at first and moved on; false behind the last. */
bool count_map_next(const struct count_map *map, size_t *at, struct count_entry *entry);
/* Empties the map; memory that is much more than was in use is given back. */
void count_map_clear(struct count_map *map);
/* All of them, [count], in no order; g_free. */
struct count_entry *count_map_entries(const struct count_map *map);
/* Ascending by key. */
void count_entries_sort(struct count_entry *entries, size_t count);
struct count_entry *count_map_sorted(const struct count_map *map);

#endif
