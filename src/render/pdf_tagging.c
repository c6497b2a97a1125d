#include "render/pdf_tagging.h"

#include <stdlib.h>
#include <string.h>

#include "render/pdf_content.h"

/* What became of a page's marked content. */
struct page_content {
    GPtrArray *owners; /* struct pdf_node * by number */
    GArray *first;     /* guint: number as drawn -> first number as written */
};

struct tagging {
    qpdf_data q;
    const struct pdf_structure *structure;
    GHashTable *objects; /* const struct pdf_node * -> its qpdf_oh, of elements with content */
    GArray *pages;       /* qpdf_oh */
    GPtrArray *contents; /* struct page_content * */
    GPtrArray *links;    /* const struct pdf_node * of every annotation, in the order of their keys in the
                            parent tree */
    struct error *err;
};

static void set_name(struct tagging *t, qpdf_oh dictionary, const char *key, const char *name)
{
    char *slashed = g_strconcat("/", name, NULL);
    qpdf_oh_replace_key(t->q, dictionary, key, qpdf_oh_new_name(t->q, slashed));
    g_free(slashed);
}

static void set_integer(struct tagging *t, qpdf_oh dictionary, const char *key, long long value)
{
    qpdf_oh_replace_key(t->q, dictionary, key, qpdf_oh_new_integer(t->q, value));
}

static void set_text(struct tagging *t, qpdf_oh dictionary, const char *key, const char *text)
{
    qpdf_oh_replace_key(t->q, dictionary, key, qpdf_oh_new_unicode_string(t->q, text));
}

static qpdf_oh page_at(const struct tagging *t, guint page)
{
    return g_array_index(t->pages, qpdf_oh, page);
}

/* ---- marked content ---- */

static void content_free(gpointer data)
{
    struct page_content *content = data;
    g_ptr_array_unref(content->owners);
    g_array_unref(content->first);
    g_free(content);
}

static int mark_content(struct tagging *t, guint page)
{
    qpdf_oh stream = qpdf_oh_get_key(t->q, page_at(t, page), "/Contents");
    unsigned char *data = NULL;
    size_t size = 0;
    QPDF_BOOL filtered = QPDF_FALSE;
    GString *rewritten = NULL;
    struct page_content *content = g_new0(struct page_content, 1);
    content->owners = g_ptr_array_new();
    content->first = g_array_new(FALSE, FALSE, sizeof(guint));
    g_ptr_array_add(t->contents, content);
    if (qpdf_oh_is_stream(t->q, stream) &&
        qpdf_oh_get_stream_data(t->q, stream, qpdf_dl_all, &filtered, &data, &size) == 0 && filtered) {
        rewritten = pdf_content_rewrite((const char *)data, size, t->structure->pages->pdata[page],
                                        content->owners, content->first);
    }
    free(data);
    if (rewritten == NULL) {
        return error_set(t->err, ERROR_OUTPUT,
                         "PDF: page %u: cairo's marked content is not as drawn, expected cairo 1.16",
                         page + 1);
    }
    qpdf_oh_replace_stream_data(t->q, stream, (const unsigned char *)rewritten->str, rewritten->len,
                                qpdf_oh_new_null(t->q), qpdf_oh_new_null(t->q));
    g_string_free(rewritten, TRUE);
    return 0;
}

/* ---- annotations ---- */

static qpdf_oh annotation_at(const struct tagging *t, guint page, guint number)
{
    qpdf_oh list = qpdf_oh_get_key(t->q, page_at(t, page), "/Annots");
    return qpdf_oh_get_array_item(t->q, list, (int)number);
}

