/* Each step is taken with all facts that a measure lets through before the next one: first the numbers of
 * their keys, then a prefetch of the counters or slots, which lie far from the processor, then the counting.
 */
#include <string.h>

#include "aggregate/tally_parts.h"

/* The number of an IPv6 /48, given when it is first seen. More of them than numbers is more than any memory
 * holds the counts of. */
static uint64_t network_number(struct tally *tally, const uint8_t address[16])
{
    uint64_t network = 0;
    for (int i = 0; i < 6; i++)
        network = network << 8 | address[i];
    uint64_t *index = count_map_slot(&tally->networks, network);
    if (*index == 0) {
        g_array_append_val(tally->network_list, network);
        *index = tally->network_list->len;
    }
    uint64_t number = (UINT64_C(1) << 24) + *index - 1;
    if (number >> PLAN_SOURCE_24_BITS != 0)
        g_error("out of memory: too many IPv6 networks");
    return number;
}

/* A port's number; where ICMP counts as one, its types have none of their own. */
static inline uint64_t port_number(const struct fact_batch *batch, size_t fact, bool icmp_as_one)
{
    uint32_t target = batch->target[fact];
    if (icmp_as_one && target >= FACT_ICMP && target < FACT_NOTHING)
        return port_key_number(PACKET_ICMP, -1);
    return port_key_number(batch->protocol[fact], fact_target_port(target));
}

static inline uint64_t source_number(struct tally *tally, const struct fact_batch *batch, size_t fact)
{
    return batch->is_ipv6[fact] ? network_number(tally, batch->source_ipv6[fact]) : batch->source[fact] >> 8;
}

static uint32_t batch_time(const struct plan_measure *plan, const struct fact_batch *batch)
{
    return time_number(batch->day, plan->definition->per == PER_HOUR ? batch->hour : 0);
}

/* keys[i] is set to the key's number of the i-th fact selected. */
static void dimension_numbers(struct tally *tally, const struct plan_dimension *dimension,
                              const struct fact_batch *batch, const struct tally_selection *selection,
                              uint64_t *keys)
{
    const uint16_t *at = selection->at;
    const uint32_t *numbers = dimension->key_numbers;
    const size_t count = selection->count;
    switch (dimension->by) {
    case BY_NOTHING:
        memset(keys, 0, count * sizeof *keys);
        return;
    case BY_PORT:
        for (size_t i = 0; i < count; i++)
            keys[i] = port_number(batch, at[i], tally->plan->publication->icmp_as_one);
        return;
    case BY_REGION:
        for (size_t i = 0; i < count; i++)
            keys[i] = numbers[batch->region[at[i]]];
        return;
    case BY_SENSOR:
    case BY_GROUP:
        for (size_t i = 0; i < count; i++)
            keys[i] = numbers[batch->sensor[at[i]]];
        return;
    case BY_TOOL:
        for (size_t i = 0; i < count; i++)
            keys[i] = numbers[batch->tool[at[i]]];
        return;
    case BY_PROTOCOL:
        for (size_t i = 0; i < count; i++)
            keys[i] = numbers[batch->protocol[at[i]]];
        return;
    case BY_SOURCE_24:
        for (size_t i = 0; i < count; i++)
            keys[i] = source_number(tally, batch, at[i]);
        return;
    case MEASURE_BYS:
        break;
    }
    g_assert_not_reached();
}

/* The numbers of both keys, joined: first * factor + second. */
static void keys_find(struct tally *tally, const struct plan_measure *plan, const struct fact_batch *batch,
                      const struct tally_selection *selection, uint64_t factor, uint64_t *keys)
{
    dimension_numbers(tally, &plan->first, batch, selection, keys);
    if (plan->second.by == BY_NOTHING && factor == 1)
        return;
    uint64_t second[FACT_BATCH_SIZE];
    dimension_numbers(tally, &plan->second, batch, selection, second);
    for (size_t i = 0; i < selection->count; i++)
        keys[i] = keys[i] * factor + second[i];
}

/* Key, day and hour in one number. */
static void cells_find(struct tally *tally, const struct plan_measure *plan, const struct fact_batch *batch,
                       const struct tally_selection *selection, uint64_t *cells)
{
    uint32_t time = batch_time(plan, batch);
    keys_find(tally, plan, batch, selection, UINT64_C(1) << plan->second.bits, cells);
    for (size_t i = 0; i < selection->count; i++)
        cells[i] = cell_number(cells[i], time);
}

/* What each fact adds. */
static void amounts_find(const struct plan_measure *plan, const struct fact_batch *batch,
                         const struct tally_selection *selection, uint32_t *amounts)
{
    bool is_bytes = plan->definition->count == COUNT_BYTES;
    for (size_t i = 0; i < selection->count; i++)
        amounts[i] = is_bytes ? batch->size[selection->at[i]] : 1;
}

/* ---- STORE_CELLS ---- */

