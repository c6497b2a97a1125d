/* summary.h - what was counted in one edition: the door between counting and saying.
 *
 *     struct summary *summary = summary_new();
 *     summary_read(summary, "summaries/2025q1.summary", err);
 *     const struct measure_counts *m = summary_measure(summary, "domestic-ports");
 *     const struct summary_row *row = measure_counts_row(m, "23/TCP");     // NULL: not seen
 *     row->total                                                           // exact over the whole quarter
 *     uint64_t daily[edition.day_count];
 *     summary_row_daily(summary, m, row, daily);                           // day 0 the first of the quarter
 *     summary_free(summary);
 *
 * A summary is plain data, mergeable, and written in one canonical form (summary_file.h): equal contents,
 * equal bytes. Merging is commutative and associative. It holds no time of writing, host, path outside the
 * publication, or process id. A file that is cut, changed, or of a version older than 4 or newer than ours is
 * refused with a clear error.
 */
#ifndef TEITEN_SUMMARY_SUMMARY_H
#define TEITEN_SUMMARY_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/digest.h"
#include "base/error.h"
#include "publication/edition.h"
#include "publication/local_days.h"
#include "publication/measure.h"
#include "summary/bin.h"
#include "summary/section.h"

/* The time in which an archive holds counted packets to a sensor. */
struct summary_span {
    uint32_t sensor;      /* index into the summary's sensors */
    int64_t first_second; /* smallest time stamp, UTC */
    int64_t last_second;  /* largest, inclusive */
};

/* One archive that was read. */
struct summary_archive {
    char *name; /* path relative to the publication folder, '/' between parts; UTF-8 (other bytes escaped as
                   \xNN) */
    uint64_t size;            /* bytes of the file */
    char digest[DIGEST_SIZE]; /* "xxh3-128:" is implied: 32 lowercase hex digits of the file's bytes as stored
                               */
    uint64_t packets;         /* packets read from it, in whatever bin */
    /* Smallest and largest time stamp of its packets, UTC; 0 when it has none. */
    int64_t first_second, last_second;
    char *problem;              /* NULL when read to its end; else what stopped the reading, with the place */
    uint64_t backward_count;    /* packets whose time lies before that of the packet before them */
    uint64_t unsupported_count; /* packets of link types that are not decoded, */
    uint32_t unsupported_link;  /* and the first such DLT_* among them; 0 when there are none */
    struct summary_span *spans; /* one for each sensor that it holds counted packets to, ascending */
    size_t span_count;
    char *duplicate_of; /* NULL, or the name of the archive with the same bytes that was counted instead */
};

/* A registry file that decided regions. */
struct summary_registry {
    char *name; /* "apnic" */
    char *file; /* path relative to the publication folder */
    char *date; /* "2025-06-30", from its version line; "" when it has none */
    char digest[DIGEST_SIZE];
};

struct summary_sensor {
    char *id;
    char *region;
    char *group;
    char *label;       /* for readers; not in the file: summary_read sets it to the id, aggregate/ to what the
                          publication says now */
    uint64_t *packets; /* [day_count]: counted packets to it, any measure */
    bool *active;      /* [day_count]: a prefix of it was in force */
};

struct summary_row {
    const char *key;      /* see key.h; as long as the measure */
    uint64_t total;       /* over the whole quarter; of what is distinct not the sum of the days */
    const uint8_t *cells; /* see section.h */
    uint32_t cell_count;
};

/* Counts are kept as they are written (section.h). The index of rows is made when it is asked for: who only
 * adds up and writes does without. */
struct measure_counts {
    char *id;
    char *definition; /* measure_definition() */
    enum measure_count count;
    enum measure_by by;
    enum measure_per per;
    bool *sensors;            /* [sensor_count]: the sensors that the filter admits; decides `observed` */
    struct section section;   /* change it only through measure_counts_clear and _replace */
    struct summary_row *rows; /* [section.row_count], in the order of keys; NULL: no index yet */
    size_t row_count;         /* of the index */
    struct octets keys;       /* of the index: their texts, one behind the other */
};

