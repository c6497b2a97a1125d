#include "publication/local_days.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS_PER_DAY = 86400, SECONDS_PER_HOUR = 3600 };

/* GLib would take these for something other than the name of a zone: "" for the machine's own, the others for
 * files. */
static GTimeZone *zone_open(const char *name)
{
    if (name[0] == '\0' || name[0] == '/' || name[0] == ':' || strstr(name, "..") != NULL)
        return NULL;
    return g_time_zone_new_identifier(name);
}

/* The first second from `low` on that lies beyond the interval of constant offset `interval`; `high` when
 * there is none before it. Interval numbers grow with universal time, so bisection finds it. */
static int64_t interval_end(GTimeZone *zone, int interval, int64_t low, int64_t high)
{
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, middle) > interval)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The first instant whose local clock shows the date's midnight or later. Where clocks jump over midnight
 * that is the jump itself; where they show it twice, the first time. Offsets are under a day, so both bounds
 * of the search are safe: before `low` the clock cannot have reached midnight, from `high` on it must have
 * passed it. */
static int64_t day_start(GTimeZone *zone, int64_t midnight)
{
    int64_t low = midnight - 2 * SECONDS_PER_DAY;
    int64_t high = midnight + 2 * SECONDS_PER_DAY;
    while (low < high) {
        int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, low);
        int64_t end = interval_end(zone, interval, low, high);
        int64_t start = MAX(low, midnight - g_time_zone_get_offset(zone, interval));
        if (start < end)
            return start;
        low = end;
    }
    return high;
}

int local_days_init(struct local_days *days, const struct edition *edition, const char *time_zone,
                    struct error *err)
{
    g_assert(edition->day_count <= EDITION_DAYS_MAX);
    GTimeZone *zone = zone_open(time_zone);
    if (zone == NULL)
        return error_set(err, ERROR_INPUT,
                         "time zone \"%s\" is unknown, expected a name of the tz database, e.g. Asia/Tokyo",
                         time_zone);
    days->day_count = edition->day_count;
    int64_t first = civil_date_to_days(edition->first);
    for (int i = 0; i <= edition->day_count; i++)
        days->start[i] = day_start(zone, (first + i) * SECONDS_PER_DAY);
    g_time_zone_unref(zone);
    return 0;
}

int local_days_find(const struct local_days *days, int64_t seconds)
{
    if (seconds < days->start[0] || seconds >= days->start[days->day_count])
        return -1;
    int low = 0;
    int high = days->day_count; /* start[low] <= seconds < start[high] */
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (days->start[middle] <= seconds)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int local_days_hour_count(const struct local_days *days, int day)
{
    int64_t seconds = days->start[day + 1] - days->start[day];
    return (int)MIN((seconds + SECONDS_PER_HOUR - 1) / SECONDS_PER_HOUR, DAY_HOURS_MAX);
}

const char *local_hour_text(const struct local_days *days, const char *time_zone, int day, int hour,
                            char text[HOUR_TEXT_SIZE])
{
    int64_t second = days->start[day] + (int64_t)hour * SECONDS_PER_HOUR;
    GTimeZone *zone = zone_open(time_zone);
    g_assert(zone != NULL); /* local_days_init has opened it */
    int offset = g_time_zone_get_offset(zone, g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, second));
    g_time_zone_unref(zone);
    int64_t local = second + offset;
    int64_t date = local / SECONDS_PER_DAY - (local % SECONDS_PER_DAY < 0);
    int clock = (int)(local - date * SECONDS_PER_DAY);
    char date_text[CIVIL_DATE_SIZE];
    civil_date_format(civil_date_from_days(date), date_text);
    int length = snprintf(text, HOUR_TEXT_SIZE, "%sT%02d", date_text, clock / SECONDS_PER_HOUR);
    int minutes = clock / 60 % 60;
    if (minutes != 0)
        length += snprintf(text + length, (size_t)(HOUR_TEXT_SIZE - length), ":%02d", minutes);
    if (days->start[day + 1] - days->start[day] != SECONDS_PER_DAY)
        snprintf(text + length, (size_t)(HOUR_TEXT_SIZE - length), "%c%02d%02d", offset < 0 ? '-' : '+',
                 abs(offset) / SECONDS_PER_HOUR, abs(offset) / 60 % 60);
    return text;
}
