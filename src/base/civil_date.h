/* civil_date.h - dates of the civil (proleptic Gregorian) calendar, without time or zone.
 *
 *     struct civil_date d = {2025, 4, 1};
 *     civil_date_add_days(d, 91)               // 2025-07-01
 *     civil_date_weekday(d)                    // 2, a Tuesday
 *
 * Days are counted from 1970-01-01 (day 0), as integers; nothing here ever adds 86,400 seconds.
 */
#ifndef TEITEN_BASE_CIVIL_DATE_H
#define TEITEN_BASE_CIVIL_DATE_H

#include <stdbool.h>
#include <stdint.h>

struct civil_date {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

bool civil_date_is_valid(struct civil_date date);
int64_t civil_date_to_days(struct civil_date date); /* days since 1970-01-01 */
struct civil_date civil_date_from_days(int64_t days);
struct civil_date civil_date_add_days(struct civil_date date, int64_t days);
int civil_date_compare(struct civil_date a, struct civil_date b); /* <0, 0, >0 */
int civil_date_weekday(struct civil_date date);                   /* 0 Sunday to 6 Saturday */
int civil_date_days_in_month(int year, int month);
const char *civil_date_month_short(int month); /* "Jan" to "Dec", in English; static */

/* Reads "2025-04-01" or "20250401", the whole string. False when it is not a valid date. */
bool civil_date_parse(const char *text, struct civil_date *date);

enum { CIVIL_DATE_SIZE = 16 };
/* Writes "2025-04-01" and returns the buffer. */
const char *civil_date_format(struct civil_date date, char buffer[CIVIL_DATE_SIZE]);

#endif
