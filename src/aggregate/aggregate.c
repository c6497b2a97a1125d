#include "aggregate/aggregate.h"

#include <string.h>

#include "aggregate/cache.h"
#include "aggregate/configuration.h"
#include "aggregate/count_run.h"
#include "aggregate/plan_explanation.h"
#include "base/output_set.h"

char *aggregate_summary_path(const struct publication *publication, const struct edition *edition)
{
    char *relative = g_strdup_printf("summaries/%s.summary", edition->name);
    char *path = publication_path(publication, relative, edition);
    g_free(relative);
    return path;
}

/* The list beside a summary. */
static char *inputs_path(const char *summary_path)
{
    g_assert(g_str_has_suffix(summary_path, ".summary"));
    return g_strdup_printf("%.*s.inputs", (int)(strlen(summary_path) - strlen(".summary")), summary_path);
}

bool aggregate_has_captures(const struct publication *publication, const struct edition *edition)
{
    return publication_has_files(publication, publication->captures, edition);
}

/* Finds the files and identifies the registries (those that `known` does not vouch for are read), and sets
 * the configuration's digest. */
static int inputs_prepare(struct inputs *inputs, const struct publication *publication,
                          const struct edition *edition, const struct input_choice *choice,
                          const struct inputs *known, struct warning_log *log, struct error *err)
{
    if (inputs_collect(inputs, publication, edition, choice, configuration_needs_regions(publication), log,
                       err) != 0)
        return error_prefix(err, "aggregate");
    if (inputs_identify_registries(inputs, known, err) != 0) {
        inputs_release(inputs);
        return error_prefix(err, "aggregate: %s", edition->name);
    }
    configuration_digest(publication, edition, inputs);
    return 0;
}

/* Counts stand in the cache under the digests by which the registries are known: these must be of the bytes
 * that were parsed. */
static int registries_confirm(const struct plan *plan, const struct inputs *inputs, struct error *err)
{
    for (guint i = 0; plan->needs_regions && i < inputs->registries->len; i++) {
        const struct input *input = inputs->registries->pdata[i];
        char digest[DIGEST_SIZE];
        digest_text(region_table_file(plan->regions, i)->digest, digest);
        if (strcmp(digest, input->digest) != 0)
            return error_set(err, ERROR_INPUT,
                             "registry: %s: its bytes changed behind its size, time and inode, or while it "
                             "was read, expected a file that is only replaced: touch it and count again",
                             input->path);
    }
    return 0;
}

static struct summary *inputs_count(const struct inputs *inputs, const struct publication *publication,
                                    const struct edition *edition, const struct aggregate_options *options,
                                    struct cache *cache, struct warning_log *log, struct error *err)
{
    struct plan *plan = plan_new(publication, edition, inputs, log, err);
    bool is_ready = plan != NULL && registries_confirm(plan, inputs, err) == 0;
    struct summary *summary = is_ready ? count_run(plan, options, cache, log, err) : NULL;
    plan_free(plan);
    if (summary == NULL)
        error_prefix(err, "aggregate: %s", edition->name);
    return summary;
}

struct summary *aggregate_edition(const struct publication *publication, const struct edition *edition,
                                  const struct aggregate_options *options, struct warning_log *log,
                                  struct error *err)
{
    struct inputs inputs;
    if (inputs_prepare(&inputs, publication, edition, options->choice, NULL, log, err) != 0)
        return NULL;
    struct summary *summary = inputs_count(&inputs, publication, edition, options, NULL, log, err);
    inputs_release(&inputs);
    return summary;
}

int aggregate_explain(const struct publication *publication, const struct edition *edition,
                      const struct aggregate_options *options, struct warning_log *log, GString *out,
                      struct error *err)
{
    struct inputs inputs;
    if (inputs_prepare(&inputs, publication, edition, options->choice, NULL, log, err) != 0)
        return -1;
    struct plan *plan = plan_new(publication, edition, &inputs, log, err);
    if (plan != NULL)
        plan_explain(plan, out);
    else
        error_prefix(err, "aggregate: %s", edition->name);
    int result = plan != NULL ? 0 : -1;
    plan_free(plan);
    inputs_release(&inputs);
    return result;
}

