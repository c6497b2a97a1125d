/* Numbers by the row: lanes, and sorting. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <stdlib.h>

#include "aggregate/fact.h"
#include "base/lanes.h"
#include "base/number_sort.h"
#include "unit/random.h"

static void test_lanes(void **state)
{
    (void)state;
    const uint32_t numbers[LANES + 1] = {99, 1, 6, UINT32_MAX, 6};
    uint32_t result[LANES + 1] = {0};
    lanes six = (lanes)(lanes_load(&numbers[1]) == 6); /* at any address */
    lanes_store(&result[1], lanes_choose(six, lanes_all(10), lanes_load(&numbers[1])));
    assert_int_equal(result[0], 0);
    assert_int_equal(result[1], 1);
    assert_int_equal(result[2], 10);
    assert_true(result[3] == UINT32_MAX);
    assert_int_equal(result[4], 10);
}

static int number_compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* By every way that number_sort takes, which its size and digits decide. */
static void test_number_sort(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 47, 48, 2047, 2048, 70000, (1 << 20) + 1};
    static const uint32_t masks[] = {UINT32_MAX, 0xff, 0xff0000ff, 0x000ff800, 0};
    uint32_t seed = 3;
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        for (size_t j = 0; j < G_N_ELEMENTS(masks); j++) {
            size_t count = counts[i];
            uint32_t *numbers = g_new(uint32_t, count + 1);
            for (size_t k = 0; k < count; k++)
                numbers[k] = next_random(&seed) & masks[j];
            uint32_t *expected = g_memdup2(numbers, (count + 1) * sizeof *numbers);
            uint32_t *between = g_memdup2(numbers, (count + 1) * sizeof *numbers);
            uint32_t *other = g_new(uint32_t, count + 1);
            qsort(expected, count, sizeof *expected, number_compare);
            number_sort(numbers, count);
            const uint32_t *sorted = number_sort_between(between, other, count);
            assert_true(sorted == between || sorted == other);
            assert_memory_equal(numbers, expected, count * sizeof *numbers);
            assert_memory_equal(sorted, expected, count * sizeof *numbers);
            g_free(numbers);
            g_free(expected);
            g_free(between);
            g_free(other);
        }
    }
}

/* Every port and type of every protocol has a number of its own, but for protocols that share one: those
 * other than TCP, UDP, ICMP and ICMPv6. */
static void test_targets(void **state)
{
    (void)state;
    static const uint8_t protocols[] = {PACKET_TCP, PACKET_UDP, 132, PACKET_ICMP, PACKET_ICMPV6};
    bool *seen = g_new0(bool, FACT_TARGETS);
    for (size_t i = 0; i < sizeof protocols; i++) {
        int last = protocols[i] == PACKET_ICMP || protocols[i] == PACKET_ICMPV6 ? 255 : 65535;
        for (int port = 0; port <= last; port++) {
            uint32_t target = fact_target(protocols[i], port);
            assert_true(target < FACT_TARGETS && !seen[target]);
            seen[target] = true;
            assert_int_equal(fact_target_port(target), port);
        }
    }
    assert_int_equal(fact_target(PACKET_ICMP, -1), FACT_ICMP + FACT_TYPE_NONE);
    assert_int_equal(fact_target_port(FACT_ICMP + FACT_TYPE_NONE), -1);
    assert_int_equal(fact_target_port(FACT_ICMPV6 + FACT_TYPE_NONE), -1);
    assert_int_equal(fact_target(47, -1), FACT_NOTHING);
    assert_int_equal(fact_target_port(FACT_NOTHING), -1);
    g_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lanes),
        cmocka_unit_test(test_number_sort),
        cmocka_unit_test(test_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
