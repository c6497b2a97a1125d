/* The catalogue of known exploited vulnerabilities as CISA publishes it (JSON). */
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/json_file.h"
#include "publication/advisory_reader.h"

/* Borrowed; NULL when there is no such text. */
static const char *member_text(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

static void entry_add(struct advisory_list *list, GHashTable *seen, JsonNode *node, guint index,
                      const char *path, struct warning_log *log)
{
    JsonObject *entry = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    const char *id = entry != NULL ? member_text(entry, "cveID") : NULL;
    const char *date = entry != NULL ? member_text(entry, "dateAdded") : NULL;
    struct civil_date listed;
    if (id == NULL || !advisory_is_cve(id)) {
        warning_add(log, path, "knowledge: %s: vulnerabilities[%u]: cveID \"%s\", expected CVE-YYYY-NNNN",
                    path, index, id != NULL ? id : "");
        return;
    }
    if (date == NULL || !civil_date_parse(date, &listed)) {
        warning_add(
            log, path,
            "knowledge: %s: vulnerabilities[%u]: %s: dateAdded \"%s\" is no date, expected YYYY-MM-DD", path,
            index, id, date != NULL ? date : "");
        return;
    }
    const char *vendor = member_text(entry, "vendorProject");
    const char *product = member_text(entry, "product");
    const char *title = member_text(entry, "vulnerabilityName");
    struct advisory *advisory = g_new0(struct advisory, 1);
    advisory->source = ADVISORY_KEV;
    advisory->id = g_strdup(id);
    advisory->title = advisory_printable(title != NULL ? title : "");
    advisory->url = g_strdup_printf("https://www.cve.org/CVERecord?id=%s", id);
    advisory->cves = g_new0(char *, 2);
    advisory->cves[0] = g_strdup(id);
    advisory->products = g_new0(char *, 2);
    if (vendor != NULL && product != NULL)
        advisory->products[0] = advisory_product(vendor, product);
    advisory->listed = listed;
    if (!g_hash_table_add(seen, g_strdup(id)))
        warning_add(log, path,
                    "knowledge: %s: vulnerabilities[%u]: %s is listed a second time, expected it once; the "
                    "earlier date stands",
                    path, index, id);
    advisory_list_add(list, advisory);
}

static int catalogue_read(struct advisory_list *list, JsonNode *root, const char *path,
                          struct warning_log *log, struct error *err)
{
    JsonObject *catalogue = root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
    JsonNode *entries = catalogue != NULL ? json_object_get_member(catalogue, "vulnerabilities") : NULL;
    if (entries == NULL || !JSON_NODE_HOLDS_ARRAY(entries) ||
        member_text(catalogue, "catalogVersion") == NULL)
        return error_set(err, ERROR_INPUT, "%s: no %s, expected CISA's known_exploited_vulnerabilities.json",
                         path,
                         entries == NULL || !JSON_NODE_HOLDS_ARRAY(entries) ? "list \"vulnerabilities\""
                                                                            : "\"catalogVersion\"");
    JsonArray *array = json_node_get_array(entries);
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < json_array_get_length(array); i++)
        entry_add(list, seen, json_array_get_element(array, i), i, path, log);
    g_hash_table_unref(seen);
    return 0;
}

int advisory_list_read_kev(struct advisory_list *list, const char *path, struct warning_log *log,
                           struct error *err)
{
    JsonParser *parser = json_parser_new();
    char *reason = NULL;
    int result = json_file_parse(parser, path, &reason)
                     ? catalogue_read(list, json_parser_get_root(parser), path, log, err)
                     : error_set(err, ERROR_INPUT,
                                 "%s: cannot be read as JSON: %s, expected CISA's "
                                 "known_exploited_vulnerabilities.json",
                                 path, reason);
    g_object_unref(parser);
    g_free(reason);
    return result;
}
