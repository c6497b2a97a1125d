#include "report/review.h"

#include <math.h>
#include <string.h>

#include "report/availability.h"
#include "report/companion.h"
#include "report/comparison.h"
#include "report/context.h"
#include "report/figure_kind.h"
#include "report/label.h"
#include "report/phrase.h"
#include "report/review_trust.h"
#include "report/series.h"

/* A driver accounts for so much of the difference at least, and for so many times its usual share: what rises
 * with all others drives nothing. Of each grouping not more than so many are told. */
static const double DRIVER_SHARE_MINIMUM = 0.10;
static const double DRIVER_EXCESS = 1.5;
enum { DRIVERS_TOLD = 3 };

/* The groupings that can explain an event, in the order in which they are told. */
static const enum measure_by driver_groupings[] = {BY_SENSOR, BY_PORT, BY_REGION, BY_TOOL, BY_SOURCE_24};

struct building {
    const struct context *context;
    GArray *events; /* struct review_event */
    struct review_trust trust;
    GPtrArray *hints; /* char * */
};

/* ---- what drove an event ---- */

static bool is_trend(enum event_kind kind)
{
    return kind == EVENT_INCREASE || kind == EVENT_DECREASE;
}

/* The days that are compared: those of the event with all others; of a trend the last third with the first.
 */
static void days_mark(const struct event *event, int day_count, bool *inside, bool *outside)
{
    bool trend = is_trend(event->kind);
    for (int day = 0; day < day_count; day++) {
        inside[day] =
            trend ? day >= day_count - day_count / 3 : day >= event->first_day && day <= event->last_day;
        outside[day] = trend ? day < day_count / 3 : !inside[day];
    }
}

/* Means per observed day: inside less outside, and outside. Means add up over the parts of a series. */
struct contrast {
    double difference, usual;
};

static struct contrast contrast_of(const uint64_t *daily, const bool *observed, int day_count,
                                   const bool *inside, const bool *outside)
{
    double sums[2] = {0, 0};
    int days[2] = {0, 0};
    for (int day = 0; day < day_count; day++) {
        if (!observed[day] || (!inside[day] && !outside[day]))
            continue;
        sums[inside[day]] += (double)daily[day];
        days[inside[day]]++;
    }
    double usual = days[0] > 0 ? sums[0] / days[0] : 0;
    return (struct contrast){(days[1] > 0 ? sums[1] / days[1] : 0) - usual, usual};
}

static gint driver_compare(gconstpointer left, gconstpointer right)
{
    const struct review_driver *a = left;
    const struct review_driver *b = right;
    return (a->share < b->share) - (a->share > b->share);
}

static void driver_clear(struct review_driver *driver)
{
    g_free(driver->by);
    g_free(driver->key);
    g_free(driver->label);
}

/* The parts of one grouping that account for the event, largest first, at the end of `drivers`. */
static int drivers_add(GArray *drivers, const struct building *building, const struct companion *companion,
                       enum measure_by by, const char *key, const struct event *event, const bool *observed,
                       struct contrast whole, struct error *err)
{
    const struct summary *summary = building->context->current;
    int day_count = summary->edition.day_count;
    bool *inside = g_new0(bool, (size_t)day_count), *outside = g_new0(bool, (size_t)day_count);
    uint64_t *daily = g_new0(uint64_t, (size_t)day_count);
    GArray *parts = companion_parts(companion, key);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(struct review_driver));
    int status = 0;
    days_mark(event, day_count, inside, outside);
    for (guint i = 0; i < parts->len && status == 0; i++) {
        const struct companion_part *part = &g_array_index(parts, struct companion_part, i);
        summary_row_daily(summary, companion->counts, part->row, daily);
        struct contrast own = contrast_of(daily, observed, day_count, inside, outside);
        double share = own.difference / whole.difference;
        double usual = whole.usual > 0 ? own.usual / whole.usual : 0;
        if (share < DRIVER_SHARE_MINIMUM || share < DRIVER_EXCESS * usual)
            continue;
        GString *label = g_string_new(NULL);
        status = label_append(building->context, by, part->part, label, err);
        struct review_driver driver = {
            .by = g_strdup(measure_by_name(by)),
            .key = g_strdup(part->part),
            .label = g_string_free(label, FALSE),
            .share = share,
        };
        g_array_append_val(found, driver);
    }
    g_array_sort(found, driver_compare); /* stable: equal shares stay in the order of totals and keys */
    for (guint i = 0; i < found->len; i++) {
        struct review_driver *driver = &g_array_index(found, struct review_driver, i);
        if (i < DRIVERS_TOLD)
            g_array_append_val(drivers, *driver);
        else
            driver_clear(driver);
    }
    g_array_unref(found);
    g_array_unref(parts);
    g_free(daily);
    g_free(outside);
    g_free(inside);
    return status;
}

