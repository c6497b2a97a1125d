/* What of a difference comes from the registries: the quarter counted under both snapshots. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "aggregate/region_change.h"
#include "cmd/command.h"
#include "cmd/progress.h"
#include "report/companion.h"
#include "report/context.h"

struct effect_work {
    struct invocation *invocation;
    const struct publication *publication;
    const struct summary *current, *other;
    struct region_table *before;    /* the other edition's registries */
    struct summary *again;          /* the archives counted by them; NULL until it is needed */
    struct registry_effect *effect; /* what comes out */
};

static bool has_registry(const struct summary *summary, const char *digest)
{
    for (guint i = 0; i < summary->registries->len; i++)
        if (strcmp(((const struct summary_registry *)summary->registries->pdata[i])->digest, digest) == 0)
            return true;
    return false;
}

static bool has_same_registries(const struct summary *a, const struct summary *b)
{
    bool same = a->registries->len == b->registries->len;
    for (guint i = 0; i < a->registries->len && same; i++)
        same = has_registry(b, ((const struct summary_registry *)a->registries->pdata[i])->digest);
    return same;
}

static void moves_take(struct effect_work *work, const struct region_table *now)
{
    GArray *moves = region_change_moves(work->before, now);
    work->effect->moves = g_new0(struct registry_move, MAX(moves->len, 1));
    for (guint i = 0; i < moves->len; i++) {
        const struct region_move *from = &g_array_index(moves, struct region_move, i);
        work->effect->moves[work->effect->move_count++] = (struct registry_move){
            .from = g_strdup(from->from),
            .to = g_strdup(from->to),
            .ipv4_addresses = from->ipv4_addresses,
            .ipv6_networks = from->ipv6_networks,
        };
    }
    g_array_unref(moves);
}

/* The counts become the recount's. Takes `totals` (char * -> uint64_t *) over. */
static void counts_take(struct registry_recount *recount, GHashTable *totals)
{
    GHashTableIter iter;
    gpointer key, value;
    recount->counts = g_new0(struct registry_count, MAX(g_hash_table_size(totals), 1));
    g_hash_table_iter_init(&iter, totals);
    while (g_hash_table_iter_next(&iter, &key, &value))
        recount->counts[recount->count_count++] =
            (struct registry_count){.key = g_strdup(key), .count = *(const uint64_t *)value};
    g_hash_table_unref(totals);
}

static void total_add(GHashTable *totals, const char *key, uint64_t count)
{
    uint64_t *total = g_hash_table_lookup(totals, key);
    if (total == NULL) {
        total = g_new0(uint64_t, 1);
        g_hash_table_insert(totals, g_strdup(key), total);
    }
    *total += count;
}

/* By address block. An address belongs to one block, so distinct sources add up as packets do. */
static bool count_by_blocks(struct effect_work *work, const char *measure, struct registry_recount *recount)
{
    const struct measure *definition = publication_measure(work->publication, measure);
    const struct context context = {.publication = work->publication, .current = work->current};
    struct companion companion;
    /* A measure of some source regions lacks what came from the others. */
    if (definition == NULL || definition->filter.source_regions != NULL ||
        !companion_by(&context, work->current, measure, BY_SOURCE_24, &companion))
        return false;
    GHashTable *totals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (size_t i = 0; i < companion.counts->row_count; i++) {
        char *key, *block;
        companion_split(&companion, companion.counts->rows[i].key, &key, &block);
        const char *region = region_change_block(work->before, block);
        recount->undecided += region == NULL ? companion.counts->rows[i].total : 0;
        total_add(totals, region != NULL ? region : key, companion.counts->rows[i].total);
        g_free(block);
        g_free(key);
    }
    counts_take(recount, totals);
    recount->basis = REGISTRY_BLOCKS;
    return true;
}

static void counts_drop(struct registry_recount *recount)
{
    for (size_t i = 0; i < recount->count_count; i++)
        g_free(recount->counts[i].key);
    g_clear_pointer(&recount->counts, g_free);
    recount->count_count = 0;
    recount->undecided = 0;
}

