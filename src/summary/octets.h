/* octets.h - bytes that grow, and the numbers in them: what counts are written in.
 *
 *     struct octets out = {0};
 *     octets_number(&out, 300);                        // LEB128: seven bits a byte, lowest first
 *     struct octets_cursor cursor = {out.data, out.data + out.size};
 *     uint64_t value;
 *     octets_take_number(&cursor, UINT64_MAX, &value)  // strict: no needless byte, at most the maximum
 *     octets_release(&out);
 */
#ifndef TEITEN_SUMMARY_OCTETS_H
#define TEITEN_SUMMARY_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OCTETS_NUMBER_MAX = 10 }; /* bytes of the longest number */

/* All zeros is empty. */
struct octets {
    uint8_t *data;
    size_t size, room;
};

struct octets_cursor {
    const uint8_t *at, *end;
};

void octets_release(struct octets *octets);
/* Makes room for `size` bytes more. */
void octets_reserve(struct octets *octets, size_t size);
void octets_append(struct octets *octets, const void *data, size_t size);

/* Writes the number at `at`, where there is room for it; the place behind it. */
static inline uint8_t *octets_put_number(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

static inline void octets_number(struct octets *octets, uint64_t value)
{
    if (octets->room - octets->size < OCTETS_NUMBER_MAX)
        octets_reserve(octets, OCTETS_NUMBER_MAX);
    octets->size = (size_t)(octets_put_number(octets->data + octets->size, value) - octets->data);
}

/* Of either sign: 0, -1, 1, -2, ... as the numbers 0, 1, 2, 3, ... */
static inline void octets_signed(struct octets *octets, int64_t value)
{
    octets_number(octets, value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1);
}

/* The number at *at, which is moved behind it: only of bytes that are known to be sound. */
static inline uint64_t octets_number_at(const uint8_t **at)
{
    uint64_t value = *(*at)++;
    if (value < 0x80)
        return value;
    value &= 0x7f;
    for (unsigned shift = 7;; shift += 7) {
        uint64_t byte = *(*at)++;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

bool octets_take_long_number(struct octets_cursor *cursor, uint64_t maximum, uint64_t *value);
/* False when there is no number, or none of the canonical form up to the maximum. */
static inline bool octets_take_number(struct octets_cursor *cursor, uint64_t maximum, uint64_t *value)
{
    if (cursor->at == cursor->end || *cursor->at >= 0x80)
        return octets_take_long_number(cursor, maximum, value);
    *value = *cursor->at++;
    return *value <= maximum;
}
static inline bool octets_take_signed(struct octets_cursor *cursor, int64_t *value)
{
    uint64_t number;
    if (!octets_take_number(cursor, UINT64_MAX, &number))
        return false;
    *value = (number & 1) != 0 ? (int64_t) ~(number >> 1) : (int64_t)(number >> 1);
    return true;
}
/* `count` bits, the lowest of a byte first; false when the bytes do not hold them, or more. */
bool octets_take_bits(struct octets_cursor *cursor, bool *bits, size_t count);
void octets_bits(struct octets *octets, const bool *bits, size_t count);

#endif
