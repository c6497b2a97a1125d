/* capture_builder.h - captures built byte by byte for the tests of src/capture/.
 *
 *     GByteArray *file = g_byte_array_new();
 *     pcap_header(file, LITTLE, 0xa1b2c3d4, 1);
 *     pcap_record(file, LITTLE, seconds, fraction, packet, size, size);
 *     int descriptor;
 *     char *path = memory_file(file->data, file->len, &descriptor);    // close(descriptor), g_free(path)
 */
#ifndef TEITEN_TESTS_CAPTURE_BUILDER_H
#define TEITEN_TESTS_CAPTURE_BUILDER_H

#include <bzlib.h>
#include <glib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum byte_order { LITTLE, BIG };

static inline void put(GByteArray *out, enum byte_order order, uint64_t value, unsigned int size)
{
    for (unsigned int i = 0; i < size; i++) {
        unsigned int shift = 8 * (order == LITTLE ? i : size - 1 - i);
        uint8_t byte = (uint8_t)(value >> shift);
        g_byte_array_append(out, &byte, 1);
    }
}

/* "45 00 0028": hexadecimal digits, blanks anywhere. */
static inline void put_hex(GByteArray *out, const char *text)
{
    int high = -1;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        int digit = g_ascii_xdigit_value(*text);
        g_assert(digit >= 0);
        if (high < 0) {
            high = digit;
            continue;
        }
        uint8_t byte = (uint8_t)(high << 4 | digit);
        g_byte_array_append(out, &byte, 1);
        high = -1;
    }
    g_assert(high < 0);
}

/* ---- classic pcap ---- */

static inline void pcap_header(GByteArray *out, enum byte_order order, uint32_t magic, uint32_t link_type)
{
    put(out, order, magic, 4);
    put(out, order, 2, 2);
    put(out, order, 4, 2);
    put(out, order, 0, 4);
    put(out, order, 0, 4);
    put(out, order, 65535, 4);
    put(out, order, link_type, 4);
}

static inline void pcap_record(GByteArray *out, enum byte_order order, uint32_t seconds, uint32_t fraction,
                               const void *data, uint32_t captured, uint32_t wire)
{
    put(out, order, seconds, 4);
    put(out, order, fraction, 4);
    put(out, order, captured, 4);
    put(out, order, wire, 4);
    g_byte_array_append(out, data, captured);
}

/* ---- pcapng ---- */

static inline void pcapng_block(GByteArray *out, enum byte_order order, uint32_t type, const GByteArray *body)
{
    uint32_t total = 12 + (body->len + 3) / 4 * 4;
    put(out, order, type, 4);
    put(out, order, total, 4);
    g_byte_array_append(out, body->data, body->len);
    put(out, order, 0, total - 12 - body->len);
    put(out, order, total, 4);
}

static inline void pcapng_section(GByteArray *out, enum byte_order order)
{
    GByteArray *body = g_byte_array_new();
    put(body, order, 0x1a2b3c4d, 4);
    put(body, order, 1, 2);
    put(body, order, 0, 2);
    put(body, order, UINT64_MAX, 8);
    pcapng_block(out, order, 0x0a0d0d0a, body);
    g_byte_array_free(body, TRUE);
}

/* resolution 0: no option; offset 0: no option. */
static inline void pcapng_interface(GByteArray *out, enum byte_order order, uint16_t link_type,
                                    uint32_t snap_length, uint8_t resolution, int64_t offset)
{
    GByteArray *body = g_byte_array_new();
    put(body, order, link_type, 2);
    put(body, order, 0, 2);
    put(body, order, snap_length, 4);
    put(body, order, 2, 2); /* if_name, three bytes and one of padding */
    put(body, order, 3, 2);
    g_byte_array_append(body, (const uint8_t *)"en0", 4);
    if (resolution) {
        put(body, order, 9, 2);
        put(body, order, 1, 2);
        put(body, order, resolution, 1);
        put(body, order, 0, 3);
    }
    if (offset) {
        put(body, order, 14, 2);
        put(body, order, 8, 2);
        put(body, order, (uint64_t)offset, 8);
    }
    put(body, order, 0, 4);
    pcapng_block(out, order, 1, body);
    g_byte_array_free(body, TRUE);
}

