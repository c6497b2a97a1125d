#include "publication/prefix_list.h"

#include <arpa/inet.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv_table.h"
#include "base/json_file.h"
#include "base/number.h"

static void host_bits_clear(uint8_t address[16], int length)
{
    for (int bit = length; bit < 128; bit++)
        address[bit / 8] &= (uint8_t) ~(0x80u >> (bit % 8));
}

static char *prefix_text(const struct prefix *prefix)
{
    char text[INET6_ADDRSTRLEN];
    inet_ntop(prefix->is_ipv6 ? AF_INET6 : AF_INET, prefix->address, text, sizeof text);
    return g_strdup_printf("%s/%d", text, prefix->length);
}

/* `any_host`: bits set after the length are cleared, instead of being an error. */
static int prefix_parse(const char *text, bool any_host, struct prefix *prefix, struct error *err)
{
    const char *slash = strchr(text, '/');
    char *address = slash == NULL ? g_strdup(text) : g_strndup(text, (gsize)(slash - text));
    *prefix = (struct prefix){.is_ipv6 = strchr(address, ':') != NULL};
    uint64_t longest = prefix->is_ipv6 ? 128 : 32;
    uint64_t length = longest;
    bool is_address = inet_pton(prefix->is_ipv6 ? AF_INET6 : AF_INET, address, prefix->address) == 1;
    g_free(address);
    if (!is_address)
        return error_set(err, ERROR_INPUT, "prefix \"%s\" is not an address, expected e.g. 192.0.2.0/24",
                         text);
    if (slash != NULL && !number_parse(slash + 1, 0, longest, &length))
        return error_set(err, ERROR_INPUT, "prefix \"%s\" has no valid length, expected 0 to %d after the /",
                         text, (int)longest);
    uint8_t given[16];
    memcpy(given, prefix->address, sizeof given);
    prefix->length = (int)length;
    host_bits_clear(prefix->address, prefix->length);
    if (any_host || memcmp(given, prefix->address, sizeof given) == 0)
        return 0;
    char *right = prefix_text(prefix);
    error_set(err, ERROR_INPUT, "prefix \"%s\" has bits set after its length, expected %s", text, right);
    g_free(right);
    return -1;
}

static int list_add(struct prefix_list *list, const char *text, bool any_host, struct error *err)
{
    struct prefix prefix;
    if (prefix_parse(text, any_host, &prefix, err) != 0)
        return -1;
    if (list->count == list->capacity) {
        list->capacity = MAX(8, 2 * list->capacity);
        list->prefixes = g_renew(struct prefix, list->prefixes, list->capacity);
    }
    list->prefixes[list->count++] = prefix;
    return 0;
}

int prefix_list_add(struct prefix_list *list, const char *text, struct error *err)
{
    return list_add(list, text, false, err);
}

static int csv_load(struct prefix_list *list, const char *path, struct error *err)
{
    struct csv_table table;
    if (csv_table_load(&table, path, err) != 0)
        return -1;
    int column = csv_table_column(&table, "prefix");
    int result = 0;
    if (column < 0)
        result = error_set(err, ERROR_INPUT,
                           "%s: line 1: column \"prefix\" is missing, expected e.g. prefix,label", path);
    else if (table.row_count == 0)
        result =
            error_set(err, ERROR_INPUT, "%s: no prefix, expected at least one line after the header", path);
    for (size_t row = 0; row < table.row_count && result == 0; row++)
        if (prefix_list_add(list, csv_table_field(&table, row, column), err) != 0)
            result = error_prefix(err, "%s: line %zu", path, csv_table_line(&table, row));
    csv_table_release(&table);
    return result;
}

