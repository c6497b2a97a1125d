/* codec.h - the compressions an archive may be stored in, behind one small interface.
 *
 * A compressed file is a sequence of members (gzip's word; frames of zstd and lz4, streams of xz and bzip2),
 * each of which is complete in itself. A codec decodes one member at a time; stream.c joins them and tells a
 * whole file from a cut one.
 *
 *     const struct codec *codec = codec_find(bytes, size);    // NULL: not compressed
 *     void *state = codec->state_new();
 *     codec->member_begin(state, &reason);
 *     while (codec->decode(state, &step, &reason) == CODEC_GOING) ...
 *     codec->state_free(state);
 */
#ifndef TEITEN_CAPTURE_CODEC_H
#define TEITEN_CAPTURE_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stored bytes to take and room for decoded bytes; decode moves the pointers and lowers the sizes by what it
 * used. */
struct codec_step {
    const uint8_t *input;
    size_t input_size;
    uint8_t *output;
    size_t output_size;
};

enum codec_result {
    CODEC_GOING,      /* the member goes on: more input or more room is needed */
    CODEC_MEMBER_END, /* the member is complete, its checksum right; what is left of the input follows it */
    CODEC_FAILED,     /* the bytes are no such member; the reason says why */
};

enum { CODEC_MAGIC_SIZE = 4 };

struct codec {
    const char *name;   /* "gzip": for messages */
    const char *member; /* "member": what the format calls its parts */
    bool zero_padding;  /* zero bytes between and after the members are padding (tapes; xz, section 2.2 of its
                           format) */
    /* Whether bytes can start a member, as far as they go (size may be 1 to CODEC_MAGIC_SIZE). */
    bool (*can_start)(const uint8_t *bytes, size_t size);
    void *(*state_new)(void);
    /* Makes ready for a member's first byte. False and a reason when the library refuses. */
    bool (*member_begin)(void *state, const char **reason);
    enum codec_result (*decode)(void *state, struct codec_step *step, const char **reason);
    void (*state_free)(void *state); /* NULL is fine */
};

/* The codec whose members start like these bytes, or NULL. Fewer than CODEC_MAGIC_SIZE bytes are never
 * compressed data. */
const struct codec *codec_find(const uint8_t *bytes, size_t size);

#endif
