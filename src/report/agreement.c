#include "report/agreement.h"

#include <stdlib.h>
#include <string.h>

#include "report/wording.h"

enum { MONTHS = 12 };

/* Rules whose texts are names of units, with the numbers that a language has in them: 1日当たりのパケット数.
 */
static const char *const unit_rules[] = {"heading-per-sensor", "unit-packets", "unit-sources", "unit-bytes",
                                         "unit-source-sensors"};
enum { UNITS = G_N_ELEMENTS(unit_rules) };

struct side {
    const struct model *model;
    char *months[MONTHS]; /* "January"; NULL where the language writes numbers */
    char *units[UNITS];   /* "Packets per day" */
    GPtrArray *names; /* char *, the longest first: what people call sensors and series, numbers and all */
};

static gint compare_lengths(gconstpointer a, gconstpointer b)
{
    size_t left = strlen(*(const char *const *)a), right = strlen(*(const char *const *)b);
    return left != right ? (left < right) - (left > right)
                         : strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A name of digits alone cannot be told from a number. */
static void name_add(GPtrArray *names, const char *name)
{
    if (name != NULL && strpbrk(name, "0123456789") != NULL && name[strspn(name, "0123456789,.% ")] != '\0')
        g_ptr_array_add(names, g_strdup(name));
}

static GPtrArray *names_of(const struct publication *publication, const char *language)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < publication->sensors.sensor_count; i++) {
        const struct sensor *sensor = &publication->sensors.sensors[i];
        name_add(names, sensor->id);
        name_add(names, sensor->label);
        name_add(names, sensor->label_en);
    }
    for (size_t i = 0; i < publication->figure_count; i++)
        for (size_t k = 0; k < publication->figures[i].series_count; k++)
            name_add(names, localized_text(&publication->figures[i].series[k].label, language));
    g_ptr_array_sort(names, compare_lengths);
    return names;
}

static int side_init(struct side *side, const struct publication *publication, const struct edition *edition,
                     const struct model *model, struct error *err)
{
    struct wording wording = {0};
    memset(side, 0, sizeof *side);
    side->model = model;
    side->names = names_of(publication, model->language);
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
    for (int i = 0; i < UNITS; i++)
        side->units[i] = wording_text(&wording, unit_rules[i], NULL);
    wording_release(&wording);
    return 0;
}

static void side_release(struct side *side)
{
    for (int i = 0; i < MONTHS; i++)
        g_free(side->months[i]);
    for (int i = 0; i < UNITS; i++)
        g_free(side->units[i]);
    if (side->names != NULL)
        g_ptr_array_unref(side->names);
}

/* ---- numbers ---- */

static gint compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Behind the month's name that `text` starts with, or behind the three letters that stand for it where room
 * is short; NULL: none. The longest name wins. */
