#include <pango/pango.h>
#include <string.h>

#include "chart/layout.h"
#include "chart/palette.h"

/* Marks that override the direction of writing (UAX #9, 2.1 to 2.5): a name cannot need them, and one left
 * open would turn what stands after it. */
static bool turns_direction(gunichar c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Line breaks and runs of blanks of a configuration file become single blanks. */
static char *tidy(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank && !turns_direction(c))
            g_string_append_unichar(out, c);
        else if (blank && out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    if (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

double layout_width(const struct layout *layout, const char *text, double size, bool bold)
{
    return *text == '\0' ? 0 : layout->measure->width(layout->measure->context, text, size, bold);
}

static bool is_digit(gunichar c)
{
    return c < 0x80 && g_ascii_isdigit((char)c);
}

static bool is_ideograph(gunichar c)
{
    return c >= 0x4E00 && c <= 0x9FFF;
}

/* A number stays with its counter and its unit, and 6月 with 21日; below, June with 21. */
static bool parts_a_date(gunichar before, gunichar after)
{
    return (is_digit(before) && is_ideograph(after)) || (is_ideograph(before) && is_digit(after));
}

static PangoLogAttr *break_places(const struct layout *layout, const char *text, int *character_count)
{
    *character_count = (int)g_utf8_strlen(text, -1);
    PangoLogAttr *places = g_new0(PangoLogAttr, (size_t)*character_count + 1);
    pango_get_log_attrs(text, (int)strlen(text), -1, pango_language_from_string(layout->spec->language),
                        places, *character_count + 1);
    gunichar earlier = 0;
    const char *p = text;
    for (int i = 1; i < *character_count; i++) {
        gunichar before = g_utf8_get_char(p);
        p = g_utf8_next_char(p);
        gunichar after = g_utf8_get_char(p);
        if (parts_a_date(before, after) || (before == ' ' && g_unichar_isalpha(earlier) && is_digit(after)))
            places[i].is_line_break = 0;
        earlier = before;
    }
    return places;
}

char *layout_cut(const struct layout *layout, const char *text, double size, bool bold, double width)
{
    char *clean = tidy(text);
    if (*clean == '\0' || layout_width(layout, clean, size, bold) <= width)
        return clean;
    int count;
    PangoLogAttr *places = break_places(layout, clean, &count);
    char *cut = NULL;
    for (int length = count - 1; length >= 0 && cut == NULL; length--) {
        if (!places[length].is_cursor_position)
            continue;
        char *start = g_utf8_substring(clean, 0, length);
        char *candidate = g_strconcat(g_strchomp(start), "…", NULL);
        g_free(start);
        if (length == 0 || layout_width(layout, candidate, size, bold) <= width)
            cut = candidate;
        else
            g_free(candidate);
    }
    g_free(places);
    g_free(clean);
    return cut;
}

GPtrArray *layout_wrap(const struct layout *layout, const char *text, double size, bool bold, double width,
                       guint line_limit)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    char *clean = tidy(text);
    int count;
    PangoLogAttr *places = break_places(layout, clean, &count);
    int start = 0;
    while (start < count) {
        char *rest = g_utf8_substring(clean, start, count);
        if (lines->len + 1 == line_limit || layout_width(layout, rest, size, bold) <= width) {
            g_ptr_array_add(lines, layout_cut(layout, rest, size, bold, width));
            g_free(rest);
            break;
        }
        g_free(rest);
        int end = start;
        for (int place = start + 1; place < count; place++) {
            if (!places[place].is_line_break)
                continue;
            char *line = g_strchomp(g_utf8_substring(clean, start, place));
            bool fits = layout_width(layout, line, size, bold) <= width;
            g_free(line);
            if (!fits)
                break;
            end = place;
        }
        /* A word wider than the line breaks anywhere; at least one character a line. */
        for (int place = start + 1; end == start && place <= count; place++) {
            char *line = g_utf8_substring(clean, start, place);
            bool fits = layout_width(layout, line, size, bold) <= width;
            g_free(line);
            if (!fits)
                end = MAX(place - 1, start + 1);
        }
        if (end == start)
            end = count;
        g_ptr_array_add(lines, g_strchomp(g_utf8_substring(clean, start, end)));
        start = end;
    }
    g_free(places);
    g_free(clean);
    return lines;
}

void layout_add_text(struct layout *layout, struct scene_text text)
{
    char *clean = tidy(text.text);
    char *detail = text.detail != NULL ? tidy(text.detail) : NULL;
    text.text = clean;
    text.detail = detail;
    text.width = layout_width(layout, clean, text.size, text.bold);
    if (detail != NULL && *detail != '\0')
        text.width += text.detail_gap + layout_width(layout, detail, text.size, false);
    if (text.colour == 0)
        text.colour = PALETTE_TEXT;
    if (*clean != '\0')
        scene_text(layout->scene, &text);
    g_free(clean);
    g_free(detail);
}

static double add_lines(struct layout *layout, const GPtrArray *lines, double y, double pitch,
                        struct scene_text text)
{
    for (guint i = 0; i < lines->len; i++) {
        text.text = g_ptr_array_index(lines, i);
        text.y = y + 0.88 * text.size;
        layout_add_text(layout, text);
        y += pitch;
    }
    return y;
}

double layout_heading(struct layout *layout)
{
    const struct chart_spec *spec = layout->spec;
    double room = layout->right - layout->left;
    double y = LAYOUT_MARGIN;
    if (*spec->headline != '\0') {
        double size = 11;
        if (layout_width(layout, spec->headline, size, true) > room)
            size = 10;
        GPtrArray *lines = layout_wrap(layout, spec->headline, size, true, room, 2);
        y = add_lines(layout, lines, y, size * 1.3,
                      (struct scene_text){.role = "headline", .x = layout->left, .size = size, .bold = true});
        g_ptr_array_unref(lines);
    }
    if (*spec->subtitle != '\0') {
        GPtrArray *lines = layout_wrap(layout, spec->subtitle, LAYOUT_TEXT_SIZE, false, room, 2);
        y = add_lines(layout, lines, y + 1, LAYOUT_TEXT_SIZE * 1.3,
                      (struct scene_text){.role = "subtitle",
                                          .x = layout->left,
                                          .size = LAYOUT_TEXT_SIZE,
                                          .colour = PALETTE_TEXT_SECOND});
        g_ptr_array_unref(lines);
    }
    return y;
}

double layout_foot(struct layout *layout)
{
    const struct chart_spec *spec = layout->spec;
    double bottom = spec->height_pt > 0 ? spec->height_pt : layout->scene->height_pt;
    bottom -= LAYOUT_MARGIN;
    if (*spec->source_note == '\0')
        return bottom;
    double pitch = LAYOUT_TEXT_SIZE * 1.3;
    GPtrArray *lines =
        layout_wrap(layout, spec->source_note, LAYOUT_TEXT_SIZE, false, layout->right - layout->left, 2);
    double top = bottom - pitch * lines->len;
    add_lines(
        layout, lines, top, pitch,
        (struct scene_text){
            .role = "source", .x = layout->left, .size = LAYOUT_TEXT_SIZE, .colour = PALETTE_TEXT_SECOND});
    g_ptr_array_unref(lines);
    return top - 2;
}

void layout_unit(struct layout *layout, double baseline)
{
    double width = layout->right - layout->left;
    char *unit = layout_cut(layout, layout->spec->unit, LAYOUT_TEXT_SIZE, false, width);
    layout_add_text(layout, (struct scene_text){.role = "unit",
                                                .x = layout->left,
                                                .y = baseline,
                                                .size = LAYOUT_TEXT_SIZE,
                                                .colour = PALETTE_TEXT_SECOND,
                                                .text = unit});
    g_free(unit);
}
