/* packet_decode_innermost: each tunnel alone, in each other, cut at every byte, and what is none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pcap/dlt.h>

#include "capture/packet.h"
#include "unit/capture_builder.h"

enum { ALL = PACKET_TUNNEL_IP | PACKET_TUNNEL_GRE | PACKET_TUNNEL_VXLAN | PACKET_TUNNEL_GENEVE };

/* What is carried: a SYN from 10.0.0.1 to 192.0.2.1, port 23, sequence 0xc0000201. */
#define SYN "4500 0028 d431 0000 4006 0000 0a000001 c0000201 9c40 0017 c0000201 00000000 5002 0400 0000 0000"
/* The same as ICMPv6 echo from 2001:db8::1 to 2001:db8::2. */
#define ECHO6                                                                                               \
    "60000000 0008 3a 40 20010db8000000000000000000000001 20010db8000000000000000000000002 8000 0000 0001 " \
    "0002"
#define ETHERNET "020000000001 020000000002 "

/* An IPv4 header from 203.0.113.1 to 203.0.113.2 before `payload`, whole in its length field. */
static GByteArray *in_ipv4(uint8_t protocol, const char *payload)
{
    GByteArray *inner = g_byte_array_new();
    put_hex(inner, payload);
    GByteArray *out = g_byte_array_new();
    put_hex(out, "4500");
    put(out, BIG, 20 + inner->len, 2);
    put_hex(out, "0001 0000 40");
    put(out, BIG, protocol, 1);
    put_hex(out, "0000 cb007101 cb007102");
    g_byte_array_append(out, inner->data, inner->len);
    g_byte_array_unref(inner);
    return out;
}

static enum packet_fate decode(const GByteArray *bytes, unsigned int tunnels, struct packet_headers *headers)
{
    /* Of just this size, so that the sanitizers see a read beyond it. */
    uint8_t *data = g_memdup2(bytes->data, bytes->len);
    struct packet packet = {
        .link_type = DLT_RAW, .data = data, .captured_size = bytes->len, .wire_size = bytes->len};
    enum packet_fate fate = packet_decode_innermost(&packet, tunnels, headers);
    g_free(data);
    return fate;
}

static void assert_syn(const struct packet_headers *headers)
{
    assert_int_equal(headers->ip_version, 4);
    assert_memory_equal(headers->source, ((const uint8_t[]){10, 0, 0, 1}), 4);
    assert_memory_equal(headers->destination, ((const uint8_t[]){192, 0, 2, 1}), 4);
    assert_int_equal(headers->protocol, 6);
    assert_int_equal(headers->destination_port, 23);
    assert_int_equal(headers->source_port, 40000);
    assert_int_equal(headers->ip_id, 54321);
    assert_true(headers->has_tcp_sequence && headers->has_tcp_flags);
    assert_int_equal(headers->tcp_sequence, 0xc0000201);
    assert_int_equal(headers->tcp_flags, 2);
}

static void assert_outer(const struct packet_headers *headers, uint8_t protocol, int port)
{
    assert_memory_equal(headers->destination, ((const uint8_t[]){203, 0, 113, 2}), 4);
    assert_int_equal(headers->protocol, protocol);
    assert_int_equal(headers->destination_port, port);
}

