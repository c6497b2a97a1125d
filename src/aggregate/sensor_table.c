#include "aggregate/sensor_table.h"

#include <stdlib.h>
#include <string.h>

#include "aggregate/address_map.h"

enum { TOPS = 65536, WHOLE_16 = 0xffff, WHOLE_24 = 0xff };

struct building {
    struct sensor_table *table;
    const struct sensor_candidate *prefixes; /* one for each claim */
    bool is_ipv6;
    struct address_claim *claims; /* of the family */
    uint32_t middle_count, low_count;
    uint32_t middle_room, low_room;
    /* The blocks that have one place alone, of the last such place. */
    uint32_t whole_low, whole_low_place, whole_middle, whole_middle_place;
};

/* ---- IPv4: blocks ---- */

/* A new block, all of one value; its number. */
static uint32_t block_append(uint32_t (**blocks)[SENSOR_BLOCK_SIZE], uint32_t *count, uint32_t *room,
                             uint32_t value)
{
    if (*count == *room) {
        *room = MAX(*room * 2, 8);
        *blocks = g_realloc_n(*blocks, *room, sizeof **blocks);
    }
    for (size_t i = 0; i < SENSOR_BLOCK_SIZE; i++)
        (*blocks)[*count][i] = value;
    return (*count)++;
}

static uint32_t low_append(struct building *building, uint32_t place)
{
    return block_append(&building->table->lows, &building->low_count, &building->low_room, place);
}

static uint32_t middle_append(struct building *building, uint32_t low)
{
    return block_append(&building->table->middles, &building->middle_count, &building->middle_room, low);
}

/* Of a /24 that one piece covers whole. */
static uint32_t whole_low(struct building *building, uint32_t place)
{
    if (building->whole_low_place != place) {
        building->whole_low = low_append(building, place);
        building->whole_low_place = place;
    }
    return building->whole_low;
}

/* Of such a /16. */
static uint32_t whole_middle(struct building *building, uint32_t place)
{
    if (building->whole_middle_place != place) {
        building->whole_middle = middle_append(building, whole_low(building, place));
        building->whole_middle_place = place;
    }
    return building->whole_middle;
}

/* Sets addresses from `first` on as far as one block holds them; returns how many. Pieces ascend and are
 * disjoint: what is not empty has been begun by a piece before. */
static uint64_t stretch_set(struct building *building, uint32_t first, uint32_t last, uint32_t place)
{
    struct sensor_table *table = building->table;
    uint32_t *top = &table->tops[first >> 16];
    if ((first & WHOLE_16) == 0 && last - first >= WHOLE_16) {
        *top = whole_middle(building, place);
        return WHOLE_16 + 1;
    }
    if (*top == 0)
        *top = middle_append(building, 0);
    uint32_t at = first >> 8 & 0xff;
    if ((first & WHOLE_24) == 0 && last - first >= WHOLE_24) {
        table->middles[*top][at] = whole_low(building, place);
        return WHOLE_24 + 1;
    }
    if (table->middles[*top][at] == 0)
        table->middles[*top][at] = low_append(building, 0);
    table->lows[table->middles[*top][at]][first & 0xff] = place;
    return 1;
}

static void ipv4_set(struct building *building, uint32_t first, uint32_t last, uint32_t place)
{
    for (uint32_t high = first >> 16; high <= last >> 16; high++)
        building->table->occupied[high / 8] |= (uint8_t)(1U << high % 8);
    for (uint64_t at = first; at <= last;)
        at += stretch_set(building, (uint32_t)at, last, place);
}

/* ---- pieces of both families ---- */

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
        address_map_append_ipv6(table->ipv6, first, last, start + 1);
    else
        ipv4_set(building, (uint32_t)first, (uint32_t)last, start + 1);
}

/* The prefix as a range of addresses. */
static struct address_claim prefix_claim(const struct prefix *prefix, uint32_t index)
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
        if (list->prefixes[i].range.is_ipv6 == is_ipv6 &&
            building->prefixes[i].first_day <= building->prefixes[i].last_day)
            claims[count++] = prefix_claim(&list->prefixes[i].range, (uint32_t)i);
    qsort(claims, count, sizeof *claims, claim_compare);
    building->is_ipv6 = is_ipv6;
    building->claims = claims;
    address_sweep(count, claim_at, piece_add, building);
    g_free(claims);
}

struct sensor_table *sensor_table_new(const struct sensor_list *list, const struct edition *edition)
{
    struct sensor_table *table = g_new0(struct sensor_table, 1);
    table->tops = g_new0(uint32_t, TOPS);
    table->ipv6 = address_map_new();
    table->candidates = g_array_new(FALSE, FALSE, sizeof(struct sensor_candidate));

    struct sensor_candidate *prefixes = g_new0(struct sensor_candidate, list->prefix_count + 1);
    int64_t origin = civil_date_to_days(edition->first);
    for (size_t i = 0; i < list->prefix_count; i++) {
        const struct sensor_prefix *prefix = &list->prefixes[i];
        int64_t first = civil_date_to_days(prefix->since) - origin;
        int64_t last = civil_date_to_days(prefix->until) - origin;
        prefixes[i].sensor = (uint32_t)prefix->sensor;
        prefixes[i].length = prefix->range.length;
        prefixes[i].first_day = (int)CLAMP(first, 0, edition->day_count);
        prefixes[i].last_day = (int)CLAMP(last, -1, edition->day_count - 1);
    }
    struct building building = {.table = table, .prefixes = prefixes};
    (void)middle_append(&building, low_append(&building, 0)); /* the first of each: no prefix */
    family_build(&building, list, false);
    family_build(&building, list, true);
    address_map_finish(table->ipv6);
    g_free(prefixes);
    return table;
}

void sensor_table_free(struct sensor_table *table)
{
    if (table == NULL)
        return;
    g_free(table->tops);
    g_free(table->middles);
    g_free(table->lows);
    address_map_free(table->ipv6);
    g_array_unref(table->candidates);
    g_free(table);
}

int sensor_table_find_ipv6(const struct sensor_table *table, const uint8_t address[16], int day)
{
    return sensor_table_choose(table, address_map_find_ipv6(table->ipv6, address), day);
}

int32_t *sensor_table_in_force(const struct sensor_table *table, int day)
{
    int32_t *sensors = g_new(int32_t, table->candidates->len + 1);
    for (guint place = 0; place <= table->candidates->len; place++)
        sensors[place] = sensor_table_choose(table, place, day);
    return sensors;
}