static const char *month_end(const char *text, char *const months[MONTHS], int *month)
{
    enum { SHORT = 3 };
    size_t longest = 0;
    for (int i = 0; i < MONTHS; i++) {
        size_t whole = months[i] != NULL ? strlen(months[i]) : 0;
        size_t lengths[] = {whole, MIN(whole, SHORT)};
        for (size_t k = 0; k < G_N_ELEMENTS(lengths); k++)
            if (lengths[k] > longest && strncmp(text, months[i], lengths[k]) == 0 &&
                !g_ascii_isalpha(text[lengths[k]])) {
                longest = lengths[k];
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

/* char *, sorted. */
static GPtrArray *numbers_find(const char *text, char *const months[MONTHS])
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
    return numbers;
}

static char *numbers_join(const GPtrArray *numbers)
{
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < numbers->len; i++)
        g_string_append_printf(joined, "%s%s", i > 0 ? ", " : "", (const char *)numbers->pdata[i]);
    return g_string_free(joined, FALSE);
}

/* Of the sorted numbers, those that the others do not have as often, joined. */
static char *numbers_without(const GPtrArray *numbers, const GPtrArray *others)
{
    GPtrArray *left = g_ptr_array_new();
    guint at = 0;
    for (guint i = 0; i < numbers->len; i++) {
        while (at < others->len && strcmp(others->pdata[at], numbers->pdata[i]) < 0)
            at++;
        if (at < others->len && strcmp(others->pdata[at], numbers->pdata[i]) == 0)
            at++;
        else
            g_ptr_array_add(left, numbers->pdata[i]);
    }
    char *joined = numbers_join(left);
    g_ptr_array_unref(left);
    return joined;
}

/* ---- places ---- */

struct comparing {
    const struct side *first, *other;
    GPtrArray *differences;
};

/* Long texts are quoted by their start. */
static char *quoted(const char *text)
{
    enum { QUOTED_MAX = 160 };
    if (g_utf8_strlen(text, -1) <= QUOTED_MAX)
        return g_strdup_printf("\"%s\"", text);
    char *start = g_utf8_substring(text, 0, QUOTED_MAX);
    char *result = g_strdup_printf("\"%s...\"", start);
    g_free(start);
    return result;
}

/* Takes every occurrence of the part out of the text, which is freed. */
static char *without(char *text, const char *part)
{
    if (part == NULL || *part == '\0')
        return text;
    char **parts = g_strsplit(text, part, -1);
    char *left = g_strjoinv("", parts);
    g_strfreev(parts);
    g_free(text);
    return left;
}

/* The numbers of a text but for those in the names of units, sensors and series and in the words of a person
 * (NULL: none). */
static GPtrArray *numbers_beside(const struct side *side, const char *text, const char *caption)
{
    char *left = without(g_strdup(text), caption);
    for (int i = 0; i < UNITS; i++)
        left = without(left, side->units[i]);
    for (guint i = 0; i < side->names->len; i++)
        left = without(left, side->names->pdata[i]);
    GPtrArray *numbers = numbers_find(left, side->months);
    g_free(left);
    return numbers;
}

/* `captions`, of the first and the other: what people wrote in the texts. */
static void numbers_compare(const struct comparing *comparing, const char *place, const char *first,
                            const char *other, const char *const captions[2])
{
    first = first != NULL ? first : "";
    other = other != NULL ? other : "";
    GPtrArray *a = numbers_beside(comparing->first, first, captions[0]);
    GPtrArray *b = numbers_beside(comparing->other, other, captions[1]);
    char *first_only = numbers_without(a, b);
    char *other_only = numbers_without(b, a);
    if (*first_only != '\0' || *other_only != '\0') {
        GString *text = g_string_new(place);
        char *first_quoted = quoted(first);
        char *other_quoted = quoted(other);
        if (*first_only != '\0')
            g_string_append_printf(text, ": %s only in %s", first_only, comparing->first->model->language);
        if (*other_only != '\0')
            g_string_append_printf(text, "%s %s only in %s", *first_only != '\0' ? "," : ":", other_only,
                                   comparing->other->model->language);
        g_string_append_printf(text, ": %s, %s", first_quoted, other_quoted);
        g_ptr_array_add(comparing->differences, g_string_free(text, FALSE));
        g_free(first_quoted);
        g_free(other_quoted);
    }
    g_free(first_only);
    g_free(other_only);
    g_ptr_array_unref(a);
    g_ptr_array_unref(b);
}

static void count_compare(const struct comparing *comparing, const char *what, size_t first, size_t other)
{
    if (first != other)
        g_ptr_array_add(comparing->differences, g_strdup_printf("%s: %zu in %s, %zu in %s", what, first,
                                                                comparing->first->model->language, other,
                                                                comparing->other->model->language));
}

static const char *const no_captions[2] = {NULL, NULL};

static void table_compare(const struct comparing *comparing, const struct model_table *a,
                          const struct model_table *b)
{
    char *rows = g_strdup_printf("rows of table %s", a->id);
    count_compare(comparing, rows, a->row_count, b->row_count);
    g_free(rows);
    for (size_t row = 0; row < MIN(a->row_count, b->row_count); row++)
        for (size_t column = 0; column < MIN(a->column_count, b->column_count); column++) {
            if (strcmp(a->columns[column].name, "listens") == 0)
                continue;
            const struct model_cell *first = &a->rows[row].cells[column];
            const struct model_cell *other = &b->rows[row].cells[column];
            char *place =
                g_strdup_printf("table %s, row %zu, column %s", a->id, row + 1, a->columns[column].name);
            numbers_compare(comparing, place, first->text, other->text, no_captions);
            if (g_strcmp0(first->value, other->value) != 0)
                g_ptr_array_add(comparing->differences, g_strdup_printf("%s: values \"%s\" and \"%s\"", place,
                                                                        first->value, other->value));
            g_free(place);
        }
}

static void figure_compare(const struct comparing *comparing, const struct model_figure *a,
                           const struct model_figure *b)
{
    char *headline = g_strdup_printf("headline of figure %s", a->id);
    char *alternative = g_strdup_printf("alternative text of figure %s", a->id);
    const char *const captions[2] = {a->caption, b->caption};
    numbers_compare(comparing, headline, a->chart.headline, b->chart.headline, no_captions);
    numbers_compare(comparing, alternative, a->chart.description, b->chart.description, captions);
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
        numbers_compare(comparing, place, a->sentences[i].text, b->sentences[i].text, no_captions);
        char *inputs = g_strdup_printf("inputs of drafted sentence (%s)", a->sentences[i].rule);
        numbers_compare(comparing, inputs, a->sentences[i].inputs, b->sentences[i].inputs, no_captions);
        g_free(inputs);
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
