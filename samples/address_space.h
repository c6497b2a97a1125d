/* address_space.h - the addresses that the sample's registries hand out to each region, and its hosts in
 * them.
 *
 *     GHashTable *regions = address_space_load(publication, "2025q1", err);       // code -> struct region *
 *     address_space_host(g_hash_table_lookup(regions, "US"), 4, identity, &address)
 *     g_hash_table_unref(regions);
 */
#ifndef TEITEN_SAMPLES_ADDRESS_SPACE_H
#define TEITEN_SAMPLES_ADDRESS_SPACE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "probe.h"

struct region;

/* Of the files in registries/EDITION/ of the publication. "??" has what nobody holds. NULL: err. */
GHashTable *address_space_load(const char *folder, const char *edition, struct error *err);
/* The address of the host with that identity: false when the region has none of that family. */
bool address_space_host(const struct region *region, int ip_version, uint64_t identity,
                        struct probe_address *address);
/* The IPv4 address so many further on. */
void address_space_add(uint8_t bytes[4], uint32_t offset);

#endif
