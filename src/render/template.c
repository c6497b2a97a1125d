/* template.c - the template language: elements of urn:teiten:template:1 expanded over the model document. */
#include <libxml/xpathInternals.h>
#include <string.h>

#include "render/filling.h"
#include "render/markup.h"
#include "render/model_document.h"
#include "render/xhtml.h"

static const char *const template_namespace = "urn:teiten:template:1";
static const char *const xhtml_namespace = "http://www.w3.org/1999/xhtml";

/* ---- expressions ---- */

static int expression_error(struct filling *filling, xmlNodePtr element, xmlNodePtr context,
                            const char *attribute, const char *expression, struct error *err)
{
    char *offer = expression_offer(context);
    source_error(err, element, "%s of <%s%s>: \"%s\": %s; <%s> of the model offers: %s", attribute,
                 strcmp((const char *)element->ns->href, template_namespace) == 0 ? "t:" : "",
                 (const char *)element->name, expression, filling->expressions.problem,
                 (const char *)context->name, offer);
    g_free(offer);
    return -1;
}

/* The value of a required attribute that is an expression. */
static xmlXPathObjectPtr evaluate(struct filling *filling, xmlNodePtr element, const char *attribute,
                                  xmlNodePtr context, struct error *err)
{
    xmlChar *expression = xmlGetNoNsProp(element, BAD_CAST attribute);
    if (expression == NULL) {
        source_error(err, element, "<t:%s> without %s, expected an XPath expression there",
                     (const char *)element->name, attribute);
        return NULL;
    }
    xmlXPathObjectPtr value = expression_evaluate(&filling->expressions, (const char *)expression, context);
    if (value == NULL)
        expression_error(filling, element, context, attribute, (const char *)expression, err);
    xmlFree(expression);
    return value;
}

static char *fill_value(struct filling *filling, xmlNodePtr element, const char *name, const char *value,
                        xmlNodePtr context, struct error *err)
{
    char *bad = NULL;
    char *text = expression_fill(&filling->expressions, value, context, &bad);
    if (text == NULL)
        expression_error(filling, element, context, name, bad, err);
    g_free(bad);
    return text;
}

char *template_attribute(struct filling *filling, xmlNodePtr element, const char *name, xmlNodePtr context,
                         struct error *err)
{
    xmlChar *value = xmlGetNoNsProp(element, BAD_CAST name);
    char *text = fill_value(filling, element, name, value != NULL ? (const char *)value : "", context, err);
    xmlFree(value);
    return text;
}

/* "tables of the model: ports, regions" */
static char *known_ids(const struct filling *filling, const char *kind)
{
    GString *out = g_string_new(NULL);
    for (xmlNodePtr list = xmlDocGetRootElement(filling->model_document)->children; list != NULL;
         list = list->next)
        for (xmlNodePtr item = list->children; item != NULL; item = item->next) {
            xmlChar *id = item->type == XML_ELEMENT_NODE && strcmp((const char *)item->name, kind) == 0
                              ? xmlGetNoNsProp(item, BAD_CAST "id")
                              : NULL;
            if (id != NULL)
                g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", (const char *)id);
            xmlFree(id);
        }
    if (out->len == 0)
        g_string_append(out, "none");
    return g_string_free(out, FALSE);
}

xmlNodePtr template_select_one(struct filling *filling, xmlNodePtr element, xmlNodePtr context,
                               const char *kind, struct error *err)
{
    xmlXPathObjectPtr value = evaluate(filling, element, "select", context, err);
    if (value == NULL)
        return NULL;
    int count = value->type == XPATH_NODESET && value->nodesetval != NULL ? value->nodesetval->nodeNr : 0;
    xmlNodePtr node = count == 1 ? value->nodesetval->nodeTab[0] : NULL;
    if (node == NULL || node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, kind) != 0) {
        xmlChar *expression = xmlGetNoNsProp(element, BAD_CAST "select");
        char *ids = known_ids(filling, kind);
        char *found = count == 0   ? g_strdup("nothing")
                      : count == 1 ? g_strdup_printf("a <%s>", (const char *)node->name)
                                   : g_strdup_printf("%d nodes", count);
        source_error(err, element,
                     "select of <t:%s>: \"%s\" selects %s, expected one <%s>; ids in the model: %s",
                     (const char *)element->name, (const char *)expression, found, kind, ids);
        g_free(found);
        g_free(ids);
        xmlFree(expression);
        node = NULL;
    }
    xmlXPathFreeObject(value);
    return node;
}

