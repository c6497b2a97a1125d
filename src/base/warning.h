/* warning.h - what went on although something was wrong, counted.
 *
 * A warning has the same shape as an error (`stage: file: place: what, what was expected`) and never changes
 * what is counted without saying so. Of the warnings of one topic (one file, say) the first WARNING_SHOWN are
 * kept word for word; the rest are counted and summed up in one line, so that a broken registry of 100,000
 * lines stays readable and nothing is lost.
 *
 *     warning_add(log, path, "registry: %s: line %zu: 5 fields, expected 7 or more", path, line);
 */
#ifndef TEITEN_BASE_WARNING_H
#define TEITEN_BASE_WARNING_H

#include <glib.h>
#include <stdint.h>

enum { WARNING_SHOWN = 5 };

struct warning_log {
    GPtrArray *messages; /* char *, in order of arrival, WARNING_SHOWN per topic at most */
    GHashTable *topics;  /* char * topic -> uint64_t * count */
    GPtrArray *order;    /* borrowed keys of topics, in order of first arrival */
    uint64_t count;      /* all warnings, shown or not */
};

void warning_log_init(struct warning_log *log);
void warning_log_release(struct warning_log *log);

/* Adds a warning to a topic. `log` may be NULL: the warning is dropped. */
void warning_add(struct warning_log *log, const char *topic, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Counts `count` more warnings of a topic that has had WARNING_SHOWN of them, so that nobody sees the words.
 */
void warning_add_unshown(struct warning_log *log, const char *topic, uint64_t count);

/* The lines to show: kept messages, then "topic: N more warnings of this kind" per topic that has more.
 * Returns a new array of char * with a free function; the caller unrefs it. */
GPtrArray *warning_log_lines(const struct warning_log *log);

#endif
