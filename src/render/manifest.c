#include "render/manifest.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "base/json_file.h"
#include "render/provenance.h"

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void member_add(JsonBuilder *builder, const char *name, const char *value)
{
    json_builder_set_member_name(builder, name);
    if (value != NULL)
        json_builder_add_string_value(builder, value);
    else
        json_builder_add_null_value(builder);
}

static void number_add(JsonBuilder *builder, const char *name, uint64_t value)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, (gint64)value);
}

static void files_add(JsonBuilder *builder, const struct output_set *set)
{
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < set->names->len; i++)
        g_ptr_array_add(names, set->names->pdata[i]);
    g_ptr_array_sort(names, compare_names);
    json_builder_set_member_name(builder, "files");
    json_builder_begin_array(builder);
    for (guint i = 0; i < names->len; i++) {
        GBytes *bytes = output_set_find(set, names->pdata[i]);
        char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
        json_builder_begin_object(builder);
        member_add(builder, "name", names->pdata[i]);
        member_add(builder, "sha256", digest);
        number_add(builder, "size", g_bytes_get_size(bytes));
        json_builder_end_object(builder);
        g_free(digest);
    }
    json_builder_end_array(builder);
    g_ptr_array_unref(names);
}

/* Whether an earlier figure has the same headline: lines and multiples of one table do. */
static bool is_repeated(const struct model *model, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (g_strcmp0(model->figures[i].chart.headline, model->figures[index].chart.headline) == 0)
            return true;
    return false;
}

/* What the figures find, for lists of editions: each once. */
static void headlines_add(JsonBuilder *builder, const struct model *model)
{
    json_builder_set_member_name(builder, "headlines");
    json_builder_begin_array(builder);
    for (size_t i = 0; i < model->figure_count; i++) {
        const char *headline = model->figures[i].chart.headline;
        if (headline != NULL && *headline != '\0' && !is_repeated(model, i))
            json_builder_add_string_value(builder, headline);
    }
    json_builder_end_array(builder);
}

