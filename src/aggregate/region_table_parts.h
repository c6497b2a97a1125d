/* region_table_parts.h - what a region table consists of: for those who make one (region_build.h) and who
 * keep it in a file (region_file.h). */
#ifndef TEITEN_AGGREGATE_REGION_TABLE_PARTS_H
#define TEITEN_AGGREGATE_REGION_TABLE_PARTS_H

#include "aggregate/address_map.h"
#include "aggregate/delegated_file.h"
#include "aggregate/region_table.h"

struct region_code {
    char text[3];
};

/* Addresses decided between two files, or within one. */
struct region_overlap {
    uint32_t file, other_file; /* the lower number first */
    uint64_t ipv4_addresses;
    uint64_t ipv6_networks; /* /64, those begun included */
};

/* All zeros is empty. */
struct region_table {
    struct delegated_file *files; /* [file_count] */
    size_t file_count;
    struct region_code *codes; /* [code_count], ascending; the first is "??" */
    size_t code_count;
    struct address_map *map; /* its numbers are the regions: "??" is 0, in no range */
    uint64_t overlap_addresses;
    struct region_overlap *overlaps; /* [overlap_count], of files with any, ascending */
    size_t overlap_count;
};

#endif
