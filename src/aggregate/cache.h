/* cache.h - what was made before of archives, in summaries/cache/EDITION/, and of registries.
 *
 *     struct cache *cache = cache_open(&publication, &edition, basis, log);
 *     cache_known(cache, &known);                         // archives that interrupted runs have counted
 *     cache_load(cache, head);                            // what is there of the head's measures
 *     if (cache_covers(cache, digest, covered, &odd)) ... // of which measures an archive's counts are there
 *     cache_take(cache, digest, wanted, &archive, sum);
 *     cache_publish(cache, writer, inputs, count, err);   // from any thread
 *     cache_settle(cache);                                // at the end of a run that succeeded
 *     cache_free(cache);
 *
 * Counts are kept by archive and measure: one that changed is counted again, and one that goes is left out,
 * and none of the others is touched.
 *
 *     BASIS-KEY.partial    partial summaries (summary/partial.h): the first 16 digits of the digest of what
 *                          decides about all measures (configuration.h), and the key
 *     seen                 lines of inputs.h: the archives that are in them, by name, size, time and inode,
 *                          so far; after a run they stand in EDITION.inputs
 *
 * Beside the editions' folders, in registries/, stand the registries' region tables (region_file.h), for all
 * editions.
 *
 * Everything in it may be deleted at any time, and several runs may work in it at once: files appear by
 * renaming, are never changed, and equal names have equal bytes. A file that is missing, cut or changed makes
 * for counting again, with a warning when it is not just missing; a region table is made again without one.
 * What no run used for a day is removed.
 */
#ifndef TEITEN_AGGREGATE_CACHE_H
#define TEITEN_AGGREGATE_CACHE_H

#include "aggregate/inputs.h"
#include "summary/partial.h"
#include "summary/summary_sum.h"

struct cache;

/* The folder of region tables, which need not exist; owned by the caller. */
char *cache_region_folder(const struct publication *publication);

struct cache *cache_open(const struct publication *publication, const struct edition *edition,
                         const char *basis, struct warning_log *log);
void cache_free(struct cache *cache);
/* Adds to known->archives what `seen` holds. */
void cache_known(const struct cache *cache, struct inputs *known);
/* Opens what the cache holds; files that are not sound are removed, with a warning, or left alone where they
 * cannot be. The head's measures are told by their definitions (configuration_measure). It is borrowed until
 * the next call. */
void cache_load(struct cache *cache, const struct summary *head);
/* covered[measure_count]: whether the archive's counts are there, by measure of the head. False when nothing
 * of it is there. `has_problem` (may be NULL): whether it was not read to its end. */
bool cache_covers(const struct cache *cache, const char *digest, bool *covered, bool *has_problem);
/* Adds to `sum` (NULL: nothing) an archive's counts of the measures `wanted`, which are covered; where
 * `archive` is not NULL its bins and sensors too, and sets what is known of it but its name. False when a
 * file is not sound after all: it is removed or left alone, and the cache has to be loaded again. */
bool cache_take(struct cache *cache, const char *digest, const bool *wanted, struct summary_archive *archive,
                struct summary_sum *sum);
/* Writes what the writer holds (which is empty then), and notes its inputs as seen. That a key exists with
 * other bytes is an error: counting was not deterministic. A folder that cannot be written to is a warning.
 */
int cache_publish(struct cache *cache, struct partial_writer *writer, const struct input *const *inputs,
                  size_t count, struct error *err);
/* Removes what was of use to no run for a day, of the edition and of region tables, and the list of archives
 * seen, which stands elsewhere now. */
void cache_settle(struct cache *cache);

#endif
