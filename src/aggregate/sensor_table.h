/* sensor_table.h - which sensor an address belongs to on a local day of an edition.
 *
 *     struct sensor_table *table = sensor_table_new(&publication.sensors, &edition);
 *     sensor_table_find_ipv4(table, 0xc0000201, 0)      // the sensor in force on the first day, or -1
 *
 * The longest prefix that holds the address and is in force on that day decides (since and until are
 * inclusive local dates).
 */
#ifndef TEITEN_AGGREGATE_SENSOR_TABLE_H
#define TEITEN_AGGREGATE_SENSOR_TABLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "aggregate/address_map.h"
#include "publication/edition.h"
#include "publication/sensor.h"

/* A prefix on the addresses of one piece, into which overlapping prefixes are cut. */
struct sensor_candidate {
    uint32_t sensor;
    int length;
    int first_day, last_day; /* of the edition, both inclusive */
    bool is_last;            /* of its piece */
};

enum { SENSOR_BLOCK_SIZE = 256 };

/* The fields are for sensor_table.c, and for the look-ups below, which every packet takes twice. A place,
 * from 1, is that of a piece's first candidate, the longest prefix; 0: no prefix. */
struct sensor_table {
    /* IPv4: for each /16 the number of a block in `middles`, which has for each /24 that of a block in
     * `lows`, which has for each address its place. Blocks that would be equal are one, if one prefix covers
     * them whole or none touches them; so three loads, without a question, find any address. */
    uint32_t *tops; /* [65536] */
    uint32_t (*middles)[SENSOR_BLOCK_SIZE];
    uint32_t (*lows)[SENSOR_BLOCK_SIZE];
    struct address_map *ipv6;
    GArray *candidates; /* struct sensor_candidate */
    /* One bit for each /16 that holds any prefix. Every packet's source is looked up, too, and nearly always
     * in vain: this stays in the processor's nearest cache. */
    uint8_t occupied[65536 / 8];
};

struct sensor_table *sensor_table_new(const struct sensor_list *list, const struct edition *edition);
void sensor_table_free(struct sensor_table *table);

/* The sensor in force on a day among the candidates from a place on, or -1. */
static inline int sensor_table_choose(const struct sensor_table *table, uint32_t place, int day)
{
    if (place == 0)
        return -1;
    const struct sensor_candidate *candidate =
        &g_array_index(table->candidates, struct sensor_candidate, place - 1);
    while (day < candidate->first_day || day > candidate->last_day) {
        if (candidate->is_last)
            return -1;
        candidate++;
    }
    return (int)candidate->sensor;
}

/* What sensor_table_choose says of every place on one day: [place]; g_free. */
int32_t *sensor_table_in_force(const struct sensor_table *table, int day);

/* Whether the /16 of an address holds no prefix at all. */
static inline bool sensor_table_is_far(const struct sensor_table *table, uint32_t address)
{
    uint32_t high = address >> 16;
    return (table->occupied[high / 8] >> high % 8 & 1) == 0;
}

static inline uint32_t sensor_table_place_ipv4(const struct sensor_table *table, uint32_t address)
{
    uint32_t middle = table->middles[table->tops[address >> 16]][address >> 8 & 0xff];
    return table->lows[middle][address & 0xff];
}

/* Index of the sensor in the list, or -1. `day` counts from 0, the first day of the edition; addresses in
 * host and network byte order. */
static inline int sensor_table_find_ipv4(const struct sensor_table *table, uint32_t address, int day)
{
    if (sensor_table_is_far(table, address))
        return -1;
    return sensor_table_choose(table, sensor_table_place_ipv4(table, address), day);
}

int sensor_table_find_ipv6(const struct sensor_table *table, const uint8_t address[16], int day);

#endif
