/* stream.h: every compression, in one member and in several, whole, cut and damaged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <sys/wait.h>

#include "capture/stream.h"
#include "unit/capture_builder.h"

/* Reads all, `step` bytes at a time. The failure's text, or NULL. */
static char *read_all(struct stream *stream, size_t step, GByteArray *out)
{
    uint8_t *buffer = g_malloc(step);
    ssize_t got;
    while ((got = stream_read(stream, buffer, step)) > 0)
        g_byte_array_append(out, buffer, (guint)got);
    assert_true((got < 0) == (stream_failure(stream) != NULL));
    assert_int_equal(stream_read(stream, buffer, step), got); /* for good */
    g_free(buffer);
    return got < 0 ? g_strdup(stream_failure(stream)->message) : NULL;
}

static char *decode(const void *bytes, size_t size, size_t step, GByteArray *out)
{
    int descriptor;
    char *path = memory_file(bytes, size, &descriptor);
    struct error err = {0};
    struct stream *stream = stream_open(path, &err);
    assert_non_null(stream);
    char *failure = read_all(stream, step, out);
    stream_close(stream);
    close(descriptor);
    g_free(path);
    return failure;
}

/* Bytes that compress, but not to nothing. */
static GByteArray *sample(size_t size)
{
    GByteArray *bytes = g_byte_array_new();
    GRand *random = g_rand_new_with_seed((guint32)size);
    while (bytes->len < size)
        put(bytes, LITTLE, g_rand_int(random) % 1000, 4);
    g_byte_array_set_size(bytes, (guint)size);
    g_rand_free(random);
    return bytes;
}

static void assert_decodes(const char *name, const GByteArray *stored, const GByteArray *expected,
                           size_t step)
{
    GByteArray *out = g_byte_array_new();
    char *failure = decode(stored->data, stored->len, step, out);
    if (failure)
        fail_msg("%s: %s", name, failure);
    assert_int_equal(out->len, expected->len);
    if (expected->len > 0)
        assert_memory_equal(out->data, expected->data, expected->len);
    g_byte_array_free(out, TRUE);
}

static void assert_fails(const GByteArray *stored, const char *expected)
{
    GByteArray *out = g_byte_array_new();
    char *failure = decode(stored->data, stored->len, 4096, out);
    assert_non_null(failure);
    if (!strstr(failure, expected))
        fail_msg("\"%s\", expected \"%s\" in it", failure, expected);
    g_free(failure);
    g_byte_array_free(out, TRUE);
}

static void test_plain(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 3, 4, 511, 512, 513, STREAM_BLOCK_SIZE, 2 * STREAM_BLOCK_SIZE + 7};
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        GByteArray *bytes = sample(sizes[i]);
        assert_decodes("plain", bytes, bytes, 1000);
        assert_decodes("plain", bytes, bytes, STREAM_BLOCK_SIZE + 1);
        g_byte_array_free(bytes, TRUE);
    }
}

/* Larger than the buffers, three members of which one is empty, odd sizes of reads. */
static void test_members(void **state)
{
    (void)state;
    GByteArray *bytes = sample(700001);
    for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++) {
        const struct compression *c = &compressions[i];
        GByteArray *stored = g_byte_array_new();
        c->append_member(stored, bytes->data, 300000);
        c->append_member(stored, bytes->data, 0);
        c->append_member(stored, bytes->data + 300000, 400001);
        assert_decodes(c->name, stored, bytes, 65536);
        assert_decodes(c->name, stored, bytes, 777);
        assert_decodes(c->name, stored, bytes, 1 << 20);
        g_byte_array_free(stored, TRUE);
    }
    g_byte_array_free(bytes, TRUE);
}

