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

/* So many hours of a day are told apart: clocks go back by an hour, rarely by half an hour or two. Where they
 * went back by more, as at Casey in Antarctica (27 hours on 2018-03-11), the last hour takes what is left. */
enum { EDITION_DAYS_MAX = 92, DAY_HOURS_MAX = 26, HOUR_TEXT_SIZE = 32 };

struct local_days {
    int day_count;
    /* Seconds since 1970-01-01T00:00:00Z; the last is the end, exclusive. */
    int64_t start[EDITION_DAYS_MAX + 1];
};

int local_days_init(struct local_days *days, const struct edition *edition, const char *time_zone,
                    struct error *err);
int local_days_find(const struct local_days *days, int64_t seconds);

/* Hours of a day are counted from its beginning: hour h of day d holds the seconds from start[d] + 3600 h on.
 * A day on which clocks change has 23 or 25 of them (or a part of one more). */
int local_days_hour_count(const struct local_days *days, int day);
/* The hour of a second that lies in that day. */
static inline int local_days_hour(const struct local_days *days, int day, int64_t seconds)
{
    int64_t hour = (seconds - days->start[day]) / 3600;
    return hour < DAY_HOURS_MAX ? (int)hour : DAY_HOURS_MAX - 1;
}
/* The local time at which an hour begins: "2025-04-01T13"; on a day of other than 24 hours with the offset,
 * since one clock time may come twice ("2025-10-26T02+0200", "2025-10-26T02+0100"), and everywhere with the
 * minutes if they are not 00 ("2025-04-06T02:30+1030"). */
const char *local_hour_text(const struct local_days *days, const char *time_zone, int day, int hour,
                            char text[HOUR_TEXT_SIZE]);

#endif
