/* The ranks of a table as sentences. Never a cause: that is the analyst's.
 *
 * The first sentence says what came first; or, when the first two or more ranks are those of the previous
 * quarter, from where to where nothing moved. Then every other shown row is told once, by the first that
 * fits: tied, same use, changed places with its neighbour, entered, rose, fell, or plainly its place. A fall
 * by one place is the shadow of another's rise and is not told as a move. */
#include "report/table_draft.h"

#include <string.h>

#include "base/number.h"
#include "report/draft.h"
#include "report/label.h"
#include "report/phrase.h"

/* A move is told from so many places on. */
enum { RISE_PLACES = 1, FALL_PLACES = 2 };
/* From so many unchanged ranks at the top on they are told together. */
enum { UNCHANGED_RANKS = 2 };
/* First and second are close when the second lacks less than 1/50 (2 %) of the first. */
enum { CLOSE_DIVISOR = 50 };

struct telling {
    struct model_draft *draft;
    const struct wording *wording;
    const struct comparison *comparison;
    const char *table; /* id */
    int limit;
    GPtrArray *labels; /* of the shown rows, in prose */
    GPtrArray *places; /* "2番目", of the shown rows */
    bool has_previous;
};

static const struct comparison_row *row_at(const struct telling *telling, size_t row)
{
    return &telling->comparison->rows[row];
}

static const char *label_at(const struct telling *telling, size_t row)
{
    return g_ptr_array_index(telling->labels, row);
}

static const char *place_at(const struct telling *telling, size_t row)
{
    return g_ptr_array_index(telling->places, row);
}

static char *place_text(const struct wording *wording, int rank)
{
    char *number = g_strdup_printf("%d", rank);
    char *text = wording_text(wording, "place", "rank", number, NULL);
    g_free(number);
    return text;
}

/* "80/TCP rank 2 previous 3; 443/TCP rank 3 previous 5" of rows first to last. */
static char *rows_inputs(const struct telling *telling, size_t first, size_t last)
{
    GString *out = g_string_new(NULL);
    for (size_t i = first; i <= last; i++) {
        const struct comparison_row *row = row_at(telling, i);
        g_string_append_printf(out, "%s%s %s rank %d", i > first ? "; " : "", telling->table, row->key,
                               row->rank);
        if (!telling->has_previous)
            continue;
        if (row->previous_rank == 0)
            g_string_append(out, " previous -");
        else
            g_string_append_printf(out, " previous %d", row->previous_rank);
    }
    return g_string_free(out, FALSE);
}

static void tell(const struct telling *telling, char *text, const char *rule, const char *threshold,
                 size_t first, size_t last)
{
    char *inputs = rows_inputs(telling, first, last);
    draft_add(telling->draft, text, rule, threshold, "%s", inputs);
    g_free(inputs);
}

static char *list_text(const struct wording *wording, const GPtrArray *texts, size_t first, size_t last)
{
    GPtrArray *part = g_ptr_array_new();
    for (size_t i = first; i <= last; i++)
        g_ptr_array_add(part, g_ptr_array_index(texts, i));
    GString *out = g_string_new(NULL);
    phrase_append_list(wording, out, part);
    g_ptr_array_unref(part);
    return g_string_free(out, FALSE);
}

/* The last shown row of the rank of `row`. */
static size_t tie_end(const struct telling *telling, size_t row)
{
    size_t end = row;
    while (end + 1 < telling->comparison->shown_count &&
           row_at(telling, end + 1)->rank == row_at(telling, row)->rank)
        end++;
    return end;
}

static bool is_unchanged(const struct telling *telling, size_t row)
{
    return telling->has_previous && row_at(telling, row)->rank == row_at(telling, row)->previous_rank;
}

/* How many rows from the top on have a rank of their own and had it in the previous quarter. */
static size_t unchanged_prefix(const struct telling *telling)
{
    size_t count = 0;
    while (count < telling->comparison->shown_count && is_unchanged(telling, count) &&
           !comparison_row_is_tied(telling->comparison, count))
        count++;
    return count;
}

static bool all_unchanged(const struct telling *telling)
{
    for (size_t i = 0; i < telling->comparison->shown_count; i++)
        if (!is_unchanged(telling, i))
            return false;
    return telling->comparison->shown_count >= UNCHANGED_RANKS;
}