struct summary {
    struct edition edition;
    char *time_zone;
    char configuration_digest[65]; /* SHA-256 of everything that decides what is counted: see
                                      aggregate/configuration.h */
    GPtrArray *archives;           /* struct summary_archive *, sorted by name */
    GPtrArray *registries;         /* struct summary_registry *, sorted by name, then file */
    uint64_t packets_read;
    uint64_t bins[BIN_COUNT];          /* adds up to packets_read */
    uint64_t region_overlap_addresses; /* addresses that more than one registry record claims with different
                                          codes */
    struct summary_sensor *sensors;    /* sorted by id */
    size_t sensor_count;
    struct measure_counts *measures; /* sorted by id */
    size_t measure_count;
};

struct summary *summary_new(void);
void summary_free(struct summary *summary);
int summary_read(struct summary *summary, const char *path, struct error *err);
/* The same, but of the measures only those with these ids (NULL-terminated; NULL: all): the others are left
 * out as if they had not been counted, their rows neither read nor checked. */
int summary_read_measures(struct summary *summary, const char *path, const char *const *measures,
                          struct error *err);
int summary_write(const struct summary *summary, const char *path, struct error *err);

/* Adds `other` to `summary`. Both must agree in edition, zone, configuration, sensors, measures and
 * registries, and hold different archives: an error otherwise, and nothing is changed. */
int summary_merge(struct summary *summary, const struct summary *other, struct error *err);

/* The quarters of a span as one summary, as a figure of several quarters needs it: days, sensors and archives
 * follow each other, what is distinct is united over all of them. parts[i] is of the span's quarter i, or
 * NULL: nothing was delivered then; one at least is there. Their archives go over; their owner still frees
 * them. A measure that a part does not have, or counted with another definition, is left out. */
struct summary *summary_join(struct summary *const *parts, const struct edition *span);

/* NULL when there is none. Borrowed; with its index of rows. */
const struct measure_counts *summary_measure(const struct summary *summary, const char *id);
/* NULL when there is none: of a measure with its index. */
const struct summary_row *measure_counts_row(const struct measure_counts *measure, const char *key);
/* Makes the index, unless it is there. */
void measure_counts_index(struct measure_counts *measure);
/* Drops all rows; id, definition and sensors stay. */
void measure_counts_clear(struct measure_counts *measure);
/* Takes the section over, which is empty then, in place of what was there. */
void measure_counts_replace(struct measure_counts *measure, struct section *section);

/* daily[day_count]: counts per local day, 0 where nothing was seen; of a measure per hour its hours added or,
 * of what is distinct, united. */
void summary_row_daily(const struct summary *summary, const struct measure_counts *measure,
                       const struct summary_row *row, uint64_t *daily);
/* hourly[day_count * DAY_HOURS_MAX]: counts per hour of a measure per hour; hour h of day d at
 * d * DAY_HOURS_MAX + h. */
void summary_row_hourly(const struct summary *summary, const struct measure_counts *measure,
                        const struct summary_row *row, uint64_t *hourly);
/* observed[day_count]: whether any sensor that the measure admits delivered at least one packet that day. A
 * day that is not observed is missing, not zero. */
void summary_observed(const struct summary *summary, const struct measure_counts *measure, bool *observed);

/* Whether packets to the sensor can stand in rows of the key: of a measure by sensor or group, alone or in a
 * pair, in those of that sensor or group only; else in all. */
bool summary_sensor_serves(const struct summary_sensor *sensor, enum measure_by by, const char *key);
/* The same for any of some keys, or for all but these (negated). NULL-terminated. Of a pair, a key that is
 * left out leaves the sensor's others. */
bool summary_sensor_serves_keys(const struct summary_sensor *sensor, enum measure_by by, char *const *keys,
                                bool negated);
/* The same as summary_observed for such keys: where the measure is by sensor or group, the other sensors do
 * not make a day observed. */
void summary_observed_keys(const struct summary *summary, const struct measure_counts *measure,
                           char *const *keys, bool negated, bool *observed);

/* What several rows count together: daily[day_count], and the quarter's total. `keys` NULL-terminated;
 * negated: every row but these. Exact: sets are united, not added. */
void summary_united(const struct summary *summary, const struct measure_counts *measure, char *const *keys,
                    bool negated, uint64_t *daily, uint64_t *total);
/* The whole measure, all rows together (distinct sources: united). */
uint64_t measure_counts_total(const struct summary *summary, const struct measure_counts *measure);

#endif
