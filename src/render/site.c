#include "render/site.h"

#include <errno.h>
#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/json_file.h"
#include "base/output_set.h"
#include "render/manifest.h"
#include "render/model_element.h"
#include "render/page.h"
#include "render/words.h"

/* ---- links of one edition ---- */

void site_links_add(xmlDocPtr document, const void *data)
{
    const struct site_links *links = data;
    xmlNodePtr site = element_add(xmlDocGetRootElement(document), "site", NULL);
    attribute_add(site, "base", links->base);
    attribute_add(site, "here", links->here);
    attribute_add(site, "previous", links->previous);
    attribute_add(site, "index", links->index);
    attribute_add(site, "feed", links->feed);
    for (size_t i = 0; i < links->alternate_count; i++) {
        xmlNodePtr alternate = element_add(site, "alternate", NULL);
        attribute_add(alternate, "language", links->alternates[i].language);
        attribute_add(alternate, "name", words_language_name(links->alternates[i].language));
        attribute_add(alternate, "href", links->alternates[i].href);
    }
}

/* ---- what is published ---- */

struct site_edition {
    struct edition edition;
    char *title;          /* as in its manifest */
    char *issued;         /* "2025-07-31" */
    uint64_t pdf_bytes;   /* 0: the manifest does not say */
    GPtrArray *headlines; /* char *, what its figures find */
};

/* The editions in one language. */
struct site {
    const struct publication *publication;
    const char *language;
    char *below;      /* where the language's pages lie: "" or "en/", below the site and below each edition */
    GArray *editions; /* struct site_edition, newest first */
};

static void site_edition_clear(gpointer data)
{
    struct site_edition *edition = data;
    g_free(edition->title);
    g_free(edition->issued);
    g_clear_pointer(&edition->headlines, g_ptr_array_unref);
}

static gint newest_first(gconstpointer left, gconstpointer right)
{
    const struct site_edition *a = left;
    const struct site_edition *b = right;
    return (gint)(civil_date_to_days(b->edition.first) - civil_date_to_days(a->edition.first));
}

static const char *member_text(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

static GPtrArray *texts_of(JsonObject *root, const char *name)
{
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    JsonNode *node = json_object_get_member(root, name);
    JsonArray *list = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; list != NULL && i < json_array_get_length(list); i++) {
        JsonNode *entry = json_array_get_element(list, i);
        if (JSON_NODE_HOLDS_VALUE(entry) && json_node_get_value_type(entry) == G_TYPE_STRING)
            g_ptr_array_add(texts, g_strdup(json_node_get_string(entry)));
    }
    return texts;
}

/* The size that the manifest tells of a file; 0: none. */
static uint64_t file_size(JsonObject *root, const char *name)
{
    JsonNode *node = json_object_get_member(root, "files");
    JsonArray *files = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; files != NULL && i < json_array_get_length(files); i++) {
        JsonNode *entry = json_array_get_element(files, i);
        JsonObject *file = JSON_NODE_HOLDS_OBJECT(entry) ? json_node_get_object(entry) : NULL;
        JsonNode *size = file != NULL && g_strcmp0(member_text(file, "name"), name) == 0
                             ? json_object_get_member(file, "size")
                             : NULL;
        if (size != NULL && JSON_NODE_HOLDS_VALUE(size) && json_node_get_value_type(size) == G_TYPE_INT64)
            return (uint64_t)MAX(json_node_get_int(size), 0);
    }
    return 0;
}

/* The edition that `path`, a manifest in a folder of that name, tells of; NULL when the file is none of
 * ours. */
static char *manifest_read(const char *path, const char *name, struct site_edition *found)
{
    JsonParser *parser = json_parser_new();
    char *edition = NULL;
    if (json_file_parse(parser, path, NULL) && json_parser_get_root(parser) != NULL &&
        JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
        JsonObject *root = json_node_get_object(json_parser_get_root(parser));
        const char *own = member_text(root, "edition");
        const char *day = member_text(root, "issued");
        struct civil_date date;
        if (g_strcmp0(member_text(root, "format"), "teiten-manifest-1") == 0 && g_strcmp0(own, name) == 0) {
            edition = g_strdup(own);
            found->title = g_strdup(member_text(root, "title"));
            found->issued = day != NULL && civil_date_parse(day, &date) ? g_strdup(day) : NULL;
            found->pdf_bytes = file_size(root, "report.pdf");
            found->headlines = texts_of(root, "headlines");
        }
    }
    g_object_unref(parser);
    return edition;
}

