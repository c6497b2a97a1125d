#include "aggregate/delegated_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024, SLACK = 8 /* bytes behind a block that may be looked at */ };

bool delegated_reader_open(struct delegated_reader *reader, const char *path)
{
    *reader = (struct delegated_reader){.descriptor = open(path, O_RDONLY | O_CLOEXEC)};
    if (reader->descriptor < 0)
        return false;
    reader->room = READ_SIZE;
    reader->block = g_malloc0(READ_SIZE + SLACK);
    reader->hash = digest_begin();
    return true;
}

void delegated_reader_close(struct delegated_reader *reader, uint8_t digest[DIGEST_BYTES])
{
    close(reader->descriptor);
    g_free(reader->block);
    digest_end(reader->hash, digest);
}

/* Reads more bytes behind those not taken yet, which move to the front. */
static void reader_fill(struct delegated_reader *reader)
{
    memmove(reader->block, reader->block + reader->start, reader->end - reader->start);
    reader->end -= reader->start;
    reader->start = 0;
    if (reader->end == reader->room) {
        reader->room *= 2;
        reader->block = g_realloc(reader->block, reader->room + SLACK);
        memset(reader->block + reader->room, 0, SLACK);
    }
    ssize_t got;
    do
        got = read(reader->descriptor, reader->block + reader->end, reader->room - reader->end);
    while (got < 0 && errno == EINTR);
    reader->failed = got < 0 ? errno : 0;
    reader->at_end = got <= 0;
    if (got <= 0)
        return;
    digest_add(reader->hash, reader->block + reader->end, (size_t)got);
    reader->end += (size_t)got;
}

void delegated_reader_drain(struct delegated_reader *reader)
{
    while (!reader->at_end) {
        reader->start = reader->end;
        reader_fill(reader);
    }
}

static inline bool is_blank(char byte)
{
    return byte <= ' ' && g_ascii_isspace(byte);
}

/* Where the field ends that begins at `at`: at a bar, or the line's end. Eight bytes are looked at together:
 * one that is a bar becomes 0, and of the lowest such byte the uppermost bit is the lowest that is set. */
static const char *field_end(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; at < end; at += sizeof(uint64_t)) {
        uint64_t bytes;
        memcpy(&bytes, at, sizeof bytes);
        bytes = GUINT64_FROM_LE(bytes) ^ ones * '|';
        uint64_t zeros = (bytes - ones) & ~bytes & ones << 7;
        if (zeros != 0) {
            at += __builtin_ctzll(zeros) / 8;
            break;
        }
    }
    return MIN(at, end);
}

static void line_split(struct delegated_line *line)
{
    const char *at = line->whole.bytes;
    const char *end = at + line->whole.size;
    for (line->field_count = 0; line->field_count < DELEGATED_FIELDS;) {
        const char *stop = field_end(at, end);
        const char *last = stop;
        while (last > at && is_blank(last[-1]))
            last--;
        while (at < last && is_blank(*at))
            at++;
        line->fields[line->field_count++] = (struct delegated_text){at, (size_t)(last - at)};
        if (stop == end)
            return;
        at = stop + 1;
    }
}

bool delegated_line_next(struct delegated_reader *reader, struct delegated_line *line)
{
    size_t searched = 0;
    for (;;) {
        const char *text = reader->block + reader->start;
        size_t size = reader->end - reader->start;
        const char *feed = memchr(text + searched, '\n', size - searched);
        if (feed == NULL && !reader->at_end) {
            searched = size;
            reader_fill(reader);
            continue;
        }
        if (feed == NULL && (size == 0 || reader->failed != 0))
            return false;
        line->number++;
        line->is_ended = feed != NULL;
        line->whole = (struct delegated_text){text, feed != NULL ? (size_t)(feed - text) : size};
        reader->start += line->whole.size + (line->is_ended ? 1 : 0);
        line_split(line);
        return true;
    }
}
