/* IEEE 802.11 data frames and the headers that capture tools put before them. */
#include <pcap/dlt.h>

#include "capture/packet_parse.h"

/* IEEE 802.11-2020, 9.2.4.1: the first byte is version (2 bits), type (2), subtype (4); the second the flags.
 */
enum {
    TYPE_DATA = 0x08,
    TYPE_MASK = 0x0f, /* version and type */
    SUBTYPE_NULL = 0x40,
    SUBTYPE_QOS = 0x80,
    FLAG_TO_DS = 0x01,
    FLAG_FROM_DS = 0x02,
    FLAG_PROTECTED = 0x40,
    FLAG_ORDER = 0x80,
};

/* `padded`: the header was padded to a multiple of 4 bytes by the network card. */
static enum packet_fate frame(struct span span, bool padded, struct network *network)
{
    if (span.size < 2)
        return PACKET_TRUNCATED;
    uint8_t control = span.data[0];
    uint8_t flags = span.data[1];
    if ((control & TYPE_MASK) != TYPE_DATA || control & SUBTYPE_NULL || flags & FLAG_PROTECTED)
        return PACKET_NOT_IP;
    size_t size = 24;
    if ((flags & FLAG_TO_DS) && (flags & FLAG_FROM_DS))
        size += 6;
    bool aggregated = false;
    if (control & SUBTYPE_QOS) {
        if (span.size < size + 2)
            return PACKET_TRUNCATED;
        aggregated = span.data[size] & 0x80; /* 9.2.4.5.9: an A-MSDU */
        size += flags & FLAG_ORDER ? 6 : 2;  /* QoS control, then HT control */
    }
    if (padded)
        size = (size + 3) & ~(size_t)3;
    /* Fragments of a frame after the first do not start with LLC: the fragment number is in the lower 4 bits
     * of byte 22. */
    if (span.size >= 23 && span.data[22] & 0x0f)
        return PACKET_NOT_IP;
    /* Of several frames in one the first stands for all: destination, source, length. */
    if (aggregated)
        size += 14;
    if (!span_skip(&span, size))
        return PACKET_TRUNCATED;
    return packet_llc(span, network);
}

enum packet_fate packet_ieee80211(struct span span, struct network *network)
{
    return frame(span, false, network);
}

/* radiotap.org: version, pad, length, then words of which each says by bit 31 that another follows; bit 0 is
 * a time stamp of 8 bytes aligned to 8, bit 1 a byte of flags of which 0x20 means padding after the 802.11
 * header. */
enum packet_fate packet_radiotap(struct span span, struct network *network)
{
    if (span.size < 8)
        return PACKET_TRUNCATED;
    size_t header_size = load_le16(span.data + 2);
    if (header_size < 8)
        return PACKET_MALFORMED;
    if (span.size < header_size)
        return PACKET_TRUNCATED;
    uint32_t present = load_le32(span.data + 4);
    size_t offset = 4;
    uint32_t word;
    do {
        if (offset + 4 > header_size)
            return PACKET_MALFORMED;
        word = load_le32(span.data + offset);
        offset += 4;
    } while (word & UINT32_C(0x80000000));
    if (present & 1)
        offset = ((offset + 7) & ~(size_t)7) + 8;
    bool padded = (present & 2) && offset < header_size && (span.data[offset] & 0x20);
    span_skip(&span, header_size);
    return frame(span, padded, network);
}

/* AVS: magic 0x80211001 or 2, length, all in network order. */
enum packet_fate packet_avs(struct span span, struct network *network)
{
    if (span.size < 8)
        return PACKET_TRUNCATED;
    if (!span_skip(&span, load_be32(span.data + 4)))
        return PACKET_TRUNCATED;
    return frame(span, false, network);
}

/* Prism: 144 bytes, unless an AVS header is there under the same link type. */
enum packet_fate packet_prism(struct span span, struct network *network)
{
    if (span.size >= 4 && load_be32(span.data) >> 4 == 0x8021100)
        return packet_avs(span, network);
    if (!span_skip(&span, 144))
        return PACKET_TRUNCATED;
    return frame(span, false, network);
}

/* Per-packet information: version, flags, length, link type, all little-endian. */
enum packet_fate packet_ppi(struct span span, struct network *network)
{
    if (span.size < 8)
        return PACKET_TRUNCATED;
    size_t header_size = load_le16(span.data + 2);
    uint32_t link_type = load_le32(span.data + 4);
    if (header_size < 8)
        return PACKET_MALFORMED;
    if (!span_skip(&span, header_size))
        return PACKET_TRUNCATED;
    return packet_link_nested(link_type > 0xffff ? -1 : (int)link_type, span, network);
}
