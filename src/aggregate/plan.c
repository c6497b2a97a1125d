#include "aggregate/plan.h"

#include <stdlib.h>
#include <string.h>

#include "aggregate/configuration.h"
#include "summary/key.h"

static int measure_compare(const void *a, const void *b)
{
    return strcmp(((const struct plan_measure *)a)->definition->id,
                  ((const struct plan_measure *)b)->definition->id);
}

static int key_text_compare(const void *a, const void *b)
{
    return key_compare(*(char *const *)a, *(char *const *)b);
}

/* Texts of the keys in the order in which facts number them. */
static GPtrArray *key_texts(const struct plan *plan, enum measure_by by)
{
    GPtrArray *texts = g_ptr_array_new();
    switch (by) {
    case BY_NOTHING:
        g_ptr_array_add(texts, g_strdup("all"));
        break;
    case BY_PORT:
        break;
    case BY_REGION:
        for (uint32_t i = 0; i < region_table_count(plan->regions); i++)
            g_ptr_array_add(texts, g_strdup(region_table_code(plan->regions, i)));
        break;
    case BY_SENSOR:
        for (size_t i = 0; i < plan->publication->sensors.sensor_count; i++)
            g_ptr_array_add(texts, g_strdup(plan->publication->sensors.sensors[i].id));
        break;
    case BY_TOOL:
        for (int i = 0; i < TOOL_COUNT; i++)
            g_ptr_array_add(texts, g_strdup(tool_name((enum tool)i)));
        break;
    }
    return texts;
}

static void keys_prepare(const struct plan *plan, struct plan_measure *measure)
{
    GPtrArray *texts = key_texts(plan, measure->definition->by);
    measure->key_count = texts->len;
    measure->keys = g_new0(char *, texts->len + 1);
    measure->key_numbers = g_new0(uint32_t, texts->len + 1);
    for (guint i = 0; i < texts->len; i++)
        measure->keys[i] = texts->pdata[i];
    qsort(measure->keys, texts->len, sizeof *measure->keys, key_text_compare);
    for (guint i = 0; i < texts->len; i++) {
        char **found =
            bsearch(&texts->pdata[i], measure->keys, texts->len, sizeof *measure->keys, key_text_compare);
        measure->key_numbers[i] = (uint32_t)(found - measure->keys);
    }
    g_ptr_array_free(texts, TRUE); /* not its texts */
}

static int measures_prepare(struct plan *plan, struct error *err)
{
    const struct publication *publication = plan->publication;
    plan->measures = g_new0(struct plan_measure, publication->measure_count + 1);
    for (size_t i = 0; i < publication->measure_count; i++) {
        struct plan_measure *measure = &plan->measures[plan->measure_count++];
        measure->definition = &publication->measures[i];
        const struct measure_filter *filter = &measure->definition->filter;
        fact_filter_init(&measure->filter, filter, &publication->sensors, plan->regions);
        keys_prepare(plan, measure);
        if (filter->bpf == NULL)
            continue;
        char *place = g_strdup_printf("%s: line %d: measure %s", publication->file, measure->definition->line,
                                      measure->definition->id);
        measure->bpf = packet_filter_new(filter->bpf, place, err);
        g_free(place);
        if (measure->bpf == NULL)
            return -1;
    }
    qsort(plan->measures, plan->measure_count, sizeof *plan->measures, measure_compare);
    return 0;
}

static int regions_prepare(struct plan *plan, struct warning_log *log, struct error *err)
{
    size_t count = plan->needs_regions ? plan->inputs->registries->len : 0;
    char **paths = g_new0(char *, count + 1);
    for (size_t i = 0; i < count; i++)
        paths[i] = ((const struct input *)plan->inputs->registries->pdata[i])->path;
    plan->regions = region_table_new(paths, count, plan->edition, log, err);
    g_free(paths);
    return plan->regions == NULL ? -1 : 0;
}

