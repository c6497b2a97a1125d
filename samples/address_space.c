#include "address_space.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "random.h"

struct block {
    struct probe_address start;
    uint32_t size; /* IPv4: addresses; IPv6: prefix length */
};

struct region {
    GArray *ipv4, *ipv6; /* struct block */
    uint64_t ipv4_size;
};

static void free_region(gpointer data)
{
    struct region *region = data;
    g_array_unref(region->ipv4);
    g_array_unref(region->ipv6);
    g_free(region);
}

static struct region *find_or_add_region(GHashTable *regions, const char *code)
{
    struct region *region = g_hash_table_lookup(regions, code);
    if (region == NULL) {
        region = g_new0(struct region, 1);
        region->ipv4 = g_array_new(FALSE, FALSE, sizeof(struct block));
        region->ipv6 = g_array_new(FALSE, FALSE, sizeof(struct block));
        g_hash_table_insert(regions, g_strdup(code), region);
    }
    return region;
}

/* A record of the RIR statistics exchange format; other lines are passed over. "??" gets what is handed out
 * to nobody. */
static void read_registry_line(GHashTable *regions, const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, "|", -1);
    if (line[0] == '#' || g_strv_length(fields) < 7)
        return;
    for (size_t i = 0; fields[i] != NULL; i++)
        g_strstrip(fields[i]);
    bool is_ipv6 = strcmp(fields[2], "ipv6") == 0;
    bool is_held = strcmp(fields[6], "allocated") == 0 || strcmp(fields[6], "assigned") == 0;
    struct block block = {.start.ip_version = is_ipv6 ? 6 : 4};
    uint64_t value;
    if ((!is_ipv6 && strcmp(fields[2], "ipv4") != 0) || !number_parse(fields[4], 1, UINT32_MAX, &value) ||
        inet_pton(is_ipv6 ? AF_INET6 : AF_INET, fields[3], block.start.bytes) != 1)
        return;
    block.size = (uint32_t)value;
    struct region *region = find_or_add_region(regions, is_held ? fields[1] : "??");
    g_array_append_val(is_ipv6 ? region->ipv6 : region->ipv4, block);
    if (!is_ipv6)
        region->ipv4_size += value;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GHashTable *address_space_load(const char *folder, const char *edition, struct error *err)
{
    g_autofree char *path = g_build_filename(folder, "registries", edition, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    if (dir == NULL) {
        error_set(err, ERROR_INPUT, "%s: cannot open: %s", path, g_strerror(errno));
        return NULL;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    GHashTable *regions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_region);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *file = g_build_filename(path, names->pdata[i], NULL);
        g_autofree char *text = NULL;
        if (!g_file_get_contents(file, &text, NULL, NULL)) {
            error_set(err, ERROR_INPUT, "%s: cannot read", file);
            g_hash_table_unref(regions);
            return NULL;
        }
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (size_t j = 0; lines[j] != NULL; j++)
            read_registry_line(regions, g_strchomp(lines[j]));
    }
    return regions;
}

void address_space_add(uint8_t bytes[4], uint32_t offset)
{
    uint32_t value =
        ((uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3]) + offset;
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

bool address_space_host(const struct region *region, int ip_version, uint64_t identity,
                        struct probe_address *address)
{
    struct random random = {.state = identity};
    if (ip_version == 6) {
        if (region->ipv6->len == 0)
            return false;
        const struct block *block =
            &g_array_index(region->ipv6, struct block, random_below(&random, region->ipv6->len));
        *address = block->start;
        for (size_t i = block->size / 8 + (block->size % 8 != 0); i < 16; i++)
            address->bytes[i] = i >= 8 && i < 14 ? 0 : (uint8_t)random_next(&random);
        return true;
    }
    if (region->ipv4_size == 0)
        return false;
    uint64_t place = random_next(&random) % region->ipv4_size;
    for (guint i = 0; i < region->ipv4->len; i++) {
        const struct block *block = &g_array_index(region->ipv4, struct block, i);
        if (place < block->size) {
            *address = block->start;
            address_space_add(address->bytes, (uint32_t)place);
            return true;
        }
        place -= block->size;
    }
    return false;
}
