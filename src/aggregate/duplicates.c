#include "aggregate/duplicates.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "capture/archive.h"

enum { HEAD_SIZE = 65536 };

struct candidate {
    guint index;
    uint64_t size;
    XXH128_hash_t head; /* of the first 64 KiB */
    char digest[33];    /* of all; "" while unknown */
};

/* False when the file cannot be read. */
static bool head_hash(const char *path, uint8_t *buffer, XXH128_hash_t *hash)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    size_t size = 0;
    bool is_read = descriptor >= 0;
    while (is_read && size < HEAD_SIZE) {
        ssize_t got = read(descriptor, buffer + size, HEAD_SIZE - size);
        if (got < 0 && errno == EINTR)
            continue;
        is_read = got >= 0;
        if (got <= 0)
            break;
        size += (size_t)got;
    }
    if (descriptor >= 0)
        close(descriptor);
    *hash = XXH3_128bits(buffer, size);
    return is_read;
}

static int size_compare(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static int head_compare(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    if (x->head.high64 != y->head.high64)
        return x->head.high64 < y->head.high64 ? -1 : 1;
    if (x->head.low64 != y->head.low64)
        return x->head.low64 < y->head.low64 ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Candidates of one size and head, ascending by index: each is compared with the first that has its digest.
 */
static void group_settle(struct candidate *group, size_t count, const GPtrArray *archives, guint *originals)
{
    for (size_t i = 0; i < count; i++) {
        struct archive_identity identity;
        struct error ignored;
        const struct input *input = archives->pdata[group[i].index];
        if (archive_identify(input->path, &identity, &ignored) != 0)
            continue; /* counting will say why */
        memcpy(group[i].digest, identity.digest, sizeof group[i].digest);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(group[j].digest, group[i].digest) == 0) {
                originals[group[i].index] = originals[group[j].index];
                break;
            }
        }
    }
}

static void same_size_settle(struct candidate *group, size_t count, const GPtrArray *archives,
                             guint *originals)
{
    uint8_t *buffer = g_malloc(HEAD_SIZE);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct input *input = archives->pdata[group[i].index];
        if (head_hash(input->path, buffer, &group[i].head))
            group[kept++] = group[i];
    }
    g_free(buffer);
    qsort(group, kept, sizeof *group, head_compare);
    for (size_t i = 0, end; i < kept; i = end) {
        end = i + 1;
        while (end < kept && group[end].head.high64 == group[i].head.high64 &&
               group[end].head.low64 == group[i].head.low64)
            end++;
        if (end - i > 1)
            group_settle(group + i, end - i, archives, originals);
    }
}

void duplicates_find(const GPtrArray *archives, guint *originals)
{
    struct candidate *candidates = g_new0(struct candidate, archives->len + 1);
    for (guint i = 0; i < archives->len; i++) {
        originals[i] = i;
        candidates[i] =
            (struct candidate){.index = i, .size = ((const struct input *)archives->pdata[i])->size};
    }
    qsort(candidates, archives->len, sizeof *candidates, size_compare);
    for (size_t i = 0, end; i < archives->len; i = end) {
        end = i + 1;
        while (end < archives->len && candidates[end].size == candidates[i].size)
            end++;
        if (end - i > 1)
            same_size_settle(candidates + i, end - i, archives, originals);
    }
    g_free(candidates);
}
