#include "aggregate/count_run.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/duplicates.h"
#include "aggregate/tally.h"
#include "capture/archive.h"
#include "summary/summary_file.h"

enum {
    THREADS_MAX = 256,
    PACKETS_AT_ONCE = 256,
    PROGRESS_PACKETS = 4096, /* packets between two looks at the clock */
    PROGRESS_INTERVAL_US = 100000,
};

/* One archive on its way; written by the thread that reads it. */
struct job {
    const struct input *input;
    guint index; /* in the order of names */
    struct summary_archive *archive;
    bool failed;
    struct error err;
};

struct run {
    const struct plan *plan;
    const struct aggregate_options *options;
    struct job *jobs; /* by name */
    guint job_count;
    guint *order; /* job indexes, the largest first */
    guint ordered_count;
    atomic_uint next;         /* index into order */
    atomic_uint first_failed; /* lowest index of a failed job; jobs behind it need not be read */
    atomic_uint done;
    atomic_uint_fast64_t bytes_done, packets;
    uint64_t byte_count;
    GMutex progress_lock;
    int64_t progress_time;
};

/* A thread, its tally, and what it has told the run's counters of its archive so far. */
struct worker {
    struct run *run;
    struct tally *tally;
    GThread *thread;
    uint64_t bytes_told;
};

static void progress_tell(struct run *run, bool is_last)
{
    if (run->options->progress == NULL)
        return;
    /* Another thread that is telling tells enough. */
    if (is_last)
        g_mutex_lock(&run->progress_lock);
    else if (!g_mutex_trylock(&run->progress_lock))
        return;
    int64_t now = g_get_monotonic_time();
    if (is_last || now - run->progress_time >= PROGRESS_INTERVAL_US) {
        struct aggregate_progress progress = {
            .archives_done = atomic_load(&run->done),
            .archive_count = run->job_count,
            .bytes_done = atomic_load(&run->bytes_done),
            .byte_count = run->byte_count,
            .packets = atomic_load(&run->packets),
        };
        run->progress_time = now;
        run->options->progress(&progress, run->options->progress_context);
    }
    g_mutex_unlock(&run->progress_lock);
}

static void worker_advance(struct worker *worker, uint64_t bytes, uint64_t packets)
{
    if (bytes > worker->bytes_told) {
        atomic_fetch_add(&worker->run->bytes_done, bytes - worker->bytes_told);
        worker->bytes_told = bytes;
    }
    atomic_fetch_add(&worker->run->packets, packets);
    progress_tell(worker->run, false);
}

static void job_fail(struct run *run, struct job *job)
{
    job->failed = true;
    unsigned lowest = atomic_load(&run->first_failed);
    while (job->index < lowest && !atomic_compare_exchange_weak(&run->first_failed, &lowest, job->index))
        continue;
}

/* What an error says of the archive, without the path in front: that may lead outside the publication. */
static char *problem_text(const struct job *job, const struct error *err)
{
    const char *text = err->message;
    size_t length = strlen(job->input->path);
    if (strncmp(text, job->input->path, length) == 0 && strncmp(text + length, ": ", 2) == 0)
        text += length + 2;
    return g_utf8_make_valid(text, -1);
}

static void time_note(struct summary_archive *archive, bool *has_time, const struct packet *packet)
{
    if (packet->bad_time)
        return;
    if (!*has_time || packet->seconds < archive->first_second)
        archive->first_second = packet->seconds;
    if (!*has_time || packet->seconds > archive->last_second)
        archive->last_second = packet->seconds;
    *has_time = true;
}

