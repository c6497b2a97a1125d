#include "cmd/diff_view.h"

#include <string.h>

const char *diff_view_kind_name(int kind)
{
    static const char *const names[VIEW_KINDS] = {
        "numbers",  "coverage",   "data",   "configuration", "prose",
        "pictures", "references", "events", "stability",
    };
    g_assert(kind >= 0 && kind < VIEW_KINDS);
    return names[kind];
}

/* The share of the other count from which a count of the table counts as changed; negative: none is set. The
 * last threshold that names the table or its measure stands, else the last one for all. */
static double threshold_of(const struct diff_view *view, const char *table)
{
    const struct table_definition *definition = publication_table(view->publication, table);
    double least = -1;
    bool is_named = false;
    for (guint i = 0; i < view->thresholds->len; i++) {
        const struct diff_threshold *threshold = &g_array_index(view->thresholds, struct diff_threshold, i);
        bool names = threshold->place != NULL &&
                     (strcmp(threshold->place, table) == 0 ||
                      (definition != NULL && strcmp(threshold->place, definition->measure) == 0));
        if (names || (threshold->place == NULL && !is_named))
            least = threshold->least;
        is_named = is_named || names;
    }
    return least;
}

bool diff_view_row_is_shown(const struct diff_view *view, const struct difference_row *row)
{
    double least = threshold_of(view, row->table);
    return view->only[DIFFERENCE_NUMBERS] && (least < 0 || difference_row_changed(row, least));
}

bool diff_view_item_is_shown(const struct diff_view *view, const struct prose_item *item)
{
    return view->only[VIEW_PROSE + item->kind] && (view->verbose || item->status != PROSE_SAME);
}

bool diff_view_has_changes(const struct diff_view *view)
{
    for (size_t i = 0; i < view->difference->row_count; i++) {
        const struct difference_row *row = &view->difference->rows[i];
        if (view->only[DIFFERENCE_NUMBERS] &&
            difference_row_changed(row, MAX(threshold_of(view, row->table), 0)))
            return true;
    }
    for (size_t i = 0; i < view->difference->note_count; i++)
        if (view->only[view->difference->notes[i].kind])
            return true;
    for (size_t i = 0; i < view->prose->item_count; i++)
        if (view->only[VIEW_PROSE + view->prose->items[i].kind] && view->prose->items[i].status != PROSE_SAME)
            return true;
    return false;
}
