#include "report/rank_telling.h"

#include <inttypes.h>

#include "report/draft.h"
#include "report/label.h"
#include "report/phrase.h"

const struct comparison_row *rank_telling_row(const struct rank_telling *telling, size_t row)
{
    return &telling->comparison->rows[row];
}

const char *rank_telling_label(const struct rank_telling *telling, size_t row)
{
    return g_ptr_array_index(telling->labels, row);
}

const char *rank_telling_place(const struct rank_telling *telling, size_t row)
{
    return g_ptr_array_index(telling->places, row);
}

/* "80/TCP rank 2 previous 3; 443/TCP rank 3 previous 5" of rows first to last. */
static char *rows_inputs(const struct rank_telling *telling, size_t first, size_t last)
{
    GString *out = g_string_new(NULL);
    for (size_t i = first; i <= last; i++) {
        const struct comparison_row *row = rank_telling_row(telling, i);
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

void rank_telling_add(const struct rank_telling *telling, char *text, const char *rule, const char *threshold,
                      size_t first, size_t last)
{
    struct draft_clause clause = {
        .plain = text, .rule = rule, .threshold = threshold, .inputs = rows_inputs(telling, first, last)};
    g_array_append_val(telling->clauses, clause);
}

void rank_telling_add_joinable(const struct rank_telling *telling, const char *rule, const char *threshold,
                               size_t first, size_t last, const char *const *pairs)
{
    draft_clauses_add_forms(telling->clauses, telling->wording, rule, threshold,
                            rows_inputs(telling, first, last), pairs);
}

void rank_telling_add_counts(const struct rank_telling *telling, uint64_t part, uint64_t whole)
{
    struct draft_clause *clause =
        &g_array_index(telling->clauses, struct draft_clause, telling->clauses->len - 1);
    char *inputs = clause->inputs;
    clause->inputs = g_strdup_printf("%s; count %" PRIu64 " of %" PRIu64, inputs, part, whole);
    g_free(inputs);
}

char *rank_telling_list(const struct wording *wording, const GPtrArray *texts, size_t first, size_t last)
{
    GPtrArray *part = g_ptr_array_new();
    for (size_t i = first; i <= last; i++)
        g_ptr_array_add(part, g_ptr_array_index(texts, i));
    GString *out = g_string_new(NULL);
    phrase_append_list(wording, out, part);
    g_ptr_array_unref(part);
    return g_string_free(out, FALSE);
}

int rank_telling_name(struct rank_telling *telling, const struct context *context, struct error *err)
{
    for (size_t i = 0; i < telling->comparison->shown_count; i++) {
        const struct comparison_row *row = rank_telling_row(telling, i);
        GString *label = g_string_new(NULL);
        int status = label_append_prose(context, telling->comparison->measure->by, row->key, label, err);
        g_ptr_array_add(telling->labels, g_string_free(label, FALSE));
        g_ptr_array_add(telling->places, phrase_place(telling->wording, row->rank));
        if (status != 0)
            return -1;
    }
    return 0;
}
