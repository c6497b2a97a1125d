/* config_table.h - a CSV file of the publication folder whose columns are fixed: sensors.csv, services.csv,
 * regions.csv.
 *
 *     static const char *const columns[] = {"code", "ja", "en"};
 *     struct csv_table table;
 *     int at[3];
 *     if (config_table_load(&table, path, 3, 3, columns, at, err) != 0) ...
 *     const char *code = csv_table_field(&table, row, at[0]);
 *
 * People write these files by hand, so what is not understood is refused: unknown, missing and repeated
 * columns, records with more or fewer fields than the header, and control characters (they could not be
 * written into a page).
 */
#ifndef TEITEN_PUBLICATION_CONFIG_TABLE_H
#define TEITEN_PUBLICATION_CONFIG_TABLE_H

#include <stddef.h>

#include "base/csv_table.h"
#include "base/error.h"

/* The columns may stand in any order; at[i] is where columns[i] stands. The first `required_count` must be
 * there; of the others at[i] is -1 where they are not, which csv_table_field reads as "". On failure nothing
 * is left to release. */
int config_table_load(struct csv_table *table, const char *path, size_t column_count, size_t required_count,
                      const char *const *columns, int *at, struct error *err);

#endif
