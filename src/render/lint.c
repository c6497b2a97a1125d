/* lint.c - from files to runs of text, and from findings to warnings. The rules are lint_text.c's. */
#include "render/lint.h"

#include <string.h>

#include "render/lint_numbers.h"
#include "render/lint_text.h"
#include "render/prose_folder.h"
#include "render/source.h"
#include "render/template.h"
#include "render/template_folder.h"
#include "render/xhtml.h"

/* One file on the way. Lines are counted along, because the reader tells those of texts only roughly: it is
 * exact at each start of an element, and texts add their line feeds. */
struct walk {
    struct lint_gathering *gathering;
    const char *language; /* of the file */
    long line;
    GArray *run;      /* struct lint_character: the paragraph at hand */
    bool is_japanese; /* the run at hand */
    GArray *numbers;  /* struct lint_number: of the whole file */
};

static void finding_free(gpointer data)
{
    struct lint_finding *finding = data;
    g_free(finding->file);
    g_free(finding->text);
    g_free(finding);
}

static bool language_is_japanese(const char *language)
{
    return strncmp(language, "ja", 2) == 0 && (language[2] == '\0' || language[2] == '-');
}

/* ---- runs ---- */

static void run_finish(struct walk *walk)
{
    while (walk->run->len > 0 && g_array_index(walk->run, struct lint_character, walk->run->len - 1).c == ' ')
        g_array_set_size(walk->run, walk->run->len - 1);
    if (walk->run->len > 0) {
        lint_run(walk->gathering, walk->run, walk->is_japanese);
        lint_numbers_gather(walk->numbers, walk->run);
    }
    g_array_set_size(walk->run, 0);
}

static gunichar run_last(const struct walk *walk)
{
    return walk->run->len > 0 ? g_array_index(walk->run, struct lint_character, walk->run->len - 1).c : 0;
}

static void character_add(struct walk *walk, gunichar c)
{
    struct lint_character character = {c, walk->line};
    g_array_append_val(walk->run, character);
}

static bool is_wide(gunichar c)
{
    return c >= 0x3000 && c < LINT_OBJECT;
}

/* White space as a page shows it: one blank, and none where a line feed stands beside Japanese. */
static void text_add(struct walk *walk, const char *text)
{
    for (const char *p = text; *p != '\0';) {
        bool has_blank = false, has_feed = false;
        for (; *p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'; p++) {
            has_blank = true;
            has_feed = has_feed || *p == '\n';
            walk->line += *p == '\n';
        }
        gunichar next = *p != '\0' ? g_utf8_get_char(p) : 0;
        gunichar last = run_last(walk);
        if (has_blank && last != 0 && last != ' ' && !(has_feed && (is_wide(last) || is_wide(next))))
            character_add(walk, ' ');
        if (next == 0)
            return;
        character_add(walk, next);
        p = g_utf8_next_char(p);
    }
}

/* Text that is read apart from what stands around it, as a note or an attribute. */
static void aside_begin(struct walk *walk, struct walk *aside, const char *language)
{
    *aside = *walk;
    aside->run = g_array_new(FALSE, FALSE, sizeof(struct lint_character));
    aside->is_japanese = language_is_japanese(language);
}

static void aside_finish(struct walk *walk, struct walk *aside)
{
    run_finish(aside);
    g_array_unref(aside->run);
    walk->line = aside->line;
}

/* ---- elements ---- */

static bool is_template(const xmlNode *node)
{
    return node->ns != NULL && strcmp((const char *)node->ns->href, TEMPLATE_NAMESPACE) == 0;
}

static bool is_one_of(const char *name, const char *const *names)
{
    return g_strv_contains(names, name);
}

static void children_walk(struct walk *walk, xmlNodePtr node);

static void attribute_walk(struct walk *walk, xmlNodePtr node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
    if (value != NULL) {
        struct walk aside;
        aside_begin(walk, &aside, walk->is_japanese ? "ja" : walk->language);
        long line = walk->line;
        text_add(&aside, (const char *)value);
        aside_finish(walk, &aside);
        walk->line = line; /* attributes are known by their element's line */
    }
    xmlFree(value);
}

