#include "aggregate/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aggregate/region_file.h"
#include "base/digest.h"
#include "base/output_set.h"

enum { BASIS_DIGITS = 16, UNUSED_SECONDS = 86400 };
#define PARTIAL_SUFFIX ".partial"

/* A file of partial summaries that is open. */
struct cache_file {
    char *name;
    struct partial_file *partial;
    int *measures; /* [measure_count] of the head: its measure of that definition, or -1 */
};

/* Where an archive's counts are. */
struct cache_place {
    struct cache_file *file;
    size_t entry;
};

struct cache {
    char *folder, *region_folder;
    char basis[65];
    const struct summary *head;
    GPtrArray *files;    /* struct cache_file * */
    GHashTable *places;  /* digest, of the files -> GArray of struct cache_place */
    GHashTable *used;    /* char *: names of files that this run read or wrote */
    GHashTable *unsound; /* char *: names of files that were found to be damaged; they may still be there */
    GMutex lock;         /* of `used` and of the log while several threads publish */
    struct warning_log *log;
};

static void file_free(gpointer data)
{
    struct cache_file *file = data;
    partial_file_close(file->partial);
    g_free(file->name);
    g_free(file->measures);
    g_free(file);
}

char *cache_region_folder(const struct publication *publication)
{
    return publication_path(publication, "summaries/cache/registries", NULL);
}

struct cache *cache_open(const struct publication *publication, const struct edition *edition,
                         const char *basis, struct warning_log *log)
{
    struct cache *cache = g_new0(struct cache, 1);
    char *relative = g_strdup_printf("summaries/cache/%s", edition->name);
    cache->folder = publication_path(publication, relative, edition);
    cache->region_folder = cache_region_folder(publication);
    g_free(relative);
    g_strlcpy(cache->basis, basis, sizeof cache->basis);
    cache->files = g_ptr_array_new_with_free_func(file_free);
    cache->places = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    cache->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    cache->unsound = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_mutex_init(&cache->lock);
    cache->log = log;
    return cache;
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    g_free(cache->folder);
    g_free(cache->region_folder);
    g_hash_table_unref(cache->places);
    g_ptr_array_unref(cache->files);
    g_hash_table_unref(cache->used);
    g_hash_table_unref(cache->unsound);
    g_mutex_clear(&cache->lock);
    g_free(cache);
}

static char *file_path(const struct cache *cache, const char *name)
{
    return g_build_filename(cache->folder, name, NULL);
}

static void warn(struct cache *cache, const char *what)
{
    g_mutex_lock(&cache->lock);
    warning_add(cache->log, "cache", "aggregate: cache: %s", what);
    g_mutex_unlock(&cache->lock);
}

/* ---- archives that were seen ---- */

void cache_known(const struct cache *cache, struct inputs *known)
{
    char *path = file_path(cache, "seen");
    char *text = NULL;
    char expected[DIGEST_SIZE];
    if (g_file_get_contents(path, &text, NULL, NULL)) {
        char **lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line != NULL; line++) {
            char *check = strrchr(*line, '\t');
            if (check == NULL)
                continue;
            /* Not so a line that another run was just writing, or that a crash cut. */
            digest_of(*line, (size_t)(check - *line), expected);
            if (strcmp(check + 1, expected) == 0) {
                *check = '\0';
                inputs_line_add(known, *line);
            }
        }
        g_strfreev(lines);
    }
    g_free(text);
    g_free(path);
}

/* One write at the end of the file: runs side by side do not tear each other's lines. */
static void seen_append(const struct cache *cache, const struct input *const *inputs, size_t count)
{
    GString *text = g_string_new("\n");
    for (size_t i = 0; i < count; i++) {
        char *line = input_line(inputs[i], false);
        char check[DIGEST_SIZE];
        digest_of(line, strlen(line), check);
        g_string_append_printf(text, "%s\t%s\n", line, check);
        g_free(line);
    }
    char *path = file_path(cache, "seen");
    int descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    /* What is not noted is recognised by its bytes, or counted again. */
    if (descriptor >= 0) {
        ssize_t written = write(descriptor, text->str, text->len);
        (void)written;
        close(descriptor);
    }
    g_free(path);
    g_string_free(text, TRUE);
}

/* ---- partial summaries ---- */

static int name_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the files in a folder that begin and end so. */
static GPtrArray *names_list(const char *folder, const char *beginning, size_t beginning_size,
                             const char *end)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (dir == NULL)
        return names;
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, end) && strncmp(name, beginning, beginning_size) == 0)
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, name_compare);
    return names;
}

static void used_add(struct cache *cache, const char *name)
{
    g_mutex_lock(&cache->lock);
    g_hash_table_add(cache->used, g_strdup(name));
    g_mutex_unlock(&cache->lock);
}

