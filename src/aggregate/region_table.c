#include "aggregate/region_table.h"

#include <inttypes.h>
#include <string.h>

#include "aggregate/region_build.h"
#include "aggregate/region_file.h"
#include "aggregate/region_table_parts.h"

static void overlaps_warn(const struct region_table *table, char *const *paths, struct warning_log *log)
{
    for (size_t i = 0; i < table->overlap_count; i++) {
        const struct region_overlap *overlap = &table->overlaps[i];
        warning_add(log, "registry overlaps",
                    "registry: %s and %s claim %" PRIu64 " IPv4 addresses and %" PRIu64
                    " IPv6 networks (/64) for different regions: the smaller record decides",
                    paths[overlap->file],
                    overlap->file == overlap->other_file ? "the same file" : paths[overlap->other_file],
                    overlap->ipv4_addresses, overlap->ipv6_networks);
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

static void files_warn(const struct region_table *table, char *const *paths, const struct edition *edition,
                       struct warning_log *log)
{
    for (size_t i = 0; i < table->file_count; i++) {
        delegated_file_warn(&table->files[i], paths[i], log);
        date_check(&table->files[i], paths[i], edition, log);
    }
}

/* The table of what the files hold. Where one cannot be read, those before it, and its malformed lines, are
 * warned of all the same. */
static struct region_table *table_make(char *const *paths, size_t path_count, const struct edition *edition,
                                       struct warning_log *log, struct error *err)
{
    struct region_table *table = g_new0(struct region_table, 1);
    struct delegated_records records = {.ipv4 = NULL};
    table->files = g_new0(struct delegated_file, path_count + 1);
    while (table->file_count < path_count) {
        struct delegated_file *file = &table->files[table->file_count];
        const char *path = paths[table->file_count];
        if (delegated_file_load(file, path, (uint32_t)table->file_count, &records, err) != 0) {
            error_prefix(err, "registry");
            files_warn(table, paths, edition, log);
            delegated_file_warn(file, path, log);
            delegated_records_release(&records);
            region_table_free(table);
            return NULL;
        }
        table->file_count++;
    }
    region_build(table, &records);
    return table;
}

struct region_table *region_table_new(char *const *paths, size_t path_count, const struct edition *edition,
                                      const char *folder, struct warning_log *log, struct error *err)
{
    struct region_key key;
    struct region_table *table = NULL;
    if (folder != NULL && path_count > 0 && region_key_of_files(&key, paths, path_count))
        table = region_file_read(folder, &key);
    if (table == NULL)
        table = table_make(paths, path_count, edition, log, err);
    if (table == NULL)
        return NULL;
    files_warn(table, paths, edition, log);
    overlaps_warn(table, paths, log);
    return table;
}

void region_table_keep(const struct region_table *table, const char *folder)
{
    if (folder == NULL || table->file_count == 0 || table->map->memory != NULL)
        return;
    /* By the bytes that were parsed: a file may have changed since it was looked for. */
    struct region_key key = region_key_of_table(table);
    region_file_write(folder, &key, table);
}

void region_table_free(struct region_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->file_count; i++)
        delegated_file_release(&table->files[i]);
    g_free(table->files);
    g_free(table->codes);
    g_free(table->overlaps);
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
    return (uint32_t)table->code_count;
}

const char *region_table_code(const struct region_table *table, uint32_t region)
{
    return table->codes[region].text;
}

int region_table_index(const struct region_table *table, const char *code)
{
    for (size_t i = 0; i < table->code_count; i++)
        if (strcmp(table->codes[i].text, code) == 0)
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
