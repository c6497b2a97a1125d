#include "render/lint_text.h"

#include <stdarg.h>
#include <string.h>

#include "render/lint_japanese.h"
#include "render/words.h"

/* ---- what is gathered ---- */

void lint_gathering_init(struct lint_gathering *gathering, const struct lint_settings *settings,
                         bool normalises)
{
    memset(gathering, 0, sizeof *gathering);
    gathering->settings = settings;
    gathering->normalises = normalises;
    gathering->order = g_ptr_array_new_with_free_func(g_free);
    gathering->abbreviations = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    gathering->explained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(gathering->dashes); i++)
        gathering->dashes[i] = g_array_new(FALSE, FALSE, sizeof(struct lint_place));
}

void lint_gathering_release(struct lint_gathering *gathering)
{
    g_hash_table_unref(gathering->abbreviations);
    g_hash_table_unref(gathering->explained);
    g_ptr_array_unref(gathering->order);
    for (size_t i = 0; i < G_N_ELEMENTS(gathering->dashes); i++)
        g_array_unref(gathering->dashes[i]);
}

void lint_add(struct lint_gathering *gathering, enum lint_rule rule, long line, const char *format, ...)
{
    if (gathering->settings->levels[rule] == LINT_OFF)
        return;
    struct lint_finding *finding = g_new0(struct lint_finding, 1);
    va_list arguments;
    va_start(arguments, format);
    finding->text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    finding->rule = rule;
    finding->file = g_strdup(gathering->file);
    finding->line = line;
    g_ptr_array_add(gathering->findings, finding);
}

/* ---- English ---- */

/* The word that starts at `i` in lower case; "" when there is none. Owned by the caller. */
static char *word_at(const GArray *run, guint i)
{
    GString *word = g_string_new(NULL);
    for (; lint_is_ascii_word(lint_at(run, i)) || lint_at(run, i) == '\''; i++)
        g_string_append_c(word, g_ascii_tolower((char)lint_at(run, i)));
    return g_string_free(word, FALSE);
}

/* "the the"; "that that" and "had had" are English, numbers may repeat. */
static void words_check(struct lint_gathering *gathering, const GArray *run)
{
    static const char *const meant[] = {"that", "had", NULL};
    for (guint i = 0; i < run->len; i++) {
        if (lint_is_ascii_word(lint_at(run, (gint64)i - 1)) || !lint_is_ascii_word(lint_at(run, i)))
            continue;
        char *word = word_at(run, i);
        guint end = i + (guint)strlen(word);
        char *next = lint_at(run, end) == ' ' ? word_at(run, end + 1) : g_strdup("");
        if (g_ascii_isalpha(*word) && strcmp(word, next) == 0 && !g_strv_contains(meant, word)) {
            char *text = lint_around(run, i, end + (guint)strlen(next));
            lint_add(gathering, LINT_DOUBLED_WORD, lint_line_at(run, i),
                     "\"%s\" twice in \"%s\", expected once", word, text);
            g_free(text);
        }
        g_free(next);
        g_free(word);
    }
}

/* A full stop ends a sentence unless it belongs to an initial, "e.g.", "No." or a number. */
static bool ends_sentence(const GArray *run, guint i)
{
    gunichar c = lint_at(run, i);
    if (i >= run->len || c == '!' || c == '?')
        return true;
    gunichar after = lint_at(run, i + 1), before = lint_at(run, (gint64)i - 1),
             earlier = lint_at(run, (gint64)i - 2);
    if (c != '.' || (after != 0 && after != ' ' && after != LINT_OBJECT && after != ')' && after != '"' &&
                     after != 0x201D))
        return false;
    bool is_initial =
        lint_is_ascii_word(before) && !lint_is_digit(before) && (earlier == ' ' || earlier == '.');
    gunichar next = lint_at(run, i + 2);
    return !is_initial && !(after == ' ' && next >= 'a' && next <= 'z');
}

static void long_words_check(struct lint_gathering *gathering, const GArray *run)
{
    int limit = gathering->settings->limits[LINT_LONG_SENTENCE_WORDS];
    int words = 0;
    guint start = 0;
    for (guint i = 0; i <= run->len; i++) {
        bool begins =
            i < run->len && lint_at(run, i) != ' ' && (i == start || lint_at(run, (gint64)i - 1) == ' ');
        words += begins ? 1 : 0;
        if (!ends_sentence(run, i))
            continue;
        if (words > limit) {
            guint first = start;
            while (lint_at(run, first) == ' ')
                first++;
            char *text = lint_around(run, first, first + 3 * LINT_SHOWN_AROUND);
            lint_add(gathering, LINT_LONG_SENTENCE_WORDS, lint_line_at(run, first),
                     "a sentence of %d words (\"%s…\"), expected at most %d", words, text, limit);
            g_free(text);
        }
        start = i + 1;
        words = 0;
    }
}

