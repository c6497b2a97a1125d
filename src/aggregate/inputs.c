#include "aggregate/inputs.h"

#include <inttypes.h>
#include <string.h>

#include "aggregate/input_choice.h"
#include "base/number.h"
#include "capture/archive.h"

#define INPUTS_MAGIC "teiten-inputs 2"

static void input_free(struct input *input)
{
    g_free(input->path);
    g_free(input->name);
    g_free(input);
}

void inputs_init(struct inputs *inputs)
{
    inputs->configuration[0] = '\0';
    inputs->settings = g_ptr_array_new_with_free_func(g_free);
    inputs->archives = g_ptr_array_new_with_free_func((GDestroyNotify)input_free);
    inputs->registries = g_ptr_array_new_with_free_func((GDestroyNotify)input_free);
    inputs->region_folder = NULL;
}

void inputs_release(struct inputs *inputs)
{
    g_clear_pointer(&inputs->settings, g_ptr_array_unref);
    g_clear_pointer(&inputs->archives, g_ptr_array_unref);
    g_clear_pointer(&inputs->registries, g_ptr_array_unref);
    g_clear_pointer(&inputs->region_folder, g_free);
}

/* Whether all of it is text that stands for itself: printable ASCII without the backslash. */
static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < 0x20 || *text > 0x7e || *text == '\\')
            return false;
    return true;
}

/* The path's part after the folder, or NULL when it lies elsewhere. */
static const char *inside(const char *folder, const char *path)
{
    size_t length = strlen(folder);
    while (length > 0 && folder[length - 1] == '/')
        length--;
    if (length == 0 || strncmp(path, folder, length) != 0 || path[length] != '/')
        return NULL;
    path += length;
    return path + strspn(path, "/");
}

static char *text_escaped(const char *text)
{
    GString *name = g_string_new(NULL);
    while (*text != '\0') {
        gunichar character = g_utf8_get_char_validated(text, -1);
        bool stands = character != (gunichar)-1 && character != (gunichar)-2 && character >= 0x20 &&
                      character != 0x7f && character != '\\';
        const char *next = stands ? g_utf8_next_char(text) : text + 1;
        if (stands)
            g_string_append_len(name, text, next - text);
        else
            g_string_append_printf(name, "\\x%02x", (unsigned)(uint8_t)*text);
        text = next;
    }
    return g_string_free(name, FALSE);
}

static char *input_name(const struct publication *publication, const char *path)
{
    char *full_folder = NULL, *full_path = NULL;
    const char *rest = inside(publication->folder, path);
    if (rest == NULL && strcmp(path, "-") != 0) {
        full_folder = g_canonicalize_filename(publication->folder, NULL);
        full_path = g_canonicalize_filename(path, NULL);
        rest = inside(full_folder, full_path);
    }
    if (rest == NULL)
        rest = path;
    char *name = is_plain(rest) ? g_strdup(rest) : text_escaped(rest);
    g_free(full_folder);
    g_free(full_path);
    return name;
}

static int input_compare(gconstpointer a, gconstpointer b)
{
    const struct input *x = *(const struct input *const *)a;
    const struct input *y = *(const struct input *const *)b;
    return strcmp(x->name, y->name);
}

enum { TRUST_AFTER_NS = 1000000000 };

void input_add(GPtrArray *inputs, const struct publication *publication, const struct publication_file *file)
{
    struct input *input = g_new0(struct input, 1);
    input->path = g_strdup(file->path);
    input->name = input_name(publication, file->path);
    input->mtime_ns = -1;
    /* Pipes and devices have no size or time worth a word. */
    input->is_file = file->is_regular;
    if (file->is_regular) {
        input->size = file->size;
        input->inode = file->identity.inode;
        if (file->mtime_ns <= g_get_real_time() * 1000 - TRUST_AFTER_NS)
            input->mtime_ns = file->mtime_ns;
    }
    g_ptr_array_add(inputs, input);
}

