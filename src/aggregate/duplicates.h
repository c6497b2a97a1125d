/* duplicates.h - archives that hold the same bytes, found without reading all of them.
 *
 * Files of one size are compared by their first 64 KiB, and only those that agree there by their whole
 * contents: a thousand small files of one size cost one short read each.
 */
#ifndef TEITEN_AGGREGATE_DUPLICATES_H
#define TEITEN_AGGREGATE_DUPLICATES_H

#include "aggregate/inputs.h"

/* originals[i] is set to the index of the first archive (ascending by name) with the same size and bytes as
 * archive i: i itself when there is none before it. Files that cannot be read are nobody's duplicate. */
void duplicates_find(const GPtrArray *archives, guint *originals);

#endif
