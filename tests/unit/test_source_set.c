#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <string.h>

#include "summary/source_set.h"
#include "unit/random.h"

static void ipv6_fill(uint8_t address[16], uint32_t number)
{
    memset(address, 0, 16);
    address[0] = 0x20;
    address[1] = 0x01;
    for (int i = 0; i < 4; i++)
        address[12 + i] = (uint8_t)(number >> (24 - 8 * i));
}

static GByteArray *bytes_of(const struct source_set *set)
{
    struct octets out = {.data = NULL};
    source_set_write(set, &out);
    return g_byte_array_new_take(out.data, out.size);
}

/* NULL and what is wrong when the bytes are refused. */
static struct source_set *set_read(const uint8_t *data, size_t size, const char **problem)
{
    uint64_t count;
    *problem = source_set_check(data, size, 0, &count);
    if (*problem != NULL)
        return NULL;
    struct source_set *set = source_set_new();
    source_set_add_written(set, data, size, false);
    assert_int_equal(source_set_count(set), count);
    return set;
}

static void assert_same_bytes(const struct source_set *a, const struct source_set *b)
{
    GByteArray *x = bytes_of(a);
    GByteArray *y = bytes_of(b);
    assert_int_equal(x->len, y->len);
    assert_memory_equal(x->data, y->data, x->len);
    g_byte_array_unref(x);
    g_byte_array_unref(y);
}

static void test_counts_distinct(void **state)
{
    (void)state;
    struct source_set *set = source_set_new();
    uint8_t address[16];
    assert_int_equal(source_set_count(set), 0);
    source_set_add_ipv4(set, 0);
    source_set_add_ipv4(set, UINT32_MAX);
    source_set_add_ipv4(set, 0);
    ipv6_fill(address, 1);
    source_set_add_ipv6(set, address);
    source_set_add_ipv6(set, address);
    assert_int_equal(source_set_count(set), 3);
    /* Many repetitions of few addresses, in between with new ones. */
    for (uint32_t i = 0; i < 10000; i++) {
        ipv6_fill(address, i % 100);
        source_set_add_ipv6(set, address);
    }
    assert_int_equal(source_set_count(set), 102);
    source_set_free(set);
}

static void test_any_order_gives_the_same_bytes(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    struct source_set *forward = source_set_new();
    struct source_set *parts[3] = {source_set_new(), source_set_new(), source_set_new()};
    uint32_t *addresses = g_new(uint32_t, COUNT);
    uint32_t seed = 1;
    for (uint32_t i = 0; i < COUNT; i++) {
        uint8_t ipv6[16];
        /* A dense stretch, a crowded /16 and scattered addresses. */
        addresses[i] = i < 8000    ? 0x0a000000 + i
                       : i < 16000 ? 0xc0a80000 + (next_random(&seed) & 0xffff)
                                   : next_random(&seed);
        source_set_add_ipv4(forward, addresses[i]);
        ipv6_fill(ipv6, addresses[i] % 999);
        source_set_add_ipv6(forward, ipv6);
    }
    for (uint32_t i = COUNT; i-- > 0;) {
        uint8_t ipv6[16];
        struct source_set *part = parts[next_random(&seed) % 3];
        source_set_add_ipv4_many(part, &addresses[i], 1);
        ipv6_fill(ipv6, addresses[i] % 999);
        source_set_add_ipv6(part, ipv6);
    }
    source_set_unite(parts[2], parts[0]);
    source_set_unite(parts[2], parts[1]);
    assert_int_equal(source_set_count(parts[2]), source_set_count(forward));
    assert_same_bytes(parts[2], forward);
    struct source_set *copy = source_set_copy(forward);
    source_set_unite(copy, forward);
    source_set_unite(copy, copy);
    assert_same_bytes(copy, forward);
    source_set_free(copy);
    source_set_free(forward);
    for (int i = 0; i < 3; i++)
        source_set_free(parts[i]);
    g_free(addresses);
}

/* Additions in the thousands and the hundred thousands, so that portions of every size are sorted and merged;
 * with repetitions; settled and counted now and then. The oracle is a table of all addresses seen. */
static void test_portions_of_any_size(void **state)
{
    (void)state;
    static const struct {
        uint32_t additions, different, stops;
    } cases[] = {{3, 3, 1},
                 {47, 5, 7},
                 {49, 49, 50},
                 {5000, 3, 1000},
                 {5000, 4000, 1700},
                 {70000, 1U << 20, 33333},
                 {700000, 1U << 31, 299999},
                 {700000, 900, 123456},
                 {1500000, 1U << 25, 2000000}};
    for (size_t i = 0; i < 3 * G_N_ELEMENTS(cases); i++) {
        const uint32_t additions = cases[i / 3].additions, different = cases[i / 3].different,
                       stops = cases[i / 3].stops;
        bool opens = i % 3 > 0, closes = i % 3 > 1; /* or settles */
        struct source_set *set = source_set_new();
        GHashTable *seen = g_hash_table_new(NULL, NULL);
        uint32_t seed = 7;
        for (uint32_t j = 0; j < additions; j++) {
            uint32_t address = (uint32_t)(next_random(&seed) % different * UINT64_C(2654435761));
            if (opens && j % stops == 0)
                source_set_open(set);
            source_set_add_ipv4(set, address);
            g_hash_table_add(seen, GUINT_TO_POINTER(address));
            if (j % stops == stops - 1) {
                if (closes)
                    source_set_close(set);
                else
                    source_set_settle(set);
                assert_int_equal(source_set_count(set), g_hash_table_size(seen));
            }
        }
        assert_int_equal(source_set_count(set), g_hash_table_size(seen));
        struct source_set *expected = source_set_new();
        GHashTableIter iter;
        gpointer address;
        g_hash_table_iter_init(&iter, seen);
        while (g_hash_table_iter_next(&iter, &address, NULL))
            source_set_add_ipv4(expected, GPOINTER_TO_UINT(address));
        assert_same_bytes(set, expected);
        source_set_free(expected);
        source_set_free(set);
        g_hash_table_unref(seen);
    }
}

