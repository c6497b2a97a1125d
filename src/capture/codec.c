#include "capture/codec.h"

#include <bzlib.h>
#include <glib.h>
#include <isa-l/igzip_lib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <string.h>
#include <zstd.h>

/* What a decoder may ask for: the largest window of `zstd --long=31` and of `xz --lzma2=dict=1536MiB` fit. */
enum { ZSTD_WINDOW_LOG_MAX = 31 };
enum { DEFLATE_COPY_MAX = 258 }; /* RFC 1951, section 3.2.5: bytes that one copy makes at most */
#define XZ_MEMORY_MAX (UINT64_C(2) << 30)

/* ISA-L and bzip2 count in unsigned int. */
static unsigned int step_limit(size_t size)
{
    return size > (1U << 30) ? 1U << 30 : (unsigned int)size;
}

static void step_advance(struct codec_step *step, size_t taken, size_t made)
{
    step->input += taken;
    step->input_size -= taken;
    step->output += made;
    step->output_size -= made;
}

static bool starts_like(const uint8_t *bytes, size_t size, const char *magic, size_t magic_size)
{
    return memcmp(bytes, magic, MIN(size, magic_size)) == 0;
}

/* Frames of zstd and lz4 that carry no data and are to be skipped: 0x184D2A50 to 0x184D2A5F, little-endian
 * (RFC 8878, section 3.1.2; the LZ4 frame format has the same). */
static bool starts_skippable_frame(const uint8_t *bytes, size_t size)
{
    return (bytes[0] & 0xf0) == 0x50 && starts_like(bytes + 1, size - 1, "\x2a\x4d\x18", 3);
}

/* ---- gzip (RFC 1952) ---- */

static bool gzip_can_start(const uint8_t *bytes, size_t size)
{
    return starts_like(bytes, size, "\x1f\x8b\x08", 3);
}

/* ISA-L inflates and checks CRCs about half as fast again as zlib. It is to be given the header's fields to
 * keep: its short form forgets them when the header ends beyond the input at hand. */
struct gzip {
    struct inflate_state inflate;
    struct isal_gzip_header header;
    bool has_header; /* of the member, wholly read */
};

static void *gzip_new(void)
{
    struct gzip *gzip = g_new(struct gzip, 1);
    isal_inflate_init(&gzip->inflate);
    return gzip;
}

static bool gzip_begin(void *state, const char **reason)
{
    struct gzip *gzip = state;
    *reason = NULL;
    isal_inflate_reset(&gzip->inflate);
    isal_gzip_header_init(&gzip->header);
    gzip->inflate.crc_flag = ISAL_GZIP_NO_HDR_VER; /* verifies CRC and length after the data */
    gzip->has_header = false;
    return true;
}

static const char *gzip_reason(int status)
{
    switch (status) {
    case ISAL_INVALID_BLOCK:
        return "invalid block type";
    case ISAL_INVALID_SYMBOL:
        return "invalid code";
    case ISAL_INVALID_LOOKBACK:
        return "invalid distance too far back";
    case ISAL_UNSUPPORTED_METHOD:
        return "unknown compression method";
    case ISAL_INCORRECT_CHECKSUM:
        return "incorrect data check";
    default:
        return "incorrect header check";
    }
}

