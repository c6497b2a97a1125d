#include "render/page_template.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stddef.h>
#include <string.h>

static const char NAMESPACE[] = "urn:teiten:pages:1";

/* What an attribute may be, and where it goes. */
enum kind { LENGTH, NUMBER, COLOUR, LANGUAGE, TEXT };

struct field {
    const char *name;
    enum kind kind;
    bool required;
    size_t offset; /* within the element's struct */
};

struct reader {
    const char *file;
    struct error *err;
};

#define IN_TEMPLATE(member) offsetof(struct page_template, member)
#define IN_TYPE(member) offsetof(struct page_type, member)
#define IN_HEADING(member) offsetof(struct page_heading, member)
#define IN_COVER(member) offsetof(struct page_cover, member)
#define IN_RUNNING(member) offsetof(struct page_running, member)

static const struct field PAPER_FIELDS[] = {
    {"width", LENGTH, true, IN_TEMPLATE(paper_width)},
    {"height", LENGTH, true, IN_TEMPLATE(paper_height)},
    {NULL, LENGTH, false, 0},
};
static const struct field MARGIN_FIELDS[] = {
    {"top", LENGTH, true, IN_TEMPLATE(margin_top)},
    {"bottom", LENGTH, true, IN_TEMPLATE(margin_bottom)},
    {"left", LENGTH, true, IN_TEMPLATE(margin_left)},
    {"right", LENGTH, true, IN_TEMPLATE(margin_right)},
    {NULL, LENGTH, false, 0},
};
static const struct field FONT_FIELDS[] = {
    {"text", TEXT, true, IN_TEMPLATE(font)},
    {"bold", TEXT, false, IN_TEMPLATE(bold_font)},
    {"code", TEXT, true, IN_TEMPLATE(code_font)},
    {"language", LANGUAGE, true, IN_TEMPLATE(language)},
    {NULL, LENGTH, false, 0},
};
static const struct field COLOUR_FIELDS[] = {
    {"text", COLOUR, true, IN_TEMPLATE(text_colour)},   {"link", COLOUR, true, IN_TEMPLATE(link_colour)},
    {"quiet", COLOUR, true, IN_TEMPLATE(quiet_colour)}, {"rule", COLOUR, true, IN_TEMPLATE(rule_colour)},
    {"grid", COLOUR, true, IN_TEMPLATE(grid_colour)},   {NULL, LENGTH, false, 0},
};
static const struct field PARAGRAPH_FIELDS[] = {
    {"indent-em", NUMBER, true, IN_TEMPLATE(indent_em)},
    {"first-indent-em", NUMBER, false, IN_TEMPLATE(first_indent_em)},
    {"last-line-em", NUMBER, true, IN_TEMPLATE(last_line_em)},
    {"hyphenate", LANGUAGE, false, IN_TEMPLATE(hyphenate)},
    {NULL, LENGTH, false, 0},
};
static const struct field PICTURE_FIELDS[] = {
    {"width", LENGTH, true, IN_TEMPLATE(picture_width)},
    {"height", LENGTH, true, IN_TEMPLATE(picture_height)},
    {NULL, LENGTH, false, 0},
};
static const struct field CONTENTS_FIELDS[] = {
    {"depth", NUMBER, true, IN_TEMPLATE(contents_depth)},
    {"title", TEXT, false, IN_TEMPLATE(contents_title)},
    {"figures", TEXT, false, IN_TEMPLATE(contents_figures)},
    {"tables", TEXT, false, IN_TEMPLATE(contents_tables)},
    {NULL, LENGTH, false, 0},
};
static const struct field RULE_FIELDS[] = {
    {"strong", LENGTH, true, IN_TEMPLATE(rule_strong)},
    {"thin", LENGTH, true, IN_TEMPLATE(rule_thin)},
    {"grid", LENGTH, true, IN_TEMPLATE(rule_grid)},
    {NULL, LENGTH, false, 0},
};
static const struct field TYPE_FIELDS[] = {
    {"size", LENGTH, true, IN_TYPE(size)},
    {"pitch", LENGTH, true, IN_TYPE(pitch)},
    {NULL, LENGTH, false, 0},
};
static const struct field COVER_FIELDS[] = {
    {"title-size", LENGTH, true, IN_COVER(title_size)},
    {"title-pitch", LENGTH, true, IN_COVER(title_pitch)},
    {"size", LENGTH, true, IN_COVER(size)},
    {"pitch", LENGTH, true, IN_COVER(pitch)},
    {"rule", LENGTH, false, IN_COVER(rule)},
    {"rule-colour", COLOUR, false, IN_COVER(rule_colour)},
    {"picture", TEXT, false, IN_COVER(picture)},
    {"picture-width", LENGTH, false, IN_COVER(picture_width)},
    {"figure", TEXT, false, IN_COVER(figure)},
    {NULL, LENGTH, false, 0},
};
static const struct field HEADING_FIELDS[] = {
    {"size", LENGTH, true, IN_HEADING(size)},
    {"pitch", LENGTH, true, IN_HEADING(pitch)},
    {"before", LENGTH, true, IN_HEADING(before)},
    {"after", LENGTH, true, IN_HEADING(after)},
    {"rule", LENGTH, false, IN_HEADING(rule)},
    {"rule-colour", COLOUR, false, IN_HEADING(rule_colour)},
    {NULL, LENGTH, false, 0},
};
static const struct field RUNNING_FIELDS[] = {
    {"size", LENGTH, true, IN_RUNNING(size)},
    {"distance", LENGTH, true, IN_RUNNING(distance)},
    {NULL, LENGTH, false, 0},
};

