#include "chart/scale.h"

#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/number.h"

/* Steps as integers times a power of ten, so that 3 * step is exact wherever a double can be. */
int scale_choose(struct scale *scale, double largest, bool whole, struct error *err)
{
    if (!isfinite(largest) || largest < 0 || largest > 1e15)
        return error_set(err, ERROR_INPUT, "value %g, expected a number from 0 to 10^15", largest);
    static const double mantissas[] = {1, 2, 5};
    /* 6 * 0.05 is a hair above 0.3: data on the end of the scale is told by more than that. */
    double above = largest * (1 + 1e-12);
    double step = 1;
    int intervals = 3;
    bool found = false;
    for (int exponent = whole ? 0 : -6; exponent <= 15 && !found; exponent++) {
        for (size_t i = 0; i < G_N_ELEMENTS(mantissas) && !found; i++) {
            step = exponent >= 0 ? mantissas[i] * pow(10, exponent) : mantissas[i] / pow(10, -exponent);
            /* The first step that needs 6 intervals or fewer needs 3 or more: the one before, at least 2/5 of
             * it, needed 7. Only at the smallest step of all can there be fewer. */
            found = above < 6 * step;
        }
    }
    g_assert(found);
    if (largest == 0)
        step = 1;
    while (intervals * step <= above)
        intervals++;
    scale->step = step;
    scale->tick_count = intervals + 1;
    scale->maximum = intervals * step;
    return 0;
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
    double unit = 1;
    const char *name = "";
    for (size_t i = 0; strcmp(language, "ja") == 0 && i < G_N_ELEMENTS(units); i++)
        if (scale->maximum >= units[i].value && scale->step >= units[i].value / 2) {
            unit = units[i].value;
            name = units[i].name;
            break;
        }
    GString *out = g_string_new(NULL);
    append_decimal(out, tick * scale->step / unit, scale->step / unit);
    if (tick != 0)
        g_string_append(out, name);
    return g_string_free(out, FALSE);
}
