/* address_map_parts.h - what address_map_build.c, which makes maps, and address_map.c, which asks them,
 * share. */
#ifndef TEITEN_AGGREGATE_ADDRESS_MAP_PARTS_H
#define TEITEN_AGGREGATE_ADDRESS_MAP_PARTS_H

#include "aggregate/address_map.h"

enum { ADDRESS_TOP_SIZE = 65536 };

struct address_range {
    uint32_t first, last; /* inclusive */
    uint32_t number;
};

#endif