static inline void pcapng_enhanced(GByteArray *out, enum byte_order order, uint32_t interface, uint64_t units,
                                   const void *data, uint32_t captured, uint32_t wire)
{
    GByteArray *body = g_byte_array_new();
    put(body, order, interface, 4);
    put(body, order, units >> 32, 4);
    put(body, order, units & 0xffffffff, 4);
    put(body, order, captured, 4);
    put(body, order, wire, 4);
    g_byte_array_append(body, data, captured);
    pcapng_block(out, order, 6, body);
    g_byte_array_free(body, TRUE);
}

/* ---- compressed members ---- */

static inline void gzip_member(GByteArray *out, const uint8_t *data, size_t size)
{
    z_stream z = {0};
    g_assert(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    size_t room = deflateBound(&z, size) + 64;
    uint8_t *bytes = g_malloc(room);
    z.next_in = (Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)size;
    z.next_out = bytes;
    z.avail_out = (uInt)room;
    g_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
    g_byte_array_append(out, bytes, (guint)z.total_out);
    deflateEnd(&z);
    g_free(bytes);
}

static inline void zstd_member(GByteArray *out, const uint8_t *data, size_t size)
{
    size_t room = ZSTD_compressBound(size);
    uint8_t *bytes = g_malloc(room);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t made = ZSTD_compress2(context, bytes, room, data, size);
    g_assert(!ZSTD_isError(made));
    g_byte_array_append(out, bytes, (guint)made);
    ZSTD_freeCCtx(context);
    g_free(bytes);
}

static inline void xz_member(GByteArray *out, const uint8_t *data, size_t size)
{
    size_t room = lzma_stream_buffer_bound(size);
    uint8_t *bytes = g_malloc(room);
    size_t made = 0;
    g_assert(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC64, NULL, data, size, bytes, &made, room) == LZMA_OK);
    g_byte_array_append(out, bytes, (guint)made);
    g_free(bytes);
}

static inline void bzip2_member(GByteArray *out, const uint8_t *data, size_t size)
{
    unsigned int made = (unsigned int)size + (unsigned int)size / 100 + 600;
    char *bytes = g_malloc(made);
    g_assert(BZ2_bzBuffToBuffCompress(bytes, &made, (char *)(uintptr_t)data, (unsigned int)size, 1, 0, 0) ==
             BZ_OK);
    g_byte_array_append(out, (const uint8_t *)bytes, made);
    g_free(bytes);
}

static inline void lz4_member(GByteArray *out, const uint8_t *data, size_t size)
{
    LZ4F_preferences_t preferences = {.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled};
    size_t room = LZ4F_compressFrameBound(size, &preferences);
    uint8_t *bytes = g_malloc(room);
    size_t made = LZ4F_compressFrame(bytes, room, data, size, &preferences);
    g_assert(!LZ4F_isError(made));
    g_byte_array_append(out, bytes, (guint)made);
    g_free(bytes);
}

struct compression {
    const char *name;
    void (*append_member)(GByteArray *out, const uint8_t *data, size_t size);
};

static const struct compression compressions[] = {
    {"gzip", gzip_member},   {"zstd", zstd_member}, {"xz", xz_member},
    {"bzip2", bzip2_member}, {"lz4", lz4_member},
};

/* ---- files without a file system ---- */

static inline char *memory_file(const void *data, size_t size, int *descriptor)
{
    *descriptor = memfd_create("capture", MFD_CLOEXEC);
    g_assert(*descriptor >= 0);
    g_assert(size == 0 || write(*descriptor, data, size) == (ssize_t)size);
    return g_strdup_printf("/proc/self/fd/%d", *descriptor);
}

#endif
