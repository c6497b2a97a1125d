#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "aggregate/tool.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, ECE = 64 };

/* To 192.0.2.77 (0xc000024d), port 2323, from port 40000; nothing matches. */
static struct packet_headers syn(void)
{
    return (struct packet_headers){
        .ip_version = 4,
        .protocol = 6,
        .source = {198, 51, 100, 1},
        .destination = {192, 0, 2, 77},
        .ip_id = 1,
        .source_port = 40000,
        .destination_port = 2323,
        .has_tcp_sequence = true,
        .has_tcp_flags = true,
        .tcp_sequence = 0x11112222,
        .tcp_flags = SYN,
    };
}

static void test_signatures(void **state)
{
    (void)state;
    struct packet_headers headers = syn();
    assert_int_equal(tool_classify(&headers), TOOL_OTHER);
    headers.tcp_sequence = 0xc000024d;
    assert_int_equal(tool_classify(&headers), TOOL_MIRAI);
    headers = syn();
    headers.ip_id = 54321;
    assert_int_equal(tool_classify(&headers), TOOL_ZMAP);
    headers = syn();
    /* 0x024d ^ 0x0913 ^ 0x2222 */
    headers.ip_id = 0x297c;
    assert_int_equal(tool_classify(&headers), TOOL_MASSCAN);
    headers.tcp_flags = SYN | ECE | PSH;
    assert_int_equal(tool_classify(&headers), TOOL_MASSCAN);
}

static void test_precedence(void **state)
{
    (void)state;
    struct packet_headers headers = syn();
    headers.tcp_sequence = 0xc000024d;
    headers.ip_id = 54321;
    assert_int_equal(tool_classify(&headers), TOOL_MIRAI);
    /* The address cancels the sequence number: the identification is the port. */
    headers.destination_port = 54321;
    assert_int_equal(tool_classify(&headers), TOOL_MIRAI);
    /* 0x024d ^ 54321 (0xd431) ^ x == 54321 for x = 0x024d. */
    headers.tcp_sequence = 0x0000024d;
    assert_int_equal(tool_classify(&headers), TOOL_ZMAP);
}

static void test_only_a_syn_scans(void **state)
{
    (void)state;
    static const struct {
        uint8_t flags;
        enum tool tool;
    } cases[] = {{SYN | ACK, TOOL_BACKSCATTER},
                 {RST, TOOL_BACKSCATTER},
                 {RST | ACK, TOOL_BACKSCATTER},
                 {SYN | RST, TOOL_BACKSCATTER},
                 {SYN | FIN, TOOL_OTHER},
                 {ACK, TOOL_OTHER},
                 {0, TOOL_OTHER},
                 {FIN | ACK, TOOL_OTHER}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct packet_headers headers = syn();
        headers.tcp_sequence = 0xc000024d;
        headers.tcp_flags = cases[i].flags;
        assert_int_equal(tool_classify(&headers), cases[i].tool);
    }
}

static void test_cut_headers_are_other(void **state)
{
    (void)state;
    struct packet_headers headers = syn();
    headers.ip_id = 54321;
    headers.has_tcp_flags = false;
    assert_int_equal(tool_classify(&headers), TOOL_OTHER);
    headers = syn();
    headers.ip_id = 54321;
    headers.has_tcp_sequence = false;
    assert_int_equal(tool_classify(&headers), TOOL_OTHER);
}

static void test_ipv6(void **state)
{
    (void)state;
    struct packet_headers headers = syn();
    headers.ip_version = 6;
    headers.ip_id = 0;
    headers.tcp_sequence = 0xc000024d;
    assert_int_equal(tool_classify(&headers), TOOL_OTHER);
    headers.tcp_flags = SYN | ACK;
    assert_int_equal(tool_classify(&headers), TOOL_BACKSCATTER);
}

static void test_udp_and_icmp(void **state)
{
    (void)state;
    struct packet_headers headers = syn();
    headers.protocol = 17;
    assert_int_equal(tool_classify(&headers), TOOL_OTHER);
    headers.source_port = 53;
    assert_int_equal(tool_classify(&headers), TOOL_BACKSCATTER);
    headers.source_port = 40000;
    headers.destination_port = 53;
    assert_int_equal(tool_classify(&headers), TOOL_OTHER);
    headers.protocol = 1;
    headers.source_port = -1;
    int answers = 0;
    for (int type = 0; type < 256; type++) {
        headers.destination_port = type;
        answers += tool_classify(&headers) == TOOL_BACKSCATTER ? 1 : 0;
    }
    assert_int_equal(answers, 9);
    headers.destination_port = 8;
    assert_int_equal(tool_classify(&headers), TOOL_OTHER);
    headers.destination_port = 3;
    assert_int_equal(tool_classify(&headers), TOOL_BACKSCATTER);
    headers.protocol = 58;
    assert_int_equal(tool_classify(&headers), TOOL_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_precedence),
        cmocka_unit_test(test_only_a_syn_scans),
        cmocka_unit_test(test_cut_headers_are_other),
        cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_udp_and_icmp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
