#include "cmd/message.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

bool message_acts_on_terminals(gunichar c)
{
    bool is_control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool breaks_line = c == 0x2028 || c == 0x2029;
    bool turns_direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return is_control || breaks_line || turns_direction;
}

static void append_escaped(GString *out, gunichar c)
{
    if (c == '\n')
        g_string_append(out, "\\n");
    else if (c == '\t')
        g_string_append(out, "\\t");
    else if (c < 0x100)
        g_string_append_printf(out, "\\x%02x", c);
    else
        g_string_append_printf(out, "\\u%04x", c);
}

static char *message_shown(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p != '\0';) {
        gunichar c = g_utf8_get_char_validated(p, -1);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            append_escaped(out, (guchar)*p++);
            continue;
        }
        const char *next = g_utf8_next_char(p);
        if (message_acts_on_terminals(c))
            append_escaped(out, c);
        else
            g_string_append_len(out, p, next - p);
        p = next;
    }
    return g_string_free(out, FALSE);
}

void message_print(const char *kind, const char *text)
{
    char *shown = message_shown(text);
    fprintf(stderr, "teiten: %s%s\n", kind, shown);
    g_free(shown);
}
