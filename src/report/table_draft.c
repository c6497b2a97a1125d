/* The ranks of a table as sentences. Never a cause: that is the analyst's.
 *
 * The first sentence says what came first; or, when the first two or more ranks are those of the previous
 * quarter, from where to where nothing moved. Then every other shown row is told once, by the first that
 * fits: tied, same use, changed places with its neighbour, entered, rose, fell, or plainly its place. A fall
 * by one place is the shadow of another's rise and is not told as a move. */
#include "report/table_draft.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "report/draft.h"
#include "report/phrase.h"
#include "report/rank_telling.h"
#include "report/stability.h"

/* A move is told from so many places on. */
enum { RISE_PLACES = 1, FALL_PLACES = 2 };
/* From so many unchanged ranks at the top on they are told together. */
enum { UNCHANGED_RANKS = 2 };
/* First and second are close when the second lacks less than 1/50 (2 %) of the first. */
enum { CLOSE_DIVISOR = 50 };

/* The last shown row of the rank of `row`. */
static size_t tie_end(const struct rank_telling *telling, size_t row)
{
    size_t end = row;
    while (end + 1 < telling->comparison->shown_count &&
           rank_telling_row(telling, end + 1)->rank == rank_telling_row(telling, row)->rank)
        end++;
    return end;
}

static bool is_unchanged(const struct rank_telling *telling, size_t row)
{
    return telling->has_previous &&
           rank_telling_row(telling, row)->rank == rank_telling_row(telling, row)->previous_rank;
}

/* How many rows from the top on have a rank of their own and had it in the previous quarter. */
static size_t unchanged_prefix(const struct rank_telling *telling)
{
    size_t count = 0;
    while (count < telling->comparison->shown_count && is_unchanged(telling, count) &&
           !comparison_row_is_tied(telling->comparison, count))
        count++;
    return count;
}

static bool all_unchanged(const struct rank_telling *telling)
{
    for (size_t i = 0; i < telling->comparison->shown_count; i++)
        if (!is_unchanged(telling, i))
            return false;
    return telling->comparison->shown_count >= UNCHANGED_RANKS;
}

/* The tied rows by name; when they are many or not all are shown, the first of them and how many there are.
 */
static char *tied_text(const struct rank_telling *telling, size_t first, size_t last)
{
    enum { LISTED_ALL = 8, LISTED_FIRST = 3 };
    size_t count = comparison_tie_count(telling->comparison, first);
    if (count <= LISTED_ALL && count == last - first + 1)
        return rank_telling_list(telling->wording, telling->labels, first, last);
    char *list =
        rank_telling_list(telling->wording, telling->labels, first, MIN(last, first + LISTED_FIRST - 1));
    GString *number = g_string_new(NULL);
    number_append_thousands(number, count);
    char *text = wording_text(telling->wording, "list-among", "labels", list, "count", number->str, NULL);
    g_string_free(number, TRUE);
    g_free(list);
    return text;
}

static const char *use_of(const struct rank_telling *telling, const struct context *context, size_t row)
{
    const struct service_names *services = &context->publication->services;
    const char *key = rank_telling_row(telling, row)->key;
    return context_column(context, service_names_use(services, "ja", key),
                          service_names_use(services, "en", key));
}

/* The last row of the run from `row` on that shares its use. */
static size_t use_end(const struct rank_telling *telling, const struct context *context, size_t row,
                      const char **use)
{
    size_t end = row;
    if (telling->comparison->measure->by != BY_PORT || comparison_row_is_tied(telling->comparison, row))
        return row;
    *use = use_of(telling, context, row);
    while (**use != '\0' && end + 1 < telling->comparison->shown_count &&
           !comparison_row_is_tied(telling->comparison, end + 1) &&
           strcmp(use_of(telling, context, end + 1), *use) == 0)
        end++;
    return end;
}

