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

/* In the order of key.h: protocols by number, texts by their bytes. */
static int protocol_text_compare(const void *a, const void *b)
{
    return key_compare(*(char *const *)a, *(char *const *)b);
}

static int text_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Key sets up to this size are counted in arrays. */
enum { DENSE_KEYS_MAX = 4096 };

/* Texts of the keys in the order in which facts number them. */
static GPtrArray *key_texts(const struct plan *plan, enum measure_by by)
{
    GPtrArray *texts = g_ptr_array_new();
    const struct sensor_list *sensors = &plan->publication->sensors;
    char text[KEY_TEXT_SIZE];
    switch (by) {
    case BY_NOTHING:
        g_ptr_array_add(texts, g_strdup("all"));
        break;
    case BY_PORT:
    case BY_SOURCE_24:
    case MEASURE_BYS:
        break;
    case BY_PROTOCOL:
        for (int i = 0; i < 256; i++)
            g_ptr_array_add(texts, g_strdup(key_from_protocol((uint8_t)i, text)));
        break;
    case BY_GROUP:
        for (size_t i = 0; i < sensors->sensor_count; i++)
            g_ptr_array_add(texts, g_strdup(sensors->sensors[i].group));
        break;
    case BY_REGION:
        for (uint32_t i = 0; i < region_table_count(plan->regions); i++)
            g_ptr_array_add(texts, g_strdup(region_table_code(plan->regions, i)));
        break;
    case BY_SENSOR:
        for (size_t i = 0; i < sensors->sensor_count; i++)
            g_ptr_array_add(texts, g_strdup(sensors->sensors[i].id));
        break;
    case BY_TOOL:
        for (int i = 0; i < TOOL_COUNT; i++)
            g_ptr_array_add(texts, g_strdup(tool_name((enum tool)i)));
        break;
    }
    return texts;
}

static unsigned bits_for(size_t count)
{
    unsigned bits = 0;
    while (((size_t)1 << bits) < count)
        bits++;
    return bits;
}

static void dimension_prepare(const struct plan *plan, enum measure_by by, struct plan_dimension *dimension)
{
    GPtrArray *texts = key_texts(plan, by);
    int (*compare)(const void *, const void *) = by == BY_PROTOCOL ? protocol_text_compare : text_compare;
    dimension->by = by;
    dimension->keys = g_new0(char *, texts->len + 1);
    dimension->key_numbers = g_new0(uint32_t, texts->len + 1);
    for (guint i = 0; i < texts->len; i++)
        dimension->keys[i] = texts->pdata[i];
    qsort(dimension->keys, texts->len, sizeof *dimension->keys, compare);
    /* Sensors of one group have one key. The texts dropped are freed below, when their numbers are known. */
    for (guint i = 0; i < texts->len; i++)
        if (dimension->key_count == 0 ||
            strcmp(dimension->keys[dimension->key_count - 1], dimension->keys[i]) != 0)
            dimension->keys[dimension->key_count++] = dimension->keys[i];
    for (guint i = 0; i < texts->len; i++) {
        char **found = bsearch(&texts->pdata[i], dimension->keys, dimension->key_count,
                               sizeof *dimension->keys, compare);
        dimension->key_numbers[i] = (uint32_t)(found - dimension->keys);
    }
    for (guint i = 0; i < texts->len; i++)
        if (dimension->keys[dimension->key_numbers[i]] != texts->pdata[i])
            g_free(texts->pdata[i]);
    g_ptr_array_free(texts, TRUE);
    dimension->bits = by == BY_PORT        ? PLAN_PORT_BITS
                      : by == BY_SOURCE_24 ? PLAN_SOURCE_24_BITS
                                           : bits_for(dimension->key_count);
}

static void dimension_release(struct plan_dimension *dimension)
{
    for (size_t i = 0; i < dimension->key_count; i++)
        g_free(dimension->keys[i]);
    g_free(dimension->keys);
    g_free(dimension->key_numbers);
}

static enum plan_storage storage_choose(const struct plan_measure *measure)
{
    const struct measure *definition = measure->definition;
    if (measure_count_is_distinct(definition->count))
        return STORE_SETS;
    if (definition->by == BY_PORT && definition->per == PER_DAY)
        return STORE_PORTS;
    size_t first = measure->first.key_count;
    size_t second = measure->second.key_count;
    return first > 0 && second > 0 && first <= DENSE_KEYS_MAX && second <= DENSE_KEYS_MAX / first
               ? STORE_DENSE
               : STORE_CELLS;
}

static int bpf_prepare(const struct publication *publication, struct plan_measure *measure, struct error *err)
{
    const struct measure *definition = measure->definition;
    if (definition->filter.bpf == NULL)
        return 0;
    char *place =
        g_strdup_printf("%s: line %d: measure %s", publication->file, definition->line, definition->id);
    measure->bpf = packet_filter_new(definition->filter.bpf, place, err);
    g_free(place);
    return measure->bpf == NULL ? -1 : 0;
}

static bool by_is_within(enum measure_by by, enum measure_by finer)
{
    enum measure_by first = measure_by_first(by);
    enum measure_by second = measure_by_second(by);
    return (first == BY_NOTHING || measure_by_holds(finer, first)) &&
           (second == BY_NOTHING || measure_by_holds(finer, second));
}

/* What is counted, whatever the grouping; of equal text are measures that count the same. NULL of what is not
 * distinct. */
static char *what_is_counted(const struct measure *definition)
{
    struct measure ungrouped = *definition;
    ungrouped.by = BY_NOTHING;
    ungrouped.per = PER_DAY;
    return measure_count_is_distinct(definition->count) ? measure_definition(&ungrouped) : NULL;
}