/* The text of a node that is one, else NULL. */
static const char *node_text(JsonNode *node)
{
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

static int warning_list_read(struct prefix_list *list, const char *path, JsonObject *root, struct error *err)
{
    JsonNode *entries = json_object_get_member(root, "list");
    const char *type = node_text(json_object_get_member(root, "type"));
    if (entries == NULL || !JSON_NODE_HOLDS_ARRAY(entries))
        return error_set(err, ERROR_INPUT,
                         "%s: no member \"list\" that is an array, expected a MISP warning list", path);
    if (g_strcmp0(type, "cidr") != 0)
        return error_set(err, ERROR_INPUT, "%s: type is \"%s\", expected a warning list of the type \"cidr\"",
                         path, type != NULL ? type : "");
    JsonArray *array = json_node_get_array(entries);
    guint count = json_array_get_length(array);
    if (count == 0)
        return error_set(err, ERROR_INPUT, "%s: \"list\" is empty, expected at least one prefix", path);
    for (guint i = 0; i < count; i++) {
        const char *text = node_text(json_array_get_element(array, i));
        if (text == NULL)
            return error_set(err, ERROR_INPUT,
                             "%s: entry %u of \"list\" is no text, expected e.g. \"192.0.2.0/24\"", path,
                             i + 1);
        if (list_add(list, text, true, err) != 0)
            return error_prefix(err, "%s: entry %u of \"list\"", path, i + 1);
    }
    return 0;
}

static int json_load(struct prefix_list *list, const char *path, struct error *err)
{
    JsonParser *parser = json_parser_new_immutable();
    char *reason = NULL;
    int result = -1;
    if (!json_file_parse(parser, path, &reason)) {
        error_set(err, ERROR_INPUT, "%s: cannot be read as JSON: %s, expected a MISP warning list", path,
                  reason);
        g_free(reason);
    } else {
        JsonNode *root = json_parser_get_root(parser);
        if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
            error_set(err, ERROR_INPUT, "%s: no object, expected a MISP warning list", path);
        else
            result = warning_list_read(list, path, json_node_get_object(root), err);
    }
    g_object_unref(parser);
    return result;
}

int prefix_list_load(struct prefix_list *list, const char *path, struct error *err)
{
    return g_str_has_suffix(path, ".json") ? json_load(list, path, err) : csv_load(list, path, err);
}

static int prefix_compare(const void *a, const void *b)
{
    const struct prefix *x = a;
    const struct prefix *y = b;
    if (x->is_ipv6 != y->is_ipv6)
        return x->is_ipv6 ? 1 : -1;
    int order = memcmp(x->address, y->address, sizeof x->address);
    return order != 0 ? order : (x->length > y->length) - (x->length < y->length);
}

static bool prefix_contains(const struct prefix *outer, const struct prefix *inner)
{
    if (outer->is_ipv6 != inner->is_ipv6 || outer->length > inner->length)
        return false;
    uint8_t cut[16];
    memcpy(cut, inner->address, sizeof cut);
    host_bits_clear(cut, outer->length);
    return memcmp(cut, outer->address, sizeof cut) == 0;
}

/* Whether b is the upper half of the prefix whose lower half is a. */
static bool are_halves(const struct prefix *a, const struct prefix *b)
{
    struct prefix whole = *a;
    if (a->length == 0 || a->length != b->length)
        return false;
    whole.length--;
    host_bits_clear(whole.address, whole.length);
    return memcmp(whole.address, a->address, sizeof whole.address) == 0 && prefix_contains(&whole, b);
}

void prefix_list_finish(struct prefix_list *list)
{
    size_t kept = 0;
    if (list->count == 0)
        return;
    qsort(list->prefixes, list->count, sizeof *list->prefixes, prefix_compare);
    for (size_t i = 0; i < list->count; i++) {
        if (kept > 0 && prefix_contains(&list->prefixes[kept - 1], &list->prefixes[i]))
            continue;
        list->prefixes[kept++] = list->prefixes[i];
        for (; kept > 1 && are_halves(&list->prefixes[kept - 2], &list->prefixes[kept - 1]); kept--)
            list->prefixes[kept - 2].length--;
    }
    list->count = kept;
}

void prefix_list_release(struct prefix_list *list)
{
    g_free(list->prefixes);
    *list = (struct prefix_list){.prefixes = NULL};
}

bool prefix_list_covers(const struct prefix_list *outer, const struct prefix_list *inner)
{
    size_t at = 0;
    for (size_t i = 0; i < inner->count; i++) {
        while (at < outer->count && !prefix_contains(&outer->prefixes[at], &inner->prefixes[i]))
            at++;
        if (at == outer->count)
            return false;
    }
    return true;
}

char *prefix_list_text(const struct prefix_list *list)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < list->count; i++) {
        char *text = prefix_text(&list->prefixes[i]);
        g_string_append_printf(out, "%s%s", i == 0 ? "" : ",", text);
        g_free(text);
    }
    return g_string_free(out, FALSE);
}
