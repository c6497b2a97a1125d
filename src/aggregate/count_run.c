#include "aggregate/count_run.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "aggregate/archive_report.h"
#include "aggregate/overlap.h"
#include "aggregate/recall.h"
#include "aggregate/tally.h"
#include "aggregate/totals.h"
#include "capture/archive.h"
#include "summary/summary_file.h"
#include "summary/summary_sum.h"

enum {
    THREADS_MAX = 256,
    PACKETS_AT_ONCE = 256,
    PROGRESS_PACKETS = 4096, /* packets between two looks at the clock */
    PROGRESS_INTERVAL_US = 100000,
    KEPT_BYTES = 16 << 20,
    BATCH_BYTES = 4 << 20, /* of partial summaries, */
    BATCH_INTERVAL_US =
        2000000 /* or time, after which a thread publishes what it has: a crash costs no more */
};

/* One archive on its way; written by the thread that reads it. */
struct job {
    struct input *input; /* its digest is set when it was read */
    guint index;         /* in the order of names */
    struct summary_archive *archive;
    bool is_cached; /* taken from the cache: not to be read */
    bool failed;
    char known_digest[DIGEST_SIZE]; /* what is counted of it besides comes from the cache, if this is right */
    struct error err;
};

struct run {
    const struct plan *plan;
    const struct aggregate_options *options;
    struct cache *cache;  /* or NULL */
    struct summary *head; /* of partial summaries: without packets; definitions as the cache tells them */
    bool *counted;        /* [measure_count]: the measures that archives are read for */
    atomic_bool is_wrong; /* an archive changed while it was counted for some measures only */
    struct job *jobs;     /* by name */
    guint job_count;
    guint *order; /* job indexes, the largest first */
    guint ordered_count;
    atomic_uint next;         /* index into order */
    atomic_uint first_failed; /* lowest index of a failed job; jobs behind it need not be read */
    atomic_uint done;
    atomic_uint_fast64_t bytes_done, packets;
    uint64_t byte_count;
    GMutex claims_lock;
    GHashTable *claims; /* digests, borrowed from archives, whose packets are counted: copies count once */
    GMutex progress_lock;
    int64_t progress_time;
};

