#include "publication/edition.h"

#include <stdio.h>
#include <string.h>

/* Captures carry times since 1970; the upper bound only keeps arithmetic far from the end of the calendar. */
enum { YEAR_FIRST = 1971, YEAR_LAST = 2999 };

/* The month of a calendar counted in months from January of year 0. */
static struct civil_date month_first(int month_number)
{
    struct civil_date date = {month_number / 12, month_number % 12 + 1, 1};
    return date;
}

static struct edition edition_of(int fiscal_year, int quarter, int fiscal_start_month)
{
    struct edition edition;
    memset(&edition, 0, sizeof edition);
    int month_number = fiscal_year * 12 + (fiscal_start_month - 1) + (quarter - 1) * 3;
    edition.fiscal_year = fiscal_year;
    edition.quarter = quarter;
    edition.fiscal_start_month = fiscal_start_month;
    edition.first = month_first(month_number);
    edition.last = civil_date_add_days(month_first(month_number + 3), -1);
    edition.day_count = (int)(civil_date_to_days(edition.last) - civil_date_to_days(edition.first)) + 1;
    edition.quarter_count = 1;
    snprintf(edition.name, sizeof edition.name, "%04dq%d", fiscal_year % 10000, quarter % 10);
    return edition;
}

/* Quarters since the first of fiscal year 0. */
static int quarter_number(const struct edition *edition)
{
    return edition->fiscal_year * 4 + edition->quarter - 1;
}

/* The same number of quarters, so many later. */
static struct edition shifted(const struct edition *edition, int quarters)
{
    int number = quarter_number(edition) + quarters;
    struct edition first = edition_of(number / 4, number % 4 + 1, edition->fiscal_start_month);
    if (edition->quarter_count == 1)
        return first;
    number += edition->quarter_count - 1;
    struct edition last = edition_of(number / 4, number % 4 + 1, edition->fiscal_start_month);
    return edition_span(&first, &last);
}

struct edition edition_span(const struct edition *first, const struct edition *last)
{
    int count = edition_distance(first, last) + last->quarter_count;
    g_assert(first->fiscal_start_month == last->fiscal_start_month && count >= 1 &&
             count <= EDITION_SPAN_MAX);
    if (count == 1)
        return *first;
    struct edition span = *first;
    struct edition end = edition_quarter(last, last->quarter_count - 1);
    span.last = end.last;
    span.day_count = (int)(civil_date_to_days(span.last) - civil_date_to_days(span.first)) + 1;
    span.quarter_count = count;
    snprintf(span.name, sizeof span.name, "%04dq%d-%04dq%d", first->fiscal_year % 10000, first->quarter % 10,
             end.fiscal_year % 10000, end.quarter % 10);
    return span;
}

int edition_of_date(struct civil_date date, int fiscal_start_month, struct edition *edition,
                    struct error *err)
{
    char text[CIVIL_DATE_SIZE];
    int months = date.year * 12 + date.month - fiscal_start_month;
    if (months / 12 < YEAR_FIRST || months / 12 > YEAR_LAST)
        return error_set(err, ERROR_USAGE, "%s lies in no edition, expected a year from %d to %d",
                         civil_date_format(date, text), YEAR_FIRST, YEAR_LAST);
    *edition = edition_of(months / 12, months % 12 / 3 + 1, fiscal_start_month);
    return 0;
}

struct edition edition_quarter(const struct edition *span, int index)
{
    g_assert(index >= 0 && index < span->quarter_count);
    int number = quarter_number(span) + index;
    return edition_of(number / 4, number % 4 + 1, span->fiscal_start_month);
}

int edition_distance(const struct edition *first, const struct edition *second)
{
    return quarter_number(second) - quarter_number(first);
}

int edition_parse(const char *name, int fiscal_start_month, struct edition *edition, struct error *err)
{
    g_assert(fiscal_start_month >= 1 && fiscal_start_month <= 12);
    bool well_formed = strlen(name) == 6 && name[4] == 'q' && name[5] >= '1' && name[5] <= '4';
    int year = 0;
    for (int i = 0; well_formed && i < 4; i++) {
        well_formed = g_ascii_isdigit(name[i]);
        year = year * 10 + (name[i] - '0');
    }
    if (!well_formed)
        return error_set(err, ERROR_USAGE,
                         "edition \"%s\" is not known, expected YYYYqN with N from 1 to 4, e.g. 2025q1",
                         name);
    if (year < YEAR_FIRST || year > YEAR_LAST)
        return error_set(err, ERROR_USAGE, "edition \"%s\" is not known, expected a year from %d to %d", name,
                         YEAR_FIRST, YEAR_LAST);
    *edition = edition_of(year, name[5] - '0', fiscal_start_month);
    return 0;
}

struct edition edition_previous(const struct edition *edition)
{
    return shifted(edition, -edition->quarter_count);
}

struct edition edition_next(const struct edition *edition)
{
    return shifted(edition, edition->quarter_count);
}

struct edition edition_year_before(const struct edition *edition)
{
    return shifted(edition, -4);
}

struct civil_date edition_day(const struct edition *edition, int index)
{
    g_assert(index >= 0 && index < edition->day_count);
    return civil_date_add_days(edition->first, index);
}

int edition_day_index(const struct edition *edition, struct civil_date date)
{
    int64_t index = civil_date_to_days(date) - civil_date_to_days(edition->first);
    return index >= 0 && index < edition->day_count ? (int)index : -1;
}

static const char *const months[12] = {"January", "February", "March",     "April",   "May",      "June",
                                       "July",    "August",   "September", "October", "November", "December"};

void edition_date_append(struct civil_date date, const char *language, GString *out)
{
    if (strcmp(language, "ja") == 0)
        g_string_append_printf(out, "%d年%d月%d日", date.year, date.month, date.day);
    else
        g_string_append_printf(out, "%s %d, %d", months[date.month - 1], date.day, date.year);
}

void edition_period_append(const struct edition *edition, const char *language, GString *out)
{
    const struct civil_date *first = &edition->first;
    const struct civil_date *last = &edition->last;
    bool one_year = first->year == last->year;
    bool one_month = one_year && first->month == last->month;
    if (one_month && strcmp(language, "ja") == 0) {
        g_string_append_printf(out, "%d年%d月", first->year, first->month);
        return;
    }
    if (one_month) {
        g_string_append_printf(out, "%s %d", months[first->month - 1], first->year);
        return;
    }
    /* U+301C WAVE DASH, not the U+FF5E that some keyboards give: the two look alike and compare unequal. */
    if (strcmp(language, "ja") == 0 && one_year)
        g_string_append_printf(out, "%d年%d\u301c%d月", first->year, first->month, last->month);
    else if (strcmp(language, "ja") == 0)
        g_string_append_printf(out, "%d年%d月\u301c%d年%d月", first->year, first->month, last->year,
                               last->month);
    else if (one_year)
        g_string_append_printf(out, "%s to %s %d", months[first->month - 1], months[last->month - 1],
                               last->year);
    else
        g_string_append_printf(out, "%s %d to %s %d", months[first->month - 1], first->year,
                               months[last->month - 1], last->year);
}
