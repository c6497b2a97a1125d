/* The walker of ordinary records against libpcap reading the same file alone, and pcapng in batches against
 * one packet after the other: the same packets, the same errors, on whole, cut, damaged and strange files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/archive.h"
#include "unit/capture_builder.h"

enum { BATCH = 7 };

/* What a batch left to hand out. */
struct queue {
    struct archive *archive;
    size_t size; /* of a batch: BATCH at most */
    struct packet packets[BATCH];
    int count, at;
    struct error err;
};

/* As archive_next, but through batches. */
static int queue_next(struct queue *queue, struct packet *packet)
{
    if (queue->at >= queue->count) {
        queue->count = archive_next_batch(queue->archive, queue->packets, queue->size, &queue->err);
        queue->at = 0;
        if (queue->count <= 0)
            return queue->count;
    }
    *packet = queue->packets[queue->at++];
    return 1;
}

static void assert_same_packet(const struct packet *a, const struct packet *b)
{
    assert_int_equal(a->seconds, b->seconds);
    assert_int_equal(a->nanoseconds, b->nanoseconds);
    assert_int_equal(a->bad_time, b->bad_time);
    assert_int_equal(a->link_type, b->link_type);
    assert_int_equal(a->captured_size, b->captured_size);
    assert_int_equal(a->wire_size, b->wire_size);
    assert_memory_equal(a->data, b->data, a->captured_size);
}

/* Returns how many packets there were. */
static uint64_t assert_same_batches(const uint8_t *bytes, size_t size, size_t slow_batch)
{
    int descriptor;
    char *path = memory_file(bytes, size, &descriptor);
    struct queue fast = {.size = BATCH};
    struct queue slow = {.size = slow_batch};
    fast.archive = archive_open_with(path, ARCHIVE_READER_FAST, &fast.err);
    slow.archive = archive_open_with(path, ARCHIVE_READER_LIBPCAP, &slow.err);
    uint64_t count = 0;
    assert_int_equal(fast.archive == NULL, slow.archive == NULL);
    int got = -1;
    while (fast.archive) {
        struct packet a;
        struct packet b;
        got = queue_next(&fast, &a);
        assert_int_equal(queue_next(&slow, &b), got);
        if (got != 1)
            break;
        assert_same_packet(&a, &b);
        count++;
    }
    if (got < 0) {
        assert_string_equal(fast.err.message, slow.err.message);
        assert_int_equal(fast.err.kind, slow.err.kind);
    }
    if (fast.archive) {
        struct archive_identity x;
        struct archive_identity y;
        assert_int_equal(archive_packet_count(fast.archive), archive_packet_count(slow.archive));
        assert_int_equal(archive_finish(fast.archive, &x, &fast.err), 0);
        assert_int_equal(archive_finish(slow.archive, &y, &slow.err), 0);
        assert_int_equal(x.size, y.size);
        assert_string_equal(x.digest, y.digest);
    }
    archive_close(fast.archive);
    archive_close(slow.archive);
    g_free(path);
    close(descriptor);
    return count;
}

static uint64_t assert_same(const uint8_t *bytes, size_t size)
{
    return assert_same_batches(bytes, size, BATCH);
}

static uint8_t filling(size_t i)
{
    return (uint8_t)(i * 31 + 7);
}

/* Sizes from 0 to 99 bytes, times in and out of order, one fraction that cannot be. */
static GByteArray *capture_make(enum byte_order order, uint32_t magic, uint32_t link_type, unsigned int count)
{
    uint8_t data[100];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = filling(i);
    GByteArray *file = g_byte_array_new();
    pcap_header(file, order, magic, link_type);
    for (unsigned int i = 0; i < count; i++) {
        uint32_t fraction = i % 5 == 3 ? 1000000 + i : i % 5 == 4 ? UINT32_MAX - i : 999999 - i;
        pcap_record(file, order, UINT32_C(4000000000) - i, fraction, data, i * 37 % 100, i * 41 % 120);
    }
    return file;
}

static const uint32_t magics[] = {0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0xa1b234cd, 0xa1b2c3d5};
static const uint32_t link_types[] = {1, 101, 113, 239, 189, 0, 258};

