/* teiten counts MEASURE EDITION: every number behind a measure, as CSV: where a printed number comes from. */
#include <inttypes.h>
#include <stdio.h>

#include "base/csv_table.h"
#include "cmd/command.h"
#include "publication/local_days.h"

static void row_print(GString *out, const char *date, const char *key, uint64_t count)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRIu64, count);
    csv_row_append(out, 3, (const char *const[]){date, key, number});
}

struct rows {
    const struct summary *summary;
    const struct measure_counts *measure;
    struct local_days days; /* of measures per hour */
    bool observed[EDITION_DAYS_MAX];
    uint64_t daily[EDITION_DAYS_MAX];
    uint64_t hourly[EDITION_DAYS_MAX * DAY_HOURS_MAX];
};

static void hours_print(GString *out, struct rows *rows, const struct summary_row *row)
{
    char text[HOUR_TEXT_SIZE];
    summary_row_hourly(rows->summary, rows->measure, row, rows->hourly);
    for (int day = 0; day < rows->summary->edition.day_count; day++)
        for (int hour = 0; rows->observed[day] && hour < local_days_hour_count(&rows->days, day); hour++)
            row_print(out, local_hour_text(&rows->days, rows->summary->time_zone, day, hour, text), row->key,
                      rows->hourly[day * DAY_HOURS_MAX + hour]);
}

static void days_print(GString *out, struct rows *rows, const struct summary_row *row)
{
    char date[CIVIL_DATE_SIZE];
    const struct edition *edition = &rows->summary->edition;
    summary_row_daily(rows->summary, rows->measure, row, rows->daily);
    for (int day = 0; day < edition->day_count; day++)
        if (rows->observed[day])
            row_print(out, civil_date_format(edition_day(edition, day), date), row->key, rows->daily[day]);
}

/* Days on which no sensor of the measure delivered have no line; days on which a key was not seen have 0. */
static int counts_print(const struct summary *summary, const struct measure_counts *measure,
                        struct error *err)
{
    struct rows *rows = g_new0(struct rows, 1);
    rows->summary = summary;
    rows->measure = measure;
    if (local_days_init(&rows->days, &summary->edition, summary->time_zone, err) != 0) {
        g_free(rows);
        return -1;
    }
    GString *out = g_string_new(NULL);
    summary_observed(summary, measure, rows->observed);
    csv_row_append(out, 3, (const char *const[]){"date", "key", "count"});
    for (size_t i = 0; i < measure->row_count; i++) {
        const struct summary_row *row = &measure->rows[i];
        if (measure->per == PER_HOUR)
            hours_print(out, rows, row);
        else
            days_print(out, rows, row);
        row_print(out, "total", row->key, row->total);
        if (out->len > 1 << 16) {
            fputs(out->str, stdout);
            g_string_truncate(out, 0);
        }
    }
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
    g_free(rows);
    return 0;
}

static int measure_known(const struct publication *publication, const char *id, struct error *err)
{
    if (publication_measure(publication, id) != NULL)
        return 0;
    GString *known = g_string_new(NULL);
    for (size_t i = 0; i < publication->measure_count; i++)
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", publication->measures[i].id);
    error_set(err, ERROR_USAGE, "counts: %s: %s defines no such measure, expected one of: %s", id,
              publication->file, known->str);
    g_string_free(known, TRUE);
    return -1;
}

int cmd_counts(struct invocation *invocation, struct error *err)
{
    const char *id = invocation->arguments[0];
    struct publication publication = {0};
    struct edition edition;
    struct summary *summary = NULL;
    int result = -1;

    if (command_load(invocation, invocation->arguments[1], &publication, &edition, err) != 0 ||
        measure_known(&publication, id, err) != 0)
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