/* A picture tells those who cannot see it what it shows: more than its caption and its file's name do. */
static void picture_check(struct walk *walk, xmlNodePtr node)
{
    xmlChar *alt = xmlGetNoNsProp(node, BAD_CAST "alt");
    xmlChar *role = xmlGetNoNsProp(node, BAD_CAST "role");
    xmlChar *src = xmlGetNoNsProp(node, BAD_CAST "src");
    xmlChar *caption = xmlNodeGetContent(node);
    char *words = g_strstrip(g_strdup((const char *)caption));
    bool is_decoration = xmlStrEqual(role, BAD_CAST "presentation");
    if (!is_decoration && (alt == NULL || *alt == '\0'))
        lint_add(walk->gathering, LINT_ALTERNATIVE_TEXT, walk->line,
                 "picture \"%s\" has no alternative text, expected alt=\"what the picture shows\"",
                 src != NULL ? (const char *)src : "");
    else if (!is_decoration && (strcmp((const char *)alt, words) == 0 || xmlStrEqual(alt, src)))
        lint_add(walk->gathering, LINT_ALTERNATIVE_TEXT, walk->line,
                 "the alternative text of \"%s\" repeats its %s, expected what the picture shows",
                 src != NULL ? (const char *)src : "", xmlStrEqual(alt, src) ? "name" : "caption");
    g_free(words);
    xmlFree(caption);
    xmlFree(src);
    xmlFree(role);
    xmlFree(alt);
}

static void template_walk(struct walk *walk, xmlNodePtr node)
{
    static const char *const inside[] = {"value", "ref", "draft", "check", NULL};
    static const char *const transparent[] = {"if", "for-each", NULL};
    const char *name = (const char *)node->name;
    if (is_one_of(name, inside)) {
        character_add(walk, LINT_OBJECT);
    } else if (is_one_of(name, transparent)) {
        children_walk(walk, node);
    } else if (strcmp(name, "note") == 0) {
        struct walk aside;
        aside_begin(walk, &aside, walk->is_japanese ? "ja" : walk->language);
        children_walk(&aside, node);
        aside_finish(walk, &aside);
    } else {
        run_finish(walk);
        if (strcmp(name, "picture") == 0) {
            picture_check(walk, node);
            attribute_walk(walk, node, "alt");
        }
        children_walk(walk, node);
        run_finish(walk);
    }
}

/* The language that the element itself names; NULL: none. Owned by the caller. */
static char *own_language(xmlNodePtr node)
{
    xmlChar *value = xmlGetNoNsProp(node, BAD_CAST "lang");
    if (value == NULL)
        value = xmlGetNsProp(node, BAD_CAST "lang", XML_XML_NAMESPACE);
    char *language = value != NULL ? g_strdup((const char *)value) : NULL;
    xmlFree(value);
    return language;
}

static bool is_address(xmlNodePtr node)
{
    xmlChar *content = xmlNodeGetContent(node);
    bool yes = g_str_has_prefix((const char *)content, "http://") ||
               g_str_has_prefix((const char *)content, "https://");
    xmlFree(content);
    return yes;
}

/* Text that is not to be judged: its lines count, and it leaves its place in the run. */
static void object_walk(struct walk *walk, xmlNodePtr node)
{
    xmlChar *content = xmlNodeGetContent(node);
    for (const xmlChar *p = content; *p != '\0'; p++)
        walk->line += *p == '\n';
    xmlFree(content);
    character_add(walk, LINT_OBJECT);
}

static void abbreviation_explain(struct walk *walk, xmlNodePtr node)
{
    xmlChar *title = xmlGetNoNsProp(node, BAD_CAST "title");
    xmlChar *content = xmlNodeGetContent(node);
    if (title != NULL && *title != '\0')
        lint_explain(walk->gathering, (const char *)content);
    xmlFree(content);
    xmlFree(title);
}

