/* address_set.h - distinct source addresses while they are being counted: quick to add to, turned into a
 * source_set at the end.
 *
 *     struct address_set *set = address_set_new();
 *     address_set_add_ipv4(set, 0xc0000201);
 *     struct source_set *sources = address_set_sources(set);
 *     address_set_free(set);
 */
#ifndef TEITEN_AGGREGATE_ADDRESS_SET_H
#define TEITEN_AGGREGATE_ADDRESS_SET_H

#include <stdint.h>

#include "summary/source_set.h"

struct address_set;

struct address_set *address_set_new(void);
void address_set_free(struct address_set *set);
void address_set_add_ipv4(struct address_set *set, uint32_t address); /* host byte order */
/* Brings the slot closer that address_set_add_ipv4 is going to look at. */
void address_set_prefetch_ipv4(const struct address_set *set, uint32_t address);
void address_set_add_ipv6(struct address_set *set, const uint8_t address[16]);
/* Adds every member of `other`. */
void address_set_unite(struct address_set *set, const struct address_set *other);
/* The same members; owned by the caller. */
struct source_set *address_set_sources(const struct address_set *set);

#endif
