#include "render/lint_numbers.h"

/* Below, words take the place of digits, and months the place of numbers. */
enum { SMALLEST_COMPARED = 13 };

/* Reads 1,234.5 from `i` on; returns the end. Commas stand between groups of three digits. */
static guint number_read(const GArray *run, guint i, double *value, bool *has_point)
{
    *value = 0;
    *has_point = false;
    double place = 0;
    for (;; i++) {
        gunichar c = lint_at(run, i);
        bool groups = lint_is_digit(lint_at(run, i + 1)) && lint_is_digit(lint_at(run, i + 2)) &&
                      lint_is_digit(lint_at(run, i + 3)) && !lint_is_digit(lint_at(run, i + 4));
        if (lint_is_digit(c) && !*has_point) {
            *value = *value * 10 + (double)(c - '0');
        } else if (lint_is_digit(c)) {
            *value += place * (double)(c - '0');
            place /= 10;
        } else if (c == '.' && !*has_point && lint_is_digit(lint_at(run, i + 1))) {
            *has_point = true;
            place = .1;
        } else if (c != ',' || *has_point || !groups) {
            return i;
        }
    }
}

void lint_numbers_gather(GArray *numbers, const GArray *run)
{
    for (guint i = 0; i < run->len; i++) {
        if (!lint_is_digit(lint_at(run, i)))
            continue;
        struct lint_number number = {.line = g_array_index(run, struct lint_character, i).line};
        i = number_read(run, i, &number.value, &number.is_exact);
        if (lint_at(run, i) == 0x4E07) /* 万 */
            number.value *= 1e4;
        else if (lint_at(run, i) == 0x5104) /* 億 */
            number.value *= 1e8;
        number.is_exact = number.is_exact || lint_at(run, i) == '%' || lint_at(run, i) == 0xFF05;
        g_array_append_val(numbers, number);
    }
}

static bool has_value(const GArray *numbers, guint count, double value)
{
    for (guint i = 0; i < count; i++) {
        double other = g_array_index(numbers, struct lint_number, i).value;
        if (other - value < 1e-6 && value - other < 1e-6)
            return true;
    }
    return false;
}

static void lacking_tell(struct lint_gathering *gathering, const GArray *from, const GArray *in,
                         const char *in_file)
{
    for (guint i = 0; i < from->len; i++) {
        const struct lint_number *number = &g_array_index(from, struct lint_number, i);
        if ((number->value < SMALLEST_COMPARED && !number->is_exact) || has_value(from, i, number->value) ||
            has_value(in, in->len, number->value))
            continue;
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        lint_add(gathering, LINT_EDITIONS_DIFFER, number->line,
                 "the number %s, which %s does not have, expected the same numbers in both languages",
                 g_ascii_formatd(text, sizeof text, "%.10g", number->value), in_file);
    }
}

void lint_numbers_compare(struct lint_gathering *gathering, const GArray *own, const GArray *other,
                          const char *other_file)
{
    const char *own_file = gathering->file;
    lacking_tell(gathering, own, other, other_file);
    gathering->file = g_intern_string(other_file);
    lacking_tell(gathering, other, own, own_file);
    gathering->file = own_file;
}
