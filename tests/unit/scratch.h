/* scratch.h - files that a unit test writes for the code under test, in a folder of its own.
 *
 *     struct scratch scratch;
 *     scratch_init(&scratch);
 *     const char *path = scratch_write(&scratch, "sensors.csv", "id,prefix\n");   // borrowed
 *     scratch_release(&scratch);                                                   // removes everything
 */
#ifndef TEITEN_TESTS_SCRATCH_H
#define TEITEN_TESTS_SCRATCH_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

struct scratch {
    char *folder;
    GPtrArray *paths; /* char *, lent out */
};

static inline void scratch_init(struct scratch *scratch)
{
    scratch->folder = g_dir_make_tmp("teiten-test-XXXXXX", NULL);
    g_assert(scratch->folder != NULL);
    scratch->paths = g_ptr_array_new_with_free_func(g_free);
}

static inline const char *scratch_path(struct scratch *scratch, const char *name)
{
    char *path = g_build_filename(scratch->folder, name, NULL);
    g_ptr_array_add(scratch->paths, path);
    return path;
}

/* Folders on the way are made. */
static inline const char *scratch_write_bytes(struct scratch *scratch, const char *name, const void *data,
                                              size_t size)
{
    const char *path = scratch_path(scratch, name);
    char *parent = g_path_get_dirname(path);
    int made = g_mkdir_with_parents(parent, 0755);
    g_assert(made == 0);
    g_free(parent);
    gboolean written = g_file_set_contents(path, data, (gssize)size, NULL);
    g_assert(written);
    return path;
}

static inline const char *scratch_write(struct scratch *scratch, const char *name, const char *text)
{
    return scratch_write_bytes(scratch, name, text, strlen(text));
}

static inline void scratch_remove(const char *path)
{
    GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    if (dir != NULL) {
        for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir)) {
            char *inner = g_build_filename(path, name, NULL);
            scratch_remove(inner);
            g_free(inner);
        }
        g_dir_close(dir);
    }
    g_remove(path);
}

static inline void scratch_release(struct scratch *scratch)
{
    scratch_remove(scratch->folder);
    g_ptr_array_unref(scratch->paths);
    g_free(scratch->folder);
}

/* For cmocka_unit_test_setup_teardown: *state is a struct scratch *. */
static inline int scratch_set_up(void **state)
{
    struct scratch *scratch = g_new0(struct scratch, 1);
    scratch_init(scratch);
    *state = scratch;
    return 0;
}

static inline int scratch_tear_down(void **state)
{
    scratch_release(*state);
    g_free(*state);
    return 0;
}

/* An error text ought to be FILE followed by `rest`. */
static inline char *scratch_message(const char *file, const char *rest)
{
    return g_strconcat(file, rest, NULL);
}

#endif
