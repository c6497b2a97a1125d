#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <string.h>

#include "summary/source_set.h"
#include "summary/source_union.h"
#include "unit/random.h"

enum { SETS_MAX = 92, SENSORS = 3 };

/* Sets as they are written, and their union as sets can do it. */
struct sample {
    struct octets written[SETS_MAX];
    struct source_set *united;
    size_t count;
};

static void sample_add(struct sample *sample, struct source_set *set)
{
    source_set_write(set, &sample->written[sample->count++]);
    source_set_unite(sample->united, set);
    source_set_free(set);
}

static uint64_t sample_count(const struct sample *sample, bool are_pairs)
{
    struct written_set sets[SETS_MAX];
    for (size_t i = 0; i < sample->count; i++)
        sets[i] = (struct written_set){sample->written[i].data, sample->written[i].size};
    return source_union_count(sets, sample->count, are_pairs);
}

static void sample_release(struct sample *sample)
{
    for (size_t i = 0; i < sample->count; i++)
        octets_release(&sample->written[i]);
    source_set_free(sample->united);
}

/* Addresses below 2^bits from `first` on, so that few or many are in several sets; some of IPv6. */
static struct source_set *random_set(uint32_t *seed, uint32_t first, unsigned bits, size_t count)
{
    struct source_set *set = source_set_new();
    uint8_t ipv6[16] = {0x20, 0x01};
    for (size_t i = 0; i < count; i++)
        source_set_add_ipv4(set, first + (next_random(seed) >> (32 - bits)));
    for (size_t i = 0; i < count / 16; i++) {
        ipv6[15] = (uint8_t)next_random(seed);
        source_set_add_ipv6(set, ipv6);
    }
    return set;
}

static void members_in_several_sets_count_once(void **state)
{
    (void)state;
    static const unsigned bits[] = {1, 8, 14, 20, 31, 32};
    static const size_t set_counts[] = {1, 2, 10, SETS_MAX};
    static const size_t sizes[] = {1, 60, 3000, 40000};
    uint32_t seed = 19700101;
    for (size_t i = 0; i < G_N_ELEMENTS(bits); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(set_counts); j++) {
            struct sample sample = {.united = source_set_new()};
            for (size_t k = 0; k < set_counts[j]; k++)
                sample_add(&sample, random_set(&seed, 0, bits[i], sizes[k % G_N_ELEMENTS(sizes)]));
            assert_int_equal(sample_count(&sample, false), source_set_count(sample.united));
            sample_release(&sample);
        }
}

/* Each set in a stretch of the address space of its own, the last one at its end. */
static void sets_far_from_each_other(void **state)
{
    (void)state;
    uint32_t seed = 31;
    struct sample sample = {.united = source_set_new()};
    for (uint32_t i = 0; i < 15; i++)
        sample_add(&sample, random_set(&seed, i << 28, 24, 50000));
    struct source_set *ends = source_set_new();
    source_set_add_ipv4(ends, 0);
    source_set_add_ipv4(ends, UINT32_MAX);
    sample_add(&sample, ends);
    assert_int_equal(sample_count(&sample, false), source_set_count(sample.united));
    sample_release(&sample);
}

static void the_same_set_twice(void **state)
{
    (void)state;
    struct sample sample = {.united = source_set_new()};
    for (int i = 0; i < 2; i++) {
        uint32_t seed = 5;
        sample_add(&sample, random_set(&seed, 7, 32, 100000));
    }
    assert_memory_equal(sample.written[0].data, sample.written[1].data, sample.written[0].size);
    uint64_t count;
    assert_null(source_set_check(sample.written[0].data, sample.written[0].size, 0, &count));
    assert_int_equal(sample_count(&sample, false), count);
    sample_release(&sample);
}

static void only_ipv6(void **state)
{
    (void)state;
    struct sample sample = {.united = source_set_new()};
    for (uint8_t i = 1; i <= 3; i++) {
        struct source_set *set = source_set_new();
        source_set_add_ipv6(set, (uint8_t[16]){0x20, 0x01, 0x0d, 0xb8, [15] = 1});
        source_set_add_ipv6(set, (uint8_t[16]){0x20, 0x01, 0x0d, 0xb8, [15] = (uint8_t)(i + 1)});
        sample_add(&sample, set);
    }
    assert_int_equal(sample_count(&sample, false), 4);
    sample_release(&sample);
}

/* The same address with another sensor is another pair. */
static void pairs_by_sensor(void **state)
{
    (void)state;
    uint32_t seed = 8;
    for (size_t set_count = 1; set_count <= 12; set_count++) {
        struct sample sample = {.united = source_set_new()};
        for (size_t i = 0; i < set_count; i++) {
            struct source_set *pairs = source_set_new();
            for (uint32_t sensor = 0; sensor < SENSORS; sensor++) {
                if ((i + sensor) % 3 == 0 && set_count > 1) /* not every set has every sensor */
                    continue;
                struct source_set *addresses = random_set(&seed, 0, 12, 1000 * i + 1);
                source_set_add_pairs(pairs, 2 * sensor, addresses);
                source_set_free(addresses);
            }
            sample_add(&sample, pairs);
        }
        assert_int_equal(sample_count(&sample, true), source_set_count(sample.united));
        sample_release(&sample);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_in_several_sets_count_once),
        cmocka_unit_test(sets_far_from_each_other),
        cmocka_unit_test(the_same_set_twice),
        cmocka_unit_test(only_ipv6),
        cmocka_unit_test(pairs_by_sensor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
