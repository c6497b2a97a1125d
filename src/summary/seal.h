/* seal.h - the line that ends what is written: "xxh3-128 HEX\n", the digest of every byte before it.
 *
 *     char seal[SEAL_SIZE + 1];
 *     seal_make(data, size, seal);
 *     seal_holds(file, body_size)          // the SEAL_SIZE bytes behind the body are its seal
 */
#ifndef TEITEN_SUMMARY_SEAL_H
#define TEITEN_SUMMARY_SEAL_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEAL_SIZE = 42 };

void seal_make(const uint8_t *data, size_t size, char seal[SEAL_SIZE + 1]);
/* Of a body in pieces (GBytes *) one behind the other. */
void seal_make_of_pieces(const GPtrArray *pieces, char seal[SEAL_SIZE + 1]);
bool seal_holds(const uint8_t *data, size_t size);

#endif
