#include "capture/pcapng.h"

#include <glib.h>
#include <inttypes.h>
#include <pcap/dlt.h>
#include <string.h>

#include "capture/byte_order.h"
#include "capture/classic.h"

/* Section numbers are those of draft-ietf-opsawg-pcapng. */
enum {
    BLOCK_SECTION = 0x0a0d0d0a, /* 4.1; reads the same in both byte orders */
    BLOCK_INTERFACE = 1,        /* 4.2 */
    BLOCK_PACKET_OBSOLETE = 2,  /* appendix A */
    BLOCK_PACKET_SIMPLE = 3,    /* 4.4 */
    BLOCK_PACKET_ENHANCED = 6,  /* 4.3 */
    BLOCK_FRAME_SIZE = 12,      /* type, total length, and total length again at the end */
    BLOCK_SIZE_MAX = 16 << 20,  /* as libpcap and Wireshark have it: longer than any packet */
    OPTION_END = 0,
    OPTION_TSRESOL = 9,
    OPTION_TSOFFSET = 14,
    INTERFACES_MAX = 1 << 20, /* a bound on what a hostile file can make us keep */
};
#define BYTE_ORDER_MAGIC UINT32_C(0x1a2b3c4d)
#define NANOSECONDS UINT64_C(1000000000)
#define SECONDS_MAX INT64_C(253402300799) /* the end of the year 9999 */

struct interface {
    int link_type;
    uint32_t snap_length;      /* 0: no limit */
    uint64_t units_per_second; /* of its time stamps, at least 1 */
    int64_t offset_seconds;
};

struct pcapng {
    struct stream *stream; /* borrowed */
    bool big_endian;       /* of the current section */
    GArray *interfaces;    /* struct interface, of the current section */
    uint8_t *window;       /* [start, end) of it is read and not used yet */
    size_t capacity;
    size_t start;
    size_t end;
};

static uint16_t load16(const struct pcapng *pcapng, const uint8_t *bytes)
{
    return pcapng->big_endian ? load_be16(bytes) : load_le16(bytes);
}

static uint32_t load32(const struct pcapng *pcapng, const uint8_t *bytes)
{
    return pcapng->big_endian ? load_be32(bytes) : load_le32(bytes);
}

static uint64_t load64(const struct pcapng *pcapng, const uint8_t *bytes)
{
    uint64_t first = load32(pcapng, bytes);
    uint64_t second = load32(pcapng, bytes + 4);
    return pcapng->big_endian ? first << 32 | second : second << 32 | first;
}

bool pcapng_matches(const uint8_t *bytes, size_t size)
{
    return size >= 4 && load_be32(bytes) == BLOCK_SECTION;
}

/* Brings `wanted` bytes into the window, fewer only at the end of the stream. -1 when the stream failed. */
static int window_ensure(struct pcapng *pcapng, size_t wanted, struct error *err)
{
    if (pcapng->end - pcapng->start >= wanted)
        return 0;
    memmove(pcapng->window, pcapng->window + pcapng->start, pcapng->end - pcapng->start);
    pcapng->end -= pcapng->start;
    pcapng->start = 0;
    if (pcapng->capacity < wanted) {
        pcapng->capacity = wanted;
        pcapng->window = g_realloc(pcapng->window, wanted);
    }
    while (pcapng->end < wanted) {
        ssize_t got =
            stream_read(pcapng->stream, pcapng->window + pcapng->end, pcapng->capacity - pcapng->end);
        if (got < 0) {
            *err = *stream_failure(pcapng->stream);
            return -1;
        }
        if (got == 0)
            return 0;
        pcapng->end += (size_t)got;
    }
    return 0;
}

/* LINKTYPE_* of a file as DLT_* of libpcap; they differ where the BSDs disagreed about the DLT_*
 * (pcap-linktype(7)). */
static int link_type_from_file(uint16_t value)
{
    switch (value) {
    case 100:
        return DLT_ATM_RFC1483;
    case 101:
        return DLT_RAW;
    case 102:
        return DLT_SLIP_BSDOS;
    case 103:
        return DLT_PPP_BSDOS;
    case 106:
        return DLT_ATM_CLIP;
    case 246:
        return DLT_PFSYNC;
    default:
        return value;
    }
}