/* ---- abbreviations ---- */

void lint_explain(struct lint_gathering *gathering, const char *abbreviation)
{
    g_hash_table_add(gathering->explained, g_strdup(abbreviation));
}

/* The end of a row of capitals that stands alone, "ISP" or "ISPs"; 0: there is none at `i`. */
static guint abbreviation_end(const GArray *run, guint i)
{
    enum { SHORTEST = 2, LONGEST = 6 };
    gunichar before = lint_at(run, (gint64)i - 1);
    if (!lint_is_upper(lint_at(run, i)) || lint_is_ascii_word(before) || before == '-' || before == '_' ||
        before == '.' || before == '@')
        return 0;
    guint end = i;
    while (lint_is_upper(lint_at(run, end)))
        end++;
    guint length = end - i;
    gunichar after = lint_at(run, end) == 's' ? lint_at(run, end + 1) : lint_at(run, end);
    bool alone = !lint_is_ascii_word(after) && after != '-' && after != '_' && after != '@' &&
                 !(after == '.' && lint_is_ascii_word(lint_at(run, end + 1)));
    return alone && length >= SHORTEST && length <= LONGEST ? end : 0;
}

static bool is_roman_numeral(const char *word)
{
    return word[strspn(word, "IVX")] == '\0';
}

/* In characters; 0: no open marker starts at `i`. */
static size_t marker_length(const GArray *run, guint i)
{
    for (size_t k = 0; words_open_markers[k] != NULL; k++)
        if (lint_run_has(run, i, words_open_markers[k]))
            return (size_t)g_utf8_strlen(words_open_markers[k], -1);
    return 0;
}

/* In brackets, or in front of some, an abbreviation is explained: インターネットサービスプロバイダー（ISP）,
 * ISP (Internet service provider). */
static void abbreviations_gather(struct lint_gathering *gathering, const GArray *run)
{
    int depth = 0;
    for (guint i = 0; i < run->len; i++) {
        gunichar c = lint_at(run, i);
        if (c == '(' || c == 0xFF08)
            depth++;
        if ((c == ')' || c == 0xFF09) && depth > 0)
            depth--;
        size_t marker = marker_length(run, i);
        guint end = abbreviation_end(run, i);
        if (marker > 0)
            i += (guint)marker - 1;
        if (end == 0 || marker > 0)
            continue;
        GString *word = g_string_new(NULL);
        for (guint k = i; k < end; k++)
            g_string_append_c(word, (char)lint_at(run, k));
        guint behind = lint_at(run, end) == 's' ? end + 1 : end;
        behind += lint_at(run, behind) == ' ' ? 1 : 0;
        if (depth > 0 || lint_at(run, behind) == '(' || lint_at(run, behind) == 0xFF08)
            lint_explain(gathering, word->str);
        if (!g_hash_table_contains(gathering->abbreviations, word->str) && !is_roman_numeral(word->str)) {
            struct lint_place *place = g_new(struct lint_place, 1);
            *place = (struct lint_place){gathering->file, lint_line_at(run, i)};
            g_ptr_array_add(gathering->order, word->str);
            g_hash_table_insert(gathering->abbreviations, word->str, place);
            g_string_free(word, FALSE);
        } else {
            g_string_free(word, TRUE);
        }
        i = end - 1;
    }
}

/* ---- all of it ---- */

static void marker_check(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 0; i < run->len; i++) {
        size_t length = marker_length(run, i);
        if (length == 0)
            continue;
        char *text = lint_around(run, i, i + (guint)length - 1);
        const char *marker = words_open_marker(text);
        lint_add(gathering, LINT_OPEN_MARKER, lint_line_at(run, i),
                 "%s still stands in \"%s\", expected it settled", marker != NULL ? marker : "", text);
        g_free(text);
    }
}

void lint_run(struct lint_gathering *gathering, const GArray *run, bool is_japanese)
{
    marker_check(gathering, run);
    abbreviations_gather(gathering, run);
    if (is_japanese) {
        lint_japanese_check(gathering, run);
    } else {
        words_check(gathering, run);
        long_words_check(gathering, run);
    }
}

void lint_gathering_finish(struct lint_gathering *gathering)
{
    lint_japanese_finish(gathering);
    for (guint i = 0; i < gathering->order->len; i++) {
        const char *word = gathering->order->pdata[i];
        const struct lint_place *place = g_hash_table_lookup(gathering->abbreviations, word);
        if (g_hash_table_contains(gathering->explained, word) ||
            lint_settings_knows(gathering->settings, word))
            continue;
        gathering->file = place->file;
        lint_add(gathering, LINT_ABBREVIATION, place->line,
                 "%s is nowhere explained, expected its full name beside it in brackets, or <known> in "
                 "publication.xml",
                 word);
    }
}
