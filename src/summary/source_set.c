#include "summary/source_set.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_sort.h"

enum { IPV6_SIZE = 16, FIRST_ROOM = 4 };

/* Addresses: the first `sorted` are ascending and differ, the rest came later in any order. */
struct ipv4_members {
    uint32_t *addresses;
    size_t count, sorted, room;
    bool is_open;
};

struct ipv6_members {
    uint8_t (*addresses)[IPV6_SIZE];
    size_t count, sorted, room;
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

/* All parts are NULL while they are empty: many sets hold one or two addresses. Addresses are settled
 * (sorted) when that is asked for, behind the pointer: a const set may be settled, its members stay the same.
 */
struct source_set {
    struct ipv4_members *ipv4;
    struct ipv6_members *ipv6;
    struct sensor_parts *pairs;
};

static int ipv6_compare(const void *a, const void *b)
{
    return memcmp(a, b, IPV6_SIZE);
}

/* Drops repeated ones of ascending addresses; returns how many are left. */
static size_t repeated_drop(uint32_t *addresses, size_t count)
{
    size_t kept = 1;
    uint32_t last = addresses[0];
    for (size_t i = 1; i < count; i++) {
        uint32_t address = addresses[i];
        addresses[kept] = address;
        kept += address != last ? 1 : 0;
        last = address;
    }
    return kept;
}

/* Ascending addresses, and room for others behind them, which are likewise: they become one ascending row.
 * Returns how many differ. It is filled from its end on; which of two addresses is the larger is no branch,
 * because nothing foretells it. */
static size_t addresses_merge(uint32_t *addresses, size_t count, const uint32_t *others, size_t other_count)
{
    size_t total = count + other_count;
    size_t at = total;
    while (count > 0 && other_count > 0) {
        uint32_t a = addresses[count - 1];
        uint32_t b = others[other_count - 1];
        addresses[--at] = MAX(a, b);
        count -= a >= b ? 1 : 0;
        other_count -= b >= a ? 1 : 0;
    }
    at -= other_count;
    memcpy(addresses + at, others, other_count * sizeof *others);
    if (at > count) /* as many were in both */
        memmove(addresses + count, addresses + at, (total - at) * sizeof *addresses);
    return total - (at - count);
}

static bool addresses_ascend(const uint32_t *addresses, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (addresses[i] <= addresses[i - 1])
            return false;
    return true;
}

/* Sorts all of them. */
static void ipv4_sort(struct ipv4_members *members)
{
    uint32_t *other = g_new(uint32_t, members->count);
    uint32_t *ordered = number_sort_between(members->addresses, other, members->count);
    members->count = members->sorted = repeated_drop(ordered, members->count);
    if (ordered == other)
        memcpy(members->addresses, other, members->count * sizeof *other);
    g_free(other);
}

/* Sorts those that came later, and merges them with the others. */
static void ipv4_sort_in(struct ipv4_members *members, bool are_ascending)
{
    uint32_t *later = members->addresses + members->sorted;
    size_t later_count = members->count - members->sorted;
    uint32_t *other = g_new(uint32_t, later_count);
    uint32_t *ordered = later;
    if (!are_ascending) {
        ordered = number_sort_between(later, other, later_count);
        later_count = repeated_drop(ordered, later_count);
    }
    if (ordered == later)
        memcpy(other, later, later_count * sizeof *later);
    members->count = members->sorted =
        addresses_merge(members->addresses, members->sorted, other, later_count);
    g_free(other);
}

static void ipv4_settle(struct ipv4_members *members)
{
    if (members == NULL || members->sorted == members->count)
        return;
    const uint32_t *later = members->addresses + members->sorted;
    size_t later_count = members->count - members->sorted;
    bool are_ascending = addresses_ascend(later, later_count); /* another set's, mostly */
    if (are_ascending && (members->sorted == 0 || later[0] > later[-1]))
        members->sorted = members->count;
    else if (!are_ascending && members->sorted <= later_count)
        ipv4_sort(members); /* a merge would cost more than sorting the others again */
    else
        ipv4_sort_in(members, are_ascending);
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

/* So many addresses may stand behind the sorted ones before they are sorted in: as many as differ, so that a
 * source that sends a million packets costs one entry; a quarter as many in large sets, whose memory is not
 * to be wasted. In a set that is open several times as many, because sorting in costs a pass over all of
 * them. */
static size_t ipv4_portion(const struct ipv4_members *members)
{
    enum { TIMES = 7, LARGE = 1 << 18 };
    size_t times = members->is_open ? TIMES : 1;
    return MAX(MAX(MIN(times * members->sorted, LARGE), members->sorted / 4), FIRST_ROOM);
}

static struct ipv4_members *ipv4_members(struct source_set *set)
{
    if (set->ipv4 == NULL)
        set->ipv4 = g_new0(struct ipv4_members, 1);
    return set->ipv4;
}

/* Room for `count` addresses at the end, and some more. */
static uint32_t *ipv4_room(struct source_set *set, size_t count)
{
    struct ipv4_members *members = ipv4_members(set);
    if (members->room - members->count < count) {
        if (members->count - members->sorted >= ipv4_portion(members))
            ipv4_settle(members);
        size_t enough = members->count + MAX(count, FIRST_ROOM);
        size_t most = members->sorted + ipv4_portion(members);
        if (members->room < enough) {
            members->room = MAX(enough, MIN(2 * members->count, most));
            members->addresses = g_renew(uint32_t, members->addresses, members->room);
        }
    }
    return members->addresses + members->count;
}

static void ipv6_append(struct source_set *set, const uint8_t *addresses, size_t count)
{
    if (count == 0)
        return;
    if (set->ipv6 == NULL)
        set->ipv6 = g_new0(struct ipv6_members, 1);
    struct ipv6_members *members = set->ipv6;
    if (members->room - members->count < count) {
        ipv6_settle(members);
        if (members->room < 2 * (members->count + count)) {
            members->room = MAX(FIRST_ROOM, 2 * (members->count + count));
            members->addresses = g_realloc_n(members->addresses, members->room, IPV6_SIZE);
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
        g_free(set->ipv4->addresses);
    g_free(set->ipv4);
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

void source_set_add_ipv4(struct source_set *set, uint32_t address)
{
    *ipv4_room(set, 1) = address;
    set->ipv4->count++;
}

void source_set_add_ipv4_many(struct source_set *set, const uint32_t *addresses, size_t count)
{
    if (count == 0)
        return;
    memcpy(ipv4_room(set, count), addresses, count * sizeof *addresses);
    set->ipv4->count += count;
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
        source_set_add_ipv4_many(set, other->ipv4->addresses, other->ipv4->count);
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

struct source_set *source_set_renumbered(const struct source_set *set, const uint32_t *sensors)
{
    if (set->pairs == NULL)
        return source_set_copy(set);
    struct source_set *copy = source_set_new();
    for (size_t i = 0; i < set->pairs->count; i++)
        source_set_add_pairs(copy, sensors[set->pairs->parts[i].sensor], set->pairs->parts[i].addresses);
    return copy;
}

void source_set_open(struct source_set *set)
{
    ipv4_members(set)->is_open = true;
}

void source_set_close(struct source_set *set)
{
    if (set->ipv4 == NULL || !set->ipv4->is_open)
        return;
    set->ipv4->is_open = false;
    if (set->ipv4->count - set->ipv4->sorted >= ipv4_portion(set->ipv4))
        source_set_settle(set);
}

void source_set_settle(struct source_set *set)
{
    (void)source_set_count(set); /* settles all parts */
    if (set->ipv4 == NULL)
        return;
    set->ipv4->is_open = false;
    if (set->ipv4->room == set->ipv4->count)
        return;
    set->ipv4->room = set->ipv4->count;
    set->ipv4->addresses = g_renew(uint32_t, set->ipv4->addresses, set->ipv4->room);
}

uint64_t source_set_count(const struct source_set *set)
{
    uint64_t pair_count = 0;
    for (size_t i = 0; set->pairs != NULL && i < set->pairs->count; i++)
        pair_count += source_set_count(set->pairs->parts[i].addresses);
    if (set->pairs != NULL)
        return pair_count;
    ipv4_settle(set->ipv4);
    ipv6_settle(set->ipv6);
    return (set->ipv4 == NULL ? 0 : set->ipv4->count) + (set->ipv6 == NULL ? 0 : set->ipv6->count);
}

static void addresses_write(const struct source_set *set, struct octets *out)
{
    size_t count = set->ipv4 == NULL ? 0 : set->ipv4->count;
    octets_number(out, count);
    octets_reserve(out, count * 5);
    uint8_t *at = out->data + out->size;
    for (size_t i = 0; i < count; i++) {
        const uint32_t *address = &set->ipv4->addresses[i];
        at = octets_put_number(at, i == 0 ? *address : *address - address[-1] - 1);
    }
    out->size = (size_t)(at - out->data);
    if (set->ipv6 != NULL)
        octets_append(out, set->ipv6->addresses, set->ipv6->count * IPV6_SIZE);
}

void source_set_write(const struct source_set *set, struct octets *out)
{
    (void)source_set_count(set); /* settles all parts */
    if (set->pairs == NULL) {
        addresses_write(set, out);
        return;
    }
    struct octets addresses = {.data = NULL};
    for (size_t i = 0; i < set->pairs->count; i++) {
        const struct sensor_part *part = &set->pairs->parts[i];
        addresses.size = 0;
        addresses_write(part->addresses, &addresses);
        octets_number(out, i == 0 ? part->sensor : part->sensor - part[-1].sensor - 1);
        octets_number(out, addresses.size);
        octets_append(out, addresses.data, addresses.size);
    }
    octets_release(&addresses);
}

static const char *addresses_check(struct octets_cursor cursor, uint64_t *count)
{
    uint64_t ipv4_count, step;
    if (!octets_take_number(&cursor, UINT64_MAX, &ipv4_count) ||
        ipv4_count > (uint64_t)(cursor.end - cursor.at))
        return "is cut short";
    uint64_t next = 0; /* smallest address that may come */
    for (uint64_t i = 0; i < ipv4_count; i++) {
        if (!octets_take_number(&cursor, UINT32_MAX, &step) || step > UINT32_MAX - next)
            return "has an IPv4 address that is none";
        next += step + 1;
        if (next > UINT32_MAX && i + 1 < ipv4_count)
            return "has an IPv4 address that is none";
    }
    size_t left = (size_t)(cursor.end - cursor.at);
    if (left % IPV6_SIZE != 0)
        return "is cut short, or has bytes left over";
    for (size_t at = IPV6_SIZE; at < left; at += IPV6_SIZE)
        if (memcmp(cursor.at + at - IPV6_SIZE, cursor.at + at, IPV6_SIZE) >= 0)
            return "has IPv6 addresses out of order";
    *count = ipv4_count + left / IPV6_SIZE;
    return *count > 0 ? NULL : "is empty";
}

const char *source_set_check(const uint8_t *data, size_t size, size_t sensor_count, uint64_t *count)
{
    struct octets_cursor cursor = {data, data + size};
    if (sensor_count == 0)
        return addresses_check(cursor, count);
    uint64_t next = 0; /* smallest sensor that may come */
    *count = 0;
    while (cursor.at < cursor.end) {
        uint64_t step, length, addresses;
        if (!octets_take_number(&cursor, UINT32_MAX, &step) || next + step >= sensor_count)
            return "of pairs has a sensor that is none";
        next += step + 1;
        if (!octets_take_number(&cursor, UINT64_MAX, &length) || length > (uint64_t)(cursor.end - cursor.at))
            return "of pairs is cut short";
        const char *problem =
            addresses_check((struct octets_cursor){cursor.at, cursor.at + length}, &addresses);
        if (problem != NULL)
            return problem;
        cursor.at += length;
        *count += addresses;
    }
    return *count > 0 ? NULL : "is empty";
}

static void addresses_add(struct source_set *set, const uint8_t *at, const uint8_t *end)
{
    size_t count = (size_t)octets_number_at(&at);
    if (count > 0) {
        uint32_t *addresses = ipv4_room(set, count);
        uint32_t next = 0;
        for (size_t i = 0; i < count; i++) {
            addresses[i] = next + (uint32_t)octets_number_at(&at);
            next = addresses[i] + 1;
        }
        set->ipv4->count += count;
    }
    ipv6_append(set, at, (size_t)(end - at) / IPV6_SIZE);
}

void source_set_add_written(struct source_set *set, const uint8_t *data, size_t size, bool are_pairs)
{
    const uint8_t *end = data + size;
    if (!are_pairs) {
        addresses_add(set, data, end);
        return;
    }
    uint32_t next = 0;
    while (data < end) {
        uint32_t sensor = next + (uint32_t)octets_number_at(&data);
        size_t length = (size_t)octets_number_at(&data);
        addresses_add(sensor_part(set, sensor), data, data + length);
        data += length;
        next = sensor + 1;
    }
}
