#include "summary/roaring_check.h"

#include <stdbool.h>

enum {
    COOKIE_NO_RUNS = 12346,
    COOKIE_RUNS = 12347,
    OFFSETS_FROM = 4,     /* with runs, offsets are written from this many containers */
    ARRAY_MAXIMUM = 4096, /* members; beyond, a container is a bitset */
    BITSET_SIZE = 8192,
};

static uint32_t read16(const uint8_t *data)
{
    return (uint32_t)data[0] | (uint32_t)data[1] << 8;
}

static uint32_t read32(const uint8_t *data)
{
    return read16(data) | read16(data + 2) << 16;
}

/* Runs are pairs (first, length - 1): ascending, neither overlapping nor touching. */
static bool runs_are_sound(const uint8_t *data, uint32_t run_count, uint32_t cardinality)
{
    uint32_t sum = 0;
    uint32_t next = 0; /* smallest first value that the next run may have */
    for (uint32_t i = 0; i < run_count; i++) {
        uint32_t first = read16(data + 4 * i);
        uint32_t last = first + read16(data + 4 * i + 2);
        if (first < next || last > 65535)
            return false;
        next = last + 2;
        sum += last - first + 1;
    }
    return sum == cardinality;
}

static bool array_is_sound(const uint8_t *data, uint32_t cardinality)
{
    for (uint32_t i = 1; i < cardinality; i++)
        if (read16(data + 2 * i) <= read16(data + 2 * i - 2))
            return false;
    return true;
}

static bool bitset_is_sound(const uint8_t *data, uint32_t cardinality)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < BITSET_SIZE; i += 4)
        sum += (uint32_t)__builtin_popcount(read32(data + i));
    return sum == cardinality;
}

/* Checks one container at `at`; its size, or 0 when it is broken or reaches beyond the end. */
static size_t container_size(const uint8_t *data, size_t size, size_t at, bool is_run, uint32_t cardinality)
{
    size_t left = size - at;
    if (is_run) {
        if (left < 2)
            return 0;
        uint32_t run_count = read16(data + at);
        size_t length = 2 + 4 * (size_t)run_count;
        return run_count > 0 && length <= left && runs_are_sound(data + at + 2, run_count, cardinality)
                   ? length
                   : 0;
    }
    if (cardinality <= ARRAY_MAXIMUM) {
        size_t length = 2 * (size_t)cardinality;
        return length <= left && array_is_sound(data + at, cardinality) ? length : 0;
    }
    return left >= BITSET_SIZE && bitset_is_sound(data + at, cardinality) ? BITSET_SIZE : 0;
}

const char *roaring_check(const uint8_t *data, size_t size)
{
    if (size < 8)
        return "is cut short";
    uint32_t cookie = read32(data);
    bool has_runs = (cookie & 0xffff) == COOKIE_RUNS;
    if (!has_runs && cookie != COOKIE_NO_RUNS)
        return "holds no Roaring bitmap";
    uint32_t count = has_runs ? (cookie >> 16) + 1 : read32(data + 4);
    if (count == 0 || count > 65536)
        return "has a bad number of containers";
    size_t flags = 4;
    size_t headers = has_runs ? 4 + ((size_t)count + 7) / 8 : 8;
    bool has_offsets = !has_runs || count >= OFFSETS_FROM;
    size_t offsets = headers + 4 * (size_t)count;
    size_t at = offsets + (has_offsets ? 4 * (size_t)count : 0);
    if (at > size)
        return "is cut short";
    if (has_runs && count % 8 != 0 && data[flags + count / 8] >> (count % 8) != 0)
        return "has flags of containers that it does not have";
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *header = data + headers + 4 * (size_t)i;
        if (i > 0 && read16(header) <= read16(header - 4))
            return "has containers out of order";
        if (has_offsets && read32(data + offsets + 4 * (size_t)i) != at)
            return "has a container elsewhere than it says";
        bool is_run = has_runs && (data[flags + i / 8] >> (i % 8) & 1) != 0;
        size_t length = container_size(data, size, at, is_run, read16(header + 2) + 1);
        if (length == 0)
            return "has a broken container";
        at += length;
    }
    return at == size ? NULL : "has bytes left over";
}
