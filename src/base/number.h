/* number.h - the one place where text becomes an integer, strictly: the whole string, decimal, in range.
 *
 *     uint64_t port;
 *     if (!number_parse("65535", 0, 65535, &port)) ...    // "", " 1", "+1", "1x" and "65536" are refused
 */
#ifndef TEITEN_BASE_NUMBER_H
#define TEITEN_BASE_NUMBER_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bounds are inclusive. False (and *value untouched) when the text is anything but digits within them. */
bool number_parse(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value);
/* The same of `size` bytes that nothing ends. */
bool number_parse_bytes(const char *bytes, size_t size, uint64_t minimum, uint64_t maximum, uint64_t *value);

/* Appends 1234567 as "1234567", in a tenth of the time that printf takes. */
void number_append(GString *out, uint64_t value);
/* Appends 1234567 as "1,234,567", whatever the locale. */
void number_append_thousands(GString *out, uint64_t value);

#endif