enum publication_links inputs_links(const struct publication *publication)
{
    return publication->skip_unreadable ? PUBLICATION_LINKS_MAY_DANGLE : PUBLICATION_LINKS_LEAD;
}

static int files_collect(const struct publication *publication, char *const *patterns,
                         const struct edition *edition, enum publication_links links, GPtrArray *inputs,
                         struct error *err)
{
    if (patterns == NULL)
        return 0;
    GArray *files = publication_files_look(publication, patterns, edition, false, links, err);
    if (files == NULL)
        return -1;
    for (guint i = 0; i < files->len; i++)
        input_add(inputs, publication, &g_array_index(files, struct publication_file, i));
    g_ptr_array_sort(inputs, input_compare);
    g_array_unref(files);
    return 0;
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
                   const struct edition *edition, const struct input_choice *choice, bool with_registries,
                   struct warning_log *log, struct error *err)
{
    inputs_init(inputs);
    int result = choice != NULL
                     ? input_choice_collect(choice, publication, edition, inputs->archives, log, err)
                     : files_collect(publication, publication->captures, edition, inputs_links(publication),
                                     inputs->archives, err);
    if (result != 0)
        goto failed;
    g_ptr_array_sort(inputs->archives, input_compare);
    if (inputs->archives->len == 0) {
        nothing_found(publication, publication->captures, edition, "capture archives", err);
        goto failed;
    }
    if (!with_registries)
        return 0;
    if (files_collect(publication, publication->delegated, edition, PUBLICATION_LINKS_LEAD,
                      inputs->registries, err) != 0)
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
           a->inode == b->inode && a->mtime_ns != -1;
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
        /* It is read more than once: for its digest, for its table's and for its records. */
        if (!input->is_file)
            return error_set(err, ERROR_INPUT, "registry: %s: a pipe or device, expected a file",
                             input->path);
        struct archive_identity identity;
        if (archive_identify(input->path, &identity, err) != 0)
            return error_prefix(err, "registry");
        g_strlcpy(input->digest, identity.digest, sizeof input->digest);
    }
    return 0;
}

static guint size_hash(gconstpointer key)
{
    return g_int64_hash(&((const struct input *)key)->size);
}

static gboolean size_equal(gconstpointer a, gconstpointer b)
{
    return ((const struct input *)a)->size == ((const struct input *)b)->size;
}

/* The bytes' digest; "" stays where the file cannot be read, which counting will say. */
static void digest_read(struct input *input)
{
    struct archive_identity identity;
    struct error ignored;
    if (archive_identify(input->path, &identity, &ignored) == 0)
        g_strlcpy(input->digest, identity.digest, sizeof input->digest);
}

void inputs_recognise(struct inputs *inputs, const struct inputs *const known[], size_t known_count,
                      bool verify, struct warning_log *log)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTable *sizes = g_hash_table_new(size_hash, size_equal);
    for (size_t k = 0; k < known_count; k++) {
        for (guint i = 0; i < known[k]->archives->len; i++) {
            struct input *input = known[k]->archives->pdata[i];
            g_hash_table_insert(names, input->name, input);
            g_hash_table_add(sizes, input);
        }
    }
    for (guint i = 0; i < inputs->archives->len; i++) {
        struct input *input = inputs->archives->pdata[i];
        const struct input *record = g_hash_table_lookup(names, input->name);
        bool looks_same = record != NULL && input_is_same(input, record);
        if (looks_same)
            g_strlcpy(input->digest, record->digest, sizeof input->digest);
        if (input->size == 0 || !(verify || (!looks_same && g_hash_table_contains(sizes, input))))
            continue;
        digest_read(input);
        if (looks_same && strcmp(input->digest, record->digest) != 0)
            warning_add(
                log, "archives changed in secret",
                "aggregate: %s: its bytes changed, but not its size, time or inode; it is counted again",
                input->name);
    }
    g_hash_table_unref(names);
    g_hash_table_unref(sizes);
}

