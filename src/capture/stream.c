#include "capture/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "capture/codec.h"

enum { FIRST_READ_SIZE = 4096 };

struct stream {
    int descriptor;
    bool owns_descriptor;
    bool at_end;              /* read(2) returned 0 */
    bool read_failed;         /* the file itself cannot be read, which ends stream_drain as well */
    struct digest_hash *hash; /* of all stored bytes read so far; NULL once it was asked for */
    uint64_t stored_size;     /* of all stored bytes read so far */
    uint8_t *block; /* stored bytes: [block_start, block_end) of STREAM_BLOCK_SIZE are not decoded yet */
    size_t block_start;
    size_t block_end;
    const struct codec *codec; /* NULL: plain */
    void *codec_state;
    bool between_members;
    struct error failure;
    uint8_t head[STREAM_HEAD_SIZE]; /* decoded bytes that stream_peek took: [head_start, head_end) are not
                                       read yet */
    size_t head_start;
    size_t head_end;
    uint64_t decoded_size; /* of all bytes that stream_read gave */
};

static void stream_fail(struct stream *stream, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void stream_fail(struct stream *stream, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    error_set(&stream->failure, ERROR_INPUT, "%s", text);
    g_free(text);
}

/* One read(2) of stored bytes, hashed. 0 at the end and -1 on failure, as read(2) itself. */
static ssize_t stored_read(struct stream *stream, uint8_t *buffer, size_t size)
{
    ssize_t got;
    do
        got = read(stream->descriptor, buffer, size);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        stream->read_failed = true;
        stream_fail(stream, "cannot read: %s", g_strerror(errno));
    } else if (got == 0) {
        stream->at_end = true;
    } else {
        digest_add(stream->hash, buffer, (size_t)got);
        stream->stored_size += (uint64_t)got;
    }
    return got;
}

/* Brings at least `wanted` undecoded bytes into the block, fewer only at the end, and reads ahead up to
 * `size` bytes in all. False when reading failed. */
static bool block_fill(struct stream *stream, size_t wanted, size_t size)
{
    if (stream->block_end - stream->block_start >= wanted || stream->at_end)
        return true;
    memmove(stream->block, stream->block + stream->block_start, stream->block_end - stream->block_start);
    stream->block_end -= stream->block_start;
    stream->block_start = 0;
    while (stream->block_end < wanted && !stream->at_end) {
        ssize_t got = stored_read(stream, stream->block + stream->block_end, size - stream->block_end);
        if (got < 0)
            return false;
        stream->block_end += (size_t)got;
    }
    return true;
}

static bool block_ensure(struct stream *stream, size_t wanted)
{
    return block_fill(stream, wanted, STREAM_BLOCK_SIZE);
}

struct stream *stream_open(const char *path, struct error *err)
{
    struct stream *stream = g_new0(struct stream, 1);
    stream->owns_descriptor = strcmp(path, "-") != 0;
    stream->descriptor = stream->owns_descriptor ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (stream->descriptor < 0) {
        error_set(err, ERROR_INPUT, "cannot open: %s", g_strerror(errno));
        g_free(stream);
        return NULL;
    }
    stream->hash = digest_begin();
    stream->block = g_malloc(STREAM_BLOCK_SIZE);
    /* What it is shows at once. Of a plain file the rest is read to where it is wanted, without a copy. */
    if (!block_fill(stream, CODEC_MAGIC_SIZE, FIRST_READ_SIZE)) {
        *err = stream->failure;
        stream_close(stream);
        return NULL;
    }
    stream->codec = codec_find(stream->block, stream->block_end);
    if (stream->codec) {
        stream->codec_state = stream->codec->state_new();
        stream->between_members = true;
    }
    return stream;
}

static ssize_t plain_read(struct stream *stream, uint8_t *buffer, size_t size)
{
    size_t left = stream->block_end - stream->block_start;
    if (left == 0 && !stream->at_end) {
        if (size >= STREAM_BLOCK_SIZE)
            return stored_read(stream, buffer, size);
        if (!block_ensure(stream, 1))
            return -1;
        left = stream->block_end - stream->block_start;
    }
    size_t taken = MIN(left, size);
    memcpy(buffer, stream->block + stream->block_start, taken);
    stream->block_start += taken;
    return (ssize_t)taken;
}