static bool has_entered(const struct rank_telling *telling, size_t row)
{
    int previous = rank_telling_row(telling, row)->previous_rank;
    return telling->has_previous && (previous == 0 || previous > telling->comparison->top);
}

static void tell_entered(const struct rank_telling *telling, size_t row)
{
    const char *place = rank_telling_place(telling, row), *label = rank_telling_label(telling, row);
    int previous = rank_telling_row(telling, row)->previous_rank;
    char *limit = g_strdup_printf("%d", telling->limit);
    char *previous_place = phrase_place(telling->wording, previous);
    if (previous == 0)
        rank_telling_add_joinable(telling, "entered-new", "not seen in the previous quarter", row, row,
                                  (const char *const[]){"place", place, "label", label, NULL});
    else if (previous > telling->limit)
        rank_telling_add_joinable(
            telling, "entered-outside", "previous rank beyond the publication's limit", row, row,
            (const char *const[]){"place", place, "label", label, "limit", limit, NULL});
    else
        rank_telling_add_joinable(
            telling, "entered", "previous rank beyond the table's rows", row, row,
            (const char *const[]){"place", place, "label", label, "previous-place", previous_place, NULL});
    g_free(previous_place);
    g_free(limit);
}

static bool is_swapped(const struct rank_telling *telling, size_t row)
{
    if (!telling->has_previous || row + 1 >= telling->comparison->shown_count)
        return false;
    const struct comparison_row *a = rank_telling_row(telling, row), *b = rank_telling_row(telling, row + 1);
    return b->rank == a->rank + 1 && a->previous_rank == b->rank && b->previous_rank == a->rank &&
           !comparison_row_is_tied(telling->comparison, row) &&
           !comparison_row_is_tied(telling->comparison, row + 1);
}

static void tell_swapped(const struct rank_telling *telling, size_t row)
{
    rank_telling_add(telling,
                     wording_text(telling->wording, "swapped", "place", rank_telling_place(telling, row),
                                  "label", rank_telling_label(telling, row), "second-place",
                                  rank_telling_place(telling, row + 1), "second-label",
                                  rank_telling_label(telling, row + 1), NULL),
                     "swapped", "", row, row + 1);
}

/* What the first row is called in the sentence that names it: with the place that it rose from, which *how
 * and *why name. Owned by the caller. */
static char *first_label(const struct rank_telling *telling, const char **how, const char **why)
{
    const char *label = rank_telling_label(telling, 0);
    int previous = rank_telling_row(telling, 0)->previous_rank;
    *how = *why = "";
    if (!telling->has_previous || previous == 1)
        return g_strdup(label);
    if (previous == 0) {
        *how = " entered-new";
        *why = "not seen in the previous quarter";
        return wording_text(telling->wording, "first-new", "label", label, NULL);
    }
    char *limit = g_strdup_printf("%d", telling->limit), *place = phrase_place(telling->wording, previous);
    bool outside = previous > telling->limit;
    *how = outside ? " entered-outside" : has_entered(telling, 0) ? " entered" : " rank-rose";
    *why = outside                   ? "previous rank beyond the publication's limit"
           : has_entered(telling, 0) ? "previous rank beyond the table's rows"
                                     : "1 place or more";
    char *text =
        outside ? wording_text(telling->wording, "first-outside", "label", label, "limit", limit, NULL)
                : wording_text(telling->wording, "first-rose", "label", label, "previous-place", place, NULL);
    g_free(place);
    g_free(limit);
    return text;
}

/* Packets are what probing is told by; of anything else the sentence says what was counted. */
static bool tells_probing(const struct rank_telling *telling)
{
    return telling->comparison->measure->count == COUNT_PACKETS;
}

