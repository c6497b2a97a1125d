/* address_map.h - which number an address has: a fast, fixed map from disjoint ranges.
 *
 *     struct address_map *map = address_map_new();
 *     address_map_append_ipv4(map, 0xc0000200, 0xc00002ff, 7);        // ascending, disjoint
 *     address_map_finish(map);
 *     address_map_find_ipv4(map, 0xc0000201)                          // 7
 *     address_map_find_ipv4(map, 0xc0000301)                          // 0: in no range
 *
 * IPv4: a table of /16 holds the number itself, or points to a table of its /24, and that to one of the
 * addresses of a /24 that is split: one to three loads. IPv6: binary search.
 */
#ifndef TEITEN_AGGREGATE_ADDRESS_MAP_H
#define TEITEN_AGGREGATE_ADDRESS_MAP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aggregate/address_sweep.h"

/* An entry of `top`, one for each /16, is the number of the whole /16, or with ADDRESS_BLOCK the index of a
 * block of 256 entries, one for each /24; such an entry is the number of the whole /24, or with ADDRESS_BLOCK
 * the index of a block of one entry for each address. Entries are 16 bits wide, to keep what is looked up
 * close to the processor: where a number or an index is too large for that, ADDRESS_SEARCH says that the
 * ranges have to be searched. */
enum { ADDRESS_BLOCK = 0x8000, ADDRESS_SEARCH = 0xffff, ADDRESS_BLOCK_SIZE = 256 };

/* The fields are for address_map.c, and for the look-up below, which every packet takes several times. */
struct address_map {
    uint16_t *top;        /* [65536] */
    uint16_t *blocks;     /* of /24, one after the other */
    uint16_t *low_blocks; /* of addresses */
    GArray *ipv4;         /* struct range_ipv4 */
    GArray *ipv6;         /* struct range_ipv6 */
};

struct address_map *address_map_new(void);
void address_map_free(struct address_map *map);
/* Ranges inclusive, ascending and disjoint within a family; numbers from 1 to 2^31 - 1. Ranges that touch and
 * have one number are joined. */
void address_map_append_ipv4(struct address_map *map, uint32_t first, uint32_t last, uint32_t number);
void address_map_append_ipv6(struct address_map *map, address_number first, address_number last,
                             uint32_t number);
/* To be called once, after the last range and before the first search. */
void address_map_finish(struct address_map *map);

/* The long way, behind an entry that is ADDRESS_SEARCH. */
uint32_t address_map_search_ipv4(const struct address_map *map, uint32_t address);

static inline bool address_map_is_block(uint16_t entry)
{
    return entry >= ADDRESS_BLOCK && entry != ADDRESS_SEARCH;
}

/* The entry of the address's /24, behind a block of `top`. */
static inline const uint16_t *address_map_middle(const struct address_map *map, uint16_t top,
                                                 uint32_t address)
{
    return &map->blocks[(size_t)(top & (ADDRESS_BLOCK - 1)) * ADDRESS_BLOCK_SIZE + (address >> 8 & 0xff)];
}

/* The number behind the entry of its /16 or /24. */
static inline uint32_t address_map_number(const struct address_map *map, uint16_t entry, uint32_t address)
{
    if (address_map_is_block(entry))
        entry =
            map->low_blocks[(size_t)(entry & (ADDRESS_BLOCK - 1)) * ADDRESS_BLOCK_SIZE + (address & 0xff)];
    return entry != ADDRESS_SEARCH ? entry : address_map_search_ipv4(map, address);
}

static inline uint32_t address_map_find_ipv4(const struct address_map *map, uint32_t address)
{
    uint16_t entry = map->top[address >> 16];
    if (address_map_is_block(entry))
        entry = *address_map_middle(map, entry, address);
    return address_map_number(map, entry, address);
}

/* numbers[i] is set to that of addresses[i]: quicker than one after the other where the map is large. */
void address_map_find_ipv4_many(const struct address_map *map, const uint32_t *addresses, uint32_t *numbers,
                                size_t count);
uint32_t address_map_find_ipv6(const struct address_map *map, const uint8_t address[16]);
/* The number of `first`, and in `last` (inclusive) up to which address it holds without a break. */
uint32_t address_map_span_ipv4(const struct address_map *map, uint32_t first, uint32_t *last);
uint32_t address_map_span_ipv6(const struct address_map *map, address_number first, address_number *last);

#endif
