/* region_table.h - which region an address belongs to, by the registries' allocation data.
 *
 *     struct region_table *table = region_table_new(paths, path_count, &edition, folder, log, err);
 *     uint32_t region = region_table_find_ipv4(table, 0xc0000201);
 *     region_table_code(table, region)               // "JP"; "??" for an address in no allocation
 *     region_table_free(table);
 *
 * Records that overlap and agree in their code are no matter. Where codes differ, each address takes the code
 * of the record that covers the fewest addresses; of equal ones, the record with the later date; of equal
 * ones, the registry whose name comes first in the alphabet; of equal ones, the code that does. One warning
 * for each pair of files says how many addresses that decided.
 *
 * Regions are numbers from 0 ("??") to region_table_count - 1, in the order of their codes.
 */
#ifndef TEITEN_AGGREGATE_REGION_TABLE_H
#define TEITEN_AGGREGATE_REGION_TABLE_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "aggregate/address_sweep.h"
#include "aggregate/delegated_file.h"
#include "base/error.h"
#include "base/warning.h"
#include "publication/edition.h"

struct region_table;

/* Reads the files; errors and warnings as in delegated_file.h, prefixed "registry". A snapshot whose date
 * lies outside the edition (NULL: any date will do) is a warning. No file at all gives a table in which every
 * region is "??". A table that was made of files with the same bytes and is kept in `folder` (region_file.h;
 * NULL: nowhere) is taken from there: the result and the warnings are the same. */
struct region_table *region_table_new(char *const *paths, size_t path_count, const struct edition *edition,
                                      const char *folder, struct warning_log *log, struct error *err);
/* Keeps a table that was not taken from there in the folder (NULL: nowhere), which is made. That it cannot be
 * written is no matter. */
void region_table_keep(const struct region_table *table, const char *folder);
void region_table_free(struct region_table *table);

uint32_t region_table_find_ipv4(const struct region_table *table, uint32_t address); /* host byte order */
/* regions[i] is set to that of addresses[i]. */
void region_table_find_ipv4_many(const struct region_table *table, const uint32_t *addresses,
                                 uint32_t *regions, size_t count);
uint32_t region_table_find_ipv6(const struct region_table *table, const uint8_t address[16]);
/* The region of `first`, and in `last` (inclusive) up to which address it holds without a break. */
uint32_t region_table_span_ipv4(const struct region_table *table, uint32_t first, uint32_t *last);
uint32_t region_table_span_ipv6(const struct region_table *table, address_number first, address_number *last);
uint32_t region_table_count(const struct region_table *table);
const char *region_table_code(const struct region_table *table, uint32_t region);
/* -1 when no record has the code. */
int region_table_index(const struct region_table *table, const char *code);

/* IPv4 addresses that records with different codes claim. */
uint64_t region_table_overlap_addresses(const struct region_table *table);
/* What file `index` (in the order of paths) said of itself. Borrowed. */
const struct delegated_file *region_table_file(const struct region_table *table, size_t index);

#endif
