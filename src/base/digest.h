/* digest.h - the digest that tells files and parts of files by their bytes: XXH3-128, as text.
 *
 *     char digest[DIGEST_SIZE];
 *     digest_of(data, size, digest);       // 32 lowercase hex digits and a NUL
 *
 * It finds what was cut, mixed up or damaged, not what somebody forged.
 */
#ifndef TEITEN_BASE_DIGEST_H
#define TEITEN_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BYTES = 16, DIGEST_SIZE = 2 * DIGEST_BYTES + 1 };

void digest_of(const void *data, size_t size, char digest[DIGEST_SIZE]);
/* Of bytes that come in portions, as bytes, the highest first; digest_end frees. */
struct digest_hash;
struct digest_hash *digest_begin(void);
void digest_add(struct digest_hash *hash, const void *data, size_t size);
void digest_end(struct digest_hash *hash, uint8_t bytes[DIGEST_BYTES]);
void digest_free(struct digest_hash *hash); /* of one that is not ended; NULL is fine */
/* The text of a digest whose bytes are there already, the highest first. */
void digest_text(const uint8_t bytes[DIGEST_BYTES], char digest[DIGEST_SIZE]);

#endif
