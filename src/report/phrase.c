#include "report/phrase.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/number.h"

/* Wide enough for a 64-bit count times 1000. */
__extension__ typedef unsigned __int128 wide_count;

enum { EARLY_LAST_DAY = 10, MIDDLE_LAST_DAY = 20 };

enum { SMALL_NUMBER_SIZE = 16 };

static const char *small_number(int value, char buffer[SMALL_NUMBER_SIZE])
{
    g_snprintf(buffer, SMALL_NUMBER_SIZE, "%d", value);
    return buffer;
}

/* "7" or "July". Owned by the caller. */
static char *month_text(const struct wording *wording, struct civil_date date)
{
    char *rule = g_strdup_printf("month-%d", date.month);
    char *text = wording_text(wording, rule, NULL);
    g_free(rule);
    return text;
}

static char *date_text(const struct wording *wording, struct civil_date date)
{
    char day[SMALL_NUMBER_SIZE];
    char *month = month_text(wording, date);
    char *text = wording_text(wording, "date", "month", month, "day", small_number(date.day, day), NULL);
    g_free(month);
    return text;
}

void phrase_append_date(const struct wording *wording, GString *out, struct civil_date date)
{
    char *text = date_text(wording, date);
    g_string_append(out, text);
    g_free(text);
}

/* month_rule (NULL: none) serves when both days lie in one month. */
static void append_range(const struct wording *wording, GString *out, const char *rule,
                         const char *month_rule, struct civil_date first, struct civil_date last)
{
    if (civil_date_compare(first, last) == 0) {
        phrase_append_date(wording, out, first);
    } else if (month_rule != NULL && first.year == last.year && first.month == last.month) {
        char day[SMALL_NUMBER_SIZE], last_day[SMALL_NUMBER_SIZE];
        char *month = month_text(wording, first);
        wording_append(wording, out, month_rule, "month", month, "first", small_number(first.day, day),
                       "last", small_number(last.day, last_day), NULL);
        g_free(month);
    } else {
        char *first_text = date_text(wording, first);
        char *last_text = date_text(wording, last);
        wording_append(wording, out, rule, "first", first_text, "last", last_text, NULL);
        g_free(first_text);
        g_free(last_text);
    }
}

void phrase_append_range(const struct wording *wording, GString *out, struct civil_date first,
                         struct civil_date last)
{
    append_range(wording, out, "range", "range-month", first, last);
}

void phrase_append_range_about(const struct wording *wording, GString *out, struct civil_date first,
                               struct civil_date last)
{
    append_range(wording, out, "range-about", "range-about-month", first, last);
}

void phrase_append_range_short(const struct wording *wording, GString *out, struct civil_date first,
                               struct civil_date last)
{
    append_range(wording, out, "range-short", NULL, first, last);
}

void phrase_append_third(const struct wording *wording, GString *out, struct civil_date date)
{
    char *month = month_text(wording, date);
    const char *rule = date.day <= EARLY_LAST_DAY    ? "third-early"
                       : date.day <= MIDDLE_LAST_DAY ? "third-middle"
                                                     : "third-late";
    wording_append(wording, out, rule, "month", month, NULL);
    g_free(month);
}

void phrase_append_list(const struct wording *wording, GString *out, const GPtrArray *texts)
{
    if (texts->len == 2) {
        wording_append(wording, out, "list-pair", "first", g_ptr_array_index(texts, 0), "second",
                       g_ptr_array_index(texts, 1), NULL);
        return;
    }
    GString *list = g_string_new(texts->len > 0 ? g_ptr_array_index(texts, 0) : "");
    for (guint i = 1; i + 1 < texts->len; i++) {
        wording_append(wording, list, "list-separator", NULL);
        g_string_append(list, g_ptr_array_index(texts, i));
    }
    if (texts->len > 2)
        wording_append(wording, out, "list-last", "list", list->str, "last",
                       g_ptr_array_index(texts, texts->len - 1), NULL);
    else
        g_string_append(out, list->str);
    g_string_free(list, TRUE);
}

