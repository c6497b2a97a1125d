/* The Act on National Holidays by its articles. Article 2 lists the holidays (national_day); article 3
 * paragraph 2 gives the substitute for one on a Sunday, paragraph 3 the day between two of them.
 *
 * Approximation: the equinoxes are set each February for the following year by the cabinet from the
 * observatory's almanac; the formula agrees with every date set so far. */
#include "publication/holiday.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static bool year_is_covered(int year)
{
    return year >= 2000 && year <= 2099;
}

/* Day of the month of the n-th Monday. */
static int monday(int year, int month, int n)
{
    int first_weekday = civil_date_weekday((struct civil_date){year, month, 1});
    return 1 + (8 - first_weekday) % 7 + 7 * (n - 1);
}

/* Mean equinox of 1980 plus 0.242194 days a year, less the leap days since; valid 1980 to 2099.
 * `start_millionths`: that of 1980 in millionths of a day of the month. */
static int equinox(int year, int64_t start_millionths)
{
    int64_t years = year - 1980;
    return (int)((start_millionths + 242194 * years) / 1000000 - years / 4);
}

static const char *january_to_april(struct civil_date d)
{
    if (d.month == 1 && d.day == 1)
        return "元日";
    if (d.month == 1 && d.day == monday(d.year, 1, 2))
        return "成人の日";
    if (d.month == 2 && d.day == 11)
        return "建国記念の日";
    if (d.month == 2 && d.day == 23 && d.year >= 2020)
        return "天皇誕生日";
    if (d.month == 3 && d.day == equinox(d.year, 20843100))
        return "春分の日";
    if (d.month == 4 && d.day == 29)
        return d.year >= 2007 ? "昭和の日" : "みどりの日";
    return NULL;
}

/* Marine Day, Mountain Day and Sports Day were moved for the Olympic games of 2020, held in 2021. */
static const char *summer(struct civil_date d)
{
    int marine = d.year < 2003 ? 20 : d.year == 2020 ? 23 : d.year == 2021 ? 22 : monday(d.year, 7, 3);
    int mountain = d.year < 2016 ? 0 : d.year == 2020 ? 10 : d.year == 2021 ? 8 : 11;
    int sports_in_july = d.year == 2020 ? 24 : d.year == 2021 ? 23 : 0;
    if (d.month == 7 && d.day == marine)
        return "海の日";
    if (d.month == 7 && d.day == sports_in_july)
        return "スポーツの日";
    if (d.month == 8 && d.day == mountain)
        return "山の日";
    return NULL;
}

static const char *september_to_december(struct civil_date d)
{
    if (d.month == 9 && d.day == (d.year < 2003 ? 15 : monday(d.year, 9, 3)))
        return "敬老の日";
    if (d.month == 9 && d.day == equinox(d.year, 23248800))
        return "秋分の日";
    if (d.month == 10 && d.day == monday(d.year, 10, 2) && d.year != 2020 && d.year != 2021)
        return d.year >= 2020 ? "スポーツの日" : "体育の日";
    /* Act 99 of 2018: the two days of the enthronement count as national holidays for article 3. */
    if (d.year == 2019 && d.month == 10 && d.day == 22)
        return "即位礼正殿の儀の行われる日";
    if (d.month == 11 && d.day == 3)
        return "文化の日";
    if (d.month == 11 && d.day == 23)
        return "勤労感謝の日";
    if (d.month == 12 && d.day == 23 && d.year <= 2018)
        return "天皇誕生日";
    return NULL;
}

static const char *national_day(struct civil_date d)
{
    if (d.month <= 4)
        return january_to_april(d);
    if (d.month >= 9)
        return september_to_december(d);
    if (d.month >= 7)
        return summer(d);
    if (d.month == 5 && d.day == 1 && d.year == 2019)
        return "天皇の即位の日";
    if (d.month == 5 && d.day == 3)
        return "憲法記念日";
    if (d.month == 5 && d.day == 4 && d.year >= 2007)
        return "みどりの日";
    if (d.month == 5 && d.day == 5)
        return "こどもの日";
    return NULL;
}

/* Until 2006 only the Monday after; since 2007 the first day after the Sunday that is no national holiday. */
static bool is_substitute(struct civil_date date)
{
    struct civil_date before = civil_date_add_days(date, -1);
    if (date.year < 2007)
        return civil_date_weekday(before) == 0 && national_day(before) != NULL;
    for (; national_day(before) != NULL; before = civil_date_add_days(before, -1))
        if (civil_date_weekday(before) == 0)
            return true;
    return false;
}

const char *holiday_name(struct civil_date date)
{
    if (!year_is_covered(date.year))
        return NULL;
    const char *name = national_day(date);
    if (name != NULL)
        return name;
    if (is_substitute(date))
        return "休日";
    /* Until 2006 a Sunday between two holidays stayed a plain Sunday. */
    if (date.year < 2007 && civil_date_weekday(date) == 0)
        return NULL;
    bool between = national_day(civil_date_add_days(date, -1)) != NULL &&
                   national_day(civil_date_add_days(date, 1)) != NULL;
    return between ? "休日" : NULL;
}

bool holiday_knows(const char *region)
{
    return region != NULL && strcmp(region, "JP") == 0;
}

bool holiday_is_day_off(struct civil_date date, const char *region)
{
    int weekday = civil_date_weekday(date);
    return weekday == 0 || weekday == 6 || (holiday_knows(region) && holiday_name(date) != NULL);
}
