/* delegated_file.h - one statistics file of a regional internet registry, as downloaded.
 *
 *     2|apnic|20250630|...                               version line
 *     apnic|*|ipv4|*|49000|summary
 *     apnic|JP|ipv4|192.0.2.0|256|20020801|allocated     older form
 *     apnic|JP|ipv6|2001:db8::|32|20020801|allocated|A91E66F2       extended form, more fields may follow
 *
 * Format: "RIR Statistics Exchange Format" of the registries. Fields may carry blanks, records are in no
 * order. For IPv4 the value is a number of addresses, not always a power of two; for IPv6 a prefix length.
 * Only `allocated` and `assigned` with a code other than ZZ decide a region; everything else well-formed is
 * passed over in silence (asn, available, reserved, and what combined files add).
 */
#ifndef TEITEN_AGGREGATE_DELEGATED_FILE_H
#define TEITEN_AGGREGATE_DELEGATED_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "aggregate/address_sweep.h"
#include "base/civil_date.h"
#include "base/error.h"
#include "base/warning.h"

/* A range that has a region. There are several hundred thousand of them, so they are kept small. */
struct delegated_record {
    uint64_t first_high, first_low; /* its first address; IPv4: in first_low */
    uint32_t size;   /* IPv4: addresses minus one; IPv6: host bits (128 minus the prefix length) */
    uint32_t date;   /* 20020801; 0 when it has none */
    GQuark registry; /* its first field */
    uint32_t file;   /* as given to delegated_file_load */
    char region[3];  /* two capital letters; EU and AP stay what they are */
    bool is_ipv6;
};

static inline address_number delegated_record_first(const struct delegated_record *record)
{
    return (address_number)record->first_high << 64 | record->first_low;
}

/* Inclusive. */
static inline address_number delegated_record_last(const struct delegated_record *record)
{
    address_number first = delegated_record_first(record);
    if (!record->is_ipv6)
        return first + record->size;
    return record->size == 128 ? ~(address_number)0 : first | (((address_number)1 << record->size) - 1);
}

struct delegated_file {
    char *registry; /* of the version line, e.g. "apnic" */
    bool has_date;
    struct civil_date date; /* of the snapshot: the end date, else the serial where it is a date, else the
                             * serial as seconds or milliseconds since 1970 (in UTC) */
    uint64_t record_count;  /* well-formed records of any type */
};

/* Appends the file's ranges to `records` (struct delegated_record). Malformed lines are warnings with their
 * numbers; so is a file that seems cut (its last line has no line feed and is malformed, or it has fewer than
 * half the records its version line announces). An error: unreadable, no version line first, or no
 * well-formed record at all. */
int delegated_file_load(struct delegated_file *file, const char *path, uint32_t number, GArray *records,
                        struct warning_log *log, struct error *err);
void delegated_file_release(struct delegated_file *file);

#endif
