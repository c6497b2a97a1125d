/* sensor.h - the sensors of a publication, from sensors.csv.
 *
 *     id,prefix,region,group,label,since,until
 *     jp01,192.0.2.0/28,JP,domestic,東日本1,2023-04-01,
 *
 * A sensor is an id; it may have several lines (several prefixes, or the same prefix at different times).
 * since and until are local dates, both inclusive; empty means open. Two lines whose prefixes overlap while
 * both are in force are refused with both line numbers. Lines of one id must agree in region, group and
 * label.
 */
#ifndef TEITEN_PUBLICATION_SENSOR_H
#define TEITEN_PUBLICATION_SENSOR_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/civil_date.h"
#include "base/error.h"
#include "publication/prefix.h"

struct sensor {
    char *id;            /* letters, digits, '-', '_', '.' */
    char *region;        /* two capital letters */
    char *group;         /* e.g. "domestic", "overseas" */
    char *label;         /* for readers */
    char *label_en;      /* for readers of English; "" or NULL: the id */
    size_t first_prefix; /* its prefixes are a chain, in the order of the list */
};

struct sensor_prefix {
    size_t sensor;      /* index into sensors */
    size_t next_prefix; /* of the same sensor; SIZE_MAX: none */
    struct prefix range;
    struct civil_date since; /* inclusive; 0001-01-01 when open */
    struct civil_date until; /* inclusive; 9999-12-31 when open */
    size_t line;             /* of sensors.csv */
};

struct sensor_list {
    struct sensor *sensors;         /* sorted by id; an index here is the sensor's number everywhere */
    size_t sensor_count;            /* at most 65534 */
    struct sensor_prefix *prefixes; /* sorted by family, address, length, since */
    size_t prefix_count;
};

int sensor_list_load(struct sensor_list *list, const char *path, struct error *err);
void sensor_list_release(struct sensor_list *list);
/* Index of a sensor by id, or -1. */
int sensor_list_find(const struct sensor_list *list, const char *id);
/* Whether the sensor has a prefix in force on that local day. */
bool sensor_list_is_active(const struct sensor_list *list, size_t sensor, struct civil_date day);

#endif
