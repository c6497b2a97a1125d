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
 * A set holds addresses or pairs, never both: sorted arrays, and behind them what was added since. That is
 * sorted and merged when there is enough of it, or when members are asked for: an addition costs no look-up.
 * The written form is canonical: equal sets, equal bytes, whatever the order of insertion or merging. Sources
 * are scattered over the address space (25 in a /16, say): the distance to the one before takes about as few
 * bytes as a compressed bitmap does, and is quicker to write, read and unite.
 *
 *     addresses    number of IPv4 addresses; the first of them, then the distance of each from the one
 *                  before, less one; then IPv6 addresses, 16 bytes each, ascending, up to the end
 *     pairs        for each sensor, ascending: its number (of the first) or the distance from the one
 *                  before, less one; size of the addresses' form; that form. Up to the end
 *
 * Numbers as in octets.h. The size of the whole stands elsewhere.
 */
#ifndef TEITEN_SUMMARY_SOURCE_SET_H
#define TEITEN_SUMMARY_SOURCE_SET_H

#include <stddef.h>
#include <stdint.h>

#include "summary/octets.h"

struct source_set;

struct source_set *source_set_new(void);
struct source_set *source_set_copy(const struct source_set *set);
void source_set_free(struct source_set *set);
void source_set_add_ipv4(struct source_set *set, uint32_t address);
/* Host byte order, any order, repetitions allowed. */
void source_set_add_ipv4_many(struct source_set *set, const uint32_t *addresses, size_t count);
void source_set_add_ipv6(struct source_set *set, const uint8_t address[16]);
/* Adds every member of `other` to `set`. */
void source_set_unite(struct source_set *set, const struct source_set *other);
/* Adds the pair of each address of `addresses` and the sensor. */
void source_set_add_pairs(struct source_set *set, uint32_t sensor, const struct source_set *addresses);
/* The same set, with sensors[i] for sensor i; addresses are just copied. */
struct source_set *source_set_renumbered(const struct source_set *set, const uint32_t *sensors);
/* Members are to come by the thousand, one after the other: memory is spent on sorting them seldom until the
 * set is closed or settled. */
void source_set_open(struct source_set *set);
void source_set_close(struct source_set *set);
/* Closes it, and gives back the memory that is kept for more members, of which there should not come many any
 * more. */
void source_set_settle(struct source_set *set);
/* Addresses, or pairs. */
uint64_t source_set_count(const struct source_set *set);

/* Appends the written form. */
void source_set_write(const struct source_set *set, struct octets *out);
/* NULL when the bytes are the written form of a set of addresses (of pairs with sensors below `sensor_count`,
 * where that is not 0), and *count is its size; else what is wrong ("is cut short"). */
const char *source_set_check(const uint8_t *data, size_t size, size_t sensor_count, uint64_t *count);
/* Adds what is written there, which must be sound: of addresses, or of pairs. */
void source_set_add_written(struct source_set *set, const uint8_t *data, size_t size, bool are_pairs);

#endif