static int resolution_apply(struct interface *interface, uint8_t value, struct error *err)
{
    unsigned int exponent = value & 0x7f;
    bool binary = value & 0x80;
    if (exponent > (binary ? 63 : 19))
        return error_set(err, ERROR_INPUT,
                         "interface description: if_tsresol %s%u, expected a resolution that fits in 64 bits",
                         binary ? "2^-" : "10^-", exponent);
    interface->units_per_second = 1;
    for (unsigned int i = 0; i < exponent; i++)
        interface->units_per_second *= binary ? 2 : 10;
    return 0;
}

/* Options (section 3.5): code, length, value padded to 4 bytes. */
static int interface_options_read(const struct pcapng *pcapng, struct interface *interface,
                                  const uint8_t *bytes, size_t size, struct error *err)
{
    while (size >= 4) {
        uint16_t code = load16(pcapng, bytes);
        size_t length = load16(pcapng, bytes + 2);
        size_t padded = (length + 3) & ~(size_t)3;
        if (code == OPTION_END)
            return 0;
        if (padded > size - 4)
            return error_set(err, ERROR_INPUT,
                             "interface description: option %u has %zu bytes, %zu are left in its block",
                             code, length, size - 4);
        if (code == OPTION_TSRESOL) {
            if (length != 1)
                return error_set(err, ERROR_INPUT,
                                 "interface description: if_tsresol has %zu bytes, expected 1", length);
            if (resolution_apply(interface, bytes[4], err) != 0)
                return -1;
        } else if (code == OPTION_TSOFFSET) {
            if (length != 8)
                return error_set(err, ERROR_INPUT,
                                 "interface description: if_tsoffset has %zu bytes, expected 8", length);
            interface->offset_seconds = (int64_t)load64(pcapng, bytes + 4);
        }
        bytes += 4 + padded;
        size -= 4 + padded;
    }
    return 0;
}

static int interface_read(struct pcapng *pcapng, const uint8_t *body, size_t size, struct error *err)
{
    if (size < 8)
        return error_set(err, ERROR_INPUT, "interface description: %zu bytes, expected 8 or more", size);
    if (pcapng->interfaces->len >= INTERFACES_MAX)
        return error_set(err, ERROR_INPUT, "more than %d interfaces in one section", INTERFACES_MAX);
    struct interface interface = {
        .link_type = link_type_from_file(load16(pcapng, body)),
        .snap_length = load32(pcapng, body + 4),
        .units_per_second = 1000000,
    };
    if (interface_options_read(pcapng, &interface, body + 8, size - 8, err) != 0)
        return -1;
    g_array_append_val(pcapng->interfaces, interface);
    return 0;
}

static int section_read(struct pcapng *pcapng, const uint8_t *body, size_t size, struct error *err)
{
    if (size < 16)
        return error_set(err, ERROR_INPUT, "section header: %zu bytes, expected 16 or more", size);
    unsigned int major = load16(pcapng, body + 4);
    unsigned int minor = load16(pcapng, body + 6);
    /* 1.2 was written by some and is the same format (section 4.1). */
    if (major != 1 || (minor != 0 && minor != 2))
        return error_set(err, ERROR_INPUT, "section header: pcapng version %u.%u, expected 1.0", major,
                         minor);
    g_array_set_size(pcapng->interfaces, 0);
    return 0;
}

static const struct interface *interface_find(const struct pcapng *pcapng, uint32_t id, struct error *err)
{
    if (id < pcapng->interfaces->len)
        return &g_array_index(pcapng->interfaces, struct interface, id);
    error_set(err, ERROR_INPUT, "a packet of interface %" PRIu32 ", but the section describes %u interfaces",
              id, pcapng->interfaces->len);
    return NULL;
}

