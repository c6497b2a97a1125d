#include "summary/source_union.h"

#include <glib.h>
#include <string.h>

#include "base/number_sort.h"
#include "summary/octets.h"
#include "summary/source_set.h"

enum { IPV6_SIZE = 16 };

/* Part of a set's IPv4 addresses: what was read and not taken yet stands in block[from] up to block[end]. */
struct walk {
    const uint8_t *at; /* the next address to be read, of `left` */
    size_t left;
    uint32_t next; /* the smallest that it may be */
    uint32_t *block;
    size_t room, from, end;
};

/* Reads on when half of the block is free. */
static void walk_fill(struct walk *walk)
{
    size_t kept = walk->end - walk->from;
    if (walk->left == 0 || kept > walk->room / 2)
        return;
    memmove(walk->block, walk->block + walk->from, kept * sizeof *walk->block);
    size_t end = MIN(walk->room, kept + walk->left);
    for (size_t i = kept; i < end; i++) {
        walk->block[i] = walk->next + (uint32_t)octets_number_at(&walk->at);
        walk->next = walk->block[i] + 1;
    }
    walk->left -= end - kept;
    walk->from = 0;
    walk->end = end;
}

/* Takes all addresses up to `last` (inclusive); returns the place behind them in `out`. */
static uint32_t *walk_take(struct walk *walk, uint32_t last, uint32_t *out)
{
    size_t low = walk->from;
    size_t high = walk->end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (walk->block[middle] <= last)
            low = middle + 1;
        else
            high = middle;
    }
    size_t count = low - walk->from;
    memcpy(out, walk->block + walk->from, count * sizeof *out);
    walk->from = low;
    return out + count;
}

static size_t different_count(const uint32_t *ascending, size_t count)
{
    size_t different = count > 0 ? 1 : 0;
    for (size_t i = 1; i < count; i++)
        different += ascending[i] != ascending[i - 1] ? 1 : 0;
    return different;
}

/* Stretch by stretch of the address space: up to the first address behind which a set has some that are not
 * read yet. `members` and `other` have room for all blocks. */
static uint64_t walks_count(struct walk *walks, size_t count, uint32_t *members, uint32_t *other)
{
    uint64_t different = 0;
    for (;;) {
        uint32_t last = UINT32_MAX;
        for (size_t i = 0; i < count; i++) {
            walk_fill(&walks[i]);
            if (walks[i].left > 0)
                last = MIN(last, walks[i].block[walks[i].end - 1]);
        }
        uint32_t *end = members;
        for (size_t i = 0; i < count; i++)
            end = walk_take(&walks[i], last, end);
        if (end == members)
            return different;
        size_t taken = (size_t)(end - members);
        different += different_count(number_sort_between(members, other, taken), taken);
    }
}

static uint64_t addresses_count(const struct written_set *sets, size_t count)
{
    enum { TOGETHER = 1 << 15, LEAST = 64 }; /* so many addresses stay close to the processor */
    const size_t room_max = MAX(TOGETHER / count, LEAST);
    struct walk *walks = g_new0(struct walk, count);
    size_t room = 0;
    for (size_t i = 0; i < count; i++) {
        walks[i].at = sets[i].data;
        walks[i].left = (size_t)octets_number_at(&walks[i].at);
        walks[i].room = MIN(walks[i].left, room_max);
        room += walks[i].room;
    }
    uint32_t *blocks = g_new(uint32_t, 3 * room + 1);
    uint32_t *block = blocks + 2 * room;
    for (size_t i = 0; i < count; i++) {
        walks[i].block = block;
        block += walks[i].room;
    }
    uint64_t different = walks_count(walks, count, blocks, blocks + room);
    struct source_set *ipv6 = source_set_new();
    for (size_t i = 0; i < count; i++)
        for (const uint8_t *at = walks[i].at; at < sets[i].data + sets[i].size; at += IPV6_SIZE)
            source_set_add_ipv6(ipv6, at);
    different += source_set_count(ipv6);
    source_set_free(ipv6);
    g_free(blocks);
    g_free(walks);
    return different;
}

/* A set of pairs on its way: the addresses of the sensor at hand; size 0: no sensor is left. */
struct pairs_walk {
    const uint8_t *at, *end; /* behind those addresses */
    uint64_t sensor;
    struct written_set addresses;
};

static void pairs_advance(struct pairs_walk *walk, uint64_t sensor_before)
{
    walk->addresses.size = 0;
    if (walk->at == walk->end)
        return;
    walk->sensor = sensor_before + octets_number_at(&walk->at);
    walk->addresses.size = (size_t)octets_number_at(&walk->at);
    walk->addresses.data = walk->at;
    walk->at += walk->addresses.size;
}

static uint64_t pairs_count(const struct written_set *sets, size_t count)
{
    struct pairs_walk *walks = g_new(struct pairs_walk, count);
    struct written_set *parts = g_new(struct written_set, count); /* of one sensor */
    uint64_t different = 0;
    for (size_t i = 0; i < count; i++) {
        walks[i] = (struct pairs_walk){.at = sets[i].data, .end = sets[i].data + sets[i].size};
        pairs_advance(&walks[i], 0);
    }
    for (;;) {
        uint64_t sensor = UINT64_MAX;
        size_t part_count = 0;
        for (size_t i = 0; i < count; i++)
            if (walks[i].addresses.size > 0)
                sensor = MIN(sensor, walks[i].sensor);
        for (size_t i = 0; i < count; i++) {
            if (walks[i].addresses.size == 0 || walks[i].sensor != sensor)
                continue;
            parts[part_count++] = walks[i].addresses;
            pairs_advance(&walks[i], sensor + 1);
        }
        if (part_count == 0)
            break;
        different += addresses_count(parts, part_count);
    }
    g_free(parts);
    g_free(walks);
    return different;
}

uint64_t source_union_count(const struct written_set *sets, size_t count, bool are_pairs)
{
    if (count == 0)
        return 0;
    return are_pairs ? pairs_count(sets, count) : addresses_count(sets, count);
}
