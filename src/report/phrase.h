/* phrase.h - the small parts of a sentence: dates, ranges of days, lists, counts, changes.
 *
 *     phrase_append_range(&wording, out, first, last);      // 5月7日から9日, 5月30日から6月2日, 5月7日
 *     phrase_append_third(&wording, out, date);             // 6月初め (1 to 10), 中旬, 下旬 (from 21)
 *     phrase_append_change(&wording, out, COUNT_PACKETS, 75000, 73810);     // +1.6%(+1,190件)
 *
 * A change from zero is 新規, none ±0.
 */
#ifndef TEITEN_REPORT_PHRASE_H
#define TEITEN_REPORT_PHRASE_H

#include <glib.h>
#include <stdint.h>

#include "base/civil_date.h"
#include "publication/measure.h"
#include "report/wording.h"

void phrase_append_date(const struct wording *wording, GString *out, struct civil_date date);
/* Both inclusive, first <= last. */
void phrase_append_range(const struct wording *wording, GString *out, struct civil_date first,
                         struct civil_date last);
/* 5月7日頃から9日頃: of a detected range. */
void phrase_append_range_about(const struct wording *wording, GString *out, struct civil_date first,
                               struct civil_date last);
/* 5月7日〜5月9日: in lists. */
void phrase_append_range_short(const struct wording *wording, GString *out, struct civil_date first,
                               struct civil_date last);
void phrase_append_third(const struct wording *wording, GString *out, struct civil_date date);
/* texts: char *. One: itself; two: AとB; more: A、B、C, in English "A, B, and C". */
void phrase_append_list(const struct wording *wording, GString *out, const GPtrArray *texts);
/* Items that are clauses of their own: A、B、C whatever their number; in English as a list. */
void phrase_append_items(const struct wording *wording, GString *out, const GPtrArray *texts);
/* +1.6%(+1,190件), of bytes +1.6%(+1,190バイト). */
void phrase_append_change(const struct wording *wording, GString *out, enum measure_count count_of,
                          uint64_t count, uint64_t previous);
/* An average of packets a sensor and day, 0 or more, to two decimals: "1,234.50"; beyond what a 64-bit number
 * of hundredths holds, as it comes. */
void phrase_append_average(GString *out, double value);
/* The same of averages, the amount to two decimals: +1.6%(+11.90件). Both >= 0. */
void phrase_append_average_change(const struct wording *wording, GString *out, enum measure_count count_of,
                                  double average, double previous);
/* "2番目"; of no rank (0) what the wording has for what is absent. Owned by the caller. */
char *phrase_place(const struct wording *wording, int rank);
/* part / whole as "12.3%", rounded half up, exact for all 64-bit counts; 0.0% of nothing. What is not all is
 * not 100.0% but 99.9%. */
void phrase_append_percent(GString *out, uint64_t part, uint64_t whole);
/* value as "1,234.5": one decimal; "<0.1" for what would round to nothing. value >= 0. */
void phrase_append_decimal(GString *out, double value);
/* A ratio for programs, six decimals whatever the locale. */
void phrase_append_ratio(GString *out, double value);

#endif
