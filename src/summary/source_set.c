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

/* The addresses that were seen with one sensor. */
struct sensor_part {
    uint32_t sensor;
    struct source_set *addresses; /* never empty */
};

struct sensor_parts {
    struct sensor_part *parts; /* ascending by sensor */
    size_t count;
};

/* All parts are NULL while they are empty: many sets hold one or two addresses. The IPv6 part is settled
 * (sorted) when it is asked for, behind the pointer: a const set may be settled, its members stay the same.
 */
struct source_set {
    roaring_bitmap_t *ipv4;
    struct ipv6_members *ipv6;
    struct sensor_parts *pairs;
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
    for (size_t i = 0; set->pairs != NULL && i < set->pairs->count; i++)
        source_set_free(set->pairs->parts[i].addresses);
    if (set->pairs != NULL)
        g_free(set->pairs->parts);
    g_free(set->pairs);
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

/* In place, each container (65,536 neighbours) that is new moves all behind it: sources are scattered, and
 * two large sets would take the product of their containers. A new bitmap takes their sum, but copies what is
 * there. */
static void ipv4_unite(struct source_set *set, const roaring_bitmap_t *other)
{
    enum { FEW_CONTAINERS = 64 };
    if (set->ipv4 == NULL || other->high_low_container.size <= FEW_CONTAINERS) {
        roaring_bitmap_or_inplace(ipv4_part(set), other);
        return;
    }
    roaring_bitmap_t *united = roaring_bitmap_or(set->ipv4, other);
    if (united == NULL)
        g_error("out of memory");
    roaring_bitmap_free(set->ipv4);
    set->ipv4 = united;
}

void source_set_unite(struct source_set *set, const struct source_set *other)
{
    if (set == other)
        return;
    if (other->ipv4 != NULL)
        ipv4_unite(set, other->ipv4);
    if (other->ipv6 != NULL)
        ipv6_append(set, other->ipv6->addresses[0], other->ipv6->count);
    for (size_t i = 0; other->pairs != NULL && i < other->pairs->count; i++)
        source_set_add_pairs(set, other->pairs->parts[i].sensor, other->pairs->parts[i].addresses);
}

/* The part of a sensor, made when it is missing. */
static struct source_set *sensor_part(struct source_set *set, uint32_t sensor)
{
    if (set->pairs == NULL)
        set->pairs = g_new0(struct sensor_parts, 1);
    struct sensor_parts *pairs = set->pairs;
    size_t at = pairs->count;
    while (at > 0 && pairs->parts[at - 1].sensor >= sensor)
        at--;
    if (at < pairs->count && pairs->parts[at].sensor == sensor)
        return pairs->parts[at].addresses;
    pairs->parts = g_renew(struct sensor_part, pairs->parts, pairs->count + 1);
    memmove(&pairs->parts[at + 1], &pairs->parts[at], (pairs->count - at) * sizeof *pairs->parts);
    pairs->parts[at] = (struct sensor_part){.sensor = sensor, .addresses = source_set_new()};
    pairs->count++;
    return pairs->parts[at].addresses;
}

void source_set_add_pairs(struct source_set *set, uint32_t sensor, const struct source_set *addresses)
{
    g_assert(set->ipv4 == NULL && set->ipv6 == NULL && addresses->pairs == NULL);
    if (source_set_count(addresses) > 0)
        source_set_unite(sensor_part(set, sensor), addresses);
}

uint64_t source_set_count(const struct source_set *set)
{
    uint64_t pair_count = 0;
    for (size_t i = 0; set->pairs != NULL && i < set->pairs->count; i++)
        pair_count += source_set_count(set->pairs->parts[i].addresses);
    if (set->pairs != NULL)
        return pair_count;
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

/* Four bytes: number of sensors; for each, ascending: four bytes, its number, and the set of its addresses.
 */
void source_set_write_pairs(const struct source_set *set, GByteArray *out)
{
    size_t count = set->pairs == NULL ? 0 : set->pairs->count;
    little_endian_append(out, count, 4);
    for (size_t i = 0; i < count; i++) {
        little_endian_append(out, set->pairs->parts[i].sensor, 4);
        source_set_write(set->pairs->parts[i].addresses, out);
    }
}

struct source_set *source_set_read_pairs(const uint8_t *data, size_t size, size_t sensor_count, size_t *used,
                                         struct error *err)
{
    struct source_set *set = source_set_new();
    const char *problem = "of pairs is cut short";
    size_t count = size < 4 ? 0 : (size_t)little_endian_read(data, 4);
    size_t at = 4;
    if (size < 4 || count > (size - 4) / 12)
        goto refused;
    set->pairs = g_new0(struct sensor_parts, 1);
    set->pairs->parts = g_new0(struct sensor_part, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct sensor_part *part = &set->pairs->parts[i];
        size_t part_used;
        if (size - at < 4)
            goto refused;
        part->sensor = (uint32_t)little_endian_read(data + at, 4);
        problem = "of pairs has sensors out of order";
        if (part->sensor >= sensor_count || (i > 0 && part[-1].sensor >= part->sensor))
            goto refused;
        part->addresses = source_set_read(data + at + 4, size - at - 4, &part_used, err);
        if (part->addresses == NULL) {
            source_set_free(set);
            return NULL;
        }
        set->pairs->count++;
        problem = "of pairs has a sensor without addresses";
        if (source_set_count(part->addresses) == 0)
            goto refused;
        at += 4 + part_used;
        problem = "of pairs is cut short";
    }
    *used = at;
    return set;
refused:
    error_set(err, ERROR_INPUT, "a source set %s", problem);
    source_set_free(set);
    return NULL;
}