void phrase_append_items(const struct wording *wording, GString *out, const GPtrArray *texts)
{
    if (texts->len == 2)
        wording_append(wording, out, "items-pair", "first", g_ptr_array_index(texts, 0), "second",
                       g_ptr_array_index(texts, 1), NULL);
    else
        phrase_append_list(wording, out, texts);
}

char *phrase_place(const struct wording *wording, int rank)
{
    char *number = g_strdup_printf("%d", rank);
    char *text = rank > 0 ? wording_text(wording, "place", "rank", number, NULL)
                          : wording_text(wording, "absent", NULL);
    g_free(number);
    return text;
}

void phrase_append_percent(GString *out, uint64_t part, uint64_t whole)
{
    wide_count per_mille = whole == 0 ? 0 : ((wide_count)part * 1000 + whole / 2) / whole;
    if (part < whole && per_mille == 1000) /* not quite all of it */
        per_mille = 999;
    wide_count percent = per_mille / 10;
    /* Over 2^64 % only for a change from almost nothing to nearly 2^64: shown as that bound. */
    number_append_thousands(out, percent > UINT64_MAX ? UINT64_MAX : (uint64_t)percent);
    g_string_append_printf(out, ".%d%%", (int)(per_mille % 10));
}

static const char *change_rule(enum measure_count count_of)
{
    return count_of == COUNT_BYTES ? "change-bytes" : "change";
}

void phrase_append_change(const struct wording *wording, GString *out, enum measure_count count_of,
                          uint64_t count, uint64_t previous)
{
    if (count == previous) {
        wording_append(wording, out, "change-none", NULL);
        return;
    }
    if (previous == 0) {
        wording_append(wording, out, "change-new", NULL);
        return;
    }
    const char *sign = count > previous ? "+" : "-";
    uint64_t amount = count > previous ? count - previous : previous - count;
    GString *percent_text = g_string_new(sign);
    GString *amount_text = g_string_new(sign);
    phrase_append_percent(percent_text, amount, previous);
    number_append_thousands(amount_text, amount);
    wording_append(wording, out, change_rule(count_of), "percent", percent_text->str, "amount",
                   amount_text->str, NULL);
    g_string_free(percent_text, TRUE);
    g_string_free(amount_text, TRUE);
}

void phrase_append_average(GString *out, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (value >= 1e15) {
        g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.3g", value));
        return;
    }
    uint64_t hundredths = (uint64_t)llround(value * 100);
    number_append_thousands(out, hundredths / 100);
    g_string_append_printf(out, ".%02" PRIu64, hundredths % 100);
}

/* "1,234.5" */
static void tenths_append(GString *out, double value)
{
    /* Beyond 2^53 a double has no tenths. */
    char digits[G_ASCII_DTOSTR_BUF_SIZE * 2];
    g_ascii_formatd(digits, sizeof digits, "%.1f", value);
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, digits[i]);
    }
    g_string_append(out, digits + whole);
}

void phrase_append_average_change(const struct wording *wording, GString *out, enum measure_count count_of,
                                  double average, double previous)
{
    double amount = fabs(average - previous);
    if (!(amount > 0)) {
        wording_append(wording, out, "change-none", NULL);
        return;
    }
    if (!(previous > 0)) {
        wording_append(wording, out, "change-new", NULL);
        return;
    }
    const char *sign = average > previous ? "+" : "-";
    GString *percent_text = g_string_new(sign);
    GString *amount_text = g_string_new(sign);
    double percent = amount / previous * 100;
    tenths_append(percent_text, amount < previous ? fmin(percent, 99.9) : percent);
    g_string_append_c(percent_text, '%');
    phrase_append_average(amount_text, amount);
    wording_append(wording, out, change_rule(count_of), "percent", percent_text->str, "amount",
                   amount_text->str, NULL);
    g_string_free(percent_text, TRUE);
    g_string_free(amount_text, TRUE);
}

void phrase_append_decimal(GString *out, double value)
{
    if (value > 0 && value < 0.05) {
        g_string_append(out, "<0.1"); /* seen, if rarely: never 0.0 */
        return;
    }
    tenths_append(out, value);
}

void phrase_append_ratio(GString *out, double value)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE * 2];
    g_string_append(out, g_ascii_formatd(digits, sizeof digits, "%.6f", value));
}
