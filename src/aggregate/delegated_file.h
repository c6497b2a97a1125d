/* delegated_file.h - one statistics file of a regional internet registry, as downloaded.
 *
 *     2|apnic|20250630|...                               version line
 *     apnic|*|ipv4|*|49000|summary
 *     apnic|JP|ipv4|192.0.2.0|256|20020801|allocated     older form
 *     apnic|JP|ipv6|2001:db8::|32|20020801|allocated|A91E66F2       extended form, more fields may follow
 *
 *     struct delegated_records records = {0};
 *     struct delegated_file file;
 *     int result = delegated_file_load(&file, path, 0, &records, err);
 *     delegated_file_warn(&file, path, log);
 *     delegated_file_release(&file);
 *     delegated_records_release(&records);
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

#include "base/civil_date.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/warning.h"

/* Ranges that have a region. There are several hundred thousand of them, so they are kept small. */
struct delegated_ipv4 {
    uint32_t first, last; /* inclusive */
    uint32_t date;        /* 20020801; 0 when it has none */
    uint16_t region;      /* below DELEGATED_REGIONS */
    uint16_t origin;      /* index into `origins` */
};

struct delegated_ipv6 {
    uint64_t first_high, first_low;
    uint32_t date;
    uint16_t region, origin;
    uint8_t host_bits; /* 128 minus the prefix length */
};

/* A code of two capital letters, as a number: AA is 0, ZZ the last. EU and AP stay what they are. */
enum { DELEGATED_REGIONS = 26 * 26 };

/* Who says so: the record's first field, and the file, as given to delegated_file_load. */
struct delegated_origin {
    char *registry;
    uint32_t file;
};

/* Of any number of files; all zeros is empty. */
struct delegated_records {
    struct delegated_ipv4 *ipv4;
    struct delegated_ipv6 *ipv6;
    size_t ipv4_count, ipv4_room, ipv6_count, ipv6_room;
    GArray *origins; /* struct delegated_origin; NULL while there are none */
};

void delegated_records_release(struct delegated_records *records);

/* What was expected of a malformed line. */
enum delegated_expectation {
    EXPECTED_FIELDS,
    EXPECTED_TYPE,
    EXPECTED_CODE,
    EXPECTED_IPV4,
    EXPECTED_COUNT,
    EXPECTED_IPV6,
    EXPECTED_LENGTH,
    EXPECTED_PREFIX,
    EXPECTED_STATUS,
    EXPECTED_REGISTRY,
    DELEGATED_EXPECTATIONS
};

struct delegated_problem {
    uint64_t line; /* from 1 */
    enum delegated_expectation expected;
};

/* What a file says of itself, and what is to be said of it. */
struct delegated_file {
    char *registry; /* of the version line, e.g. "apnic" */
    bool has_date;
    struct civil_date date; /* of the snapshot: the end date, else the serial where it is a date, else the
                             * serial as seconds or milliseconds since 1970 (in UTC) */
    uint64_t record_count;  /* well-formed records of any type */
    uint64_t announced;     /* records, by the version line; 0 where it says nothing */
    uint64_t malformed_count;
    struct delegated_problem malformed[WARNING_SHOWN]; /* the first of them */
    bool is_cut;                                       /* its last line is malformed and has no line feed */
    uint8_t digest[DIGEST_BYTES];                      /* XXH3-128 of its bytes, canonical */
};

/* Appends the file's ranges to `records`. An error: unreadable, no version line first, or no well-formed
 * record at all. Either way the file may be warned of, and has to be released. */
int delegated_file_load(struct delegated_file *file, const char *path, uint32_t number,
                        struct delegated_records *records, struct error *err);
void delegated_file_release(struct delegated_file *file);

/* Warnings, with their numbers, of malformed lines, and of a file that seems cut: its last line has no line
 * feed and is malformed, or it has fewer than half the records its version line announces. Of a file that
 * could not be loaded, only of malformed lines. */
void delegated_file_warn(const struct delegated_file *file, const char *path, struct warning_log *log);

/* The digest that a file has once it is loaded, without loading it. False when it cannot be read. */
bool delegated_file_digest(const char *path, uint8_t digest[DIGEST_BYTES]);

#endif
