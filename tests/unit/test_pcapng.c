/* pcapng.h, through archive.h: byte orders, sections, resolutions, packet blocks of three kinds; cut and
 * damaged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <pcap/dlt.h>

#include "unit/capture_reading.h"

static void test_pcapng_resolutions(void **state)
{
    (void)state;
    static const struct {
        uint8_t resolution;
        int64_t offset;
        uint64_t units;
        int64_t seconds; /* -1: bad */
        uint32_t nanoseconds;
    } cases[] = {
        {0, 0, UINT64_C(1743433200123456), 1743433200, 123456000},
        {6, 0, UINT64_C(1743433200999999), 1743433200, 999999000},
        {9, 0, UINT64_C(1743433200123456789), 1743433200, 123456789},
        {3, 0, UINT64_C(1743433200123), 1743433200, 123000000},
        {12, 0, UINT64_C(1743433200999999), 1743, 433200999}, /* cut to nanoseconds, not rounded */
        {0x80 | 10, 0, UINT64_C(1743433200) * 1024 + 512, 1743433200, 500000000},
        {0x80 | 63, 0, UINT64_MAX, 1, 999999999},
        {0x80, 0, 7, 7, 0}, /* 2^0: whole seconds */
        {19, 0, UINT64_MAX, 1, 844674407},
        {6, 1743433200, UINT64_C(5000001), 1743433205, 1000},
        {6, -10, UINT64_C(12000000), 2, 0},
        {6, -10, UINT64_C(9000000), -1, 0}, /* before 1970 */
        {6, INT64_MAX, UINT64_C(9000000), -1, 0},
        {0, 0, UINT64_C(253402300799999999), 253402300799, 999999000}, /* the end of the year 9999 */
        {0, 0, UINT64_C(253402300800000000), -1, 0},
        {0x80, 0, UINT64_MAX, -1, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (enum byte_order order = LITTLE; order <= BIG; order++) {
            GByteArray *file = g_byte_array_new();
            pcapng_section(file, order);
            pcapng_interface(file, order, 1, 0, cases[i].resolution, cases[i].offset);
            pcapng_enhanced(file, order, 0, cases[i].units, payload, 20, 60);
            struct reading reading = read_bytes(file->data, file->len);
            assert_null(reading.stop_error);
            const struct packet *packet = packet_at(&reading, 0);
            if (packet->bad_time != (cases[i].seconds < 0))
                fail_msg("case %zu: bad_time %d", i, packet->bad_time);
            if (!packet->bad_time &&
                (packet->seconds != cases[i].seconds || packet->nanoseconds != cases[i].nanoseconds))
                fail_msg("case %zu: %" PRId64 ".%09u", i, packet->seconds, packet->nanoseconds);
            assert_int_equal(packet->wire_size, 60);
            reading_release(&reading);
            g_byte_array_free(file, TRUE);
        }
    }
}

static void test_pcapng_mixed(void **state)
{
    (void)state;
    GByteArray *file = mixed_sections();
    struct reading reading = read_bytes(file->data, file->len);
    assert_null(reading.open_error);
    assert_null(reading.stop_error);
    assert_int_equal(reading.packets->len, 3);
    assert_time(packet_at(&reading, 0), 1, 1);
    assert_int_equal(packet_at(&reading, 0)->link_type, DLT_RAW);
    assert_time(packet_at(&reading, 1), 2, 1000);
    assert_int_equal(packet_at(&reading, 1)->link_type, DLT_EN10MB);
    assert_int_equal(packet_at(&reading, 1)->captured_size, 19);
    assert_int_equal(packet_at(&reading, 1)->wire_size, 1500);
    assert_time(packet_at(&reading, 2), 3, 500000000);
    assert_int_equal(packet_at(&reading, 2)->link_type, DLT_LINUX_SLL);
    reading_release(&reading);
    g_byte_array_free(file, TRUE);
}

