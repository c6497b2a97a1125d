/* sensor_table.h - which sensor an address belongs to on a local day of an edition.
 *
 *     struct sensor_table *table = sensor_table_new(&publication.sensors, &edition);
 *     sensor_table_find_ipv4(table, 0xc0000201, 0)                // the sensor in force on the first day, or
 * -1
 *
 * The longest prefix that holds the address and is in force on that day decides (since and until are
 * inclusive local dates).
 */
#ifndef TEITEN_AGGREGATE_SENSOR_TABLE_H
#define TEITEN_AGGREGATE_SENSOR_TABLE_H

#include <stdint.h>

#include "publication/edition.h"
#include "publication/sensor.h"

struct sensor_table;

struct sensor_table *sensor_table_new(const struct sensor_list *list, const struct edition *edition);
void sensor_table_free(struct sensor_table *table);
/* Index of the sensor in the list, or -1. `day` counts from 0, the first day of the edition; addresses in
 * host and network byte order. */
int sensor_table_find_ipv4(const struct sensor_table *table, uint32_t address, int day);
int sensor_table_find_ipv6(const struct sensor_table *table, const uint8_t address[16], int day);

#endif
