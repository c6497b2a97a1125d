#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "publication/measure.h"
#include "publication/measure_filter.h"

struct condition {
    const char *name;
    const char *values;
};

static struct measure measure_of(enum measure_count count, enum measure_by by,
                                 const struct condition *conditions)
{
    struct measure measure = {.id = g_strdup("m"), .count = count, .by = by};
    struct error err = {0};
    for (; conditions != NULL && conditions->name != NULL; conditions++)
        if (measure_filter_set(&measure.filter, conditions->name, conditions->values, ".", &err) != 0)
            fail_msg("%s", err.message);
    return measure;
}

static void assert_definition(struct measure measure, const char *expected)
{
    char *definition = measure_definition(&measure);
    assert_string_equal(definition, expected);
    g_free(definition);
    measure_release(&measure);
    measure_release(&measure); /* safe on a released one */
}

static void tools(void **state)
{
    (void)state;
    for (int tool = 0; tool < TOOL_COUNT; tool++)
        assert_int_equal(tool_find(tool_name((enum tool)tool)), tool);
    assert_string_equal(tool_name(TOOL_MIRAI), "mirai");
    assert_string_equal(tool_name(TOOL_OTHER), "other");
    assert_int_equal(tool_find("Mirai"), -1);
    assert_int_equal(tool_find(""), -1);
}

static void plain_definitions(void **state)
{
    (void)state;
    assert_definition(measure_of(COUNT_PACKETS, BY_PORT, NULL), "count=packets by=port");
    assert_definition(measure_of(COUNT_SOURCES, BY_NOTHING, NULL), "count=sources by=nothing");
    const struct condition domestic[] = {{"sensor-group", "domestic"}, {NULL, NULL}};
    assert_definition(measure_of(COUNT_PACKETS, BY_REGION, domestic),
                      "count=packets by=region sensor-group=domestic");
}

/* The order in which conditions and values are written, and values written twice, change nothing. */
static void canonical_definitions(void **state)
{
    (void)state;
    const struct condition one[] = {
        {"bpf", "  tcp[13] & 2\n != 0 "},
        {"tool", "zmap mirai zmap"},
        {"port", "8000-8100 23 2323 8050-8200 24 23"},
        {"protocol", "udp tcp 6"},
        {"source-region", "US CN JP"},
        {"sensor-region", "JP JP"},
        {"sensor-group", "b a"},
        {"sensor", "jp02 jp01 jp02"},
        {NULL, NULL},
    };
    const struct condition other[] = {
        {"sensor", "jp01 jp02"},       {"sensor-group", "a b"},     {"sensor-region", "JP"},
        {"source-region", "CN JP US"}, {"protocol", "TCP 17"},      {"port", "23-24 2323 8000-8200"},
        {"tool", "mirai zmap"},        {"bpf", "tcp[13] & 2 != 0"}, {NULL, NULL},
    };
    const char *expected = "count=sources by=tool sensor=jp01,jp02 sensor-group=a,b sensor-region=JP "
                           "source-region=CN,JP,US protocol=6,17 port=23-24,2323,8000-8200 tool=mirai,zmap "
                           "bpf=tcp[13] & 2 != 0";
    assert_definition(measure_of(COUNT_SOURCES, BY_TOOL, one), expected);
    assert_definition(measure_of(COUNT_SOURCES, BY_TOOL, other), expected);
    const struct condition every_tool[] = {{"tool", "mirai zmap masscan backscatter other"}, {NULL, NULL}};
    assert_definition(measure_of(COUNT_PACKETS, BY_TOOL, every_tool), "count=packets by=tool");
    const struct condition every_port[] = {{"port", "0-65535 65535"}, {NULL, NULL}};
    assert_definition(measure_of(COUNT_PACKETS, BY_PORT, every_port), "count=packets by=port port=0-65535");
}

static void filter_values(void **state)
{
    (void)state;
    const struct condition conditions[] = {{"protocol", "tcp UDP icmp icmpv6 sctp 47 0 255"},
                                           {"port", " 23\t8000-8100  65535 "},
                                           {"tool", "other"},
                                           {"sensor", "a b"},
                                           {NULL, NULL}};
    struct measure m = measure_of(COUNT_PACKETS, BY_PORT, conditions);
    static const uint8_t protocols[] = {6, 17, 1, 58, 132, 47, 0, 255};
    assert_int_equal(m.filter.protocol_count, 8);
    assert_memory_equal(m.filter.protocols, protocols, 8);
    assert_int_equal(m.filter.port_count, 3);
    assert_int_equal(m.filter.ports[0].first, 23);
    assert_int_equal(m.filter.ports[0].last, 23);
    assert_int_equal(m.filter.ports[1].first, 8000);
    assert_int_equal(m.filter.ports[1].last, 8100);
    assert_int_equal(m.filter.ports[2].last, 65535);
    assert_int_equal(m.filter.tools, 1u << TOOL_OTHER);
    assert_string_equal(m.filter.sensors[0], "a");
    assert_string_equal(m.filter.sensors[1], "b");
    assert_null(m.filter.sensors[2]);
    assert_null(m.filter.sensor_groups);
    measure_release(&m);
}