static void cells_add(struct tally *tally, struct tally_measure *measure, const struct fact_batch *batch,
                      const struct tally_selection *selection)
{
    uint64_t cells[FACT_BATCH_SIZE];
    uint32_t amounts[FACT_BATCH_SIZE];
    cells_find(tally, measure->plan, batch, selection, cells);
    amounts_find(measure->plan, batch, selection, amounts);
    for (size_t i = 0; i < selection->count; i++)
        count_map_prefetch(&measure->cells, cells[i]);
    for (size_t i = 0; i < selection->count; i++)
        *count_map_slot(&measure->cells, cells[i]) += amounts[i];
    tally_cells_limit(measure);
}

/* ---- STORE_PORTS ---- */

/* Counts TCP and UDP, which always have a port; all others, in `other`, are left. `are_bytes` is a constant
 * in each caller. */
static inline void row_raise(struct port_counts *ports, const struct fact_batch *batch,
                             const struct tally_selection *selection, struct tally_selection *other,
                             bool are_bytes)
{
    uint16_t *row = ports->rows[batch->day];
    size_t other_count = 0;
    for (size_t i = 0; i < selection->count; i++)
        __builtin_prefetch(&row[batch->target[selection->at[i]] & (PORT_COUNTERS - 1)], 1);
    for (size_t i = 0; i < selection->count; i++) {
        uint16_t at = selection->at[i];
        uint32_t target = batch->target[at];
        if (target < FACT_PORT)
            port_counts_raise(ports, row, batch->day, target, are_bytes ? batch->size[at] : 1);
        else
            other->at[other_count++] = at;
    }
    other->count = other_count;
}

/* The same on a day that has no row yet, and may get one. */
static void few_raise(struct port_counts *ports, const struct fact_batch *batch,
                      const struct tally_selection *selection, struct tally_selection *other, bool are_bytes)
{
    other->count = 0;
    for (size_t i = 0; i < selection->count; i++) {
        uint16_t at = selection->at[i];
        if (batch->target[at] < FACT_PORT)
            port_counts_add(ports, batch->day, batch->target[at], are_bytes ? batch->size[at] : 1);
        else
            other->at[other->count++] = at;
    }
}

static void ports_add(struct tally *tally, struct tally_measure *measure, const struct fact_batch *batch,
                      const struct tally_selection *selection)
{
    bool are_bytes = measure->plan->definition->count == COUNT_BYTES;
    struct tally_selection other;
    if (measure->ports.rows[batch->day] == NULL)
        few_raise(&measure->ports, batch, selection, &other, are_bytes);
    else if (are_bytes)
        row_raise(&measure->ports, batch, selection, &other, true);
    else
        row_raise(&measure->ports, batch, selection, &other, false);
    if (other.count > 0)
        cells_add(tally, measure, batch, &other);
}

/* ---- STORE_DENSE ---- */

static uint64_t sizes_sum(const struct fact_batch *batch, const struct tally_selection *selection)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < selection->count; i++)
        sum += batch->size[selection->at[i]];
    return sum;
}

static void dense_add(struct tally *tally, struct tally_measure *measure, const struct fact_batch *batch,
                      const struct tally_selection *selection)
{
    const struct plan_measure *plan = measure->plan;
    size_t key_count = plan->first.key_count * plan->second.key_count;
    bool are_bytes = plan->definition->count == COUNT_BYTES;
    uint64_t **slot = &measure->dense[dense_index(plan, batch_time(plan, batch))];
    if (*slot == NULL)
        *slot = g_new0(uint64_t, key_count);
    uint64_t *counters = *slot;
    if (key_count == 1) {
        counters[0] += are_bytes ? sizes_sum(batch, selection) : selection->count;
        return;
    }
    uint64_t keys[FACT_BATCH_SIZE];
    keys_find(tally, plan, batch, selection, plan->second.key_count, keys);
    if (are_bytes)
        for (size_t i = 0; i < selection->count; i++)
            counters[keys[i]] += batch->size[selection->at[i]];
    else
        for (size_t i = 0; i < selection->count; i++)
            counters[keys[i]]++;
}

/* ---- STORE_SETS ---- */

/* The set that `index` stands for in a map, made when it is new. */
static struct source_set *set_at(struct tally_measure *measure, uint64_t *index)
{
    if (*index == 0) {
        g_ptr_array_add(measure->sets, source_set_new());
        *index = measure->sets->len;
    }
    return measure->sets->pdata[*index - 1];
}

static struct source_set *set_find(struct tally_measure *measure, uint64_t cell, uint32_t sensor)
{
    uint64_t *index = count_map_slot(&measure->cells, cell);
    if (measure->plan->definition->count == COUNT_SOURCES)
        return set_at(measure, index);
    if (*index == 0)
        *index = measure->cells.count;
    return set_at(measure, count_map_slot(&measure->pairs, *index << 16 | sensor));
}

