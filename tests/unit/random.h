/* random.h - a fixed sequence of pseudo-random numbers (xorshift), the same on every machine.
 *
 *     uint32_t seed = 20250401;                  // anything but 0
 *     uint32_t number = next_random(&seed);
 */
#ifndef TEITEN_TESTS_UNIT_RANDOM_H
#define TEITEN_TESTS_UNIT_RANDOM_H

#include <stdint.h>

static inline uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
