/* holiday.h - the public holidays of Japan, by rule, 2000 to 2099.
 *
 * Act on National Holidays (昭和23年法律第178号) with its amendments: fixed days, Happy Monday days,
 * equinoxes (from the National Astronomical Observatory's approximation), substitute holidays, the day
 * between two holidays, and the one-off changes of 2019 (enthronement), 2020 and 2021 (Olympic games).
 */
#ifndef TEITEN_PUBLICATION_HOLIDAY_H
#define TEITEN_PUBLICATION_HOLIDAY_H

#include <stdbool.h>

#include "base/civil_date.h"

/* The Japanese name ("昭和の日", "休日" for substitutes), static, or NULL when the date is no public holiday
 * or lies outside 2000-2099. */
const char *holiday_name(struct civil_date date);
/* Saturday, Sunday or, where the region is Japan ("JP"), public holiday: of other regions none are known. */
bool holiday_is_day_off(struct civil_date date, const char *region);
/* Whether the public holidays of the region ("JP") are known. */
bool holiday_knows(const char *region);

#endif
