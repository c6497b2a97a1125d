#include "report/wording.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/csv_table.h"
#include "base/data_folder.h"
#include "report/wording_rules.h"

static const struct wording_rule *known_rule_find(const char *rule)
{
    for (size_t i = 0; i < wording_rule_count; i++)
        if (strcmp(wording_rules[i].rule, rule) == 0)
            return &wording_rules[i];
    return NULL;
}

/* Whether the blank-separated list holds the word of that length. */
static bool list_has(const char *list, const char *word, size_t length)
{
    for (const char *at = list; *at != '\0';) {
        size_t size = strcspn(at, " ");
        if (size == length && strncmp(at, word, length) == 0)
            return true;
        at += size;
        at += strspn(at, " ");
    }
    return false;
}

/* {count|source|sources} is a form of a word by the number that `count` says, {rank|st|nd|rd|th} an ordinal's
 * ending: for languages whose words follow numbers. */
enum { PLURAL_FORMS = 2, ORDINAL_FORMS = 4 };

/* Of what follows a placeholder's name: how many forms. */
static size_t forms_count(const char *at)
{
    size_t count = 0;
    for (; *at == '|'; at += 1 + strcspn(at + 1, "|}"))
        count++;
    return count;
}

/* The form for a number as it is written: "1", "1,021"; anything else takes the last. The rules are those of
 * English (CLDR): one is 1; 1st, 2nd and 3rd, but 11th to 13th. */
static size_t form_index(const char *number, size_t forms)
{
    size_t length = strlen(number);
    bool teens = length > 1 && number[length - 2] == '1';
    char digit = length > 0 ? number[length - 1] : '0';
    if (forms == PLURAL_FORMS)
        return strcmp(number, "1") == 0 ? 0 : 1;
    return !teens && digit >= '1' && digit <= '3' ? (size_t)(digit - '1') : ORDINAL_FORMS - 1;
}

/* Appends one of "|st|nd|rd|th}". */
static void form_append(GString *out, const char *at, size_t index)
{
    for (; index > 0; index--)
        at += 1 + strcspn(at + 1, "|}");
    g_string_append_len(out, at + 1, (gssize)strcspn(at + 1, "|}"));
}

/* Whether the pattern has {word}. */
static bool pattern_has(const char *pattern, const char *word, size_t length)
{
    for (const char *at = strchr(pattern, '{'); at != NULL; at = strchr(at + 1, '{'))
        if (strncmp(at + 1, word, length) == 0 && at[1 + length] == '}')
            return true;
    return false;
}

static int pattern_check(const struct wording_rule *known, const char *pattern, const char *path, size_t line,
                         struct error *err)
{
    if (*pattern == '\0')
        return error_set(err, ERROR_INPUT, "%s: line %zu: rule '%s' has an empty pattern, expected a text",
                         path, line, known->rule);
    for (const char *at = strpbrk(pattern, "{}"); at != NULL; at = strpbrk(at, "{}")) {
        const char *end = *at == '{' ? strpbrk(at + 1, "{}") : NULL;
        if (end == NULL || *end != '}')
            return error_set(
                err, ERROR_INPUT,
                "%s: line %zu: rule '%s' has a brace without its partner, expected {placeholder}", path, line,
                known->rule);
        size_t length = strcspn(at + 1, "|}");
        size_t forms = forms_count(at + 1 + length);
        if (forms != 0 && forms != PLURAL_FORMS && forms != ORDINAL_FORMS)
            return error_set(
                err, ERROR_INPUT,
                "%s: line %zu: rule '%s' has %zu forms in {%.*s}, expected %d (one, other) or %d "
                "(1st, 2nd, 3rd, other)",
                path, line, known->rule, forms, (int)MIN(end - at - 1, 100), at + 1, PLURAL_FORMS,
                ORDINAL_FORMS);
        if (!list_has(known->placeholders, at + 1, length))
            return error_set(err, ERROR_INPUT,
                             "%s: line %zu: rule '%s' has the unknown placeholder {%.*s}, expected %s", path,
                             line, known->rule, (int)MIN(length, 100), at + 1,
                             *known->placeholders == '\0' ? "none" : known->placeholders);
        at = end + 1;
    }
    for (const char *at = known->placeholders; *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (!pattern_has(pattern, at, length))
            return error_set(err, ERROR_INPUT, "%s: line %zu: rule '%s' lacks the placeholder {%.*s}", path,
                             line, known->rule, (int)length, at);
        at += length;
        at += strspn(at, " ");
    }
    return 0;
}

