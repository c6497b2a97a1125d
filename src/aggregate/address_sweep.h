/* address_sweep.h - claims on address ranges, cut into pieces on each of which the same claims hold.
 *
 *     10.0.0.0-10.0.0.255 (claim 0) and 10.0.0.128-10.0.1.255 (claim 1) give
 *     10.0.0.0-10.0.0.127 {0}, 10.0.0.128-10.0.0.255 {0, 1}, 10.0.1.0-10.0.1.255 {1}
 *
 * An address is a number: IPv4 addresses up to 2^32 - 1, IPv6 addresses in 128 bits. Ranges are inclusive at
 * both ends.
 */
#ifndef TEITEN_AGGREGATE_ADDRESS_SWEEP_H
#define TEITEN_AGGREGATE_ADDRESS_SWEEP_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 address_number;

struct address_claim {
    address_number first;
    address_number last; /* inclusive, >= first */
    uint32_t index;      /* the caller's */
};

/* Claim number `at`, from 0; they ascend by first address, then by index. */
typedef struct address_claim address_claim_function(size_t at, void *context);
/* A piece and the claims on it, ascending by index; never empty. */
typedef void address_piece_function(address_number first, address_number last, const uint32_t *claims,
                                    size_t claim_count, void *context);

/* Asks for the claims one after the other and hands over the pieces in ascending order. Pieces that touch are
 * not joined. */
void address_sweep(size_t claim_count, address_claim_function *claim, address_piece_function *piece,
                   void *context);

/* 16 bytes in network order as a number. */
address_number address_number_from_ipv6(const uint8_t address[16]);

#endif
