#include "base/number_sort.h"

#include <glib.h>
#include <string.h>

enum { FEW = 48, SMALL = 2048, LARGE = 1 << 20, DIGITS_MAX = 4, DIGIT_BITS_MAX = 11 };

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

/* How often each digit has each value; its digits from the lowest on. */
struct digits {
    unsigned bits, count;
    uint32_t uses[DIGITS_MAX][1 << DIGIT_BITS_MAX];
};

/* `bits` and `digit_count` are constants in each caller. */
static inline void uses_count(struct digits *digits, const uint32_t *numbers, size_t count, unsigned bits,
                              unsigned digit_count)
{
    const uint32_t mask = (1U << bits) - 1;
    digits->bits = bits;
    digits->count = digit_count;
    for (unsigned digit = 0; digit < digit_count; digit++)
        memset(digits->uses[digit], 0, ((size_t)mask + 1) * sizeof digits->uses[digit][0]);
    for (size_t i = 0; i < count; i++)
        for (unsigned digit = 0; digit < digit_count; digit++)
            digits->uses[digit][numbers[i] >> digit * bits & mask]++;
}

/* Wide digits where there are enough numbers to make up for clearing their counters, and few enough to stay
 * close to the processor. */
static void digits_count(struct digits *digits, const uint32_t *numbers, size_t count)
{
    if (count < SMALL || count > LARGE)
        uses_count(digits, numbers, count, 8, 4);
    else
        uses_count(digits, numbers, count, DIGIT_BITS_MAX, 3);
}

/* Orders `from` into `to` by one digit. */
static void digit_sort(struct digits *digits, unsigned digit, const uint32_t *from, uint32_t *to,
                       size_t count)
{
    const unsigned shift = digit * digits->bits;
    const uint32_t mask = (1U << digits->bits) - 1;
    uint32_t *places = digits->uses[digit];
    uint32_t place = 0;
    for (uint32_t value = 0; value <= mask; value++) {
        uint32_t uses = places[value];
        places[value] = place;
        place += uses;
    }
    for (size_t i = 0; i < count; i++)
        to[places[from[i] >> shift & mask]++] = from[i];
}

/* By digits, the lowest first; digits that all numbers share are left out. */
uint32_t *number_sort_between(uint32_t *numbers, uint32_t *other, size_t count)
{
    if (count < FEW) {
        insertion_sort(numbers, count);
        return numbers;
    }
    struct digits digits; /* counters of digits in use are set */
    digits_count(&digits, numbers, count);
    uint32_t *from = numbers, *to = other;
    for (unsigned digit = 0; digit < digits.count; digit++) {
        if (digits.uses[digit][numbers[0] >> digit * digits.bits & ((1U << digits.bits) - 1)] == count)
            continue;
        digit_sort(&digits, digit, from, to, count);
        uint32_t *swapped = from;
        from = to;
        to = swapped;
    }
    return from;
}

void number_sort(uint32_t *numbers, size_t count)
{
    uint32_t *other = g_new(uint32_t, count);
    const uint32_t *sorted = number_sort_between(numbers, other, count);
    if (sorted != numbers)
        memcpy(numbers, sorted, count * sizeof *numbers);
    g_free(other);
}
