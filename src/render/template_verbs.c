/* template_verbs.c - the template language: what each element of urn:teiten:template:1 becomes. */
#include <libxml/xpathInternals.h>
#include <string.h>

#include "render/template.h"

/* ---- values, conditions, repetitions ---- */

static int expand_value(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                        struct error *err)
{
    xmlXPathObjectPtr value = template_evaluate(filling, element, "select", context, err);
    if (value == NULL)
        return -1;
    int result = 0;
    if (value->type == XPATH_NODESET && xmlXPathNodeSetIsEmpty(value->nodesetval)) {
        xmlChar *expression = xmlGetNoNsProp(element, BAD_CAST "select");
        filling->expressions.problem = g_strdup("selects nothing");
        result =
            template_expression_error(filling, element, context, "select", (const char *)expression, err);
        xmlFree(expression);
    } else {
        xmlChar *text = xmlXPathCastToString(value);
        if (*text != '\0')
            filling_text(filling, to, (const char *)text, element);
        xmlFree(text);
    }
    xmlXPathFreeObject(value);
    return result;
}

static int expand_if(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                     struct error *err)
{
    xmlXPathObjectPtr value = template_evaluate(filling, element, "test", context, err);
    if (value == NULL)
        return -1;
    bool holds = xmlXPathCastToBoolean(value) != 0;
    xmlXPathFreeObject(value);
    return holds ? template_children(filling, element, context, to, err) : 0;
}

static int expand_for_each(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                           struct error *err)
{
    xmlXPathObjectPtr value = template_evaluate(filling, element, "select", context, err);
    if (value == NULL)
        return -1;
    int result = 0;
    if (value->type != XPATH_NODESET) {
        xmlChar *expression = xmlGetNoNsProp(element, BAD_CAST "select");
        result = source_error(err, element, "select of <t:for-each>: \"%s\" is no set of nodes",
                              (const char *)expression);
        xmlFree(expression);
    } else if (value->nodesetval != NULL) {
        xmlXPathNodeSetSort(value->nodesetval); /* document order */
        for (int i = 0; result == 0 && i < value->nodesetval->nodeNr; i++) {
            xmlNodePtr item = value->nodesetval->nodeTab[i];
            /* A namespace node is another struct in libxml2. */
            if (item->type == XML_NAMESPACE_DECL)
                result = source_error(err, element,
                                      "select of <t:for-each> selects a namespace, expected elements");
            else
                result = template_children(filling, element, item, to, err);
        }
    }
    xmlXPathFreeObject(value);
    return result;
}

/* ---- references, notes, lists ---- */

static int expand_ref(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                      struct error *err)
{
    xmlChar *show = xmlGetNoNsProp(element, BAD_CAST "show");
    bool shows_page = show != NULL && strcmp((const char *)show, "page") == 0;
    int result =
        show != NULL && !shows_page
            ? source_error(err, element, "show of <t:ref>: \"%s\", expected page", (const char *)show)
            : 0;
    xmlFree(show);
    char *target = result == 0 ? template_attribute(filling, element, "to", context, err) : NULL;
    if (target == NULL)
        return -1;
    xmlNodePtr link = filling_element(filling, to, "a", element);
    if (shows_page)
        filling_attribute(link, "class", "page-reference");
    struct origin *origin = filling_origin(link);
    origin->role = ORIGIN_REFERENCE;
    origin->target = target;
    return 0;
}

static int expand_note(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                       struct error *err)
{
    if (filling->in_note)
        return source_error(err, element, "a note within a note, expected text");
    unsigned number = filling->notes->len + 1;
    char *name = template_attribute(filling, element, "id", context, err);
    if (name == NULL)
        return -1;
    if (*name == '\0') {
        g_free(name);
        name = g_strdup_printf("%u", number);
    }
    xmlNodePtr item = filling_element(filling, NULL, "li", element);
    g_ptr_array_add(filling->notes, item);
    char *text = g_strdup_printf("note-%s", name);
    filling_attribute(item, "id", text);
    g_free(text);
    xmlNodePtr mark = filling_element(filling, to, "sup", element);
    filling_attribute(mark, "class", "note-mark");
    text = g_strdup_printf("%s%u", filling->words->note_before, number);
    xmlNodePtr link = filling_leaf(filling, mark, "a", text, element);
    g_free(text);
    text = g_strdup_printf("note-mark-%s", name);
    filling_attribute(link, "id", text);
    g_free(text);
    text = g_strdup_printf("#note-%s", name);
    filling_attribute(link, "href", text);
    g_free(text);
    g_free(name);
    filling->in_note = true;
    int result = template_children(filling, element, context, item, err);
    filling->in_note = false;
    return result;
}

static int expand_list(struct filling *filling, xmlNodePtr element, xmlNodePtr to, const char *class_name,
                       enum origin_role role)
{
    xmlNodePtr list = filling_element(filling, to, "ol", element);
    filling_attribute(list, "class", class_name);
    filling_origin(list)->role = role;
    return 0;
}

static int expand_notes(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                        struct error *err)
{
    (void)context, (void)err;
    return expand_list(filling, element, to, "notes", ORIGIN_NOTES);
}

static int expand_contents(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                           struct error *err)
{
    (void)context, (void)err;
    return expand_list(filling, element, to, "contents", ORIGIN_CONTENTS);
}

/* ---- prose ---- */

