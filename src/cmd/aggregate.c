/* teiten aggregate EDITION [ARCHIVE...]: counts what is not in the cache, and writes the summary. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/progress.h"

int cmd_aggregate(struct invocation *invocation, struct error *err)
{
    struct publication publication = {0};
    struct edition edition;
    struct summary *summary = NULL;
    struct progress progress;
    struct aggregate_work work = {0};
    struct input_choice choice = {
        .files_from = invocation->files_from,
        .archives = invocation->argument_count > 1 ? invocation->arguments + 1 : NULL,
    };
    char *path = NULL;
    int result = -1;

    if (command_load(invocation, invocation->arguments[0], &publication, &edition, err) != 0)
        goto done;
    path = aggregate_summary_path(&publication, &edition);
    progress_start(&progress, edition.name, invocation->verbosity < 0);
    struct aggregate_options options = {
        .thread_count = invocation->thread_count,
        .strict = invocation->strict,
        .reader = invocation->reader,
        .choice = choice.files_from != NULL || choice.archives != NULL ? &choice : NULL,
        .always = true,
        /* who asks for a reader wants to see it read */
        .recount = invocation->recount || invocation->reader != ARCHIVE_READER_FAST,
        .verify = invocation->verify,
        .work = &work,
        .progress = progress_update,
        .progress_context = &progress,
    };
    summary = aggregate_fresh_summary(&publication, &edition, &options, &invocation->warnings, NULL, err);
    progress_end(&progress);
    if (summary == NULL)
        goto done;
    if (invocation->verbosity >= 0)
        fprintf(stderr, "%s: %" PRIu64 " packets in %u archives: %s\n", edition.name, summary->packets_read,
                summary->archives->len, path);
    if (invocation->verbosity >= 0 && work.archives_read < work.archives)
        fprintf(stderr, "%s: %zu archives read, %zu known from before\n", edition.name, work.archives_read,
                work.archives - work.archives_read);
    if (invocation->verbosity > 0)
        command_print_bins(summary);
    result = 0;
done:
    g_free(path);
    g_clear_pointer(&summary, summary_free);
    publication_release(&publication);
    return result;
}
