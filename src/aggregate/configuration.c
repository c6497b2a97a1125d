#include "aggregate/configuration.h"

#include <string.h>

#include "summary/summary_file.h"

/* To be raised when a rule of counting changes, so that summaries of before are counted again. */
#define COUNTING_RULES "1"

bool configuration_needs_regions(const struct publication *publication)
{
    for (size_t i = 0; i < publication->measure_count; i++)
        if (publication->measures[i].by == BY_REGION ||
            publication->measures[i].filter.source_regions != NULL)
            return true;
    return false;
}

static void sensors_append(const struct sensor_list *list, GString *out)
{
    for (size_t i = 0; i < list->sensor_count; i++)
        g_string_append_printf(out, "sensor\t%s\t%s\t%s\n", list->sensors[i].id, list->sensors[i].region,
                               list->sensors[i].group);
    for (size_t i = 0; i < list->prefix_count; i++) {
        const struct sensor_prefix *prefix = &list->prefixes[i];
        char since[CIVIL_DATE_SIZE], until[CIVIL_DATE_SIZE];
        g_string_append_printf(out, "prefix\t%s\t%d\t", list->sensors[prefix->sensor].id,
                               prefix->is_ipv6 ? 6 : 4);
        for (size_t j = 0; j < (prefix->is_ipv6 ? 16U : 4U); j++)
            g_string_append_printf(out, "%02x", prefix->address[j]);
        g_string_append_printf(out, "\t%d\t%s\t%s\n", prefix->length, civil_date_format(prefix->since, since),
                               civil_date_format(prefix->until, until));
    }
}

static int text_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void configuration_digest(const struct publication *publication, const struct edition *edition,
                          struct inputs *inputs)
{
    GString *out = g_string_new("summary " SUMMARY_FILE_VERSION "\nrules " COUNTING_RULES "\n");
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE];
    g_string_append_printf(out, "edition\t%s\t%d\t%s\t%s\nzone\t%s\nicmp\t%d\nskip-unreadable\t%d\n",
                           edition->name, edition->fiscal_start_month,
                           civil_date_format(edition->first, first), civil_date_format(edition->last, last),
                           publication->time_zone, publication->icmp_as_one, publication->skip_unreadable);
    sensors_append(&publication->sensors, out);
    /* In order, whatever the order of publication.xml and of the folder. */
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < publication->measure_count; i++) {
        char *definition = measure_definition(&publication->measures[i]);
        g_ptr_array_add(lines, g_strdup_printf("measure\t%s\t%s\n", publication->measures[i].id, definition));
        g_free(definition);
    }
    for (guint i = 0; i < inputs->registries->len; i++)
        g_ptr_array_add(lines, g_strdup_printf("registry\t%s\n",
                                               ((const struct input *)inputs->registries->pdata[i])->digest));
    g_ptr_array_sort(lines, text_compare);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(out, lines->pdata[i]);
    g_ptr_array_unref(lines);
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, out->str, (gssize)out->len);
    g_strlcpy(inputs->configuration, digest, sizeof inputs->configuration);
    g_free(digest);
    g_string_free(out, TRUE);
}