/* Wherever a file of two members is cut, except between them, it is said to be cut, and never more is handed
 * out than there was. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    GByteArray *bytes = sample(300);
    for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++) {
        const struct compression *c = &compressions[i];
        GByteArray *stored = g_byte_array_new();
        c->append_member(stored, bytes->data, 200);
        size_t first = stored->len;
        c->append_member(stored, bytes->data + 200, 100);
        for (size_t size = 4; size < stored->len; size++) {
            GByteArray *out = g_byte_array_new();
            char *failure = decode(stored->data, size, 4096, out);
            assert_true(out->len <= 300);
            if (out->len > 0)
                assert_memory_equal(out->data, bytes->data, out->len);
            if (size == first) {
                assert_null(failure);
                assert_int_equal(out->len, 200);
            } else {
                if (!failure)
                    fail_msg("%s: cut at %zu of %u, and nothing said", c->name, size, stored->len);
                char *expected =
                    g_strdup_printf("%s: the file ends at byte %zu in the middle", c->name, size);
                if (!g_str_has_prefix(failure, expected))
                    fail_msg("cut at %zu: %s", size, failure);
                g_free(expected);
            }
            g_free(failure);
            g_byte_array_free(out, TRUE);
        }
        g_byte_array_free(stored, TRUE);
    }
    g_byte_array_free(bytes, TRUE);
}

static void test_something_follows(void **state)
{
    (void)state;
    GByteArray *bytes = sample(300);
    for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++) {
        GByteArray *stored = g_byte_array_new();
        compressions[i].append_member(stored, bytes->data, 300);
        size_t end = stored->len;
        g_byte_array_append(stored, (const uint8_t *)"garbage", 7);
        char *expected = g_strdup_printf("%s: byte %zu: something that is no %s", compressions[i].name, end,
                                         compressions[i].name);
        assert_fails(stored, expected);
        g_free(expected);
        g_byte_array_free(stored, TRUE);
    }
    g_byte_array_free(bytes, TRUE);
}

/* Tapes pad gzip files with zero bytes, the xz format has such padding itself; zstd and lz4 have none. */
static void test_zero_padding(void **state)
{
    (void)state;
    GByteArray *bytes = sample(300);
    for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++) {
        GByteArray *stored = g_byte_array_new();
        compressions[i].append_member(stored, bytes->data, 200);
        put(stored, LITTLE, 0, 8);
        compressions[i].append_member(stored, bytes->data + 200, 100);
        put(stored, LITTLE, 0, 4);
        if (strcmp(compressions[i].name, "gzip") == 0 || strcmp(compressions[i].name, "xz") == 0)
            assert_decodes(compressions[i].name, stored, bytes, 4096);
        else
            assert_fails(stored, "something that is no");
        g_byte_array_free(stored, TRUE);
    }
    g_byte_array_free(bytes, TRUE);
}

/* A wrong checksum is an error, though every byte was decoded. */
static void test_damage_is_noticed(void **state)
{
    (void)state;
    GByteArray *bytes = sample(3000);
    for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++) {
        GByteArray *stored = g_byte_array_new();
        compressions[i].append_member(stored, bytes->data, bytes->len);
        /* in the middle of the data, and in the checksum: gzip's stands 8 before the end, zstd's and lz4's 4
         */
        size_t places[] = {stored->len / 2,
                           stored->len - (strcmp(compressions[i].name, "gzip") == 0 ? 8 : 4)};
        for (size_t j = 0; j < G_N_ELEMENTS(places); j++) {
            stored->data[places[j]] ^= 0x10;
            assert_fails(stored, compressions[i].name);
            stored->data[places[j]] ^= 0x10;
        }
        g_byte_array_free(stored, TRUE);
    }
    g_byte_array_free(bytes, TRUE);
}

static void test_skippable_frames(void **state)
{
    (void)state;
    GByteArray *bytes = sample(300);
    GByteArray *stored = g_byte_array_new();
    put_hex(stored, "502a4d18 04000000 01020304"); /* as pzstd writes */
    zstd_member(stored, bytes->data, bytes->len);
    assert_decodes("zstd", stored, bytes, 4096);
    g_byte_array_set_size(stored, 0);
    lz4_member(stored, bytes->data, bytes->len);
    put_hex(stored, "5f2a4d18 02000000 0102");
    assert_decodes("lz4", stored, bytes, 4096);
    g_byte_array_free(stored, TRUE);
    g_byte_array_free(bytes, TRUE);
}

static void test_peek(void **state)
{
    (void)state;
    GByteArray *bytes = sample(1000);
    GByteArray *stored = g_byte_array_new();
    gzip_member(stored, bytes->data, 100);
    gzip_member(stored, bytes->data + 100, 900);
    int descriptor;
    char *path = memory_file(stored->data, stored->len, &descriptor);
    struct error err = {0};
    struct stream *stream = stream_open(path, &err);
    const uint8_t *head;
    assert_int_equal(stream_peek(stream, &head), STREAM_HEAD_SIZE);
    assert_memory_equal(head, bytes->data, STREAM_HEAD_SIZE);
    assert_string_equal(stream_codec_name(stream), "gzip");
    GByteArray *out = g_byte_array_new();
    assert_null(read_all(stream, 300, out));
    assert_int_equal(out->len, 1000);
    assert_memory_equal(out->data, bytes->data, 1000);
    assert_int_equal(stream_bytes_consumed(stream), stored->len);
    stream_close(stream);
    close(descriptor);
    g_free(path);
    g_byte_array_free(out, TRUE);
    g_byte_array_free(stored, TRUE);
    g_byte_array_free(bytes, TRUE);
}

