/* aggregate.h - from capture archives to a summary, in one pass over all packets and measures.
 *
 *     struct aggregate_options options = {.thread_count = 1};
 *     struct summary *summary = aggregate_edition(&publication, &edition, &options, log, err);   // NULL: err
 *     summary_write(summary, "summaries/2025q1.summary", err);
 */
#ifndef TEITEN_AGGREGATE_AGGREGATE_H
#define TEITEN_AGGREGATE_AGGREGATE_H

#include <stdbool.h>

#include "aggregate/inputs.h"
#include "base/error.h"
#include "base/warning.h"
#include "capture/archive.h"
#include "publication/publication.h"
#include "summary/summary.h"

/* Where a running count stands; called about ten times a second, from whichever thread counts,
 * never from two at once. */
struct aggregate_progress {
    size_t archives_done, archive_count;
    uint64_t bytes_done, byte_count; /* stored bytes */
    uint64_t packets;
};

/* What a count took. */
struct aggregate_work {
    size_t archives;
    size_t archives_read; /* the others were known from the cache */
    size_t measures;
    size_t measures_counted; /* in archives that were read; of the others the counts were known */
};

struct aggregate_options {
    int thread_count; /* 0: one per processor; the result never depends on it */
    bool strict;      /* an archive that ends in the middle of a record is an error, not a counted warning */
    enum archive_reader reader;        /* of classic pcap; the result never depends on it */
    const struct input_choice *choice; /* the archives, instead of the publication's; or NULL */
    bool always; /* aggregate_fresh_summary: puts the summary together even when nothing changed, which says
                    its  warnings once more */
    const char *const *measures; /* aggregate_fresh_summary: whose counts are asked for (ids, NULL-terminated;
                                    NULL: all); the others may be missing in what is returned */
    bool recount;       /* aggregate_fresh_summary: reads every archive, and does without the cache */
    bool verify;        /* aggregate_fresh_summary: recognises archives by all of their bytes */
    size_t batch_bytes; /* partial summaries are published when they are so many bytes; 0: 4 MiB */
    struct aggregate_work *work;                                                /* set, or NULL */
    void (*progress)(const struct aggregate_progress *progress, void *context); /* or NULL */
    void *progress_context;
};

/* Errors: no archives, an unreadable archive (unless the publication skips those), registries missing or
 * malformed, a BPF expression that libpcap refuses. Warnings: archives cut short, duplicates, registry lines,
 * a registry dated outside the quarter. */
struct summary *aggregate_edition(const struct publication *publication, const struct edition *edition,
                                  const struct aggregate_options *options, struct warning_log *log,
                                  struct error *err);

/* Brings summaries/EDITION.summary up to date and reads it: counts only when an archive, a registry or the
 * configuration changed (recognised by name, size, modification time and inode, kept beside the summary in
 * EDITION.inputs, and by the configuration's digest), and then reads only archives whose counts are not in
 * the cache (cache.h), for measures whose counts are not. `reason` (may be NULL) is set to why it was counted
 * ("measure ports changed"), owned by the caller, or NULL when it was fresh, or nothing but the options told
 * to. */
struct summary *aggregate_fresh_summary(const struct publication *publication, const struct edition *edition,
                                        const struct aggregate_options *options, struct warning_log *log,
                                        char **reason, struct error *err);

/* The same quarter, counted by the registries of another edition: what its regions would be had nothing been
 * allocated since. Only the measures by region that a table shows are counted. The archives are read, and the
 * result is kept as summaries/EDITION.registries-OTHER.summary, which is fresh as long as nothing of all that
 * changes. Warnings on registries are those of the other edition and not said again. */
struct summary *aggregate_by_other_registries(const struct publication *publication,
                                              const struct edition *edition, const struct edition *other,
                                              const struct aggregate_options *options, struct error *err);

/* What would be counted and how, in words; reads no archive. */
int aggregate_explain(const struct publication *publication, const struct edition *edition,
                      const struct aggregate_options *options, struct warning_log *log, GString *out,
                      struct error *err);

/* Whether the edition has any capture archive. */
bool aggregate_has_captures(const struct publication *publication, const struct edition *edition);

/* folder/summaries/EDITION.summary, owned by the caller. */
char *aggregate_summary_path(const struct publication *publication, const struct edition *edition);

#endif
