#include "render/typography.h"

#include <glib.h>
#include <string.h>

#include "render/xhtml.h"

/* One character of a line of text, which may run through several nodes (strong, a, ...). */
struct cell {
    gunichar c;    /* 0: taken out */
    guint piece;   /* index into pieces */
    bool is_fixed; /* left as it is */
};

struct line {
    GArray *cells;     /* struct cell */
    GPtrArray *pieces; /* xmlNodePtr; NULL for a lone string */
};

static bool is_japanese(gunichar c)
{
    return (c >= 0x3000 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF) || (c >= 0x3200 && c <= 0x33FF) ||
           (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF) || c == 0x203B /* ※ */;
}

static bool is_blank(gunichar c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static struct cell *cell_at(const struct line *line, guint i)
{
    return &g_array_index(line->cells, struct cell, i);
}

/* The nearest character that is left, before or after `i`; 0 at the ends. */
static gunichar neighbour(const struct line *line, guint i, int step)
{
    for (gint64 k = (gint64)i + step; k >= 0 && k < (gint64)line->cells->len; k += step)
        if (cell_at(line, (guint)k)->c != 0)
            return cell_at(line, (guint)k)->c;
    return 0;
}

/* The same past one blank: brackets may stand off by a space. */
static gunichar neighbour_past_blank(const struct line *line, guint i, int step)
{
    for (gint64 k = (gint64)i + step; k >= 0 && k < (gint64)line->cells->len; k += step) {
        gunichar c = cell_at(line, (guint)k)->c;
        if (c != 0 && c != ' ')
            return c;
    }
    return 0;
}

static void blanks_settle(struct line *line)
{
    guint count = line->cells->len;
    for (guint i = 0; i < count;) {
        struct cell *first = cell_at(line, i);
        if (!is_blank(first->c) || first->is_fixed) {
            i++;
            continue;
        }
        guint end = i;
        bool has_feed = false;
        for (; end < count && is_blank(cell_at(line, end)->c) && !cell_at(line, end)->is_fixed; end++)
            has_feed = has_feed || cell_at(line, end)->c == '\n';
        gunichar before = neighbour(line, i, -1);
        gunichar after = end < count ? cell_at(line, end)->c : 0;
        bool goes = before == 0 || after == 0 || before == ' ' ||
                    (has_feed && (is_japanese(before) || is_japanese(after)));
        for (guint k = i; k < end; k++)
            cell_at(line, k)->c = 0;
        if (!goes)
            first->c = ' ';
        i = end;
    }
}

static bool starts_with(const struct line *line, guint i, const char *text)
{
    for (; *text != '\0'; text++, i++)
        if (i >= line->cells->len || cell_at(line, i)->c != (gunichar)*text)
            return false;
    return true;
}

static void addresses_fix(struct line *line)
{
    for (guint i = 0; i < line->cells->len; i++) {
        if (!starts_with(line, i, "http://") && !starts_with(line, i, "https://"))
            continue;
        for (; i < line->cells->len; i++) {
            struct cell *cell = cell_at(line, i);
            if (is_blank(cell->c) || is_japanese(cell->c))
                break;
            cell->is_fixed = true;
        }
    }
}

/* Between `open` and `close`: digits, '/', capitals. */
static bool holds_port(const struct line *line, guint open, guint close)
{
    guint digits = 0, capitals = 0;
    bool slash = false;
    for (guint i = open + 1; i < close; i++) {
        gunichar c = cell_at(line, i)->c;
        if (c == 0)
            continue;
        if (c >= '0' && c <= '9' && !slash)
            digits++;
        else if (c == '/' && !slash)
            slash = true;
        else if (c >= 'A' && c <= 'Z' && slash)
            capitals++;
        else
            return false;
    }
    return digits > 0 && capitals > 0;
}

/* Full-width brackets and colons bring their own white: a space outside them goes. */
static void space_drop(struct line *line, guint i, int step)
{
    for (gint64 k = (gint64)i + step; k >= 0 && k < (gint64)line->cells->len; k += step) {
        struct cell *cell = cell_at(line, (guint)k);
        if (cell->c == 0)
            continue;
        if (cell->c == ' ' && !cell->is_fixed)
            cell->c = 0;
        return;
    }
}

static bool touches(const struct line *line, guint i)
{
    return is_japanese(neighbour_past_blank(line, i, -1)) || is_japanese(neighbour_past_blank(line, i, 1));
}

static void bracket_widen(struct line *line, guint i)
{
    struct cell *cell = cell_at(line, i);
    bool opens = cell->c == '(';
    cell->c = opens ? 0xFF08 : 0xFF09;
    space_drop(line, i, opens ? -1 : 1);
}

static void brackets_widen(struct line *line)
{
    GArray *open = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < line->cells->len; i++) {
        const struct cell *cell = cell_at(line, i);
        if (cell->is_fixed)
            continue;
        if (cell->c == '(') {
            g_array_append_val(open, i);
        } else if (cell->c == ')' && open->len > 0) {
            guint start = g_array_index(open, guint, open->len - 1);
            g_array_set_size(open, open->len - 1);
            if (touches(line, start) || touches(line, i) || holds_port(line, start, i)) {
                bracket_widen(line, start);
                bracket_widen(line, i);
            }
        } else if (cell->c == ')' && touches(line, i)) {
            bracket_widen(line, i);
        }
    }
    for (guint k = 0; k < open->len; k++)
        if (touches(line, g_array_index(open, guint, k)))
            bracket_widen(line, g_array_index(open, guint, k));
    g_array_unref(open);
}

