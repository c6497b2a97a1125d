#include "render/page_template.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stddef.h>
#include <string.h>

#include "render/page_fields.h"

static const char pages_namespace[] = "urn:teiten:pages:1";

#define IN_TEMPLATE(member) offsetof(struct page_template, member)
#define IN_TYPE(member) offsetof(struct page_type, member)
#define IN_HEADING(member) offsetof(struct page_heading, member)
#define IN_COVER(member) offsetof(struct page_cover, member)
#define IN_RUNNING(member) offsetof(struct page_running, member)

static const struct page_field paper_fields[] = {
    {"width", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(paper_width)},
    {"height", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(paper_height)},
    {.name = NULL},
};
static const struct page_field margin_fields[] = {
    {"top", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(margin_top)},
    {"bottom", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(margin_bottom)},
    {"left", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(margin_left)},
    {"right", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(margin_right)},
    {.name = NULL},
};
static const struct page_field font_fields[] = {
    {"text", PAGE_FIELD_TEXT, true, IN_TEMPLATE(font)},
    {"bold", PAGE_FIELD_TEXT, false, IN_TEMPLATE(bold_font)},
    {"code", PAGE_FIELD_TEXT, true, IN_TEMPLATE(code_font)},
    {"language", PAGE_FIELD_LANGUAGE, true, IN_TEMPLATE(language)},
    {.name = NULL},
};
static const struct page_field colour_fields[] = {
    {"text", PAGE_FIELD_COLOUR, true, IN_TEMPLATE(text_colour)},
    {"link", PAGE_FIELD_COLOUR, true, IN_TEMPLATE(link_colour)},
    {"quiet", PAGE_FIELD_COLOUR, true, IN_TEMPLATE(quiet_colour)},
    {"rule", PAGE_FIELD_COLOUR, true, IN_TEMPLATE(rule_colour)},
    {"grid", PAGE_FIELD_COLOUR, true, IN_TEMPLATE(grid_colour)},
    {.name = NULL},
};
static const struct page_field paragraph_fields[] = {
    {"indent-em", PAGE_FIELD_NUMBER, true, IN_TEMPLATE(indent_em)},
    {"first-indent-em", PAGE_FIELD_NUMBER, false, IN_TEMPLATE(first_indent_em)},
    {"last-line-em", PAGE_FIELD_NUMBER, true, IN_TEMPLATE(last_line_em)},
    {"hyphenate", PAGE_FIELD_LANGUAGE, false, IN_TEMPLATE(hyphenate)},
    {.name = NULL},
};
static const struct page_field picture_fields[] = {
    {"width", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(picture_width)},
    {"height", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(picture_height)},
    {.name = NULL},
};
static const struct page_field contents_fields[] = {
    {"depth", PAGE_FIELD_NUMBER, true, IN_TEMPLATE(contents_depth)},
    {"title", PAGE_FIELD_TEXT, false, IN_TEMPLATE(contents_title)},
    {"figures", PAGE_FIELD_TEXT, false, IN_TEMPLATE(contents_figures)},
    {"tables", PAGE_FIELD_TEXT, false, IN_TEMPLATE(contents_tables)},
    {.name = NULL},
};
static const struct page_field rule_fields[] = {
    {"strong", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(rule_strong)},
    {"thin", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(rule_thin)},
    {"grid", PAGE_FIELD_LENGTH, true, IN_TEMPLATE(rule_grid)},
    {.name = NULL},
};
static const struct page_field type_fields[] = {
    {"size", PAGE_FIELD_LENGTH, true, IN_TYPE(size)},
    {"pitch", PAGE_FIELD_LENGTH, true, IN_TYPE(pitch)},
    {.name = NULL},
};
static const struct page_field cover_fields[] = {
    {"title-size", PAGE_FIELD_LENGTH, true, IN_COVER(title_size)},
    {"title-pitch", PAGE_FIELD_LENGTH, true, IN_COVER(title_pitch)},
    {"size", PAGE_FIELD_LENGTH, true, IN_COVER(size)},
    {"pitch", PAGE_FIELD_LENGTH, true, IN_COVER(pitch)},
    {"rule", PAGE_FIELD_LENGTH, false, IN_COVER(rule)},
    {"rule-colour", PAGE_FIELD_COLOUR, false, IN_COVER(rule_colour)},
    {"picture", PAGE_FIELD_TEXT, false, IN_COVER(picture)},
    {"picture-width", PAGE_FIELD_LENGTH, false, IN_COVER(picture_width)},
    {"figure", PAGE_FIELD_TEXT, false, IN_COVER(figure)},
    {.name = NULL},
};
static const struct page_field heading_fields[] = {
    {"size", PAGE_FIELD_LENGTH, true, IN_HEADING(size)},
    {"pitch", PAGE_FIELD_LENGTH, true, IN_HEADING(pitch)},
    {"before", PAGE_FIELD_LENGTH, true, IN_HEADING(before)},
    {"after", PAGE_FIELD_LENGTH, true, IN_HEADING(after)},
    {"rule", PAGE_FIELD_LENGTH, false, IN_HEADING(rule)},
    {"rule-colour", PAGE_FIELD_COLOUR, false, IN_HEADING(rule_colour)},
    {.name = NULL},
};
static const struct page_field running_fields[] = {
    {"size", PAGE_FIELD_LENGTH, true, IN_RUNNING(size)},
    {"distance", PAGE_FIELD_LENGTH, true, IN_RUNNING(distance)},
    {.name = NULL},
};

