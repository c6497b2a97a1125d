/* section.h - the rows of one measure as bytes, as they stand in files and in memory.
 *
 *     struct section section = {0};
 *     struct section_writer writer;
 *     section_writer_init(&writer, COUNT_PACKETS, &section);
 *     section_writer_row(&writer, key, key_size);         // rows ascending by key (key.h)
 *     section_writer_count(&writer, time, 4711);          // cells ascending by time
 *     section_writer_finish(&writer);
 *
 *     struct section_cursor cursor = section_begin(&section, COUNT_PACKETS, BY_PORT);
 *     struct section_row row;
 *     while (section_next(&cursor, &row)) {
 *         struct section_cells cells = section_cells(&row);
 *         while (section_cells_next(&cells)) ... cells.time, cells.count
 *     }
 *     section_release(&section);
 *
 * A row: its key; number of its cells; where distinct things are counted, how many in all; the cells. A cell:
 * its time since that of the row's cell before (the first: since the start); its count; where distinct things
 * are counted instead of the count the size of their set and the set (source_set.h). A time is the day or, of
 * a measure per hour, 26 times the day plus the hour. Numbers as in octets.h.
 *
 * A hundred thousand rows with a cell for each day of a quarter take twenty megabytes: a reader walks over
 * them, or asks summary.h for an index.
 */
#ifndef TEITEN_SUMMARY_SECTION_H
#define TEITEN_SUMMARY_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/error.h"
#include "publication/measure.h"
#include "summary/octets.h"
#include "summary/source_set.h"

/* All zeros is empty. */
struct section {
    struct octets bytes; /* of `holder`, where there is one: only to be read */
    size_t row_count;
    GBytes *holder; /* a file's bytes, of which these are some; or NULL */
};

void section_release(struct section *section);
/* Another section of the same rows: a reference where there is a holder, else a copy. */
struct section section_copy(const struct section *section);

struct section_writer {
    struct section *section;
    enum measure_count count;
    bool has_row;        /* the row at hand stands in the section from `start` on; */
    size_t start, cells; /* there its cells, one byte behind its key: what comes between is set in the end */
    uint64_t cell_count;
    uint32_t time;     /* of the last of them */
    struct octets set; /* kept from one to the next */
};

/* Appends to the section, which is borrowed until the end. */
void section_writer_init(struct section_writer *writer, enum measure_count count, struct section *section);
/* A row in which nothing is counted until the next is left out. */
void section_writer_row(struct section_writer *writer, const uint8_t *key, size_t key_size);
/* Packets or bytes; 0 is nothing. */
void section_writer_count(struct section_writer *writer, uint32_t time, uint64_t count);
/* Distinct sources, or pairs; borrowed. An empty set is nothing. */
void section_writer_sources(struct section_writer *writer, uint32_t time, const struct source_set *sources);
void section_writer_finish(struct section_writer *writer);

struct section_cursor {
    const uint8_t *at, *end;
    enum measure_count count;
    enum measure_by by;
};

struct section_row {
    const uint8_t *start, *end; /* all of its bytes, the key first */
    size_t key_size;
    uint64_t total; /* over all times; of what is distinct not the sum of the cells */
    uint32_t cell_count;
    const uint8_t *cells;
    enum measure_count count;
};

struct section_cells {
    const uint8_t *at;
    uint32_t left;
    enum measure_count kind;
    uint32_t time;
    uint64_t count;     /* packets, bytes; of what is distinct see section_cells_count */
    const uint8_t *set; /* of what is distinct */
    size_t set_size;
};

struct section_cursor section_begin(const struct section *section, enum measure_count count,
                                    enum measure_by by);
bool section_next(struct section_cursor *cursor, struct section_row *row);
struct section_cells section_cells(const struct section_row *row);
/* The cells of a row whose first cell stands at `cells`. */
struct section_cells section_cells_at(const uint8_t *cells, uint32_t cell_count, enum measure_count count);
bool section_cells_next(struct section_cells *cells);
/* The count of the cell at hand, of what is distinct too. */
uint64_t section_cells_count(const struct section_cells *cells);

/* What bytes from outside must hold to, besides their form. */
struct section_bounds {
    enum measure_count count;
    enum measure_by by;
    uint32_t time_count; /* times lie below it */
    size_t sensor_count; /* and sensors of pairs below this */
    uint64_t packets;    /* of packets no more may be counted in all */
    size_t row_count;    /* just as many rows */
};

/* Whether all of the section's bytes are rows in the one canonical form. */
int section_check(const struct section *section, const struct section_bounds *bounds, struct error *err);

/* Adds up `count` sections of one measure into `out`, which is empty: counts are added, sets united. Any
 * order and any grouping gives the same bytes. */
void section_merge(const struct section *const *sections, size_t count, enum measure_count kind,
                   enum measure_by by, struct section *out);

#endif
