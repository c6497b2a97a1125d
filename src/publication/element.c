#include "publication/element.h"

#include <stdarg.h>
#include <string.h>

#include "base/number.h"
#include "publication/measure_filter.h"

int element_fail(const struct element_reader *self, const xmlNode *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    error_set(self->err, ERROR_INPUT, "%s: line %ld: %s", self->publication->file, xmlGetLineNo(node), text);
    g_free(text);
    return -1;
}

/* ---- the tree ---- */

bool element_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* White space at the ends and in runs goes: texts may be broken over lines. Newly allocated. */
static char *collapse(const char *text)
{
    char **words = words_split(text);
    char *joined = g_strjoinv(" ", words);
    g_strfreev(words);
    return joined;
}

char *element_attribute(const xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    char *copy = value != NULL ? collapse((const char *)value) : NULL;
    xmlFree(value);
    return copy;
}

bool element_attribute_is(const xmlNode *node, const char *name, const char *wanted)
{
    char *value = element_attribute(node, name);
    bool same = value != NULL && strcmp(value, wanted) == 0;
    g_free(value);
    return same;
}

char *element_text(const xmlNode *node)
{
    xmlChar *content = xmlNodeGetContent(node);
    char *copy = collapse(content != NULL ? (const char *)content : "");
    xmlFree(content);
    return copy;
}

size_t element_count(const xmlNode *node, const char *name)
{
    size_t count = 0;
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        count += element_is(child, name);
    return count;
}

int element_choice(const xmlNode *node, const char *name, size_t count, const char *const *names)
{
    char *value = element_attribute(node, name);
    size_t i = 0;
    while (i < count && (value == NULL || strcmp(names[i], value) != 0))
        i++;
    g_assert(i < count);
    g_free(value);
    return (int)i;
}

/* XML Schema's integers may have a sign and leading zeros, ours have no sign. */
int element_integer(const struct element_reader *self, const xmlNode *node, const char *name, int minimum,
                    int maximum, int otherwise, int *value)
{
    char *text = element_attribute(node, name);
    uint64_t number = (uint64_t)otherwise;
    int result = 0;
    if (text != NULL && !number_parse(text, (uint64_t)minimum, (uint64_t)maximum, &number))
        result = element_fail(self, node, "attribute \"%s\" is \"%s\", expected a number from %d to %d", name,
                              text, minimum, maximum);
    *value = (int)number;
    g_free(text);
    return result;
}

/* ---- paths ---- */

/* Every {...} must be one that publication_path fills in. */
static int path_check(const struct element_reader *self, const xmlNode *node, const char *path,
                      bool placeholders)
{
    static const char *const known[] = {"{edition}", "{fiscal-year}", "{quarter}"};
    for (const char *c = strpbrk(path, "{}"); c != NULL; c = strpbrk(c, "{}")) {
        size_t length = 0;
        for (size_t i = 0; placeholders && i < G_N_ELEMENTS(known); i++)
            if (g_str_has_prefix(c, known[i]))
                length = strlen(known[i]);
        if (length == 0)
            return element_fail(self, node, "path \"%s\" holds \"%c\", expected %s", path, *c,
                                placeholders ? "it only in {edition}, {fiscal-year} and {quarter}"
                                             : "a path that is the same for all editions");
        c += length;
    }
    return 0;
}

int element_path(const struct element_reader *self, const xmlNode *node, const char *name, bool placeholders,
                 char **path)
{
    *path = element_attribute(node, name);
    return *path == NULL ? 0 : path_check(self, node, *path, placeholders);
}

int element_paths(const struct element_reader *self, const xmlNode *root, const char *name, char ***paths)
{
    size_t next = 0;
    *paths = g_new0(char *, element_count(root, name) + 1);
    for (const xmlNode *child = root->children; child != NULL; child = child->next)
        if (element_is(child, name) && element_path(self, child, "path", true, &(*paths)[next++]) != 0)
            return -1;
    return 0;
}

/* ---- texts ---- */

static int localized_add(const struct element_reader *self, struct localized *localized, const xmlNode *node)
{
    xmlChar *raw = xmlGetNsProp(node, (const xmlChar *)"lang", XML_XML_NAMESPACE);
    g_assert(raw != NULL);
    char *language = collapse((const char *)raw);
    int result = 0;
    if (localized->texts == NULL)
        localized->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (g_hash_table_contains(localized->texts, language))
        result = element_fail(self, node,
                              "element \"%s\" appears a second time in the language \"%s\", expected it once",
                              node->name, language);
    else
        g_hash_table_insert(localized->texts, g_strdup(language), element_text(node));
    g_free(language);
    xmlFree(raw);
    return result;
}

int element_localized(const struct element_reader *self, const xmlNode *node, const char *name, bool required,
                      struct localized *localized)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (element_is(child, name) && localized_add(self, localized, child) != 0)
            return -1;
    for (char **language = self->publication->languages; required && *language != NULL; language++)
        if (localized_text(localized, *language) == NULL)
            return element_fail(
                self, node,
                "element \"%s\" has no %s in the language \"%s\", expected <%s xml:lang=\"%s\"> as that "
                "language is listed",
                node->name, name, *language, name, *language);
    return 0;
}
