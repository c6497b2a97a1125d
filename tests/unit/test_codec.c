/* codec.h: a gzip member with every optional field of its header (RFC 1952, section 2.3), in pieces of every
 * size. Whole files of all compressions are the subject of test_stream. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "capture/codec.h"
#include "unit/capture_builder.h"

static const char text[] = "It was the same text, the same text, the same text, and then 0123456789.";

/* Header with FEXTRA, FNAME, FCOMMENT and FHCRC, deflated text, trailer. */
static GByteArray *member_make(void)
{
    GByteArray *out = g_byte_array_new();
    put_hex(out, "1f8b 08 1e 00000000 00 ff"); /* flags 2 + 4 + 8 + 16 */
    put_hex(out, "0500 0102030405");
    put_hex(out, "612e7063617000"); /* "a.pcap" */
    put_hex(out, "6e6f746500");     /* "note" */
    put(out, LITTLE, crc32(0, out->data, out->len) & 0xffff, 2);
    uint8_t deflated[200];
    z_stream z = {.next_in = (uint8_t *)(uintptr_t)text,
                  .avail_in = sizeof text,
                  .next_out = deflated,
                  .avail_out = sizeof deflated};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    g_byte_array_append(out, deflated, (guint)z.total_out);
    deflateEnd(&z);
    put(out, LITTLE, crc32(0, (const uint8_t *)text, sizeof text), 4);
    put(out, LITTLE, sizeof text, 4);
    return out;
}

/* Decodes in pieces; the result of the last step. */
static enum codec_result decode(const GByteArray *in, size_t in_piece, size_t out_piece, GByteArray *out,
                                size_t *taken, const char **reason)
{
    const struct codec *codec = codec_find(in->data, in->len);
    assert_string_equal(codec->name, "gzip");
    void *state = codec->state_new();
    enum codec_result result = CODEC_GOING;
    size_t at = 0;
    size_t idle = 0;
    assert_true(codec->member_begin(state, reason));
    while (result == CODEC_GOING && idle < 3) {
        uint8_t room[1024];
        size_t size = MIN(in_piece, in->len - at);
        struct codec_step step = {in->data + at, size, room, out_piece};
        result = codec->decode(state, &step, reason);
        at += size - step.input_size;
        g_byte_array_append(out, room, (guint)(out_piece - step.output_size));
        idle = step.input_size == size && step.output_size == out_piece ? idle + 1 : 0;
    }
    codec->state_free(state);
    *taken = at;
    return result;
}

static void every_piece(void **state)
{
    (void)state;
    GByteArray *in = member_make();
    guint size = in->len;
    put_hex(in, "1f8b08"); /* what follows is left alone */
    for (size_t in_piece = 1; in_piece <= in->len; in_piece++)
        for (size_t out_piece = 1; out_piece < 100; out_piece += 7) {
            GByteArray *out = g_byte_array_new();
            const char *reason;
            size_t taken;
            assert_int_equal(decode(in, in_piece, out_piece, out, &taken, &reason), CODEC_MEMBER_END);
            assert_int_equal(taken, size);
            assert_int_equal(out->len, sizeof text);
            assert_memory_equal(out->data, text, sizeof text);
            g_byte_array_unref(out);
        }
    g_byte_array_unref(in);
}

/* One bit wrong is never taken for sound: header and data are each under a CRC of their own. */
static void every_bit(void **state)
{
    (void)state;
    GByteArray *in = member_make();
    for (guint bit = 4 * 8; bit < in->len * 8; bit++) {
        GByteArray *out = g_byte_array_new();
        const char *reason = NULL;
        size_t taken;
        in->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum codec_result result = decode(in, in->len, 256, out, &taken, &reason);
        /* but for the bits that fill the last byte of the deflated data */
        assert_true(result != CODEC_MEMBER_END || bit / 8 == in->len - 9);
        if (result == CODEC_FAILED)
            assert_non_null(reason);
        in->data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_byte_array_unref(out);
    }
    g_byte_array_unref(in);
}

static void reasons(void **state)
{
    (void)state;
    static const struct {
        int from_end;
        const char *reason;
    } cases[] = {{8, "incorrect data check"}, {1, "incorrect data check"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GByteArray *in = member_make();
        GByteArray *out = g_byte_array_new();
        const char *reason = NULL;
        size_t taken;
        in->data[in->len - (guint)cases[i].from_end] ^= 1;
        assert_int_equal(decode(in, in->len, 256, out, &taken, &reason), CODEC_FAILED);
        assert_string_equal(reason, cases[i].reason);
        g_byte_array_unref(in);
        g_byte_array_unref(out);
    }
}

/* Data that copy from before the member's start, as damaged data do: what is handed out before the failure
 * are the bytes before the copy, or fewer, and nothing made up. */
static void copy_from_before_the_start(void **state)
{
    (void)state;
    enum { BEFORE = 700, COPIED = 40 };
    static const char dictionary[] = "forty bytes which are not in the member..";
    uint8_t data[BEFORE + COPIED];
    uint32_t random = 1;
    for (size_t i = 0; i < BEFORE; i++)
        data[i] = (uint8_t)('A' + ((random = random * 1664525 + 1013904223) >> 28));
    memcpy(data + BEFORE, dictionary, COPIED);
    uint8_t deflated[1000];
    z_stream z = {
        .next_in = data, .avail_in = sizeof data, .next_out = deflated, .avail_out = sizeof deflated};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflateSetDictionary(&z, (const uint8_t *)dictionary, COPIED), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    GByteArray *in = g_byte_array_new();
    put_hex(in, "1f8b 08 00 00000000 00 ff");
    g_byte_array_append(in, deflated, (guint)z.total_out);
    deflateEnd(&z);
    put(in, LITTLE, 0, 8);
    for (size_t piece = 16; piece <= 1024; piece += 48) {
        GByteArray *out = g_byte_array_new();
        const char *reason = NULL;
        size_t taken;
        assert_int_equal(decode(in, in->len, piece, out, &taken, &reason), CODEC_FAILED);
        assert_string_equal(reason, "invalid distance too far back");
        assert_in_range(out->len, 0, BEFORE);
        assert_memory_equal(out->data, data, out->len);
        g_byte_array_unref(out);
    }
    g_byte_array_unref(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece),
        cmocka_unit_test(every_bit),
        cmocka_unit_test(reasons),
        cmocka_unit_test(copy_from_before_the_start),
    };
    return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