/* A source may be seen by several sensors, at several ports and with several tools: only its region and its
 * block divide sources into parts. */
static bool is_partition(enum measure_count count, enum measure_by by)
{
    return !measure_count_is_distinct(count) || by == BY_REGION || by == BY_SOURCE_24;
}

static int event_drivers(struct review_event *told, const struct building *building,
                         const struct measure_counts *measure, const struct event *event,
                         const uint64_t *daily, const bool *observed, struct error *err)
{
    int day_count = building->context->current->edition.day_count;
    bool *inside = g_new0(bool, (size_t)day_count), *outside = g_new0(bool, (size_t)day_count);
    GArray *drivers = g_array_new(FALSE, FALSE, sizeof(struct review_driver));
    int status = 0;
    days_mark(event, day_count, inside, outside);
    struct contrast whole = contrast_of(daily, observed, day_count, inside, outside);
    for (size_t i = 0; i < G_N_ELEMENTS(driver_groupings) && status == 0 && fabs(whole.difference) > 0; i++) {
        struct companion companion;
        if (is_partition(measure->count, driver_groupings[i]) &&
            companion_by(building->context, building->context->current, measure->id, driver_groupings[i],
                         &companion)) {
            told->is_split = true;
            status = drivers_add(drivers, building, &companion, driver_groupings[i], told->key, event,
                                 observed, whole, err);
        }
    }
    told->driver_count = drivers->len;
    told->drivers = (struct review_driver *)(void *)g_array_free(drivers, FALSE);
    g_free(outside);
    g_free(inside);
    return status;
}

/* ---- events ---- */

static const char *kind_rule(enum event_kind kind)
{
    static const char *const rules[EVENT_KINDS] = {
        [EVENT_RISE] = "event-rise",         [EVENT_PEAK] = "event-peak",
        [EVENT_INCREASE] = "event-increase", [EVENT_DECREASE] = "event-decrease",
        [EVENT_STEP_UP] = "event-step-up",   [EVENT_STEP_DOWN] = "event-step-down",
        [EVENT_WEEKLY] = "event-weekly",     [EVENT_PERIODIC] = "event-periodic",
    };
    return rules[kind];
}

static bool is_rhythm(enum event_kind kind)
{
    return kind == EVENT_WEEKLY || kind == EVENT_PERIODIC;
}

/* "一時的な増加", "4.5日の周期". */
static char *kind_text(const struct context *context, const struct event *event)
{
    if (event->kind != EVENT_PERIODIC)
        return wording_text(context->wording, kind_rule(event->kind), NULL);
    GString *days = g_string_new(NULL);
    phrase_append_decimal(days, event->period_days);
    if (g_str_has_suffix(days->str, ".0"))
        g_string_truncate(days, days->len - strlen(".0"));
    char *text = wording_text(context->wording, kind_rule(event->kind), "days", days->str, NULL);
    g_string_free(days, TRUE);
    return text;
}

/* How far from chance: "12.3σ" over the level, or "p = 0.004", "p < 0.001"; "" where nothing was tested. */
static char *significance_text(const struct event *event)
{
    static const double SMALLEST_P = 0.001;
    GString *text = g_string_new(NULL);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    if (event->kind == EVENT_RISE || event->kind == EVENT_PEAK) {
        phrase_append_decimal(text, event->deviations);
        g_string_append(text, "σ");
    } else if (event->p < SMALLEST_P) {
        g_string_append(text, "p < 0.001");
    } else {
        g_string_append_printf(text, "p = %s", g_ascii_formatd(number, sizeof number, "%.3f", event->p));
    }
    return g_string_free(text, FALSE);
}

