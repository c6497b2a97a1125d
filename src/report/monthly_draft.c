#include "report/monthly_draft.h"

#include "report/draft.h"
#include "report/phrase.h"

/* "国内" in the language's quotation marks. Owned by the caller. */
static char *quoted(const struct context *context, const char *label)
{
    return wording_text(context->wording, "series-quoted", "label", label, NULL);
}

/* " 国内 120.5 130.2 -": the months of one series. */
static void values_append(GString *inputs, const char *label, const double *values, const bool *observed,
                          int count)
{
    g_string_append_printf(inputs, " %s", label);
    for (int month = 0; month < count; month++) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_string_append_printf(inputs, " %s",
                               observed[month] ? g_ascii_formatd(number, sizeof number, "%.1f", values[month])
                                               : "-");
    }
}

/* ---- one side against the other ---- */

/* The months in which the series is the larger one, as a list; NULL when there are none. */
static char *months_larger(const struct context *context, const struct chart_spec *chart, size_t series,
                           int *count)
{
    const struct chart_series *own = &chart->series[series], *other = &chart->series[1 - series];
    GPtrArray *months = g_ptr_array_new();
    for (int month = 0; month < chart->day_count; month++)
        if (own->values[month] > other->values[month])
            g_ptr_array_add(months, chart->columns[month]);
    *count = (int)months->len;
    GString *list = g_string_new(NULL);
    phrase_append_list(context->wording, list, months);
    g_ptr_array_unref(months);
    return g_string_free(list, FALSE);
}

static char *sides_text(const struct context *context, const struct chart_spec *chart)
{
    int counts[2];
    char *months[2] = {months_larger(context, chart, 0, &counts[0]),
                       months_larger(context, chart, 1, &counts[1])};
    char *labels[2] = {quoted(context, chart->series[0].label), quoted(context, chart->series[1].label)};
    char *text = NULL;
    if (counts[0] == chart->day_count || counts[1] == chart->day_count) {
        int larger = counts[1] == chart->day_count;
        text = wording_text(context->wording, "side-larger", "label", labels[larger], "other",
                            labels[1 - larger], NULL);
    } else if (counts[0] + counts[1] == chart->day_count) {
        GPtrArray *items = g_ptr_array_new_with_free_func(g_free);
        GString *list = g_string_new(NULL);
        for (int i = 0; i < 2; i++)
            g_ptr_array_add(items, wording_text(context->wording, "side-larger-item", "label", labels[i],
                                                "months", months[i], NULL));
        phrase_append_items(context->wording, list, items);
        text = wording_text(context->wording, "side-larger-by-month", "items", list->str, NULL);
        g_string_free(list, TRUE);
        g_ptr_array_unref(items);
    }
    for (int i = 0; i < 2; i++) {
        g_free(labels[i]);
        g_free(months[i]);
    }
    return text;
}

/* Of two series that were both observed in every month; equal months say nothing. */
static void tell_sides(struct model_draft *draft, const struct context *context, const char *figure,
                       const struct chart_spec *chart)
{
    if (chart->series_count != 2)
        return;
    GString *inputs = g_string_new(figure);
    bool observed = true;
    for (size_t i = 0; i < 2; i++) {
        const struct chart_series *series = &chart->series[i];
        for (int month = 0; month < chart->day_count; month++)
            observed = observed && series->observed[month];
        if (i > 0)
            g_string_append_c(inputs, ';');
        values_append(inputs, series->label, series->values, series->observed, chart->day_count);
    }
    char *text = observed ? sides_text(context, chart) : NULL;
    if (text != NULL)
        draft_add(draft, text, "side-larger", "larger per sensor and day in a month", "%s", inputs->str);
    g_string_free(inputs, TRUE);
}

/* ---- a year before ---- */

static bool is_every_month(const struct chart_series *series, int count, bool above)
{
    for (int month = 0; month < count; month++) {
        if (!series->observed[month] || !series->previous_observed[month])
            return false;
        if (above ? series->values[month] <= series->previous[month]
                  : series->values[month] >= series->previous[month])
            return false;
    }
    return count > 0;
}

static void tell_year(struct model_draft *draft, const struct context *context, const char *figure,
                      const struct chart_spec *chart, bool above)
{
    GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
    GString *inputs = g_string_new(figure);
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct chart_series *series = &chart->series[i];
        if (series->previous == NULL || !is_every_month(series, chart->day_count, above))
            continue;
        if (labels->len > 0)
            g_string_append_c(inputs, ';');
        g_ptr_array_add(labels, quoted(context, series->label));
        values_append(inputs, series->label, series->values, series->observed, chart->day_count);
        values_append(inputs, "year before", series->previous, series->previous_observed, chart->day_count);
    }
    if (labels->len > 0) {
        const char *rule = above ? "year-above" : "year-below";
        GString *list = g_string_new(NULL);
        phrase_append_list(context->wording, list, labels);
        draft_add(draft, wording_text(context->wording, rule, "labels", list->str, NULL), rule,
                  above ? "every month above the same a year before"
                        : "every month below the same a year before",
                  "%s", inputs->str);
        g_string_free(list, TRUE);
    }
    g_string_free(inputs, TRUE);
    g_ptr_array_unref(labels);
}

void monthly_draft(struct model_draft *draft, const struct context *context,
                   const struct figure_definition *definition, const struct chart_spec *chart)
{
    tell_sides(draft, context, definition->id, chart);
    tell_year(draft, context, definition->id, chart, true);
    tell_year(draft, context, definition->id, chart, false);
}
