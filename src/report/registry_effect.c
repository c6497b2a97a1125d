#include "report/registry_effect.h"

#include <glib.h>
#include <string.h>

void registry_effect_release(struct registry_effect *effect)
{
    for (size_t i = 0; i < effect->move_count; i++) {
        g_free(effect->moves[i].from);
        g_free(effect->moves[i].to);
    }
    for (size_t i = 0; i < effect->recount_count; i++) {
        for (size_t k = 0; k < effect->recounts[i].count_count; k++)
            g_free(effect->recounts[i].counts[k].key);
        g_free(effect->recounts[i].counts);
        g_free(effect->recounts[i].table);
    }
    g_free(effect->moves);
    g_free(effect->recounts);
    memset(effect, 0, sizeof *effect);
}

const struct registry_recount *registry_effect_recount(const struct registry_effect *effect,
                                                       const char *table)
{
    for (size_t i = 0; i < effect->recount_count; i++)
        if (strcmp(effect->recounts[i].table, table) == 0)
            return &effect->recounts[i];
    return NULL;
}

uint64_t registry_recount_of(const struct registry_recount *recount, const char *key)
{
    for (size_t i = 0; i < recount->count_count; i++)
        if (strcmp(recount->counts[i].key, key) == 0)
            return recount->counts[i].count;
    return 0;
}
