#include "render/template_folder.h"

#include "base/data_folder.h"

/* Of the files that ship with the program: the language's own, else the one for all languages. */
static char *shipped_file(const char *language, const char *name, char **shown, struct error *err)
{
    char *candidates[] = {g_build_filename("templates", language, name, NULL),
                          g_build_filename("templates", name, NULL)};
    struct error ignored = {0};
    char *path = data_folder_path(candidates[0], err);
    *shown = path != NULL ? g_strdup(candidates[0]) : NULL;
    if (path == NULL && (path = data_folder_path(candidates[1], &ignored)) != NULL) {
        *err = (struct error){0};
        *shown = g_strdup(candidates[1]);
    }
    g_free(candidates[0]);
    g_free(candidates[1]);
    return path;
}

char *template_folder_file(const struct publication *publication, const struct edition *edition,
                           const char *language, const char *name, char **shown, struct error *err)
{
    *shown = NULL;
    if (publication->template_folder != NULL) {
        char *folder = publication_path(publication, publication->template_folder, edition);
        char *candidates[] = {g_build_filename(folder, language, name, NULL),
                              g_build_filename(folder, name, NULL)};
        char *path = NULL;
        for (size_t i = 0; i < G_N_ELEMENTS(candidates); i++) {
            if (path == NULL && g_file_test(candidates[i], G_FILE_TEST_IS_REGULAR))
                path = g_strdup(candidates[i]);
            g_free(candidates[i]);
        }
        bool is_folder = g_file_test(folder, G_FILE_TEST_IS_DIR);
        if (!is_folder)
            error_set(err, ERROR_INPUT, "%s: no such folder, expected the templates of the publication",
                      folder);
        g_free(folder);
        if (!is_folder)
            return NULL;
        if (path != NULL) {
            *shown = g_strdup(path);
            return path;
        }
    }
    return shipped_file(language, name, shown, err);
}
