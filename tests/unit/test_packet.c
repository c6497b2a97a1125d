/* packet.h: link layers, IPv4, IPv6 and transport headers, each packet written out byte by byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pcap/dlt.h>

#include "capture/packet.h"
#include "capture/packet_parse.h"
#include "unit/capture_builder.h"

/* 198.51.100.7 to 203.0.113.5, 40 bytes, identification 0x3039. */
#define IP4 "4500 0028 3039 0000 4006 0000 c6336407 cb007105 "
/* 35552 to 23, sequence number equal to the destination, SYN. */
#define SYN "8ae0 0017 cb007105 00000000 5002 0400 0000 0000 "
/* 2001:db8::7 to 2001:db8:1::5, next header and payload length to be given. */
#define IP6_ADDRESSES "20010db8000000000000000000000007 20010db8000100000000000000000005 "
#define IP6 "60000000 0014 06 40 " IP6_ADDRESSES
#define MACS "02000000000a 02000000000b "
#define P4 IP4 SYN
#define P6 IP6 SYN

struct link_case {
    const char *name;
    int link_type;
    const char *bytes;
    enum packet_fate fate;
    int version; /* of P4 and P6, when decoded */
};

static const struct link_case link_cases[] = {
    {"ethernet", DLT_EN10MB, MACS "0800" P4, PACKET_DECODED, 4},
    {"ethernet v6", DLT_EN10MB, MACS "86dd" P6, PACKET_DECODED, 6},
    {"ethernet arp", DLT_EN10MB, MACS "0806 0001080006040001", PACKET_NOT_IP, 0},
    {"ethernet short", DLT_EN10MB, MACS "08", PACKET_TRUNCATED, 0},
    {"802.1q", DLT_EN10MB, MACS "8100 0064 0800" P4, PACKET_DECODED, 4},
    {"802.1ad", DLT_EN10MB, MACS "88a8 0001 8100 0064 86dd" P6, PACKET_DECODED, 6},
    {"0x9100", DLT_EN10MB, MACS "9100 0001 8100 0064 0800" P4, PACKET_DECODED, 4},
    {"three tags", DLT_EN10MB, MACS "8100 0001 8100 0002 8100 0003 0800" P4, PACKET_DECODED, 4},
    {"tag cut", DLT_EN10MB, MACS "8100 0001 08", PACKET_TRUNCATED, 0},
    {"tag before LLC", DLT_EN10MB, MACS "8100 0001 0030 aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"PPPoE session", DLT_EN10MB, MACS "8864 1100 0007 002a 0021" P4, PACKET_DECODED, 4},
    {"PPPoE session v6", DLT_EN10MB, MACS "8864 1100 0007 003e 0057" P6, PACKET_DECODED, 6},
    {"PPPoE LCP", DLT_EN10MB, MACS "8864 1100 0007 0006 c021 09000004", PACKET_NOT_IP, 0},
    {"PPPoE discovery", DLT_EN10MB, MACS "8863 1109 0000 0000", PACKET_NOT_IP, 0},
    {"MPLS", DLT_EN10MB, MACS "8847 00010140" P4, PACKET_DECODED, 4},
    {"MPLS two labels", DLT_EN10MB, MACS "8847 00010040 00020140" P6, PACKET_DECODED, 6},
    {"MPLS pseudowire", DLT_EN10MB, MACS "8847 00010140 00000000" MACS "0800" P4, PACKET_NOT_IP, 0},
    {"MPLS never ends", DLT_EN10MB, MACS "8847 00010040 00010040", PACKET_TRUNCATED, 0},
    {"LLC SNAP", DLT_EN10MB, MACS "0030 aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"LLC SNAP 802.1H", DLT_EN10MB, MACS "0030 aaaa03 0000f8 0800" P4, PACKET_DECODED, 4},
    {"LLC IP", DLT_EN10MB, MACS "002b 060603" P4, PACKET_DECODED, 4},
    {"LLC STP", DLT_EN10MB, MACS "0026 424203 0000000000", PACKET_NOT_IP, 0},
    {"SNAP CDP", DLT_EN10MB, MACS "0026 aaaa03 00000c 2000 02b4", PACKET_NOT_IP, 0},
    {"MACsec integrity", DLT_EN10MB, MACS "88e5 20 00 00000001 0000000000000001 0800" P4, PACKET_DECODED, 4},
    {"MACsec encrypted", DLT_EN10MB, MACS "88e5 2c 00 00000001 0000000000000001 0800" P4, PACKET_NOT_IP, 0},
    {"NSH", DLT_EN10MB, MACS "894f 0002 0101 00000001" P4, PACKET_DECODED, 4},
    {"raw v4", DLT_RAW, P4, PACKET_DECODED, 4},
    {"raw v6", DLT_RAW, P6, PACKET_DECODED, 6},
    {"raw v5", DLT_RAW, "55000000", PACKET_MALFORMED, 0},
    {"raw empty", DLT_RAW, "", PACKET_TRUNCATED, 0},
    {"ipv4", DLT_IPV4, P4, PACKET_DECODED, 4},
    {"ipv4 holding v6", DLT_IPV4, P6, PACKET_MALFORMED, 0},
    {"ipv6", DLT_IPV6, P6, PACKET_DECODED, 6},
    {"ethertype v4 holding v6", DLT_EN10MB, MACS "0800" P6, PACKET_MALFORMED, 0},
    {"ethertype v6 holding v4", DLT_EN10MB, MACS "86dd" P4 P4, PACKET_MALFORMED, 0},
    {"sll", DLT_LINUX_SLL, "0000 0001 0006 02000000000a0000 0800" P4, PACKET_DECODED, 4},
    {"sll vlan", DLT_LINUX_SLL, "0000 0001 0006 02000000000a0000 8100 0064 86dd" P6, PACKET_DECODED, 6},
    {"sll 802.2", DLT_LINUX_SLL, "0000 0001 0006 02000000000a0000 0004 aaaa03 000000 0800" P4, PACKET_DECODED,
     4},
    {"sll 802.3", DLT_LINUX_SLL, "0000 0001 0006 02000000000a0000 0001 ffff", PACKET_NOT_IP, 0},
    {"sll2", DLT_LINUX_SLL2, "0800 0000 00000002 0001 00 06 02000000000a0000" P4, PACKET_DECODED, 4},
    {"null little-endian", DLT_NULL, "02000000" P4, PACKET_DECODED, 4},
    {"null big-endian", DLT_NULL, "00000002" P4, PACKET_DECODED, 4},
    {"null v6 Linux", DLT_NULL, "0a000000" P6, PACKET_DECODED, 6},
    {"null v6 NetBSD", DLT_NULL, "18000000" P6, PACKET_DECODED, 6},
    {"null v6 FreeBSD", DLT_NULL, "1c000000" P6, PACKET_DECODED, 6},
    {"null v6 Darwin", DLT_NULL, "0000001e" P6, PACKET_DECODED, 6},
    {"null other family", DLT_NULL, "07000000 00", PACKET_NOT_IP, 0},
    {"loop", DLT_LOOP, "00000002" P4, PACKET_DECODED, 4},
    {"loop v6", DLT_LOOP, "00000018" P6, PACKET_DECODED, 6},
    {"ppp", DLT_PPP, "0021" P4, PACKET_DECODED, 4},
    {"ppp compressed protocol", DLT_PPP, "21" P4, PACKET_DECODED, 4},
    {"ppp framed", DLT_PPP, "ff03 0057" P6, PACKET_DECODED, 6},
    {"ppp ipcp", DLT_PPP, "ff03 8021 01", PACKET_NOT_IP, 0},
    {"ppp mpls", DLT_PPP, "ff03 0281 00010140" P4, PACKET_DECODED, 4},
    {"ppp serial", DLT_PPP_SERIAL, "ff03 0021" P4, PACKET_DECODED, 4},
    {"ppp serial cisco", DLT_PPP_SERIAL, "0f00 0800" P4, PACKET_DECODED, 4},
    {"ppp ether", DLT_PPP_ETHER, "1100 0007 002a 0021" P4, PACKET_DECODED, 4},
    {"ppp direction", DLT_PPP_WITH_DIR, "01 ff03 0021" P4, PACKET_DECODED, 4},
    {"ppp pppd", DLT_PPP_PPPD, "00 03 0021" P4, PACKET_DECODED, 4},
    {"c-hdlc", DLT_C_HDLC, "0f00 0800" P4, PACKET_DECODED, 4},
    {"c-hdlc slarp", DLT_C_HDLC, "8f00 8035 00000002", PACKET_NOT_IP, 0},
    {"frame relay", DLT_FRELAY, "1841 03 cc" P4, PACKET_DECODED, 4},
    {"frame relay v6", DLT_FRELAY, "1841 03 8e" P6, PACKET_DECODED, 6},
    {"frame relay snap", DLT_FRELAY, "1841 03 00 80 000000 0800" P4, PACKET_DECODED, 4},
    {"frame relay bridged", DLT_FRELAY, "1841 03 00 80 0080c2 0007" MACS "0800" P4, PACKET_DECODED, 4},
    {"frame relay cisco", DLT_FRELAY, "1841 0800" P4, PACKET_DECODED, 4},
    {"frame relay four bytes", DLT_FRELAY, "18404041 03 cc" P4, PACKET_DECODED, 4},
    {"frame relay no end", DLT_FRELAY, "1840404040 03 cc", PACKET_MALFORMED, 0},
    {"slip", DLT_SLIP, "00 45 0000000000000000000000000000" P4, PACKET_DECODED, 4},
    {"slip compressed", DLT_SLIP, "00 80 0000000000000000000000000000" P4, PACKET_NOT_IP, 0},
    {"802.11", DLT_IEEE802_11, "0801 0000" MACS "02000000000c 1000 aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"802.11 qos", DLT_IEEE802_11, "8801 0000" MACS "02000000000c 1000 0000 aaaa03 000000 86dd" P6,
     PACKET_DECODED, 6},
    {"802.11 four addresses", DLT_IEEE802_11,
     "0803 0000" MACS "02000000000c 1000 02000000000d aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"802.11 a-msdu", DLT_IEEE802_11,
     "8801 0000" MACS "02000000000c 1000 8000" MACS "0030 aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"802.11 protected", DLT_IEEE802_11, "0841 0000" MACS "02000000000c 1000 00000000", PACKET_NOT_IP, 0},
    {"802.11 beacon", DLT_IEEE802_11, "8000 0000" MACS "02000000000c 1000 00000000", PACKET_NOT_IP, 0},
    {"802.11 null", DLT_IEEE802_11, "4801 0000" MACS "02000000000c 1000", PACKET_NOT_IP, 0},
    {"radiotap", DLT_IEEE802_11_RADIO,
     "00 00 0900 02000000 00 0801 0000" MACS "02000000000c 1000 aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"radiotap padded", DLT_IEEE802_11_RADIO, /* time stamp first, then flags; two bytes after 26 of header */
     "00 00 1100 03000000 0000000000000000 20 8801 0000" MACS
     "02000000000c 1000 0000 0000 aaaa03 000000 0800" P4,
     PACKET_DECODED, 4},
    {"radiotap long words", DLT_IEEE802_11_RADIO, "00 00 0800 00000080", PACKET_MALFORMED, 0},
    {"avs", DLT_IEEE802_11_RADIO_AVS,
     "80211001 0000000c 00000000 0801 0000" MACS "02000000000c 1000 aaaa03 000000 0800" P4, PACKET_DECODED,
     4},
    {"prism avs", DLT_PRISM_HEADER,
     "80211002 00000008 0801 0000" MACS "02000000000c 1000 aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"ppi", DLT_PPI, "00 00 0800 69000000 0801 0000" MACS "02000000000c 1000 aaaa03 000000 0800" P4,
     PACKET_DECODED, 4},
    {"ppi nested", DLT_PPI,
     "0000 0800 c0000000 0000 0800 c0000000 0000 0800 c0000000 0000 0800 c0000000 0000 0800 c0000000 0000 "
     "0800 "
     "01000000" MACS "0800" P4,
     PACKET_MALFORMED, 0},
    {"ppi unknown", DLT_PPI, "0000 0800 93000000 00", PACKET_UNSUPPORTED_LINK, 0},
    {"token ring", DLT_IEEE802, "10 40" MACS "aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"token ring routed", DLT_IEEE802, "10 40 02000000000a 82000000000b 0430 0010 aaaa03 000000 0800" P4,
     PACKET_DECODED, 4},
    {"fddi", DLT_FDDI, "50" MACS "aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"fddi smt", DLT_FDDI, "41" MACS "aaaa03 000000 0800" P4, PACKET_NOT_IP, 0},
    {"atm", DLT_ATM_RFC1483, "aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"atm bridged", DLT_ATM_RFC1483, "aaaa03 0080c2 0007 0000" MACS "0800" P4, PACKET_DECODED, 4},
    {"atm iso", DLT_ATM_RFC1483, "fefe03 cc" P4, PACKET_DECODED, 4},
    {"atm clip", DLT_ATM_CLIP, "aaaa03 000000 0800" P4, PACKET_DECODED, 4},
    {"atm clip raw", DLT_ATM_CLIP, P4, PACKET_DECODED, 4},
    {"sunatm", DLT_SUNATM, "02 00 0064 aaaa03 000000 86dd" P6, PACKET_DECODED, 6},
    {"arcnet", DLT_ARCNET, "01 02 d4 00 0001" P4, PACKET_DECODED, 4},
    {"arcnet exception", DLT_ARCNET, "01 02 d4 ff ffff d4 00 0001" P4, PACKET_DECODED, 4},
    {"arcnet later fragment", DLT_ARCNET, "01 02 d4 02 0001" P4, PACKET_NOT_IP, 0},
    {"arcnet old", DLT_ARCNET, "01 02 f0" P4, PACKET_DECODED, 4},
    {"arcnet linux", DLT_ARCNET_LINUX, "01 02 0000 d4 00 0001" P4, PACKET_DECODED, 4},
    {"ip over fc", DLT_IP_OVER_FC, "1000 02000000000a 1000 02000000000b aaaa03 000000 0800" P4,
     PACKET_DECODED, 4},
    {"ieee 1394", DLT_APPLE_IP_OVER_IEEE1394, "0102030405060708 0102030405060709 0800" P4, PACKET_DECODED, 4},
    {"pflog", DLT_PFLOG,
     "3d 02 00 00" /* 61 bytes, padded to 64 */
     "0000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000000000000000000000000000" P4,
     PACKET_DECODED, 4},
    {"enc", DLT_ENC, "02000000 00000001 00000000" P4, PACKET_DECODED, 4},
    {"ipnet", DLT_IPNET, "01 1a 0000 00000000 00000000 00000000 00000000 00000000" P6, PACKET_DECODED, 6},
    {"nflog", DLT_NFLOG, "02 00 0000 0600 0a00 61620000 2c00 0900" P4, PACKET_DECODED, 4},
    {"nflog big-endian", DLT_NFLOG, "0a 00 0000 0006 000a 61620000 0040 0009" P6, PACKET_DECODED, 6},
    {"nflog no payload", DLT_NFLOG, "02 00 0000 0600 0a00 61620000", PACKET_TRUNCATED, 0},
    {"nflog no length", DLT_NFLOG, "02 00 0000 0300 0a00 61620000", PACKET_MALFORMED, 0},
    {"pktap", DLT_PKTAP, "0c000000 01000000 01000000" MACS "0800" P4, PACKET_DECODED, 4},
    {"ip over infiniband", DLT_IPOIB,
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000 0800 0000" P4,
     PACKET_DECODED, 4},
    {"dsa", 284, MACS "c0000001 0800" P4, PACKET_DECODED, 4},
    {"edsa", 285, MACS "dada 0000 c0000001 0800" P4, PACKET_DECODED, 4},
    {"juniper ethernet", DLT_JUNIPER_ETHER, "4d4743 80 0002 0000" MACS "0800" P4, PACKET_DECODED, 4},
    {"mpls link", 219, "00010140" P4, PACKET_DECODED, 4},
    {"user0", DLT_USER0, P4, PACKET_UNSUPPORTED_LINK, 0},
    {"negative", -1, P4, PACKET_UNSUPPORTED_LINK, 0},
};

/* Decodes a copy of exactly `size` bytes, so that a sanitizer sees any read beyond them. */
static enum packet_fate decode_copy(int link_type, const uint8_t *bytes, size_t size,
                                    struct packet_headers *headers)
{
    uint8_t *copy = g_memdup2(bytes, size);
    struct packet packet = {
        .link_type = link_type, .data = copy, .captured_size = (uint32_t)size, .wire_size = (uint32_t)size};
    enum packet_fate fate = packet_decode(&packet, headers);
    g_free(copy);
    return fate;
}

static enum packet_fate decode_hex(int link_type, const char *text, struct packet_headers *headers)
{
    GByteArray *bytes = g_byte_array_new();
    put_hex(bytes, text);
    enum packet_fate fate = decode_copy(link_type, bytes->data, bytes->len, headers);
    g_byte_array_free(bytes, TRUE);
    return fate;
}

static void assert_syn(const struct packet_headers *headers, int version)
{
    static const uint8_t source4[] = {198, 51, 100, 7}, destination4[] = {203, 0, 113, 5};
    static const uint8_t source6[] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
    static const uint8_t destination6[] = {0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5};
    assert_int_equal(headers->ip_version, version);
    assert_int_equal(headers->protocol, 6);
    assert_memory_equal(headers->source, version == 4 ? source4 : source6, version == 4 ? 4 : 16);
    assert_memory_equal(headers->destination, version == 4 ? destination4 : destination6,
                        version == 4 ? 4 : 16);
    assert_int_equal(headers->ip_id, version == 4 ? 0x3039 : 0);
    assert_int_equal(headers->source_port, 35552);
    assert_int_equal(headers->destination_port, 23);
}

static void test_link_layers(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(link_cases); i++) {
        const struct link_case *c = &link_cases[i];
        struct packet_headers headers;
        enum packet_fate fate = decode_hex(c->link_type, c->bytes, &headers);
        if (fate != c->fate)
            fail_msg("%s: fate %d, expected %d", c->name, (int)fate, (int)c->fate);
        assert_int_equal(packet_link_is_supported(c->link_type), i + 2 < G_N_ELEMENTS(link_cases));
        if (fate != PACKET_DECODED)
            continue;
        assert_syn(&headers, c->version);
        assert_true(headers.has_tcp_sequence && headers.has_tcp_flags && !headers.is_fragment);
        assert_int_equal(headers.tcp_sequence, 0xcb007105);
        assert_int_equal(headers.tcp_flags, 2);
    }
}

/* A snap length may cut anything: whatever is left gives the same ports or none, and never a contradiction.
 */
static void test_every_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(link_cases); i++) {
        const struct link_case *c = &link_cases[i];
        if (c->fate != PACKET_DECODED)
            continue;
        GByteArray *bytes = g_byte_array_new();
        put_hex(bytes, c->bytes);
        for (size_t size = 0; size <= bytes->len; size++) {
            struct packet_headers headers;
            enum packet_fate fate = decode_copy(c->link_type, bytes->data, size, &headers);
            bool has_ports = size >= bytes->len - 16;
            if (fate != (has_ports ? PACKET_DECODED : PACKET_TRUNCATED))
                fail_msg("%s cut to %zu: fate %d", c->name, size, (int)fate);
            assert_int_equal(headers.destination_port, has_ports ? 23 : -1);
            if (!has_ports)
                continue;
            assert_int_equal(headers.has_tcp_sequence, size >= bytes->len - 12);
            assert_int_equal(headers.has_tcp_flags, size >= bytes->len - 6);
        }
        g_byte_array_free(bytes, TRUE);
    }
}

#define FROM_TO "0000 c6336407 cb007105 "

struct ip_case {
    const char *name;
    const char *bytes; /* DLT_RAW */
    enum packet_fate fate;
    int version;
    int protocol;
    int destination_port;
    bool is_fragment;
};

static const struct ip_case ip_cases[] = {
    {"options", "4600 002c 0001 0000 4006" FROM_TO "94040000" SYN, PACKET_DECODED, 4, 6, 23, false},
    {"header of 16 bytes", "4400 0028 0001 0000 4006" FROM_TO SYN, PACKET_MALFORMED, 0, 0, -1, false},
    {"total below header", "4600 0017 0001 0000 4006" FROM_TO "94040000" SYN, PACKET_MALFORMED, 0, 0, -1,
     false},
    {"total 0", "4500 0000 0001 0000 4006" FROM_TO SYN, PACKET_DECODED, 4, 6, 23, false},
    {"options cut", "4600 002c 0001 0000 4006" FROM_TO "9404", PACKET_TRUNCATED, 4, 6, -1, false},
    {"later fragment", "4500 0028 0001 2001 4006" FROM_TO SYN, PACKET_FRAGMENT, 4, 6, -1, false},
    {"last fragment", "4500 0028 0001 00b9 4011" FROM_TO SYN, PACKET_FRAGMENT, 4, 17, -1, false},
    {"first fragment", "4500 0028 0001 2000 4006" FROM_TO SYN, PACKET_DECODED, 4, 6, 23, true},
    {"don't fragment", "4500 0028 0001 4000 4006" FROM_TO SYN, PACKET_DECODED, 4, 6, 23, false},
    {"padding is no port", "4500 0016 0001 0000 4011" FROM_TO "1234 0035 0000 0000", PACKET_MALFORMED, 4, 17,
     -1, false},
    {"no transport", "4500 0014 0001 0000 4006" FROM_TO "00000000", PACKET_MALFORMED, 4, 6, -1, false},
    {"udp", "4500 001c 0001 0000 4011" FROM_TO "1234 0035 0008 0000", PACKET_DECODED, 4, 17, 53, false},
    {"udp-lite", "4500 001c 0001 0000 4088" FROM_TO "1234 0035 0008 0000", PACKET_DECODED, 4, 136, 53, false},
    {"sctp", "4500 0020 0001 0000 4084" FROM_TO "1234 0b59 00000000 00000000", PACKET_DECODED, 4, 132, 2905,
     false},
    {"dccp", "4500 0020 0001 0000 4021" FROM_TO "1234 0007 00000000 00000000", PACKET_DECODED, 4, 33, 7,
     false},
    {"icmp", "4500 001c 0001 0000 4001" FROM_TO "0800 0000 0001 0001", PACKET_DECODED, 4, 1, 8, false},
    {"icmp, one byte", "4500 0015 0001 0000 4001" FROM_TO "03", PACKET_DECODED, 4, 1, 3, false},
    {"icmp, none", "4500 0014 0001 0000 4001" FROM_TO "03", PACKET_MALFORMED, 4, 1, -1, false},
    {"igmp", "4500 001c 0001 0000 0102" FROM_TO "1600 0000 e0000001", PACKET_DECODED, 4, 2, -1, false},
    {"tunnel is not entered", "4500 003c 0001 0000 4004" FROM_TO P4, PACKET_DECODED, 4, 4, -1, false},
    {"tcp data offset 0",
     "4500 0028 0001 0000 4006" FROM_TO "8ae0 0017 cb007105 00000000 0002 0400 0000 0000", PACKET_DECODED, 4,
     6, 23, false},
    {"tcp data offset 15, cut",
     "4500 0050 0001 0000 4006" FROM_TO "8ae0 0017 cb007105 00000000 f002 0400 0000 0000", PACKET_DECODED, 4,
     6, 23, false},
    {"v6 udp", "60000000 0008 11 40" IP6_ADDRESSES "1234 0035 0008 0000", PACKET_DECODED, 6, 17, 53, false},
    {"v6 icmp", "60000000 0008 3a 40" IP6_ADDRESSES "8000 0000 00010001", PACKET_DECODED, 6, 58, 128, false},
    {"v6 chain",
     "60000000 003c 00 40" IP6_ADDRESSES /* hop-by-hop, destination, routing, fragment, destination */
     "3c00 050200000100 2b01 0104000000000000000000000000 2c00 000000000000 3c00 0001 00000007 0600 "
     "010400000000" SYN,
     PACKET_DECODED, 6, 6, 23, true},
    {"v6 atomic fragment", "60000000 001c 2c 40" IP6_ADDRESSES "0600 0000 00000007" SYN, PACKET_DECODED, 6, 6,
     23, false},
    {"v6 later fragment", "60000000 001c 2c 40" IP6_ADDRESSES "0600 0008 00000007" SYN, PACKET_FRAGMENT, 6, 6,
     -1, false},
    {"v6 ah", "60000000 002c 33 40" IP6_ADDRESSES "0604 0000 00000001 00000001 000000000000000000000000" SYN,
     PACKET_DECODED, 6, 6, 23, false},
    {"v6 mobility, hip, shim6",
     "60000000 002c 87 40" IP6_ADDRESSES "8b00 000000000000 8c00 000000000000 0600 000000000000" SYN,
     PACKET_DECODED, 6, 6, 23, false},
    {"v6 esp", "60000000 0010 32 40" IP6_ADDRESSES "00000001 00000001 0123456789abcdef", PACKET_DECODED, 6,
     50, -1, false},
    {"v6 no next header", "60000000 0000 3b 40" IP6_ADDRESSES, PACKET_DECODED, 6, 59, -1, false},
    {"v6 chain beyond payload", "60000000 0008 3c 40" IP6_ADDRESSES "0601 000000000000" SYN, PACKET_MALFORMED,
     6, 6, -1, false},
    {"v6 chain cut", "60000000 0100 3c 40" IP6_ADDRESSES "061f 000000000000" SYN, PACKET_TRUNCATED, 6, 6, -1,
     false},
    {"v6 jumbogram", "60000000 0000 06 40" IP6_ADDRESSES SYN, PACKET_DECODED, 6, 6, 23, false},
    {"v6 padding is no port", "60000000 0002 11 40" IP6_ADDRESSES "1234 0035 0008 0000", PACKET_MALFORMED, 6,
     17, -1, false},
};

static void test_ip(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(ip_cases); i++) {
        const struct ip_case *c = &ip_cases[i];
        struct packet_headers headers;
        enum packet_fate fate = decode_hex(DLT_RAW, c->bytes, &headers);
        if (fate != c->fate || headers.ip_version != c->version || headers.protocol != c->protocol ||
            headers.destination_port != c->destination_port || headers.is_fragment != c->is_fragment)
            fail_msg("%s: fate %d, version %d, protocol %d, port %d, fragment %d", c->name, (int)fate,
                     headers.ip_version, headers.protocol, headers.destination_port, headers.is_fragment);
    }
}

static void test_endless_chain(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();
    put_hex(bytes, "60000000 2000 3c 40" IP6_ADDRESSES);
    for (int i = 0; i < 1024; i++)
        put_hex(bytes, "3c00 010400000000");
    struct packet_headers headers;
    assert_int_equal(decode_copy(DLT_RAW, bytes->data, bytes->len, &headers), PACKET_MALFORMED);
    g_byte_array_free(bytes, TRUE);
}

/* Nothing is expected of damaged packets but that every read stays inside (sanitizers look) and the answer is
 * one of the fates. */
static void test_damaged_packets(void **state)
{
    (void)state;
    GRand *random = g_rand_new_with_seed(20250401);
    for (int round = 0; round < 30000; round++) {
        const struct link_case *c = &link_cases[g_rand_int_range(random, 0, G_N_ELEMENTS(link_cases))];
        GByteArray *bytes = g_byte_array_new();
        put_hex(bytes, c->bytes);
        int changes = g_rand_int_range(random, 1, 5);
        for (int i = 0; i < changes && bytes->len > 0; i++)
            bytes->data[g_rand_int_range(random, 0, (gint32)bytes->len)] = (uint8_t)g_rand_int(random);
        struct packet_headers headers;
        size_t size = (size_t)g_rand_int_range(random, 0, (gint32)bytes->len + 1);
        enum packet_fate fate = decode_copy(c->link_type, bytes->data, size, &headers);
        assert_in_range(fate, PACKET_DECODED, PACKET_FRAGMENT);
        assert_true(headers.destination_port >= -1 && headers.destination_port <= 65535);
        assert_true(fate != PACKET_DECODED || headers.ip_version == 4 || headers.ip_version == 6);
        g_byte_array_free(bytes, TRUE);
    }
    g_rand_free(random);
}

/* One packet by the short cut and without it. */
static void assert_short_cut(const struct packet *packet)
{
    struct packet_headers a;
    struct packet_headers b;
    memset(&a, 0xa5, sizeof a);
    memset(&b, 0x5a, sizeof b);
    assert_int_equal(packet_decode(packet, &a), packet_decode_any(packet, &b));
    assert_int_equal(a.ip_version, b.ip_version);
    assert_int_equal(a.protocol, b.protocol);
    assert_memory_equal(a.source, b.source, sizeof a.source);
    assert_memory_equal(a.destination, b.destination, sizeof a.destination);
    assert_int_equal(a.ip_id, b.ip_id);
    assert_int_equal(a.is_fragment, b.is_fragment);
    assert_int_equal(a.source_port, b.source_port);
    assert_int_equal(a.destination_port, b.destination_port);
    assert_int_equal(a.has_tcp_sequence, b.has_tcp_sequence);
    assert_int_equal(a.has_tcp_flags, b.has_tcp_flags);
    assert_int_equal(a.tcp_sequence, b.tcp_sequence);
    assert_int_equal(a.tcp_flags, b.tcp_flags);
}

/* Usual packets of every length and with every value in each byte of their headers that decides something,
 * and some with several bytes changed at once. */
static void test_short_cut(void **state)
{
    (void)state;
    static const char *const usual[] = {
        MACS "0800" P4,
        MACS "0800"
             "4500 0028 3039 0000 4011 0000 c6336407 cb007105 8ae0 0035 0014 0000 000102030405060708090a0b",
        MACS "0800"
             "4500 0028 3039 4000 4001 0000 c6336407 cb007105 0800 0000 000102030405060708090a0b0c0d0e0f",
    };
    static const int link_types[] = {DLT_EN10MB, DLT_RAW, DLT_IPV4, DLT_NULL};
    GRand *random = g_rand_new_with_seed(7);
    for (size_t u = 0; u < G_N_ELEMENTS(usual); u++)
        for (size_t l = 0; l < G_N_ELEMENTS(link_types); l++) {
            GByteArray *bytes = g_byte_array_new();
            put_hex(bytes, usual[u]);
            if (link_types[l] != DLT_EN10MB)
                g_byte_array_remove_range(bytes, 0, 14);
            guint ip = link_types[l] == DLT_EN10MB ? 14 : 0;
            for (guint size = 0; size <= bytes->len; size++) {
                /* of its own size, so that the sanitizer sees a read beyond it */
                uint8_t *copy = g_memdup2(bytes->data, size);
                struct packet packet = {.link_type = link_types[l], .data = copy, .captured_size = size};
                assert_short_cut(&packet);
                for (guint at = 0; at < MIN(size, ip + 12); at++)
                    for (int value = 0; value < 256; value++) {
                        uint8_t old = copy[at];
                        copy[at] = (uint8_t)value;
                        assert_short_cut(&packet);
                        copy[at] = old;
                    }
                for (int round = 0; round < 50 && size > 0; round++) {
                    for (int change = 0; change < 3; change++)
                        copy[g_rand_int_range(random, 0, (gint32)size)] =
                            (uint8_t)g_rand_int_range(random, 0, 64);
                    assert_short_cut(&packet);
                }
                g_free(copy);
            }
            g_byte_array_unref(bytes);
        }
    g_rand_free(random);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link_layers),
        cmocka_unit_test(test_every_prefix),
        cmocka_unit_test(test_ip),
        cmocka_unit_test(test_endless_chain),
        cmocka_unit_test(test_damaged_packets),
        cmocka_unit_test(test_short_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