/* The usual resolutions are constants to divide by, which is no division. */
static inline void units_split(uint64_t units, uint64_t per_second, uint64_t *seconds, uint64_t *nanoseconds)
{
    if (per_second == 1000000) {
        *seconds = units / 1000000;
        *nanoseconds = units % 1000000 * 1000;
    } else if (per_second == NANOSECONDS) {
        *seconds = units / NANOSECONDS;
        *nanoseconds = units % NANOSECONDS;
    } else { /* 2^-63 s and finer than nanoseconds: 128 bits, and cut, never rounded up into the next second
              */
        *seconds = units / per_second;
        *nanoseconds = (uint64_t)((unsigned __int128)(units % per_second) * NANOSECONDS / per_second);
    }
}

static inline void packet_set_time(struct packet *packet, const struct interface *interface, uint64_t units)
{
    uint64_t whole, nanoseconds;
    units_split(units, interface->units_per_second, &whole, &nanoseconds);
    /* units / 1 may be 2^64 - 1: beyond int64_t, as absurd as any year after 9999. */
    int64_t seconds = whole > (uint64_t)INT64_MAX ? INT64_MAX : (int64_t)whole;
    packet->bad_time = __builtin_add_overflow(seconds, interface->offset_seconds, &seconds) || seconds < 0 ||
                       seconds > SECONDS_MAX;
    packet->seconds = packet->bad_time ? 0 : seconds;
    packet->nanoseconds = (uint32_t)nanoseconds;
}

/* Enhanced: interface 32 bits, time high and low, captured and original length. Obsolete: interface 16 bits,
 * drops 16 bits, then the same. */
static int timed_packet_read(const struct pcapng *pcapng, bool enhanced, const uint8_t *body, size_t size,
                             struct packet *packet, struct error *err)
{
    if (size < 20)
        return error_set(err, ERROR_INPUT, "packet block: %zu bytes, expected 20 or more", size);
    uint32_t id = enhanced ? load32(pcapng, body) : load16(pcapng, body);
    const struct interface *interface = interface_find(pcapng, id, err);
    if (!interface)
        return -1;
    packet->captured_size = load32(pcapng, body + 12);
    packet->wire_size = load32(pcapng, body + 16);
    if (packet->captured_size > size - 20)
        return error_set(err, ERROR_INPUT,
                         "packet block: %" PRIu32 " captured bytes, but its block has room for %zu",
                         packet->captured_size, size - 20);
    packet->data = body + 20;
    packet->link_type = interface->link_type;
    packet_set_time(packet, interface, (uint64_t)load32(pcapng, body + 4) << 32 | load32(pcapng, body + 8));
    return 0;
}

/* Original length, then as many bytes as the snap length of interface 0 allows; the rest of the block is
 * padding. */
static int simple_packet_read(const struct pcapng *pcapng, const uint8_t *body, size_t size,
                              struct packet *packet, struct error *err)
{
    if (size < 4)
        return error_set(err, ERROR_INPUT, "simple packet block: %zu bytes, expected 4 or more", size);
    const struct interface *interface = interface_find(pcapng, 0, err);
    if (!interface)
        return -1;
    packet->wire_size = load32(pcapng, body);
    packet->captured_size = packet->wire_size;
    if (interface->snap_length > 0 && packet->captured_size > interface->snap_length)
        packet->captured_size = interface->snap_length;
    if (packet->captured_size > size - 4)
        return error_set(err, ERROR_INPUT,
                         "simple packet block: %" PRIu32 " captured bytes, but its block has room for %zu",
                         packet->captured_size, size - 4);
    packet->data = body + 4;
    packet->link_type = interface->link_type;
    packet->seconds = 0;
    packet->nanoseconds = 0;
    packet->bad_time = true;
    return 0;
}

static int cut_error(const struct pcapng *pcapng, size_t wanted, size_t got, struct error *err)
{
    return error_set(err, ERROR_INPUT,
                     "the %scapture ends at byte %" PRIu64
                     " in the middle of a block (%zu bytes expected, %zu are there)",
                     stream_codec_name(pcapng->stream) ? "decompressed " : "",
                     stream_decoded_size(pcapng->stream), wanted, got);
}