/* Names hold no tab or line feed: input_name escapes them. */
char *input_line(const struct input *input, bool is_registry)
{
    return g_strdup_printf("%s\t%s\t%" PRIu64 "\t%" PRId64 "\t%" PRIu64 "\t%s",
                           is_registry ? "registry" : "archive", input->name, input->size, input->mtime_ns,
                           input->inode, input->digest);
}

static void lines_append(GString *out, const GPtrArray *inputs, bool is_registry)
{
    for (guint i = 0; i < inputs->len; i++) {
        char *line = input_line(inputs->pdata[i], is_registry);
        g_string_append(out, line);
        g_string_append_c(out, '\n');
        g_free(line);
    }
}

char *inputs_text(const struct inputs *inputs)
{
    GString *out = g_string_new(INPUTS_MAGIC "\n");
    g_string_append_printf(out, "configuration\t%s\n", inputs->configuration);
    for (guint i = 0; i < inputs->settings->len; i++)
        g_string_append_printf(out, "setting\t%s\n", (const char *)inputs->settings->pdata[i]);
    lines_append(out, inputs->archives, false);
    lines_append(out, inputs->registries, true);
    return g_string_free(out, FALSE);
}

/* Cuts the line at its tabs; their number plus one, or 0 when there are more fields than that. */
static size_t fields_cut(char *line, char *fields[], size_t most)
{
    size_t count = 0;
    for (char *at = line; at != NULL;) {
        if (count == most)
            return 0;
        fields[count++] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    return count;
}

static bool digest_is_sound(const char *digest)
{
    size_t length = strlen(digest);
    return (length == 0 || length == 32) && strspn(digest, "0123456789abcdef") == length;
}

/* The line is cut into pieces. */
static bool line_take(struct inputs *inputs, char *line)
{
    static const char setting[] = "setting\t";
    enum { FIELDS = 6 };
    char *fields[FIELDS];
    if (g_str_has_prefix(line, setting)) {
        g_ptr_array_add(inputs->settings, g_strdup(line + strlen(setting)));
        return true;
    }
    if (fields_cut(line, fields, FIELDS) != FIELDS)
        return false;
    bool is_archive = strcmp(fields[0], "archive") == 0;
    bool is_negative = fields[3][0] == '-';
    uint64_t size, mtime, inode;
    if ((!is_archive && strcmp(fields[0], "registry") != 0) ||
        !number_parse(fields[2], 0, UINT64_MAX, &size) ||
        !number_parse(fields[3] + (is_negative ? 1 : 0), 0, INT64_MAX, &mtime) ||
        !number_parse(fields[4], 0, UINT64_MAX, &inode) || !digest_is_sound(fields[5]))
        return false;
    struct input *input = g_new0(struct input, 1);
    input->name = g_strdup(fields[1]);
    input->size = size;
    input->mtime_ns = is_negative ? -(int64_t)mtime : (int64_t)mtime;
    input->inode = inode;
    g_strlcpy(input->digest, fields[5], sizeof input->digest);
    g_ptr_array_add(is_archive ? inputs->archives : inputs->registries, input);
    return true;
}

bool inputs_line_add(struct inputs *inputs, const char *line)
{
    char *copy = g_strdup(line);
    bool is_sound = line_take(inputs, copy);
    g_free(copy);
    return is_sound;
}

/* The next line, cut off at its line feed; NULL when there is none. */
static char *line_next(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    if (end == NULL)
        return NULL;
    *end = '\0';
    *at = end + 1;
    return line;
}

bool inputs_read(struct inputs *inputs, const char *path)
{
    static const char configuration[] = "configuration\t";
    char *text = NULL;
    inputs_init(inputs);
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        inputs_release(inputs);
        return false;
    }
    char *at = text, *line = line_next(&at);
    bool is_sound = line != NULL && strcmp(line, INPUTS_MAGIC) == 0 && (line = line_next(&at)) != NULL &&
                    g_str_has_prefix(line, configuration);
    if (is_sound)
        g_strlcpy(inputs->configuration, line + strlen(configuration), sizeof inputs->configuration);
    while (is_sound && (line = line_next(&at)) != NULL)
        is_sound = line_take(inputs, line);
    is_sound = is_sound && *at == '\0';
    g_free(text);
    if (!is_sound)
        inputs_release(inputs);
    return is_sound;
}

