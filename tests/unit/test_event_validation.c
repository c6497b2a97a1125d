/* Events against series in which they were planted: how many are found, and how many are seen where there are
 * none. Seven families of noise, in each of which all kinds of events are planted, alone, at the quarter's
 * edges and two in one series. Numbers are drawn with a fixed seed: the test gives the same answer
 * everywhere.
 *
 * A quiet quarter: a level between 30 and 3,000,000 a day, a weekly rhythm of up to 30 %, a slow drift within
 * 10 %, multiplicative noise of 3 to 25 % on top of Poisson's, now and then a missing day. What the families
 * change stands in family_draw. Planted events stand out of the noise by so much that an analyst would mark
 * them (strength); in series of a few packets a day, by 40 packets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include "report/event.h"

enum { DAYS = 91, QUIET_QUARTERS = 300, PLANTED_QUARTERS = 150 };
/* The promise: of 10 quiet quarters at most one false alarm, of 100 planted events at most 5 missed. */
enum { ALARMS_PER_100 = 10, FOUND_PER_100 = 95 };

enum family { PLAIN, GAPS, WEEKENDS, NEGATIVE_BINOMIAL, LOGNORMAL, MEMORY, LOW_COUNTS, FAMILIES };

static const char *const family_names[FAMILIES] = {"plain",     "gaps",   "weekends",  "negative binomial",
                                                   "lognormal", "memory", "low counts"};

struct quarter {
    double expected[DAYS];
    double noise;      /* standard deviation of the logarithm */
    double memory;     /* correlation of a day's noise with that of the day before */
    double dispersion; /* shape of a negative binomial; 0: Poisson */
    uint64_t daily[DAYS];
    bool observed[DAYS];
};

/* ---- numbers by chance ---- */

static double normal(GRand *rand)
{
    double u = g_rand_double(rand), v = g_rand_double(rand);
    return sqrt(-2 * log(1 - u)) * cos(2 * G_PI * v);
}

static double between(GRand *rand, double low, double high)
{
    return low + (high - low) * g_rand_double(rand);
}