/* The total length stands at both ends of a block (section 3.1). */
static int trailer_check(const struct pcapng *pcapng, uint32_t type, uint32_t total, const uint8_t *trailer,
                         struct error *err)
{
    if (load32(pcapng, trailer) == total)
        return 0;
    return error_set(err, ERROR_INPUT,
                     "a block of type 0x%08" PRIx32 " has length %" PRIu32 " before it and %" PRIu32
                     " after it",
                     type, total, load32(pcapng, trailer));
}

/* Passes over a block that is of no interest, however long it claims to be, without keeping it. */
static int block_skip(struct pcapng *pcapng, uint32_t type, uint32_t total, struct error *err)
{
    size_t left = total;
    while (left > 4) {
        if (window_ensure(pcapng, 1, err) != 0)
            return -1;
        size_t here = MIN(pcapng->end - pcapng->start, left - 4);
        if (here == 0)
            return cut_error(pcapng, total, total - left, err);
        pcapng->start += here;
        left -= here;
    }
    if (window_ensure(pcapng, 4, err) != 0)
        return -1;
    if (pcapng->end - pcapng->start < 4)
        return cut_error(pcapng, total, total - 4 + (pcapng->end - pcapng->start), err);
    if (trailer_check(pcapng, type, total, pcapng->window + pcapng->start, err) != 0)
        return -1;
    pcapng->start += 4;
    return 0;
}

static bool block_is_read(uint32_t type)
{
    return type == BLOCK_SECTION || type == BLOCK_INTERFACE || type == BLOCK_PACKET_OBSOLETE ||
           type == BLOCK_PACKET_SIMPLE || type == BLOCK_PACKET_ENHANCED;
}

/* The byte order of a section holds for its header as well, so it is looked up before the block's length can
 * be read. */
static int section_byte_order(struct pcapng *pcapng, const uint8_t *block, size_t size, struct error *err)
{
    if (size < 12)
        return cut_error(pcapng, 12, size, err);
    if (load_be32(block + 8) == BYTE_ORDER_MAGIC)
        pcapng->big_endian = true;
    else if (load_le32(block + 8) == BYTE_ORDER_MAGIC)
        pcapng->big_endian = false;
    else
        return error_set(err, ERROR_INPUT,
                         "section header: byte-order magic 0x%08" PRIx32
                         ", expected 0x1a2b3c4d in either byte order",
                         load_be32(block + 8));
    return 0;
}

/* Reads one block. 1: it was a packet; 2: it was another; 0: the end; -1: damaged. */
static int block_read(struct pcapng *pcapng, struct packet *packet, struct error *err)
{
    if (window_ensure(pcapng, 12, err) != 0)
        return -1;
    size_t got = pcapng->end - pcapng->start;
    if (got == 0)
        return 0;
    if (got < 8)
        return cut_error(pcapng, BLOCK_FRAME_SIZE, got, err);
    const uint8_t *block = pcapng->window + pcapng->start;
    uint32_t type = load32(pcapng, block);
    if (type == BLOCK_SECTION && section_byte_order(pcapng, block, got, err) != 0)
        return -1;
    uint32_t total = load32(pcapng, block + 4);
    if (classic_is_header_start(type, total))
        return error_set(err, ERROR_INPUT, CLASSIC_JOINED,
                         stream_codec_name(pcapng->stream) ? "decompressed " : "",
                         stream_decoded_size(pcapng->stream) - got);
    if (total < BLOCK_FRAME_SIZE || total % 4 != 0)
        return error_set(err, ERROR_INPUT,
                         "a block of type 0x%08" PRIx32 " with length %" PRIu32
                         ", expected a multiple of 4 from 12 on",
                         type, total);
    if (!block_is_read(type))
        return block_skip(pcapng, type, total, err) == 0 ? 2 : -1;
    if (total > BLOCK_SIZE_MAX)
        return error_set(err, ERROR_INPUT,
                         "a block of type 0x%08" PRIx32 " with length %" PRIu32 ", expected %d at most", type,
                         total, BLOCK_SIZE_MAX);
    if (window_ensure(pcapng, total, err) != 0)
        return -1;
    got = pcapng->end - pcapng->start;
    if (got < total)
        return cut_error(pcapng, total, got, err);
    block = pcapng->window + pcapng->start;
    if (trailer_check(pcapng, type, total, block + total - 4, err) != 0)
        return -1;
    pcapng->start += total;
    const uint8_t *body = block + 8;
    size_t size = total - BLOCK_FRAME_SIZE;
    switch (type) {
    case BLOCK_SECTION:
        return section_read(pcapng, body, size, err) == 0 ? 2 : -1;
    case BLOCK_INTERFACE:
        return interface_read(pcapng, body, size, err) == 0 ? 2 : -1;
    case BLOCK_PACKET_SIMPLE:
        return simple_packet_read(pcapng, body, size, packet, err) == 0 ? 1 : -1;
    default:
        return timed_packet_read(pcapng, type == BLOCK_PACKET_ENHANCED, body, size, packet, err) == 0 ? 1
                                                                                                      : -1;
    }
}

