/* teiten aggregate EDITION [ARCHIVE...]: counts what is not in the cache, and writes the summary. */
#include <inttypes.h>
#include <json-glib/json-glib.h>
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/progress.h"

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void number_add(JsonBuilder *builder, const char *name, uint64_t number)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, (gint64)MIN(number, INT64_MAX));
}

static void archive_add(JsonBuilder *builder, const struct summary_archive *archive)
{
    json_builder_begin_object(builder);
    command_add_text(builder, "name", archive->name);
    number_add(builder, "bytes", archive->size);
    command_add_text(builder, "xxh3-128", archive->digest);
    number_add(builder, "packets", archive->packets);
    json_builder_set_member_name(builder, "first-second");
    json_builder_add_int_value(builder, archive->first_second);
    json_builder_set_member_name(builder, "last-second");
    json_builder_add_int_value(builder, archive->last_second);
    number_add(builder, "backward", archive->backward_count);
    number_add(builder, "unsupported-link", archive->unsupported_count);
    command_add_text(builder, "problem", archive->problem);
    command_add_text(builder, "duplicate-of", archive->duplicate_of);
    json_builder_end_object(builder);
}

/* Where every packet went, for programs. */
static void accounting_print(const struct summary *summary)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    command_add_text(builder, "edition", summary->edition.name);
    number_add(builder, "packets-read", summary->packets_read);
    json_builder_set_member_name(builder, "bins");
    json_builder_begin_object(builder);
    for (int bin = 0; bin < BIN_COUNT; bin++)
        number_add(builder, bin_name((enum bin)bin), summary->bins[bin]);
    json_builder_end_object(builder);
    json_builder_set_member_name(builder, "archives");
    json_builder_begin_array(builder);
    for (guint i = 0; i < summary->archives->len; i++)
        archive_add(builder, summary->archives->pdata[i]);
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    command_print_json(builder);
}

/* Time goes backwards where captures were put together, or where clocks were set: worth a word, no reason for
 * leaving a packet out. */
static void backward_print(const struct summary *summary)
{
    uint64_t packets = 0;
    guint archives = 0;
    for (guint i = 0; i < summary->archives->len; i++) {
        const struct summary_archive *archive = summary->archives->pdata[i];
        packets += archive->backward_count;
        archives += archive->backward_count > 0;
    }
    if (packets > 0)
        fprintf(stderr, "%s: %" PRIu64 " packet%s in %u archive%s earlier than the one before\n",
                summary->edition.name, packets, plural(packets), archives, plural(archives));
}

/* What was read, and why, where not simply all of it was. */
static void work_print(const char *edition, const struct aggregate_work *work, const char *reason)
{
    if (work->archives_read == work->archives && reason == NULL)
        return;
    fprintf(stderr, "%s: %zu archive%s read, %zu known from before", edition, work->archives_read,
            plural(work->archives_read), work->archives - work->archives_read);
    if (work->archives_read > 0 && work->measures_counted < work->measures)
        fprintf(stderr, "; counted %zu of %zu measures", work->measures_counted, work->measures);
    fprintf(stderr, "%s%s\n", reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

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
    static const char *const formats[] = {"text", "json", NULL};
    int format = command_format(invocation, formats, err);
    bool explains = invocation_option(invocation, "explain", 0) != NULL;
    GString *explanation = g_string_new(NULL);
    char *path = NULL, *reason = NULL;
    int result = -1;

    if (explains && invocation->format != NULL) {
        error_set(err, ERROR_USAGE, "aggregate: --explain with --format %s, expected one of the two",
                  invocation->format);
        goto done;
    }
    if (format < 0 || command_load(invocation, invocation->arguments[0], &publication, &edition, err) != 0)
        goto done;
    path = aggregate_summary_path(&publication, &edition);
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
    if (explains) {
        result = aggregate_explain(&publication, &edition, &options, &invocation->warnings, explanation, err);
        fputs(explanation->str, stdout);
        goto done;
    }
    progress_start(&progress, edition.name, invocation->verbosity < 0);
    summary = aggregate_fresh_summary(&publication, &edition, &options, &invocation->warnings, &reason, err);
    progress_end(&progress);
    if (summary == NULL)
        goto done;
    if (invocation->verbosity >= 0)
        fprintf(stderr, "%s: %" PRIu64 " packet%s in %u archive%s: %s\n", edition.name, summary->packets_read,
                plural(summary->packets_read), summary->archives->len, plural(summary->archives->len), path);
    if (invocation->verbosity >= 0)
        work_print(edition.name, &work, reason);
    if (invocation->verbosity > 0) {
        command_print_bins(summary);
        backward_print(summary);
    }
    if (format == 1)
        accounting_print(summary);
    result = 0;
done:
    g_string_free(explanation, TRUE);
    g_free(path);
    g_free(reason);
    g_clear_pointer(&summary, summary_free);
    publication_release(&publication);
    return result;
}
