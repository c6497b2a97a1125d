#include "render/pdf_text.h"

#include <stdbool.h>
#include <string.h>

/* Radicals of the supplement that fonts draw with the ideograph's glyph. Unicode gives decompositions of two
 * of them only. */
static const char RADICALS[] = "⺟⺠⺡⺢⺣⺤⺥⺦⺨⺩⺬⺭⺯⺱⺴⺶⺷⺹⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻈⻉⻊⻋⻌⻍⻎⻏⻐"
                               "⻑⻒⻓⻔⻕⻖⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳";
static const char IDEOGRAPHS[] = "母民氵氺灬爪爫丬犭王示礻糸罓网羊羊耂聿肉臼艹艹艹虎衤覀西见讠贝足车辶辶辶阝"
                                 "钅長镸长门阜阝青韦页风飞食首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";

static gunichar in_table(gunichar c)
{
    const char *ideograph = IDEOGRAPHS;
    for (const char *radical = RADICALS; *radical != '\0' && *ideograph != '\0';
         radical = g_utf8_next_char(radical)) {
        if (g_utf8_get_char(radical) == c)
            return g_utf8_get_char(ideograph);
        ideograph = g_utf8_next_char(ideograph);
    }
    return c;
}

gunichar pdf_text_ideograph(gunichar c)
{
    if (c < 0x2E80 || c > 0x2FDF)
        return c;
    gunichar decomposed[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
    if (g_unichar_fully_decompose(c, TRUE, decomposed, G_N_ELEMENTS(decomposed)) == 1 && decomposed[0] != c)
        return decomposed[0];
    return in_table(c);
}

/* "<2F47>" at p: the number, or -1. */
static int four_digits(const char *p, const char *end)
{
    int value = 0;
    if (end - p < 6 || p[0] != '<' || p[5] != '>')
        return -1;
    for (int i = 1; i < 5; i++) {
        int digit = g_ascii_xdigit_value(p[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Letters of a ligature (U+FB00 to U+FB06), as UTF-16 in hexadecimal digits; NULL for another character. */
static const char *letters_of(int c)
{
    static const char *const LETTERS[] = {"00660066",     "00660069", "0066006c", "006600660069",
                                          "00660066006c", "00730074", "00730074"};
    return c >= 0xFB00 && c < 0xFB00 + (int)G_N_ELEMENTS(LETTERS) ? LETTERS[c - 0xFB00] : NULL;
}

GBytes *pdf_text_mend(const unsigned char *map, size_t size)
{
    const char *text = (const char *)map, *end = text + size, *copied = text;
    GString *mended = g_string_sized_new(size);
    /* Lines of bfchar: "<glyph> <character>". The first of them is no character. */
    for (const char *p = memchr(text, '<', size); p != NULL;
         p = p < end ? memchr(p, '<', (size_t)(end - p)) : NULL) {
        int c = four_digits(p, end);
        bool second = p - text >= 2 && p[-1] == ' ' && p[-2] == '>';
        const char *letters = letters_of(c);
        if (second && c > 0 && (letters != NULL || pdf_text_ideograph((gunichar)c) != (gunichar)c)) {
            g_string_append_len(mended, copied, p + 1 - copied);
            copied = p + 1 + 4;
            if (letters != NULL)
                g_string_append(mended, letters);
            else
                g_string_append_printf(mended, "%04x", pdf_text_ideograph((gunichar)c));
        }
        p++;
    }
    if (copied == text) {
        g_string_free(mended, TRUE);
        return NULL;
    }
    g_string_append_len(mended, copied, end - copied);
    return g_string_free_to_bytes(mended);
}
