/* JVN iPedia as the MyJVN API (getVulnOverviewList) and its RSS feeds have it: RSS 1.0 with mod_sec. */
#include <libxml/tree.h>
#include <string.h>

#include "publication/advisory_reader.h"
#include "publication/publication_schema.h"

/* The two versions of mod_sec in use are http://jvn.jp/rss/mod_sec/ and .../3.0/. */
#define NS_SEC "http://jvn.jp/rss/mod_sec/"
#define NS_RSS "http://purl.org/rss/1.0/"
#define NS_TERMS "http://purl.org/dc/terms/"
#define NS_STATUS "http://jvndb.jvn.jp/myjvn/Status"

static bool is(const xmlNode *node, const char *space, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           g_str_has_prefix((const char *)node->ns->href, space) &&
           strcmp((const char *)node->name, name) == 0;
}

/* The text of the element, stripped. Owned by the caller. */
static char *text_of(const xmlNode *node)
{
    xmlChar *content = xmlNodeGetContent(node);
    char *text = g_strstrip(g_strdup(content != NULL ? (const char *)content : ""));
    xmlFree(content);
    return text;
}

/* The text of the first child of that name, "" when there is none. Owned by the caller. */
static char *child_text(const xmlNode *item, const char *space, const char *name)
{
    for (const xmlNode *child = item->children; child != NULL; child = child->next)
        if (is(child, space, name))
            return text_of(child);
    return g_strdup("");
}

static char *attribute_of(const xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
    char *text = g_strstrip(g_strdup(value != NULL ? (const char *)value : ""));
    xmlFree(value);
    return text;
}

/* "cpe:/o:mikrotik:routeros:7.1" or "cpe:2.3:o:mikrotik:routeros:..." as "mikrotik:routeros"; NULL: neither.
 */
static char *cpe_product(const char *cpe)
{
    char **parts = g_strsplit(cpe, ":", -1);
    guint count = g_strv_length(parts), at = 0;
    char *product = NULL;
    if (count >= 4 && strcmp(parts[0], "cpe") == 0 && parts[1][0] == '/')
        at = 2;
    else if (count >= 5 && strcmp(parts[0], "cpe") == 0 && strcmp(parts[1], "2.3") == 0)
        at = 3;
    if (at > 0 && at + 1 < count && *parts[at] != '\0' && *parts[at + 1] != '\0')
        product = advisory_product(parts[at], parts[at + 1]);
    g_strfreev(parts);
    return product;
}

static void text_add(GPtrArray *texts, char *text)
{
    if (g_ptr_array_find_with_equal_func(texts, text, g_str_equal, NULL))
        g_free(text);
    else
        g_ptr_array_add(texts, text);
}

static void details_read(const xmlNode *item, struct advisory *advisory)
{
    GPtrArray *cves = g_ptr_array_new(), *products = g_ptr_array_new();
    for (const xmlNode *child = item->children; child != NULL; child = child->next) {
        if (is(child, NS_SEC, "references")) {
            char *source = attribute_of(child, "source"), *id = attribute_of(child, "id");
            if (strcmp(source, "CVE") == 0 && advisory_is_cve(id))
                text_add(cves, g_steal_pointer(&id));
            g_free(id);
            g_free(source);
        } else if (is(child, NS_SEC, "cpe")) {
            char *cpe = text_of(child);
            char *product = cpe_product(cpe);
            if (product != NULL)
                text_add(products, product);
            g_free(cpe);
        }
    }
    g_ptr_array_add(cves, NULL);
    g_ptr_array_add(products, NULL);
    advisory->cves = (char **)g_ptr_array_free(cves, FALSE);
    advisory->products = (char **)g_ptr_array_free(products, FALSE);
}