struct plan *plan_new(const struct publication *publication, const struct edition *edition,
                      const struct inputs *inputs, struct warning_log *log, struct error *err)
{
    struct plan *plan = g_new0(struct plan, 1);
    plan->publication = publication;
    plan->edition = edition;
    plan->inputs = inputs;
    plan->needs_regions = configuration_needs_regions(publication);
    if (local_days_init(&plan->days, edition, publication->time_zone, err) != 0 ||
        regions_prepare(plan, log, err) != 0 || measures_prepare(plan, err) != 0) {
        plan_free(plan);
        return NULL;
    }
    plan->sensors = sensor_table_new(&publication->sensors, edition);
    return plan;
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    for (size_t i = 0; i < plan->measure_count; i++) {
        struct plan_measure *measure = &plan->measures[i];
        fact_filter_release(&measure->filter);
        packet_filter_free(measure->bpf);
        for (size_t j = 0; j < measure->key_count; j++)
            g_free(measure->keys[j]);
        g_free(measure->keys);
        g_free(measure->key_numbers);
    }
    g_free(plan->measures);
    sensor_table_free(plan->sensors);
    region_table_free(plan->regions);
    g_free(plan);
}

static int registry_compare(gconstpointer a, gconstpointer b)
{
    const struct summary_registry *x = *(const struct summary_registry *const *)a;
    const struct summary_registry *y = *(const struct summary_registry *const *)b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : strcmp(x->file, y->file);
}

static void registries_fill(const struct plan *plan, struct summary *summary)
{
    for (guint i = 0; plan->needs_regions && i < plan->inputs->registries->len; i++) {
        const struct delegated_file *file = region_table_file(plan->regions, i);
        const struct input *input = plan->inputs->registries->pdata[i];
        struct summary_registry *registry = g_new0(struct summary_registry, 1);
        char date[CIVIL_DATE_SIZE];
        /* A version line's bytes are anything: only text goes into the summary. */
        registry->name = g_utf8_make_valid(file->registry, -1);
        registry->file = g_strdup(input->name);
        registry->date = g_strdup(file->has_date ? civil_date_format(file->date, date) : "");
        g_strlcpy(registry->digest, input->digest, sizeof registry->digest);
        g_ptr_array_add(summary->registries, registry);
    }
    g_ptr_array_sort(summary->registries, registry_compare);
    summary->region_overlap_addresses = region_table_overlap_addresses(plan->regions);
}

struct summary *plan_summary(const struct plan *plan)
{
    const struct sensor_list *list = &plan->publication->sensors;
    size_t day_count = (size_t)plan->edition->day_count;
    struct summary *summary = summary_new();
    summary->edition = *plan->edition;
    summary->time_zone = g_strdup(plan->publication->time_zone);
    g_strlcpy(summary->configuration_digest, plan->inputs->configuration,
              sizeof summary->configuration_digest);
    registries_fill(plan, summary);
    summary->sensors = g_new0(struct summary_sensor, list->sensor_count + 1);
    summary->sensor_count = list->sensor_count;
    for (size_t i = 0; i < list->sensor_count; i++) {
        struct summary_sensor *sensor = &summary->sensors[i];
        sensor->id = g_strdup(list->sensors[i].id);
        sensor->region = g_strdup(list->sensors[i].region);
        sensor->group = g_strdup(list->sensors[i].group);
        sensor->label = g_strdup(list->sensors[i].label);
        sensor->packets = g_new0(uint64_t, day_count);
        sensor->active = g_new0(bool, day_count);
        for (size_t day = 0; day < day_count; day++)
            sensor->active[day] = sensor_list_is_active(list, i, edition_day(plan->edition, (int)day));
    }
    summary->measures = g_new0(struct measure_counts, plan->measure_count + 1);
    summary->measure_count = plan->measure_count;
    for (size_t i = 0; i < plan->measure_count; i++) {
        const struct measure *definition = plan->measures[i].definition;
        struct measure_counts *measure = &summary->measures[i];
        measure->id = g_strdup(definition->id);
        measure->definition = measure_definition(definition);
        measure->count = definition->count;
        measure->by = definition->by;
        measure->sensors = g_new0(bool, list->sensor_count + 1);
        memcpy(measure->sensors, plan->measures[i].filter.sensors,
               list->sensor_count * sizeof *measure->sensors);
    }
    return summary;
}
