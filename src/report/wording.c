#include "report/wording.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/csv_table.h"
#include "base/data_folder.h"

/* A rule and its placeholders, separated by blanks. */
struct known_rule {
    const char *rule;
    const char *placeholders;
};

static const struct known_rule known_rules[] = {
    /* dates, lists, numbers */
    {"month-1", ""},
    {"month-2", ""},
    {"month-3", ""},
    {"month-4", ""},
    {"month-5", ""},
    {"month-6", ""},
    {"month-7", ""},
    {"month-8", ""},
    {"month-9", ""},
    {"month-10", ""},
    {"month-11", ""},
    {"month-12", ""},
    {"date", "month day"},
    {"range", "first last"},
    {"range-month", "month first last"},
    {"range-about", "first last"},
    {"range-about-month", "month first last"},
    {"range-short", "first last"},
    {"third-early", "month"},
    {"third-middle", "month"},
    {"third-late", "month"},
    {"list-pair", "first second"},
    {"list-last", "list last"},
    {"items-pair", "first second"},
    {"list-separator", ""},
    {"list-among", "labels count"},
    {"place", "rank"},
    {"change", "percent amount"},
    {"change-bytes", "percent amount"},
    {"change-new", ""},
    {"change-none", ""},
    {"absent", ""},
    {"outside", "limit"},
    /* what keys are called */
    {"label-region", "name code"},
    {"label-pair", "first second"},
    {"label-detail", "label detail"},
    {"label-all", ""},
    {"all-sensors", ""},
    {"tool-mirai", ""},
    {"tool-zmap", ""},
    {"tool-masscan", ""},
    {"tool-backscatter", ""},
    {"tool-other", ""},
    {"thing-packets", ""},
    {"thing-sources", ""},
    {"thing-bytes", ""},
    {"thing-source-sensors", ""},
    {"subject-port", "label thing"},
    {"subject-region", "label thing"},
    {"subject-sensor", "label thing"},
    {"subject-tool", "label thing"},
    {"subject-all", "label thing"},
    {"subject-key", "label thing"},
    {"subject-series", "label thing"},
    /* column headings */
    {"heading-rank", ""},
    {"heading-port", ""},
    {"heading-region", ""},
    {"heading-sensor", ""},
    {"heading-tool", ""},
    {"heading-all", ""},
    {"heading-key", ""},
    {"heading-previous-rank", ""},
    {"heading-packets", ""},
    {"heading-sources", ""},
    {"heading-bytes", ""},
    {"heading-source-sensors", ""},
    {"heading-share", ""},
    {"heading-per-sensor", ""},
    {"heading-change", ""},
    {"heading-listens", ""},
    /* drafted sentences: tables */
    {"most-port", "label"},
    {"most-region", "label"},
    {"most-sensor", "label"},
    {"most-tool", "label"},
    {"most-all", "label"},
    {"most-key", "label"},
    {"most-tied", "labels"},
    {"first-rose", "label previous-place"},
    {"first-outside", "label limit"},
    {"first-new", "label"},
    {"most-same-use", "label use places labels"},
    {"same-use", "places use labels"},
    {"first-unchanged", "label last-place last-label"},
    {"nothing-moved", "count"},
    {"swapped", "place label second-place second-label"},
    {"entered-outside", "place label limit"},
    {"entered-outside-lead", "place label limit"},
    {"entered-outside-follow", "place label limit"},
    {"entered-new", "place label"},
    {"entered-new-lead", "place label"},
    {"entered-new-follow", "place label"},
    {"entered", "place label previous-place"},
    {"entered-lead", "place label previous-place"},
    {"entered-follow", "place label previous-place"},
    {"rank-rose", "place label previous-place"},
    {"rank-rose-lead", "place label previous-place"},
    {"rank-rose-follow", "place label previous-place"},
    {"rank-fell", "place label"},
    {"rank-fell-lead", "place label"},
    {"rank-fell-follow", "place label"},
    {"tied", "place labels"},
    {"place-item", "place label"},
    {"places", "places"},
    {"places-lead", "places"},
    {"places-follow", "places"},
    {"place-unchanged-item", "place label"},
    {"places-unchanged", "places"},
    {"places-unchanged-lead", "places"},
    {"places-unchanged-follow", "places"},
    {"close", "place second-place percent"},
    {"one-sensor", "label percent"},
    {"one-sensor-key", "label percent sensor"},
    {"one-prefix", "label percent prefix"},
    {"widespread", "labels sensors limit"},
    {"widespread-all", "count sensors limit"},
    {"unseen-elsewhere", "labels side"},
    {"side-domestic", ""},
    {"side-overseas", ""},
    {"side-other", ""},
    {"without-item", "label place"},
    {"without", "items"},
    {"without-backscatter", "items"},
    {"one-source", "label percent prefix"},
    {"mirai-share", "thing percent"},
    {"known-vulnerability-item", "label listings"},
    {"known-vulnerability", "items range sources"},
    {"nothing-observed", ""},
    /* drafted sentences: figures */
    {"rise", "subject range"},
    {"rise-lead", "subject range"},
    {"rise-follow", "range"},
    {"rises", "subject ranges count"},
    {"rises-lead", "subject ranges count"},
    {"rises-follow", "ranges count"},
    {"rise-until-end", "subject date"},
    {"rise-until-end-lead", "subject date"},
    {"rise-until-end-follow", "date"},
    {"rise-from-start", "subject date"},
    {"rise-from-start-lead", "subject date"},
    {"rise-from-start-follow", "date"},
    {"rise-not-mirai", "third thing"},
    {"rise-not-mirai-lead", "third thing"},
    {"rise-not-mirai-follow", "third"},
    {"peak", "subject range"},
    {"peak-lead", "subject range"},
    {"peak-follow", "range"},
    {"days-among", "labels count"},
    {"step-up", "subject date"},
    {"step-up-lead", "subject date"},
    {"step-up-follow", "date"},
    {"step-down", "subject date"},
    {"step-down-lead", "subject date"},
    {"step-down-follow", "date"},
    {"trend-up", "subjects"},
    {"trend-down", "subjects"},
    {"trend-down-contrast", "subjects"},
    {"constant", "subjects"},
    {"constant-contrast", "subjects"},
    {"series-quoted", "label"},
    {"side-larger", "label other"},
    {"side-larger-item", "label months"},
    {"side-larger-by-month", "items"},
    {"year-above", "labels"},
    {"year-below", "labels"},
    {"no-event", ""},
    {"sensors-stopped-fall", "range"},
    {"sensors-stopped", "range"},
    {"nothing-delivered", "range"},
    /* figures */
    {"subtitle", "caption period"},
    {"unit-packets", ""},
    {"unit-sources", ""},
    {"unit-bytes", ""},
    {"unit-source-sensors", ""},
    {"missing", ""},
    {"day-off", ""},
    {"previous-label", "period"},
    {"year-before-label", "period"},
    {"before-label", "period"},
    {"unit-per-sensor-packets", ""},
    {"unit-per-sensor-bytes", ""},
    {"month", "month"},
    {"rest", ""},
    {"delivered", ""},
    {"alt-heat-map", "caption period unit count"},
    {"alt-shares", "caption period unit count"},
    {"alt-monthly-bars", "caption period unit beside"},
    {"alt-monthly-bars-alone", "caption period unit"},
    {"alt-rank-flow", "caption period"},
    {"alt-availability", "caption period"},
    {"alt-dot-plot", "caption period unit beside"},
    {"alt-dot-plot-alone", "caption period unit"},
    {"alt-row", "label values"},
    {"source-note", "publisher"},
    {"source-note-stopped", "publisher ranges"},
    {"source-note-stopped-often", "publisher count"},
    {"headline-port", "label"},
    {"headline-region", "label"},
    {"headline-sensor", "label"},
    {"headline-tool", "label"},
    {"headline-key", "label"},
    {"headline-series", "label"},
    {"headline-followed-port", "label others"},
    {"headline-followed-region", "label others"},
    {"headline-followed-sensor", "label others"},
    {"headline-followed-tool", "label others"},
    {"headline-followed-key", "label others"},
    {"headline-tied", "labels"},
    {"headline-rise", "third label"},
    {"headline-peak", "date label"},
    {"headline-step-up", "date label"},
    {"headline-step-down", "date label"},
    {"headline-trend-up", "label"},
    {"headline-trend-down", "label"},
    {"headline-constant", ""},
    {"headline-nothing", ""},
    {"headline-highest", "date value"},
    {"headline-share", "label percent"},
    {"headline-available", ""},
    {"headline-availability", "percent label lowest"},
    {"headline-availability-equal", "percent"},
    {"headline-place-first", "label"},
    {"headline-place-kept", "label"},
    {"headline-place-same", "label"},
    {"headline-place-rose", "label riser previous place"},
    {"headline-place-entered", "label riser place"},
    {"headline-change-both", "up up-percent down down-percent"},
    {"headline-change-up", "label percent"},
    {"headline-change-down", "label percent"},
    {"headline-months", "items"},
    {"headline-months-up", "label percent"},
    {"headline-months-down", "label percent"},
    {"caption-by", "key count"},
    {"grouping-port", ""},
    {"grouping-protocol", ""},
    {"grouping-region", ""},
    {"grouping-sensor", ""},
    {"grouping-group", ""},
    {"grouping-tool", ""},
    {"grouping-source-24", ""},
    {"caption-where", "caption conditions"},
    {"condition-sensor", "values"},
    {"condition-sensor-group", "values"},
    {"condition-sensor-region", "values"},
    {"condition-source-region", "values"},
    {"condition-protocol", "values"},
    {"condition-port", "values"},
    {"condition-tool", "values"},
    {"condition-tcp-flags", "values"},
    {"condition-icmp-type", "values"},
    {"condition-source-prefix", "values"},
    {"condition-not-source-prefix", "values"},
    {"condition-bpf", "values"},
    {"axis-log", "unit"},
    {"axis-range", "unit"},
    {"note-rise", "value"},
    {"note-peak", "date value"},
    /* alternative text */
    {"alt-lines", "caption period unit count"},
    {"alt-multiples", "caption period unit count beside"},
    {"alt-multiples-alone", "caption period unit count"},
    {"alt-series", "label minimum minimum-date maximum maximum-date"},
    {"alt-series-flat", "label value"},
    {"alt-stop", ""},
    {"alt-step-up", "date"},
    {"alt-step-down", "date"},
    {"alt-trend-up", ""},
    {"alt-trend-down", ""},
    {"alt-constant", ""},
    {"alt-rise", "range"},
    {"alt-peak", "range"},
    {"alt-missing", "ranges"},
    {"alt-missing-all", ""},
    {"alt-previous", "maximum maximum-date"},
    {"alt-year-before", "maximum maximum-date"},
    {"alt-before", "maximum maximum-date"},
    {"alt-axis-log", ""},
    {"alt-shade-log", ""},
    {"alt-axis-range", ""},
    /* data quality */
    {"bin-counted", ""},
    {"bin-outside-quarter", ""},
    {"bin-bad-time", ""},
    {"bin-unsupported-link", ""},
    {"bin-not-ip", ""},
    {"bin-truncated", ""},
    {"bin-malformed", ""},
    {"bin-fragment", ""},
    {"bin-from-sensor", ""},
    {"bin-not-to-sensor", ""},
    /* the review */
    {"event-rise", ""},
    {"event-peak", ""},
    {"event-increase", ""},
    {"event-decrease", ""},
    {"event-step-up", ""},
    {"event-step-down", ""},
    {"event-weekly", ""},
    {"event-periodic", "days"},
    {"review-rank-flow", "caption"},
    {"review-multiples", "caption"},
    {"review-availability", ""},
    {"rank-range", "first last"},
    {"review-near", "label neighbour percent"},
    {"review-range", "label range"},
    {"review-common", "label count place previous-place"},
    {"review-without", "label place"},
    {"review-without-backscatter", "label place"},
    {"review-sensor", "label percent sensor"},
    {"review-prefix", "label percent prefix"},
    {"review-prefix-sources", "label percent prefix count"},
    {"review-source", "label percent prefix"},
    {"quality-ties", ""},
    {"quality-ties-cut", "caption place count"},
    {"quality-no-previous", "period"},
    {"quality-no-measure", "caption period"},
    {"quality-other-definition", "caption period"},
    {"quality-unallocated", "caption percent"},
    {"quality-close", "caption pairs"},
    {"quality-close-item", "place second-place percent"},
    {"quality-common", "caption count items"},
    {"quality-common-item", "label place previous-place"},
    {"quality-incomplete", "count"},
    {"quality-duplicates", "count"},
    {"quality-overlap", "count"},
    {"quality-sensors-added", "period labels"},
    {"quality-sensors-removed", "period labels"},
    {"quality-zmap", ""},
    {"quality-time-zone", "period other-zone zone"},
    /* differences between editions */
    {"difference-sensor-down", "period label range"},
    {"difference-sensor-down-planned", "period label range reason"},
    {"difference-sensor-down-unplanned", "period label range"},
    {"difference-sensor-up", "period label range reason"},
    {"difference-no-reason", ""},
    {"difference-sensor-placed", "label old new"},
    {"difference-measure-added", "measure period"},
    {"difference-measure-removed", "measure period"},
    {"difference-measure-changed", "measure period old new"},
    {"difference-unset", ""},
    {"difference-files", "period files"},
    {"difference-iana", "period"},
    {"difference-registry", "registry date other-date"},
    {"difference-registry-added", "registry"},
    {"difference-registry-removed", "registry"},
    {"difference-moved", "ipv4 ipv6 moves"},
    {"difference-moved-item", "from to count"},
    {"difference-moved-item-ipv6", "from to count"},
    {"difference-moved-none", ""},
    {"difference-moved-unknown", "period"},
    {"difference-part", "label change registry traffic"},
    {"difference-part-none", "caption"},
    {"difference-part-unknown", "caption"},
    {"difference-basis-captures", "caption"},
    {"difference-basis-blocks", "caption"},
    {"difference-basis-undecided", "caption count"},
};

static const struct known_rule *known_rule_find(const char *rule)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known_rules); i++)
        if (strcmp(known_rules[i].rule, rule) == 0)
            return &known_rules[i];
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

static int pattern_check(const struct known_rule *known, const char *pattern, const char *path, size_t line,
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
        const struct known_rule *known = known_rule_find(rule);
        if (known == NULL)
            return error_set(err, ERROR_INPUT, "%s: line %zu: unknown rule '%s'", path, line, rule);
        if (g_hash_table_contains(wording->patterns, rule))
            return error_set(err, ERROR_INPUT, "%s: line %zu: rule '%s' stands twice, expected once", path,
                             line, rule);
        if (pattern_check(known, pattern, path, line, err) != 0)
            return -1;
        g_hash_table_insert(wording->patterns, g_strdup(rule), g_strdup(pattern));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(known_rules); i++)
        if (!g_hash_table_contains(wording->patterns, known_rules[i].rule))
            return error_set(err, ERROR_INPUT, "%s: no pattern for the rule '%s', expected one line for it",
                             path, known_rules[i].rule);
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
