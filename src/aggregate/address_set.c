#include "aggregate/address_set.h"

#include <stdbool.h>
#include <glib.h>

#include "base/number_sort.h"

enum { FIRST_BITS = 3 };

/* IPv4: open addressing, linear probing; 0 marks a free slot, so 0.0.0.0 is kept apart. IPv6 is rare. */
struct address_set {
    uint32_t *slots; /* [1 << bits] */
    unsigned bits;
    uint32_t count; /* used slots */
    bool has_zero;
    struct source_set *ipv6; /* NULL: none yet */
};

struct address_set *address_set_new(void)
{
    struct address_set *set = g_new0(struct address_set, 1);
    set->bits = FIRST_BITS;
    set->slots = g_new0(uint32_t, (size_t)1 << FIRST_BITS);
    return set;
}

void address_set_free(struct address_set *set)
{
    if (set == NULL)
        return;
    g_free(set->slots);
    source_set_free(set->ipv6);
    g_free(set);
}

static uint32_t slot_first(unsigned bits, uint32_t address)
{
    return (uint32_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> (64 - bits));
}

static uint32_t *slot_find(uint32_t *slots, unsigned bits, uint32_t address)
{
    uint32_t mask = (uint32_t)((UINT64_C(1) << bits) - 1);
    uint32_t at = slot_first(bits, address);
    while (slots[at] != 0 && slots[at] != address)
        at = (at + 1) & mask;
    return &slots[at];
}

void address_set_prefetch_ipv4(const struct address_set *set, uint32_t address)
{
    __builtin_prefetch(&set->slots[slot_first(set->bits, address)], 1);
}

void address_set_add_ipv4(struct address_set *set, uint32_t address)
{
    if (address == 0) {
        set->has_zero = true;
        return;
    }
    uint32_t *slot = slot_find(set->slots, set->bits, address);
    if (*slot == address)
        return;
    *slot = address;
    set->count++;
    if ((uint64_t)set->count * 4 <= UINT64_C(3) << set->bits)
        return;
    uint32_t *larger = g_new0(uint32_t, (size_t)2 << set->bits);
    for (size_t i = 0; i < (size_t)1 << set->bits; i++)
        if (set->slots[i] != 0)
            *slot_find(larger, set->bits + 1, set->slots[i]) = set->slots[i];
    g_free(set->slots);
    set->slots = larger;
    set->bits++;
}

void address_set_add_ipv6(struct address_set *set, const uint8_t address[16])
{
    if (set->ipv6 == NULL)
        set->ipv6 = source_set_new();
    source_set_add_ipv6(set->ipv6, address);
}

void address_set_unite(struct address_set *set, const struct address_set *other)
{
    if (other->has_zero)
        address_set_add_ipv4(set, 0);
    for (size_t i = 0; i < (size_t)1 << other->bits; i++)
        if (other->slots[i] != 0)
            address_set_add_ipv4(set, other->slots[i]);
    if (other->ipv6 == NULL)
        return;
    if (set->ipv6 == NULL)
        set->ipv6 = source_set_new();
    source_set_unite(set->ipv6, other->ipv6);
}

struct source_set *address_set_sources(const struct address_set *set)
{
    uint32_t *members = g_new(uint32_t, (size_t)set->count + 1);
    size_t count = 0;
    if (set->has_zero)
        members[count++] = 0;
    for (size_t i = 0; i < (size_t)1 << set->bits; i++)
        if (set->slots[i] != 0)
            members[count++] = set->slots[i];
    number_sort(members, count);
    struct source_set *sources = source_set_new();
    source_set_add_ipv4_many(sources, members, count);
    if (set->ipv6 != NULL)
        source_set_unite(sources, set->ipv6);
    g_free(members);
    return sources;
}
