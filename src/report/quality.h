/* quality.h - what a reader must know about the data: bins, outages, archives, registries, notes. */
#ifndef TEITEN_REPORT_QUALITY_H
#define TEITEN_REPORT_QUALITY_H

#include <glib.h>
#include <stdint.h>

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

/* The sensor of an outage of all sensors. */
#define QUALITY_ALL_SENSORS SIZE_MAX

/* Days on which a sensor in force delivered nothing, one run after another. */
struct quality_outage {
    size_t sensor;                     /* index into the summary's sensors, or QUALITY_ALL_SENSORS */
    int first, last;                   /* days, inclusive */
    const struct maintenance *planned; /* that covers all of them; NULL: none does */
};
/* Those of all sensors at once first, which are not told again of each; then by sensor; then by day: struct
 * quality_outage. A sensor that was also silent just before or after keeps its whole run; a run of which
 * maintenance covers a part is told in parts. Unref it. */
GArray *quality_outages(const struct publication *publication, const struct summary *summary);
/* The other way round: days on which a sensor delivered although maintenance had it stopped; `planned` is
 * never NULL. By sensor, then by day: struct quality_outage. Unref it. */
GArray *quality_maintenance_missed(const struct publication *publication, const struct summary *summary);
/* What the outage's sensor is called. Owned by the caller. */
char *quality_outage_label(const struct context *context, const struct summary *summary,
                           const struct quality_outage *outage);

#endif
