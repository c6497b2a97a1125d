#include "publication/prefix_list.h"

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv_table.h"
#include "base/json_file.h"

/* What a prefix in a list may look like, for errors. */
static const char example[] = "192.0.2.0/24";

static void list_append(struct prefix_list *list, const struct prefix *prefix)
{
    if (list->count == list->capacity) {
        list->capacity = MAX(8, 2 * list->capacity);
        list->prefixes = g_renew(struct prefix, list->prefixes, list->capacity);
    }
    list->prefixes[list->count++] = *prefix;
}

int prefix_list_add(struct prefix_list *list, const char *text, struct error *err)
{
    struct prefix prefix;
    if (prefix_parse(text, example, &prefix, err) != 0)
        return -1;
    list_append(list, &prefix);
    return 0;
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
        struct prefix prefix;
        if (prefix_parse_network(text, example, &prefix, err) != 0)
            return error_prefix(err, "%s: entry %u of \"list\"", path, i + 1);
        list_append(list, &prefix);
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

static int entry_compare(const void *a, const void *b)
{
    return prefix_compare(a, b);
}

/* Whether b is the upper half of the prefix whose lower half is a. */
static bool are_halves(const struct prefix *a, const struct prefix *b)
{
    if (a->length == 0 || a->length != b->length)
        return false;
    struct prefix whole = prefix_parent(a);
    return memcmp(whole.address, a->address, sizeof whole.address) == 0 && prefix_contains(&whole, b);
}

void prefix_list_finish(struct prefix_list *list)
{
    size_t kept = 0;
    if (list->count == 0)
        return;
    qsort(list->prefixes, list->count, sizeof *list->prefixes, entry_compare);
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