/* The tied rows by name; when they are many or not all are shown, the first of them and how many there are.
 */
static char *tied_text(const struct telling *telling, size_t first, size_t last)
{
    enum { LISTED_ALL = 8, LISTED_FIRST = 3 };
    size_t count = comparison_tie_count(telling->comparison, first);
    if (count <= LISTED_ALL && count == last - first + 1)
        return list_text(telling->wording, telling->labels, first, last);
    char *list = list_text(telling->wording, telling->labels, first, MIN(last, first + LISTED_FIRST - 1));
    GString *number = g_string_new(NULL);
    number_append_thousands(number, count);
    char *text = wording_text(telling->wording, "list-among", "labels", list, "count", number->str, NULL);
    g_string_free(number, TRUE);
    g_free(list);
    return text;
}

/* Returns the last row told. */
static size_t tell_most(const struct telling *telling)
{
    size_t end = tie_end(telling, 0);
    if (comparison_row_is_tied(telling->comparison, 0)) {
        char *labels = tied_text(telling, 0, end);
        tell(telling, wording_text(telling->wording, "most-tied", "labels", labels, NULL), "most-tied", "", 0,
             end);
        g_free(labels);
        return end;
    }
    char *rule = context_rule("most", telling->comparison->measure->by);
    tell(telling, wording_text(telling->wording, rule, "label", label_at(telling, 0), NULL), "most", "", 0,
         0);
    g_free(rule);
    return 0;
}

/* Returns how many rows were told. */
static size_t tell_top(const struct telling *telling)
{
    const struct wording *wording = telling->wording;
    size_t shown = telling->comparison->shown_count;
    size_t prefix = unchanged_prefix(telling);
    if (all_unchanged(telling)) {
        tell_most(telling);
        char *count = g_strdup_printf("%zu", shown);
        tell(telling, wording_text(wording, "nothing-moved", "count", count, NULL), "nothing-moved", "", 0,
             shown - 1);
        g_free(count);
        return shown;
    }
    if (prefix < UNCHANGED_RANKS)
        return tell_most(telling) + 1;
    tell(telling,
         wording_text(wording, "first-unchanged", "label", label_at(telling, 0), "last-place",
                      place_at(telling, prefix - 1), "last-label", label_at(telling, prefix - 1), NULL),
         "first-unchanged", "2 ranks or more", 0, prefix - 1);
    return prefix;
}

/* First and second closer than the margin, but not equal. */
static void tell_close(const struct telling *telling)
{
    if (telling->comparison->shown_count < 2)
        return;
    uint64_t first = row_at(telling, 0)->count, second = row_at(telling, 1)->count;
    if (first == second || first - second >= first / CLOSE_DIVISOR)
        return;
    GString *percent = g_string_new(NULL);
    phrase_append_percent(percent, first - second, first);
    tell(telling,
         wording_text(telling->wording, "close", "place", place_at(telling, 0), "second-place",
                      place_at(telling, 1), "percent", percent->str, NULL),
         "close", "under 2% of the first", 0, 1);
    g_string_free(percent, TRUE);
}

/* The last row of the run from `row` on that shares its use. */
static size_t use_end(const struct telling *telling, const struct context *context, size_t row,
                      const char **use)
{
    size_t end = row;
    if (telling->comparison->measure->by != BY_PORT || comparison_row_is_tied(telling->comparison, row))
        return row;
    const struct service_names *services = &context->publication->services;
    *use = service_names_use(services, context->language, row_at(telling, row)->key);
    while (**use != '\0' && end + 1 < telling->comparison->shown_count &&
           !comparison_row_is_tied(telling->comparison, end + 1) &&
           strcmp(service_names_use(services, context->language, row_at(telling, end + 1)->key), *use) == 0)
        end++;
    return end;
}

static bool is_swapped(const struct telling *telling, size_t row)
{
    if (!telling->has_previous || row + 1 >= telling->comparison->shown_count)
        return false;
    const struct comparison_row *a = row_at(telling, row), *b = row_at(telling, row + 1);
    return b->rank == a->rank + 1 && a->previous_rank == b->rank && b->previous_rank == a->rank;
}

