/* The paths of a publication and the files that they stand for (publication.h). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

static guint identity_hash(gconstpointer key)
{
    const struct publication_file_identity *identity = key;
    guint64 mixed = identity->inode * 31 + identity->device;
    return g_int64_hash(&mixed);
}

static gboolean identity_equal(gconstpointer a, gconstpointer b)
{
    const struct publication_file_identity *x = a;
    const struct publication_file_identity *y = b;
    return x->device == y->device && x->inode == y->inode;
}

/* Since 1970. A year that does not fit, as careless tools and broken clocks set, is given as the last moment
 * that does: one that has not come yet, which nobody trusts. */
static int64_t nanoseconds_of(const struct timespec *time)
{
    int64_t whole;
    if (__builtin_mul_overflow((int64_t)time->tv_sec, INT64_C(1000000000), &whole) ||
        __builtin_add_overflow(whole, (int64_t)time->tv_nsec, &whole))
        return INT64_MAX;
    return whole;
}

/* All but the path. */
static void file_describe(struct publication_file *file, const struct stat *status)
{
    file->identity = (struct publication_file_identity){status->st_dev, status->st_ino};
    file->size = (uint64_t)status->st_size;
    file->mtime_ns = nanoseconds_of(&status->st_mtim);
    file->is_regular = S_ISREG(status->st_mode);
}

enum publication_file_found publication_file_look(const char *path, struct publication_file *file)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return PUBLICATION_FILE_MISSING;
    if (S_ISDIR(status.st_mode))
        return PUBLICATION_FILE_FOLDER;
    file_describe(file, &status);
    return PUBLICATION_FILE_FOUND;
}

/* Whether it is seen for the first time. */
static bool identity_add(GHashTable *seen, const struct stat *status)
{
    struct publication_file_identity *identity = g_new(struct publication_file_identity, 1);
    identity->device = status->st_dev;
    identity->inode = status->st_ino;
    return g_hash_table_add(seen, identity);
}

static int name_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void file_clear(gpointer file)
{
    g_free(((struct publication_file *)file)->path);
}

static int file_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(((const struct publication_file *)a)->path, ((const struct publication_file *)b)->path);
}

struct walk {
    GArray *found;      /* struct publication_file */
    bool met_again;     /* a folder that was walked before: its files are among `found` already */
    bool one_is_enough; /* the walk ends at the first file; links that lead nowhere are passed over */
    enum publication_links links;
    /* struct publication_file_identity of those entered: symbolic links may lead in circles. */
    GHashTable *folders;
    struct error *err;
};

static int folder_walk(struct walk *walk, const char *folder);

static bool walk_is_over(const struct walk *walk)
{
    return walk->one_is_enough && walk->found->len > 0;
}

/* A link that cannot be followed: taken, passed over, or as anything else that cannot be read an error with
 * `reason` (errno), as a capture may be missing. */
static int unseen_take(struct walk *walk, int folder, const char *name, const char *path, int reason)
{
    struct stat status;
    bool may_dangle = walk->one_is_enough || walk->links == PUBLICATION_LINKS_MAY_DANGLE;
    if (!may_dangle || fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISLNK(status.st_mode))
        return error_set(walk->err, ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(reason));
    if (walk->one_is_enough)
        return 0;
    struct publication_file found = {.path = g_strdup(path)};
    file_describe(&found, &status);
    found.size = 0;
    found.is_regular = true; /* its time tells whether it is the same link still */
    g_array_append_val(walk->found, found);
    return 0;
}

/* `name` is the path's end behind the folder that `folder` has open, or the path itself with AT_FDCWD.
 * Symbolic links are followed. */
static int path_take(struct walk *walk, int folder, const char *name, const char *path, bool named)
{
    struct stat status;
    if (fstatat(folder, name, &status, 0) != 0)
        return unseen_take(walk, folder, name, path, errno);
    if (S_ISDIR(status.st_mode)) {
        if (identity_add(walk->folders, &status))
            return folder_walk(walk, path);
        walk->met_again = true;
        return 0;
    }
    if (!S_ISREG(status.st_mode) && !named)
        return error_set(walk->err, ERROR_INPUT, "%s: neither a file nor a folder, expected one of them",
                         path);
    struct publication_file found = {.path = g_strdup(path)};
    file_describe(&found, &status);
    g_array_append_val(walk->found, found);
    return 0;
}