bool site_has_edition(const char *folder, const char *edition, const char *below)
{
    struct site_edition found = {0};
    char *path = g_build_filename(folder, edition, below, MANIFEST_NAME, NULL);
    char *own = manifest_read(path, edition, &found);
    bool has = own != NULL;
    g_free(own);
    g_free(path);
    site_edition_clear(&found);
    return has;
}

static void edition_try(struct site *site, const char *folder, const char *name, struct warning_log *log)
{
    struct site_edition found = {0};
    struct error ignored = {0};
    char *path = g_build_filename(folder, name, site->below, MANIFEST_NAME, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        char *own = manifest_read(path, name, &found);
        char date[CIVIL_DATE_SIZE];
        if (own != NULL &&
            edition_parse(own, site->publication->fiscal_start_month, &found.edition, &ignored) == 0) {
            if (found.issued == NULL)
                found.issued = g_strdup(civil_date_format(civil_date_add_days(found.edition.last, 1), date));
            g_array_append_val(site->editions, found);
        } else {
            site_edition_clear(&found);
            warning_add(log, path,
                        "index: %s: not listed, expected the manifest of an edition of this publication in a "
                        "folder named like it",
                        path);
        }
        g_free(own);
    }
    g_free(path);
}

static int editions_find(struct site *site, const char *folder, struct warning_log *log, struct error *err)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (dir == NULL)
        return error_set(err, ERROR_INPUT,
                         "index: %s: cannot be read as a folder, expected the folder of published editions",
                         folder);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        if (name[0] != '.')
            edition_try(site, folder, name, log);
    g_dir_close(dir);
    g_array_sort(site->editions, newest_first);
    return 0;
}

/* ---- the page ---- */

/* An address below the site as the language's list and feed see it. Owned by the caller. */
static char *relative_address(const struct site *site, const char *path)
{
    size_t length = strlen(site->below);
    if (g_str_has_prefix(path, site->below))
        return g_strdup(path + length);
    return g_strconcat("../", path, NULL);
}

/* A file of an edition in the site's language, below the site: "2025q1/en/report.pdf". */
static char *edition_path(const struct site *site, const struct site_edition *edition, const char *file)
{
    return g_strconcat(edition->edition.name, "/", site->below, file, NULL);
}

static void edition_file_add(xmlNodePtr element, const char *name, const struct site *site,
                             const struct site_edition *edition, const char *file)
{
    char *path = edition_path(site, edition, file);
    char *address = relative_address(site, path);
    attribute_add(element, name, address);
    g_free(address);
    g_free(path);
}

/* One list among those of all languages. */
struct listing {
    const struct site *site;
    const GPtrArray *sites; /* struct site *, the first language first */
};

static void editions_add(xmlDocPtr document, const void *data)
{
    const struct listing *listing = data;
    const struct site *site = listing->site;
    xmlNodePtr root = element_add(xmlDocGetRootElement(document), "site", NULL);
    attribute_add(root, "base", site->publication->base_url);
    attribute_add(root, "here", site->below);
    for (guint i = 0; i < listing->sites->len; i++) {
        const struct site *other = listing->sites->pdata[i];
        if (other == site)
            continue;
        char *path = g_strconcat(other->below, "index.xhtml", NULL);
        char *href = relative_address(site, path);
        xmlNodePtr alternate = element_add(root, "alternate", NULL);
        attribute_add(alternate, "language", other->language);
        attribute_add(alternate, "name", words_language_name(other->language));
        attribute_add(alternate, "href", href);
        g_free(href);
        g_free(path);
    }
    for (guint i = 0; i < site->editions->len; i++) {
        const struct site_edition *from = &g_array_index(site->editions, struct site_edition, i);
        GString *period = g_string_new(NULL);
        GString *issued = g_string_new(NULL);
        struct civil_date day;
        xmlNodePtr edition = element_add(root, "edition", NULL);
        edition_period_append(&from->edition, site->language, period);
        if (civil_date_parse(from->issued, &day))
            edition_date_append(day, site->language, issued);
        attribute_add(edition, "name", from->edition.name);
        attribute_add(edition, "issued", from->issued);
        edition_file_add(edition, "href", site, from, "index.xhtml");
        edition_file_add(edition, "pdf", site, from, "report.pdf");
        element_add(edition, "title", from->title);
        element_add(edition, "period", period->str);
        element_add(edition, "issued-text", issued->str);
        for (guint k = 0; k < from->headlines->len; k++)
            element_add(edition, "headline", from->headlines->pdata[k]);
        g_string_free(issued, TRUE);
        g_string_free(period, TRUE);
    }
}

