/* random.h - numbers that are the same on every run and machine.
 *
 *     struct random random = {.state = random_mix(seed, key)};
 *     random_below(&random, 6)                            // 0 to 5
 *
 * splitmix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): integers only.
 * Every flow and day has a stream of its own, so that a changed row of the scenario leaves the packets of all
 * other rows as they were.
 */
#ifndef TEITEN_SAMPLES_RANDOM_H
#define TEITEN_SAMPLES_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 to bound - 1; bound is not 0. */
static inline uint32_t random_below(struct random *random, uint32_t bound)
{
    return (uint32_t)(((random_next(random) >> 32) * bound) >> 32);
}

/* Two numbers as one, well stirred: seeds of streams and identities of hosts. */
static inline uint64_t random_mix(uint64_t a, uint64_t b)
{
    struct random random = {.state = a ^ (b * UINT64_C(0xd6e8feb86659fd93))};
    return random_next(&random);
}

#endif