static const struct {
    unsigned int tunnel;
    uint8_t protocol;
    int port; /* of the outer header */
    const char *payload;
} tunnels[] = {
    {PACKET_TUNNEL_IP, 4, -1, SYN},
    {PACKET_TUNNEL_GRE, 47, -1, "0000 0800" SYN},
    {PACKET_TUNNEL_GRE, 47, -1, "b000 0800 00000000 00000007 00000001" SYN},   /* checksum, key, sequence */
    {PACKET_TUNNEL_GRE, 47, -1, "0000 6558" ETHERNET "0800" SYN},              /* bridged Ethernet */
    {PACKET_TUNNEL_GRE, 47, -1, "0000 6558" ETHERNET "8100 0007 0800" SYN},    /* with a VLAN */
    {PACKET_TUNNEL_GRE, 47, -1, "0000 8847 00010140" SYN},                     /* MPLS */
    {PACKET_TUNNEL_GRE, 47, -1, "3001 880b 0028 0001 00000001 ff03 0021" SYN}, /* PPTP */
    {PACKET_TUNNEL_GRE, 47, -1,
     "3081 880b 0028 0001 00000001 00000001 0021" SYN},           /* with an acknowledgement */
    {PACKET_TUNNEL_GRE, 47, -1, "0000 88be" ETHERNET "0800" SYN}, /* ERSPAN I */
    {PACKET_TUNNEL_GRE, 47, -1, "1000 88be 00000001 1001 0000 00000000" ETHERNET "0800" SYN},
    {PACKET_TUNNEL_GRE, 47, -1, "1000 22eb 00000001 2001 0000 00000000 0000 0000" ETHERNET "0800" SYN},
    {PACKET_TUNNEL_GRE, 47, -1,
     "1000 22eb 00000001 2001 0000 00000000 0000 0001 0000000000000000" ETHERNET "0800" SYN},
    {PACKET_TUNNEL_VXLAN, 17, 4789, "115c 12b5 0000 0000 08000000 00002a00" ETHERNET "0800" SYN},
    {PACKET_TUNNEL_GENEVE, 17, 6081, "115c 17c1 0000 0000 0000 6558 00002a00" ETHERNET "0800" SYN},
    {PACKET_TUNNEL_GENEVE, 17, 6081, "115c 17c1 0000 0000 0200 0800 00002a00 0001800100000000" SYN},
};

static void each_tunnel(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(tunnels); i++) {
        GByteArray *packet = in_ipv4(tunnels[i].protocol, tunnels[i].payload);
        struct packet_headers headers;
        assert_int_equal(decode(packet, tunnels[i].tunnel, &headers), PACKET_DECODED);
        assert_syn(&headers);
        assert_int_equal(decode(packet, ALL, &headers), PACKET_DECODED);
        assert_syn(&headers);
        assert_int_equal(decode(packet, ALL & ~tunnels[i].tunnel, &headers), PACKET_DECODED);
        assert_outer(&headers, tunnels[i].protocol, tunnels[i].port);
        assert_int_equal(decode(packet, 0, &headers), PACKET_DECODED);
        assert_outer(&headers, tunnels[i].protocol, tunnels[i].port);
        g_byte_array_unref(packet);
    }
}

/* The innermost header's ports are there from its fourth byte on; until then the packet is cut, however deep.
 */
static void cut_at_every_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(tunnels); i++) {
        GByteArray *packet = in_ipv4(tunnels[i].protocol, tunnels[i].payload);
        guint size = packet->len;
        for (guint cut = 0; cut < size; cut++) {
            struct packet_headers headers;
            g_byte_array_set_size(packet, cut);
            enum packet_fate fate = decode(packet, ALL, &headers);
            assert_int_equal(fate, cut < size - 16 ? PACKET_TRUNCATED : PACKET_DECODED);
            if (fate == PACKET_DECODED)
                assert_int_equal(headers.destination_port, 23);
            else
                assert_int_equal(headers.destination_port, -1);
            g_byte_array_unref(packet);
            packet = in_ipv4(tunnels[i].protocol, tunnels[i].payload);
        }
        g_byte_array_unref(packet);
    }
}

/* 4in6, 6in4, 6in6, and one in the other. */
static void versions(void **state)
{
    (void)state;
#define IN_IPV6(length, next) \
    "60000000 " length next " 40 20010db8ffff00000000000000000001 20010db8ffff00000000000000000002 "
    static const struct {
        const char *bytes;
        bool is_ipv6;
    } cases[] = {
        {IN_IPV6("0028", "04") SYN, false},
        {IN_IPV6("0030", "29") ECHO6, true},
        {"4500 0044 0001 0000 4029 0000 cb007101 cb007102" ECHO6, true},
        /* destination options (RFC 2473: the limit of encapsulations) before the inner header */
        {IN_IPV6("0030", "3c") "04 00 04 01 04 01 00 00" SYN, false},
        /* IPv4 in IPv6 in IPv4 */
        {"4500 0064 0001 0000 4029 0000 cb007101 cb007102" IN_IPV6("0028", "04") SYN, false},
    };
#undef IN_IPV6
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GByteArray *packet = g_byte_array_new();
        put_hex(packet, cases[i].bytes);
        struct packet_headers headers;
        assert_int_equal(decode(packet, PACKET_TUNNEL_IP, &headers), PACKET_DECODED);
        if (cases[i].is_ipv6) {
            assert_int_equal(headers.ip_version, 6);
            assert_int_equal(headers.source[15], 1);
            assert_int_equal(headers.destination_port, 128);
        } else {
            assert_syn(&headers);
        }
        g_byte_array_unref(packet);
    }
}

