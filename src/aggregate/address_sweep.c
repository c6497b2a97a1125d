#include "aggregate/address_sweep.h"

#include <string.h>

/* Keeps `active` ascending by index, so that a piece's claims come in one order whatever the input's. */
static void active_insert(GArray *active, GArray *indexes, const struct address_claim *claim)
{
    guint at = active->len;
    while (at > 0 && g_array_index(indexes, uint32_t, at - 1) > claim->index)
        at--;
    g_array_insert_val(active, at, claim->last);
    g_array_insert_val(indexes, at, claim->index);
}

static void active_remove_ended(GArray *active, GArray *indexes, address_number end)
{
    guint kept = 0;
    for (guint i = 0; i < active->len; i++) {
        if (g_array_index(active, address_number, i) == end)
            continue;
        g_array_index(active, address_number, kept) = g_array_index(active, address_number, i);
        g_array_index(indexes, uint32_t, kept) = g_array_index(indexes, uint32_t, i);
        kept++;
    }
    g_array_set_size(active, kept);
    g_array_set_size(indexes, kept);
}

void address_sweep(size_t claim_count, address_claim_function *claim, address_piece_function *piece,
                   void *context)
{
    if (claim_count == 0)
        return;
    GArray *active =
        g_array_new(FALSE, FALSE, sizeof(address_number)); /* the last address of each open claim */
    GArray *indexes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    struct address_claim following = claim(0, context);
    address_number position = 0;
    size_t next = 0;
    while (next < claim_count || active->len > 0) {
        if (active->len == 0) {
            position = following.first;
            struct address_claim alone = following;
            if (++next < claim_count)
                following = claim(next, context);
            g_assert(following.first >= position);
            if (next == claim_count || following.first > alone.last) { /* most overlap with no other */
                piece(alone.first, alone.last, &alone.index, 1, context);
                continue;
            }
            active_insert(active, indexes, &alone);
        }
        while (next < claim_count && following.first == position) {
            active_insert(active, indexes, &following);
            if (++next < claim_count)
                following = claim(next, context);
            g_assert(following.first >= position);
        }
        address_number end = g_array_index(active, address_number, 0);
        for (guint i = 1; i < active->len; i++)
            end = MIN(end, g_array_index(active, address_number, i));
        if (next < claim_count)
            end = MIN(end, following.first - 1);
        piece(position, end, (const uint32_t *)(void *)indexes->data, indexes->len, context);
        active_remove_ended(active, indexes, end);
        position = end + 1; /* wraps only after the last address of all, when nothing is left */
    }
    g_array_unref(active);
    g_array_unref(indexes);
}

address_number address_number_from_ipv6(const uint8_t address[16])
{
    uint64_t halves[2];
    memcpy(halves, address, sizeof halves);
    return (address_number)GUINT64_FROM_BE(halves[0]) << 64 | GUINT64_FROM_BE(halves[1]);
}
