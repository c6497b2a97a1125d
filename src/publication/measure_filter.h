/* measure_filter.h - the conditions of <where> as written, turned into a filter.
 *
 *     struct measure_filter filter = {0};
 *     measure_filter_set(&filter, "port", "23 2323 8000-8100", err)
 *     measure_filter_set(&filter, "protocol", "tcp 47", err)
 *
 * Values are separated by blanks. Whether sensors and regions exist is asked elsewhere (publication_check.h).
 */
#ifndef TEITEN_PUBLICATION_MEASURE_FILTER_H
#define TEITEN_PUBLICATION_MEASURE_FILTER_H

#include "base/error.h"
#include "publication/measure.h"

/* One condition, at most once per filter. The error reads "what, what was expected", without a place. */
int measure_filter_set(struct measure_filter *filter, const char *condition, const char *values,
                       struct error *err);

/* The words of a text, NULL-terminated; g_strfreev frees it. */
char **words_split(const char *text);

#endif