static void element_walk(struct walk *walk, xmlNodePtr node)
{
    /* Titles of works are as they are. */
    static const char *const code[] = {"code", "pre", "kbd", "samp", "var", "cite", NULL};
    const char *name = (const char *)node->name;
    char *language = own_language(node);
    bool is_inline = xhtml_is_inline(name);
    walk->line = xmlGetLineNo(node);
    if (is_template(node)) {
        template_walk(walk, node);
    } else if (is_one_of(name, code) || (strcmp(name, "a") == 0 && is_address(node))) {
        object_walk(walk, node);
    } else if (language != NULL && language_is_japanese(language) != walk->is_japanese) {
        struct walk aside;
        aside_begin(walk, &aside, language);
        children_walk(&aside, node);
        aside_finish(walk, &aside);
        if (is_inline)
            character_add(walk, LINT_OBJECT);
    } else {
        if (strcmp(name, "abbr") == 0)
            abbreviation_explain(walk, node);
        if (!is_inline || strcmp(name, "br") == 0)
            run_finish(walk);
        children_walk(walk, node);
        if (!is_inline)
            run_finish(walk);
    }
    g_free(language);
}

/* Depth is bounded by the reader of XML (256 levels). */
static void children_walk(struct walk *walk, xmlNodePtr node)
{
    for (xmlNodePtr child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            element_walk(walk, child);
        else if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
            text_add(walk, (const char *)child->content);
        else if (child->content != NULL)
            for (const xmlChar *p = child->content; *p != '\0'; p++) /* comments */
                walk->line += *p == '\n';
    }
}

/* ---- files ---- */

/* `names` (NULL: all): only the texts of these elements, as publication.xml has them, in `language`. */
static void localized_walk(struct walk *walk, xmlNodePtr node, const char *const *names)
{
    for (; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        char *language = own_language(node);
        if (is_one_of((const char *)node->name, names) && g_strcmp0(language, walk->language) == 0) {
            walk->line = xmlGetLineNo(node);
            children_walk(walk, node);
            run_finish(walk);
        }
        g_free(language);
        localized_walk(walk, node->children, names);
    }
}

static void walk_begin(struct walk *walk, struct lint_gathering *gathering, const char *language)
{
    *walk = (struct walk){.gathering = gathering,
                          .language = language,
                          .run = g_array_new(FALSE, FALSE, sizeof(struct lint_character)),
                          .is_japanese = language_is_japanese(language),
                          .numbers = g_array_new(FALSE, FALSE, sizeof(struct lint_number))};
}

static void walk_finish(struct walk *walk)
{
    run_finish(walk);
    g_array_unref(walk->run);
    g_array_unref(walk->numbers);
}

static int publication_lint(struct lint_gathering *gathering, const struct publication *publication,
                            const char *language, struct error *err)
{
    static const char *const texts[] = {"title",    "publisher", "caption", "key-heading",
                                        "headline", "label",     NULL};
    struct source *source = source_load(publication->file, publication->file, err);
    if (source == NULL)
        return -1;
    struct walk walk;
    gathering->file = g_intern_string(publication->file);
    walk_begin(&walk, gathering, language);
    localized_walk(&walk, xmlDocGetRootElement(source->document), texts);
    walk_finish(&walk);
    source_free(source);
    return 0;
}

/* The numbers of a prose file, gathered without judging its text. Owned by the caller. */
static GArray *file_numbers(const char *path, const char *language)
{
    struct error ignored = {0};
    struct source *source = source_load(path, path, &ignored);
    GArray *numbers = NULL;
    if (source != NULL) {
        struct lint_settings off;
        struct lint_gathering gathering;
        struct walk walk;
        lint_settings_init(&off);
        for (int rule = 0; rule < LINT_RULE_COUNT; rule++)
            off.levels[rule] = LINT_OFF;
        lint_gathering_init(&gathering, &off, true);
        walk_begin(&walk, &gathering, language);
        children_walk(&walk, xmlDocGetRootElement(source->document));
        run_finish(&walk);
        numbers = g_array_ref(walk.numbers);
        walk_finish(&walk);
        lint_gathering_release(&gathering);
        lint_settings_release(&off);
    }
    source_free(source);
    return numbers;
}

/* `first_folder` (NULL: this is the first language): where the same file lies in the first language. */
static int prose_lint(struct lint_gathering *gathering, const char *path, const char *language,
                      const char *first_path, const char *first_language, struct error *err)
{
    struct source *source = source_load(path, path, err);
    if (source == NULL)
        return -1;
    struct walk walk;
    gathering->file = g_intern_string(path);
    walk_begin(&walk, gathering, language);
    children_walk(&walk, xmlDocGetRootElement(source->document));
    run_finish(&walk);
    GArray *first = first_path != NULL ? file_numbers(first_path, first_language) : NULL;
    if (first != NULL) {
        lint_numbers_compare(gathering, walk.numbers, first, first_path);
        g_array_unref(first);
    }
    walk_finish(&walk);
    source_free(source);
    return 0;
}

