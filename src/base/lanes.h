/* lanes.h - four numbers in one, for loops over columns that must not branch: operators work on each lane,
 * and a comparison gives all bits of a lane or none.
 *
 *     for (size_t i = 0; i < COUNT; i += LANES)                    // COUNT: a multiple of LANES
 *         lanes_store(&column[i], lanes_choose((lanes)(lanes_load(&other[i]) == 6), a, b));
 *
 * Vector types of GCC and clang (GCC manual, "Vector Extensions"): with or without such instructions, the
 * same numbers.
 */
#ifndef TEITEN_BASE_LANES_H
#define TEITEN_BASE_LANES_H

#include <stdint.h>
#include <string.h>

enum { LANES = 4 };
typedef uint32_t lanes __attribute__((vector_size(LANES * sizeof(uint32_t))));

static inline lanes lanes_all(uint32_t number)
{
    return (lanes){number, number, number, number};
}

static inline lanes lanes_load(const uint32_t *numbers)
{
    lanes result;
    memcpy(&result, numbers, sizeof result);
    return result;
}

static inline void lanes_store(uint32_t *numbers, lanes values)
{
    memcpy(numbers, &values, sizeof values);
}

/* Lane by lane: `a` where the mask has all bits, `b` where it has none. */
static inline lanes lanes_choose(lanes mask, lanes a, lanes b)
{
    return (mask & a) | (~mask & b);
}

#endif