struct pcapng *pcapng_new(struct stream *stream, struct error *err)
{
    struct pcapng *pcapng = g_new0(struct pcapng, 1);
    pcapng->stream = stream;
    pcapng->interfaces = g_array_new(FALSE, FALSE, sizeof(struct interface));
    pcapng->capacity = 2 * STREAM_BLOCK_SIZE; /* room for a whole block of the stream beside what is left */
    pcapng->window = g_malloc(pcapng->capacity);
    struct packet unused;
    if (block_read(pcapng, &unused, err) == 2)
        return pcapng;
    pcapng_free(pcapng);
    return NULL;
}

int pcapng_next(struct pcapng *pcapng, struct packet *packet, struct error *err)
{
    int got;
    do
        got = block_read(pcapng, packet, err);
    while (got == 2);
    return got;
}

/* Takes enhanced packet blocks that the window holds whole and that cannot mean anything else. The byte order
 * is a constant in each caller, so that the loop has none of it. */
static inline size_t window_walk(struct pcapng *pcapng, struct packet *packets, size_t capacity,
                                 bool big_endian)
{
    enum { ENHANCED_SIZE = BLOCK_FRAME_SIZE + 20 };
    const struct interface *interfaces = (const struct interface *)(void *)pcapng->interfaces->data;
    const uint32_t interface_count = pcapng->interfaces->len;
    const uint8_t *block = pcapng->window + pcapng->start;
    size_t left = pcapng->end - pcapng->start;
    size_t count = 0;
    while (count < capacity && left >= ENHANCED_SIZE) {
        uint32_t type = big_endian ? load_be32(block) : load_le32(block);
        uint32_t total = big_endian ? load_be32(block + 4) : load_le32(block + 4);
        uint32_t id = big_endian ? load_be32(block + 8) : load_le32(block + 8);
        if (type != BLOCK_PACKET_ENHANCED || total % 4 != 0 || total < ENHANCED_SIZE || total > left ||
            total > BLOCK_SIZE_MAX || id >= interface_count)
            break;
        uint32_t high = big_endian ? load_be32(block + 12) : load_le32(block + 12);
        uint32_t low = big_endian ? load_be32(block + 16) : load_le32(block + 16);
        uint32_t captured = big_endian ? load_be32(block + 20) : load_le32(block + 20);
        uint32_t again = big_endian ? load_be32(block + total - 4) : load_le32(block + total - 4);
        if (captured > total - ENHANCED_SIZE || again != total)
            break;
        struct packet *packet = &packets[count++];
        packet->link_type = interfaces[id].link_type;
        packet->data = block + 28;
        packet->captured_size = captured;
        packet->wire_size = big_endian ? load_be32(block + 24) : load_le32(block + 24);
        packet_set_time(packet, &interfaces[id], (uint64_t)high << 32 | low);
        block += total;
        left -= total;
    }
    pcapng->start = pcapng->end - left;
    return count;
}

size_t pcapng_walk(struct pcapng *pcapng, struct packet *packets, size_t capacity)
{
    return pcapng->big_endian ? window_walk(pcapng, packets, capacity, true)
                              : window_walk(pcapng, packets, capacity, false);
}

void pcapng_free(struct pcapng *pcapng)
{
    if (!pcapng)
        return;
    g_array_free(pcapng->interfaces, TRUE);
    g_free(pcapng->window);
    g_free(pcapng);
}