/* Counts the packets of an open archive. 0, or -1 when the job failed. */
static int packets_count(struct worker *worker, struct job *job, struct archive *archive)
{
    struct packet packets[PACKETS_AT_ONCE];
    struct error err;
    bool has_time = false;
    uint64_t told = 0;
    int got;
    while ((got = archive_next_batch(archive, packets, PACKETS_AT_ONCE, &err)) > 0) {
        for (int i = 0; i < got; i++) {
            if (tally_add(worker->tally, &packets[i], &job->err) != 0)
                return -1;
            time_note(job->archive, &has_time, &packets[i]);
        }
        job->archive->packets += (uint64_t)got;
        if (job->archive->packets - told >= PROGRESS_PACKETS) {
            worker_advance(worker, archive_bytes_consumed(archive), job->archive->packets - told);
            told = job->archive->packets;
        }
    }
    worker_advance(worker, archive_bytes_consumed(archive), job->archive->packets - told);
    if (got == 0)
        return 0;
    job->archive->problem = problem_text(job, &err);
    job->err = err;
    return worker->run->options->strict ? -1 : 0;
}

static void identity_take(struct summary_archive *archive, const struct archive_identity *identity)
{
    archive->size = identity->size;
    g_strlcpy(archive->digest, identity->digest, sizeof archive->digest);
}

/* A file that is no capture: an error, or by the publication's wish nothing but a problem. */
static int unreadable_note(struct worker *worker, struct job *job)
{
    struct archive_identity identity;
    struct error ignored;
    if (!worker->run->plan->publication->skip_unreadable)
        return -1;
    job->archive->problem = problem_text(job, &job->err);
    job->archive->size = job->input->size;
    memset(job->archive->digest, '0', 32);
    if (archive_identify(job->input->path, &identity, &ignored) == 0)
        identity_take(job->archive, &identity);
    return 0;
}

static int job_count_archive(struct worker *worker, struct job *job)
{
    struct archive_identity identity;
    struct archive *archive = archive_open_with(job->input->path, worker->run->options->reader, &job->err);
    if (archive == NULL)
        return unreadable_note(worker, job);
    int result = packets_count(worker, job, archive);
    struct error err;
    if (result == 0 && archive_finish(archive, &identity, &err) != 0) {
        job->err = err;
        result = -1;
    }
    if (result == 0)
        identity_take(job->archive, &identity);
    archive_close(archive);
    return result;
}

static gpointer worker_run(gpointer data)
{
    struct worker *worker = data;
    struct run *run = worker->run;
    for (;;) {
        unsigned next = atomic_fetch_add(&run->next, 1);
        if (next >= run->ordered_count)
            return NULL;
        struct job *job = &run->jobs[run->order[next]];
        if (job->index > atomic_load(&run->first_failed))
            continue;
        worker->bytes_told = 0;
        if (job_count_archive(worker, job) != 0)
            job_fail(run, job);
        worker_advance(worker, job->input->size, 0);
        atomic_fetch_add(&run->done, 1);
    }
}

static int order_compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const struct run *run = data;
    guint x = *(const guint *)a;
    guint y = *(const guint *)b;
    uint64_t size_x = run->jobs[x].input->size;
    uint64_t size_y = run->jobs[y].input->size;
    if (size_x != size_y)
        return size_x > size_y ? -1 : 1;
    return (x > y) - (x < y);
}

/* Duplicates are not read: they take size and digest of the archive that is. */
static void jobs_prepare(struct run *run, guint *originals)
{
    const GPtrArray *archives = run->plan->inputs->archives;
    run->job_count = archives->len;
    run->jobs = g_new0(struct job, archives->len + 1);
    run->order = g_new0(guint, archives->len + 1);
    duplicates_find(archives, originals);
    for (guint i = 0; i < archives->len; i++) {
        struct job *job = &run->jobs[i];
        job->input = archives->pdata[i];
        job->index = i;
        job->archive = g_new0(struct summary_archive, 1);
        job->archive->name = g_strdup(job->input->name);
        run->byte_count += job->input->size;
        if (originals[i] == i) {
            run->order[run->ordered_count++] = i;
            continue;
        }
        job->archive->duplicate_of = g_strdup(run->jobs[originals[i]].input->name);
        atomic_fetch_add(&run->done, 1);
        atomic_fetch_add(&run->bytes_done, job->input->size);
    }
    g_qsort_with_data(run->order, (gint)run->ordered_count, sizeof *run->order, order_compare, run);
}

