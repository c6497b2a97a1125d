/* The file format: draft-ietf-opsawg-pcap, sections 4 (file header) and 5 (packet record). */
#include "capture/classic.h"

#include <glib.h>
#include <string.h>

#include "capture/byte_order.h"

enum {
    RECORD_HEADER_SIZE = CLASSIC_RECORD_HEADER_SIZE,
    /* libpcap's limit for nearly every link type; it has larger ones for a few. */
    CAPTURED_SIZE_MAX = 262144,
    WINDOW_SIZE = RECORD_HEADER_SIZE + CAPTURED_SIZE_MAX + STREAM_BLOCK_SIZE,
};

#define MAGIC_MICROSECONDS UINT32_C(0xa1b2c3d4)
#define MAGIC_NANOSECONDS UINT32_C(0xa1b23c4d)

struct classic {
    struct stream *stream;
    struct classic_format format;
    uint8_t *window; /* [start, end) of WINDOW_SIZE are not handed out yet */
    size_t start, end;
    bool is_over; /* what stands at `start` is no ordinary record */
};

static bool magic_read(const uint8_t *head, struct classic_format *format)
{
    format->big_endian = head[0] == 0xa1;
    uint32_t magic = format->big_endian ? load_be32(head) : load_le32(head);
    format->fractions = magic == MAGIC_NANOSECONDS ? 1000000000 : 1000000;
    return magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS;
}

bool classic_matches(const uint8_t *head, size_t size)
{
    struct classic_format format;
    return size >= CLASSIC_HEADER_SIZE && magic_read(head, &format);
}

bool classic_is_header_start(uint32_t magic, uint32_t version)
{
    static const uint32_t magics[] = {MAGIC_MICROSECONDS, MAGIC_NANOSECONDS};
    static const uint32_t versions[] = {0x00020004, 0x00040002}; /* two numbers of 16 bits: 2, 4 */
    bool is_magic = false;
    bool is_version = false;
    for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
        is_magic = is_magic || magic == magics[i] || magic == GUINT32_SWAP_LE_BE(magics[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++)
        is_version = is_version || version == versions[i] || version == GUINT32_SWAP_LE_BE(versions[i]);
    return is_magic && is_version;
}

/* Link types whose packets libpcap hands on as they stand in the file, in either byte order. (It swaps bytes
 * inside USB, NFLOG and PKTAP packets, and corrects lengths of some.) */
static bool link_is_ordinary(int link_type)
{
    static const int ordinary[] = {DLT_EN10MB, DLT_RAW,    DLT_IPV4,       DLT_IPV6,
                                   DLT_NULL,   DLT_LOOP,   DLT_LINUX_SLL,  DLT_LINUX_SLL2,
                                   DLT_PPP,    DLT_C_HDLC, DLT_IEEE802_11, DLT_IEEE802_11_RADIO};
    for (size_t i = 0; i < G_N_ELEMENTS(ordinary); i++)
        if (ordinary[i] == link_type)
            return true;
    return false;
}

bool classic_is_ordinary(pcap_t *pcap, const uint8_t *head, struct classic_format *format)
{
    format->link_type = pcap_datalink(pcap);
    int limit = pcap_snapshot(pcap);
    /* Files of versions before 2.4 may have their two lengths swapped. */
    if (!magic_read(head, format) || pcap_major_version(pcap) != 2 || pcap_minor_version(pcap) != 4 ||
        !link_is_ordinary(format->link_type) || limit <= 0)
        return false;
    format->captured_size = MIN((uint32_t)limit, CAPTURED_SIZE_MAX);
    return true;
}

struct classic *classic_new(struct stream *stream, const struct classic_format *format)
{
    struct classic *classic = g_new0(struct classic, 1);
    classic->stream = stream;
    classic->format = *format;
    classic->window = g_malloc(WINDOW_SIZE);
    return classic;
}

void classic_free(struct classic *classic)
{
    if (!classic)
        return;
    g_free(classic->window);
    g_free(classic);
}

/* Takes the ordinary records that the window holds whole. The byte order is a constant in each caller, so
 * that the loop has none of it. */
static inline size_t window_walk(struct classic *classic, struct packet *packets, size_t capacity,
                                 bool big_endian)
{
    const struct classic_format format = classic->format;
    const uint32_t nanoseconds = 1000000000 / format.fractions;
    const uint8_t *at = classic->window + classic->start;
    size_t left = classic->end - classic->start;
    size_t count = 0;
    while (count < capacity && left >= RECORD_HEADER_SIZE) {
        uint32_t captured = big_endian ? load_be32(at + 8) : load_le32(at + 8);
        if (captured > format.captured_size) {
            classic->is_over = true;
            break;
        }
        if (left - RECORD_HEADER_SIZE < captured)
            break;
        uint32_t fraction = big_endian ? load_be32(at + 4) : load_le32(at + 4);
        if (captured == 0 && classic_is_header_start(load_be32(at), fraction)) {
            classic->is_over = true;
            break;
        }
        bool bad_time = fraction >= format.fractions;
        packets[count++] = (struct packet){
            .seconds = big_endian ? load_be32(at) : load_le32(at),
            .nanoseconds = bad_time ? 0 : fraction * nanoseconds,
            .bad_time = bad_time,
            .link_type = format.link_type,
            .data = at + RECORD_HEADER_SIZE,
            .captured_size = captured,
            .wire_size = big_endian ? load_be32(at + 12) : load_le32(at + 12),
        };
        at += RECORD_HEADER_SIZE + captured;
        left -= RECORD_HEADER_SIZE + captured;
    }
    classic->start = classic->end - left;
    return count;
}

/* Moves what is left to the front and reads on behind it. False when nothing more came: the end, or a
 * failure; the stream tells libpcap which. */
static bool window_fill(struct classic *classic)
{
    size_t left = classic->end - classic->start;
    memmove(classic->window, classic->window + classic->start, left);
    classic->start = 0;
    classic->end = left;
    ssize_t got = stream_read(classic->stream, classic->window + left, STREAM_BLOCK_SIZE);
    if (got <= 0)
        return false;
    classic->end += (size_t)got;
    return true;
}

size_t classic_read(struct classic *classic, struct packet *packets, size_t capacity)
{
    while (!classic->is_over) {
        size_t count = classic->format.big_endian ? window_walk(classic, packets, capacity, true)
                                                  : window_walk(classic, packets, capacity, false);
        if (count > 0)
            return count;
        if (!classic->is_over)
            classic->is_over = !window_fill(classic);
    }
    return 0;
}

size_t classic_replay(struct classic *classic, void *buffer, size_t size)
{
    size_t taken = MIN(classic->end - classic->start, size);
    memcpy(buffer, classic->window + classic->start, taken);
    classic->start += taken;
    return taken;
}

size_t classic_replay_size(const struct classic *classic)
{
    return classic->end - classic->start;
}
