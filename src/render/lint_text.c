#include "render/lint_text.h"

#include <stdarg.h>
#include <string.h>

#include "render/words.h"

/* How much of the text a message shows on either side. */
enum { SHOWN_AROUND = 6 };

/* The dashes of ranges, by index of dashes[]. */
static const gunichar dash_characters[] = {0xFF5E, 0x301C, '~'};
static const char *const dash_names[] = {"～ (U+FF5E)", "〜 (U+301C)", "~"};

/* ---- characters ---- */

static bool is_hiragana(gunichar c)
{
    return c >= 0x3041 && c <= 0x309F;
}

static bool is_katakana(gunichar c)
{
    return (c >= 0x30A1 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF);
}

static bool is_kanji(gunichar c)
{
    return c == 0x3005 || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_letter(gunichar c)
{
    return is_hiragana(c) || is_katakana(c) || is_kanji(c);
}

static bool is_ascii_word(gunichar c)
{
    return c < 0x80 && g_ascii_isalnum((char)c);
}

static bool is_upper(gunichar c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(gunichar c)
{
    return c >= '0' && c <= '9';
}

/* ---- runs ---- */

static gunichar at(const GArray *run, gint64 i)
{
    return i >= 0 && i < (gint64)run->len ? g_array_index(run, struct lint_character, (guint)i).c : 0;
}

static long line_at(const GArray *run, guint i)
{
    return g_array_index(run, struct lint_character, i).line;
}

/* The text around characters `first` to `last`, for a message. Owned by the caller. */
static char *around(const GArray *run, guint first, guint last)
{
    GString *out = g_string_new(NULL);
    guint start = first > SHOWN_AROUND ? first - SHOWN_AROUND : 0;
    guint end = MIN(run->len, last + 1 + SHOWN_AROUND);
    for (guint i = start; i < end; i++) {
        if (at(run, i) == LINT_OBJECT)
            g_string_append(out, "…");
        else
            g_string_append_unichar(out, at(run, i));
    }
    return g_string_free(out, FALSE);
}

static bool run_has(const GArray *run, guint i, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p), i++)
        if (at(run, i) != g_utf8_get_char(p))
            return false;
    return true;
}

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

/* ---- punctuation and widths ---- */

/* The half-width mark at `i` and what should stand there; NULL: it may stay. */
static const char *full_width_of(const struct lint_gathering *gathering, const GArray *run, guint i)
{
    gunichar c = at(run, i), before = at(run, (gint64)i - 1), after = at(run, i + 1);
    bool closes = before == 0x300D || before == 0x300F || before == 0xFF09; /* 」 』 ） */
    bool ends = (is_letter(before) || closes) && !is_ascii_word(after);
    bool touches = is_letter(before) || is_letter(after) || closes;
    switch (c) {
    case ',':
        return ends ? "、" : NULL;
    case '.':
        return ends ? "。" : NULL;
    case '!':
        return ends ? "！" : NULL;
    case '?':
        return ends ? "？" : NULL;
    case ';':
        return ends ? "；" : NULL;
    case ':':
        return touches && !gathering->normalises ? "：" : NULL;
    case '(':
        return touches && !gathering->normalises ? "（" : NULL;
    case ')':
        return touches && !gathering->normalises ? "）" : NULL;
    case '~':
        return (touches || (is_digit(before) && is_digit(after))) && !gathering->normalises ? "〜" : NULL;
    default:
        return NULL;
    }
}

static void punctuation_check(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 0; i < run->len; i++) {
        const char *expected = full_width_of(gathering, run, i);
        if (expected == NULL)
            continue;
        char *text = around(run, i, i);
        lint_add(gathering, LINT_HALF_WIDTH_PUNCTUATION, line_at(run, i),
                 "half-width \"%c\" beside Japanese in \"%s\", expected %s", (char)at(run, i), text,
                 expected);
        g_free(text);
    }
}

static bool is_half_katakana(gunichar c)
{
    return c >= 0xFF61 && c <= 0xFF9F;
}

