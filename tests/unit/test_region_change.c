/* Two states of the registries: what moved, and the region of a whole block. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "aggregate/region_change.h"
#include "unit/scratch.h"

static struct region_table *table_of(struct scratch *scratch, const char *name, const char *records)
{
    struct error err = {0};
    char *text = g_strconcat("2.3|apnic|20250630|9|19830705|20250630|+0900\n", records, NULL);
    char *path = g_strdup(scratch_write(scratch, name, text));
    struct region_table *table = region_table_new(&path, 1, NULL, NULL, NULL, &err);
    if (table == NULL)
        fail_msg("%s", err.message);
    g_free(path);
    g_free(text);
    return table;
}

static void assert_block(const struct region_table *table, const char *block, const char *expected)
{
    const char *found = region_change_block(table, block);
    assert_string_equal(found != NULL ? found : "none", expected);
}

static void blocks_of_one_region(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_init(&scratch);
    struct region_table *table = table_of(&scratch, "a",
                                          "apnic|JP|ipv4|10.1.0.0|384|20100101|allocated|a\n"
                                          "apnic|US|ipv4|255.255.255.0|256|20100101|allocated|a\n"
                                          "apnic|JP|ipv6|2001:db8::|47|20100101|allocated|a\n"
                                          "apnic|US|ipv6|2001:db8:5::|52|20100101|allocated|a\n");
    assert_block(table, "10.1.0.0/24", "JP");
    assert_block(table, "10.1.1.0/24", "none"); /* half of it */
    assert_block(table, "10.1.2.0/24", "??");
    assert_block(table, "255.255.255.0/24", "US");
    assert_block(table, "2001:db8::/48", "JP");
    assert_block(table, "2001:db8:1::/48", "JP");
    assert_block(table, "2001:db8:2::/48", "??");
    assert_block(table, "2001:db8:5::/48", "none");
    assert_block(table, "ffff:ffff:ffff::/48", "??");
    assert_block(table, "10.1.0.0", "none");
    assert_block(table, "nonsense/24", "none");
    region_table_free(table);
    scratch_release(&scratch);
}

static void moves(void **state)
{
    (void)state;
    struct scratch scratch;
    scratch_init(&scratch);
    struct region_table *before = table_of(&scratch, "a",
                                           "apnic|JP|ipv4|10.1.0.0|65536|20100101|allocated|a\n"
                                           "apnic|US|ipv4|10.2.0.0|65536|20100101|allocated|a\n"
                                           "apnic|JP|ipv6|2001:db8::|32|20100101|allocated|a\n");
    struct region_table *now = table_of(&scratch, "b",
                                        "apnic|JP|ipv4|10.1.0.0|65536|20100101|allocated|a\n"
                                        "apnic|CN|ipv4|10.2.0.0|65408|20250501|allocated|a\n"
                                        "apnic|US|ipv4|10.2.255.128|128|20100101|allocated|a\n"
                                        "apnic|AU|ipv4|255.255.255.255|1|20100101|allocated|a\n"
                                        "apnic|AU|ipv6|2001:db8::|47|20250501|allocated|a\n"
                                        "apnic|JP|ipv6|2001:db8:2::|47|20100101|allocated|a\n");
    GArray *found = region_change_moves(before, now);
    static const struct region_move expected[] = {
        {"US", "CN", 65408, 0}, {"??", "AU", 1, 0}, {"JP", "??", 0, 65532}, {"JP", "AU", 0, 2}};
    assert_int_equal(found->len, G_N_ELEMENTS(expected));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        const struct region_move *move = &g_array_index(found, struct region_move, i);
        assert_string_equal(move->from, expected[i].from);
        assert_string_equal(move->to, expected[i].to);
        assert_int_equal(move->ipv4_addresses, expected[i].ipv4_addresses);
        assert_int_equal(move->ipv6_networks, expected[i].ipv6_networks);
    }
    g_array_unref(found);
    found = region_change_moves(now, now);
    assert_int_equal(found->len, 0);
    g_array_unref(found);
    region_table_free(before);
    region_table_free(now);
    scratch_release(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_one_region),
        cmocka_unit_test(moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