/* Elements whose fields lie in the template itself, then the kinds of text; each stands once. */
struct element {
    const char *name;
    const struct field *fields;
    size_t base;
    bool optional;
};
static const struct element ELEMENTS[] = {
    {"paper", PAPER_FIELDS, 0, false},
    {"margins", MARGIN_FIELDS, 0, false},
    {"fonts", FONT_FIELDS, 0, false},
    {"colours", COLOUR_FIELDS, 0, false},
    {"paragraph", PARAGRAPH_FIELDS, 0, false},
    {"rules", RULE_FIELDS, 0, false},
    {"pictures", PICTURE_FIELDS, 0, true},
    {"contents", CONTENTS_FIELDS, 0, true},
    {"cover", COVER_FIELDS, IN_TEMPLATE(cover), true},
    {"body", TYPE_FIELDS, IN_TEMPLATE(body), false},
    {"table", TYPE_FIELDS, IN_TEMPLATE(table), false},
    {"caption", TYPE_FIELDS, IN_TEMPLATE(caption), false},
    {"note", TYPE_FIELDS, IN_TEMPLATE(note), false},
};

static bool parse_number(const char *text, double *value, const char **rest)
{
    if (!g_ascii_isdigit(text[0]))
        return false;
    char *end;
    *value = g_ascii_strtod(text, &end);
    *rest = end;
    return true;
}

static bool parse_length(const char *text, double *value)
{
    const char *unit;
    if (!parse_number(text, value, &unit))
        return false;
    if (strcmp(unit, "mm") == 0) {
        *value *= 72 / 25.4;
        return true;
    }
    return strcmp(unit, "pt") == 0;
}

static bool parse_colour(const char *text, struct page_colour *colour)
{
    int v[6];
    if (text[0] != '#' || strlen(text) != 7)
        return false;
    for (int i = 0; i < 6; i++) {
        v[i] = g_ascii_xdigit_value(text[i + 1]);
        if (v[i] < 0)
            return false;
    }
    *colour = (struct page_colour){(v[0] * 16 + v[1]) / 255.0, (v[2] * 16 + v[3]) / 255.0,
                                   (v[4] * 16 + v[5]) / 255.0};
    return true;
}

