/* difference_notes.h - the part of a difference that is no row of a table: what sensors, registries and
 * definitions have to do with it, in sentences. */
#ifndef TEITEN_REPORT_DIFFERENCE_NOTES_H
#define TEITEN_REPORT_DIFFERENCE_NOTES_H

#include <glib.h>

#include "report/context.h"
#include "report/difference.h"

/* Each adds char * to `notes`; context->previous is the edition compared with. */

/* Sensors that only one edition has, outages of either, and what the log of maintenance says otherwise. */
void difference_notes_coverage(GPtrArray *notes, const struct context *context);
/* Registries of other dates, addresses that moved, and what of the rows' changes comes from that. */
int difference_notes_data(GPtrArray *notes, const struct context *context,
                          const struct registry_effect *effect, const struct difference_row *rows,
                          size_t row_count, struct error *err);
/* Measures that only one edition counted, or with another definition, condition by condition. */
void difference_notes_measures(GPtrArray *notes, const struct context *context);

/* Templates and configuration of which the bytes changed; with `data`, the one that is data. */
void difference_notes_files(GPtrArray *notes, const struct context *context,
                            const struct difference_extra *extra, bool data);

#endif
