/* lint_numbers.h - whether two languages' prose tells the same numbers. Private to lint.c.
 *
 * Numbers from 13 on, and those with a decimal point or a per cent sign, in either language: smaller ones are
 * written in words now and then, and are months. 12万 is 120,000.
 */
#ifndef TEITEN_RENDER_LINT_NUMBERS_H
#define TEITEN_RENDER_LINT_NUMBERS_H

#include "render/lint_text.h"

struct lint_number {
    double value;
    bool is_exact; /* has a decimal point or a per cent sign: told even if it is small */
    long line;
};

/* Appends the numbers of a run (struct lint_character) to `numbers` (struct lint_number). */
void lint_numbers_gather(GArray *numbers, const GArray *run);
/* Tells each number of `own`, the file at hand, that `other` lacks, and each of `other` (`other_file`) that
 * `own` lacks; each once. */
void lint_numbers_compare(struct lint_gathering *gathering, const GArray *own, const GArray *other,
                          const char *other_file);

#endif
