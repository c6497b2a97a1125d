/* model_element.h - elements and attributes of the model document: texts, numbers, dates, yes and no. */
#ifndef TEITEN_RENDER_MODEL_ELEMENT_H
#define TEITEN_RENDER_MODEL_ELEMENT_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/civil_date.h"

/* Empty when the text is NULL or "". Returns the new element. */
xmlNodePtr element_add(xmlNodePtr parent, const char *name, const char *text);
/* "" for NULL. */
void attribute_add(xmlNodePtr element, const char *name, const char *value);
void number_add(xmlNodePtr element, const char *name, uint64_t value);
void flag_add(xmlNodePtr element, const char *name, bool value);
void date_add(xmlNodePtr element, const char *name, struct civil_date date);
/* The number with thousands separators as text, as it is in attribute `value`: XPath 1.0 cannot format. */
xmlNodePtr count_add(xmlNodePtr parent, const char *name, uint64_t value);

#endif
