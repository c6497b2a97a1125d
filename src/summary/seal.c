#include "summary/seal.h"

#include <glib.h>
#include <string.h>

#include "base/digest.h"

static void seal_write(const char digest[DIGEST_SIZE], char seal[SEAL_SIZE + 1])
{
    g_assert(g_snprintf(seal, SEAL_SIZE + 1, "xxh3-128 %s\n", digest) == SEAL_SIZE);
}

void seal_make(const uint8_t *data, size_t size, char seal[SEAL_SIZE + 1])
{
    char digest[DIGEST_SIZE];
    digest_of(data, size, digest);
    seal_write(digest, seal);
}

void seal_make_of_pieces(const GPtrArray *pieces, char seal[SEAL_SIZE + 1])
{
    struct digest_hash *hash = digest_begin();
    uint8_t bytes[DIGEST_BYTES];
    char digest[DIGEST_SIZE];
    for (guint i = 0; i < pieces->len; i++) {
        gsize size;
        const void *data = g_bytes_get_data(pieces->pdata[i], &size);
        digest_add(hash, data, size);
    }
    digest_end(hash, bytes);
    digest_text(bytes, digest);
    seal_write(digest, seal);
}

bool seal_holds(const uint8_t *data, size_t size)
{
    char seal[SEAL_SIZE + 1];
    seal_make(data, size, seal);
    return memcmp(data + size, seal, SEAL_SIZE) == 0;
}
