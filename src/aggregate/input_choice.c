#include "aggregate/input_choice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A file, and where it was named first. */
struct named {
    struct publication_file_identity identity;
    char *place; /* "line 3", or the path */
};

struct chooser {
    const struct publication *publication;
    GPtrArray *inputs;
    GHashTable *seen; /* struct named * */
    struct warning_log *log;
    struct error *err;
};

static guint named_hash(gconstpointer key)
{
    const struct named *named = key;
    guint64 mixed = named->identity.inode * 31 + named->identity.device;
    return g_int64_hash(&mixed);
}

static gboolean named_equal(gconstpointer a, gconstpointer b)
{
    const struct named *x = a;
    const struct named *y = b;
    return x->identity.device == y->identity.device && x->identity.inode == y->identity.inode;
}

static void named_free(gpointer data)
{
    struct named *named = data;
    g_free(named->place);
    g_free(named);
}

/* Takes one file; `place` says where it was named. */
static void file_take(struct chooser *chooser, const struct publication_file *file, const char *place)
{
    struct named *named = g_new0(struct named, 1);
    named->identity = file->identity;
    named->place = g_strdup(place);
    const struct named *before = g_hash_table_lookup(chooser->seen, named);
    if (before != NULL) {
        warning_add(chooser->log, "archives named twice",
                    "aggregate: %s: %s is the same file as that of %s, counted once", place, file->path,
                    before->place);
        named_free(named);
        return;
    }
    g_hash_table_add(chooser->seen, named);
    input_add(chooser->inputs, chooser->publication, file);
}

static void stdin_take(struct chooser *chooser, const char *place)
{
    char path[] = "-";
    file_take(chooser, &(struct publication_file){.path = path}, place);
}

static int path_take(struct chooser *chooser, char *path, const char *place)
{
    struct publication_file file = {.path = path};
    if (strcmp(path, "-") == 0) {
        stdin_take(chooser, place);
        return 0;
    }
    switch (publication_file_look(path, &file)) {
    case PUBLICATION_FILE_MISSING:
        return error_set(chooser->err, ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(errno));
    case PUBLICATION_FILE_FOLDER:
        return error_set(chooser->err, ERROR_INPUT, "%s: a folder, expected a file", path);
    case PUBLICATION_FILE_FOUND:
        break;
    }
    file_take(chooser, &file, place);
    return 0;
}

static int list_parse(struct chooser *chooser, const char *name, const char *text, size_t size)
{
    size_t number = 0;
    const char *end = text + size;
    for (const char *line = text; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((stop == NULL ? end : stop) - line);
        char *path = g_strndup(line, length);
        char *place = g_strdup_printf("%s: line %zu", name, ++number);
        int result = 0;
        if (strlen(path) != length)
            result = error_set(chooser->err, ERROR_INPUT, "a NUL byte, expected one path");
        else if (length > 0 && path[length - 1] == '\r')
            result = error_set(chooser->err, ERROR_INPUT,
                               "it ends with a carriage return, expected a path and a line feed alone");
        else if (strcmp(path, "-") == 0 && strcmp(name, "standard input") == 0)
            result = error_set(chooser->err, ERROR_INPUT,
                               "- is standard input, which is the list itself, expected a path");
        else if (length > 0)
            result = path_take(chooser, path, place);
        if (result != 0)
            error_prefix(chooser->err, "%s", place);
        g_free(place);
        g_free(path);
        if (result != 0)
            return -1;
        line += length + 1;
    }
    if (chooser->inputs->len == 0)
        return error_set(chooser->err, ERROR_INPUT, "%s: names no archive, expected one path a line", name);
    return 0;
}

static GByteArray *stdin_read(struct error *err)
{
    GByteArray *bytes = g_byte_array_new();
    uint8_t block[65536];
    size_t got;
    while ((got = fread(block, 1, sizeof block, stdin)) > 0)
        g_byte_array_append(bytes, block, (guint)got);
    if (!ferror(stdin))
        return bytes;
    error_set(err, ERROR_INPUT, "standard input: cannot read: %s", g_strerror(errno));
    g_byte_array_unref(bytes);
    return NULL;
}

static int list_read(struct chooser *chooser, const char *path)
{
    if (strcmp(path, "-") == 0) {
        GByteArray *bytes = stdin_read(chooser->err);
        int result =
            bytes == NULL ? -1 : list_parse(chooser, "standard input", (const char *)bytes->data, bytes->len);
        if (bytes != NULL)
            g_byte_array_unref(bytes);
        return result;
    }
    char *text = NULL;
    gsize size = 0;
    struct publication_file file;
    if (publication_file_look(path, &file) == PUBLICATION_FILE_FOLDER)
        return error_set(chooser->err, ERROR_INPUT, "%s: a folder, expected a file with one path a line",
                         path);
    if (!g_file_get_contents(path, &text, &size, NULL))
        return error_set(chooser->err, ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(errno));
    int result = list_parse(chooser, path, text, size);
    g_free(text);
    return result;
}

/* Files, folders and globs as in publication.xml, but relative to the current folder, as on any command line.
 */
static int pattern_take(struct chooser *chooser, const char *pattern, const struct edition *edition)
{
    if (strcmp(pattern, "-") == 0) {
        stdin_take(chooser, pattern);
        return 0;
    }
    /* As of a shell's variable that is not set: to canonicalise, the current folder with all that is in it.
     */
    if (*pattern == '\0')
        return error_set(chooser->err, ERROR_INPUT,
                         "'': an empty path, expected a file, a folder or a pattern of files");
    char *full = g_path_is_absolute(pattern) ? g_strdup(pattern) : g_canonicalize_filename(pattern, NULL);
    char *patterns[] = {full, NULL};
    GArray *files = publication_files_look(chooser->publication, patterns, edition, true,
                                           inputs_links(chooser->publication), chooser->err);
    for (guint i = 0; files != NULL && i < files->len; i++)
        file_take(chooser, &g_array_index(files, struct publication_file, i), pattern);
    g_free(full);
    if (files == NULL)
        return -1;
    g_array_unref(files);
    return 0;
}

int input_choice_collect(const struct input_choice *choice, const struct publication *publication,
                         const struct edition *edition, GPtrArray *inputs, struct warning_log *log,
                         struct error *err)
{
    struct chooser chooser = {
        .publication = publication,
        .inputs = inputs,
        .seen = g_hash_table_new_full(named_hash, named_equal, named_free, NULL),
        .log = log,
        .err = err,
    };
    int result = choice->files_from == NULL ? 0 : list_read(&chooser, choice->files_from);
    for (char *const *archive = choice->archives; archive != NULL && *archive != NULL && result == 0;
         archive++)
        result = pattern_take(&chooser, *archive, edition);
    g_hash_table_unref(chooser.seen);
    return result;
}
