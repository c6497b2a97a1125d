/* page_fields.h - the attributes of an element of pages.xml: tables of what may stand there and where it
 * goes. Private to page_template.c.
 *
 *     static const struct page_field paper_fields[] = {
 *         {"width", PAGE_FIELD_LENGTH, true, offsetof(struct page_template, paper_width)},
 *         {.name = NULL},
 *     };
 *
 *     if (page_fields_check(&reader, node, paper_fields, NULL) != 0 ||
 *         page_fields_read(&reader, node, paper_fields, template) != 0) ...
 *
 * Functions that return int give -1 and an error where they fail: "FILE: line N: <ELEMENT>: what, what was
 * expected".
 */
#ifndef TEITEN_RENDER_PAGE_FIELDS_H
#define TEITEN_RENDER_PAGE_FIELDS_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum page_field_kind {
    PAGE_FIELD_LENGTH,   /* "10.5pt", "30mm": double, points */
    PAGE_FIELD_NUMBER,   /* "0.5": double */
    PAGE_FIELD_COLOUR,   /* "#1A3A94": struct page_colour */
    PAGE_FIELD_LANGUAGE, /* "ja": char *, allocated; what stood there before is freed */
    PAGE_FIELD_TEXT,     /* likewise; not blank */
};

struct page_field {
    const char *name; /* NULL ends a table */
    enum page_field_kind kind;
    bool required;
    size_t offset; /* within the struct that the element fills */
};

struct page_fields_reader {
    const char *file;
    struct error *err;
};

/* Sets the error. Returns -1. */
int page_fields_fail(const struct page_fields_reader *r, xmlNodePtr node, const char *what);
/* Fills the struct at `base`; what is absent and need not be there stays. */
int page_fields_read(const struct page_fields_reader *r, xmlNodePtr node, const struct page_field *fields,
                     void *base);
/* Refuses attributes that neither the table nor `more` (NULL-terminated, or NULL) knows: a misspelt one would
 * be passed over in silence. */
int page_fields_check(const struct page_fields_reader *r, xmlNodePtr node, const struct page_field *fields,
                      const char *const *more);
/* The index of the attribute's value in a NULL-terminated list; -1 when it is none of them. */
int page_fields_choice(const struct page_fields_reader *r, xmlNodePtr node, const char *name,
                       const char *const *choices);

#endif
