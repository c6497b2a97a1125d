#include "aggregate/address_map.h"

#include <stdbool.h>

enum { TOP_SIZE = 65536, NUMBER_MAX = INT32_MAX };

struct range_ipv4 {
    uint32_t first, last;
    uint32_t number;
};

struct range_ipv6 {
    address_number first, last;
    uint32_t number;
};

/* The blocks in the making. */
struct blocks {
    GArray *middle; /* uint16_t, of /24 */
    GArray *low;    /* uint16_t, of addresses */
};

struct address_map *address_map_new(void)
{
    struct address_map *map = g_new0(struct address_map, 1);
    map->top = g_new0(uint16_t, TOP_SIZE);
    map->ipv4 = g_array_new(FALSE, FALSE, sizeof(struct range_ipv4));
    map->ipv6 = g_array_new(FALSE, FALSE, sizeof(struct range_ipv6));
    return map;
}

void address_map_free(struct address_map *map)
{
    if (map == NULL)
        return;
    g_free(map->top);
    g_free(map->blocks);
    g_free(map->low_blocks);
    g_array_unref(map->ipv4);
    g_array_unref(map->ipv6);
    g_free(map);
}

void address_map_append_ipv4(struct address_map *map, uint32_t first, uint32_t last, uint32_t number)
{
    g_assert(first <= last && number > 0 && number <= NUMBER_MAX);
    if (map->ipv4->len > 0) {
        struct range_ipv4 *previous = &g_array_index(map->ipv4, struct range_ipv4, map->ipv4->len - 1);
        g_assert(previous->last < first);
        if (previous->last + 1 == first && previous->number == number) {
            previous->last = last;
            return;
        }
    }
    struct range_ipv4 range = {first, last, number};
    g_array_append_val(map->ipv4, range);
}

void address_map_append_ipv6(struct address_map *map, address_number first, address_number last,
                             uint32_t number)
{
    g_assert(first <= last && number > 0 && number <= NUMBER_MAX);
    if (map->ipv6->len > 0) {
        struct range_ipv6 *previous = &g_array_index(map->ipv6, struct range_ipv6, map->ipv6->len - 1);
        g_assert(previous->last < first);
        if (previous->last + 1 == first && previous->number == number) {
            previous->last = last;
            return;
        }
    }
    struct range_ipv6 range = {.first = first, .last = last, .number = number};
    g_array_append_val(map->ipv6, range);
}

/* The number of `first`, 0 when it is in no range, and the last address up to which all have it. *at is moved
 * to the first range that does not end before `first`. */
static uint32_t number_until(const struct address_map *map, guint *at, uint32_t first, uint32_t *until)
{
    while (*at < map->ipv4->len && g_array_index(map->ipv4, struct range_ipv4, *at).last < first)
        (*at)++;
    *until = UINT32_MAX;
    if (*at == map->ipv4->len)
        return 0;
    const struct range_ipv4 *range = &g_array_index(map->ipv4, struct range_ipv4, *at);
    *until = range->first > first ? range->first - 1 : range->last;
    return range->first > first ? 0 : range->number;
}

/* Sets entries [from, BLOCK_SIZE) as far as they lie before `until`, an address of the block whose entries
 * stand for 1 << shift addresses each, the first one for those from `base` on. Returns the next entry. */
static uint32_t entries_fill(uint16_t *block, uint32_t from, uint32_t base, int shift, uint32_t until,
                             uint16_t entry)
{
    uint64_t end = ((uint64_t)until + 1 - base) >> shift;
    while (from < MIN(end, ADDRESS_BLOCK_SIZE))
        block[from++] = entry;
    return from;
}

/* A new block, or NULL when an entry can hold no more of them; its index goes to *entry. */
static uint16_t *block_append(GArray *blocks, uint16_t *entry)
{
    guint index = blocks->len / ADDRESS_BLOCK_SIZE;
    *entry = ADDRESS_SEARCH;
    if (index >= ADDRESS_SEARCH - ADDRESS_BLOCK)
        return NULL;
    *entry = (uint16_t)(ADDRESS_BLOCK | index);
    g_array_set_size(blocks, blocks->len + ADDRESS_BLOCK_SIZE);
    return &g_array_index(blocks, uint16_t, index * ADDRESS_BLOCK_SIZE);
}

/* An entry that may also be that of a block. */
static uint16_t number_entry(uint32_t number)
{
    return number < ADDRESS_BLOCK ? (uint16_t)number : ADDRESS_SEARCH;
}