/* The publication's present labels; they are in no summary file. */
static void labels_refresh(struct summary *summary, const struct publication *publication)
{
    for (size_t i = 0; i < summary->sensor_count; i++) {
        int index = sensor_list_find(&publication->sensors, summary->sensors[i].id);
        if (index < 0)
            continue;
        g_free(summary->sensors[i].label);
        summary->sensors[i].label = g_strdup(publication->sensors.sensors[index].label);
    }
}

/* Whether a summary was counted from just these archives: a summary written by other means, or by a run at
 * the same time that saw an archive before it changed, may stand beside another's list. */
static bool archives_agree(const struct summary *summary, const struct inputs *inputs)
{
    bool agree = summary->archives->len == inputs->archives->len;
    for (guint i = 0; agree && i < inputs->archives->len; i++) {
        const struct summary_archive *archive = summary->archives->pdata[i];
        const struct input *input = inputs->archives->pdata[i];
        agree = strcmp(archive->name, input->name) == 0 && strcmp(archive->digest, input->digest) == 0;
    }
    return agree;
}

static bool has_problem(const struct summary *summary)
{
    for (guint i = 0; i < summary->archives->len; i++)
        if (((const struct summary_archive *)summary->archives->pdata[i])->problem != NULL)
            return true;
    return false;
}

/* The summary that stands there, when it is what counting again would give; else NULL and why not. */
static struct summary *fresh_read(const char *path, const struct inputs *now, const struct inputs *then,
                                  const struct aggregate_options *options, char **reason)
{
    if (then == NULL) {
        *reason = g_strdup("it was not counted yet");
        return NULL;
    }
    *reason = inputs_difference(now, then);
    if (*reason == NULL && strcmp(now->configuration, then->configuration) != 0)
        *reason = g_strdup_printf("the list of what %s was counted from is not sound", path);
    if (*reason != NULL)
        return NULL;
    struct summary *summary = summary_new();
    struct error err;
    if (summary_read_measures(summary, path, options->measures, &err) != 0)
        *reason = g_strdup(err.message);
    else if (strcmp(summary->configuration_digest, now->configuration) != 0 || !archives_agree(summary, now))
        *reason = g_strdup_printf("%s does not match the list beside it", path);
    else if (options->strict && has_problem(summary))
        *reason = g_strdup("it holds an archive with a problem, and strict reading is asked for");
    if (*reason == NULL)
        return summary;
    summary_free(summary);
    return NULL;
}

static int list_write(const struct inputs *inputs, const char *path, struct error *err)
{
    char *text = inputs_text(inputs);
    int result = output_file_write(path, text, strlen(text), err);
    g_free(text);
    return result;
}

/* Archives that were copied, moved or just written were recognised by their bytes: with their new looks on
 * the list they need not be read the next time. Where it cannot be written, they are. */
static void list_refresh(const struct inputs *now, const struct inputs *then, const char *path)
{
    struct error ignored;
    if (!inputs_look_same(now, then))
        (void)list_write(now, path, &ignored);
}

/* The list is written after the summary: a crash in between only makes for counting again. */
static int fresh_write(const struct summary *summary, const struct inputs *inputs, const char *summary_path,
                       const char *list_path, struct error *err)
{
    if (summary_write(summary, summary_path, err) != 0)
        return error_prefix(err, "aggregate");
    return list_write(inputs, list_path, err) == 0 ? 0 : error_prefix(err, "aggregate");
}

/* Recognises the archives by what the list beside the summary and the cache tell of them. */
static void archives_recognise(struct inputs *now, const struct inputs *then, const struct cache *cache,
                               const struct aggregate_options *options, struct warning_log *log)
{
    struct inputs seen;
    const struct inputs *known[2];
    size_t count = 0;
    inputs_init(&seen);
    if (then != NULL)
        known[count++] = then;
    if (cache != NULL) {
        cache_known(cache, &seen);
        known[count++] = &seen;
    }
    inputs_recognise(now, known, count, options->verify, log);
    inputs_release(&seen);
}

/* `may_cache`: of the cache's partial summaries those may be used, and replaced, that the configuration has.
 */
