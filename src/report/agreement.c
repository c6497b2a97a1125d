#include "report/agreement.h"

#include <stdlib.h>
#include <string.h>

#include "report/wording.h"

enum { MONTHS = 12 };

struct side {
    const struct model *model;
    char *months[MONTHS]; /* "January"; NULL where the language writes numbers */
};

static int side_init(struct side *side, const struct publication *publication, const struct edition *edition,
                     const struct model *model, struct error *err)
{
    struct wording wording = {0};
    memset(side, 0, sizeof *side);
    side->model = model;
    if (wording_load_for(&wording, publication, edition, model->language, err) != 0)
        return -1;
    for (int i = 0; i < MONTHS; i++) {
        char *rule = g_strdup_printf("month-%d", i + 1);
        char *name = wording_text(&wording, rule, NULL);
        if (strpbrk(name, "0123456789") == NULL)
            side->months[i] = g_steal_pointer(&name);
        g_free(name);
        g_free(rule);
    }
    wording_release(&wording);
    return 0;
}

static void side_release(struct side *side)
{
    for (int i = 0; i < MONTHS; i++)
        g_free(side->months[i]);
}

/* ---- numbers ---- */

static gint compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Behind the month's name that `text` starts with; NULL: none. The longest name wins. */
static const char *month_end(const char *text, char *const months[MONTHS], int *month)
{
    size_t longest = 0;
    for (int i = 0; i < MONTHS; i++) {
        size_t length = months[i] != NULL ? strlen(months[i]) : 0;
        if (length > longest && strncmp(text, months[i], length) == 0 && !g_ascii_isalpha(text[length])) {
            longest = length;
            *month = i + 1;
        }
    }
    return longest > 0 ? text + longest : NULL;
}

/* "1,234.5%": commas between groups of three digits. */
static const char *number_end(const char *text)
{
    const char *p = text;
    while (g_ascii_isdigit(*p) || (*p == ',' && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]) &&
                                   g_ascii_isdigit(p[3]) && !g_ascii_isdigit(p[4])))
        p++;
    if (*p == '.' && g_ascii_isdigit(p[1]))
        for (p++; g_ascii_isdigit(*p);)
            p++;
    return *p == '%' ? p + 1 : p;
}

char *agreement_numbers(const char *text, char *const months[MONTHS])
{
    GPtrArray *numbers = g_ptr_array_new_with_free_func(g_free);
    for (const char *p = text; *p != '\0';) {
        int month = 0;
        bool starts_word = p == text || !g_ascii_isalpha(p[-1]);
        const char *end = starts_word ? month_end(p, months, &month) : NULL;
        if (end != NULL) {
            g_ptr_array_add(numbers, g_strdup_printf("%d", month));
            p = end;
        } else if (g_ascii_isdigit(*p)) {
            end = number_end(p);
            g_ptr_array_add(numbers, g_strndup(p, (gsize)(end - p)));
            p = end;
        } else {
            p++;
        }
    }
    g_ptr_array_sort(numbers, compare_texts);
    g_ptr_array_add(numbers, NULL);
    char *joined = g_strjoinv(", ", (char **)numbers->pdata);
    g_ptr_array_unref(numbers);
    return joined;
}

/* ---- places ---- */

struct comparing {
    const struct side *first, *other;
    GPtrArray *differences;
};

static const char *shown(const char *numbers)
{
    return *numbers != '\0' ? numbers : "no number";
}

static void numbers_compare(const struct comparing *comparing, const char *place, const char *first,
                            const char *other)
{
    char *a = agreement_numbers(first != NULL ? first : "", comparing->first->months);
    char *b = agreement_numbers(other != NULL ? other : "", comparing->other->months);
    if (strcmp(a, b) != 0)
        g_ptr_array_add(comparing->differences,
                        g_strdup_printf("%s: %s in %s, %s in %s: \"%s\", \"%s\"", place, shown(a),
                                        comparing->first->model->language, shown(b),
                                        comparing->other->model->language, first, other));
    g_free(a);
    g_free(b);
}

static void count_compare(const struct comparing *comparing, const char *what, size_t first, size_t other)
{
    if (first != other)
        g_ptr_array_add(comparing->differences, g_strdup_printf("%s: %zu in %s, %zu in %s", what, first,
                                                                comparing->first->model->language, other,
                                                                comparing->other->model->language));
}

