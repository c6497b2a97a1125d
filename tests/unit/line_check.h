/* line_check.h - what the tests of lines ask: numbers that are equal but for rounding, and where kinsoku lets
 * characters stand. */
#ifndef TEITEN_TESTS_UNIT_LINE_CHECK_H
#define TEITEN_TESTS_UNIT_LINE_CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* Characters that begin no line, and that end none. */
static const char never_first[] =
    "、。，．・：；！？）」』】〉》〕ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々〜";
static const char never_last[] = "（「『【〈《〔";

static inline void assert_close(double actual, double expected)
{
    if (fabs(actual - expected) > 1e-6)
        fail_msg("%g, expected %g", actual, expected);
}

#endif
