/* quality.h - what a reader must know about the data: bins, outages, archives, registries, notes. */
#ifndef TEITEN_REPORT_QUALITY_H
#define TEITEN_REPORT_QUALITY_H

#include <glib.h>

#include "report/comparison.h"
#include "report/context.h"
#include "report/model.h"

/* Fills the model's quality part, except the notes. */
void quality_fill(struct model *model, const struct context *context);
void quality_release(struct model *model);

/* Notes on the whole edition: char * to `notes`. */
void quality_add_notes(GPtrArray *notes, const struct context *context, const struct summary *year_before);
/* Notes on one table: what its ranks leave out, near-ties, what could not be compared. */
void quality_add_table_notes(GPtrArray *notes, const struct context *context, const char *caption,
                             const struct comparison *comparison);
/* Why a table or figure was not compared; nothing when it was. */
void quality_add_comparability_note(GPtrArray *notes, const struct context *context, const char *caption,
                                    enum comparability comparability);
/* Sensors that only one of the two editions has in force. */
void quality_add_sensor_notes(GPtrArray *notes, const struct context *context, const struct summary *other);

/* "APNIC", "RIPE NCC". Owned by the caller. */
char *quality_registry_name(const struct summary_registry *registry);
/* "APNIC 2025-06-30". Owned by the caller. */
char *quality_registry_text(const struct summary_registry *registry);

/* Days on which a sensor in force delivered nothing, one run after another. */
struct quality_outage {
    size_t sensor;   /* index into the summary's sensors */
    int first, last; /* days, inclusive */
};
/* By sensor, then by day: struct quality_outage. Unref it. */
GArray *quality_outages(const struct summary *summary);

#endif
