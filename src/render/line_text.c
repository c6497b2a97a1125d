#include "render/line_text.h"

#include <string.h>

#include "render/line_class.h"

void line_text_init(struct line_text *text)
{
    *text = (struct line_text){.text = g_string_new(NULL),
                               .runs = g_array_new(FALSE, FALSE, sizeof(struct line_run)),
                               .strings = g_string_chunk_new(256),
                               .readings = g_ptr_array_new()};
}

void line_text_release(struct line_text *text)
{
    if (text->text != NULL) {
        g_string_free(text->text, TRUE);
        g_array_unref(text->runs);
        g_ptr_array_unref(text->readings);
        g_string_chunk_free(text->strings);
    }
    *text = (struct line_text){0};
}

static bool same_style(const struct line_style *a, const struct line_style *b)
{
    return strcmp(a->role, b->role) == 0 && a->size == b->size && a->rise == b->rise && a->bold == b->bold &&
           a->colour.red == b->colour.red && a->colour.green == b->colour.green &&
           a->colour.blue == b->colour.blue && a->link == b->link && a->note == b->note &&
           a->reading == b->reading && a->rule_number == b->rule_number && a->dots == b->dots &&
           a->struck == b->struck && a->underlined == b->underlined && a->marked == b->marked &&
           a->is_code == b->is_code && a->language_number == b->language_number;
}

static void start_run(struct line_text *text, const struct line_style *style)
{
    if (text->runs->len > 0) {
        const struct line_run *last = &g_array_index(text->runs, struct line_run, text->runs->len - 1);
        if (same_style(&last->style, style))
            return;
    }
    struct line_run run = {.start = text->text->len, .style = *style};
    g_array_append_val(text->runs, run);
}

