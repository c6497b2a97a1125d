#include "summary/seal.h"

#include <glib.h>
#include <string.h>

#include "base/digest.h"

void seal_make(const uint8_t *data, size_t size, char seal[SEAL_SIZE + 1])
{
    char digest[DIGEST_SIZE];
    digest_of(data, size, digest);
    g_assert(g_snprintf(seal, SEAL_SIZE + 1, "xxh3-128 %s\n", digest) == SEAL_SIZE);
}

bool seal_holds(const uint8_t *data, size_t size)
{
    char seal[SEAL_SIZE + 1];
    seal_make(data, size, seal);
    return memcmp(data + size, seal, SEAL_SIZE) == 0;
}
