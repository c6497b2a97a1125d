#include "aggregate/region_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/address_map.h"

struct region_table {
    struct delegated_file *files;
    size_t file_count;
    GPtrArray *codes;        /* char *, ascending; the first is "??" */
    struct address_map *map; /* its numbers are the regions: "??" is 0, in no range */
    uint64_t overlap_addresses;
};

/* Addresses decided between two files, or within one. */
struct overlap {
    uint64_t ipv4_addresses;
    uint64_t ipv6_networks; /* /64, those begun included */
};

/* A record in the order of first addresses: the upper half of an IPv6 address, or an IPv4 address. */
struct place {
    uint64_t first;
    uint32_t record;
};

/* Handed through the sweep. */
struct building {
    struct region_table *table;
    const struct delegated_record *records;
    const uint32_t *regions; /* region number of each record */
    bool is_ipv6;
    const struct place *places; /* of the family's records */
    struct overlap *overlaps;   /* [file_count][file_count], the lower number first */
};

/* Whether record a decides over record b; the rule stands in the header. */
static bool record_wins(const struct delegated_record *a, const struct delegated_record *b)
{
    if (a->size != b->size)
        return a->size < b->size;
    if (a->date != b->date)
        return a->date > b->date;
    int order = a->registry == b->registry
                    ? 0
                    : strcmp(g_quark_to_string(a->registry), g_quark_to_string(b->registry));
    return order != 0 ? order < 0 : strcmp(a->region, b->region) < 0;
}

static uint64_t saturated_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static void overlap_note(struct building *building, uint32_t file_a, uint32_t file_b, address_number first,
                         address_number last)
{
    size_t index = (size_t)MIN(file_a, file_b) * building->table->file_count + MAX(file_a, file_b);
    struct overlap *overlap = &building->overlaps[index];
    if (!building->is_ipv6)
        overlap->ipv4_addresses += (uint64_t)(last - first) + 1;
    else
        overlap->ipv6_networks =
            saturated_add(saturated_add((uint64_t)((last >> 64) - (first >> 64)), 1), overlap->ipv6_networks);
}

static void piece_decide(address_number first, address_number last, const uint32_t *claims,
                         size_t claim_count, void *context)
{
    struct building *building = context;
    uint32_t best = claims[0];
    bool differ = false;
    for (size_t i = 1; i < claim_count; i++) {
        differ = differ || building->regions[claims[i]] != building->regions[claims[0]];
        if (record_wins(&building->records[claims[i]], &building->records[best]))
            best = claims[i];
    }
    if (differ) {
        for (size_t i = 0; i < claim_count; i++)
            if (building->regions[claims[i]] != building->regions[best])
                overlap_note(building, building->records[best].file, building->records[claims[i]].file, first,
                             last);
        if (!building->is_ipv6)
            building->table->overlap_addresses += (uint64_t)(last - first) + 1;
    }
    if (building->is_ipv6)
        address_map_append_ipv6(building->table->map, first, last, building->regions[best]);
    else
        address_map_append_ipv4(building->table->map, (uint32_t)first, (uint32_t)last,
                                building->regions[best]);
}

static int place_compare(const void *a, const void *b, void *context)
{
    const struct place *x = a;
    const struct place *y = b;
    const struct delegated_record *records = context;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    uint64_t low_x = records[x->record].first_low;
    uint64_t low_y = records[y->record].first_low;
    if (low_x != low_y)
        return low_x < low_y ? -1 : 1;
    return (x->record > y->record) - (x->record < y->record);
}

/* As those of a single registry mostly do. */
static bool places_ascend(const struct place *places, size_t count, void *records)
{
    for (size_t i = 1; i < count; i++)
        if (place_compare(&places[i - 1], &places[i], records) > 0)
            return false;
    return true;
}

static struct address_claim record_claim(size_t at, void *context)
{
    const struct building *building = context;
    uint32_t index = building->places[at].record;
    const struct delegated_record *record = &building->records[index];
    return (struct address_claim){
        .first = delegated_record_first(record), .last = delegated_record_last(record), .index = index};
}

static void family_build(struct building *building, const GArray *records, bool is_ipv6)
{
    struct place *places = g_new(struct place, records->len + 1);
    size_t count = 0;
    for (guint i = 0; i < records->len; i++) {
        const struct delegated_record *record = &building->records[i];
        if (record->is_ipv6 == is_ipv6)
            places[count++] =
                (struct place){.first = is_ipv6 ? record->first_high : record->first_low, .record = i};
    }
    if (!places_ascend(places, count, records->data))
        qsort_r(places, count, sizeof *places, place_compare, records->data);
    building->is_ipv6 = is_ipv6;
    building->places = places;
    address_sweep(count, record_claim, piece_decide, building);
    g_free(places);
}