/* The source of a prose file, read once; NULL without an error when it is not there and need not be. */
static struct source *prose_source(struct filling *filling, xmlNodePtr element, const char *name,
                                   bool required, struct error *err)
{
    if (*name == '\0' ||
        strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != strlen(name)) {
        source_error(err, element, "name of <t:prose>: \"%s\", expected letters, digits, '-' and '_' only",
                     name);
        return NULL;
    }
    char *file = g_strdup_printf("%s.xhtml", name);
    char *shown = g_build_filename(filling->prose_folder, file, NULL);
    struct source *source = NULL;
    for (guint i = 0; i < filling->sources->len; i++) {
        struct source *known = filling->sources->pdata[i];
        if (strcmp(known->name, shown) == 0)
            source = known;
    }
    if (source == NULL && (required || g_file_test(shown, G_FILE_TEST_EXISTS))) {
        char *path = source_confined_path(filling->prose_folder, file, err);
        if (path == NULL) {
            char *reason = g_strdup(err->message);
            source_error(err, element, "prose \"%s\": %s", name, reason);
            g_free(reason);
        } else {
            source = source_load(path, shown, err);
            if (source != NULL)
                g_ptr_array_add(filling->sources, source);
        }
        g_free(path);
    }
    g_free(shown);
    g_free(file);
    return source;
}

static int expand_prose(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                        struct error *err)
{
    char *name = template_attribute(filling, element, "name", context, err);
    char *required = name != NULL ? template_attribute(filling, element, "required", context, err) : NULL;
    int result = -1;
    if (required == NULL)
        goto done;
    if (strcmp(required, "") != 0 && strcmp(required, "yes") != 0 && strcmp(required, "no") != 0) {
        source_error(err, element, "required of <t:prose>: \"%s\", expected yes or no", required);
        goto done;
    }
    if (filling->prose_depth >= FILLING_PROSE_DEPTH_MAX) {
        source_error(err, element, "prose \"%s\" within prose within prose, expected at most %d levels", name,
                     FILLING_PROSE_DEPTH_MAX);
        goto done;
    }
    bool is_required = strcmp(required, "no") != 0;
    struct error inner = {0};
    struct source *source = prose_source(filling, element, name, is_required, &inner);
    if (source == NULL && inner.kind != ERROR_NONE) {
        *err = inner;
        goto done;
    }
    if (source == NULL) {
        result = 0;
        goto done;
    }
    xmlNodePtr root = xmlDocGetRootElement(source->document);
    if (root->ns == NULL || strcmp((const char *)root->ns->href, TEMPLATE_NAMESPACE) != 0 ||
        strcmp((const char *)root->name, "fragment") != 0) {
        source_error(err, root, "the root element is <%s>, expected <t:fragment xmlns:t=\"%s\" xmlns=\"%s\">",
                     (const char *)root->name, TEMPLATE_NAMESPACE, TEMPLATE_XHTML_NAMESPACE);
        goto done;
    }
    filling->prose_depth++;
    result = template_children(filling, root, xmlDocGetRootElement(filling->model_document), to, err);
    filling->prose_depth--;
done:
    g_free(required);
    g_free(name);
    return result;
}

/* ---- all of them ---- */

/* The language at one glance: element, its attributes, what it does. */
static const struct verb {
    const char *name;
    const char *attributes[5];
    bool is_empty; /* may have no children */
    int (*expand)(struct filling *, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to, struct error *);
} verbs[] = {
    {"value", {"select"}, true, expand_value},
    {"if", {"test"}, false, expand_if},
    {"for-each", {"select"}, false, expand_for_each},
    {"table", {"select"}, true, placement_table},
    {"figure", {"select"}, true, placement_figure},
    {"draft", {"select"}, true, placement_draft},
    {"prose", {"name", "required"}, true, expand_prose},
    {"picture", {"src", "id", "alt", "role"}, false, placement_picture},
    {"ref", {"to", "show"}, true, expand_ref},
    {"note", {"id"}, false, expand_note},
    {"notes", {NULL}, true, expand_notes},
    {"contents", {NULL}, true, expand_contents},
    {"check", {NULL}, true, placement_check},
    {"kept", {"draft", "rule", "inputs"}, false, placement_kept},
};

static int verb_check(const struct verb *verb, xmlNodePtr element, struct error *err)
{
    for (xmlAttrPtr attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        bool known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(verb->attributes) && verb->attributes[i] != NULL; i++)
            known = known || (attribute->ns == NULL &&
                              strcmp(verb->attributes[i], (const char *)attribute->name) == 0);
        if (!known) {
            char *list = g_strjoinv(", ", (char **)(uintptr_t)verb->attributes);
            source_error(err, element, "unknown attribute %s of <t:%s>, expected %s",
                         (const char *)attribute->name, verb->name, *list != '\0' ? list : "none");
            g_free(list);
            return -1;
        }
    }
    for (xmlNodePtr child = element->children; verb->is_empty && child != NULL; child = child->next)
        if (child->type == XML_ELEMENT_NODE || (child->type == XML_TEXT_NODE && !xmlIsBlankNode(child)))
            return source_error(err, element, "<t:%s> with content, expected an empty element", verb->name);
    return 0;
}

int template_verb(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                  struct error *err)
{
    GString *list = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (strcmp(verbs[i].name, (const char *)element->name) == 0) {
            g_string_free(list, TRUE);
            return verb_check(&verbs[i], element, err) == 0
                       ? verbs[i].expand(filling, element, context, to, err)
                       : -1;
        }
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", verbs[i].name);
    }
    source_error(err, element, "unknown element <t:%s>, expected one of: %s", (const char *)element->name,
                 list->str);
    g_string_free(list, TRUE);
    return -1;
}
