/* Making a map: ranges in, cells out. */
#include "aggregate/address_map_parts.h"

#include <string.h>

/* With more cells or split /16 than these, which no registry comes near, memory would be the file's to
 * decide. */
enum { PART_SIZE = 256, CELLS_MAX = 1 << 25, SPLITS_MAX = 1 << 14 };
enum { NUMBER_MAX = INT32_MAX, FIRST_ROOM = 64 };
/* The first entries are those of whole /16 with the numbers below SHARED, each with the cell of its own
 * index; then comes the one of all that are searched. */
enum { SHARED = 256, SEARCHED_ENTRY = SHARED };

/* What is growing. Of IPv4 ranges, those of one /16 at a time wait for its last. */
struct address_building {
    GArray *entries, *splits, *ranges; /* as in the map */
    GByteArray *cells;
    struct address_range *waiting; /* [waiting_count], within the /16 `high` */
    size_t waiting_count, waiting_room;
    uint32_t high;
    uint64_t *ipv6_high, *ipv6_low; /* [ipv6_count], likewise as in the map */
    uint32_t *ipv6_numbers;
    size_t ipv6_count, ipv6_room;
    address_number ipv6_next; /* behind the last range; 0 before the first, and behind the last address */
    bool has_low;
};

struct address_map *address_map_new(void)
{
    struct address_map *map = g_new0(struct address_map, 1);
    struct address_building *building = g_new0(struct address_building, 1);
    map->top = g_new0(uint16_t, ADDRESS_TOP_SIZE);
    map->cell_width = 1;
    map->building = building;
    building->entries = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    building->splits = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    building->ranges = g_array_new(FALSE, FALSE, sizeof(struct address_range));
    building->cells = g_byte_array_new();
    for (uint32_t i = 0; i < SHARED; i++) {
        uint8_t number = (uint8_t)i;
        uint32_t entry = i << ADDRESS_INDEX_SHIFT;
        g_byte_array_append(building->cells, &number, 1);
        g_array_append_val(building->entries, entry);
    }
    const uint32_t searched = ADDRESS_SEARCH;
    g_array_append_val(building->entries, searched);
    return map;
}

static void building_free(struct address_building *building)
{
    g_array_unref(building->entries);
    g_array_unref(building->splits);
    g_array_unref(building->ranges);
    g_byte_array_unref(building->cells);
    g_free(building->waiting);
    g_free(building->ipv6_high);
    g_free(building->ipv6_low);
    g_free(building->ipv6_numbers);
    g_free(building);
}

void address_map_free(struct address_map *map)
{
    if (map == NULL)
        return;
    if (map->building != NULL)
        building_free(map->building);
    if (map->memory == NULL) {
        g_free(map->top);
        g_free(map->entries);
        g_free(map->splits);
        g_free(map->cells);
        g_free(map->ranges);
        g_free(map->ipv6_high);
        g_free(map->ipv6_low);
        g_free(map->ipv6_numbers);
    }
    g_free(map->memory);
    g_free(map);
}

/* ---- cells ---- */

static uint32_t width_of(uint32_t number)
{
    return number <= UINT8_MAX ? 1 : number <= UINT16_MAX ? 2 : 4;
}

static void cell_set(void *cells, uint32_t width, size_t at, uint32_t number)
{
    if (width == 1)
        ((uint8_t *)cells)[at] = (uint8_t)number;
    else if (width == 2)
        ((uint16_t *)cells)[at] = (uint16_t)number;
    else
        ((uint32_t *)cells)[at] = number;
}

/* Makes all cells as wide as the number needs. */
static void cells_widen(struct address_map *map, uint32_t number)
{
    struct address_building *building = map->building;
    uint32_t width = width_of(number);
    if (width <= map->cell_width)
        return;
    size_t count = building->cells->len / map->cell_width;
    GByteArray *wide = g_byte_array_sized_new((guint)(count * width));
    g_byte_array_set_size(wide, (guint)(count * width));
    for (size_t i = 0; i < count; i++)
        cell_set(wide->data, width, i, address_map_cell(building->cells->data, map->cell_width, i));
    g_byte_array_unref(building->cells);
    building->cells = wide;
    map->cell_width = width;
}