/* Stands where a member starts, or where the file may end. 1: a member was begun, 0: the end, -1: neither. */
static int member_find(struct stream *stream)
{
    const struct codec *codec = stream->codec;
    for (;;) {
        if (!block_ensure(stream, CODEC_MAGIC_SIZE))
            return -1;
        if (stream->block_start == stream->block_end)
            return 0;
        if (!codec->zero_padding || stream->block[stream->block_start] != 0)
            break;
        stream->block_start++;
    }
    size_t size = MIN(stream->block_end - stream->block_start, CODEC_MAGIC_SIZE);
    if (!codec->can_start(stream->block + stream->block_start, size)) {
        stream_fail(stream,
                    "%s: byte %" PRIu64
                    ": something that is no %s %s follows the compressed data, expected the end",
                    codec->name, stream_bytes_consumed(stream), codec->name, codec->member);
        return -1;
    }
    const char *reason = NULL;
    if (!codec->member_begin(stream->codec_state, &reason)) {
        stream_fail(stream, "%s: byte %" PRIu64 ": %s", codec->name, stream_bytes_consumed(stream), reason);
        return -1;
    }
    stream->between_members = false;
    return 1;
}

static ssize_t compressed_read(struct stream *stream, uint8_t *buffer, size_t size)
{
    const struct codec *codec = stream->codec;
    for (;;) {
        if (stream->between_members) {
            int found = member_find(stream);
            if (found <= 0)
                return found;
        }
        if (!block_ensure(stream, 1))
            return -1;
        size_t left = stream->block_end - stream->block_start;
        struct codec_step step = {stream->block + stream->block_start, left, buffer, size};
        const char *reason = NULL;
        enum codec_result result = codec->decode(stream->codec_state, &step, &reason);
        size_t taken = left - step.input_size;
        size_t made = size - step.output_size;
        stream->block_start += taken;
        if (result == CODEC_FAILED)
            stream_fail(stream, "%s: byte %" PRIu64 ": %s", codec->name, stream_bytes_consumed(stream),
                        reason);
        else if (result == CODEC_MEMBER_END)
            stream->between_members = true;
        else if (made == 0 && taken == 0 && left > 0)
            stream_fail(stream, "%s: byte %" PRIu64 ": the decoder does not go on", codec->name,
                        stream_bytes_consumed(stream));
        else if (left == 0 && made == 0)
            stream_fail(stream, "%s: the file ends at byte %" PRIu64 " in the middle of a %s: it was cut",
                        codec->name, stream_bytes_consumed(stream), codec->member);
        /* What was decoded before the failure is handed out first; the next call reports it. */
        if (made > 0)
            return (ssize_t)made;
        if (stream_failure(stream))
            return -1;
    }
}

static ssize_t decoded_read(struct stream *stream, uint8_t *buffer, size_t size)
{
    if (stream_failure(stream))
        return -1;
    if (size == 0)
        return 0;
    return stream->codec ? compressed_read(stream, buffer, size) : plain_read(stream, buffer, size);
}

ssize_t stream_read(struct stream *stream, void *buffer, size_t size)
{
    size_t left = stream->head_end - stream->head_start;
    if (left == 0) {
        ssize_t got = decoded_read(stream, buffer, size);
        stream->decoded_size += got > 0 ? (size_t)got : 0;
        return got;
    }
    size_t taken = MIN(left, size);
    memcpy(buffer, stream->head + stream->head_start, taken);
    stream->head_start += taken;
    stream->decoded_size += taken;
    return (ssize_t)taken;
}

size_t stream_peek(struct stream *stream, const uint8_t **bytes)
{
    ssize_t got = 1;
    while (stream->head_end < STREAM_HEAD_SIZE && got > 0) {
        got = decoded_read(stream, stream->head + stream->head_end, STREAM_HEAD_SIZE - stream->head_end);
        if (got > 0)
            stream->head_end += (size_t)got;
    }
    *bytes = stream->head;
    return stream->head_end;
}

const struct error *stream_failure(const struct stream *stream)
{
    return stream->failure.kind == ERROR_NONE ? NULL : &stream->failure;
}

const char *stream_codec_name(const struct stream *stream)
{
    return stream->codec ? stream->codec->name : NULL;
}

uint64_t stream_decoded_size(const struct stream *stream)
{
    return stream->decoded_size;
}

uint64_t stream_bytes_consumed(const struct stream *stream)
{
    return stream->stored_size - (stream->block_end - stream->block_start);
}

bool stream_is_file(const struct stream *stream)
{
    struct stat status;
    return fstat(stream->descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

int stream_drain(struct stream *stream, uint64_t *size, char digest[DIGEST_SIZE], struct error *err)
{
    uint8_t bytes[DIGEST_BYTES];
    stream->block_start = stream->block_end = 0;
    while (!stream->at_end && !stream->read_failed)
        stored_read(stream, stream->block, STREAM_BLOCK_SIZE);
    if (stream->read_failed) {
        *err = stream->failure;
        return -1;
    }
    digest_end(g_steal_pointer(&stream->hash), bytes);
    digest_text(bytes, digest);
    *size = stream->stored_size;
    return 0;
}

void stream_close(struct stream *stream)
{
    if (!stream)
        return;
    if (stream->codec)
        stream->codec->state_free(stream->codec_state);
    if (stream->owns_descriptor)
        close(stream->descriptor);
    digest_free(stream->hash);
    g_free(stream->block);
    g_free(stream);
}