static int mark_annotations(struct tagging *t, guint page)
{
    const struct pdf_page_marks *marks = t->structure->pages->pdata[page];
    qpdf_oh_replace_key(t->q, page_at(t, page), "/Tabs", qpdf_oh_new_name(t->q, "/S"));
    set_integer(t, page_at(t, page), "/StructParents", page);
    qpdf_oh list = qpdf_oh_get_key(t->q, page_at(t, page), "/Annots");
    int count = qpdf_oh_is_array(t->q, list) ? qpdf_oh_get_array_n_items(t->q, list) : 0;
    if (count != (int)marks->annotations->len) {
        return error_set(t->err, ERROR_OUTPUT, "PDF: page %u: %d links, %u were drawn, expected cairo 1.16",
                         page + 1, count, marks->annotations->len);
    }
    for (guint i = 0; i < marks->annotations->len; i++) {
        const struct pdf_node *node = marks->annotations->pdata[i];
        qpdf_oh annotation = annotation_at(t, page, i);
        set_integer(t, annotation, "/F", 4); /* printed */
        if (node == NULL) {
            qpdf_oh_remove_key(t->q, annotation, "/StructParent");
            continue;
        }
        set_integer(t, annotation, "/StructParent", t->structure->pages->len + t->links->len);
        set_text(t, annotation, "/Contents", node->text->str);
        g_ptr_array_add(t->links, (gpointer)(uintptr_t)node);
    }
    return 0;
}

/* ---- elements ---- */

/* Numbers of the kid's content as written: from the result to *end, exclusive. */
static guint written_from(const struct tagging *t, const struct pdf_kid *kid, guint *end)
{
    const struct page_content *content = t->contents->pdata[kid->page];
    *end = g_array_index(content->first, guint, kid->number + 1);
    return g_array_index(content->first, guint, kid->number);
}

/* Objects for the node and those below it that have content. */
static bool make_objects(struct tagging *t, const struct pdf_node *node)
{
    bool has_content = false;
    for (guint i = 0; i < node->kids->len; i++) {
        const struct pdf_kid *kid = &g_array_index(node->kids, struct pdf_kid, i);
        guint last;
        has_content |= kid->kind == PDF_KID_NODE      ? make_objects(t, kid->node)
                       : kid->kind == PDF_KID_CONTENT ? written_from(t, kid, &last) < last
                                                      : true;
    }
    /* A cell without text keeps its column, and the row its shape. */
    has_content |= node->tag != NULL && (strcmp(node->name, "TD") == 0 || strcmp(node->name, "TH") == 0);
    if (has_content) {
        qpdf_oh object = qpdf_make_indirect_object(t->q, qpdf_oh_new_dictionary(t->q));
        g_hash_table_insert(t->objects, (gpointer)(uintptr_t)node, GUINT_TO_POINTER(object));
    }
    return has_content;
}

static qpdf_oh object_of(const struct tagging *t, const struct pdf_node *node)
{
    gpointer object = node != NULL ? g_hash_table_lookup(t->objects, node) : NULL;
    return object != NULL ? GPOINTER_TO_UINT(object) : qpdf_oh_new_null(t->q);
}

static qpdf_oh reference_new(struct tagging *t, const struct pdf_kid *kid, const char *type)
{
    qpdf_oh reference = qpdf_oh_new_dictionary(t->q);
    set_name(t, reference, "/Type", type);
    qpdf_oh_replace_key(t->q, reference, "/Pg", page_at(t, kid->page));
    return reference;
}

/* *own_page: the element's page, -1 when it has none yet. */
static void append_content(struct tagging *t, qpdf_oh object, qpdf_oh kids, const struct pdf_kid *kid,
                           gint64 *own_page)
{
    guint end;
    for (guint i = written_from(t, kid, &end); i < end; i++) {
        if (*own_page < 0) {
            *own_page = kid->page;
            qpdf_oh_replace_key(t->q, object, "/Pg", page_at(t, kid->page));
        }
        if (kid->page == *own_page) {
            qpdf_oh_append_item(t->q, kids, qpdf_oh_new_integer(t->q, i));
            continue;
        }
        qpdf_oh reference = reference_new(t, kid, "MCR");
        set_integer(t, reference, "/MCID", i);
        qpdf_oh_append_item(t->q, kids, reference);
    }
}

static qpdf_oh attributes(struct tagging *t, const char *owner)
{
    qpdf_oh dictionary = qpdf_oh_new_dictionary(t->q);
    set_name(t, dictionary, "/O", owner);
    return dictionary;
}