static int wording_add_rows(struct wording *wording, const struct csv_table *table, const char *path,
                            struct error *err)
{
    int rule_column = csv_table_column(table, "rule");
    int pattern_column = csv_table_column(table, "pattern");
    if (rule_column < 0 || pattern_column < 0)
        return error_set(err, ERROR_INPUT, "%s: line 1: no column '%s', expected rule,pattern", path,
                         rule_column < 0 ? "rule" : "pattern");
    for (size_t row = 0; row < table->row_count; row++) {
        const char *rule = csv_table_field(table, row, rule_column);
        const char *pattern = csv_table_field(table, row, pattern_column);
        size_t line = csv_table_line(table, row);
        if (csv_table_field_count(table, row) != table->column_count)
            return error_set(err, ERROR_INPUT,
                             "%s: line %zu: %zu fields, expected %zu (a pattern with a comma needs quotes)",
                             path, line, csv_table_field_count(table, row), table->column_count);
        const struct wording_rule *known = known_rule_find(rule);
        if (known == NULL)
            return error_set(err, ERROR_INPUT, "%s: line %zu: unknown rule '%s'", path, line, rule);
        if (g_hash_table_contains(wording->patterns, rule))
            return error_set(err, ERROR_INPUT, "%s: line %zu: rule '%s' stands twice, expected once", path,
                             line, rule);
        if (pattern_check(known, pattern, path, line, err) != 0)
            return -1;
        g_hash_table_insert(wording->patterns, g_strdup(rule), g_strdup(pattern));
    }
    for (size_t i = 0; i < wording_rule_count; i++)
        if (!g_hash_table_contains(wording->patterns, wording_rules[i].rule))
            return error_set(err, ERROR_INPUT, "%s: no pattern for the rule '%s', expected one line for it",
                             path, wording_rules[i].rule);
    return 0;
}

int wording_load(struct wording *wording, const char *path, struct error *err)
{
    wording->patterns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    struct csv_table table = {0};
    int status = csv_table_load(&table, path, err);
    if (status == 0)
        status = wording_add_rows(wording, &table, path, err);
    csv_table_release(&table);
    if (status != 0)
        wording_release(wording);
    return status;
}

int wording_load_for(struct wording *wording, const struct publication *publication,
                     const struct edition *edition, const char *language, struct error *err)
{
    char *name = g_strdup_printf("%s/wording.csv", language);
    char *path = NULL;
    int status = -1;
    if (publication->template_folder != NULL) {
        char *folder = publication_path(publication, publication->template_folder, edition);
        path = g_build_filename(folder, name, NULL);
        g_free(folder);
        if (!g_file_test(path, G_FILE_TEST_EXISTS))
            g_clear_pointer(&path, g_free);
    }
    if (path == NULL) {
        char *shipped = g_strdup_printf("templates/%s", name);
        path = data_folder_path(shipped, err);
        g_free(shipped);
    }
    if (path != NULL)
        status = wording_load(wording, path, err);
    g_free(path);
    g_free(name);
    return status;
}

void wording_release(struct wording *wording)
{
    g_clear_pointer(&wording->patterns, g_hash_table_destroy);
}

/* The text of the placeholder, of that length. */
static const char *pair_find(const char *const *pairs, const char *placeholder, size_t length)
{
    for (; *pairs != NULL; pairs += 2)
        if (strlen(pairs[0]) == length && strncmp(pairs[0], placeholder, length) == 0)
            return pairs[1];
    return NULL;
}

static void append_pairs(const struct wording *wording, GString *out, const char *rule,
                         const char *const *pairs)
{
    const char *pattern = g_hash_table_lookup(wording->patterns, rule);
    assert(pattern != NULL);
    for (;;) {
        size_t plain = strcspn(pattern, "{");
        g_string_append_len(out, pattern, (gssize)plain);
        pattern += plain;
        if (*pattern == '\0')
            return;
        size_t length = strcspn(pattern + 1, "|}");
        const char *text = pair_find(pairs, pattern + 1, length);
        assert(text != NULL);
        size_t forms = forms_count(pattern + 1 + length);
        if (forms == 0)
            g_string_append(out, text);
        else
            form_append(out, pattern + 1 + length, form_index(text, forms));
        pattern += strcspn(pattern, "}") + 1;
    }
}

/* No pattern has more placeholders. */
enum { PAIRS_MAX = 16 };

static void append_arguments(const struct wording *wording, GString *out, const char *rule, va_list arguments)
{
    const char *pairs[2 * PAIRS_MAX + 1] = {NULL};
    size_t count = 0;
    for (const char *name = va_arg(arguments, const char *); name != NULL;
         name = va_arg(arguments, const char *)) {
        assert(count < 2 * PAIRS_MAX);
        pairs[count++] = name;
        pairs[count++] = va_arg(arguments, const char *);
    }
    append_pairs(wording, out, rule, pairs);
}

void wording_append(const struct wording *wording, GString *out, const char *rule, ...)
{
    va_list arguments;
    va_start(arguments, rule);
    append_arguments(wording, out, rule, arguments);
    va_end(arguments);
}

char *wording_text(const struct wording *wording, const char *rule, ...)
{
    GString *out = g_string_new(NULL);
    va_list arguments;
    va_start(arguments, rule);
    append_arguments(wording, out, rule, arguments);
    va_end(arguments);
    return g_string_free(out, FALSE);
}

char *wording_text_pairs(const struct wording *wording, const char *rule, const char *const *pairs)
{
    GString *out = g_string_new(NULL);
    append_pairs(wording, out, rule, pairs);
    return g_string_free(out, FALSE);
}
