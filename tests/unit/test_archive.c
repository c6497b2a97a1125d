/* archive.h: classic pcap, plain and compressed, whole, cut and damaged; things that are no captures. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <inttypes.h>
#include <pcap/dlt.h>

#include "unit/capture_reading.h"

/* ---- classic pcap ---- */

static void test_pcap_variants(void **state)
{
    (void)state;
    for (enum byte_order order = LITTLE; order <= BIG; order++) {
        for (int nano = 0; nano <= 1; nano++) {
            GByteArray *file = g_byte_array_new();
            /* upper bits of the link type: length of the frame check sequence and that it is known */
            pcap_header(file, order, nano ? 0xa1b23c4d : 0xa1b2c3d4, 0x24000000 | 1);
            pcap_record(file, order, 1743433200, 123456, payload, 20, 60);
            pcap_record(file, order, 0xfffffffe, nano ? 999999999 : 999999, payload, 20, 20);
            pcap_record(file, order, 1743433200, nano ? 1000000000 : 1000000, payload, 20, 20);
            pcap_record(file, order, 1743433200, 0xffffffff, payload, 20, 20);
            pcap_record(file, order, 0, 0, payload, 20, 4); /* fewer bytes on the wire than captured */
            pcap_record(file, order, 1, 0, payload, 0, 0);
            struct reading reading = read_bytes(file->data, file->len);
            assert_null(reading.open_error);
            assert_null(reading.stop_error);
            assert_int_equal(reading.packets->len, 6);
            assert_time(packet_at(&reading, 0), 1743433200, nano ? 123456 : 123456000);
            assert_int_equal(packet_at(&reading, 0)->link_type, DLT_EN10MB);
            assert_int_equal(packet_at(&reading, 0)->captured_size, 20);
            assert_int_equal(packet_at(&reading, 0)->wire_size, 60);
            assert_time(packet_at(&reading, 1), 0xfffffffe,
                        nano ? 999999999 : 999999000); /* the year 2106, not 1969 */
            assert_true(packet_at(&reading, 2)->bad_time);
            assert_true(packet_at(&reading, 3)->bad_time);
            assert_time(packet_at(&reading, 4), 0, 0);
            assert_int_equal(packet_at(&reading, 4)->captured_size, 20);
            assert_int_equal(packet_at(&reading, 4)->wire_size, 4);
            assert_int_equal(packet_at(&reading, 5)->captured_size, 0);
            reading_release(&reading);
            g_byte_array_free(file, TRUE);
        }
    }
}

static void test_pcap_link_types(void **state)
{
    (void)state;
    static const struct {
        uint32_t stored;
        int link_type;
    } cases[] = {
        {101, DLT_RAW}, {100, DLT_ATM_RFC1483}, {106, DLT_ATM_CLIP}, {228, DLT_IPV4}, {113, DLT_LINUX_SLL}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GByteArray *classic = g_byte_array_new();
        pcap_header(classic, LITTLE, 0xa1b2c3d4, cases[i].stored);
        pcap_record(classic, LITTLE, 1, 2, payload, 20, 20);
        struct reading reading = read_bytes(classic->data, classic->len);
        assert_int_equal(packet_at(&reading, 0)->link_type, cases[i].link_type);
        reading_release(&reading);
        g_byte_array_free(classic, TRUE);
        /* both readers agree */
        GByteArray *ng = g_byte_array_new();
        pcapng_section(ng, BIG);
        pcapng_interface(ng, BIG, (uint16_t)cases[i].stored, 0, 0, 0);
        pcapng_enhanced(ng, BIG, 0, 1, payload, 20, 20);
        reading = read_bytes(ng->data, ng->len);
        assert_int_equal(packet_at(&reading, 0)->link_type, cases[i].link_type);
        reading_release(&reading);
        g_byte_array_free(ng, TRUE);
    }
}

static GByteArray *three_packets(enum byte_order order)
{
    GByteArray *file = g_byte_array_new();
    pcap_header(file, order, 0xa1b2c3d4, 1);
    for (uint32_t i = 0; i < 3; i++)
        pcap_record(file, order, 1743433200 + i, i, payload, 20, 20);
    return file;
}

/* Packets of 16 + 20 bytes after a header of 24: only between them may a capture end. */
static void test_pcap_cut_anywhere(void **state)
{
    (void)state;
    GByteArray *file = three_packets(LITTLE);
    for (size_t size = 1; size < file->len; size++) {
        struct reading reading = read_bytes(file->data, size);
        if (size < 24) {
            assert_non_null(reading.open_error);
        } else {
            assert_null(reading.open_error);
            assert_int_equal(reading.packets->len, (size - 24) / 36);
            assert_int_equal(reading.stop_error == NULL, (size - 24) % 36 == 0);
            if (reading.stop_error) {
                char *expected = g_strdup_printf("packet %zu: truncated dump file", (size - 24) / 36 + 1);
                assert_true(g_str_has_prefix(reading.stop_error, expected));
                g_free(expected);
            }
        }
        reading_release(&reading);
    }
    g_byte_array_free(file, TRUE);
}

