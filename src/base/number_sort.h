/* number_sort.h - numbers in ascending order, in time that grows with their number alone.
 *
 *     number_sort(addresses, count);
 */
#ifndef TEITEN_BASE_NUMBER_SORT_H
#define TEITEN_BASE_NUMBER_SORT_H

#include <stddef.h>
#include <stdint.h>

void number_sort(uint32_t *numbers, size_t count);
/* The same with room for as many numbers in `other`: returns where they are in order, in one or the other.
 * What is left in the other is anything. */
uint32_t *number_sort_between(uint32_t *numbers, uint32_t *other, size_t count);

#endif
