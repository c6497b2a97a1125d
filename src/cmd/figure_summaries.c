#include "cmd/figure_summaries.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd/progress.h"

struct loading {
    struct invocation *invocation;
    const struct publication *publication;
    const struct figure_choice *choice;
    char *const *archives;
};

static const struct measure *loading_measure(const struct loading *loading)
{
    return publication_measure(loading->publication, loading->choice->definition.measure);
}

/* Counted for this figure alone. NULL without an error when the quarter has no captures and need not. */
static struct summary *quarter_count(const struct loading *loading, const struct edition *quarter,
                                     bool required, struct error *err)
{
    const struct input_choice archives = {.archives = loading->archives};
    /* The publication with no other measure. */
    struct publication alone =
        loading->choice->is_ad_hoc ? loading->choice->publication : *loading->publication;
    struct measure measure;
    if (!loading->choice->is_ad_hoc) {
        measure = *loading_measure(loading);
        alone.measures = &measure;
        alone.measure_count = 1;
    }
    const struct publication *counted = &alone;
    struct invocation *invocation = loading->invocation;
    if (loading->archives == NULL && !aggregate_has_captures(counted, quarter)) {
        if (required)
            error_set(err, ERROR_INPUT,
                      "aggregate: %s: no captures, from which to count a measure that no summary holds, "
                      "expected some",
                      quarter->name);
        return NULL;
    }
    struct progress progress;
    progress_start(&progress, quarter->name, invocation->verbosity < 0);
    struct aggregate_options options = {
        .thread_count = invocation->thread_count,
        .strict = invocation->strict,
        .choice = loading->archives != NULL ? &archives : NULL,
        .progress = progress_update,
        .progress_context = &progress,
    };
    struct summary *summary = aggregate_edition(counted, quarter, &options, &invocation->warnings, err);
    progress_end(&progress);
    if (summary != NULL && invocation->verbosity >= 0)
        fprintf(stderr, "%s: counted %" PRIu64 " packet%s in %u archive%s (for this figure)\n", quarter->name,
                summary->packets_read, summary->packets_read == 1 ? "" : "s", summary->archives->len,
                summary->archives->len == 1 ? "" : "s");
    return summary;
}

static struct summary *quarter_load(const struct loading *loading, const struct edition *quarter,
                                    bool required, struct error *err)
{
    if (loading->choice->is_ad_hoc || loading->archives != NULL)
        return quarter_count(loading, quarter, required, err);
    const char *const measures[] = {loading->choice->definition.measure, NULL};
    return command_summary(loading->invocation, loading->publication, quarter, measures, required, err);
}

/* The quarters of a span, joined. NULL with err->kind == ERROR_NONE when it has none and need not. */
static struct summary *span_load(const struct loading *loading, const struct edition *span, bool required,
                                 struct error *err)
{
    err->kind = ERROR_NONE;
    if (span->quarter_count == 1)
        return quarter_load(loading, span, required, err);
    struct summary **parts = g_new0(struct summary *, (size_t)span->quarter_count);
    struct summary *joined = NULL;
    int found = 0;
    for (int q = 0; q < span->quarter_count && err->kind == ERROR_NONE; q++) {
        struct edition quarter = edition_quarter(span, q);
        parts[q] = quarter_load(loading, &quarter, false, err);
        found += parts[q] != NULL;
        if (parts[q] != NULL && required && !loading->choice->is_ad_hoc)
            command_measure_check(parts[q], loading_measure(loading), err);
    }
    if (err->kind == ERROR_NONE && found > 0)
        joined = summary_join(parts, span);
    else if (err->kind == ERROR_NONE && required)
        error_set(err, ERROR_INPUT,
                  "%s: neither captures nor summaries of any of its quarters, expected some", span->name);
    for (int q = 0; q < span->quarter_count; q++)
        summary_free(parts[q]);
    g_free(parts);
    return joined;
}

/* What this kind of figure stands beside. */
static bool needs_beside(const struct figure_definition *definition, enum figure_against against)
{
    if (definition->kind == FIGURE_MONTHLY_BARS)
        return against == AGAINST_YEAR_BEFORE;
    return (definition->kind == FIGURE_SMALL_MULTIPLES || definition->kind == FIGURE_DOT_PLOT) &&
           definition->against == against;
}

static int history_load(struct figure_summaries *summaries, const struct loading *loading,
                        const struct edition *span, struct error *err)
{
    struct edition back = *span;
    for (int i = 0; i + 1 < loading->choice->definition.quarters; i++) {
        back = edition_previous(&back);
        struct summary *summary = span_load(loading, &back, false, err);
        if (summary == NULL && err->kind != ERROR_NONE)
            return -1;
        if (i == 0)
            summaries->previous = summary;
        else
            summaries->earlier[i - 1] = summary;
        summaries->history[i] = summary;
    }
    return 0;
}

static int beside_load(struct figure_summaries *summaries, const struct loading *loading,
                       const struct edition *span, struct error *err)
{
    const struct figure_definition *definition = &loading->choice->definition;
    struct edition previous = edition_previous(span), year_before = edition_year_before(span);
    if (loading->archives != NULL)
        return 0;
    if (definition->kind == FIGURE_RANK_FLOW)
        return history_load(summaries, loading, span, err);
    if (needs_beside(definition, AGAINST_PREVIOUS))
        summaries->previous = span_load(loading, &previous, false, err);
    if (err->kind == ERROR_NONE && needs_beside(definition, AGAINST_YEAR_BEFORE))
        summaries->year_before = span_load(loading, &year_before, false, err);
    return err->kind == ERROR_NONE ? 0 : -1;
}

int figure_summaries_load(struct figure_summaries *summaries, struct invocation *invocation,
                          const struct publication *publication, const struct figure_choice *choice,
                          const struct edition *span, char *const *archives, struct error *err)
{
    const struct loading loading = {
        .invocation = invocation, .publication = publication, .choice = choice, .archives = archives};
    memset(summaries, 0, sizeof *summaries);
    summaries->current = span_load(&loading, span, true, err);
    if (summaries->current == NULL ||
        (!choice->is_ad_hoc &&
         command_measure_check(summaries->current, loading_measure(&loading), err) != 0) ||
        beside_load(summaries, &loading, span, err) != 0)
        return -1;
    summaries->input = (struct model_input){
        .edition = span,
        .current = summaries->current,
        .previous = summaries->previous,
        .year_before = summaries->year_before,
        .history = summaries->history,
        .history_count = G_N_ELEMENTS(summaries->history),
    };
    return 0;
}

void figure_summaries_release(struct figure_summaries *summaries)
{
    g_clear_pointer(&summaries->current, summary_free);
    g_clear_pointer(&summaries->previous, summary_free);
    g_clear_pointer(&summaries->year_before, summary_free);
    for (size_t i = 0; i < G_N_ELEMENTS(summaries->earlier); i++)
        g_clear_pointer(&summaries->earlier[i], summary_free);
}
