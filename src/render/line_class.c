#include "render/line_class.h"

#include <string.h>

/* Most that is ever added between two Japanese characters is 0.25 em (the typical is below 0.10). */
static const double CJK_STRETCH = 0.06, CJK_LIMIT = 0.25;
static const double LATIN_GAP = 1.0 / 6, LATIN_GAP_CHANGE = 0.08;

static bool among(gunichar c, const char *set)
{
    char text[7] = "";
    text[g_unichar_to_utf8(c, text)] = '\0';
    return strstr(set, text) != NULL;
}

enum line_class line_class_of(gunichar c)
{
    if (c == ' ' || c == 0xA0)
        return LINE_CLASS_SPACE;
    if (c == 0x3000)
        return LINE_CLASS_IDEOGRAPHIC_SPACE;
    if (c < 0x2000)
        return LINE_CLASS_LATIN;
    if (among(c, "（「『［｛〔〈《【“‘〝｟"))
        return c == 0x201C || c == 0x2018 ? LINE_CLASS_LATIN : LINE_CLASS_OPENING;
    if (among(c, "）」』］｝〕〉》】〟｠"))
        return LINE_CLASS_CLOSING;
    if (among(c, "、，"))
        return LINE_CLASS_COMMA;
    if (among(c, "。．"))
        return LINE_CLASS_FULL_STOP;
    if (among(c, "・：；"))
        return LINE_CLASS_MIDDLE_DOT;
    if (among(c, "！？‼⁇⁈⁉"))
        return LINE_CLASS_DIVIDING;
    if (among(c, "〜～‐゠–"))
        return LINE_CLASS_HYPHEN;
    if (among(c, "—…‥―"))
        return LINE_CLASS_INSEPARABLE;
    if (among(c, "ーぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ々〻ゝゞヽヾ％℃°′″㎏"))
        return LINE_CLASS_NOT_AT_START;
    if (c >= 0x31F0 && c <= 0x31FF)
        return LINE_CLASS_NOT_AT_START; /* small katakana for Ainu */
    if (c < 0x2070 || (c >= 0x20A0 && c < 0x20D0))
        return LINE_CLASS_LATIN; /* Western punctuation and currency signs */
    return LINE_CLASS_IDEOGRAPH;
}

enum line_class line_class_western(gunichar c)
{
    return c >= 0x2010 && c < 0x2070 ? LINE_CLASS_LATIN : line_class_of(c);
}

double line_class_ink_start(enum line_class class)
{
    switch (class) {
    case LINE_CLASS_OPENING:
        return 0.5;
    case LINE_CLASS_MIDDLE_DOT:
        return 0.25;
    case LINE_CLASS_CLOSING:
    case LINE_CLASS_COMMA:
    case LINE_CLASS_FULL_STOP:
        return 0;
    default:
        return -1;
    }
}

static bool never_starts_a_line(enum line_class class)
{
    switch (class) {
    case LINE_CLASS_CLOSING:
    case LINE_CLASS_COMMA:
    case LINE_CLASS_FULL_STOP:
    case LINE_CLASS_MIDDLE_DOT:
    case LINE_CLASS_DIVIDING:
    case LINE_CLASS_HYPHEN:
    case LINE_CLASS_NOT_AT_START:
        return true;
    default:
        return false;
    }
}

static bool is_half_em_closing(enum line_class class)
{
    return class == LINE_CLASS_CLOSING || class == LINE_CLASS_COMMA || class == LINE_CLASS_FULL_STOP;
}

static bool is_square(enum line_class class)
{
    return class == LINE_CLASS_IDEOGRAPH || class == LINE_CLASS_NOT_AT_START ||
           class == LINE_CLASS_DIVIDING || class == LINE_CLASS_INSEPARABLE ||
           class == LINE_CLASS_IDEOGRAPHIC_SPACE;
}

/* JLREQ 3.1.4 and appendix B: the space that belongs between two classes, in em; *shrink as far as it may be
 * taken back. */