static qpdf_oh box_array(struct tagging *t, const struct pdf_node *node)
{
    qpdf_oh paper = qpdf_oh_get_key(t->q, page_at(t, node->box_page), "/MediaBox");
    double height = qpdf_oh_get_numeric_value(t->q, qpdf_oh_get_array_item(t->q, paper, 3));
    const double corners[4] = {node->box[0], height - node->box[3], node->box[2], height - node->box[1]};
    qpdf_oh box = qpdf_oh_new_array(t->q);
    for (int i = 0; i < 4; i++)
        qpdf_oh_append_item(t->q, box, qpdf_oh_new_real_from_double(t->q, corners[i], 2));
    return box;
}

static void set_attributes(struct tagging *t, qpdf_oh object, const struct pdf_node *node)
{
    const struct flow_tag *tag = node->tag;
    if (tag->alternative != NULL)
        set_text(t, object, "/Alt", tag->alternative);
    if (tag->id != NULL)
        qpdf_oh_replace_key(t->q, object, "/ID", qpdf_oh_new_string(t->q, tag->id));
    if (node->has_box) {
        qpdf_oh layout = attributes(t, "Layout");
        set_name(t, layout, "/Placement", "Block");
        qpdf_oh_replace_key(t->q, layout, "/BBox", box_array(t, node));
        qpdf_oh_replace_key(t->q, object, "/A", layout);
    }
    if (tag->numbering != NULL) {
        qpdf_oh list = attributes(t, "List");
        set_name(t, list, "/ListNumbering", tag->numbering);
        qpdf_oh_replace_key(t->q, object, "/A", list);
    }
    if (tag->scope != NULL || tag->column_span > 1 || tag->row_span > 1) {
        qpdf_oh cell = attributes(t, "Table");
        if (tag->scope != NULL)
            set_name(t, cell, "/Scope", tag->scope);
        if (tag->column_span > 1)
            set_integer(t, cell, "/ColSpan", tag->column_span);
        if (tag->row_span > 1)
            set_integer(t, cell, "/RowSpan", tag->row_span);
        qpdf_oh_replace_key(t->q, object, "/A", cell);
    }
}

static void fill_object(struct tagging *t, const struct pdf_node *node, qpdf_oh parent)
{
    qpdf_oh object = object_of(t, node);
    gint64 own_page = -1;
    set_name(t, object, "/Type", "StructElem");
    set_name(t, object, "/S", node->name);
    qpdf_oh_replace_key(t->q, object, "/P", parent);
    if (node->tag != NULL)
        set_attributes(t, object, node);
    if (node->language != NULL)
        set_text(t, object, "/Lang", node->language);
    qpdf_oh kids = qpdf_oh_new_array(t->q);
    for (guint i = 0; i < node->kids->len; i++) {
        const struct pdf_kid *kid = &g_array_index(node->kids, struct pdf_kid, i);
        if (kid->kind == PDF_KID_CONTENT) {
            append_content(t, object, kids, kid, &own_page);
        } else if (kid->kind == PDF_KID_ANNOTATION) {
            qpdf_oh reference = reference_new(t, kid, "OBJR");
            qpdf_oh_replace_key(t->q, reference, "/Obj", annotation_at(t, kid->page, kid->number));
            qpdf_oh_append_item(t->q, kids, reference);
        } else if (g_hash_table_contains(t->objects, kid->node)) {
            qpdf_oh_append_item(t->q, kids, object_of(t, kid->node));
            fill_object(t, kid->node, object);
        }
    }
    qpdf_oh_replace_key(t->q, object, "/K", kids);
}

/* ---- the root ---- */

/* From a page's or an annotation's key to the elements of its marked content (ISO 32000-1, 14.7.4.4). */
static qpdf_oh parent_tree(struct tagging *t)
{
    const GPtrArray *pages = t->structure->pages;
    qpdf_oh numbers = qpdf_oh_new_array(t->q);
    for (guint p = 0; p < pages->len; p++) {
        const struct page_content *content = t->contents->pdata[p];
        qpdf_oh owners = qpdf_oh_new_array(t->q);
        for (guint i = 0; i < content->owners->len; i++)
            qpdf_oh_append_item(t->q, owners, object_of(t, content->owners->pdata[i]));
        qpdf_oh_append_item(t->q, numbers, qpdf_oh_new_integer(t->q, p));
        qpdf_oh_append_item(t->q, numbers, qpdf_make_indirect_object(t->q, owners));
    }
    for (guint i = 0; i < t->links->len; i++) {
        qpdf_oh_append_item(t->q, numbers, qpdf_oh_new_integer(t->q, pages->len + i));
        qpdf_oh_append_item(t->q, numbers, object_of(t, t->links->pdata[i]));
    }
    qpdf_oh tree = qpdf_oh_new_dictionary(t->q);
    qpdf_oh_replace_key(t->q, tree, "/Nums", numbers);
    return qpdf_make_indirect_object(t->q, tree);
}

