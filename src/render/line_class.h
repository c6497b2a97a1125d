/* line_class.h - the character classes of Japanese line setting (JLREQ appendix A, reduced to what a report
 * needs) and the rules between two of them: may a line break there, and how much space stands there.
 *
 *     struct line_gap gap = line_class_gap(LINE_CLASS_COMMA, LINE_CLASS_OPENING);
 *     // half an em, which may shrink to a quarter; a break is allowed
 *
 * Punctuation is set as half an em of ink; the other half, which JLREQ puts beside it, is the gap, so that it
 * can vanish at a line's end and be shared between neighbours.
 */
#ifndef TEITEN_RENDER_LINE_CLASS_H
#define TEITEN_RENDER_LINE_CLASS_H

#include <glib.h>
#include <stdbool.h>

enum line_class {
    LINE_CLASS_IDEOGRAPH,         /* kanji, kana, full-width letters and everything else that is a square */
    LINE_CLASS_OPENING,           /* cl-01: （「『 */
    LINE_CLASS_CLOSING,           /* cl-02: ）」』 */
    LINE_CLASS_COMMA,             /* cl-07: 、， */
    LINE_CLASS_FULL_STOP,         /* cl-06: 。． */
    LINE_CLASS_MIDDLE_DOT,        /* cl-05: ・：； */
    LINE_CLASS_DIVIDING,          /* cl-04: ！？ */
    LINE_CLASS_HYPHEN,            /* cl-03: 〜 ‐ between numbers */
    LINE_CLASS_NOT_AT_START,      /* cl-09, 10, 11: 々 ー small kana, ％ */
    LINE_CLASS_INSEPARABLE,       /* cl-08: — … ‥, in pairs */
    LINE_CLASS_LATIN,             /* letters and digits of Western text */
    LINE_CLASS_SPACE,             /* U+0020 */
    LINE_CLASS_IDEOGRAPHIC_SPACE, /* U+3000 */
};

/* All in em. */
struct line_gap {
    bool breakable;
    int cost; /* of a break, when breakable */
    double width, stretch, stretch_limit, shrink;
};

enum line_class line_class_of(gunichar c);
/* The same in a text that is not Japanese: its dashes and dots are those of its words. */
enum line_class line_class_western(gunichar c);
struct line_gap line_class_gap(enum line_class before, enum line_class after);
/* Punctuation of half an em whose glyph is a whole em wide: how far the ink lies from the glyph's left edge,
 * in em. Negative: no such punctuation, the glyph keeps its width. */
double line_class_ink_start(enum line_class class);

/* Of a title's break between two characters: 0 where a reader would pause, before the word that follows a
 * particle (四半期の|順位); the more, the worse. */
int line_class_phrase_cost(gunichar before, gunichar after);
/* Whether it is a letter of katakana, or the sign that lengthens a vowel: words of these have no place to
 * part. */
bool line_class_is_katakana(gunichar character);

#endif