/* Whether the sets of measure `a` are unions of those of `b`. Of two with the same sets only the later one's.
 */
static bool sets_are_unions(const struct plan *plan, char *const *what, size_t a, size_t b)
{
    const struct measure *coarse = plan->measures[a].definition;
    const struct measure *fine = plan->measures[b].definition;
    if (what[a] == NULL || what[b] == NULL || a == b || strcmp(what[a], what[b]) != 0 ||
        !by_is_within(coarse->by, fine->by) || (coarse->per == PER_HOUR && fine->per == PER_DAY))
        return false;
    return a > b || !by_is_within(fine->by, coarse->by) || fine->per != coarse->per;
}

static void unions_find(struct plan *plan)
{
    char **what = g_new0(char *, plan->measure_count + 1);
    bool *has_finer = g_new0(bool, plan->measure_count + 1);
    for (size_t i = 0; i < plan->measure_count; i++)
        what[i] = what_is_counted(plan->measures[i].definition);
    for (size_t i = 0; i < plan->measure_count; i++)
        for (size_t j = 0; j < plan->measure_count && !has_finer[i]; j++)
            has_finer[i] = sets_are_unions(plan, what, i, j);
    for (size_t i = 0; i < plan->measure_count; i++)
        for (size_t j = 0; j < plan->measure_count && has_finer[i]; j++)
            if (!has_finer[j] && sets_are_unions(plan, what, i, j)) {
                plan->measures[i].united_of = &plan->measures[j];
                break;
            }
    for (size_t i = 0; i < plan->measure_count; i++)
        g_free(what[i]);
    g_free(has_finer);
    g_free(what);
}

static int measures_prepare(struct plan *plan, struct error *err)
{
    const struct publication *publication = plan->publication;
    size_t count = publication->measure_count;
    if (count > MEASURES_MAX)
        return error_set(err, ERROR_INPUT, "%zu measures, expected at most %d", count, MEASURES_MAX);
    plan->measures = g_new0(struct plan_measure, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct plan_measure *measure = &plan->measures[plan->measure_count++];
        measure->definition = &publication->measures[i];
        dimension_prepare(plan, measure_by_first(measure->definition->by), &measure->first);
        dimension_prepare(plan, measure_by_second(measure->definition->by), &measure->second);
        measure->storage = storage_choose(measure);
        plan->needs_hours = plan->needs_hours || measure->definition->per == PER_HOUR;
        if (bpf_prepare(publication, measure, err) != 0)
            return -1;
    }
    qsort(plan->measures, plan->measure_count, sizeof *plan->measures, measure_compare);
    unions_find(plan);
    const struct measure **definitions = g_new0(const struct measure *, count + 1);
    for (size_t i = 0; i < count; i++)
        definitions[i] = plan->measures[i].definition;
    fact_filter_init(&plan->filter, definitions, count, &publication->sensors, plan->regions);
    g_free(definitions);
    return 0;
}

static int regions_prepare(struct plan *plan, struct warning_log *log, struct error *err)
{
    size_t count = plan->needs_regions ? plan->inputs->registries->len : 0;
    char **paths = g_new0(char *, count + 1);
    for (size_t i = 0; i < count; i++)
        paths[i] = ((const struct input *)plan->inputs->registries->pdata[i])->path;
    plan->regions = region_table_new(paths, count, plan->edition, plan->inputs->region_folder, log, err);
    g_free(paths);
    return plan->regions == NULL ? -1 : 0;
}

static unsigned int tunnels_of(const struct publication *publication)
{
    static const unsigned int tunnels[TUNNEL_KINDS] = {
        [TUNNEL_IP] = PACKET_TUNNEL_IP,
        [TUNNEL_GRE] = PACKET_TUNNEL_GRE,
        [TUNNEL_VXLAN] = PACKET_TUNNEL_VXLAN,
        [TUNNEL_GENEVE] = PACKET_TUNNEL_GENEVE,
    };
    unsigned int result = 0;
    for (size_t i = 0; i < TUNNEL_KINDS; i++)
        result |= publication->opens[i] ? tunnels[i] : 0;
    return result;
}

struct plan *plan_new(const struct publication *publication, const struct edition *edition,
                      const struct inputs *inputs, struct warning_log *log, struct error *err)
{
    struct plan *plan = g_new0(struct plan, 1);
    plan->publication = publication;
    plan->edition = edition;
    plan->inputs = inputs;
    plan->tunnels = tunnels_of(publication);
    plan->needs_regions = configuration_needs_regions(publication);
    if (local_days_init(&plan->days, edition, publication->time_zone, err) != 0 ||
        regions_prepare(plan, log, err) != 0 || measures_prepare(plan, err) != 0) {
        plan_free(plan);
        return NULL;
    }
    plan->sensors = sensor_table_new(&publication->sensors, edition);
    region_table_keep(plan->regions, inputs->region_folder);
    return plan;
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    for (size_t i = 0; i < plan->measure_count; i++) {
        packet_filter_free(plan->measures[i].bpf);
        dimension_release(&plan->measures[i].first);
        dimension_release(&plan->measures[i].second);
    }
    fact_filter_release(&plan->filter);
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
        measure->per = definition->per;
        measure->sensors = g_new0(bool, list->sensor_count + 1);
        for (size_t j = 0; j < list->sensor_count; j++)
            measure->sensors[j] = fact_filter_admits_sensor(&plan->filter, i, j);
    }
    return summary;
}
