#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <string.h>

#include "aggregate/port_counts.h"
#include "unit/random.h"

enum { DAYS = 3 };

/* The same counters in the plainest way. */
struct plain {
    uint64_t counters[DAYS][PORT_COUNTERS];
};

static void add(struct port_counts *counts, struct plain *plain, int day, uint32_t place, uint64_t amount)
{
    port_counts_add(counts, day, place, amount);
    plain->counters[day][place] += amount;
}

/* What is few, rows and what they carried, together. */
static void assert_equal(const struct port_counts *counts, const struct plain *plain)
{
    struct plain *found = g_new0(struct plain, 1);
    size_t count;
    struct count_entry *few = port_counts_few(counts, &count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            assert_true(few[i - 1].key < few[i].key);
        found->counters[port_counts_cell_day(few[i].key)][port_counts_cell_place(few[i].key)] = few[i].value;
    }
    g_free(few);
    for (int day = 0; day < DAYS; day++)
        for (uint32_t place = 0; counts->rows[day] != NULL && place < PORT_COUNTERS; place++)
            found->counters[day][place] = counts->rows[day][place] + port_counts_carried(counts, day, place);
    assert_memory_equal(found, plain, sizeof *plain);
    g_free(found);
}

static void few_places_take_no_row(void **state)
{
    (void)state;
    static const uint32_t different[] = {1, 40, 63, 64, 65, 1000, PORT_FEW};
    for (size_t i = 0; i < G_N_ELEMENTS(different); i++) {
        struct port_counts counts = {.rows = {NULL}};
        struct plain *plain = g_new0(struct plain, 1);
        uint32_t seed = 9;
        for (int j = 0; j < 50000; j++)
            add(&counts, plain, 1, next_random(&seed) % different[i] * 31, 1 + next_random(&seed) % 1500);
        assert_null(counts.rows[1]);
        assert_true(counts.few[1]->room <= MAX(64, 4 * different[i]));
        assert_equal(&counts, plain);
        port_counts_release(&counts);
        g_free(plain);
    }
}

static void many_places_take_a_row(void **state)
{
    (void)state;
    struct port_counts counts = {.rows = {NULL}};
    struct plain *plain = g_new0(struct plain, 1);
    uint32_t seed = 4;
    for (int i = 0; i < 30000; i++)
        add(&counts, plain, 0, next_random(&seed) % PORT_COUNTERS, 1 + next_random(&seed) % 70000);
    assert_non_null(counts.rows[0]);
    assert_null(counts.few[0]);
    assert_equal(&counts, plain);
    port_counts_release(&counts);
    g_free(plain);
}

/* An amount has 40 bits in the list; more is a row's, which carries. */
static void amounts_of_any_size(void **state)
{
    (void)state;
    const uint64_t largest = (UINT64_C(1) << PORT_FEW_AMOUNT_BITS) - 1;
    for (uint64_t more = 0; more < 2; more++) {
        struct port_counts counts = {.rows = {NULL}};
        struct plain *plain = g_new0(struct plain, 1);
        add(&counts, plain, 2, 80, 1);
        add(&counts, plain, 2, 65536 + 53, largest - 2);
        add(&counts, plain, 2, 80, 1 + more);
        assert_int_equal(counts.rows[2] == NULL, more == 0);
        add(&counts, plain, 2, 80, 0); /* a packet of no bytes */
        assert_equal(&counts, plain);
        for (int i = 0; i < 5; i++)
            add(&counts, plain, 2, 80, largest);
        assert_non_null(counts.rows[2]);
        assert_equal(&counts, plain);
        port_counts_release(&counts);
        g_free(plain);
    }
}

/* Lists and rows, each added to nothing, to a list, to a row. */
static void counts_are_added_to_each_other(void **state)
{
    (void)state;
    static const int sizes[] = {0, 1, 300, 4000, 20000};
    enum { SIZES = G_N_ELEMENTS(sizes) };
    uint32_t seed = 77;
    for (int i = 0; i < SIZES * SIZES * SIZES; i++) {
        struct port_counts counts = {.rows = {NULL}}, other = {.rows = {NULL}};
        struct plain *plain = g_new0(struct plain, 1);
        const int additions[DAYS] = {sizes[i % SIZES], sizes[i / SIZES % SIZES], sizes[i / SIZES / SIZES]};
        for (int round = 0; round < 3; round++) { /* what is left empty is used again */
            int day = i % DAYS;
            for (int j = 0; j < additions[round]; j++)
                add(&other, plain, day, next_random(&seed) % PORT_COUNTERS, 1 + next_random(&seed) % 40000);
            port_counts_absorb(&counts, &other);
            assert_null(other.rows[day]);
            assert_true(other.few[day] == NULL || other.few[day]->count == 0);
        }
        assert_equal(&counts, plain);
        port_counts_release(&counts);
        port_counts_release(&other);
        g_free(plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_places_take_no_row),
        cmocka_unit_test(many_places_take_a_row),
        cmocka_unit_test(amounts_of_any_size),
        cmocka_unit_test(counts_are_added_to_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
