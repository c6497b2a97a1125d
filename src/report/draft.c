#include "report/draft.h"

#include <stdarg.h>

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

void draft_release(struct model_draft *draft)
{
    for (size_t i = 0; i < draft->sentence_count; i++) {
        g_free(draft->sentences[i].text);
        g_free(draft->sentences[i].rule);
        g_free(draft->sentences[i].inputs);
        g_free(draft->sentences[i].threshold);
    }
    g_free(draft->sentences);
    g_free(draft->id);
    draft->sentences = NULL;
    draft->sentence_count = 0;
    draft->id = NULL;
}
