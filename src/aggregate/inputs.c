#include "aggregate/inputs.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "capture/archive.h"

#define INPUTS_MAGIC "teiten-inputs 1"

static void input_free(struct input *input)
{
    g_free(input->path);
    g_free(input->name);
    g_free(input);
}

static void inputs_init(struct inputs *inputs)
{
    inputs->configuration[0] = '\0';
    inputs->archives = g_ptr_array_new_with_free_func((GDestroyNotify)input_free);
    inputs->registries = g_ptr_array_new_with_free_func((GDestroyNotify)input_free);
}

void inputs_release(struct inputs *inputs)
{
    g_clear_pointer(&inputs->archives, g_ptr_array_unref);
    g_clear_pointer(&inputs->registries, g_ptr_array_unref);
}

char *input_name(const struct publication *publication, const char *path)
{
    size_t length = strlen(publication->folder);
    while (length > 0 && publication->folder[length - 1] == '/')
        length--;
    if (length > 0 && strncmp(path, publication->folder, length) == 0 && path[length] == '/') {
        path += length;
        while (*path == '/')
            path++;
    }
    GString *name = g_string_new(NULL);
    while (*path != '\0') {
        gunichar character = g_utf8_get_char_validated(path, -1);
        bool is_plain = character != (gunichar)-1 && character != (gunichar)-2 && character >= 0x20 &&
                        character != 0x7f && character != '\\';
        const char *next = is_plain ? g_utf8_next_char(path) : path + 1;
        if (is_plain)
            g_string_append_len(name, path, next - path);
        else
            g_string_append_printf(name, "\\x%02x", (unsigned)(uint8_t)*path);
        path = next;
    }
    return g_string_free(name, FALSE);
}

static int input_compare(gconstpointer a, gconstpointer b)
{
    const struct input *x = *(const struct input *const *)a;
    const struct input *y = *(const struct input *const *)b;
    return strcmp(x->name, y->name);
}

static int files_collect(const struct publication *publication, char *const *patterns,
                         const struct edition *edition, GPtrArray *inputs, struct error *err)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    int result = patterns == NULL ? 0 : publication_files(publication, patterns, edition, false, paths, err);
    for (guint i = 0; result == 0 && i < paths->len; i++) {
        const char *path = paths->pdata[i];
        struct stat status;
        if (stat(path, &status) != 0) {
            result = error_set(err, ERROR_INPUT, "%s: cannot read: %s", path, g_strerror(errno));
            break;
        }
        struct input *input = g_new0(struct input, 1);
        input->path = g_strdup(path);
        input->name = input_name(publication, path);
        input->size = (uint64_t)status.st_size;
        input->mtime_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
        input->inode = (uint64_t)status.st_ino;
        g_ptr_array_add(inputs, input);
    }
    g_ptr_array_sort(inputs, input_compare);
    g_ptr_array_unref(paths);
    return result;
}

/* "what: nothing at captures/2025q1, other/x*.pcap": where was looked, for an error. */
static int nothing_found(const struct publication *publication, char *const *patterns,
                         const struct edition *edition, const char *what, struct error *err)
{
    GString *places = g_string_new(NULL);
    for (size_t i = 0; patterns != NULL && patterns[i] != NULL; i++) {
        char *path = publication_path(publication, patterns[i], edition);
        g_string_append_printf(places, "%s%s", i > 0 ? ", " : "", path);
        g_free(path);
    }
    error_set(err, ERROR_INPUT, "%s: no %s found, expected some at: %s", edition->name, what,
              places->len > 0 ? places->str : "(publication.xml names no place)");
    g_string_free(places, TRUE);
    return -1;
}

int inputs_collect(struct inputs *inputs, const struct publication *publication,
                   const struct edition *edition, bool with_registries, struct error *err)
{
    inputs_init(inputs);
    if (files_collect(publication, publication->captures, edition, inputs->archives, err) != 0)
        goto failed;
    if (inputs->archives->len == 0) {
        nothing_found(publication, publication->captures, edition, "capture archives", err);
        goto failed;
    }
    if (!with_registries)
        return 0;
    if (files_collect(publication, publication->delegated, edition, inputs->registries, err) != 0)
        goto failed;
    if (inputs->registries->len == 0) {
        nothing_found(publication, publication->delegated, edition,
                      "registry files (RIR delegated statistics)", err);
        goto failed;
    }
    return 0;
failed:
    inputs_release(inputs);
    return -1;
}

static bool input_is_same(const struct input *a, const struct input *b)
{
    return strcmp(a->name, b->name) == 0 && a->size == b->size && a->mtime_ns == b->mtime_ns &&
           a->inode == b->inode;
}