/* NULL when the text is fine, else what was expected. */
static const char *parse_value(const char *text, enum kind kind, void *target)
{
    const char *rest;
    switch (kind) {
    case LENGTH:
        return parse_length(text, target) ? NULL : "a length such as 10.5pt or 30mm";
    case NUMBER: {
        double *number = target;
        return parse_number(text, number, &rest) && *rest == '\0' ? NULL : "a number such as 1 or 0.5";
    }
    case COLOUR:
        return parse_colour(text, target) ? NULL : "a colour such as #1A3A94";
    case TEXT:
        if (text[strspn(text, " \t\r\n")] == '\0')
            return "a text";
        break;
    case LANGUAGE:
        if (!g_ascii_isalpha(text[0]) ||
            strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != strlen(text))
            return "a language such as ja";
        break;
    }
    char **owned = target;
    g_free(*owned);
    *owned = g_strdup(text);
    return NULL;
}

static char *attribute(xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = value != NULL ? g_strdup((const char *)value) : NULL;
    xmlFree(value);
    return copy;
}

static int fail(const struct reader *r, xmlNodePtr node, const char *what)
{
    return error_set(r->err, ERROR_INPUT, "%s: line %ld: <%s>: %s", r->file, xmlGetLineNo(node),
                     (const char *)node->name, what);
}

static int read_fields(const struct reader *r, xmlNodePtr node, const struct field *fields, void *base)
{
    for (const struct field *f = fields; f->name != NULL; f++) {
        char *text = attribute(node, f->name);
        if (text == NULL && !f->required)
            continue;
        const char *expected =
            text != NULL ? parse_value(text, f->kind, (char *)base + f->offset) : "this attribute";
        if (expected != NULL) {
            char *what = text != NULL ? g_strdup_printf("%s=\"%s\", expected %s", f->name, text, expected)
                                      : g_strdup_printf("no attribute %s, expected it", f->name);
            fail(r, node, what);
            g_free(what);
            g_free(text);
            return -1;
        }
        g_free(text);
    }
    return 0;
}

/* Refuses attributes that neither list knows: a misspelt one would be passed over in silence. */
static int check_attributes(const struct reader *r, xmlNodePtr node, const struct field *fields,
                            const char *const *more)
{
    for (xmlAttrPtr a = node->properties; a != NULL; a = a->next) {
        bool known = more != NULL && g_strv_contains(more, (const char *)a->name);
        for (const struct field *f = fields; f->name != NULL && !known; f++)
            known = strcmp(f->name, (const char *)a->name) == 0;
        if (!known) {
            GString *what = g_string_new(NULL);
            g_string_printf(what, "unknown attribute %s, expected", (const char *)a->name);
            for (const struct field *f = fields; f->name != NULL; f++)
                g_string_append_printf(what, " %s", f->name);
            for (; more != NULL && *more != NULL; more++)
                g_string_append_printf(what, " %s", *more);
            fail(r, node, what->str);
            g_string_free(what, TRUE);
            return -1;
        }
    }
    return 0;
}

/* The index of the attribute's value in a NULL-terminated list; -1 and an error when it is none of them. */
static int read_choice(const struct reader *r, xmlNodePtr node, const char *name, const char *const *choices)
{
    char *text = attribute(node, name);
    int found = -1;
    for (int i = 0; choices[i] != NULL; i++)
        if (text != NULL && strcmp(text, choices[i]) == 0)
            found = i;
    if (found < 0) {
        char *list = g_strjoinv(", ", (char **)(void *)choices);
        char *what = g_strdup_printf("%s=\"%s\", expected one of %s", name, text != NULL ? text : "", list);
        fail(r, node, what);
        g_free(what);
        g_free(list);
    }
    g_free(text);
    return found;
}

static int read_heading(const struct reader *r, xmlNodePtr node, struct page_template *template,
                        bool seen[PAGE_HEADING_COUNT])
{
    static const char *const LEVELS[] = {"1", "2", "3", "4", NULL};
    static const char *const MORE[] = {"level", NULL};
    int level = read_choice(r, node, "level", LEVELS);
    if (level < 0)
        return -1;
    if (seen[level])
        return fail(r, node, "stands twice for this level, expected once");
    seen[level] = true;
    if (check_attributes(r, node, HEADING_FIELDS, MORE) != 0)
        return -1;
    return read_fields(r, node, HEADING_FIELDS, &template->headings[level]);
}

