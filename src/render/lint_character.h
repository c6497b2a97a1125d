/* lint_character.h - a run of text and its characters, as the rules of lint look at them. Private to lint*.c.
 *
 * A run is what a reader sees in one go, without the source's line breaks: a GArray of struct lint_character,
 * each of which knows its line.
 */
#ifndef TEITEN_RENDER_LINT_CHARACTER_H
#define TEITEN_RENDER_LINT_CHARACTER_H

#include <glib.h>
#include <stdbool.h>

/* Stands for what is no text of the run: code, a value filled in, a reference, text in another language. */
enum { LINT_OBJECT = 0xFFFC };

/* How many characters a message shows on either side. */
enum { LINT_SHOWN_AROUND = 6 };

struct lint_character {
    gunichar c;
    long line;
};

/* Kana, kanji; is_letter: any of them. */
bool lint_is_katakana(gunichar c);
bool lint_is_kanji(gunichar c);
bool lint_is_letter(gunichar c);
/* Letters and digits of ASCII; capitals; digits. */
bool lint_is_ascii_word(gunichar c);
bool lint_is_upper(gunichar c);
bool lint_is_digit(gunichar c);

/* 0 before the first character and behind the last. */
gunichar lint_at(const GArray *run, gint64 i);
long lint_line_at(const GArray *run, guint i);
/* Whether `text` stands at `i`. */
bool lint_run_has(const GArray *run, guint i, const char *text);
/* The text around characters `first` to `last`, for a message. Owned by the caller. */
char *lint_around(const GArray *run, guint first, guint last);

#endif
