#include "base/number_sort.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum { FEW = 48, SMALL = 2048, DIGIT_BITS_MAX = 11 };

static void insertion_sort(uint32_t *numbers, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint32_t number = numbers[i];
        size_t at = i;
        for (; at > 0 && numbers[at - 1] > number; at--)
            numbers[at] = numbers[at - 1];
        numbers[at] = number;
    }
}

/* Orders `from` into `to` by one digit; false when all have the same, and nothing is done. */
static bool digit_sort(const uint32_t *from, uint32_t *to, size_t count, unsigned shift, unsigned bits)
{
    size_t starts[1 << DIGIT_BITS_MAX];
    size_t mask = ((size_t)1 << bits) - 1;
    memset(starts, 0, (mask + 1) * sizeof *starts);
    for (size_t i = 0; i < count; i++)
        starts[from[i] >> shift & mask]++;
    if (starts[from[0] >> shift & mask] == count)
        return false;
    size_t start = 0;
    for (size_t value = 0; value <= mask; value++) {
        size_t size = starts[value];
        starts[value] = start;
        start += size;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i] >> shift & mask]++] = from[i];
    return true;
}

/* By digits, the lowest first; small ones where clearing their counters would take most of the time. */
void number_sort(uint32_t *numbers, size_t count)
{
    if (count < FEW) {
        insertion_sort(numbers, count);
        return;
    }
    unsigned bits = count < SMALL ? 8 : DIGIT_BITS_MAX;
    uint32_t *other = g_new(uint32_t, count);
    uint32_t *from = numbers, *to = other;
    for (unsigned shift = 0; shift < 32; shift += bits) {
        if (!digit_sort(from, to, count, shift, bits))
            continue;
        uint32_t *swapped = from;
        from = to;
        to = swapped;
    }
    if (from != numbers)
        memcpy(numbers, from, count * sizeof *numbers);
    g_free(other);
}
