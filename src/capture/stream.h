/* stream.h - the stored bytes of an archive as decoded bytes: plain, or compressed and recognised by content.
 *
 *     struct stream *stream = stream_open("a.pcap.gz", err);
 *     uint8_t buffer[65536];
 *     ssize_t size;
 *     while ((size = stream_read(stream, buffer, sizeof buffer)) > 0)
 *         use(buffer, (size_t)size);
 *     if (size < 0)
 *         report(stream_failure(stream));      // cut or damaged data is never taken for the end
 *     stream_close(stream);
 *
 * Errors do not name the file (the archive does). Offsets in them count stored bytes from 0.
 */
#ifndef TEITEN_CAPTURE_STREAM_H
#define TEITEN_CAPTURE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/digest.h"
#include "base/error.h"

struct stream;

/* Stored bytes are read in blocks of this size; a reader that asks for as much saves a copy when nothing is
 * compressed. */
enum { STREAM_BLOCK_SIZE = 256 * 1024, STREAM_HEAD_SIZE = 512 };

/* "-" is standard input. NULL when it cannot be opened or its first bytes cannot be read. An empty file is
 * fine. */
struct stream *stream_open(const char *path, struct error *err);
/* Up to `size` decoded bytes. 0: the end. -1: failed, now and at every later call. */
ssize_t stream_read(struct stream *stream, void *buffer, size_t size);
/* The first decoded bytes (STREAM_HEAD_SIZE of them, fewer when there are no more or reading fails), before
 * the first stream_read, which gives them again. Returns how many. */
size_t stream_peek(struct stream *stream, const uint8_t **bytes);
/* Why stream_read failed, or NULL when it did not. */
const struct error *stream_failure(const struct stream *stream);
/* "gzip" and so on; NULL when the file is not compressed. */
const char *stream_codec_name(const struct stream *stream);
/* Decoded bytes that stream_read gave so far. */
uint64_t stream_decoded_size(const struct stream *stream);
/* Stored bytes that were decoded. */
uint64_t stream_bytes_consumed(const struct stream *stream);
/* Whether the bytes are those of a file, which ends: a pipe or a device might not. */
bool stream_is_file(const struct stream *stream);
/* Reads what is left of the stored bytes without decoding; then size and digest are those of the whole
 * file. To be called once, before stream_close alone. 0, or -1 when the file cannot be read. */
int stream_drain(struct stream *stream, uint64_t *size, char digest[DIGEST_SIZE], struct error *err);
void stream_close(struct stream *stream); /* NULL is fine */

#endif
