/* flow_fixture.h - what setting a page needs, with the shipped Japanese page template and fonts, for cmocka's
 * setup and teardown: *state is a struct sample *. */
#ifndef TEITEN_TESTS_UNIT_FLOW_FIXTURE_H
#define TEITEN_TESTS_UNIT_FLOW_FIXTURE_H

#include <glib.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/flow.h"

struct sample {
    struct fonts *fonts;
    struct page_template template;
    struct model model;
};

static inline int set_up(void **state)
{
    struct sample *s = g_new0(struct sample, 1);
    struct error err = {0};
    const char *source = g_getenv("TEITEN_SOURCE");
    g_setenv("TEITEN_DATA", source, FALSE);
    char *pages = g_build_filename(source, "templates/ja/pages.xml", NULL);
    s->fonts = fonts_new(&err);
    if (s->fonts == NULL || page_template_load(&s->template, pages, &err) != 0)
        fail_msg("%s", err.message);
    g_free(pages);
    *state = s;
    return 0;
}

static inline int tear_down(void **state)
{
    struct sample *s = *state;
    page_template_release(&s->template);
    fonts_free(s->fonts);
    g_free(s);
    return 0;
}

#endif
