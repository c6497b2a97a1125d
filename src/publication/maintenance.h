/* maintenance.h - when sensors were stopped on purpose, as their operators wrote it down.
 *
 *     sensor,from,to,reason,reason_en
 *     jp03,2025-05-07,2025-05-09,機器の交換,Equipment replaced
 *     *,2025-05-25,2025-05-25,回線の工事,Work on the line
 *
 *     struct maintenance_log log;
 *     maintenance_log_load(&log, "maintenance.csv", &sensors, err)
 *     maintenance_log_find(&log, "jp03", day)->reason         // NULL: nothing was planned
 *
 * from and to are local dates, both inclusive; "*" stands for every sensor. Nothing is counted otherwise
 * because of the log: it tells planned stops from others where the report speaks of them.
 */
#ifndef TEITEN_PUBLICATION_MAINTENANCE_H
#define TEITEN_PUBLICATION_MAINTENANCE_H

#include "publication/sensor.h"

struct maintenance {
    char *sensor; /* id; "*": every sensor */
    struct civil_date from, to;
    char *reason;    /* for readers; may be "" */
    char *reason_en; /* for readers of English; likewise */
};

/* All zeros is empty. */
struct maintenance_log {
    struct maintenance *entries; /* in the order of the file */
    size_t entry_count;
};

/* Errors name file and line: a sensor that `sensors` does not hold, a date that is none, an end before its
 * beginning. A log without lines is one of a year without maintenance. */
int maintenance_log_load(struct maintenance_log *log, const char *path, const struct sensor_list *sensors,
                         struct error *err);
void maintenance_log_release(struct maintenance_log *log);
/* The reason for readers of a language, "" where there is none for them. Borrowed. */
const char *maintenance_reason(const struct maintenance *entry, const char *language);
/* The first entry that covers the sensor on that day, or NULL; `sensor` "*": one that covers all of them. */
const struct maintenance *maintenance_log_find(const struct maintenance_log *log, const char *sensor,
                                               struct civil_date day);

#endif
