#include "base/data_folder.h"

#include <glib.h>

#ifndef TEITEN_PKGDATADIR
#define TEITEN_PKGDATADIR "/usr/local/share/teiten"
#endif

char *data_folder_path(const char *name, struct error *err)
{
    char *program = g_file_read_link("/proc/self/exe", NULL);
    char *program_folder = program != NULL ? g_path_get_dirname(program) : g_strdup(".");
    const char *named = g_getenv("TEITEN_DATA");
    char *candidates[] = {
        named != NULL && *named != '\0' ? g_build_filename(named, name, NULL) : NULL,
        g_build_filename(program_folder, "share", "teiten", name, NULL),
        g_build_filename(program_folder, "..", "share", "teiten", name, NULL),
        g_build_filename(TEITEN_PKGDATADIR, name, NULL),
    };
    char *found = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(candidates); i++) {
        if (candidates[i] != NULL && found == NULL && g_file_test(candidates[i], G_FILE_TEST_EXISTS))
            found = g_canonicalize_filename(candidates[i], NULL);
        g_free(candidates[i]);
    }
    if (found == NULL)
        error_set(
            err, ERROR_INPUT,
            "%s: not found beside the program, expected among the files that ship with teiten (TEITEN_DATA "
            "names their folder)",
            name);
    g_free(program_folder);
    g_free(program);
    return found;
}
