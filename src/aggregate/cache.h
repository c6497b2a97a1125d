/* cache.h - partial summaries of archives that were counted before, in summaries/cache/EDITION/.
 *
 *     struct cache *cache = cache_open(&publication, &edition, configuration, log);
 *     cache_known(cache, &known);                               // archives that interrupted runs have
 * counted cache_each(cache, wanted, take, context);                 // lends the partial summaries that are
 * wanted cache_publish(cache, writer, inputs, count, err);         // from any thread cache_settle(cache); //
 * at the end of a run that succeeded cache_free(cache);
 *
 *     CONFIGURATION-KEY.partial    partial summaries (summary/partial.h); the first 16 digits of the
 *                                  configuration's digest, the key
 *     seen                         lines of inputs.h: the archives that are in them, by name, size, time and
 *                                  inode, so far; after a run they stand in EDITION.inputs
 *
 * Everything in it may be deleted at any time, and several runs may work in it at once: files appear by
 * renaming, are never changed, and equal names have equal bytes. A file that is missing, cut or changed makes
 * for counting again, with a warning when it is not just missing. What no run used for a day is removed.
 */
#ifndef TEITEN_AGGREGATE_CACHE_H
#define TEITEN_AGGREGATE_CACHE_H

#include "aggregate/inputs.h"
#include "summary/partial.h"

struct cache;

struct cache *cache_open(const struct publication *publication, const struct edition *edition,
                         const char *configuration, struct warning_log *log);
void cache_free(struct cache *cache);
/* Adds to known->archives what `seen` holds. */
void cache_known(const struct cache *cache, struct inputs *known);
/* Calls `take` with the partial summary of every digest that `wanted` (a set of char *) holds, once each,
 * file by file: only one is in memory at a time. A false answer means that it is not taken. */
void cache_each(struct cache *cache, GHashTable *wanted,
                bool (*take)(const struct summary *part, void *context), void *context);
/* Writes what the writer holds (which is empty then), and notes its inputs as seen. That a key exists with
 * other bytes is an error: counting was not deterministic. A folder that cannot be written to is a warning.
 */
int cache_publish(struct cache *cache, struct partial_writer *writer, const struct input *const *inputs,
                  size_t count, struct error *err);
/* Removes what was of use to no run for a day, and the list of archives seen, which stands elsewhere now. */
void cache_settle(struct cache *cache);

#endif
