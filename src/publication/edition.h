/* edition.h - a quarter by its fiscal name, and the civil dates it consists of.
 *
 *     struct edition e;
 *     edition_parse("2025q1", 4, &e, err);                // fiscal years start in April
 *     e.name, e.day_count                                 // "2025q1", 91: 2025-04-01 .. 2025-06-30
 *     edition_previous(&e)                                // "2024q4": 2025-01-01 .. 2025-03-31
 *     edition_year_before(&e)                             // "2024q1": 2024-04-01 .. 2024-06-30
 *
 * Figures may span several quarters in a row: edition_span(&first, &last) has the name "2024q4-2025q1" and
 * their days.
 *
 * Quarter names are ambiguous to readers, so text always prints months: edition_period_append gives
 * 2025年4〜6月.
 */
#ifndef TEITEN_PUBLICATION_EDITION_H
#define TEITEN_PUBLICATION_EDITION_H

#include <glib.h>

#include "base/civil_date.h"
#include "base/error.h"

struct edition {
    char name[32];           /* "2025q1"; of a span "2024q4-2025q1" */
    int fiscal_year;         /* the civil year in which the fiscal year starts */
    int quarter;             /* 1 to 4 */
    int fiscal_start_month;  /* 1 to 12 */
    struct civil_date first; /* first day, inclusive */
    struct civil_date last;  /* last day, inclusive */
    int day_count;           /* 89 to 92 a quarter */
    int quarter_count;       /* 1; more: a span, which starts with the quarter named above */
};

enum { EDITION_SPAN_MAX = 40 }; /* quarters */

/* Fiscal years 1971 to 2999 are known; any other name is an ERROR_USAGE. */
int edition_parse(const char *name, int fiscal_start_month, struct edition *edition, struct error *err);
/* As many quarters before; of a span, the span that ends where it starts. */
struct edition edition_previous(const struct edition *edition);
struct edition edition_next(const struct edition *edition);
struct edition edition_year_before(const struct edition *edition);
/* From the first quarter of `first` to the last one of `last`: both of one calendar, in this order,
 * EDITION_SPAN_MAX quarters at most. */
struct edition edition_span(const struct edition *first, const struct edition *last);
/* The quarter that a date lies in. Years as for edition_parse, otherwise an ERROR_USAGE. */
int edition_of_date(struct civil_date date, int fiscal_start_month, struct edition *edition,
                    struct error *err);
/* Quarter `index` of a span, 0 the first. */
struct edition edition_quarter(const struct edition *span, int index);
/* Quarters from the start of `first` to that of `second`, negative when that is earlier. */
int edition_distance(const struct edition *first, const struct edition *second);
/* The date as a reader expects it: "2025年4月1日" (ja), "April 1, 2025" (others). */
void edition_date_append(struct civil_date date, const char *language, GString *out);
/* The date of day `index`, 0 the first. */
struct civil_date edition_day(const struct edition *edition, int index);
/* Index of a date in the edition, or -1 when it lies outside. */
int edition_day_index(const struct edition *edition, struct civil_date date);

/* ja: "2025年4〜6月", "2025年11月〜2026年1月"; en: "April to June 2025", "November 2025 to January 2026". */
void edition_period_append(const struct edition *edition, const char *language, GString *out);

#endif
