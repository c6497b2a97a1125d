/* advisory_reader.h - what the readers of advisory lists share; for advisory*.c and knowledge.c alone. */
#ifndef TEITEN_PUBLICATION_ADVISORY_READER_H
#define TEITEN_PUBLICATION_ADVISORY_READER_H

#include "publication/advisory.h"

/* Takes the advisory over (all members filled in). False when its identifier is known: it is united with that
 * one, and the earlier date stands. */
bool advisory_list_add(struct advisory_list *list, struct advisory *advisory);
/* The text on one line, without control characters. Owned by the caller; text is UTF-8. */
char *advisory_printable(const char *text);
/* Whether it can be linked to: http or https, printable, without quotes and angle brackets. */
bool advisory_url_is_web(const char *url);

#endif
