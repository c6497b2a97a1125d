#include "aggregate/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/output_set.h"

enum { CONFIGURATION_DIGITS = 16, UNUSED_SECONDS = 86400 };
#define PARTIAL_SUFFIX ".partial"

struct cache {
    char *folder;
    char configuration[65];
    GHashTable *used; /* char *: names of files that this run read or wrote */
    GMutex lock;      /* of `used` and of the log while several threads publish */
    struct warning_log *log;
};

struct cache *cache_open(const struct publication *publication, const struct edition *edition,
                         const char *configuration, struct warning_log *log)
{
    struct cache *cache = g_new0(struct cache, 1);
    char *relative = g_strdup_printf("summaries/cache/%s", edition->name);
    cache->folder = publication_path(publication, relative, edition);
    g_free(relative);
    g_strlcpy(cache->configuration, configuration, sizeof cache->configuration);
    cache->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_mutex_init(&cache->lock);
    cache->log = log;
    return cache;
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    g_free(cache->folder);
    g_hash_table_unref(cache->used);
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

/* A line that another run was just writing, or a crash cut, is told by its check. */
static char *line_check(const char *line, size_t length)
{
    return g_strdup_printf("%016" G_GINT64_MODIFIER "x", (guint64)XXH3_64bits(line, length));
}

void cache_known(const struct cache *cache, struct inputs *known)
{
    char *path = file_path(cache, "seen");
    char *text = NULL;
    if (g_file_get_contents(path, &text, NULL, NULL)) {
        char **lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line != NULL; line++) {
            char *check = strrchr(*line, '\t');
            if (check == NULL)
                continue;
            char *expected = line_check(*line, (size_t)(check - *line));
            if (strcmp(check + 1, expected) == 0) {
                *check = '\0';
                inputs_line_add(known, *line);
            }
            g_free(expected);
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
        char *check = line_check(line, strlen(line));
        g_string_append_printf(text, "%s\t%s\n", line, check);
        g_free(check);
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

/* Names of the files of this configuration, or of all others. */
static GPtrArray *names_list(const struct cache *cache, bool of_configuration)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(cache->folder, 0, NULL);
    if (dir == NULL)
        return names;
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
        bool is_ours = g_str_has_suffix(name, PARTIAL_SUFFIX) &&
                       strncmp(name, cache->configuration, CONFIGURATION_DIGITS) == 0;
        if (is_ours || !of_configuration)
            g_ptr_array_add(names, g_strdup(name));
    }
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

/* False when an entry is not sound. */
static bool entries_take(struct partial_file *file, GHashTable *wanted, bool *is_used,
                         bool (*take)(const struct summary *part, void *context), void *context,
                         struct error *err)
{
    for (size_t i = 0; i < partial_file_count(file); i++) {
        const char *digest = partial_file_entry(file, i)->digest;
        if (!g_hash_table_contains(wanted, digest))
            continue;
        const struct summary *part = partial_file_read(file, i, err);
        if (part == NULL)
            return false;
        if (take(part, context))
            *is_used = true;
        g_hash_table_remove(wanted, digest);
    }
    return true;
}

void cache_each(struct cache *cache, GHashTable *wanted,
                bool (*take)(const struct summary *part, void *context), void *context)
{
    GPtrArray *names = names_list(cache, true);
    for (guint i = 0; i < names->len && g_hash_table_size(wanted) > 0; i++) {
        const char *name = names->pdata[i];
        char *path = file_path(cache, name);
        struct error err;
        bool is_used = false;
        struct partial_file *file = partial_file_open(path, &err);
        bool is_sound = file != NULL;
        if (is_sound && strcmp(partial_file_head(file)->configuration_digest, cache->configuration) == 0)
            is_sound = entries_take(file, wanted, &is_used, take, context, &err);
        partial_file_close(file);
        if (is_used)
            used_add(cache, name);
        /* It may be gone because somebody deleted the cache, which is fine. */
        if (!is_sound && g_file_test(path, G_FILE_TEST_EXISTS)) {
            char *what = g_strdup_printf("%s; its archives are counted again", err.message);
            warn(cache, what);
            g_free(what);
            g_unlink(path);
        }
        g_free(path);
    }
    g_ptr_array_unref(names);
}

/* 1: the same bytes stand there; 0: nothing, or what is not sound; -1: other bytes. */
static int published_compare(const char *path, const GByteArray *bytes)
{
    char *data = NULL;
    gsize size = 0;
    if (!g_file_get_contents(path, &data, &size, NULL))
        return 0;
    bool is_same = size == bytes->len && memcmp(data, bytes->data, size) == 0;
    g_free(data);
    if (is_same)
        return 1;
    struct error ignored;
    struct partial_file *file = partial_file_open(path, &ignored);
    partial_file_close(file);
    return file == NULL ? 0 : -1;
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
    GByteArray *bytes = partial_writer_finish(writer, key);
    char *name = g_strdup_printf("%.*s-%s" PARTIAL_SUFFIX, CONFIGURATION_DIGITS, cache->configuration, key);
    char *path = file_path(cache, name);
    struct error failure;
    int result = 0;
    used_add(cache, name);
    if (g_mkdir_with_parents(cache->folder, 0755) != 0) {
        error_set(&failure, ERROR_OUTPUT, "%s: cannot make the folder: %s", cache->folder, g_strerror(errno));
        warn(cache, failure.message);
        goto done;
    }
    int compared = published_compare(path, bytes);
    if (compared < 0) {
        result =
            error_set(err, ERROR_OUTPUT,
                      "cache: %s: stands there with other bytes than were counted now, expected the same: "
                      "delete it and count again",
                      path);
        goto done;
    }
    if (compared == 0 && output_file_write(path, bytes->data, bytes->len, &failure) != 0) {
        warn(cache, failure.message);
        goto done;
    }
    if (compared == 0)
        folder_sync(cache->folder);
    seen_append(cache, inputs, count);
done:
    g_free(path);
    g_free(name);
    g_byte_array_unref(bytes);
    return result;
}

void cache_settle(struct cache *cache)
{
    GPtrArray *names = names_list(cache, false);
    time_t now = time(NULL);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        char *path = file_path(cache, name);
        struct stat status;
        bool is_seen = strcmp(name, "seen") == 0;
        bool is_partial = strstr(name, PARTIAL_SUFFIX) != NULL; /* and what a crash left half-written */
        bool is_old = stat(path, &status) == 0 && now - status.st_mtime > UNUSED_SECONDS;
        if (is_seen || (is_partial && is_old && !g_hash_table_contains(cache->used, name)))
            g_unlink(path);
        g_free(path);
    }
    g_ptr_array_unref(names);
}