static enum codec_result gzip_decode(void *state, struct codec_step *step, const char **reason)
{
    struct gzip *gzip = state;
    struct inflate_state *inflate = &gzip->inflate;
    unsigned int input_size = step_limit(step->input_size);
    unsigned int output_size = step_limit(step->output_size);
    /* The library's pointer is not const, but it only reads from next_in. */
    inflate->next_in = (uint8_t *)(uintptr_t)step->input;
    inflate->avail_in = input_size;
    inflate->next_out = step->output;
    inflate->avail_out = output_size;
    int status = ISAL_DECOMP_OK;
    if (!gzip->has_header) {
        status = isal_read_gzip_header(inflate, &gzip->header);
        gzip->has_header = status == ISAL_DECOMP_OK;
    }
    if (gzip->has_header)
        status = isal_inflate(inflate);
    size_t made = output_size - inflate->avail_out;
    /* A copy whose distance is no code, or leads before the member's start, is counted among the bytes made
     * although nothing was written. */
    if (status == ISAL_INVALID_LOOKBACK || status == ISAL_INVALID_SYMBOL)
        made -= MIN(made, DEFLATE_COPY_MAX);
    step_advance(step, input_size - inflate->avail_in, made);
    if (status < 0) {
        *reason = gzip_reason(status);
        return CODEC_FAILED;
    }
    return gzip->has_header && inflate->block_state == ISAL_BLOCK_FINISH ? CODEC_MEMBER_END : CODEC_GOING;
}

static void gzip_free(void *state)
{
    g_free(state);
}

/* ---- zstd (RFC 8878) ---- */

static bool zstd_can_start(const uint8_t *bytes, size_t size)
{
    return starts_like(bytes, size, "\x28\xb5\x2f\xfd", 4) || starts_skippable_frame(bytes, size);
}

static void *zstd_new(void)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context)
        g_error("out of memory");
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
    return context;
}

static bool zstd_begin(void *state, const char **reason)
{
    size_t status = ZSTD_DCtx_reset(state, ZSTD_reset_session_only);
    *reason = ZSTD_getErrorName(status);
    return !ZSTD_isError(status);
}

static enum codec_result zstd_decode(void *state, struct codec_step *step, const char **reason)
{
    ZSTD_inBuffer in = {.src = step->input, .size = step->input_size};
    ZSTD_outBuffer out = {.dst = step->output, .size = step->output_size};
    size_t status = ZSTD_decompressStream(state, &out, &in);
    step_advance(step, in.pos, out.pos);
    if (ZSTD_isError(status)) {
        *reason = ZSTD_getErrorName(status);
        return CODEC_FAILED;
    }
    return status == 0 ? CODEC_MEMBER_END : CODEC_GOING;
}

static void zstd_free(void *state)
{
    ZSTD_freeDCtx(state);
}

/* ---- xz ---- */

static bool xz_can_start(const uint8_t *bytes, size_t size)
{
    return starts_like(bytes, size,
                       "\xfd"
                       "7zX",
                       4);
}

static void *xz_new(void)
{
    lzma_stream *stream = g_new(lzma_stream, 1);
    *stream = (lzma_stream)LZMA_STREAM_INIT;
    return stream;
}

static const char *xz_reason(lzma_ret status)
{
    switch (status) {
    case LZMA_MEM_ERROR:
        return "out of memory";
    case LZMA_MEMLIMIT_ERROR:
        return "decoding needs more than 2 GiB of memory";
    case LZMA_FORMAT_ERROR:
        return "invalid header";
    case LZMA_OPTIONS_ERROR:
        return "unsupported options";
    default:
        return "invalid data";
    }
}

static bool xz_begin(void *state, const char **reason)
{
    lzma_ret status = lzma_stream_decoder(state, XZ_MEMORY_MAX, 0);
    *reason = xz_reason(status);
    return status == LZMA_OK;
}

static enum codec_result xz_decode(void *state, struct codec_step *step, const char **reason)
{
    lzma_stream *stream = state;
    stream->next_in = step->input;
    stream->avail_in = step->input_size;
    stream->next_out = step->output;
    stream->avail_out = step->output_size;
    lzma_ret status = lzma_code(stream, LZMA_RUN);
    step_advance(step, step->input_size - stream->avail_in, step->output_size - stream->avail_out);
    if (status == LZMA_STREAM_END)
        return CODEC_MEMBER_END;
    if (status == LZMA_OK || status == LZMA_BUF_ERROR)
        return CODEC_GOING;
    *reason = xz_reason(status);
    return CODEC_FAILED;
}