/* Whether each looks just as it is recorded. A time that cannot be trusted yet is no news. */
static bool looks_agree(const GPtrArray *now, const GPtrArray *then)
{
    for (guint i = 0; i < now->len; i++) {
        const struct input *input = now->pdata[i];
        if (input->mtime_ns != -1 && (i >= then->len || !input_is_same(input, then->pdata[i])))
            return false;
    }
    return true;
}

bool inputs_look_same(const struct inputs *now, const struct inputs *then)
{
    return looks_agree(now->archives, then->archives) && looks_agree(now->registries, then->registries);
}

/* The digest decides; one that is not known differs. */
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
        if (x->digest[0] == '\0' && y->digest[0] == '\0')
            return g_strdup_printf("%s could not be read", x->name);
        if (strcmp(x->digest, y->digest) != 0)
            return g_strdup_printf("%s changed", x->name);
        i++;
        j++;
    }
    return NULL;
}

/* "measure<TAB>ports<TAB>definition": what changed, in words. */
static char *setting_words(const char *setting, const char *what)
{
    char **fields = g_strsplit(setting, "\t", 3);
    guint count = g_strv_length(fields);
    const char *kind = count > 0 ? fields[0] : "";
    const char *id = count > 1 ? fields[1] : "";
    char *words;
    if (strcmp(kind, "measure") == 0)
        words = g_strdup_printf("measure %s %s", id, what);
    else if (strcmp(kind, "sensor") == 0 || strcmp(kind, "prefix") == 0)
        words = g_strdup_printf("sensor %s %s", id, what);
    else if (strcmp(kind, "registry") == 0)
        words = g_strdup("the registries changed");
    else if (strcmp(kind, "rules") == 0)
        words = g_strdup("this version of teiten counts differently");
    else
        words = g_strdup_printf("the setting %s changed", kind);
    g_strfreev(fields);
    return words;
}

/* The first setting that the others do not have, or NULL. Sensors, which are settings, may be tens of
 * thousands. */
static const char *setting_alone(const GPtrArray *settings, const GPtrArray *others)
{
    GHashTable *have = g_hash_table_new(g_str_hash, g_str_equal);
    const char *alone = NULL;
    for (guint i = 0; i < others->len; i++)
        g_hash_table_add(have, others->pdata[i]);
    for (guint i = 0; i < settings->len && alone == NULL; i++)
        if (!g_hash_table_contains(have, settings->pdata[i]))
            alone = settings->pdata[i];
    g_hash_table_unref(have);
    return alone;
}

/* Whether another setting has the same kind and id. */
static bool settings_know(const GPtrArray *settings, const char *setting)
{
    const char *end = strchr(setting, '\t');
    end = end == NULL ? NULL : strchr(end + 1, '\t');
    size_t length = end == NULL ? strlen(setting) : (size_t)(end - setting) + 1;
    for (guint i = 0; i < settings->len; i++)
        if (strncmp(settings->pdata[i], setting, length) == 0)
            return true;
    return false;
}

static char *settings_difference(const GPtrArray *now, const GPtrArray *then)
{
    const char *setting = setting_alone(now, then);
    if (setting != NULL)
        return setting_words(setting, settings_know(then, setting) ? "changed" : "is new");
    setting = setting_alone(then, now);
    if (setting != NULL)
        return setting_words(setting, settings_know(now, setting) ? "changed" : "is gone");
    return NULL;
}

/* Settings decide about every archive, so they are named first. */
char *inputs_difference(const struct inputs *now, const struct inputs *then)
{
    char *difference = list_difference(now->registries, then->registries);
    if (difference == NULL)
        difference = settings_difference(now->settings, then->settings);
    return difference != NULL ? difference : list_difference(now->archives, then->archives);
}
