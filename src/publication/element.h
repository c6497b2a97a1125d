/* element.h - an element of publication.xml: its attributes, texts and paths. Private to the reader of the
 * publication.
 *
 *     <table id="ports" measure="ports" top="10">
 *       <caption xml:lang="ja">宛先ポート別</caption>
 *
 *     table->measure = element_attribute(node, "measure");
 *     element_integer(&reader, node, "top", 1, 100, 1, &table->top)
 *     element_localized(&reader, node, "caption", true, &table->caption)
 *
 * The document has passed the schema: what that rules out is not asked for again. White space at the ends of
 * texts and attributes goes, in runs it becomes one blank: they may be broken over lines. Functions that
 * return int and take a reader give 0, or -1 and an error.
 */
#ifndef TEITEN_PUBLICATION_ELEMENT_H
#define TEITEN_PUBLICATION_ELEMENT_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "publication/publication.h"

/* What is being filled, whose file errors name. */
struct element_reader {
    struct publication *publication;
    struct error *err;
};

/* Sets the error: "FILE: line N: ...". Returns -1. */
int element_fail(const struct element_reader *self, const xmlNode *node, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

bool element_is(const xmlNode *node, const char *name);
/* How many children have that name. */
size_t element_count(const xmlNode *node, const char *name);
/* All text within. Owned by the caller. */
char *element_text(const xmlNode *node);

/* The attribute's value, or NULL. Owned by the caller. */
char *element_attribute(const xmlNode *node, const char *name);
bool element_attribute_is(const xmlNode *node, const char *name, const char *wanted);
/* Index of the attribute's value among `names`. The schema has let no other value through. */
int element_choice(const xmlNode *node, const char *name, size_t count, const char *const *names);
/* From `minimum` to `maximum`, inclusive, the bounds that the schema has as well; `otherwise` when the
 * attribute is absent. */
int element_integer(const struct element_reader *self, const xmlNode *node, const char *name, int minimum,
                    int maximum, int otherwise, int *value);

/* The path in an attribute, as it is written, or NULL; with `placeholders` it may hold {edition},
 * {fiscal-year} and {quarter}. Set also on error; owned by the caller. */
int element_path(const struct element_reader *self, const xmlNode *node, const char *name, bool placeholders,
                 char **path);
/* The paths of all children <name path="..."/>, NULL-terminated, likewise; all may have placeholders. */
int element_paths(const struct element_reader *self, const xmlNode *root, const char *name, char ***paths);

/* All texts called `name` below `node`; one for each of the publication's languages when `required`. */
int element_localized(const struct element_reader *self, const xmlNode *node, const char *name, bool required,
                      struct localized *localized);

#endif
