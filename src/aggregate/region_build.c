#include "aggregate/region_build.h"

#include <string.h>

enum { LETTERS = 26 };

/* Handed through the sweep. */
struct building {
    struct region_table *table;
    const struct delegated_records *records;
    uint32_t regions[DELEGATED_REGIONS]; /* the number of each code that a record has, else 0 */
    bool is_ipv6;
    size_t base;                     /* the record of claim 0 */
    struct region_overlap *overlaps; /* [file_count][file_count], the lower number first */
};

/* ---- order ---- */

static bool ipv4_ascend(const void *a, const void *b)
{
    return ((const struct delegated_ipv4 *)a)->first <= ((const struct delegated_ipv4 *)b)->first;
}

static bool ipv6_ascend(const void *a, const void *b)
{
    const struct delegated_ipv6 *x = a;
    const struct delegated_ipv6 *y = b;
    return x->first_high != y->first_high ? x->first_high < y->first_high : x->first_low <= y->first_low;
}

typedef bool ascend_function(const void *a, const void *b);

/* Elements of `size` bytes, and where each run of ascending ones ends. */
struct runs {
    char *elements;
    size_t size;
    ascend_function *ascend;
    GArray *ends;  /* size_t, ascending; the last is the number of elements */
    char *outside; /* as much room as the elements have, of which little is touched */
};

static void runs_find(struct runs *runs, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        if (i == count ||
            !runs->ascend(runs->elements + (i - 1) * runs->size, runs->elements + i * runs->size))
            g_array_append_val(runs->ends, i);
}

/* Two runs that follow each other, [from, middle) and [middle, end), become one. The first is moved outside
 * and then merged into its own place and that which the second gives up; the second's rest stays. */
static void pair_merge(const struct runs *runs, size_t from, size_t middle, size_t end)
{
    size_t size = runs->size, first_size = (middle - from) * size;
    char *out = runs->elements + from * size;
    const char *a = runs->outside, *a_end = runs->outside + first_size;
    const char *b = out + first_size, *b_end = runs->elements + end * size;
    memcpy(runs->outside, out, first_size);
    while (a < a_end && b < b_end) {
        const char **next = runs->ascend(a, b) ? &a : &b;
        memcpy(out, *next, size);
        *next += size;
        out += size;
    }
    memcpy(out, a, (size_t)(a_end - a));
}

/* Merges runs in pairs; an odd one stays. */
static void round_merge(struct runs *runs)
{
    guint kept = 0;
    size_t from = 0;
    for (guint i = 0; i < runs->ends->len; i += 2) {
        size_t end = g_array_index(runs->ends, size_t, i);
        if (i + 1 < runs->ends->len) {
            size_t middle = end;
            end = g_array_index(runs->ends, size_t, i + 1);
            pair_merge(runs, from, middle, end);
        }
        g_array_index(runs->ends, size_t, kept++) = end;
        from = end;
    }
    g_array_set_size(runs->ends, kept);
}

/* Stable, and quick where there are few runs: a registry's records mostly ascend. */
static void runs_sort(void *elements, size_t count, size_t size, ascend_function *ascend)
{
    struct runs runs = {.elements = elements,
                        .size = size,
                        .ascend = ascend,
                        .ends = g_array_new(FALSE, FALSE, sizeof(size_t))};
    runs_find(&runs, count);
    if (runs.ends->len > 1)
        runs.outside = g_malloc_n(count, size);
    while (runs.ends->len > 1)
        round_merge(&runs);
    g_free(runs.outside);
    g_array_unref(runs.ends);
}

/* ---- who decides ---- */

/* What decides between records that overlap. */
struct rival {
    uint32_t size; /* IPv4: addresses minus one; IPv6: host bits */
    uint32_t date, region, file;
    const char *registry, *code;
};

static struct rival rival_of(const struct building *building, uint32_t claim)
{
    size_t at = building->base + claim;
    const struct delegated_ipv4 *ipv4 = building->is_ipv6 ? NULL : &building->records->ipv4[at];
    const struct delegated_ipv6 *ipv6 = building->is_ipv6 ? &building->records->ipv6[at] : NULL;
    uint16_t place = ipv6 != NULL ? ipv6->origin : ipv4->origin;
    const struct delegated_origin *origin =
        &g_array_index(building->records->origins, struct delegated_origin, place);
    uint32_t region = building->regions[ipv6 != NULL ? ipv6->region : ipv4->region];
    return (struct rival){.size = ipv6 != NULL ? ipv6->host_bits : ipv4->last - ipv4->first,
                          .date = ipv6 != NULL ? ipv6->date : ipv4->date,
                          .region = region,
                          .file = origin->file,
                          .registry = origin->registry,
                          .code = building->table->codes[region].text};
}

/* Whether record a decides over record b; the rule stands in region_table.h. Of records that agree in all,
 * the earlier file's stands for both. */
static bool rival_wins(const struct rival *a, const struct rival *b)
{
    if (a->size != b->size)
        return a->size < b->size;
    if (a->date != b->date)
        return a->date > b->date;
    int order = strcmp(a->registry, b->registry);
    if (order == 0)
        order = strcmp(a->code, b->code);
    return order != 0 ? order < 0 : a->file < b->file;
}

static uint64_t saturated_add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static void overlap_note(struct building *building, uint32_t file_a, uint32_t file_b, address_number first,
                         address_number last)
{
    size_t index = (size_t)MIN(file_a, file_b) * building->table->file_count + MAX(file_a, file_b);
    struct region_overlap *overlap = &building->overlaps[index];
    if (!building->is_ipv6)
        overlap->ipv4_addresses += (uint64_t)(last - first) + 1;
    else
        overlap->ipv6_networks =
            saturated_add(saturated_add((uint64_t)((last >> 64) - (first >> 64)), 1), overlap->ipv6_networks);
}

