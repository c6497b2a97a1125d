#include "render/lint_character.h"

/* ---- characters ---- */

static bool is_hiragana(gunichar c)
{
    return c >= 0x3041 && c <= 0x309F;
}

bool lint_is_katakana(gunichar c)
{
    return (c >= 0x30A1 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF);
}

bool lint_is_kanji(gunichar c)
{
    return c == 0x3005 || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

bool lint_is_letter(gunichar c)
{
    return is_hiragana(c) || lint_is_katakana(c) || lint_is_kanji(c);
}

bool lint_is_ascii_word(gunichar c)
{
    return c < 0x80 && g_ascii_isalnum((char)c);
}

bool lint_is_upper(gunichar c)
{
    return c >= 'A' && c <= 'Z';
}

bool lint_is_digit(gunichar c)
{
    return c >= '0' && c <= '9';
}

/* ---- runs ---- */

gunichar lint_at(const GArray *run, gint64 i)
{
    return i >= 0 && i < (gint64)run->len ? g_array_index(run, struct lint_character, (guint)i).c : 0;
}

long lint_line_at(const GArray *run, guint i)
{
    return g_array_index(run, struct lint_character, i).line;
}

char *lint_around(const GArray *run, guint first, guint last)
{
    GString *out = g_string_new(NULL);
    guint start = first > LINT_SHOWN_AROUND ? first - LINT_SHOWN_AROUND : 0;
    guint end = MIN(run->len, last + 1 + LINT_SHOWN_AROUND);
    for (guint i = start; i < end; i++) {
        if (lint_at(run, i) == LINT_OBJECT)
            g_string_append(out, "…");
        else
            g_string_append_unichar(out, lint_at(run, i));
    }
    return g_string_free(out, FALSE);
}

bool lint_run_has(const GArray *run, guint i, const char *text)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p), i++)
        if (lint_at(run, i) != g_utf8_get_char(p))
            return false;
    return true;
}
