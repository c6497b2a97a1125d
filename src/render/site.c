#include "render/site.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base/output_set.h"
#include "render/model_element.h"
#include "render/page.h"

/* ---- links of one edition ---- */

void site_links_add(xmlDocPtr document, const void *data)
{
    const struct site_links *links = data;
    xmlNodePtr site = element_add(xmlDocGetRootElement(document), "site", NULL);
    attribute_add(site, "base", links->base);
    attribute_add(site, "here", links->here);
    attribute_add(site, "previous", links->previous);
    attribute_add(site, "index", links->index);
    for (size_t i = 0; i < links->alternate_count; i++) {
        xmlNodePtr alternate = element_add(site, "alternate", NULL);
        attribute_add(alternate, "language", links->alternates[i].language);
        attribute_add(alternate, "href", links->alternates[i].href);
    }
}

/* ---- what is published ---- */

struct site_edition {
    struct edition edition;
    char *title;  /* as in its manifest */
    char *issued; /* "2025-07-31" */
};

struct site {
    const struct publication *publication;
    const char *language;
    GArray *editions; /* struct site_edition, newest first */
};

static void site_edition_clear(gpointer data)
{
    struct site_edition *edition = data;
    g_free(edition->title);
    g_free(edition->issued);
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

/* The manifest's edition; NULL when the file is none of ours. */
static char *manifest_read(const char *folder, const char *name, char **title, char **issued)
{
    char *path = g_build_filename(folder, name, "manifest.json", NULL);
    JsonParser *parser = json_parser_new();
    char *edition = NULL;
    if (json_parser_load_from_file(parser, path, NULL) && json_parser_get_root(parser) != NULL &&
        JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
        JsonObject *root = json_node_get_object(json_parser_get_root(parser));
        const char *own = member_text(root, "edition");
        const char *day = member_text(root, "issued");
        struct civil_date date;
        if (g_strcmp0(member_text(root, "format"), "teiten-manifest-1") == 0 && g_strcmp0(own, name) == 0) {
            edition = g_strdup(own);
            *title = g_strdup(member_text(root, "title"));
            *issued = day != NULL && civil_date_parse(day, &date) ? g_strdup(day) : NULL;
        }
    }
    g_object_unref(parser);
    g_free(path);
    return edition;
}

bool site_has_edition(const char *folder, const char *edition)
{
    char *title = NULL, *issued = NULL;
    char *found = manifest_read(folder, edition, &title, &issued);
    bool has = found != NULL;
    g_free(found);
    g_free(title);
    g_free(issued);
    return has;
}

static void edition_try(struct site *site, const char *folder, const char *name, struct warning_log *log)
{
    struct site_edition found = {0};
    struct error ignored = {0};
    char *path = g_build_filename(folder, name, "manifest.json", NULL);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        char *own = manifest_read(folder, name, &found.title, &found.issued);
        char date[CIVIL_DATE_SIZE];
        if (own != NULL &&
            edition_parse(own, site->publication->fiscal_start_month, &found.edition, &ignored) == 0) {
            if (found.issued == NULL)
                found.issued = g_strdup(civil_date_format(civil_date_add_days(found.edition.last, 1), date));
            g_array_append_val(site->editions, found);
        } else {
            site_edition_clear(&found);
            warning_add(log, path, "index: %s: no manifest of an edition of this publication, not listed",
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
    if (site->editions->len == 0)
        return error_set(err, ERROR_INPUT, "index: %s: no published edition, expected one (teiten report)",
                         folder);
    return 0;
}

/* ---- the page ---- */

static void editions_add(xmlDocPtr document, const void *data)
{
    const struct site *site = data;
    xmlNodePtr root = element_add(xmlDocGetRootElement(document), "site", NULL);
    attribute_add(root, "base", site->publication->base_url);
    for (guint i = 0; i < site->editions->len; i++) {
        const struct site_edition *from = &g_array_index(site->editions, struct site_edition, i);
        GString *period = g_string_new(NULL);
        xmlNodePtr edition = element_add(root, "edition", NULL);
        edition_period_append(&from->edition, site->language, period);
        attribute_add(edition, "name", from->edition.name);
        attribute_add(edition, "issued", from->issued);
        element_add(edition, "title", from->title);
        element_add(edition, "period", period->str);
        g_string_free(period, TRUE);
    }
}

static struct page *index_page(const struct site *site, struct warning_log *log, struct error *err)
{
    const struct publication *publication = site->publication;
    const struct edition *newest = &g_array_index(site->editions, struct site_edition, 0).edition;
    struct page_kind kind = {
        .template_name = "index.xhtml", .draft = true, .extend = editions_add, .data = site};
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

static void link_append(GString *out, const char *indent, const char *relation, const char *type,
                        const char *base, const char *path)
{
    char *escaped = g_markup_escape_text(base != NULL ? base : "", -1);
    g_string_append_printf(out, "%s<link rel=\"%s\" type=\"%s\" href=\"%s%s\"/>\n", indent, relation, type,
                           escaped, path);
    g_free(escaped);
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

static void entry_append(GString *out, const struct site *site, const struct site_edition *from)
{
    char *path = g_strdup_printf("%s/", from->edition.name);
    char *page = g_strdup_printf("%s/index.xhtml", from->edition.name);
    char *pdf = g_strdup_printf("%s/report.pdf", from->edition.name);
    char *id = feed_id(site, path);
    char *updated = g_strdup_printf("%sT00:00:00Z", from->issued);
    GString *title = g_string_new(from->title);
    g_string_append(title, g_str_has_prefix(site->language, "ja") ? "（" : " (");
    edition_period_append(&from->edition, site->language, title);
    g_string_append(title, g_str_has_prefix(site->language, "ja") ? "）" : ")");
    g_string_append(out, "  <entry>\n");
    tag_append(out, "    ", "id", id);
    tag_append(out, "    ", "title", title->str);
    tag_append(out, "    ", "updated", updated);
    tag_append(out, "    ", "published", updated);
    link_append(out, "    ", "alternate", "application/xhtml+xml", site->publication->base_url, page);
    link_append(out, "    ", "enclosure", "application/pdf", site->publication->base_url, pdf);
    g_string_append(out, "  </entry>\n");
    g_string_free(title, TRUE);
    g_free(updated);
    g_free(id);
    g_free(pdf);
    g_free(page);
    g_free(path);
}

static char *feed_text(const struct site *site)
{
    const struct publication *publication = site->publication;
    const char *newest = NULL;
    for (guint i = 0; i < site->editions->len; i++) {
        const char *issued = g_array_index(site->editions, struct site_edition, i).issued;
        newest = newest == NULL || strcmp(issued, newest) > 0 ? issued : newest;
    }
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append_printf(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">\n",
                           site->language);
    char *id = feed_id(site, "");
    char *updated = g_strdup_printf("%sT00:00:00Z", newest);
    tag_append(out, "  ", "id", id);
    tag_append(out, "  ", "title", localized_text(&publication->title, site->language));
    tag_append(out, "  ", "updated", updated);
    g_string_append(out, "  <author>\n");
    tag_append(out, "    ", "name", localized_text(&publication->publisher, site->language));
    g_string_append(out, "  </author>\n");
    g_string_append(out, "  <generator version=\"" TEITEN_VERSION "\">teiten</generator>\n");
    link_append(out, "  ", "self", "application/atom+xml", publication->base_url, "feed.atom");
    link_append(out, "  ", "alternate", "application/xhtml+xml", publication->base_url, "index.xhtml");
    for (guint i = 0; i < site->editions->len; i++)
        entry_append(out, site, &g_array_index(site->editions, struct site_edition, i));
    g_string_append(out, "</feed>\n");
    g_free(updated);
    g_free(id);
    return g_string_free(out, FALSE);
}

/* ---- the whole ---- */

static int file_write(const char *folder, const char *name, const void *data, size_t size, struct error *err)
{
    char *path = g_build_filename(folder, name, NULL);
    int status = output_file_write(path, data, size, err);
    g_free(path);
    return status;
}

int site_publish(const struct publication *publication, const char *folder, const char *language,
                 struct warning_log *log, struct error *err)
{
    struct site site = {publication, language, g_array_new(FALSE, FALSE, sizeof(struct site_edition))};
    struct page *page = NULL;
    int result = -1;
    g_array_set_clear_func(site.editions, site_edition_clear);
    if (editions_find(&site, folder, log, err) == 0)
        page = index_page(&site, log, err);
    if (page != NULL) {
        GBytes *xhtml = page_xhtml(page);
        char *feed = feed_text(&site);
        /* The style before the page that needs it. */
        if (file_write(folder, page->style_name, page->style, strlen(page->style), err) == 0 &&
            file_write(folder, "index.xhtml", g_bytes_get_data(xhtml, NULL), g_bytes_get_size(xhtml), err) ==
                0 &&
            file_write(folder, "feed.atom", feed, strlen(feed), err) == 0)
            result = 0;
        g_free(feed);
        g_bytes_unref(xhtml);
        page_free(page);
    }
    g_array_unref(site.editions);
    return result;
}