/* Of that shape (over 1) and scale 1 (G. Marsaglia, W. W. Tsang 2000). */
static double gamma_draw(GRand *rand, double shape)
{
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = normal(rand), v = pow(1 + c * x, 3), u = 1 - g_rand_double(rand);
        if (v > 0 && log(u) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

static uint64_t poisson_draw(GRand *rand, double mean)
{
    enum { NORMAL_FROM = 50 };
    if (mean > NORMAL_FROM)
        return (uint64_t)fmax(mean + sqrt(mean) * normal(rand) + 0.5, 0);
    double limit = exp(-mean), product = 1 - g_rand_double(rand);
    uint64_t count = 0;
    for (; product > limit; count++)
        product *= 1 - g_rand_double(rand);
    return count;
}

/* ---- quiet quarters ---- */

static void family_draw(struct quarter *quarter, enum family family, GRand *rand)
{
    double level = exp(between(rand, log(30), log(3e6)));
    double weekend = between(rand, 0.7, 1.1), drift = between(rand, -0.1, 0.1);
    int first = g_rand_int_range(rand, 0, 7), missing = g_rand_int_range(rand, 0, 4);
    *quarter = (struct quarter){.noise = between(rand, 0.03, 0.25)};
    if (family == WEEKENDS)
        weekend = between(rand, 0.3, 0.6);
    if (family == NEGATIVE_BINOMIAL || family == LOW_COUNTS)
        quarter->noise = 0;
    if (family == NEGATIVE_BINOMIAL)
        quarter->dispersion = between(rand, 5, 20);
    if (family == LOGNORMAL)
        quarter->noise = between(rand, 0.3, 0.45);
    if (family == MEMORY) {
        quarter->memory = between(rand, 0.3, 0.7);
        quarter->noise = between(rand, 0.05, 0.2);
    }
    if (family == LOW_COUNTS)
        level = between(rand, 0.2, 5);
    for (int day = 0; day < DAYS; day++) {
        quarter->expected[day] =
            level * ((day + first) % 7 < 2 ? weekend : 1) * (1 + drift * (day - DAYS / 2) / DAYS);
        quarter->observed[day] = true;
    }
    for (int i = 0; i < missing; i++)
        quarter->observed[g_rand_int_range(rand, 0, DAYS)] = false;
    for (int gap = 0; family == GAPS && gap < 3; gap++) {
        int start = g_rand_int_range(rand, 0, DAYS), length = g_rand_int_range(rand, 2, 11);
        for (int day = start; day < MIN(DAYS, start + length); day++)
            quarter->observed[day] = false;
    }
}

static void quarter_count(struct quarter *quarter, GRand *rand)
{
    double state = normal(rand);
    for (int day = 0; day < DAYS; day++) {
        state = quarter->memory * state + sqrt(1 - quarter->memory * quarter->memory) * normal(rand);
        double mean = quarter->expected[day] * exp(quarter->noise * state);
        if (quarter->dispersion > 0)
            mean *= gamma_draw(rand, quarter->dispersion) / quarter->dispersion;
        quarter->daily[day] = quarter->observed[day] ? poisson_draw(rand, mean) : 0;
    }
}

/* What an analyst is told as an event: rhythms and constancy are no alarms. */
static bool is_alarm(const struct event *event)
{
    return event->kind < EVENT_WEEKLY;
}

static void quiet_quarters_have_hardly_any_events(void **state)
{
    (void)state;
    for (int family = 0; family < FAMILIES; family++) {
        GRand *rand = g_rand_new_with_seed(20250401 + (guint32)family);
        int counts[EVENT_KINDS] = {0}, alarms = 0;
        for (int i = 0; i < QUIET_QUARTERS; i++) {
            struct quarter quarter;
            struct event_list list;
            family_draw(&quarter, (enum family)family, rand);
            quarter_count(&quarter, rand);
            event_list_init(&list, quarter.daily, quarter.observed, DAYS);
            for (size_t k = 0; k < list.event_count; k++) {
                counts[list.events[k].kind]++;
                alarms += is_alarm(&list.events[k]);
            }
            event_list_release(&list);
        }
        g_rand_free(rand);
        print_message(
            "quiet, %s: %d false alarms in %d quarters (rise %d, peak %d, trend %d, step %d; rhythm of "
            "other than 7 days %d)\n",
            family_names[family], alarms, QUIET_QUARTERS, counts[EVENT_RISE], counts[EVENT_PEAK],
            counts[EVENT_INCREASE] + counts[EVENT_DECREASE], counts[EVENT_STEP_UP] + counts[EVENT_STEP_DOWN],
            counts[EVENT_PERIODIC]);
        assert_true(alarms * 100 <= QUIET_QUARTERS * ALARMS_PER_100);
        assert_true(counts[EVENT_PERIODIC] * 100 <= QUIET_QUARTERS * 3);
    }
}

/* ---- planted events ---- */

/* Where and as what it must be found. */
struct planted {
    unsigned kinds; /* bits */
    int first, last;
};

/* One event or two (else kinds is 0). */
typedef void plant(struct quarter *quarter, GRand *rand, struct planted events[2]);

#define KIND(kind) (1u << (kind))

/* By how much more than in quiet noise an event must stand out. */
static double strength(const struct quarter *quarter)
{
    double noise = quarter->dispersion > 0 ? sqrt(1 / quarter->dispersion) : quarter->noise;
    return exp(3 * fmax(noise - 0.25, 0));
}

/* A few packets a day are raised to 40 at least. */
static void scale(struct quarter *quarter, int first, int last, double factor)
{
    enum { TOLD_COUNT = 40, LOW_COUNT = 6 };
    if (quarter->expected[first] < LOW_COUNT)
        factor = fmax(factor, TOLD_COUNT / quarter->expected[first]);
    for (int day = first; day <= MIN(last, DAYS - 1); day++)
        quarter->expected[day] *= factor;
}

/* What was not observed cannot be found. */
static void observe(struct quarter *quarter, int first, int last)
{
    for (int day = first; day <= MIN(last, DAYS - 1); day++)
        quarter->observed[day] = true;
}

static void rise_at(struct quarter *quarter, GRand *rand, int first, int last, struct planted *event)
{
    observe(quarter, first, last);
    scale(quarter, first, last, between(rand, 3, 10));
    *event = (struct planted){KIND(EVENT_RISE), first, MIN(last, DAYS - 1)};
}

static void peak_at(struct quarter *quarter, GRand *rand, int first, int last, struct planted *event)
{
    observe(quarter, first, last);
    scale(quarter, first, last, between(rand, 6, 20) * strength(quarter) * strength(quarter));
    *event = (struct planted){KIND(EVENT_PEAK), first, last};
}

/* Its day may lie in a gap: then it is found at the next observed one. */
static void step_at(struct quarter *quarter, int day, double factor, struct planted *event)
{
    int last = day;
    scale(quarter, day, DAYS - 1, factor);
    while (last < DAYS - 1 && !quarter->observed[last])
        last++;
    *event = (struct planted){KIND(factor > 1 ? EVENT_STEP_UP : EVENT_STEP_DOWN) | KIND(EVENT_RISE), day - 3,
                              MIN(last + 3, DAYS - 1)};
}

static void plant_rise(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    int first = g_rand_int_range(rand, 5, 60);
    rise_at(quarter, rand, first, first + g_rand_int_range(rand, 5, 20), events);
}

static void plant_peak(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    int first = g_rand_int_range(rand, 5, 85);
    peak_at(quarter, rand, first, first + g_rand_int_range(rand, 0, 3), events);
}

static void plant_trend(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    double end = g_rand_boolean(rand) ? strength(quarter) * between(rand, 1.6, 3)
                                      : between(rand, 0.3, 0.6) / strength(quarter);
    if (quarter->expected[0] < 6)
        end = between(rand, 7, 12);
    for (int day = 0; day < DAYS; day++)
        quarter->expected[day] *= pow(end, (double)day / (DAYS - 1));
    events[0] = (struct planted){KIND(EVENT_INCREASE) | KIND(EVENT_DECREASE), 0, DAYS - 1};
}

static void plant_step(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    bool up = g_rand_boolean(rand) || quarter->expected[0] < 6;
    double factor =
        up ? strength(quarter) * between(rand, 1.8, 6) : between(rand, 0.15, 0.55) / strength(quarter);
    step_at(quarter, g_rand_int_range(rand, 20, 70), factor, events);
}

static void plant_rise_at_start(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    rise_at(quarter, rand, 0, g_rand_int_range(rand, 6, 25), events);
    /* For weeks it is a level that fell: found at the first observed day after it. */
    do
        events->last++;
    while (events->last < DAYS - 1 && !quarter->observed[events->last]);
    events->kinds |= KIND(EVENT_STEP_DOWN);
}

static void plant_rise_at_end(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    rise_at(quarter, rand, g_rand_int_range(rand, 65, 85), DAYS - 1, events);
    events->kinds |= KIND(EVENT_STEP_UP);
}

static void plant_two_rises(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    int first = g_rand_int_range(rand, 8, 25), second = g_rand_int_range(rand, 50, 70);
    rise_at(quarter, rand, first, first + g_rand_int_range(rand, 5, 12), &events[0]);
    rise_at(quarter, rand, second, second + g_rand_int_range(rand, 5, 12), &events[1]);
}

static void plant_rise_and_peak(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    int first = g_rand_int_range(rand, 8, 30), day = g_rand_int_range(rand, 50, 85);
    rise_at(quarter, rand, first, first + g_rand_int_range(rand, 5, 12), &events[0]);
    peak_at(quarter, rand, day, day, &events[1]);
}

static void plant_step_and_peak(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    int day = g_rand_int_range(rand, 55, 85);
    step_at(quarter, g_rand_int_range(rand, 25, 45), strength(quarter) * between(rand, 2, 6), &events[0]);
    peak_at(quarter, rand, day, day, &events[1]);
}

static void plant_rise_and_step(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    int first = g_rand_int_range(rand, 8, 20), last = first + g_rand_int_range(rand, 5, 8);
    observe(quarter, first, last + 10); /* that it returns must be seen */
    rise_at(quarter, rand, first, last, &events[1]);
    step_at(quarter, g_rand_int_range(rand, 37, 55), strength(quarter) * between(rand, 2.5, 6), &events[0]);
}

static void plant_trend_and_peak(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    int day = g_rand_int_range(rand, 10, 80);
    plant_trend(quarter, rand, events);
    peak_at(quarter, rand, day, day, &events[1]);
}

static void plant_weekends(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    double factor = between(rand, 0.3, 0.55);
    for (int day = 0; day < DAYS; day++)
        quarter->expected[day] *= day % 7 < 2 ? factor : 1;
    events[0] = (struct planted){KIND(EVENT_WEEKLY), 0, DAYS - 1};
}

/* Every 2 to 8 days but 7: one day in a few, or half of many. */
static void plant_period(struct quarter *quarter, GRand *rand, struct planted events[2])
{
    static const int periods[] = {2, 3, 4, 5, 6, 8};
    int period = periods[g_rand_int_range(rand, 0, G_N_ELEMENTS(periods))],
        shift = g_rand_int_range(rand, 0, period);
    double factor = between(rand, 2, 3) * strength(quarter);
    for (int day = 0; day < DAYS; day++)
        if ((day + shift) % period < (period < 5 ? 1 : period / 2))
            quarter->expected[day] *= factor;
    events[0] = (struct planted){KIND(EVENT_PERIODIC), 0, DAYS - 1};
}

static bool is_found(const struct event_list *list, const struct planted *event)
{
    for (size_t i = 0; i < list->event_count; i++)
        if ((event->kinds >> list->events[i].kind & 1) != 0 && list->events[i].first_day <= event->last &&
            list->events[i].last_day >= event->first)
            return true;
    return event->kinds == 0;
}

/* Alarms that are none of the planted ones, and lie elsewhere or are of another kind. */
static int others_count(const struct event_list *list, const struct planted events[2])
{
    int count = 0;
    for (size_t i = 0; i < list->event_count; i++) {
        struct event_list one = {.events = &list->events[i], .event_count = 1};
        bool planted = is_found(&one, &events[0]) || (events[1].kinds != 0 && is_found(&one, &events[1]));
        count += is_alarm(&list->events[i]) && !planted;
    }
    return count;
}

/* `others_per_100`: how many alarms beside the planted ones are let pass. */
static void assert_recall(plant *planted, const char *name, bool in_low_counts, int others_per_100)
{
    int others = 0, quarters = 0;
    GString *line = g_string_new(NULL);
    for (int family = 0; family < FAMILIES; family++) {
        GRand *rand = g_rand_new_with_seed(20250701 + (guint32)family);
        int found = 0;
        if (family == LOW_COUNTS && !in_low_counts) {
            g_rand_free(rand);
            continue;
        }
        for (int i = 0; i < PLANTED_QUARTERS; i++, quarters++) {
            struct quarter quarter;
            struct planted events[2] = {{0}};
            struct event_list list;
            family_draw(&quarter, (enum family)family, rand);
            planted(&quarter, rand, events);
            quarter_count(&quarter, rand);
            event_list_init(&list, quarter.daily, quarter.observed, DAYS);
            found += is_found(&list, &events[0]) && is_found(&list, &events[1]);
            others += others_count(&list, events);
            event_list_release(&list);
        }
        g_rand_free(rand);
        g_string_append_printf(line, " %s %d", family_names[family], found);
        if (found * 100 < PLANTED_QUARTERS * FOUND_PER_100)
            fail_msg("%s, %s: %d of %d found", name, family_names[family], found, PLANTED_QUARTERS);
    }
    print_message("%s, of %d found:%s; beside them %d in %d quarters\n", name, PLANTED_QUARTERS, line->str,
                  others, quarters);
    g_string_free(line, TRUE);
    assert_true(others * 100 <= quarters * others_per_100);
}

static void planted_rises_are_found(void **state)
{
    (void)state;
    assert_recall(plant_rise, "rise", true, ALARMS_PER_100);
}

static void planted_peaks_are_found(void **state)
{
    (void)state;
    assert_recall(plant_peak, "peak", true, ALARMS_PER_100);
}

/* A trend is no step, and its ends are no rises. */
static void planted_trends_are_found(void **state)
{
    (void)state;
    assert_recall(plant_trend, "trend", true, ALARMS_PER_100);
}

static void planted_steps_are_found(void **state)
{
    (void)state;
    assert_recall(plant_step, "step", true, ALARMS_PER_100);
}

static void rises_at_the_edges_are_found(void **state)
{
    (void)state;
    assert_recall(plant_rise_at_start, "rise from the start", true, ALARMS_PER_100);
    assert_recall(plant_rise_at_end, "rise to the end", true, ALARMS_PER_100);
}

static void two_events_in_one_series_are_both_found(void **state)
{
    (void)state;
    assert_recall(plant_two_rises, "two rises", true, ALARMS_PER_100);
    assert_recall(plant_rise_and_peak, "rise and peak", true, ALARMS_PER_100);
    assert_recall(plant_step_and_peak, "step and peak", true, ALARMS_PER_100);
    assert_recall(plant_rise_and_step, "rise and step", true, ALARMS_PER_100);
    assert_recall(plant_trend_and_peak, "trend and peak", true, ALARMS_PER_100);
}

/* Of a few packets a day no rhythm is told. */
static void planted_rhythms_are_found(void **state)
{
    (void)state;
    assert_recall(plant_weekends, "weekly", false, 2 * ALARMS_PER_100);
    assert_recall(plant_period, "periodic", false, 6 * ALARMS_PER_100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quiet_quarters_have_hardly_any_events),
        cmocka_unit_test(planted_rises_are_found),
        cmocka_unit_test(planted_peaks_are_found),
        cmocka_unit_test(planted_trends_are_found),
        cmocka_unit_test(planted_steps_are_found),
        cmocka_unit_test(rises_at_the_edges_are_found),
        cmocka_unit_test(two_events_in_one_series_are_both_found),
        cmocka_unit_test(planted_rhythms_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
