#include "base/output_set.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void output_set_init(struct output_set *set)
{
    set->names = g_ptr_array_new_with_free_func(g_free);
    set->bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
}

void output_set_release(struct output_set *set)
{
    g_clear_pointer(&set->names, g_ptr_array_unref);
    g_clear_pointer(&set->bytes, g_ptr_array_unref);
}

void output_set_add(struct output_set *set, const char *name, GBytes *bytes)
{
    g_assert(output_set_find(set, name) == NULL);
    g_ptr_array_add(set->names, g_strdup(name));
    g_ptr_array_add(set->bytes, bytes);
}

GBytes *output_set_find(const struct output_set *set, const char *name)
{
    for (guint i = 0; i < set->names->len; i++)
        if (strcmp(set->names->pdata[i], name) == 0)
            return set->bytes->pdata[i];
    return NULL;
}

/* The temporary file is O_EXCL in the target's own folder: a rename never crosses a file system. */
struct output_file {
    char *path, *temporary;
    int descriptor;
    int failed; /* errno of the first failure, or 0 */
};

struct output_file *output_file_open(const char *path, struct error *err)
{
    char *temporary = g_strdup_printf("%s.XXXXXX", path);
    int descriptor = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        error_set(err, ERROR_OUTPUT, "%s: cannot write: %s", path, g_strerror(errno));
        g_free(temporary);
        return NULL;
    }
    struct output_file *file = g_new0(struct output_file, 1);
    file->path = g_strdup(path);
    file->temporary = temporary;
    file->descriptor = descriptor;
    return file;
}

void output_file_append(struct output_file *file, const void *data, size_t size)
{
    const char *next = data;
    while (size > 0 && file->failed == 0) {
        ssize_t written = write(file->descriptor, next, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            file->failed = errno;
        } else {
            next += written;
            size -= (size_t)written;
        }
    }
}

int output_file_close(struct output_file *file, struct error *err)
{
    if (file->failed == 0 && fsync(file->descriptor) != 0)
        file->failed = errno;
    if (close(file->descriptor) != 0 && file->failed == 0)
        file->failed = errno;
    if (file->failed == 0 && g_rename(file->temporary, file->path) != 0)
        file->failed = errno;
    int result = 0;
    if (file->failed != 0) {
        g_unlink(file->temporary);
        result = error_set(err, ERROR_OUTPUT, "%s: cannot write: %s", file->path, g_strerror(file->failed));
    }
    g_free(file->path);
    g_free(file->temporary);
    g_free(file);
    return result;
}

int output_file_write(const char *path, const void *data, size_t size, struct error *err)
{
    struct output_file *file = output_file_open(path, err);
    if (file == NULL)
        return -1;
    output_file_append(file, data, size);
    return output_file_close(file, err);
}

/* Removes a folder of ours; what cannot be removed is left, and only ever a temporary name. */
static void folder_remove(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (dir != NULL) {
        for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
            char *path = g_build_filename(folder, name, NULL);
            if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
                folder_remove(path);
            else
                g_unlink(path);
            g_free(path);
        }
        g_dir_close(dir);
    }
    g_rmdir(folder);
}

static int files_write(const struct output_set *set, const char *folder, struct error *err)
{
    for (guint i = 0; i < set->names->len; i++) {
        gsize size;
        const void *data = g_bytes_get_data(set->bytes->pdata[i], &size);
        char *path = g_build_filename(folder, set->names->pdata[i], NULL);
        char *parent = g_path_get_dirname(path);
        int result = 0;
        if (g_mkdir_with_parents(parent, 0755) != 0)
            result =
                error_set(err, ERROR_OUTPUT, "%s: cannot make the folder: %s", parent, g_strerror(errno));
        else
            result = output_file_write(path, data, size, err);
        g_free(parent);
        g_free(path);
        if (result != 0)
            return -1;
    }
    return 0;
}

/* Puts the folder `fresh` in the place of `target`, of which `fresh` is then the old one: at once where the
 * file system can exchange two names (renameat2(2)), else by two renames between which a reader finds
 * nothing. */
static int folder_exchange(const char *fresh, const char *target)
{
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, target, RENAME_EXCHANGE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP)
        return errno;
    int failed = 0;
    char *old = g_strdup_printf("%s.old", fresh);
    if (g_rename(target, old) != 0)
        failed = errno;
    else if (g_rename(fresh, target) != 0) {
        failed = errno;
        (void)g_rename(old, target);
    } else if (g_rename(old, fresh) != 0) {
        folder_remove(old);
    }
    g_free(old);
    return failed;
}

/* So that a name given by rename survives a loss of power. Not every file system can; then nothing is lost
 * but that. */
static void folder_sync(const char *folder)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        (void)close(descriptor);
    }
}

/* Where the files go: the folder itself where the name is a link to it, and without slashes at the end. */
static char *real_target(const char *folder)
{
    char *resolved = realpath(folder, NULL);
    char *target = g_strdup(resolved != NULL ? resolved : folder);
    free(resolved);
    for (size_t length = strlen(target); length > 1 && target[length - 1] == '/'; length--)
        target[length - 1] = '\0';
    return target;
}

int output_set_publish(const struct output_set *set, const char *folder, struct error *err)
{
    char *target = real_target(folder);
    char *parent = g_path_get_dirname(target);
    char *base = g_path_get_basename(target);
    char *fresh = g_strdup_printf("%s/.%s.new.XXXXXX", parent, base);
    bool exists = g_file_test(target, G_FILE_TEST_EXISTS);
    int failed = 0;
    int result = -1;

    if (exists && !g_file_test(target, G_FILE_TEST_IS_DIR)) {
        error_set(err, ERROR_OUTPUT, "%s: is no folder, expected one, or a name that is free", folder);
        goto done;
    }
    if (g_mkdir_with_parents(parent, 0755) != 0 || g_mkdtemp_full(fresh, 0755) == NULL) {
        error_set(err, ERROR_OUTPUT, "%s: cannot write: %s", folder, g_strerror(errno));
        goto done;
    }
    if (files_write(set, fresh, err) == 0) {
        if (exists)
            failed = folder_exchange(fresh, target);
        else if (g_rename(fresh, target) != 0)
            failed = errno;
        if (failed != 0)
            error_set(err, ERROR_OUTPUT, "%s: cannot %s: %s", folder, exists ? "replace" : "write",
                      g_strerror(failed));
        else
            result = 0;
        folder_sync(parent);
    }
    if (exists || result != 0)
        folder_remove(fresh);
done:
    g_free(fresh);
    g_free(base);
    g_free(parent);
    g_free(target);
    return result;
}