/* Whether Japanese text follows in that direction behind nothing but numbers and signs of numbers. */
static bool range_is_japanese(const struct line *line, guint i, int step)
{
    for (gint64 k = (gint64)i + step; k >= 0 && k < (gint64)line->cells->len; k += step) {
        gunichar c = cell_at(line, (guint)k)->c;
        if (c == 0)
            continue;
        if (is_japanese(c))
            return true;
        if (!(c >= '0' && c <= '9') && c != '/' && c != '.' && c != ',' && c != '%')
            return false;
    }
    return false;
}

static void signs_widen(struct line *line)
{
    for (guint i = 0; i < line->cells->len; i++) {
        struct cell *cell = cell_at(line, i);
        if (cell->is_fixed)
            continue;
        gunichar before = neighbour(line, i, -1), after = neighbour(line, i, 1);
        if (cell->c == '~' && before != '/' && after != '/' && before != 0 &&
            (range_is_japanese(line, i, -1) || range_is_japanese(line, i, 1)))
            cell->c = 0x301C;
        if (cell->c == ':' && (is_japanese(before) || is_japanese(neighbour_past_blank(line, i, 1)))) {
            cell->c = 0xFF1A;
            space_drop(line, i, 1);
        }
    }
}

static void line_settle(struct line *line, bool normalise)
{
    blanks_settle(line);
    if (!normalise)
        return;
    addresses_fix(line);
    brackets_widen(line);
    signs_widen(line);
}

static void text_add(struct line *line, const char *text, guint piece, bool is_fixed)
{
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
        struct cell cell = {.c = g_utf8_get_char(p), .piece = piece, .is_fixed = is_fixed};
        g_array_append_val(line->cells, cell);
    }
}

char *typography_text(const char *text, bool normalise)
{
    struct line line = {.cells = g_array_new(FALSE, FALSE, sizeof(struct cell))};
    GString *out = g_string_new(NULL);
    text_add(&line, text, 0, false);
    line_settle(&line, normalise);
    for (guint i = 0; i < line.cells->len; i++)
        if (cell_at(&line, i)->c != 0)
            g_string_append_unichar(out, cell_at(&line, i)->c);
    g_array_unref(line.cells);
    return g_string_free(out, FALSE);
}

/* Writes a line back into its nodes and starts the next one. */
static void line_finish(struct line *line, bool normalise)
{
    line_settle(line, normalise);
    guint i = 0;
    for (guint piece = 0; piece < line->pieces->len; piece++) {
        xmlNodePtr node = line->pieces->pdata[piece];
        GString *text = g_string_new(NULL);
        for (; i < line->cells->len && cell_at(line, i)->piece == piece; i++)
            if (cell_at(line, i)->c != 0)
                g_string_append_unichar(text, cell_at(line, i)->c);
        if (text->len == 0) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        } else {
            xmlNodeSetContent(node, BAD_CAST text->str);
        }
        g_string_free(text, TRUE);
    }
    g_array_set_size(line->cells, 0);
    g_ptr_array_set_size(line->pieces, 0);
}

static void attributes_settle(xmlNodePtr element, bool normalise)
{
    static const char *const names[] = {"alt", "title", "aria-label"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        xmlChar *value = xmlGetNoNsProp(element, BAD_CAST names[i]);
        if (value != NULL) {
            char *text = typography_text((const char *)value, normalise);
            xmlSetNsProp(element, NULL, BAD_CAST names[i], BAD_CAST text);
            g_free(text);
        }
        xmlFree(value);
    }
}

static bool is_code(const char *name)
{
    return strcmp(name, "code") == 0 || strcmp(name, "kbd") == 0 || strcmp(name, "samp") == 0;
}

static bool speaks_other_language(xmlNodePtr element)
{
    xmlChar *language = xmlGetNoNsProp(element, BAD_CAST "lang");
    bool other = language != NULL && strncmp((const char *)language, "ja", 2) != 0;
    xmlFree(language);
    return other;
}

/* The blank that stands between a number and what it numbers (see numbering.c). */
static bool is_number_blank(xmlNodePtr node)
{
    xmlChar *class_name = node->prev != NULL && node->prev->type == XML_ELEMENT_NODE
                              ? xmlGetNoNsProp(node->prev, BAD_CAST "class")
                              : NULL;
    bool yes = class_name != NULL && strcmp((const char *)class_name, "number") == 0 &&
               strcmp((const char *)node->content, " ") == 0;
    xmlFree(class_name);
    return yes;
}

static void element_settle(struct line *line, xmlNodePtr element, bool normalise, bool is_fixed)
{
    const char *name = (const char *)element->name;
    bool is_inline = xhtml_is_inline(name);
    if (strcmp(name, "pre") == 0)
        return;
    if (!is_inline || strcmp(name, "br") == 0)
        line_finish(line, normalise);
    attributes_settle(element, normalise && !is_fixed);
    bool fixed = is_fixed || is_code(name) || speaks_other_language(element);
    for (xmlNodePtr child = element->children, next; child != NULL; child = next) {
        next = child->next;
        if (child->type == XML_TEXT_NODE) {
            g_ptr_array_add(line->pieces, child);
            text_add(line, (const char *)child->content, line->pieces->len - 1,
                     fixed || is_number_blank(child));
        } else if (child->type == XML_ELEMENT_NODE) {
            if (strcmp((const char *)child->name, "pre") == 0)
                line_finish(line, normalise);
            element_settle(line, child, normalise, fixed);
        }
    }
    if (!is_inline)
        line_finish(line, normalise);
}

void typography_page(xmlDocPtr document, bool normalise)
{
    struct line line = {.cells = g_array_new(FALSE, FALSE, sizeof(struct cell)), .pieces = g_ptr_array_new()};
    element_settle(&line, xmlDocGetRootElement(document), normalise, false);
    line_finish(&line, normalise);
    g_ptr_array_unref(line.pieces);
    g_array_unref(line.cells);
}