static bool is_full_width(gunichar c)
{
    return (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A);
}

/* Each unbroken row of such characters is told once. */
static void widths_check(struct lint_gathering *gathering, const GArray *run, bool (*is_such)(gunichar),
                         enum lint_rule rule, const char *what, const char *expected)
{
    for (guint i = 0; i < run->len; i++) {
        if (!is_such(at(run, i)))
            continue;
        guint last = i;
        while (is_such(at(run, last + 1)))
            last++;
        char *text = around(run, i, last);
        lint_add(gathering, rule, line_at(run, i), "%s in \"%s\", expected %s", what, text, expected);
        g_free(text);
        i = last;
    }
}

static void dashes_gather(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 0; i < run->len; i++)
        for (size_t k = 0; k < G_N_ELEMENTS(dash_characters); k++) {
            /* "~" is a range only beside digits or Japanese; where pages are normalised it becomes 〜. */
            gunichar before = at(run, (gint64)i - 1), after = at(run, i + 1);
            bool ranges = is_letter(before) || is_letter(after) || (is_digit(before) && is_digit(after));
            if (at(run, i) != dash_characters[k] || (at(run, i) == '~' && (!ranges || gathering->normalises)))
                continue;
            struct lint_place place = {gathering->file, line_at(run, i)};
            g_array_append_val(gathering->dashes[k], place);
        }
}

/* 。。 、、 、。: but ！！ and …… are meant. */
static void doubled_punctuation_check(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 0; i + 1 < run->len; i++) {
        bool first = at(run, i) == 0x3001 || at(run, i) == 0x3002;
        bool second = at(run, i + 1) == 0x3001 || at(run, i + 1) == 0x3002;
        if (!first || !second)
            continue;
        char *text = around(run, i, i + 1);
        lint_add(gathering, LINT_DOUBLED_PUNCTUATION, line_at(run, i),
                 "two marks in a row in \"%s\", expected one", text);
        g_free(text);
        i++;
    }
}

static void blanks_check(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 1; i + 1 < run->len; i++) {
        if (at(run, i) != ' ' || !is_letter(at(run, (gint64)i - 1)) || !is_letter(at(run, i + 1)))
            continue;
        char *text = around(run, i, i);
        lint_add(gathering, LINT_BLANK_IN_JAPANESE, line_at(run, i),
                 "a blank between Japanese letters in \"%s\", expected none", text);
        g_free(text);
    }
}

/* ---- doubled words ---- */

/* Two particles in a row that Japanese does not have. They follow a noun: a kanji, katakana, a Latin letter
 * or a closing bracket; where `after_kana`, also kana, for no word looks like it. */
static const struct doubled {
    const char *text;
    bool after_kana;
    const char *unless_before; /* behind these it is something else: もののうち */
    const char *unless_after;  /* and in front of these: とともに */
} doubled[] = {
    {"をを", true, "", ""},         {"にに", false, "", "んるたてぎ"}, {"がが", false, "", "くっ"},
    {"のの", true, "も", "しちべ"}, {"はは", false, "", "はんっ"},     {"とと", false, "", "もっのき"},
    {"でで", false, "", "き"},      {"へへ", false, "", "へ"},         {"がを", false, "", ""},
    {"をが", false, "", "んっ"},    {"にを", false, "", ""},
};

static bool is_among(gunichar c, const char *list)
{
    return c != 0 && g_utf8_strchr(list, -1, c) != NULL;
}

static void particles_check(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 1; i + 1 < run->len; i++) {
        gunichar before = at(run, (gint64)i - 1);
        bool follows_noun = is_kanji(before) || is_katakana(before) || is_ascii_word(before) ||
                            before == LINT_OBJECT || before == 0x300D || before == 0xFF09 || before == ')';
        for (size_t k = 0; k < G_N_ELEMENTS(doubled); k++) {
            if (!run_has(run, i, doubled[k].text) || !(follows_noun || doubled[k].after_kana) ||
                is_among(before, doubled[k].unless_before) ||
                is_among(at(run, i + 2), doubled[k].unless_after))
                continue;
            char *text = around(run, i, i + 1);
            lint_add(gathering, LINT_DOUBLED_PARTICLE, line_at(run, i),
                     "\"%s\" in \"%s\", expected one particle", doubled[k].text, text);
            g_free(text);
        }
    }
}

