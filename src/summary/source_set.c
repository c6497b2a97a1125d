#include "summary/source_set.h"

#include <roaring/roaring.h>
#include <string.h>

#include "summary/roaring_check.h"

enum { IPV6_SIZE = 16 };

/* IPv6 addresses: the first `sorted` are ascending and differ, the rest came later in any order. */
struct ipv6_members {
    uint8_t (*addresses)[IPV6_SIZE];
    size_t count;
    size_t sorted;
    size_t capacity;
};

/* Both parts are NULL while they are empty: many sets hold one or two addresses. The IPv6 part is settled
 * (sorted) when it is asked for, behind the pointer: a const set may be settled, its members stay the same.
 */
struct source_set {
    roaring_bitmap_t *ipv4;
    struct ipv6_members *ipv6;
};

static int ipv6_compare(const void *a, const void *b)
{
    return memcmp(a, b, IPV6_SIZE);
}

static void ipv6_settle(struct ipv6_members *members)
{
    if (members == NULL || members->sorted == members->count)
        return;
    qsort(members->addresses, members->count, IPV6_SIZE, ipv6_compare);
    size_t kept = 1;
    for (size_t i = 1; i < members->count; i++) {
        if (memcmp(members->addresses[i], members->addresses[kept - 1], IPV6_SIZE) != 0) {
            if (i != kept)
                memcpy(members->addresses[kept], members->addresses[i], IPV6_SIZE);
            kept++;
        }
    }
    members->count = members->sorted = kept;
}

/* Repeated addresses are dropped before the array grows, and it grows only when more than half of it is in
 * use: a source that sends a million packets costs one entry. */
static void ipv6_append(struct source_set *set, const uint8_t *addresses, size_t count)
{
    if (count == 0)
        return;
    if (set->ipv6 == NULL)
        set->ipv6 = g_new0(struct ipv6_members, 1);
    struct ipv6_members *members = set->ipv6;
    if (members->capacity - members->count < count) {
        ipv6_settle(members);
        if (members->capacity < 2 * (members->count + count)) {
            members->capacity = MAX(8, 2 * (members->count + count));
            members->addresses = g_realloc_n(members->addresses, members->capacity, IPV6_SIZE);
        }
    }
    memcpy(members->addresses[members->count], addresses, count * IPV6_SIZE);
    members->count += count;
}

struct source_set *source_set_new(void)
{
    return g_new0(struct source_set, 1);
}

void source_set_free(struct source_set *set)
{
    if (set == NULL)
        return;
    if (set->ipv4 != NULL)
        roaring_bitmap_free(set->ipv4);
    if (set->ipv6 != NULL)
        g_free(set->ipv6->addresses);
    g_free(set->ipv6);
    g_free(set);
}

struct source_set *source_set_copy(const struct source_set *set)
{
    struct source_set *copy = source_set_new();
    source_set_unite(copy, set);
    return copy;
}

static roaring_bitmap_t *ipv4_part(struct source_set *set)
{
    if (set->ipv4 == NULL)
        set->ipv4 = roaring_bitmap_create();
    if (set->ipv4 == NULL)
        g_error("out of memory");
    return set->ipv4;
}

void source_set_add_ipv4(struct source_set *set, uint32_t address)
{
    roaring_bitmap_add(ipv4_part(set), address);
}

void source_set_add_ipv4_many(struct source_set *set, const uint32_t *addresses, size_t count)
{
    if (count > 0)
        roaring_bitmap_add_many(ipv4_part(set), count, addresses);
}

void source_set_add_ipv6(struct source_set *set, const uint8_t address[16])
{
    ipv6_append(set, address, 1);
}

void source_set_unite(struct source_set *set, const struct source_set *other)
{
    if (set == other)
        return;
    if (other->ipv4 != NULL)
        roaring_bitmap_or_inplace(ipv4_part(set), other->ipv4);
    if (other->ipv6 != NULL)
        ipv6_append(set, other->ipv6->addresses[0], other->ipv6->count);
}

uint64_t source_set_count(const struct source_set *set)
{
    ipv6_settle(set->ipv6);
    uint64_t ipv4_count = set->ipv4 == NULL ? 0 : roaring_bitmap_get_cardinality(set->ipv4);
    return ipv4_count + (set->ipv6 == NULL ? 0 : set->ipv6->count);
}

static void little_endian_append(GByteArray *out, uint64_t value, int size)
{
    for (int i = 0; i < size; i++, value >>= 8) {
        uint8_t byte = (uint8_t)(value & 0xff);
        g_byte_array_append(out, &byte, 1);
    }
}

static uint64_t little_endian_read(const uint8_t *data, int size)
{
    uint64_t value = 0;
    for (int i = size - 1; i >= 0; i--)
        value = value << 8 | data[i];
    return value;
}

/* Four bytes: size of the Roaring part (0: no IPv4 address); that part; four bytes: number of IPv6 addresses;
 * these, ascending. Integers are little-endian. */
void source_set_write(const struct source_set *set, GByteArray *out)
{
    if (set->ipv4 == NULL || roaring_bitmap_is_empty(set->ipv4)) {
        little_endian_append(out, 0, 4);
    } else {
        roaring_bitmap_t *canonical = roaring_bitmap_copy(set->ipv4);
        roaring_bitmap_remove_run_compression(canonical);
        roaring_bitmap_run_optimize(canonical);
        size_t size = roaring_bitmap_portable_size_in_bytes(canonical);
        g_assert(size <= UINT32_MAX);
        little_endian_append(out, size, 4);
        guint start = out->len;
        g_byte_array_set_size(out, start + (guint)size);
        roaring_bitmap_portable_serialize(canonical, (char *)out->data + start);
        roaring_bitmap_free(canonical);
    }
    ipv6_settle(set->ipv6);
    size_t count = set->ipv6 == NULL ? 0 : set->ipv6->count;
    g_assert(count <= UINT32_MAX);
    little_endian_append(out, count, 4);
    if (count > 0)
        g_byte_array_append(out, set->ipv6->addresses[0], (guint)(count * IPV6_SIZE));
}

struct source_set *source_set_read(const uint8_t *data, size_t size, size_t *used, struct error *err)
{
    struct source_set *set = source_set_new();
    const char *problem = "is cut short";
    if (size < 8)
        goto refused;
    size_t roaring_size = (size_t)little_endian_read(data, 4);
    if (roaring_size > size - 8)
        goto refused;
    if (roaring_size > 0) {
        problem = roaring_check(data + 4, roaring_size);
        if (problem != NULL)
            goto refused;
        set->ipv4 = roaring_bitmap_portable_deserialize_safe((const char *)data + 4, roaring_size);
        problem = "holds no Roaring bitmap";
        if (set->ipv4 == NULL)
            goto refused;
    }
    const uint8_t *ipv6 = data + 4 + roaring_size;
    size_t left = size - 8 - roaring_size;
    size_t count = (size_t)little_endian_read(ipv6, 4);
    problem = "is cut short";
    if (count > left / IPV6_SIZE)
        goto refused;
    problem = "has IPv6 addresses out of order";
    for (size_t i = 1; i < count; i++)
        if (memcmp(ipv6 + 4 + (i - 1) * IPV6_SIZE, ipv6 + 4 + i * IPV6_SIZE, IPV6_SIZE) >= 0)
            goto refused;
    ipv6_append(set, ipv6 + 4, count);
    if (set->ipv6 != NULL)
        set->ipv6->sorted = count;
    *used = 8 + roaring_size + count * IPV6_SIZE;
    return set;
refused:
    error_set(err, ERROR_INPUT, "a source set %s", problem);
    source_set_free(set);
    return NULL;
}
