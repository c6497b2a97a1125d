#include "chart/scale.h"

#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/number.h"

static int check(double value, struct error *err)
{
    if (!isfinite(value) || value < 0 || value > 1e15)
        return error_set(err, ERROR_INPUT, "value %g, expected a number from 0 to 10^15", value);
    return 0;
}

/* Steps as integers times a power of ten, so that 3 * step is exact wherever a double can be. The first step
 * that needs 6 intervals or fewer over the span needs 3 or more: the one before, at least 2/5 of it,
 * needed 7. Only at the smallest step of all can there be fewer. */
static double choose_step(double span, bool whole)
{
    static const double mantissas[] = {1, 2, 5};
    for (int exponent = whole ? 0 : -6; exponent <= 15; exponent++)
        for (size_t i = 0; i < G_N_ELEMENTS(mantissas); i++) {
            double step =
                exponent >= 0 ? mantissas[i] * pow(10, exponent) : mantissas[i] / pow(10, -exponent);
            if (span < 6 * step)
                return step;
        }
    g_assert_not_reached();
}

int scale_choose(struct scale *scale, double largest, bool whole, struct error *err)
{
    return scale_choose_range(scale, 0, largest, largest, whole, err);
}

int scale_choose_range(struct scale *scale, double lowest, double largest, double above, bool whole,
                       struct error *err)
{
    *scale = (struct scale){0};
    if (check(lowest, err) != 0 || check(largest, err) != 0 || check(above, err) != 0)
        return -1;
    /* 6 * 0.05 is a hair above 0.3: data on the end of the scale is told by more than that. */
    double end = fmax(largest, above) * (1 + 1e-12);
    int intervals = 3;
    if (lowest == 0) {
        scale->step = end == 0 ? 1 : choose_step(end, whole);
    } else {
        /* A line that hardly moves keeps a part of its height: steps no smaller than a thousandth of it. */
        scale->step = choose_step(fmax(end - lowest, largest / 1000) * (1 + 1e-12), whole);
        scale->minimum = floor(lowest / scale->step * (1 + 1e-12)) * scale->step;
        if (scale->minimum < scale->step * 1.5)
            return scale_choose_range(scale, 0, largest, above, whole, err);
    }
    while (scale->minimum + intervals * scale->step <= end)
        intervals++;
    scale->tick_count = intervals + 1;
    scale->maximum = scale->minimum + intervals * scale->step;
    return 0;
}

/* The number of a tick is that of its decade, or a third of one. */
static double log_tick(const struct scale *scale, int tick)
{
    static const double mantissas[] = {1, 2, 5};
    int index = tick - (scale->has_zero ? 1 : 0);
    if (index < 0)
        return 0;
    if (scale->mantissas == 3)
        return scale->minimum * pow(10, index / 3) * mantissas[index % 3];
    return scale->minimum * pow(10, index * scale->stride);
}

int scale_choose_log(struct scale *scale, double lowest, double largest, bool has_zero, struct error *err)
{
    enum { FEW_DECADES = 2, MANY_DECADES = 6 };
    *scale = (struct scale){.is_log = true, .has_zero = has_zero, .mantissas = 1, .stride = 1, .minimum = 1};
    if (check(lowest, err) != 0 || check(largest, err) != 0)
        return -1;
    if (lowest > 0)
        scale->minimum = pow(10, floor(log10(lowest) + 1e-12));
    double end = fmax(largest * (1 + 1e-12), scale->minimum);
    double decades = log10(end / scale->minimum);
    if (decades < FEW_DECADES)
        scale->mantissas = 3;
    else if (decades >= MANY_DECADES)
        scale->stride = (int)ceil(decades / MANY_DECADES - 1e-9);
    scale->tick_count = has_zero ? 2 : 1;
    while (log_tick(scale, scale->tick_count - 1) <= end || scale->tick_count < 3)
        scale->tick_count++;
    scale->maximum = log_tick(scale, scale->tick_count - 1);
    scale->step = scale->minimum;
    return 0;
}

double scale_tick(const struct scale *scale, int tick)
{
    return scale->is_log ? log_tick(scale, tick) : scale->minimum + tick * scale->step;
}

double scale_position(const struct scale *scale, double value)
{
    if (!scale->is_log)
        return (value - scale->minimum) / (scale->maximum - scale->minimum);
    double floor_value = scale->has_zero ? scale->minimum / 10 : scale->minimum;
    if (value <= floor_value)
        return 0;
    return log10(value / floor_value) / log10(scale->maximum / floor_value);
}

/* The value, a multiple of the step, with as many decimals as it needs. */
static void append_decimal(GString *out, double value, double step)
{
    uint64_t power = 1;
    int decimals = 0;
    for (double unit = step; decimals < 6 && fabs(unit - round(unit)) > 1e-6 * unit; unit *= 10) {
        decimals++;
        power *= 10;
    }
    uint64_t digits = (uint64_t)llround(value * (double)power);
    for (; decimals > 0 && digits % 10 == 0; decimals--) {
        digits /= 10;
        power /= 10;
    }
    number_append_thousands(out, digits / power);
    if (decimals > 0)
        g_string_append_printf(out, ".%0*" G_GUINT64_FORMAT, decimals, (guint64)(digits % power));
}

char *scale_label(const struct scale *scale, int tick, const char *language)
{
    static const struct {
        double value;
        const char *name;
    } units[] = {{1e12, "兆"}, {1e8, "億"}, {1e4, "万"}};
    double unit = 1, value = scale_tick(scale, tick);
    const char *name = "";
    for (size_t i = 0; strcmp(language, "ja") == 0 && i < G_N_ELEMENTS(units); i++)
        if (scale->is_log ? value >= units[i].value
                          : scale->maximum >= units[i].value && scale->step >= units[i].value / 2) {
            unit = units[i].value;
            name = units[i].name;
            break;
        }
    GString *out = g_string_new(NULL);
    append_decimal(out, value / unit, (scale->is_log ? value : scale->step) / unit);
    if (value > 0)
        g_string_append(out, name);
    return g_string_free(out, FALSE);
}