static void made_from_add(JsonBuilder *builder, const GPtrArray *made_from)
{
    json_builder_set_member_name(builder, "made_from");
    json_builder_begin_array(builder);
    for (guint i = 0; i < made_from->len; i++) {
        const struct provenance_file *file = made_from->pdata[i];
        json_builder_begin_object(builder);
        member_add(builder, "name", file->name);
        member_add(builder, "sha256", file->sha256);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

GBytes *manifest_write(const struct model *model, const char *issued, const GPtrArray *made_from,
                       const struct output_set *set)
{
    JsonBuilder *builder = json_builder_new();
    char date[CIVIL_DATE_SIZE];
    json_builder_begin_object(builder);
    number_add(builder, "archives", model->archive_count);
    member_add(builder, "edition", model->edition);
    files_add(builder, set);
    member_add(builder, "format", "teiten-manifest-1");
    member_add(builder, "generator", "teiten " TEITEN_VERSION);
    headlines_add(builder, model);
    member_add(builder, "issued", issued);
    member_add(builder, "language", model->language);
    made_from_add(builder, made_from);
    number_add(builder, "packets_read", model->packets_read);
    json_builder_set_member_name(builder, "period");
    json_builder_begin_object(builder);
    member_add(builder, "first_day", civil_date_format(model->first_day, date));
    member_add(builder, "last_day", civil_date_format(model->last_day, date));
    member_add(builder, "time_zone", model->time_zone);
    json_builder_end_object(builder);
    member_add(builder, "previous_edition", model->has_previous ? model->previous_edition : NULL);
    member_add(builder, "publisher", model->publisher);
    json_builder_set_member_name(builder, "registries");
    json_builder_begin_array(builder);
    for (char **text = model->registries; text != NULL && *text != NULL; text++)
        json_builder_add_string_value(builder, *text);
    json_builder_end_array(builder);
    member_add(builder, "title", model->title);
    member_add(builder, "year_before_edition", model->has_year_before ? model->year_before_edition : NULL);
    json_builder_end_object(builder);

    JsonNode *root = json_builder_get_root(builder);
    JsonGenerator *generator = json_generator_new();
    json_generator_set_root(generator, root);
    json_generator_set_pretty(generator, TRUE);
    json_generator_set_indent(generator, 2);
    gsize size;
    char *text = json_generator_to_data(generator, &size);
    GString *out = g_string_new_len(text, (gssize)size);
    g_string_append_c(out, '\n');
    g_free(text);
    json_node_unref(root);
    g_object_unref(generator);
    g_object_unref(builder);
    return g_string_free_to_bytes(out);
}

GHashTable *manifest_listed(const char *path, const char *list)
{
    GHashTable *listed = NULL;
    JsonParser *parser = json_parser_new();
    JsonNode *root = json_file_parse(parser, path, NULL) ? json_parser_get_root(parser) : NULL;
    JsonReader *reader = json_reader_new(root);
    if (root != NULL && json_reader_read_member(reader, list) && json_reader_is_array(reader)) {
        int count = json_reader_count_elements(reader);
        listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        for (int i = 0; i < count; i++) {
            const char *texts[2] = {NULL, NULL};
            static const char *const members[2] = {"name", "sha256"};
            bool is_element = json_reader_read_element(reader, (guint)i);
            for (int k = 0; is_element && k < 2; k++) {
                if (json_reader_read_member(reader, members[k]))
                    texts[k] = json_reader_get_string_value(reader);
                json_reader_end_member(reader);
            }
            if (texts[0] != NULL)
                g_hash_table_insert(listed, g_strdup(texts[0]), g_strdup(texts[1]));
            json_reader_end_element(reader);
        }
    }
    g_object_unref(reader);
    g_object_unref(parser);
    return listed;
}

/* The names that a folder's manifest lists, and its own; none where there is no such file or it is not ours.
 */
static GHashTable *listed_names(const char *folder)
{
    char *path = g_build_filename(folder, MANIFEST_NAME, NULL);
    GHashTable *names = manifest_listed(path, "files");
    g_free(path);
    if (names == NULL)
        return g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(names, g_strdup(MANIFEST_NAME), NULL);
    return names;
}

/* The first file by name, below `folder`/`below`, that is not listed; NULL: none. */
static char *unlisted_file(const char *folder, const char *below, GHashTable *listed, struct error *err)
{
    char *path = g_build_filename(folder, below, NULL);
    GError *reason = NULL;
    GDir *dir = g_dir_open(path, 0, &reason);
    char *found = NULL;
    if (dir == NULL)
        error_set(err, ERROR_OUTPUT, "%s", reason->message);
    g_clear_error(&reason);
    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL;
         name = g_dir_read_name(dir)) {
        char *relative = *below == '\0' ? g_strdup(name) : g_strdup_printf("%s/%s", below, name);
        char *whole = g_build_filename(path, name, NULL);
        char *lost = NULL;
        if (g_file_test(whole, G_FILE_TEST_IS_DIR) && !g_file_test(whole, G_FILE_TEST_IS_SYMLINK))
            lost = unlisted_file(folder, relative, listed, err);
        else if (!g_hash_table_contains(listed, relative))
            lost = g_strdup(relative);
        if (lost != NULL && (found == NULL || strcmp(lost, found) < 0)) {
            g_free(found);
            found = g_steal_pointer(&lost);
        }
        g_free(lost);
        g_free(whole);
        g_free(relative);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_free(path);
    return found;
}

static const struct {
    const char *name, *pdf;
} subjects[] = {
    [MANIFEST_REPORT] = {"report", "report.pdf"},
    [MANIFEST_REVIEW] = {"review", "review.pdf"},
};

const char *manifest_subject_pdf(enum manifest_subject subject)
{
    return subjects[subject].pdf;
}

/* Whether the folder was published as another subject. */
static int subject_check(const char *folder, GHashTable *listed, enum manifest_subject subject,
                         struct error *err)
{
    for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
        if (i != (size_t)subject && g_hash_table_contains(listed, subjects[i].pdf))
            return error_set(err, ERROR_OUTPUT,
                             "%s: holds a published %s, expected an empty folder, or one with an earlier %s",
                             folder, subjects[i].name, subjects[subject].name);
    return 0;
}

int manifest_guard(const char *folder, enum manifest_subject subject, struct error *err)
{
    if (!g_file_test(folder, G_FILE_TEST_EXISTS))
        return 0;
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        return error_set(err, ERROR_OUTPUT, "%s: is no folder, expected one, or a name that is free", folder);
    struct error unread = {0};
    GHashTable *listed = listed_names(folder);
    char *lost = unlisted_file(folder, "", listed, &unread);
    int result = 0;
    if (unread.kind != ERROR_NONE)
        result = error_set(err, ERROR_OUTPUT, "%s: %s", folder, unread.message);
    else if (lost != NULL)
        result =
            error_set(err, ERROR_OUTPUT,
                      "%s: holds %s, which teiten did not publish and would lose, expected an empty folder, "
                      "or one with nothing but an earlier publication",
                      folder, lost);
    else
        result = subject_check(folder, listed, subject, err);
    g_free(lost);
    g_hash_table_unref(listed);
    return result;
}
