/* region_file.h - a region table kept in a folder of the cache, so that the registries need not be parsed
 * again.
 *
 *     struct region_key key;
 *     region_key_of_files(&key, paths, path_count)        // false: a file cannot be read
 *     struct region_table *table = region_file_read(folder, &key);
 *     if (table == NULL) ...                              // make it, and
 *     region_file_write(folder, &key, table);
 *
 * The file is KEY.regions. The key is a digest of the registries' bytes, in their order, and of the form of
 * the file: it is found when it is what parsing would give, and only then. It is written whole or not at all,
 * never changed, and may be deleted at any time; one that is missing, cut, changed or strange, or was written
 * by a machine of another byte order, is as good as none. In the machine's own byte order:
 *
 *     header     struct header of region_file.c: magic, key, digest of all behind it, sizes
 *     facts      codes, files with their malformed lines, overlaps (octets.h)
 *     pieces     the arrays of the address map (address_map.h)
 *
 * each filled up with zeros to a multiple of 16 bytes.
 */
#ifndef TEITEN_AGGREGATE_REGION_FILE_H
#define TEITEN_AGGREGATE_REGION_FILE_H

#include "aggregate/region_table_parts.h"

#define REGION_FILE_SUFFIX ".regions"

struct region_key {
    uint8_t bytes[DIGEST_BYTES];
};

bool region_key_of_files(struct region_key *key, char *const *paths, size_t path_count);
/* Of the files as they were when the table was made. */
struct region_key region_key_of_table(const struct region_table *table);

/* NULL when there is none, or none that is sound. The file's time becomes the present one when
 * it is more than an hour old, so that it can be seen when it was last of use. */
struct region_table *region_file_read(const char *folder, const struct region_key *key);
/* Makes the folder, too. That it could not be written is no matter. */
void region_file_write(const char *folder, const struct region_key *key, const struct region_table *table);

#endif