static void test_written_sets_are_read(void **state)
{
    (void)state;
    struct source_set *set = source_set_new();
    uint8_t address[16];
    for (uint32_t i = 0; i < 9000; i++)
        source_set_add_ipv4(set, i < 3000 ? i : i * 7919);
    for (uint32_t i = 0; i < 50; i++) {
        ipv6_fill(address, i * 31 % 50);
        source_set_add_ipv6(set, address);
    }
    GByteArray *bytes = bytes_of(set);
    const char *problem;
    struct source_set *read = set_read(bytes->data, bytes->len, &problem);
    assert_non_null(read);
    assert_same_bytes(read, set);
    source_set_free(read);
    source_set_free(set);
    g_byte_array_unref(bytes);
}

/* Whatever a byte is changed to, reading either refuses or gives a set that can be used. */
static void test_damaged_bytes_do_no_harm(void **state)
{
    (void)state;
    struct source_set *set = source_set_new();
    uint8_t address[16];
    for (uint32_t i = 0; i < 300; i++)
        source_set_add_ipv4(set, i < 100   ? 0x01000000 + i
                                 : i < 200 ? 0x02000000 + 2 * i
                                           : 0x03000000 + (i << 16));
    for (uint32_t i = 0; i < 5000; i++)
        source_set_add_ipv4(set, 0x05000000 + 3 * i);
    ipv6_fill(address, 7);
    source_set_add_ipv6(set, address);
    GByteArray *bytes = bytes_of(set);
    uint64_t refused = 0;
    for (guint at = 0; at < bytes->len; at++) {
        uint8_t *damaged = g_memdup2(bytes->data, bytes->len);
        for (int change = 0; change < 3; change++) {
            const char *problem;
            damaged[at] = (uint8_t)(change == 0   ? bytes->data[at] ^ 1
                                    : change == 1 ? 0xff
                                                  : bytes->data[at] + 17);
            struct source_set *read = set_read(damaged, bytes->len, &problem);
            if (read == NULL) {
                refused++;
                continue;
            }
            /* One form only: what is accepted is written as it was. */
            GByteArray *again = bytes_of(read);
            assert_int_equal(again->len, bytes->len);
            assert_memory_equal(again->data, damaged, bytes->len);
            g_byte_array_unref(again);
            source_set_unite(read, set);
            assert_true(source_set_count(read) >= source_set_count(set));
            source_set_free(read);
        }
        g_free(damaged);
    }
    assert_true(refused > bytes->len / 20);
    for (guint size = 0; size < bytes->len; size++) {
        uint8_t *cut = g_memdup2(bytes->data, size > 0 ? size : 1);
        const char *problem;
        struct source_set *read = set_read(cut, size, &problem);
        /* Where the form ends stands elsewhere: without the IPv6 address it is a set. */
        if (size + 16 == bytes->len)
            assert_int_equal(source_set_count(read), source_set_count(set) - 1);
        else
            assert_null(read);
        source_set_free(read);
        g_free(cut);
    }
    g_byte_array_unref(bytes);
    source_set_free(set);
}

/* A set of pairs, and that its form is read as strictly. */
static void test_pairs(void **state)
{
    (void)state;
    struct source_set *pairs = source_set_new(), *one = source_set_new(), *two = source_set_new();
    struct octets out = {.data = NULL};
    uint64_t count;
    source_set_add_ipv4_many(one, (const uint32_t[]){9, 7, 9, UINT32_MAX}, 4);
    source_set_add_ipv4(two, 7);
    source_set_add_pairs(pairs, 5, one);
    source_set_add_pairs(pairs, 2, two);
    source_set_add_pairs(pairs, 5, two);
    assert_int_equal(source_set_count(pairs), 4);
    source_set_write(pairs, &out);
    assert_null(source_set_check(out.data, out.size, 6, &count));
    assert_int_equal(count, 4);
    assert_non_null(source_set_check(out.data, out.size, 5, &count)); /* sensor 5 is none of 5 */
    for (size_t size = 0; size < out.size; size++)
        if (source_set_check(out.data, size, 6, &count) == NULL)
            assert_int_equal(count, 1); /* cut behind the first sensor */
    struct source_set *read = source_set_new();
    source_set_add_written(read, out.data, out.size, true);
    struct octets again = {.data = NULL};
    source_set_write(read, &again);
    assert_int_equal(again.size, out.size);
    assert_memory_equal(again.data, out.data, out.size);
    octets_release(&out);
    octets_release(&again);
    source_set_free(read);
    source_set_free(pairs);
    source_set_free(one);
    source_set_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_distinct),
        cmocka_unit_test(test_any_order_gives_the_same_bytes),
        cmocka_unit_test(test_portions_of_any_size),
        cmocka_unit_test(test_written_sets_are_read),
        cmocka_unit_test(test_damaged_bytes_do_no_harm),
        cmocka_unit_test(test_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
