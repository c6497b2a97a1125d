/* address_map.h - which number an address has: a fast, fixed map from disjoint ranges.
 *
 *     struct address_map *map = address_map_new();
 *     address_map_append_ipv4(map, 0xc0000200, 0xc00002ff, 7);        // ascending, disjoint
 *     address_map_finish(map);
 *     address_map_find_ipv4(map, 0xc0000201)                          // 7
 *     address_map_find_ipv4(map, 0xc0000301)                          // 0: in no range
 *
 * IPv4: a /16 is cut into as many equal cells as its ranges need, 256 at most, and a cell holds the number of
 * all its addresses: three loads, of which one is far, without a branch that depends on the address. Where a
 * range ends within a /24, the /16 is cut into its /24 and each of these into cells. IPv6: binary search.
 */
#ifndef TEITEN_AGGREGATE_ADDRESS_MAP_H
#define TEITEN_AGGREGATE_ADDRESS_MAP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aggregate/address_sweep.h"

/* An entry stands for a /16 or for a /24. Its lower five bits are its step: it has 1 << step cells, up to
 * ADDRESS_STEP_MAX; or it is ADDRESS_SPLIT (of a /16 alone), or ADDRESS_SEARCH: there were too many cells,
 * and the ranges have to be searched. The upper bits are the index of its first cell, or of the first of the
 * 256 entries of its /24. A /16 has the index of its entry, in 16 bits, so that the table that every look-up
 * goes through is small, and all /16 of one number share an entry: the first entry, and cell, is the number
 * 0's. */
enum {
    ADDRESS_STEP = 0x1f,
    ADDRESS_STEP_MAX = 8,
    ADDRESS_SPLIT = 9,
    ADDRESS_SEARCH = 10,
    ADDRESS_INDEX_SHIFT = 5
};

struct address_building;
struct address_range;

/* The fields are for address_map.c, and for the look-up below, which every packet takes several times. */
struct address_map {
    uint16_t *top;                /* [65536], for each /16 the index of its entry */
    uint32_t *entries;            /* [entry_count] */
    uint32_t *splits;             /* [split_count] entries, 256 for each /16 that is split */
    void *cells;                  /* [cell_count] numbers */
    uint32_t cell_width;          /* bytes of each: 1, 2 or 4, as the largest number needs */
    struct address_range *ranges; /* [range_count], ascending: of the parts to be searched */
    /* From an address on, up to the next, IPv6 addresses have the number; before the first 0. */
    uint64_t *ipv6_high, *ipv6_low; /* [ipv6_count], ascending; lower halves only where any is not 0 */
    uint32_t *ipv6_numbers;         /* [ipv6_count] */
    size_t entry_count, split_count, cell_count, range_count, ipv6_count;
    struct address_building *building; /* until it is finished */
    void *memory;                      /* where all arrays lie; NULL: each by itself */
};

struct address_map *address_map_new(void);
void address_map_free(struct address_map *map);
/* Ranges inclusive, ascending and disjoint within a family; numbers from 1 to 2^31 - 1. */
void address_map_append_ipv4(struct address_map *map, uint32_t first, uint32_t last, uint32_t number);
void address_map_append_ipv6(struct address_map *map, address_number first, address_number last,
                             uint32_t number);
/* To be called once, after the last range and before the first search. */
void address_map_finish(struct address_map *map);

/* The long way, behind an entry that is ADDRESS_SEARCH. */
uint32_t address_map_search_ipv4(const struct address_map *map, uint32_t address);

static inline uint32_t address_map_cell(const void *cells, uint32_t cell_width, size_t at)
{
    if (cell_width == 1)
        return ((const uint8_t *)cells)[at];
    return cell_width == 2 ? ((const uint16_t *)cells)[at] : ((const uint32_t *)cells)[at];
}

/* The cell of an entry in which an address lies that is `within` / 65536 of the way through its addresses. */
static inline size_t address_map_place(uint32_t entry, uint32_t within)
{
    return (entry >> ADDRESS_INDEX_SHIFT) + (within << (entry & ADDRESS_STEP) >> 16);
}

static inline uint32_t address_map_find_ipv4(const struct address_map *map, uint32_t address)
{
    uint32_t entry = map->entries[map->top[address >> 16]];
    uint32_t within = address & 0xffff;
    if ((entry & ADDRESS_STEP) == ADDRESS_SPLIT) {
        entry = map->splits[(entry >> ADDRESS_INDEX_SHIFT) + (within >> 8)];
        within = within << 8 & 0xffff;
    }
    if ((entry & ADDRESS_STEP) == ADDRESS_SEARCH)
        return address_map_search_ipv4(map, address);
    return address_map_cell(map->cells, map->cell_width, address_map_place(entry, within));
}

/* numbers[i] is set to that of addresses[i]: quicker than one after the other where the map is large. */
void address_map_find_ipv4_many(const struct address_map *map, const uint32_t *addresses, uint32_t *numbers,
                                size_t count);
uint32_t address_map_find_ipv6(const struct address_map *map, const uint8_t address[16]);
/* The number of `first`, and in `last` (inclusive) up to which address it holds without a break. */
uint32_t address_map_span_ipv4(const struct address_map *map, uint32_t first, uint32_t *last);
uint32_t address_map_span_ipv6(const struct address_map *map, address_number first, address_number *last);

/* The arrays of a finished map as bytes, in the order of the fields, to be kept in a file; borrowed. */
enum { ADDRESS_MAP_PIECES = 8, ADDRESS_MAP_ALIGNMENT = 16 };
struct address_map_piece {
    void *data;
    size_t size; /* in bytes */
};
void address_map_pieces(const struct address_map *map, struct address_map_piece pieces[ADDRESS_MAP_PIECES]);
/* A finished map of such pieces, each aligned to ADDRESS_MAP_ALIGNMENT, in `memory`, which is taken over (of
 * g_malloc). NULL, and nothing taken, when their sizes are not those of a map; what is in them is trusted. */
struct address_map *address_map_restore(const struct address_map_piece pieces[ADDRESS_MAP_PIECES],
                                        uint32_t cell_width, void *memory);

#endif