static void test_pcapng_other_packet_blocks(void **state)
{
    (void)state;
    GByteArray *file = g_byte_array_new();
    GByteArray *body = g_byte_array_new();
    pcapng_section(file, BIG);
    pcapng_interface(file, BIG, 1, 20, 0, 0);
    put(body, BIG, 1000, 4); /* simple: 1,000 bytes on the wire, of which the snap length let 20 through */
    g_byte_array_append(body, payload, 20);
    pcapng_block(file, BIG, 3, body);
    g_byte_array_set_size(body, 0);
    put(body, BIG, 0, 2); /* obsolete: interface, drops, time, lengths */
    put(body, BIG, 7, 2);
    put(body, BIG, 0, 4);
    put(body, BIG, 3000004, 4);
    put(body, BIG, 20, 4);
    put(body, BIG, 60, 4);
    g_byte_array_append(body, payload, 20);
    pcapng_block(file, BIG, 2, body);
    struct reading reading = read_bytes(file->data, file->len);
    assert_null(reading.stop_error);
    assert_int_equal(reading.packets->len, 2);
    assert_true(packet_at(&reading, 0)->bad_time); /* it has none */
    assert_int_equal(packet_at(&reading, 0)->captured_size, 20);
    assert_int_equal(packet_at(&reading, 0)->wire_size, 1000);
    assert_time(packet_at(&reading, 1), 3, 4000);
    reading_release(&reading);
    g_byte_array_free(body, TRUE);
    g_byte_array_free(file, TRUE);
}

static void test_pcapng_cut_anywhere(void **state)
{
    (void)state;
    GByteArray *file = mixed_sections();
    GHashTable *boundaries = g_hash_table_new(NULL, NULL);
    bool big = false;
    for (size_t at = 0; at < file->len;) {
        const uint8_t *b = file->data + at;
        if (b[0] == 0x0a)
            big = b[8] == 0x1a;
        at += big ? (size_t)b[6] << 8 | b[7] : (size_t)b[5] << 8 | b[4];
        g_hash_table_add(boundaries, GSIZE_TO_POINTER(at));
    }
    for (size_t size = 1; size <= file->len; size++) {
        struct reading reading = read_bytes(file->data, size);
        bool whole = g_hash_table_contains(boundaries, GSIZE_TO_POINTER(size));
        if (whole != (!reading.open_error && !reading.stop_error))
            fail_msg("cut at %zu: %s", size, reading.stop_error ? reading.stop_error : "nothing said");
        reading_release(&reading);
    }
    g_hash_table_destroy(boundaries);
    g_byte_array_free(file, TRUE);
}

/* A section of 28 bytes, an interface of 32 (12 and 8 of them its frame and fixed part), a packet of 52. */
static GByteArray *small_pcapng(void)
{
    GByteArray *file = g_byte_array_new();
    pcapng_section(file, LITTLE);
    pcapng_interface(file, LITTLE, 1, 0, 0, 0);
    pcapng_enhanced(file, LITTLE, 0, 1, payload, 20, 20);
    assert_int_equal(file->len, 28 + 32 + 52);
    return file;
}

static void test_pcapng_damaged(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
        guint packets;
        const char *message;
    } cases[] = {
        {8, 0xff, 0, "byte-order magic"},
        {12, 2, 0, "pcapng version 2.0, expected 1.0"},
        {4, 27, 0, "length 27, expected a multiple of 4"},
        {24, 32, 0, "has length 28 before it and 32 after it"},
        {28 + 4, 8, 0, "packet 1: a block of type 0x00000001 with length 8"},
        {28 + 18, 40, 0, "packet 1: interface description: option 2 has 40 bytes, 8 are left in its block"},
        {28 + 28, 31, 0, "packet 1: a block of type 0x00000001 has length 32 before it and 31 after it"},
        {60 + 7, 2, 0,
         "packet 1: a block of type 0x00000006 with length 33554484, expected 16777216 at most"},
        {60 + 8, 1, 0, "packet 1: a packet of interface 1, but the section describes 1 interfaces"},
        {60 + 20, 21, 0, "packet 1: packet block: 21 captured bytes, but its block has room for 20"},
        {60 + 5, 1, 0,
         "packet 1: the capture ends at byte 112 in the middle of a block (308 bytes expected, 52 are "
         "there)"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GByteArray *file = small_pcapng();
        file->data[cases[i].at] = cases[i].value;
        assert_stops(file, cases[i].packets, cases[i].message);
        g_byte_array_free(file, TRUE);
    }
    GByteArray *file = g_byte_array_new();
    pcapng_section(file, LITTLE);
    pcapng_interface(file, LITTLE, 1, 0, 20, 0);
    assert_stops(file, 0, "packet 1: interface description: if_tsresol 10^-20");
    g_byte_array_free(file, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pcapng_resolutions),
        cmocka_unit_test(test_pcapng_mixed),
        cmocka_unit_test(test_pcapng_other_packet_blocks),
        cmocka_unit_test(test_pcapng_cut_anywhere),
        cmocka_unit_test(test_pcapng_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
