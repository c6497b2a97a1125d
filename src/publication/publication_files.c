/* The paths of a publication and the files that they stand for (publication.h). */
#include <errno.h>
#include <glib/gstdio.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "publication/publication.h"

static void replace(GString *text, const char *placeholder, const char *value)
{
    g_string_replace(text, placeholder, value, 0);
}

static char *placeholders_fill(const char *path, const struct edition *edition)
{
    GString *out = g_string_new(path);
    if (edition != NULL) {
        char *year = g_strdup_printf("%d", edition->fiscal_year);
        char *quarter = g_strdup_printf("%d", edition->quarter);
        replace(out, "{edition}", edition->name);
        replace(out, "{fiscal-year}", year);
        replace(out, "{quarter}", quarter);
        g_free(year);
        g_free(quarter);
    }
    return g_string_free(out, FALSE);
}

/* The current folder adds nothing to a name. */
static char *folder_join(const char *folder, const char *path)
{
    if (g_path_is_absolute(path) || strcmp(folder, ".") == 0)
        return g_strdup(path);
    return g_build_filename(folder, path, NULL);
}

char *publication_path(const struct publication *publication, const char *path, const struct edition *edition)
{
    char *filled = placeholders_fill(path, edition);
    char *joined = folder_join(publication->folder, filled);
    g_free(filled);
    return joined;
}

/* ---- walking ---- */

/* Device and inode: what a file is, by whatever name. */
struct identity {
    dev_t device;
    ino_t inode;
};

static guint identity_hash(gconstpointer key)
{
    const struct identity *identity = key;
    guint64 mixed = (guint64)identity->inode * 31 + (guint64)identity->device;
    return g_int64_hash(&mixed);
}

static gboolean identity_equal(gconstpointer a, gconstpointer b)
{
    const struct identity *x = a;
    const struct identity *y = b;
    return x->device == y->device && x->inode == y->inode;
}

/* Whether it is seen for the first time. */
static bool identity_add(GHashTable *seen, const struct stat *status)
{
    struct identity *identity = g_new(struct identity, 1);
    identity->device = status->st_dev;
    identity->inode = status->st_ino;
    return g_hash_table_add(seen, identity);
}

static int name_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct found_file {
    char *path;
    struct identity identity;
};

static void found_clear(gpointer found)
{
    g_free(((struct found_file *)found)->path);
}

static int found_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct found_file *)a)->path, ((const struct found_file *)b)->path);
}

struct walk {
    GArray *found;       /* struct found_file */
    bool met_again;      /* a folder that was walked before: its files are among `found` already */
    bool one_is_enough;  /* the walk ends at the first file */
    GHashTable *folders; /* struct identity of those entered: symbolic links may lead in circles */
    struct error *err;
};

static int folder_walk(struct walk *walk, const char *folder);

static bool walk_is_over(const struct walk *walk)
{
    return walk->one_is_enough && walk->found->len > 0;
}

/* Symbolic links are followed; one that leads nowhere is an error, as a capture may be missing. */
static int path_take(struct walk *walk, const char *path, bool named)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_set(walk->err, ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(errno));
    if (S_ISDIR(status.st_mode)) {
        if (identity_add(walk->folders, &status))
            return folder_walk(walk, path);
        walk->met_again = true;
        return 0;
    }
    if (!S_ISREG(status.st_mode) && !named)
        return error_set(walk->err, ERROR_INPUT, "%s: neither a file nor a folder, expected one of them",
                         path);
    struct found_file found = {.path = g_strdup(path), .identity = {status.st_dev, status.st_ino}};
    g_array_append_val(walk->found, found);
    return 0;
}

/* In order of names, so that what is met twice keeps the same name everywhere. */
static int folder_walk(struct walk *walk, const char *folder)
{
    GError *failure = NULL;
    GDir *dir = g_dir_open(folder, 0, &failure);
    if (dir == NULL) {
        error_set(walk->err, ERROR_INPUT, "%s: cannot read the folder: %s", folder, failure->message);
        g_error_free(failure);
        return -1;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, name_compare);
    int result = 0;
    for (guint i = 0; i < names->len && result == 0 && !walk_is_over(walk); i++) {
        char *path = g_build_filename(folder, names->pdata[i], NULL);
        result = path_take(walk, path, false);
        g_free(path);
    }
    g_ptr_array_unref(names);
    return result;
}

/* ---- globs ---- */

