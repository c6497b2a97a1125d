/* delegated_lines.h - the lines of a registry's file, cut into fields where they lie, and the file's digest
 * on the way.
 *
 *     struct delegated_reader reader;
 *     if (!delegated_reader_open(&reader, path))                       // errno
 *         return false;
 *     struct delegated_line line = {.number = 0};
 *     while (delegated_line_next(&reader, &line))
 *         use(line.fields, line.field_count);
 *     int failed = reader.failed;                                      // errno of reading, 0: none
 *     delegated_reader_close(&reader, digest);
 *
 * Texts are borrowed until the next line is asked for.
 */
#ifndef TEITEN_AGGREGATE_DELEGATED_LINES_H
#define TEITEN_AGGREGATE_DELEGATED_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/digest.h"

enum { DELEGATED_FIELDS = 7 };

/* The file's bytes, a block at a time, or more while a line is longer. */
struct delegated_reader {
    int descriptor;
    char *block;             /* [room], and some bytes behind it that may be looked at */
    size_t room, start, end; /* what is not taken yet lies in [start, end) */
    bool at_end;
    int failed; /* errno, or 0 */
    struct digest_hash *hash;
};

/* Bytes that nothing ends. */
struct delegated_text {
    const char *bytes;
    size_t size;
};

/* One line, cut into its fields. Those beyond the seventh are of no interest. */
struct delegated_line {
    uint64_t number;
    bool is_ended; /* by a line feed */
    struct delegated_text whole, fields[DELEGATED_FIELDS];
    size_t field_count;
};

/* Byte for byte. */
static inline bool delegated_text_is(struct delegated_text text, const char *expected)
{
    return text.size == strlen(expected) && memcmp(text.bytes, expected, text.size) == 0;
}

bool delegated_reader_open(struct delegated_reader *reader, const char *path);
/* `digest`: of all bytes read, the whole file's at its end. */
void delegated_reader_close(struct delegated_reader *reader, uint8_t digest[DIGEST_BYTES]);
/* Passes over the rest of the file. */
void delegated_reader_drain(struct delegated_reader *reader);
/* The next line, split; false at the end, or when reading failed. */
bool delegated_line_next(struct delegated_reader *reader, struct delegated_line *line);

#endif