/* The entry of a /24 that is split; *at as above. */
static uint16_t low_block_make(const struct address_map *map, struct blocks *blocks, guint *at, uint32_t base)
{
    uint16_t entry;
    uint16_t *block = block_append(blocks->low, &entry);
    for (uint32_t low = 0; block != NULL && low < ADDRESS_BLOCK_SIZE;) {
        uint32_t until;
        uint32_t number = number_until(map, at, base | low, &until);
        low = entries_fill(block, low, base, 0, until,
                           number < ADDRESS_SEARCH ? (uint16_t)number : ADDRESS_SEARCH);
    }
    return entry;
}

/* The entry of a /16 that is split. */
static uint16_t block_make(const struct address_map *map, struct blocks *blocks, guint *at, uint32_t base)
{
    uint16_t entry;
    uint16_t *block = block_append(blocks->middle, &entry);
    for (uint32_t middle = 0; block != NULL && middle < ADDRESS_BLOCK_SIZE;) {
        uint32_t first = base | middle << 8;
        uint32_t until;
        uint32_t number = number_until(map, at, first, &until);
        if (until < (first | 0xff))
            block[middle++] = low_block_make(map, blocks, at, first);
        else
            middle = entries_fill(block, middle, base, 8, until, number_entry(number));
    }
    return entry;
}

void address_map_finish(struct address_map *map)
{
    struct blocks blocks = {.middle = g_array_new(FALSE, FALSE, sizeof(uint16_t)),
                            .low = g_array_new(FALSE, FALSE, sizeof(uint16_t))};
    guint at = 0;
    for (uint32_t high = 0; high < TOP_SIZE;) {
        uint32_t until;
        uint32_t number = number_until(map, &at, high << 16, &until);
        if (until < (high << 16 | 0xffff)) {
            map->top[high] = block_make(map, &blocks, &at, high << 16);
            high++;
        } else {
            for (uint64_t end = ((uint64_t)until + 1) >> 16; high < end; high++)
                map->top[high] = number_entry(number);
        }
    }
    map->blocks = (uint16_t *)(void *)g_array_free(blocks.middle, FALSE);
    map->low_blocks = (uint16_t *)(void *)g_array_free(blocks.low, FALSE);
}

uint32_t address_map_search_ipv4(const struct address_map *map, uint32_t address)
{
    const struct range_ipv4 *ranges = (const struct range_ipv4 *)(void *)map->ipv4->data;
    size_t low = 0;
    size_t high = map->ipv4->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges[middle].last < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < map->ipv4->len && ranges[low].first <= address ? ranges[low].number : 0;
}

void address_map_find_ipv4_many(const struct address_map *map, const uint32_t *addresses, uint32_t *numbers,
                                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint16_t top = map->top[addresses[i] >> 16];
        numbers[i] = top;
        if (address_map_is_block(top))
            __builtin_prefetch(address_map_middle(map, top, addresses[i]));
    }
    for (size_t i = 0; i < count; i++) {
        uint16_t entry = (uint16_t)numbers[i];
        if (address_map_is_block(entry))
            entry = *address_map_middle(map, entry, addresses[i]);
        numbers[i] = address_map_number(map, entry, addresses[i]);
    }
}

/* Index of the first IPv6 range that does not end before the address. */
static size_t ipv6_search(const struct address_map *map, address_number wanted)
{
    const struct range_ipv6 *ranges = (const struct range_ipv6 *)(void *)map->ipv6->data;
    size_t low = 0;
    size_t high = map->ipv6->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges[middle].last < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t address_map_find_ipv6(const struct address_map *map, const uint8_t address[16])
{
    address_number wanted = address_number_from_ipv6(address);
    const struct range_ipv6 *ranges = (const struct range_ipv6 *)(void *)map->ipv6->data;
    size_t at = ipv6_search(map, wanted);
    return at < map->ipv6->len && ranges[at].first <= wanted ? ranges[at].number : 0;
}

uint32_t address_map_span_ipv6(const struct address_map *map, address_number first, address_number *last)
{
    const struct range_ipv6 *ranges = (const struct range_ipv6 *)(void *)map->ipv6->data;
    size_t at = ipv6_search(map, first);
    if (at < map->ipv6->len && ranges[at].first <= first) {
        *last = ranges[at].last;
        return ranges[at].number;
    }
    *last = at < map->ipv6->len ? ranges[at].first - 1 : ~(address_number)0;
    return 0;
}

uint32_t address_map_span_ipv4(const struct address_map *map, uint32_t first, uint32_t *last)
{
    const struct range_ipv4 *ranges = (const struct range_ipv4 *)(void *)map->ipv4->data;
    size_t low = 0;
    size_t high = map->ipv4->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ranges[middle].last < first)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < map->ipv4->len && ranges[low].first <= first) {
        *last = ranges[low].last;
        return ranges[low].number;
    }
    *last = low < map->ipv4->len ? ranges[low].first - 1 : UINT32_MAX;
    return 0;
}