/* `count` new cells with the number 0; false when there are too many. */
static bool cells_add(struct address_map *map, uint32_t count, uint32_t *at)
{
    GByteArray *cells = map->building->cells;
    size_t used = cells->len / map->cell_width;
    if (used + count > CELLS_MAX)
        return false;
    *at = (uint32_t)used;
    g_byte_array_set_size(cells, (guint)((used + count) * map->cell_width));
    memset(cells->data + used * map->cell_width, 0, (size_t)count * map->cell_width);
    return true;
}

static void cells_fill(struct address_map *map, uint32_t from, uint32_t to, uint32_t number)
{
    cells_widen(map, number);
    uint8_t *cells = map->building->cells->data;
    if (map->cell_width == 1)
        memset(cells + from, (int)number, to - from + 1);
    else
        for (uint32_t at = from; at <= to; at++)
            cell_set(cells, map->cell_width, at, number);
}

/* ---- entries ---- */

/* A part of the addresses: a /16 or a /24, and the ranges that touch it; the outer ones may go beyond it. */
struct part {
    const struct address_range *ranges;
    size_t count;
    uint32_t first;
    int bits; /* of the addresses within it: 16 or 8 */
};

static uint32_t part_last(const struct part *part)
{
    return part->first | ((UINT32_C(1) << part->bits) - 1);
}

static struct address_range part_range(const struct part *part, size_t i)
{
    struct address_range range = part->ranges[i];
    range.first = MAX(range.first, part->first);
    range.last = MIN(range.last, part_last(part));
    return range;
}

static uint32_t search_entry(struct address_map *map, const struct part *part)
{
    for (size_t i = 0; i < part->count; i++) {
        struct address_range range = part_range(part, i);
        g_array_append_val(map->building->ranges, range);
    }
    return ADDRESS_SEARCH;
}

static uint32_t cells_entry(struct address_map *map, const struct part *part, int step)
{
    uint32_t at;
    uint32_t shared = part->count > 0 ? part->ranges[0].number : 0;
    if (step == 0 && shared < SHARED)
        return shared << ADDRESS_INDEX_SHIFT;
    if (!cells_add(map, UINT32_C(1) << step, &at))
        return search_entry(map, part);
    for (size_t i = 0; i < part->count; i++) {
        struct address_range range = part_range(part, i);
        cells_fill(map, at + ((range.first - part->first) >> (part->bits - step)),
                   at + ((range.last - part->first) >> (part->bits - step)), range.number);
    }
    return at << ADDRESS_INDEX_SHIFT | (uint32_t)step;
}

static uint32_t part_entry(struct address_map *map, const struct part *part);

static uint32_t split_entry(struct address_map *map, const struct part *part)
{
    GArray *splits = map->building->splits;
    guint index = splits->len;
    if (index / PART_SIZE >= SPLITS_MAX)
        return search_entry(map, part);
    g_array_set_size(splits, index + PART_SIZE);
    size_t from = 0;
    for (uint32_t i = 0; i < PART_SIZE; i++) {
        struct part small = {.first = part->first | i << 8, .bits = 8};
        while (from < part->count && part->ranges[from].last < small.first)
            from++;
        small.ranges = &part->ranges[from];
        while (from + small.count < part->count && small.ranges[small.count].first <= part_last(&small))
            small.count++;
        g_array_index(splits, uint32_t, index + i) = part_entry(map, &small);
    }
    return index << ADDRESS_INDEX_SHIFT | ADDRESS_SPLIT;
}

/* The lowest bit set in any edge says how fine the cells must be. */
static uint32_t part_entry(struct address_map *map, const struct part *part)
{
    uint32_t edges = UINT32_C(1) << part->bits;
    for (size_t i = 0; i < part->count; i++) {
        struct address_range range = part_range(part, i);
        edges |= range.first | (range.last + 1);
    }
    int step = part->bits - __builtin_ctz(edges);
    return step > ADDRESS_STEP_MAX ? split_entry(map, part) : cells_entry(map, part, step);
}

/* The index of the entry of a /16. */
static uint16_t entry_place(struct address_map *map, const struct part *part)
{
    GArray *entries = map->building->entries;
    uint32_t entry = entries->len <= UINT16_MAX ? part_entry(map, part) : search_entry(map, part);
    if (entry == ADDRESS_SEARCH)
        return SEARCHED_ENTRY;
    if ((entry & ADDRESS_STEP) == 0 && entry >> ADDRESS_INDEX_SHIFT < SHARED)
        return (uint16_t)(entry >> ADDRESS_INDEX_SHIFT);
    g_array_append_val(entries, entry);
    return (uint16_t)(entries->len - 1);
}