/* "2025-05-20T14:00+09:00": the date as the registry gives it. */
static bool issued_parse(const char *text, struct civil_date *date)
{
    enum { DATE_LENGTH = 10 };
    char *day = g_strndup(text, DATE_LENGTH);
    bool valid = strlen(text) >= DATE_LENGTH && (text[DATE_LENGTH] == '\0' || text[DATE_LENGTH] == 'T') &&
                 strchr(day, '-') != NULL && civil_date_parse(day, date);
    g_free(day);
    return valid;
}

static void item_add(struct advisory_list *list, GHashTable *seen, const xmlNode *item, const char *path,
                     struct warning_log *log)
{
    long line = xmlGetLineNo(item);
    char *id = child_text(item, NS_SEC, "identifier");
    char *issued = child_text(item, NS_TERMS, "issued");
    char *title = child_text(item, NS_RSS, "title");
    char *link = child_text(item, NS_RSS, "link");
    struct civil_date listed;
    if (!advisory_is_jvndb(id)) {
        warning_add(log, path, "knowledge: %s: line %ld: sec:identifier \"%s\", expected JVNDB-YYYY-NNNNNN",
                    path, line, id);
    } else if (!issued_parse(issued, &listed)) {
        warning_add(log, path,
                    "knowledge: %s: line %ld: %s: dcterms:issued \"%s\" is no date, expected "
                    "YYYY-MM-DDThh:mm and an offset",
                    path, line, id, issued);
    } else {
        struct advisory *advisory = g_new0(struct advisory, 1);
        advisory->source = ADVISORY_JVN;
        advisory->id = g_strdup(id);
        advisory->title = advisory_printable(title);
        advisory->url =
            advisory_url_is_web(link)
                ? g_strdup(link)
                : g_strdup_printf("https://jvndb.jvn.jp/ja/contents/%.4s/%s.html", id + strlen("JVNDB-"), id);
        advisory->listed = listed;
        details_read(item, advisory);
        if (!g_hash_table_add(seen, g_strdup(id)))
            warning_add(log, path,
                        "knowledge: %s: line %ld: %s is listed a second time, expected it once; the earlier "
                        "date stands",
                        path, line, id);
        advisory_list_add(list, advisory);
    }
    g_free(link);
    g_free(title);
    g_free(issued);
    g_free(id);
}

/* An answer of the API that says what went wrong instead of listing anything. */
static int status_check(const xmlNode *root, const char *path, struct error *err)
{
    for (const xmlNode *node = root->children; node != NULL; node = node->next) {
        if (!is(node, NS_STATUS, "Status"))
            continue;
        char *code = attribute_of(node, "retCd"), *text = attribute_of(node, "errMsg");
        bool failed = *code != '\0' && strcmp(code, "0") != 0;
        if (failed)
            error_set(err, ERROR_INPUT,
                      "%s: line %ld: the MyJVN API answered with the error \"%s\", expected a list", path,
                      xmlGetLineNo(node), text);
        g_free(text);
        g_free(code);
        return failed ? -1 : 1;
    }
    return 0;
}

int advisory_list_read_jvn(struct advisory_list *list, const char *path, struct warning_log *log,
                           struct error *err)
{
    xmlDoc *document = publication_schema_parse(path, err);
    if (document == NULL)
        return -1;
    const xmlNode *root = xmlDocGetRootElement(document);
    int status = status_check(root, path, err);
    /* Nothing found: <Result> with a status alone. */
    bool is_list = strcmp((const char *)root->name, "RDF") == 0;
    if (status == 0 && !is_list)
        status =
            error_set(err, ERROR_INPUT, "%s: line %ld: <%s>, expected the <rdf:RDF> of getVulnOverviewList",
                      path, xmlGetLineNo(root), (const char *)root->name);
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const xmlNode *node = root->children; node != NULL && status >= 0; node = node->next)
        if (is(node, NS_RSS, "item"))
            item_add(list, seen, node, path, log);
    g_hash_table_unref(seen);
    xmlFreeDoc(document);
    return status < 0 ? -1 : 0;
}