static unsigned thread_count(const struct run *run)
{
    unsigned count =
        run->options->thread_count > 0 ? (unsigned)run->options->thread_count : g_get_num_processors();
    count = MIN(count, MAX(run->ordered_count, 1));
    return MIN(count, THREADS_MAX);
}

static struct summary *workers_run(struct run *run, struct error *err)
{
    unsigned count = thread_count(run);
    struct worker *workers = g_new0(struct worker, count);
    struct summary *summary = NULL;
    for (unsigned i = 0; i < count; i++) {
        workers[i].run = run;
        workers[i].tally = tally_new(run->plan);
        if (i > 0)
            workers[i].thread = g_thread_new("count", worker_run, &workers[i]);
    }
    worker_run(&workers[0]);
    for (unsigned i = 1; i < count; i++)
        g_thread_join(workers[i].thread);
    progress_tell(run, true);
    unsigned failed = atomic_load(&run->first_failed);
    if (failed < run->job_count)
        *err = run->jobs[failed].err;
    for (unsigned i = 0; i < count; i++) {
        struct summary *part = failed < run->job_count ? NULL : tally_summary(workers[i].tally);
        tally_free(workers[i].tally);
        if (summary == NULL) {
            summary = part;
        } else if (part != NULL) {
            struct error impossible;
            if (summary_merge(summary, part, &impossible) != 0)
                g_error("%s", impossible.message); /* both came from one plan */
            summary_free(part);
        }
    }
    g_free(workers);
    return summary;
}

/* Gives a duplicate what is known of its original. Archives without packets are no duplicates worth a word:
 * the capture of any hour in which nothing came is the same file header. */
static void duplicate_describe(struct job *job, const struct summary_archive *original,
                               struct warning_log *log)
{
    struct summary_archive *archive = job->archive;
    archive->size = job->input->size;
    g_strlcpy(archive->digest, original->digest, sizeof archive->digest);
    if (original->packets > 0) {
        warning_add(log, "duplicate archives", "aggregate: %s: the same bytes as %s, counted once",
                    archive->name, archive->duplicate_of);
        return;
    }
    g_clear_pointer(&archive->duplicate_of, g_free);
    archive->problem = g_strdup(original->problem);
}

/* Says what went wrong, in the order of names. */
static void jobs_report(struct run *run, const guint *originals, struct warning_log *log)
{
    for (guint i = 0; i < run->job_count; i++) {
        struct job *job = &run->jobs[i];
        if (originals[i] != i)
            duplicate_describe(job, run->jobs[originals[i]].archive, log);
        const struct summary_archive *archive = job->archive;
        if (archive->problem != NULL)
            warning_add(
                log, "archives with problems", "aggregate: %s: %s; %s", archive->name, archive->problem,
                archive->packets > 0 ? "the packets before it are counted" : "nothing of it is counted");
    }
}

struct summary *count_run(const struct plan *plan, const struct aggregate_options *options,
                          struct warning_log *log, struct error *err)
{
    struct run run = {.plan = plan, .options = options};
    guint *originals = g_new0(guint, plan->inputs->archives->len + 1);
    atomic_init(&run.next, 0);
    atomic_init(&run.done, 0);
    atomic_init(&run.first_failed, UINT32_MAX);
    atomic_init(&run.bytes_done, 0);
    atomic_init(&run.packets, 0);
    g_mutex_init(&run.progress_lock);
    jobs_prepare(&run, originals);
    struct summary *summary = workers_run(&run, err);
    if (summary != NULL)
        jobs_report(&run, originals, log);
    for (guint i = 0; i < run.job_count; i++) {
        if (summary != NULL)
            g_ptr_array_add(summary->archives, run.jobs[i].archive);
        else
            summary_archive_free(run.jobs[i].archive);
    }
    g_mutex_clear(&run.progress_lock);
    g_free(run.jobs);
    g_free(run.order);
    g_free(originals);
    return summary;
}
