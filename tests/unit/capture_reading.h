/* capture_reading.h - reads a capture to its end and keeps what was said, for the tests of archives.
 *
 *     struct reading reading = read_bytes(file->data, file->len);
 *     assert_null(reading.stop_error);
 *     assert_time(packet_at(&reading, 0), 1743433200, 123456000);
 *     reading_release(&reading);
 *
 * Packets of 20 bytes must be the payload below.
 */
#ifndef TEITEN_TESTS_CAPTURE_READING_H
#define TEITEN_TESTS_CAPTURE_READING_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/archive.h"
#include "unit/capture_builder.h"

static const uint8_t payload[] = {0x45, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19};

struct reading {
    char *open_error; /* NULL: it could be opened */
    char *stop_error; /* NULL: read to its end */
    GArray *packets;  /* struct packet, their data is gone */
};

static inline struct reading read_path(const char *path)
{
    struct reading reading = {.packets = g_array_new(FALSE, TRUE, sizeof(struct packet))};
    struct error err = {0};
    struct archive *archive = archive_open(path, &err);
    if (!archive) {
        reading.open_error = g_strdup(err.message);
        assert_int_equal(err.kind, ERROR_INPUT);
        return reading;
    }
    struct packet packet;
    int got;
    while ((got = archive_next(archive, &packet, &err)) == 1) {
        /* every byte that is promised is there: the sanitizer looks */
        uint8_t *copy = g_memdup2(packet.data, packet.captured_size);
        if (packet.captured_size == sizeof payload)
            assert_memory_equal(copy, payload, sizeof payload);
        g_free(copy);
        packet.data = NULL;
        g_array_append_val(reading.packets, packet);
    }
    assert_int_equal(archive_packet_count(archive), reading.packets->len);
    struct error again = {0};
    assert_int_equal(archive_next(archive, &packet, &again), got);
    if (got < 0) {
        assert_string_equal(again.message, err.message);
        assert_int_equal(err.kind, ERROR_INPUT);
        reading.stop_error = g_strdup(err.message);
    }
    archive_close(archive);
    return reading;
}

static inline struct reading read_bytes(const void *bytes, size_t size)
{
    int descriptor;
    char *path = memory_file(bytes, size, &descriptor);
    struct reading reading = read_path(path);
    /* messages begin with the path, which tests need not know */
    char **texts[] = {&reading.open_error, &reading.stop_error};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (!*texts[i])
            continue;
        assert_true(g_str_has_prefix(*texts[i], path) && g_str_has_prefix(*texts[i] + strlen(path), ": "));
        memmove(*texts[i], *texts[i] + strlen(path) + 2, strlen(*texts[i]) - strlen(path) - 1);
    }
    close(descriptor);
    g_free(path);
    return reading;
}

static inline void reading_release(struct reading *reading)
{
    g_free(reading->open_error);
    g_free(reading->stop_error);
    g_array_free(reading->packets, TRUE);
}

static inline const struct packet *packet_at(const struct reading *reading, guint i)
{
    assert_true(i < reading->packets->len);
    return &g_array_index(reading->packets, struct packet, i);
}

static inline void assert_time(const struct packet *packet, int64_t seconds, uint32_t nanoseconds)
{
    assert_false(packet->bad_time);
    assert_int_equal(packet->seconds, seconds);
    assert_int_equal(packet->nanoseconds, nanoseconds);
}

static inline void assert_reads(const GByteArray *file, guint count)
{
    struct reading reading = read_bytes(file->data, file->len);
    if (reading.open_error || reading.stop_error)
        fail_msg("%s", reading.open_error ? reading.open_error : reading.stop_error);
    assert_int_equal(reading.packets->len, count);
    reading_release(&reading);
}

static inline void assert_stops(const GByteArray *file, guint count, const char *expected)
{
    struct reading reading = read_bytes(file->data, file->len);
    const char *text = reading.open_error ? reading.open_error : reading.stop_error;
    assert_non_null(text);
    if (!strstr(text, expected))
        fail_msg("\"%s\", expected \"%s\" in it", text, expected);
    assert_int_equal(reading.packets->len, count);
    reading_release(&reading);
}

/* What libpcap refuses: interfaces of different link types, snap lengths and resolutions, then a section of
 * the other byte order that starts its interfaces anew. Blocks nobody knows lie in between. */
static inline GByteArray *mixed_sections(void)
{
    GByteArray *file = g_byte_array_new();
    GByteArray *odd = g_byte_array_new();
    put_hex(odd, "0102030405060708090a");
    pcapng_section(file, LITTLE);
    pcapng_interface(file, LITTLE, 1, 65535, 0, 0);
    pcapng_block(file, LITTLE, 0x80000bad, odd);
    pcapng_interface(file, LITTLE, 101, 96, 9, 0);
    pcapng_enhanced(file, LITTLE, 1, UINT64_C(1000000001), payload, 20, 20);
    pcapng_enhanced(file, LITTLE, 0, UINT64_C(2000001), payload, 19, 1500);
    pcapng_block(file, LITTLE, 5, odd);
    pcapng_section(file, BIG);
    pcapng_interface(file, BIG, 113, 0, 0x80 | 1, 0);
    pcapng_enhanced(file, BIG, 0, 7, payload, 20, 20);
    g_byte_array_free(odd, TRUE);
    return file;
}

#endif
