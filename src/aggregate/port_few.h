/* port_few.h - packets, or bytes, by port on a day of few ports (port_counts.h): a list that is appended to,
 * and sorted and added up when it is full, or when it is asked for.
 *
 *     struct port_few *few = port_few_new();
 *     port_few_add(few, 23, 1);                              // while port_few_takes(few, 1)
 *     const uint64_t *entries = port_few_entries(few, &count);
 *     port_few_place(entries[i]), port_few_amount(entries[i]) // ascending by place, each place once
 *     port_few_free(few);
 */
#ifndef TEITEN_AGGREGATE_PORT_FEW_H
#define TEITEN_AGGREGATE_PORT_FEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More places are not few any more. */
enum { PORT_FEW = 4096, PORT_FEW_AMOUNT_BITS = 40 };

/* Entries are a place, and below it an amount; the first `sorted` ascend and differ in place, the rest came
 * later in any order. */
struct port_few {
    uint64_t *entries;
    size_t count, sorted, room;
    uint64_t sum; /* of all amounts */
};

struct port_few *port_few_new(void);
void port_few_free(struct port_few *few);
/* Empties it; it keeps its memory. */
void port_few_clear(struct port_few *few);
/* Sees to it that one more entry has room. False: the places are not few any more. */
bool port_few_room(struct port_few *few);
/* The entries, settled behind the pointer: what they count stays the same. Valid until the next addition. */
const uint64_t *port_few_entries(const struct port_few *few, size_t *count);

static inline uint32_t port_few_place(uint64_t entry)
{
    return (uint32_t)(entry >> PORT_FEW_AMOUNT_BITS);
}
static inline uint64_t port_few_amount(uint64_t entry)
{
    return entry & ((UINT64_C(1) << PORT_FEW_AMOUNT_BITS) - 1);
}

/* Whether there is room for an amount more; no sum in it may take more bits than an amount has. */
static inline bool port_few_takes(struct port_few *few, uint64_t amount)
{
    return (amount + few->sum) >> PORT_FEW_AMOUNT_BITS == 0 && (few->count < few->room || port_few_room(few));
}
static inline void port_few_add(struct port_few *few, uint32_t place, uint64_t amount)
{
    few->entries[few->count++] = (uint64_t)place << PORT_FEW_AMOUNT_BITS | amount;
    few->sum += amount;
}

#endif
