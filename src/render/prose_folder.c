#include "render/prose_folder.h"

#include <string.h>

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *prose_folder_path(const struct publication *publication, const struct edition *edition,
                        const char *language)
{
    const char *named = publication->prose_folder != NULL ? publication->prose_folder : "editions/{edition}";
    char *shared = publication_path(publication, named, edition);
    if (publication->languages == NULL || publication->languages[0] == NULL ||
        strcmp(publication->languages[0], language) == 0)
        return shared;
    char *own = g_build_filename(shared, language, NULL);
    g_free(shared);
    return own;
}

GPtrArray *prose_folder_names(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (dir == NULL)
        return names;
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        if (name[0] != '.' && g_str_has_suffix(name, ".xhtml"))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(".xhtml")));
    g_dir_close(dir);
    g_ptr_array_sort(names, compare_names);
    return names;
}