/* It may be gone because somebody deleted the cache, which is fine. It may also stay, in a folder that is not
 * to be written to: this run does not look at it again. */
static void unsound_remove(struct cache *cache, const char *name, const struct error *err)
{
    char *path = file_path(cache, name);
    g_hash_table_add(cache->unsound, g_strdup(name));
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        char *what = g_strdup_printf("%s; its archives are counted again", err->message);
        warn(cache, what);
        g_free(what);
        g_unlink(path);
    }
    g_free(path);
}

static void places_add(struct cache *cache, struct cache_file *file)
{
    for (size_t i = 0; i < partial_file_count(file->partial); i++) {
        const char *digest = partial_file_entry(file->partial, i)->digest;
        struct cache_place place = {file, i};
        GArray *places = g_hash_table_lookup(cache->places, digest);
        if (places == NULL) {
            places = g_array_new(FALSE, FALSE, sizeof place);
            g_hash_table_insert(cache->places, (char *)(uintptr_t)digest, places);
        }
        g_array_append_val(places, place);
    }
}

static void file_load(struct cache *cache, const char *name)
{
    struct error err;
    char *path = file_path(cache, name);
    struct partial_file *partial = partial_file_open(path, &err);
    g_free(path);
    if (partial == NULL) {
        unsound_remove(cache, name, &err);
        return;
    }
    const struct summary *head = partial_file_head(partial);
    struct cache_file *file = g_new0(struct cache_file, 1);
    file->name = g_strdup(name);
    file->partial = partial;
    file->measures = g_new(int, cache->head->measure_count + 1);
    for (size_t i = 0; i < cache->head->measure_count; i++)
        file->measures[i] = partial_file_measure(partial, cache->head->measures[i].definition);
    g_ptr_array_add(cache->files, file);
    /* The name holds a part of the digest only. */
    if (strcmp(head->configuration_digest, cache->basis) == 0)
        places_add(cache, file);
}

void cache_load(struct cache *cache, const struct summary *head)
{
    GPtrArray *names = names_list(cache->folder, cache->basis, BASIS_DIGITS, PARTIAL_SUFFIX);
    g_hash_table_remove_all(cache->places);
    g_ptr_array_set_size(cache->files, 0);
    cache->head = head;
    for (guint i = 0; i < names->len; i++)
        if (!g_hash_table_contains(cache->unsound, names->pdata[i]))
            file_load(cache, names->pdata[i]);
    g_ptr_array_unref(names);
}

bool cache_covers(const struct cache *cache, const char *digest, bool *covered, bool *has_problem)
{
    const GArray *places = g_hash_table_lookup(cache->places, digest);
    memset(covered, 0, cache->head->measure_count * sizeof *covered);
    for (guint i = 0; places != NULL && i < places->len; i++) {
        const struct cache_place *place = &g_array_index(places, struct cache_place, i);
        for (size_t j = 0; j < cache->head->measure_count; j++)
            covered[j] = covered[j] || place->file->measures[j] >= 0;
        if (has_problem != NULL)
            *has_problem = partial_file_entry(place->file->partial, place->entry)->has_problem;
    }
    return places != NULL;
}

static void archive_fill(struct summary_archive *archive, const struct summary_archive *from)
{
    char *name = archive->name;
    g_free(archive->problem);
    g_free(archive->spans);
    *archive = *from;
    archive->name = name;
    archive->problem = g_strdup(from->problem);
    archive->spans = g_memdup2(from->spans, from->span_count * sizeof *from->spans);
}

/* Whether a place has counts of a wanted measure that none before had: those are taken then. */
static bool place_needed(const struct cache *cache, const struct cache_place *place, const bool *wanted,
                         bool *taken, bool *these)
{
    bool is_needed = false;
    for (size_t i = 0; i < cache->head->measure_count; i++) {
        these[i] = wanted[i] && !taken[i] && place->file->measures[i] >= 0;
        taken[i] = taken[i] || these[i];
        is_needed = is_needed || these[i];
    }
    return is_needed;
}

/* Without any measure, archives are in files all the same. */
static bool wants_any(const struct cache *cache, const bool *wanted)
{
    for (size_t i = 0; i < cache->head->measure_count; i++)
        if (wanted[i])
            return true;
    return false;
}