int inputs_identify_registries(struct inputs *inputs, const struct inputs *known, struct error *err)
{
    for (guint i = 0; i < inputs->registries->len; i++) {
        struct input *input = inputs->registries->pdata[i];
        for (guint j = 0; known != NULL && j < known->registries->len; j++) {
            const struct input *other = known->registries->pdata[j];
            if (input_is_same(input, other))
                g_strlcpy(input->digest, other->digest, sizeof input->digest);
        }
        if (input->digest[0] != '\0')
            continue;
        struct archive_identity identity;
        if (archive_identify(input->path, &identity, err) != 0)
            return error_prefix(err, "registry");
        g_strlcpy(input->digest, identity.digest, sizeof input->digest);
    }
    return 0;
}

/* Names hold no tab or line feed: input_name escapes them. */
char *inputs_text(const struct inputs *inputs)
{
    GString *out = g_string_new(INPUTS_MAGIC "\n");
    g_string_append_printf(out, "configuration\t%s\n", inputs->configuration);
    for (guint i = 0; i < inputs->archives->len; i++) {
        const struct input *input = inputs->archives->pdata[i];
        g_string_append_printf(out, "archive\t%s\t%" PRIu64 "\t%" PRId64 "\t%" PRIu64 "\n", input->name,
                               input->size, input->mtime_ns, input->inode);
    }
    for (guint i = 0; i < inputs->registries->len; i++) {
        const struct input *input = inputs->registries->pdata[i];
        g_string_append_printf(out, "registry\t%s\t%" PRIu64 "\t%" PRId64 "\t%" PRIu64 "\t%s\n", input->name,
                               input->size, input->mtime_ns, input->inode, input->digest);
    }
    return g_string_free(out, FALSE);
}

static bool line_parse(struct inputs *inputs, const char *line)
{
    char **fields = g_strsplit(line, "\t", -1);
    guint count = g_strv_length(fields);
    bool is_archive = count == 5 && strcmp(fields[0], "archive") == 0;
    bool is_registry = count == 6 && strcmp(fields[0], "registry") == 0;
    bool is_negative = (is_archive || is_registry) && fields[3][0] == '-';
    uint64_t size, mtime, inode;
    bool is_sound = (is_archive || is_registry) && number_parse(fields[2], 0, UINT64_MAX, &size) &&
                    number_parse(fields[3] + (is_negative ? 1 : 0), 0, INT64_MAX, &mtime) &&
                    number_parse(fields[4], 0, UINT64_MAX, &inode);
    if (is_sound) {
        struct input *input = g_new0(struct input, 1);
        input->name = g_strdup(fields[1]);
        input->size = size;
        input->mtime_ns = is_negative ? -(int64_t)mtime : (int64_t)mtime;
        input->inode = inode;
        if (is_registry)
            g_strlcpy(input->digest, fields[5], sizeof input->digest);
        g_ptr_array_add(is_archive ? inputs->archives : inputs->registries, input);
    }
    g_strfreev(fields);
    return is_sound;
}

bool inputs_read(struct inputs *inputs, const char *path)
{
    char *text = NULL;
    inputs_init(inputs);
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        inputs_release(inputs);
        return false;
    }
    char **lines = g_strsplit(text, "\n", -1);
    guint count = g_strv_length(lines);
    bool is_sound = count >= 3 && strcmp(lines[0], INPUTS_MAGIC) == 0 &&
                    g_str_has_prefix(lines[1], "configuration\t") && lines[count - 1][0] == '\0';
    if (is_sound)
        g_strlcpy(inputs->configuration, lines[1] + strlen("configuration\t"), sizeof inputs->configuration);
    for (guint i = 2; is_sound && i + 1 < count; i++)
        is_sound = line_parse(inputs, lines[i]);
    g_strfreev(lines);
    g_free(text);
    if (!is_sound)
        inputs_release(inputs);
    return is_sound;
}

static char *list_difference(const GPtrArray *now, const GPtrArray *then)
{
    guint i = 0, j = 0;
    while (i < now->len || j < then->len) {
        const struct input *x = i < now->len ? now->pdata[i] : NULL;
        const struct input *y = j < then->len ? then->pdata[j] : NULL;
        int order = x == NULL ? 1 : y == NULL ? -1 : strcmp(x->name, y->name);
        if (order < 0)
            return g_strdup_printf("%s is new", x->name);
        if (order > 0)
            return g_strdup_printf("%s is gone", y->name);
        if (!input_is_same(x, y))
            return g_strdup_printf("%s changed", x->name);
        i++;
        j++;
    }
    return NULL;
}

char *inputs_difference(const struct inputs *now, const struct inputs *then)
{
    char *difference = list_difference(now->archives, then->archives);
    return difference != NULL ? difference : list_difference(now->registries, then->registries);
}
