#include "render/provenance.h"

#include <string.h>

#include "render/manifest.h"
#include "render/template_folder.h"

static void file_free(gpointer data)
{
    struct provenance_file *file = data;
    g_free(file->name);
    g_free(file->sha256);
    g_free(file);
}

static void file_add(GPtrArray *files, const char *name, const char *path)
{
    char *bytes = NULL;
    gsize size = 0;
    if (path == NULL || !g_file_get_contents(path, &bytes, &size, NULL))
        return;
    struct provenance_file *file = g_new0(struct provenance_file, 1);
    file->name = g_strdup(name);
    file->sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    g_ptr_array_add(files, file);
    g_free(bytes);
}

static gint file_compare(gconstpointer a, gconstpointer b)
{
    const struct provenance_file *const *x = a;
    const struct provenance_file *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

GPtrArray *provenance_files(const struct publication *publication, const struct edition *edition,
                            const char *language, const char *template_name)
{
    const char *const templates[] = {template_name, "pages.xml", "style.css", "wording.csv"};
    GPtrArray *files = g_ptr_array_new_with_free_func(file_free);
    file_add(files, "publication.xml", publication->file);
    file_add(files, "sensors", publication->sensors_path);
    file_add(files, "services", publication->services_path);
    file_add(files, "regions", publication->regions_path);
    file_add(files, "maintenance", publication->maintenance_path);
    if (publication->knowledge_path != NULL) {
        char *path = publication_path(publication, publication->knowledge_path, edition);
        file_add(files, "knowledge", path);
        g_free(path);
    }
    file_add(files, PROVENANCE_IANA, publication->iana_path);
    for (size_t i = 0; i < G_N_ELEMENTS(templates); i++) {
        struct error ignored = {0};
        char *shown = NULL;
        char *path = template_folder_file(publication, edition, language, templates[i], &shown, &ignored);
        file_add(files, templates[i], path);
        g_free(shown);
        g_free(path);
    }
    g_ptr_array_sort(files, file_compare);
    return files;
}

/* out/2024q4, of another language than the first out/2024q4/en. */
static char *manifest_path(const struct publication *publication, const struct edition *edition,
                           const char *language)
{
    bool is_first = publication->languages == NULL || publication->languages[0] == NULL ||
                    strcmp(publication->languages[0], language) == 0;
    char *relative = g_strdup_printf("out/%s%s%s/" MANIFEST_NAME, edition->name, is_first ? "" : "/",
                                     is_first ? "" : language);
    char *path = publication_path(publication, relative, edition);
    g_free(relative);
    return path;
}

static gint name_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **provenance_changed(const struct publication *publication, const struct edition *edition,
                          const struct edition *other, const char *language)
{
    char *path = manifest_path(publication, other, language);
    GHashTable *listed = manifest_listed(path, "made_from");
    g_free(path);
    if (listed == NULL)
        return NULL;
    GPtrArray *changed = g_ptr_array_new();
    GPtrArray *files = provenance_files(publication, edition, language, "report.xhtml");
    for (guint i = 0; i < files->len; i++) {
        const struct provenance_file *file = files->pdata[i];
        if (g_strcmp0(g_hash_table_lookup(listed, file->name), file->sha256) != 0)
            g_ptr_array_add(changed, g_strdup(file->name));
        g_hash_table_remove(listed, file->name);
    }
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, listed); /* what is left has gone */
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(changed, g_strdup(name));
    g_ptr_array_sort(changed, name_compare);
    g_ptr_array_add(changed, NULL);
    g_ptr_array_unref(files);
    g_hash_table_unref(listed);
    return (char **)g_ptr_array_free(changed, FALSE);
}
