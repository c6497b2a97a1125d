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

/* Keys as bytes: there and back, and in the order of their texts. */
static void test_bytes(void **state)
{
    (void)state;
    static const struct {
        enum measure_by by;
        const char *keys[8]; /* in order */
    } kinds[] = {
        {BY_NOTHING, {"all"}},
        {BY_PORT, {"0/IP", "ICMP", "8/ICMP", "6/IP", "0/TCP", "23/TCP", "65535/TCP", "53/UDP"}},
        {BY_PROTOCOL, {"0/IP", "ICMP", "TCP", "UDP", "47/IP", "ICMPv6", "255/IP"}},
        {BY_SOURCE_24, {"0.0.0.0/24", "9.255.255.0/24", "10.0.0.0/24", "::/48", "2001:db8::/48"}},
        {BY_REGION, {"??", "JP", "US"}},
        {BY_SENSOR, {"a", "a0", "b", "東京"}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(kinds); j++) {
            enum measure_by by = measure_by_pair(kinds[i].by, kinds[j].by);
            struct octets previous = {.data = NULL};
            if (kinds[i].by == kinds[j].by && kinds[i].by != BY_NOTHING)
                continue;
            for (size_t k = 0; k < 64; k++) {
                const char *first = kinds[i].keys[k / 8], *second = kinds[j].keys[k % 8];
                if (first == NULL || second == NULL)
                    continue;
                char *text = kinds[j].by == BY_NOTHING ? g_strdup(first) : key_join(first, second);
                struct octets bytes = {.data = NULL};
                struct octets back = {.data = NULL};
                if (!key_write(by, text, &bytes))
                    fail_msg("%s is no key", text);
                assert_int_equal(key_size(by, bytes.data, bytes.size), bytes.size);
                assert_int_equal(key_skip(by, bytes.data), bytes.size);
                for (size_t cut = 0; cut < bytes.size; cut++)
                    assert_int_equal(key_size(by, bytes.data, cut), -1);
                key_text(by, bytes.data, &back);
                assert_string_equal((const char *)back.data, text);
                assert_int_equal(back.size, strlen(text) + 1);
                if (previous.size > 0)
                    assert_true(memcmp(previous.data, bytes.data, MIN(previous.size, bytes.size)) < 0);
                octets_release(&previous);
                previous = bytes;
                octets_release(&back);
                g_free(text);
            }
            octets_release(&previous);
        }
    }
    static const struct {
        enum measure_by by;
        const char *text;
    } none[] = {
        {BY_PORT, "TCP"},           {BY_PORT, "65536/TCP"}, {BY_PORT, "023/TCP"},
        {BY_PROTOCOL, "23/TCP"},    {BY_PROTOCOL, "6/IP"},  {BY_SOURCE_24, "10.0.0.1/24"},
        {BY_SOURCE_24, "10.0.0.0"}, {BY_REGION, ""},        {BY_NOTHING, "any"},
    };
    struct octets bytes = {.data = NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
        if (key_write(none[i].by, none[i].text, &bytes))
            fail_msg("%s is taken for a key", none[i].text);
        assert_int_equal(bytes.size, 0);
    }
    assert_false(key_write(measure_by_pair(BY_PORT, BY_REGION), "23/TCP", &bytes));
    octets_release(&bytes);
    assert_int_equal(key_size(BY_PORT, (const uint8_t *)"\x00\x5e\x00\x18", 4), -1); /* 47 has no ports */
    assert_int_equal(key_size(BY_PORT, (const uint8_t *)"\x02\x00\x00\x00", 4), -1); /* protocol 256 */
    assert_int_equal(key_size(BY_PORT, (const uint8_t *)"\x00\x0d\x00\x01", 4), -1); /* port 65536 */
    assert_int_equal(key_size(BY_SENSOR, (const uint8_t *)"\xff\x00", 2), -1);
    assert_int_equal(key_size(measure_by_pair(BY_SENSOR, BY_TOOL), (const uint8_t *)"a+b\0c\0", 6), -1);
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
        cmocka_unit_test(test_texts_of_ports),  cmocka_unit_test(test_what_is_no_port),
        cmocka_unit_test(test_order),           cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_bins_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
