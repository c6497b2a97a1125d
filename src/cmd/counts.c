/* teiten counts MEASURE EDITION: every number behind a measure, as CSV: where a printed number comes from. */
#include <stdio.h>

#include "base/csv_table.h"
#include "base/number.h"
#include "cmd/command.h"
#include "publication/local_days.h"

/* A day or an hour that has lines. */
struct line_time {
    int day;
    size_t place; /* among the counts of a row */
    char text[HOUR_TEXT_SIZE];
};

struct rows {
    const struct summary *summary;
    const struct measure_counts *measure;
    GArray *times;                   /* struct line_time */
    bool observed[EDITION_DAYS_MAX]; /* for the row at hand */
    uint64_t *counts;                /* of the row at hand, by day or by hour */
    GString *key;                    /* ",KEY," of the row at hand */
    GString *out;
};

static void day_add(struct rows *rows, int day)
{
    struct line_time time = {.day = day, .place = (size_t)day};
    civil_date_format(edition_day(&rows->summary->edition, day), time.text);
    g_array_append_val(rows->times, time);
}

static void hours_add(struct rows *rows, const struct local_days *days, int day)
{
    for (int hour = 0; hour < local_days_hour_count(days, day); hour++) {
        struct line_time time = {.day = day, .place = (size_t)(day * DAY_HOURS_MAX + hour)};
        local_hour_text(days, rows->summary->time_zone, day, hour, time.text);
        g_array_append_val(rows->times, time);
    }
}

/* Days on which no sensor of the measure delivered have no line. */
static int times_find(struct rows *rows, struct error *err)
{
    struct local_days days;
    bool *observed = rows->observed;
    if (local_days_init(&days, &rows->summary->edition, rows->summary->time_zone, err) != 0)
        return -1;
    summary_observed(rows->summary, rows->measure, observed);
    for (int day = 0; day < rows->summary->edition.day_count; day++)
        if (observed[day] && rows->measure->per == PER_HOUR)
            hours_add(rows, &days, day);
        else if (observed[day])
            day_add(rows, day);
    return 0;
}

static void line_print(struct rows *rows, const char *time, uint64_t count)
{
    g_string_append(rows->out, time);
    g_string_append_len(rows->out, rows->key->str, (gssize)rows->key->len);
    number_append(rows->out, count);
    g_string_append_c(rows->out, '\n');
}

/* Of a key that names a sensor or a group, days on which that one delivered nothing have none either. */
static void row_observe(struct rows *rows, const struct summary_row *row)
{
    enum measure_by by = rows->measure->by;
    char *keys[] = {(char *)(uintptr_t)row->key, NULL};
    if (measure_by_holds(by, BY_SENSOR) || measure_by_holds(by, BY_GROUP))
        summary_observed_keys(rows->summary, rows->measure, keys, false, rows->observed);
}

/* A key that was not seen on a day has 0. */
static void row_print(struct rows *rows, const struct summary_row *row)
{
    row_observe(rows, row);
    if (rows->measure->per == PER_HOUR)
        summary_row_hourly(rows->summary, rows->measure, row, rows->counts);
    else
        summary_row_daily(rows->summary, rows->measure, row, rows->counts);
    g_string_assign(rows->key, ",");
    csv_row_append(rows->key, 1, &row->key);
    rows->key->str[rows->key->len - 1] = ','; /* for the line's end */
    for (guint i = 0; i < rows->times->len; i++) {
        const struct line_time *time = &g_array_index(rows->times, struct line_time, i);
        if (rows->observed[time->day])
            line_print(rows, time->text, rows->counts[time->place]);
    }
    line_print(rows, "total", row->total);
}

static int counts_print(const struct summary *summary, const struct measure_counts *measure,
                        struct error *err)
{
    enum { BLOCK_SIZE = 65536 };
    struct rows rows = {
        .summary = summary,
        .measure = measure,
        .times = g_array_new(FALSE, FALSE, sizeof(struct line_time)),
        .counts = g_new(uint64_t, EDITION_DAYS_MAX * DAY_HOURS_MAX),
        .key = g_string_new(NULL),
        .out = g_string_new("date,key,count\n"),
    };
    int result = times_find(&rows, err);
    for (size_t i = 0; result == 0 && i < measure->row_count; i++) {
        row_print(&rows, &measure->rows[i]);
        if (rows.out->len > BLOCK_SIZE) {
            fwrite(rows.out->str, 1, rows.out->len, stdout);
            g_string_truncate(rows.out, 0);
        }
    }
    if (result == 0)
        fwrite(rows.out->str, 1, rows.out->len, stdout);
    g_array_unref(rows.times);
    g_free(rows.counts);
    g_string_free(rows.key, TRUE);
    g_string_free(rows.out, TRUE);
    return result;
}

int cmd_counts(struct invocation *invocation, struct error *err)
{
    const char *id = invocation->arguments[0];
    struct publication publication = {0};
    struct edition edition;
    struct summary *summary = NULL;
    int result = -1;

    if (command_load(invocation, invocation->arguments[1], &publication, &edition, err) != 0 ||
        command_id_check("counts", &publication, COMMAND_MEASURE, id, err) != 0)
        goto done;
    summary = command_summary(invocation, &publication, &edition, (const char *const[]){id, NULL}, true, err);
    if (summary == NULL)
        goto done;
    const struct measure_counts *measure = summary_measure(summary, id);
    if (measure == NULL) {
        error_set(err, ERROR_INPUT,
                  "counts: %s: the summary of %s does not hold it, expected a summary counted with this "
                  "publication.xml",
                  id, edition.name);
        goto done;
    }
    result = counts_print(summary, measure, err);
done:
    g_clear_pointer(&summary, summary_free);
    publication_release(&publication);
    return result;
}
