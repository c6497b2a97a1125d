/* region_change.h - what changed between two states of the registries: which addresses moved from one region
 * to another, and which region a block of addresses had.
 *
 *     GArray *moves = region_change_moves(before, now);                    // struct region_move
 *     region_change_block(before, "192.0.2.0/24")                          // "JP"; NULL: not of one region
 */
#ifndef TEITEN_AGGREGATE_REGION_CHANGE_H
#define TEITEN_AGGREGATE_REGION_CHANGE_H

#include <glib.h>
#include <stdint.h>

#include "aggregate/region_table.h"
#include "publication/publication.h"
#include "summary/summary.h"

struct region_move {
    const char *from, *to; /* codes, borrowed from the tables; "??": in no allocation */
    uint64_t ipv4_addresses;
    uint64_t ipv6_networks; /* /48, those begun included */
};

/* The registries that a summary was counted by. NULL and err->kind == ERROR_NONE when its edition's files are
 * no longer those; NULL and an error when they cannot be read. Their warnings were said when it was counted.
 */
struct region_table *region_change_table(const struct publication *publication, const struct summary *counted,
                                         struct error *err);

/* Every pair of regions that addresses moved between: by IPv4 addresses, then IPv6 networks, the largest
 * first, then by codes. Unref it. */
GArray *region_change_moves(const struct region_table *before, const struct region_table *now);

/* The code of a block ("192.0.2.0/24", "2001:db8::/48") all of whose addresses have one region, borrowed;
 * NULL when they have not, or the text is no block. */
const char *region_change_block(const struct region_table *table, const char *block);

#endif