/* Whether the page's template puts half-width brackets and the like right by itself (t:normalise). */
static bool template_normalises(const struct publication *publication, const struct edition *edition,
                                const char *language)
{
    struct error ignored = {0};
    char *shown = NULL;
    char *path = template_folder_file(publication, edition, language, "report.xhtml", &shown, &ignored);
    struct source *source = path != NULL ? source_load(path, shown, &ignored) : NULL;
    xmlChar *value = source != NULL ? xmlGetNsProp(xmlDocGetRootElement(source->document),
                                                   BAD_CAST "normalise", BAD_CAST TEMPLATE_NAMESPACE)
                                    : NULL;
    bool yes = value != NULL && xmlStrEqual(value, BAD_CAST "yes");
    xmlFree(value);
    source_free(source);
    g_free(path);
    g_free(shown);
    return yes;
}

/* publication.xml first, then prose by name; in a file by line; what is found on one line stays in its order.
 */
static gint compare_findings(gconstpointer left, gconstpointer right)
{
    const struct lint_finding *a = *(const struct lint_finding *const *)left;
    const struct lint_finding *b = *(const struct lint_finding *const *)right;
    bool a_is_publication = g_str_has_suffix(a->file, "publication.xml");
    bool b_is_publication = g_str_has_suffix(b->file, "publication.xml");
    if (a_is_publication != b_is_publication)
        return a_is_publication ? -1 : 1;
    int order = strcmp(a->file, b->file);
    if (order == 0)
        order = (a->line > b->line) - (a->line < b->line);
    if (order == 0)
        order = (a->rule > b->rule) - (a->rule < b->rule);
    return order != 0 ? order : strcmp(a->text, b->text);
}

GPtrArray *lint_edition(const struct publication *publication, const struct edition *edition,
                        const char *language, struct error *err)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(finding_free);
    struct lint_gathering gathering;
    const char *first_language = publication->languages[0];
    bool is_first = strcmp(first_language, language) == 0;
    char *folder = prose_folder_path(publication, edition, language);
    char *first_folder = prose_folder_path(publication, edition, first_language);
    GPtrArray *names = prose_folder_names(folder);
    lint_gathering_init(&gathering, &publication->lint, template_normalises(publication, edition, language));
    gathering.findings = findings;
    int result = publication_lint(&gathering, publication, language, err);
    for (guint i = 0; i < names->len && result == 0; i++) {
        char *file = g_strconcat(names->pdata[i], ".xhtml", NULL);
        char *path = g_build_filename(folder, file, NULL);
        char *first_path = is_first ? NULL : g_build_filename(first_folder, file, NULL);
        result = prose_lint(&gathering, path, language, first_path, first_language, err);
        g_free(first_path);
        g_free(path);
        g_free(file);
    }
    lint_gathering_finish(&gathering);
    lint_gathering_release(&gathering);
    g_ptr_array_sort(findings, compare_findings);
    g_ptr_array_unref(names);
    g_free(first_folder);
    g_free(folder);
    if (result != 0)
        g_clear_pointer(&findings, g_ptr_array_unref);
    return findings;
}

int lint_tell(const struct publication *publication, const GPtrArray *findings, bool draft,
              struct warning_log *log, struct error *err)
{
    const struct lint_finding *worst = NULL;
    for (guint i = 0; i < findings->len; i++) {
        const struct lint_finding *finding = findings->pdata[i];
        if (!draft && worst == NULL && publication->lint.levels[finding->rule] == LINT_ERROR) {
            worst = finding;
            continue;
        }
        /* A topic each: every slip is somebody's to mend. */
        char *topic = g_strdup_printf("%s %u", finding->file, i);
        warning_add(log, topic, "text: %s: line %ld: %s (%s)", finding->file, finding->line, finding->text,
                    lint_rule_name(finding->rule));
        g_free(topic);
    }
    return worst == NULL ? 0
                         : error_set(err, ERROR_INPUT, "text: %s: line %ld: %s, or --draft (%s)", worst->file,
                                     worst->line, worst->text, lint_rule_name(worst->rule));
}