static bool has_entered(const struct telling *telling, size_t row)
{
    int previous = row_at(telling, row)->previous_rank;
    return telling->has_previous && (previous == 0 || previous > telling->comparison->top);
}

static void tell_entered(const struct telling *telling, size_t row)
{
    const struct wording *wording = telling->wording;
    const char *place = place_at(telling, row), *label = label_at(telling, row);
    int previous = row_at(telling, row)->previous_rank;
    if (previous == 0) {
        tell(telling, wording_text(wording, "entered-new", "place", place, "label", label, NULL),
             "entered-new", "not seen in the previous quarter", row, row);
    } else if (previous > telling->limit) {
        char *limit = g_strdup_printf("%d", telling->limit);
        tell(telling,
             wording_text(wording, "entered-outside", "place", place, "label", label, "limit", limit, NULL),
             "entered-outside", "previous rank beyond the publication's limit", row, row);
        g_free(limit);
    } else {
        char *previous_place = place_text(wording, previous);
        tell(telling,
             wording_text(wording, "entered", "place", place, "label", label, "previous-place",
                          previous_place, NULL),
             "entered", "previous rank beyond the table's rows", row, row);
        g_free(previous_place);
    }
}

/* A row whose move is told; false when it is not. */
static bool tell_move(const struct telling *telling, size_t row)
{
    const struct comparison_row *moved = row_at(telling, row);
    if (!telling->has_previous)
        return false;
    if (has_entered(telling, row)) {
        tell_entered(telling, row);
        return true;
    }
    const char *place = place_at(telling, row), *label = label_at(telling, row);
    if (moved->previous_rank - moved->rank >= RISE_PLACES) {
        char *previous_place = place_text(telling->wording, moved->previous_rank);
        tell(telling,
             wording_text(telling->wording, "rank-rose", "place", place, "label", label, "previous-place",
                          previous_place, NULL),
             "rank-rose", "1 place or more", row, row);
        g_free(previous_place);
        return true;
    }
    if (moved->rank - moved->previous_rank >= FALL_PLACES) {
        tell(telling, wording_text(telling->wording, "rank-fell", "place", place, "label", label, NULL),
             "rank-fell", "2 places or more", row, row);
        return true;
    }
    return false;
}

/* Rows first to last in one sentence: each as an item. */
static void tell_places(const struct telling *telling, size_t first, size_t last, const char *item_rule,
                        const char *rule)
{
    GString *items = g_string_new(NULL);
    for (size_t i = first; i <= last; i++) {
        if (i > first)
            wording_append(telling->wording, items, "list-separator", NULL);
        wording_append(telling->wording, items, item_rule, "place", place_at(telling, i), "label",
                       label_at(telling, i), NULL);
    }
    tell(telling, wording_text(telling->wording, rule, "places", items->str, NULL), rule, "", first, last);
    g_string_free(items, TRUE);
}

/* Rows of which nothing but their place is to be told; returns the last of them. */
static size_t tell_plain(const struct telling *telling, const struct context *context, size_t row)
{
    bool unchanged = is_unchanged(telling, row);
    size_t end = row;
    for (size_t next = row + 1; next < telling->comparison->shown_count; next++) {
        const struct comparison_row *candidate = row_at(telling, next);
        const char *use = "";
        bool moved = telling->has_previous && (has_entered(telling, next) ||
                                               candidate->previous_rank - candidate->rank >= RISE_PLACES ||
                                               candidate->rank - candidate->previous_rank >= FALL_PLACES);
        if (moved || is_unchanged(telling, next) != unchanged ||
            comparison_row_is_tied(telling->comparison, next) || is_swapped(telling, next) ||
            use_end(telling, context, next, &use) > next)
            break;
        end = next;
    }
    if (unchanged)
        tell_places(telling, row, end, "place-unchanged-item", "places-unchanged");
    else
        tell_places(telling, row, end, "place-item", "places");
    return end;
}

static size_t tell_tied(const struct telling *telling, size_t row)
{
    size_t end = tie_end(telling, row);
    char *labels = tied_text(telling, row, end);
    tell(telling,
         wording_text(telling->wording, "tied", "place", place_at(telling, row), "labels", labels, NULL),
         "tied", "", row, end);
    g_free(labels);
    return end;
}

