#include "render/page.h"

#include <string.h>

#include "render/markup.h"
#include "render/model_document.h"
#include "render/prose_folder.h"
#include "render/screen.h"
#include "render/template.h"
#include "render/template_folder.h"
#include "render/typography.h"
#include "render/xhtml.h"

enum { STYLE_BYTES_MAX = 1024 * 1024 };

/* ---- open markers ---- */

/* The line on which the marker stands: the origin's, or a later one of the same text. */
static long marker_line(const struct origin *origin, const char *marker)
{
    const char *p = origin->source->text;
    for (long line = 1; line < origin->line && p != NULL; line++) {
        p = strchr(p, '\n');
        p = p != NULL ? p + 1 : NULL;
    }
    const char *found = p != NULL ? strstr(p, marker) : NULL;
    if (found == NULL)
        return origin->line;
    long line = origin->line;
    for (; p < found; p++)
        line += *p == '\n';
    return line;
}

static int marker_error(const struct filling *filling, xmlNodePtr node, const char *marker, struct error *err)
{
    const struct origin *origin = filling_origin(node->type == XML_TEXT_NODE ? node->parent : node);
    if (origin->drafted != NULL)
        return error_set(err, ERROR_INPUT,
                         "%s: line %ld: a drafted sentence (rule %s) still holds %s, expected an analyst's "
                         "words in the edition's prose (%s) or --draft",
                         origin->source->name, origin->line, origin->drafted, marker, filling->prose_folder);
    origin = filling_origin(node);
    return error_set(err, ERROR_INPUT,
                     "%s: line %ld: %s still stands in the text, expected it to be settled, or --draft",
                     origin->source->name, marker_line(origin, marker), marker);
}

