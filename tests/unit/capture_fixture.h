/* capture_fixture.h - captures and publications made by bytes, for tests of counting.
 *
 *     GByteArray *capture = capture_new(DLT_RAW);
 *     capture_packet(capture, 1743433200, 0, data, size);
 *     struct test_packet p = {.source = 0x08080808, .destination = 0xc0000201, .port = 23};
 *     capture_add(capture, seconds, nanoseconds, &p);
 */
#ifndef TEITEN_TESTS_CAPTURE_FIXTURE_H
#define TEITEN_TESTS_CAPTURE_FIXTURE_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

enum {
    LINKTYPE_RAW_IP = 101,
    LINKTYPE_ETHERNET = 1,
    PROTOCOL_OF_TCP = 6,
    PROTOCOL_OF_UDP = 17,
    PROTOCOL_OF_ICMP = 1
};

/* A packet in a few numbers; zeros give a TCP SYN from port 40000 with nothing special. */
struct test_packet {
    uint32_t source, destination; /* IPv4, host byte order */
    uint8_t source_ipv6_end;      /* not 0: IPv6, from 2001:db8:ffff::N to 2001:db8::1 */
    uint8_t protocol;             /* 0: TCP */
    uint16_t port;                /* destination port or ICMP type */
    uint16_t ip_id;
    uint32_t sequence;
};

static inline void capture_little(GByteArray *out, uint64_t value, int size)
{
    for (int i = 0; i < size; i++, value >>= 8)
        g_byte_array_append(out, (const uint8_t[]){(uint8_t)value}, 1);
}

static inline void capture_big(GByteArray *out, uint64_t value, int size)
{
    for (int i = size - 1; i >= 0; i--)
        g_byte_array_append(out, (const uint8_t[]){(uint8_t)(value >> 8 * i)}, 1);
}

/* A pcap file header, little-endian, nanoseconds. */
static inline GByteArray *capture_new(uint32_t link_type)
{
    GByteArray *out = g_byte_array_new();
    capture_little(out, 0xa1b23c4d, 4);
    capture_little(out, 2, 2);
    capture_little(out, 4, 2);
    capture_little(out, 0, 8);
    capture_little(out, 65535, 4);
    capture_little(out, link_type, 4);
    return out;
}

static inline void capture_packet(GByteArray *out, int64_t seconds, uint32_t nanoseconds, const uint8_t *data,
                                  size_t size)
{
    capture_little(out, (uint64_t)seconds, 4);
    capture_little(out, nanoseconds, 4);
    capture_little(out, size, 4);
    capture_little(out, size, 4);
    g_byte_array_append(out, data, (guint)size);
}

/* The packet from its IP header on. */
static inline GByteArray *packet_bytes(const struct test_packet *packet)
{
    GByteArray *out = g_byte_array_new();
    uint8_t protocol = packet->protocol == 0 ? PROTOCOL_OF_TCP : packet->protocol;
    uint16_t payload = protocol == PROTOCOL_OF_TCP ? 20 : 8;
    if (packet->source_ipv6_end != 0) {
        uint8_t header[40] = {0x60};
        header[5] = (uint8_t)payload;
        header[6] = protocol;
        header[7] = 64;
        memcpy(header + 8, (const uint8_t[]){0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff}, 6);
        header[23] = packet->source_ipv6_end;
        memcpy(header + 24, (const uint8_t[]){0x20, 0x01, 0x0d, 0xb8}, 4);
        header[39] = 1;
        g_byte_array_append(out, header, sizeof header);
    } else {
        capture_big(out, 0x4500, 2);
        capture_big(out, 20U + payload, 2);
        capture_big(out, packet->ip_id, 2);
        capture_big(out, 0, 2);
        capture_big(out, 64U << 8 | protocol, 2);
        capture_big(out, 0, 2);
        capture_big(out, packet->source, 4);
        capture_big(out, packet->destination, 4);
    }
    if (protocol == PROTOCOL_OF_ICMP) {
        capture_big(out, (uint64_t)packet->port << 8, 2);
        capture_big(out, 0, 6);
        return out;
    }
    capture_big(out, 40000, 2);
    capture_big(out, packet->port, 2);
    if (protocol == PROTOCOL_OF_TCP) {
        capture_big(out, packet->sequence, 4);
        capture_big(out, 0, 4);
        capture_big(out, 0x5002, 2);
        capture_big(out, 1024, 2);
        capture_big(out, 0, 4);
    } else {
        capture_big(out, payload, 2);
        capture_big(out, 0, 2);
    }
    return out;
}

static inline void capture_add(GByteArray *out, int64_t seconds, uint32_t nanoseconds,
                               const struct test_packet *packet)
{
    GByteArray *bytes = packet_bytes(packet);
    capture_packet(out, seconds, nanoseconds, bytes->data, bytes->len);
    g_byte_array_unref(bytes);
}

#endif