static void tell_same_use(const struct telling *telling, size_t row, size_t end, const char *use)
{
    char *places = list_text(telling->wording, telling->places, row, end);
    char *labels = list_text(telling->wording, telling->labels, row, end);
    tell(telling,
         wording_text(telling->wording, "same-use", "places", places, "use", use, "labels", labels, NULL),
         "same-use", "2 consecutive ranks or more", row, end);
    g_free(labels);
    g_free(places);
    for (size_t i = row; i <= end; i++)
        if (has_entered(telling, i))
            tell_entered(telling, i);
}

/* Tells the row and perhaps more; returns the last row told. */
static size_t tell_row(const struct telling *telling, const struct context *context, size_t row)
{
    const char *use = "";
    if (tie_end(telling, row) > row)
        return tell_tied(telling, row);
    size_t end = use_end(telling, context, row, &use);
    if (end > row) {
        tell_same_use(telling, row, end, use);
        return end;
    }
    if (is_swapped(telling, row)) {
        tell(telling,
             wording_text(telling->wording, "swapped", "place", place_at(telling, row), "label",
                          label_at(telling, row), "second-place", place_at(telling, row + 1), "second-label",
                          label_at(telling, row + 1), NULL),
             "swapped", "", row, row + 1);
        return row + 1;
    }
    return tell_move(telling, row) ? row : tell_plain(telling, context, row);
}

/* One key of a measure by sensor or by tool that holds over half. */
static void tell_majority(const struct telling *telling, const char *thing)
{
    const struct comparison *comparison = telling->comparison;
    const struct comparison_row *first = row_at(telling, 0);
    bool by_sensor = comparison->measure->by == BY_SENSOR;
    bool mirai = comparison->measure->by == BY_TOOL && strcmp(first->key, "mirai") == 0;
    if ((!by_sensor && !mirai) || first->count <= comparison->total / 2)
        return;
    GString *percent = g_string_new(NULL);
    phrase_append_percent(percent, first->count, comparison->total);
    if (by_sensor)
        tell(telling,
             wording_text(telling->wording, "one-sensor", "label", label_at(telling, 0), "percent",
                          percent->str, NULL),
             "one-sensor", "over half of the total", 0, 0);
    else
        tell(telling,
             wording_text(telling->wording, "mirai-share", "thing", thing, "percent", percent->str, NULL),
             "mirai-share", "over half of the total", 0, 0);
    g_string_free(percent, TRUE);
}

static int fill_labels(struct telling *telling, const struct context *context, struct error *err)
{
    for (size_t i = 0; i < telling->comparison->shown_count; i++) {
        const struct comparison_row *row = row_at(telling, i);
        GString *label = g_string_new(NULL);
        int status = label_append_prose(context, telling->comparison->measure->by, row->key, label, err);
        g_ptr_array_add(telling->labels, g_string_free(label, FALSE));
        g_ptr_array_add(telling->places, place_text(telling->wording, row->rank));
        if (status != 0)
            return -1;
    }
    return 0;
}

int table_draft(struct model_draft *draft, const struct context *context,
                const struct table_definition *definition, const struct comparison *comparison,
                struct error *err)
{
    struct telling telling = {
        .draft = draft,
        .wording = context->wording,
        .comparison = comparison,
        .table = definition->id,
        .limit = context->publication->top_limit,
        .labels = g_ptr_array_new_with_free_func(g_free),
        .places = g_ptr_array_new_with_free_func(g_free),
        /* A previous quarter in which nothing was seen has no ranks to compare with. */
        .has_previous = comparison->previous != NULL && comparison->previous_total > 0,
    };
    int status = fill_labels(&telling, context, err);
    if (status == 0 && comparison->shown_count == 0) {
        draft_add(draft, wording_text(context->wording, "nothing-observed", NULL), "nothing-observed", "",
                  "%s total 0", definition->id);
    } else if (status == 0) {
        char *thing = context_count_text(context, "thing", comparison->measure->count);
        size_t told = tell_top(&telling);
        tell_close(&telling);
        tell_majority(&telling, thing);
        for (size_t row = told; row < comparison->shown_count; row++)
            row = tell_row(&telling, context, row);
        g_free(thing);
    }
    g_ptr_array_unref(telling.labels);
    g_ptr_array_unref(telling.places);
    return status;
}