static void bad_values(void **state)
{
    (void)state;
    static const struct {
        const char *condition;
        const char *values;
        const char *message;
    } cases[] = {
        {"port", "23 x", "port \"x\" is not valid, expected a port or a range from low to high, up to 65535"},
        {"port", "65536",
         "port \"65536\" is not valid, expected a port or a range from low to high, up to 65535"},
        {"port", "90-80",
         "port \"90-80\" is not valid, expected a port or a range from low to high, up to 65535"},
        {"port", "-80",
         "port \"-80\" is not valid, expected a port or a range from low to high, up to 65535"},
        {"port", "80-",
         "port \"80-\" is not valid, expected a port or a range from low to high, up to 65535"},
        {"port", "1-2-3",
         "port \"1-2-3\" is not valid, expected a port or a range from low to high, up to 65535"},
        {"tool", "nmap", "tool \"nmap\" is unknown, expected mirai, zmap, masscan, backscatter or other"},
        {"protocol", "tpc",
         "protocol \"tpc\" is unknown, expected tcp, udp, icmp, icmpv6, sctp, dccp, udplite, igmp, gre, esp, "
         "ah, ipip, "
         "ipv6, ospf or a number from 0 to 255"},
        {"protocol", "256",
         "protocol \"256\" is unknown, expected tcp, udp, icmp, icmpv6, sctp, dccp, udplite, igmp, gre, esp, "
         "ah, ipip, "
         "ipv6, ospf or a number from 0 to 255"},
        {"sensor", " ", "condition \"sensor\" is empty, expected at least one value"},
        {"tcp-flags", "syn !akk",
         "tcp-flags \"!akk\" is unknown, expected fin, syn, rst, psh, ack, urg, ece, cwr, or one of them "
         "after "
         "\"!\""},
        {"icmp-type", "8 256",
         "icmp-type \"256\" is not valid, expected a type or a range from low to high, up to 255"},
        {"source-prefix", "10.0.0.1/24",
         "source-prefix: prefix \"10.0.0.1/24\" has bits set after its length, expected 10.0.0.0/24"},
        {"bpf", "", "condition \"bpf\" is empty, expected at least one value"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct measure measure = {0};
        struct error err = {0};
        assert_int_equal(measure_filter_set(&measure.filter, cases[i].condition, cases[i].values, ".", &err),
                         -1);
        assert_string_equal(err.message, cases[i].message);
        measure_release(&measure);
    }
}

/* Equal sets of addresses have equal definitions; what no packet can meet is refused. */
static void prefixes_and_contradictions(void **state)
{
    (void)state;
    struct error err = {0};
    struct measure m = {.count = COUNT_BYTES, .by = measure_by_pair(BY_PORT, BY_REGION), .per = PER_HOUR};
    assert_int_equal(measure_filter_set(&m.filter, "source-prefix",
                                        "10.0.1.0/24 2001:db8::/32 10.0.0.0/24 10.0.1.7", ".", &err),
                     0);
    assert_definition(m, "count=bytes by=port+region per=hour source-prefix=10.0.0.0/23,2001:db8::/32");
    static const struct {
        const char *first, *first_values, *second, *second_values;
    } cases[] = {
        {"tcp-flags", "syn", "protocol", "udp"},
        {"tcp-flags", "syn !syn", NULL, NULL},
        {"icmp-type", "8", "port", "23"},
        {"icmp-type", "8", "protocol", "tcp"},
        {"icmp-type", "8", "tcp-flags", "syn"},
        {"source-prefix", "10.0.0.0/24", "not-source-prefix", "10.0.0.0/8"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct measure_filter filter = {0};
        struct measure holder;
        assert_int_equal(measure_filter_set(&filter, cases[i].first, cases[i].first_values, ".", &err), 0);
        if (cases[i].second != NULL)
            assert_int_equal(measure_filter_set(&filter, cases[i].second, cases[i].second_values, ".", &err),
                             0);
        assert_int_equal(measure_filter_check(&filter, &err), -1);
        holder = (struct measure){.filter = filter};
        measure_release(&holder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tools),
        cmocka_unit_test(plain_definitions),
        cmocka_unit_test(canonical_definitions),
        cmocka_unit_test(filter_values),
        cmocka_unit_test(bad_values),
        cmocka_unit_test(prefixes_and_contradictions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
