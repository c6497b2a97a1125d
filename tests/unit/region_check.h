/* region_check.h - whether two region tables say the same of every address.
 *
 *     regions_assert_same(made, kept, file_count);           // ends the program where they do not
 */
#ifndef TEITEN_TESTS_REGION_CHECK_H
#define TEITEN_TESTS_REGION_CHECK_H

#include <string.h>

#include "aggregate/region_table.h"

/* All spans of one table, and at their edges and beside them the single look-ups of the other. */
static inline void regions_assert_same_ipv4(const struct region_table *a, const struct region_table *b)
{
    uint32_t first = 0, last;
    do {
        uint32_t other_last;
        uint32_t region = region_table_span_ipv4(a, first, &last);
        g_assert(region_table_span_ipv4(b, first, &other_last) == region && other_last == last);
        const uint32_t edges[] = {first, first + (last - first) / 2, last};
        uint32_t regions[G_N_ELEMENTS(edges)];
        region_table_find_ipv4_many(b, edges, regions, G_N_ELEMENTS(edges));
        for (size_t i = 0; i < G_N_ELEMENTS(edges); i++)
            g_assert(region_table_find_ipv4(b, edges[i]) == region && regions[i] == region);
        first = last + 1;
    } while (last != UINT32_MAX);
}

static inline void regions_assert_same_ipv6(const struct region_table *a, const struct region_table *b)
{
    address_number first = 0, last;
    do {
        address_number other_last;
        uint32_t region = region_table_span_ipv6(a, first, &last);
        g_assert(region_table_span_ipv6(b, first, &other_last) == region && other_last == last);
        const address_number edges[] = {first, last};
        for (size_t i = 0; i < G_N_ELEMENTS(edges); i++) {
            uint8_t bytes[16];
            for (int at = 0; at < 16; at++)
                bytes[at] = (uint8_t)(edges[i] >> (120 - 8 * at));
            g_assert(region_table_find_ipv6(b, bytes) == region);
        }
        first = last + 1;
    } while (last != ~(address_number)0);
}

static inline void regions_assert_same(const struct region_table *a, const struct region_table *b,
                                       size_t file_count)
{
    g_assert(region_table_count(a) == region_table_count(b));
    for (uint32_t i = 0; i < region_table_count(a); i++)
        g_assert(strcmp(region_table_code(a, i), region_table_code(b, i)) == 0);
    g_assert(region_table_overlap_addresses(a) == region_table_overlap_addresses(b));
    for (size_t i = 0; i < file_count; i++) {
        const struct delegated_file *x = region_table_file(a, i), *y = region_table_file(b, i);
        g_assert(strcmp(x->registry, y->registry) == 0 && x->record_count == y->record_count);
        g_assert(x->has_date == y->has_date && (!x->has_date || civil_date_compare(x->date, y->date) == 0));
    }
    regions_assert_same_ipv4(a, b);
    regions_assert_same_ipv6(a, b);
}

#endif