static int markers_check(const struct filling *filling, xmlNodePtr node, struct error *err)
{
    for (; node != NULL; node = node->next) {
        const char *marker = NULL;
        if (node->type == XML_TEXT_NODE)
            marker = words_open_marker((const char *)node->content);
        if (node->type == XML_ELEMENT_NODE) {
            xmlChar *alt = xmlGetNoNsProp(node, BAD_CAST "alt");
            marker = alt != NULL ? words_open_marker((const char *)alt) : NULL;
            xmlFree(alt);
        }
        if (marker != NULL)
            return marker_error(filling, node, marker, err);
        if (node->type == XML_ELEMENT_NODE && markers_check(filling, node->children, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- places of characters ---- */

static void character_place_add(struct page *page, const struct origin *origin, const char *p)
{
    gunichar character = g_utf8_get_char(p);
    if (g_hash_table_contains(page->character_places, GUINT_TO_POINTER(character)))
        return;
    char *utf8 = g_strndup(p, (gsize)(g_utf8_next_char(p) - p));
    if (strstr(origin->source->text, utf8) != NULL) /* else the program wrote it, or normalised it */
        g_hash_table_insert(page->character_places, GUINT_TO_POINTER(character),
                            g_strdup_printf("%s: line %ld", origin->source->name, marker_line(origin, utf8)));
    g_free(utf8);
}

static void character_places_find(struct page *page, xmlNodePtr node)
{
    for (; node != NULL; node = node->next) {
        if (node->type == XML_ELEMENT_NODE)
            character_places_find(page, node->children);
        const struct origin *origin = node->type == XML_TEXT_NODE ? filling_origin(node) : NULL;
        const char *p = origin != NULL ? (const char *)node->content : "";
        for (; *p != '\0'; p = g_utf8_next_char(p))
            if ((guchar)*p >= 0x80)
                character_place_add(page, origin, p);
    }
}

const char *page_character_place(const struct page *page, gunichar character)
{
    return g_hash_table_lookup(page->character_places, GUINT_TO_POINTER(character));
}

/* ---- filling ---- */

static int style_load(struct page *page, const struct publication *publication, const struct edition *edition,
                      struct error *err)
{
    char *shown = NULL;
    char *path = template_folder_file(publication, edition, page->model->language, "style.css", &shown, err);
    size_t size;
    page->style_name = g_strdup("style.css");
    page->style = path != NULL ? source_read(path, shown, STYLE_BYTES_MAX, &size, err) : NULL;
    g_free(path);
    g_free(shown);
    return page->style != NULL ? 0 : -1;
}

/* Whether the pass found tables or figures that the prose places itself. */
static bool has_placed(xmlNodePtr node)
{
    for (; node != NULL; node = node->next) {
        xmlChar *value = node->type == XML_ELEMENT_NODE ? xmlGetNoNsProp(node, BAD_CAST "in-prose") : NULL;
        bool yes = value != NULL && strcmp((const char *)value, "yes") == 0;
        xmlFree(value);
        if (yes || has_placed(node->type == XML_ELEMENT_NODE ? node->children : NULL))
            return true;
    }
    return false;
}

/* What prose places, the template leaves out, also where it comes before: so a first pass finds out. */
static int passes_run(struct filling *filling, struct error *err)
{
    if (template_expand(filling, err) != 0)
        return -1;
    if (!has_placed(xmlDocGetRootElement(filling->model_document)))
        return 0;
    template_pass_release(filling);
    return template_expand(filling, err);
}

static void private_clear(xmlNodePtr node)
{
    for (; node != NULL; node = node->next) {
        node->_private = NULL;
        if (node->type == XML_ELEMENT_NODE)
            private_clear(node->children);
    }
}

static void unused_warn(const struct filling *filling, const GPtrArray *fragments, struct warning_log *log)
{
    for (guint i = 0; i < fragments->len; i++) {
        char *shown =
            g_strdup_printf("%s/%s.xhtml", filling->prose_folder, (const char *)fragments->pdata[i]);
        bool used = false;
        for (guint k = 0; k < filling->sources->len; k++)
            used = used || strcmp(((struct source *)filling->sources->pdata[k])->name, shown) == 0;
        if (!used)
            warning_add(log, filling->prose_folder,
                        "report: %s: not published, expected a template that pulls it", shown);
        g_free(shown);
    }
}

/* Images change owners: from the origins to the page. */
static void images_take(struct filling *filling, struct page *page, const GPtrArray *images)
{
    for (guint i = 0; i < images->len; i++)
        g_ptr_array_add(page->images, images->pdata[i]);
    for (guint i = 0; i < filling->origins->len; i++) {
        struct origin *origin = filling->origins->pdata[i];
        if (origin->image != NULL && origin->image->number > 0)
            origin->image = NULL;
    }
}

static void page_image_free(gpointer data)
{
    struct page_image *image = data;
    g_free(image->file);
    g_clear_pointer(&image->picture, g_bytes_unref);
    g_clear_pointer(&image->variants, g_array_unref);
    g_free(image);
}

static void source_free_any(gpointer data)
{
    source_free(data);
}

/* The date of the first <time> within <header>. Owned by the caller. */
static char *issued_find(xmlNodePtr node, bool in_header)
{
    char *issued = NULL;
    for (; node != NULL && issued == NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE)
            continue;
        xmlChar *value = in_header && strcmp((const char *)node->name, "time") == 0
                             ? xmlGetNoNsProp(node, BAD_CAST "datetime")
                             : NULL;
        struct civil_date date;
        if (value != NULL && civil_date_parse((const char *)value, &date))
            issued = g_strdup((const char *)value);
        xmlFree(value);
        if (issued == NULL)
            issued =
                issued_find(node->children, in_header || strcmp((const char *)node->name, "header") == 0);
    }
    return issued;
}

static int filling_run(struct filling *filling, struct page *page, const struct page_kind *kind,
                       struct warning_log *log, struct error *err)
{
    const struct publication *publication = filling->publication;
    GPtrArray *fragments = prose_folder_names(filling->prose_folder);
    GPtrArray *images = g_ptr_array_new();
    char *shown = NULL;
    char *path = template_folder_file(publication, filling->edition, filling->model->language,
                                      kind->template_name, &shown, err);
    struct source *template = path != NULL ? source_load(path, shown, err) : NULL;
    int result = -1;
    if (template == NULL)
        goto done;
    g_ptr_array_add(filling->sources, template);
    filling->model_document = model_document_new(publication, filling->model, fragments, kind->draft);
    if (kind->extend != NULL)
        kind->extend(filling->model_document, kind->data);
    if (passes_run(filling, err) != 0 || numbering_fill(filling, images, err) != 0 ||
        markup_nesting_check(filling->document, err) != 0)
        goto done;
    typography_page(filling->document, filling->normalise);
    if (kind->pulls_prose && kept_check(filling, kind->draft, log, err) != 0)
        goto done;
    if (!kind->draft && markers_check(filling, xmlDocGetRootElement(filling->document), err) != 0)
        goto done;
    if (kind->pulls_prose)
        unused_warn(filling, fragments, log);
    images_take(filling, page, images);
    page->document = filling->document;
    filling->document = NULL;
    character_places_find(page, xmlDocGetRootElement(page->document));
    private_clear(xmlDocGetRootElement(page->document));
    page->issued = issued_find(xmlDocGetRootElement(page->document), false);
    result = 0;
done:
    g_free(path);
    g_free(shown);
    g_ptr_array_unref(images);
    g_ptr_array_unref(fragments);
    return result;
}

struct page *page_fill_kind(const struct publication *publication, const struct edition *edition,
                            const struct model *model, const struct page_kind *kind, struct warning_log *log,
                            struct error *err)
{
    struct page *page = g_new0(struct page, 1);
    page->model = model;
    page->images = g_ptr_array_new_with_free_func(page_image_free);
    page->character_places = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    struct filling filling = {
        .publication = publication,
        .edition = edition,
        .model = model,
        .words = words_for(model->language),
        .sources = g_ptr_array_new_with_free_func(source_free_any),
        .pictures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref),
    };
    const char *first = publication->languages != NULL && publication->languages[0] != NULL
                            ? publication->languages[0]
                            : model->language;
    filling.prose_folder = prose_folder_path(publication, edition, model->language);
    filling.shared_folder = prose_folder_path(publication, edition, first);
    page->draft = kind->draft && kind->pulls_prose;
    int result = style_load(page, publication, edition, err);
    if (result == 0)
        result = filling_run(&filling, page, kind, log, err);
    template_pass_release(&filling);
    if (filling.model_document != NULL)
        xmlFreeDoc(filling.model_document);
    g_hash_table_unref(filling.pictures);
    g_ptr_array_unref(filling.sources);
    g_free(filling.prose_folder);
    g_free(filling.shared_folder);
    if (result != 0)
        g_clear_pointer(&page, page_free);
    return page;
}

struct page *page_fill(const struct publication *publication, const struct edition *edition,
                       const struct model *model, bool draft, struct warning_log *log, struct error *err)
{
    struct page_kind kind = {.template_name = "report.xhtml", .pulls_prose = true, .draft = draft};
    return page_fill_kind(publication, edition, model, &kind, log, err);
}

void page_free(struct page *page)
{
    if (page == NULL)
        return;
    if (page->document != NULL)
        xmlFreeDoc(page->document);
    g_ptr_array_unref(page->images);
    g_hash_table_unref(page->character_places);
    g_free(page->issued);
    g_free(page->style_name);
    g_free(page->style);
    g_free(page);
}

const struct page_image *page_image(const struct page *page, const char *src)
{
    for (guint i = 0; i < page->images->len; i++) {
        const struct page_image *image = page->images->pdata[i];
        if (strcmp(image->file, src) == 0)
            return image;
    }
    return NULL;
}

const char *page_issued(const struct page *page)
{
    return page->issued;
}

GBytes *page_xhtml(const struct page *page)
{
    xmlDocPtr document = screen_document_new(page);
    GBytes *bytes = xhtml_write(document);
    xmlFreeDoc(document);
    return bytes;
}