static double punctuation_space(enum line_class before, enum line_class after, double *shrink)
{
    *shrink = 0;
    if (is_half_em_closing(before)) {
        if (is_half_em_closing(after))
            return 0;
        if (after == LINE_CLASS_MIDDLE_DOT) {
            *shrink = 0.125;
            return before == LINE_CLASS_FULL_STOP ? 0.75 : 0.25;
        }
        if (after == LINE_CLASS_DIVIDING)
            return 0;
        *shrink = before == LINE_CLASS_FULL_STOP ? 0 : 0.25; /* a full stop keeps its space (JLREQ 3.8.3) */
        return 0.5;
    }
    if (before == LINE_CLASS_MIDDLE_DOT) {
        if (after == LINE_CLASS_OPENING || is_half_em_closing(after) || after == LINE_CLASS_MIDDLE_DOT) {
            *shrink = 0.125;
            return 0.25;
        }
        *shrink = 0.125;
        return 0.25;
    }
    if (after == LINE_CLASS_MIDDLE_DOT) {
        *shrink = 0.125;
        return 0.25;
    }
    if (after == LINE_CLASS_OPENING && before != LINE_CLASS_OPENING &&
        before != LINE_CLASS_IDEOGRAPHIC_SPACE) {
        *shrink = 0.25;
        return 0.5;
    }
    return 0;
}

struct line_gap line_class_gap(enum line_class before, enum line_class after)
{
    struct line_gap gap = {.breakable = true};
    if (before == LINE_CLASS_SPACE || after == LINE_CLASS_SPACE) {
        gap.breakable = false; /* a space is glue of its own */
        return gap;
    }
    if (before == LINE_CLASS_LATIN && after == LINE_CLASS_LATIN) {
        gap.breakable = false;
        return gap;
    }
    if (before == LINE_CLASS_OPENING || never_starts_a_line(after) ||
        (before == LINE_CLASS_INSEPARABLE && after == LINE_CLASS_INSEPARABLE))
        gap.breakable = false;
    gap.width = punctuation_space(before, after, &gap.shrink);
    if ((before == LINE_CLASS_LATIN && is_square(after)) ||
        (is_square(before) && after == LINE_CLASS_LATIN)) {
        if (before == LINE_CLASS_IDEOGRAPHIC_SPACE || after == LINE_CLASS_IDEOGRAPHIC_SPACE)
            return gap;
        gap.width = LATIN_GAP;
        gap.stretch = CJK_STRETCH;
        gap.stretch_limit = LATIN_GAP_CHANGE;
        gap.shrink = LATIN_GAP_CHANGE;
        return gap;
    }
    if (before == LINE_CLASS_INSEPARABLE && after == LINE_CLASS_INSEPARABLE)
        return gap;
    if (before == LINE_CLASS_OPENING || (is_half_em_closing(after) && !is_half_em_closing(before))) {
        /* Brackets stay close to what they enclose, but not closer than others when a line is wide. */
        gap.stretch = CJK_STRETCH / 2;
        gap.stretch_limit = CJK_LIMIT / 2;
        return gap;
    }
    gap.stretch = CJK_STRETCH;
    gap.stretch_limit = CJK_LIMIT;
    return gap;
}

bool line_class_is_katakana(gunichar c)
{
    return (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC;
}

enum script { SCRIPT_OTHER, SCRIPT_HIRAGANA, SCRIPT_KATAKANA, SCRIPT_KANJI };

static enum script script_of(gunichar c)
{
    if (c >= 0x3041 && c <= 0x309F)
        return SCRIPT_HIRAGANA;
    if (line_class_is_katakana(c))
        return SCRIPT_KATAKANA;
    return (c >= 0x3400 && c <= 0x9FFF) || c == 0x3005 ? SCRIPT_KANJI : SCRIPT_OTHER;
}

int line_class_phrase_cost(gunichar before, gunichar after)
{
    enum { BETWEEN_SCRIPTS = 150, WITHIN_A_WORD = 400 };
    enum script a = script_of(before), b = script_of(after);
    if (a == SCRIPT_OTHER)
        return 0;
    if (b == SCRIPT_OTHER)
        return line_class_of(after) == LINE_CLASS_OPENING ? 0 : BETWEEN_SCRIPTS;
    if (a == SCRIPT_HIRAGANA)
        return b == SCRIPT_HIRAGANA ? WITHIN_A_WORD : 0;
    return a != b && b != SCRIPT_HIRAGANA ? BETWEEN_SCRIPTS : WITHIN_A_WORD;
}
