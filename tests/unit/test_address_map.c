/* The address map against the ranges that it was made of. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "aggregate/address_map.h"

struct range {
    uint32_t first, last, number;
};

/* What a map is made of, and the map. */
struct fixture {
    GArray *ranges; /* struct range, ascending and disjoint */
    struct address_map *map;
    uint32_t seed;
};

static void setup(struct fixture *fixture)
{
    fixture->ranges = g_array_new(FALSE, FALSE, sizeof(struct range));
    fixture->map = address_map_new();
    fixture->seed = 1;
}

static void teardown(struct fixture *fixture)
{
    g_array_unref(fixture->ranges);
    address_map_free(fixture->map);
}

static uint32_t draw(struct fixture *fixture, uint32_t limit)
{
    fixture->seed = fixture->seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)(fixture->seed >> 8) * limit >> 24);
}

static void add(struct fixture *fixture, uint32_t first, uint32_t last, uint32_t number)
{
    struct range range = {first, last, number};
    g_array_append_val(fixture->ranges, range);
    address_map_append_ipv4(fixture->map, first, last, number);
}

static uint32_t expected_number(const struct fixture *fixture, uint32_t address)
{
    guint low = 0, high = fixture->ranges->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(fixture->ranges, struct range, middle).last < address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == fixture->ranges->len)
        return 0;
    const struct range *range = &g_array_index(fixture->ranges, struct range, low);
    return range->first <= address ? range->number : 0;
}

static void address_check(const struct fixture *fixture, const struct address_map *map, uint32_t address)
{
    uint32_t expected = expected_number(fixture, address), number;
    address_map_find_ipv4_many(map, &address, &number, 1);
    if (address_map_find_ipv4(map, address) != expected || number != expected)
        fail_msg("%08x has %u, many at once %u, expected %u", address, address_map_find_ipv4(map, address),
                 number, expected);
}

static void span_check(const struct fixture *fixture, const struct address_map *map, uint32_t address)
{
    uint32_t expected = expected_number(fixture, address), last;
    assert_int_equal(address_map_span_ipv4(map, address, &last), expected);
    assert_int_equal(expected_number(fixture, last), expected);
    if (last != UINT32_MAX)
        assert_int_not_equal(expected_number(fixture, last + 1), expected);
}

/* At every edge and beside it, and here and there. */
static void ipv4_check(struct fixture *fixture, const struct address_map *map)
{
    for (guint i = 0; i < fixture->ranges->len; i++) {
        const struct range *range = &g_array_index(fixture->ranges, struct range, i);
        const uint32_t addresses[] = {range->first - 1, range->first, range->last, range->last + 1,
                                      draw(fixture, UINT32_MAX)};
        for (size_t j = 0; j < G_N_ELEMENTS(addresses); j++)
            address_check(fixture, map, addresses[j]);
        if (i % 64 == 0) /* this one goes from cell to cell */
            span_check(fixture, map, addresses[i / 64 % 4]);
    }
    address_check(fixture, map, 0);
    address_check(fixture, map, UINT32_MAX);
    span_check(fixture, map, 0);
}

/* The map again, of copies of its bytes. */
static struct address_map *copy_of(const struct address_map *map)
{
    struct address_map_piece pieces[ADDRESS_MAP_PIECES];
    size_t size = 0;
    address_map_pieces(map, pieces);
    for (size_t i = 0; i < ADDRESS_MAP_PIECES; i++)
        size += pieces[i].size + ADDRESS_MAP_ALIGNMENT;
    char *memory = g_malloc(size), *at = memory;
    for (size_t i = 0; i < ADDRESS_MAP_PIECES; i++) {
        if (pieces[i].size > 0)
            memcpy(at, pieces[i].data, pieces[i].size);
        pieces[i].data = at;
        at += (pieces[i].size + ADDRESS_MAP_ALIGNMENT - 1) / ADDRESS_MAP_ALIGNMENT * ADDRESS_MAP_ALIGNMENT;
    }
    return address_map_restore(pieces, map->cell_width, memory);
}

