#include "aggregate/sensor_table.h"

#include <stdlib.h>
#include <string.h>

#include "aggregate/address_map.h"

struct building {
    struct sensor_table *table;
    const struct sensor_candidate *prefixes; /* one for each claim */
    bool is_ipv6;
    struct address_claim *claims; /* of the family */
};

static void ipv4_append(struct sensor_table *table, uint32_t first, uint32_t last, uint32_t place)
{
    for (uint32_t high = first >> 16; high <= last >> 16; high++)
        table->occupied[high / 8] |= (uint8_t)(1U << high % 8);
    address_map_append_ipv4(table->map, first, last, place);
}

static void piece_add(address_number first, address_number last, const uint32_t *claims, size_t claim_count,
                      void *context)
{
    struct building *building = context;
    struct sensor_table *table = building->table;
    guint start = table->candidates->len;
    for (size_t i = 0; i < claim_count; i++) {
        struct sensor_candidate candidate = building->prefixes[claims[i]];
        guint at = table->candidates->len;
        while (at > start &&
               g_array_index(table->candidates, struct sensor_candidate, at - 1).length < candidate.length)
            at--;
        g_array_insert_val(table->candidates, at, candidate);
    }
    g_array_index(table->candidates, struct sensor_candidate, table->candidates->len - 1).is_last = true;
    if (building->is_ipv6)
        address_map_append_ipv6(table->map, first, last, start + 1);
    else
        ipv4_append(table, (uint32_t)first, (uint32_t)last, start + 1);
}

/* The prefix as a range of addresses. */
static struct address_claim prefix_claim(const struct sensor_prefix *prefix, uint32_t index)
{
    struct address_claim claim = {.first = address_number_from_ipv6(prefix->address), .index = index};
    int width = 128;
    if (!prefix->is_ipv6) {
        claim.first >>= 96;
        width = 32;
    }
    int host_bits = width - prefix->length;
    claim.last = claim.first | (host_bits == 128 ? ~(address_number)0 : ((address_number)1 << host_bits) - 1);
    return claim;
}

static int claim_compare(const void *a, const void *b)
{
    const struct address_claim *x = a;
    const struct address_claim *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static struct address_claim claim_at(size_t at, void *context)
{
    const struct building *building = context;
    return building->claims[at];
}

static void family_build(struct building *building, const struct sensor_list *list, bool is_ipv6)
{
    struct address_claim *claims = g_new(struct address_claim, list->prefix_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < list->prefix_count; i++)
        if (list->prefixes[i].is_ipv6 == is_ipv6 &&
            building->prefixes[i].first_day <= building->prefixes[i].last_day)
            claims[count++] = prefix_claim(&list->prefixes[i], (uint32_t)i);
    qsort(claims, count, sizeof *claims, claim_compare);
    building->is_ipv6 = is_ipv6;
    building->claims = claims;
    address_sweep(count, claim_at, piece_add, building);
    g_free(claims);
}

struct sensor_table *sensor_table_new(const struct sensor_list *list, const struct edition *edition)
{
    struct sensor_table *table = g_new0(struct sensor_table, 1);
    table->map = address_map_new();
    table->candidates = g_array_new(FALSE, FALSE, sizeof(struct sensor_candidate));

    struct sensor_candidate *prefixes = g_new0(struct sensor_candidate, list->prefix_count + 1);
    int64_t origin = civil_date_to_days(edition->first);
    for (size_t i = 0; i < list->prefix_count; i++) {
        const struct sensor_prefix *prefix = &list->prefixes[i];
        int64_t first = civil_date_to_days(prefix->since) - origin;
        int64_t last = civil_date_to_days(prefix->until) - origin;
        prefixes[i].sensor = (uint32_t)prefix->sensor;
        prefixes[i].length = prefix->length;
        prefixes[i].first_day = (int)CLAMP(first, 0, edition->day_count);
        prefixes[i].last_day = (int)CLAMP(last, -1, edition->day_count - 1);
    }
    struct building building = {.table = table, .prefixes = prefixes};
    family_build(&building, list, false);
    family_build(&building, list, true);
    address_map_finish(table->map);
    g_free(prefixes);
    return table;
}

void sensor_table_free(struct sensor_table *table)
{
    if (table == NULL)
        return;
    address_map_free(table->map);
    g_array_unref(table->candidates);
    g_free(table);
}

int sensor_table_find_ipv6(const struct sensor_table *table, const uint8_t address[16], int day)
{
    return sensor_table_choose(table, address_map_find_ipv6(table->map, address), day);
}

int32_t *sensor_table_in_force(const struct sensor_table *table, int day)
{
    int32_t *sensors = g_new(int32_t, table->candidates->len + 1);
    for (guint place = 0; place <= table->candidates->len; place++)
        sensors[place] = sensor_table_choose(table, place, day);
    return sensors;
}
