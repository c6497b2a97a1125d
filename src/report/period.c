#include "report/period.h"

#include <string.h>

#include "report/phrase.h"

char *period_of_edition(const struct context *context, const struct edition *edition)
{
    GString *out = g_string_new(NULL);
    edition_period_append(edition, context->language, out);
    return g_string_free(out, FALSE);
}

char *period_short(const struct context *context, const struct edition *edition)
{
    if (strcmp(context->language, "ja") == 0)
        return period_of_edition(context, edition);
    const char *first = civil_date_month_short(edition->first.month);
    const char *last = civil_date_month_short(edition->last.month);
    if (edition->first.year == edition->last.year)
        return g_strdup_printf("%s\u2013%s %d", first, last, edition->last.year);
    return g_strdup_printf("%s %d\u2013%s %d", first, edition->first.year, last, edition->last.year);
}

static char *date_text(const struct context *context, struct civil_date date)
{
    GString *out = g_string_new(NULL);
    edition_date_append(date, context->language, out);
    return g_string_free(out, FALSE);
}

char *period_text(const struct context *context, struct civil_date first, struct civil_date last)
{
    if (first.day == 1 && last.day == civil_date_days_in_month(last.year, last.month)) {
        struct edition months = {.first = first, .last = last};
        return period_of_edition(context, &months);
    }
    if (civil_date_compare(first, last) == 0)
        return date_text(context, first);
    GString *out = g_string_new(NULL);
    bool japanese = strcmp(context->language, "ja") == 0;
    if (first.year != last.year) {
        char *begin = date_text(context, first), *end = date_text(context, last);
        wording_append(context->wording, out, "range-short", "first", begin, "last", end, NULL);
        g_free(begin);
        g_free(end);
        return g_string_free(out, FALSE);
    }
    if (japanese)
        g_string_append_printf(out, "%d年", first.year);
    phrase_append_range_short(context->wording, out, first, last);
    if (!japanese)
        g_string_append_printf(out, ", %d", last.year);
    return g_string_free(out, FALSE);
}

char *period_beside_label(const struct context *context, const struct edition *edition,
                          enum figure_against against, const char *period)
{
    const char *rule = against == AGAINST_YEAR_BEFORE ? "year-before-label"
                       : edition->quarter_count > 1   ? "before-label"
                                                      : "previous-label";
    return wording_text(context->wording, rule, "period", period, NULL);
}
