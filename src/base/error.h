/* error.h - one error, built up from the inside out.
 *
 * A function that can fail returns 0 or -1 and takes `struct error *err` last. The innermost function says
 * what went wrong and what was expected; every layer above adds its own context once, in front:
 *
 *     if (csv_table_load(&table, path, err) != 0)
 *         return error_prefix(err, "sensors");            // "sensors: sensors.csv: line 3: ..."
 *
 * The finished text reads `stage: file: place: what, what was expected`. An error is untouched on success.
 * Only main() prints one and turns its kind into an exit code.
 */
#ifndef TEITEN_BASE_ERROR_H
#define TEITEN_BASE_ERROR_H

#include <glib.h>

/* The numbers are the program's exit codes (1 is taken: `teiten diff` found differences). */
enum error_kind {
    ERROR_NONE = 0,
    ERROR_USAGE = 2,  /* the command line asks for something that does not exist */
    ERROR_INPUT = 3,  /* a file that was read is missing, malformed or inconsistent */
    ERROR_OUTPUT = 4, /* something could not be written */
};

struct error {
    enum error_kind kind;
    char message[4096]; /* UTF-8, no final newline; cut (never split inside a character) when longer */
};

/* Sets the error; an earlier one is replaced. Returns -1, so that `return error_set(...)` reads well. */
int error_set(struct error *err, enum error_kind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Puts "context: " in front of the message. Returns -1. */
int error_prefix(struct error *err, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
