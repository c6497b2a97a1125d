#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* So many digits fit into 64 bits, whichever they are. */
enum { DIGITS_SAFE = 19 };

bool number_parse_bytes(const char *bytes, size_t size, uint64_t minimum, uint64_t maximum, uint64_t *value)
{
    uint64_t read = 0;
    size_t i = 0;
    for (size_t safe = MIN(size, DIGITS_SAFE); i < safe; i++) {
        unsigned digit = (unsigned)bytes[i] - '0';
        if (digit > 9)
            return false;
        read = read * 10 + digit;
    }
    for (; i < size; i++) {
        unsigned digit = (unsigned)bytes[i] - '0';
        if (digit > 9 || read > (UINT64_MAX - digit) / 10)
            return false;
        read = read * 10 + digit;
    }
    if (size == 0 || read < minimum || read > maximum)
        return false;
    *value = read;
    return true;
}

bool number_parse(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value)
{
    return number_parse_bytes(text, strlen(text), minimum, maximum, value);
}

void number_append(GString *out, uint64_t value)
{
    enum { DIGITS_MAX = 20 };
    char digits[DIGITS_MAX], *at = digits + DIGITS_MAX;
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    g_string_append_len(out, at, digits + DIGITS_MAX - at);
}

void number_append_thousands(GString *out, uint64_t value)
{
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, digits[i]);
    }
}
