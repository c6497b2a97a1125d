/* measure_filter.h - the conditions of <where> as written, turned into a filter.
 *
 *     struct measure_filter filter = {0};
 *     measure_filter_set(&filter, "port", "23 2323 8000-8100", folder, err)
 *     measure_filter_set(&filter, "protocol", "tcp 47", folder, err)
 *     measure_filter_set(&filter, "not-source-prefix", "lists/research.csv 192.0.2.0/24", folder, err)
 *
 * Values are separated by blanks. Whether sensors and regions exist is asked elsewhere (publication_check.h).
 */
#ifndef TEITEN_PUBLICATION_MEASURE_FILTER_H
#define TEITEN_PUBLICATION_MEASURE_FILTER_H

#include "base/error.h"
#include "publication/measure.h"

/* "port", "tool", ...: the n-th condition there is, from 0; NULL beyond the last. Static. */
const char *measure_filter_condition(size_t n);

/* One condition, at most once per filter. Files of prefixes (words that end in ".csv" or ".json") are looked
 * for in `folder`. The error reads "what, what was expected", without a place. */
int measure_filter_set(struct measure_filter *filter, const char *condition, const char *values,
                       const char *folder, struct error *err);

/* Refuses conditions that no packet can meet together. The error reads "what, what was expected". */
int measure_filter_check(const struct measure_filter *filter, struct error *err);

/* The words of a text, NULL-terminated; g_strfreev frees it. */
char **words_split(const char *text);

#endif