bool cache_take(struct cache *cache, const char *digest, const bool *wanted, struct summary_archive *archive,
                struct summary_sum *sum)
{
    const GArray *places = g_hash_table_lookup(cache->places, digest);
    size_t measure_count = cache->head->measure_count;
    bool *taken = g_new0(bool, measure_count + 1), *these = g_new0(bool, measure_count + 1);
    bool takes_first = !wants_any(cache, wanted);
    bool is_sound = places != NULL;
    for (guint i = 0; is_sound && i < places->len; i++) {
        const struct cache_place *place = &g_array_index(places, struct cache_place, i);
        struct error err;
        if (!place_needed(cache, place, wanted, taken, these) && !(takes_first && i == 0))
            continue;
        const struct summary *part = partial_file_read(place->file->partial, place->entry, &err);
        is_sound = part != NULL;
        if (!is_sound) {
            unsound_remove(cache, place->file->name, &err);
            break;
        }
        used_add(cache, place->file->name);
        if (archive != NULL) {
            archive_fill(archive, part->archives->pdata[0]);
            if (sum != NULL)
                summary_sum_add_head(sum, part);
            archive = NULL; /* once */
        }
        for (size_t j = 0; sum != NULL && j < measure_count; j++)
            if (these[j])
                summary_sum_add_section(sum, j, &part->measures[place->file->measures[j]].section);
    }
    g_free(taken);
    g_free(these);
    return is_sound;
}

/* 1: the same bytes stand there; 0: nothing, or what is not sound; -1: other bytes. */
static int published_compare(const char *path, const GPtrArray *pieces)
{
    char *data = NULL;
    gsize size = 0, at = 0;
    bool is_same = true;
    if (!g_file_get_contents(path, &data, &size, NULL))
        return 0;
    for (guint i = 0; i < pieces->len && is_same; i++) {
        gsize piece_size;
        const void *piece = g_bytes_get_data(pieces->pdata[i], &piece_size);
        is_same = piece_size <= size - at && memcmp(data + at, piece, piece_size) == 0;
        at += piece_size;
    }
    g_free(data);
    if (is_same && at == size)
        return 1;
    struct error ignored;
    struct partial_file *file = partial_file_open(path, &ignored);
    partial_file_close(file);
    return file == NULL ? 0 : -1;
}

static int pieces_write(const char *path, const GPtrArray *pieces, struct error *err)
{
    struct output_file *file = output_file_open(path, err);
    if (file == NULL)
        return -1;
    for (guint i = 0; i < pieces->len; i++) {
        gsize size;
        const void *data = g_bytes_get_data(pieces->pdata[i], &size);
        output_file_append(file, data, size);
    }
    return output_file_close(file, err);
}

static void folder_sync(const char *folder)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
}

int cache_publish(struct cache *cache, struct partial_writer *writer, const struct input *const *inputs,
                  size_t count, struct error *err)
{
    char key[PARTIAL_KEY_SIZE];
    GPtrArray *pieces = partial_writer_finish(writer, key);
    char *name = g_strdup_printf("%.*s-%s" PARTIAL_SUFFIX, BASIS_DIGITS, cache->basis, key);
    char *path = file_path(cache, name);
    struct error failure;
    int result = 0;
    used_add(cache, name);
    if (g_mkdir_with_parents(cache->folder, 0755) != 0) {
        error_set(&failure, ERROR_OUTPUT, "%s: cannot make the folder: %s", cache->folder, g_strerror(errno));
        warn(cache, failure.message);
        goto done;
    }
    int compared = g_hash_table_contains(cache->unsound, name) ? 0 : published_compare(path, pieces);
    if (compared < 0) {
        result =
            error_set(err, ERROR_OUTPUT,
                      "cache: %s: stands there with other bytes than were counted now, expected the same: "
                      "delete it and count again",
                      path);
        goto done;
    }
    /* Before the file: between the two a crash makes for counting again, not for reading in vain. */
    seen_append(cache, inputs, count);
    if (compared == 0 && pieces_write(path, pieces, &failure) != 0)
        warn(cache, failure.message);
    else if (compared == 0)
        folder_sync(cache->folder);
done:
    g_free(path);
    g_free(name);
    g_ptr_array_unref(pieces);
    return result;
}

/* Removes files of a kind, also those that a crash left half-written, which no run used for a day: this one
 * by its list, others by the files' times. */
static void unused_remove(const struct cache *cache, const char *folder, const char *suffix)
{
    GPtrArray *names = names_list(folder, "", 0, "");
    time_t now = time(NULL);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        char *path = g_build_filename(folder, name, NULL);
        struct stat status;
        if (strstr(name, suffix) != NULL && !g_hash_table_contains(cache->used, name) &&
            stat(path, &status) == 0 && now - status.st_mtime > UNUSED_SECONDS)
            g_unlink(path);
        g_free(path);
    }
    g_ptr_array_unref(names);
}

void cache_settle(struct cache *cache)
{
    char *seen = file_path(cache, "seen");
    unused_remove(cache, cache->folder, PARTIAL_SUFFIX);
    unused_remove(cache, cache->region_folder, REGION_FILE_SUFFIX);
    g_unlink(seen);
    g_free(seen);
}
