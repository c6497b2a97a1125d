#include "aggregate/address_map.h"

#include <stdbool.h>

/* An entry of `top` with this bit is the index of a block of 256 entries, one for each /24; without it, it is
 * the number of the whole /16. A block's entry is the number of the whole /24, or with LOW_BLOCK the index of
 * a block of one entry for each address. Entries are 16 bits wide, to keep what is looked up close to the
 * processor: where a number or an index is too large for that, SEARCH says that the ranges have to be
 * searched.
 */
#define TOP_BLOCK (UINT32_C(1) << 31)
enum { LOW_BLOCK = 0x8000, SEARCH = 0xffff, BLOCK_SIZE = 256, TOP_SIZE = 65536 };

struct range_ipv4 {
    uint32_t first, last;
    uint32_t number;
};

struct range_ipv6 {
    address_number first, last;
    uint32_t number;
};

struct address_map {
    uint32_t *top;
    GArray *blocks;     /* uint16_t, of /24 */
    GArray *low_blocks; /* uint16_t, of addresses */
    GArray *ipv4;       /* struct range_ipv4 */
    GArray *ipv6;       /* struct range_ipv6 */
};

struct address_map *address_map_new(void)
{
    struct address_map *map = g_new0(struct address_map, 1);
    map->top = g_new0(uint32_t, TOP_SIZE);
    map->blocks = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    map->low_blocks = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    map->ipv4 = g_array_new(FALSE, FALSE, sizeof(struct range_ipv4));
    map->ipv6 = g_array_new(FALSE, FALSE, sizeof(struct range_ipv6));
    return map;
}

void address_map_free(struct address_map *map)
{
    if (map == NULL)
        return;
    g_free(map->top);
    g_array_unref(map->blocks);
    g_array_unref(map->low_blocks);
    g_array_unref(map->ipv4);
    g_array_unref(map->ipv6);
    g_free(map);
}

void address_map_append_ipv4(struct address_map *map, uint32_t first, uint32_t last, uint32_t number)
{
    g_assert(first <= last && number > 0 && number < TOP_BLOCK);
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
    g_assert(first <= last && number > 0 && number < TOP_BLOCK);
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

/* The number of all of [first, last], 0 when no range touches it; false when parts of it differ. *at is moved
 * to the first range that does not end before `first`. */
static bool span_number(const struct address_map *map, guint *at, uint32_t first, uint32_t last,
                        uint32_t *number)
{
    while (*at < map->ipv4->len && g_array_index(map->ipv4, struct range_ipv4, *at).last < first)
        (*at)++;
    if (*at == map->ipv4->len) {
        *number = 0;
        return true;
    }
    const struct range_ipv4 *range = &g_array_index(map->ipv4, struct range_ipv4, *at);
    if (range->first > last) {
        *number = 0;
        return true;
    }
    *number = range->number;
    return range->first <= first && range->last >= last;
}

/* The entry of a /24 that is split; *at as above. */
static uint16_t low_block_make(struct address_map *map, guint *at, uint32_t base)
{
    guint index = map->low_blocks->len / BLOCK_SIZE;
    if (index >= SEARCH - LOW_BLOCK)
        return SEARCH;
    g_array_set_size(map->low_blocks, map->low_blocks->len + BLOCK_SIZE);
    uint16_t *block = &g_array_index(map->low_blocks, uint16_t, index * BLOCK_SIZE);
    for (uint32_t low = 0; low < BLOCK_SIZE; low++) {
        uint32_t number;
        bool is_whole = span_number(map, at, base | low, base | low, &number);
        block[low] = is_whole && number < SEARCH ? (uint16_t)number : SEARCH;
    }
    return (uint16_t)(LOW_BLOCK | index);
}

static void block_make(struct address_map *map, guint *at, uint32_t base)
{
    guint start = map->blocks->len;
    g_array_set_size(map->blocks, start + BLOCK_SIZE);
    for (uint32_t middle = 0; middle < BLOCK_SIZE; middle++) {
        uint32_t first = base | middle << 8;
        uint32_t number;
        uint16_t entry = SEARCH;
        if (!span_number(map, at, first, first | 0xff, &number))
            entry = low_block_make(map, at, first);
        else if (number < LOW_BLOCK)
            entry = (uint16_t)number;
        g_array_index(map->blocks, uint16_t, start + middle) = entry;
    }
}

void address_map_finish(struct address_map *map)
{
    guint at = 0;
    for (uint32_t high = 0; high < TOP_SIZE; high++) {
        uint32_t number;
        if (span_number(map, &at, high << 16, high << 16 | 0xffff, &number)) {
            map->top[high] = number;
            continue;
        }
        map->top[high] = TOP_BLOCK | map->blocks->len / BLOCK_SIZE;
        block_make(map, &at, high << 16);
    }
}

static uint32_t ranges_search(const struct address_map *map, uint32_t address)
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

/* The entry of the address's /24 in a block of `top`. */
static const uint16_t *block_entry(const struct address_map *map, uint32_t top, uint32_t address)
{
    return (const uint16_t *)(void *)map->blocks->data + (size_t)(top & ~TOP_BLOCK) * BLOCK_SIZE +
           (address >> 8 & 0xff);
}

/* The number behind such an entry. */
static uint32_t entry_number(const struct address_map *map, uint16_t entry, uint32_t address)
{
    if (entry < LOW_BLOCK)
        return entry;
    if (entry != SEARCH) {
        size_t low_block = entry & ~(uint32_t)LOW_BLOCK;
        entry = g_array_index(map->low_blocks, uint16_t, low_block * BLOCK_SIZE + (address & 0xff));
        if (entry != SEARCH)
            return entry;
    }
    return ranges_search(map, address);
}

uint32_t address_map_find_ipv4(const struct address_map *map, uint32_t address)
{
    uint32_t top = map->top[address >> 16];
    return (top & TOP_BLOCK) == 0 ? top : entry_number(map, *block_entry(map, top, address), address);
}

void address_map_find_ipv4_many(const struct address_map *map, const uint32_t *addresses, uint32_t *numbers,
                                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        numbers[i] = map->top[addresses[i] >> 16];
        if ((numbers[i] & TOP_BLOCK) != 0)
            __builtin_prefetch(block_entry(map, numbers[i], addresses[i]));
    }
    for (size_t i = 0; i < count; i++)
        if ((numbers[i] & TOP_BLOCK) != 0)
            numbers[i] = entry_number(map, *block_entry(map, numbers[i], addresses[i]), addresses[i]);
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