static int check_placeholders(const struct reader *r, xmlNodePtr node, const char *text)
{
    static const char *const KNOWN[] = {"{title}", "{period}", "{publisher}", "{page}", "{pages}"};
    for (const char *p = strchr(text, '{'); p != NULL; p = strchr(p + 1, '{')) {
        bool known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++)
            known |= g_str_has_prefix(p, KNOWN[i]);
        if (!known) {
            return fail(r, node,
                        "unknown placeholder, expected {title}, {period}, {publisher}, {page} or {pages}");
        }
    }
    return 0;
}

static int read_running(const struct reader *r, xmlNodePtr node, struct page_template *template)
{
    static const char *const PLACES[] = {"head", "foot", NULL};
    static const char *const ALIGNS[] = {"left", "centre", "right", NULL};
    static const char *const YES_NO[] = {"no", "yes", NULL};
    static const char *const MORE[] = {"place", "align", "first-page", NULL};
    int place = read_choice(r, node, "place", PLACES);
    int align = place < 0 ? -1 : read_choice(r, node, "align", ALIGNS);
    int first = align < 0 ? -1 : read_choice(r, node, "first-page", YES_NO);
    if (first < 0 || check_attributes(r, node, RUNNING_FIELDS, MORE) != 0)
        return -1;
    struct page_running *running = g_new0(struct page_running, 1);
    running->at_foot = place == 1;
    running->align = (enum page_align)align;
    running->on_first_page = first == 1;
    xmlChar *text = xmlNodeGetContent(node);
    running->text = g_strstrip(g_strdup((const char *)text));
    xmlFree(text);
    g_ptr_array_add(template->running, running);
    if (check_placeholders(r, node, running->text) != 0)
        return -1;
    return read_fields(r, node, RUNNING_FIELDS, running);
}

static int read_element(const struct reader *r, xmlNodePtr node, struct page_template *template, bool *seen,
                        bool heading_seen[PAGE_HEADING_COUNT])
{
    const char *name = (const char *)node->name;
    if (node->ns == NULL || strcmp((const char *)node->ns->href, NAMESPACE) != 0)
        return fail(r, node, "not in the namespace urn:teiten:pages:1, expected that");
    if (strcmp(name, "heading") == 0)
        return read_heading(r, node, template, heading_seen);
    if (strcmp(name, "running") == 0)
        return read_running(r, node, template);
    for (size_t i = 0; i < G_N_ELEMENTS(ELEMENTS); i++) {
        if (strcmp(name, ELEMENTS[i].name) == 0) {
            if (seen[i])
                return fail(r, node, "stands twice, expected once");
            seen[i] = true;
            if (check_attributes(r, node, ELEMENTS[i].fields, NULL) != 0)
                return -1;
            return read_fields(r, node, ELEMENTS[i].fields, (char *)template + ELEMENTS[i].base);
        }
    }
    return fail(r, node,
                "unknown element, expected paper, margins, fonts, colours, body, paragraph, table, rules, "
                "caption, note, "
                "pictures, contents, cover, heading or running");
}

/* Sizes that no page could be set with. */
static int check_room(const struct reader *r, const struct page_template *t)
{
    double measure = page_template_measure(t), depth = page_template_depth(t);
    if (t->body.size < 1 || t->table.size < 1 || t->caption.size < 1 || t->note.size < 1)
        return error_set(r->err, ERROR_INPUT, "%s: a type size below 1pt, expected more", r->file);
    if (t->body.pitch < t->body.size) {
        return error_set(r->err, ERROR_INPUT,
                         "%s: body: pitch %gpt is less than its size, expected at least %gpt", r->file,
                         t->body.pitch, t->body.size);
    }
    if (measure < 10 * t->body.size || depth < 10 * t->body.pitch) {
        return error_set(
            r->err, ERROR_INPUT,
            "%s: the margins leave %.0f x %.0f pt for text, expected room for 10 characters and 10 lines",
            r->file, measure, depth);
    }
    if (page_template_has_cover(t) &&
        (t->cover.title_size < 1 || t->cover.size < 1 || t->cover.pitch < t->cover.size ||
         t->cover.title_pitch < t->cover.title_size)) {
        return error_set(r->err, ERROR_INPUT,
                         "%s: cover: a size below 1pt or a pitch below its size, expected more", r->file);
    }
    return 0;
}

