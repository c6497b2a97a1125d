#include "render/model_element.h"

#include <glib.h>
#include <inttypes.h>

#include "base/number.h"

xmlNodePtr element_add(xmlNodePtr parent, const char *name, const char *text)
{
    return xmlNewTextChild(parent, NULL, BAD_CAST name, text != NULL && *text != '\0' ? BAD_CAST text : NULL);
}

void attribute_add(xmlNodePtr element, const char *name, const char *value)
{
    xmlNewNsProp(element, NULL, BAD_CAST name, BAD_CAST(value != NULL ? value : ""));
}

void number_add(xmlNodePtr element, const char *name, uint64_t value)
{
    char text[24];
    g_snprintf(text, sizeof text, "%" PRIu64, value);
    attribute_add(element, name, text);
}

void flag_add(xmlNodePtr element, const char *name, bool value)
{
    attribute_add(element, name, value ? "yes" : "no");
}

void date_add(xmlNodePtr element, const char *name, struct civil_date date)
{
    char buffer[CIVIL_DATE_SIZE];
    attribute_add(element, name, civil_date_format(date, buffer));
}

xmlNodePtr count_add(xmlNodePtr parent, const char *name, uint64_t value)
{
    GString *text = g_string_new(NULL);
    number_append_thousands(text, value);
    xmlNodePtr element = element_add(parent, name, text->str);
    number_add(element, "value", value);
    g_string_free(text, TRUE);
    return element;
}
