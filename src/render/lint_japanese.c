#include "render/lint_japanese.h"

/* The dashes of ranges, by index of dashes[]. */
static const gunichar dash_characters[] = {0xFF5E, 0x301C, '~'};
static const char *const dash_names[] = {"～ (U+FF5E)", "〜 (U+301C)", "~"};

/* ---- punctuation and widths ---- */

/* The half-width mark at `i` and what should stand there; NULL: it may stay. */
static const char *full_width_of(const struct lint_gathering *gathering, const GArray *run, guint i)
{
    gunichar c = lint_at(run, i), before = lint_at(run, (gint64)i - 1), after = lint_at(run, i + 1);
    bool closes = before == 0x300D || before == 0x300F || before == 0xFF09; /* 」 』 ） */
    bool ends = (lint_is_letter(before) || closes) && !lint_is_ascii_word(after);
    bool touches = lint_is_letter(before) || lint_is_letter(after) || closes;
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
        return (touches || (lint_is_digit(before) && lint_is_digit(after))) && !gathering->normalises ? "〜"
                                                                                                      : NULL;
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
        char *text = lint_around(run, i, i);
        lint_add(gathering, LINT_HALF_WIDTH_PUNCTUATION, lint_line_at(run, i),
                 "half-width \"%c\" beside Japanese in \"%s\", expected %s", (char)lint_at(run, i), text,
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
        if (!is_such(lint_at(run, i)))
            continue;
        guint last = i;
        while (is_such(lint_at(run, last + 1)))
            last++;
        char *text = lint_around(run, i, last);
        lint_add(gathering, rule, lint_line_at(run, i), "%s in \"%s\", expected %s", what, text, expected);
        g_free(text);
        i = last;
    }
}

static void dashes_gather(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 0; i < run->len; i++)
        for (size_t k = 0; k < G_N_ELEMENTS(dash_characters); k++) {
            /* "~" is a range only beside digits or Japanese; where pages are normalised it becomes 〜. */
            gunichar before = lint_at(run, (gint64)i - 1), after = lint_at(run, i + 1);
            bool ranges = lint_is_letter(before) || lint_is_letter(after) ||
                          (lint_is_digit(before) && lint_is_digit(after));
            if (lint_at(run, i) != dash_characters[k] ||
                (lint_at(run, i) == '~' && (!ranges || gathering->normalises)))
                continue;
            struct lint_place place = {gathering->file, lint_line_at(run, i)};
            g_array_append_val(gathering->dashes[k], place);
        }
}

/* 。。 、、 、。: but ！！ and …… are meant. */
static void doubled_punctuation_check(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 0; i + 1 < run->len; i++) {
        bool first = lint_at(run, i) == 0x3001 || lint_at(run, i) == 0x3002;
        bool second = lint_at(run, i + 1) == 0x3001 || lint_at(run, i + 1) == 0x3002;
        if (!first || !second)
            continue;
        char *text = lint_around(run, i, i + 1);
        lint_add(gathering, LINT_DOUBLED_PUNCTUATION, lint_line_at(run, i),
                 "two marks in a row in \"%s\", expected one", text);
        g_free(text);
        i++;
    }
}

static void blanks_check(struct lint_gathering *gathering, const GArray *run)
{
    for (guint i = 1; i + 1 < run->len; i++) {
        if (lint_at(run, i) != ' ' || !lint_is_letter(lint_at(run, (gint64)i - 1)) ||
            !lint_is_letter(lint_at(run, i + 1)))
            continue;
        char *text = lint_around(run, i, i);
        lint_add(gathering, LINT_BLANK_IN_JAPANESE, lint_line_at(run, i),
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
        gunichar before = lint_at(run, (gint64)i - 1);
        bool follows_noun = lint_is_kanji(before) || lint_is_katakana(before) || lint_is_ascii_word(before) ||
                            before == LINT_OBJECT || before == 0x300D || before == 0xFF09 || before == ')';
        for (size_t k = 0; k < G_N_ELEMENTS(doubled); k++) {
            if (!lint_run_has(run, i, doubled[k].text) || !(follows_noun || doubled[k].after_kana) ||
                is_among(before, doubled[k].unless_before) ||
                is_among(lint_at(run, i + 2), doubled[k].unless_after))
                continue;
            char *text = lint_around(run, i, i + 1);
            lint_add(gathering, LINT_DOUBLED_PARTICLE, lint_line_at(run, i),
                     "\"%s\" in \"%s\", expected one particle", doubled[k].text, text);
            g_free(text);
        }
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
        gunichar c = lint_at(run, i);
        bool ends = i == run->len || c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
        length += c == LINT_OBJECT ? OBJECT_LENGTH : 1;
        if (!ends)
            continue;
        if (length > limit) {
            char *text = lint_around(run, start, start + LINT_SHOWN_AROUND);
            lint_add(gathering, LINT_LONG_SENTENCE, lint_line_at(run, start),
                     "a sentence of %d characters (\"%s…\"), expected at most %d", length, text, limit);
            g_free(text);
        }
        start = i + 1;
        length = 0;
    }
}

/* ---- all of it ---- */

void lint_japanese_check(struct lint_gathering *gathering, const GArray *run)
{
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

void lint_japanese_finish(struct lint_gathering *gathering)
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