static void waiting_place(struct address_map *map)
{
    struct address_building *building = map->building;
    struct part part = {.ranges = building->waiting,
                        .count = building->waiting_count,
                        .first = building->high << 16,
                        .bits = 16};
    if (part.count > 0)
        map->top[building->high] = entry_place(map, &part);
    building->waiting_count = 0;
}

/* A range within the /16 at hand. One that touches the range before it, and has its number, is joined to it,
 * so that its edge makes for no more cells. */
static void waiting_add(struct address_building *building, struct address_range range)
{
    if (building->waiting_count > 0) {
        struct address_range *previous = &building->waiting[building->waiting_count - 1];
        g_assert(previous->last < range.first);
        if (previous->last + 1 == range.first && previous->number == range.number) {
            previous->last = range.last;
            return;
        }
    }
    if (building->waiting_count == building->waiting_room) {
        building->waiting_room = MAX(FIRST_ROOM, building->waiting_room * 2);
        building->waiting = g_renew(struct address_range, building->waiting, building->waiting_room);
    }
    building->waiting[building->waiting_count++] = range;
}

void address_map_append_ipv4(struct address_map *map, uint32_t first, uint32_t last, uint32_t number)
{
    struct address_building *building = map->building;
    g_assert(first <= last && number > 0 && number <= NUMBER_MAX);
    for (;;) {
        struct address_range range = {first, MIN(last, first | 0xffff), number};
        g_assert(first >> 16 >= building->high);
        if (first >> 16 != building->high) {
            waiting_place(map);
            building->high = first >> 16;
        }
        waiting_add(building, range);
        if (range.last == last)
            return;
        first = range.last + 1;
    }
}

static void ipv6_edge(struct address_building *building, address_number first, uint32_t number)
{
    size_t at = building->ipv6_count++;
    if (at == building->ipv6_room) {
        building->ipv6_room = MAX(FIRST_ROOM, building->ipv6_room * 2);
        building->ipv6_high = g_renew(uint64_t, building->ipv6_high, building->ipv6_room);
        building->ipv6_low = g_renew(uint64_t, building->ipv6_low, building->ipv6_room);
        building->ipv6_numbers = g_renew(uint32_t, building->ipv6_numbers, building->ipv6_room);
    }
    building->ipv6_high[at] = (uint64_t)(first >> 64);
    building->ipv6_low[at] = (uint64_t)first;
    building->ipv6_numbers[at] = number;
    building->has_low = building->has_low || (uint64_t)first != 0;
}

void address_map_append_ipv6(struct address_map *map, address_number first, address_number last,
                             uint32_t number)
{
    struct address_building *building = map->building;
    size_t count = building->ipv6_count;
    g_assert(first <= last && number > 0 && number <= NUMBER_MAX);
    g_assert(first >= building->ipv6_next && (count == 0 || building->ipv6_next != 0));
    if (count > 0 && first != building->ipv6_next)
        ipv6_edge(building, building->ipv6_next, 0);
    if (count == 0 || first != building->ipv6_next || building->ipv6_numbers[count - 1] != number)
        ipv6_edge(building, first, number);
    building->ipv6_next = last + 1;
}

/* The array's elements, no longer its own; NULL when there are none. */
static void *array_take(GArray **array, size_t *count)
{
    *count = (*array)->len;
    void *data = g_array_free(*array, *count == 0);
    *array = g_array_new(FALSE, FALSE, 1);
    return data;
}

void address_map_finish(struct address_map *map)
{
    struct address_building *building = map->building;
    waiting_place(map);
    if (building->ipv6_next != 0)
        ipv6_edge(building, building->ipv6_next, 0);
    map->entries = array_take(&building->entries, &map->entry_count);
    map->splits = array_take(&building->splits, &map->split_count);
    map->ranges = array_take(&building->ranges, &map->range_count);
    map->ipv6_count = building->ipv6_count;
    map->ipv6_high = g_steal_pointer(&building->ipv6_high);
    map->ipv6_numbers = g_steal_pointer(&building->ipv6_numbers);
    if (building->has_low)
        map->ipv6_low = g_steal_pointer(&building->ipv6_low);
    map->cell_count = building->cells->len / map->cell_width;
    map->cells = g_byte_array_free(g_steal_pointer(&building->cells), FALSE);
    building->cells = g_byte_array_new();
    building_free(building);
    map->building = NULL;
}
