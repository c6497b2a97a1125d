/* file_list.h - every file below folders, in the order of their names as bytes.
 *
 *     GPtrArray *paths = file_list_new(folders, folder_count);      // char *
 *     g_ptr_array_unref(paths);
 */
#ifndef TEITEN_TESTS_FUZZ_FILE_LIST_H
#define TEITEN_TESTS_FUZZ_FILE_LIST_H

#include <glib.h>
#include <string.h>

static inline int file_list_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline void file_list_find(const char *folder, GPtrArray *paths)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            file_list_find(path, paths);
            g_free(path);
        } else {
            g_ptr_array_add(paths, path);
        }
    }
    if (dir)
        g_dir_close(dir);
}

static inline GPtrArray *file_list_new(char *const *folders, int folder_count)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < folder_count; i++)
        file_list_find(folders[i], paths);
    g_ptr_array_sort(paths, file_list_compare);
    return paths;
}

#endif