/* ---- the elements of the language ---- */

static int expand_value(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                        struct error *err)
{
    xmlXPathObjectPtr value = evaluate(filling, element, "select", context, err);
    if (value == NULL)
        return -1;
    int result = 0;
    if (value->type == XPATH_NODESET && xmlXPathNodeSetIsEmpty(value->nodesetval)) {
        xmlChar *expression = xmlGetNoNsProp(element, BAD_CAST "select");
        filling->expressions.problem = g_strdup("selects nothing");
        result = expression_error(filling, element, context, "select", (const char *)expression, err);
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
    xmlXPathObjectPtr value = evaluate(filling, element, "test", context, err);
    if (value == NULL)
        return -1;
    bool holds = xmlXPathCastToBoolean(value) != 0;
    xmlXPathFreeObject(value);
    return holds ? template_children(filling, element, context, to, err) : 0;
}

static int expand_for_each(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                           struct error *err)
{
    xmlXPathObjectPtr value = evaluate(filling, element, "select", context, err);
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
    if (root->ns == NULL || strcmp((const char *)root->ns->href, template_namespace) != 0 ||
        strcmp((const char *)root->name, "fragment") != 0) {
        source_error(err, root, "the root element is <%s>, expected <t:fragment xmlns:t=\"%s\" xmlns=\"%s\">",
                     (const char *)root->name, template_namespace, xhtml_namespace);
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

static int expand_verb(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
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

/* ---- XHTML ---- */

static int attributes_copy(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr copy,
                           struct error *err)
{
    for (xmlAttrPtr attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        bool is_xml = attribute->ns != NULL && xmlStrEqual(attribute->ns->href, XML_XML_NAMESPACE);
        if (attribute->ns != NULL && !is_xml) {
            bool on_root = element->parent->type == XML_DOCUMENT_NODE && strcmp(name, "normalise") == 0 &&
                           strcmp((const char *)attribute->ns->href, template_namespace) == 0;
            if (!on_root)
                return source_error(err, element,
                                    "attribute %s of another namespace, expected attributes of XHTML", name);
            xmlChar *value = xmlNodeListGetString(element->doc, attribute->children, 1);
            bool yes = value != NULL && strcmp((const char *)value, "yes") == 0;
            bool no = value != NULL && strcmp((const char *)value, "no") == 0;
            filling->normalise = yes;
            xmlFree(value);
            if (!yes && !no)
                return source_error(err, element, "t:normalise has an unknown value, expected yes or no");
            continue;
        }
        xmlChar *raw = xmlNodeListGetString(element->doc, attribute->children, 1);
        char *value = fill_value(filling, element, name, raw != NULL ? (const char *)raw : "", context, err);
        xmlFree(raw);
        if (value == NULL)
            return -1;
        const char *problem = is_xml ? NULL : markup_attribute_problem(name, value);
        if (problem != NULL) {
            source_error(err, element, "%s \"%s\", %s", name, value, problem);
            g_free(value);
            return -1;
        }
        xmlNsPtr ns = is_xml ? xmlSearchNsByHref(filling->document, copy, XML_XML_NAMESPACE) : NULL;
        xmlNewNsProp(copy, ns, attribute->name, BAD_CAST value);
        filling_text_count(filling, value);
        g_free(value);
    }
    return 0;
}

static int expand_xhtml(struct filling *filling, xmlNodePtr element, xmlNodePtr context, xmlNodePtr to,
                        struct error *err)
{
    const char *name = (const char *)element->name;
    if (!xhtml_is_allowed(name))
        return source_error(err, element, "element <%s>, expected an XHTML element that text needs%s", name,
                            strcmp(name, "img") == 0 ? " (pictures are placed by <t:picture>)" : "");
    const char *problem = markup_element_problem(name, filling->prose_depth > 0);
    if (problem != NULL)
        return source_error(err, element, "element <%s> in prose, %s", name, problem);
    xmlNodePtr copy = filling_element(filling, to, name, element);
    if (attributes_copy(filling, element, context, copy, err) != 0)
        return -1;
    problem = strcmp(name, "link") == 0 ? markup_link_problem(copy) : NULL;
    if (problem != NULL)
        return source_error(err, element, "href of <link>, %s", problem);
    return template_children(filling, element, context, copy, err);
}

static int expand_node(struct filling *filling, xmlNodePtr node, xmlNodePtr context, xmlNodePtr to,
                       struct error *err)
{
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
        filling_text(filling, to, (const char *)node->content, node);
        return 0;
    }
    if (node->type != XML_ELEMENT_NODE)
        return 0;
    const char *href = node->ns != NULL ? (const char *)node->ns->href : "";
    if (strcmp(href, template_namespace) == 0)
        return expand_verb(filling, node, context, to, err);
    if (strcmp(href, xhtml_namespace) == 0)
        return expand_xhtml(filling, node, context, to, err);
    return source_error(err, node, "element <%s> of namespace \"%s\", expected \"%s\" or \"%s\"",
                        (const char *)node->name, href, xhtml_namespace, template_namespace);
}

int template_children(struct filling *filling, xmlNodePtr from, xmlNodePtr context, xmlNodePtr to,
                      struct error *err)
{
    for (xmlNodePtr child = from->children; child != NULL; child = child->next) {
        if (filling->node_count > FILLING_NODES_MAX)
            return source_error(
                err, child, "the page grows beyond %d elements and texts, expected a page of readable length",
                FILLING_NODES_MAX);
        if (expand_node(filling, child, context, to, err) != 0)
            return -1;
    }
    return 0;
}

/* ---- one pass ---- */

int template_expand(struct filling *filling, struct error *err)
{
    struct source *template = filling->sources->pdata[0];
    xmlNodePtr root = xmlDocGetRootElement(template->document);
    if (root->ns == NULL || strcmp((const char *)root->ns->href, xhtml_namespace) != 0 ||
        strcmp((const char *)root->name, "html") != 0)
        return source_error(err, root, "the root element is <%s>, expected <html xmlns=\"%s\">",
                            (const char *)root->name, xhtml_namespace);

    expression_context_init(&filling->expressions, filling->model_document);
    filling->document = xmlNewDoc(BAD_CAST "1.0");
    filling->origins = g_ptr_array_new_with_free_func(filling_origin_free);
    filling->notes = g_ptr_array_new();
    filling->node_count = filling->prose_depth = 0;
    filling->in_note = filling->normalise = false;
    xmlNodePtr html = xmlNewDocNode(filling->document, NULL, BAD_CAST "html", NULL);
    xmlDocSetRootElement(filling->document, html);
    filling->xhtml = xmlNewNs(html, BAD_CAST xhtml_namespace, NULL);
    xmlSetNs(html, filling->xhtml);
    filling_origin_set(filling, html, root);
    xmlNodePtr context = xmlDocGetRootElement(filling->model_document);
    if (attributes_copy(filling, root, context, html, err) != 0)
        return -1;
    return template_children(filling, root, context, html, err);
}

void template_pass_release(struct filling *filling)
{
    expression_context_release(&filling->expressions);
    for (guint i = 0; filling->notes != NULL && i < filling->notes->len; i++) {
        xmlNodePtr item = filling->notes->pdata[i];
        if (item->parent == NULL)
            xmlFreeNode(item);
    }
    g_clear_pointer(&filling->notes, g_ptr_array_unref);
    if (filling->document != NULL)
        xmlFreeDoc(filling->document);
    filling->document = NULL;
    g_clear_pointer(&filling->origins, g_ptr_array_unref);
}
