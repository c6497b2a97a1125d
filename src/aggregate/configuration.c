#include "aggregate/configuration.h"

#include <string.h>

#include "summary/summary_file.h"

/* To be raised when a rule of counting changes, so that summaries of before are counted again. */
#define COUNTING_RULES "2"

static bool measure_needs_regions(const struct measure *measure)
{
    return measure_by_holds(measure->by, BY_REGION) || measure->filter.source_regions != NULL;
}

bool configuration_needs_regions(const struct publication *publication)
{
    for (size_t i = 0; i < publication->measure_count; i++)
        if (measure_needs_regions(&publication->measures[i]))
            return true;
    return false;
}

static void setting_add(GPtrArray *settings, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void setting_add(GPtrArray *settings, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(settings, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static void sensors_add(GPtrArray *settings, const struct sensor_list *list)
{
    for (size_t i = 0; i < list->sensor_count; i++)
        setting_add(settings, "sensor\t%s\t%s\t%s", list->sensors[i].id, list->sensors[i].region,
                    list->sensors[i].group);
    for (size_t i = 0; i < list->prefix_count; i++) {
        const struct sensor_prefix *prefix = &list->prefixes[i];
        char since[CIVIL_DATE_SIZE], until[CIVIL_DATE_SIZE], address[33];
        for (size_t j = 0; j < (prefix->range.is_ipv6 ? 16U : 4U); j++)
            g_snprintf(address + 2 * j, 3, "%02x", prefix->range.address[j]);
        setting_add(settings, "prefix\t%s\t%d\t%s\t%d\t%s\t%s", list->sensors[prefix->sensor].id,
                    prefix->range.is_ipv6 ? 6 : 4, address, prefix->range.length,
                    civil_date_format(prefix->since, since), civil_date_format(prefix->until, until));
    }
}

static int text_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* SHA-256 of the settings, or of those that decide about every measure. */
static void settings_digest(const GPtrArray *settings, bool basis, char digest[65])
{
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < settings->len; i++) {
        const char *setting = settings->pdata[i];
        if (basis && (g_str_has_prefix(setting, "measure\t") || g_str_has_prefix(setting, "registry\t")))
            continue;
        g_checksum_update(checksum, (const guchar *)setting, -1);
        g_checksum_update(checksum, (const guchar *)"\n", 1);
    }
    g_strlcpy(digest, g_checksum_get_string(checksum), 65);
    g_checksum_free(checksum);
}

/* In order, whatever the order of publication.xml and of the folder. */
void configuration_digest(const struct publication *publication, const struct edition *edition,
                          struct inputs *inputs)
{
    GPtrArray *settings = inputs->settings;
    char first[CIVIL_DATE_SIZE], last[CIVIL_DATE_SIZE];
    g_ptr_array_set_size(settings, 0);
    setting_add(settings, "rules\tsummary " SUMMARY_FILE_VERSION "\trules " COUNTING_RULES);
    setting_add(settings, "calendar\t%s\t%d\t%s\t%s", edition->name, edition->fiscal_start_month,
                civil_date_format(edition->first, first), civil_date_format(edition->last, last));
    setting_add(settings, "time-zone\t%s", publication->time_zone);
    setting_add(settings, "icmp\t%d", publication->icmp_as_one);
    setting_add(settings, "unreadable\t%d", publication->skip_unreadable);
    /* A setting that came later: without it the configuration is what it was. */
    for (int i = 0; i < TUNNEL_KINDS; i++)
        if (publication->opens[i])
            setting_add(settings, "tunnels\t%s", tunnel_kind_name((enum tunnel_kind)i));
    sensors_add(settings, &publication->sensors);
    for (size_t i = 0; i < publication->measure_count; i++) {
        char *definition = measure_definition(&publication->measures[i]);
        setting_add(settings, "measure\t%s\t%s", publication->measures[i].id, definition);
        g_free(definition);
    }
    for (guint i = 0; i < inputs->registries->len; i++) {
        const struct input *input = inputs->registries->pdata[i];
        setting_add(settings, "registry\t%s\t%s", input->digest, input->name);
    }
    g_ptr_array_sort(settings, text_compare);
    settings_digest(settings, false, inputs->configuration);
    settings_digest(settings, true, inputs->basis);
}

char *configuration_measure(const struct measure *measure, const struct inputs *inputs)
{
    char *definition = measure_definition(measure);
    if (!measure_needs_regions(measure))
        return definition;
    GPtrArray *registries = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < inputs->settings->len; i++)
        if (g_str_has_prefix(inputs->settings->pdata[i], "registry\t"))
            g_ptr_array_add(registries, g_strdup(inputs->settings->pdata[i]));
    char digest[65];
    settings_digest(registries, false, digest);
    char *text = g_strdup_printf("%s registries=%s", definition, digest);
    g_ptr_array_unref(registries);
    g_free(definition);
    return text;
}