static void finish_and_check(struct fixture *fixture)
{
    address_map_finish(fixture->map);
    ipv4_check(fixture, fixture->map);
    struct address_map *copy = copy_of(fixture->map);
    assert_non_null(copy);
    ipv4_check(fixture, copy);
    address_map_free(copy);
}

/* Ranges of all sizes, next to each other or not, some with the number of the one before. */
static void random_ranges(struct fixture *fixture, uint32_t count, uint32_t numbers, uint32_t size_bits)
{
    uint64_t at = draw(fixture, 1000);
    uint32_t number = 1;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t size = 1 + draw(fixture, UINT32_C(1) << draw(fixture, size_bits));
        if (draw(fixture, 3) == 0)
            at = (at | 0xff) + 1; /* often at a round address, as registries do */
        if (at + size > UINT32_MAX)
            break;
        number = draw(fixture, 4) == 0 ? number : 1 + draw(fixture, numbers);
        add(fixture, (uint32_t)at, (uint32_t)at + size - 1, number);
        at += size + (draw(fixture, 2) == 0 ? draw(fixture, UINT32_C(1) << draw(fixture, size_bits)) : 0);
    }
}

static void test_ranges_of_all_sizes(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {3, 255, 256, 65535, 65536, 2000000};
    static const uint32_t widths[] = {1, 1, 2, 2, 4, 4};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        for (uint32_t size_bits = 4; size_bits <= 24; size_bits += 5) {
            struct fixture fixture;
            setup(&fixture);
            fixture.seed = 7 * (uint32_t)i + size_bits;
            random_ranges(&fixture, 3000, numbers[i], size_bits);
            finish_and_check(&fixture);
            assert_true(fixture.map->cell_width <= widths[i]);
            teardown(&fixture);
        }
    }
}

static void test_ends_of_the_addresses(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    finish_and_check(&fixture); /* none at all */
    teardown(&fixture);
    setup(&fixture);
    add(&fixture, 0, UINT32_MAX, 5);
    finish_and_check(&fixture);
    teardown(&fixture);
    setup(&fixture);
    add(&fixture, 0, 0, 300);
    add(&fixture, 1, 0xfffffffe, INT32_MAX);
    add(&fixture, UINT32_MAX, UINT32_MAX, 1);
    finish_and_check(&fixture);
    assert_int_equal(fixture.map->cell_width, 4);
    teardown(&fixture);
}

/* As many cells as a block's ranges need: what registries hand out costs little. */
static void test_cells_are_few(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    add(&fixture, 0x0a000000, 0x0a00ffff, 1); /* a whole /16 costs none */
    add(&fixture, 0x0a010000, 0x0a017fff, 2); /* halves: 2 */
    add(&fixture, 0x0a020000, 0x0a0200ff, 3); /* a /24: 256 */
    add(&fixture, 0x0a030010, 0x0a03001f, 4); /* a /28: 16 for its /24 */
    add(&fixture, 0x0a040000, 0x0a0400ff, 5); /* two of one number that touch count as one: 128 */
    add(&fixture, 0x0a040100, 0x0a0401ff, 5);
    finish_and_check(&fixture);
    assert_int_equal(fixture.map->cell_count, 256 + 2 + 256 + 16 + 128);
    assert_int_equal(fixture.map->split_count, 256);
    teardown(&fixture);
}

/* One address in each of so many /16 that not all of them may be split. */
static void test_ranges_are_searched_where_cells_would_be_too_many(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    for (uint32_t i = 0; i < 40000; i++) {
        add(&fixture, i << 16 | (i * 7 & 0x7fff), i << 16 | (i * 7 & 0x7fff), 1 + i % 300);
        if (i % 3 == 0)
            add(&fixture, (i << 16 | 0xffff) - 3, (i << 16 | 0xffff) - 2, 7);
    }
    finish_and_check(&fixture);
    assert_true(fixture.map->range_count > 20000);
    teardown(&fixture);
}