/* Elements whose fields lie in the template itself, then the kinds of text; each stands once. */
struct element {
    const char *name;
    const struct page_field *fields;
    size_t base;
    bool optional;
};
static const struct element elements[] = {
    {"paper", paper_fields, 0, false},
    {"margins", margin_fields, 0, false},
    {"fonts", font_fields, 0, false},
    {"colours", colour_fields, 0, false},
    {"paragraph", paragraph_fields, 0, false},
    {"rules", rule_fields, 0, false},
    {"pictures", picture_fields, 0, true},
    {"contents", contents_fields, 0, true},
    {"cover", cover_fields, IN_TEMPLATE(cover), true},
    {"body", type_fields, IN_TEMPLATE(body), false},
    {"table", type_fields, IN_TEMPLATE(table), false},
    {"caption", type_fields, IN_TEMPLATE(caption), false},
    {"note", type_fields, IN_TEMPLATE(note), false},
};

static int read_heading(const struct page_fields_reader *r, xmlNodePtr node, struct page_template *template,
                        bool seen[PAGE_HEADING_COUNT])
{
    static const char *const levels[] = {"1", "2", "3", "4", NULL};
    static const char *const more[] = {"level", NULL};
    int level = page_fields_choice(r, node, "level", levels);
    if (level < 0)
        return -1;
    if (seen[level])
        return page_fields_fail(r, node, "stands twice for this level, expected once");
    seen[level] = true;
    if (page_fields_check(r, node, heading_fields, more) != 0)
        return -1;
    return page_fields_read(r, node, heading_fields, &template->headings[level]);
}

static int check_placeholders(const struct page_fields_reader *r, xmlNodePtr node, const char *text)
{
    static const char *const placeholders[] = {"{title}", "{period}", "{publisher}", "{page}", "{pages}"};
    for (const char *p = strchr(text, '{'); p != NULL; p = strchr(p + 1, '{')) {
        bool known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(placeholders); i++)
            known |= g_str_has_prefix(p, placeholders[i]);
        if (!known)
            return page_fields_fail(
                r, node, "unknown placeholder, expected {title}, {period}, {publisher}, {page} or {pages}");
    }
    return 0;
}

static int read_running(const struct page_fields_reader *r, xmlNodePtr node, struct page_template *template)
{
    static const char *const places[] = {"head", "foot", NULL};
    static const char *const aligns[] = {"left", "centre", "right", NULL};
    static const char *const yes_no[] = {"no", "yes", NULL};
    static const char *const more[] = {"place", "align", "first-page", NULL};
    int place = page_fields_choice(r, node, "place", places);
    int align = place < 0 ? -1 : page_fields_choice(r, node, "align", aligns);
    int first = align < 0 ? -1 : page_fields_choice(r, node, "first-page", yes_no);
    if (first < 0 || page_fields_check(r, node, running_fields, more) != 0)
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
    return page_fields_read(r, node, running_fields, running);
}

static int read_element(const struct page_fields_reader *r, xmlNodePtr node, struct page_template *template,
                        bool *seen, bool heading_seen[PAGE_HEADING_COUNT])
{
    const char *name = (const char *)node->name;
    if (node->ns == NULL || strcmp((const char *)node->ns->href, pages_namespace) != 0)
        return page_fields_fail(r, node, "not in the namespace urn:teiten:pages:1, expected that");
    if (strcmp(name, "heading") == 0)
        return read_heading(r, node, template, heading_seen);
    if (strcmp(name, "running") == 0)
        return read_running(r, node, template);
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (strcmp(name, elements[i].name) == 0) {
            if (seen[i])
                return page_fields_fail(r, node, "stands twice, expected once");
            seen[i] = true;
            if (page_fields_check(r, node, elements[i].fields, NULL) != 0)
                return -1;
            return page_fields_read(r, node, elements[i].fields, (char *)template + elements[i].base);
        }
    }
    return page_fields_fail(
        r, node,
        "unknown element, expected paper, margins, fonts, colours, body, paragraph, table, rules, "
        "caption, note, pictures, contents, cover, heading or running");
}

/* Sizes that no page could be set with. */
static int check_room(const struct page_fields_reader *r, const struct page_template *t)
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

static int read_document(const struct page_fields_reader *r, xmlDocPtr document,
                         struct page_template *template)
{
    bool seen[G_N_ELEMENTS(elements)] = {false}, heading_seen[PAGE_HEADING_COUNT] = {false};
    xmlNodePtr root = xmlDocGetRootElement(document);
    if (root == NULL || strcmp((const char *)root->name, "pages") != 0 || root->ns == NULL ||
        strcmp((const char *)root->ns->href, pages_namespace) != 0) {
        return error_set(r->err, ERROR_INPUT,
                         "%s: line %ld: root element is not <pages xmlns=\"%s\">, expected that", r->file,
                         root != NULL ? xmlGetLineNo(root) : 1, pages_namespace);
    }
    for (xmlNodePtr node = root->children; node != NULL; node = node->next)
        if (node->type == XML_ELEMENT_NODE && read_element(r, node, template, seen, heading_seen) != 0)
            return -1;
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
        if (!seen[i] && !elements[i].optional) {
            return error_set(r->err, ERROR_INPUT, "%s: no element <%s>, expected one", r->file,
                             elements[i].name);
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
    struct page_fields_reader r = {.file = path, .err = err};
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