static void test_pcap_damaged(void **state)
{
    (void)state;
    GByteArray *file = three_packets(LITTLE);
    file->data[24 + 36 + 11] = 0x7f; /* captured length of the second packet: 2 billion */
    assert_stops(file, 1, "packet 2: ");
    g_byte_array_free(file, TRUE);
    file = three_packets(BIG);
    file->data[5] = 9; /* version 9.4 */
    assert_stops(file, 0, "unsupported pcap savefile version 9.4");
    g_byte_array_free(file, TRUE);
}

/* ---- compressed captures ---- */

static void test_compressed(void **state)
{
    (void)state;
    GByteArray *file = three_packets(BIG);
    for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++) {
        GByteArray *stored = g_byte_array_new();
        compressions[i].append_member(stored, file->data, 50); /* inside a packet */
        compressions[i].append_member(stored, file->data + 50, file->len - 50);
        assert_reads(stored, 3);
        g_byte_array_free(stored, TRUE);
    }
    g_byte_array_free(file, TRUE);
}

/* libpcap sees a file that ends; what must be said is that the compressed data was cut, and where. */
static void test_compressed_cut_anywhere(void **state)
{
    (void)state;
    GByteArray *file = three_packets(LITTLE);
    for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++) {
        GByteArray *stored = g_byte_array_new();
        compressions[i].append_member(stored, file->data, file->len);
        for (size_t size = 1; size < stored->len; size++) {
            struct reading reading = read_bytes(stored->data, size);
            assert_true(reading.packets->len <= 3);
            const char *text = reading.open_error ? reading.open_error : reading.stop_error;
            if (!text)
                fail_msg("%s: cut at %zu of %u, and nothing said", compressions[i].name, size, stored->len);
            if (size >= 4) {
                char *expected = g_strdup_printf("%s: the file ends at byte %zu", compressions[i].name, size);
                if (!strstr(text, expected))
                    fail_msg("cut at %zu: %s", size, text);
                g_free(expected);
            }
            reading_release(&reading);
        }
        g_byte_array_free(stored, TRUE);
    }
    g_byte_array_free(file, TRUE);
}

static void test_cut_inside_compression(void **state)
{
    (void)state;
    GByteArray *file = three_packets(LITTLE);
    GByteArray *stored = g_byte_array_new();
    zstd_member(stored, file->data, file->len - 5); /* the compression is whole, the capture in it is not */
    assert_stops(stored, 2, "packet 3: truncated dump file");
    g_byte_array_free(stored, TRUE);
    g_byte_array_free(file, TRUE);
}

/* ---- no captures ---- */

static void test_no_capture(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *message;
    } cases[] = {
        {"", 0, "the file is empty, expected a pcap or pcapng capture"},
        {"<!DOCTYPE html>\n<html><body>404</body></html>\n", 46,
         "no pcap or pcapng capture: it looks like an HTML page"},
        {"  <HTML>", 8, "no pcap or pcapng capture: it looks like an HTML page"},
        {"<?xml version=\"1.0\"?>", 21, "no pcap or pcapng capture: it looks like an XML document"},
        {"PK\3\4 and more", 13, "no pcap or pcapng capture: it looks like a ZIP archive"},
        {"id,prefix,region\n", 17, "no pcap or pcapng capture: it looks like text"},
        {"\0\0\0\0\0\0\0\0", 8, "no pcap or pcapng capture: it looks like nothing but zero bytes"},
        {"\x1f\x9d\x90\1\2\3", 6, "no pcap or pcapng capture: it looks like data of compress(1)"},
        {"\xde\xad\xbe\xef\1\2\3\4", 8, "unknown file format"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct reading reading = read_bytes(cases[i].bytes, cases[i].size);
        assert_non_null(reading.open_error);
        assert_string_equal(reading.open_error, cases[i].message);
        reading_release(&reading);
    }
    GByteArray *stored = g_byte_array_new();
    gzip_member(stored, NULL, 0);
    assert_stops(stored, 0,
                 "the file is empty inside its gzip compression, expected a pcap or pcapng capture");
    g_byte_array_set_size(stored, 0);
    gzip_member(stored, (const uint8_t *)"<html>", 6);
    assert_stops(stored, 0, "it looks like an HTML page");
    g_byte_array_free(stored, TRUE);

    struct reading reading = read_path("no/such.pcap");
    assert_string_equal(reading.open_error, "no/such.pcap: cannot open: No such file or directory");
    reading_release(&reading);
}

/* ---- identity and standard input ---- */