/* More /16 with entries of their own than 16 bits can tell apart. */
static void test_every_block_is_cut(void **state)
{
    (void)state;
    struct fixture fixture;
    setup(&fixture);
    for (uint32_t i = 0; i < 65536; i++)
        add(&fixture, i << 16, i << 16 | 0x7fff, 1 + i % 5);
    finish_and_check(&fixture);
    assert_int_equal(fixture.map->entry_count, 65536);
    assert_int_equal(fixture.map->range_count, 256 + 1);
    teardown(&fixture);
}

static void test_ipv6(void **state)
{
    (void)state;
    const address_number one = 1;
    static const struct {
        uint64_t first_high, first_low, last_high, last_low;
        uint32_t number;
    } ranges[] = {
        {0, 0, 0, UINT64_MAX, 1},
        {5, 0, 5, 0, 2},
        {5, 1, 6, 7, 2},
        {6, 8, 6, 8, 3},
        {UINT64_MAX, 0, UINT64_MAX, UINT64_MAX, 70000},
    };
    struct fixture fixture;
    setup(&fixture);
    for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++)
        address_map_append_ipv6(fixture.map, (address_number)ranges[i].first_high << 64 | ranges[i].first_low,
                                (address_number)ranges[i].last_high << 64 | ranges[i].last_low,
                                ranges[i].number);
    address_map_finish(fixture.map);
    struct address_map *copy = copy_of(fixture.map);
    for (int copied = 0; copied < 2; copied++) {
        const struct address_map *map = copied ? copy : fixture.map;
        address_number last;
        assert_int_equal(address_map_span_ipv6(map, 0, &last), 1);
        assert_true(last == (one << 64) - 1);
        assert_int_equal(address_map_span_ipv6(map, last + 1, &last), 0);
        assert_true(last == (5 * one << 64) - 1);
        assert_int_equal(address_map_span_ipv6(map, last + 1, &last), 2); /* two ranges are one span */
        assert_true(last == ((6 * one << 64) | 7));
        assert_int_equal(address_map_span_ipv6(map, last + 1, &last), 3);
        assert_true(last == ((6 * one << 64) | 8));
        assert_int_equal(address_map_span_ipv6(map, last + 1, &last), 0);
        assert_int_equal(address_map_span_ipv6(map, last + 1, &last), 70000);
        assert_true(last == ~(address_number)0);
        uint8_t address[16] = {[7] = 6, [15] = 8};
        assert_int_equal(address_map_find_ipv6(map, address), 3);
        address[15] = 9;
        assert_int_equal(address_map_find_ipv6(map, address), 0);
    }
    address_map_free(copy);
    teardown(&fixture);
}

static void test_pieces_of_other_sizes_are_refused(void **state)
{
    (void)state;
    struct fixture fixture;
    struct address_map_piece pieces[ADDRESS_MAP_PIECES];
    setup(&fixture);
    add(&fixture, 0x0a000000, 0x0a0000ff, 1);
    address_map_append_ipv6(fixture.map, 5, 6, 1);
    address_map_finish(fixture.map);
    for (size_t i = 0; i < ADDRESS_MAP_PIECES; i++) {
        bool is_bytes = i == 3; /* cells of one byte: any number of them will do */
        address_map_pieces(fixture.map, pieces);
        pieces[i].size++;
        assert_true(is_bytes || address_map_restore(pieces, 1, NULL) == NULL);
    }
    address_map_pieces(fixture.map, pieces);
    assert_null(address_map_restore(pieces, 3, NULL));
    assert_null(address_map_restore(pieces, 0, NULL));
    teardown(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges_of_all_sizes),
        cmocka_unit_test(test_ends_of_the_addresses),
        cmocka_unit_test(test_cells_are_few),
        cmocka_unit_test(test_ranges_are_searched_where_cells_would_be_too_many),
        cmocka_unit_test(test_every_block_is_cut),
        cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_pieces_of_other_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
