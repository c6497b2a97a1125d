/* Prints which region addresses belong to, by registries' files; first checks that a table that is kept says
 * the same as one that is made, in tables and in warnings.
 *
 *     region_spans FOLDER FILE...          FOLDER: where tables are kept
 *
 * A line for each span of addresses: its first address in hexadecimal (8 or 32 digits), a blank, the code. */
#include <inttypes.h>
#include <stdio.h>

#include "aggregate/region_table.h"
#include "unit/region_check.h"

static struct region_table *load(char **paths, size_t count, const char *folder, GPtrArray **warnings)
{
    struct warning_log log;
    struct error err;
    warning_log_init(&log);
    struct region_table *table = region_table_new(paths, count, NULL, folder, &log, &err);
    *warnings = warning_log_lines(&log);
    if (table == NULL)
        fprintf(stderr, "region_spans: %s\n", err.message);
    else
        region_table_keep(table, folder);
    warning_log_release(&log);
    return table;
}

/* Makes a table that is kept, or takes it, and compares it. */
static void kept_check(const struct region_table *made, const GPtrArray *warnings, char **paths, size_t count,
                       const char *folder)
{
    GPtrArray *others;
    struct region_table *kept = load(paths, count, folder, &others);
    g_assert(kept != NULL && others->len == warnings->len);
    for (guint i = 0; i < others->len; i++)
        g_assert(strcmp(others->pdata[i], warnings->pdata[i]) == 0);
    regions_assert_same(made, kept, count);
    region_table_free(kept);
    g_ptr_array_unref(others);
}

static void spans_print(const struct region_table *table)
{
    uint32_t first = 0, last;
    do {
        uint32_t region = region_table_span_ipv4(table, first, &last);
        printf("%08" PRIx32 " %s\n", first, region_table_code(table, region));
        first = last + 1;
    } while (last != UINT32_MAX);
    address_number from = 0, until;
    do {
        uint32_t region = region_table_span_ipv6(table, from, &until);
        printf("%016" PRIx64 "%016" PRIx64 " %s\n", (uint64_t)(from >> 64), (uint64_t)from,
               region_table_code(table, region));
        from = until + 1;
    } while (until != ~(address_number)0);
}

int main(int argument_count, char **arguments)
{
    if (argument_count < 3)
        return 2;
    char **paths = arguments + 2;
    size_t count = (size_t)argument_count - 2;
    GPtrArray *warnings;
    struct region_table *table = load(paths, count, NULL, &warnings);
    if (table != NULL) {
        kept_check(table, warnings, paths, count, arguments[1]);
        kept_check(table, warnings, paths, count, arguments[1]);
        spans_print(table);
    }
    region_table_free(table);
    g_ptr_array_unref(warnings);
    return table == NULL || fflush(stdout) != 0 ? 1 : 0;
}