/* The word that starts at `i` in lower case; "" when there is none. Owned by the caller. */
static char *word_at(const GArray *run, guint i)
{
    GString *word = g_string_new(NULL);
    for (; is_ascii_word(at(run, i)) || at(run, i) == '\''; i++)
        g_string_append_c(word, g_ascii_tolower((char)at(run, i)));
    return g_string_free(word, FALSE);
}

/* "the the"; "that that" and "had had" are English, numbers may repeat. */
static void words_check(struct lint_gathering *gathering, const GArray *run)
{
    static const char *const meant[] = {"that", "had", NULL};
    for (guint i = 0; i < run->len; i++) {
        if (is_ascii_word(at(run, (gint64)i - 1)) || !is_ascii_word(at(run, i)))
            continue;
        char *word = word_at(run, i);
        guint end = i + (guint)strlen(word);
        char *next = at(run, end) == ' ' ? word_at(run, end + 1) : g_strdup("");
        if (g_ascii_isalpha(*word) && strcmp(word, next) == 0 && !g_strv_contains(meant, word)) {
            char *text = around(run, i, end + (guint)strlen(next));
            lint_add(gathering, LINT_DOUBLED_WORD, line_at(run, i), "\"%s\" twice in \"%s\", expected once",
                     word, text);
            g_free(text);
        }
        g_free(next);
        g_free(word);
    }
}

/* ---- sentences ---- */

/* In code points, with what is filled in as a few. */
static void long_japanese_check(struct lint_gathering *gathering, const GArray *run)
{
    enum { OBJECT_LENGTH = 3 };
    int limit = gathering->settings->limits[LINT_LONG_SENTENCE];
    int length = 0;
    guint start = 0;
    for (guint i = 0; i <= run->len; i++) {
        gunichar c = at(run, i);
        bool ends = i == run->len || c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
        length += c == LINT_OBJECT ? OBJECT_LENGTH : 1;
        if (!ends)
            continue;
        if (length > limit) {
            char *text = around(run, start, start + SHOWN_AROUND);
            lint_add(gathering, LINT_LONG_SENTENCE, line_at(run, start),
                     "a sentence of %d characters (\"%s…\"), expected at most %d", length, text, limit);
            g_free(text);
        }
        start = i + 1;
        length = 0;
    }
}

/* A full stop ends a sentence unless it belongs to an initial, "e.g.", "No." or a number. */
static bool ends_sentence(const GArray *run, guint i)
{
    gunichar c = at(run, i);
    if (i >= run->len || c == '!' || c == '?')
        return true;
    gunichar after = at(run, i + 1), before = at(run, (gint64)i - 1), earlier = at(run, (gint64)i - 2);
    if (c != '.' || (after != 0 && after != ' ' && after != LINT_OBJECT && after != ')' && after != '"' &&
                     after != 0x201D))
        return false;
    bool is_initial = is_ascii_word(before) && !is_digit(before) && (earlier == ' ' || earlier == '.');
    gunichar next = at(run, i + 2);
    return !is_initial && !(after == ' ' && next >= 'a' && next <= 'z');
}