static void piece_append(struct building *building, address_number first, address_number last,
                         uint32_t region)
{
    if (building->is_ipv6)
        address_map_append_ipv6(building->table->map, first, last, region);
    else
        address_map_append_ipv4(building->table->map, (uint32_t)first, (uint32_t)last, region);
}

static void piece_decide(address_number first, address_number last, const uint32_t *claims,
                         size_t claim_count, void *context)
{
    struct building *building = context;
    struct rival best = rival_of(building, claims[0]);
    uint32_t any_region = best.region;
    bool differ = false;
    for (size_t i = 1; i < claim_count; i++) {
        struct rival rival = rival_of(building, claims[i]);
        differ = differ || rival.region != any_region;
        if (rival_wins(&rival, &best))
            best = rival;
    }
    for (size_t i = 0; differ && i < claim_count; i++) {
        struct rival rival = rival_of(building, claims[i]);
        if (rival.region != best.region)
            overlap_note(building, best.file, rival.file, first, last);
    }
    if (differ && !building->is_ipv6)
        building->table->overlap_addresses += (uint64_t)(last - first) + 1;
    piece_append(building, first, last, best.region);
}

/* ---- families ---- */

static inline address_number record_first(const struct building *building, size_t at, bool is_ipv6)
{
    if (!is_ipv6)
        return building->records->ipv4[at].first;
    const struct delegated_ipv6 *record = &building->records->ipv6[at];
    return (address_number)record->first_high << 64 | record->first_low;
}

static inline address_number record_last(const struct building *building, size_t at, bool is_ipv6)
{
    if (!is_ipv6)
        return building->records->ipv4[at].last;
    address_number hosts = ((address_number)1 << building->records->ipv6[at].host_bits) - 1;
    return record_first(building, at, true) | hosts;
}

static struct address_claim record_claim(size_t at, void *context)
{
    const struct building *building = context;
    size_t record = building->base + at;
    return (struct address_claim){.first = record_first(building, record, building->is_ipv6),
                                  .last = record_last(building, record, building->is_ipv6),
                                  .index = (uint32_t)at};
}

/* Behind the last of the records from `from` on that overlap with one of those before them. */
static inline size_t cluster_end(const struct building *building, size_t from, size_t count, bool is_ipv6)
{
    address_number last = record_last(building, from, is_ipv6);
    size_t end = from + 1;
    for (; end < count && record_first(building, end, is_ipv6) <= last; end++)
        last = MAX(last, record_last(building, end, is_ipv6));
    return end;
}

/* Most records overlap with no other; only those that do are swept. `is_ipv6` is known when this is compiled.
 */
static inline void family_build(struct building *building, size_t count, bool is_ipv6)
{
    building->is_ipv6 = is_ipv6;
    for (size_t from = 0, end; from < count; from = end) {
        end = cluster_end(building, from, count, is_ipv6);
        uint16_t region =
            is_ipv6 ? building->records->ipv6[from].region : building->records->ipv4[from].region;
        building->base = from;
        if (end == from + 1)
            piece_append(building, record_first(building, from, is_ipv6),
                         record_last(building, from, is_ipv6), building->regions[region]);
        else
            address_sweep(end - from, record_claim, piece_decide, building);
    }
}

/* Numbers the codes that records have, in their order. */
static void regions_number(struct building *building)
{
    const struct delegated_records *records = building->records;
    struct region_table *table = building->table;
    for (size_t i = 0; i < records->ipv4_count; i++)
        building->regions[records->ipv4[i].region] = 1;
    for (size_t i = 0; i < records->ipv6_count; i++)
        building->regions[records->ipv6[i].region] = 1;
    table->codes = g_new0(struct region_code, DELEGATED_REGIONS + 1);
    table->codes[table->code_count++] = (struct region_code){"??"};
    for (size_t i = 0; i < DELEGATED_REGIONS; i++) {
        if (building->regions[i] == 0)
            continue;
        building->regions[i] = (uint32_t)table->code_count;
        table->codes[table->code_count++] =
            (struct region_code){{(char)('A' + i / LETTERS), (char)('A' + i % LETTERS), '\0'}};
    }
}

/* Keeps the pairs of files that overlap. */
static void overlaps_take(struct building *building)
{
    struct region_table *table = building->table;
    GArray *overlaps = g_array_new(FALSE, FALSE, sizeof(struct region_overlap));
    for (size_t i = 0; i < table->file_count; i++)
        for (size_t j = i; j < table->file_count; j++) {
            struct region_overlap overlap = building->overlaps[i * table->file_count + j];
            overlap.file = (uint32_t)i;
            overlap.other_file = (uint32_t)j;
            if (overlap.ipv4_addresses > 0 || overlap.ipv6_networks > 0)
                g_array_append_val(overlaps, overlap);
        }
    table->overlap_count = overlaps->len;
    table->overlaps = (struct region_overlap *)(void *)g_array_free(overlaps, FALSE);
}

void region_build(struct region_table *table, struct delegated_records *records)
{
    struct building building = {
        .table = table,
        .records = records,
        .overlaps = g_new0(struct region_overlap, table->file_count * table->file_count + 1),
    };
    table->map = address_map_new();
    regions_number(&building);
    runs_sort(records->ipv4, records->ipv4_count, sizeof *records->ipv4, ipv4_ascend);
    family_build(&building, records->ipv4_count, false);
    g_clear_pointer(&records->ipv4, g_free);
    runs_sort(records->ipv6, records->ipv6_count, sizeof *records->ipv6, ipv6_ascend);
    family_build(&building, records->ipv6_count, true);
    delegated_records_release(records);
    address_map_finish(table->map);
    overlaps_take(&building);
    g_free(building.overlaps);
}
