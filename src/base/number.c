#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>

bool number_parse(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value)
{
    uint64_t read = 0;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (!g_ascii_isdigit(*text))
            return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (read > (UINT64_MAX - digit) / 10)
            return false;
        read = read * 10 + digit;
    }
    if (read < minimum || read > maximum)
        return false;
    *value = read;
    return true;
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
