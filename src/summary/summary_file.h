/* summary_file.h - a summary as bytes: the one canonical form, and its strict reading.
 *
 *     teiten-summary 5
 *     head<TAB>N                          bytes from the next line up to the digest of the head
 *     edition<TAB>2025q1<TAB>4            name, month in which fiscal years start
 *     time-zone<TAB>Asia/Tokyo
 *     configuration<TAB>SHA-256 in hex
 *     packets-read<TAB>N
 *     overlap-addresses<TAB>N
 *     bin<TAB>counted<TAB>N               every bin, in the order of bin.h
 *     registries<TAB>N                    then N lines: registry, name, file, date, digest
 *     archives<TAB>N                      then N lines: archive, name, size, digest, packets, first,
 *                                         last, backward, packets of an unsupported link type, the first
 *                                         of these types, problem, duplicate
 *     sensors<TAB>N                       then N lines: sensor, id, region, group
 *     measures<TAB>N                      then N lines: measure, id, what is counted, by, per, rows,
 *                                         size of its section and its XXH3-128, definition
 *     end
 *     (binary)                            per sensor: a number of packets for each day, then one bit per
 *                                         day: in force
 *     (binary)                            per archive: number of spans; for each: sensor (since the last
 *                                         one), first second, length
 *     (binary)                            per measure: one bit per sensor: admitted
 *     xxh3-128 HEX                        of every byte before this line (seal.h)
 *     (binary)                            per measure: its rows (section.h)
 *
 * The head vouches for itself and, by their digests, for the sections: who needs one measure of many reads
 * its rows and no other. Version 4 is read, too, as captures may have gone that it was counted from: it has
 * no line `head`, no digests of sections, and ends with the SHA-256 of everything before.
 *
 * Texts in the head are escaped (\\ \t \n \r as in C). Binary numbers are LEB128 (seven bits a byte, lowest
 * first, no needless byte). Labels of sensors are not in the file: they decide no count, and the publication
 * has the present ones.
 */
#ifndef TEITEN_SUMMARY_SUMMARY_FILE_H
#define TEITEN_SUMMARY_SUMMARY_FILE_H

#include <glib.h>

#include "base/error.h"
#include "summary/summary.h"
#include "summary/supply.h"

#define SUMMARY_FILE_MAGIC "teiten-summary "
#define SUMMARY_FILE_VERSION "5"
#define SUMMARY_FILE_OLD "4"

/* Owned by the caller. */
GByteArray *summary_file_bytes(const struct summary *summary);

/* Fills an empty summary (fresh from summary_new). Trusts nothing: the digest is checked first, then every
 * length, order and sum; errors do not name the file. After an error the summary may only be freed. */
int summary_file_parse(struct summary *summary, const uint8_t *data, size_t size, struct error *err);

/* The same of bytes that the summary may keep a reference to, instead of copying its rows. `measures`: as in
 * summary_read_measures. */
int summary_file_parse_bytes(struct summary *summary, GBytes *bytes, const char *const *measures,
                             struct error *err);

/* The same of a file, of which no more is read than is wanted. */
int summary_file_parse_supply(struct summary *summary, struct supply *supply, const char *const *measures,
                              struct error *err);

/* Puts rows read from elsewhere into a measure, when they are sound; the summary has its bins and sensors
 * already. `holder` (may be NULL: the rows are copied) is what the data are some of. */
int measure_counts_parse(const struct summary *summary, struct measure_counts *measure, const uint8_t *data,
                         size_t size, size_t rows, GBytes *holder, struct error *err);

/* Parts of a summary, released on their own (summary.c). */
void measure_counts_release(struct measure_counts *measure);
void summary_archive_free(struct summary_archive *archive);

#endif