static void kinds(void **state)
{
    (void)state;
    for (int order = LITTLE; order <= BIG; order++)
        for (size_t m = 0; m < G_N_ELEMENTS(magics); m++)
            for (size_t l = 0; l < G_N_ELEMENTS(link_types); l++) {
                GByteArray *file = capture_make((enum byte_order)order, magics[m], link_types[l], 40);
                uint64_t count = assert_same(file->data, file->len);
                if (m < 2 && link_types[l] == 1)
                    assert_int_equal(count, 40);
                g_byte_array_unref(file);
            }
}

static void cut_at_every_byte(void **state)
{
    (void)state;
    for (int order = LITTLE; order <= BIG; order++) {
        GByteArray *file = capture_make((enum byte_order)order, 0xa1b23c4d, 1, 12);
        for (size_t size = 0; size <= file->len; size++)
            assert_same(file->data, size);
        g_byte_array_unref(file);
    }
}

/* The file header's fields decide as well: version, snap length, link type with its upper bits. */
static void headers(void **state)
{
    (void)state;
    static const uint32_t values[] = {0,      1,       2,       3,          4,          50,
                                      0xffff, 0x40000, 0x40001, 0x7fffffff, 0x80000000, 0xffffffff};
    for (size_t field = 4; field < 24; field += 2)
        for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
            GByteArray *file = capture_make(LITTLE, 0xa1b2c3d4, 1, 20);
            for (size_t j = 0; j < 4 && field + j < 24; j++)
                file->data[field + j] = (uint8_t)(values[i] >> 8 * j);
            assert_same(file->data, file->len);
            g_byte_array_unref(file);
        }
}

static uint64_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return *state >> 33;
}

static void mutations(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (unsigned int round = 0; round < 6000; round++) {
        GByteArray *file =
            capture_make(round & 1 ? BIG : LITTLE, magics[round % 3], link_types[round % 4], 25);
        for (uint64_t left = random_next(&random) % 4 + 1; left > 0; left--)
            file->data[random_next(&random) % file->len] =
                (uint8_t)(random_next(&random) % 3 == 0 ? random_next(&random) : random_next(&random) % 3);
        size_t size = random_next(&random) % 4 == 0 ? random_next(&random) % file->len : file->len;
        assert_same(file->data, size);
        g_byte_array_unref(file);
    }
}

