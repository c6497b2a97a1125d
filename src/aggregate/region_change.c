#include "aggregate/region_change.h"

#include <arpa/inet.h>
#include <string.h>

#include "aggregate/cache.h"
#include "base/number.h"
#include "capture/archive.h"

static bool is_counted_by(const struct summary *counted, const char *digest)
{
    for (guint i = 0; i < counted->registries->len; i++) {
        const struct summary_registry *registry = counted->registries->pdata[i];
        if (strcmp(registry->digest, digest) == 0)
            return true;
    }
    return false;
}

struct region_table *region_change_table(const struct publication *publication, const struct summary *counted,
                                         struct error *err)
{
    struct region_table *table = NULL;
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    err->kind = ERROR_NONE;
    if (publication_files(publication, publication->delegated, &counted->edition, false, files, err) != 0)
        goto done;
    bool same = files->len == counted->registries->len;
    for (guint i = 0; i < files->len && same; i++) {
        struct archive_identity identity;
        if (archive_identify(files->pdata[i], &identity, err) != 0)
            goto done;
        same = is_counted_by(counted, identity.digest);
    }
    if (same) {
        char *folder = cache_region_folder(publication);
        table = region_table_new((char *const *)files->pdata, files->len, NULL, folder, NULL, err);
        if (table != NULL)
            region_table_keep(table, folder);
        g_free(folder);
    }
done:
    g_ptr_array_unref(files);
    return table;
}

enum { NETWORK_SHIFT = 128 - 48 };

/* Addresses by pair of regions: [before's number][now's number]. */
struct counting {
    const struct region_table *before, *now;
    uint64_t *ipv4, *ipv6;
};

static size_t pair_index(const struct counting *counting, uint32_t from, uint32_t to)
{
    return (size_t)from * region_table_count(counting->now) + to;
}

/* The numbers differ from table to table: regions are compared by code. */
static bool is_same_region(const struct counting *counting, uint32_t from, uint32_t to)
{
    return strcmp(region_table_code(counting->before, from), region_table_code(counting->now, to)) == 0;
}

static void ipv4_count(struct counting *counting)
{
    uint32_t first = 0, last = 0;
    do {
        uint32_t end, other_end;
        uint32_t from = region_table_span_ipv4(counting->before, first, &end);
        uint32_t to = region_table_span_ipv4(counting->now, first, &other_end);
        last = MIN(end, other_end);
        if (!is_same_region(counting, from, to))
            counting->ipv4[pair_index(counting, from, to)] += (uint64_t)(last - first) + 1;
        first = last + 1;
    } while (last != UINT32_MAX);
}

static void ipv6_count(struct counting *counting)
{
    address_number first = 0, last = 0;
    do {
        address_number end, other_end;
        uint32_t from = region_table_span_ipv6(counting->before, first, &end);
        uint32_t to = region_table_span_ipv6(counting->now, first, &other_end);
        last = MIN(end, other_end);
        if (!is_same_region(counting, from, to))
            counting->ipv6[pair_index(counting, from, to)] +=
                (uint64_t)((last >> NETWORK_SHIFT) - (first >> NETWORK_SHIFT)) + 1;
        first = last + 1;
    } while (last != ~(address_number)0);
}

static gint move_compare(gconstpointer left, gconstpointer right)
{
    const struct region_move *a = left;
    const struct region_move *b = right;
    if (a->ipv4_addresses != b->ipv4_addresses)
        return a->ipv4_addresses > b->ipv4_addresses ? -1 : 1;
    if (a->ipv6_networks != b->ipv6_networks)
        return a->ipv6_networks > b->ipv6_networks ? -1 : 1;
    int order = strcmp(a->from, b->from);
    return order != 0 ? order : strcmp(a->to, b->to);
}

GArray *region_change_moves(const struct region_table *before, const struct region_table *now)
{
    size_t pairs = (size_t)region_table_count(before) * region_table_count(now);
    struct counting counting = {
        .before = before, .now = now, .ipv4 = g_new0(uint64_t, pairs), .ipv6 = g_new0(uint64_t, pairs)};
    GArray *moves = g_array_new(FALSE, FALSE, sizeof(struct region_move));
    ipv4_count(&counting);
    ipv6_count(&counting);
    for (uint32_t from = 0; from < region_table_count(before); from++)
        for (uint32_t to = 0; to < region_table_count(now); to++) {
            size_t index = pair_index(&counting, from, to);
            struct region_move move = {
                .from = region_table_code(before, from),
                .to = region_table_code(now, to),
                .ipv4_addresses = counting.ipv4[index],
                .ipv6_networks = counting.ipv6[index],
            };
            if (move.ipv4_addresses > 0 || move.ipv6_networks > 0)
                g_array_append_val(moves, move);
        }
    g_array_sort(moves, move_compare);
    g_free(counting.ipv4);
    g_free(counting.ipv6);
    return moves;
}

const char *region_change_block(const struct region_table *table, const char *block)
{
    const char *slash = strchr(block, '/');
    uint64_t length;
    uint8_t bytes[16];
    uint32_t region = 0;
    bool whole = false;
    char *address = slash != NULL ? g_strndup(block, (gsize)(slash - block)) : g_strdup(block);
    if (slash != NULL && strchr(address, ':') == NULL && inet_pton(AF_INET, address, bytes) == 1 &&
        number_parse(slash + 1, 1, 32, &length)) {
        uint32_t first =
            (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
        uint32_t last;
        region = region_table_span_ipv4(table, first, &last);
        whole = last - first >= (uint32_t)((UINT64_C(1) << (32 - length)) - 1);
    } else if (slash != NULL && inet_pton(AF_INET6, address, bytes) == 1 &&
               number_parse(slash + 1, 1, 128, &length)) {
        address_number first = address_number_from_ipv6(bytes), last;
        region = region_table_span_ipv6(table, first, &last);
        whole = last - first >= ((address_number)1 << (128 - length)) - 1;
    }
    g_free(address);
    return whole ? region_table_code(table, region) : NULL;
}
