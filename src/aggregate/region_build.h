/* region_build.h - a region table of the registries' records. */
#ifndef TEITEN_AGGREGATE_REGION_BUILD_H
#define TEITEN_AGGREGATE_REGION_BUILD_H

#include "aggregate/region_table_parts.h"

/* Sets all of the table but its files, which are there already. The records are sorted, and released as soon
 * as they are of no more use. */
void region_build(struct region_table *table, struct delegated_records *records);

#endif
