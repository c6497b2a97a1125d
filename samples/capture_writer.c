#include "capture_writer.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

enum {
    PCAPNG_SECTION_FIXED = 28,
    PCAPNG_INTERFACE_FIXED = 32,
    PCAPNG_PACKET_FIXED = 32,
    COMPRESSION_LEVEL = 6
};
#define NANOSECONDS_PER_SECOND INT64_C(1000000000)

static void append16(GByteArray *out, uint32_t value)
{
    uint8_t bytes[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    g_byte_array_append(out, bytes, 2);
}

static void append32(GByteArray *out, uint32_t value)
{
    append16(out, value & 0xffff);
    append16(out, value >> 16);
}

void capture_write_start(GByteArray *capture, enum recorder_format format, uint32_t link_type,
                         uint32_t snap_length)
{
    if (format != RECORDER_PCAPNG) {
        append32(capture, format == RECORDER_PCAP ? 0xa1b2c3d4 : 0xa1b23c4d);
        append16(capture, 2);
        append16(capture, 4);
        append32(capture, 0);
        append32(capture, 0);
        append32(capture, snap_length);
        append32(capture, link_type);
        return;
    }
    append32(capture, 0x0a0d0d0a); /* section header */
    append32(capture, PCAPNG_SECTION_FIXED);
    append32(capture, 0x1a2b3c4d);
    append16(capture, 1);
    append16(capture, 0);
    append32(capture, UINT32_MAX); /* section length unknown */
    append32(capture, UINT32_MAX);
    append32(capture, PCAPNG_SECTION_FIXED);
    append32(capture, 1); /* interface description, with if_tsresol (9): microseconds */
    append32(capture, PCAPNG_INTERFACE_FIXED);
    append16(capture, link_type);
    append16(capture, 0);
    append32(capture, snap_length);
    append16(capture, 9);
    append16(capture, 1);
    append32(capture, 6);
    append32(capture, 0); /* end of options */
    append32(capture, PCAPNG_INTERFACE_FIXED);
}

void capture_write_packet(GByteArray *capture, enum recorder_format format, int64_t nanoseconds,
                          const uint8_t *frame, uint32_t captured_size, uint32_t wire_size,
                          uint32_t extra_fraction)
{
    static const uint8_t padding[4] = {0};
    int64_t seconds = nanoseconds / NANOSECONDS_PER_SECOND;
    uint32_t fraction = (uint32_t)(nanoseconds % NANOSECONDS_PER_SECOND);
    if (format != RECORDER_PCAPNG) {
        append32(capture, (uint32_t)seconds);
        append32(capture, (format == RECORDER_PCAP ? fraction / 1000 : fraction) + extra_fraction);
        append32(capture, captured_size);
        append32(capture, wire_size);
        g_byte_array_append(capture, frame, captured_size);
        return;
    }
    uint32_t padding_size = (4 - captured_size % 4) % 4;
    uint32_t block_size = PCAPNG_PACKET_FIXED + captured_size + padding_size;
    uint64_t microseconds = (uint64_t)seconds * 1000000 + fraction / 1000;
    append32(capture, 6); /* enhanced packet */
    append32(capture, block_size);
    append32(capture, 0);
    append32(capture, (uint32_t)(microseconds >> 32));
    append32(capture, (uint32_t)microseconds);
    append32(capture, captured_size);
    append32(capture, wire_size);
    g_byte_array_append(capture, frame, captured_size);
    g_byte_array_append(capture, padding, padding_size);
    append32(capture, block_size);
}

int capture_save(const GByteArray *capture, const char *path, struct error *err)
{
    z_stream stream = {0};
    gz_header header = {.os = 255}; /* unknown: the same on every system */
    if (deflateInit2(&stream, COMPRESSION_LEVEL, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK ||
        deflateSetHeader(&stream, &header) != Z_OK)
        return error_set(err, ERROR_OUTPUT, "%s: cannot compress: zlib refuses", path);
    uLong bound = deflateBound(&stream, capture->len);
    g_autofree uint8_t *bytes = g_malloc(bound);
    stream.next_in = capture->data;
    stream.avail_in = capture->len;
    stream.next_out = bytes;
    stream.avail_out = (uInt)bound;
    int result = deflate(&stream, Z_FINISH);
    size_t size = stream.total_out;
    deflateEnd(&stream);
    if (result != Z_STREAM_END)
        return error_set(err, ERROR_OUTPUT, "%s: cannot compress: zlib error %d", path, result);
    /* Thousands of files that can be made again: no fsync for each, as output_file_write would. */
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents_full(path, (const char *)bytes, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT,
                                  0644, &error))
        return error_set(err, ERROR_OUTPUT, "%s", error->message);
    return 0;
}
