/* classic.h - the ordinary records of a classic pcap file, walked in a window that is used again and again.
 *
 *     struct classic_format format;
 *     if (classic_is_ordinary(pcap, head, &format)) {
 *         struct classic *classic = classic_new(stream, &format);      // the stream stands after the header
 *         while ((count = classic_read(classic, packets, 256)) > 0)
 *             use(packets, count);
 *         // what follows is libpcap's: the end, a cut, a damaged file, or a record out of the ordinary
 *         while ((size = classic_replay(classic, buffer, sizeof buffer)) > 0) ...
 *         classic_free(classic);
 *     }
 *
 * libpcap reads a packet with two calls of fread and one copy, which costs more than counting the packet. It
 * stays the authority: it reads the file header and says what the file is; here are taken only records that
 * cannot mean anything else, and at the first other byte everything from there on is handed back to it.
 * `--reader=libpcap` does without this file, and a test holds the two together.
 */
#ifndef TEITEN_CAPTURE_CLASSIC_H
#define TEITEN_CAPTURE_CLASSIC_H

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/packet.h"
#include "capture/stream.h"

enum { CLASSIC_HEADER_SIZE = 24, CLASSIC_RECORD_HEADER_SIZE = 16 };

/* Where captures were joined by cat: "" or "decompressed ", and the byte (uint64_t) of the second one's
 * header. */
#define CLASSIC_JOINED                                   \
    "another capture's header stands at %sbyte %" PRIu64 \
    ", expected one capture a file (join captures by mergecap instead of cat, or leave them apart)"

struct classic_format {
    bool big_endian;
    uint32_t fractions;     /* per second: 1,000,000 or 1,000,000,000 */
    uint32_t captured_size; /* the most that an ordinary record has; libpcap judges larger ones */
    int link_type;          /* DLT_* */
};

/* Whether the first bytes of a file start a capture whose records may be ordinary ones: then libpcap is to be
 * given CLASSIC_HEADER_SIZE bytes to open it. */
bool classic_matches(const uint8_t *head, size_t size);
/* What libpcap made of that header. False: libpcap is to read the records as well. */
bool classic_is_ordinary(pcap_t *pcap, const uint8_t *head, struct classic_format *format);

/* Whether two words of 4 bytes, loaded in either byte order, start a capture's header (magic, version 2.4):
 * inside a file they do where captures were joined by cat. */
bool classic_is_header_start(uint32_t magic, uint32_t version);

struct classic;

struct classic *classic_new(struct stream *stream, const struct classic_format *format);
void classic_free(struct classic *classic); /* NULL is fine */
/* The next packets, up to `capacity` of them; their data is borrowed until the next call. 0: no ordinary
 * record follows, now and at every later call. */
size_t classic_read(struct classic *classic, struct packet *packets, size_t capacity);
/* Takes bytes that were read from the stream and belong to no packet returned. 0: none left, the stream goes
 * on from there. */
size_t classic_replay(struct classic *classic, void *buffer, size_t size);
/* How many of these there are. */
size_t classic_replay_size(const struct classic *classic);

#endif
