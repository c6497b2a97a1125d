#include "report/availability.h"

#include <math.h>
#include <string.h>

#include "report/statistics.h"

void availability_init(struct availability *availability, const struct summary *summary,
                       const struct measure_counts *measure)
{
    int day_count = summary->edition.day_count;
    availability->day_count = day_count;
    availability->active = g_new0(size_t, (size_t)day_count);
    availability->delivering = g_new0(size_t, (size_t)day_count);
    for (size_t i = 0; i < summary->sensor_count; i++) {
        const struct summary_sensor *sensor = &summary->sensors[i];
        if (measure != NULL && measure->sensors != NULL && !measure->sensors[i])
            continue;
        for (int day = 0; day < day_count; day++) {
            if (!sensor->active[day])
                continue;
            availability->active[day]++;
            if (sensor->packets[day] > 0)
                availability->delivering[day]++;
        }
    }
}

void availability_release(struct availability *availability)
{
    g_clear_pointer(&availability->active, g_free);
    g_clear_pointer(&availability->delivering, g_free);
}

void availability_row_daily(const struct summary *summary, const struct measure_counts *measure,
                            const char *key, size_t *delivering)
{
    memset(delivering, 0, (size_t)summary->edition.day_count * sizeof *delivering);
    for (size_t i = 0; i < summary->sensor_count; i++) {
        const struct summary_sensor *sensor = &summary->sensors[i];
        if ((measure->sensors != NULL && !measure->sensors[i]) ||
            !summary_sensor_serves(sensor, measure->by, key))
            continue;
        for (int day = 0; day < summary->edition.day_count; day++)
            delivering[day] += sensor->active[day] && sensor->packets[day] > 0;
    }
}

uint64_t availability_row_sensor_days(const struct summary *summary, const struct measure_counts *measure,
                                      const char *key)
{
    size_t *delivering = g_new0(size_t, (size_t)summary->edition.day_count);
    uint64_t pairs = 0;
    availability_row_daily(summary, measure, key, delivering);
    for (int day = 0; day < summary->edition.day_count; day++)
        pairs += delivering[day];
    g_free(delivering);
    return pairs;
}

/* The median of the days on which the sensor delivered; 0 when it never did. */
static double usual_packets(const struct summary_sensor *sensor, int day_count)
{
    double *values = g_new(double, (size_t)day_count);
    size_t count = 0;
    for (int day = 0; day < day_count; day++)
        if (sensor->packets[day] > 0)
            values[count++] = (double)sensor->packets[day];
    double usual = count > 0 ? statistics_median(values, count) : 0;
    g_free(values);
    return usual;
}

double *availability_exposure(const struct summary *summary, const struct measure_counts *measure,
                              char *const *keys, bool negated)
{
    int day_count = summary->edition.day_count;
    double *exposure = g_new0(double, (size_t)day_count);
    double most = 0;
    for (size_t i = 0; i < summary->sensor_count; i++) {
        const struct summary_sensor *sensor = &summary->sensors[i];
        if ((measure->sensors != NULL && !measure->sensors[i]) ||
            !summary_sensor_serves_keys(sensor, measure->by, keys, negated))
            continue;
        double usual = usual_packets(sensor, day_count);
        for (int day = 0; day < day_count; day++)
            exposure[day] += sensor->packets[day] > 0 ? usual : 0;
    }
    for (int day = 0; day < day_count; day++)
        most = fmax(most, exposure[day]);
    for (int day = 0; day < day_count && most > 0; day++)
        exposure[day] /= most;
    return exposure;
}

GArray *availability_runs_below(const struct availability *availability, double share)
{
    bool *low = g_new0(bool, (size_t)availability->day_count);
    for (int day = 0; day < availability->day_count; day++)
        low[day] = availability->delivering[day] > 0 &&
                   (double)availability->delivering[day] < share * (double)availability->active[day];
    GArray *runs = day_runs(low, true, availability->day_count);
    g_free(low);
    return runs;
}

GArray *day_runs(const bool *flags, bool value, int day_count)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(struct day_range));
    for (int day = 0; day < day_count; day++) {
        if (flags[day] != value)
            continue;
        if (day > 0 && flags[day - 1] == value) {
            g_array_index(runs, struct day_range, runs->len - 1).last = day;
        } else {
            struct day_range run = {day, day};
            g_array_append_val(runs, run);
        }
    }
    return runs;
}
