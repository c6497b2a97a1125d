#include "base/digest.h"

#include "base/xxh3.h"

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
