#include "base/civil_date.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static bool year_is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int civil_date_days_in_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    g_assert(month >= 1 && month <= 12);
    return month == 2 && year_is_leap(year) ? 29 : days[month - 1];
}

bool civil_date_is_valid(struct civil_date date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= civil_date_days_in_month(date.year, date.month);
}

/* Years are taken to start in March, so that the leap day is the last of its year and month lengths follow
 * (153 m + 2) / 5; 719468 is the number of days from 0000-03-01 to 1970-01-01. */
int64_t civil_date_to_days(struct civil_date date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil_date civil_date_from_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct civil_date date;
    date.day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    date.month = (int)(month < 10 ? month + 3 : month - 9);
    date.year = (int)(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
    return date;
}

struct civil_date civil_date_add_days(struct civil_date date, int64_t days)
{
    return civil_date_from_days(civil_date_to_days(date) + days);
}

int civil_date_compare(struct civil_date a, struct civil_date b)
{
    int64_t x = civil_date_to_days(a);
    int64_t y = civil_date_to_days(b);
    return (x > y) - (x < y);
}

int civil_date_weekday(struct civil_date date)
{
    int64_t days = civil_date_to_days(date) + 4; /* 1970-01-01 was a Thursday */
    return (int)(((days % 7) + 7) % 7);
}

static bool digits_read(const char **text, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++, (*text)++) {
        if (!g_ascii_isdigit(**text))
            return false;
        *value = *value * 10 + (**text - '0');
    }
    return true;
}

const char *civil_date_month_short(int month)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return names[month - 1];
}

bool civil_date_parse(const char *text, struct civil_date *date)
{
    struct civil_date read;
    if (!digits_read(&text, 4, &read.year))
        return false;
    bool dashes = *text == '-';
    text += dashes ? 1 : 0;
    if (!digits_read(&text, 2, &read.month))
        return false;
    if (dashes && *text++ != '-')
        return false;
    if (!digits_read(&text, 2, &read.day) || *text != '\0' || !civil_date_is_valid(read))
        return false;
    *date = read;
    return true;
}

const char *civil_date_format(struct civil_date date, char buffer[CIVIL_DATE_SIZE])
{
    snprintf(buffer, CIVIL_DATE_SIZE, "%04d-%02d-%02d", date.year % 10000, date.month % 100, date.day % 100);
    return buffer;
}