static int archives_count(struct effect_work *work, struct error *err)
{
    struct progress progress;
    struct aggregate_options options = {
        .thread_count = work->invocation->thread_count,
        .strict = work->invocation->strict,
        .progress = progress_update,
        .progress_context = &progress,
    };
    progress_start(&progress, work->current->edition.name, work->invocation->verbosity < 0);
    work->again = aggregate_by_other_registries(work->publication, &work->current->edition,
                                                &work->other->edition, &options, err);
    progress_end(&progress);
    return work->again != NULL ? 0 : -1;
}

static int count_by_archives(struct effect_work *work, const char *measure, struct registry_recount *recount,
                             struct error *err)
{
    if (work->again == NULL && archives_count(work, err) != 0)
        return -1;
    const struct measure_counts *counts = summary_measure(work->again, measure);
    GHashTable *totals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (size_t i = 0; counts != NULL && i < counts->row_count; i++)
        total_add(totals, counts->rows[i].key, counts->rows[i].total);
    counts_drop(recount);
    counts_take(recount, totals);
    recount->basis = REGISTRY_CAPTURES;
    return 0;
}

static int table_recount(struct effect_work *work, const struct table_definition *table, struct error *err)
{
    struct registry_effect *effect = work->effect;
    struct registry_recount *recount = &effect->recounts[effect->recount_count++];
    recount->table = g_strdup(table->id);
    recount->basis = REGISTRY_UNKNOWN;
    bool decided = count_by_blocks(work, table->measure, recount) && recount->undecided == 0;
    if (!decided && aggregate_has_captures(work->publication, &work->current->edition) &&
        count_by_archives(work, table->measure, recount, err) != 0)
        return -1;
    return 0;
}

static int tables_recount(struct effect_work *work, struct error *err)
{
    const struct publication *publication = work->publication;
    work->effect->recounts = g_new0(struct registry_recount, publication->table_count + 1);
    for (size_t i = 0; i < publication->table_count; i++) {
        const struct measure_counts *measure = summary_measure(work->current, publication->tables[i].measure);
        if (measure != NULL && measure->by == BY_REGION &&
            table_recount(work, &publication->tables[i], err) != 0)
            return -1;
    }
    return 0;
}

/* The worst that a table rests on. */
static enum registry_basis basis_of(const struct registry_effect *effect)
{
    enum registry_basis basis = REGISTRY_CAPTURES;
    for (size_t i = 0; i < effect->recount_count; i++)
        basis = MAX(basis, effect->recounts[i].basis);
    return basis;
}

int command_registry_effect(struct invocation *invocation, const struct publication *publication,
                            const struct summary *current, const struct summary *other,
                            struct registry_effect *effect, struct error *err)
{
    struct effect_work work = {
        .invocation = invocation,
        .publication = publication,
        .current = current,
        .other = other,
        .effect = effect,
    };
    struct region_table *now = NULL;
    int result = -1;
    effect->basis = has_same_registries(current, other) ? REGISTRY_SAME : REGISTRY_UNKNOWN;
    if (effect->basis == REGISTRY_SAME)
        return 0;
    work.before = region_change_table(publication, other, err);
    if (work.before == NULL)
        return err->kind == ERROR_NONE ? 0 : error_prefix(err, "diff");
    now = region_change_table(publication, current, err);
    if (now == NULL) {
        result = err->kind == ERROR_NONE ? 0 : error_prefix(err, "diff");
        goto done;
    }
    moves_take(&work, now);
    /* Where no address moved, every region's change is traffic. */
    if (effect->move_count > 0 && tables_recount(&work, err) != 0)
        goto done;
    effect->basis = basis_of(effect);
    result = 0;
done:
    g_clear_pointer(&work.again, summary_free);
    region_table_free(now);
    region_table_free(work.before);
    return result;
}