/* The folder is a name, not a pattern, whatever characters it holds. */
static char *pattern_join(const char *folder, const char *pattern)
{
    GString *escaped = g_string_new(NULL);
    for (const char *c = folder; *c != '\0'; c++) {
        if (strchr("*?[]\\", *c) != NULL)
            g_string_append_c(escaped, '\\');
        g_string_append_c(escaped, *c);
    }
    char *joined = folder_join(escaped->str, pattern);
    g_string_free(escaped, TRUE);
    return joined;
}

static int glob_failure(const char *path, int reason)
{
    (void)path;
    /* A folder that is not there matches nothing; one that may not be read would hide files. */
    return reason != ENOENT && reason != ENOTDIR;
}

static int pattern_take(struct walk *walk, const char *folder, const char *pattern)
{
    char *joined = pattern_join(folder, pattern);
    glob_t matches;
    int result = 0;
    int status = glob(joined, GLOB_NOSORT, glob_failure, &matches);
    if (status == GLOB_ABORTED)
        result = error_set(walk->err, ERROR_INPUT, "%s: cannot read a folder of this pattern: %s", joined,
                           g_strerror(errno));
    else if (status == GLOB_NOSPACE)
        g_error("glob: out of memory");
    if (status == 0) {
        qsort(matches.gl_pathv, matches.gl_pathc, sizeof *matches.gl_pathv, name_compare);
        for (size_t i = 0; i < matches.gl_pathc && result == 0 && !walk_is_over(walk); i++)
            result = path_take(walk, matches.gl_pathv[i], true);
    }
    globfree(&matches);
    g_free(joined);
    return result;
}

static int path_expand(struct walk *walk, const struct publication *publication, const char *path,
                       const struct edition *edition, bool required)
{
    char *filled = placeholders_fill(path, edition);
    char *joined = folder_join(publication->folder, filled);
    guint before = walk->found->len;
    walk->met_again = false;
    int result;
    struct stat status;
    /* A name is taken as it stands before it is taken for a pattern. */
    if (lstat(joined, &status) == 0)
        result = path_take(walk, joined, true);
    else if (strpbrk(filled, "*?[") != NULL)
        result = pattern_take(walk, publication->folder, filled);
    else if (errno == ENOENT || errno == ENOTDIR)
        result = 0;
    else
        result = error_set(walk->err, ERROR_INPUT, "%s: cannot read: %s", joined, g_strerror(errno));
    if (result == 0 && required && walk->found->len == before && !walk->met_again)
        result = error_set(walk->err, ERROR_INPUT,
                           "%s: nothing found, expected a file, a folder with files, or a pattern "
                           "of their names",
                           joined);
    g_free(filled);
    g_free(joined);
    return result;
}

bool publication_has_files(const struct publication *publication, char *const *paths,
                           const struct edition *edition)
{
    struct error ignored;
    struct walk walk = {
        .found = g_array_new(FALSE, FALSE, sizeof(struct found_file)),
        .one_is_enough = true,
        .folders = g_hash_table_new_full(identity_hash, identity_equal, g_free, NULL),
        .err = &ignored,
    };
    g_array_set_clear_func(walk.found, found_clear);
    for (int result = 0; *paths != NULL && result == 0 && !walk_is_over(&walk); paths++)
        result = path_expand(&walk, publication, *paths, edition, false);
    bool found = walk.found->len > 0;
    g_array_unref(walk.found);
    g_hash_table_unref(walk.folders);
    return found;
}

int publication_files(const struct publication *publication, char *const *paths,
                      const struct edition *edition, bool required, GPtrArray *files, struct error *err)
{
    struct walk walk = {
        .found = g_array_new(FALSE, FALSE, sizeof(struct found_file)),
        .folders = g_hash_table_new_full(identity_hash, identity_equal, g_free, NULL),
        .err = err,
    };
    GHashTable *seen = g_hash_table_new_full(identity_hash, identity_equal, g_free, NULL);
    int result = 0;
    g_array_set_clear_func(walk.found, found_clear);
    for (; *paths != NULL && result == 0; paths++)
        result = path_expand(&walk, publication, *paths, edition, required);
    g_array_sort(walk.found, found_compare);
    /* One file under two names would be counted twice: the first name stands. */
    for (guint i = 0; i < walk.found->len && result == 0; i++) {
        struct found_file *file = &g_array_index(walk.found, struct found_file, i);
        if (g_hash_table_add(seen, g_memdup2(&file->identity, sizeof file->identity)))
            g_ptr_array_add(files, g_steal_pointer(&file->path));
    }
    g_hash_table_unref(seen);
    g_hash_table_unref(walk.folders);
    g_array_unref(walk.found);
    return result;
}