/* Numbers the codes in their order; returns the number of each record's. */
static uint32_t *regions_number(struct region_table *table, const GArray *records)
{
    enum { LETTERS = 26 };
    uint32_t numbers[LETTERS * LETTERS] = {0};
    uint32_t *regions = g_new(uint32_t, records->len + 1);
    for (guint i = 0; i < records->len; i++) {
        const char *region = g_array_index(records, struct delegated_record, i).region;
        regions[i] = (uint32_t)(region[0] - 'A') * LETTERS + (uint32_t)(region[1] - 'A');
        numbers[regions[i]] = 1;
    }
    g_ptr_array_add(table->codes, g_strdup("??"));
    for (size_t i = 0; i < LETTERS * LETTERS; i++) {
        if (numbers[i] == 0)
            continue;
        numbers[i] = table->codes->len;
        g_ptr_array_add(table->codes,
                        g_strdup_printf("%c%c", (char)('A' + i / LETTERS), (char)('A' + i % LETTERS)));
    }
    for (guint i = 0; i < records->len; i++)
        regions[i] = numbers[regions[i]];
    return regions;
}

static void overlaps_warn(const struct building *building, char *const *paths, struct warning_log *log)
{
    size_t count = building->table->file_count;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i; j < count; j++) {
            const struct overlap *overlap = &building->overlaps[i * count + j];
            if (overlap->ipv4_addresses == 0 && overlap->ipv6_networks == 0)
                continue;
            warning_add(log, "registry overlaps",
                        "registry: %s and %s claim %" PRIu64 " IPv4 addresses and %" PRIu64
                        " IPv6 networks (/64) for different regions: the smaller record decides",
                        paths[i], i == j ? "the same file" : paths[j], overlap->ipv4_addresses,
                        overlap->ipv6_networks);
        }
    }
}

static void date_check(const struct delegated_file *file, const char *path, const struct edition *edition,
                       struct warning_log *log)
{
    char date[CIVIL_DATE_SIZE], first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE];
    if (edition == NULL || (file->has_date && edition_day_index(edition, file->date) >= 0))
        return;
    civil_date_format(edition->first, first);
    civil_date_format(edition->last, last);
    if (!file->has_date)
        warning_add(log, path, "registry: %s: a snapshot without a date, expected one of %s to %s", path,
                    first, last);
    else
        warning_add(log, path,
                    "registry: %s: a snapshot of %s, expected one of the quarter counted, %s to %s", path,
                    civil_date_format(file->date, date), first, last);
}

struct region_table *region_table_new(char *const *paths, size_t path_count, const struct edition *edition,
                                      struct warning_log *log, struct error *err)
{
    struct region_table *table = g_new0(struct region_table, 1);
    GArray *records = g_array_new(FALSE, FALSE, sizeof(struct delegated_record));
    table->codes = g_ptr_array_new_with_free_func(g_free);
    table->map = address_map_new();
    table->files = g_new0(struct delegated_file, path_count + 1);
    for (size_t i = 0; i < path_count; i++) {
        if (delegated_file_load(&table->files[i], paths[i], (uint32_t)i, records, log, err) != 0) {
            error_prefix(err, "registry");
            g_array_unref(records);
            region_table_free(table);
            return NULL;
        }
        table->file_count = i + 1;
        date_check(&table->files[i], paths[i], edition, log);
    }
    uint32_t *regions = regions_number(table, records);
    struct building building = {
        .table = table,
        .records = (const struct delegated_record *)(void *)records->data,
        .regions = regions,
        .overlaps = g_new0(struct overlap, path_count * path_count + 1),
    };
    family_build(&building, records, false);
    family_build(&building, records, true);
    address_map_finish(table->map);
    overlaps_warn(&building, paths, log);
    g_free(building.overlaps);
    g_free(regions);
    g_array_unref(records);
    return table;
}

void region_table_free(struct region_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->file_count; i++)
        delegated_file_release(&table->files[i]);
    g_free(table->files);
    g_ptr_array_unref(table->codes);
    address_map_free(table->map);
    g_free(table);
}

uint32_t region_table_find_ipv4(const struct region_table *table, uint32_t address)
{
    return address_map_find_ipv4(table->map, address);
}

void region_table_find_ipv4_many(const struct region_table *table, const uint32_t *addresses,
                                 uint32_t *regions, size_t count)
{
    address_map_find_ipv4_many(table->map, addresses, regions, count);
}

uint32_t region_table_find_ipv6(const struct region_table *table, const uint8_t address[16])
{
    return address_map_find_ipv6(table->map, address);
}

uint32_t region_table_span_ipv4(const struct region_table *table, uint32_t first, uint32_t *last)
{
    return address_map_span_ipv4(table->map, first, last);
}

uint32_t region_table_span_ipv6(const struct region_table *table, address_number first, address_number *last)
{
    return address_map_span_ipv6(table->map, first, last);
}

uint32_t region_table_count(const struct region_table *table)
{
    return table->codes->len;
}

const char *region_table_code(const struct region_table *table, uint32_t region)
{
    return table->codes->pdata[region];
}

int region_table_index(const struct region_table *table, const char *code)
{
    for (guint i = 0; i < table->codes->len; i++)
        if (strcmp(table->codes->pdata[i], code) == 0)
            return (int)i;
    return -1;
}

uint64_t region_table_overlap_addresses(const struct region_table *table)
{
    return table->overlap_addresses;
}

const struct delegated_file *region_table_file(const struct region_table *table, size_t index)
{
    return &table->files[index];
}
