#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "summary/bin.h"
#include "summary/key.h"

static void test_texts_of_ports(void **state)
{
    (void)state;
    static const struct {
        uint8_t protocol;
        int port;
        const char *text;
    } cases[] = {
        {6, 23, "23/TCP"},   {6, 0, "0/TCP"},         {17, 65535, "65535/UDP"}, {132, 80, "80/SCTP"},
        {33, 80, "80/DCCP"}, {136, 80, "80/UDPLite"}, {1, 8, "8/ICMP"},         {58, 128, "128/ICMPv6"},
        {1, -1, "ICMP"},     {47, -1, "47/IP"},       {0, -1, "0/IP"},          {6, -1, "6/IP"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char buffer[KEY_TEXT_SIZE];
        uint8_t protocol = 0;
        int port = -2;
        assert_string_equal(key_from_port(cases[i].protocol, cases[i].port, buffer), cases[i].text);
        assert_true(key_to_port(cases[i].text, &protocol, &port));
        assert_int_equal(protocol, cases[i].protocol);
        assert_int_equal(port, cases[i].port);
    }
}

static void test_what_is_no_port(void **state)
{
    (void)state;
    static const char *const texts[] = {"",        "all",     "US",        "23",      "23/",
                                        "/TCP",    "023/TCP", "65536/TCP", "-1/TCP",  "23/tcp",
                                        "23/TCP ", "256/IP",  "1/IP",      " 23/TCP", "mirai",
                                        "jp01",    "00/TCP",  "2 3/TCP",   "icmp",    "999999999999/TCP"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        uint8_t protocol;
        int port;
        if (key_to_port(texts[i], &protocol, &port))
            fail_msg("\"%s\" was read as a port", texts[i]);
    }
}

static int compare(const void *a, const void *b)
{
    return key_compare(*(const char *const *)a, *(const char *const *)b);
}

static void test_order(void **state)
{
    (void)state;
    /* By protocol number, then port as a number; texts after, by bytes. */
    static const char *const ordered[] = {"ICMP",   "8/ICMP", "9/TCP",    "22/TCP",  "443/TCP",
                                          "80/UDP", "47/IP",  "1/ICMPv6", "80/SCTP", "??",
                                          "JP",     "US",     "all",      "mirai"};
    enum { COUNT = G_N_ELEMENTS(ordered) };
    const char *shuffled[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        shuffled[i] = ordered[(i * 5 + 3) % COUNT];
    qsort(shuffled, COUNT, sizeof *shuffled, compare);
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(shuffled[i], ordered[i]);
    assert_int_equal(key_compare("80/TCP", "80/TCP"), 0);
}

static void test_bins_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < BIN_COUNT; i++)
        assert_int_equal(bin_find(bin_name((enum bin)i)), i);
    assert_int_equal(bin_find("counted"), BIN_COUNTED);
    assert_int_equal(bin_find("outside-quarter"), BIN_OUTSIDE_QUARTER);
    assert_int_equal(bin_find("Counted"), -1);
    assert_int_equal(bin_find(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_of_ports),
        cmocka_unit_test(test_what_is_no_port),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_bins_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