static gint compare_ids(gconstpointer a, gconstpointer b)
{
    const struct pdf_node *const *x = a, *const *y = b;
    return strcmp((*x)->tag->id, (*y)->tag->id);
}

static void set_id_tree(struct tagging *t, qpdf_oh root)
{
    GPtrArray *named = g_ptr_array_new();
    for (guint i = 0; i < t->structure->nodes->len; i++) {
        struct pdf_node *node = t->structure->nodes->pdata[i];
        if (node->tag != NULL && node->tag->id != NULL && g_hash_table_contains(t->objects, node))
            g_ptr_array_add(named, node);
    }
    g_ptr_array_sort(named, compare_ids);
    if (named->len > 0) {
        qpdf_oh names = qpdf_oh_new_array(t->q);
        for (guint i = 0; i < named->len; i++) {
            const struct pdf_node *node = named->pdata[i];
            qpdf_oh_append_item(t->q, names, qpdf_oh_new_string(t->q, node->tag->id));
            qpdf_oh_append_item(t->q, names, object_of(t, node));
        }
        qpdf_oh tree = qpdf_oh_new_dictionary(t->q);
        qpdf_oh_replace_key(t->q, tree, "/Names", names);
        qpdf_oh_replace_key(t->q, root, "/IDTree", qpdf_make_indirect_object(t->q, tree));
    }
    g_ptr_array_unref(named);
}

static void write_tree(struct tagging *t)
{
    const struct pdf_node *document = t->structure->nodes->pdata[0];
    qpdf_oh root = qpdf_make_indirect_object(t->q, qpdf_oh_new_dictionary(t->q));
    set_name(t, root, "/Type", "StructTreeRoot");
    if (make_objects(t, document)) {
        fill_object(t, document, root);
        qpdf_oh_replace_key(t->q, root, "/K", object_of(t, document));
    }
    qpdf_oh_replace_key(t->q, root, "/ParentTree", parent_tree(t));
    set_integer(t, root, "/ParentTreeNextKey", t->structure->pages->len + t->links->len);
    set_id_tree(t, root);
    qpdf_oh_replace_key(t->q, qpdf_get_root(t->q), "/StructTreeRoot", root);
    qpdf_oh marked = qpdf_oh_new_dictionary(t->q);
    qpdf_oh_replace_key(t->q, marked, "/Marked", qpdf_oh_new_bool(t->q, QPDF_TRUE));
    qpdf_oh_replace_key(t->q, qpdf_get_root(t->q), "/MarkInfo", marked);
}

int pdf_tagging_write(qpdf_data q, const struct pdf_structure *structure, struct error *err)
{
    struct tagging t = {.q = q, .structure = structure, .err = err};
    t.objects = g_hash_table_new(g_direct_hash, g_direct_equal);
    t.pages = g_array_new(FALSE, FALSE, sizeof(qpdf_oh));
    t.contents = g_ptr_array_new_with_free_func(content_free);
    t.links = g_ptr_array_new();
    int status = 0, count = qpdf_get_num_pages(q);
    if (count != (int)structure->pages->len)
        status = error_set(err, ERROR_OUTPUT, "PDF: %d pages, %u were drawn", count, structure->pages->len);
    for (int p = 0; p < count && status == 0; p++) {
        qpdf_oh page = qpdf_get_page_n(q, (size_t)p);
        g_array_append_val(t.pages, page);
    }
    for (guint p = 0; p < t.pages->len && status == 0; p++)
        status = mark_content(&t, p) != 0 || mark_annotations(&t, p) != 0 ? -1 : 0;
    if (status == 0)
        write_tree(&t);
    g_ptr_array_unref(t.links);
    g_ptr_array_unref(t.contents);
    g_array_unref(t.pages);
    g_hash_table_unref(t.objects);
    return status;
}