/* "×12.3" of the median, or "+45.0%" over the quarter. */
static char *size_text(const struct event *event, double median)
{
    GString *text = g_string_new(NULL);
    if (is_rhythm(event->kind)) {
        phrase_append_decimal(text, event->value * 100);
        g_string_append_c(text, '%');
    } else if (is_trend(event->kind) || event->kind == EVENT_STEP_UP || event->kind == EVENT_STEP_DOWN) {
        g_string_append_c(text, event->value < 0 ? '-' : '+');
        phrase_append_decimal(text, fabs(event->value) * 100);
        g_string_append_c(text, '%');
    } else if (median > 0) {
        g_string_append(text, "×");
        phrase_append_decimal(text, event->value / median);
    }
    return g_string_free(text, FALSE);
}

struct subject {
    const char *place, *key, *label;
    const struct measure_counts *measure;
    const uint64_t *daily;
    const bool *observed;
};

/* What was told of the same series elsewhere: a table and figures may show one measure. */
static bool is_told(const struct building *building, const struct subject *subject, const struct event *event)
{
    struct civil_date first = edition_day(&building->context->current->edition, event->first_day);
    struct civil_date last = edition_day(&building->context->current->edition, event->last_day);
    for (guint i = 0; i < building->events->len; i++) {
        const struct review_event *told = &g_array_index(building->events, struct review_event, i);
        if (told->measure == subject->measure && strcmp(told->key, subject->key) == 0 &&
            told->kind == event->kind && civil_date_compare(told->first, first) == 0 &&
            civil_date_compare(told->last, last) == 0)
            return true;
    }
    return false;
}

static int events_add(struct building *building, const struct subject *subject, const struct event_list *list,
                      struct error *err)
{
    const struct edition *edition = &building->context->current->edition;
    for (size_t i = 0; i < list->event_count; i++) {
        const struct event *event = &list->events[i];
        if (kind_rule(event->kind) == NULL || is_told(building, subject, event))
            continue;
        GString *range = g_string_new(NULL);
        struct review_event told = {
            .place = g_strdup(subject->place),
            .key = g_strdup(subject->key),
            .label = g_strdup(subject->label),
            .measure = subject->measure,
            .kind = event->kind,
            .kind_text = kind_text(building->context, event),
            .first = edition_day(edition, event->first_day),
            .last = edition_day(edition, event->last_day),
            .value = event->value,
            .median = list->median,
            .size = size_text(event, list->median),
            .significance = significance_text(event),
            .threshold = event_threshold(event->kind),
        };
        phrase_append_range_short(building->context->wording, range, told.first, told.last);
        told.range = g_string_free(range, FALSE);
        /* A rhythm has no days that differ from the others. */
        int status = is_rhythm(event->kind) ? 0
                                            : event_drivers(&told, building, subject->measure, event,
                                                            subject->daily, subject->observed, err);
        g_array_append_val(building->events, told);
        if (status != 0)
            return -1;
    }
    return 0;
}

/* ---- tables ---- */

/* The groupings by which this measure could be explained and is not counted: `ports: by="port sensor"`. */
static void hints_add(struct building *building, const struct measure_counts *measure)
{
    struct companion companion;
    if (measure_by_second(measure->by) != BY_NOTHING || measure->by == BY_NOTHING)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(driver_groupings); i++) {
        enum measure_by by = driver_groupings[i];
        if (by == measure->by || by == BY_TOOL || !is_partition(measure->count, by) ||
            companion_by(building->context, building->context->current, measure->id, by, &companion))
            continue;
        char *hint = g_strdup_printf("%s: by=\"%s %s\"", measure->id, measure_by_name(measure->by),
                                     measure_by_name(by));
        if (g_ptr_array_find_with_equal_func(building->hints, hint, g_str_equal, NULL))
            g_free(hint);
        else
            g_ptr_array_add(building->hints, hint);
    }
}

/* The events of one row of a table. */
static int row_add(struct building *building, const struct table_definition *definition,
                   const struct comparison *comparison, size_t index, struct error *err)
{
    const struct context *context = building->context;
    const struct comparison_row *row = &comparison->rows[index];
    int day_count = context->current->edition.day_count;
    uint64_t *daily = g_new0(uint64_t, (size_t)day_count);
    bool *observed = g_new0(bool, (size_t)day_count);
    GString *label = g_string_new(NULL);
    struct event_list events = {0};
    int status = label_append(context, comparison->measure->by, row->key, label, err);
    const struct summary_row *counts = measure_counts_row(comparison->measure, row->key);
    if (status == 0 && counts != NULL) {
        summary_row_daily(context->current, comparison->measure, counts, daily);
        char *keys[] = {(char *)(uintptr_t)row->key, NULL};
        summary_observed_keys(context->current, comparison->measure, keys, false, observed);
        event_list_init(&events, daily, observed, day_count);
        double *exposure = availability_exposure(context->current, comparison->measure, keys, false);
        event_list_confirm(&events, daily, observed, exposure, day_count);
        g_free(exposure);
        struct subject subject = {definition->id, row->key, label->str, comparison->measure, daily, observed};
        status = events_add(building, &subject, &events, err);
    }
    event_list_release(&events);
    g_string_free(label, TRUE);
    g_free(observed);
    g_free(daily);
    return status;
}

