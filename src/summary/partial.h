/* partial.h - the counts of single archives as a file: what a run leaves in the cache, and one machine hands
 * to another.
 *
 *     struct partial_writer *writer = partial_writer_new(head, NULL);      // a summary without packets
 *     partial_writer_add(writer, part);                                    // a summary of one archive
 *     GPtrArray *pieces = partial_writer_finish(writer, key);
 *     ...
 *     struct partial_file *file = partial_file_open(path, err);
 *     for (size_t i = 0; i < partial_file_count(file); i++)
 *         const struct summary *part = partial_file_read(file, i, err);
 *     partial_file_close(file);
 *
 * A file holds the partial summaries of one or several archives that were counted alike: thousands of small
 * archives would cost more in files than in packets. Its name is its key, the SHA-256 of the format's
 * version, the configuration's digest, the measures (id, definition) and the archives' digests in order:
 * equal keys have equal bytes, whoever counted, in whatever order, with whatever number of threads. Names of
 * archives are not in it, nor times of files, hosts, processes: what one machine counted, another adds up.
 *
 *     teiten-partial 5
 *     head, its size before it: a summary without packets and archives (summary_file.h)
 *     number of entries; each: size of the rest, then size, digest, packets, first and last second of the
 *     archive, its problem, bins, packets by sensor and day, packets that go back in time, spans by
 *     sensor, and per measure rows and, where there are any, size, section
 *     xxh3-128 HEX                             of everything before this line (seal.h)
 */
#ifndef TEITEN_SUMMARY_PARTIAL_H
#define TEITEN_SUMMARY_PARTIAL_H

#include <glib.h>

#include "base/digest.h"
#include "base/error.h"
#include "summary/summary.h"

#define PARTIAL_FILE_VERSION "5"
#define PARTIAL_FILE_MAGIC "teiten-partial " PARTIAL_FILE_VERSION "\n"
enum { PARTIAL_KEY_SIZE = 65 };

struct partial_writer;

/* Both are borrowed while the writer lives; measures[measure_count]: those to be written, NULL: all. */
struct partial_writer *partial_writer_new(const struct summary *head, const bool *measures);
/* A summary with just one archive, of the same configuration as the head; no digest may come twice. */
void partial_writer_add(struct partial_writer *writer, const struct summary *part);
/* Bytes of the entries so far. */
size_t partial_writer_size(const struct partial_writer *writer);
/* The file's bytes in pieces (GBytes *, with a free function) one behind the other, owned by the caller, and
 * its key (64 hex digits and a NUL). The writer is empty then: counts that are large are handed over, not
 * copied.
 */
GPtrArray *partial_writer_finish(struct partial_writer *writer, char key[PARTIAL_KEY_SIZE]);
void partial_writer_free(struct partial_writer *writer);

/* What can be told of an entry without reading its counts. */
struct partial_entry {
    char digest[DIGEST_SIZE];
    uint64_t size; /* bytes of the archive */
    bool has_problem;
};

struct partial_file;

/* All of it is read and checked, and nothing kept but the places of its entries: large caches are read once
 * more, entry by entry, rather than mapped (supply.h says why). NULL when the file is missing, cut, changed
 * or of another version. */
struct partial_file *partial_file_open(const char *path, struct error *err);
void partial_file_close(struct partial_file *file);
/* The summary without packets that all entries share. Borrowed. */
const struct summary *partial_file_head(const struct partial_file *file);
/* The index of the measure with this definition, whatever its id; -1: none. */
int partial_file_measure(const struct partial_file *file, const char *definition);
size_t partial_file_count(const struct partial_file *file);
const struct partial_entry *partial_file_entry(const struct partial_file *file, size_t index);
/* Lent until the next call; its one archive has the name "". NULL when the entry is not sound, or gone
 * with its file. */
const struct summary *partial_file_read(struct partial_file *file, size_t index, struct error *err);

#endif