/* The set of each fact selected, where keys are many. */
static void sets_find(struct tally *tally, struct tally_measure *measure, const struct fact_batch *batch,
                      const struct tally_selection *selection, struct source_set **sets)
{
    uint64_t cells[FACT_BATCH_SIZE];
    cells_find(tally, measure->plan, batch, selection, cells);
    for (size_t i = 0; i < selection->count; i++)
        sets[i] = set_find(measure, cells[i], batch->sensor[selection->at[i]]);
}

/* When time moves on, the sets of the day or hour before are mostly done; when it went back, maybe not. */
static void set_choices_renew(struct tally_measure *measure, uint32_t time)
{
    if (measure->set_choices_time == time + 1)
        return;
    bool is_latest = measure->set_choices_time > measure->settled_time;
    for (size_t i = 0; measure->set_choices_time != 0 && i < measure->set_choice_count; i++)
        if (measure->set_choices[i] != NULL && is_latest)
            source_set_settle(measure->set_choices[i]);
        else if (measure->set_choices[i] != NULL)
            source_set_close(measure->set_choices[i]);
    if (is_latest)
        measure->settled_time = measure->set_choices_time;
    memset(measure->set_choices, 0, measure->set_choice_count * sizeof(struct source_set *));
    measure->set_choices_time = time + 1;
}

/* The same where they are few: a set once found stays the key's until the day or hour is another. */
static void sets_choose(struct tally *tally, struct tally_measure *measure, const struct fact_batch *batch,
                        const struct tally_selection *selection, struct source_set **sets)
{
    const struct plan_measure *plan = measure->plan;
    bool are_pairs = plan->definition->count != COUNT_SOURCES;
    size_t sensor_count = are_pairs ? tally->plan->publication->sensors.sensor_count : 1;
    uint32_t time = batch_time(plan, batch);
    uint64_t keys[FACT_BATCH_SIZE];
    set_choices_renew(measure, time);
    keys_find(tally, plan, batch, selection, plan->second.key_count, keys);
    for (size_t i = 0; i < selection->count; i++) {
        uint32_t sensor = batch->sensor[selection->at[i]];
        struct source_set **choice = &measure->set_choices[keys[i] * sensor_count + (are_pairs ? sensor : 0)];
        if (*choice == NULL) {
            uint64_t first = keys[i] / plan->second.key_count;
            uint64_t key = first << plan->second.bits | keys[i] % plan->second.key_count;
            *choice = set_find(measure, cell_number(key, time), sensor);
            source_set_open(*choice);
        }
        sets[i] = *choice;
    }
}

static void sets_add(struct tally *tally, struct tally_measure *measure, const struct fact_batch *batch,
                     const struct tally_selection *selection)
{
    struct source_set *sets[FACT_BATCH_SIZE];
    if (measure->set_choices != NULL)
        sets_choose(tally, measure, batch, selection, sets);
    else
        sets_find(tally, measure, batch, selection, sets);
    for (size_t i = 0; i < selection->count; i++) {
        size_t at = selection->at[i];
        if (batch->is_ipv6[at])
            source_set_add_ipv6(sets[i], batch->source_ipv6[at]);
        else
            source_set_add_ipv4(sets[i], batch->source[at]);
    }
}

/* ---- BPF expressions ---- */

/* The facts of `admitted` whose packets match. */
static int expression_apply(struct tally_measure *measure, const struct fact_batch *batch,
                            const struct tally_selection *admitted, struct tally_selection *matching,
                            struct error *err)
{
    matching->count = 0;
    for (size_t i = 0; i < admitted->count; i++) {
        const struct packet *packet = fact_packet(batch, admitted->at[i]);
        if (measure->program == NULL || measure->link_type != packet->link_type) {
            measure->program = packet_filter_program(measure->plan->bpf, packet->link_type, err);
            measure->link_type = packet->link_type;
            if (measure->program == NULL)
                return -1;
        }
        matching->at[matching->count] = admitted->at[i];
        matching->count += packet_filter_matches(measure->program, packet) ? 1 : 0;
    }
    return 0;
}

int tally_measure_add(struct tally *tally, struct tally_measure *measure, const struct fact_batch *batch,
                      const struct tally_selection *admitted, struct error *err)
{
    struct tally_selection matching;
    const struct tally_selection *selection = admitted;
    if (measure->plan->bpf != NULL) {
        if (expression_apply(measure, batch, admitted, &matching, err) != 0)
            return -1;
        selection = &matching;
    }
    if (selection->count == 0)
        return 0;
    switch (measure->plan->storage) {
    case STORE_PORTS:
        ports_add(tally, measure, batch, selection);
        return 0;
    case STORE_DENSE:
        dense_add(tally, measure, batch, selection);
        return 0;
    case STORE_CELLS:
        cells_add(tally, measure, batch, selection);
        return 0;
    case STORE_SETS:
        sets_add(tally, measure, batch, selection);
        return 0;
    }
    g_assert_not_reached();
}
