/* source_union.h - how many members several written sets (source_set.h) have together, without a set of them.
 *
 *     struct written_set days[] = {{monday, monday_size}, {tuesday, tuesday_size}};
 *     source_union_count(days, 2, false)   // addresses seen on either day
 *
 * It takes the same little memory for 92 days of a million sources each as for one: what is written is in
 * ascending order, so that all sets are walked through side by side.
 */
#ifndef TEITEN_SUMMARY_SOURCE_UNION_H
#define TEITEN_SUMMARY_SOURCE_UNION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct written_set {
    const uint8_t *data; /* borrowed; must be sound (source_set_check) */
    size_t size;
};

/* Addresses or, where `are_pairs`, pairs of an address and a sensor that are in at least one of sets[count].
 */
uint64_t source_union_count(const struct written_set *sets, size_t count, bool are_pairs);

#endif