static char *most_text(const struct rank_telling *telling, const struct context *context, const char *label)
{
    const struct measure_counts *measure = telling->comparison->measure;
    bool names_thing = !tells_probing(telling) && (measure->by == BY_PORT || measure->by == BY_REGION);
    char *rule = context_rule("most", measure->by), *thing = NULL, *text;
    if (names_thing) {
        char *pattern = g_strconcat(rule, "-of", NULL);
        thing = context_count_text(context, "thing", measure->count);
        text = wording_text(telling->wording, pattern, "thing", thing, "label", label, NULL);
        g_free(pattern);
    } else {
        text = wording_text(telling->wording, rule, "label", label, NULL);
    }
    g_free(thing);
    g_free(rule);
    return text;
}

/* Returns the last row told. */
static size_t tell_most(const struct rank_telling *telling, const struct context *context)
{
    size_t end = tie_end(telling, 0);
    if (comparison_row_is_tied(telling->comparison, 0)) {
        char *labels = tied_text(telling, 0, end);
        rank_telling_add(telling, wording_text(telling->wording, "most-tied", "labels", labels, NULL),
                         "most-tied", "", 0, end);
        g_free(labels);
        return end;
    }
    /* Of two that changed places that is said. */
    const char *how = "", *why = "";
    char *label =
        is_swapped(telling, 0) ? g_strdup(rank_telling_label(telling, 0)) : first_label(telling, &how, &why);
    char *rule = g_strconcat("most", how, NULL);
    rank_telling_add(telling, most_text(telling, context, label), g_intern_string(rule), why, 0, 0);
    g_free(rule);
    g_free(label);
    return 0;
}

/* The first rows, of one use. Returns the last row told. */
static size_t tell_most_same_use(const struct rank_telling *telling, size_t end, const char *use)
{
    char *places = rank_telling_list(telling->wording, telling->places, 1, end);
    char *labels = rank_telling_list(telling->wording, telling->labels, 1, end);
    const char *how, *why;
    char *label = first_label(telling, &how, &why);
    char *rule = g_strconcat("most-same-use", how, NULL);
    rank_telling_add(telling,
                     wording_text(telling->wording, "most-same-use", "label", label, "use", use, "places",
                                  places, "labels", labels, NULL),
                     g_intern_string(rule), "2 consecutive ranks or more", 0, end);
    g_free(rule);
    g_free(label);
    g_free(labels);
    g_free(places);
    for (size_t i = 1; i <= end; i++)
        if (has_entered(telling, i))
            tell_entered(telling, i);
    return end;
}

/* Returns how many rows were told. */
static size_t tell_top(const struct rank_telling *telling, const struct context *context)
{
    const char *use = "";
    const struct wording *wording = telling->wording;
    size_t shown = telling->comparison->shown_count;
    size_t prefix = unchanged_prefix(telling);
    if (all_unchanged(telling)) {
        tell_most(telling, context);
        char *count = g_strdup_printf("%zu", shown);
        rank_telling_add(telling, wording_text(wording, "nothing-moved", "count", count, NULL),
                         "nothing-moved", "", 0, shown - 1);
        g_free(count);
        return shown;
    }
    if (is_swapped(telling, 0)) {
        tell_most(telling, context);
        tell_swapped(telling, 0);
        return 2;
    }
    size_t end = use_end(telling, context, 0, &use);
    if (prefix < UNCHANGED_RANKS)
        return (end > 0 && tells_probing(telling) ? tell_most_same_use(telling, end, use)
                                                  : tell_most(telling, context)) +
               1;
    rank_telling_add(telling,
                     wording_text(wording, prefix == 2 ? "first-unchanged-pair" : "first-unchanged", "label",
                                  rank_telling_label(telling, 0), "last-place",
                                  rank_telling_place(telling, prefix - 1), "last-label",
                                  rank_telling_label(telling, prefix - 1), NULL),
                     "first-unchanged", "2 ranks or more", 0, prefix - 1);
    return prefix;
}