static void table_compare(const struct comparing *comparing, const struct model_table *a,
                          const struct model_table *b)
{
    char *rows = g_strdup_printf("rows of table %s", a->id);
    count_compare(comparing, rows, a->row_count, b->row_count);
    g_free(rows);
    for (size_t row = 0; row < MIN(a->row_count, b->row_count); row++)
        for (size_t column = 0; column < MIN(a->column_count, b->column_count); column++) {
            const struct model_cell *first = &a->rows[row].cells[column];
            const struct model_cell *other = &b->rows[row].cells[column];
            char *place =
                g_strdup_printf("table %s, row %zu, column %s", a->id, row + 1, a->columns[column].name);
            numbers_compare(comparing, place, first->text, other->text);
            if (g_strcmp0(first->value, other->value) != 0)
                g_ptr_array_add(comparing->differences, g_strdup_printf("%s: values \"%s\" and \"%s\"", place,
                                                                        first->value, other->value));
            g_free(place);
        }
}

/* A unit may hold a number in one language and none in another: 1日当たり, per day. */
static char *without_unit(const struct chart_spec *chart)
{
    if (chart->description == NULL || chart->unit == NULL || *chart->unit == '\0')
        return g_strdup(chart->description != NULL ? chart->description : "");
    char **parts = g_strsplit(chart->description, chart->unit, -1);
    char *text = g_strjoinv("", parts);
    g_strfreev(parts);
    return text;
}

static void figure_compare(const struct comparing *comparing, const struct model_figure *a,
                           const struct model_figure *b)
{
    char *headline = g_strdup_printf("headline of figure %s", a->id);
    char *alternative = g_strdup_printf("alternative text of figure %s", a->id);
    numbers_compare(comparing, headline, a->chart.headline, b->chart.headline);
    if (a->chart.kind != CHART_MONTHLY_BARS) { /* whose unit stands in the text in other words */
        char *first = without_unit(&a->chart);
        char *other = without_unit(&b->chart);
        numbers_compare(comparing, alternative, first, other);
        g_free(first);
        g_free(other);
    }
    g_free(alternative);
    g_free(headline);
}

static void draft_compare(const struct comparing *comparing, const struct model_draft *a,
                          const struct model_draft *b)
{
    char *sentences = g_strdup_printf("drafted sentences of %s", a->id);
    count_compare(comparing, sentences, a->sentence_count, b->sentence_count);
    g_free(sentences);
    for (size_t i = 0; i < MIN(a->sentence_count, b->sentence_count); i++) {
        char *place = g_strdup_printf("drafted sentence (%s)", a->sentences[i].rule);
        numbers_compare(comparing, place, a->sentences[i].text, b->sentences[i].text);
        if (g_strcmp0(a->sentences[i].inputs, b->sentences[i].inputs) != 0)
            g_ptr_array_add(comparing->differences,
                            g_strdup_printf("%s: inputs \"%s\" and \"%s\"", place, a->sentences[i].inputs,
                                            b->sentences[i].inputs));
        g_free(place);
    }
}

GPtrArray *agreement_differences(const struct publication *publication, const struct edition *edition,
                                 const struct model *first, const struct model *other, struct error *err)
{
    struct side sides[2];
    GPtrArray *differences = NULL;
    memset(sides, 0, sizeof sides);
    if (side_init(&sides[0], publication, edition, first, err) == 0 &&
        side_init(&sides[1], publication, edition, other, err) == 0) {
        differences = g_ptr_array_new_with_free_func(g_free);
        struct comparing comparing = {&sides[0], &sides[1], differences};
        count_compare(&comparing, "tables", first->table_count, other->table_count);
        count_compare(&comparing, "figures", first->figure_count, other->figure_count);
        count_compare(&comparing, "drafts", first->draft_count, other->draft_count);
        for (size_t i = 0; i < MIN(first->table_count, other->table_count); i++)
            table_compare(&comparing, &first->tables[i], &other->tables[i]);
        for (size_t i = 0; i < MIN(first->figure_count, other->figure_count); i++)
            figure_compare(&comparing, &first->figures[i], &other->figures[i]);
        for (size_t i = 0; i < MIN(first->draft_count, other->draft_count); i++)
            draft_compare(&comparing, &first->drafts[i], &other->drafts[i]);
    }
    side_release(&sides[0]);
    side_release(&sides[1]);
    return differences;
}
