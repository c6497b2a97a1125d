/* event.h - what happened in a daily series, by statistics that a few wild or missing days cannot fool.
 *
 *     struct event_list events;
 *     event_list_init(&events, daily, observed, 91);
 *     events.events[0].kind, .first_day, .last_day
 *     event_list_release(&events);
 *
 * Missing days take no part. The rhythm of the week is found first and taken out, so that Sundays are neither
 * dips nor noise. The rules, each with its thresholds as constants in event*.c:
 *
 * - rise: the 7-day median (centred) is over twice the level, for 3 days or more. The level is the quarter's
 *   median, either level of a step, or the line of a trend, whichever fits. A centred median keeps the edges
 *   of a rise of 4 days or more exact and does not see shorter ones.
 * - peak: 1 to 3 days that stand out of their 7-day median by more than 6 robust standard deviations (1.4826
 *   times the median absolute deviation, F. R. Hampel 1974), by 5 of those of the logarithms, whose noise
 *   grows with the level, and by half of it at least.
 * - increase, decrease: Mann-Kendall's test is significant, also when neighbours resemble each other, and
 *   Theil-Sen's line changes by more than 20 %.
 * - step-up, step-down: Pettitt's change point is significant, the medians before and after it differ by
 *   half of the smaller one at least, and two levels fit better than a line.
 * - weekly: the days of the week differ (Kruskal-Wallis) by a fifth of the level at least.
 * - periodic: a period of 2 to 8 days that is not the week's stands out of the Lomb-Scargle periodogram, by
 *   a fifth of the level at least. Its crests are no peaks.
 * - constant: the 7-day medians lie within a quarter of the quarter's median, and nothing else happened.
 *
 * What these find, and how often they are wrong, is measured in tests/unit/test_event_validation.c.
 */
#ifndef TEITEN_REPORT_EVENT_H
#define TEITEN_REPORT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_RISE,
    EVENT_PEAK,
    EVENT_INCREASE,
    EVENT_DECREASE,
    EVENT_STEP_UP,
    EVENT_STEP_DOWN,
    EVENT_WEEKLY,
    EVENT_PERIODIC,
    EVENT_CONSTANT,
    EVENT_KINDS
};

struct event {
    enum event_kind kind;
    int first_day, last_day; /* inclusive; of a step from the first day of the new level to the end; of
                                trends, rhythms and constancy the whole series */
    double value; /* rise, peak: the highest value; increase, decrease, steps: relative change (0.25);
                     rhythms: highest less lowest day, of the level; constant: relative spread */
    /* How far from chance: */
    double deviations;  /* rise, peak: robust standard deviations over the level; else 0 */
    double p;           /* trends, steps, rhythms: the probability of so much without any cause; else 0 */
    double period_days; /* rhythms: 7, 4.5; else 0 */
};

struct event_list {
    struct event *events; /* rises, peaks by day, then at most one trend, step or constancy, then rhythms */
    size_t event_count;
    double median;  /* of the observed days; 0 when there are none */
    size_t dropped; /* by event_list_confirm */
    bool is_short;  /* too few days were observed to find anything */
};

void event_list_init(struct event_list *list, const uint64_t *daily, const bool *observed, int day_count);
/* Drops what the sensors did and not the senders: exposure[day_count] says which part of the usual packets
 * the sensors of a day stand for (report/availability.h). A move stays where it is found both in what was
 * counted and in what all sensors would have counted; constancy and rhythms stay. */
void event_list_confirm(struct event_list *list, const uint64_t *daily, const bool *observed,
                        const double *exposure, int day_count);
void event_list_release(struct event_list *list);
/* "rise", "peak", "increase", "decrease", "step-up", "step-down", "weekly", "periodic", "constant". Static.
 */
const char *event_kind_name(enum event_kind kind);
/* The threshold of a kind, in words for reviewers: "7-day median over 2 x the level (...)". Static. */
const char *event_threshold(enum event_kind kind);

#endif