/* First and second closer than the margin, but not equal. */
static void tell_close(const struct rank_telling *telling)
{
    if (telling->comparison->shown_count < 2)
        return;
    uint64_t first = rank_telling_row(telling, 0)->count, second = rank_telling_row(telling, 1)->count;
    if (first == second || first - second >= first / CLOSE_DIVISOR)
        return;
    GString *percent = g_string_new(NULL);
    phrase_append_percent(percent, first - second, first);
    rank_telling_add(telling,
                     wording_text(telling->wording, "close", "place", rank_telling_place(telling, 0),
                                  "second-place", rank_telling_place(telling, 1), "percent", percent->str,
                                  NULL),
                     "close", "under 2% of the first", 0, 1);
    rank_telling_add_counts(telling, second, first);
    g_string_free(percent, TRUE);
}

/* A row whose move is told; false when it is not. */
static bool tell_move(const struct rank_telling *telling, size_t row)
{
    const struct comparison_row *moved = rank_telling_row(telling, row);
    if (!telling->has_previous)
        return false;
    if (has_entered(telling, row)) {
        tell_entered(telling, row);
        return true;
    }
    const char *place = rank_telling_place(telling, row), *label = rank_telling_label(telling, row);
    if (moved->previous_rank - moved->rank >= RISE_PLACES) {
        char *previous_place = phrase_place(telling->wording, moved->previous_rank);
        rank_telling_add_joinable(
            telling, "rank-rose", "1 place or more", row, row,
            (const char *const[]){"place", place, "label", label, "previous-place", previous_place, NULL});
        g_free(previous_place);
        return true;
    }
    if (moved->rank - moved->previous_rank >= FALL_PLACES) {
        rank_telling_add_joinable(telling, "rank-fell", "2 places or more", row, row,
                                  (const char *const[]){"place", place, "label", label, NULL});
        return true;
    }
    return false;
}

/* Rows first to last in one sentence: each as an item. */
static void tell_places(const struct rank_telling *telling, size_t first, size_t last, const char *item_rule,
                        const char *rule)
{
    GPtrArray *items = g_ptr_array_new_with_free_func(g_free);
    GString *list = g_string_new(NULL);
    for (size_t i = first; i <= last; i++)
        g_ptr_array_add(items,
                        wording_text(telling->wording, item_rule, "place", rank_telling_place(telling, i),
                                     "label", rank_telling_label(telling, i), NULL));
    if (strcmp(rule, "places") == 0)
        phrase_append_items(telling->wording, list, items);
    else
        phrase_append_list(telling->wording, list, items);
    rank_telling_add_joinable(telling, rule, "", first, last,
                              (const char *const[]){"places", list->str, NULL});
    g_string_free(list, TRUE);
    g_ptr_array_unref(items);
}

/* Rows of which nothing but their place is to be told; returns the last of them. */
static size_t tell_plain(const struct rank_telling *telling, const struct context *context, size_t row)
{
    bool unchanged = is_unchanged(telling, row);
    size_t end = row;
    for (size_t next = row + 1; next < telling->comparison->shown_count; next++) {
        const struct comparison_row *candidate = rank_telling_row(telling, next);
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

static size_t tell_tied(const struct rank_telling *telling, size_t row)
{
    size_t end = tie_end(telling, row);
    char *labels = tied_text(telling, row, end);
    rank_telling_add(telling,
                     wording_text(telling->wording, "tied", "place", rank_telling_place(telling, row),
                                  "labels", labels, NULL),
                     "tied", "", row, end);
    g_free(labels);
    return end;
}

static void tell_same_use(const struct rank_telling *telling, size_t row, size_t end, const char *use)
{
    char *places = rank_telling_list(telling->wording, telling->places, row, end);
    char *labels = rank_telling_list(telling->wording, telling->labels, row, end);
    rank_telling_add(
        telling,
        wording_text(telling->wording, "same-use", "places", places, "use", use, "labels", labels, NULL),
        "same-use", "2 consecutive ranks or more", row, end);
    g_free(labels);
    g_free(places);
    for (size_t i = row; i <= end; i++)
        if (has_entered(telling, i))
            tell_entered(telling, i);
}

/* Tells the row and perhaps more; returns the last row told. */
static size_t tell_row(const struct rank_telling *telling, const struct context *context, size_t row)
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
        tell_swapped(telling, row);
        return row + 1;
    }
    return tell_move(telling, row) ? row : tell_plain(telling, context, row);
}