static int table_add(struct building *building, const struct table_definition *definition, struct error *err)
{
    const struct context *context = building->context;
    const struct measure_counts *measure = context_measure(context, definition->measure, err);
    if (measure == NULL)
        return -1;
    struct comparison comparison;
    comparison_init(&comparison, measure, definition->top, context->current, context->previous);
    int status = review_trust_add(&building->trust, context, definition, &comparison, err);
    for (size_t i = 0; i < comparison.shown_count && status == 0; i++)
        status = row_add(building, definition, &comparison, i, err);
    hints_add(building, measure);
    comparison_release(&comparison);
    return status;
}

/* Series that no table ranks. */
static int figure_add(struct building *building, const struct figure_definition *definition,
                      struct error *err)
{
    struct series_set set;
    if (definition->table != NULL || figure_kind_is_special(definition->kind))
        return 0;
    if (series_set_init(&set, building->context, definition, NULL, err) != 0)
        return -1;
    int status = 0;
    for (size_t i = 0; i < set.series_count && status == 0; i++) {
        struct subject subject = {definition->id, set.series[i].key,   set.series[i].name,
                                  set.measure,    set.series[i].daily, set.series[i].observed};
        status = events_add(building, &subject, &set.series[i].events, err);
    }
    series_set_release(&set);
    return status;
}

/* ---- the whole ---- */

static int building_run(struct building *building, struct error *err)
{
    const struct publication *publication = building->context->publication;
    for (size_t i = 0; i < publication->table_count; i++)
        if (table_add(building, &publication->tables[i], err) != 0)
            return error_prefix(err, "table %s", publication->tables[i].id);
    for (size_t i = 0; i < publication->figure_count; i++)
        if (figure_add(building, &publication->figures[i], err) != 0)
            return error_prefix(err, "figure %s", publication->figures[i].id);
    return 0;
}

struct review *review_new(const struct publication *publication, const struct model_input *input,
                          const char *language, struct error *err)
{
    struct wording wording = {0};
    if (wording_load_for(&wording, publication, input->edition, language, err) != 0) {
        error_prefix(err, "review");
        return NULL;
    }
    struct context context = {
        .publication = publication,
        .current = input->current,
        .previous = input->previous,
        .year_before = input->year_before,
        .history = input->history,
        .history_count = input->history_count,
        .language = language,
        .wording = &wording,
    };
    struct building building = {
        .context = &context,
        .events = g_array_new(FALSE, FALSE, sizeof(struct review_event)),
        .hints = g_ptr_array_new(),
    };
    review_trust_init(&building.trust);
    int status = building_run(&building, err);
    struct review *review = g_new0(struct review, 1);
    review->event_count = building.events->len;
    review->events = (struct review_event *)(void *)g_array_free(building.events, FALSE);
    review_trust_take(&building.trust, review);
    g_ptr_array_add(building.hints, NULL);
    review->missing_companions = (char **)g_ptr_array_free(building.hints, FALSE);
    wording_release(&wording);
    if (status != 0) {
        error_prefix(err, "review");
        g_clear_pointer(&review, review_free);
    }
    return review;
}

static void event_clear(struct review_event *event)
{
    for (size_t i = 0; i < event->driver_count; i++)
        driver_clear(&event->drivers[i]);
    g_free(event->drivers);
    g_free(event->place);
    g_free(event->key);
    g_free(event->label);
    g_free(event->kind_text);
    g_free(event->range);
    g_free(event->size);
    g_free(event->significance);
}

void review_free(struct review *review)
{
    if (review == NULL)
        return;
    for (size_t i = 0; i < review->event_count; i++)
        event_clear(&review->events[i]);
    review_trust_release(review);
    g_free(review->events);
    g_strfreev(review->missing_companions);
    g_free(review);
}
