#include "render/pdf_references.h"

#include "render/line_text.h"
#include "render/pages.h"

/* The second pass nearly always settles: a number seldom changes how many lines a paragraph has. */
enum { PASSES = 6 };

static bool has_references(xmlNodePtr node)
{
    for (xmlNodePtr n = node->children; n != NULL; n = n->next)
        if (n->type == XML_ELEMENT_NODE && (line_text_has_class(n, "page-reference") || has_references(n)))
            return true;
    return false;
}

static void add_numbers(GHashTable *numbers, const GArray *places, guint page)
{
    for (guint i = 0; i < places->len; i++) {
        const struct flow_piece *piece = g_array_index(places, struct sheet_place, i).piece;
        for (guint k = 0; k < piece->ids->len; k++)
            g_hash_table_insert(numbers, g_strdup(piece->ids->pdata[k]), GUINT_TO_POINTER(page));
    }
}

/* id -> page, counted as on the pages: a cover is none. */
static GHashTable *numbers_of(const GPtrArray *sheets, const struct page_template *template)
{
    GHashTable *numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint cover = page_template_has_cover(template) ? 1 : 0;
    for (guint i = 0; i < sheets->len; i++) {
        const struct sheet *sheet = sheets->pdata[i];
        add_numbers(numbers, sheet->places, i + 1 - cover);
        add_numbers(numbers, sheet->note_places, i + 1 - cover);
    }
    return numbers;
}

static bool same_numbers(GHashTable *a, GHashTable *b)
{
    GHashTableIter iterator;
    gpointer id, number;
    g_hash_table_iter_init(&iterator, a);
    while (g_hash_table_iter_next(&iterator, &id, &number))
        if (g_hash_table_lookup(b, id) != number)
            return false;
    return g_hash_table_size(a) == g_hash_table_size(b);
}

struct flow *pdf_references_settle(const struct page *page, const struct page_template *template,
                                   struct fonts *fonts, struct error *err)
{
    xmlNodePtr root = xmlDocGetRootElement(page->document);
    if (root == NULL || !has_references(root))
        return flow_new(page, template, fonts, NULL, err);
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal);
    struct flow *flow = NULL;
    bool settled = false;
    for (int pass = 0; pass < PASSES && !settled; pass++) {
        flow_free(flow);
        flow = flow_new(page, template, fonts, numbers, err);
        GPtrArray *sheets = flow != NULL ? pages_new(flow, template, err) : NULL;
        if (sheets == NULL)
            break;
        GHashTable *found = numbers_of(sheets, template);
        settled = same_numbers(numbers, found);
        g_hash_table_unref(numbers);
        numbers = found;
        g_ptr_array_unref(sheets);
        if (!settled && pass + 1 == PASSES) {
            error_set(err, ERROR_INPUT,
                      "PDF: a reference to a page moves that page each time it is set, expected other words "
                      "around it");
        }
    }
    g_hash_table_unref(numbers);
    if (!settled) {
        flow_free(flow);
        return NULL;
    }
    return flow;
}
