#include "aggregate/recall.h"

#include <string.h>

#include "aggregate/configuration.h"

struct summary *recall_head(const struct plan *plan)
{
    struct summary *head = plan_summary(plan);
    g_ptr_array_set_size(head->registries, 0);
    head->region_overlap_addresses = 0;
    g_strlcpy(head->configuration_digest, plan->inputs->basis, sizeof head->configuration_digest);
    for (size_t i = 0; i < head->measure_count; i++) {
        g_free(head->measures[i].definition);
        head->measures[i].definition = configuration_measure(plan->measures[i].definition, plan->inputs);
    }
    return head;
}

/* covered[measure_count] of each archive, one after the other. */
struct coverage {
    bool *covered;
    bool *is_known;
};

static void coverage_find(const struct recall *recall, struct recall_archive *archives, size_t count,
                          struct coverage *coverage)
{
    size_t measure_count = recall->plan->measure_count;
    for (size_t i = 0; i < count; i++) {
        bool *covered = coverage->covered + i * measure_count;
        bool has_problem = false;
        coverage->is_known[i] = archives[i].digest[0] != '\0' &&
                                cache_covers(recall->cache, archives[i].digest, covered, &has_problem) &&
                                !(recall->strict && has_problem);
        archives[i].is_whole = coverage->is_known[i];
        archives[i].is_partly = false;
        for (size_t j = 0; j < measure_count; j++)
            archives[i].is_whole = archives[i].is_whole && covered[j];
    }
}

/* Those measures are counted that an archive lacks; all, where nothing is known of one. An archive that lacks
 * one of them is read for all of them. */
static void counted_choose(const struct recall *recall, struct recall_archive *archives, size_t count,
                           const struct coverage *coverage, bool all)
{
    size_t measure_count = recall->plan->measure_count;
    bool has_rest = false;
    memset(recall->counted, 0, measure_count * sizeof *recall->counted);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; !archives[i].is_whole && j < measure_count; j++)
            if (all || !coverage->is_known[i] || !coverage->covered[i * measure_count + j])
                recall->counted[j] = true;
    for (size_t j = 0; j < measure_count; j++)
        has_rest = has_rest || !recall->counted[j];
    for (size_t i = 0; i < count; i++)
        archives[i].is_partly = has_rest && !archives[i].is_whole;
}

/* False when a file is not sound after all. */
static bool counts_take(const struct recall *recall, struct recall_archive *archives, size_t count,
                        struct summary_sum *sum)
{
    size_t measure_count = recall->plan->measure_count;
    GHashTable *taken = g_hash_table_new(g_str_hash, g_str_equal);
    bool *whole = g_new(bool, measure_count + 1), *rest = g_new(bool, measure_count + 1);
    bool is_sound = true;
    for (size_t j = 0; j < measure_count; j++) {
        whole[j] = true;
        rest[j] = !recall->counted[j];
    }
    for (size_t i = 0; is_sound && i < count; i++) {
        struct recall_archive *archive = &archives[i];
        if (!archive->is_whole && !archive->is_partly)
            continue;
        /* Copies count once. */
        bool is_first = g_hash_table_add(taken, (char *)(uintptr_t)archive->digest);
        is_sound = cache_take(recall->cache, archive->digest, archive->is_whole ? whole : rest,
                              archive->is_whole ? archive->archive : NULL, is_first ? sum : NULL);
    }
    g_hash_table_unref(taken);
    g_free(whole);
    g_free(rest);
    return is_sound;
}

struct summary_sum *recall_run(struct recall *recall, struct recall_archive *archives, size_t count, bool all)
{
    size_t measure_count = recall->plan->measure_count;
    struct coverage coverage = {.covered = g_new0(bool, count *measure_count + 1),
                                .is_known = g_new0(bool, count + 1)};
    struct summary_sum *sum = NULL;
    bool is_done = false;
    /* Each turn has a file less. */
    while (!is_done) {
        summary_sum_free(sum);
        sum = summary_sum_new(plan_summary(recall->plan));
        cache_load(recall->cache, recall->head);
        coverage_find(recall, archives, count, &coverage);
        counted_choose(recall, archives, count, &coverage, all);
        is_done = counts_take(recall, archives, count, sum);
    }
    g_free(coverage.covered);
    g_free(coverage.is_known);
    return sum;
}