/* A thread, what it counted, and what it has told the run's counters of its archive so far. */
struct worker {
    struct run *run;
    unsigned number;
    struct tally *tally;           /* of the archive being read, */
    struct totals *totals;         /* and of all before */
    struct summary *part;          /* what the archive counted, where that is kept */
    struct partial_writer *writer; /* partial summaries not yet published; NULL without a cache */
    GPtrArray *written;            /* their const struct input * */
    int64_t published_us;
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

/* What an error says of the archive, without the path in front: that may lead outside the publication, and
 * the same bytes have the same counts in the cache wherever they were read from. */
static char *problem_text(const struct job *job, const struct error *err)
{
    const char *text = err->message, *path = archive_path_shown(job->input->path);
    size_t length = strlen(path);
    if (strncmp(text, path, length) == 0 && strncmp(text + length, ": ", 2) == 0)
        text += length + 2;
    return g_utf8_make_valid(text, -1);
}

/* Counts the packets of an open archive. 0, or -1 when the job failed. */
static int packets_count(struct worker *worker, struct job *job, struct archive *archive)
{
    struct packet packets[PACKETS_AT_ONCE];
    struct error err;
    uint64_t told = 0;
    int got;
    while ((got = archive_next_batch(archive, packets, PACKETS_AT_ONCE, &err)) > 0) {
        if (tally_add_many(worker->tally, packets, (size_t)got, &job->err) != 0)
            return -1;
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

/* A file that is no capture: an error, or by the publication's wish, which has its identity looked for,
 * nothing but a problem. */
static int unreadable_note(struct job *job, const struct archive_identity *identity)
{
    if (identity == NULL)
        return -1;
    job->archive->problem = problem_text(job, &job->err);
    job->archive->size = job->input->size;
    memset(job->archive->digest, '0', DIGEST_SIZE - 1);
    if (identity->digest[0] != '\0')
        identity_take(job->archive, identity);
    return 0;
}

static int job_count_archive(struct worker *worker, struct job *job)
{
    struct archive_identity identity = {.size = 0};
    struct archive_identity *refused = worker->run->plan->publication->skip_unreadable ? &identity : NULL;
    struct archive *archive =
        archive_open_or_identify(job->input->path, worker->run->options->reader, refused, &job->err);
    if (archive == NULL)
        return unreadable_note(job, refused);
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

/* Whether it is the first with these bytes. */
static bool digest_claim(struct run *run, const char *digest)
{
    g_mutex_lock(&run->claims_lock);
    bool is_first = g_hash_table_add(run->claims, (char *)(uintptr_t)digest);
    g_mutex_unlock(&run->claims_lock);
    return is_first;
}

/* Publishes what the worker has counted; a failure is that of the archive it read last. */
static int worker_publish(struct worker *worker, struct error *err)
{
    worker->published_us = g_get_monotonic_time();
    if (worker->written == NULL || worker->written->len == 0)
        return 0;
    int result =
        cache_publish(worker->run->cache, worker->writer, (const struct input *const *)worker->written->pdata,
                      worker->written->len, err);
    g_ptr_array_set_size(worker->written, 0);
    return result;
}

/* An archive that could not be read as far as that has none. */
static bool has_identity(const struct summary_archive *archive)
{
    return strspn(archive->digest, "0") != strlen(archive->digest);
}

static int part_keep(struct worker *worker, struct job *job)
{
    struct summary *part = worker->part;
    if (!has_identity(job->archive))
        return 0;
    g_ptr_array_add(part->archives, job->archive);
    partial_writer_add(worker->writer, part);
    g_ptr_array_steal_index(part->archives, 0);
    g_ptr_array_add(worker->written, job->input);
    size_t batch_bytes = worker->run->options->batch_bytes;
    if (partial_writer_size(worker->writer) < (batch_bytes > 0 ? batch_bytes : BATCH_BYTES) &&
        g_get_monotonic_time() - worker->published_us < BATCH_INTERVAL_US)
        return 0;
    return worker_publish(worker, &job->err);
}

/* Reads one archive, adds its counts to the worker's total and its partial summary to what is to be
 * published. A copy of another, which its digest tells in the end, adds nothing. */
static int job_run(struct worker *worker, struct job *job)
{
    int result = job_count_archive(worker, job);
    tally_archive_end(worker->tally, job->archive);
    /* What could not be read is read the next time, however it looks: rights and mounts change neither size
     * nor time. */
    g_strlcpy(job->input->digest, has_identity(job->archive) ? job->archive->digest : "",
              sizeof job->input->digest);
    if (job->known_digest[0] != '\0' && strcmp(job->known_digest, job->archive->digest) != 0)
        atomic_store(&worker->run->is_wrong, true);
    if (result != 0 || !digest_claim(worker->run, job->archive->digest)) {
        tally_clear(worker->tally);
        return result;
    }
    if (worker->writer != NULL) {
        tally_read(worker->tally, worker->part);
        result = part_keep(worker, job);
    }
    totals_add(worker->totals, worker->number, worker->tally);
    return result;
}

static gpointer worker_run(gpointer data)
{
    struct worker *worker = data;
    struct run *run = worker->run;
    worker->published_us = g_get_monotonic_time();
    for (;;) {
        unsigned next = atomic_fetch_add(&run->next, 1);
        if (next >= run->ordered_count)
            return NULL;
        struct job *job = &run->jobs[run->order[next]];
        if (job->index > atomic_load(&run->first_failed))
            continue;
        worker->bytes_told = 0;
        if (job_run(worker, job) != 0)
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

static void jobs_prepare(struct run *run)
{
    const GPtrArray *archives = run->plan->inputs->archives;
    run->job_count = archives->len;
    run->jobs = g_new0(struct job, archives->len + 1);
    run->order = g_new0(guint, archives->len + 1);
    for (guint i = 0; i < archives->len; i++) {
        struct job *job = &run->jobs[i];
        job->input = archives->pdata[i];
        job->index = i;
        job->archive = g_new0(struct summary_archive, 1);
        job->archive->name = g_strdup(job->input->name);
        run->byte_count += job->input->size;
    }
}

static void jobs_order(struct run *run)
{
    for (guint i = 0; i < run->job_count; i++)
        if (!run->jobs[i].is_cached)
            run->order[run->ordered_count++] = i;
    g_qsort_with_data(run->order, (gint)run->ordered_count, sizeof *run->order, order_compare, run);
}

/* ---- what was counted before ---- */

/* The sum of what the cache tells. */
static struct summary_sum *jobs_recall(struct run *run, bool all)
{
    struct recall recall = {.cache = run->cache,
                            .plan = run->plan,
                            .head = run->head,
                            .strict = run->options->strict,
                            .counted = run->counted};
    struct recall_archive *archives = g_new0(struct recall_archive, run->job_count + 1);
    for (guint i = 0; i < run->job_count; i++) {
        archives[i].digest = run->jobs[i].input->digest;
        archives[i].archive = run->jobs[i].archive;
    }
    struct summary_sum *sum = recall_run(&recall, archives, run->job_count, all);
    for (guint i = 0; i < run->job_count; i++) {
        struct job *job = &run->jobs[i];
        if (archives[i].is_partly)
            g_strlcpy(job->known_digest, archives[i].digest, sizeof job->known_digest);
        if (!archives[i].is_whole)
            continue;
        job->is_cached = true;
        digest_claim(run, job->archive->digest);
        atomic_fetch_add(&run->done, 1);
        atomic_fetch_add(&run->bytes_done, job->input->size);
    }
    g_free(archives);
    return sum;
}

/* ---- all of it ---- */

static unsigned thread_count(const struct run *run)
{
    unsigned count =
        run->options->thread_count > 0 ? (unsigned)run->options->thread_count : g_get_num_processors();
    count = MIN(count, MAX(run->ordered_count, 1));
    return MIN(count, THREADS_MAX);
}

static void worker_init(struct worker *worker, struct run *run, unsigned number, struct totals *totals)
{
    worker->run = run;
    worker->number = number;
    worker->totals = totals;
    worker->tally = tally_new(run->plan);
    tally_restrict(worker->tally, run->counted);
    if (run->cache == NULL)
        return;
    worker->part = plan_summary(run->plan);
    worker->writer = partial_writer_new(run->head, run->counted);
    worker->written = g_ptr_array_new();
}

/* Also after a failure: what was counted until then need not be counted again. */
static int worker_finish(struct worker *worker, struct error *err)
{
    int result = worker_publish(worker, err);
    tally_free(worker->tally);
    summary_free(worker->part);
    partial_writer_free(worker->writer);
    if (worker->written != NULL)
        g_ptr_array_unref(worker->written);
    return result;
}

/* Reads the jobs in order, and adds what they counted to `sum`, which is taken over. */
static struct summary *workers_run(struct run *run, struct summary_sum *sum, struct error *err)
{
    unsigned count = thread_count(run);
    struct worker *workers = g_new0(struct worker, count);
    struct error failure = {.kind = ERROR_NONE};
    struct totals *totals = totals_new(run->plan, run->counted, count);
    for (unsigned i = 0; i < count; i++) {
        worker_init(&workers[i], run, i, totals);
        if (i > 0)
            workers[i].thread = g_thread_new("count", worker_run, &workers[i]);
    }
    worker_run(&workers[0]);
    for (unsigned i = 1; i < count; i++)
        g_thread_join(workers[i].thread);
    progress_tell(run, true);
    for (unsigned i = 0; i < count; i++)
        worker_finish(&workers[i], &failure);
    g_free(workers);
    struct tally *tally = totals_join(totals);
    unsigned failed = atomic_load(&run->first_failed);
    bool is_whole = failed == UINT32_MAX && failure.kind == ERROR_NONE;
    if (is_whole) {
        struct summary *part = tally_take(tally);
        summary_sum_take(sum, part);
        summary_free(part);
    }
    tally_free(tally);
    struct summary *summary = summary_sum_finish(sum);
    if (is_whole)
        return summary;
    *err = failed < run->job_count ? run->jobs[failed].err : failure;
    summary_free(summary);
    return NULL;
}

static void run_init(struct run *run)
{
    run->head = recall_head(run->plan);
    run->counted = g_new(bool, run->plan->measure_count + 1);
    for (size_t i = 0; i < run->plan->measure_count; i++)
        run->counted[i] = true;
    atomic_init(&run->is_wrong, false);
    atomic_init(&run->next, 0);
    atomic_init(&run->done, 0);
    atomic_init(&run->first_failed, UINT32_MAX);
    atomic_init(&run->bytes_done, 0);
    atomic_init(&run->packets, 0);
    g_mutex_init(&run->progress_lock);
    g_mutex_init(&run->claims_lock);
    run->claims = g_hash_table_new(g_str_hash, g_str_equal);
    jobs_prepare(run);
}

static void run_release(struct run *run)
{
    summary_free(run->head);
    g_free(run->counted);
    g_hash_table_unref(run->claims);
    g_mutex_clear(&run->progress_lock);
    g_mutex_clear(&run->claims_lock);
    g_free(run->jobs);
    g_free(run->order);
}

static void work_tell(const struct run *run)
{
    struct aggregate_work *work = run->options->work;
    if (work == NULL)
        return;
    *work = (struct aggregate_work){.archives = run->job_count, .archives_read = run->ordered_count};
    work->measures = run->plan->measure_count;
    for (size_t i = 0; i < work->measures; i++)
        work->measures_counted += run->counted[i];
}

/* `all`: archives are read for all measures. *is_wrong is set when they have to be, and nothing is said. */
static struct summary *run_once(const struct plan *plan, const struct aggregate_options *options,
                                struct cache *cache, bool all, bool *is_wrong, struct warning_log *log,
                                struct error *err)
{
    struct run run = {.plan = plan, .options = options, .cache = cache};
    run_init(&run);
    struct summary_sum *sum = cache != NULL ? jobs_recall(&run, all) : summary_sum_new(plan_summary(plan));
    jobs_order(&run);
    work_tell(&run);
    struct summary *summary = workers_run(&run, sum, err);
    *is_wrong = atomic_load(&run.is_wrong);
    if (*is_wrong)
        g_clear_pointer(&summary, summary_free);
    for (guint i = 0; i < run.job_count; i++) {
        if (summary != NULL)
            g_ptr_array_add(summary->archives, run.jobs[i].archive);
        else
            summary_archive_free(run.jobs[i].archive);
    }
    if (summary != NULL) {
        archive_report(summary, log);
        overlap_report(summary, log);
    }
    run_release(&run);
    return summary;
}

struct summary *count_run(const struct plan *plan, const struct aggregate_options *options,
                          struct cache *cache, struct warning_log *log, struct error *err)
{
    /* Each archive takes and gives back the same memory: the system need not have it in between. */
    mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    bool is_wrong;
    struct summary *summary = run_once(plan, options, cache, false, &is_wrong, log, err);
    return is_wrong ? run_once(plan, options, cache, true, &is_wrong, log, err) : summary;
}