/* The header outside counts where a tunnel carries no IP, or is none. */
static void no_ip_inside(void **state)
{
    (void)state;
    static const struct {
        uint8_t protocol;
        int port;
        const char *payload;
    } cases[] = {
        {47, -1, "0000 0000"},                    /* keepalive */
        {47, -1, "0000 0806 0001 0800"},          /* ARP */
        {47, -1, "4000 0800 0000 0000" SYN},      /* source routing */
        {47, -1, "0002 0800" SYN},                /* version 2 */
        {47, -1, "2081 880b 0000 0001 00000001"}, /* PPTP, acknowledgement alone */
        {17, 4789, "115c 12b5 0000 0000 00000000 00002a00" ETHERNET "0800" SYN}, /* no identifier */
        {17, 4789, "115c 12b5 0000 0000 08000000 00002a00" ETHERNET "0806 0001 0800"},
        {17, 6081, "115c 17c1 0000 0000 4000 0800 00002a00" SYN}, /* version 1 */
        {17, 4790, "115c 12b6 0000 0000 08000000 00002a00" ETHERNET "0800" SYN},
        {6, 4789, "115c 12b5 00000000 00000000 5002 0400 0000 0000 08000000 00002a00" ETHERNET "0800" SYN},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GByteArray *packet = in_ipv4(cases[i].protocol, cases[i].payload);
        struct packet_headers headers;
        assert_int_equal(decode(packet, ALL, &headers), PACKET_DECODED);
        assert_outer(&headers, cases[i].protocol, cases[i].port);
        g_byte_array_unref(packet);
    }
}

/* A header inside that cannot be read decides, and no port is left of the header outside. */
static void broken_inside(void **state)
{
    (void)state;
    static const struct {
        uint8_t protocol;
        const char *payload;
        enum packet_fate fate;
    } cases[] = {
        {4, "6500 0028 d431 0000 4006 0000 0a000001 c0000201", PACKET_MALFORMED},
        {4, "4400 0028 d431 0000 4006 0000 0a000001 c0000201", PACKET_MALFORMED},
        {4, "4500 0028 d431 2001 4006 0000 0a000001 c0000201 00000000", PACKET_FRAGMENT},
        {17,
         "115c 12b5 0000 0000 08000000 00002a00" ETHERNET
         "0800 6500 0028 d431 0000 4006 0000 0a000001 c0000201",
         PACKET_MALFORMED},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GByteArray *packet = in_ipv4(cases[i].protocol, cases[i].payload);
        struct packet_headers headers;
        assert_int_equal(decode(packet, ALL, &headers), cases[i].fate);
        assert_int_equal(headers.destination_port, -1);
        g_byte_array_unref(packet);
    }
}

/* Headers in headers until the packet is full: IP has no limit but the bytes, link layers have one. */
static void deep(void **state)
{
    (void)state;
    enum { DEPTH = 2000 };
    GByteArray *packet = g_byte_array_new();
    for (int i = 0; i < DEPTH; i++)
        put_hex(packet, "4500 0000 0001 0000 4004 0000 cb007101 cb007102");
    put_hex(packet, SYN);
    struct packet_headers headers;
    assert_int_equal(decode(packet, ALL, &headers), PACKET_DECODED);
    assert_syn(&headers);
    g_byte_array_set_size(packet, 0);
    for (int i = 0; i < 10; i++)
        put_hex(packet, "4500 0000 0001 0000 402f 0000 cb007101 cb007102 0000 6558" ETHERNET "0800");
    put_hex(packet, SYN);
    assert_int_equal(decode(packet, ALL, &headers), PACKET_MALFORMED);
    g_byte_array_unref(packet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_tunnel),  cmocka_unit_test(cut_at_every_byte), cmocka_unit_test(versions),
        cmocka_unit_test(no_ip_inside), cmocka_unit_test(broken_inside),     cmocka_unit_test(deep),
    };
    return cmocka_run_group_tests_name("packet_tunnel", tests, NULL, NULL);
}
