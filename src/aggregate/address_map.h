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

#include <stddef.h>
#include <stdint.h>

#include "aggregate/address_sweep.h"

struct address_map;

struct address_map *address_map_new(void);
void address_map_free(struct address_map *map);
/* Ranges inclusive, ascending and disjoint within a family; numbers from 1 to 2^31 - 1. Ranges that touch and
 * have one number are joined. */
void address_map_append_ipv4(struct address_map *map, uint32_t first, uint32_t last, uint32_t number);
void address_map_append_ipv6(struct address_map *map, address_number first, address_number last,
                             uint32_t number);
/* To be called once, after the last range and before the first search. */
void address_map_finish(struct address_map *map);

uint32_t address_map_find_ipv4(const struct address_map *map, uint32_t address);
/* numbers[i] is set to that of addresses[i]: quicker than one after the other where the map is large. */
void address_map_find_ipv4_many(const struct address_map *map, const uint32_t *addresses, uint32_t *numbers,
                                size_t count);
uint32_t address_map_find_ipv6(const struct address_map *map, const uint8_t address[16]);
/* The number of `first`, and in `last` (inclusive) up to which address it holds without a break. */
uint32_t address_map_span_ipv4(const struct address_map *map, uint32_t first, uint32_t *last);
uint32_t address_map_span_ipv6(const struct address_map *map, address_number first, address_number *last);

#endif
