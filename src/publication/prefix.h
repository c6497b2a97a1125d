/* prefix.h - a block of addresses: "192.0.2.0/24", "2001:db8::/32", or one address.
 *
 *     struct prefix prefix;
 *     prefix_parse("192.0.2.0/24", "198.51.100.0/24", &prefix, err)      // the example is for the error
 *     char *text = prefix_text(&prefix);                                 // "192.0.2.0/24"
 */
#ifndef TEITEN_PUBLICATION_PREFIX_H
#define TEITEN_PUBLICATION_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct prefix {
    bool is_ipv6;
    uint8_t address[16]; /* network byte order; IPv4 in the first four bytes; host bits are zero */
    int length;          /* 0 to 32, or to 128 */
};

/* Refuses bits that are set after the length. Errors read "prefix TEXT what, what was expected"; `example` is
 * what is expected of a text that is no address. */
int prefix_parse(const char *text, const char *example, struct prefix *prefix, struct error *err);
/* The network that holds the address: bits after the length are cleared. */
int prefix_parse_network(const char *text, const char *example, struct prefix *prefix, struct error *err);
/* Owned by the caller. */
char *prefix_text(const struct prefix *prefix);

/* IPv4 first, then by address, then by length. */
int prefix_compare(const struct prefix *a, const struct prefix *b);
/* Whether every address of `inner` is in `outer`. */
bool prefix_contains(const struct prefix *outer, const struct prefix *inner);
/* The prefix that is one bit shorter; the length is above 0. */
struct prefix prefix_parent(const struct prefix *prefix);

#endif
