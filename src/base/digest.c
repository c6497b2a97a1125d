#include "base/digest.h"

#include <glib.h>
#include <string.h>
#ifdef __x86_64__
#include <xxh_x86dispatch.h> /* the same digests by the widest instructions that the processor has */
#else
#include <xxhash.h>
#endif

void digest_text(const uint8_t bytes[DIGEST_BYTES], char digest[DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        digest[2 * i] = digits[bytes[i] >> 4];
        digest[2 * i + 1] = digits[bytes[i] & 0xf];
    }
    digest[2 * DIGEST_BYTES] = '\0';
}

void digest_of(const void *data, size_t size, char digest[DIGEST_SIZE])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(data, size));
    digest_text(canonical.digest, digest);
}

struct digest_hash {
    XXH3_state_t *state;
};

struct digest_hash *digest_begin(void)
{
    struct digest_hash *hash = g_new(struct digest_hash, 1);
    hash->state = XXH3_createState();
    if (hash->state == NULL)
        g_error("out of memory");
    XXH3_128bits_reset(hash->state);
    return hash;
}

void digest_add(struct digest_hash *hash, const void *data, size_t size)
{
    if (size > 0)
        XXH3_128bits_update(hash->state, data, size);
}

void digest_end(struct digest_hash *hash, uint8_t bytes[DIGEST_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(hash->state));
    memcpy(bytes, canonical.digest, DIGEST_BYTES);
    digest_free(hash);
}

void digest_free(struct digest_hash *hash)
{
    if (hash == NULL)
        return;
    XXH3_freeState(hash->state);
    g_free(hash);
}
