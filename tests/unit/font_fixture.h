/* font_fixture.h - the fonts that ship with the program, for cmocka's setup and teardown: *state is a
 * struct fonts *. */
#ifndef TEITEN_TESTS_UNIT_FONT_FIXTURE_H
#define TEITEN_TESTS_UNIT_FONT_FIXTURE_H

#include <glib.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "chart/fonts.h"

static inline int open_fonts(void **state)
{
    struct error err = {0};
    const char *source = g_getenv("TEITEN_SOURCE");
    g_setenv("TEITEN_DATA", source != NULL ? source : "..", TRUE);
    *state = fonts_new(&err);
    if (*state == NULL)
        print_message("%s\n", err.message);
    return *state == NULL;
}

static inline int close_fonts(void **state)
{
    fonts_free(*state);
    return 0;
}

#endif