static struct summary *fresh_summary(const struct publication *publication, const struct edition *edition,
                                     const char *summary_path, bool may_cache,
                                     const struct aggregate_options *options, struct warning_log *log,
                                     char **reason, struct error *err)
{
    char *list_path = inputs_path(summary_path);
    struct inputs now, then;
    struct cache *cache = NULL;
    struct summary *summary = NULL;
    char *why = NULL;
    bool has_list = inputs_read(&then, list_path);
    /* Who asks for the other reader wants it to read. */
    bool may_know = !options->recount && options->reader == ARCHIVE_READER_FAST;
    bool uses_cache = may_cache && may_know;
    if (reason != NULL)
        *reason = NULL;
    if (inputs_prepare(&now, publication, edition, options->choice, has_list ? &then : NULL, log, err) != 0)
        goto done;
    if (may_know)
        now.region_folder = cache_region_folder(publication);
    if (uses_cache)
        cache = cache_open(publication, edition, now.basis, log);
    if (uses_cache || !may_cache)
        archives_recognise(&now, has_list ? &then : NULL, cache, options, log);
    if (options->recount || options->always)
        why = has_list && !options->recount ? inputs_difference(&now, &then) : NULL;
    else
        summary = fresh_read(summary_path, &now, has_list ? &then : NULL, options, &why);
    if (summary != NULL)
        list_refresh(&now, &then, list_path);
    if (summary == NULL) {
        summary = inputs_count(&now, publication, edition, options, cache, log, err);
        if (summary != NULL && fresh_write(summary, &now, summary_path, list_path, err) != 0)
            g_clear_pointer(&summary, summary_free);
        if (summary != NULL && cache != NULL)
            cache_settle(cache);
    }
    if (summary != NULL)
        labels_refresh(summary, publication);
    inputs_release(&now);
    if (reason != NULL)
        *reason = g_steal_pointer(&why);
    g_free(why);
done:
    cache_free(cache);
    if (has_list)
        inputs_release(&then);
    g_free(list_path);
    return summary;
}

struct summary *aggregate_fresh_summary(const struct publication *publication, const struct edition *edition,
                                        const struct aggregate_options *options, struct warning_log *log,
                                        char **reason, struct error *err)
{
    char *path = aggregate_summary_path(publication, edition);
    struct summary *summary = fresh_summary(publication, edition, path, true, options, log, reason, err);
    g_free(path);
    return summary;
}

static bool is_region_of_table(const struct publication *publication, const struct measure *measure)
{
    for (size_t i = 0; measure->by == BY_REGION && i < publication->table_count; i++)
        if (strcmp(publication->tables[i].measure, measure->id) == 0)
            return true;
    return false;
}

struct summary *aggregate_by_other_registries(const struct publication *publication,
                                              const struct edition *edition, const struct edition *other,
                                              const struct aggregate_options *options, struct error *err)
{
    /* The same publication, but for its registries, whose paths are those of the other edition, and for the
     * measures: borrowed, all but the two lists. */
    struct publication changed = *publication;
    struct publication folderless = {.folder = (char *)(uintptr_t) "."};
    size_t path_count = publication->delegated != NULL ? g_strv_length(publication->delegated) : 0;
    changed.delegated = g_new0(char *, path_count + 1);
    for (size_t i = 0; i < path_count; i++)
        changed.delegated[i] = publication_path(&folderless, publication->delegated[i], other);
    changed.measures = g_new0(struct measure, publication->measure_count + 1);
    changed.measure_count = 0;
    for (size_t i = 0; i < publication->measure_count; i++)
        if (is_region_of_table(publication, &publication->measures[i]))
            changed.measures[changed.measure_count++] = publication->measures[i];
    char *relative = g_strdup_printf("summaries/%s.registries-%s.summary", edition->name, other->name);
    char *path = publication_path(publication, relative, edition);
    struct summary *summary = fresh_summary(&changed, edition, path, false, options, NULL, NULL, err);
    g_free(path);
    g_free(relative);
    g_free(changed.measures);
    g_strfreev(changed.delegated);
    return summary;
}