static struct page *index_page(const struct listing *listing, struct warning_log *log, struct error *err)
{
    const struct site *site = listing->site;
    const struct publication *publication = site->publication;
    const struct edition *newest = &g_array_index(site->editions, struct site_edition, 0).edition;
    struct page_kind kind = {
        .template_name = "index.xhtml", .draft = true, .extend = editions_add, .data = listing};
    /* The model of an edition of which nothing is told. */
    struct model model = {
        .language = (char *)(uintptr_t)site->language,
        .title = (char *)(uintptr_t)localized_text(&publication->title, site->language),
        .publisher = (char *)(uintptr_t)localized_text(&publication->publisher, site->language),
        .edition = (char *)(uintptr_t)newest->name,
        .first_day = newest->first,
        .last_day = newest->last,
        .time_zone = publication->time_zone,
    };
    struct page *page = page_fill_kind(publication, newest, &model, &kind, log, err);
    if (page == NULL)
        error_prefix(err, "index");
    return page;
}

/* ---- the feed (RFC 4287) ---- */

static void tag_append(GString *out, const char *indent, const char *name, const char *text)
{
    char *escaped = g_markup_escape_text(text != NULL ? text : "", -1);
    g_string_append_printf(out, "%s<%s>%s</%s>\n", indent, name, escaped, name);
    g_free(escaped);
}

/* `path` is below the site. */
static void link_append(GString *out, const char *indent, const struct site *site, const char *relation,
                        const char *type, const char *path, uint64_t bytes)
{
    const char *base = site->publication->base_url;
    char *address = base != NULL ? g_strconcat(base, path, NULL) : relative_address(site, path);
    char *escaped = g_markup_escape_text(address, -1);
    g_string_append_printf(out, "%s<link rel=\"%s\" type=\"%s\" hreflang=\"%s\" href=\"%s\"", indent,
                           relation, type, site->language, escaped);
    if (bytes > 0)
        g_string_append_printf(out, " length=\"%" PRIu64 "\"", bytes);
    g_string_append(out, "/>\n");
    g_free(escaped);
    g_free(address);
}

/* Below the site's address; without one an identifier of the same publisher, title and edition for ever: a
 * UUID made from their names (RFC 9562, version 8: the first 122 bits of a SHA-256). */
static char *feed_id(const struct site *site, const char *path)
{
    const struct publication *publication = site->publication;
    if (publication->base_url != NULL)
        return g_strconcat(publication->base_url, path, NULL);
    char *name = g_strjoin("\n", localized_text(&publication->publisher, site->language),
                           localized_text(&publication->title, site->language), path, NULL);
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
    static const char variant[] = "89ab";
    char *id = g_strdup_printf("urn:uuid:%.8s-%.4s-8%.3s-%c%.3s-%.12s", digest, digest + 8, digest + 13,
                               variant[g_ascii_xdigit_value(digest[16]) % 4], digest + 17, digest + 20);
    g_free(digest);
    g_free(name);
    return id;
}

static void summary_append(GString *out, const struct site *site, const struct site_edition *from)
{
    if (from->headlines->len == 0)
        return;
    const struct words *words = words_for(site->language);
    GString *summary = g_string_new(NULL);
    for (guint i = 0; i < from->headlines->len; i++)
        g_string_append_printf(summary, "%s%s%s", i > 0 ? words->between_sentences : "",
                               (const char *)from->headlines->pdata[i], words->full_stop);
    tag_append(out, "    ", "summary", summary->str);
    g_string_free(summary, TRUE);
}

static void entry_append(GString *out, const struct site *site, const struct site_edition *from)
{
    const struct words *words = words_for(site->language);
    char *path = edition_path(site, from, "");
    char *page = edition_path(site, from, "index.xhtml");
    char *pdf = edition_path(site, from, "report.pdf");
    char *id = feed_id(site, path);
    char *updated = g_strdup_printf("%sT00:00:00Z", from->issued);
    GString *title = g_string_new(from->title);
    g_string_append(title, words->period_before);
    edition_period_append(&from->edition, site->language, title);
    g_string_append(title, words->period_after);
    g_string_append(out, "  <entry>\n");
    tag_append(out, "    ", "id", id);
    tag_append(out, "    ", "title", title->str);
    tag_append(out, "    ", "updated", updated);
    tag_append(out, "    ", "published", updated);
    summary_append(out, site, from);
    link_append(out, "    ", site, "alternate", "application/xhtml+xml", page, 0);
    link_append(out, "    ", site, "enclosure", "application/pdf", pdf, from->pdf_bytes);
    g_string_append(out, "  </entry>\n");
    g_string_free(title, TRUE);
    g_free(updated);
    g_free(id);
    g_free(pdf);
    g_free(page);
    g_free(path);
}

