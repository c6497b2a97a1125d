#include "aggregate/address_map_parts.h"

#include <string.h>

/* ---- look-up ---- */

/* Index of the first range to be searched that does not end before the address. */
static size_t range_search(const struct address_map *map, uint32_t address)
{
    size_t low = 0;
    size_t high = map->range_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->ranges[middle].last < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t address_map_search_ipv4(const struct address_map *map, uint32_t address)
{
    size_t at = range_search(map, address);
    return at < map->range_count && map->ranges[at].first <= address ? map->ranges[at].number : 0;
}

/* All of them look up in the same way: where their cells are is known first, and these are fetched while
 * others are being found out. */
static void places_find(const struct address_map *map, const uint32_t *addresses, uint32_t *places,
                        size_t count)
{
    const uint16_t *top = map->top;
    const uint32_t *entries = map->entries, *splits = map->splits;
    const char *cells = map->cells;
    uint32_t cell_width = map->cell_width;
    for (size_t i = 0; i < count; i++) {
        uint32_t entry = entries[top[addresses[i] >> 16]];
        uint32_t within = addresses[i] & 0xffff;
        if (G_UNLIKELY((entry & ADDRESS_STEP) == ADDRESS_SPLIT)) {
            entry = splits[(entry >> ADDRESS_INDEX_SHIFT) + (within >> 8)];
            within = within << 8 & 0xffff;
        }
        places[i] = (uint32_t)address_map_place(entry, within);
        __builtin_prefetch(cells + (size_t)places[i] * cell_width);
    }
}

void address_map_find_ipv4_many(const struct address_map *map, const uint32_t *addresses, uint32_t *numbers,
                                size_t count)
{
    const uint8_t *narrow = map->cells;
    if (map->range_count > 0) {
        for (size_t i = 0; i < count; i++)
            numbers[i] = address_map_find_ipv4(map, addresses[i]);
        return;
    }
    places_find(map, addresses, numbers, count);
    if (map->cell_width == 1)
        for (size_t i = 0; i < count; i++)
            numbers[i] = narrow[numbers[i]];
    else
        for (size_t i = 0; i < count; i++)
            numbers[i] = address_map_cell(map->cells, map->cell_width, numbers[i]);
}

/* The last address up to which one cell, or the search, knows the number of `address`. */
static uint32_t ipv4_known_until(const struct address_map *map, uint32_t address)
{
    uint32_t entry = map->entries[map->top[address >> 16]];
    uint32_t bits = 16;
    if ((entry & ADDRESS_STEP) == ADDRESS_SPLIT) {
        entry = map->splits[(entry >> ADDRESS_INDEX_SHIFT) + (address >> 8 & 0xff)];
        bits = 8;
    }
    if ((entry & ADDRESS_STEP) != ADDRESS_SEARCH)
        return address | ((UINT32_C(1) << (bits - (entry & ADDRESS_STEP))) - 1);
    size_t at = range_search(map, address);
    uint32_t part_end = address | ((UINT32_C(1) << bits) - 1);
    if (at == map->range_count)
        return part_end;
    const struct address_range *range = &map->ranges[at];
    return range->first <= address ? range->last : MIN(range->first - 1, part_end);
}

uint32_t address_map_span_ipv4(const struct address_map *map, uint32_t first, uint32_t *last)
{
    uint32_t number = address_map_find_ipv4(map, first);
    *last = ipv4_known_until(map, first);
    while (*last != UINT32_MAX && address_map_find_ipv4(map, *last + 1) == number)
        *last = ipv4_known_until(map, *last + 1);
    return number;
}

static address_number ipv6_edge_at(const struct address_map *map, size_t at)
{
    return (address_number)map->ipv6_high[at] << 64 | (map->ipv6_low != NULL ? map->ipv6_low[at] : 0);
}

/* Index of the first IPv6 edge beyond the address: the one before it holds its number. */
static size_t ipv6_search(const struct address_map *map, address_number wanted)
{
    size_t low = 0;
    size_t high = map->ipv6_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ipv6_edge_at(map, middle) <= wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t address_map_find_ipv6(const struct address_map *map, const uint8_t address[16])
{
    size_t at = ipv6_search(map, address_number_from_ipv6(address));
    return at > 0 ? map->ipv6_numbers[at - 1] : 0;
}

uint32_t address_map_span_ipv6(const struct address_map *map, address_number first, address_number *last)
{
    size_t at = ipv6_search(map, first);
    *last = at < map->ipv6_count ? ipv6_edge_at(map, at) - 1 : ~(address_number)0;
    return at > 0 ? map->ipv6_numbers[at - 1] : 0;
}

/* ---- as bytes ---- */

void address_map_pieces(const struct address_map *map, struct address_map_piece pieces[ADDRESS_MAP_PIECES])
{
    g_assert(map->building == NULL);
    const struct address_map_piece all[ADDRESS_MAP_PIECES] = {
        {map->top, ADDRESS_TOP_SIZE * sizeof *map->top},
        {map->entries, map->entry_count * sizeof *map->entries},
        {map->splits, map->split_count * sizeof *map->splits},
        {map->cells, map->cell_count * map->cell_width},
        {map->ranges, map->range_count * sizeof *map->ranges},
        {map->ipv6_high, map->ipv6_count * sizeof *map->ipv6_high},
        {map->ipv6_low, map->ipv6_low != NULL ? map->ipv6_count * sizeof *map->ipv6_low : 0},
        {map->ipv6_numbers, map->ipv6_count * sizeof *map->ipv6_numbers},
    };
    memcpy(pieces, all, sizeof all);
}

struct address_map *address_map_restore(const struct address_map_piece pieces[ADDRESS_MAP_PIECES],
                                        uint32_t cell_width, void *memory)
{
    struct address_map map = {
        .top = pieces[0].data,
        .entries = pieces[1].data,
        .splits = pieces[2].data,
        .cells = pieces[3].data,
        .cell_width = cell_width,
        .ranges = pieces[4].data,
        .ipv6_high = pieces[5].data,
        .ipv6_low = pieces[6].size > 0 ? pieces[6].data : NULL,
        .ipv6_numbers = pieces[7].data,
        .entry_count = pieces[1].size / sizeof *map.entries,
        .split_count = pieces[2].size / sizeof *map.splits,
        .range_count = pieces[4].size / sizeof *map.ranges,
        .ipv6_count = pieces[5].size / sizeof *map.ipv6_high,
        .memory = memory,
    };
    struct address_map_piece expected[ADDRESS_MAP_PIECES];
    if (cell_width != 1 && cell_width != 2 && cell_width != 4)
        return NULL;
    map.cell_count = pieces[3].size / cell_width;
    address_map_pieces(&map, expected);
    for (size_t i = 0; i < ADDRESS_MAP_PIECES; i++)
        if (pieces[i].size != expected[i].size)
            return NULL;
    return g_memdup2(&map, sizeof map);
}