/* Longer than the window: records lie across its end, and the odd one comes late. */
static void long_files(void **state)
{
    (void)state;
    static uint8_t data[300000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = filling(i);
    GByteArray *file = g_byte_array_new();
    pcap_header(file, LITTLE, 0xa1b2c3d4, 1);
    file->data[18] = 0x10; /* snap length: 1 MiB and more */
    for (unsigned int i = 0; i < 60; i++) {
        pcap_record(file, LITTLE, i, i, data, i * 4999 % 66000, 0);
        pcap_record(file, LITTLE, i, i, data, i, i);
    }
    pcap_record(file, LITTLE, 5, 5, data, 262144, 262144); /* the largest that is */
    pcap_record(file, LITTLE, 6, 6, data, 3, 3);
    assert_int_equal(assert_same(file->data, file->len), 122);
    size_t sound = file->len;
    pcap_record(file, LITTLE, 7, 7, data, 262145, 262145);
    pcap_record(file, LITTLE, 8, 8, data, 3, 3);
    assert_int_equal(assert_same(file->data, file->len), 122);
    for (size_t cut = 0; cut < 60; cut++)
        assert_same(file->data, sound + cut);
    g_byte_array_unref(file);
}

/* A record larger than the snap length is cut to it by libpcap, and reading goes on. */
static void over_the_snap_length(void **state)
{
    (void)state;
    uint8_t data[200] = {0};
    GByteArray *file = g_byte_array_new();
    pcap_header(file, BIG, 0xa1b2c3d4, 1);
    file->data[18] = 0;
    file->data[19] = 64;
    for (uint32_t i = 0; i < 300; i++)
        pcap_record(file, BIG, i, i, data, i == 150 ? 200 : i % 64, 200);
    assert_int_equal(assert_same(file->data, file->len), 300);
    g_byte_array_unref(file);
}

/* Longer than the window, with blocks that are no packets, a second interface and a second section. */
static void pcapng_batches(void **state)
{
    (void)state;
    uint8_t data[3000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = filling(i);
    GByteArray *unknown = g_byte_array_new();
    g_byte_array_append(unknown, data, 400);
    GByteArray *file = g_byte_array_new();
    for (unsigned int i = 0; i < 900; i++) {
        enum byte_order order = i < 500 ? LITTLE : BIG;
        if (i == 0 || i == 500) {
            pcapng_section(file, order);
            pcapng_interface(file, order, 1, 0, 0, 0);
        }
        if (i == 300)
            pcapng_interface(file, order, 101, 0, 9, 0);
        if (i % 11 == 5)
            pcapng_block(file, order, 0x0bad, unknown);
        pcapng_enhanced(file, order, i >= 300 && i < 500 && i % 2, i, data, i * 769 % sizeof data, i);
    }
    assert_int_equal(assert_same_batches(file->data, file->len, 1), 900);
    for (size_t cut = 1; cut < 80; cut++)
        assert_same_batches(file->data, file->len - cut * cut * 97, 1);
    uint64_t random = 2;
    for (unsigned int round = 0; round < 200; round++) {
        size_t at = random_next(&random) % file->len & ~(size_t)3; /* most lengths stand there */
        uint8_t kept = file->data[at];
        file->data[at] ^= (uint8_t)random_next(&random);
        assert_same_batches(file->data, file->len, 1);
        file->data[at] = kept;
    }
    g_byte_array_unref(file);
    g_byte_array_unref(unknown);
}

/* What joined_make joins. */
enum { JOINED_PCAP, JOINED_PCAP_NANOSECONDS, JOINED_PCAPNG, JOINED_KINDS };

static GByteArray *joined_make(int kind, enum byte_order order, unsigned int count)
{
    if (kind != JOINED_PCAPNG)
        return capture_make(order, kind == JOINED_PCAP ? 0xa1b2c3d4 : 0xa1b23c4d, 1, count);
    GByteArray *file = g_byte_array_new();
    pcapng_section(file, order);
    pcapng_interface(file, order, 1, 0, 0, 0);
    for (unsigned int i = 0; i < count; i++)
        pcapng_enhanced(file, order, 0, i, "abcdefg", 7, 7);
    return file;
}

/* Captures joined by cat: reading stops at the second header, which is no packet, and says where it stands.
 * (pcapng behind pcapng is another section, and read.) */
static void joined_by_cat(void **state)
{
    (void)state;
    for (int i = 0; i < JOINED_KINDS * 2 * JOINED_KINDS * 2; i++) {
        int first_kind = i / 4 % JOINED_KINDS, second_kind = i / 4 / JOINED_KINDS;
        unsigned int count = i == 0 ? 9000 : 30; /* longer than the window, once */
        GByteArray *file = joined_make(first_kind, (enum byte_order)(i % 2), count);
        GByteArray *second = joined_make(second_kind, (enum byte_order)(i / 2 % 2), 30);
        size_t end = file->len;
        g_byte_array_append(file, second->data, second->len);
        bool are_sections = first_kind == JOINED_PCAPNG && second_kind == JOINED_PCAPNG;
        assert_int_equal(assert_same(file->data, file->len), are_sections ? count + 30 : count);

        int descriptor;
        char *path = memory_file(file->data, file->len, &descriptor);
        struct error err = {0};
        struct archive *archive = archive_open(path, &err);
        struct packet packet;
        int got;
        while ((got = archive_next(archive, &packet, &err)) == 1)
            ;
        assert_int_equal(got, are_sections ? 0 : -1);
        char *place =
            g_strdup_printf("packet %u: another capture's header stands at byte %zu,", count + 1, end);
        assert_true(are_sections || strstr(err.message, place) != NULL);
        g_free(place);
        archive_close(archive);
        close(descriptor);
        g_free(path);
        g_byte_array_unref(second);
        g_byte_array_unref(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),          cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(headers),        cmocka_unit_test(mutations),
        cmocka_unit_test(long_files),     cmocka_unit_test(over_the_snap_length),
        cmocka_unit_test(pcapng_batches), cmocka_unit_test(joined_by_cat),
    };
    return cmocka_run_group_tests_name("readers", tests, NULL, NULL);
}
