/* reader.h - the bytes of a summary taken off their front: lines of the head with their fields, then numbers
 * and bits. Private to summary_parse.c.
 *
 *     sensor<TAB>tokyo-1<TAB>JP<TAB>east
 *
 *     if (reader_line(&reader, "sensor", 3) != 0) ...
 *     sensor->id = reader_field_copy(&reader, 1);
 *
 * Functions that return int give 0, or -1 and an error that does not name the file: "not a sound summary:
 * line N: expected ...".
 */
#ifndef TEITEN_SUMMARY_READER_H
#define TEITEN_SUMMARY_READER_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "summary/supply.h"

enum { READER_FIELDS_MAX = 12 };

/* What is left to read, from `at` to `end`: of the head, then of the sections. `line` counts head lines,
 * `fields` are those of the last one, unescaped: fields[0] is its name. */
struct reader {
    const uint8_t *at;
    const uint8_t *end;
    const uint8_t *file_end;   /* of the last section */
    const char *const *wanted; /* measures whose sections are read; NULL: all */
    bool is_old;               /* of the version before, SUMMARY_FILE_OLD */
    size_t line;
    char *text; /* of the line's fields, which a NUL ends; whoever made the reader frees it */
    size_t text_room, text_size;
    char *fields[READER_FIELDS_MAX];
    size_t field_count;
    GBytes *holder;        /* of all bytes, or NULL */
    struct supply *supply; /* of bytes that are not there before they are brought; NULL: all are there */
    struct error *err;
};

/* Sets the error, of the whole file or of the line at hand. Return -1. */
int reader_refuse(struct reader *reader, const char *what);
int reader_refuse_line(struct reader *reader, const char *expected);

/* Reads a head line, which must have this name and number of fields after it (fields[1] the first of them).
 */
int reader_line(struct reader *reader, const char *name, size_t field_count);
/* Up to `maximum`, inclusive. */
int reader_field_number(struct reader *reader, size_t field, uint64_t maximum, uint64_t *value);
/* Seconds may lie before 1970. */
int reader_field_second(struct reader *reader, size_t field, int64_t *value);
/* Exactly `length` lowercase hex digits; `digits` has room for them and a NUL. */
int reader_field_hex(struct reader *reader, size_t field, size_t length, char *digits);
/* Owned by the caller. */
char *reader_field_copy(const struct reader *reader, size_t field);

/* What follows the head's lines (octets.h). */
int reader_number(struct reader *reader, uint64_t maximum, uint64_t *value);
int reader_bits(struct reader *reader, bool *bits, size_t count);

#endif
