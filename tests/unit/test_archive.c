/* archive.h: classic pcap and pcapng, whole, cut, damaged, and things that are no captures. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <inttypes.h>
#include <pcap/dlt.h>

#include "capture/archive.h"
#include "unit/capture_builder.h"

static const uint8_t payload[] = {0x45, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19};

struct reading {
    char *open_error; /* NULL: it could be opened */
    char *stop_error; /* NULL: read to its end */
    GArray *packets;  /* struct packet, their data is gone */
};

static struct reading read_path(const char *path)
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

static struct reading read_bytes(const void *bytes, size_t size)
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

static void reading_release(struct reading *reading)
{
    g_free(reading->open_error);
    g_free(reading->stop_error);
    g_array_free(reading->packets, TRUE);
}

static const struct packet *packet_at(const struct reading *reading, guint i)
{
    assert_true(i < reading->packets->len);
    return &g_array_index(reading->packets, struct packet, i);
}

static void assert_time(const struct packet *packet, int64_t seconds, uint32_t nanoseconds)
{
    assert_false(packet->bad_time);
    assert_int_equal(packet->seconds, seconds);
    assert_int_equal(packet->nanoseconds, nanoseconds);
}

static void assert_reads(const GByteArray *file, guint count)
{
    struct reading reading = read_bytes(file->data, file->len);
    if (reading.open_error || reading.stop_error)
        fail_msg("%s", reading.open_error ? reading.open_error : reading.stop_error);
    assert_int_equal(reading.packets->len, count);
    reading_release(&reading);
}

static void assert_stops(const GByteArray *file, guint count, const char *expected)
{
    struct reading reading = read_bytes(file->data, file->len);
    const char *text = reading.open_error ? reading.open_error : reading.stop_error;
    assert_non_null(text);
    if (!strstr(text, expected))
        fail_msg("\"%s\", expected \"%s\" in it", text, expected);
    assert_int_equal(reading.packets->len, count);
    reading_release(&reading);
}

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

/* ---- pcapng ---- */

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

/* What libpcap refuses: interfaces of different link types, snap lengths and resolutions, then a section of
 * the other byte order that starts its interfaces anew. Blocks nobody knows lie in between. */
static GByteArray *mixed_sections(void)
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
         "packet 1: the capture ends in the middle of a block (308 bytes expected, 52 are there)"},
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
        cmocka_unit_test(test_pcapng_resolutions),
        cmocka_unit_test(test_pcapng_mixed),
        cmocka_unit_test(test_pcapng_other_packet_blocks),
        cmocka_unit_test(test_pcapng_cut_anywhere),
        cmocka_unit_test(test_pcapng_damaged),
        cmocka_unit_test(test_no_capture),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_damaged_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
