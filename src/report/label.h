/* label.h - what a key is called: whole (tables), in two parts (figures' end labels), and in prose.
 *
 * | key    | label_append   | label_split        | label_append_prose |
 * |--------|----------------|--------------------|--------------------|
 * | 23/TCP | Telnet(23/TCP) | Telnet, 23/TCP     | Telnet(23/TCP)     |
 * | US     | 米国(US)       | 米国, US           | 米国               |
 *
 * Of a pair's key both halves are named: 23/TCP+US is Telnet(23/TCP)・米国(US).
 *
 * A region without a name is an error that names the region table and the code, never a silent fall-back. A
 * sensor that left sensors.csv keeps its id.
 */
#ifndef TEITEN_REPORT_LABEL_H
#define TEITEN_REPORT_LABEL_H

#include <glib.h>

#include "report/context.h"

int label_append(const struct context *context, enum measure_by by, const char *key, GString *out,
                 struct error *err);
int label_append_prose(const struct context *context, enum measure_by by, const char *key, GString *out,
                       struct error *err);
/* Both owned by the caller, untouched on error. */
int label_split(const struct context *context, enum measure_by by, const char *key, char **label,
                char **detail, struct error *err);

#endif