static void test_identity(void **state)
{
    (void)state;
    GByteArray *file = three_packets(LITTLE);
    GByteArray *stored = g_byte_array_new();
    gzip_member(stored, file->data, file->len);
    g_byte_array_append(stored, (const uint8_t *)"rubbish",
                        7); /* reading stops at it, the identity does not */
    int descriptor;
    char *path = memory_file(stored->data, stored->len, &descriptor);
    struct error err = {0};
    struct archive_identity expected;
    assert_int_equal(archive_identify(path, &expected, &err), 0);
    assert_int_equal(expected.size, stored->len);
    assert_int_equal(strlen(expected.digest), 32);
    for (int reads = 0; reads < 6; reads++) {
        struct archive *archive = archive_open(path, &err);
        assert_non_null(archive);
        struct packet packet;
        int got = 1;
        for (int i = 0; i < reads; i++)
            got = archive_next(archive, &packet, &err);
        assert_int_equal(got, reads > 3 ? -1 : 1);
        struct archive_identity identity;
        assert_int_equal(archive_finish(archive, &identity, &err), 0);
        assert_int_equal(identity.size, expected.size);
        assert_string_equal(identity.digest, expected.digest);
        archive_close(archive);
    }
    assert_int_equal(archive_identify("no/such.pcap", &expected, &err), -1);
    assert_string_equal(err.message, "no/such.pcap: cannot open: No such file or directory");
    close(descriptor);
    g_free(path);
    g_byte_array_free(stored, TRUE);
    g_byte_array_free(file, TRUE);
}

static void test_standard_input(void **state)
{
    (void)state;
    GByteArray *file = three_packets(LITTLE);
    int descriptor;
    char *path = memory_file(file->data, file->len - 1, &descriptor);
    int before = dup(STDIN_FILENO);
    assert_int_equal(lseek(descriptor, 0, SEEK_SET), 0);
    assert_int_equal(dup2(descriptor, STDIN_FILENO), STDIN_FILENO);
    struct reading reading = read_path("-");
    assert_int_equal(reading.packets->len, 2);
    assert_true(g_str_has_prefix(reading.stop_error, "standard input: packet 3: truncated"));
    assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* it is not ours to close */
    if (before >= 0) {
        dup2(before, STDIN_FILENO);
        close(before);
    }
    reading_release(&reading);
    close(descriptor);
    g_free(path);
    g_byte_array_free(file, TRUE);
}

/* ---- damage at random ---- */

/* A sanitizer maps the buffers of every archive anew, which takes most of the time. */
#ifdef __SANITIZE_ADDRESS__
enum { DAMAGED_ARCHIVES = 1500 };
#else
enum { DAMAGED_ARCHIVES = 20000 };
#endif

/* Nothing is expected but an end or an error, and no read outside the bytes there are (sanitizers look). */
static void test_damaged_at_random(void **state)
{
    (void)state;
    GByteArray *seeds[5] = {three_packets(LITTLE), three_packets(BIG), mixed_sections(), g_byte_array_new(),
                            g_byte_array_new()};
    gzip_member(seeds[3], seeds[0]->data, seeds[0]->len);
    zstd_member(seeds[4], seeds[2]->data, seeds[2]->len);
    GRand *random = g_rand_new_with_seed(20250402);
    for (int round = 0; round < DAMAGED_ARCHIVES; round++) {
        const GByteArray *seed = seeds[g_rand_int_range(random, 0, 5)];
        uint8_t *bytes = g_memdup2(seed->data, seed->len);
        int changes = g_rand_int_range(random, 1, 4);
        for (int i = 0; i < changes; i++)
            bytes[g_rand_int_range(random, 0, (gint32)seed->len)] = (uint8_t)g_rand_int(random);
        int descriptor;
        char *path = memory_file(bytes, seed->len, &descriptor);
        struct error err = {0};
        struct archive *archive = archive_open(path, &err);
        if (archive) {
            struct packet packet;
            struct packet_headers headers;
            while (archive_next(archive, &packet, &err) == 1)
                packet_decode(&packet, &headers);
            assert_true(archive_packet_count(archive) < 100);
        }
        archive_close(archive);
        close(descriptor);
        g_free(path);
        g_free(bytes);
    }
    g_rand_free(random);
    for (size_t i = 0; i < G_N_ELEMENTS(seeds); i++)
        g_byte_array_free(seeds[i], TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pcap_variants),
        cmocka_unit_test(test_pcap_link_types),
        cmocka_unit_test(test_pcap_cut_anywhere),
        cmocka_unit_test(test_pcap_damaged),
        cmocka_unit_test(test_compressed),
        cmocka_unit_test(test_compressed_cut_anywhere),
        cmocka_unit_test(test_cut_inside_compression),
        cmocka_unit_test(test_no_capture),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_damaged_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