static bool is_white(gunichar c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Words of Western text are kept apart by a space; Japanese is written without, so a line feed in the source
 * means nothing there. */
static void write_pending_space(struct line_text *text, gunichar next)
{
    bool newline = text->newline;
    if (!text->space)
        return;
    text->space = text->newline = false;
    if (text->text->len == 0)
        return;
    const struct line_style style = text->space_style;
    gunichar before =
        g_utf8_get_char(g_utf8_find_prev_char(text->text->str, text->text->str + text->text->len));
    if (before == '\n')
        return;
    if (newline && (line_class_of(before) != LINE_CLASS_LATIN || line_class_of(next) != LINE_CLASS_LATIN))
        return;
    start_run(text, &style);
    g_string_append_c(text->text, ' ');
}

/* A blank that stands alone is a place to break; others must neither collapse nor vanish at a line's start.
 */
static void append_preformatted(struct line_text *text, const struct line_style *style, const char *addition)
{
    enum { TAB_COLUMNS = 8 };
    start_run(text, style);
    for (const char *p = addition; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        const char *line = strrchr(text->text->str, '\n');
        line = line != NULL ? line + 1 : text->text->str;
        if (c == '\n') {
            if (text->text->len > 0)
                g_string_append_c(text->text, '\n');
        } else if (c == '\t') {
            long column = g_utf8_strlen(line, -1);
            for (long i = column; i < (column / TAB_COLUMNS + 1) * TAB_COLUMNS; i++)
                g_string_append_unichar(text->text, 0xA0);
        } else if (c == ' ' && (*line == '\0' || p[1] == ' ' || (p > addition && p[-1] == ' '))) {
            g_string_append_unichar(text->text, 0xA0);
        } else if (c != '\r') {
            g_string_append_unichar(text->text, c);
        }
    }
}

void line_text_append(struct line_text *text, const struct line_style *style, const char *addition)
{
    if (text->preformatted) {
        append_preformatted(text, style, addition);
        return;
    }
    for (const char *p = addition; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (is_white(c)) {
            if (!text->space)
                text->space_style = *style; /* of several, the first counts, as in CSS */
            text->space = true;
            text->newline |= c == '\n';
            continue;
        }
        write_pending_space(text, c);
        start_run(text, style);
        g_string_append_unichar(text->text, c);
    }
}

static void append_break(struct line_text *text, const struct line_style *style)
{
    text->space = text->newline = false;
    start_run(text, style);
    g_string_append_c(text->text, '\n');
}

static char *attribute(xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = value != NULL ? g_strdup((const char *)value) : NULL;
    xmlFree(value);
    return copy;
}

bool line_text_has_class(xmlNodePtr node, const char *word)
{
    char *value = attribute(node, "class");
    if (value == NULL)
        return false;
    char **words = g_strsplit_set(value, " \t\n\r", -1);
    bool found = g_strv_contains((const char *const *)words, word);
    g_strfreev(words);
    g_free(value);
    return found;
}

bool line_text_is_screen_only(xmlNodePtr node)
{
    static const char *const ELEMENTS[] = {"nav",      "details", "script", "style",
                                           "template", "button",  "form",   NULL};
    return node->type == XML_ELEMENT_NODE &&
           (g_strv_contains(ELEMENTS, (const char *)node->name) || line_text_has_class(node, "screen-only") ||
            line_text_has_class(node, "skip-link") || line_text_has_class(node, "skip") ||
            xmlHasProp(node, (const xmlChar *)"hidden") != NULL);
}

static void style_link(struct line_text *text, xmlNodePtr node, struct line_style *style,
                       const struct line_looks *looks)
{
    char *href = attribute(node, "href");
    if (href == NULL)
        return;
    if (href[0] == '#' || strstr(href, "://") != NULL || g_str_has_prefix(href, "mailto:")) {
        style->link = g_string_chunk_insert(text->strings, href);
        style->link_number = ++text->link_count;
        style->colour = looks->link_colour;
    }
    bool raised = node->parent != NULL && strcmp((const char *)node->parent->name, "sup") == 0;
    if (raised && g_str_has_prefix(href, "#note-"))
        style->note = g_string_chunk_insert(text->strings, href + 1);
    g_free(href);
}

/* Languages are told apart by their first subtag: "ja-JP" is "ja". */
static bool same_language(const char *a, const char *b)
{
    size_t length = strcspn(a, "-");
    return length == strcspn(b, "-") && g_ascii_strncasecmp(a, b, length) == 0;
}

static void set_language(struct line_text *text, const char *language, struct line_style *style,
                         const struct line_looks *looks)
{
    if (looks->language == NULL || *language == '\0' || same_language(language, looks->language)) {
        style->language = NULL;
        style->language_number = 0;
    } else if (style->language == NULL || !same_language(language, style->language)) {
        style->language = g_string_chunk_insert(text->strings, language);
        style->language_number = ++text->language_count;
    }
}

/* That of the nearest element around which says one. */
static void inherit_language(struct line_text *text, xmlNodePtr node, struct line_style *style,
                             const struct line_looks *looks)
{
    for (; node != NULL && node->type == XML_ELEMENT_NODE; node = node->parent) {
        char *language = attribute(node, "lang");
        if (language != NULL) {
            set_language(text, language, style, looks);
            g_free(language);
            return;
        }
    }
}

/* The <rt> that a part of a <ruby> belongs to; NULL when none follows. */
static xmlNodePtr find_reading(xmlNodePtr part)
{
    while (part != NULL && (part->type != XML_ELEMENT_NODE || strcmp((const char *)part->name, "rt") != 0))
        part = part->next;
    return part;
}

static guint add_reading(struct line_text *text, xmlNodePtr rt)
{
    xmlChar *content = xmlNodeGetContent(rt);
    char *reading = g_strstrip(g_strdup((const char *)content));
    xmlFree(content);
    if (*reading != '\0')
        g_ptr_array_add(text->readings, g_string_chunk_insert(text->strings, reading));
    bool is_empty = *reading == '\0';
    g_free(reading);
    return is_empty ? 0 : text->readings->len;
}

static void append_node(struct line_text *text, xmlNodePtr node, const struct line_style *style,
                        const struct line_looks *looks);
static void append_children(struct line_text *text, xmlNodePtr parent, const struct line_style *style,
                            const struct line_looks *looks);

/* Each <rt> is read with what stands between it and the one before. */
static void append_ruby(struct line_text *text, xmlNodePtr ruby, const struct line_style *style,
                        const struct line_looks *looks)
{
    struct line_style inner = *style;
    xmlNodePtr known = NULL;
    for (xmlNodePtr node = ruby->children; node != NULL; node = node->next) {
        bool is_element = node->type == XML_ELEMENT_NODE;
        if (is_element &&
            (strcmp((const char *)node->name, "rt") == 0 || strcmp((const char *)node->name, "rp") == 0))
            continue; /* brackets are for those who cannot set readings above */
        xmlNodePtr rt = find_reading(node);
        if (rt != known && !xmlIsBlankNode(node)) {
            inner.reading = rt != NULL ? add_reading(text, rt) : 0;
            known = rt;
        }
        append_node(text, node, &inner, looks);
    }
}

/* A sentence that the program drafted names its rule in data-rule. */
static void set_rule(struct line_text *text, xmlNodePtr node, struct line_style *style)
{
    char *rule = attribute(node, "data-rule");
    if (rule != NULL) {
        style->rule = g_string_chunk_insert(text->strings, rule);
        style->rule_number = ++text->rule_count;
    }
    g_free(rule);
}

/* Bold code stays code. */
static void embolden(struct line_style *style, const struct line_looks *looks)
{
    style->bold = true;
    if (style->role != looks->code_role && looks->bold_role != NULL)
        style->role = looks->bold_role;
}

/* The number of the page that a reference leads to, in the place of its text. */
static bool append_page_number(struct line_text *text, xmlNodePtr node, const struct line_style *style,
                               const struct line_looks *looks)
{
    char *href = attribute(node, "href");
    bool is_one = looks->page_numbers != NULL && href != NULL && href[0] == '#' &&
                  line_text_has_class(node, "page-reference");
    if (is_one) {
        guint number = GPOINTER_TO_UINT(g_hash_table_lookup(looks->page_numbers, href + 1));
        char *shown = g_strdup_printf("%s%u%s", looks->page_before, number, looks->page_after);
        line_text_append(text, style, shown);
        g_free(shown);
    }
    g_free(href);
    return is_one;
}

static void append_element(struct line_text *text, xmlNodePtr node, const struct line_style *style,
                           const struct line_looks *looks)
{
    const char *name = (const char *)node->name;
    struct line_style inner = *style;
    if (line_text_is_screen_only(node))
        return;
    if (strcmp(name, "br") == 0) {
        append_break(text, style);
        return;
    }
    char *language = attribute(node, "lang");
    if (language != NULL) {
        set_language(text, language, &inner, looks);
        g_free(language);
    }
    set_rule(text, node, &inner);
    if (strcmp(name, "ruby") == 0) {
        append_ruby(text, node, &inner, looks);
        return;
    }
    if (strcmp(name, "a") == 0) {
        style_link(text, node, &inner, looks);
        if (append_page_number(text, node, &inner, looks))
            return;
    } else if (strcmp(name, "sup") == 0) {
        inner.size = style->size * 0.62;
        inner.rise = style->size * 0.36;
    } else if (strcmp(name, "sub") == 0) {
        inner.size = style->size * 0.62;
        inner.rise = -style->size * 0.12;
    } else if (strcmp(name, "em") == 0 && line_text_has_class(node, "dots")) {
        inner.dots = true;
    } else if (strcmp(name, "strong") == 0 || strcmp(name, "b") == 0 || strcmp(name, "em") == 0 ||
               strcmp(name, "th") == 0) {
        embolden(&inner, looks); /* Japanese has no italics */
    } else if (strcmp(name, "code") == 0 || strcmp(name, "kbd") == 0 || strcmp(name, "samp") == 0) {
        inner.role = looks->code_role;
        inner.is_code = true;
    } else if (strcmp(name, "del") == 0 || strcmp(name, "s") == 0) {
        inner.struck = true;
    } else if (strcmp(name, "ins") == 0 || strcmp(name, "u") == 0) {
        inner.underlined = true;
    } else if (strcmp(name, "mark") == 0) {
        inner.marked = true;
    } else if (strcmp(name, "small") == 0) {
        inner.size = style->size * 0.85;
    } else if (line_text_has_class(node, "number") || line_text_has_class(node, "label")) {
        embolden(&inner, looks);
    }
    const char *marks[2] = {"", ""};
    if (strcmp(name, "q") == 0) {
        marks[0] = looks->quote_before != NULL ? looks->quote_before : "";
        marks[1] = looks->quote_after != NULL ? looks->quote_after : "";
    }
    line_text_append(text, &inner, marks[0]);
    append_children(text, node, &inner, looks);
    line_text_append(text, &inner, marks[1]);
}

static void append_node(struct line_text *text, xmlNodePtr node, const struct line_style *style,
                        const struct line_looks *looks)
{
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
        line_text_append(text, style, (const char *)node->content);
    else if (node->type == XML_ELEMENT_NODE)
        append_element(text, node, style, looks);
}

static void append_children(struct line_text *text, xmlNodePtr parent, const struct line_style *style,
                            const struct line_looks *looks)
{
    for (xmlNodePtr node = parent->children; node != NULL; node = node->next)
        append_node(text, node, style, looks);
}

void line_text_append_node(struct line_text *text, xmlNodePtr node, const struct line_style *style,
                           const struct line_looks *looks)
{
    struct line_style inherited = *style;
    inherit_language(text, node->parent, &inherited, looks);
    append_node(text, node, &inherited, looks);
}

void line_text_append_children(struct line_text *text, xmlNodePtr parent, const struct line_style *style,
                               const struct line_looks *looks)
{
    struct line_style inherited = *style;
    inherit_language(text, parent, &inherited, looks);
    append_children(text, parent, &inherited, looks);
}

const struct line_style *line_text_style(const struct line_text *text, size_t byte)
{
    size_t low = 0, high = text->runs->len;
    while (low + 1 < high) {
        size_t middle = (low + high) / 2;
        if (g_array_index(text->runs, struct line_run, middle).start <= byte)
            low = middle;
        else
            high = middle;
    }
    return &g_array_index(text->runs, struct line_run, low).style;
}