/* The names that are not hidden, in order; NULL and errno. */
static GPtrArray *names_read(DIR *dir)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const struct dirent *entry;
    for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0)
        if (entry->d_name[0] != '.')
            g_ptr_array_add(names, g_strdup(entry->d_name));
    if (errno != 0) {
        g_ptr_array_unref(names);
        return NULL;
    }
    g_ptr_array_sort(names, name_compare);
    return names;
}

/* In order of names, so that what is met twice keeps the same name everywhere. */
static int folder_walk(struct walk *walk, const char *folder)
{
    DIR *dir = opendir(folder);
    GPtrArray *names = dir != NULL ? names_read(dir) : NULL;
    int result = 0;
    if (names == NULL)
        result =
            error_set(walk->err, ERROR_INPUT, "%s: cannot read the folder: %s", folder, g_strerror(errno));
    for (guint i = 0; result == 0 && i < names->len && !walk_is_over(walk); i++) {
        char *path = g_build_filename(folder, names->pdata[i], NULL);
        result = path_take(walk, dirfd(dir), names->pdata[i], path, false);
        g_free(path);
    }
    g_clear_pointer(&names, g_ptr_array_unref);
    if (dir != NULL)
        closedir(dir);
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
            result = path_take(walk, AT_FDCWD, matches.gl_pathv[i], matches.gl_pathv[i], true);
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
        result = path_take(walk, AT_FDCWD, joined, joined, true);
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

static void walk_init(struct walk *walk, struct error *err)
{
    memset(walk, 0, sizeof *walk);
    walk->found = g_array_new(FALSE, FALSE, sizeof(struct publication_file));
    g_array_set_clear_func(walk->found, file_clear);
    walk->folders = g_hash_table_new_full(identity_hash, identity_equal, g_free, NULL);
    walk->err = err;
}

bool publication_has_files(const struct publication *publication, char *const *paths,
                           const struct edition *edition)
{
    struct error ignored;
    struct walk walk;
    walk_init(&walk, &ignored);
    walk.one_is_enough = true;
    int result = 0;
    for (; *paths != NULL && result == 0 && !walk_is_over(&walk); paths++)
        result = path_expand(&walk, publication, *paths, edition, false);
    bool found = result != 0 || walk.found->len > 0;
    g_array_unref(walk.found);
    g_hash_table_unref(walk.folders);
    return found;
}

/* One file under two names would be counted twice: the first name stands. */
static void doubles_drop(GArray *files)
{
    GHashTable *seen = g_hash_table_new(identity_hash, identity_equal);
    guint kept = 0;
    for (guint i = 0; i < files->len; i++) {
        struct publication_file *file = &g_array_index(files, struct publication_file, i);
        struct publication_file *to = &g_array_index(files, struct publication_file, kept);
        if (g_hash_table_contains(seen, &file->identity))
            continue;
        struct publication_file taken = *file;
        *file = *to;
        *to = taken;
        g_hash_table_add(seen, &to->identity);
        kept++;
    }
    g_hash_table_unref(seen);
    g_array_set_size(files, kept);
}

GArray *publication_files_look(const struct publication *publication, char *const *paths,
                               const struct edition *edition, bool required, enum publication_links links,
                               struct error *err)
{
    struct walk walk;
    int result = 0;
    walk_init(&walk, err);
    walk.links = links;
    for (; *paths != NULL && result == 0; paths++)
        result = path_expand(&walk, publication, *paths, edition, required);
    g_hash_table_unref(walk.folders);
    if (result != 0) {
        g_array_unref(walk.found);
        return NULL;
    }
    g_array_sort(walk.found, file_compare);
    doubles_drop(walk.found);
    return walk.found;
}

int publication_files(const struct publication *publication, char *const *paths,
                      const struct edition *edition, bool required, GPtrArray *files, struct error *err)
{
    GArray *found =
        publication_files_look(publication, paths, edition, required, PUBLICATION_LINKS_LEAD, err);
    if (found == NULL)
        return -1;
    for (guint i = 0; i < found->len; i++)
        g_ptr_array_add(files, g_steal_pointer(&g_array_index(found, struct publication_file, i).path));
    g_array_unref(found);
    return 0;
}