static int read_document(const struct reader *r, xmlDocPtr document, struct page_template *template)
{
    bool seen[G_N_ELEMENTS(ELEMENTS)] = {false}, heading_seen[PAGE_HEADING_COUNT] = {false};
    xmlNodePtr root = xmlDocGetRootElement(document);
    if (root == NULL || strcmp((const char *)root->name, "pages") != 0 || root->ns == NULL ||
        strcmp((const char *)root->ns->href, NAMESPACE) != 0) {
        return error_set(r->err, ERROR_INPUT,
                         "%s: line %ld: root element is not <pages xmlns=\"%s\">, expected that", r->file,
                         root != NULL ? xmlGetLineNo(root) : 1, NAMESPACE);
    }
    for (xmlNodePtr node = root->children; node != NULL; node = node->next)
        if (node->type == XML_ELEMENT_NODE && read_element(r, node, template, seen, heading_seen) != 0)
            return -1;
    for (size_t i = 0; i < G_N_ELEMENTS(ELEMENTS); i++) {
        if (!seen[i] && !ELEMENTS[i].optional) {
            return error_set(r->err, ERROR_INPUT, "%s: no element <%s>, expected one", r->file,
                             ELEMENTS[i].name);
        }
    }
    for (int i = 0; i < PAGE_HEADING_COUNT; i++) {
        if (!heading_seen[i]) {
            return error_set(r->err, ERROR_INPUT, "%s: no element <heading level=\"%d\">, expected one",
                             r->file, i + 1);
        }
    }
    if (template->bold_font == NULL)
        template->bold_font = g_strdup(template->font);
    if (template->first_indent_em < 0)
        template->first_indent_em = template->indent_em;
    return check_room(r, template);
}

static void running_free(gpointer data)
{
    struct page_running *running = data;
    g_free(running->text);
    g_free(running);
}

int page_template_load(struct page_template *template, const char *path, struct error *err)
{
    *template = (struct page_template){.file = g_strdup(path),
                                       .folder = g_path_get_dirname(path),
                                       .first_indent_em = -1,
                                       .cover = {.picture_width = 120},
                                       .picture_width = 290,
                                       .picture_height = 186,
                                       .running = g_ptr_array_new_with_free_func(running_free)};
    struct reader r = {.file = path, .err = err};
    char *text = NULL;
    gsize size = 0;
    GError *io = NULL;
    xmlDocPtr document = NULL;
    xmlParserCtxtPtr parser = NULL;
    int status = -1;
    if (!g_file_get_contents(path, &text, &size, &io)) {
        error_set(err, ERROR_INPUT, "%s: cannot read: %s", path, io->message);
        g_error_free(io);
        goto done;
    }
    parser = xmlNewParserCtxt();
    document = size < G_MAXINT ? xmlCtxtReadMemory(parser, text, (int)size, path, NULL,
                                                   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
                               : NULL;
    if (document == NULL) {
        const char *said = parser->lastError.message != NULL ? parser->lastError.message : "not XML\n";
        error_set(err, ERROR_INPUT, "%s: line %d: %.*s, expected well-formed XML", path,
                  parser->lastError.line, (int)strcspn(said, "\n"), said);
        goto done;
    }
    status = read_document(&r, document, template);
done:
    xmlFreeDoc(document);
    xmlFreeParserCtxt(parser);
    g_free(text);
    if (status != 0)
        page_template_release(template);
    return status;
}

void page_template_release(struct page_template *template)
{
    if (template->running != NULL)
        g_ptr_array_unref(template->running);
    g_free(template->font);
    g_free(template->bold_font);
    g_free(template->file);
    g_free(template->code_font);
    g_free(template->language);
    g_free(template->hyphenate);
    g_free(template->folder);
    g_free(template->cover.picture);
    g_free(template->cover.figure);
    g_free(template->contents_title);
    g_free(template->contents_figures);
    g_free(template->contents_tables);
    *template = (struct page_template){0};
}
