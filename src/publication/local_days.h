/* local_days.h - the local days of an edition as instants: where each begins in a time zone.
 *
 *     struct local_days days;
 *     local_days_init(&days, &edition, "Asia/Tokyo", err);
 *     days.start[0]                // 2025-03-31T15:00:00Z as seconds since 1970
 *     local_days_find(&days, t)    // index of the day that holds second t, or -1
 *
 * Day i is the half-open interval [start[i], start[i + 1]); days of 23 or 25 hours happen where clocks
 * change. The zone's rules come from the system's tz database through GLib; the machine's own zone plays no
 * part.
 */
#ifndef TEITEN_PUBLICATION_LOCAL_DAYS_H
#define TEITEN_PUBLICATION_LOCAL_DAYS_H

#include "publication/edition.h"

enum { EDITION_DAYS_MAX = 92 };

struct local_days {
    int day_count;
    int64_t
        start[EDITION_DAYS_MAX + 1]; /* seconds since 1970-01-01T00:00:00Z; the last is the end, exclusive */
};

int local_days_init(struct local_days *days, const struct edition *edition, const char *time_zone,
                    struct error *err);
int local_days_find(const struct local_days *days, int64_t seconds);

#endif