static void xz_free(void *state)
{
    if (!state)
        return;
    lzma_end(state);
    g_free(state);
}

/* ---- bzip2 ---- */

static bool bzip2_can_start(const uint8_t *bytes, size_t size)
{
    return starts_like(bytes, size, "BZh", 3) && (size < 4 || (bytes[3] >= '1' && bytes[3] <= '9'));
}

static void *bzip2_new(void)
{
    return g_new0(bz_stream, 1);
}

static bool bzip2_begin(void *state, const char **reason)
{
    bz_stream *stream = state;
    if (stream->state)
        BZ2_bzDecompressEnd(stream);
    *stream = (bz_stream){0};
    *reason = "the bzip2 library could not be started";
    return BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK;
}

static enum codec_result bzip2_decode(void *state, struct codec_step *step, const char **reason)
{
    bz_stream *stream = state;
    unsigned int input_size = step_limit(step->input_size);
    unsigned int output_size = step_limit(step->output_size);
    /* The library's pointers are not const, but it only reads from next_in. */
    stream->next_in = (char *)(uintptr_t)step->input;
    stream->avail_in = input_size;
    stream->next_out = (char *)step->output;
    stream->avail_out = output_size;
    int status = BZ2_bzDecompress(stream);
    step_advance(step, input_size - stream->avail_in, output_size - stream->avail_out);
    if (status == BZ_STREAM_END)
        return CODEC_MEMBER_END;
    if (status == BZ_OK)
        return CODEC_GOING;
    *reason = status == BZ_MEM_ERROR ? "out of memory" : "invalid data or checksum";
    return CODEC_FAILED;
}

static void bzip2_free(void *state)
{
    bz_stream *stream = state;
    if (!stream)
        return;
    if (stream->state)
        BZ2_bzDecompressEnd(stream);
    g_free(stream);
}

/* ---- lz4 frames ---- */

static bool lz4_can_start(const uint8_t *bytes, size_t size)
{
    return starts_like(bytes, size, "\x04\x22\x4d\x18", 4) || starts_skippable_frame(bytes, size);
}

static void *lz4_new(void)
{
    LZ4F_dctx *context = NULL;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
        g_error("out of memory");
    return context;
}

static bool lz4_begin(void *state, const char **reason)
{
    LZ4F_resetDecompressionContext(state);
    *reason = NULL;
    return true;
}

static enum codec_result lz4_decode(void *state, struct codec_step *step, const char **reason)
{
    size_t taken = step->input_size;
    size_t made = step->output_size;
    size_t status = LZ4F_decompress(state, step->output, &made, step->input, &taken, NULL);
    if (LZ4F_isError(status)) {
        *reason = LZ4F_getErrorName(status);
        return CODEC_FAILED;
    }
    step_advance(step, taken, made);
    return status == 0 ? CODEC_MEMBER_END : CODEC_GOING;
}

static void lz4_free(void *state)
{
    LZ4F_freeDecompressionContext(state);
}

/* zstd stands before lz4: pzstd writes a skippable frame first. */
static const struct codec codec_table[] = {
    {"gzip", "member", true, gzip_can_start, gzip_new, gzip_begin, gzip_decode, gzip_free},
    {"zstd", "frame", false, zstd_can_start, zstd_new, zstd_begin, zstd_decode, zstd_free},
    {"xz", "stream", true, xz_can_start, xz_new, xz_begin, xz_decode, xz_free},
    {"bzip2", "stream", false, bzip2_can_start, bzip2_new, bzip2_begin, bzip2_decode, bzip2_free},
    {"lz4", "frame", false, lz4_can_start, lz4_new, lz4_begin, lz4_decode, lz4_free},
};

const struct codec *codec_find(const uint8_t *bytes, size_t size)
{
    if (size < CODEC_MAGIC_SIZE)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(codec_table); i++) {
        if (codec_table[i].can_start(bytes, CODEC_MAGIC_SIZE))
            return &codec_table[i];
    }
    return NULL;
}
