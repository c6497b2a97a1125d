#include "render/page_fields.h"

#include <string.h>

#include "render/page_template.h"

static bool parse_number(const char *text, double *value, const char **rest)
{
    if (!g_ascii_isdigit(text[0]))
        return false;
    char *end;
    *value = g_ascii_strtod(text, &end);
    *rest = end;
    return true;
}

static bool parse_length(const char *text, double *value)
{
    const char *unit;
    if (!parse_number(text, value, &unit))
        return false;
    if (strcmp(unit, "mm") == 0) {
        *value *= 72 / 25.4;
        return true;
    }
    return strcmp(unit, "pt") == 0;
}

static bool parse_colour(const char *text, struct page_colour *colour)
{
    int v[6];
    if (text[0] != '#' || strlen(text) != 7)
        return false;
    for (int i = 0; i < 6; i++) {
        v[i] = g_ascii_xdigit_value(text[i + 1]);
        if (v[i] < 0)
            return false;
    }
    *colour = (struct page_colour){(v[0] * 16 + v[1]) / 255.0, (v[2] * 16 + v[3]) / 255.0,
                                   (v[4] * 16 + v[5]) / 255.0};
    return true;
}

/* NULL when the text is fine, else what was expected. */
static const char *parse_value(const char *text, enum page_field_kind kind, void *target)
{
    const char *rest;
    switch (kind) {
    case PAGE_FIELD_LENGTH:
        return parse_length(text, target) ? NULL : "a length such as 10.5pt or 30mm";
    case PAGE_FIELD_NUMBER: {
        double *number = target;
        return parse_number(text, number, &rest) && *rest == '\0' ? NULL : "a number such as 1 or 0.5";
    }
    case PAGE_FIELD_COLOUR:
        return parse_colour(text, target) ? NULL : "a colour such as #1A3A94";
    case PAGE_FIELD_TEXT:
        if (text[strspn(text, " \t\r\n")] == '\0')
            return "a text";
        break;
    case PAGE_FIELD_LANGUAGE:
        if (!g_ascii_isalpha(text[0]) ||
            strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != strlen(text))
            return "a language such as ja";
        break;
    }
    char **owned = target;
    g_free(*owned);
    *owned = g_strdup(text);
    return NULL;
}

static char *attribute(xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = value != NULL ? g_strdup((const char *)value) : NULL;
    xmlFree(value);
    return copy;
}

int page_fields_fail(const struct page_fields_reader *r, xmlNodePtr node, const char *what)
{
    return error_set(r->err, ERROR_INPUT, "%s: line %ld: <%s>: %s", r->file, xmlGetLineNo(node),
                     (const char *)node->name, what);
}

int page_fields_read(const struct page_fields_reader *r, xmlNodePtr node, const struct page_field *fields,
                     void *base)
{
    for (const struct page_field *f = fields; f->name != NULL; f++) {
        char *text = attribute(node, f->name);
        if (text == NULL && !f->required)
            continue;
        const char *expected =
            text != NULL ? parse_value(text, f->kind, (char *)base + f->offset) : "this attribute";
        if (expected != NULL) {
            char *what = text != NULL ? g_strdup_printf("%s=\"%s\", expected %s", f->name, text, expected)
                                      : g_strdup_printf("no attribute %s, expected it", f->name);
            page_fields_fail(r, node, what);
            g_free(what);
            g_free(text);
            return -1;
        }
        g_free(text);
    }
    return 0;
}

int page_fields_check(const struct page_fields_reader *r, xmlNodePtr node, const struct page_field *fields,
                      const char *const *more)
{
    for (xmlAttrPtr a = node->properties; a != NULL; a = a->next) {
        bool known = more != NULL && g_strv_contains(more, (const char *)a->name);
        for (const struct page_field *f = fields; f->name != NULL && !known; f++)
            known = strcmp(f->name, (const char *)a->name) == 0;
        if (!known) {
            GString *what = g_string_new(NULL);
            g_string_printf(what, "unknown attribute %s, expected", (const char *)a->name);
            for (const struct page_field *f = fields; f->name != NULL; f++)
                g_string_append_printf(what, " %s", f->name);
            for (; more != NULL && *more != NULL; more++)
                g_string_append_printf(what, " %s", *more);
            page_fields_fail(r, node, what->str);
            g_string_free(what, TRUE);
            return -1;
        }
    }
    return 0;
}

int page_fields_choice(const struct page_fields_reader *r, xmlNodePtr node, const char *name,
                       const char *const *choices)
{
    char *text = attribute(node, name);
    int found = -1;
    for (int i = 0; choices[i] != NULL; i++)
        if (text != NULL && strcmp(text, choices[i]) == 0)
            found = i;
    if (found < 0) {
        char *list = g_strjoinv(", ", (char **)(void *)choices);
        char *what = g_strdup_printf("%s=\"%s\", expected one of %s", name, text != NULL ? text : "", list);
        page_fields_fail(r, node, what);
        g_free(what);
        g_free(list);
    }
    g_free(text);
    return found;
}