static char *feed_text(const struct listing *listing)
{
    const struct site *site = listing->site;
    const struct publication *publication = site->publication;
    const char *newest = NULL;
    for (guint i = 0; i < site->editions->len; i++) {
        const char *issued = g_array_index(site->editions, struct site_edition, i).issued;
        newest = newest == NULL || strcmp(issued, newest) > 0 ? issued : newest;
    }
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append_printf(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
                           site->language);
    char *id = feed_id(site, site->below);
    char *updated = g_strdup_printf("%sT00:00:00Z", newest);
    char *self = g_strconcat(site->below, "feed.atom", NULL);
    char *page = g_strconcat(site->below, "index.xhtml", NULL);
    tag_append(out, "  ", "id", id);
    tag_append(out, "  ", "title", localized_text(&publication->title, site->language));
    tag_append(out, "  ", "updated", updated);
    g_string_append(out, "  <author>\n");
    tag_append(out, "    ", "name", localized_text(&publication->publisher, site->language));
    g_string_append(out, "  </author>\n");
    g_string_append(out, "  <generator version=\"" TEITEN_VERSION "\">teiten</generator>\n");
    link_append(out, "  ", site, "self", "application/atom+xml", self, 0);
    link_append(out, "  ", site, "alternate", "application/xhtml+xml", page, 0);
    for (guint i = 0; i < site->editions->len; i++)
        entry_append(out, site, &g_array_index(site->editions, struct site_edition, i));
    g_string_append(out, "</feed>\n");
    g_free(page);
    g_free(self);
    g_free(updated);
    g_free(id);
    return g_string_free(out, FALSE);
}

/* ---- the whole ---- */

static int file_add(GPtrArray *written, const char *folder, const char *name, const void *data, size_t size,
                    struct error *err)
{
    char *path = g_build_filename(folder, name, NULL);
    int status = output_file_write(path, data, size, err);
    if (status == 0 && written != NULL)
        g_ptr_array_add(written, g_steal_pointer(&path));
    g_free(path);
    return status;
}

static int listing_write(const struct listing *listing, const char *folder, GPtrArray *written,
                         struct warning_log *log, struct error *err)
{
    struct page *page = index_page(listing, log, err);
    if (page == NULL)
        return -1;
    char *own = g_build_filename(folder, listing->site->below, NULL);
    GBytes *xhtml = page_xhtml(page);
    char *feed = feed_text(listing);
    int result = -1;
    if (g_mkdir_with_parents(own, 0777) != 0)
        error_set(err, ERROR_OUTPUT, "index: %s: cannot make the folder: %s", own, g_strerror(errno));
    /* The style before the page that needs it. */
    else if (file_add(written, own, page->style_name, page->style, strlen(page->style), err) == 0 &&
             file_add(written, own, "index.xhtml", g_bytes_get_data(xhtml, NULL), g_bytes_get_size(xhtml),
                      err) == 0)
        result = file_add(written, own, "feed.atom", feed, strlen(feed), err);
    g_free(feed);
    g_bytes_unref(xhtml);
    g_free(own);
    page_free(page);
    return result;
}

static void site_free(gpointer data)
{
    struct site *site = data;
    g_array_unref(site->editions);
    g_free(site->below);
    g_free(site);
}

static struct site *site_new(const struct publication *publication, const char *language, bool first)
{
    struct site *site = g_new0(struct site, 1);
    site->publication = publication;
    site->language = language;
    site->below = first ? g_strdup("") : g_strconcat(language, "/", NULL);
    site->editions = g_array_new(FALSE, FALSE, sizeof(struct site_edition));
    g_array_set_clear_func(site->editions, site_edition_clear);
    return site;
}

int site_publish(const struct publication *publication, const char *folder, char *const *languages,
                 GPtrArray *written, struct warning_log *log, struct error *err)
{
    GPtrArray *sites = g_ptr_array_new_with_free_func(site_free);
    int result = 0;
    for (size_t i = 0; languages[i] != NULL && result == 0; i++) {
        struct site *site = site_new(publication, languages[i], i == 0);
        result = editions_find(site, folder, log, err);
        /* Not every language need be published. */
        if (result == 0 && (i == 0 || site->editions->len > 0))
            g_ptr_array_add(sites, site);
        else
            site_free(site);
    }
    if (result == 0 && ((const struct site *)sites->pdata[0])->editions->len == 0)
        result = error_set(err, ERROR_INPUT, "index: %s: no published edition, expected one (teiten report)",
                           folder);
    for (guint i = 0; i < sites->len && result == 0; i++) {
        struct listing listing = {sites->pdata[i], sites};
        result = listing_write(&listing, folder, written, log, err);
    }
    g_ptr_array_unref(sites);
    return result;
}