static void long_words_check(struct lint_gathering *gathering, const GArray *run)
{
    int limit = gathering->settings->limits[LINT_LONG_SENTENCE_WORDS];
    int words = 0;
    guint start = 0;
    for (guint i = 0; i <= run->len; i++) {
        bool begins = i < run->len && at(run, i) != ' ' && (i == start || at(run, (gint64)i - 1) == ' ');
        words += begins ? 1 : 0;
        if (!ends_sentence(run, i))
            continue;
        if (words > limit) {
            guint first = start;
            while (at(run, first) == ' ')
                first++;
            char *text = around(run, first, first + 3 * SHOWN_AROUND);
            lint_add(gathering, LINT_LONG_SENTENCE_WORDS, line_at(run, first),
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
    gunichar before = at(run, (gint64)i - 1);
    if (!is_upper(at(run, i)) || is_ascii_word(before) || before == '-' || before == '_' || before == '.' ||
        before == '@')
        return 0;
    guint end = i;
    while (is_upper(at(run, end)))
        end++;
    guint length = end - i;
    gunichar after = at(run, end) == 's' ? at(run, end + 1) : at(run, end);
    bool alone = !is_ascii_word(after) && after != '-' && after != '_' && after != '@' &&
                 !(after == '.' && is_ascii_word(at(run, end + 1)));
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
        if (run_has(run, i, words_open_markers[k]))
            return (size_t)g_utf8_strlen(words_open_markers[k], -1);
    return 0;
}

/* In brackets, or in front of some, an abbreviation is explained: インターネットサービスプロバイダー（ISP）,
 * ISP (Internet service provider). */
static void abbreviations_gather(struct lint_gathering *gathering, const GArray *run)
{
    int depth = 0;
    for (guint i = 0; i < run->len; i++) {
        gunichar c = at(run, i);
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
            g_string_append_c(word, (char)at(run, k));
        guint behind = at(run, end) == 's' ? end + 1 : end;
        behind += at(run, behind) == ' ' ? 1 : 0;
        if (depth > 0 || at(run, behind) == '(' || at(run, behind) == 0xFF08)
            lint_explain(gathering, word->str);
        if (!g_hash_table_contains(gathering->abbreviations, word->str) && !is_roman_numeral(word->str)) {
            struct lint_place *place = g_new(struct lint_place, 1);
            *place = (struct lint_place){gathering->file, line_at(run, i)};
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
        char *text = around(run, i, i + (guint)length - 1);
        const char *marker = words_open_marker(text);
        lint_add(gathering, LINT_OPEN_MARKER, line_at(run, i),
                 "%s still stands in \"%s\", expected it settled", marker != NULL ? marker : "", text);
        g_free(text);
    }
}

void lint_run(struct lint_gathering *gathering, const GArray *run, bool is_japanese)
{
    marker_check(gathering, run);
    abbreviations_gather(gathering, run);
    if (!is_japanese) {
        words_check(gathering, run);
        long_words_check(gathering, run);
        return;
    }
    punctuation_check(gathering, run);
    widths_check(gathering, run, is_half_katakana, LINT_HALF_WIDTH_KATAKANA, "half-width katakana",
                 "full width");
    widths_check(gathering, run, is_full_width, LINT_FULL_WIDTH_LETTERS, "full-width digits or letters",
                 "half width");
    dashes_gather(gathering, run);
    doubled_punctuation_check(gathering, run);
    blanks_check(gathering, run);
    particles_check(gathering, run);
    long_japanese_check(gathering, run);
}

/* The dash that the edition uses most is the one that is meant; of equals, 〜. */
static void dashes_finish(struct lint_gathering *gathering)
{
    size_t most = 1;
    for (size_t k = 0; k < G_N_ELEMENTS(gathering->dashes); k++)
        if (gathering->dashes[k]->len > gathering->dashes[most]->len)
            most = k;
    for (size_t k = 0; k < G_N_ELEMENTS(gathering->dashes); k++)
        for (guint i = 0; k != most && i < gathering->dashes[k]->len; i++) {
            const struct lint_place *place = &g_array_index(gathering->dashes[k], struct lint_place, i);
            gathering->file = place->file;
            lint_add(gathering, LINT_WAVE_DASH, place->line,
                     "%s, where this edition has %s elsewhere, expected one of them throughout",
                     dash_names[k], dash_names[most]);
        }
}

void lint_gathering_finish(struct lint_gathering *gathering)
{
    dashes_finish(gathering);
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
