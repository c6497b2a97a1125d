/* source_set.h - an exact set of IPv4 and IPv6 source addresses, or of pairs of such an address and a sensor.
 *
 *     struct source_set *set = source_set_new();
 *     source_set_add_ipv4(set, 0xc0000201);       // 192.0.2.1, host byte order
 *     source_set_count(set)                       // 1
 *     source_set_unite(set, other);
 *
 *     source_set_add_pairs(pairs, 3, set);        // every member of `set`, each with sensor 3
 *     source_set_count(pairs)                     // pairs
 *
 * A set holds addresses or pairs, never both. IPv4 rests on CRoaring, IPv6 on a sorted array. The written
 * form is canonical: equal sets, equal bytes, whatever the order of insertion or merging (portable Roaring
 * serialisation after remove_run_compression and run_optimize).
 */
#ifndef TEITEN_SUMMARY_SOURCE_SET_H
#define TEITEN_SUMMARY_SOURCE_SET_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct source_set;

struct source_set *source_set_new(void);
struct source_set *source_set_copy(const struct source_set *set);
void source_set_free(struct source_set *set);
void source_set_add_ipv4(struct source_set *set, uint32_t address);
/* Host byte order, any order, repetitions allowed; ascending is fastest. */
void source_set_add_ipv4_many(struct source_set *set, const uint32_t *addresses, size_t count);
void source_set_add_ipv6(struct source_set *set, const uint8_t address[16]);
/* Adds every member of `other` to `set`. */
void source_set_unite(struct source_set *set, const struct source_set *other);
/* Adds the pair of each address of `addresses` and the sensor. */
void source_set_add_pairs(struct source_set *set, uint32_t sensor, const struct source_set *addresses);
/* Addresses, or pairs. */
uint64_t source_set_count(const struct source_set *set);
void source_set_write(const struct source_set *set, GByteArray *out);
/* Reads one set of addresses from the start of data; *used is set to its length. NULL and an error when the
 * bytes are no set. */
struct source_set *source_set_read(const uint8_t *data, size_t size, size_t *used, struct error *err);
/* The same for pairs; every sensor must lie below sensor_count. */
void source_set_write_pairs(const struct source_set *set, GByteArray *out);
struct source_set *source_set_read_pairs(const uint8_t *data, size_t size, size_t sensor_count, size_t *used,
                                         struct error *err);

#endif
