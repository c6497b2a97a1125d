/* Reads files as registry statistics and looks addresses up.
 *
 *     fuzz_delegated FILE...         replays files (the committed corpus, or an input that crashed)
 *
 * With -DLIBFUZZER -fsanitize=fuzzer it is a libFuzzer target instead: main is libFuzzer's. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "aggregate/region_table.h"
#include "fuzz/replay.h"

static void table_use(const struct region_table *table)
{
    uint8_t ipv6[16] = {0};
    for (uint32_t i = 0; i < 4096; i++) {
        g_assert(region_table_find_ipv4(table, i * 0x00100401U) < region_table_count(table));
        memcpy(ipv6, &i, sizeof i);
        g_assert(region_table_find_ipv6(table, ipv6) < region_table_count(table));
    }
    g_assert(region_table_find_ipv4(table, UINT32_MAX) < region_table_count(table));
    memset(ipv6, 0xff, sizeof ipv6);
    g_assert(region_table_find_ipv6(table, ipv6) < region_table_count(table));
    for (uint32_t i = 0; i < region_table_count(table); i++)
        g_assert(region_table_index(table, region_table_code(table, i)) == (int)i);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    int descriptor = memfd_create("delegated", MFD_CLOEXEC);
    g_assert(descriptor >= 0 && write(descriptor, bytes, size) == (ssize_t)size);
    char *path = g_strdup_printf("/proc/self/fd/%d", descriptor);
    struct warning_log log;
    struct error err = {.message = ""};
    warning_log_init(&log);
    struct region_table *table = region_table_new(&path, 1, NULL, NULL, &log, &err);
    if (table != NULL)
        table_use(table);
    else
        g_assert(err.kind == ERROR_INPUT && g_str_has_prefix(err.message, "registry: /proc/self/fd/"));
    region_table_free(table);
    warning_log_release(&log);
    g_free(path);
    close(descriptor);
    return 0;
}