static void digest_after(const GByteArray *stored, size_t reads, char digest[33], uint64_t *size)
{
    int descriptor;
    char *path = memory_file(stored->data, stored->len, &descriptor);
    struct error err = {0};
    struct stream *stream = stream_open(path, &err);
    uint8_t buffer[100];
    for (size_t i = 0; i < reads; i++)
        stream_read(stream, buffer, sizeof buffer);
    assert_int_equal(stream_drain(stream, size, digest, &err), 0);
    stream_close(stream);
    close(descriptor);
    g_free(path);
}

/* The digest is the whole file's, wherever reading stopped. That of nothing is known from the XXH3
 * specification. */
static void test_digest(void **state)
{
    (void)state;
    char digest[33];
    uint64_t size;
    GByteArray *bytes = g_byte_array_new();
    digest_after(bytes, 1, digest, &size);
    assert_string_equal(digest, "99aa06d3014798d86001c324468d497f");
    assert_int_equal(size, 0);
    g_byte_array_free(bytes, TRUE);

    bytes = sample(600000);
    GByteArray *stored = g_byte_array_new();
    zstd_member(stored, bytes->data, bytes->len);
    char first[33];
    digest_after(stored, 0, first, &size);
    assert_int_equal(size, stored->len);
    static const size_t reads[] = {1, 2, 100, 6000, 7000};
    for (size_t i = 0; i < G_N_ELEMENTS(reads); i++) {
        digest_after(stored, reads[i], digest, &size);
        assert_string_equal(digest, first);
        assert_int_equal(size, stored->len);
    }
    stored->data[stored->len - 1] ^= 1;
    digest_after(stored, 7000, digest, &size);
    assert_string_not_equal(digest, first);
    g_byte_array_free(stored, TRUE);
    g_byte_array_free(bytes, TRUE);
}

/* A pipe hands out what has arrived so far: a few bytes at a time, and any of them may be the last of a read.
 */
static void test_trickling_pipe(void **state)
{
    (void)state;
    GByteArray *bytes = sample(2000);
    for (size_t i = 0; i < G_N_ELEMENTS(compressions); i++) {
        GByteArray *stored = g_byte_array_new();
        compressions[i].append_member(stored, bytes->data, 1500);
        compressions[i].append_member(stored, bytes->data + 1500, 500);
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            for (size_t at = 0; at < stored->len; at += 3) {
                if (write(ends[1], stored->data + at, MIN(3, stored->len - at)) < 0)
                    _exit(1);
            }
            _exit(0);
        }
        close(ends[1]);
        char *path = g_strdup_printf("/proc/self/fd/%d", ends[0]);
        struct error err = {0};
        struct stream *stream = stream_open(path, &err);
        assert_non_null(stream);
        GByteArray *out = g_byte_array_new();
        char *failure = read_all(stream, 100, out);
        if (failure)
            fail_msg("%s: %s", compressions[i].name, failure);
        assert_int_equal(out->len, bytes->len);
        assert_memory_equal(out->data, bytes->data, bytes->len);
        stream_close(stream);
        close(ends[0]);
        assert_int_equal(waitpid(child, NULL, 0), child);
        g_free(path);
        g_byte_array_free(out, TRUE);
        g_byte_array_free(stored, TRUE);
    }
    g_byte_array_free(bytes, TRUE);
}

static void test_cannot_open(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(stream_open("no/such/file", &err));
    assert_int_equal(err.kind, ERROR_INPUT);
    assert_string_equal(err.message, "cannot open: No such file or directory");
    assert_null(stream_open("/", &err));
    assert_string_equal(err.message, "cannot read: Is a directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_something_follows),
        cmocka_unit_test(test_zero_padding),
        cmocka_unit_test(test_damage_is_noticed),
        cmocka_unit_test(test_skippable_frames),
        cmocka_unit_test(test_peek),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_trickling_pipe),
        cmocka_unit_test(test_cannot_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
