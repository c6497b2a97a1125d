#include "base/output_set.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <stdbool.h>
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
int output_file_write(const char *path, const void *data, size_t size, struct error *err)
{
    char *temporary = g_strdup_printf("%s.XXXXXX", path);
    int descriptor = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0644);
    if (descriptor < 0) {
        error_set(err, ERROR_OUTPUT, "%s: cannot write: %s", path, g_strerror(errno));
        g_free(temporary);
        return -1;
    }
    const char *next = data;
    size_t left = size;
    int failed = 0;
    while (left > 0 && failed == 0) {
        ssize_t written = write(descriptor, next, left);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            failed = errno;
        } else {
            next += written;
            left -= (size_t)written;
        }
    }
    if (failed == 0 && fsync(descriptor) != 0)
        failed = errno;
    if (close(descriptor) != 0 && failed == 0)
        failed = errno;
    if (failed == 0 && g_rename(temporary, path) != 0)
        failed = errno;
    if (failed != 0) {
        g_unlink(temporary);
        error_set(err, ERROR_OUTPUT, "%s: cannot write: %s", path, g_strerror(failed));
    }
    g_free(temporary);
    return failed == 0 ? 0 : -1;
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

int output_set_publish(const struct output_set *set, const char *folder, struct error *err)
{
    char *trimmed = g_strdup(folder);
    for (size_t length = strlen(trimmed); length > 1 && trimmed[length - 1] == '/'; length--)
        trimmed[length - 1] = '\0';
    char *parent = g_path_get_dirname(trimmed);
    char *base = g_path_get_basename(trimmed);
    char *fresh = g_strdup_printf("%s/.%s.new.XXXXXX", parent, base);
    char *old = g_strdup_printf("%s/.%s.old.XXXXXX", parent, base);
    int result = -1;

    if (g_mkdir_with_parents(parent, 0755) != 0 || g_mkdtemp_full(fresh, 0755) == NULL) {
        error_set(err, ERROR_OUTPUT, "%s: cannot write: %s", trimmed, g_strerror(errno));
        goto done;
    }
    if (files_write(set, fresh, err) != 0) {
        folder_remove(fresh);
        goto done;
    }
    bool had_old = g_file_test(trimmed, G_FILE_TEST_EXISTS);
    if (had_old && (g_mkdtemp_full(old, 0755) == NULL || g_rename(trimmed, old) != 0)) {
        error_set(err, ERROR_OUTPUT, "%s: cannot replace: %s", trimmed, g_strerror(errno));
        g_rmdir(old);
        folder_remove(fresh);
        goto done;
    }
    if (g_rename(fresh, trimmed) != 0) {
        error_set(err, ERROR_OUTPUT, "%s: cannot write: %s", trimmed, g_strerror(errno));
        if (had_old)
            (void)g_rename(old, trimmed);
        folder_remove(fresh);
        goto done;
    }
    if (had_old)
        folder_remove(old);
    result = 0;
done:
    g_free(old);
    g_free(fresh);
    g_free(base);
    g_free(parent);
    g_free(trimmed);
    return result;
}
