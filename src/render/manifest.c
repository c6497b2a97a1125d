#include "render/manifest.h"

#include <json-glib/json-glib.h>
#include <string.h>

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

GBytes *manifest_write(const struct model *model, const char *issued, const struct output_set *set)
{
    JsonBuilder *builder = json_builder_new();
    char date[CIVIL_DATE_SIZE];
    json_builder_begin_object(builder);
    number_add(builder, "archives", model->archive_count);
    member_add(builder, "edition", model->edition);
    files_add(builder, set);
    member_add(builder, "format", "teiten-manifest-1");
    member_add(builder, "generator", "teiten " TEITEN_VERSION);
    member_add(builder, "issued", issued);
    member_add(builder, "language", model->language);
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