/* The keys that were seen in this quarter. */
static size_t seen_count(const struct comparison *comparison)
{
    size_t count = 0;
    while (count < comparison->row_count && comparison->rows[count].count > 0)
        count++;
    return count;
}

/* One key of a measure by sensor or by tool that holds over half; a sensor, where that is news. */
static void tell_majority(const struct rank_telling *telling, const char *thing)
{
    const struct comparison *comparison = telling->comparison;
    const struct comparison_row *first = rank_telling_row(telling, 0);
    bool by_sensor = comparison->measure->by == BY_SENSOR;
    bool mirai = comparison->measure->by == BY_TOOL && strcmp(first->key, "mirai") == 0;
    if ((!by_sensor && !mirai) || first->count <= comparison->total / 2 ||
        (by_sensor && !stability_is_uneven(first->count, comparison->total, seen_count(comparison))))
        return;
    GString *percent = g_string_new(NULL);
    phrase_append_percent(percent, first->count, comparison->total);
    if (by_sensor)
        rank_telling_add(telling,
                         wording_text(telling->wording, "one-sensor", "label", rank_telling_label(telling, 0),
                                      "percent", percent->str, NULL),
                         "one-sensor", "over half of the total", 0, 0);
    else
        rank_telling_add(
            telling,
            wording_text(telling->wording, "mirai-share", "thing", thing, "percent", percent->str, NULL),
            "mirai-share", "over half of the total", 0, 0);
    rank_telling_add_counts(telling, first->count, comparison->total);
    g_string_free(percent, TRUE);
}

/* No row to tell of: nothing was seen, or nothing that is ranked. */
static void tell_nothing(struct model_draft *draft, const struct context *context,
                         const struct table_definition *definition, const struct comparison *comparison)
{
    if (comparison->unallocated > 0)
        draft_add(draft, wording_text(context->wording, "all-unallocated", NULL), "all-unallocated", "",
                  "%s unallocated %" PRIu64 " of %" PRIu64, definition->id, comparison->unallocated,
                  comparison->total);
    else
        draft_add(draft, wording_text(context->wording, "nothing-observed", NULL), "nothing-observed", "",
                  "%s total 0", definition->id);
}

int table_draft(struct model_draft *draft, const struct context *context,
                const struct table_definition *definition, const struct comparison *comparison,
                struct error *err)
{
    struct rank_telling telling = {
        .clauses = draft_clauses_new(),
        .wording = context->wording,
        .comparison = comparison,
        .table = definition->id,
        .limit = context->publication->top_limit,
        .labels = g_ptr_array_new_with_free_func(g_free),
        .places = g_ptr_array_new_with_free_func(g_free),
        /* A previous quarter in which nothing was seen has no ranks to compare with. */
        .has_previous = comparison->previous != NULL && comparison->previous_total > 0,
    };
    int status = rank_telling_name(&telling, context, err);
    if (status == 0 && comparison->shown_count == 0) {
        tell_nothing(draft, context, definition, comparison);
    } else if (status == 0) {
        char *thing = context_count_text(context, "thing", comparison->measure->count);
        size_t told = tell_top(&telling, context);
        tell_close(&telling);
        tell_majority(&telling, thing);
        for (size_t row = told; row < comparison->shown_count; row++)
            row = tell_row(&telling, context, row);
        g_free(thing);
        draft_clauses_add(draft, telling.clauses);
    }
    g_array_unref(telling.clauses);
    g_ptr_array_unref(telling.labels);
    g_ptr_array_unref(telling.places);
    return status;
}
