/* summary_resign.h - sets the digests of a changed summary right, so that what is tried is the reader's own
 * care. What is no longer to be found is left as it is.
 *
 *     GByteArray *bytes = summary_resign(changed->data, changed->len);
 *     GByteArray *old = summary_as_old(sound->data, sound->len);       // as version 4 wrote it
 */
#ifndef TEITEN_TESTS_SUMMARY_RESIGN_H
#define TEITEN_TESTS_SUMMARY_RESIGN_H

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "summary/seal.h"
#include "summary/summary_file.h"

#define RESIGN_VERSION SUMMARY_FILE_MAGIC SUMMARY_FILE_VERSION "\n"
#define RESIGN_OLD SUMMARY_FILE_MAGIC SUMMARY_FILE_OLD "\n"

static inline bool resign_begins(const uint8_t *data, size_t size, const char *start)
{
    return size >= strlen(start) && memcmp(data, start, strlen(start)) == 0;
}

/* SHA-256 of everything, as a last line. */
static inline void resign_old(GByteArray *bytes)
{
    char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
    char *trailer = g_strdup_printf("sha256 %s\n", digest);
    g_byte_array_append(bytes, (const uint8_t *)trailer, (guint)strlen(trailer));
    g_free(trailer);
    g_free(digest);
}

/* A line `measure`, with the digest of the section at *at, which is moved behind it. */
static inline void resign_measure(GString *line, const uint8_t **at, const uint8_t *end, bool with_digest)
{
    enum { SIZE = 6, DIGEST = 7, HEX = 32 };
    char **fields = g_strsplit(line->str, "\t", -1);
    if (g_strv_length(fields) > DIGEST) {
        size_t size = (size_t)strtoull(fields[SIZE], NULL, 10);
        size = MIN(size, (size_t)(end - *at));
        if (strlen(fields[DIGEST]) == HEX)
            digest_of(*at, size, fields[DIGEST]);
        *at += size;
        g_string_truncate(line, 0);
        for (guint i = 0; fields[i] != NULL; i++)
            if (i != DIGEST || with_digest)
                g_string_append_printf(line, "%s%s", i > 0 ? "\t" : "", fields[i]);
    }
    g_strfreev(fields);
}

/* The head behind its second line and up to its seal, with the digests of the sections, or without any. */
static inline GByteArray *resign_head(const uint8_t *at, const uint8_t *seal, const uint8_t *end,
                                      bool with_digests)
{
    GByteArray *rest = g_byte_array_new();
    const uint8_t *section = seal + SEAL_SIZE, *stop;
    bool is_head = true;
    while (is_head && (stop = memchr(at, '\n', (size_t)(seal - at))) != NULL) {
        is_head = !resign_begins(at, (size_t)(seal - at), "end\n");
        if (resign_begins(at, (size_t)(stop - at), "measure\t") &&
            memchr(at, '\0', (size_t)(stop - at)) == NULL) {
            GString *line = g_string_new_len((const char *)at, stop - at);
            resign_measure(line, &section, end, with_digests);
            g_byte_array_append(rest, (const uint8_t *)line->str, (guint)line->len);
            g_string_free(line, TRUE);
        } else {
            g_byte_array_append(rest, at, (guint)(stop - at));
        }
        g_byte_array_append(rest, (const uint8_t *)"\n", 1);
        at = stop + 1;
    }
    g_byte_array_append(rest, at, (guint)(seal - at));
    return rest;
}

static inline GByteArray *resign_write(const uint8_t *data, size_t size, bool as_old)
{
    GByteArray *out = g_byte_array_new();
    const uint8_t *end = data + size, *seal = memmem(data, size, "xxh3-128 ", strlen("xxh3-128 "));
    const uint8_t *second = data + strlen(RESIGN_VERSION);
    const uint8_t *line_end = seal == NULL ? NULL : memchr(second, '\n', (size_t)(seal - second));
    if (line_end == NULL || (size_t)(end - seal) < SEAL_SIZE) {
        g_byte_array_append(out, data, (guint)size);
        return out;
    }
    GByteArray *rest = resign_head(line_end + 1, seal, end, !as_old);
    char *start = as_old ? g_strdup(RESIGN_OLD) : g_strdup_printf(RESIGN_VERSION "head\t%u\n", rest->len);
    g_byte_array_append(out, (const uint8_t *)start, (guint)strlen(start));
    g_byte_array_append(out, rest->data, rest->len);
    if (!as_old) {
        char line[SEAL_SIZE + 1];
        seal_make(out->data, out->len, line);
        g_byte_array_append(out, (const uint8_t *)line, SEAL_SIZE);
    }
    g_byte_array_append(out, seal + SEAL_SIZE, (guint)(end - seal) - SEAL_SIZE);
    if (as_old)
        resign_old(out);
    g_free(start);
    g_byte_array_unref(rest);
    return out;
}

static inline GByteArray *summary_resign(const uint8_t *data, size_t size)
{
    enum { OLD_TRAILER_SIZE = 72 };
    if (resign_begins(data, size, RESIGN_VERSION))
        return resign_write(data, size, false);
    GByteArray *out = g_byte_array_new();
    bool is_old = resign_begins(data, size, RESIGN_OLD) && size >= strlen(RESIGN_OLD) + OLD_TRAILER_SIZE;
    g_byte_array_append(out, data, (guint)(is_old ? size - OLD_TRAILER_SIZE : size));
    if (is_old)
        resign_old(out);
    return out;
}

static inline GByteArray *summary_as_old(const uint8_t *data, size_t size)
{
    return resign_write(data, size, true);
}

#endif
