#include "report/draft.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

void draft_add(struct model_draft *draft, char *text, const char *rule, const char *threshold,
               const char *inputs, ...)
{
    draft->sentences = g_renew(struct model_sentence, draft->sentences, draft->sentence_count + 1);
    struct model_sentence *sentence = &draft->sentences[draft->sentence_count++];
    va_list arguments;
    va_start(arguments, inputs);
    /* A name with an article may open a sentence; Japanese has none. */
    if (g_str_has_prefix(text, "the "))
        text[0] = 'T';
    sentence->text = text;
    sentence->rule = g_strdup(rule);
    sentence->threshold = g_strdup(threshold);
    sentence->inputs = g_strdup_vprintf(inputs, arguments);
    va_end(arguments);
}

static void clause_clear(gpointer data)
{
    struct draft_clause *clause = data;
    g_free(clause->plain);
    g_free(clause->lead);
    g_free(clause->follow);
    g_free(clause->inputs);
}

GArray *draft_clauses_new(void)
{
    GArray *clauses = g_array_new(FALSE, FALSE, sizeof(struct draft_clause));
    g_array_set_clear_func(clauses, clause_clear);
    return clauses;
}

static bool is_joinable(const GArray *clauses, guint index)
{
    return index < clauses->len && g_array_index(clauses, struct draft_clause, index).lead != NULL;
}

/* "first; second", or one of them where the other is the same or empty. Owned by the caller. */
static char *texts_join(const char *first, const char *second, const char *separator)
{
    if (*second == '\0' || strcmp(first, second) == 0)
        return g_strdup(first);
    return *first == '\0' ? g_strdup(second) : g_strconcat(first, separator, second, NULL);
}

void draft_clauses_add_forms(GArray *clauses, const struct wording *wording, const char *rule,
                             const char *threshold, char *inputs, const char *const *pairs)
{
    char *lead = g_strconcat(rule, "-lead", NULL), *follow = g_strconcat(rule, "-follow", NULL);
    struct draft_clause clause = {
        .plain = wording_text_pairs(wording, rule, pairs),
        .lead = wording_text_pairs(wording, lead, pairs),
        .follow = wording_text_pairs(wording, follow, pairs),
        .rule = rule,
        .threshold = threshold,
        .inputs = inputs,
    };
    g_array_append_val(clauses, clause);
    g_free(follow);
    g_free(lead);
}

void draft_clauses_add(struct model_draft *draft, GArray *clauses)
{
    for (guint i = 0; i < clauses->len; i++) {
        struct draft_clause *clause = &g_array_index(clauses, struct draft_clause, i);
        if (!is_joinable(clauses, i) || !is_joinable(clauses, i + 1)) {
            draft_add(draft, g_steal_pointer(&clause->plain), clause->rule, clause->threshold, "%s",
                      clause->inputs);
            continue;
        }
        const struct draft_clause *next = &g_array_index(clauses, struct draft_clause, ++i);
        char *rule = texts_join(clause->rule, next->rule, " ");
        char *threshold = texts_join(clause->threshold, next->threshold, "; ");
        draft_add(draft, g_strconcat(clause->lead, next->follow, NULL), rule, threshold, "%s; %s",
                  clause->inputs, next->inputs);
        g_free(threshold);
        g_free(rule);
    }
    g_array_set_size(clauses, 0);
}

static void sentence_clear(struct model_sentence *sentence)
{
    g_free(sentence->text);
    g_free(sentence->rule);
    g_free(sentence->inputs);
    g_free(sentence->threshold);
}

bool draft_says(const struct model_draft *draft, const char *text)
{
    for (size_t i = 0; i < draft->sentence_count; i++)
        if (strcmp(draft->sentences[i].text, text) == 0)
            return true;
    return false;
}

void draft_remove(struct model_draft *draft, size_t index)
{
    sentence_clear(&draft->sentences[index]);
    draft->sentence_count--;
    memmove(&draft->sentences[index], &draft->sentences[index + 1],
            (draft->sentence_count - index) * sizeof *draft->sentences);
}

void draft_release(struct model_draft *draft)
{
    for (size_t i = 0; i < draft->sentence_count; i++)
        sentence_clear(&draft->sentences[i]);
    g_free(draft->sentences);
    g_free(draft->id);
    draft->sentences = NULL;
    draft->sentence_count = 0;
    draft->id = NULL;
}
